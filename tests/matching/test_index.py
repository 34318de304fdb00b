from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import Match, MatchConfig, Pair, PartnerIndex, Profile, ProfileChange, Statement
from matching import index as index_module
from tests.matching import oracle, strategies

MARKET = Profile("E1", seeks=Statement(texts=("honey",)), offers=Statement(markets=("DE",)))
ALL = 100


def exporter(identifier, text, markets=()):
    return Profile(identifier, offers=Statement(texts=(text,)), seeks=Statement(markets=markets))


def all_scores(index):
    return {
        (one, match.partner_id): match.score
        for one in index.ids("entrepreneur")
        for match in index.partners_of(one, ALL)
    }


def assert_same(one, other):
    """Equal to the last bit: rows, vocabulary, ids."""
    for side in ("entrepreneur", "exporter"):
        assert one.ids(side) == other.ids(side)
        rows, others = (index.shelves[side].base.all_rows(index._width) for index in (one, other))
        for name in ("data", "indices", "indptr", "shape"):
            assert np.array_equal(getattr(rows, name), getattr(others, name))
    assert (one.statistics.blocks, one.statistics._terms) == (
        other.statistics.blocks,
        other.statistics._terms,
    )
    assert one.digest() == other.digest()
    assert one.pairs(3) == other.pairs(3)


sides = st.tuples(strategies.side("E"), strategies.side("X"))


@settings(max_examples=40)
@given(sides, strategies.configs)
def test_scores_equal_a_naive_double_loop(profiles, config):
    entrepreneurs, exporters = profiles
    index = PartnerIndex.build(entrepreneurs, exporters, config)
    found = all_scores(index)
    expected = oracle.scores(entrepreneurs, exporters, config)
    assert found.keys() == {pair for pair, score in expected.items() if score > 0}
    assert all(0 < score <= 1 for score in found.values())
    for pair, score in found.items():
        assert score == pytest.approx(expected[pair], abs=1e-6)


@settings(max_examples=40)
@given(sides, strategies.configs, st.integers(1, 4), st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4))))
def test_pairs_are_everybodys_best(profiles, config, k, numbers):
    index = PartnerIndex.build(*profiles, config)
    excluded = [(f"E{one}", f"X{other}") for one, other in numbers]
    expected = oracle.pairs(all_scores(index), k, excluded)
    found = index.pairs(k, excluded=excluded, n_threads=2)
    assert {
        (pair.entrepreneur_id, pair.exporter_id): (
            pair.score,
            pair.rank_for_entrepreneur,
            pair.rank_for_exporter,
        )
        for pair in found
    } == expected
    assert len(found) == len(expected)
    order = [(pair.entrepreneur_id, -pair.score, pair.exporter_id) for pair in found]
    assert order == sorted(order)
    for pair in found:
        assert pair.entrepreneur_seeks + pair.exporter_seeks == pytest.approx(pair.score, abs=1e-6)


@settings(max_examples=40)
@given(sides, st.sets(st.integers(0, 4)), st.sets(st.integers(0, 4)), st.integers(1, 3))
def test_pairs_of_participants_keep_the_scores_of_the_whole_index(profiles, left, right, k):
    index = PartnerIndex.build(*profiles)
    entrepreneurs, exporters = {f"E{n}" for n in left}, {f"X{n}" for n in right}
    among = {
        pair: score
        for pair, score in all_scores(index).items()
        if pair[0] in entrepreneurs and pair[1] in exporters
    }
    found = index.pairs(k, entrepreneurs=entrepreneurs, exporters=exporters)
    assert {
        (pair.entrepreneur_id, pair.exporter_id): (
            pair.score,
            pair.rank_for_entrepreneur,
            pair.rank_for_exporter,
        )
        for pair in found
    } == oracle.pairs(among, k)


@settings(max_examples=40)
@given(sides, st.randoms(use_true_random=False), strategies.configs)
def test_order_of_the_profiles_changes_nothing(profiles, random, config):
    shuffled = [random.sample(side, len(side)) for side in profiles]
    assert_same(PartnerIndex.build(*profiles, config), PartnerIndex.build(*shuffled, config))


