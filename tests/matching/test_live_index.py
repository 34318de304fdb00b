import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import (
    MATCHER_VERSION,
    Match,
    MatchConfig,
    PartnerIndex,
    Profile,
    ProfileChange,
    Statement,
    segments,
)
from matching import index as index_module
from matching.storage import UnusableIndexError, statistics_from_bytes, statistics_to_bytes
from tests.matching import oracle, strategies

ALL = 100
HONEY = Profile("X1", offers=Statement(texts=("honey",)))
WOOL = Profile("X2", offers=Statement(texts=("wool",)))
BUYER = Profile("E1", seeks=Statement(texts=("honey",)))


def answers(index, k=3):
    """Everything that an index tells."""
    ids = {side: index.ids(side) for side in ("entrepreneur", "exporter")}
    return (
        ids,
        index.digest(),
        {one: index.partners_of(one, k) for of_side in ids.values() for one in of_side},
        index.pairs(k),
        {(one, other): index.explain(one, other) for one in ids["entrepreneur"] for other in ids["exporter"]},
        {one: index.says_something(one) for of_side in ids.values() for one in of_side},
    )


def changed(profile, text):
    return ProfileChange(profile.id, "exporter", replace(profile, offers=Statement(texts=(text,))))


sides = st.tuples(strategies.side("E"), strategies.side("X"))
# Lists of changes to be applied one after the other, and what happens to the index between them.
walks = st.lists(
    st.tuples(
        st.sampled_from(["nothing", "merged", "saved"]),
        strategies.changes_of([f"E{n}" for n in range(8)], "entrepreneur"),
        strategies.changes_of([f"X{n}" for n in range(8)], "exporter"),
    ),
    max_size=4,
)


def state_after(profiles, walk):
    state = [{profile.id: profile for profile in side} for side in profiles]
    for _, *of_sides in walk:
        for of_side, changes in zip(state, of_sides, strict=True):
            for change in changes:
                if change.profile is None:
                    of_side.pop(change.id, None)
                else:
                    of_side[change.id] = change.profile
    return state


@settings(max_examples=40)
@given(sides, walks, strategies.configs)
def test_answers_do_not_depend_on_the_way(tmp_path_factory, profiles, walk, config):
    learned = PartnerIndex.build(*profiles, config)
    index = learned
    for step, left, right in walk:
        index = index.apply([*left, *right], renew=False)
        if step == "merged":
            index = index.merged()
        if step == "saved":
            folder = tmp_path_factory.mktemp("index") / "index"
            index.save(folder)
            index = PartnerIndex.load(folder)
    state = state_after(profiles, walk)
    at_once = PartnerIndex.build(*(of_side.values() for of_side in state), statistics=learned.statistics)
    assert answers(index) == answers(at_once)
    assert index.renewed().digest() == at_once.digest()


@settings(max_examples=40)
@given(sides, walks, strategies.configs)
def test_scores_with_kept_statistics_equal_a_naive_double_loop(profiles, walk, config):
    index = PartnerIndex.build(*profiles, config)
    for _, left, right in walk:
        index = index.apply([*left, *right], renew=False)
    state = [list(of_side.values()) for of_side in state_after(profiles, walk)]
    expected = oracle.scores(*state, config, learned_from=profiles)
    found = {
        (one, match.partner_id): match.score
        for one in index.ids("entrepreneur")
        for match in index.partners_of(one, ALL)
    }
    assert found.keys() == {pair for pair, score in expected.items() if score > 0}
    for pair, score in found.items():
        assert score == pytest.approx(expected[pair], abs=1e-6)


def test_two_new_profiles_meet_on_a_new_word():
    index = PartnerIndex.build([BUYER], [HONEY]).apply(
        [
            ProfileChange("E2", "entrepreneur", Profile("E2", seeks=Statement(texts=("zolbergen",)))),
            ProfileChange("X9", "exporter", Profile("X9", offers=Statement(texts=("zolbergen",)))),
        ],
        renew=False,
    )
    assert [match.partner_id for match in index.partners_of("E2", 5)] == ["X9"]
    (told,) = [
        one for one in index.explain("E2", "X9").contributions if one.field == "text" and one.term[0] != "~"
    ]
    assert (told.direction, told.sought, told.offered) == ("entrepreneur_seeks", "zolbergen", "zolbergen")


def test_ties_between_segments_go_to_the_lower_id():
    twins = [Profile(f"X{n}", offers=Statement(texts=("honey",))) for n in range(6)]
    index = PartnerIndex.build([BUYER], twins[::2]).apply(
        [ProfileChange(one.id, "exporter", one) for one in twins[1::2]], renew=False
    )
    assert [match.partner_id for match in index.partners_of("E1", 4)] == ["X0", "X1", "X2", "X3"]
    assert [
        match.partner_id
        for match in index.partners_of("E1", 4, excluded=[("E1", "X1"), ("E1", "X2"), ("E1", "X7")])
    ] == ["X0", "X3", "X4", "X5"]


