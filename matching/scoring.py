"""Exact scores from forward rows, and the thresholds that they set."""

import numpy as np

from matching.compiled import inlined
from matching.heap import push, sift
from matching.postings import Bytes, Floats, Integers, Postings, Scores
from matching.room import MARKS, Queries, Room

REMAINDER = np.uint64(MARKS - 1)
"""Takes the remainder of a column, its mark."""


@inlined
def load(queries: Queries, query: int, loaded: Floats, marks: Bytes) -> None:
    """Spread the weights of a query over the columns."""
    for at in range(np.uint64(queries.indptr[query]), np.uint64(queries.indptr[query + 1])):
        column = np.uint64(queries.indices[at])
        loaded[column] = queries.data[at]
        marks[column & REMAINDER] = 1


@inlined
def clear(queries: Queries, query: int, loaded: Floats, marks: Bytes) -> None:
    """Take the weights of a query away again."""
    for at in range(np.uint64(queries.indptr[query]), np.uint64(queries.indptr[query + 1])):
        column = np.uint64(queries.indices[at])
        loaded[column] = 0.0
        marks[column & REMAINDER] = 0


@inlined
def exact(given: Postings, room: Room, row: int) -> float:
    """Sum a score in the order of the columns, in float64; −1 where no term is shared."""
    begin, end = np.uint64(given.indptr[row]), np.uint64(given.indptr[row + 1])
    # Most terms are not shared: only those that may be are looked up and added.
    count = np.uint64(0)
    for at in range(begin, end):
        room.shared[count] = at
        count += np.uint64(room.marks[np.uint64(given.indices[at]) & REMAINDER])
    total, largest = 0.0, 0.0
    for place in range(count):
        found = room.shared[place]
        weight = np.float64(room.loaded[np.uint64(given.indices[found])])
        total += np.float64(given.data[found]) * weight
        largest = max(largest, weight)
    return total if largest > 0.0 else -1.0


@inlined
def first_left_out(queries: Queries, query: int, row: int) -> int:
    """Find the first of the rows that a query may not find that is at or above one."""
    low, high = queries.excluded_indptr[query], queries.excluded_indptr[query + 1]
    while low < high:
        middle = (low + high) >> 1
        if queries.excluded[middle] < row:
            low = middle + 1
        else:
            high = middle
    return int(low)


@inlined
def is_left_out(queries: Queries, query: int, row: int) -> bool:
    """Tell whether a query may not find a candidate: flagged for all, or among its own ascending rows."""
    if queries.flags.size and queries.flags[row]:
        return True
    if not queries.excluded_indptr.size:
        return False
    at = first_left_out(queries, query, row)
    return bool(at < queries.excluded_indptr[query + 1] and queries.excluded[at] == row)


@inlined
def score_hits(
    given: Postings,
    room: Room,
    query: int,
    begin_row: int,
    n_hits: int,
    base: int,
    guess: float,
    unit: float,
    rows: Integers,
    scores: Scores,
    size: int,
) -> int:
    """Score the candidates of a tile whose bound still reaches the threshold; give the heap's size."""
    # Something of every cache line is read first, so that the rows are fetched side by side.
    touched = 0.0
    for place in range(np.uint64(n_hits)):
        row = np.uint64(begin_row + room.hits[place])
        for at in range(
            np.uint64(given.indptr[row]), np.uint64(given.indptr[row + np.uint64(1)]), np.uint64(16)
        ):
            touched += given.indices[at] + given.data[at]
    for place in range(n_hits):
        row = begin_row + room.hits[place]
        if room.bounds[place] < base + threshold(scores, query, size, guess, unit):
            continue
        size = push(rows, scores, query, size, row, exact(given, room, row))
    # Never below, but the compiler does not know: it would leave the reading out.
    return -1 if touched < 0.0 else size


@inlined
def threshold(scores: Scores, query: int, size: int, guess: float, unit: float) -> int:
    """Give the whole number that the bound of a candidate must reach to be among the best."""
    reached = max(guess, scores[query, 0]) if size == scores.shape[1] else guess
    return max(1, int(np.floor(np.float64(reached) * unit * (1.0 - 1e-6))))


@inlined
def guess_of(scores: Scores, query: int, part: float, left: Scores, nobody: Integers) -> float:
    """Guess what the k-th best of all reaches from the k best of a part; −1 where the k-th of these is best.

    Were the candidates in no order, the part would have k * part of the k best of all, give or take the
    square root of that: the score of one a little further down is surpassed by k others nearly always.
    """
    k = scores.shape[1]
    expected = k * part
    rank = int(np.ceil(expected + 2.0 * np.sqrt(expected * (1.0 - part)) + 0.5))
    if rank >= k:
        return -1.0
    for place in range(k):
        left[0, place], nobody[0, place] = scores[query, place], 0
    for size in range(k - 1, rank - 1, -1):
        sift(nobody, left, 0, size, 0, left[0, size])
    return np.float64(left[0, 0])