@settings(max_examples=40)
@given(
    sides,
    strategies.changes_of([f"E{n}" for n in range(8)], "entrepreneur"),
    strategies.changes_of([f"X{n}" for n in range(8)], "exporter"),
    strategies.configs,
)
def test_applied_changes_equal_a_cold_build_to_the_last_bit(profiles, of_left, of_right, config):
    index = PartnerIndex.build(*profiles, config)
    digest = index.digest()
    documents = [{profile.id: profile for profile in side} for side in profiles]
    for documents_of_side, changes in zip(documents, (of_left, of_right), strict=True):
        for change in changes:
            if change.profile is None:
                documents_of_side.pop(change.id, None)
            else:
                documents_of_side[change.id] = change.profile
    cold = PartnerIndex.build(*(side.values() for side in documents), config)
    assert_same(index.apply([*of_left, *of_right]), cold)
    assert_same(index.apply(of_left).apply(of_right), cold)
    assert index.digest() == digest


@settings(max_examples=40)
@given(sides)
def test_partners_of_either_side_meet_at_one_score(profiles):
    index = PartnerIndex.build(*profiles)
    back = {
        (match.partner_id, other): match.score
        for other in index.ids("exporter")
        for match in index.partners_of(other, ALL)
    }
    assert all_scores(index) == back


@settings(max_examples=40)
@given(
    sides,
    st.sets(st.integers(0, 4)),
    st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4))),
    st.integers(1, 3),
)
def test_partners_are_the_best_of_those_allowed(profiles, numbers, pairs, k):
    index = PartnerIndex.build(*profiles)
    among = [f"{letter}{n}" for letter, n in product("EX", numbers)]
    excluded = [(f"E{one}", f"X{other}") for one, other in pairs]
    for identifier in (*index.ids("entrepreneur"), *index.ids("exporter")):
        allowed = [
            match
            for match in index.partners_of(identifier, ALL)
            if match.partner_id in among
            and (identifier, match.partner_id) not in excluded
            and (match.partner_id, identifier) not in excluded
        ]
        assert index.partners_of(identifier, k, among=among, excluded=iter(excluded)) == [
            Match(match.partner_id, match.score, rank) for rank, match in enumerate(allowed[:k], start=1)
        ]


def test_ties_go_to_the_lower_id():
    ids = [f"X{n}" for n in range(20)]
    index = PartnerIndex.build([MARKET], [exporter(one, "honey") for one in reversed(ids)])
    assert [match.partner_id for match in index.partners_of("E1", 5)] == sorted(ids)[:5]
    assert [match.partner_id for match in index.partners_of("E1", 5, among=reversed(ids))] == sorted(ids)[:5]
    ranks = {pair.exporter_id: pair.rank_for_entrepreneur for pair in index.pairs(20, exporters=set(ids))}
    assert ranks == {one: rank for rank, one in enumerate(sorted(ids), start=1)}


def test_score_that_rounding_lifted_above_one_is_one():
    assert index_module._score(np.nextafter(np.float32(1), np.float32(2))) == 1.0


def test_two_profiles_that_fit_in_everything_score_one():
    full = Statement(texts=("honey",), hs_codes=("0409",), partnership_types=("import",), markets=("DE",))
    index = PartnerIndex.build([Profile("E", full, full, ("kk",))], [Profile("X", full, full, ("kk",))])
    assert index.partners_of("E", 1) == [Match("X", pytest.approx(1, abs=1e-6), 1)]
    assert index.partners_of("E", 1)[0].score <= 1


def test_pair_tells_its_directed_parts():
    index = PartnerIndex.build(
        [Profile("E1", seeks=Statement(("honey",)), offers=Statement(("honey",), markets=("DE",)))],
        [Profile("X1", seeks=Statement(("honey",), markets=("DE",)), offers=Statement(("honey",)))],
        MatchConfig(balance=0.75, weights={"text": 1, "markets": 3}),
    )
    parts = (pytest.approx(0.75 * 0.25, abs=1e-6), pytest.approx(0.25, abs=1e-6))
    assert index.pairs(1) == [Pair("E1", "X1", pytest.approx(0.4375, abs=1e-6), 1, 1, *parts)]


