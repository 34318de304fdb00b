from hypothesis import given
from hypothesis import strategies as st

from matching.text.memo import Memo


def test_value_is_made_once_while_it_is_used():
    made = []

    def make(word):
        made.append(word)
        return word.upper()

    memo = Memo(make, 4)
    assert [memo[word] for word in "abacadabacad"] == list("ABACADABACAD")
    # «a» moves on whenever half of the four places is full; the others go when they were not used since.
    assert made.count("a") == 1
    assert memo["b"] == "B"


def test_nothing_is_a_value_too():
    made = []
    memo = Memo(made.append, 10)
    assert [memo["a"], memo["a"]] == [None, None]
    assert made == ["a"]


@given(st.lists(st.integers(0, 9)), st.integers(2, 8))
def test_no_more_is_kept_than_said(keys, most):
    memo = Memo(lambda key: key * key, most)
    for key in keys:
        assert memo[key] == key * key
        assert len(memo) + len(memo._older) <= most
