"""Moves between timetables that differ in one Kempe chain, for the search for fewer gaps.

Flipping the chain of two slots changes the rows of the participants at its two ends only: all between them
meet in both slots before and after. So a move costs a short walk and the gaps of two participants, which are
counted in whole rows, one bit a slot. Moves start often from a participant with gaps and go into one of
these, seldom just beyond its span. Meeting tables may be overfull on the way, at a price; without that, slots
that are all full could hardly exchange meetings.

Kirkpatrick, Gelatt, Vecchi 1983, "Optimization by simulated annealing"; Morgenstern 1996 for chains.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matching.compiled import inner, uncounted
from matching.edge_colouring import TABLES, Board, Flags, Integers, Random, draw, flip, has_interpreters

Bits = npt.NDArray[np.int64]
Costs = npt.NDArray[np.float32]
Reals = npt.NDArray[np.float64]

MOST_SLOTS = 62
"""As many slots have a bit each of a whole number that is never negative."""

# Where a participant meets nobody who could be moved; it meets somebody from _HELD on.
_AWAY, _EMPTY, _HELD = -3, -2, -1
# Of 256 moves, how many start from a participant with gaps.
_FROM_GAPPY = 96
# Of 16 moves, how many move the first meeting and how many the last; the others move any.
_FROM_FIRST, _FROM_LAST = 3, 3
# Of 16 moves of a participant with gaps, how many go beyond its span; the others go into a gap.
_BEYOND = 1
# So many costs stand for all that a move may have; which one holds for a move is drawn.
_BEARABLE = 4096


class Rows(NamedTuple):
    """What the search keeps about every participant's row of slots.

    Attributes
    ----------
    partner : ndarray of int32, shape (participants, slots)
        Whom the participant meets; −1 somebody in a meeting that is held, −2 nobody, −3 not available.
    busy, available : ndarray of int64, shape (participants,)
        In which slots the participant has a meeting, and in which it could have one; the lowest bit is the
        first slot.
    gaps : ndarray of int64, shape (participants,)
        Its gaps.
    gappy : ndarray of int32, shape (1 + participants,)
        How many participants have gaps, then which.
    place : ndarray of int32, shape (participants,)
        Where a participant stands in `gappy`.
    """

    partner: Integers
    busy: Bits
    available: Bits
    gaps: Bits
    gappy: Integers
    place: Integers


def rows_of(board: Board) -> Rows:
    """Derive the rows from the board, which has no more than `MOST_SLOTS` slots."""
    participants = len(board.at)
    met = board.at >= 0
    others = (
        board.ends.sum(axis=1, dtype=np.int32)[board.at] - np.arange(participants, dtype=np.int32)[:, None]
    )
    alone = np.where(board.available, _EMPTY, _AWAY)
    partner = np.where(met, np.where(board.held[board.at], _HELD, others), alone).astype(np.int32)
    busy, available = _bits(met), _bits(board.available)
    gaps = np.empty(participants, dtype=np.int64)
    _count_gaps(busy, available, gaps)
    with_gaps = np.flatnonzero(gaps)
    gappy = np.zeros(participants + 1, dtype=np.int32)
    gappy[0] = len(with_gaps)
    gappy[1 : len(with_gaps) + 1] = with_gaps
    place = np.zeros(participants, dtype=np.int32)
    place[with_gaps] = np.arange(1, len(with_gaps) + 1)
    return Rows(partner, busy, available, gaps, gappy, place)


def _bits(flags: Flags) -> Bits:
    return flags @ (1 << np.arange(flags.shape[1], dtype=np.int64))


@inner
def _ones(bits: int) -> int:
    """How many bits are set; the compiler makes one instruction of it."""
    n = 0
    while bits != 0:
        bits &= bits - 1
        n += 1
    return n


@inner
def _up_to_highest(bits: int) -> int:
    """All bits from the lowest there is up to the highest that is set."""
    bits |= bits >> 1
    bits |= bits >> 2
    bits |= bits >> 4
    bits |= bits >> 8
    bits |= bits >> 16
    bits |= bits >> 32
    return bits


@inner
def _gaps(busy: int, available: int) -> int:
    """How many gaps somebody has."""
    return _ones(available & ~busy & _up_to_highest(busy) & -(busy & -busy))


@uncounted
def _count_gaps(busy: Bits, available: Bits, gaps: Bits) -> None:
    for participant in range(len(gaps)):
        gaps[participant] = _gaps(busy[participant], available[participant])


@inner
def _set_gaps(rows: Rows, participant: int, gaps: int) -> None:
    """Write how many gaps a participant has, and keep the list of those with gaps."""
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


def bearable_at(temperature: float) -> Costs:
    """Give costs of which a move drawn at random bears each with equal chance (Metropolis 1953)."""
    chances = (np.arange(_BEARABLE) + 0.5) / _BEARABLE
    costs: Costs = (-temperature * np.log(chances)).astype(np.float32)
    return costs


@uncounted
def anneal(  # noqa: C901, PLR0912, PLR0915 - the inner loop: calls would cost more than its work
    board: Board,
    rows: Rows,
    random: Random,
    rent: Reals,
    bearable: Costs,
    price: float,
    moves: int,
    best: Integers,
    fewest: int,
) -> int:
    """Make moves at one temperature; gives the fewest gaps so far of a timetable with enough meeting tables.

    A move is made if it costs no more than the one of the `bearable` costs that is drawn. The timetable is
    kept in `best`. Stops as soon as it has no gap.
    """
    gaps, excess = 0, 0
    used, limit = board.used, board.limit
    for participant in range(len(rows.gaps)):
        gaps += rows.gaps[participant]
    for slot in range(used.shape[1]):
        excess += max(used[TABLES, slot] - limit[TABLES, slot], 0)
    partner, busy_of, available_of, gaps_of, gappy, _ = rows
    participants = len(gaps_of)
    for _ in range(moves):
        if fewest == 0:
            break
        # One draw decides four things by bits of their own.
        number = draw(random, 1 << 32)
        if number & 255 < _FROM_GAPPY and gappy[0] > 0:
            start = int(gappy[1 + draw(random, gappy[0])])
        else:
            start = int(draw(random, participants))
        busy = busy_of[start]
        if busy == 0:
            continue
        first, last = busy & -busy, _up_to_highest(busy)
        span = last & -first
        last ^= last >> 1
        outermost = (number >> 8) & 15
        if outermost < _FROM_FIRST:
            source = first
        elif outermost < _FROM_FIRST + _FROM_LAST:
            source = last
        else:
            # The meeting in a slot of the span, or else the next one.
            source = busy & -(first << draw(random, _ones(span)))
            source &= -source
        empty = available_of[start] & ~busy
        if gaps_of[start] > 0 and (number >> 12) & 15 >= _BEYOND:
            # The gap in a slot of the span, or else the next one, or else the first.
            target = empty & span & -(first << draw(random, _ones(span)))
            if target == 0:
                target = empty & span
            target &= -target
        else:
            later = (number >> 16) & 1 == 1
            if gaps_of[start] == 0 and outermost < _FROM_FIRST + _FROM_LAST:
                later = source == first
            if later:
                target = empty & -last
                target &= -target
            else:
                target = _up_to_highest(empty & (first - 1))
                target ^= target >> 1
            if target == 0:
                continue
        slot, other = _ones(source - 1), _ones(target - 1)
        # The far end of the chain meets in `there` and gets `here` instead.
        end, here, there = start, slot, other
        following = partner[end, here]
        while following >= 0:
            end = int(following)
            here, there = there, here
            following = partner[end, here]
        if following != _EMPTY:
            continue
        swapped = source | target
        left = _gaps(busy ^ swapped, available_of[start])
        far_left = _gaps(busy_of[end] ^ swapped, available_of[end])
        fewer = gaps_of[start] + gaps_of[end] - left - far_left
        freed, moved_rent = 0, 0.0
        if there == slot:
            moved_rent = rent[other] - rent[slot]
            # As many meetings in `slot` as in `other` and one more: tables are exchanged.
            freed = int(used[TABLES, slot] > limit[TABLES, slot])
            freed -= int(used[TABLES, other] >= limit[TABLES, other])
        if moved_rent - fewer - price * freed > bearable[number >> 20]:
            continue
        flip(board, start, slot, other)
        if not (has_interpreters(board, slot) and has_interpreters(board, other)):
            flip(board, start, other, slot)
            continue
        _flip_partners(rows, start, slot, other)
        busy_of[start] ^= swapped
        busy_of[end] ^= swapped
        _set_gaps(rows, start, left)
        _set_gaps(rows, end, far_left)
        gaps -= fewer
        excess -= freed
        if excess == 0 and gaps < fewest:
            fewest = gaps
            for meeting in range(len(best)):
                best[meeting] = board.slot[meeting]
    return fewest
