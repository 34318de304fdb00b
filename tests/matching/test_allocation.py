import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import Reserve, allocate
from tests.matching.allocations import best_goals, goals


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
