import gzip
import json

import numpy as np
import pytest

from matching import allocate, make_timetable
from tests.benchmarks import allocation, instances, timetable
from tests.matching.allocations import goals
from tests.matching.timetables import broken_rules


@pytest.fixture
def pairs(tmp_path):
    path = tmp_path / "pairs.npz"
    np.savez(path, **instances.drawn_allocation(30, 1))
    return path


@pytest.fixture
def forum(tmp_path):
    asked = instances.drawn_timetable(20, 40, 6, 10, 1)
    path = tmp_path / "forum.json.gz"
    meetings = np.column_stack([asked["meetings"], asked["language"], asked["pinned"]])
    written = {
        "participants": 20,
        "slots": 6,
        "meeting_tables": 10,
        "meetings": meetings.tolist(),
        "available": ["".join("01"[cell] for cell in row.tolist()) for row in asked["available"]],
        "interpreters": asked["interpreters"].tolist(),
    }
    with gzip.open(path, "wt", encoding="utf-8") as file:
        json.dump(written, file)
    return path


def test_greedy_keeps_the_maxima_and_highs_reaches_the_optimum(pairs):
    asked = instances.allocation(pairs)
    best = goals(allocate(**asked), **asked)
    assert goals(allocation.highs(asked), **asked) == best
    missing, lacking, score = goals(allocation.greedy(asked), **asked)
    assert (missing, lacking, -score) >= (best[0], 0, -best[2])
    assert allocation.reached(allocate(**asked), asked)[:2] == (best[0], best[2])


def test_allocation_benchmark_compares_three_methods(pairs, capsys):
    allocation.main([str(pairs)])
    allocation.main(["--participants", "20", "--largest", "0"])
    rows = [row.split()[0] for row in capsys.readouterr().out.splitlines()]
    assert rows == ["pairs.npz:", "allocate", "greedy", "HiGHS", "20", "allocate", "greedy"]


def test_forum_in_a_file_is_the_one_that_was_drawn(forum):
    read, drawn = instances.timetable(forum), instances.drawn_timetable(20, 40, 6, 10, 1)
    assert read.keys() == drawn.keys()
    for name, value in drawn.items():
        assert np.array_equal(read[name], value), name


def test_drawn_forum_has_a_timetable():
    for seed in range(5):
        asked = instances.drawn_timetable(60, 200, 12, 20, seed)
        assert make_timetable(**asked, seconds=0.5).unplaced == ()


def test_changes_leave_no_meeting_of_those_who_left():
    asked = instances.drawn_timetable(60, 200, 12, 20, 0)
    made = make_timetable(**asked, seconds=0)
    changed = timetable.after_changes(asked, made, 3)
    new = changed["previous"] < 0
    assert new.sum() == 10
    staying = {tuple(ends) for ends in changed["meetings"][~new].tolist()}
    gone = {tuple(ends) for ends in asked["meetings"].tolist()} - staying
    leavers = set(np.flatnonzero(np.random.default_rng(3).random(60) < timetable.LEAVING).tolist())
    assert gone
    assert all(leavers & set(ends) for ends in gone)
    assert not leavers & set(changed["meetings"].ravel().tolist())
    repaired = make_timetable(**changed, seconds=0.1)
    rules = {name: changed[name] for name in ("available", "language", "interpreters", "pinned")}
    assert broken_rules(repaired.slot, repaired.table, changed["meetings"], 12, 20, **rules) == []


def test_timetable_benchmark_measures_three_steps_and_a_peer(forum, capsys):
    timetable.main([str(forum), "--seconds", "0.1", "--peer", "5"])
    rows = capsys.readouterr().out.splitlines()
    assert [row.split()[0] for row in rows[5:]] == [
        "forum.json.gz:",
        "first",
        "fewer",
        "repair",
        *rows[9].split()[:1],
        "CP-SAT",
    ]
    assert rows[10].split()[1] == "0"


def test_peer_tells_when_it_finds_nothing():
    asked = instances.drawn_timetable(20, 40, 6, 10, 1)
    n = len(asked["meetings"])
    assert timetable.peer(asked | {"n_tables": 1}, 5) == (0, 0)
    assert n > 0


def test_timetable_benchmark_draws_forums(capsys):
    timetable.main(["--kind", "small", "--seed", "2", "--seconds", "0.1"])
    assert capsys.readouterr().out.splitlines()[5].startswith("small, seed 2: 60 participants")
