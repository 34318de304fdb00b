"""The same business sent by form, by API and by file leaves the same row."""

from collections.abc import Callable
from uuid import UUID

import pytest

from service.accounts.schemas import SYSTEM
from service.bulk_import import operations as imports
from service.jobs.runner import run_pending
from service.platform.database import Database
from service.profiles import operations as profiles
from service.profiles.schemas import ContactRead, ProfileFilter
from service.profiles.vocabulary import Kind
from service.settings import Settings
from tests.factories import files
from tests.factories.accounts import make_api_client, make_centre
from tests.web.conftest import Browser, form_token

CONSENT = {"wording_version": "2026-11", "wording_language": "kk", "given_on": "2026-10-01"}
FLAT = {
    Kind.EXPORTER: {
        "source_agency": "test-agency",
        "display_name": "Алтын Ара",
        "legal_name": "«Алтын Ара» ЖШС",
        "country": "KZ",
        "region": "Шығыс Қазақстан",
        "city": "Өскемен",
        "website": "example.org",
        "languages": "kk;ru",
        "size_band": "small",
        "founded_year": "2011",
        "activity_scheme": "OKED",
        "activity_code": "01.49",
        "certifications": "halal;ISO 22000",
        "contact_name": "Экспорт бөлімі",
        "contact_email": "Export@Example.org",
        "contact_phone": "+7 7232 123456",
        "valid_until": "2028-01-31",
        "export_experience_years": "4",
        "export_markets": "DE;CN",
        "kandas_owned": "1",
        "rural": "0",
        "programme": "bereke",
        "offers_text": "Тау балы\n«Алтай»",
        "offers_hs_codes": "0409;0410",
        "offers_partnership_types": "distribution;off-take",
        "offers_target_countries": "DE",
        "offers_capacity": "12.50",
        "offers_capacity_unit": "t",
        "offers_capacity_period": "year",
        "offers_minimum_order": "100",
        "offers_minimum_order_unit": "kg",
        "offers_price_min": "7",
        "offers_price_max": "9.90",
        "offers_price_currency": "usd",
        "offers_price_unit": "kg",
        "offers_incoterm": "fca",
        "offers_incoterm_place": "Өскемен",
        "offers_text_2": "Балауыз",
        "seeks_text": "Дистрибьютор керек",
        "consent_given_on": "2026-10-01",
        "consent_wording": "2026-11",
        "consent_language": "kk",
    },
    Kind.ENTREPRENEUR: {
        "source_agency": "test-agency",
        "display_name": "Steppe Feinkost",
        "country": "DE",
        "residence_country": "AT",
        "centre": "qh-berlin",
        "languages": "de;kk",
        "roles": "buyer;distributor",
        "markets_served": "DE;AT",
        "registration_number": "HRB 1",
        "contact_email": "einkauf@example.org",
        "seeks_text": "Honig",
        "seeks_hs_codes": "0409",
        "offers_partnership_types": "retail",
        "consent_given_on": "2026-10-01",
        "consent_wording": "2026-11",
        "consent_language": "kk",
    },
}
NESTED = {
    Kind.EXPORTER: {
        "source_agency": "test-agency",
        "display_name": "Алтын Ара",
        "legal_name": "«Алтын Ара» ЖШС",
        "country": "KZ",
        "region": "Шығыс Қазақстан",
        "city": "Өскемен",
        "website": "https://example.org",
        "languages": ["kk", "ru"],
        "size_band": "small",
        "founded_year": 2011,
        "activity_scheme": "oked",
        "activity_code": "01.49",
        "certifications": ["halal", "iso_22000"],
        "contact_name": "Экспорт бөлімі",
        "contact_email": "Export@example.org",
        "contact_phone": "+77232123456",
        "valid_until": "2028-01-31",
        "export_experience_years": 4,
        "export_markets": ["CN", "DE"],
        "kandas_owned": True,
        "rural": False,
        "programme": "bereke",
        "offers": [
            {
                "text": "Тау балы\n«Алтай»",
                "hs_codes": ["0409", "0410"],
                "partnership_types": ["distribution", "off_take"],
                "target_countries": ["DE"],
                "capacity": "12.5",
                "capacity_unit": "t",
                "capacity_period": "year",
                "minimum_order": "100",
                "minimum_order_unit": "kg",
                "price_min": "7",
                "price_max": "9.9",
                "price_currency": "USD",
                "price_unit": "kg",
                "incoterm": "FCA",
                "incoterm_place": "Өскемен",
            },
            {"text": "Балауыз"},
        ],
        "seeks": [{"text": "Дистрибьютор керек"}],
        "consents": [{**CONSENT, "purpose": "matching"}, {**CONSENT, "purpose": "kandas_status"}],
    },
    Kind.ENTREPRENEUR: {
        "source_agency": "test-agency",
        "display_name": "Steppe Feinkost",
        "country": "DE",
        "residence_country": "AT",
        "centre": "qh-berlin",
        "languages": ["de", "kk"],
        "roles": ["buyer", "distributor"],
        "markets_served": ["AT", "DE"],
        "registration_number": "HRB 1",
        "contact_email": "einkauf@example.org",
        "seeks": [{"text": "Honig", "hs_codes": ["0409"]}],
        "offers": [{"partnership_types": ["retail"]}],
        "consents": [{**CONSENT, "purpose": "matching"}],
    },
}


@pytest.mark.parametrize("kind", list(Kind))
def test_form_api_and_file_leave_the_same_row(
    browse: Callable[..., Browser], database: Database, settings: Settings, kind: Kind
) -> None:
    make_centre(database)
    browser = browse()
    by_form = browser.post(f"/{kind}s/new", {**FLAT[kind], "external_id": "FORM", "save": "1"})
    assert by_form.status_code == 303, by_form.text[-3000:]
    agency = make_api_client(database)
    by_api = browser.client.post(
        f"/api/v1/{kind}s", json={**NESTED[kind], "external_id": "API"}, headers=agency.headers
    )
    assert by_api.status_code == 201, by_api.text
    token = form_token(browser.get("/imports/new"))
    by_file = browser.client.post(
        "/imports/new",
        data={"kind": kind.value, "form_token": token},
        files={"file": ("one.csv", files.as_csv([{**FLAT[kind], "external_id": "FILE"}]))},
    )
    run_pending(database, settings)
    with database.read() as session:
        run_id = UUID(by_file.headers["location"].rsplit("/", 1)[1])
        assert imports.rejections(session, SYSTEM, run_id, language="en").rejections == []
        rows, contacts = _stored(session, kind)
    assert rows["FORM"] == rows["API"] == rows["FILE"]
    assert contacts["FORM"] == contacts["API"] == contacts["FILE"]


def _stored(session, kind: Kind) -> tuple[dict[str, dict], dict[str, ContactRead]]:
    rows, contacts = {}, {}
    for one in profiles.listed(session, SYSTEM, kind, ProfileFilter()).profiles:
        read = profiles.read(session, SYSTEM, kind, one.id)
        rows[one.external_id] = read.model_dump(exclude={"id", "external_id", "created_at", "updated_at"})
        contacts[one.external_id] = profiles.contact(session, SYSTEM, kind, one.id)
    assert set(rows) == {"FORM", "API", "FILE"}
    return rows, contacts
