"""Meetings → slots × meeting tables, without a clash and with few gaps."""

import time
from enum import StrEnum
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matching.edge_colouring import TABLES, Board, Flags, Integers, has_room, put
from matching.gap_search import close_gaps
from matching.placement import lay_out, place_all
from matching.seating import Hall, location_changes, seat
from matching.timetable_request import Request, at_least, not_negative, read

# Placing may take this part of the time, placing and closing gaps that part; the rest is for the tables.
_PLACED_AFTER, _CLOSED_AFTER = 0.5, 0.93
# A proof is tried for no more meetings times slots than this.
_LARGEST_PROOF = 2_500


class Obstacle(StrEnum):
    """Why a meeting is not placed."""

    NEVER_TOGETHER = "never_together"
    """There is no slot in which both participants are available."""
    PARTICIPANT_FULL = "participant_full"
    """The participant has a meeting in each slot in which it is available."""
    NO_COMMON_FREE_SLOT = "no_common_free_slot"
    """Each of both has free slots, but none is free for both."""
    NO_TABLE = "no_table"
    """All meeting tables are taken in the slots that are free for both."""
    NO_INTERPRETER = "no_interpreter"
    """All interpreters of the language are taken in the slots that are free for both."""
    PIN_UNAVAILABLE = "pin_unavailable"
    """The participant is not available in the pinned slot."""
    PIN_PARTICIPANT_BUSY = "pin_participant_busy"
    """The participant has an earlier pinned meeting in that slot."""
    PIN_TABLE_TAKEN = "pin_table_taken"
    """An earlier pinned meeting has the pinned meeting table in that slot."""
    PIN_NO_TABLE = "pin_no_table"
    """Earlier pinned meetings take all meeting tables of that slot."""
    PIN_NO_INTERPRETER = "pin_no_interpreter"
    """Earlier pinned meetings take all interpreters of the language in that slot."""


class Unplaced(NamedTuple):
    """A meeting without a slot, why, and the participant that it is due to, or −1 where it is neither."""

    meeting: int
    obstacle: Obstacle
    participant: int


class Timetable(NamedTuple):
    """When and where the meetings are.

    Attributes
    ----------
    slot : ndarray of int32, shape (n,)
        The slot of every meeting, −1 = not placed.
    table : ndarray of int32, shape (n,)
        Its meeting table, −1 = not placed.
    unplaced : tuple of Unplaced
        The meetings without a slot in their order, each with its obstacle.
    gaps : int
        Gaps of all participants: slots between a participant's first and last meeting in which it is
        available and has no meeting.
    gaps_of : ndarray of int32, shape (participants,)
        Gaps of every participant.
    worst : int
        The participant with the most gaps (of equals the lowest), −1 where nobody has one.
    breaks : int
        How often a participant has one gap or several between a meeting and its next one.
    location_changes : int
        How often a participant's next meeting is in another location than the one before.
    moved : ndarray of int32, shape (moved,)
        Meetings of the previous timetable that are placed in another slot.
    proven : bool
        Whether it is proven that no more meetings can be placed beside the pinned ones.
    """

    slot: Integers
    table: Integers
    unplaced: tuple[Unplaced, ...]
    gaps: int
    gaps_of: Integers
    worst: int
    breaks: int
    location_changes: int
    moved: Integers
    proven: bool


