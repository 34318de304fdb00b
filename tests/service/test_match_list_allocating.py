from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import Pair
from service.accounts.schemas import SYSTEM
from service.catalogue.operations import Catalogue
from service.forums import rulings, set_up
from service.forums.asking import ask_many
from service.forums.pair_schemas import ExclusionCreate, PairNote, PinReason, PreferenceCreate
from service.forums.schemas import MeetingRuleCreate, ParticipantRequest, ReservedShareCreate
from service.match_lists import fairness, reading, repository
from service.match_lists import operations as match_lists
from service.match_lists.allocating import POINTS, choose, required_of
from service.match_lists.schemas import AllocationAsked, ShareAsked
from service.platform.database import Database
from service.profiles.vocabulary import Kind
from tests.factories.forums import make_approved, make_forum
from tests.factories.match_lists import make_list

BUYERS, SELLERS = ("Alpha", "Bravo", "Charlie", "Delta"), ("Echo", "Foxtrot", "Golf", "Hotel")
ENTREPRENEURS, EXPORTERS = ["E0", "E1", "E2"], ["X0", "X1", "X2"]
PARTICIPANTS = {Kind.ENTREPRENEUR.value: ENTREPRENEURS, Kind.EXPORTER.value: EXPORTERS}
ALL_PAIRS = [(one, other) for one in ENTREPRENEURS for other in EXPORTERS]

limits = st.tuples(st.integers(0, 2), st.integers(0, 2)).map(lambda two: (min(two), max(two)))
pairs = st.lists(st.sampled_from(ALL_PAIRS), unique=True, max_size=7)


@st.composite
def requests(draw: st.DrawFn) -> tuple[AllocationAsked, list[Pair]]:
    found = draw(pairs)
    candidates = [Pair(*pair, draw(st.integers(0, 9)) / 10, 1, None, 0.0, 0.0) for pair in found]
    pins, musts, wants = ([pair for pair in found if draw(st.integers(0, 5)) == 0] for _ in range(3))
    shares = [
        ShareAsked(criterion="rural", value="", percent=draw(st.integers(1, 100)), members=members)
        for members in draw(st.lists(st.lists(st.sampled_from(EXPORTERS), unique=True), max_size=2))
    ]
    asked = AllocationAsked(
        limits={
            Kind.ENTREPRENEUR: {one: draw(limits) for one in ENTREPRENEURS},
            Kind.EXPORTER: {one: draw(limits) for one in EXPORTERS},
        },
        shares=shares,
        apart=[],
        pins=pins,
        unkept_pins=[],
        musts=musts,
        wants=wants,
        want_points=POINTS // 4,
    )
    return asked, candidates


def _meetings(chosen: set[tuple[str, str]], one: str) -> int:
    return sum(one in pair for pair in chosen)


def _best(
    asked: AllocationAsked, candidates: list[Pair], places: list[int]
) -> tuple[tuple[int, int, int], int]:
    """Try every choice: the goals of the best one, and the meetings of the best without shares."""
    points = {(one.entrepreneur_id, one.exporter_id): round(one.score * POINTS) for one in candidates}
    for pair in asked.wants:
        points[pair] += asked.want_points
    required = required_of(asked, candidates)
    everybody = [(kind, one) for kind in Kind for one in PARTICIPANTS[kind.value]]
    allowed = []
    for size in range(len(points) + 1):
        for picked in combinations(points, size):
            chosen = set(picked)
            most = {one: max(asked.limits[kind][one][1], _meetings(required, one)) for kind, one in everybody}
            if required <= chosen and all(_meetings(chosen, one) <= most[one] for _, one in everybody):
                allowed.append(chosen)

    def goals(chosen: set[tuple[str, str]], wanted: list[int]) -> tuple[int, int, int]:
        missing = sum(max(asked.limits[kind][one][0] - _meetings(chosen, one), 0) for kind, one in everybody)
        first = {
            one: number for number, share in reversed(list(enumerate(asked.shares))) for one in share.members
        }
        unreached = sum(
            max(number - sum(first.get(other) == place for _, other in chosen), 0)
            for place, number in enumerate(wanted)
        )
        return missing, unreached, -sum(points[pair] for pair in chosen)

    return min(goals(chosen, places) for chosen in allowed), goals


