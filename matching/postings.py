"""Candidates prepared for search: forward rows, and an inverted index of rounded-up weights in tiles.

The inverted index holds no exact score. It gives, for every candidate, a whole number that is never below
its score in the query's units, so that only candidates which might be among the best are scored exactly from
their forward rows. A posting is the number of the candidate inside its tile (16 bits) and its weight as a
fraction of the term's largest, rounded up (8 bits). Terms are ranked by falling document frequency. The
frequent ones are also cut into groups; a candidate keeps the norm of its part in each group, and with the
query's norm in the same group the inequality of Cauchy and Schwarz bounds what the group can add. Those that
are in a large part of all candidates are dense: a level for every candidate, so that many candidates at a
time are added up without their numbers.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[Any]
Flags = npt.NDArray[np.bool_]
Scores = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]
Shorts = npt.NDArray[np.uint16]
Integers = npt.NDArray[np.int32]
Words = npt.NDArray[np.uint64]
Whole = npt.NDArray[np.uint32]
Longs = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]

TILE, LARGEST_TILE, MOST_TILES = 16_384, 65_536, 12
"""Candidates of a tile: its accumulator of 16 bits a candidate fits in the first-level cache. Where there
would be more tiles than the most they are larger: every tile holds offsets for all terms."""

FIRST_TILE = 2048
"""The first tile is smaller: no threshold is known there yet."""

GROUPS, STEPS = 64, 4
"""Groups of frequent terms; a query passes over those of the first steps, each `GROUPS` / `STEPS` of them."""

RARE = 8
"""A term in no more candidates than this is in no tile: its candidates are scored at once. Offsets into many
tiles take more memory than the postings of such a term; where tiles are few there is no such term."""

QUAD = 4
"""Dense terms are added up by so many: their sum is rounded once."""


class Postings(NamedTuple):
    """Everything a search reads, as plain arrays that can be mapped from a file.

    Attributes
    ----------
    indptr : ndarray of int64, shape (n_candidates + 1,)
    indices : ndarray of int32, shape (n_postings,)
    data : ndarray of float32 or float64, shape (n_postings,)
        The candidates as CSR: columns ascending, weights above zero.
    rank_of : ndarray of int32, shape (n_terms,)
        Rank of a column by falling document frequency; −1 in no candidate.
    scale : ndarray of float32, shape (n_tiled,)
        Weight of one level of a term that has postings in tiles.
    price, group_of : ndarray of int32, shape (n_frequent,)
        What it costs to read each frequent term, in postings, and its group, by rank.
    group_unit : ndarray of float64, shape (GROUPS,)
        Norm of one level of a signature.
    step_unit : ndarray of float64, shape (STEPS,)
        Norm of one level of `step_norm`.
    signature : ndarray of uint8, shape (n_candidates, GROUPS / 2)
        Norms of a candidate's parts in the groups, rounded up to 15 levels: in the low half of a byte that of
        a group of the first half, in the high half that of one of the second.
    step_norm : ndarray of uint8, shape (STEPS, n_candidates rounded up to a multiple of 64)
        Norms of its parts in the groups of the first steps, rounded up to 255 levels.
    dense : ndarray of uint8, shape (n_dense, n_candidates rounded up to a multiple of 64)
        Weights of the most frequent terms in levels, by rank; 0 for none.
    tile_row : ndarray of int64, shape (n_tiles + 1,)
        Where the candidates of a tile start.
    tile_start : ndarray of int64, shape (n_tiles + 1,)
        Where the postings of a tile start.
    start : ndarray of uint32, shape (n_tiles, n_tiled + 1)
        Where those of a term start inside the tile's.
    local : ndarray of uint16
    level : ndarray of uint8
        Postings of terms that are not dense: number inside the tile, weight in levels.
    rare_start : ndarray of uint32, shape (n_rare + 1,)
    rare : ndarray of int32
        Candidates of the terms that are in no tile.
    norm : ndarray of float64, shape (1,)
        Largest norm of a candidate.
    """

    indptr: Longs
    indices: Integers
    data: Floats
    rank_of: Integers
    scale: Scores
    price: Integers
    group_of: Integers
    group_unit: Reals
    step_unit: Reals
    signature: Bytes
    step_norm: Bytes
    dense: Bytes
    tile_row: Longs
    tile_start: Longs
    start: Whole
    local: Shorts
    level: Bytes
    rare_start: Whole
    rare: Integers
    norm: Reals


def plain(indptr: Longs, indices: Integers, data: Floats) -> Postings:
    """Prepare candidates without an inverted index: every query reads every row."""
    return Postings(
        indptr,
        indices,
        data,
        rank_of=np.empty(0, np.int32),
        scale=np.empty(0, np.float32),
        price=np.empty(0, np.int32),
        group_of=np.empty(0, np.int32),
        group_unit=np.zeros(GROUPS, np.float64),
        step_unit=np.zeros(STEPS, np.float64),
        signature=np.empty((0, GROUPS // 2), np.uint8),
        step_norm=np.empty((STEPS, 0), np.uint8),
        dense=np.empty((0, 0), np.uint8),
        tile_row=np.zeros(1, np.int64),
        tile_start=np.zeros(1, np.int64),
        start=np.empty((0, 1), np.uint32),
        local=np.empty(0, np.uint16),
        level=np.empty(0, np.uint8),
        rare_start=np.zeros(1, np.uint32),
        rare=np.empty(0, np.int32),
        norm=np.zeros(1, np.float64),
    )