def make_timetable(
    meetings: npt.ArrayLike,
    n_slots: int,
    n_tables: int,
    *,
    available: npt.ArrayLike | None = None,
    language: npt.ArrayLike | None = None,
    interpreters: npt.ArrayLike | None = None,
    pinned: npt.ArrayLike | None = None,
    pinned_table: npt.ArrayLike | None = None,
    previous: npt.ArrayLike | None = None,
    previous_table: npt.ArrayLike | None = None,
    table_location: npt.ArrayLike | None = None,
    hosts_stay: bool = False,
    seconds: float = 10,
    n_threads: int = 2,
    seed: int = 0,
) -> Timetable:
    """Give meetings slots and meeting tables.

    No participant, meeting table or interpreter is in two meetings of one slot, and nobody meets where it
    is not available. As many meetings as possible are placed, then gaps are few, then changes of location.
    With `previous` a released timetable is repaired: as many meetings as possible are placed, then as few
    as possible of the previous ones moved, and only the others are shifted to close gaps.

    Parameters
    ----------
    meetings : int array, shape (n, 2)
        The two participants of every meeting. Two participants may meet more than once.
    n_slots, n_tables : int
        How many slots there are, and meeting tables in each; at least 1.
    available : bool array, shape (participants, n_slots), optional
        Where each participant can meet; by default always.
    language : int array, shape (n,), optional
        The language for which a meeting needs an interpreter, from 1; 0 = none.
    interpreters : int array, shape (languages, n_slots), optional
        How many interpreters of language l there are in each slot, in row l − 1; by default enough.
    pinned : int array, shape (n,), optional
        The slot that a meeting must have, or −1. Of pins that clash the first in the list is kept.
    pinned_table : int array, shape (n,), optional
        The meeting table that a meeting must have, or −1. Where two meetings without a pinned slot come to
        want one meeting table in one slot, the later in the list gets another.
    previous, previous_table : int array, shape (n,), optional
        Slot and meeting table in the released timetable, −1 for a new meeting.
    table_location : int array, shape (n_tables,), optional
        Where the meeting tables stand; by default each is a location of its own.
    hosts_stay : bool
        Whether changes of the right-hand participants count before those of the left-hand ones.
    seconds : float
        When to stop at the latest (placing has half of it, but is never given up before a first timetable).
    n_threads : int
        How many searches for fewer gaps run beside each other; the best is kept.
    seed : int
        Which random numbers are drawn; not negative.

    Returns
    -------
    Timetable
        Slots and meeting tables of the meetings, what could not be placed and why, gaps and changes.

    Raises
    ------
    ValueError
        If shapes or ranges do not fit, there is no slot or no meeting table, or a participant would meet
        itself. Wishes that cannot be met together are no error: they are told in `unplaced`.

    Notes
    -----
    With neither availability limits nor pins, and with meetings between two sides, all are placed whenever
    `n_slots` is at least the number of meetings of the busiest participant (König 1916) and
    `n_slots * n_tables` at least n (de Werra 1971). For small forums with meetings left over CP-SAT finds the
    optimum. The same input gives the same timetable on every machine as long as the work, which is a fixed
    number of moves for each second granted, is done before the clock ends it. A first timetable takes
    about n · n_slots steps without limits; each move of the search takes time in proportion to a chain of
    meetings that alternate between two slots, on average a few.

    References
    ----------
    D. König 1916, "Über Graphen und ihre Anwendung auf Determinantentheorie und Mengenlehre";
    D. de Werra 1971, "Balanced schedules".

    Examples
    --------
    >>> timetable = make_timetable([[0, 2], [0, 3], [1, 2], [1, 3]], n_slots=2, n_tables=2, seconds=1)
    >>> timetable.unplaced, timetable.gaps
    ((), 0)
    >>> bool((timetable.slot[[0, 1]] != timetable.slot[[2, 3]]).all())
    True
    """
    start = time.monotonic()
    not_negative(seconds, "seconds")
    at_least(n_threads, 1, "n_threads")
    at_least(seed, 0, "seed")
    request = read(
        meetings,
        n_slots,
        n_tables,
        available=available,
        language=language,
        interpreters=interpreters,
        pinned=pinned,
        pinned_table=pinned_table,
        previous=previous,
        previous_table=previous_table,
        table_location=table_location,
    )

    def is_after(part: float) -> bool:
        return time.monotonic() >= start + part * seconds

    board, obstacles = _pin(request)
    _keep(board, request.previous, obstacles)
    open_to_place = np.ones(len(board.slot), dtype=np.bool_)
    open_to_place[list(obstacles)] = False
    place_all(board, np.flatnonzero(open_to_place), seed, lambda: is_after(_PLACED_AFTER))
    proven = _prove(board, obstacles, start + _CLOSED_AFTER * seconds)
    # A repair keeps what is where it was; a new timetable has nothing at home.
    resting = board.held | ((board.home >= 0) & (board.slot == board.home))
    close_gaps(
        board._replace(held=resting),
        seconds=seconds,
        until=start + _CLOSED_AFTER * seconds,
        n_threads=n_threads,
        seed=seed,
    )
    place_all(board, np.flatnonzero(open_to_place), seed, lambda: True)
    hall = Hall(
        request.location,
        request.pinned_table,
        np.where(board.slot == request.previous, request.previous_table, -1).astype(np.int32),
        hosts_stay,
    )
    table = seat(board.ends, board.at, hall, lambda: is_after(1))
    gaps_of, breaks = _gaps(board)
    return Timetable(
        slot=board.slot,
        table=table,
        unplaced=tuple(
            obstacles.get(meeting) or _obstacle(board, meeting)
            for meeting in np.flatnonzero(board.slot < 0).tolist()
        ),
        gaps=int(gaps_of.sum()),
        gaps_of=gaps_of,
        worst=int(gaps_of.argmax()) if gaps_of.any() else -1,
        breaks=breaks,
        location_changes=location_changes(board.ends, board.slot, table, request.location),
        moved=np.flatnonzero(
            (request.previous >= 0) & (board.slot >= 0) & (board.slot != request.previous)
        ).astype(np.int32),
        proven=proven,
    )


@cache
def compile_loops() -> None:
    """Compile the loops of `make_timetable`, or load them from their cache, once in a process.

    The first timetable of a process would else spend its seconds on that, which takes longer than a small
    forum is granted.
    """
    # Insertion spreads meetings over empty slots, which leaves gaps to close; the last participant is never
    # there, so that evicting is tried too, and in vain.
    available = np.ones((5, 6), dtype=np.bool_)
    available[4] = False
    make_timetable([(0, 2), (0, 3), (1, 2), (1, 3), (0, 4)], 6, 2, available=available, seconds=60)


