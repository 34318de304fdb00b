"""Everybody's best partners, cut into tasks that run on threads, on processes or on a cluster."""

from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from joblib import Parallel, cpu_count, delayed, parallel_config
from scipy.sparse import csr_array

from matching.candidates import Candidates

THREADS, PROCESSES = "threads", "processes"
_QUERIES_OF_A_TASK = 1024
_ATTEMPTS = 3

Flags = npt.NDArray[np.bool_]


class Ranked(NamedTuple):
    """Pairs of rows in which the second is among the k best of the first.

    Attributes
    ----------
    rows, columns : ndarray of int64, shape (n,)
    scores : ndarray of float64, shape (n,)
    ranks : ndarray of int64, shape (n,)
        From 1.
    directed : ndarray of float64, shape (n, 2)
        The score taken apart by direction: `entrepreneur_seeks`, `exporter_seeks`.
    """

    rows: npt.NDArray[np.int64]
    columns: npt.NDArray[np.int64]
    scores: npt.NDArray[np.float64]
    ranks: npt.NDArray[np.int64]
    directed: npt.NDArray[np.float64]


def rank(
    left: Candidates,
    right: Candidates,
    k: int,
    excluded: csr_array | None,
    is_first: Flags,
    *,
    workers: str,
    n_threads: int | None,
) -> tuple[Ranked, Ranked]:
    """Find the k best of the right for every row of the left, and the other way round.

    A task ranks a block of rows and needs nothing of the others, so that it may be done anywhere and done
    again; scores are sums without rounding, so that all places agree to the last digit.

    Parameters
    ----------
    left, right : Candidates
        Of the same terms.
    k : int
    excluded : csr_array of bool, shape (n_left, n_right), optional
        Pairs that may not be found.
    is_first : ndarray of bool, shape (n_terms,)
        Columns of the direction `entrepreneur_seeks`.
    workers : str
        `threads`, `processes`, or the address of a Dask scheduler.
    n_threads : int, optional
        Threads or processes; by default as many as there are processors.

    Raises
    ------
    ValueError
        If n_threads is below 1, or workers is none of these.
    ModuleNotFoundError
        If the cluster's packages are not installed.
    """
    if n_threads is not None and n_threads < 1:
        raise ValueError(f"n_threads must be at least 1, not {n_threads}")
    back = None if excluded is None else csr_array(excluded.T)
    shared = [one for one in (left, right, excluded, back, is_first) if one is not None]
    tasks = [
        delayed(_rank_block)(queries, candidates, first, k, mask, is_first)
        for queries, candidates, mask in ((left, right, excluded), (right, left, back))
        for first in range(0, len(queries), _QUERIES_OF_A_TASK)
    ]
    n_of_left = -(-len(left) // _QUERIES_OF_A_TASK)
    done = _carried_out(tasks, workers, n_threads or cpu_count(), shared)
    return _joined(done[:n_of_left]), _joined(done[n_of_left:])


def _carried_out(tasks: list[Any], workers: str, n_jobs: int, shared: list[Any]) -> list[Ranked]:
    """Carry out tasks in their order; those of a worker that is lost are done again."""
    done: list[Ranked] = []
    losses = 0
    while len(done) < len(tasks):
        try:
            with _place(workers, n_jobs, shared):
                done.extend(Parallel(return_as="generator")(tasks[len(done) :]))
        except CancelledError:
            # The cluster does a lost task again by itself, but not one whose shared data went as well.
            losses += 1
            if losses == _ATTEMPTS:
                raise
    return done


@contextmanager
def _place(workers: str, n_jobs: int, shared: list[Any]) -> Iterator[None]:
    """Let tasks run where their caller says; what they share reaches every worker before they begin."""
    with ExitStack() as stack:
        if workers == THREADS:
            options: dict[str, Any] = {"backend": "threading", "n_jobs": n_jobs}
        elif workers == PROCESSES:
            # What is mapped into a process may be written to there: compiled code knows one kind of array.
            options = {"backend": "loky", "n_jobs": n_jobs, "mmap_mode": "c"}
        elif "://" in workers:
            client = stack.enter_context(_client(workers))
            # Every worker has what tasks read, so that it outlives the loss of one.
            options = {"backend": "dask", "client": client, "scatter": shared, "retries": _ATTEMPTS}
        else:
            raise ValueError(f"workers are threads, processes or the address of a scheduler, not {workers!r}")
        stack.enter_context(parallel_config(**options))
        yield


def _client(address: str) -> AbstractContextManager[Any]:
    try:
        from distributed import Client  # noqa: PLC0415 - only a cluster needs it
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError("a cluster needs the extra `cluster`: dask and distributed") from error
    connect: Any = Client
    client: AbstractContextManager[Any] = connect(address, set_as_default=False)
    return client


def _rank_block(
    queries: Candidates,
    candidates: Candidates,
    first: int,
    k: int,
    excluded: csr_array | None,
    is_first: Flags,
) -> Ranked:
    last = min(first + _QUERIES_OF_A_TASK, len(queries))
    asked = _taken(queries, np.arange(first, last))
    mask = None if excluded is None else excluded[first:last]
    indices, scores = candidates.top_k(asked, k, n_threads=1, excluded=mask)
    rows, places = np.nonzero(indices >= 0)
    columns = indices[rows, places].astype(np.int64)
    products = csr_array(csr_array(asked[rows]).astype(np.float64).multiply(_taken(candidates, columns)))
    pair_of = np.repeat(np.arange(rows.size), np.diff(products.indptr))
    of_first = is_first[products.indices]
    directed = [
        np.bincount(pair_of[chosen], weights=products.data[chosen], minlength=rows.size)
        for chosen in (of_first, ~of_first)
    ]
    # Rounding of the rows may lift the score of two equal profiles a little above 1.
    best = np.minimum(scores[rows, places].astype(np.float64), 1.0)
    return Ranked(rows + first, columns, best, places + 1, np.column_stack(directed))


def _taken(of: Candidates, rows: npt.NDArray[np.int64]) -> csr_array:
    held = of.postings
    begins, lengths = held.indptr[rows], held.indptr[rows + 1] - held.indptr[rows]
    indptr = np.append(0, np.cumsum(lengths))
    at = np.arange(indptr[-1]) + np.repeat(begins - indptr[:-1], lengths)
    return csr_array((held.data[at], held.indices[at], indptr), shape=(rows.size, of.n_terms))


def _joined(blocks: list[Ranked]) -> Ranked:
    if not blocks:
        nothing = np.empty(0, np.int64)
        return Ranked(nothing, nothing, np.empty(0), nothing, np.empty((0, 2)))
    return Ranked(*(np.concatenate(parts) for parts in zip(*blocks, strict=True)))
