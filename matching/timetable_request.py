"""What a timetable is asked to be: read, checked and brought to one form."""

import math
from operator import index
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from matching.edge_colouring import Flags, Integers

_MANY = np.iinfo(np.int32).max


class Request(NamedTuple):
    """The arguments of `make_timetable` as arrays, with nothing left out.

    Attributes
    ----------
    ends : ndarray of int32, shape (n, 2)
    available : ndarray of bool, shape (participants, slots)
    language, pinned, pinned_table, previous, previous_table : ndarray of int32, shape (n,)
    limit : ndarray of int32, shape (1 + languages, slots)
        Meeting tables (row 0) and interpreters (row l).
    location : ndarray of int32, shape (n_tables,)
    """

    ends: Integers
    available: Flags
    language: Integers
    pinned: Integers
    pinned_table: Integers
    previous: Integers
    previous_table: Integers
    limit: Integers
    location: Integers


def read(
    meetings: npt.ArrayLike,
    n_slots: int,
    n_tables: int,
    *,
    available: npt.ArrayLike | None,
    language: npt.ArrayLike | None,
    interpreters: npt.ArrayLike | None,
    pinned: npt.ArrayLike | None,
    pinned_table: npt.ArrayLike | None,
    previous: npt.ArrayLike | None,
    previous_table: npt.ArrayLike | None,
    table_location: npt.ArrayLike | None,
) -> Request:
    """Check the arguments of `make_timetable` and bring them to one form."""
    at_least(n_slots, 1, "n_slots")
    at_least(n_tables, 1, "n_tables")
    ends = _ends(meetings)
    presence = _presence(available, int(ends.max(initial=-1)) + 1, n_slots)
    if ends.max(initial=-1) >= len(presence):
        raise ValueError(f"available has {len(presence)} rows, but participant {ends.max()} has a meeting")
    n = len(ends)
    limit = _limit(n_tables, n_slots, interpreters)
    languages = _MANY if limit is None else len(limit)
    spoken = _integers(language, "language", (n,), lowest=0, below=languages, default=0)
    if limit is None:
        limit = np.full((int(spoken.max(initial=0)) + 1, n_slots), _MANY, dtype=np.int32)
        limit[0] = n_tables
    return Request(
        ends,
        presence,
        spoken,
        _integers(pinned, "pinned", (n,), below=n_slots),
        _integers(pinned_table, "pinned_table", (n,), below=n_tables),
        _integers(previous, "previous", (n,), below=n_slots),
        _integers(previous_table, "previous_table", (n,), below=n_tables),
        limit,
        np.arange(n_tables, dtype=np.int32)
        if table_location is None
        else _integers(table_location, "table_location", (n_tables,), lowest=0, below=_MANY),
    )


def at_least(number: int, lowest: int, name: str) -> None:
    """Raise ValueError if a whole number is too small."""
    if index(number) < lowest:
        raise ValueError(f"{name} must be at least {lowest}, not {number}")


def not_negative(number: float, name: str) -> None:
    """Raise ValueError if a number is negative or not finite."""
    if not (math.isfinite(number) and number >= 0):
        raise ValueError(f"{name} must be finite and not negative, not {number}")


def _ends(meetings: npt.ArrayLike) -> Integers:
    given = np.asarray(meetings)
    if given.size == 0:
        return np.zeros((0, 2), dtype=np.int32)
    if given.ndim != 2 or given.shape[1] != 2:  # noqa: PLR2004 - two participants
        raise ValueError(f"meetings must have shape (n, 2), not {given.shape}")
    ends = _integers(given, "meetings", given.shape, lowest=0, below=_MANY)
    alone = np.flatnonzero(ends[:, 0] == ends[:, 1])
    if alone.size:
        raise ValueError(f"meeting {alone[0]} is of participant {ends[alone[0], 0]} with itself")
    return ends


def _presence(available: npt.ArrayLike | None, participants: int, n_slots: int) -> Flags:
    if available is None:
        return np.ones((participants, n_slots), dtype=np.bool_)
    given = np.asarray(available)
    if given.ndim != 2 or given.shape[1] != n_slots:  # noqa: PLR2004 - participants and slots
        raise ValueError(f"available must have shape (participants, {n_slots}), not {given.shape}")
    if given.dtype != np.bool_ and not np.isin(given, (0, 1)).all():
        raise ValueError("available must be true or false")
    return np.ascontiguousarray(given, dtype=np.bool_)


def _limit(n_tables: int, n_slots: int, interpreters: npt.ArrayLike | None) -> Integers | None:
    if interpreters is None:
        return None
    given = np.asarray(interpreters)
    shape = (len(given) if given.ndim else 0, n_slots)
    limit = np.full((shape[0] + 1, n_slots), n_tables, dtype=np.int32)
    limit[1:] = _integers(given, "interpreters", shape, lowest=0, below=_MANY)
    return limit


def _integers(
    given: Any, name: str, shape: tuple[int, ...], *, lowest: int = -1, below: int, default: int = -1
) -> Integers:
    """Read whole numbers from `lowest` to `below` − 1."""
    if given is None:
        return np.full(shape, default, dtype=np.int32)
    numbers = np.asarray(given)
    if numbers.shape != shape:
        raise ValueError(f"{name} must have shape {shape}, not {numbers.shape}")
    if numbers.size and not np.issubdtype(numbers.dtype, np.integer):
        raise ValueError(f"{name} must be whole numbers, not {numbers.dtype}")
    outside = numbers[(numbers < lowest) | (numbers >= below)]
    if outside.size:
        raise ValueError(f"{name} must be from {lowest} to {below - 1}, not {outside[0]}")
    return np.ascontiguousarray(numbers, dtype=np.int32)
