"""Makes the timetables of some forums and prints them, in a process whose loops are not compiled.

    NUMBA_DISABLE_JIT=1 python -m tests.matching.uncompiled

Coverage sees the lines of the compiled loops only in this way.
"""

import json

import numpy as np

from matching import gap_search, make_timetable, placement, timetable

FORUMS = (*range(20), 58)
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


if __name__ == "__main__":
    for module, name, value in LITTLE:
        setattr(module, name, value)
    print(json.dumps(timetables()))
