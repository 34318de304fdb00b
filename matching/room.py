"""What a search is given, and what one thread of it works in: arrays made once for all its queries."""

from typing import NamedTuple

import numpy as np

from matching.postings import (
    GROUPS,
    RARE,
    STEPS,
    Bytes,
    Flags,
    Floats,
    Integers,
    Longs,
    Postings,
    Reals,
    Scores,
    Shorts,
    Whole,
    Words,
)

MOST_TERMS = 4_000
"""A query of more terms reads every row."""

MARKS = 8_192
"""Columns with the same remainder by this share a mark, so that all marks fit in a cache beside others."""


class Queries(NamedTuple):
    """What is asked for.

    Attributes
    ----------
    indptr, indices, data : ndarray
        Queries as canonical CSR, with the dtype of the candidates.
    flags : ndarray of bool, shape (n_candidates,) or (0,)
        Candidates that no query may find.
    excluded_indptr, excluded : ndarray
        Candidates that a query may not find, as CSR; shape (0,) for none.
    """

    indptr: Longs
    indices: Integers
    data: Floats
    flags: Flags
    excluded_indptr: Longs
    excluded: Integers


class Room(NamedTuple):
    """What one thread works in. Queries are searched in blocks, each by its place in the block.

    Attributes
    ----------
    loaded : ndarray, shape (n_terms,)
        Weights of the query that is scored; zeros between the queries.
    marks : ndarray of uint8, shape (MARKS,)
        1 for its columns; zeros between the queries.
    shared : ndarray of uint64, shape (n_terms + 1,)
        Where the terms of a candidate are that may be shared.
    seen : ndarray of bool, shape (n_candidates,)
        All false between the queries.
    accumulator, words : ndarray of uint16, of uint64
        Bounds of the candidates of a tile; the same memory twice.
    highest : ndarray of uint16, shape (tile,)
        Highest bounds of its columns.
    hit_words : ndarray of uint16, shape (tile / 4 + 1,)
        Words in which a candidate reaches the threshold.
    hits, bounds : ndarray of int32
        Candidates of a tile that reach the threshold, and their bounds.
    heap_rows, heap_scores : ndarray, shape (1, k)
        A heap beside those of the queries.
    lists : ndarray of uint64, shape (3, MOST_TERMS + 1)
        Where the postings of each term start and end, and its weight.
    passed_over : ndarray of uint32, shape (GROUPS,)
        Norms of the query that is bounded in the groups that it passes over; zeros for the others.
    squares, ranks, class_of, free : ndarray
        What sorting the terms of a query takes.
    usual : ndarray of int64, shape (2,)
        How many steps of groups the next query passes over in its first tile with a threshold, and without.
    tried, cost : ndarray of float64, shape (STEPS + 1,)
        Queries without a threshold by how many steps they pass over, and what they cost, in postings.
    pending : ndarray of bool, shape (n_queries,)
        Whether a query is still searched.
    size : ndarray of int64, shape (n_queries,)
        How many candidates are found.
    guess : ndarray of float32, shape (n_queries,)
        What the score of the k-th best is guessed to reach; −1 for no guess.
    step : ndarray of int64, shape (n_queries,)
        How many steps of groups a query passes over; −1 before the first time.
    unit : ndarray of float64, shape (n_queries,)
        How many whole numbers a score of one is.
    terms, weights : ndarray of int32, of uint32
        Ranks of the terms of all queries of a block by class, and their weights for one level in parts of
        2**16, rounded up. A class holds the terms of the groups of one step, a further one those that are in
        no group; then come the dense terms of each step.
    ends : ndarray of int64, shape (n_queries, 2 * STEPS + 2)
        Where each class starts, and where the last one ends.
    work : ndarray of int64, shape (n_queries, STEPS + 1)
        What it costs to read the terms of each step, in postings.
    of_step : ndarray of int64, shape (n_queries, STEPS + 1)
        Norm of a query in the groups of the first steps, for one level of a candidate's.
    of_group : ndarray of uint32, shape (n_queries, GROUPS)
        Its norm in each group.
    rare_ends : ndarray of int64, shape (n_queries + 1,)
    rare : ndarray of int32
        Candidates of its rare terms.
    """

    loaded: Floats
    marks: Bytes
    shared: Words
    seen: Flags
    accumulator: Shorts
    words: Words
    highest: Shorts
    hit_words: Shorts
    hits: Integers
    bounds: Integers
    heap_rows: Integers
    heap_scores: Scores
    lists: Words
    passed_over: Whole
    squares: Reals
    ranks: Integers
    class_of: Integers
    free: Longs
    usual: Longs
    tried: Reals
    cost: Reals
    pending: Flags
    size: Longs
    guess: Scores
    step: Longs
    unit: Reals
    terms: Integers
    weights: Whole
    ends: Longs
    work: Longs
    of_step: Longs
    of_group: Whole
    rare_ends: Longs
    rare: Integers


def room_for(given: Postings, queries: Queries, n_terms: int, tile: int, k: int, block: int) -> Room:
    """Make room for searching queries in blocks."""
    starts = queries.indptr[::block]
    # No block has more terms than this.
    most = int(np.diff(np.append(starts, queries.indptr[-1])).max())
    n_queries = min(block, queries.indptr.size - 1)
    accumulator = np.empty(tile, np.uint16)
    return Room(
        loaded=np.zeros(n_terms, queries.data.dtype),
        marks=np.zeros(MARKS, np.uint8),
        shared=np.empty(n_terms + 1, np.uint64),
        seen=np.zeros(given.indptr.size - 1, np.bool_),
        accumulator=accumulator,
        words=accumulator.view(np.uint64),
        highest=np.empty(tile, np.uint16),
        hit_words=np.empty(tile // 4 + 1, np.uint16),
        hits=np.empty(tile + 1, np.int32),
        bounds=np.empty(tile + 1, np.int32),
        heap_rows=np.empty((1, k), np.int32),
        heap_scores=np.empty((1, k), np.float32),
        lists=np.empty((3, MOST_TERMS + 1), np.uint64),
        passed_over=np.empty(GROUPS, np.uint32),
        squares=np.empty(GROUPS, np.float64),
        ranks=np.empty(MOST_TERMS, np.int32),
        class_of=np.empty(MOST_TERMS, np.int32),
        free=np.empty(2 * STEPS + 1, np.int64),
        # Reading all postings has a bounded price, scoring in vain has not.
        usual=np.zeros(2, np.int64),
        tried=np.zeros(STEPS + 1, np.float64),
        cost=np.zeros(STEPS + 1, np.float64),
        pending=np.empty(n_queries, np.bool_),
        size=np.empty(n_queries, np.int64),
        guess=np.empty(n_queries, np.float32),
        step=np.empty(n_queries, np.int64),
        unit=np.empty(n_queries, np.float64),
        terms=np.empty(most, np.int32),
        weights=np.empty(most, np.uint32),
        ends=np.empty((n_queries, 2 * STEPS + 2), np.int64),
        work=np.empty((n_queries, STEPS + 1), np.int64),
        of_step=np.empty((n_queries, STEPS + 1), np.int64),
        of_group=np.empty((n_queries, GROUPS), np.uint32),
        rare_ends=np.empty(n_queries + 1, np.int64),
        rare=np.empty(most * RARE, np.int32),
    )
