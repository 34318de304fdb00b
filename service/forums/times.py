"""Times that people give by a clock on the wall, and the moments that they mean."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from service.platform.i18n import Message, message
from service.platform.problems import FieldError, InvalidInput


def moment_of(value: datetime, time_zone: str, *path: str | int) -> datetime:
    """Give the moment in UTC that a time means; one without an offset is read by the clocks of a zone.

    Raises InvalidInput, at the path, for a time that the clocks skip or show twice on that day.
    """
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
    shown = f"{value:%Y-%m-%d %H:%M}"
    sentence: Message
    if skipped:
        sentence = message(
            "{time} does not exist in {zone}: the clocks are put forward then. "
            "Choose a time outside that hour.",
            time=shown,
            zone=time_zone,
        )
        return FieldError(path, "time_skipped", sentence)
    sentence = message(
        "{time} comes twice in {zone}: the clocks are put back then. Choose a time outside that hour, or "
        "give the offset with it, such as {example}.",
        time=shown,
        zone=time_zone,
        example=f"{value.replace(tzinfo=ZoneInfo(time_zone)).isoformat(timespec='minutes')}",
    )
    return FieldError(path, "time_comes_twice", sentence)