def test_rows_of_the_form_are_read_by_their_side():
    index = PartnerIndex.build([{"id": "E1", "seeks_text": "honey"}], [{"id": "X1", "offers_text": "honey"}])
    assert [match.partner_id for match in index.partners_of("X1", 5)] == ["E1"]


@pytest.mark.parametrize(("left", "right"), [(("A", "A"), ()), ((), ("A", "A")), (("A",), ("A",))])
def test_id_that_stands_twice_is_refused(left, right):
    with pytest.raises(ValueError, match="the id A stands twice"):
        PartnerIndex.build([Profile(one) for one in left], [Profile(one) for one in right])


def test_change_on_the_other_side_is_refused():
    index = PartnerIndex.build([Profile("A")], [])
    with pytest.raises(ValueError, match="the id A stands on the other side"):
        index.apply([ProfileChange("A", "exporter", Profile("A"))])
    moved = index.apply(
        [ProfileChange("A", "entrepreneur", None), ProfileChange("A", "exporter", Profile("A"))]
    )
    assert (moved.ids("entrepreneur"), moved.ids("exporter")) == ((), ("A",))


def test_unknown_profile_is_a_key_error():
    index = PartnerIndex.build([MARKET], [exporter("X1", "honey")])
    for ask in (
        lambda: index.partners_of("X9", 1),
        lambda: index.explain("E1", "X9"),
        lambda: index.explain("X1", "E1"),
        lambda: index.says_something("X9"),
    ):
        with pytest.raises(KeyError):
            ask()
    assert index.pairs(1, exporters=["X9"], excluded=[("E1", "X9")]) == []


groups = st.tuples(st.sets(st.integers(0, 5)), st.sets(st.integers(0, 5)))


@settings(max_examples=40)
@given(
    sides, st.integers(1, 3), st.lists(groups, max_size=3), st.tuples(st.integers(0, 4), st.integers(0, 4))
)
def test_groups_kept_apart_are_as_good_as_each_of_their_pairs_excluded(profiles, k, numbers, single):
    index = PartnerIndex.build(*profiles)
    apart = [([f"E{one}" for one in left], {f"X{one}" for one in right}) for left, right in numbers]
    alone = (f"E{single[0]}", f"X{single[1]}")
    excluded = [(one, other) for left, right in apart for one in left for other in right]
    assert index.pairs(k, excluded=[alone], apart=apart) == index.pairs(k, excluded=[alone, *excluded])


@pytest.mark.parametrize("ask", [lambda index: index.partners_of("E1", 0), lambda index: index.pairs(0)])
def test_k_below_one_is_refused(ask):
    with pytest.raises(ValueError, match="k must be at least 1"):
        ask(PartnerIndex.build([MARKET], []))


def test_index_tells_what_it_holds():
    index = PartnerIndex.build([MARKET], [exporter("X2", "honey"), exporter("X1", "12")])
    assert (len(index), "X1" in index, "X9" in index) == (3, True, False)
    assert index.ids("exporter") == ("X1", "X2")
    assert [index.says_something(one) for one in ("X1", "X2")] == [False, True]
    assert index.config == MatchConfig()


def test_empty_index_finds_nobody():
    index = PartnerIndex.build([], [])
    assert (len(index), index.pairs(3)) == (0, [])
    assert PartnerIndex.build([MARKET], []).partners_of("E1", 3) == []


def test_digest_tells_profiles_sides_and_configuration_apart():
    broken = exporter("X1", "honey \ud800")
    indexes = [
        PartnerIndex.build([], [broken]),
        PartnerIndex.build([broken], []),
        PartnerIndex.build([], [exporter("X1", "honey")]),
        PartnerIndex.build([], [broken], MatchConfig(balance=0)),
    ]
    assert len({index.digest() for index in indexes}) == 4
    assert PartnerIndex.build([], [broken]).digest() == indexes[0].digest()
