"""Makes the timetables of some forums and prints them, in a process whose loops are not compiled.

    NUMBA_DISABLE_JIT=1 python -m tests.matching.uncompiled

Coverage sees the lines of the compiled loops only in this way.
"""

import json

import numpy as np

from matching import gap_moves, gap_search, make_timetable, placement, timetable
from matching.edge_colouring import Board, put

FORUMS = (*range(20), 102)
# Little work, for loops that are interpreted, and none that ends by the clock.
LITTLE = (
    (gap_search, "MOVES_A_SECOND", 5),
    (placement, "_ROUNDS", 1),
    (placement, "_INSERTIONS_OF_A_ROUND", 20),
    (timetable, "_LARGEST_PROOF", 0),
)


def forum(number):
    """A forum of two sides with every limit, tight enough for each branch of the loops."""
    random = np.random.default_rng(number)
    n_left, n_right = random.integers(2, 9, 2)
    n_slots, n = int(random.integers(2, 7)), int(random.integers(4, 36))
    meetings = np.column_stack([random.integers(0, n_left, n), n_left + random.integers(0, n_right, n)])
    if number % 4 == 0:
        # Meetings within one side as well.
        meetings = np.array([random.choice(n_left + n_right, 2, replace=False) for _ in range(n)])
    pinned = np.where(random.random(n) < 0.1, random.integers(0, n_slots, n), -1)
    previous = np.where(random.random(n) < 0.7, random.integers(0, n_slots, n), -1)
    n_tables = int(random.integers(1, 7))
    return {
        "meetings": meetings,
        "n_slots": n_slots,
        "n_tables": n_tables,
        # One more participant has no meeting.
        "available": random.random((n_left + n_right + 1, n_slots)) < random.choice([0.7, 0.95, 1]),
        "language": random.choice([0, 0, 0, 1, 2], n),
        "interpreters": random.integers(0, 4, (2, n_slots)),
        "pinned": pinned,
        "previous": previous if number % 3 == 0 else None,
        "table_location": random.integers(0, 3, n_tables),
        "hosts_stay": bool(number % 2),
        "seconds": 60,
        "n_threads": 1,
        "seed": number,
    }


def timetables():
    """Slots and meeting tables of the forums."""
    made = [make_timetable(**forum(number)) for number in FORUMS]
    return [[one.slot.tolist(), one.table.tolist()] for one in made]


def board(meetings, slots, n_slots, n_tables, **fields):
    """A board with meetings in these slots; one language has an interpreter in each slot."""
    n, participants = len(meetings), int(np.max(meetings)) + 2
    limit = np.ones((2, n_slots), dtype=np.int32)
    limit[0] = n_tables
    made = Board(
        ends=np.array(meetings, dtype=np.int32),
        language=np.array(fields.get("language", [0] * n), dtype=np.int32),
        home=np.array(fields.get("home", [-1] * n), dtype=np.int32),
        held=np.array(fields.get("held", [False] * n), dtype=np.bool_),
        slot=np.full(n, -1, dtype=np.int32),
        at=np.full((participants, n_slots), -1, dtype=np.int32),
        available=np.ones((participants, n_slots), dtype=np.bool_),
        used=np.zeros_like(limit),
        limit=limit,
    )
    for meeting, slot in enumerate(slots):
        put(made, meeting, slot)
    return made


def steps():
    """What single steps make of boards that forums seldom come to."""
    home = board([[0, 1], [2, 3]], [1, 0], 2, 2, home=[0, -1])
    placement.place_all(home, np.zeros(0, dtype=np.int64), 0, lambda: True)
    closed = gap_search._Walk(board([[0, 1], [0, 2]], [0, 2], 3, 1), (0, 0))
    closed.step(0.5, 300)
    # The only interpreter of the slot in between is taken.
    spoken = board([[0, 1], [0, 2], [3, 4]], [0, 2, 1], 3, 2, language=[1, 1, 1], held=[False, False, True])
    barred = gap_search._Walk(spoken, (0, 0))
    barred.step(0.2, 300)
    crowded = gap_search._Walk(board([[0, 1], [2, 3]], [0, 0], 2, 1), (0, 0))
    crowded.fewest = 99
    crowded.level()
    full = board([[0, 1], [2, 3]], [0], 1, 1, held=[True, False])
    waiting, random = np.array([1, 0], dtype=np.int32), np.array([7], dtype=np.uint64)
    left = placement._force(full, 1, 0, waiting, 0, random)
    tries = np.zeros((2, 1), dtype=np.int32)
    done = placement.evict(full, waiting, 1, 0, full.slot.copy(), tries, random, 5)
    dear = board([[0, 1], [2, 3]], [0, 1], 2, 1)
    # No chain is worth a slot that is overfull at such a price.
    rows, no_rent, bearable = gap_moves.rows_of(dear), np.zeros(2), gap_moves.bearable_at(1.0)
    gaps = gap_moves.anneal(dear, rows, random, no_rent, bearable, 100.0, 50, dear.slot.copy(), 9)
    return [
        [gaps, dear.slot.tolist()],
        [left, full.slot.tolist(), list(done)],
        home.slot.tolist(),
        [int(walk.fewest) for walk in (closed, barred, crowded)],
        closed.best.tolist(),
        barred.best.tolist(),
        sorted(crowded.best.tolist()),
    ]


if __name__ == "__main__":
    for module, name, value in LITTLE:
        setattr(module, name, value)
    print(json.dumps([timetables(), steps()]))
