"""Exact search over prepared candidates: bounds in whole numbers first, exact scores for the few left."""

import numpy as np

from matching.compiled import compiled
from matching.heap import unload
from matching.postings import Flags, Floats, Integers, Longs, Postings, Scores, Shorts
from matching.query_terms import MOST_TERMS, classify, collect_rare, count_rare, unit_of
from matching.scoring import clear, guess_of, load, read_all, score_rows, threshold
from matching.tile import HIT, add_postings, bound_hits, collect_hits, fill, highest

# What bounding and scoring a candidate cost, in postings.
_PRICE_OF_BOUND, _PRICE_OF_SCORE = 10, 150


@compiled
def _excluded_of(indptr: Longs, rows: Integers, query: int) -> Integers:
    if indptr.size:
        return rows[indptr[query] : indptr[query + 1]]
    return rows[:0]


@compiled
def search(  # noqa: C901, PLR0912, PLR0915 - the loops share what they change: calls would pass it all
    given: Postings,
    indptr: Longs,
    indices: Integers,
    data: Floats,
    first: int,
    last: int,
    flags: Flags,
    excluded_indptr: Longs,
    excluded_rows: Integers,
    asked: Floats,
    seen: Flags,
    accumulator: Shorts,
    rows: Integers,
    scores: Scores,
) -> None:
    """Rank the best candidates of queries first … last.

    Parameters
    ----------
    given : Postings
    indptr, indices, data : ndarray
        Queries as canonical CSR, with the dtype of the candidates.
    first, last : int
        Which of them.
    flags : ndarray of bool, shape (n_candidates,) or (0,)
        Candidates that no query may find.
    excluded_indptr, excluded_rows : ndarray
        Candidates that a query may not find, as CSR; shape (0,) for none.
    asked : ndarray, shape (n_terms,)
        Zeros, and zeros again at the end.
    seen : ndarray of bool, shape (n_candidates,)
        All false, and so again at the end.
    accumulator : ndarray of uint16
        As many as the largest tile has candidates.
    rows, scores : ndarray, shape (n_queries, k)
        −1 and 0.0 where nothing is found; filled.
    """
    n, n_tiles, n_tiled = given.indptr.size - 1, given.start.shape[0], given.scale.size
    steps, groups = given.step_unit.size, given.group_unit.size
    groups_a_step = groups // steps
    n_queries, offset, k = last - first, indptr[first], rows.shape[1]
    size = np.zeros(n_queries, np.int64)
    unit = np.zeros(n_queries, np.float64)
    # What the score of the k-th best is guessed to reach; −1 for no guess.
    guess = np.full(n_queries, -1.0, np.float32)
    step = np.full(n_queries, -1, np.int64)
    pending = np.zeros(n_queries, np.bool_)
    # Terms of a query by class: those of the first groups, of the next, …, those never passed over.
    terms = np.empty(indptr[last] - offset, np.int32)
    weights = np.empty(indptr[last] - offset, np.uint32)
    ends = np.zeros((n_queries, steps + 2), np.int64)
    work = np.zeros((n_queries, steps + 1), np.int64)
    of_step = np.zeros((n_queries, steps + 1), np.int64)
    of_group = np.zeros((n_queries, groups), np.uint32)
    rare_ends = np.zeros(n_queries + 1, np.int64)
    rare = np.empty(
        count_rare(given.rank_of, given.rare_start, n_tiled, indices[offset : indptr[last]]), np.int32
    )
    words = accumulator.view(np.uint64)
    hits = np.empty(accumulator.size, np.int32)
    bounds = np.empty(accumulator.size, np.int32)
    lists = np.empty((3, MOST_TERMS + 1), np.uint32)

    for query in range(n_queries):
        begin, end = indptr[first + query], indptr[first + query + 1]
        columns, asking = indices[begin:end], data[begin:end]
        rare_ends[query + 1] = rare_ends[query]
        if begin == end:
            continue
        unit[query] = unit_of(given.rank_of, given.scale, given.norm[0], columns, asking)
        if unit[query] == 0.0:
            load(asked, columns, asking)
            size[query] = read_all(
                given.indptr,
                given.indices,
                given.data,
                asked,
                flags,
                _excluded_of(excluded_indptr, excluded_rows, first + query),
                rows[first + query],
                scores[first + query],
            )
            clear(asked, columns)
            continue
        classify(
            given.rank_of,
            given.scale,
            given.n_documents,
            given.group_end,
            given.group_unit,
            given.step_unit,
            columns,
            asking,
            unit[query],
            terms[begin - offset : end - offset],
            weights[begin - offset : end - offset],
            ends[query],
            work[query],
            of_step[query],
            of_group[query],
        )
        rare_ends[query + 1] += collect_rare(
            given.rank_of, given.rare_start, given.rare, n_tiled, columns, seen, rare[rare_ends[query] :]
        )
        pending[query] = True

    usual_step = steps // 4
    # The second round is for queries whose guess was too high: what they found is a threshold that holds.
    for attempt in range(2):
        for query in range(n_queries):
            if pending[query]:
                size[query] = 0
        for number in range(n_tiles):
            begin_row, end_row = given.tile_row[number], given.tile_row[number + 1]
            part = end_row / n
            norm_words = given.step_norm[:, begin_row >> 3 : (end_row + 63) >> 6 << 3]
            local = given.local[given.tile_start[number] : given.tile_start[number + 1]]
            level = given.level[given.tile_start[number] : given.tile_start[number + 1]]
            for query in range(n_queries):
                if not pending[query]:
                    continue
                begin, end = indptr[first + query], indptr[first + query + 1]
                own_rows, own_scores = rows[first + query], scores[first + query]
                excluded = _excluded_of(excluded_indptr, excluded_rows, first + query)
                # Without a threshold no term is passed over.
                unknown = size[query] < k and guess[query] < 0.0
                fresh = step[query] < 0
                here = 0 if unknown else usual_step if fresh else step[query]
                least = threshold(own_scores, size[query], guess[query], unit[query])
                base = HIT - least
                # Bounds of the groups passed over, then the postings of the other terms.
                times = of_step[query, here]
                norms = norm_words[max(here - 1, 0)]
                fill(words, base, times, norms)
                from_term, to_term = (
                    begin - offset + ends[query, here],
                    begin - offset + ends[query, steps + 1],
                )
                add_postings(
                    accumulator,
                    given.start[number],
                    local,
                    level,
                    terms[from_term:to_term],
                    weights[from_term:to_term],
                    lists,
                )
                # The candidates of rare terms are scored at once: they are few.
                n_rare = 0
                for at in range(rare_ends[query], rare_ends[query + 1]):
                    if begin_row <= rare[at] < end_row:
                        hits[n_rare] = rare[at] - begin_row
                        accumulator[hits[n_rare]] = 0
                        n_rare += 1
                n_primed = n_rare
                if unknown:
                    # So are those with the highest bounds.
                    n_primed += highest(
                        accumulator, end_row - begin_row, begin_row, flags, excluded, hits[n_rare:], k
                    )
                    for place in range(n_rare, n_primed):
                        accumulator[hits[place]] = 0
                load(asked, indices[begin:end], data[begin:end])
                for place in range(n_primed):
                    bounds[place] = base + HIT
                size[query] = score_rows(
                    given.indptr,
                    given.indices,
                    given.data,
                    asked,
                    begin_row,
                    hits[:n_primed],
                    bounds,
                    base,
                    guess[query],
                    unit[query],
                    flags,
                    excluded,
                    own_rows,
                    own_scores,
                    size[query],
                )
                if unknown and attempt == 0 and size[query] == k:
                    guess[query] = guess_of(own_scores, part)
                least = base + threshold(own_scores, size[query], guess[query], unit[query])
                n_hits = collect_hits(accumulator, words[: 2 * norms.size], least, hits)
                n_left = bound_hits(
                    accumulator,
                    least,
                    times,
                    norms,
                    of_group[query, : here * groups_a_step],
                    given.signature[begin_row:end_row],
                    hits[:n_hits],
                    bounds,
                )
                size[query] = score_rows(
                    given.indptr,
                    given.indices,
                    given.data,
                    asked,
                    begin_row,
                    hits[:n_left],
                    bounds,
                    base,
                    guess[query],
                    unit[query],
                    flags,
                    excluded,
                    own_rows,
                    own_scores,
                    size[query],
                )
                clear(asked, indices[begin:end])
                if unknown:
                    continue
                if attempt == 0 and size[query] == k:
                    guess[query] = max(guess[query], guess_of(own_scores, part))
                # Pass over more terms while that saves more than the extra bounds cost, and the other way.
                price = (n_hits * _PRICE_OF_BOUND + n_left * _PRICE_OF_SCORE) * n / (end_row - begin_row)
                if here < steps and 2 * price < work[query, here]:
                    here += 1
                elif here and price > 2 * work[query, here - 1]:
                    here -= 1
                step[query] = here
                if fresh:
                    usual_step = here
        for query in range(n_queries):
            if pending[query]:
                reached = scores[first + query, 0] if size[query] == k else np.float32(-1.0)
                pending[query] = reached < guess[query]
                guess[query] = reached
    for query in range(n_queries):
        unload(rows[first + query], scores[first + query], size[query])
