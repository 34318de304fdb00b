"""Fewer gaps by simulated annealing over Kempe chains.

Flipping the chain of two slots changes the rows of the participants at its two ends only: all between them
meet in both slots before and after. So a move costs a short walk and the gaps of two participants. Moves
start often from a participant with gaps and go into one of these, seldom just beyond its span. Meeting
tables may be overfull on the way, at a price that rises until none is; without that, slots that are all
full could hardly exchange meetings.

Kirkpatrick, Gelatt, Vecchi 1983, "Optimization by simulated annealing"; Morgenstern 1996 for chains.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matching.compiled import inner, uncounted
from matching.edge_colouring import (
    TABLES,
    Board,
    Integers,
    Random,
    balance,
    copy_of,
    draw,
    flip,
    has_interpreters,
)
from matching.placement import lay_out

Shorts = npt.NDArray[np.int16]
Reals = npt.NDArray[np.float64]

MOVES_A_SECOND = 14_000_000
"""What a common processor core does; `seconds` times this is the number of moves that is made."""

_STEPS = 1_000
# So many walks a thread are tried until the cooling has come so far, with this part of all moves: by then the
# gaps of walks differ as those at their ends will.
_TRIALS, _TRIED_UNTIL, _TRIALS_TAKE = 4, 0.5, 0.3
# How much the gaps after a step count in those that a walk had lately.
_NEWS = 0.05
_HOTTEST, _COLDEST = 1.0, 0.15
_CHEAPEST, _DEAREST = 2.0, 30.0
# The price of an overfull slot has risen to its highest after this part of the way.
_PRICE_IS_HIGHEST_AT = 0.6
_LENIENT_UNTIL, _STRICT_FROM = 0.75, 0.9
_LENIENCE = 0.7
_RENT_STEP = 0.02
# A walk gains nothing by being longer than so many moves for each meeting times meetings, but at least some.
_MOVES_A_SQUARE, _SHORTEST_WALK = 250, 2_000_000
# Where a participant meets nobody who could be moved; it meets somebody from _HELD on.
_AWAY, _EMPTY, _HELD = -3, -2, -1
# Of 256 moves, how many start from a participant with gaps.
_FROM_GAPPY = 96
# Of 16 moves, how many move the first meeting and how many the last; the others move any.
_FROM_FIRST, _FROM_LAST = 3, 3
# Of 16 moves of a participant with gaps, how many go beyond its span; the others go into a gap.
_BEYOND = 1
# A move that costs as much is never made.
_UNTHINKABLE = 63


class Rows(NamedTuple):
    """What the search keeps about every participant's row of slots.

    Attributes
    ----------
    partner : ndarray of int32, shape (participants, slots)
        Whom the participant meets; −1 somebody in a meeting that is held, −2 nobody, −3 not available.
    before : ndarray of int16, shape (participants, slots + 1)
        How many slots before this one the participant is available in.
    nth : ndarray of int16, shape (participants, slots)
        Its available slots in order.
    n_meetings, first, last, gaps : ndarray of int16, shape (participants,)
        Its meetings, the slots of the first and last, and its gaps.
    gappy : ndarray of int32, shape (1 + participants,)
        How many participants have gaps, then which.
    place : ndarray of int32, shape (participants,)
        Where a participant stands in `gappy`.
    """

    partner: Integers
    before: Shorts
    nth: Shorts
    n_meetings: Shorts
    first: Shorts
    last: Shorts
    gaps: Shorts
    gappy: Integers
    place: Integers


def rows_of(board: Board) -> Rows:
    """Derive the rows from the board."""
    participants, slots = board.at.shape
    met = board.at >= 0
    others = (
        board.ends.sum(axis=1, dtype=np.int32)[board.at] - np.arange(participants, dtype=np.int32)[:, None]
    )
    alone = np.where(board.available, _EMPTY, _AWAY)
    partner = np.where(met, np.where(board.held[board.at], _HELD, others), alone).astype(np.int32)
    before = np.zeros((participants, slots + 1), dtype=np.int16)
    before[:, 1:] = board.available.cumsum(axis=1)
    nth = np.argsort(~board.available, axis=1, kind="stable").astype(np.int16)
    n_meetings = met.sum(axis=1).astype(np.int16)
    first = met.argmax(axis=1).astype(np.int16)
    last = (slots - 1 - met[:, ::-1].argmax(axis=1)).astype(np.int16)
    everyone = np.arange(participants)
    span = before[everyone, last + 1] - before[everyone, first]
    gaps = np.where(n_meetings > 0, span - n_meetings, 0).astype(np.int16)
    with_gaps = np.flatnonzero(gaps)
    gappy = np.zeros(participants + 1, dtype=np.int32)
    gappy[0] = len(with_gaps)
    gappy[1 : len(with_gaps) + 1] = with_gaps
    place = np.zeros(participants, dtype=np.int32)
    place[with_gaps] = np.arange(1, len(with_gaps) + 1)
    return Rows(partner, before, nth, n_meetings, first, last, gaps, gappy, place)


@inner
def _span_after(
    partner: Integers, first: int, last: int, participant: int, slot: int, other: int
) -> tuple[int, int]:
    """First and last slot of a participant after its meeting in `slot` went to `other`."""
    if first == last:
        return other, other
    if slot == first:
        first += 1
        while partner[participant, first] < _HELD:
            first += 1
    elif slot == last:
        last -= 1
        while partner[participant, last] < _HELD:
            last -= 1
    return min(first, other), max(last, other)


@inner
def _set_row(rows: Rows, participant: int, first: int, last: int, gaps: int) -> None:
    """Write a participant's new span and gaps, and keep the list of those with gaps."""
    rows.first[participant] = first
    rows.last[participant] = last
    if rows.gaps[participant] == 0 and gaps > 0:
        rows.gappy[0] += 1
        rows.gappy[rows.gappy[0]] = participant
        rows.place[participant] = rows.gappy[0]
    elif rows.gaps[participant] > 0 and gaps == 0:
        moved = rows.gappy[rows.gappy[0]]
        rows.gappy[rows.place[participant]] = moved
        rows.place[moved] = rows.place[participant]
        rows.gappy[0] -= 1
    rows.gaps[participant] = gaps


