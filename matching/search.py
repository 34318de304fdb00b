"""Exact search over prepared candidates: bounds in whole numbers first, exact scores for the few left."""

import numpy as np

from matching.compiled import inlined, uncounted
from matching.heap import unload
from matching.postings import QUAD, STEPS, Integers, Longs, Postings, Reals, Scores
from matching.query_terms import classify, collect_rare, unit_of
from matching.room import Queries, Room
from matching.scoring import clear, guess_of, load, score_hits, threshold
from matching.tile import (
    HIT,
    add_dense,
    add_postings,
    bound_hits,
    collect_highest,
    collect_hits,
    collect_rare_hits,
    fill,
    leave_out,
    lower,
)

# What bounding a candidate and looking at one of its terms to score it cost, in postings.
_PRICE_OF_BOUND, _PRICE_OF_TERM = 10, 4
# Queries after which the cost of a number of steps is known.
_TRIALS = 8


@uncounted
def search(
    given: Postings, queries: Queries, room: Room, first: int, last: int, rows: Integers, scores: Scores
) -> None:
    """Rank the best candidates of queries first … last, a block.

    Those left with a unit of 0 must read every row, see `matching.exhaustive`.

    Parameters
    ----------
    given : Postings
    queries : Queries
    room : Room
    first, last : int
    rows, scores : ndarray, shape (n_queries, k)
        −1 and 0.0 where nothing is found; filled.
    """
    n_queries, n_tiles, k = last - first, given.start.shape[0], rows.shape[1]
    room.rare_ends[0] = 0
    for place in range(n_queries):
        prepare(given, queries, first + place, room, place, queries.indptr[first])
    # The second round is for queries whose guess was too high: what they found is a threshold that holds.
    for attempt in range(2):
        for number in range(n_tiles):
            for place in range(n_queries):
                if room.pending[place]:
                    visit(given, queries, first + place, room, place, number, attempt == 0, rows, scores)
        for place in range(n_queries):
            if room.pending[place]:
                reached = scores[first + place, 0] if room.size[place] == k else np.float32(-1.0)
                room.pending[place] = reached < room.guess[place]
                room.guess[place] = reached
                if room.pending[place]:
                    room.size[place] = 0
    for place in range(n_queries):
        unload(rows, scores, first + place, room.size[place])


@inlined
def prepare(given: Postings, queries: Queries, query: int, room: Room, place: int, offset: int) -> None:
    """Make a query of a block ready."""
    room.size[place], room.guess[place], room.step[place] = 0, -1.0, -1
    room.rare_ends[place + 1] = room.rare_ends[place]
    room.unit[place] = unit_of(given, queries, query, room)
    room.pending[place] = room.unit[place] > 0.0
    if room.pending[place]:
        classify(given, queries, query, room, place, offset)
        collect_rare(given, queries, query, room, place)


@inlined
def visit(
    given: Postings,
    queries: Queries,
    query: int,
    room: Room,
    place: int,
    number: int,
    is_guessing: bool,
    rows: Integers,
    scores: Scores,
) -> None:
    """Search a tile for a query."""
    k, n, begin_row = rows.shape[1], given.indptr.size - 1, given.tile_row[number]
    end_row = given.tile_row[number + 1]
    n_rows = end_row - begin_row
    n_padded = (n_rows + 63) >> 6 << 6
    unit, size = room.unit[place], room.size[place]
    guess: float = np.float64(room.guess[place])
    is_unknown, is_fresh = size < k and guess < 0.0, room.step[place] < 0
    here = room.usual[int(is_unknown)] if is_fresh else room.step[place]
    base = HIT - threshold(scores, query, size, guess, unit)
    # Bounds of the groups passed over, then the postings of the other terms.
    times = room.of_step[place, here]
    first_dense, last_dense = room.ends[place, STEPS + 1 + here], room.ends[place, 2 * STEPS + 1]
    rounding = (last_dense - first_dense + QUAD - 1) // QUAD
    fill(given.step_norm, room.accumulator, here, times, base + rounding, begin_row, n_padded)
    add_dense(given, room, first_dense, last_dense, begin_row, n_padded)
    add_postings(given, room, number, room.ends[place, here], room.ends[place, STEPS + 1])
    leave_out(queries, query, room, begin_row, n_rows, n_padded)
    n_bounded, n_left = 0, collect_rare_hits(queries, query, room, place, begin_row, end_row, base)
    if is_unknown:
        n_left = collect_highest(room, n_padded, k, n_left)
    load(queries, query, room.loaded, room.marks)
    # First those found so, then all others that reach the threshold that these set. A loop, since what scores
    # them would be compiled twice.
    for is_last in range(2):
        if is_last:
            least = base + threshold(scores, query, size, guess, unit)
            if is_unknown:
                # Only the highest bit tells at once who reaches it.
                lower(room.accumulator, n_padded, least - HIT)
                base, least = base - (least - HIT), HIT
            n_bounded = collect_hits(room, n_padded, least)
            n_left = bound_hits(given, room, place, here, times, begin_row, n_bounded, least)
        size = score_hits(given, room, query, begin_row, n_left, base, guess, unit, rows, scores, size)
        if is_guessing and size == k and (is_last or is_unknown):
            guess = max(guess, guess_of(scores, query, end_row / n, room.heap_scores, room.heap_rows))
    clear(queries, query, room.loaded, room.marks)
    room.size[place], room.guess[place] = size, guess
    price_of_score = _PRICE_OF_TERM * given.indices.size / n
    price = (n_bounded * _PRICE_OF_BOUND + n_left * price_of_score) * n / n_rows
    if is_unknown:
        # What a tile costs without a threshold says nothing of the others.
        room.usual[1] = cheapest_step(room.work[place], room.tried, room.cost, here, price)
        return
    # Pass over more terms while that saves more than the extra bounds cost, and the other way.
    if here < STEPS and 2 * price < room.work[place, here]:
        here += 1
    elif here and price > 2 * room.work[place, here - 1]:
        here -= 1
    room.step[place] = here
    if is_fresh:
        room.usual[0] = here


@inlined
def cheapest_step(work: Longs, tried: Reals, cost: Reals, here: int, price: float) -> int:
    """Choose the steps for the next query without a threshold by what those of the queries before cost.

    One more or one less is tried where it is not known. The price of one query says little: a few that are
    dear decide.
    """
    tried[here] += 1
    cost[here] += price
    for number in range(here, STEPS):
        cost[here] += work[number]
    if tried[here] < _TRIALS:
        return here
    untried = here
    for other in range(max(here - 1, 0), min(here + 1, STEPS) + 1):
        if tried[other] < _TRIALS:
            untried = other
        elif cost[other] * tried[here] < cost[here] * tried[other]:
            return other
    return untried
