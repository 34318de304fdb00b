"""Profiles as callers send them, right in every field unless a test says otherwise."""

from itertools import count
from typing import Any

_numbers = count(1)

CONSENT = {
    "purpose": "matching",
    "wording_version": "2026-11",
    "wording_language": "kk",
    "given_on": "2026-10-01",
}
KANDAS_CONSENT = {**CONSENT, "purpose": "kandas_status"}


def statement(**changes: Any) -> dict[str, Any]:
    """Build an offer or a request."""
    return {
        "text": "Тау балы, 250 және 500 грамм шыны ыдыста",
        "hs_codes": ["0409"],
        "partnership_types": ["distribution"],
        "target_countries": ["DE"],
        **changes,
    }


def exporter(**changes: Any) -> dict[str, Any]:
    """Build an exporter."""
    number = next(_numbers)
    return {
        "external_id": f"EX-{number:05}",
        "source_agency": "test-agency",
        "display_name": f"Алтын Ара {number}",
        "country": "KZ",
        "region": "Шығыс Қазақстан",
        "city": "Өскемен",
        "languages": ["kk", "ru"],
        "contact_name": "Экспорт бөлімі",
        "contact_email": f"export{number}@example.org",
        "offers": [statement()],
        "seeks": [statement(text="Дистрибьютор керек", hs_codes=[])],
        "consents": [CONSENT],
        **changes,
    }


def entrepreneur(**changes: Any) -> dict[str, Any]:
    """Build an entrepreneur."""
    number = next(_numbers)
    return {
        "external_id": f"EN-{number:05}",
        "source_agency": "test-agency",
        "display_name": f"Steppe Feinkost {number}",
        "country": "DE",
        "city": "Berlin",
        "languages": ["de", "kk"],
        "contact_name": "Einkauf",
        "contact_email": f"einkauf{number}@example.org",
        "roles": ["buyer"],
        "markets_served": ["AT", "DE"],
        "offers": [statement(text="Vertrieb an Feinkostläden", hs_codes=[])],
        "seeks": [statement(text="Honig aus dem Altai, тау балы", partnership_types=[])],
        "consents": [CONSENT],
        **changes,
    }
