"""The service's only clock, so that tests can hold it still."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

_frozen: list[datetime] = []


def now() -> datetime:
    """Give the present moment in UTC."""
    return _frozen[-1] if _frozen else datetime.now(UTC)


def today() -> date:
    """Give the present day in UTC."""
    return now().date()


@contextmanager
def frozen_at(moment: datetime) -> Iterator[None]:
    """Hold the clock of this process at a moment."""
    _frozen.append(moment)
    try:
        yield
    finally:
        _frozen.pop()
