"""Candidates prepared for search: forward rows, and an inverted index of rounded-up weights in tiles.

The inverted index holds no exact score. It gives, for every candidate, a whole number that is never below
its score in the query's units, so that only candidates which might be among the best are scored exactly from
their forward rows. A posting is the number of the candidate inside its tile (16 bits) and its weight as a
fraction of the term's largest, rounded up (8 bits). Terms are ranked by falling document frequency. The
frequent ones are also cut into groups; a candidate keeps the norm of its part in each group, and with the
query's norm in the same group the inequality of Cauchy and Schwarz bounds what the group can add.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from matching.compiled import compiled

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
"""The first tile is smaller: no threshold is known there yet, so that all postings are read."""

GROUPS, GROUPS_A_STEP = 24, 3
STEPS = GROUPS // GROUPS_A_STEP
"""Groups of frequent terms; a query passes over the first groups, a multiple of `GROUPS_A_STEP` of them."""

RARE = 8
"""A term in no more candidates than this is in no tile: its candidates are scored at once. Offsets into many
tiles take more memory than the postings of such a term; where tiles are few there is no such term."""

# A term in fewer than one of this many candidates is never passed over.
_PASSED_OVER = 32
# Of fewer candidates than this times a number, terms in so many are not rare.
_CANDIDATES_A_RARE = 12_500
# Roundings in float64 along the way stay far below this part.
_UP = 1.0 + 1e-6
_LOWEST_NORM, _HIGHEST_NORM, _LOWEST_WEIGHT = 1e-12, 1e12, 1e-100
_LEVELS = 255.0
_GROWTH = 4
# Offsets inside a tile have 32 bits, those of tiles 64.
_MOST_POSTINGS_OF_A_TILE = 2**32 - 1


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
    n_documents : ndarray of int32, shape (n_tiled,)
        Its document frequency.
    group_end : ndarray of int32, shape (GROUPS,)
        Where each group of frequent terms ends among the ranks.
    group_unit : ndarray of float64, shape (GROUPS,)
        Norm of one level of a signature.
    step_unit : ndarray of float64, shape (STEPS,)
        Norm of one level of `step_norm`.
    signature : ndarray of uint8, shape (n_candidates, GROUPS)
        Norms of a candidate's parts in the groups, rounded up to levels.
    step_norm : ndarray of uint64, shape (STEPS, n_candidates / 8 rounded up to a multiple of 8)
        Norms of its parts in the first 3, 6, … groups, eight candidates a word; see `byte_of`.
    tile_row : ndarray of int64, shape (n_tiles + 1,)
        Where the candidates of a tile start.
    tile_start : ndarray of int64, shape (n_tiles + 1,)
        Where the postings of a tile start.
    start : ndarray of uint32, shape (n_tiles, n_tiled + 1)
        Where those of a term start inside the tile's.
    local : ndarray of uint16
    level : ndarray of uint8
        Postings: number inside the tile, weight in levels.
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
    n_documents: Integers
    group_end: Integers
    group_unit: Reals
    step_unit: Reals
    signature: Bytes
    step_norm: Words
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
        n_documents=np.empty(0, np.int32),
        group_end=np.zeros(GROUPS, np.int32),
        group_unit=np.zeros(GROUPS, np.float64),
        step_unit=np.zeros(STEPS, np.float64),
        signature=np.empty((0, GROUPS), np.uint8),
        step_norm=np.empty((STEPS, 0), np.uint64),
        tile_row=np.zeros(1, np.int64),
        tile_start=np.zeros(1, np.int64),
        start=np.empty((0, 1), np.uint32),
        local=np.empty(0, np.uint16),
        level=np.empty(0, np.uint8),
        rare_start=np.zeros(1, np.uint32),
        rare=np.empty(0, np.int32),
        norm=np.zeros(1, np.float64),
    )


def invert(indptr: Longs, indices: Integers, data: Floats, n_terms: int, tile: int) -> Postings:
    """Prepare candidates with an inverted index; without one where numbers are far from those of unit rows.

    Parameters
    ----------
    indptr, indices, data : ndarray
        Canonical CSR with weights above zero.
    n_terms : int
        Columns.
    tile : int
        Candidates of a tile, a multiple of 64 up to 65,536.
    """
    n = indptr.size - 1
    frequency, largest, energy, norm, least = _statistics(indptr, indices, data, n_terms)
    if not _LOWEST_NORM < norm < _HIGHEST_NORM or least < _LOWEST_WEIGHT:
        return plain(indptr, indices, data)
    second = min(tile, FIRST_TILE)
    # The tile after the first is of a size between: then the threshold is worth more.
    third = second + min(tile, _GROWTH * FIRST_TILE)
    tile_row = np.unique(np.minimum(np.r_[0, second, np.arange(third, n, tile), n], n))
    if np.diff(indptr[tile_row]).max() > _MOST_POSTINGS_OF_A_TILE:
        return plain(indptr, indices, data)
    used = np.flatnonzero(frequency)
    by_rank = used[np.argsort(-frequency[used], kind="stable")]
    rank_of = np.full(n_terms, -1, np.int32)
    rank_of[by_rank] = np.arange(by_rank.size, dtype=np.int32)
    # Looked up once: every pass over the postings from here on reads them in order.
    ranks = rank_of[indices]
    n_documents = frequency[by_rank]
    rare = min(RARE, n // _CANDIDATES_A_RARE)
    n_tiled = int(np.searchsorted(-n_documents, -rare))
    n_frequent = int(np.searchsorted(-n_documents[:n_tiled], -max(n // _PASSED_OVER, rare)))
    group_end = _groups(energy[by_rank[:n_frequent]])
    signature, step_norm, group_unit, step_unit = _signatures(indptr, ranks, data, group_end)
    scale = (largest[by_rank[:n_tiled]] / _LEVELS * _UP).astype(np.float32)
    tile_start, start, local, level = _tiles(indptr, ranks, data, scale, tile_row)
    rare_start = np.append(0, np.cumsum(n_documents[n_tiled:], dtype=np.int64)).astype(np.uint32)
    return Postings(
        indptr,
        indices,
        data,
        rank_of,
        scale,
        n_documents[:n_tiled].copy(),
        group_end,
        group_unit,
        step_unit,
        signature,
        step_norm,
        tile_row,
        tile_start,
        start,
        local,
        level,
        rare_start,
        _rare(indptr, ranks, n_tiled, rare_start),
        np.array([norm]),
    )


def _groups(energy: Reals) -> Integers:
    """Cut the frequent terms into groups of equal energy."""
    if not energy.size:
        return np.zeros(GROUPS, np.int32)
    share = np.cumsum(energy) / energy.sum()
    cuts = np.searchsorted(share, np.arange(1, GROUPS) / GROUPS) + 1
    return np.append(np.minimum(cuts, energy.size), energy.size).astype(np.int32)


@compiled
def _statistics(
    indptr: Longs, indices: Integers, data: Floats, n_terms: int
) -> tuple[Integers, Reals, Reals, float, float]:
    """Give document frequency, largest weight, sum of squares of every column; largest norm, least weight."""
    frequency = np.zeros(n_terms, np.int32)
    largest = np.zeros(n_terms, np.float64)
    energy = np.zeros(n_terms, np.float64)
    most, least = 0.0, np.inf
    for row in range(indptr.size - 1):
        square = 0.0
        for at in range(indptr[row], indptr[row + 1]):
            column, weight = indices[at], np.float64(data[at])
            frequency[column] += 1
            largest[column] = max(largest[column], weight)
            energy[column] += weight * weight
            square += weight * weight
            least = min(least, weight)
        most = max(most, square)
    return frequency, largest, energy, np.sqrt(most) * _UP, least


@compiled
def byte_of(row: int) -> int:
    """Tell which byte of its word holds the norm of a candidate.

    The even bytes are those of the first four candidates, the odd bytes those of the other four: with every
    other byte taken away a word holds four numbers of 16 bits, and one multiplication does for all of them.
    """
    place = row & 7
    return 2 * place if place < 4 else 2 * place - 7  # noqa: PLR2004 - half of eight


@compiled
def _signatures(  # noqa: C901 - two passes over the rows: the largest norms, then their levels
    indptr: Longs, ranks: Integers, data: Floats, group_end: Integers
) -> tuple[Bytes, Words, Reals, Reals]:
    n = indptr.size - 1
    n_frequent = group_end[GROUPS - 1]
    group_of = np.empty(n_frequent, np.int64)
    group = 0
    for rank in range(n_frequent):
        while rank >= group_end[group]:
            group += 1
        group_of[rank] = group
    norms = np.zeros((n, GROUPS), np.float32)
    group_unit = np.zeros(GROUPS, np.float64)
    step_unit = np.zeros(STEPS, np.float64)
    squares = np.zeros(GROUPS, np.float64)
    for row in range(n):
        squares[:] = 0.0
        for at in range(indptr[row], indptr[row + 1]):
            rank = ranks[at]
            if rank < n_frequent:
                squares[group_of[rank]] += np.float64(data[at]) * np.float64(data[at])
        total = 0.0
        for group in range(GROUPS):
            total += squares[group]
            norms[row, group] = np.sqrt(squares[group]) * _UP
            group_unit[group] = max(group_unit[group], np.float64(norms[row, group]))
            if group % GROUPS_A_STEP == GROUPS_A_STEP - 1:
                step = group // GROUPS_A_STEP
                step_unit[step] = max(step_unit[step], np.sqrt(total) * _UP)
    group_unit *= _UP / _LEVELS
    step_unit *= _UP / _LEVELS
    signature = np.zeros((n, GROUPS), np.uint8)
    step_norm = np.zeros((STEPS, (n + 63) // 64 * 8), np.uint64)
    for row in range(n):
        total = 0.0
        for group in range(GROUPS):
            norm = np.float64(norms[row, group])
            total += norm * norm
            if norm > 0.0:
                signature[row, group] = np.uint8(np.ceil(norm / group_unit[group]))
            if group % GROUPS_A_STEP == GROUPS_A_STEP - 1 and total > 0.0:
                step = group // GROUPS_A_STEP
                # The unit was taken from sums that may be rounded the other way: never above the last level.
                norm = min(np.ceil(np.sqrt(total) / step_unit[step]), _LEVELS)
                step_norm[step, row >> 3] |= np.uint64(norm) << np.uint64(8 * byte_of(row))
    return signature, step_norm, group_unit, step_unit


@compiled
def _tiles(
    indptr: Longs, ranks: Integers, data: Floats, scale: Scores, tile_row: Longs
) -> tuple[Longs, Whole, Shorts, Bytes]:
    n_tiled, n_tiles = scale.size, tile_row.size - 1
    tile_start = np.zeros(n_tiles + 1, np.int64)
    start = np.zeros((n_tiles, n_tiled + 1), np.uint32)
    for number in range(n_tiles):
        begin, end = indptr[tile_row[number]], indptr[tile_row[number + 1]]
        for at in range(begin, end):
            rank = ranks[at]
            if rank < n_tiled:
                start[number, rank] += 1
        total = np.uint32(0)
        for rank in range(n_tiled + 1):
            here = start[number, rank]
            start[number, rank] = total
            total += here
        tile_start[number + 1] = tile_start[number] + total
    local = np.empty(tile_start[n_tiles], np.uint16)
    level = np.empty(tile_start[n_tiles], np.uint8)
    for number in range(n_tiles):
        free = start[number].astype(np.int64) + tile_start[number]
        first = tile_row[number]
        for row in range(first, tile_row[number + 1]):
            for at in range(indptr[row], indptr[row + 1]):
                rank = ranks[at]
                if rank < n_tiled:
                    place = free[rank]
                    free[rank] += 1
                    local[place] = np.uint16(row - first)
                    level[place] = np.uint8(np.ceil(np.float64(data[at]) / np.float64(scale[rank])))
    return tile_start, start, local, level


@compiled
def _rare(indptr: Longs, ranks: Integers, n_tiled: int, rare_start: Whole) -> Integers:
    rare = np.empty(rare_start[-1], np.int32)
    free = rare_start.astype(np.int64)
    for row in range(indptr.size - 1):
        for at in range(indptr[row], indptr[row + 1]):
            rank = ranks[at] - n_tiled
            if rank >= 0:
                rare[free[rank]] = row
                free[rank] += 1
    return rare
