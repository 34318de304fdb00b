"""Exact search over prepared candidates: bounds in whole numbers first, exact scores for the few left."""

from typing import Any

import numpy as np
import numpy.typing as npt

from matching.compiled import compiled
from matching.postings import Bytes, Floats, Integers, Longs, Postings, Reals, Shorts, Whole, Words, byte_of

Flags = npt.NDArray[np.bool_]
Scores = npt.NDArray[np.float32]

# An accumulator starts at HIT less the threshold, so that its highest bit tells who reaches the threshold.
_HIT = 0x8000
_HITS = np.uint64(0x8000_8000_8000_8000)
_ONES = np.uint64(0x0001_0001_0001_0001)
_EVEN = np.uint64(0x00FF_00FF_00FF_00FF)
# The bound of the highest possible score stays below this.
_FULL = 32_000.0
_UP = 1.0 + 1e-6
# Words that are looked at together for a hit.
_CHUNK = 64
# A query of more terms, or with a norm or a weight beyond these, reads every row.
_MOST_TERMS = 4_000
_LOWEST_NORM, _HIGHEST_NORM, _LOWEST_WEIGHT = 1e-12, 1e12, 1e-100
# What bounding and scoring a candidate cost, in postings.
_PRICE_OF_BOUND, _PRICE_OF_SCORE = 10, 150


@compiled
def worse(score: np.float32, row: int, other_score: np.float32, other_row: int) -> bool:
    """Tell whether the first ranks below the second."""
    return bool(score < other_score or (score == other_score and row > other_row))


@compiled
def push(rows: Integers, scores: Scores, size: int, row: int, score: float) -> int:
    """Put a candidate on the heap of the best, the worst of them on top; give the heap's size.

    The score is rounded here; one below zero, that of a candidate without a shared term, is passed over.
    """
    k, rounded = rows.size, np.float32(score)
    if rounded < 0.0:
        return size
    if size < k:
        at = size
        while at > 0:
            above = (at - 1) >> 1
            if not worse(rounded, row, scores[above], rows[above]):
                break
            rows[at], scores[at] = rows[above], scores[above]
            at = above
        rows[at], scores[at] = row, rounded
        return size + 1
    if worse(scores[0], rows[0], rounded, row):
        _sift(rows, scores, size, row, rounded)
    return size


@compiled
def _sift(rows: Integers, scores: Scores, size: int, row: int, score: np.float32) -> None:
    """Put a candidate in the place of the top and let it sink."""
    at = 0
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        if below + 1 < size and worse(scores[below + 1], rows[below + 1], scores[below], rows[below]):
            below += 1
        if not worse(scores[below], rows[below], score, row):
            break
        rows[at], scores[at] = rows[below], scores[below]
        at = below
    rows[at], scores[at] = row, score


@compiled
def unload(rows: Integers, scores: Scores, size: int) -> None:
    """Turn the heap into a ranking, best first."""
    for last in range(size - 1, 0, -1):
        row, score = rows[last], scores[last]
        rows[last], scores[last] = rows[0], scores[0]
        _sift(rows, scores, last, row, score)


@compiled
def exact(indptr: Longs, indices: Integers, data: Floats, asked: Floats, row: int) -> float:
    """Sum a score in the order of the columns, in float64; −1 where no term is shared."""
    total = 0.0
    for at in range(np.uint64(indptr[row]), np.uint64(indptr[row + 1])):
        total += np.float64(data[at]) * np.float64(asked[np.uint32(indices[at])])
    if total > 0.0:
        return total
    for at in range(indptr[row], indptr[row + 1]):
        if asked[indices[at]] > 0.0:
            return 0.0
    return -1.0


@compiled
def _load(asked: Floats, columns: Integers, data: Floats) -> None:
    for at in range(columns.size):
        asked[columns[at]] = data[at]


@compiled
def _clear(asked: Floats, columns: Integers) -> None:
    for at in range(columns.size):
        asked[columns[at]] = 0.0


@compiled
def _is_left_out(flags: Flags, row: int, excluded: Integers) -> bool:
    if flags.size and flags[row]:
        return True
    low, high = 0, excluded.size
    while low < high:
        middle = (low + high) >> 1
        if excluded[middle] < row:
            low = middle + 1
        else:
            high = middle
    return low < excluded.size and excluded[low] == row


