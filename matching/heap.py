"""The best candidates so far as a heap, the worst on top: higher score first, then lower row."""

import numpy as np

from matching.compiled import compiled
from matching.postings import Integers, Scores


@compiled
def worse(score: np.float32, row: int, other_score: np.float32, other_row: int) -> bool:
    """Tell whether the first ranks below the second."""
    return bool(score < other_score or (score == other_score and row > other_row))


@compiled
def push(rows: Integers, scores: Scores, size: int, row: int, score: float) -> int:
    """Put a candidate on the heap of the best, the worst of them on top; give the heap's size.

    The score is rounded here; one below zero, that of a candidate without a shared term, is passed over.
    """
    k, rounded = rows.size, np.float32(score)
    if rounded < 0.0:
        return size
    if size < k:
        at = size
        while at > 0:
            above = (at - 1) >> 1
            if not worse(rounded, row, scores[above], rows[above]):
                break
            rows[at], scores[at] = rows[above], scores[above]
            at = above
        rows[at], scores[at] = row, rounded
        return size + 1
    if worse(scores[0], rows[0], rounded, row):
        sift(rows, scores, size, row, rounded)
    return size


@compiled
def sift(rows: Integers, scores: Scores, size: int, row: int, score: np.float32) -> None:
    """Put a candidate in the place of the top and let it sink."""
    at = 0
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        if below + 1 < size and worse(scores[below + 1], rows[below + 1], scores[below], rows[below]):
            below += 1
        if not worse(scores[below], rows[below], score, row):
            break
        rows[at], scores[at] = rows[below], scores[below]
        at = below
    rows[at], scores[at] = row, score


@compiled
def unload(rows: Integers, scores: Scores, size: int) -> None:
    """Turn the heap into a ranking, best first."""
    for last in range(size - 1, 0, -1):
        row, score = rows[last], scores[last]
        rows[last], scores[last] = rows[0], scores[0]
        sift(rows, scores, last, row, score)
