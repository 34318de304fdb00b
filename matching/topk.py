"""Exact top-k cosine over sparse rows."""

import os
from concurrent.futures import ThreadPoolExecutor
from operator import index
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

# Scores of one step: the product of a step's queries with all candidates is held in memory as a whole.
_MOST_SCORES_OF_A_STEP = 4_000_000


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


def top_k(
    queries: Any,
    candidates: Any,
    k: int,
    *,
    n_threads: int | None = None,
    excluded: Any = None,
) -> TopK:
    """Find the k candidates with the highest dot product for every query, exactly.

    With L2-normalised rows the dot product is the cosine. A candidate is found only if it shares a term
    with the query, that is a column in which both have a weight above zero (a stored zero is none).

    Parameters
    ----------
    queries : sparse or dense, shape (n_queries, n_terms)
        Rows with weights that are finite and not negative.
    candidates : sparse or dense, shape (n_candidates, n_terms)
        The same.
    k : int
        How many to find, at least 1; it may be more than there are candidates.
    n_threads : int, optional
        How many threads share the work; by default as many as there are processors.
    excluded : sparse or dense, shape (n_queries, n_candidates), optional
        Pairs with a value other than zero are left out.

    Returns
    -------
    TopK
        Indices (n_queries, k) int32 and scores (n_queries, k) float32.

    Raises
    ------
    ValueError
        If k or n_threads is below 1, shapes do not fit, or a weight is negative or not finite.

    Notes
    -----
    A score is summed in float64 in the order of the terms and rounded to float32 once; the rounded score
    is what is ranked. So it depends neither on the number of threads nor on the other rows, and the score
    of a pair is the same number with queries and candidates changed about. Time grows with the number of
    pairs of weights in one column; memory beside the result is bounded for each thread.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> top_k(csr_array([[1.0, 0.0]]), csr_array([[0.6, 0.8], [1.0, 0.0], [0.0, 1.0]]), 3).indices
    array([[ 1,  0, -1]], dtype=int32)
    """
    if index(k) < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    if n_threads is not None and index(n_threads) < 1:
        raise ValueError(f"n_threads must be at least 1, not {n_threads}")
    asked, offered = _weights(queries, "queries"), _weights(candidates, "candidates")
    if asked.shape[1] != offered.shape[1]:
        raise ValueError(f"queries have {asked.shape[1]} terms, candidates {offered.shape[1]}")
    n_queries, n_candidates = asked.shape[0], offered.shape[0]
    mask = None if excluded is None else _mask(excluded, (n_queries, n_candidates))
    found = TopK(np.full((n_queries, k), -1, dtype=np.int32), np.zeros((n_queries, k), dtype=np.float32))
    if n_queries == 0 or n_candidates == 0:
        return found
    by_term = csr_array(offered.T)
    step = max(1, _MOST_SCORES_OF_A_STEP // n_candidates)
    starts = range(0, n_queries, step)

    def rank(start: int) -> None:
        _rank(found, start, csr_array(asked[start : start + step] @ by_term), mask)

    with ThreadPoolExecutor(min(n_threads or os.cpu_count() or 1, len(starts))) as pool:
        # Taken one by one, so that the error of a step is raised here.
        for _ in pool.map(rank, starts):
            pass
    return found


def _weights(given: Any, name: str) -> csr_array:
    rows = csr_array(given, dtype=np.float64, copy=True)
    if rows.ndim != 2:  # noqa: PLR2004 - rows and columns
        raise ValueError(f"{name} must have two dimensions, not {rows.ndim}")
    if not np.isfinite(rows.data).all():
        raise ValueError(f"{name} have a weight that is not finite")
    if (rows.data < 0).any():
        raise ValueError(f"{name} have a negative weight")
    # The sum over terms runs in the order of the columns, over one weight above zero each: that no product
    # of a stored zero is found must not hang on how the product is computed.
    rows.sum_duplicates()
    rows.eliminate_zeros()
    return rows


def _mask(excluded: Any, shape: tuple[int, int]) -> csr_array:
    mask = csr_array(excluded, dtype=bool, copy=True)
    if mask.shape != shape:
        raise ValueError(f"excluded has shape {mask.shape}, not {shape}")
    mask.eliminate_zeros()
    return mask


def _rank(found: TopK, start: int, products: csr_array, mask: csr_array | None) -> None:
    k = found.indices.shape[1]
    rounded = products.data.astype(np.float32)
    for query, (first, last) in enumerate(zip(products.indptr, products.indptr[1:], strict=False), start):
        rows, scores = products.indices[first:last], rounded[first:last]
        if mask is not None:
            left_out = mask.indices[mask.indptr[query] : mask.indptr[query + 1]]
            kept = ~np.isin(rows, left_out)
            rows, scores = rows[kept], scores[kept]
        if rows.size > k:
            # All as good as the k-th stay in, so that a tie is settled by the row and not by chance.
            kept = scores >= np.partition(scores, rows.size - k)[rows.size - k]
            rows, scores = rows[kept], scores[kept]
        best = np.lexsort((rows, -scores))[:k]
        found.indices[query, : best.size] = rows[best]
        found.scores[query, : best.size] = scores[best]
