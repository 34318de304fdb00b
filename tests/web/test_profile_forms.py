import re
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlmodel import select

from service.accounts.schemas import SYSTEM
from service.platform.database import Database
from service.profiles import flat
from service.profiles import operations as profiles
from service.profiles.models import Exporter
from service.profiles.schemas import ContactRead
from service.profiles.vocabulary import Kind
from tests.factories.accounts import make_centre
from tests.factories.forums import make_approved
from tests.factories.profiles import CONSENT, KANDAS_CONSENT
from tests.web.conftest import Browser

Browse = Callable[..., Browser]

FORM = {
    "external_id": "W-1",
    "source_agency": "test-agency",
    "display_name": "Алтай балы",
    "country": "KZ",
    "city": "Риддер",
    "languages": ["kk", "ru"],
    "certifications": ["halal", "ISO 22716"],
    "export_markets": "Германия; CN",
    "rural": "1",
    "offers_text": "Тау балы",
    "offers_hs_codes": "0409",
    "offers_partnership_types": ["distribution", "retail"],
    "offers_capacity": "12.50",
    "offers_capacity_unit": "t",
    "offers_capacity_period": "year",
    "seeks_text": "Дистрибьютор",
    "contact_email": "bal@example.org",
    "consent_given_on": "2026-11-01",
    "consent_wording": "2026-11",
    "consent_language": "kk",
    "save": "1",
}


def _exporters(database: Database) -> list[Exporter]:
    with database.read() as session:
        found = list(session.exec(select(Exporter)))
        session.expunge_all()
        return found


def test_form_saves_a_profile_with_several_choices(browse: Browse, database: Database) -> None:
    browser = browse()
    answer = browser.post("/exporters/new", FORM)
    assert answer.status_code == 303, answer.text[-3000:]
    (row,) = _exporters(database)
    assert answer.headers["location"] == f"/exporters/{row.id}?notice=saved"
    assert (row.languages, row.certifications, row.export_markets) == (
        ["kk", "ru"],
        ["halal", "iso_22716"],
        ["CN", "DE"],
    )
    with database.read() as session:
        read = profiles.read(session, SYSTEM, Kind.EXPORTER, row.id)
    (offer,) = read.offers
    assert (offer.text, offer.hs_codes, offer.partnership_types, str(offer.capacity)) == (
        "Тау балы",
        ["0409"],
        ["distribution", "retail"],
        "12.5",
    )


def test_form_with_mistakes_keeps_what_was_typed_and_links_to_the_fields(
    browse: Browse, database: Database
) -> None:
    wrong = {**FORM, "bin": "1", "offers_hs_codes": "409", "display_name": "", "city": "Семей"}
    answer = browse().post("/exporters/new", wrong)
    assert answer.status_code == 422
    for field in ("display_name", "bin", "offers_hs_codes"):
        assert f'href="#{field}"' in answer.text
        assert f'id="{field}-mistake"' in answer.text
        assert f'id="{field}"' in answer.text
    assert 'value="Семей"' in answer.text
    assert 'value="409"' in answer.text
    assert "<title>Error:" in answer.text
    assert _exporters(database) == []


def test_another_offer_is_added_without_losing_what_was_typed(browse: Browse, database: Database) -> None:
    fields = {name: value for name, value in FORM.items() if name != "save"}
    answer = browse().post("/exporters/new", {**fields, "add": "offers"})
    assert answer.status_code == 200
    assert 'id="offers_text_2" name="offers_text_2"' in answer.text
    assert 'name="add" value="offers" formaction="#offers_text_3"' in answer.text
    assert "Тау балы" in answer.text
    assert _exporters(database) == []


def test_second_offer_is_saved_with_its_own_mistakes(browse: Browse, database: Database) -> None:
    browser = browse()
    second = {**FORM, "offers_text_2": "Балауыз", "offers_hs_codes_2": "1521"}
    wrong = browser.post("/exporters/new", {**second, "offers_hs_codes_2": "9999x"})
    assert 'id="offers_hs_codes_2-mistake"' in wrong.text
    assert browser.post("/exporters/new", second).status_code == 303
    (row,) = _exporters(database)
    with database.read() as session:
        offers = profiles.read(session, SYSTEM, Kind.EXPORTER, row.id).offers
    assert [offer.text for offer in offers] == ["Тау балы", "Балауыз"]


