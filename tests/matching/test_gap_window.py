from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import make_timetable
from matching.gap_moves import MOST_SLOTS, rows_of
from matching.gap_window import Window, bring_back, look_through, windows_of
from tests.matching.timetables import broken_rules, figures
from tests.matching.uncompiled import board


@given(st.integers(1, 300), st.integers(6, MOST_SLOTS))
def test_windows_show_each_slot_and_neighbours_share_half_of_theirs(n_slots, most):
    windows = windows_of(n_slots, most)
    assert (windows[0].begin, windows[-1].end) == (0, n_slots)
    if len(windows) == 1:
        assert n_slots <= most
    for window, following in pairwise(windows):
        assert window.end - window.begin == following.end - following.begin == most - 2
        assert 2 * (window.end - following.begin) >= most - 2
        assert window.begin < following.begin


@st.composite
def placed(draw):
    """A board with meetings somewhere in its slots, and participants who are away where they do not meet."""
    n_slots = draw(st.integers(3, 9))
    meets = st.tuples(st.integers(0, 3), st.integers(4, 7), st.integers(0, n_slots - 1))
    drawn = draw(st.lists(meets, min_size=1, max_size=20))
    taken, meetings, slots = set(), [], []
    for left, right, slot in drawn:
        if not {(left, slot), (right, slot)} & taken:
            taken |= {(left, slot), (right, slot)}
            meetings.append([left, right])
            slots.append(slot)
    made = board([*meetings, [0, 7]], slots, n_slots, 4)
    away = draw(st.lists(st.booleans(), min_size=made.at.size, max_size=made.at.size))
    made.available[:] = (made.at >= 0) | ~np.reshape(away, made.at.shape)
    begin = draw(st.integers(0, n_slots - 1))
    return made, Window(begin, draw(st.integers(begin + 1, n_slots)))


def gaps(made):
    """The gaps of each participant, slot by slot."""
    met = made.at >= 0
    begun, open_ = np.logical_or.accumulate(met, axis=1), np.logical_or.accumulate(met[:, ::-1], axis=1)
    return begun & open_[:, ::-1] & ~met & made.available


@given(placed())
def test_view_has_the_gaps_that_the_board_has_in_the_window(asked):
    made, window = asked
    shown = gaps(made)[:, window.begin : window.end].sum(axis=1)
    assert rows_of(look_through(made, window)).gaps.tolist() == shown.tolist()


@given(placed())
def test_what_is_not_moved_in_a_view_is_not_moved_on_the_board(asked):
    made, window = asked
    before = made.slot.copy(), made.at.copy(), made.used.copy()
    bring_back(made, look_through(made, window), window)
    assert all(np.array_equal(*pair) for pair in zip(before, (made.slot, made.at, made.used), strict=True))


def test_view_of_all_slots_is_the_board():
    made = board([[0, 1]], [1], 3, 1)
    assert look_through(made, Window(0, 3)) is made


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_search_through_windows_keeps_the_rules_and_brings_no_more_gaps(seed):
    random = np.random.default_rng(seed)
    cells = random.choice(8 * 8, 30, replace=False)
    asked = {
        "meetings": np.column_stack([cells // 8, 8 + cells % 8]),
        "n_slots": 14,
        "n_tables": 5,
        "available": random.random((16, 14)) < 0.9,
        "language": random.integers(0, 2, 30),
        "interpreters": np.full((1, 14), 2),
        "pinned": np.where(random.random(30) < 0.1, random.integers(0, 14, 30), -1),
    }
    first = make_timetable(**asked, seconds=0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("matching.gap_search.MOST_SLOTS", 8)
        patch.setattr("matching.gap_search.MOVES_A_SECOND", 500)
        patch.setattr("matching.gap_search._STEPS", 50)
        made = make_timetable(**asked, seconds=60, n_threads=1)
    assert broken_rules(made.slot, made.table, **asked) == []
    assert len(made.unplaced) <= len(first.unplaced)
    if not first.unplaced:
        assert made.gaps <= first.gaps


def test_gaps_of_a_forum_of_several_days_are_closed():
    cells = np.random.default_rng(5).choice(30 * 30, 500, replace=False)
    meetings, n_slots = np.column_stack([cells // 30, 30 + cells % 30]), 2 * MOST_SLOTS
    made = make_timetable(meetings, n_slots, 10, seconds=1)
    assert made.unplaced == ()
    assert broken_rules(made.slot, made.table, meetings, n_slots, 10) == []
    counted, _, _ = figures(made.slot, made.table, range(10), meetings, n_slots, 10)
    assert made.gaps_of.tolist() == counted
    assert made.gaps < make_timetable(meetings, n_slots, 10, seconds=0).gaps / 4