@inner
def _flip_partners(rows: Rows, start: int, slot: int, other: int) -> None:
    """Do to `partner` what `flip` does to the board."""
    participant = start
    partner = rows.partner[participant, slot]
    rows.partner[participant, slot] = _EMPTY
    while partner >= 0:
        following = rows.partner[partner, other]
        rows.partner[participant, other] = partner
        rows.partner[partner, other] = participant
        rows.partner[partner, slot] = _EMPTY
        participant = partner
        partner = following
        slot, other = other, slot


@uncounted
def anneal(  # noqa: C901, PLR0912, PLR0915 - the inner loop: calls would cost more than its work
    board: Board,
    rows: Rows,
    random: Random,
    rent: Reals,
    accepted_at: Reals,
    price: float,
    moves: int,
    best: Integers,
    fewest: int,
) -> int:
    """Make moves at one temperature; gives the fewest gaps so far of a timetable with enough meeting tables.

    `accepted_at` gives the chance of a move by what it costs. The timetable is kept in `best`. Stops as soon
    as it has no gap.
    """
    gaps, excess = 0, 0
    slots = board.used.shape[1]
    used, limit = board.used, board.limit
    for participant in range(len(rows.gaps)):
        gaps += rows.gaps[participant]
    for slot in range(slots):
        excess += max(used[TABLES, slot] - limit[TABLES, slot], 0)
    partner, before, nth, n_meetings, first_of, last_of, gaps_of, gappy, _ = rows
    participants = len(gaps_of)
    for _ in range(moves):
        if fewest == 0:
            break
        # One draw decides three things by bits of their own.
        number = draw(random, 1 << 32)
        if number & 255 < _FROM_GAPPY and gappy[0] > 0:
            start = int(gappy[1 + draw(random, gappy[0])])
        else:
            start = int(draw(random, participants))
        if n_meetings[start] == 0:
            continue
        first, last = int(first_of[start]), int(last_of[start])
        outermost = (number >> 8) & 15
        if outermost < _FROM_FIRST:
            slot = first
        elif outermost < _FROM_FIRST + _FROM_LAST:
            slot = last
        else:
            slot = first + int(draw(random, last - first + 1))
            while partner[start, slot] < _HELD:
                slot += 1
        if gaps_of[start] > 0 and (number >> 12) & 15 >= _BEYOND:
            # A gap is passed for each number below the one drawn; the first slot is none.
            other, passed = first, int(draw(random, gaps_of[start])) + 1
            while passed > 0:
                other += 1
                passed -= int(partner[start, other] == _EMPTY)
        else:
            later = (number >> 16) & 1 == 1
            if gaps_of[start] == 0 and outermost < _FROM_FIRST + _FROM_LAST:
                later = slot == first
            nearest = before[start, last] + 1 if later else before[start, first] - 1
            if nearest < 0 or nearest >= before[start, slots]:
                continue
            other = int(nth[start, nearest])
        # The far end of the chain meets in `there` and gets `here` instead.
        end, here, there = start, slot, other
        following = partner[end, here]
        while following >= 0:
            end = int(following)
            here, there = there, here
            following = partner[end, here]
        if following != _EMPTY:
            continue
        first, last = _span_after(partner, first, last, start, slot, other)
        left = before[start, last + 1] - before[start, first] - n_meetings[start]
        far_first, far_last = _span_after(partner, int(first_of[end]), int(last_of[end]), end, there, here)
        far_left = before[end, far_last + 1] - before[end, far_first] - n_meetings[end]
        fewer = gaps_of[start] + gaps_of[end] - left - far_left
        freed, moved_rent = 0, 0.0
        if there == slot:
            moved_rent = rent[other] - rent[slot]
            # As many meetings in `slot` as in `other` and one more: tables are exchanged.
            freed = int(used[TABLES, slot] > limit[TABLES, slot])
            freed -= int(used[TABLES, other] >= limit[TABLES, other])
        cost = moved_rent - fewer - price * freed
        if cost > 0:
            if cost >= _UNTHINKABLE:
                continue
            whole = int(cost)
            part = cost - whole
            chance = accepted_at[whole] * (1 - part) + accepted_at[whole + 1] * part
            if draw(random, 1 << 30) >= chance * (1 << 30):
                continue
        flip(board, start, slot, other)
        if not (has_interpreters(board, slot) and has_interpreters(board, other)):
            flip(board, start, other, slot)
            continue
        _flip_partners(rows, start, slot, other)
        _set_row(rows, start, first, last, left)
        _set_row(rows, end, far_first, far_last, far_left)
        gaps -= fewer
        excess -= freed
        if excess == 0 and gaps < fewest:
            fewest = gaps
            for meeting in range(len(best)):
                best[meeting] = board.slot[meeting]
    return fewest


