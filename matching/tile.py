"""Bounds of all candidates of a tile for one query, in whole numbers of 16 bits."""

import numpy as np

from matching.compiled import inlined
from matching.postings import GROUPS, QUAD, STEPS, Bytes, Integers, Postings, Shorts, Whole
from matching.room import MOST_TERMS, Queries, Room
from matching.scoring import first_left_out, is_left_out

HIT = 0x8000
"""An accumulator starts at this less the threshold, so that its highest bit tells who reaches it."""

_HITS = np.uint64(0x8000_8000_8000_8000)
# Words of four candidates that are looked at together.
_CHUNK_OF_WORDS = np.uint64(8)
# Columns for each of the k best.
_COLUMNS_A_BEST = 16
# Bits of the fraction of a weight; what the weights of four terms may sum up to, so that 255 times as much
# has 16 bits when each of them was rounded up.
_WHOLE, _MOST_OF_FOUR = np.uint64(16), np.uint64(252)
_HALF, _GROUPS_A_STEP = np.uint64(GROUPS // 2), np.uint64(GROUPS // STEPS)


@inlined
def fill(
    step_norm: Bytes, accumulator: Shorts, here: int, times: int, base: int, begin_row: int, n: int
) -> None:
    """Start every accumulator at the base and the bound of the groups passed over."""
    low, factor = np.uint16(base), np.uint16(times)
    step, first = np.uint64(max(here - 1, 0)), np.uint64(begin_row)
    for at in range(np.uint64(n)):
        # Written as functions these stay numbers of 16 bits: written with signs they would become 64.
        accumulator[at] = np.add(np.multiply(factor, np.uint16(step_norm[step, first + at])), low)


@inlined
def add_postings(given: Postings, room: Room, number: int, from_term: int, to_term: int) -> None:
    """Add the products of a query's terms, rounded up, to the accumulators of their candidates."""
    # Where the lists start is read for all terms first, and the first posting of each: the processor then
    # waits for main memory once, not for every list.
    count, touched = np.uint64(0), np.uint64(0)
    tile, offset = np.uint64(number), np.uint64(given.tile_start[number])
    for place in range(np.uint64(from_term), np.uint64(to_term)):
        term = np.uint64(room.terms[place])
        begin, end = given.start[tile, term], given.start[tile, term + np.uint64(1)]
        room.lists[0, count] = offset + np.uint64(begin)
        room.lists[1, count] = offset + np.uint64(end)
        room.lists[2, count] = room.weights[place]
        count += np.uint64(end > begin)
    for place in range(count):
        at = room.lists[0, place]
        touched += np.uint64(given.local[at]) + np.uint64(given.level[at])
    # Kept, or the compiler would leave the reading out.
    room.lists[0, MOST_TERMS] = touched
    for place in range(count):
        weight = np.uint32(room.lists[2, place])
        # Unsigned, so that no index is looked at for being negative.
        for at in range(room.lists[0, place], room.lists[1, place]):
            room.accumulator[given.local[at]] += np.uint16(
                (weight * given.level[at] + np.uint32(65_535)) >> np.uint32(16)
            )


@inlined
def add_dense(given: Postings, room: Room, from_term: int, to_term: int, begin_row: int, n: int) -> None:
    """Add the products of a query's dense terms to all accumulators, four terms at a time.

    The four weights are cut to so few bits, rounded up, that a sum of products has 16; what it is rounded
    down by stands in the base of all accumulators.
    """
    begin = np.uint64(begin_row)
    for first in range(from_term, to_term, QUAD):
        # Where fewer than four are left the others weigh nothing.
        one, one_weight = dense_term(room.terms, room.weights, first, to_term)
        two, two_weight = dense_term(room.terms, room.weights, first + 1, to_term)
        three, three_weight = dense_term(room.terms, room.weights, first + 2, to_term)
        four, four_weight = dense_term(room.terms, room.weights, first + 3, to_term)
        cut = cut_of(one_weight + two_weight + three_weight + four_weight)
        first_factor, second_factor = factor_of(one_weight, cut), factor_of(two_weight, cut)
        third_factor, fourth_factor = factor_of(three_weight, cut), factor_of(four_weight, cut)
        places = np.uint16(_WHOLE - cut)
        for at in range(np.uint64(n)):
            low = np.add(
                np.multiply(np.uint16(given.dense[one, begin + at]), first_factor),
                np.multiply(np.uint16(given.dense[two, begin + at]), second_factor),
            )
            high = np.add(
                np.multiply(np.uint16(given.dense[three, begin + at]), third_factor),
                np.multiply(np.uint16(given.dense[four, begin + at]), fourth_factor),
            )
            added = np.right_shift(np.add(low, high), places)
            room.accumulator[at] = np.add(room.accumulator[at], added)


@inlined
def dense_term(terms: Integers, weights: Whole, place: int, to_term: int) -> tuple[np.uint64, np.uint64]:
    """Give the rank and the weight of a dense term of a query; nothing of the first for one too many."""
    if place < to_term:
        return np.uint64(terms[place]), np.uint64(weights[place])
    return np.uint64(0), np.uint64(0)


@inlined
def cut_of(total: np.uint64) -> np.uint64:
    """Choose how many of the 16 bits of a fraction the weights of four terms lose."""
    cut = _WHOLE
    while cut > np.uint64(1) and total >> (cut - np.uint64(1)) <= _MOST_OF_FOUR:
        cut -= np.uint64(1)
    return cut


@inlined
def factor_of(weight: np.uint64, cut: np.uint64) -> np.uint16:
    """Round a weight up."""
    return np.uint16((weight + (np.uint64(1) << cut) - np.uint64(1)) >> cut)


@inlined
def leave_out(queries: Queries, query: int, room: Room, begin_row: int, n_rows: int, n_padded: int) -> None:
    """Take away the accumulators of nobody and of the candidates of a tile that a query may not find."""
    for at in range(n_rows, n_padded):
        room.accumulator[at] = 0
    if queries.flags.size:
        for at in range(np.uint64(n_rows)):
            kept = np.subtract(np.uint16(1), np.uint16(queries.flags[np.uint64(begin_row) + at]))
            room.accumulator[at] = np.multiply(room.accumulator[at], kept)
    if queries.excluded_indptr.size:
        at, end = first_left_out(queries, query, begin_row), queries.excluded_indptr[query + 1]
        while at < end and queries.excluded[at] < begin_row + n_rows:
            room.accumulator[queries.excluded[at] - begin_row] = 0
            at += 1


@inlined
def collect_rare_hits(
    queries: Queries, query: int, room: Room, place: int, begin_row: int, end_row: int, base: int
) -> int:
    """List the candidates of a tile that have a rare term of a query: they are few, all are scored."""
    count = 0
    for at in range(room.rare_ends[place], room.rare_ends[place + 1]):
        row = int(np.int64(room.rare[at]))
        if begin_row <= row < end_row and not is_left_out(queries, query, row):
            room.hits[count], room.bounds[count] = row - begin_row, base + HIT
            room.accumulator[row - begin_row] = 0
            count += 1
    return count


@inlined
def collect_highest(room: Room, n: int, k: int, n_hits: int) -> int:
    """Add to the hits those candidates that have the highest bounds, at least k if so many have one.

    The tile is looked at in columns: k candidates reach the k-th highest of their maxima, seldom many more.
    """
    width = np.uint64(min(n, (_COLUMNS_A_BEST * k + 63) >> 6 << 6))
    for column in range(width):
        room.highest[column] = room.accumulator[column]
    for begin in range(width, np.uint64(n), width):
        for column in range(min(width, np.uint64(n) - begin)):
            room.highest[column] = max(room.highest[column], room.accumulator[begin + column])
    least = kth_highest(room.highest, int(width), k)
    for column in range(width):
        if room.highest[column] >= least:
            for at in range(column, np.uint64(n), width):
                bound = room.accumulator[at]
                if bound >= least:
                    room.hits[n_hits], room.bounds[n_hits] = at, bound
                    room.accumulator[at] = 0
                    n_hits += 1
    return n_hits


@inlined
def kth_highest(highest: Shorts, width: int, k: int) -> int:
    """Find the k-th highest of the maxima of columns, bit by bit; `HIT` where fewer reach that."""
    least = np.uint16(HIT)
    for place in range(14, -1, -1):
        higher, count = np.uint16(least | np.uint16(1 << place)), np.uint32(0)
        for column in range(np.uint64(width)):
            count += np.uint32(highest[column] >= higher)
        if count >= np.uint32(k):
            least = higher
    return int(least)


@inlined
def lower(accumulator: Shorts, n: int, by: int) -> None:
    """Take a number from all accumulators, which stay at zero or above."""
    low = np.uint16(by)
    for at in range(np.uint64(n)):
        accumulator[at] = np.subtract(np.maximum(accumulator[at], low), low)


@inlined
def collect_hits(room: Room, n: int, least: int) -> int:
    """List the candidates of a tile whose accumulator reaches a number at or above `HIT`."""
    n_words = count = np.uint64(0)
    for begin in range(np.uint64(0), np.uint64(n >> 2), _CHUNK_OF_WORDS):
        found, end = np.uint64(0), begin + _CHUNK_OF_WORDS
        for word in range(begin, end):
            found |= room.words[word]
        if found & _HITS:
            # Without a branch for each, here and below: which of them reach it is hard to foresee.
            for word in range(begin, end):
                room.hit_words[n_words] = word
                n_words += np.uint64((room.words[word] & _HITS) > 0)
    for place in range(n_words):
        first = np.uint64(room.hit_words[place]) << np.uint64(2)
        for at in range(first, first + np.uint64(4)):
            room.hits[count] = at
            count += np.uint64(room.accumulator[at] >= least)
    return int(count)


@inlined
def bound_hits(
    given: Postings, room: Room, place: int, here: int, times: int, begin_row: int, n_hits: int, least: int
) -> int:
    """Keep the hits that reach the threshold with the sharper bound of the single groups."""
    for group in range(np.uint64(GROUPS)):
        norm = room.of_group[np.uint64(place), group]
        room.passed_over[group] = norm if group < np.uint64(here) * _GROUPS_A_STEP else np.uint32(0)
    step, touched = np.uint64(max(here - 1, 0)), np.uint8(0)
    # Read side by side first, as in `add_postings`.
    for hit in range(np.uint64(n_hits)):
        touched |= given.signature[np.uint64(begin_row + room.hits[hit]), 0]
    room.bounds[n_hits] = touched
    count = 0
    for hit in range(np.uint64(n_hits)):
        at = room.hits[hit]
        row, sharper = np.uint64(begin_row + at), np.uint32(255)
        for group in range(_HALF):
            levels = given.signature[row, group]
            sharper += np.uint32(room.passed_over[group] * (levels & 15))
            sharper += np.uint32(room.passed_over[group + _HALF] * (levels >> 4))
        bound = (
            np.int64(room.accumulator[np.uint64(at)])
            + np.int64(sharper >> np.uint32(8))
            - np.int64(times) * np.int64(given.step_norm[step, row])
        )
        room.hits[count] = at
        room.bounds[count] = bound
        count += int(bound >= least)
    return count
