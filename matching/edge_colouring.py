"""Meetings to slots as an edge colouring: participants are vertices, meetings edges, slots colours.

Two slots s and t cut the meetings into chains, paths that alternate between both; flipping a chain, that
is swapping its slots, breaks no participant's row (Kempe 1879). With neither availability limits nor pins
a meeting can always be inserted after one flip (König 1916), and slots too full can always be balanced by
further flips (de Werra 1971). With such limits a flip may be barred; then meetings are evicted and
inserted again, with a memory of what was tried.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matching.compiled import compiled, inner

Integers = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
Random = npt.NDArray[np.uint64]

TABLES = 0
"""The row of `Board.used` and `Board.limit` that counts meeting tables; row l counts interpreters of l."""


class Board(NamedTuple):
    """The state of a timetable in the making.

    Attributes
    ----------
    ends : ndarray of int32, shape (n, 2)
        The two participants of every meeting.
    language : ndarray of int32, shape (n,)
        The language that needs an interpreter, or 0.
    home : ndarray of int32, shape (n,)
        The slot that a meeting should not leave, or −1.
    held : ndarray of bool, shape (n,)
        Whether the meeting must stay where it is.
    slot : ndarray of int32, shape (n,)
        The slot of every meeting, −1 = not placed.
    at : ndarray of int32, shape (participants, slots)
        The meeting of a participant in a slot, or −1.
    available : ndarray of bool, shape (participants, slots)
        Where a participant can meet.
    used, limit : ndarray of int32, shape (1 + languages, slots)
        Meeting tables (row 0) and interpreters (row l) in use, and how many there are.
    """

    ends: Integers
    language: Integers
    home: Integers
    held: Flags
    slot: Integers
    at: Integers
    available: Flags
    used: Integers
    limit: Integers


def copy_of(board: Board) -> Board:
    """Copy what changes; what is given is shared."""
    return board._replace(slot=board.slot.copy(), at=board.at.copy(), used=board.used.copy())


@inner
def draw(random: Random, n: int) -> np.int64:
    """Draw a number below n (xorshift, Marsaglia 2003)."""
    x = random[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    random[0] = x
    return np.int64(((x >> np.uint64(32)) * np.uint64(n)) >> np.uint64(32))


@compiled
def put(board: Board, meeting: int, slot: int) -> None:
    """Place a meeting."""
    board.slot[meeting] = slot
    board.at[board.ends[meeting, 0], slot] = meeting
    board.at[board.ends[meeting, 1], slot] = meeting
    board.used[TABLES, slot] += 1
    if board.language[meeting] > 0:
        board.used[board.language[meeting], slot] += 1


@compiled
def take(board: Board, meeting: int) -> None:
    """Take a placed meeting out."""
    slot = board.slot[meeting]
    board.slot[meeting] = -1
    board.at[board.ends[meeting, 0], slot] = -1
    board.at[board.ends[meeting, 1], slot] = -1
    board.used[TABLES, slot] -= 1
    if board.language[meeting] > 0:
        board.used[board.language[meeting], slot] -= 1


@inner
def has_interpreters(board: Board, slot: int) -> bool:
    """Whether no language needs more interpreters than there are."""
    for row in range(1, len(board.used)):  # noqa: SIM110 - generators cannot be compiled
        if board.used[row, slot] > board.limit[row, slot]:
            return False
    return True


@compiled
def has_tables(board: Board, slot: int) -> bool:
    """Whether there are no more meetings than meeting tables."""
    return bool(board.used[TABLES, slot] <= board.limit[TABLES, slot])


@compiled
def has_room(board: Board, meeting: int, slot: int) -> bool:
    """Whether a meeting table and an interpreter are left for one more meeting."""
    if board.used[TABLES, slot] >= board.limit[TABLES, slot]:
        return False
    row = board.language[meeting]
    return bool(row == 0 or board.used[row, slot] < board.limit[row, slot])


@compiled
def chain_end(board: Board, start: int, slot: int, other: int) -> int:
    """Follow the chain of a participant who meets in `slot` and not in `other`.

    Gives the participant at its far end, or −1 if a held meeting or that participant's availability bars
    the flip.
    """
    participant = start
    meeting = board.at[participant, slot]
    while meeting >= 0:
        if board.held[meeting]:
            return -1
        participant = board.ends[meeting, 0] + board.ends[meeting, 1] - participant
        slot, other = other, slot
        meeting = board.at[participant, slot]
    return int(participant) if board.available[participant, slot] else -1


@compiled
def leavers(board: Board, start: int, slot: int, other: int) -> int:
    """How many more meetings of the chain are away from home after the flip."""
    away = 0
    participant = start
    meeting = board.at[participant, slot]
    while meeting >= 0:
        if board.home[meeting] == slot:
            away += 1
        elif board.home[meeting] == other:
            away -= 1
        participant = board.ends[meeting, 0] + board.ends[meeting, 1] - participant
        slot, other = other, slot
        meeting = board.at[participant, slot]
    return away


@inner
def flip(board: Board, start: int, slot: int, other: int) -> None:
    """Swap both slots along the chain of a participant who meets in `slot` and not in `other`."""
    participant = start
    meeting = board.at[participant, slot]
    board.at[participant, slot] = -1
    while meeting >= 0:
        partner = board.ends[meeting, 0] + board.ends[meeting, 1] - participant
        following = board.at[partner, other]
        board.slot[meeting] = other
        board.at[participant, other] = meeting
        board.at[partner, other] = meeting
        # The partner's old entry stays only if the next meeting of the chain moves there.
        board.at[partner, slot] = -1
        board.used[TABLES, slot] -= 1
        board.used[TABLES, other] += 1
        if board.language[meeting] > 0:
            board.used[board.language[meeting], slot] -= 1
            board.used[board.language[meeting], other] += 1
        participant = partner
        meeting = following
        slot, other = other, slot


@compiled
def balance(board: Board, slot: int) -> bool:
    """Move one meeting more out of a slot than into it, into a slot with a meeting table left."""
    participants, slots = board.at.shape
    for other in range(slots):
        if board.used[TABLES, other] >= board.limit[TABLES, other]:
            continue
        for start in range(participants):
            if board.at[start, slot] < 0 or board.at[start, other] >= 0 or not board.available[start, other]:
                continue
            end = chain_end(board, start, slot, other)
            # Only a chain that begins and ends in this slot has one more meeting there.
            if end < 0 or board.at[end, slot] < 0:
                continue
            flip(board, start, slot, other)
            if has_interpreters(board, slot) and has_interpreters(board, other):
                return True
            flip(board, start, other, slot)
    return False


@compiled
def put_into_free(board: Board, meeting: int, overfull: bool) -> bool:
    """Place a meeting in the emptiest slot that is free for both; `overfull`: balance tables after it."""
    first, second = board.ends[meeting]
    best = -1
    for slot in range(board.at.shape[1]):
        if not (board.available[first, slot] and board.available[second, slot]):
            continue
        if board.at[first, slot] >= 0 or board.at[second, slot] >= 0:
            continue
        if not overfull:
            if has_room(board, meeting, slot) and (
                best < 0 or board.used[TABLES, slot] < board.used[TABLES, best]
            ):
                best = slot
            continue
        put(board, meeting, slot)
        if has_interpreters(board, slot) and (has_tables(board, slot) or balance(board, slot)):
            return True
        take(board, meeting)
    if best >= 0:
        put(board, meeting, best)
    return best >= 0


@compiled
def put_after_flip(board: Board, meeting: int, overfull: bool) -> bool:  # noqa: C901 - nested choice
    """Place a meeting where one flip frees a slot for both, by the flip that moves the fewest from home.

    With `overfull` the first flip after which the tables can be balanced will do.
    """
    slots = board.at.shape[1]
    fewest, best = 1 << 30, (-1, -1, -1)
    for side in range(2):
        host, guest = board.ends[meeting, side], board.ends[meeting, 1 - side]
        for slot in range(slots):
            if not (board.available[host, slot] and board.available[guest, slot]):
                continue
            if board.at[host, slot] >= 0 or board.at[guest, slot] < 0:
                continue
            for other in range(slots):
                if board.at[guest, other] >= 0 or not board.available[guest, other]:
                    continue
                end = chain_end(board, guest, slot, other)
                # Only if participants also meet within their own side can the chain end at the host.
                if end < 0 or end == host:
                    continue
                away = leavers(board, guest, slot, other)
                if away >= fewest:
                    continue
                flip(board, guest, slot, other)
                put(board, meeting, slot)
                fits = has_interpreters(board, slot) and has_interpreters(board, other)
                level = has_tables(board, slot) and has_tables(board, other)
                if fits and level:
                    if away <= 0:
                        return True
                    fewest, best = away, (guest, slot, other)
                elif fits and overfull and balance(board, other if has_tables(board, slot) else slot):
                    return True
                take(board, meeting)
                flip(board, guest, other, slot)
    if best[0] < 0:
        return False
    flip(board, best[0], best[1], best[2])
    put(board, meeting, best[1])
    return True


@compiled
def insert(board: Board, meeting: int) -> bool:
    """Place one more meeting, moving others along one or two chains if need be."""
    return bool(
        put_into_free(board, meeting, False)
        or put_after_flip(board, meeting, False)
        or put_into_free(board, meeting, True)
        or put_after_flip(board, meeting, True)
    )
