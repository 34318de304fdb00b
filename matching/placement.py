"""Placing as many meetings as can be: insertion by chains, then eviction with a memory of what was tried."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.compiled import compiled
from matching.edge_colouring import (
    Board,
    Integers,
    Random,
    chain_end,
    draw,
    flip,
    has_interpreters,
    has_room,
    has_tables,
    insert,
    leavers,
    put,
    take,
)

Meetings = npt.NDArray[np.integer[Any]]

_INSERTIONS_OF_A_ROUND = 2_000
_ROUNDS = 50
# What an eviction weighs against one more try of the same meeting in the same slot.
_EVICTION = 3


def place_all(board: Board, meetings: Meetings, seed: int, is_late: Callable[[], bool]) -> None:
    """Place those of these meetings that are not yet placed, as many as possible.

    Meetings of the participants with the least slack come first. At least one round of evictions is made,
    further ones until `is_late()` or a fixed number of them has changed nothing.
    """
    waiting = np.zeros(len(board.slot), dtype=np.int32)
    unplaced = meetings[board.slot[meetings] < 0].astype(np.int32)
    slack = board.available.sum(axis=1) - np.bincount(board.ends.ravel(), minlength=len(board.at))
    order = np.argsort(slack[board.ends[unplaced]].min(axis=1, initial=len(board.at)), kind="stable")
    n_waiting = insert_in_order(board, unplaced[order], waiting)
    if n_waiting:
        random = np.array([seed + 0x9E3779B97F4A7C15], dtype=np.uint64)
        tries = np.zeros((len(board.slot), board.at.shape[1]), dtype=np.int32)
        best = board.slot.copy()
        fewest = n_waiting
        for _ in range(_ROUNDS):
            n_waiting, fewest = evict(
                board, waiting, n_waiting, fewest, best, tries, random, _INSERTIONS_OF_A_ROUND
            )
            if fewest == 0 or is_late():
                break
        lay_out(board, best)
        insert_in_order(board, unplaced[best[unplaced] < 0], waiting)
    while return_home(board):
        pass


@compiled
def lay_out(board: Board, slots: Integers) -> None:
    """Make the board show these slots."""
    board.at[:] = -1
    board.used[:] = 0
    for meeting in range(len(slots)):
        board.slot[meeting] = -1
        if slots[meeting] >= 0:
            put(board, meeting, slots[meeting])


@compiled
def insert_in_order(board: Board, meetings: Integers, waiting: Integers) -> int:
    """Insert meetings; gives how many could not be and puts them into `waiting`."""
    n_waiting = 0
    for meeting in meetings:
        if not insert(board, meeting):
            waiting[n_waiting] = meeting
            n_waiting += 1
    return n_waiting


@compiled
def evict(
    board: Board,
    waiting: Integers,
    n_waiting: int,
    fewest: int,
    best: Integers,
    tries: Integers,
    random: Random,
    insertions: int,
) -> tuple[int, int]:
    """Insert waiting meetings, evicting others, and keep the best timetable seen in `best`."""
    for _ in range(insertions):
        if fewest == 0:
            break
        chosen = draw(random, n_waiting)
        meeting = waiting[chosen]
        if insert(board, meeting):
            waiting[chosen] = waiting[n_waiting - 1]
            n_waiting -= 1
        else:
            slot = _cheapest_slot(board, meeting, tries, draw(random, board.at.shape[1]))
            if slot < 0:
                continue
            tries[meeting, slot] += 1
            # The one that is placed leaves the list, those that it evicts join it.
            waiting[chosen] = waiting[n_waiting - 1]
            n_waiting = _force(board, meeting, slot, waiting, n_waiting - 1, random)
        if n_waiting < fewest:
            fewest = n_waiting
            best[:] = board.slot
    return n_waiting, fewest


@compiled
def _cheapest_slot(board: Board, meeting: int, tries: Integers, offset: np.int64) -> int:
    """The slot whose meetings that stand in the way are the fewest and the least often tried there."""
    slots = board.at.shape[1]
    best, lowest = -1, 1 << 30
    for step in range(slots):
        slot = (offset + step) % slots
        cost = tries[meeting, slot]
        for side in range(2):
            participant = board.ends[meeting, side]
            rival = board.at[participant, slot]
            if not board.available[participant, slot] or (rival >= 0 and board.held[rival]):
                cost = 1 << 30
            elif rival >= 0:
                cost += _EVICTION + tries[rival, slot]
        if not has_room(board, meeting, slot):
            cost += _EVICTION
        if cost < lowest:
            best, lowest = slot, cost
    return best


@compiled
def _force(board: Board, meeting: int, slot: int, waiting: Integers, n_waiting: int, random: Random) -> int:
    """Place a meeting and evict what stands in its way; gives the new number of waiting ones."""
    for side in range(2):
        rival = board.at[board.ends[meeting, side], slot]
        if rival >= 0:
            take(board, rival)
            waiting[n_waiting] = rival
            n_waiting += 1
    put(board, meeting, slot)
    participants = len(board.at)
    start = draw(random, participants)
    for step in range(participants):
        level = has_tables(board, slot)
        if level and has_interpreters(board, slot):
            return n_waiting
        rival = board.at[(start + step) % participants, slot]
        if rival < 0 or rival == meeting or board.held[rival]:
            continue
        if not level or (board.language[rival] > 0 and board.language[rival] == board.language[meeting]):
            take(board, rival)
            waiting[n_waiting] = rival
            n_waiting += 1
    # Held meetings alone fill the slot. (The last step evicts nobody: a rival has two participants, and is
    # met at the first of them.)
    take(board, meeting)
    waiting[n_waiting] = meeting
    return n_waiting + 1


@compiled
def return_home(board: Board) -> bool:
    """Flip chains that bring more meetings home than away; gives whether there was one."""
    found = False
    for meeting in range(len(board.slot)):
        slot, home = board.slot[meeting], board.home[meeting]
        if slot < 0 or home < 0 or slot == home or board.held[meeting]:
            continue
        for side in range(2):
            start = board.ends[meeting, side]
            if board.at[start, home] >= 0 or not board.available[start, home]:
                continue
            if chain_end(board, start, slot, home) < 0 or leavers(board, start, slot, home) >= 0:
                continue
            flip(board, start, slot, home)
            if _is_within_limits(board, slot) and _is_within_limits(board, home):
                found = True
                break
            flip(board, start, home, slot)
    return found


@compiled
def _is_within_limits(board: Board, slot: int) -> bool:
    return bool(has_tables(board, slot) and has_interpreters(board, slot))
