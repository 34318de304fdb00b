"""Exact scores from forward rows, and the thresholds that they set."""

import numpy as np

from matching.compiled import compiled
from matching.heap import push, sift
from matching.postings import Flags, Floats, Integers, Longs, Scores


@compiled
def exact(indptr: Longs, indices: Integers, data: Floats, asked: Floats, row: int) -> float:
    """Sum a score in the order of the columns, in float64; −1 where no term is shared."""
    total = 0.0
    for at in range(np.uint64(indptr[row]), np.uint64(indptr[row + 1])):
        total += np.float64(data[at]) * np.float64(asked[np.uint32(indices[at])])
    if total > 0.0:
        return total
    for at in range(indptr[row], indptr[row + 1]):
        if asked[indices[at]] > 0.0:
            return 0.0
    return -1.0


@compiled
def load(asked: Floats, columns: Integers, data: Floats) -> None:
    """Spread the weights of a query over the columns."""
    for at in range(columns.size):
        asked[columns[at]] = data[at]


@compiled
def clear(asked: Floats, columns: Integers) -> None:
    """Take the weights of a query away again."""
    for at in range(columns.size):
        asked[columns[at]] = 0.0


@compiled
def is_left_out(flags: Flags, row: int, excluded: Integers) -> bool:
    """Tell whether a query may not find a candidate: flagged for all, or among its own ascending rows."""
    if flags.size and flags[row]:
        return True
    low, high = 0, excluded.size
    while low < high:
        middle = (low + high) >> 1
        if excluded[middle] < row:
            low = middle + 1
        else:
            high = middle
    return low < excluded.size and excluded[low] == row


@compiled
def read_all(
    indptr: Longs,
    indices: Integers,
    data: Floats,
    asked: Floats,
    flags: Flags,
    excluded: Integers,
    rows: Integers,
    scores: Scores,
) -> int:
    """Score every candidate; give the heap's size."""
    size = 0
    for row in range(indptr.size - 1):
        if not is_left_out(flags, row, excluded):
            size = push(rows, scores, size, row, exact(indptr, indices, data, asked, row))
    return size


@compiled
def score_rows(
    indptr: Longs,
    indices: Integers,
    data: Floats,
    asked: Floats,
    begin_row: int,
    hits: Integers,
    bounds: Integers,
    base: int,
    guess: float,
    unit: float,
    flags: Flags,
    excluded: Integers,
    rows: Integers,
    scores: Scores,
    size: int,
) -> int:
    """Score the candidates of a tile whose bound still reaches the threshold; give the heap's size."""
    # Something of every cache line is read first, so that the rows are fetched side by side.
    touched = 0.0
    for place in range(np.uint64(hits.size)):
        row = np.uint64(begin_row + hits[place])
        for at in range(np.uint64(indptr[row]), np.uint64(indptr[row + np.uint64(1)]), np.uint64(16)):
            touched += indices[at] + data[at]
    for place in range(hits.size):
        row = begin_row + hits[place]
        if bounds[place] < base + threshold(scores, size, guess, unit) or is_left_out(flags, row, excluded):
            continue
        size = push(rows, scores, size, row, exact(indptr, indices, data, asked, row))
    # Never below, but the compiler does not know: it would leave the reading out.
    return -1 if touched < 0.0 else size


@compiled
def threshold(scores: Scores, size: int, guess: float, unit: float) -> int:
    """Give the whole number that the bound of a candidate must reach to be among the best."""
    reached = max(guess, scores[0]) if size == scores.size else guess
    return max(1, int(np.floor(np.float64(reached) * unit * (1.0 - 1e-6))))


@compiled
def guess_of(scores: Scores, part: float) -> float:
    """Guess what the k-th best of all reaches from the k best of a part; −1 where the k-th of these is best.

    Were the candidates in no order, the part would have k * part of the k best of all, give or take the
    square root of that: the score of one a little further down is surpassed by k others nearly always.
    """
    k, expected = scores.size, scores.size * part
    rank = int(np.ceil(expected + 2.0 * np.sqrt(expected * (1.0 - part)) + 0.5))
    if rank >= k:
        return -1.0
    left, nobody = scores.copy(), np.zeros(k, np.int32)
    for size in range(k - 1, rank - 1, -1):
        sift(nobody, left, size, 0, left[size])
    return float(left[0])
