"""Rows of different lengths, one behind the other."""

from collections import defaultdict
from collections.abc import Iterable, Sequence, Sized
from itertools import count
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]


class Ragged(NamedTuple):
    """Rows of numbers.

    Attributes
    ----------
    values : ndarray, shape (n,)
        All rows, one behind the other.
    ends : ndarray of int64, shape (n_rows + 1,)
        Where each row ends, after a zero.
    """

    values: npt.NDArray[Any]
    ends: Numbers

    @property
    def lengths(self) -> Numbers:
        """The lengths of the rows."""
        return self.ends[1:] - self.ends[:-1]

    @property
    def row_of(self) -> Numbers:
        """The row of every value."""
        return np.arange(self.ends.size - 1).repeat(self.lengths)

    def taken(self, rows: npt.NDArray[np.integer[Any]]) -> "Ragged":
        """Give rows, which may be the same one several times, in the order that is asked for.

        Examples
        --------
        >>> Ragged(np.array([5, 6, 7]), np.array([0, 2, 3])).taken(np.array([1, 0, 1]))
        Ragged(values=array([7, 5, 6, 7]), ends=array([0, 1, 3, 4]))
        """
        starts = self.ends[rows]
        lengths = self.ends[rows + 1] - starts
        ends = ended(lengths)
        return Ragged(self.values[np.arange(ends[-1]) + (starts - ends[:-1]).repeat(lengths)], ends)


def ended(lengths: npt.NDArray[Any]) -> Numbers:
    """Tell where rows of these lengths end, after a zero."""
    ends = np.zeros(lengths.size + 1, np.int64)
    lengths.cumsum(out=ends[1:])
    return ends


def ends_of(rows: Sequence[Sized]) -> Numbers:
    """Tell where rows end that are laid one behind the other, after a zero."""
    return ended(np.array([len(row) for row in rows], np.int64))


def numbered(values: Iterable[Any], n: int) -> tuple[list[Any], npt.NDArray[np.int64]]:
    """Number different values in the order in which they come first.

    Parameters
    ----------
    values : iterable of length n

    Returns
    -------
    different : list
    numbers : ndarray of int64, shape (n,)
    """
    number_of: defaultdict[Any, int] = defaultdict(count().__next__)
    numbers = np.fromiter(map(number_of.__getitem__, values), np.int64, n)
    return list(number_of), numbers
