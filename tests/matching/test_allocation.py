import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import NoMeeting, Reserve, allocate, allocation_report
from tests.matching.allocations import best_goals, goals
from tests.matching.test_package import loaded_after


@st.composite
def quotas(draw, most=9, highest=9):
    """Small instances with everything that can be asked."""
    n_left, n_right = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    cells = st.tuples(st.integers(0, n_left - 1), st.integers(0, n_right - 1))
    pairs = draw(st.lists(cells, max_size=most, unique=True))
    n = len(pairs)
    left, right = [pair[0] for pair in pairs], [pair[1] for pair in pairs]

    def each(length, top):
        return draw(st.lists(st.integers(0, top), min_size=length, max_size=length))

    max_left, max_right = each(n_left, 3), each(n_right, 3)
    required = np.zeros(n, dtype=bool)
    for pair in draw(st.sets(st.integers(0, n - 1), max_size=2)) if n else ():
        required[pair] = True
        max_left[left[pair]] = max(max_left[left[pair]], sum(required[np.equal(left, left[pair])]))
        max_right[right[pair]] = max(max_right[right[pair]], sum(required[np.equal(right, right[pair])]))
    reserves = []
    for _ in range(draw(st.integers(0, 3))):
        side, length = draw(st.sampled_from([("left", n_left), ("right", n_right)]))
        members = draw(st.lists(st.booleans(), min_size=length, max_size=length))
        reserves.append(Reserve(members, side, draw(st.integers(0, 4))))
    return {
        "left": left,
        "right": right,
        "score": each(n, highest),
        "max_left": max_left,
        "max_right": max_right,
        "min_left": each(n_left, 3),
        "min_right": each(n_right, 3),
        "required": required,
        "reserves": reserves,
    }


@given(quotas())
def test_all_three_goals_are_reached_in_their_order(asked):
    chosen = allocate(**asked)
    assert chosen.dtype == np.bool_
    assert goals(chosen, **asked) == best_goals(**asked)


def two_by_two(score):
    return {
        "left": [0, 0, 1, 1],
        "right": [0, 1, 0, 1],
        "score": score,
        "max_left": [1, 1],
        "max_right": [1, 1],
        "min_left": [1, 0],
        "min_right": [0, 0],
    }


@pytest.mark.parametrize("bits", range(30, 55))
def test_large_scores_are_exact(bits):
    high = 2**bits
    asked = two_by_two([high - 1, high - 2, high - 2, high - 4])
    assert goals(allocate(**asked), **asked) == (0, 0, 2 * high - 4)


@pytest.mark.parametrize("bits", range(55, 64))
def test_scores_too_large_to_be_added_up_are_refused(bits):
    with pytest.raises(ValueError, match=f"scores up to {2**bits - 1} are too large to be added up exactly"):
        allocate(**two_by_two([2**bits - 1] * 4))


@given(quotas(), st.randoms(use_true_random=False))
def test_order_of_the_pairs_changes_nothing(asked, random):
    n = len(asked["left"])
    order = random.sample(range(n), n)
    pairs = ("left", "right", "score", "required")
    shuffled = asked | {name: np.array(asked[name])[order] for name in pairs}
    if n == 0:
        shuffled = asked
    assert allocate(**shuffled).tolist() == allocate(**asked)[order].tolist()


@given(quotas())
def test_report_counts_what_was_reached(asked):
    chosen = allocate(**asked)
    report = allocation_report(chosen, **asked)
    missing, unreached, score = goals(chosen, **asked)
    assert report.reached == report.best == (missing, unreached, score)
    assert report.left.missing.sum() + report.right.missing.sum() == missing
    assert sum(max(share.asked - share.reached, 0) for share in report.reserves) == unreached
    assert [share.asked for share in report.reserves] == [reserve.places for reserve in asked["reserves"]]
    for side, found in (("left", report.left), ("right", report.right)):
        met = np.bincount(np.array(asked[side], dtype=int)[chosen], minlength=len(asked[f"max_{side}"]))
        assert found.meetings.tolist() == met.tolist()
        assert list(found.without) == np.flatnonzero(met == 0).tolist()


@given(quotas())
def test_one_place_more_brings_what_solving_again_brings(asked):
    chosen = allocate(**asked)
    report = allocation_report(chosen, **asked)
    reached = np.array(goals(chosen, **asked))
    for side, found in (("left", report.left), ("right", report.right)):
        name = f"max_{side}"
        for row, most in enumerate(asked[name]):
            wider = asked | {name: [*asked[name][:row], most + 1, *asked[name][row + 1 :]]}
            again = np.array(goals(allocate(**wider), **wider))
            more = [column[row] for column in found.one_more]
            assert more == ((reached - again) * [1, 1, -1]).tolist()


def test_reason_of_having_no_meeting():
    asked = {
        "left": [0, 1, 2, 3],
        "right": [0, 0, 0, 1],
        "score": [9, 5, 7, 0],
        "max_left": [1, 0, 2, 1, 1],
        "max_right": [1, 1],
        "min_left": [0, 0, 0, 0, 1],
        "min_right": [0, 0],
    }
    report = allocation_report([True, False, False, False], **asked)
    assert report.left.without == {
        1: NoMeeting.NO_PLACE,
        2: NoMeeting.PARTNERS_FULL,
        3: NoMeeting.NOT_CHOSEN,
        4: NoMeeting.NO_CANDIDATE,
    }
    assert report.right.without == {1: NoMeeting.NOT_CHOSEN}
    assert report.left.missing.tolist() == [0, 0, 0, 0, 1]
    assert (report.left.gini, report.left.top_share) == (0.8, 1.0)
    assert report.right.one_more.score.tolist() == [7, 0]


