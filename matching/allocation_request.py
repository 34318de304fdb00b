"""What an allocation is asked to be: read, checked and brought to one form."""

from collections.abc import Sequence
from operator import index
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_MOST = np.iinfo(np.int64).max
_MANY = np.iinfo(np.int32).max


class Reserve(NamedTuple):
    """Places that are reserved for some participants of one side.

    Attributes
    ----------
    members : bool array, shape (n_left,) or (n_right,)
        Whom they are reserved for. Who is a member of several reserves counts for the first of them only:
        so the reserves of a side share nobody, and an allocation remains a flow that is solved exactly.
    side : {"left", "right"}
        Where the members are.
    places : int
        How many meetings at least shall be theirs.
    """

    members: npt.ArrayLike
    side: Literal["left", "right"]
    places: int


class Side(NamedTuple):
    """One side of the pairs.

    Attributes
    ----------
    ends : ndarray of int64, shape (n_pairs,)
        The participant of every pair.
    maximum, minimum : ndarray of int64, shape (n,)
        Meetings of every participant.
    taken : ndarray of int64, shape (n,)
        How many of its pairs are required.
    reserve : ndarray of int64, shape (n,)
        The reserve for which it counts, −1 = none.
    """

    ends: Integers
    maximum: Integers
    minimum: Integers
    taken: Integers
    reserve: Integers

    def meetings(self, pairs: npt.NDArray[Any]) -> Integers:
        """Count the pairs of every participant among those given by a mask or by their rows."""
        return np.bincount(self.ends[pairs], minlength=len(self.maximum))

    def missing(self, pairs: npt.NDArray[Any]) -> Integers:
        """Count the meetings that each participant lacks to its minimum with these pairs."""
        lacking: Integers = np.maximum(self.minimum - self.meetings(pairs), 0)
        return lacking

    def room(self, pairs: npt.NDArray[Any]) -> Integers:
        """Count how many of these pairs each participant can have beside the required ones."""
        room: Integers = np.minimum(self.maximum - self.taken, self.meetings(pairs))
        return room


class Request(NamedTuple):
    """The arguments of `allocate` as arrays, with nothing left out.

    Attributes
    ----------
    left, right : Side
    score : ndarray of int64, shape (n_pairs,)
    required : ndarray of bool, shape (n_pairs,)
    order : ndarray of int64, shape (n_pairs,)
        Rows of the pairs by left, then right participant.
    reserves : tuple of Reserve
    """

    left: Side
    right: Side
    score: Integers
    required: Flags
    order: Integers
    reserves: tuple[Reserve, ...]

    def free_pairs(self) -> Integers:
        """Rows of the pairs that are not required, by left, then right participant."""
        return self.order[~self.required[self.order]]

    def places(self) -> Integers:
        """How many places each reserve asks for, or as many as there are pairs."""
        return np.array([min(index(reserve.places), len(self.score)) for reserve in self.reserves], np.int64)

    def reserved(self, left: Integers, right: Integers) -> Integers:
        """Sum up a number of every participant by reserve."""
        found = np.zeros(len(self.reserves), dtype=np.int64)
        for side, numbers in ((self.left, left), (self.right, right)):
            inside = side.reserve >= 0
            np.add.at(found, side.reserve[inside], numbers[inside])
        return found


def read(
    left: npt.ArrayLike,
    right: npt.ArrayLike,
    score: npt.ArrayLike,
    *,
    max_left: npt.ArrayLike,
    max_right: npt.ArrayLike,
    min_left: npt.ArrayLike,
    min_right: npt.ArrayLike,
    required: npt.ArrayLike | None,
    reserves: Sequence[Reserve],
) -> Request:
    """Check the arguments of `allocate` and bring them to one form."""
    scores = _whole(score, "score")
    n_pairs = len(scores)
    pinned = _mask(required, "required", n_pairs)
    one = _side("left", left, max_left, min_left, pinned, reserves)
    other = _side("right", right, max_right, min_right, pinned, reserves)
    key = one.ends * len(other.maximum) + other.ends
    order = np.argsort(key, kind="stable")
    again = np.flatnonzero(np.diff(key[order]) == 0)
    if again.size:
        first, second = order[again[0]], order[again[0] + 1]
        raise ValueError(
            f"pairs {first} and {second} are the same: left {one.ends[first]} with right {other.ends[first]}"
        )
    return Request(one, other, scores, pinned, order, tuple(reserves))