def _pin(request: Request) -> tuple[Board, dict[int, Unplaced]]:
    """Place the pinned meetings on a new board, of pins that clash the first, and tell why not the others."""
    n, (participants, slots) = len(request.ends), request.available.shape
    board = Board(
        ends=request.ends,
        language=request.language,
        home=np.where(request.pinned >= 0, -1, request.previous).astype(np.int32),
        held=request.pinned >= 0,
        slot=np.full(n, -1, dtype=np.int32),
        at=np.full((participants, slots), -1, dtype=np.int32),
        available=request.available,
        used=np.zeros_like(request.limit),
        limit=request.limit,
    )
    obstacles: dict[int, Unplaced] = {}
    tables: set[tuple[int, int]] = set()
    for meeting in np.flatnonzero(request.pinned >= 0).tolist():
        slot, table = int(request.pinned[meeting]), int(request.pinned_table[meeting])
        obstacle = _obstacle_of_pin(board, meeting, slot)
        if obstacle is None and (slot, table) in tables:
            obstacle = Unplaced(meeting, Obstacle.PIN_TABLE_TAKEN, -1)
        if obstacle is not None:
            obstacles[meeting] = obstacle
            continue
        put(board, meeting, slot)
        if table >= 0:
            tables.add((slot, table))
    return board, obstacles


def _obstacle_of_pin(board: Board, meeting: int, slot: int) -> Unplaced | None:
    for participant in board.ends[meeting].tolist():
        if not board.available[participant, slot]:
            return Unplaced(meeting, Obstacle.PIN_UNAVAILABLE, participant)
    for participant in board.ends[meeting].tolist():
        if board.at[participant, slot] >= 0:
            return Unplaced(meeting, Obstacle.PIN_PARTICIPANT_BUSY, participant)
    if has_room(board, meeting, slot):
        return None
    full = board.used[TABLES, slot] >= board.limit[TABLES, slot]
    return Unplaced(meeting, Obstacle.PIN_NO_TABLE if full else Obstacle.PIN_NO_INTERPRETER, -1)


def _keep(board: Board, previous: Integers, obstacles: dict[int, Unplaced]) -> None:
    """Place the meetings of the previous timetable where they were, as far as that is still possible."""
    for meeting in np.flatnonzero((previous >= 0) & (board.slot < 0)).tolist():
        slot = int(previous[meeting])
        if meeting not in obstacles and _obstacle_of_pin(board, meeting, slot) is None:
            put(board, meeting, slot)


def _prove(board: Board, obstacles: dict[int, Unplaced], until: float) -> bool:
    """Whether no more meetings can be placed; small boards are mended until it is so."""
    together = (board.available[board.ends[:, 0]] & board.available[board.ends[:, 1]]).any(axis=1)
    left = (board.slot < 0) & together
    left[list(obstacles)] = False
    away = (board.slot >= 0) & (board.home >= 0) & (board.slot != board.home)
    if not left.any() and not away.any():
        return True
    seconds = until - time.monotonic()
    if board.slot.size * board.at.shape[1] > _LARGEST_PROOF or seconds <= 0:
        return not left.any()
    # OR-Tools takes a second to load, which most timetables can do without.
    from matching.placement_proof import most_meetings  # noqa: PLC0415

    found, proven = most_meetings(board, set(obstacles), seconds)
    lay_out(board, found)
    return proven or not left.any()


def _obstacle(board: Board, meeting: int) -> Unplaced:
    """Tell why no slot is left for a meeting."""
    ends = board.ends[meeting]
    together = board.available[ends].all(axis=0)
    if not together.any():
        return Unplaced(meeting, Obstacle.NEVER_TOGETHER, -1)
    free: Flags = board.available[ends] & (board.at[ends] < 0)
    for participant, slots in zip(ends.tolist(), free, strict=True):
        if not slots.any():
            return Unplaced(meeting, Obstacle.PARTICIPANT_FULL, participant)
    common = free.all(axis=0)
    if not common.any():
        return Unplaced(meeting, Obstacle.NO_COMMON_FREE_SLOT, -1)
    if not (common & (board.used[TABLES] < board.limit[TABLES])).any():
        return Unplaced(meeting, Obstacle.NO_TABLE, -1)
    return Unplaced(meeting, Obstacle.NO_INTERPRETER, -1)


def _gaps(board: Board) -> tuple[Integers, int]:
    """Gaps of every participant and the breaks of all."""
    met = board.at >= 0
    seen_before = np.logical_or.accumulate(met, axis=1)
    seen_after = np.logical_or.accumulate(met[:, ::-1], axis=1)[:, ::-1]
    gap = seen_before & seen_after & ~met & board.available
    # A break ends with the next meeting: the gaps counted so far are more than at the meeting before.
    counted = gap.cumsum(axis=1)
    at_meeting = np.maximum.accumulate(np.where(met, counted, 0), axis=1)
    rises = at_meeting[:, 1:] > at_meeting[:, :-1]
    return gap.sum(axis=1, dtype=np.int32), int(rises.sum())
