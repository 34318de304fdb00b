"""The best candidates so far as a heap, the worst on top: higher score first, then lower row."""

import numpy as np

from matching.compiled import inner
from matching.postings import Integers, Scores


@inner
def worse(score: np.float32, row: int, other_score: np.float32, other_row: int) -> bool:
    """Tell whether the first ranks below the second."""
    return bool(score < other_score or (score == other_score and row > other_row))


@inner
def push(rows: Integers, scores: Scores, query: int, size: int, row: int, score: float) -> int:
    """Put a candidate on the heap of a query's best, the worst of them on top; give the heap's size.

    The score is rounded here; one below zero, that of a candidate without a shared term, is passed over.
    """
    k, rounded = rows.shape[1], np.float32(score)
    if rounded < 0.0:
        return size
    if size < k:
        at = size
        while at > 0:
            above = (at - 1) >> 1
            if not worse(rounded, row, scores[query, above], rows[query, above]):
                break
            rows[query, at], scores[query, at] = rows[query, above], scores[query, above]
            at = above
        rows[query, at], scores[query, at] = row, rounded
        return size + 1
    if worse(scores[query, 0], rows[query, 0], rounded, row):
        sift(rows, scores, query, size, row, rounded)
    return size


@inner
def sift(rows: Integers, scores: Scores, query: int, size: int, row: int, score: np.float32) -> None:
    """Put a candidate in the place of the top and let it sink."""
    at = 0
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        if below + 1 < size and worse(
            scores[query, below + 1], rows[query, below + 1], scores[query, below], rows[query, below]
        ):
            below += 1
        if not worse(scores[query, below], rows[query, below], score, row):
            break
        rows[query, at], scores[query, at] = rows[query, below], scores[query, below]
        at = below
    rows[query, at], scores[query, at] = row, score


@inner
def unload(rows: Integers, scores: Scores, query: int, size: int) -> None:
    """Turn the heap into a ranking, best first."""
    for last in range(size - 1, 0, -1):
        # A type of its own would have `sift` compiled once more.
        row, score = int(np.int64(rows[query, last])), scores[query, last]
        rows[query, last], scores[query, last] = rows[query, 0], scores[query, 0]
        sift(rows, scores, query, last, row, score)
