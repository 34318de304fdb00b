import json
import os
import re
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import make_timetable
from matching.compiled import compiled
from matching.placement_proof import most_meetings
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
    with pytest.MonkeyPatch.context() as patch:
        # The proof has time enough on a busy machine as well, the search for fewer gaps is short.
        patch.setattr("matching.gap_search.MOVES_A_SECOND", 2_000)
        made = planned(**asked, seconds=60)
        repaired = planned(**asked, previous=previous, seconds=60)
    assert len(asked["meetings"]) - len(made.unplaced) == most_placed(**asked)[0]
    assert made.proven
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
    assert json.loads(printed) == [uncompiled.timetables(), uncompiled.steps()]


def test_steps_that_forums_seldom_come_to():
    dear, full, home, fewest, closed, barred, crowded = uncompiled.steps()
    assert dear == [9, [0, 1]]
    # A held meeting fills the slot: the other waits on.
    assert full == [1, [0, -1], [1, 0]]
    assert home == [0, 0]
    assert fewest == [0, 1, 0]
    assert abs(closed[0] - closed[1]) == 1
    assert barred == [0, 2, 1]
    assert crowded == [0, 1]


def test_loops_are_compiled_where_nothing_can_be_kept_on_disk():
    namespace = {}
    exec("def twice(n):\n    return 2 * n", namespace)  # noqa: S102 - a function without a file
    assert compiled(namespace["twice"])(4) == 8


MEETINGS = [[0, 2], [0, 3], [1, 2], [1, 3]]
N = len(MEETINGS)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"n_slots": 0}, "n_slots must be at least 1, not 0"),
        ({"n_tables": 0}, "n_tables must be at least 1, not 0"),
        ({"n_threads": 0}, "n_threads must be at least 1, not 0"),
        ({"seed": -1}, "seed must be at least 0, not -1"),
        ({"seconds": -1}, "seconds must be finite and not negative, not -1"),
        ({"seconds": float("inf")}, "seconds must be finite and not negative, not inf"),
        ({"meetings": [[0, 1, 2]]}, "meetings must have shape (n, 2), not (1, 3)"),
        ({"meetings": [0, 1]}, "meetings must have shape (n, 2), not (2,)"),
        ({"meetings": [[0.0, 1.0]]}, "meetings must be whole numbers, not float64"),
        ({"meetings": [[0, -1]]}, f"meetings must be from 0 to {2**31 - 2}, not -1"),
        ({"meetings": [[0, 1], [2, 2]]}, "meeting 1 is of participant 2 with itself"),
        ({"available": [[True]] * 4}, "available must have shape (participants, 2), not (4, 1)"),
        ({"available": [True, True]}, "available must have shape (participants, 2), not (2,)"),
        ({"available": [[True, True]] * 3}, "available has 3 rows, but participant 3 has a meeting"),
        ({"available": [[2, 0]] * 4}, "available must be true or false"),
        ({"language": [0, 0]}, "language must have shape (4,), not (2,)"),
        ({"language": [0, 0, 0, -1]}, f"language must be from 0 to {2**31 - 2}, not -1"),
        (
            {"language": [0, 0, 0, 2], "interpreters": [[1, 1]]},
            "language must be from 0 to 1, not 2",
        ),
        ({"interpreters": [[1]]}, "interpreters must have shape (1, 2), not (1, 1)"),
        ({"interpreters": 1}, "interpreters must have shape (0, 2), not ()"),
        ({"interpreters": [[1, -1]]}, f"interpreters must be from 0 to {2**31 - 2}, not -1"),
        ({"pinned": [0, 0, 0, 2]}, "pinned must be from -1 to 1, not 2"),
        ({"pinned_table": [0, 0, 0, 3]}, "pinned_table must be from -1 to 2, not 3"),
        ({"previous": [0, 0, 0, -2]}, "previous must be from -1 to 1, not -2"),
        ({"previous_table": [0]}, "previous_table must have shape (4,), not (1,)"),
        ({"table_location": [0, 0]}, "table_location must have shape (3,), not (2,)"),
        ({"table_location": [0, 0, -1]}, f"table_location must be from 0 to {2**31 - 2}, not -1"),
    ],
)
def test_argument_that_does_not_fit_is_an_error(change, message):
    asked = {"meetings": MEETINGS, "n_slots": 2, "n_tables": 3, **change}
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        make_timetable(**asked)


def test_nothing_is_planned_of_nothing():
    made = make_timetable([], 3, 2)
    assert (made.slot.tolist(), made.table.tolist(), made.unplaced) == ([], [], ())
    assert (made.gaps, made.worst, made.breaks, made.location_changes) == (0, -1, 0, 0)
    assert made.proven


def test_participants_without_meetings_are_known_by_their_availability():
    made = planned([[0, 1]], 2, 1, available=np.ones((5, 2), dtype=int))
    assert made.gaps_of.tolist() == [0] * 5


