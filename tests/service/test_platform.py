from datetime import date
from pathlib import Path
from typing import Literal

import pytest
from argon2 import PasswordHasher
from pydantic import BaseModel, SecretStr, ValidationError
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.orm.exc import StaleDataError

from service.platform import i18n, security
from service.platform.i18n import Message, choose_language, message
from service.platform.problems import (
    FieldError,
    NotFound,
    database_problem,
    field_errors,
    invalid_input,
)
from service.platform.security import Signer, hash_password, password_matches
from service.settings import Environment, Settings
from service.web import catalogues
from service.web.authentication import local_path
from service.web.labels import label_of


def test_production_needs_a_secret_of_some_length(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="SECRET_KEY is not set"):
        Settings(environment=Environment.PRODUCTION, data_dir=tmp_path)
    with pytest.raises(ValidationError, match="at least 32"):
        Settings(secret_key=SecretStr("short"), data_dir=tmp_path)
    sound = Settings(environment=Environment.PRODUCTION, secret_key=SecretStr("k" * 32), data_dir=tmp_path)
    assert sound.cookies_over_https_only
    assert sound.signing_key == "k" * 32


def test_secret_of_development_is_made_once_for_a_data_folder(tmp_path: Path) -> None:
    first, again = Settings(data_dir=tmp_path / "var"), Settings(data_dir=tmp_path / "var")
    assert first.signing_key == again.signing_key
    assert len(first.signing_key) >= 32
    assert (tmp_path / "var" / "secret.key").stat().st_mode & 0o077 == 0
    assert not first.cookies_over_https_only


@pytest.mark.parametrize(
    ("chosen", "accepted", "language"),
    [
        ("kk", "ru", "kk"),
        ("xx", "ru", "ru"),
        (None, "de-DE,de;q=0.9,kk;q=0.8,en;q=0.1", "kk"),
        (None, "en-GB;q=0.3, ru-KZ;q=0.7", "ru"),
        (None, "en-GB ; q=0.3 , ru-KZ; q=0.7", "ru"),
        (None, "fr", "en"),
        (None, None, "en"),
        (None, "*;q=x,,", "en"),
    ],
)
def test_language_is_the_chosen_one_or_the_best_of_the_wishes(
    chosen: str | None, accepted: str | None, language: str
) -> None:
    assert choose_language(chosen, accepted) == language


def test_names_and_days_are_written_as_their_readers_do() -> None:
    assert [i18n.country_name("DE", one) for one in i18n.LANGUAGES] == ["Германия", "Германия", "Germany"]
    assert i18n.country_name("XX", "en") == "XX"
    assert i18n.language_name("kk-Arab", "en") == "Kazakh"
    assert i18n.language_name("qaa", "en") == "qaa"
    assert "наурыз" in i18n.day(date(2027, 3, 10), "kk")


def test_sentence_with_braces_of_a_user_is_not_a_template() -> None:
    assert message("Not {value}", value="{evil} %s").text("en") == "Not {evil} %s"
    assert message("Not {value}", value=message("Saved.")).text("ru") == "Not Сохранено."


def test_pointer_escapes_what_json_pointer_wants() -> None:
    assert FieldError(("a/b", "c~d", 0), "code", Message("x")).pointer == "/a~1b/c~0d/0"


def test_pydantic_mistakes_get_our_sentences() -> None:
    class Model(BaseModel):
        number: int
        other: bytes
        choice: Literal["one", "two", "three"]

    with pytest.raises(ValidationError) as caught:
        Model.model_validate({"number": "x", "other": 5, "choice": "four"})
    found = field_errors(caught.value.errors())
    assert [(one.pointer, one.code) for one in found] == [
        ("/number", "int_parsing"),
        ("/other", "bytes_type"),
        ("/choice", "literal_error"),
    ]
    assert str(found[1].message) == "This value cannot be used."
    # Nothing English stays in it when it is said in another language.
    assert found[2].message.text("ru").endswith(": 'one', 'two', 'three'.")
    assert invalid_input(caught.value).document("en").status == 422