def test_edit_form_shows_what_is_stored_and_saving_it_changes_nothing(
    browse: Browse, database: Database
) -> None:
    profile = make_approved(database, Kind.EXPORTER)
    browser = browse()
    page = browser.get(f"/exporters/{profile}/edit")
    with database.read() as session:
        stored = profiles.read(session, SYSTEM, Kind.EXPORTER, profile)
        contact: ContactRead = profiles.contact(session, SYSTEM, Kind.EXPORTER, profile)
    fields = {**flat.flat(Kind.EXPORTER, stored, contact), "revision": "1", "save": "1"}
    assert f'value="{stored.display_name}"' in page.text
    answer = browser.post(f"/exporters/{profile}/edit", fields)
    assert answer.headers["location"].endswith("notice=unchanged")


def test_second_editor_is_told_compares_and_saves_again(browse: Browse, database: Database) -> None:
    profile = make_approved(database, Kind.EXPORTER)
    browser = browse()
    path = f"/exporters/{profile}/edit"
    fields = {**FORM, "revision": "1"}
    first = browser.post(path, {**fields, "city": "Риддер"})
    theirs = {**fields, "city": "Курчатов", "offers_text_2": "Балауыз", "languages": ["kk"]}
    second = browser.post(path, theirs)
    assert (first.status_code, second.status_code) == (303, 422)
    assert "Somebody else saved this profile" in second.text
    told = re.search(r'<div class="warning" id="differences">.*?</div>', second.text, re.DOTALL)
    assert told is not None
    differences = dict(re.findall(r'<a href="#(\w+)">.*?<span dir="auto">(.*?)</span>', told[0]))
    assert differences == {
        "city": "Риддер",
        "languages": "kk;ru",
        "offers_text_2": "–",
        # As they are written here, not as the form itself would have sent them.
        "certifications": "halal;iso_22716",
        "export_markets": "China; Germany",
        "offers_capacity": "12.5",
    }
    assert 'value="Курчатов"' in second.text
    assert _exporters(database)[0].city == "Риддер"
    again = browser.post(path, {**theirs, "revision": "2"})
    assert 'name="revision" value="2"' in second.text
    assert again.status_code == 303
    assert _exporters(database)[0].city == "Курчатов"


@pytest.mark.parametrize(
    ("text", "shown", "missing"),
    [
        ("Тау балы", "Understood as: honey", "no word that can be compared"),
        ("№ 12 – 🐝", "This text has no word that can be compared", "Understood as"),
        ("Zzqx", "Zzqx", "Understood as"),
    ],
)
def test_page_tells_what_is_read_in_a_text(
    browse: Browse, database: Database, text: str, shown: str, missing: str
) -> None:
    browser = browse()
    answer = browser.post("/exporters/new", FORM | {"offers_text": text})
    page = browser.get(f"{answer.headers['location']}&language=en").text
    assert shown in page
    assert missing not in page.partition("<h2>What is sought")[0]


def test_rejection_needs_a_reason_and_is_shown(browse: Browse, database: Database) -> None:
    browser = browse()
    browser.post("/exporters/new", FORM)
    (row,) = _exporters(database)
    page = f"/exporters/{row.id}"
    without = browser.post(f"{page}/review", {"review_status": "rejected", "reason": ""}, page=page)
    assert without.status_code == 422
    assert 'href="#reason"' in without.text
    browser.post(f"{page}/review", {"review_status": "rejected", "reason": "Суретін қосыңыз"}, page=page)
    assert "Суретін қосыңыз" in browser.get(page).text
    browser.post(f"{page}/review", {"review_status": "approved"}, page=page)
    assert _exporters(database)[0].review_status == "approved"


def test_ticked_profiles_are_approved_together_in_the_list_as_it_was_asked_for(
    browse: Browse, database: Database
) -> None:
    browser = browse()
    browser.post("/exporters/new", FORM)
    browser.post("/exporters/new", {**FORM, "external_id": "W-2"})
    ids = [str(row.id) for row in _exporters(database)]
    asked = "?review_status=submitted&text=%D0%B1%D0%B0%D0%BB%D1%8B&page=1"
    assert (
        f'action="/exporters/approve{asked.replace("&", "&amp;")}"' in browser.get(f"/exporters{asked}").text
    )
    none = browser.post(f"/exporters/approve{asked}", {}, page=f"/exporters{asked}")
    assert none.headers["location"] == f"/exporters{asked}&notice=none-chosen"
    done = browser.post(f"/exporters/approve{asked}&notice=saved", {"ids": ids}, page=f"/exporters{asked}")
    assert done.headers["location"] == f"/exporters{asked}&notice=approved"
    assert {row.review_status for row in _exporters(database)} == {"approved"}


