"""Timetables checked and found by slow, plain means, beside the fast engine."""

from itertools import pairwise

import numpy as np


def forum(meetings, n_slots, n_tables, available=None, language=None, interpreters=None, pinned=None):
    """Bring the arguments of `make_timetable` to lists, with nothing left out."""
    meetings = np.asarray(meetings, dtype=int).reshape(-1, 2)
    n, participants = len(meetings), int(meetings.max(initial=-1)) + 1
    if available is None:
        available = np.ones((participants, n_slots), dtype=bool)
    language = [0] * n if language is None else list(language)
    if interpreters is None:
        interpreters = np.full((max(language, default=0), n_slots), n)
    return (
        meetings.tolist(),
        n_slots,
        n_tables,
        np.asarray(available, dtype=bool).tolist(),
        language,
        np.asarray(interpreters).tolist(),
        [-1] * n if pinned is None else list(pinned),
    )


def broken_rules(slot, table, *arguments, **options):
    """Name every hard rule that a timetable breaks."""
    meetings, n_slots, n_tables, available, language, interpreters, pinned = forum(*arguments, **options)
    broken = []
    for when in range(n_slots):
        here = [m for m in range(len(meetings)) if slot[m] == when]
        people = [p for m in here for p in meetings[m]]
        if len(people) != len(set(people)):
            broken.append(f"a participant twice in slot {when}")
        if any(not available[p][when] for p in people):
            broken.append(f"a participant who is not available in slot {when}")
        tables = [table[m] for m in here]
        if len(tables) != len(set(tables)) or not set(tables) <= set(range(n_tables)):
            broken.append(f"a meeting table twice or none in slot {when}")
        for spoken, row in enumerate(interpreters, 1):
            if sum(language[m] == spoken for m in here) > row[when]:
                broken.append(f"too few interpreters of {spoken} in slot {when}")
    for m, pin in enumerate(pinned):
        if pin >= 0 and slot[m] not in {-1, pin}:
            broken.append(f"meeting {m} away from its pin")
        if (slot[m] == -1) != (table[m] == -1):
            broken.append(f"meeting {m} with half a place")
    return broken


def most_placed(*arguments, previous=None, **options):
    """The most meetings that can be placed and, of those, the fewest moved from the previous slots.

    By trying everything; pins must not clash.
    """
    meetings, n_slots, n_tables, available, language, interpreters, pinned = forum(*arguments, **options)
    previous = [-1] * len(meetings) if previous is None else list(previous)
    best = (len(meetings) + 1, 0)

    def place(m, placed, unplaced, moved):
        nonlocal best
        if (unplaced, moved) >= best:
            return
        if m == len(meetings):
            best = (unplaced, moved)
            return
        order = sorted(range(n_slots), key=lambda when: when != previous[m])
        for when in order if pinned[m] < 0 else [pinned[m]]:
            here = [other for other, slot in placed if slot == when]
            if (
                all(available[p][when] for p in meetings[m])
                and not any(set(meetings[other]) & set(meetings[m]) for other in here)
                and len(here) < n_tables
                and (
                    language[m] == 0
                    or sum(language[other] == language[m] for other in here)
                    < interpreters[language[m] - 1][when]
                )
            ):
                place(m + 1, [*placed, (m, when)], unplaced, moved + (previous[m] not in {-1, when}))
        if pinned[m] < 0:
            place(m + 1, placed, unplaced + 1, moved)

    place(0, [], 0, 0)
    return len(meetings) - best[0], best[1]


def figures(slot, table, location, *arguments, **options):
    """Gaps of every participant, breaks and location changes, counted slot by slot."""
    meetings, _, _, available, *_ = forum(*arguments, **options)
    gaps, breaks, changes = [0] * len(available), 0, 0
    for p, row in enumerate(available):
        mine = sorted(
            (slot[m], location[table[m]]) for m, ends in enumerate(meetings) if p in ends and slot[m] >= 0
        )
        for (start, here), (end, there) in pairwise(mine):
            empty = sum(row[when] for when in range(start + 1, end))
            gaps[p] += empty
            breaks += empty > 0
            changes += here != there
    return gaps, breaks, changes