def chances_at(temperature: float) -> Reals:
    """Give the chance of a move by what it costs."""
    chances: Reals = np.exp(-np.arange(_UNTHINKABLE + 1) / temperature)
    return chances


class _Walk:
    """One annealing from the given timetable on, with its own board and its own random numbers."""

    def __init__(self, board: Board, seed: Sequence[int]) -> None:
        self.board = copy_of(board)
        self.rows = rows_of(self.board)
        # Neighbouring seeds must not start with neighbouring numbers, and zero would stay zero.
        self.random = np.random.SeedSequence(seed).generate_state(1, np.uint64) | np.uint64(1)
        self.best = self.board.slot.copy()
        self.fewest = int(self.rows.gaps.sum())
        self.lately = float(self.fewest)
        self.rent = np.zeros(board.at.shape[1])

    def fork(self, seed: Sequence[int]) -> "_Walk":
        """Give a walk that goes on from here with other random numbers."""
        other = _Walk(self.board, seed)
        other.best, other.fewest = self.best.copy(), self.fewest
        other.lately, other.rent = self.lately, self.rent.copy()
        return other

    def step(self, progress: float, moves: int) -> int:
        temperature = _HOTTEST * (_COLDEST / _HOTTEST) ** progress
        rise = min(max(progress - _LENIENT_UNTIL, 0) / (_STRICT_FROM - _LENIENT_UNTIL), 1)
        price = _LENIENCE * temperature
        price *= (_DEAREST / price) ** rise
        chances = chances_at(temperature)
        self.fewest = anneal(
            self.board, self.rows, self.random, self.rent, chances, price, moves, self.best, self.fewest
        )
        self.lately += _NEWS * (int(self.rows.gaps.sum()) - self.lately)
        if progress >= _STRICT_FROM:
            self.level()
        self.rent += _RENT_STEP * temperature * (self.board.used[TABLES] - self.board.limit[TABLES])
        np.maximum(self.rent, 0, out=self.rent)
        return self.fewest

    def level(self) -> None:
        """Move meetings without a table to other slots, at the cost of gaps that later moves may close."""
        overfull = np.flatnonzero(self.board.used[TABLES] > self.board.limit[TABLES]).tolist()
        if not overfull:
            return
        for slot in overfull:
            while self.board.used[TABLES, slot] > self.board.limit[TABLES, slot] and balance(
                self.board, slot
            ):
                pass
        self.rows = rows_of(self.board)
        gaps = int(self.rows.gaps.sum())
        if gaps < self.fewest and (self.board.used[TABLES] <= self.board.limit[TABLES]).all():
            self.fewest = gaps
            self.best[:] = self.board.slot


