"""Bounds of all candidates of a tile for one query, in whole numbers of 16 bits."""

import numpy as np

from matching.compiled import inner
from matching.heap import push
from matching.postings import GROUPS, STEPS, Postings
from matching.room import MOST_TERMS, Queries, Room
from matching.scoring import is_left_out

HIT = 0x8000
"""An accumulator starts at this less the threshold, so that its highest bit tells who reaches it."""

_HITS = np.uint64(0x8000_8000_8000_8000)
# Candidates, and words of four, that are looked at together.
_CHUNK, _CHUNK_OF_WORDS = np.uint64(32), np.uint64(32)
_HALF, _GROUPS_A_STEP = np.uint64(GROUPS // 2), np.uint64(GROUPS // STEPS)


@inner
def fill(given: Postings, room: Room, here: int, times: int, base: int, begin_row: int, n: int) -> None:
    """Start every accumulator at the base and the bound of the groups passed over."""
    low, factor = np.uint16(base), np.uint16(times)
    step, first = np.uint64(max(here - 1, 0)), np.uint64(begin_row)
    for at in range(np.uint64(n)):
        # Written as functions these stay numbers of 16 bits: written with signs they would become 64.
        room.accumulator[at] = np.add(np.multiply(factor, np.uint16(given.step_norm[step, first + at])), low)


@inner
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
                (weight * given.level[at] + np.uint32(255)) >> np.uint32(8)
            )


@inner
def collect_hits(room: Room, n: int, least: int) -> int:
    """List the candidates of a tile whose accumulator reaches a number at or above `HIT`."""
    count, n_words = np.uint64(0), np.uint64(n >> 2)
    for begin in range(np.uint64(0), n_words, _CHUNK_OF_WORDS):
        end = min(n_words, begin + _CHUNK_OF_WORDS)
        found = np.uint64(0)
        for word in range(begin, end):
            found |= room.words[word]
        if found & _HITS:
            for word in range(begin, end):
                if room.words[word] & _HITS:
                    for at in range(np.uint64(4) * word, np.uint64(4) * word + np.uint64(4)):
                        room.hits[count] = at
                        count += np.uint64(room.accumulator[at] >= least)
    return int(count)


@inner
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


@inner
def add_highest(queries: Queries, query: int, room: Room, begin_row: int, n_rows: int, n_hits: int) -> int:
    """Add the candidates of a tile that have the highest bounds, up to k; give how many hits there are."""
    count, least = 0, HIT
    for begin in range(np.uint64(0), np.uint64(n_rows), _CHUNK):
        # What stands beyond the last candidate of a tile is below `HIT`.
        end, top = begin + _CHUNK, np.uint16(0)
        for at in range(begin, end):
            top = max(top, room.accumulator[at])
        if top < least:
            continue
        for at in range(begin, end):
            if room.accumulator[at] >= least and not is_left_out(queries, query, begin_row + int(at)):
                count = push(
                    room.heap_rows, room.heap_scores, 0, count, int(at), np.float64(room.accumulator[at])
                )
                if count == room.heap_rows.shape[1]:
                    least = int(room.heap_scores[0, 0]) + 1
    for place in range(count):
        room.hits[n_hits + place] = room.heap_rows[0, place]
    return n_hits + count
