"""Times that people give by a clock on the wall, and the moments that they mean."""

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from service.platform.i18n import Message, message
from service.platform.problems import FieldError, InvalidInput

YEARS = range(2000, 2200)


class Span(Protocol):
    """Whatever lasts from one moment to another."""

    starts_at: datetime
    ends_at: datetime


def days_of(span: Span, time_zone: str) -> tuple[date, date]:
    """Give the first and the last day of a span by the clocks of a zone; midnight ends a day."""
    zone = ZoneInfo(time_zone)
    last = span.ends_at - timedelta(microseconds=1)
    return span.starts_at.astimezone(zone).date(), last.astimezone(zone).date()


def clocks_change(span: Span, time_zone: str) -> bool:
    """Tell whether the clocks of a zone are put forward or back within a span."""
    zone = ZoneInfo(time_zone)
    return span.starts_at.astimezone(zone).utcoffset() != span.ends_at.astimezone(zone).utcoffset()


def moment_of(value: datetime, time_zone: str, *path: str | int) -> datetime:
    """Give the moment in UTC that a time means; one without an offset is read by the clocks of a zone.

    Raises InvalidInput, at the path, for a time that the clocks skip or show twice on that day, and for one
    that is centuries away.
    """
    if value.year not in YEARS:
        sentence = message("Give a time in the years {first} to {last}.", first=YEARS[0], last=YEARS[-1])
        raise InvalidInput([FieldError(path, "time_out_of_range", sentence)])
    if value.tzinfo is not None:
        return value.astimezone(UTC)
    zone = ZoneInfo(time_zone)
    earlier, later = (value.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if earlier == later:
        return earlier
    skipped = earlier.astimezone(zone).replace(tzinfo=None) != value
    raise InvalidInput([_clock_change(value, time_zone, path, skipped=skipped)])


def _clock_change(
    value: datetime, time_zone: str, path: tuple[str | int, ...], *, skipped: bool
) -> FieldError:
    sentence: Message
    if skipped:
        sentence = message(
            "{time} does not exist in {zone}: the clocks are put forward then. "
            "Choose a time outside that hour.",
            time=value,
            zone=time_zone,
        )
        return FieldError(path, "time_skipped", sentence)
    sentence = message(
        "{time} comes twice in {zone}: the clocks are put back then. Choose a time outside that hour, or "
        "give the offset with it, such as {example}.",
        time=value,
        zone=time_zone,
        example=f"{value.replace(tzinfo=ZoneInfo(time_zone)).isoformat(timespec='minutes')}",
    )
    return FieldError(path, "time_comes_twice", sentence)


def span_of(span: Span, time_zone: str, *path: str | int) -> tuple[datetime, datetime]:
    """Give the moments in UTC from which to which a span lasts.

    Raises InvalidInput, below the path, as for one moment, and for a span that ends before it starts.
    """
    moments: list[datetime] = []
    errors: list[FieldError] = []
    for name in ("starts_at", "ends_at"):
        try:
            moments.append(moment_of(getattr(span, name), time_zone, *path, name))
        except InvalidInput as problem:
            errors += problem.errors
    if errors:
        raise InvalidInput(errors)
    start, end = moments
    if end <= start:
        sentence = message("The end is not after the beginning: swap the two.")
        raise InvalidInput([FieldError((*path, "ends_at"), "ends_early", sentence)])
    return start, end
