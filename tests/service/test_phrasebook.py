from pathlib import Path

import pytest

from service.platform.phrasebook import (
    Phrasebook,
    in_script,
    is_right_to_left,
    isolated,
    language_of,
    reading_language,
)

LINE = (
    "hello | Hello {name} | Привет, {name} | Сәлем, {name}! | Merhaba {name} | Hallo {name} | Hej {name} "
    "| 您好{name} | Salom {name}"
)


@pytest.fixture
def book(tmp_path: Path) -> Phrasebook:
    file = tmp_path / "book.psv"
    file.write_text(f"# greetings\n\n{LINE}\n", encoding="utf-8")
    return Phrasebook(file)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Hello Жұлдыз"),
        ("zh", "您好Жұлдыз"),
        ("kk", "Сәлем, Жұлдыз!"),
        ("kk-Latn", "Sälem, Жұлдыз!"),
        ("kk-Arab", "سالەم، Жұлдыз!"),
    ],
)
def test_sentence_is_said_in_each_language_and_a_name_stays_as_it_is(book, language, said) -> None:
    assert book.say("hello", language, name="Жұлдыз") == said


@pytest.mark.parametrize(
    "text", ["short | only | three", f"{LINE}\n{LINE}", LINE.replace("Hallo {name}", "")]
)
def test_line_that_is_not_one_sentence_in_each_language_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "book.psv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="not one sentence"):
        Phrasebook(file).say("hello", "en")


@pytest.mark.parametrize(
    ("tags", "language"),
    [
        (["de", "kk"], "kk"),
        (["de", "kk-Arab"], "kk-Arab"),
        (["kk-Cyrl", "ru"], "kk"),
        (["zh-Hans", "en"], "zh"),
        (["en", "ru"], "ru"),
        (["ar", "en"], "en"),
        (["ky", "ar"], "ru"),
        (["ar", "fr"], "en"),
        ([], "en"),
    ],
)
def test_participant_reads_the_first_language_that_we_write_kazakh_before_others(tags, language) -> None:
    assert reading_language(tags) == language


def test_name_in_latin_letters_stays_in_every_script() -> None:
    assert in_script("Qazaq House орталығы", "kk-Arab") == "Qazaq House ورتالىعى"
    assert in_script("Qazaq House орталығы", "kk-Latn") == "Qazaq House ortalyğy"


def test_only_kazakh_in_arabic_letters_runs_from_the_right() -> None:
    assert [tag for tag in ("kk", "kk-Latn", "kk-Arab", "zh") if is_right_to_left(tag)] == ["kk-Arab"]
    assert language_of("fr") is None


def test_words_of_another_script_keep_together_in_a_line_from_the_right() -> None:
    assert isolated("«табак» – «tobacco»", "kk-Arab") == "\u2068«табак» – «tobacco»\u2069"
    assert isolated("tobacco", "kk") == "tobacco"
