"""Numbers, days and lists as people of many countries write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from service.platform.values import LanguageTag
from service.profiles import flat, typed
from service.profiles.vocabulary import Kind

_language = TypeAdapter(LanguageTag)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("12,5", "12.5"),
        (" 12.5 ", "12.5"),
        ("1 000,50", "1000.50"),
        ("1\u202f000\u00a0000,25", "1000000.25"),
        ("1'000", "1000"),
        ("1,000", "1,000"),
        ("1.000,5", "1.000,5"),
        ("12 5", "12 5"),
        ("12,", "12,"),
        ("көп", "көп"),
    ],
)
def test_number_is_read_with_its_comma_and_spaces(written: str, read: str) -> None:
    assert typed.number(written) == read


@given(st.decimals(0, 10**9, places=2))
def test_number_with_a_comma_is_the_one_with_a_point(value: Decimal) -> None:
    for spaced in (f"{value:.2f}", f"{value:,.2f}".replace(",", " "), f"{value:,.2f}".replace(",", "\u00a0")):
        assert Decimal(typed.number(spaced.replace(".", ","))) == value


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1.3.2027", "2027-03-01"),
        (" 31.12.2027", "2027-12-31"),
        ("2027-03-01", "2027-03-01"),
        ("3.27", "3.27"),
    ],
)
def test_day_with_points_is_read(written: str, read: str) -> None:
    assert typed.day(written) == read


def test_lists_are_parted_by_any_separator() -> None:
    assert typed.codes("0409, 0410; 1521，06\n07؛ ;") == ["0409", "0410", "1521", "06", "07"]
    assert typed.countries("Германия, Қазақстан; Korea, Republic of\nTR，中") == [
        "Германия",
        "Қазақстан",
        "Korea, Republic of",
        "TR",
        "中",
    ]


@pytest.mark.parametrize(
    ("written", "tag"),
    [("немецкий", "de"), ("Орыс тілі", "ru"), ("Chinese", "zh"), ("kk_Arab", "kk-Arab"), ("tr", "tr")],
)
def test_language_is_known_by_its_name(written: str, tag: str) -> None:
    assert _language.validate_python(written) == tag


def test_language_that_there_is_not_is_told() -> None:
    with pytest.raises(ValidationError, match="Клингон is not a language"):
        _language.validate_python("Клингон")


def test_row_is_read_as_it_is_written() -> None:
    row = {
        "languages": "қазақ тілі, ru",
        "valid_until": "31.12.2027",
        "export_markets": "Германия, CN",
        "offers_text": "Мёд, воск; прополис",
        "offers_hs_codes": "0409, 1521",
        "offers_capacity": "12,5",
        "consent_given_on": "1.11.2026",
        "consent_language": "ru",
    }
    nested = flat.nested(Kind.EXPORTER, row)
    assert nested["languages"] == ["қазақ тілі", "ru"]
    assert nested["valid_until"] == "2027-12-31"
    assert nested["export_markets"] == ["Германия", "CN"]
    assert nested["offers"] == [
        {"text": "Мёд, воск; прополис", "hs_codes": ["0409", "1521"], "capacity": "12.5"}
    ]
    assert nested["consents"][0]["given_on"] == "2026-11-01"