def test_report_of_pairs_chosen_by_hand_names_the_best_that_can_be_reached():
    report = allocation_report([True, False, False, True], **two_by_two([1, 5, 5, 1]))
    assert (report.reached, report.best) == ((0, 0, 2), (0, 0, 10))


def test_member_of_two_reserves_counts_for_the_first():
    asked = two_by_two([9, 9, 1, 1]) | {"max_right": [1, 0]}
    reserves = [Reserve([False, True], "left", 1), Reserve([False, True], "left", 3)]
    chosen = allocate(**asked | {"min_left": [0, 0]}, reserves=reserves)
    assert chosen.tolist() == [False, False, True, False]
    report = allocation_report(chosen, **asked, reserves=reserves)
    assert report.reserves == ((1, 1), (3, 0))


def test_minimum_comes_before_a_reserve_and_a_reserve_before_the_score():
    asked = two_by_two([9, 9, 1, 1]) | {"max_right": [1, 0]}
    reserve = Reserve([False, True], "left", 1)
    assert allocate(**asked, reserves=[reserve]).tolist() == [True, False, False, False]
    assert allocate(**asked | {"min_left": [0, 0]}, reserves=[reserve]).tolist() == [
        False,
        False,
        True,
        False,
    ]


def test_required_pair_is_kept_against_all_goals():
    asked = two_by_two([9, 9, 9, 0]) | {"max_right": [1, 1], "max_left": [0, 1], "min_left": [0, 0]}
    assert allocate(**asked, required=[False, False, False, True]).tolist() == [False, False, False, True]


def test_nothing_is_chosen_of_nothing():
    quotas = {name: [] for name in ("max_left", "max_right", "min_left", "min_right")}
    assert allocate([], [], [], **quotas).tolist() == []
    report = allocation_report([], [], [], [], **quotas)
    assert report.reached == report.best == (0, 0, 0)
    assert report.left.without == {}


def test_quotas_as_wide_as_integers_go_are_taken():
    widest = np.iinfo(np.int64).max
    asked = two_by_two([4, 3, 2, 1]) | {"max_left": [widest] * 2, "max_right": [widest] * 2}
    reserve = Reserve([True, True], "right", 10**30)
    chosen = allocate(**asked, reserves=[reserve])
    assert chosen.all()
    assert allocation_report(chosen, **asked, reserves=[reserve]).reserves == ((10**30, 4),)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"left": [0, 0, 1]}, "left must have shape (4,), not (3,)"),
        ({"right": [0, 1, 0, 2]}, "right must be from 0 to 1, but row 3 is 2"),
        ({"right": [0, 1, 0, 0]}, "pairs 2 and 3 are the same: left 1 with right 0"),
        ({"score": [1, 2, 3, -4]}, f"score must be from 0 to {2**63 - 1}, but row 3 is -4"),
        ({"score": [1, 2, 3, 0.5]}, "score must be whole numbers, not float64"),
        ({"score": [[1, 2, 3, 4]]}, "score must have one dimension, not 2"),
        ({"max_left": [1, -1]}, f"max_left must be from 0 to {2**63 - 1}, but row 1 is -1"),
        ({"min_left": [0]}, "min_left must have shape (2,), not (1,)"),
        ({"min_right": [0, 2**31]}, f"min_right must be from 0 to {2**31 - 1}, but row 1 is {2**31}"),
        ({"required": [True]}, "required must have shape (4,), not (1,)"),
        ({"required": [1, 0, 0, 0]}, "required must be true or false, not int64"),
        (
            {"required": [True, True, False, False]},
            "left participant 0 has 2 required pairs, more than its maximum 1",
        ),
        (
            {"required": [True, False, True, False]},
            "right participant 0 has 2 required pairs, more than its maximum 1",
        ),
        (
            {"reserves": [Reserve([True, True], "both", 1)]},
            "the side of reserve 0 must be 'left' or 'right', not 'both'",
        ),
        (
            {"reserves": [Reserve([True, True], "left", 1), Reserve([True, True], "left", -1)]},
            "the places of reserve 1 must be at least 0, not -1",
        ),
        (
            {"reserves": [Reserve([True], "right", 1)]},
            "the members of reserve 0 must have shape (2,), not (1,)",
        ),
    ],
)
def test_argument_that_does_not_fit_is_an_error(change, message):
    asked = two_by_two([1, 2, 3, 4]) | change
    for function in (allocate, lambda **asked: allocation_report([False] * 4, **asked)):
        with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
            function(**asked)


@pytest.mark.parametrize(
    ("chosen", "required", "message"),
    [
        ([True, True, False, False], None, "left participant 0 has 2 chosen pairs, more than its maximum 1"),
        ([False] * 4, [False, True, False, False], "pair 1 is required but not chosen"),
        ([0, 0, 0, 1], None, "chosen must be true or false, not int64"),
        ([True], None, "chosen must have shape (4,), not (1,)"),
    ],
)
def test_report_of_pairs_that_cannot_be_chosen_is_an_error(chosen, required, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        allocation_report(chosen, **two_by_two([1, 2, 3, 4]), required=required)


def test_places_of_a_reserve_are_a_whole_number():
    with pytest.raises(TypeError, match="float"):
        allocate(**two_by_two([1, 2, 3, 4]), reserves=[Reserve([True, True], "left", 1.5)])


def test_or_tools_is_loaded_only_to_solve():
    assert "ortools" not in loaded_after("from matching import allocate, allocation_report")
