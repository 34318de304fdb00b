"""Candidates made ready once and searched many times."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from operator import index
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from matching.compiled import uncounted
from matching.exhaustive import desk_for, read_rows
from matching.inversion import invert
from matching.postings import LARGEST_TILE, MOST_TILES, TILE, Floats, Integers, Longs, Postings, plain
from matching.room import Queries, room_for
from matching.search import search
from matching.threads import beside

# Of fewer candidates than this the rows are read: to invert them takes longer than it saves.
_WORTH_INVERTING = 512
# Queries that a thread works through at a time, at most: what it reads of a tile stays in its cache for them.
_BLOCK = 2048
# Fewer where they have very many terms, or so many blocks for each thread that none waits long at the end.
_TERMS_OF_A_BLOCK, _BLOCKS_A_WORKER, _LEAST_BLOCK = 2**19, 4, 128
# Fewer pairs of a query and a candidate than this are done before another thread has started.
_PAIRS_OF_A_WORKER = 100_000
# Rows are given as int32; every term may have `RARE` offsets of 32 bits.
_MOST_ROWS, _MOST_TERMS = 2**31 - 1, 2**29 - 1
_UNORDERED, _HAS_ZEROS, _NOT_FINITE, _NEGATIVE, _OUTSIDE = 1, 2, 4, 8, 16
_NO_FLAGS = np.empty(0, np.bool_)
_NO_ROWS = np.empty(0, np.int32)
_NO_STARTS = np.empty(0, np.int64)


class TopK(NamedTuple):
    """The best candidates of every query.

    Attributes
    ----------
    indices : ndarray of int32, shape (n_queries, k)
        Candidate rows by descending score, ties by lower row; −1 where fewer than k share a term.
    scores : ndarray of float32, shape (n_queries, k)
        Their scores; 0.0 where `indices` is −1.
    """

    indices: npt.NDArray[np.int32]
    scores: npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False, slots=True)
class Candidates:
    """Candidates prepared for `top_k`, for one query or for many.

    Build them with `build`. They never change, and all they hold is plain arrays: these may be stored
    and mapped again from a file (`Candidates(n_terms, tile, Postings(*arrays))`).

    Parameters
    ----------
    n_terms : int
        Columns of the candidates and of every query.
    tile : int
        Candidates of a tile of the inverted index.
    postings : Postings
        The arrays. Candidates that are canonical CSR are kept as they were given, not copied.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> candidates = Candidates.build(csr_array([[0.6, 0.8], [1.0, 0.0], [0.0, 1.0]]))
    >>> candidates.top_k(csr_array([[1.0, 0.0]]), 1).indices
    array([[1]], dtype=int32)
    """

    n_terms: int
    tile: int
    postings: Postings

    @classmethod
    def build(
        cls, rows: Any, *, inverted: bool | None = None, tile: int | None = None, n_threads: int | None = None
    ) -> Self:
        """Prepare candidates.

        Parameters
        ----------
        rows : sparse or dense, shape (n_candidates, n_terms)
            Rows with weights that are finite and not negative.
        inverted : bool, optional
            Whether to make an inverted index; by default for 512 candidates or more. Without one
            preparing costs next to nothing and every row is read for every block of queries.
        tile : int, optional
            Candidates of a tile, a multiple of 64 up to 65,536; by default 16,384, more for very many.
        n_threads : int, optional
            As in `matching.top_k`.

        Raises
        ------
        ValueError
            If a weight is negative or not finite, there are 2³¹ candidates or 2²⁹ terms, or n_threads is
            below 1.
        """
        checked(1, n_threads)
        return cls.of(weights(rows, "candidates"), inverted=inverted, tile=tile, n_threads=n_threads)

    @classmethod
    def of(
        cls, rows: "Rows", *, inverted: bool | None, tile: int | None = None, n_threads: int | None = None
    ) -> Self:
        """Do the work of `build` for candidates that were checked."""
        if inverted is None:
            inverted = rows.n_rows >= _WORTH_INVERTING
        if tile is None:
            tile = TILE
            while rows.n_rows > MOST_TILES * tile and tile < LARGEST_TILE:
                tile *= 2
        if inverted:
            n_workers = n_threads or os.cpu_count() or 1
            arrays = invert(rows.indptr, rows.indices, rows.data, rows.n_terms, tile, n_workers)
        else:
            arrays = plain(rows.indptr, rows.indices, rows.data)
        return cls(rows.n_terms, tile, arrays)

    def __len__(self) -> int:
        return self.postings.indptr.size - 1

    @property
    def is_inverted(self) -> bool:
        """Whether there is an inverted index; without one every query reads every row."""
        return self.postings.rank_of.size > 0

    @property
    def nbytes(self) -> int:
        """Memory of all arrays, in bytes."""
        return sum(array.nbytes for array in self.postings)

    def top_k(
        self,
        queries: Any,
        k: int,
        *,
        n_threads: int | None = None,
        excluded: Any = None,
        left_out: npt.NDArray[np.bool_] | None = None,
    ) -> TopK:
        """Find the k best candidates of every query, as `matching.top_k` does.

        Parameters
        ----------
        queries : sparse or dense, shape (n_queries, n_terms)
        k : int
        n_threads : int, optional
        excluded : sparse or dense, shape (n_queries, n_candidates), optional
            As in `matching.top_k`.
        left_out : ndarray of bool, shape (n_candidates,), optional
            Candidates that no query of this call may find.

        Returns
        -------
        TopK

        Raises
        ------
        ValueError
            If k or n_threads is below 1, shapes do not fit, or a weight is negative or not finite.
        """
        checked(k, n_threads)
        return self.ranked(weights(queries, "queries"), k, n_threads, excluded, left_out)

    def ranked(
        self,
        asked: "Rows",
        k: int,
        n_threads: int | None = None,
        excluded: Any = None,
        left_out: npt.NDArray[np.bool_] | None = None,
    ) -> TopK:
        """Do the work of `top_k` for queries that were checked."""
        n = len(self)
        if asked.n_terms != self.n_terms:
            raise ValueError(f"queries have {asked.n_terms} terms, candidates {self.n_terms}")
        flags = _NO_FLAGS if left_out is None else np.ascontiguousarray(left_out, np.bool_)
        if left_out is not None and flags.shape != (n,):
            raise ValueError(f"left_out has shape {flags.shape}, not {(n,)}")
        starts, rows = _mask(excluded, (asked.n_rows, n))
        found = TopK(np.full((asked.n_rows, k), -1, np.int32), np.zeros((asked.n_rows, k), np.float32))
        if not asked.n_rows or not n:
            return found
        arrays, data = _of_one_dtype(self.postings, asked.data)
        queries = Queries(asked.indptr, asked.indices, data, flags, starts, rows)
        n_workers = min(n_threads or os.cpu_count() or 1, asked.n_rows * n // _PAIRS_OF_A_WORKER + 1)
        block = _block(asked, n_workers)
        # Taken one by one from here: each thread works with arrays of its own.
        blocks = iter(range(0, asked.n_rows, block))

        def read(those: Longs) -> None:
            read_rows(arrays, queries, desk_for(queries, those, self.n_terms), those, *found)

        def work(mine: Iterator[int]) -> None:
            if not self.is_inverted:
                for first in mine:
                    read(np.arange(first, min(first + block, asked.n_rows)))
                return
            room = room_for(arrays, queries, self.n_terms, self.tile, k, block)
            for first in mine:
                last = min(first + block, asked.n_rows)
                search(arrays, queries, room, first, last, *found)
                left = np.flatnonzero(room.unit[: last - first] == 0.0)
                if left.size:
                    read(first + left)

        n_workers = min(n_workers, -(-asked.n_rows // block))
        beside(n_workers, *[partial(work, blocks)] * n_workers)
        return found


class Rows(NamedTuple):
    """Canonical CSR that was checked: columns ascending, weights above zero."""

    indptr: Longs
    indices: Integers
    data: Floats
    n_terms: int

    @property
    def n_rows(self) -> int:
        """How many rows there are."""
        return self.indptr.size - 1


def _block(asked: Rows, n_workers: int) -> int:
    """Choose how many queries a thread works through at a time."""
    even = asked.n_rows
    if n_workers > 1:
        share = -(-asked.n_rows // n_workers)
        even = max(min(_LEAST_BLOCK, share), -(-share // _BLOCKS_A_WORKER))
    return min(_BLOCK, even, max(1, _TERMS_OF_A_BLOCK * asked.n_rows // (asked.data.size + 1)))


def checked(k: int, n_threads: int | None) -> None:
    """Refuse a k or a number of threads below 1.

    Raises
    ------
    ValueError
        If one is.
    """
    if index(k) < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    if n_threads is not None and index(n_threads) < 1:
        raise ValueError(f"n_threads must be at least 1, not {n_threads}")


def weights(given: Any, name: str) -> Rows:
    """Bring queries or candidates to canonical CSR, without a copy where they are that already.

    Weights that float32 holds are kept in float32, others in float64.

    Raises
    ------
    ValueError
        If they have not two dimensions, too many rows or columns, or a weight that is outside of the
        columns, negative or not finite.
    """
    rows: Any = given if getattr(given, "format", None) == "csr" else csr_array(given)
    if rows.ndim != 2:  # noqa: PLR2004 - rows and columns
        raise ValueError(f"{name} must have two dimensions, not {rows.ndim}")
    if rows.shape[0] > _MOST_ROWS or rows.shape[1] > _MOST_TERMS:
        raise ValueError(
            f"{name} have shape {rows.shape}; the most is {_MOST_ROWS} rows, {_MOST_TERMS} terms"
        )
    data = rows.data if rows.data.dtype == np.float32 else _narrowed(rows.data.astype(np.float64))
    indptr = rows.indptr.astype(np.int64, copy=False)
    indices = rows.indices.astype(np.int32, copy=False)
    faults = _faults(indptr, indices, data, rows.shape[1])
    if faults & _OUTSIDE:
        raise ValueError(f"{name} have a weight outside of their {rows.shape[1]} columns")
    if faults & _NOT_FINITE:
        raise ValueError(f"{name} have a weight that is not finite")
    if faults & _NEGATIVE:
        raise ValueError(f"{name} have a negative weight")
    if faults:
        # The sum over terms runs in the order of the columns, over one weight above zero each.
        rows = csr_array((data.astype(np.float64), indices, indptr), shape=rows.shape, copy=True)
        rows.sum_duplicates()
        rows.eliminate_zeros()
        return Rows(
            rows.indptr.astype(np.int64), rows.indices.astype(np.int32), _narrowed(rows.data), rows.shape[1]
        )
    return Rows(indptr, indices, data, rows.shape[1])


def _narrowed(data: npt.NDArray[np.float64]) -> Floats:
    with np.errstate(over="ignore", under="ignore"):
        narrow = data.astype(np.float32)
    return narrow if np.array_equal(narrow, data, equal_nan=True) else data


@uncounted
def _faults(indptr: Longs, indices: Integers, data: Floats, n_terms: int) -> int:
    # Added up without a branch, many at a time.
    faults = 0
    for row in range(indptr.size - 1):
        begin, end = np.uint64(indptr[row]), np.uint64(indptr[row + 1])
        for at in range(begin + np.uint64(1), end):
            faults |= _UNORDERED * (indices[at] <= indices[at - np.uint64(1)])
    for at in range(np.uint64(indptr[-1])):
        weight, column = data[at], indices[at]
        faults |= _OUTSIDE * (column < 0) | _OUTSIDE * (column >= n_terms)
        faults |= (
            _NOT_FINITE * (not np.isfinite(weight)) | _NEGATIVE * (weight < 0) | _HAS_ZEROS * (weight == 0)
        )
    return faults


def _of_one_dtype(arrays: Postings, data: Floats) -> tuple[Postings, Floats]:
    if arrays.data.dtype == data.dtype:
        return arrays, data
    return arrays._replace(data=arrays.data.astype(np.float64, copy=False)), data.astype(
        np.float64, copy=False
    )


def _mask(excluded: Any, shape: tuple[int, int]) -> tuple[Longs, Integers]:
    if excluded is None:
        return _NO_STARTS, _NO_ROWS
    mask = csr_array(excluded, dtype=bool, copy=True)
    if mask.shape != shape:
        raise ValueError(f"excluded has shape {mask.shape}, not {shape}")
    mask.eliminate_zeros()
    mask.sort_indices()
    return mask.indptr.astype(np.int64), mask.indices.astype(np.int32)
