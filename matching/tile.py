"""Bounds of all candidates of a tile for one query, in whole numbers of 16 bits."""

from typing import Any

import numpy as np

from matching.compiled import compiled
from matching.heap import push
from matching.postings import Bytes, Flags, Integers, Shorts, Whole, Words, byte_of
from matching.query_terms import MOST_TERMS
from matching.scoring import is_left_out

HIT = 0x8000
"""An accumulator starts at this less the threshold, so that its highest bit tells who reaches it."""

_HITS = np.uint64(0x8000_8000_8000_8000)
_ONES = np.uint64(0x0001_0001_0001_0001)
_EVEN = np.uint64(0x00FF_00FF_00FF_00FF)
# Words that are looked at together for a hit.
_CHUNK = 64


@compiled
def fill(words: Words, base: int, times: int, norms: Words) -> None:
    """Start every accumulator at the base and the bound of the groups passed over; four in one word."""
    low, factor = np.uint64(base) * _ONES, np.uint64(times)
    for at in range(np.uint64(norms.size)):
        here = norms[at]
        words[np.uint64(2) * at] = (here & _EVEN) * factor + low
        words[np.uint64(2) * at + np.uint64(1)] = ((here >> np.uint64(8)) & _EVEN) * factor + low


@compiled
def add_postings(
    accumulator: Shorts,
    start: Whole,
    local: Shorts,
    level: Bytes,
    terms: Integers,
    weights: Whole,
    lists: Whole,
) -> None:
    """Add the products of a query's terms, rounded up, to the accumulators of their candidates."""
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
    lists[0, MOST_TERMS] = touched
    for place in range(count):
        weight = lists[2, place]
        # Unsigned, so that no index is looked at for being negative.
        for at in range(np.uint64(lists[0, place]), np.uint64(lists[1, place])):
            accumulator[local[at]] += np.uint16((weight * level[at] + np.uint32(255)) >> np.uint32(8))


@compiled
def collect_hits(accumulator: Shorts, words: Words, least: int, hits: Integers) -> int:
    """List the candidates of a tile whose accumulator reaches a number at or above `HIT`."""
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
def bound_hits(
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
def highest(
    accumulator: Shorts,
    n_rows: int,
    begin_row: int,
    flags: Flags,
    excluded: Integers,
    found: Integers,
    k: int,
) -> int:
    """Find the candidates of a tile that have the highest bounds, as many as k."""
    count, least = 0, HIT
    heap_rows, heap_bounds = found[: min(k, n_rows)], np.empty(min(k, n_rows), np.float32)
    for at in range(n_rows):
        if accumulator[at] >= least and not is_left_out(flags, begin_row + at, excluded):
            count = push(heap_rows, heap_bounds, count, at, float(accumulator[at]))
            if count == heap_rows.size:
                least = int(heap_bounds[0]) + 1
    return count