def test_pinned_meetings_have_their_slots():
    made = planned(MEETINGS, 4, 2, pinned=[3, -1, -1, 1])
    assert made.slot[[0, 3]].tolist() == [3, 1]
    assert made.unplaced == ()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"available": [[1, 1], [1, 1], [0, 1], [1, 1]]}, (0, Obstacle.PIN_UNAVAILABLE, 2)),
        ({"pinned": [0, 0, -1, -1]}, (1, Obstacle.PIN_PARTICIPANT_BUSY, 0)),
        ({"pinned": [0, -1, -1, 0], "n_tables": 1}, (3, Obstacle.PIN_NO_TABLE, -1)),
        ({"pinned": [0, -1, -1, 0], "pinned_table": [1, -1, -1, 1]}, (3, Obstacle.PIN_TABLE_TAKEN, -1)),
        (
            {"pinned": [0, -1, -1, 0], "language": [1, 0, 0, 1], "interpreters": [[1, 1]]},
            (3, Obstacle.PIN_NO_INTERPRETER, -1),
        ),
    ],
)
def test_pin_that_cannot_be_kept_is_told(options, expected):
    asked = {"n_slots": 2, "n_tables": 2, "pinned": [0, -1, -1, -1], **options}
    tables = {"pinned_table": asked.pop("pinned_table")} if "pinned_table" in asked else {}
    made = planned(MEETINGS, **asked, **tables)
    assert expected in made.unplaced


def test_pinned_table_is_kept_where_only_one_wants_it():
    made = planned(MEETINGS, 2, 3, pinned=[0, 1, 1, 0], pinned_table=[2, -1, 2, 2])
    assert made.unplaced == ((3, Obstacle.PIN_TABLE_TAKEN, -1),)
    assert made.table[[0, 2]].tolist() == [2, 2]


def test_later_of_two_that_come_to_want_one_table_gets_another():
    made = planned(MEETINGS, 2, 2, pinned_table=[1, 1, 1, 1])
    assert made.unplaced == ()
    for slot in range(2):
        first, second = np.flatnonzero(made.slot == slot)
        assert made.table[[first, second]].tolist() == [1, 0]


def test_interpreters_bound_the_meetings_of_a_language():
    meetings = [[p, 4 + p] for p in range(4)]
    made = planned(meetings, 4, 4, language=[1, 1, 1, 1], interpreters=[[1, 0, 2, 1]])
    assert np.bincount(made.slot, minlength=4).tolist() == [1, 0, 2, 1]
    short = planned(meetings, 4, 4, language=[1, 1, 1, 1], interpreters=[[1, 0, 1, 1]], seconds=5)
    assert [(left.obstacle, left.participant) for left in short.unplaced] == [(Obstacle.NO_INTERPRETER, -1)]
    assert short.proven


def test_languages_without_interpreter_plan_are_not_bounded():
    meetings = [[p, 4 + p] for p in range(4)]
    assert planned(meetings, 1, 4, language=[7, 7, 7, 7]).unplaced == ()


def test_released_timetable_that_still_holds_is_left_alone():
    made = planned(MEETINGS, 6, 2, previous=[0, 5, 5, 0], previous_table=[1, 0, 1, 0])
    assert made.slot.tolist() == [0, 5, 5, 0]
    assert made.table.tolist() == [1, 0, 1, 0]
    assert made.moved.tolist() == []
    assert made.gaps == 16


def test_repair_moves_no_more_than_it_must():
    # Participant 0 is gone from slot 0 on: its meeting there must move, to the one slot that is left.
    available = [[0, 1, 1], [1, 1, 1], [1, 1, 1], [1, 1, 1]]
    made = planned(MEETINGS, 3, 2, available=available, previous=[0, 1, 1, 0])
    assert made.slot.tolist() == [2, 1, 1, 0]
    assert made.moved.tolist() == [0]
    assert made.proven


def test_new_meetings_find_room_beside_those_that_were_released():
    made = planned([*MEETINGS, [0, 4]], 3, 2, previous=[0, 1, 1, 0, -1], previous_table=[0, 0, 1, 1, -1])
    assert made.slot.tolist() == [0, 1, 1, 0, 2]
    assert made.table[:4].tolist() == [0, 0, 1, 1]


def test_meeting_that_moves_is_not_bound_to_its_old_table():
    made = planned([[0, 1], [2, 3]], 1, 2, pinned=[0, 0], previous=[0, 0], previous_table=[1, 1])
    assert sorted(made.table.tolist()) == [0, 1]
    assert made.table[0] == 1


def test_hosts_keep_their_table_where_they_are_asked_to():
    rng = np.random.default_rng(1)
    pairs = [(left, 6 + right) for left in range(6) for right in range(4)]
    meetings = [pairs[row] for row in rng.permutation(len(pairs))]
    made = planned(meetings, 6, 4, hosts_stay=True, seconds=1)
    of_hosts = {meetings[m][1]: set() for m in range(len(meetings))}
    for m, (_, host) in enumerate(meetings):
        of_hosts[host].add(int(made.table[m]))
    assert all(len(tables) == 1 for tables in of_hosts.values())