def test_large_index_keeps_its_statistics_until_they_drift(monkeypatch):
    monkeypatch.setattr(index_module, "SMALL", 2)
    monkeypatch.setattr(index_module, "MOST_DRIFT", 0.5)
    index = PartnerIndex.build([BUYER], [HONEY, WOOL, replace(WOOL, id="X3")])
    once = index.apply([changed(HONEY, "felt")])
    twice = once.apply([changed(WOOL, "felt"), changed(HONEY, "wool")])
    drifted = twice.apply([ProfileChange("X3", "exporter", None)])
    assert once.statistics is twice.statistics is index.statistics
    assert (once.is_drifted, len(twice.changed)) == (False, 2)
    assert (drifted.changed, drifted.is_drifted) == (frozenset(), False)
    assert drifted.statistics is not index.statistics
    assert index.renewed() is index


def test_delta_that_has_grown_is_merged(monkeypatch):
    monkeypatch.setattr(segments, "_LEAST_DELTA", 1)
    index = PartnerIndex.build([BUYER], [HONEY])
    one = index.apply([changed(WOOL, "honey")], renew=False)
    two = one.apply([changed(replace(WOOL, id="X3"), "honey")], renew=False)
    assert [one.shelves["exporter"].delta.n, two.shelves["exporter"].delta.n] == [1, 0]
    assert two.shelves["exporter"].base.n == 3
    assert two.partners_of("E1", 3) == [
        Match(f"X{n}", one.partners_of("E1", 1)[0].score, n) for n in (1, 2, 3)
    ]


def test_derived_indexes_share_the_large_segment():
    index = PartnerIndex.build([BUYER], [HONEY])
    derived = index.apply([changed(HONEY, "wool")], renew=False)
    assert derived.shelves["exporter"].base is index.shelves["exporter"].base
    assert derived.shelves["entrepreneur"] is index.shelves["entrepreneur"]
    assert (index.partners_of("E1", 1) != []) is (derived.partners_of("E1", 1) == [])


def test_statistics_of_another_configuration_are_refused():
    other = PartnerIndex.build([], [], MatchConfig(balance=0.25)).statistics
    with pytest.raises(ValueError, match="another configuration"):
        PartnerIndex.build([], [], MatchConfig(), statistics=other)


@settings(max_examples=20)
@given(sides, strategies.configs)
def test_statistics_come_back_from_bytes(profiles, config):
    index = PartnerIndex.build(*profiles, config)
    given_back = statistics_to_bytes(index.statistics)
    again = statistics_from_bytes(given_back, config)
    assert statistics_to_bytes(again) == given_back
    assert answers(PartnerIndex.build(*profiles, statistics=again)) == answers(index)
    assert again.n_profiles == len(index)


def test_saved_index_is_mapped_and_takes_changes(tmp_path):
    index = PartnerIndex.build([BUYER], [HONEY, replace(WOOL, id="X\ud800")])
    index.save(tmp_path / "deep" / "index")
    again = PartnerIndex.load(tmp_path / "deep" / "index")
    assert answers(again) == answers(index)
    assert [array.flags.writeable for array in again.shelves["exporter"].base.candidates.postings] == [
        True
    ] * 20
    assert answers(again.apply([changed(HONEY, "мёд")], renew=False)) == answers(
        index.apply([changed(HONEY, "мёд")], renew=False)
    )


def test_index_is_replaced_as_a_whole(tmp_path):
    PartnerIndex.build([BUYER], [HONEY]).save(tmp_path / "index")
    PartnerIndex.build([BUYER], []).save(tmp_path / "index")
    assert len(PartnerIndex.load(tmp_path / "index")) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["index"]


def test_folder_that_cannot_be_written_is_told_and_left_clean(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        PartnerIndex.build([], []).save(tmp_path / "file" / "index")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def _spoil_nothing_there(folder):
    (folder / "index.json").unlink()


def _spoil_cut_off(folder):
    path = folder / "exporter-data.npy"
    path.write_bytes(path.read_bytes()[:-4])


def _spoil_missing(folder):
    (folder / "exporter-says.npy").unlink()


def _spoil_version(folder):
    manifest = json.loads((folder / "index.json").read_text())
    (folder / "index.json").write_text(json.dumps(manifest | {"matcher": MATCHER_VERSION - 1}))


def _spoil_manifest(folder):
    (folder / "index.json").write_text("{")


def _spoil_keys(folder):
    (folder / "index.json").write_text("{}")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_spoil_nothing_there, "No such file"),
        (_spoil_cut_off, "exporter-data.npy has"),
        (_spoil_missing, "No such file"),
        (_spoil_version, "it is of version"),
        (_spoil_manifest, "Expecting property name"),
        (_spoil_keys, "'format'"),
    ],
)
def test_files_that_are_no_index_are_refused(tmp_path, spoil, told):
    PartnerIndex.build([BUYER], [HONEY]).save(tmp_path / "index")
    spoil(tmp_path / "index")
    with pytest.raises(UnusableIndexError, match=f"holds no index: .*{told}"):
        PartnerIndex.load(tmp_path / "index")


def test_memory_is_that_of_the_arrays():
    index = PartnerIndex.build([BUYER], [HONEY])
    assert index.n_bytes > sum(shelf.base.candidates.postings.data.nbytes for shelf in index.shelves.values())
    assert (1 in index, "X1" in index) == (False, True)


def test_weights_add_up_without_rounding_in_any_order():
    index = PartnerIndex.build([BUYER], [HONEY, WOOL])
    rows = index.shelves["exporter"].base.all_rows(index._width)
    grid = rows.data.astype(np.float64) * 2**26
    assert (grid == np.round(grid)).all()
