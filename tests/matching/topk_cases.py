"""Cases for every branch of the compiled search, checked against the oracle; `main` runs them all.

Small tiles and blocks, so that a few hundred candidates fill many. The tests run `main` twice: compiled, and
as plain Python, where coverage sees the branches.
"""

from unittest import mock

import numpy as np
import pytest
from scipy.sparse import csr_array

from matching import candidates as prepared
from matching import inversion, query_terms
from matching.candidates import Candidates
from tests.matching import oracle

N, TERMS, QUERIES = 300, 30, 6


def drawn(seed):
    """Queries and candidates in which low columns are frequent, as dense arrays."""
    random = np.random.default_rng(seed)
    kept = random.random((N, TERMS)) < np.linspace(0.9, 0.005, TERMS)
    candidates = (random.random((N, TERMS)) ** 3 * kept).astype(np.float32)
    queries = (random.random((QUERIES, TERMS)) * (random.random((QUERIES, TERMS)) < 0.5)).astype(np.float32)
    return queries, candidates, random


def check(queries, candidates, k, *, excluded=None, left_out=None, tile=64):
    built = Candidates.build(csr_array(candidates), inverted=True, tile=tile)
    mask = None if excluded is None else csr_array(excluded)
    indices, scores = built.top_k(csr_array(queries), k, n_threads=1, excluded=mask, left_out=left_out)
    gone = np.zeros((len(queries), len(candidates)), dtype=bool)
    gone |= False if excluded is None else excluded
    gone |= False if left_out is None else left_out
    pairs = set(zip(*np.nonzero(gone), strict=True))
    assert (indices.tolist(), scores.tolist()) == oracle.best(queries, candidates, k, pairs)
    return built


def main():
    with (
        mock.patch.object(inversion, "RARE", 1),
        mock.patch.object(inversion, "_CANDIDATES_A_RARE", 1),
        mock.patch.object(inversion, "_PASSED_OVER", 8),
        mock.patch.object(prepared, "_BLOCK", 4),
    ):
        for seed, k in enumerate([1, 3, 10, 40, 400]):
            queries, candidates, random = drawn(seed)
            check(queries, candidates, k)
            check(queries, candidates, k, excluded=random.random((QUERIES, N)) < 0.3)
            check(queries, candidates, k, left_out=random.random(N) < 0.5)
            # The first tile has the best, so that every guess is too high; then the other way about.
            order = np.argsort(-(candidates @ queries[0]))
            check(queries, candidates[order], k)
            check(queries, candidates[order[::-1]], k)
        queries, candidates, _ = drawn(9)
        # The bounds of those without any term are above zero too, where dense terms are rounded.
        check(queries, candidates * (np.arange(N) % 7 > 0)[:, None], 400)
        with mock.patch.object(query_terms, "MOST_TERMS", 3):
            check(queries, candidates, 5)
        # A tile that is looked at in columns of more than one candidate.
        check(queries, candidates, 3, tile=256)
        # So many queries that what they cost without a threshold is compared.
        check(np.tile(queries, (10, 1)), candidates[:64], 3)
        queries[1] = 0.0
        # Numbers that the whole numbers of the bounds cannot carry.
        check(queries * np.float32(1e-30), candidates, 5, left_out=np.arange(N) % 3 == 0)
        check(queries.astype(np.float64) * 1e-150, candidates.astype(np.float64) * 1e150, 5)
        tiny = queries.astype(np.float64)
        tiny[2, np.flatnonzero(tiny[2])[0]] = 1e-200
        check(tiny, candidates.astype(np.float64), 5)
        check(queries, candidates * np.float32(0.0), 5)
        faint = candidates.astype(np.float64)
        faint[::2, 0] = 1e-40
        assert not check(queries.astype(np.float64), faint, 5).postings.local.size
        with mock.patch.object(inversion, "_MOST_POSTINGS_OF_A_TILE", 10):
            assert not check(queries, candidates, 5).postings.local.size
        # Products that even float64 rounds to zero are of shared terms all the same.
        check(np.full((1, 2), 1e-200), np.full((2, 2), 1e-200), 3)
        # Rare terms only: nothing is in a tile.
        check(np.eye(QUERIES, TERMS), np.eye(TERMS), 2)
        check(np.ones((1, 2)), np.ones((1, 2)), 2)
    for weight in (np.nan, -1.0):
        with pytest.raises(ValueError, match="candidates have a"):
            Candidates.build(np.array([[weight]]))
    unordered = csr_array((np.float32([0.5, 0.0, 0.5]), [1, 1, 0], [0, 3]), shape=(1, 2))
    assert Candidates.build(unordered).top_k(np.ones((1, 2)), 1).scores.tolist() == [[1.0]]


if __name__ == "__main__":
    main()
