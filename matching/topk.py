"""Exact top-k cosine over sparse rows."""

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

# Rows of one step: the product of a step is held in memory as a whole.
_MOST_PRODUCT_CELLS = 4_000_000


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

    With L2-normalised rows the dot product is the cosine. A score is the sum of the products in the
    order of the terms, in float32: it does not depend on the number of threads or on the other rows.

    Parameters
    ----------
    queries : sparse, shape (n_queries, n_terms)
        Rows with weights that are finite and not negative.
    candidates : sparse, shape (n_candidates, n_terms)
        The same.
    k : int
        How many to find, at least 1; it may be more than there are candidates.
    n_threads : int, optional
        How many threads share the work; by default as many as there are processors.
    excluded : sparse, shape (n_queries, n_candidates), optional
        Pairs with a stored value other than zero are left out.

    Returns
    -------
    TopK
        Indices (n_queries, k) int32 and scores (n_queries, k) float32.

    Raises
    ------
    ValueError
        If k is below 1, shapes do not fit, or a weight is negative or not finite.

    Notes
    -----
    Time is linear in the number of pairs of postings of equal terms; memory is bounded by blocks.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> top_k(csr_array([[1.0, 0.0]]), csr_array([[0.6, 0.8], [1.0, 0.0], [0.0, 1.0]]), 3).indices
    array([[ 1,  0, -1]], dtype=int32)
    """
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    asked, offered = _checked(queries, "queries"), _checked(candidates, "candidates")
    if asked.shape[1] != offered.shape[1]:
        raise ValueError(f"queries have {asked.shape[1]} terms, candidates {offered.shape[1]}")
    n_queries, n_candidates = asked.shape[0], offered.shape[0]
    mask = _mask(excluded, (n_queries, n_candidates))
    found = TopK(np.full((n_queries, k), -1, dtype=np.int32), np.zeros((n_queries, k), dtype=np.float32))
    if n_queries == 0 or n_candidates == 0:
        return found
    by_term = csr_array(offered.T)
    step = max(1, _MOST_PRODUCT_CELLS // n_candidates)
    starts = range(0, n_queries, step)

    def work(start: int) -> None:
        _fill(found, start, csr_array(asked[start : start + step] @ by_term), mask)

    threads = min(n_threads or os.cpu_count() or 1, len(starts))
    if threads == 1:
        for start in starts:
            work(start)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(work, starts))
    return found


def _checked(matrix: Any, name: str) -> csr_array:
    rows = csr_array(matrix, dtype=np.float32, copy=True)
    if rows.data.size and not np.all(np.isfinite(rows.data)):
        raise ValueError(f"{name} have a weight that is not finite")
    if rows.data.size and rows.data.min() < 0:
        raise ValueError(f"{name} have a negative weight")
    rows.sum_duplicates()
    rows.eliminate_zeros()
    return rows


def _mask(excluded: Any, shape: tuple[int, int]) -> csr_array | None:
    if excluded is None:
        return None
    mask = csr_array(excluded)
    if mask.shape != shape:
        raise ValueError(f"excluded has shape {mask.shape}, not {shape}")
    mask.eliminate_zeros()
    return mask


def _fill(found: TopK, start: int, products: csr_array, mask: csr_array | None) -> None:
    k = found.indices.shape[1]
    for row in range(products.shape[0]):
        bounds = slice(products.indptr[row], products.indptr[row + 1])
        rows, scores = products.indices[bounds], products.data[bounds]
        if mask is not None:
            query = start + row
            left_out = mask.indices[mask.indptr[query] : mask.indptr[query + 1]]
            kept = ~np.isin(rows, left_out)
            rows, scores = rows[kept], scores[kept]
        if rows.size > k:
            # Everything as good as the k-th stays, so that ties are settled by the row and not by chance.
            least = np.partition(scores, rows.size - k)[rows.size - k]
            kept = scores >= least
            rows, scores = rows[kept], scores[kept]
        best = np.lexsort((rows, -scores))[:k]
        found.indices[start + row, : best.size] = rows[best]
        found.scores[start + row, : best.size] = scores[best]