def read_chosen(chosen: npt.ArrayLike, request: Request) -> Flags:
    """Check that chosen pairs keep the maxima and hold the required ones.

    Raises
    ------
    ValueError
        If they do not.
    """
    found = _mask(chosen, "chosen", len(request.score))
    left_out = np.flatnonzero(request.required & ~found)
    if left_out.size:
        raise ValueError(f"pair {left_out[0]} is required but not chosen")
    for name, side in (("left", request.left), ("right", request.right)):
        _keep_maximum(name, "chosen", side.meetings(found), side.maximum)
    return found


def _side(
    name: Literal["left", "right"],
    ends: npt.ArrayLike,
    maximum: npt.ArrayLike,
    minimum: npt.ArrayLike,
    required: Flags,
    reserves: Sequence[Reserve],
) -> Side:
    most = _whole(maximum, f"max_{name}")
    n = len(most)
    least = _whole(minimum, f"min_{name}", most=_MANY)
    participants = _whole(ends, name, most=n - 1)
    for given, length, expected in ((f"min_{name}", len(least), n), (name, len(participants), len(required))):
        if length != expected:
            raise ValueError(f"{given} must have shape ({expected},), not ({length},)")
    taken = np.bincount(participants[required], minlength=n)
    _keep_maximum(name, "required", taken, most)
    return Side(participants, most, least, taken, _first_reserve(name, n, reserves))


def _first_reserve(name: Literal["left", "right"], n: int, reserves: Sequence[Reserve]) -> Integers:
    found = np.full(n, -1, dtype=np.int64)
    for number, reserve in reversed(list(enumerate(reserves))):
        if reserve.side not in {"left", "right"}:
            raise ValueError(f"the side of reserve {number} must be 'left' or 'right', not {reserve.side!r}")
        if index(reserve.places) < 0:
            raise ValueError(f"the places of reserve {number} must be at least 0, not {reserve.places}")
        if reserve.side == name:
            found[_mask(reserve.members, f"the members of reserve {number}", n)] = number
    return found


def _keep_maximum(name: str, pairs: str, meetings: Integers, maximum: Integers) -> None:
    over = np.flatnonzero(meetings > maximum)
    if over.size:
        row = over[0]
        raise ValueError(
            f"{name} participant {row} has {meetings[row]} {pairs} pairs, "
            f"more than its maximum {maximum[row]}"
        )


def _mask(given: npt.ArrayLike | None, name: str, n: int) -> Flags:
    if given is None:
        return np.zeros(n, dtype=np.bool_)
    mask = np.asarray(given)
    if mask.shape != (n,):
        raise ValueError(f"{name} must have shape ({n},), not {mask.shape}")
    if n and mask.dtype != np.bool_:
        raise ValueError(f"{name} must be true or false, not {mask.dtype}")
    return mask.astype(np.bool_)


def _whole(given: npt.ArrayLike, name: str, *, most: int = _MOST) -> Integers:
    """Read whole numbers from 0 to `most`."""
    numbers = np.asarray(given)
    if numbers.ndim != 1:
        raise ValueError(f"{name} must have one dimension, not {numbers.ndim}")
    if numbers.size and not np.issubdtype(numbers.dtype, np.integer):
        raise ValueError(f"{name} must be whole numbers, not {numbers.dtype}")
    outside = np.flatnonzero((numbers < 0) | (numbers > most))
    if outside.size:
        row = outside[0]
        raise ValueError(f"{name} must be from 0 to {most}, but row {row} is {numbers[row]}")
    return numbers.astype(np.int64)