def test_database_errors_are_told_without_their_words() -> None:
    failures = {
        StaleDataError("secret"): 409,
        IntegrityError("secret", {}, Exception("secret")): 409,
        ProgrammingError("secret", {}, Exception("secret")): 500,
    }
    for failure, status in failures.items():
        document = database_problem(failure).document("en")
        assert document.status == status
        assert "secret" not in document.model_dump_json()


def test_problem_document_has_what_the_standard_names() -> None:
    document = NotFound(message("There is no such profile.")).document("kk").model_dump()
    assert document == {
        "type": "urn:qazaq-house:problem:not-found",
        "title": "Табылмады",
        "status": 404,
        "detail": "Мұндай профиль жоқ.",
        "errors": [],
    }


def test_password_is_hashed_with_argon2id_and_checked(
    production_hasher: PasswordHasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(security, "_hasher", production_hasher)
    kept = hash_password("a long password")
    # RFC 9106, for machines that cannot give 2 GiB to each sign-in; an unknown account costs as much.
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert security._DECOY_HASH.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert password_matches("a long password", kept)
    assert not password_matches("another password", kept)
    assert not password_matches("a long password", None)
    assert not password_matches("a long password", "not a hash")


def test_signature_is_for_one_purpose_and_one_time(tmp_path: Path) -> None:
    signer = Signer(Settings(data_dir=tmp_path))
    signed = signer.sign("value", purpose="one")
    assert signer.unsign(signed, purpose="one", max_age_seconds=60) == "value"
    assert signer.unsign(signed, purpose="other", max_age_seconds=60) is None
    assert signer.unsign(signed, purpose="one", max_age_seconds=-1) is None
    assert signer.unsign(signed + "x", purpose="one", max_age_seconds=60) is None
    assert signer.form_token_matches(signer.form_token("a"), "a")
    assert not signer.form_token_matches(signer.form_token("a"), "b")
    assert not signer.form_token_matches("ü\ud800", "a")


@pytest.mark.parametrize("away", [None, "", "x", "//evil", "/\\evil", "https://evil/x", "javascript:x"])
def test_only_local_paths_are_gone_on_to(away: str | None) -> None:
    assert local_path(away) == "/"
    assert local_path("/forums?x=1") == "/forums?x=1"


def test_catalogues_are_complete_and_a_gap_is_found(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert list(catalogues.faults()) == []
    assert catalogues.main("check") == 0
    source = catalogues.sentences()
    source.add("A sentence that nobody translated")
    monkeypatch.setattr(catalogues, "sentences", lambda: source)
    assert len(list(catalogues.faults())) == 2
    assert catalogues.main("check") == 1
    assert "A sentence that nobody translated" in capsys.readouterr().out


def test_catalogue_with_faults_is_told_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = catalogues.read("kk")
    broken["Saved."].string = ""
    broken["Removed."].flags.add("fuzzy")
    broken["There is no forum with the code {code}."].string = "{kode}"
    broken.add("Nobody says this", "x")
    real = catalogues.read
    monkeypatch.setattr(catalogues, "read", lambda one: broken if one == "kk" else real(one))
    kinds = {fault.split(":")[1].strip() for fault in catalogues.faults()}
    assert kinds == {"not translated", "unsure", "other placeholders than its source", "not said any more"}


def test_catalogues_are_brought_up_to_date_without_a_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = {one: catalogues.path_of(one).read_bytes() for one in ("kk", "ru")}
    real = catalogues.path_of
    for one, content in kept.items():
        (tmp_path / f"{one}.po").write_bytes(content)
    monkeypatch.setattr(catalogues, "path_of", lambda one: tmp_path / f"{one}.po")
    assert catalogues.main("update") == 0
    assert {one: (tmp_path / f"{one}.po").read_bytes() for one in kept} == kept
    assert "0 without translation" in capsys.readouterr().out
    assert real("kk").exists()


def test_fields_are_named_in_the_readers_language() -> None:
    assert label_of("bin", "ru") == "БИН"
    assert label_of("offers_hs_codes", "kk") == "1-ұсыныс, СЭҚ ТН кодтары"
    assert label_of("seeks_text_2", "en") == "Request 2, In your own words"
    assert label_of("offers_text_language", "en") == "Offer 1"
    assert label_of("nothing", "en") == ""
