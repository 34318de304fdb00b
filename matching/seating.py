"""Meetings of each slot to meeting tables, with participants changing location seldom."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from matching.compiled import compiled
from matching.edge_colouring import Flags, Integers

_SWEEPS = 4
# The right-hand participant of a meeting who hosts at its table outweighs any gain of the guests.
_HOST, _GUEST = 16, 1


class Hall(NamedTuple):
    """What is known of the meeting tables.

    Attributes
    ----------
    location : ndarray of int32, shape (n_tables,)
        Where each meeting table stands.
    pinned : ndarray of int32, shape (n,)
        The meeting table that a meeting must have, or −1.
    previous : ndarray of int32, shape (n,)
        The meeting table that a meeting which keeps its slot had, or −1.
    hosts_stay : bool
        Whether changes of the right-hand participants count first.
    """

    location: Integers
    pinned: Integers
    previous: Integers
    hosts_stay: bool


def seat(ends: Integers, at: Integers, hall: Hall, is_late: Callable[[], bool]) -> Integers:
    """Choose a meeting table for every placed meeting.

    Pinned tables come first, of two meetings pinned to one table in one slot the earlier in the list; then
    the previous ones; the others are seated slot by slot where their participants were last, then each
    slot anew against the slots before and after it, as an assignment problem, until nothing is gained.
    """
    n_tables = len(hall.location)
    table = np.full(len(ends), -1, dtype=np.int32)
    free = np.ones((at.shape[1], n_tables), dtype=np.bool_)
    in_slot = [np.unique(column[column >= 0]) for column in at.T]
    for wished in (hall.pinned, hall.previous):
        for slot, meetings in enumerate(in_slot):
            asking = meetings[(wished[meetings] >= 0) & (table[meetings] < 0)]
            asking = asking[free[slot, wished[asking]]]
            tables, first = np.unique(wished[asking], return_index=True)
            table[asking[first]] = tables
            free[slot, tables] = False
    movable = [meetings[table[meetings] < 0] for meetings in in_slot]
    last_table = np.full(len(at), -1, dtype=np.int32)
    for slot, meetings in enumerate(movable):
        _seat_greedily(ends, meetings, hall.location, free[slot], last_table, table)
        last_table[ends[in_slot[slot]]] = table[in_slot[slot], None]
    weights = (_GUEST, _HOST if hall.hosts_stay else _GUEST)
    neighbours = _neighbours(at)
    for _ in range(_SWEEPS):
        before = table.copy()
        for slot, meetings in enumerate(movable):
            if is_late():
                return table
            _seat_again(ends, slot, meetings, hall.location, free[slot], neighbours, weights, table)
        if np.array_equal(before, table):
            break
    return table


def location_changes(ends: Integers, slot: Integers, table: Integers, location: Integers) -> int:
    """How often a participant's next meeting is in another location than the one before."""
    placed = np.flatnonzero(slot >= 0)
    participant = ends[placed].ravel()
    when, where = np.repeat(slot[placed], 2), np.repeat(location[table[placed]], 2)
    order = np.lexsort((when, participant))
    participant, where = participant[order], where[order]
    return int(((participant[1:] == participant[:-1]) & (where[1:] != where[:-1])).sum())


def _neighbours(at: Integers) -> tuple[Integers, Integers]:
    """The meetings of each participant next before and next after each slot, −1 where there is none."""
    participants, slots = at.shape
    before = np.full((participants, slots), -1, dtype=np.int32)
    after = before.copy()
    for slot in range(1, slots):
        before[:, slot] = np.where(at[:, slot - 1] >= 0, at[:, slot - 1], before[:, slot - 1])
        after[:, -1 - slot] = np.where(at[:, -slot] >= 0, at[:, -slot], after[:, -slot])
    return before, after


@compiled
def _seat_greedily(  # noqa: C901 - the compiled loop keeps together what it changes
    ends: Integers, meetings: Integers, location: Integers, free: Flags, last_table: Integers, table: Integers
) -> None:
    """Seat meetings where their right-hand, else their left-hand participant was last, else anywhere."""
    for side in (1, 0):
        for meeting in meetings:
            wished = last_table[ends[meeting, side]]
            if table[meeting] >= 0 or wished < 0:
                continue
            if not free[wished]:
                for other in range(len(free)):
                    if free[other] and location[other] == location[wished]:
                        wished = other
                        break
            if free[wished]:
                table[meeting] = wished
                free[wished] = False
    following = 0
    for meeting in meetings:
        if table[meeting] < 0:
            while not free[following]:
                following += 1
            table[meeting] = following
            free[following] = False


def _seat_again(
    ends: Integers,
    slot: int,
    meetings: Integers,
    location: Integers,
    free: Flags,
    neighbours: tuple[Integers, Integers],
    weights: tuple[int, int],
    table: Integers,
) -> None:
    """Seat the meetings of one slot at the best tables for the meetings before and after, which stay."""
    free[table[meetings]] = True
    tables = np.flatnonzero(free)
    # A tie leaves a meeting where it is.
    stay = 0.5 / (len(meetings) + 1)
    gain = np.where(table[meetings][:, None] == tables, stay, 0.0)
    for side, weight in enumerate(weights):
        for neighbour in neighbours:
            beside = neighbour[ends[meetings, side], slot]
            gain += weight * ((beside[:, None] >= 0) & (location[table[beside]][:, None] == location[tables]))
    rows, columns = linear_sum_assignment(gain, maximize=True)
    table[meetings[rows]] = tables[columns]
    free[table[meetings]] = False