def test_archive_bar_and_withdrawal_stop_matching(browse: Browse, database: Database) -> None:
    browser = browse()
    for step, fields in (
        ("bar", {"note": "sanctions list"}),
        ("withdraw/matching", {}),
        ("archive", {"revision": ""}),
    ):
        profile: UUID = make_approved(database, Kind.EXPORTER)
        page = f"/exporters/{profile}"
        assert "Not matched now" not in browser.get(page).text
        assert browser.post(f"{page}/{step}", fields, page=page).status_code == 303
        assert "Not matched now" in browser.get(page).text


def test_consent_to_the_status_of_the_owner_is_withdrawn_alone(browse: Browse, database: Database) -> None:
    consents = [CONSENT, KANDAS_CONSENT]
    profile = make_approved(database, Kind.EXPORTER, kandas_owned=True, consents=consents)
    browser = browse()
    page = f"/exporters/{profile}"
    answer = browser.post(f"{page}/withdraw/kandas_status", {}, page=page)
    assert "what was recorded by it is erased" in browser.get(answer.headers["location"]).text
    assert _exporters(database)[0].kandas_owned is None
    shown = browser.get(page).text
    assert f'action="{page}/withdraw/matching"' in shown
    assert f'action="{page}/withdraw/kandas_status"' not in shown
    assert "Not matched now" not in shown


@pytest.mark.parametrize(
    ("step", "fields"),
    [
        ("bar", {"note": "x" * 1001}),
        ("bar", {"note": "a\x00b"}),
        ("review", {"review_status": "everything"}),
    ],
)
def test_decision_that_cannot_be_noted_changes_nothing(
    browse: Browse, database: Database, step: str, fields: dict[str, str]
) -> None:
    browser = browse()
    page = f"/exporters/{make_approved(database, Kind.EXPORTER)}"
    answer = browser.post(f"{page}/{step}", fields, page=page)
    assert answer.status_code == 422
    assert "Not matched now" not in browser.get(page).text


def test_coordinator_keeps_the_entrepreneurs_of_the_own_centre_only(
    browse: Browse, database: Database
) -> None:
    make_centre(database, "qh-berlin")
    make_centre(database, "qh-london")
    own = make_approved(database, Kind.ENTREPRENEUR, centre="qh-berlin")
    foreign = make_approved(database, Kind.ENTREPRENEUR, centre="qh-london")
    browser = browse("coordinator", "qh-berlin")
    assert browser.get(f"/entrepreneurs/{own}/edit").status_code == 200
    assert browser.get(f"/entrepreneurs/{foreign}").status_code == 200
    assert browser.get(f"/entrepreneurs/{foreign}/edit").status_code == 403
    shown = browser.get(f"/entrepreneurs/{own}").text
    assert "einkauf" in shown
    assert '<dd dir="auto">Berlin centre</dd>' in shown
    assert "einkauf" not in browser.get(f"/entrepreneurs/{foreign}").text
    page = f"/entrepreneurs/{own}"
    refused = browser.post(f"/entrepreneurs/{foreign}/archive", {}, page=page)
    assert refused.status_code == 403


def test_coordinator_registers_for_the_own_centre(browse: Browse, database: Database) -> None:
    make_centre(database, "qh-berlin")
    browser = browse("coordinator", "qh-berlin")
    assert browser.get("/exporters/new").status_code == 403
    fields = {
        "external_id": "W-9",
        "display_name": "Steppe",
        "country": "DE",
        "seeks_text": "Honig",
        "save": "1",
    }
    answer = browser.post("/entrepreneurs/new", fields)
    assert answer.status_code == 303, answer.text[-2000:]
    page = browser.get(answer.headers["location"].split("?")[0])
    assert "qh-berlin" in page.text


@pytest.mark.parametrize("path", ["/accounts", "/api-clients", "/centres", "/forums/new"])
def test_pages_of_administrators_are_closed_to_coordinators(
    browse: Browse, database: Database, path: str
) -> None:
    make_centre(database, "qh-berlin")
    assert browse("coordinator", "qh-berlin").get(path).status_code == 403
