"""The terms of a query, sorted by class and rounded up to whole numbers."""

import numpy as np

from matching.compiled import inlined
from matching.postings import GROUPS, STEPS, Postings
from matching.room import MOST_TERMS, Queries, Room

# A query with a norm or a weight beyond these reads every row.
_LOWEST_NORM, _HIGHEST_NORM, _LOWEST_WEIGHT = 1e-12, 1e12, 1e-100
# The bound of the highest possible score stays below this.
_FULL = 32_000.0
_UP = 1.0 + 1e-6
_GROUPS_A_STEP = GROUPS // STEPS
# What rounding the weights of dense terms may add to the sum of these, in levels, see `tile.add_dense`.
_ROUNDING_OF_DENSE = 8.1


@inlined
def unit_of(given: Postings, queries: Queries, query: int, room: Room) -> float:
    """Choose how many whole numbers a score of one is for a query.

    It is 0 where the query must read every row, and −1 where it has no terms. The ranks of its terms are
    kept for the functions below.
    """
    begin, end = np.uint64(queries.indptr[query]), np.uint64(queries.indptr[query + 1])
    if begin == end:
        return -1.0
    if end - begin > np.uint64(MOST_TERMS):
        return 0.0
    square = rounding = 0.0
    for at in range(begin, end):
        weight = np.float64(queries.data[at])
        if weight < _LOWEST_WEIGHT:
            return 0.0
        square += weight * weight
        rank = given.rank_of[np.uint64(queries.indices[at])]
        room.ranks[at - begin] = rank
        if 0 <= rank < given.scale.size:
            levels = 1.0 + _ROUNDING_OF_DENSE * np.float64(rank < given.dense.shape[0])
            rounding += weight * np.float64(given.scale[np.uint64(rank)]) * levels
    norm = np.sqrt(square)
    if not _LOWEST_NORM < norm < _HIGHEST_NORM:
        return 0.0
    # The sum of all bounds of one candidate: its score at most the product of the norms, every weight and
    # norm rounded up by a level, every product by one or two.
    most = norm * given.norm[0] * (1.0 + 1.0 / 255.0) + rounding
    return np.float64((_FULL - 2.0 * np.float64(end - begin) - 256.0) / (most * _UP))


@inlined
def classify(given: Postings, queries: Queries, query: int, room: Room, place: int, offset: int) -> None:
    """Sort the terms of a query by class and round its weights and norms up to whole numbers.

    The terms of its block start at the offset among those of all queries.
    """
    begin, end = queries.indptr[query], queries.indptr[query + 1]
    n_terms, n_frequent, n_tiled = end - begin, given.group_of.size, given.scale.size
    n_dense = given.dense.shape[0]
    room.squares[:] = 0.0
    room.ends[place, :] = 0
    room.work[place, :] = 0
    for term in range(np.uint64(n_terms)):
        rank, weight = room.ranks[term], np.float64(queries.data[np.uint64(begin) + term])
        if 0 <= rank < n_frequent:
            group = given.group_of[np.uint64(rank)]
            number = group // _GROUPS_A_STEP
            room.squares[group] += weight * weight
            room.work[place, number] += given.price[np.uint64(rank)]
        else:
            number = STEPS
        number += (STEPS + 1) * int(0 <= rank < n_dense)
        room.class_of[term] = number
        room.ends[place, number + 1] += int(0 <= rank < n_tiled)
    room.ends[place, 0] = begin - offset
    for number in range(2 * STEPS + 1):
        room.free[number] = room.ends[place, number]
        room.ends[place, number + 1] += room.ends[place, number]
    for term in range(np.uint64(n_terms)):
        rank, weight = room.ranks[term], np.float64(queries.data[np.uint64(begin) + term])
        if 0 <= rank < n_tiled:
            number = room.class_of[term]
            to = room.free[number]
            room.free[number] += 1
            room.terms[to] = rank
            room.weights[to] = np.uint32(
                np.ceil(weight * np.float64(given.scale[np.uint64(rank)]) * room.unit[place] * 65_536.0 * _UP)
            )
    for group in range(GROUPS):
        room.of_group[place, group] = np.uint32(
            np.ceil(np.sqrt(room.squares[group]) * given.group_unit[group] * room.unit[place] * 256.0 * _UP)
        )
    total, room.of_step[place, 0] = 0.0, 0
    for number in range(STEPS):
        for group in range(_GROUPS_A_STEP * number, _GROUPS_A_STEP * (number + 1)):
            total += room.squares[group]
        room.of_step[place, number + 1] = np.int64(
            np.ceil(np.sqrt(total) * given.step_unit[number] * room.unit[place] * _UP)
        )


@inlined
def collect_rare(given: Postings, queries: Queries, query: int, room: Room, place: int) -> None:
    """List the candidates of the rare terms of a query, each once, after those of the query before."""
    n_tiled, begin = given.scale.size, room.rare_ends[place]
    end = begin
    for term in range(queries.indptr[query + 1] - queries.indptr[query]):
        rank = room.ranks[term] - n_tiled
        if rank >= 0:
            for posting in range(given.rare_start[rank], given.rare_start[rank + 1]):
                row = given.rare[posting]
                if not room.seen[row]:
                    room.seen[row] = True
                    room.rare[end] = row
                    end += 1
    for at in range(begin, end):
        room.seen[room.rare[at]] = False
    room.rare_ends[place + 1] = end
