"""Other ways to the same top k: each is made ready with the candidates, then asked for queries."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from scipy.sparse import csr_array, csr_matrix

from matching import top_k
from matching.candidates import Candidates

Search = Callable[[csr_array], Any]
Peer = Callable[[csr_array, int], Search]
_STEP = 200


def ours(candidates: csr_array, k: int, n_threads: int = 1) -> Search:
    """From the rows as they come: to prepare the candidates is part of every run."""
    return lambda queries: top_k(queries, candidates, k, n_threads=n_threads).indices


def ours_on_two_threads(candidates: csr_array, k: int) -> Search:
    return ours(candidates, k, 2)


def prepared(candidates: csr_array, k: int) -> Search:
    made = Candidates.build(candidates)
    return lambda queries: made.top_k(queries, k, n_threads=1).indices


def _steps(queries: csr_array) -> Iterator[csr_array]:
    for start in range(0, queries.shape[0], _STEP):
        yield queries[start : start + _STEP]


def _best(scores: np.ndarray, k: int) -> np.ndarray:
    kept = np.argpartition(-scores, min(k, scores.shape[1] - 1), axis=1)[:, :k]
    order = np.lexsort((kept, -np.take_along_axis(scores, kept, axis=1)), axis=1)
    return np.take_along_axis(kept, order, axis=1)


def scipy_product(candidates: csr_array, k: int) -> Search:
    by_term = csr_array(candidates.T)
    return lambda queries: np.vstack([_best((step @ by_term).toarray(), k) for step in _steps(queries)])


def cosine_similarity(candidates: csr_array, k: int) -> Search:
    from sklearn.metrics.pairwise import cosine_similarity as similarity  # noqa: PLC0415

    return lambda queries: np.vstack([_best(similarity(step, candidates), k) for step in _steps(queries)])


def nearest_neighbors(candidates: csr_array, k: int) -> Search:
    from sklearn.neighbors import NearestNeighbors  # noqa: PLC0415

    fitted = NearestNeighbors(n_neighbors=k, metric="cosine", algorithm="brute").fit(candidates)
    return lambda queries: fitted.kneighbors(queries, return_distance=False)


def sparse_dot_topn(candidates: csr_array, k: int, n_threads: int = 1) -> Search:
    from sparse_dot_topn import sp_matmul_topn  # noqa: PLC0415

    def search(queries: csr_array) -> np.ndarray:
        # It multiplies by the transposed candidates: to transpose them is part of every run.
        by_term = csr_matrix(candidates.T.tocsr())
        found = sp_matmul_topn(csr_matrix(queries), by_term, top_n=k, n_threads=n_threads, sort=True)
        rows = np.full((queries.shape[0], k), -1)
        for row, (first, last) in enumerate(zip(found.indptr, found.indptr[1:], strict=False)):
            rows[row, : last - first] = found.indices[first:last]
        return rows

    return search


def sparse_dot_topn_on_two_threads(candidates: csr_array, k: int) -> Search:
    return sparse_dot_topn(candidates, k, 2)


def bm25(candidates: csr_array, k: int) -> Search:
    """Its own scores over the same terms: its speed can be compared, its ranking cannot."""
    import bm25s  # noqa: PLC0415

    def ids(rows: csr_array) -> list[list[int]]:
        return [part.tolist() for part in np.split(rows.indices, rows.indptr[1:-1])]

    vocabulary = {str(term): term for term in range(candidates.shape[1])}
    retriever = bm25s.BM25(backend="numba")
    retriever.index(bm25s.tokenization.Tokenized(ids(candidates), vocabulary), show_progress=False)

    def search(queries: csr_array) -> None:
        asked = bm25s.tokenization.Tokenized(ids(queries), vocabulary)
        retriever.retrieve(asked, k=k, n_threads=1, show_progress=False)

    return search


def nmslib(candidates: csr_array, k: int) -> Search:
    import nmslib as library  # noqa: PLC0415

    index = library.init(
        method="simple_invindx", space="negdotprod_sparse_fast", data_type=library.DataType.SPARSE_VECTOR
    )
    index.addDataPointBatch(csr_matrix(candidates))
    index.createIndex()

    def search(queries: csr_array) -> np.ndarray:
        rows = np.full((queries.shape[0], k), -1)
        found = index.knnQueryBatch(csr_matrix(queries), k=k, num_threads=1)
        for row, (best, _) in enumerate(found):
            rows[row, : len(best)] = best
        return rows

    return search


def seismic(candidates: csr_array, k: int) -> Search:
    """Approximate by design; asked with all terms of a query and no early stop."""
    from seismic import SeismicDatasetLV, SeismicIndexLV, get_seismic_string  # noqa: PLC0415

    def parts(rows: csr_array) -> tuple[list[np.ndarray], list[np.ndarray]]:
        cuts = rows.indptr[1:-1]
        names = [part.astype(get_seismic_string()) for part in np.split(rows.indices, cuts)]
        return names, [part.astype(np.float32) for part in np.split(rows.data, cuts)]

    dataset = SeismicDatasetLV()
    for row, (names, values) in enumerate(zip(*parts(candidates), strict=True)):
        dataset.add_document(str(row), names, values)
    index = SeismicIndexLV.build_from_dataset(dataset, num_threads=1)

    def search(queries: csr_array) -> np.ndarray:
        numbers = np.arange(queries.shape[0]).astype(get_seismic_string())
        found = index.batch_search(
            numbers, *parts(queries), k=k, query_cut=1000, heap_factor=1.0, num_threads=1
        )
        rows = np.full((queries.shape[0], k), -1)
        for best in found:
            for place, (query, _, candidate) in enumerate(best):
                rows[int(query), place] = int(candidate)
        return rows

    return search


BATCH: dict[str, Peer] = {
    "top_k, 2 threads": ours_on_two_threads,
    "top_k, 1 thread": ours,
    "Candidates, made before, 1 thread": prepared,
    "sparse_dot_topn, 2 threads": sparse_dot_topn_on_two_threads,
    "sparse_dot_topn, 1 thread": sparse_dot_topn,
    "SciPy product": scipy_product,
    "scikit-learn cosine_similarity": cosine_similarity,
    "scikit-learn NearestNeighbors": nearest_neighbors,
    "nmslib (simple_invindx)": nmslib,
    "pyseismic-lsr": seismic,
    "bm25s (own scores)": bm25,
}

MOST_CANDIDATES = {"pyseismic-lsr": 5_000}
"""Beyond this a peer takes many minutes to make its index."""
