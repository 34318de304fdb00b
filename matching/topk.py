"""Exact top-k cosine over sparse rows."""

from typing import Any

from matching.candidates import Candidates, TopK, checked, weights

__all__ = ["TopK", "top_k"]

# For fewer queries than this the rows of the candidates are read: to invert them takes longer than it saves.
_WORTH_INVERTING = 128


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
    pairs of weights in one column, but most of them are only bounded (see `matching.postings`); memory
    beside the input is about half of what the candidates take, and bounded for each thread.

    To search the same candidates more than once, prepare them: `matching.candidates.Candidates`.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> top_k(csr_array([[1.0, 0.0]]), csr_array([[0.6, 0.8], [1.0, 0.0], [0.0, 1.0]]), 3).indices
    array([[ 1,  0, -1]], dtype=int32)
    """
    checked(k, n_threads)
    asked = weights(queries, "queries")
    inverted = None if asked.n_rows >= _WORTH_INVERTING else False
    prepared = Candidates.of(weights(candidates, "candidates"), inverted=inverted, n_threads=n_threads)
    return prepared.ranked(asked, k, n_threads, excluded)
