"""Exact search without an index: the row of every candidate is read once for a block of queries."""

from typing import NamedTuple

import numpy as np

from matching.compiled import inlined, uncounted
from matching.heap import push, unload
from matching.postings import Bytes, Floats, Integers, Longs, Postings, Reals, Scores, Words
from matching.room import MARKS, Queries
from matching.scoring import REMAINDER, is_left_out


class Desk(NamedTuple):
    """What the rows are read with for one block of queries, each known by its place in the block.

    Attributes
    ----------
    marks : ndarray of uint8, shape (MARKS,)
        1 for the columns that somebody asks for.
    shared : ndarray of uint64, shape (n_terms + 1,)
        Where the terms of a candidate are that may be shared.
    begin, end : ndarray of int32, shape (n_terms,)
        Where those that ask for a column stand; both 0 where nobody does.
    asking : ndarray of int32
        Their places, by column.
    weights : ndarray
        Their weights.
    sums : ndarray of float64, shape (n_queries,)
        Scores of a candidate.
    least : ndarray of float32, shape (n_queries,)
        What a score must reach.
    size : ndarray of int64, shape (n_queries,)
        How many candidates are found.
    """

    marks: Bytes
    shared: Words
    begin: Integers
    end: Integers
    asking: Integers
    weights: Floats
    sums: Reals
    least: Scores
    size: Longs


def desk_for(queries: Queries, asked: Longs, n_terms: int) -> Desk:
    """Make room for a block of queries."""
    # The first place stays empty, so that no column begins at 0.
    n_weights = 1 + int((queries.indptr[asked + 1] - queries.indptr[asked]).sum())
    return Desk(
        marks=np.zeros(MARKS, np.uint8),
        shared=np.empty(n_terms + 1, np.uint64),
        begin=np.zeros(n_terms, np.int32),
        end=np.zeros(n_terms, np.int32),
        asking=np.empty(n_weights, np.int32),
        weights=np.empty(n_weights, queries.data.dtype),
        sums=np.empty(asked.size, np.float64),
        least=np.zeros(asked.size, np.float32),
        size=np.zeros(asked.size, np.int64),
    )


@uncounted
def read_rows(
    given: Postings, queries: Queries, desk: Desk, asked: Longs, rows: Integers, scores: Scores
) -> None:
    """Rank the best candidates of a block of queries.

    Parameters
    ----------
    given : Postings
    queries : Queries
    desk : Desk
        One that nobody used before.
    asked : ndarray of int64
        Which queries.
    rows, scores : ndarray, shape (n_queries, k)
        −1 and 0.0 where nothing is found; filled.
    """
    n_asked = np.uint64(asked.size)
    transpose(queries, desk, asked)
    for row in range(given.indptr.size - 1):
        for place in range(n_asked):
            # Any product, even one of zero, takes the sign away: who keeps it shares no term.
            desk.sums[place] = -0.0
        add_row(given, desk, row)
        for place in range(n_asked):
            total, query = desk.sums[place], asked[place]
            if np.float32(total) < desk.least[place] or np.copysign(1.0, total) < 0.0:
                continue
            if not is_left_out(queries, query, row):
                desk.size[place] = push(rows, scores, query, desk.size[place], row, total)
                if desk.size[place] == rows.shape[1]:
                    desk.least[place] = scores[query, 0]
    for place in range(n_asked):
        unload(rows, scores, asked[place], desk.size[place])


@inlined
def transpose(queries: Queries, desk: Desk, asked: Longs) -> None:
    """Put what the queries ask for in the order of the columns."""
    for query in asked:
        for at in range(np.uint64(queries.indptr[query]), np.uint64(queries.indptr[query + 1])):
            column = np.uint64(queries.indices[at])
            desk.marks[column & REMAINDER] = 1
            desk.end[column] += 1
    free = 1
    for place in range(asked.size):
        query = asked[place]
        for at in range(np.uint64(queries.indptr[query]), np.uint64(queries.indptr[query + 1])):
            column = np.uint64(queries.indices[at])
            if desk.begin[column] == 0:
                # Until here the end was how many they are.
                count = desk.end[column]
                desk.begin[column] = desk.end[column] = free
                free += count
            to = desk.end[column]
            desk.asking[to], desk.weights[to] = place, queries.data[at]
            desk.end[column] += 1


@inlined
def add_row(given: Postings, desk: Desk, row: int) -> None:
    """Add the products of a candidate's terms, in the order of the columns, in float64."""
    # Where few queries are asked most terms are not shared: only those that may be are looked up.
    count = np.uint64(0)
    for at in range(np.uint64(given.indptr[row]), np.uint64(given.indptr[row + 1])):
        desk.shared[count] = at
        count += np.uint64(desk.marks[np.uint64(given.indices[at]) & REMAINDER])
    for place in range(count):
        found = desk.shared[place]
        column, weight = np.uint64(given.indices[found]), np.float64(given.data[found])
        for at in range(np.uint64(desk.begin[column]), np.uint64(desk.end[column])):
            desk.sums[desk.asking[at]] += weight * np.float64(desk.weights[at])