@compiled
def _read_all(
    indptr: Longs,
    indices: Integers,
    data: Floats,
    asked: Floats,
    flags: Flags,
    excluded: Integers,
    rows: Integers,
    scores: Scores,
) -> int:
    size = 0
    for row in range(indptr.size - 1):
        score = exact(indptr, indices, data, asked, row)
        if score >= 0.0 and not _is_left_out(flags, row, excluded):
            size = push(rows, scores, size, row, score)
    return size


@compiled
def _score(
    indptr: Longs,
    indices: Integers,
    data: Floats,
    asked: Floats,
    begin_row: int,
    hits: Integers,
    bounds: Integers,
    base: int,
    guess: float,
    unit: float,
    flags: Flags,
    excluded: Integers,
    rows: Integers,
    scores: Scores,
    size: int,
) -> int:
    """Score the candidates of a tile whose bound still reaches the threshold; give the heap's size."""
    # Something of every cache line is read first, so that the rows are fetched side by side.
    touched = 0.0
    for place in range(np.uint64(hits.size)):
        row = np.uint64(begin_row + hits[place])
        for at in range(np.uint64(indptr[row]), np.uint64(indptr[row + np.uint64(1)]), np.uint64(16)):
            touched += indices[at] + data[at]
    for place in range(hits.size):
        row = begin_row + hits[place]
        if bounds[place] < base + _threshold(scores, size, guess, unit) or _is_left_out(flags, row, excluded):
            continue
        size = push(rows, scores, size, row, exact(indptr, indices, data, asked, row))
    # Never so, but the compiler does not know: it would leave the reading out.
    return -1 if touched < 0.0 else size


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
        _count_rare(given.rank_of, given.rare_start, n_tiled, indices[offset : indptr[last]]), np.int32
    )
    words = accumulator.view(np.uint64)
    hits = np.empty(accumulator.size, np.int32)
    bounds = np.empty(accumulator.size, np.int32)
    lists = np.empty((3, _MOST_TERMS + 1), np.uint32)

    for query in range(n_queries):
        begin, end = indptr[first + query], indptr[first + query + 1]
        columns, asking = indices[begin:end], data[begin:end]
        rare_ends[query + 1] = rare_ends[query]
        if begin == end:
            continue
        unit[query] = _unit(given.rank_of, given.scale, given.norm[0], columns, asking)
        if unit[query] == 0.0:
            _load(asked, columns, asking)
            size[query] = _read_all(
                given.indptr,
                given.indices,
                given.data,
                asked,
                flags,
                _excluded_of(excluded_indptr, excluded_rows, first + query),
                rows[first + query],
                scores[first + query],
            )
            _clear(asked, columns)
            continue
        _classify(
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
        rare_ends[query + 1] += _collect_rare(
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
                least = _threshold(own_scores, size[query], guess[query], unit[query])
                base = _HIT - least
                # Bounds of the groups passed over, then the postings of the other terms.
                times = of_step[query, here]
                norms = norm_words[max(here - 1, 0)]
                _fill(words, base, times, norms)
                from_term, to_term = (
                    begin - offset + ends[query, here],
                    begin - offset + ends[query, steps + 1],
                )
                _add_postings(
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
                    n_primed += _highest(
                        accumulator, end_row - begin_row, begin_row, flags, excluded, hits[n_rare:], k
                    )
                    for place in range(n_rare, n_primed):
                        accumulator[hits[place]] = 0
                _load(asked, indices[begin:end], data[begin:end])
                for place in range(n_primed):
                    bounds[place] = base + _HIT
                size[query] = _score(
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
                    guess[query] = _guess(own_scores, part)
                least = base + _threshold(own_scores, size[query], guess[query], unit[query])
                n_hits = _collect_hits(accumulator, words[: 2 * norms.size], least, hits)
                n_left = _bound(
                    accumulator,
                    least,
                    times,
                    norms,
                    of_group[query, : here * groups_a_step],
                    given.signature[begin_row:end_row],
                    hits[:n_hits],
                    bounds,
                )
                size[query] = _score(
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
                _clear(asked, indices[begin:end])
                if unknown:
                    continue
                if attempt == 0 and size[query] == k:
                    guess[query] = max(guess[query], _guess(own_scores, part))
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


@compiled
def _collect_rare(
    rank_of: Integers,
    rare_start: Whole,
    rare: Integers,
    n_tiled: int,
    columns: Integers,
    seen: Flags,
    found: Integers,
) -> int:
    """List the candidates of the rare terms of a query, each once."""
    count = 0
    for at in range(columns.size):
        rank = rank_of[columns[at]] - n_tiled
        if rank >= 0:
            for place in range(rare_start[rank], rare_start[rank + 1]):
                if not seen[rare[place]]:
                    seen[rare[place]] = True
                    found[count] = rare[place]
                    count += 1
    for at in range(count):
        seen[found[at]] = False
    return count


@compiled
def _fill(words: Words, base: int, times: int, norms: Words) -> None:
    """Start every accumulator at the base and the bound of the groups passed over; four in one word."""
    low, factor = np.uint64(base) * _ONES, np.uint64(times)
    for at in range(np.uint64(norms.size)):
        here = norms[at]
        words[np.uint64(2) * at] = (here & _EVEN) * factor + low
        words[np.uint64(2) * at + np.uint64(1)] = ((here >> np.uint64(8)) & _EVEN) * factor + low


@compiled
def _add_postings(
    accumulator: Shorts,
    start: Whole,
    local: Shorts,
    level: Bytes,
    terms: Integers,
    weights: Whole,
    lists: Whole,
) -> None:
    # Where the lists start is read for all terms first, and the first posting of each: the processor then
    # waits for main memory once, not for every list.
    count, touched = np.uint64(0), np.uint32(0)
    for place in range(np.uint64(terms.size)):
        term = np.uint32(terms[place])
        begin, end = start[term], start[term + np.uint32(1)]
        lists[0, count] = begin
        lists[1, count] = end
        lists[2, count] = weights[place]
        count += np.uint64(end > begin)
    for place in range(count):
        touched += np.uint32(local[lists[0, place]] + level[lists[0, place]])
    # Kept, or the compiler would leave the reading out.
    lists[0, _MOST_TERMS] = touched
    for place in range(count):
        weight = lists[2, place]
        # Unsigned, so that no index is looked at for being negative.
        for at in range(np.uint64(lists[0, place]), np.uint64(lists[1, place])):
            accumulator[local[at]] += np.uint16((weight * level[at] + np.uint32(255)) >> np.uint32(8))


@compiled
def _collect_hits(accumulator: Shorts, words: Words, least: int, hits: Integers) -> int:
    count = 0
    for begin in range(np.uint64(0), np.uint64(words.size), np.uint64(_CHUNK)):
        end = min(np.uint64(words.size), begin + np.uint64(_CHUNK))
        found = np.uint64(0)
        for word in range(begin, end):
            found |= words[word]
        if found & _HITS:
            for word in range(begin, end):
                if words[word] & _HITS:
                    for at in range(np.uint64(4) * word, np.uint64(4) * word + np.uint64(4)):
                        hits[count] = at
                        count += accumulator[at] >= least
    return count


@compiled
def _bound(
    accumulator: Shorts,
    least: int,
    times: int,
    norms: Words,
    of_group: Whole,
    signature: Bytes,
    hits: Integers,
    bounds: Integers,
) -> int:
    """Keep the hits that reach the threshold with the sharper bound of the single groups."""
    count = 0
    for place in range(np.uint64(hits.size)):
        at = hits[place]
        bound: Any = np.int64(accumulator[at])
        if of_group.size:
            norm = (norms[at >> 3] >> np.uint64(8 * byte_of(at))) & np.uint64(255)
            more = np.uint32(255)
            for group in range(np.uint64(of_group.size)):
                more += np.uint32(of_group[group] * signature[at, group])
            bound += np.int64(more >> np.uint32(8)) - np.int64(times) * np.int64(norm)
        hits[count] = at
        bounds[count] = bound
        count += bound >= least
    return count


@compiled
def _guess(scores: Scores, part: float) -> float:
    """Guess what the k-th best of all reaches from the k best of a part; −1 where the k-th of these is best.

    Were the candidates in no order, the part would have k * part of the k best of all, give or take the
    square root of that: the score of one a little further down is surpassed by k others nearly always.
    """
    k, expected = scores.size, scores.size * part
    rank = int(np.ceil(expected + 2.0 * np.sqrt(expected * (1.0 - part)) + 0.5))
    if rank >= k:
        return -1.0
    left, nobody = scores.copy(), np.zeros(k, np.int32)
    for size in range(k - 1, rank - 1, -1):
        _sift(nobody, left, size, 0, left[size])
    return float(left[0])


@compiled
def _count_rare(rank_of: Integers, rare_start: Whole, n_tiled: int, columns: Integers) -> int:
    count = 0
    if rank_of.size:
        for at in range(columns.size):
            rank = rank_of[columns[at]] - n_tiled
            if rank >= 0:
                count += rare_start[rank + 1] - rare_start[rank]
    return count


@compiled
def _excluded_of(indptr: Longs, rows: Integers, query: int) -> Integers:
    if indptr.size:
        return rows[indptr[query] : indptr[query + 1]]
    return rows[:0]


@compiled
def _unit(rank_of: Integers, scale: Scores, largest_norm: float, columns: Integers, data: Floats) -> float:
    """Choose how many whole numbers a score of one is for a query; 0 where it must read every row."""
    if not rank_of.size or columns.size > _MOST_TERMS:
        return 0.0
    square = rounding = 0.0
    for at in range(columns.size):
        weight = np.float64(data[at])
        if weight < _LOWEST_WEIGHT:
            return 0.0
        square += weight * weight
        rank = rank_of[columns[at]]
        if 0 <= rank < scale.size:
            rounding += weight * np.float64(scale[rank])
    norm = np.sqrt(square)
    if not _LOWEST_NORM < norm < _HIGHEST_NORM:
        return 0.0
    # The sum of all bounds of one candidate: its score at most the product of the norms, every weight and
    # norm rounded up by a level, every product by one or two.
    most = norm * largest_norm * (1.0 + 1.0 / 255.0) + rounding
    return float((_FULL - 2.0 * columns.size - 256.0) / (most * _UP))


@compiled
def _classify(
    rank_of: Integers,
    scale: Scores,
    n_documents: Integers,
    group_end: Integers,
    group_unit: Reals,
    step_unit: Reals,
    columns: Integers,
    data: Floats,
    unit: float,
    terms: Integers,
    weights: Whole,
    ends: Longs,
    work: Longs,
    of_step: Longs,
    of_group: Whole,
) -> None:
    """Sort the terms of a query by class and round its weights and norms up to whole numbers.

    A class holds the terms of the groups of one step, the last class those that are in no group; `ends` is
    where each starts, and where the last one ends.
    """
    n_tiled, steps, groups = scale.size, step_unit.size, group_unit.size
    groups_a_step = groups // steps
    squares = np.zeros(groups, np.float64)
    classes = np.empty(columns.size, np.int64)
    for at in range(columns.size):
        rank = rank_of[columns[at]]
        classes[at] = -1
        if rank < 0 or rank >= n_tiled:
            continue
        group = 0
        while group < groups and rank >= group_end[group]:
            group += 1
        classes[at] = group // groups_a_step
        ends[classes[at] + 1] += 1
        work[classes[at]] += n_documents[rank]
        if group < groups:
            squares[group] += np.float64(data[at]) * np.float64(data[at])
    for number in range(steps + 1):
        ends[number + 1] += ends[number]
    free = ends.copy()
    for at in range(columns.size):
        if classes[at] >= 0:
            rank = rank_of[columns[at]]
            place = free[classes[at]]
            free[classes[at]] += 1
            terms[place] = rank
            weights[place] = np.uint32(
                np.ceil(np.float64(data[at]) * np.float64(scale[rank]) * unit * 256.0 * _UP)
            )
    total = 0.0
    for group in range(groups):
        total += squares[group]
        of_group[group] = np.uint32(np.ceil(np.sqrt(squares[group]) * group_unit[group] * unit * 256.0 * _UP))
        if group % groups_a_step == groups_a_step - 1:
            number = group // groups_a_step
            of_step[number + 1] = np.int64(np.ceil(np.sqrt(total) * step_unit[number] * unit * _UP))


@compiled
def _threshold(scores: Scores, size: int, guess: float, unit: float) -> int:
    """Give the whole number that the bound of a candidate must reach to be among the best."""
    reached = max(guess, scores[0]) if size == scores.size else guess
    return max(1, int(np.floor(np.float64(reached) * unit * (1.0 - 1e-6))))


@compiled
def _highest(
    accumulator: Shorts,
    n_rows: int,
    begin_row: int,
    flags: Flags,
    excluded: Integers,
    found: Integers,
    k: int,
) -> int:
    """Find the candidates of a tile that have the highest bounds, as many as k."""
    count, least = 0, _HIT
    heap_rows, heap_bounds = found[: min(k, n_rows)], np.empty(min(k, n_rows), np.float32)
    for at in range(n_rows):
        if accumulator[at] >= least and not _is_left_out(flags, begin_row + at, excluded):
            count = push(heap_rows, heap_bounds, count, at, float(accumulator[at]))
            if count == heap_rows.size:
                least = int(heap_bounds[0]) + 1
    return count
