import json
import os
import subprocess
import sys

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import make_timetable
from matching.timetable import Obstacle
from tests.matching import uncompiled
from tests.matching.timetables import broken_rules, figures, most_placed

# Nothing here may hang on the clock: the work that is granted ends long before.
SECONDS = 0.02


def planned(meetings, n_slots, n_tables, **options):
    """Make a timetable and hold it against the rules."""
    made = make_timetable(meetings, n_slots, n_tables, **{"seconds": SECONDS, **options})
    rules = {
        key: options[key] for key in ("available", "language", "interpreters", "pinned") if key in options
    }
    assert broken_rules(made.slot, made.table, meetings, n_slots, n_tables, **rules) == []
    assert (made.slot.dtype, made.table.dtype) == (np.int32, np.int32)
    assert [left.meeting for left in made.unplaced] == np.flatnonzero(made.slot < 0).tolist()
    return made


@st.composite
def two_sides(draw, most=40):
    """Meetings between two sides; two participants may meet more than once."""
    left, right = draw(st.integers(1, 8)), draw(st.integers(1, 8))
    pairs = st.tuples(st.integers(0, left - 1), st.integers(left, left + right - 1))
    return draw(st.lists(pairs, min_size=1, max_size=most))


def busiest(meetings):
    return int(np.bincount(np.ravel(meetings)).max())


@st.composite
def forums(draw, most=6):
    """Small forums with every limit there is; also meetings within one side."""
    participants, n_slots = draw(st.integers(2, 6)), draw(st.integers(1, 4))
    pairs = st.permutations(range(participants)).map(lambda order: tuple(order[:2]))
    meetings = draw(st.lists(pairs, min_size=1, max_size=most))
    n = len(meetings)
    cells = st.lists(st.booleans() | st.just(True), min_size=n_slots, max_size=n_slots)
    limits = st.lists(st.integers(0, 2), min_size=n_slots, max_size=n_slots)
    return {
        "meetings": meetings,
        "n_slots": n_slots,
        "n_tables": draw(st.integers(1, 3)),
        "available": draw(st.lists(cells, min_size=participants, max_size=participants)),
        "language": draw(st.lists(st.integers(0, 2), min_size=n, max_size=n)),
        "interpreters": draw(st.lists(limits, min_size=2, max_size=2)),
        "previous": draw(st.lists(st.integers(-1, n_slots - 1), min_size=n, max_size=n)),
    }


@given(two_sides())
def test_all_are_placed_in_as_many_slots_as_the_busiest_has_meetings(meetings):
    made = planned(meetings, busiest(meetings), len(meetings))
    assert made.unplaced == ()
    assert made.proven


@given(two_sides(), st.integers(0, 3), st.randoms(use_true_random=False))
def test_all_are_placed_when_every_table_of_every_slot_is_needed(meetings, more, random):
    n_slots = busiest(meetings) + more
    made = planned(meetings, n_slots, -(-len(meetings) // n_slots), seed=random.randrange(100))
    assert made.unplaced == ()


@settings(deadline=None)
@given(forums())
def test_as_many_are_placed_as_can_be(asked):
    previous = asked.pop("previous")
    made = planned(**asked, seconds=1)
    assert len(asked["meetings"]) - len(made.unplaced) == most_placed(**asked)[0]
    assert made.proven
    repaired = planned(**asked, previous=previous, seconds=1)
    placed = len(asked["meetings"]) - len(repaired.unplaced)
    assert (placed, len(repaired.moved)) == most_placed(**asked, previous=previous)


@given(forums(most=12))
def test_figures_are_those_of_a_plain_count(asked):
    location = [0, 0, 1]
    made = planned(**asked, table_location=location[: asked["n_tables"]])
    del asked["previous"]
    gaps, breaks, changes = figures(made.slot, made.table, location, **asked)
    assert made.gaps_of.tolist() == gaps
    assert (made.gaps, made.breaks, made.location_changes) == (sum(gaps), breaks, changes)
    assert made.worst == (gaps.index(max(gaps)) if max(gaps) else -1)


@given(forums(most=12))
def test_an_obstacle_is_true(asked):
    made = planned(**asked, seconds=0)
    available, limits = np.array(asked["available"]), np.array(asked["interpreters"])
    busy = np.zeros_like(available)
    for (first, second), slot in zip(asked["meetings"], made.slot, strict=True):
        if slot >= 0:
            busy[[first, second], slot] = True
    full = np.bincount(made.slot[made.slot >= 0], minlength=asked["n_slots"]) >= asked["n_tables"]
    for meeting, obstacle, participant in made.unplaced:
        ends, spoken = list(asked["meetings"][meeting]), asked["language"][meeting]
        free = available[ends] & ~busy[ends]
        common = free.all(axis=0)
        if obstacle == Obstacle.NEVER_TOGETHER:
            assert not available[ends].all(axis=0).any()
        elif obstacle == Obstacle.PARTICIPANT_FULL:
            assert available[ends].all(axis=0).any()
            assert not free[ends.index(participant)].any()
        elif obstacle == Obstacle.NO_COMMON_FREE_SLOT:
            assert free.any(axis=1).all()
            assert not common.any()
        elif obstacle == Obstacle.NO_TABLE:
            assert common.any()
            assert full[common].all()
        else:
            assert obstacle == Obstacle.NO_INTERPRETER
            spoken_at = made.slot[(np.array(asked["language"]) == spoken) & (made.slot >= 0)]
            in_use = np.bincount(spoken_at, minlength=asked["n_slots"])
            assert (full | (in_use >= limits[spoken - 1]))[common].all()


def test_interpreted_loops_make_the_same_timetables_as_compiled_ones(monkeypatch):
    printed = subprocess.run(
        [sys.executable, "-m", "tests.matching.uncompiled"],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    for module, name, value in uncompiled.LITTLE:
        monkeypatch.setattr(module, name, value)
    assert json.loads(printed) == uncompiled.timetables()