def test_tables_in_one_location_are_no_change():
    made = planned(MEETINGS, 2, 2, table_location=[5, 5])
    assert made.location_changes == 0
    assert made.unplaced == ()


def test_guest_finds_another_table_of_the_location_where_its_last_is_taken():
    asked = {"pinned": [0, 0, 1, 1, 1], "pinned_table": [0, -1, -1, 0, -1]}
    made = planned([[0, 1], [2, 3], [0, 4], [5, 6], [2, 7]], 2, 4, table_location=[0, 1, 0, 1], **asked)
    assert made.location_changes == 0


def test_no_time_still_gives_a_whole_timetable():
    made = planned([[left, 8 + right] for left in range(8) for right in range(8)], 8, 8, seconds=0)
    assert made.unplaced == ()


@pytest.fixture
def little_work(monkeypatch):
    """So little work that it always ends before the clock ends it."""
    monkeypatch.setattr("matching.gap_search.MOVES_A_SECOND", 2_000)
    return {"seconds": 60}


def crowded(n=60, n_slots=10, seed=3):
    rng = np.random.default_rng(seed)
    cells = rng.choice(12 * 12, n, replace=False)
    return {
        "meetings": np.column_stack([cells // 12, 12 + cells % 12]),
        "n_slots": n_slots,
        "n_tables": 8,
        "available": rng.random((24, n_slots)) < 0.95,
    }


@pytest.mark.parametrize("n_threads", [1, 2, 3])
def test_same_input_gives_the_same_timetable(little_work, n_threads):
    first, again = (planned(**crowded(), n_threads=n_threads, seed=4, **little_work) for _ in range(2))
    assert first.slot.tolist() == again.slot.tolist()
    assert first.table.tolist() == again.table.tolist()


def test_more_searches_give_no_more_gaps(little_work):
    gaps = [planned(**crowded(), n_threads=n, **little_work).gaps for n in (1, 2, 4)]
    assert gaps == sorted(gaps, reverse=True)


def test_seeds_draw_other_numbers(little_work):
    made = [planned(**crowded(), seed=seed, **little_work).slot.tolist() for seed in range(3)]
    assert made[0] != made[1] != made[2]


def test_search_closes_gaps():
    asked = crowded()
    assert planned(**asked, seconds=1).gaps < planned(**asked, seconds=0).gaps / 4


def test_worst_participant_and_breaks_are_told():
    made = planned([[0, 1], [0, 2], [0, 3]], 6, 1, pinned=[0, 2, 5])
    assert (made.gaps, made.breaks, made.worst) == (3, 2, 0)
    assert made.gaps_of.tolist() == [3, 0, 0, 0]


def test_what_stands_in_no_common_slot_is_never_placed():
    made = planned([[0, 1], [0, 2]], 2, 2, available=[[1, 0], [0, 1], [1, 1]])
    assert made.unplaced == ((0, Obstacle.NEVER_TOGETHER, -1),)
    assert made.proven


def test_proof_leaves_pins_that_clash_out():
    made = planned([[0, 1], [0, 2], [0, 3]], 2, 2, pinned=[0, 0, -1], available=[[1, 0]] * 4, seconds=5)
    assert made.unplaced == (
        (1, Obstacle.PIN_PARTICIPANT_BUSY, 0),
        (2, Obstacle.PARTICIPANT_FULL, 0),
    )
    assert made.proven


def test_large_forum_that_cannot_be_placed_is_not_proven(monkeypatch):
    monkeypatch.setattr("matching.timetable._LARGEST_PROOF", 0)
    made = planned([[0, 1], [0, 2]], 1, 2)
    assert not made.proven
    assert [left.obstacle for left in made.unplaced] == [Obstacle.PARTICIPANT_FULL]


def test_proof_keeps_pinned_meetings_where_they_are():
    made = planned([[0, 1], [0, 2], [0, 3]], 2, 2, pinned=[1, -1, -1], seconds=5)
    assert made.slot[0] == 1
    assert [left.obstacle for left in made.unplaced] == [Obstacle.PARTICIPANT_FULL]
    assert made.proven


def test_proof_without_time_proves_nothing():
    made = uncompiled.board([[0, 1], [0, 2]], [0], 1, 1)
    slots, proven = most_meetings(made, set(), 0)
    assert slots.tolist() == [0, -1]
    assert not proven


def test_seating_may_end_after_its_first_choice(monkeypatch):
    monkeypatch.setattr("matching.seating._SWEEPS", 0)
    assert planned(**crowded(), table_location=[0, 0, 1, 1, 2, 2, 3, 3]).location_changes > 0
