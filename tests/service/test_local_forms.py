"""Days, times and numbers as the readers of each language write them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from service.platform import i18n
from service.platform.i18n import message

MARCH_10, MARCH_11, APRIL_2 = date(2027, 3, 10), date(2027, 3, 11), date(2027, 4, 2)


def _plain(text: str) -> str:
    """Put usual spaces for the unbroken ones."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("language", "within", "across"),
    [
        ("kk", "2027 ж. 10–11 наурыз", "2027 ж. 11 наурыз – 2027 ж. 2 сәуір"),
        ("ru", "10–11 марта 2027 г.", "11 марта 2027 г. – 2 апреля 2027 г."),
        ("en", "March 10–11, 2027", "March 11, 2027 – April 2, 2027"),
    ],
)
def test_days_say_what_they_share_once(language: str, within: str, across: str) -> None:
    assert _plain(i18n.days(MARCH_10, MARCH_11, language)) == within
    assert _plain(i18n.days(MARCH_11, APRIL_2, language)) == across
    assert i18n.days(MARCH_10, MARCH_10, language) == i18n.day(MARCH_10, language)


@pytest.mark.parametrize(
    ("language", "number", "score", "share"),
    [
        ("kk", "1 234,5", "0,326", "46%"),
        ("ru", "1 234,5", "0,326", "46 %"),
        ("en", "1,234.5", "0.326", "46%"),
    ],
)
def test_numbers_have_the_mark_of_the_language(language: str, number: str, score: str, share: str) -> None:
    assert _plain(i18n.number(Decimal("1234.50"), language)) == number
    assert i18n.number(0.3261, language, 3) == score
    assert _plain(i18n.percent(0.456, language)) == share


def test_moment_is_written_to_the_minute() -> None:
    at = datetime(2026, 11, 27, 12, 52, 41, tzinfo=UTC)
    assert i18n.moment(at, "en", "Europe/Berlin") == "Nov 27, 2026, 13:52 CET"
    assert _plain(i18n.moment(at, "ru")) == "27 нояб. 2026 г., 12:52 UTC"


def test_sentence_writes_its_days_and_times_in_its_language() -> None:
    at = datetime(2027, 3, 10, 9, 15, tzinfo=ZoneInfo("Europe/Berlin"))
    taken = message("All meeting tables are taken at {time}.", time=at)
    assert str(taken) == "All meeting tables are taken at Mar 10, 09:15."
    assert taken.text("ru") == "10 мар., 09:15: все столы заняты."
    outside = message(
        "This is outside of the forum's days, {first} to {last}.", first=MARCH_10, last=MARCH_11
    )
    assert _plain(outside.text("ru")) == "Это вне дней форума (10 марта 2027 г. – 11 марта 2027 г.)."
