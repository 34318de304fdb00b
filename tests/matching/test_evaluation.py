from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.evaluation import coverage, gini, ndcg, recall, top_share

exposures = st.lists(st.integers(0, 50), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("ranked", "grades", "k", "expected"),
    [
        (["a", "b"], {"a": 2, "b": 1}, 10, 1.0),
        (["b", "a"], {"a": 2, "b": 1}, 10, (1 + 3 / log2(3)) / (3 + 1 / log2(3))),
        (["c", "a"], {"a": 2, "b": 1}, 1, 0.0),
        (["c", "a"], {"a": 2, "b": 0}, 2, 1 / log2(3)),
        ([], {"a": 1}, 10, 0.0),
    ],
)
def test_ndcg_of_a_ranking(ranked, grades, k, expected):
    assert ndcg(ranked, grades, k) == pytest.approx(expected)


@given(st.permutations("abcdef"), st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 3), min_size=1))
def test_ndcg_is_one_for_the_ideal_ranking_only(ranked, grades):
    value = ndcg(ranked, grades, 6)
    assert 0 <= value <= 1
    by_grade = [grades.get(one, 0) for one in ranked]
    assert (value == pytest.approx(1, abs=1e-12)) == (by_grade == sorted(by_grade, reverse=True))


@pytest.mark.parametrize(
    ("ranked", "k", "expected"), [("abc", 3, 1.0), ("xab", 2, 0.5), ("xyz", 3, 0.0), ("", 1, 0.0)]
)
def test_recall_of_a_ranking(ranked, k, expected):
    assert recall(list(ranked), ["a", "b", "b"], k) == expected


@pytest.mark.parametrize("measure", [ndcg, recall])
def test_ranking_that_cannot_be_measured_is_refused(measure):
    with pytest.raises(ValueError, match="no id is relevant"):
        measure(["a"], {})
    with pytest.raises(ValueError, match="k must be at least 1, not 0"):
        measure(["a"], {"a": 1}, 0)
    with pytest.raises(ValueError, match="an id stands twice"):
        measure(["a", "a"], {"a": 1})


@given(exposures)
def test_gini_is_the_mean_difference_over_twice_the_mean(exposure):
    n, total = len(exposure), sum(exposure)
    differences = sum(abs(one - other) for one in exposure for other in exposure)
    assert gini(exposure) == pytest.approx(differences / (2 * n * total) if total else 0)


@pytest.mark.parametrize(
    ("exposure", "share", "expected"),
    [
        ([0, 4, 1, 1, 1, 1, 1, 1, 0, 0], 0.2, 0.5),
        ([3, 1], 0.1, 0.75),
        ([2, 2], 1, 1.0),
        ([0, 0], 0.5, 0.0),
        ([], 0.1, 0.0),
    ],
)
def test_top_share_of_exposure(exposure, share, expected):
    assert top_share(exposure, share) == pytest.approx(expected)


@pytest.mark.parametrize("measure", [gini, top_share])
@pytest.mark.parametrize("exposure", [[-1, 2], [float("nan")], [float("inf")]])
def test_exposure_that_cannot_be_is_refused(measure, exposure):
    with pytest.raises(ValueError, match="exposure must be finite and not negative"):
        measure(exposure)


@pytest.mark.parametrize("share", [0, 1.1, float("nan")])
def test_share_out_of_its_range_is_refused(share):
    with pytest.raises(ValueError, match="share must be above 0 and at most 1"):
        top_share([1], share)


@pytest.mark.parametrize(
    ("proposed", "participants", "expected"),
    [("ab", "abcd", 0.5), ("abx", "ab", 1.0), ("", "ab", 0.0), ("a", "", 1.0)],
)
def test_coverage_counts_participants_only(proposed, participants, expected):
    assert coverage(proposed, participants) == expected