@settings(max_examples=150, deadline=None)
@given(requests())
def test_choice_is_the_best_of_all_that_keep_limits_and_pins(request_: tuple[AllocationAsked, list[Pair]]):
    asked, candidates = request_
    chosen, places = choose(asked, PARTICIPANTS, candidates)
    best, goals = _best(asked, candidates, places)
    assert goals(chosen, places) == best
    assert required_of(asked, candidates) <= chosen
    without_shares, none = choose(asked.model_copy(update={"shares": []}), PARTICIPANTS, candidates)
    assert none == []
    assert places == [-(-share.percent * len(without_shares) // 100) for share in asked.shares]
    assert choose(asked, PARTICIPANTS, candidates[::-1]) == (chosen, places)


def test_must_wishes_are_kept_best_first_while_both_have_room():
    asked = AllocationAsked(
        limits={
            Kind.ENTREPRENEUR: dict.fromkeys(ENTREPRENEURS, (0, 1)),
            Kind.EXPORTER: dict.fromkeys(EXPORTERS, (0, 2)),
        },
        shares=[],
        apart=[],
        pins=[("E0", "X0")],
        unkept_pins=[],
        musts=[("E0", "X1"), ("E1", "X0"), ("E1", "X1"), ("E2", "X2")],
        wants=[],
        want_points=0,
    )
    scores = {("E0", "X0"): 0.1, ("E0", "X1"): 0.9, ("E1", "X0"): 0.2, ("E1", "X1"): 0.3}
    candidates = [Pair(*pair, score, 1, 1, 0.0, 0.0) for pair, score in scores.items()]
    # E0 is taken by its pin; E1 gets the better of two; E2 and X2 are no candidates any more.
    assert required_of(asked, candidates) == {("E0", "X0"), ("E1", "X1")}


@pytest.fixture
def people(database: Database) -> tuple[list[UUID], list[UUID]]:
    buyers = [make_approved(database, Kind.ENTREPRENEUR, display_name=name) for name in BUYERS]
    sellers = [
        make_approved(database, Kind.EXPORTER, display_name=name, rural=name == "Hotel") for name in SELLERS
    ]
    return buyers, sellers


def _chosen(database: Database, list_id: UUID) -> set[tuple[UUID, UUID]]:
    with database.read() as session:
        return {row.pair for row in repository.standings(session, list_id) if row.chosen}


@pytest.mark.parametrize("seed", range(4))
def test_no_limit_rule_ban_or_pin_is_broken_and_the_list_is_made_again_whole(
    database: Database, people: tuple[list[UUID], list[UUID]], seed: int
) -> None:
    buyers, sellers = people
    forum = make_forum(
        database, buyers, sellers, entrepreneur_min=1, entrepreneur_max=2, exporter_min=1, exporter_max=2
    )
    every = [(one, other) for one in buyers for other in sellers]
    banned, said_no, pinned, wished, wanted = (every[(seed * 5 + step * 3) % 16] for step in range(5))
    met = every[(seed * 5 + 7) % 16]
    with database.write() as session:
        ask_many(
            session,
            SYSTEM,
            forum,
            [ParticipantRequest(kind=Kind.EXPORTER, profile_id=sellers[seed], max_meetings=1)],
        )
        for pair, reason in ((banned, "organiser"), (met, "has_met")):
            wanted_out = ExclusionCreate(entrepreneur_id=pair[0], exporter_id=pair[1], reason=reason)
            rulings.exclude_pair(session, SYSTEM, forum, wanted_out)
        note = PairNote(entrepreneur_id=pinned[0], exporter_id=pinned[1], note="they asked")
        rulings.pin_pair(session, SYSTEM, forum, note, reason=PinReason.ACCEPTED)
        for pair, wish in ((said_no, "no"), (wished, "must"), (wanted, "want")):
            told = {"entrepreneur_id": pair[0], "exporter_id": pair[1], "said_by": "exporter", "wish": wish}
            rulings.prefer(session, SYSTEM, forum, PreferenceCreate.model_validate(told))
        rule = {"effect": "never", "entrepreneurs": {"text": "Charlie"}, "exporters": {"text": "Golf"}}
        set_up.add_rule(session, SYSTEM, forum, MeetingRuleCreate.model_validate(rule))
        share = ReservedShareCreate.model_validate({"criterion": "rural", "percent": 20})
        set_up.reserve(session, SYSTEM, forum, share)
    made = make_list(database, forum, k=2)
    chosen = _chosen(database, made.id)
    assert not chosen & {banned, said_no, met}
    if (buyers[2], sellers[2]) != pinned:
        assert (buyers[2], sellers[2]) not in chosen
    if pinned not in {banned, said_no, met}:
        assert pinned in chosen
    if wished not in {banned, said_no, met, (buyers[2], sellers[2])}:
        assert wished in chosen
    for one in (*buyers, *sellers):
        most = 1 if one == sellers[seed] else 2
        assert sum(one in pair for pair in chosen) <= max(most, 1)
    with database.read() as session:
        again = match_lists.reproduce(session, Catalogue(), SYSTEM, made.id, "en")
        report = fairness.report(session, SYSTEM, made.id, "en")
        entries = reading.every_entry(session, SYSTEM, made.id, "en")
    assert again.same
    assert report.missing == report.missing_at_best
    assert [(one.members, one.percent) for one in report.shares] == [(1, 20)]
    notes = [(one.note, one.chosen) for one in entries if one.standing == "pinned"]
    assert notes == [("they asked", True)] * (pinned not in {banned, said_no, met})


def test_quotas_that_cannot_be_met_still_give_a_list_that_says_who_misses_how_many(
    database: Database, people: tuple[list[UUID], list[UUID]]
) -> None:
    buyers, sellers = people
    forum = make_forum(
        database,
        buyers,
        sellers[:1],
        entrepreneur_min=2,
        entrepreneur_max=3,
        exporter_min=1,
        exporter_max=2,
    )
    made = make_list(database, forum)
    assert made.pairs == 2
    with database.read() as session:
        report = fairness.report(session, SYSTEM, made.id, "en")
    assert (report.meetings, report.missing, report.missing_at_best) == (2, 6, 6)
    assert sorted((one.meetings, one.least, one.reason) for one in report.short) == [
        (0, 2, "all_full"),
        (0, 2, "all_full"),
        (1, 2, "few_fit"),
        (1, 2, "few_fit"),
    ]
    assert {one.text for one in report.short} == {
        "The 1 partners that fit it have as many meetings as they may.",
        "Only 1 partners fit it, and it meets them all.",
    }
    (most,) = report.one_more
    assert (most.participant.name, most.missing) == ("Echo", 1)
    assert [(one.side, one.without, one.missing) for one in report.sides] == [
        (Kind.ENTREPRENEUR, 2, 6),
        (Kind.EXPORTER, 0, 0),
    ]


def test_pins_that_cannot_be_kept_are_told_and_the_others_go_above_limits_and_rules(
    database: Database, people: tuple[list[UUID], list[UUID]]
) -> None:
    buyers, sellers = people
    forum = make_forum(database, buyers[:2], sellers[:2], exporter_max=1)
    with database.write() as session:
        rulings.exclude_pair(
            session, SYSTEM, forum, ExclusionCreate(entrepreneur_id=buyers[0], exporter_id=sellers[1])
        )
        pins = [
            (buyers[0], sellers[0]),
            (buyers[1], sellers[0]),
            (buyers[0], sellers[1]),
            (buyers[0], sellers[2]),
            (buyers[2], sellers[0]),
        ]
        for one, other in pins:
            rulings.pin_pair(session, SYSTEM, forum, PairNote(entrepreneur_id=one, exporter_id=other))
        rule = {"effect": "never", "entrepreneurs": {}, "exporters": {"text": "Echo"}}
        set_up.add_rule(session, SYSTEM, forum, MeetingRuleCreate.model_validate(rule))
        for buyer in buyers[:2]:
            told = {
                "entrepreneur_id": buyer,
                "exporter_id": sellers[0],
                "said_by": "exporter",
                "wish": "want",
            }
            rulings.prefer(session, SYSTEM, forum, PreferenceCreate.model_validate(told))
    made = make_list(database, forum)
    chosen = _chosen(database, made.id)
    assert chosen == {(buyers[0], sellers[0]), (buyers[1], sellers[0]), (buyers[1], sellers[1])}
    with database.read() as session:
        report = fairness.report(session, SYSTEM, made.id, "en")
    assert sorted((one.entrepreneur.name, one.exporter.name, one.reason) for one in report.unkept_pins) == [
        ("Alpha", "Foxtrot", "organiser"),
        ("Alpha", "Golf", "not_taking_part"),
        ("Charlie", "Echo", "not_taking_part"),
    ]
    assert [(one.entrepreneurs, one.exporters) for one in report.kept_apart] == [(2, 1)]
    # What a rule forbids is no wish that could be kept.
    assert (report.wishes.wants, report.wishes.musts) == (0, 0)
