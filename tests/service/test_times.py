from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.forums.times import clocks_change, days_of, moment_of, span_of
from service.platform.problems import InvalidInput


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def wall(time: str) -> datetime:
    """A time on a clock on the wall, without an offset."""
    return datetime.fromisoformat(time)


def span(start: datetime, end: datetime) -> SimpleNamespace:
    return SimpleNamespace(starts_at=start, ends_at=end)


@pytest.mark.parametrize(
    ("value", "zone", "expected"),
    [
        (wall("2027-03-10T09:00"), "Europe/Berlin", utc(2027, 3, 10, 8)),
        (wall("2027-03-10T09:00"), "Asia/Almaty", utc(2027, 3, 10, 4)),
        (wall("2027-03-28T03:00"), "Europe/Berlin", utc(2027, 3, 28, 1)),
        (wall("2027-10-31T03:00"), "Europe/Berlin", utc(2027, 10, 31, 2)),
        (datetime.fromisoformat("2027-10-31T02:30+01:00"), "Europe/Berlin", utc(2027, 10, 31, 1, 30)),
        (datetime.fromisoformat("2027-03-10T09:00+05:00"), "Europe/Berlin", utc(2027, 3, 10, 4)),
    ],
)
def test_moment_is_read_by_the_clocks_of_the_zone(value: datetime, zone: str, expected: datetime) -> None:
    assert moment_of(value, zone) == expected


@pytest.mark.parametrize(
    ("value", "code", "word"),
    [
        (wall("2027-03-28T02:30"), "time_skipped", "does not exist"),
        (wall("2027-10-31T02:30"), "time_comes_twice", "2027-10-31T02:30+02:00"),
        (wall("0001-01-01T00:00"), "time_out_of_range", "2000 to 2199"),
        (utc(9999, 12, 31, 23, 59), "time_out_of_range", "2000 to 2199"),
    ],
)
def test_moment_that_no_clock_shows_once_is_refused(value: datetime, code: str, word: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        moment_of(value, "Europe/Berlin", "starts_at")
    (error,) = caught.value.errors
    assert (error.pointer, error.code) == ("/starts_at", code)
    assert word in error.message.text("en")


@given(
    st.datetimes(wall("2026-01-01T00:00"), wall("2028-01-01T00:00")),
    st.sampled_from(["Europe/Berlin", "Asia/Almaty"]),
)
def test_moment_shows_the_time_that_was_given_or_is_refused(value: datetime, zone: str) -> None:
    shown = [
        moment
        for minutes in range(-14 * 60, 15 * 60, 60)
        if (moment := value.replace(tzinfo=UTC) + timedelta(minutes=minutes))
        .astimezone(ZoneInfo(zone))
        .replace(tzinfo=None)
        == value
    ]
    if len(shown) == 1:
        assert moment_of(value, zone) == shown[0]
    else:
        with pytest.raises(InvalidInput):
            moment_of(value, zone)


def test_span_tells_of_both_its_ends() -> None:
    wrong = span(wall("2027-03-28T02:15"), wall("2027-03-28T02:45"))
    with pytest.raises(InvalidInput) as caught:
        span_of(wrong, "Europe/Berlin", "available", 3)
    assert [error.pointer for error in caught.value.errors] == [
        "/available/3/starts_at",
        "/available/3/ends_at",
    ]


def test_span_that_ends_before_it_starts_is_refused_and_any_other_is_given_in_utc() -> None:
    nine, ten = wall("2027-03-10T09:00"), wall("2027-03-10T10:00")
    assert span_of(span(nine, ten), "Europe/Berlin") == (utc(2027, 3, 10, 8), utc(2027, 3, 10, 9))
    for end in (nine, wall("2027-03-10T08:00")):
        with pytest.raises(InvalidInput) as caught:
            span_of(span(nine, end), "Europe/Berlin")
        assert [(error.pointer, error.code) for error in caught.value.errors] == [("/ends_at", "ends_early")]


def test_day_ends_at_midnight() -> None:
    night = span(utc(2027, 3, 10, 22), utc(2027, 3, 10, 23))
    assert days_of(night, "Europe/Berlin") == (date(2027, 3, 10), date(2027, 3, 10))
    assert days_of(night, "Asia/Almaty") == (date(2027, 3, 11), date(2027, 3, 11))


def test_change_of_the_clocks_within_a_span_is_seen() -> None:
    assert clocks_change(span(utc(2027, 3, 28, 0), utc(2027, 3, 28, 2)), "Europe/Berlin")
    assert not clocks_change(span(utc(2027, 3, 28, 1), utc(2027, 3, 28, 9)), "Europe/Berlin")
    assert not clocks_change(span(utc(2027, 3, 28, 0), utc(2027, 3, 28, 2)), "Asia/Almaty")