def close_gaps(board: Board, *, seconds: float, until: float, n_threads: int, seed: int) -> None:
    """Move meetings on the board that are not held so that there are fewer gaps.

    Walks with random numbers of their own run beside each other on the threads. Half of the cooling tells
    which of several promises the fewest gaps; from there on every thread walks the other half, slower, and
    the best timetable of all is kept, of equals that of the lowest walk. This takes as long as `seconds`
    allow, but no longer than the square of the meetings calls for: what is granted beyond is shared evenly
    among further searches, one after the other until there is no gap. If the monotonic clock would reach
    `until` before, the cooling is hastened so that it ends in time.
    """
    movable = int(((board.slot >= 0) & ~board.held).sum())
    moves = int(seconds * MOVES_A_SECOND)
    if movable == 0 or moves == 0:
        return
    searches = -(-moves // max(movable**2 * _MOVES_A_SQUARE, _SHORTEST_WALK))
    for number in range(searches):
        fewest = _search(board, (seed, number), n_threads, moves // searches, until)
        if fewest == 0 or time.monotonic() >= until:
            break


def _search(board: Board, seed: tuple[int, int], n_threads: int, moves: int, until: float) -> int:
    """Try several walks half of the way, go on from the most promising, keep the best; gives its gaps."""
    walks = [_Walk(board, (*seed, number)) for number in range(_TRIALS * n_threads)]
    start, done, a_step, trying = time.monotonic(), 0, max(moves // _STEPS, _TRIALS), True
    fewest = walks[0].fewest
    with ThreadPoolExecutor(n_threads) as pool:
        while fewest > 0:
            hurried = (time.monotonic() - start) / max(until - start, 1e-9)
            spent = max(done / moves, hurried)
            if spent >= 1:
                break
            if trying and spent >= _TRIALS_TAKE:
                walks, trying = _most_promising(walks, seed, n_threads), False
            if trying:
                progress = _TRIED_UNTIL * spent / _TRIALS_TAKE
            else:
                progress = _TRIED_UNTIL + (1 - _TRIED_UNTIL) * (spent - _TRIALS_TAKE) / (1 - _TRIALS_TAKE)
            each = a_step * n_threads // len(walks)
            fewest = min(pool.map(_Walk.step, walks, [progress] * len(walks), [each] * len(walks)))
            done += a_step
    for walk in walks:
        walk.level()
    best = min(walks, key=lambda walk: walk.fewest)
    lay_out(board, best.best)
    return best.fewest


def _most_promising(walks: list[_Walk], seed: tuple[int, int], n_threads: int) -> list[_Walk]:
    """Give a walk for each thread that goes on from the one with the fewest gaps lately."""
    leader, found = min(walks, key=lambda walk: walk.lately), min(walks, key=lambda walk: walk.fewest)
    leader.best, leader.fewest = found.best, found.fewest
    return [leader.fork((*seed, len(walks) + thread)) for thread in range(n_threads)]
