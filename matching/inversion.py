"""Inverts candidates: bounds of their weights by term and tile, bounds of their norms by group."""

from functools import partial

import numpy as np

from matching.compiled import inner, uncounted
from matching.postings import (
    FIRST_TILE,
    GROUPS,
    RARE,
    STEPS,
    Bytes,
    Floats,
    Integers,
    Longs,
    Postings,
    Reals,
    Scores,
    Shorts,
    Whole,
    plain,
)
from matching.threads import beside

# A term in fewer than one of this many candidates is never passed over.
_PASSED_OVER = 32
# One in at least one of this many is dense: that takes no more memory than its postings, or little more.
_DENSE = 8
# Postings that are read in the time in which a dense term is for this many candidates.
_CANDIDATES_A_POSTING = 20
# Of fewer candidates than this times a number, terms in so many are not rare.
_CANDIDATES_A_RARE = 12_500
# Roundings in float64 along the way stay far below this part.
_UP, _CLOSE = 1.0 + 1e-6, 1.0 + 1e-7
# A level of a weight is held in float32.
_LOWEST_NORM, _HIGHEST_NORM, _LOWEST_WEIGHT = 1e-12, 1e12, 1e-30
_LEVELS, _LEVELS_OF_A_GROUP = 255.0, 15.0
_GROWTH = 4
# Groups for what is in none.
_SPARE = 8
_GROUPS_A_STEP = GROUPS // STEPS
# Offsets inside a tile have 32 bits, those of tiles 64.
_MOST_POSTINGS_OF_A_TILE = 2**32 - 1


def invert(
    indptr: Longs, indices: Integers, data: Floats, n_terms: int, tile: int, n_threads: int
) -> Postings:
    """Prepare candidates with an inverted index; without one where numbers are far from those of unit rows.

    Parameters
    ----------
    indptr, indices, data : ndarray
        Canonical CSR with weights above zero.
    n_terms : int
        Columns.
    tile : int
        Candidates of a tile, a multiple of 64 up to 65,536.
    n_threads : int
        How many threads share the work; more than two make no difference.
    """
    n = indptr.size - 1
    frequency, largest = np.zeros(n_terms, np.int32), np.zeros(n_terms, data.dtype)
    energy = np.zeros(n_terms)
    least, square = _statistics(indptr, indices, data, frequency, largest, energy)
    norm = np.sqrt(square) * _UP
    if not _LOWEST_NORM < norm < _HIGHEST_NORM or least < _LOWEST_WEIGHT:
        return plain(indptr, indices, data)
    # The tile after the first is of a size between: then the threshold is worth more. Few candidates are one.
    between = min(tile, _GROWTH * FIRST_TILE)
    second = min(tile, FIRST_TILE) if n > between else between
    third = second + between
    tile_row = np.unique(np.minimum(np.r_[0, second, np.arange(third, n, tile), n], n))
    if np.diff(indptr[tile_row]).max() > _MOST_POSTINGS_OF_A_TILE:
        return plain(indptr, indices, data)
    n_used = np.count_nonzero(frequency)
    by_rank, rank_of = np.empty(n_used, np.int32), np.full(n_terms, -1, np.int32)
    # Looked up once: every pass over the postings from here on reads them in order.
    ranks = np.empty(indices.size, np.int32)
    _rank(frequency, indices, np.empty(n_terms, np.int32), np.zeros(n + 1, np.int64), by_rank, rank_of, ranks)
    n_documents = frequency[by_rank]
    rare = min(RARE, n // _CANDIDATES_A_RARE)
    n_tiled = int(np.searchsorted(-n_documents, -rare))
    n_frequent = int(np.searchsorted(-n_documents[:n_tiled], -max(n // _PASSED_OVER, rare)))
    group_of = _groups(energy[by_rank[:n_frequent]])
    n_dense = int(np.searchsorted(-n_documents[:n_frequent], -max(n // _DENSE, 1), side="right"))
    price = n_documents[:n_frequent].copy()
    price[:n_dense] = n // _CANDIDATES_A_POSTING
    scale = (largest[by_rank[:n_tiled]] / _LEVELS * _UP).astype(np.float32)
    rare_start = np.append(0, np.cumsum(n_documents[n_tiled:], dtype=np.int64)).astype(np.uint32)
    (
        (dense, tile_start, start, local, level, rare_rows),
        (group_unit, step_unit, signature, step_norm),
    ) = beside(
        n_threads,
        partial(_tiles, indptr, ranks, data, scale, n_dense, tile_row, rare_start),
        partial(_signatures, indptr, ranks, data, group_of),
    )
    return Postings(
        indptr,
        indices,
        data,
        rank_of,
        scale,
        price,
        group_of,
        group_unit,
        step_unit,
        signature,
        step_norm,
        dense,
        tile_row,
        tile_start,
        start,
        local,
        level,
        rare_start,
        rare_rows,
        np.array([norm]),
    )


@uncounted
def _statistics(
    indptr: Longs, indices: Integers, data: Floats, frequency: Integers, largest: Floats, energy: Reals
) -> tuple[float, float]:
    """Take document frequency, largest weight, sum of squares of every column.

    Give the least weight and the largest sum of squares of a row.
    """
    most, least = 0.0, np.inf
    for row in range(indptr.size - 1):
        square = 0.0
        for at in range(np.uint64(indptr[row]), np.uint64(indptr[row + 1])):
            column, weight = np.uint64(indices[at]), np.float64(data[at])
            frequency[column] += 1
            largest[column] = max(largest[column], data[at])
            energy[column] += weight * weight
            square += weight * weight
            least = min(least, weight)
        most = max(most, square)
    return least, most


@uncounted
def _rank(
    frequency: Integers,
    indices: Integers,
    used: Integers,
    free: Longs,
    by_rank: Integers,
    rank_of: Integers,
    ranks: Integers,
) -> None:
    """Sort the columns in use by falling document frequency.

    Give their order, the rank of each column and that of each posting.
    """
    n, n_used = free.size - 1, np.uint64(by_rank.size)
    count = np.uint64(0)
    for column in range(np.uint64(frequency.size)):
        # Without a branch, or one column in three would be foreseen wrong.
        used[count] = column
        count += np.uint64(frequency[column] > 0)
    for at in range(n_used):
        free[n - frequency[used[at]]] += 1
    total = 0
    for fewer in range(n + 1):
        here = free[fewer]
        free[fewer] = total
        total += here
    for at in range(n_used):
        column = used[at]
        fewer = n - frequency[column]
        rank = free[fewer]
        free[fewer] += 1
        by_rank[rank], rank_of[column] = column, rank
    # NumPy would copy the indices as numbers of 64 bits.
    for at in range(np.uint64(indices.size)):
        ranks[at] = rank_of[np.uint64(indices[at])]


def _groups(energy: Reals) -> Integers:
    """Cut the frequent terms into groups of equal energy."""
    before = np.cumsum(energy) - energy
    groups: Integers = np.minimum(before / energy.sum() * GROUPS, GROUPS - 1).astype(np.int32)
    return groups


def _signatures(
    indptr: Longs, ranks: Integers, data: Floats, group_of: Integers
) -> tuple[Reals, Reals, Bytes, Bytes]:
    """Give the norms of one level of a signature and of `step_norm`, and both of these."""
    n = indptr.size - 1
    # Spare groups take what is in none, so that no term is asked.
    group_of = np.append(group_of, np.arange(GROUPS, GROUPS + _SPARE, dtype=np.int32))
    squares, of_group, of_step = np.zeros(GROUPS + _SPARE), np.zeros(GROUPS), np.zeros(STEPS)
    _largest_squares(indptr, ranks, data, group_of, squares, of_group, of_step)
    group_unit = np.sqrt(of_group) * (_UP / _LEVELS_OF_A_GROUP)
    step_unit = np.sqrt(of_step) * (_UP / _LEVELS)
    signature = np.empty((n, GROUPS // 2), np.uint8)
    step_norm = np.zeros((STEPS, -(-n // 64) * 64), np.uint8)
    # A level for the norm of one; 0 for a group without any.
    of_group, of_step = (
        np.divide(_CLOSE, unit, out=np.zeros_like(unit), where=unit > 0) for unit in (group_unit, step_unit)
    )
    _sign(indptr, ranks, data, group_of, squares, of_group, of_step, signature, step_norm)
    return group_unit, step_unit, signature, step_norm


@inner
def _square(
    indptr: Longs, ranks: Integers, data: Floats, group_of: Integers, row: int, squares: Reals
) -> None:
    """Sum the squares of a candidate's weights in each group; those in no group come last."""
    squares[:] = 0.0
    n_frequent = np.uint64(group_of.size - _SPARE)
    for at in range(np.uint64(indptr[row]), np.uint64(indptr[row + 1])):
        weight = np.float64(data[at])
        # One sum for all that is in no group would make each addition wait for the one before.
        rank = min(np.uint64(ranks[at]), n_frequent + at % np.uint64(_SPARE))
        squares[np.uint64(group_of[rank])] += weight * weight


@uncounted
def _largest_squares(
    indptr: Longs,
    ranks: Integers,
    data: Floats,
    group_of: Integers,
    squares: Reals,
    of_group: Reals,
    of_step: Reals,
) -> None:
    for row in range(indptr.size - 1):
        _square(indptr, ranks, data, group_of, row, squares)
        for group in range(GROUPS):
            of_group[group] = max(of_group[group], squares[group])
        total = 0.0
        for step in range(STEPS):
            for group in range(_GROUPS_A_STEP * step, _GROUPS_A_STEP * (step + 1)):
                total += squares[group]
            of_step[step] = max(of_step[step], total)


@uncounted
def _sign(
    indptr: Longs,
    ranks: Integers,
    data: Floats,
    group_of: Integers,
    squares: Reals,
    levels_of_group: Reals,
    levels_of_step: Reals,
    signature: Bytes,
    step_norm: Bytes,
) -> None:
    half = GROUPS // 2
    for row in range(indptr.size - 1):
        _square(indptr, ranks, data, group_of, row, squares)
        for place in range(half):
            low = np.ceil(np.sqrt(squares[place]) * levels_of_group[place])
            high = np.ceil(np.sqrt(squares[half + place]) * levels_of_group[half + place])
            signature[row, place] = np.uint8(low + 16.0 * high)
        total = 0.0
        for step in range(STEPS):
            for group in range(_GROUPS_A_STEP * step, _GROUPS_A_STEP * (step + 1)):
                total += squares[group]
            step_norm[step, row] = np.uint8(np.ceil(np.sqrt(total) * levels_of_step[step]))


def _tiles(
    indptr: Longs,
    ranks: Integers,
    data: Floats,
    scale: Scores,
    n_dense: int,
    tile_row: Longs,
    rare_start: Whole,
) -> tuple[Bytes, Longs, Whole, Shorts, Bytes, Integers]:
    """Give the levels of dense terms, where the postings of tiles and of their terms start, and the postings.

    Those of rare terms come last.
    """
    dense = np.zeros((n_dense, -(-(indptr.size - 1) // 64) * 64), np.uint8)
    start = np.zeros((tile_row.size - 1, scale.size + 1), np.uint32)
    _count(indptr, ranks, n_dense, tile_row, start)
    tile_start = np.append(0, np.cumsum(start[:, -1], dtype=np.int64))
    local, level = np.empty(tile_start[-1], np.uint16), np.empty(tile_start[-1], np.uint8)
    rare = np.empty(rare_start[-1], np.int32)
    levels = _CLOSE / scale.astype(np.float64)
    _put(
        indptr,
        ranks,
        data,
        levels,
        dense,
        tile_row,
        tile_start,
        start.copy(),
        local,
        level,
        rare_start.copy(),
        rare,
    )
    return dense, tile_start, start, local, level, rare


@uncounted
def _count(indptr: Longs, ranks: Integers, n_dense: int, tile_row: Longs, start: Whole) -> None:
    n_tiled = np.uint64(start.shape[1] - 1)
    for tile in range(np.uint64(start.shape[0])):
        for at in range(np.uint64(indptr[tile_row[tile]]), np.uint64(indptr[tile_row[tile + np.uint64(1)]])):
            # What is in no tile is counted where the total will be.
            rank = np.uint64(ranks[at])
            start[tile, min(rank, n_tiled)] += np.uint32(rank >= np.uint64(n_dense))
        total = np.uint32(0)
        for place in range(n_tiled + np.uint64(1)):
            here = start[tile, place]
            start[tile, place] = total
            total += here


@uncounted
def _put(
    indptr: Longs,
    ranks: Integers,
    data: Floats,
    levels: Reals,
    dense: Bytes,
    tile_row: Longs,
    tile_start: Longs,
    free: Whole,
    local: Shorts,
    level: Bytes,
    free_of_rare: Whole,
    rare: Integers,
) -> None:
    n_dense, n_tiled = np.uint64(dense.shape[0]), np.uint64(levels.size)
    for tile in range(np.uint64(free.shape[0])):
        first, offset = tile_row[tile], np.uint64(tile_start[tile])
        for row in range(first, tile_row[tile + np.uint64(1)]):
            for at in range(np.uint64(indptr[row]), np.uint64(indptr[row + 1])):
                rank = np.uint64(ranks[at])
                if rank < n_dense:
                    dense[rank, row] = np.uint8(np.ceil(np.float64(data[at]) * levels[rank]))
                elif rank < n_tiled:
                    place = offset + np.uint64(free[tile, rank])
                    free[tile, rank] += np.uint32(1)
                    local[place] = np.uint16(row - first)
                    level[place] = np.uint8(np.ceil(np.float64(data[at]) * levels[rank]))
                else:
                    rare[free_of_rare[rank - n_tiled]] = row
                    free_of_rare[rank - n_tiled] += np.uint32(1)
