from collections import Counter
from datetime import UTC, datetime
from itertools import product
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching import Obstacle
from service.accounts.schemas import SYSTEM
from service.forums import asking, rulings, sessions, set_up, tables
from service.forums import operations as forums
from service.forums.pair_schemas import ExclusionCreate, PinCreate
from service.forums.schemas import (
    MeetingRuleCreate,
    MeetingTablesCreate,
    ParticipantChange,
    ParticipantsAdd,
    Phase,
    SessionCreate,
)
from service.meetings import board, drafting, editing, gathering, reading, releasing, repository, runs
from service.meetings.difficulties import difficulties
from service.meetings.models import Timetable
from service.meetings.schemas import (
    REASON_WORDS,
    MeetingAdd,
    MeetingCancel,
    MeetingMove,
    MeetingPin,
    MeetingState,
    Part,
    Reason,
    TimetableAsked,
    TimetableState,
    WithdrawalNote,
)
from service.platform import clock
from service.platform.database import Database
from service.platform.problems import Conflict
from service.profiles.vocabulary import Kind
from tests.factories.forums import make_approved
from tests.factories.meetings import (
    LINKS,
    add_interpreters,
    make_draft,
    make_release,
    meetings_of,
    pin_pairs,
    set_up_forum,
)


def broken_rules(database: Database, timetable_id: UUID) -> list[str]:
    """Name every rule that a stored timetable breaks, by plain counting."""
    with database.read() as session:
        timetable = session.get_one(Timetable, timetable_id)
        found = board.load(session, timetable)
        set_up = gathering.set_up_of(session, timetable.forum_id)
        broken = []
        free = gathering.free_slots(set_up)
        places = [(one.slot_id, one.table_id) for one in found.placed()]
        people = [(one.slot_id, end) for one in found.placed() for end in board.pair_of(one)]
        for name, taken in (("table", places), ("participant", people)):
            broken += [f"{name} twice: {one}" for one, count in Counter(taken).items() if count > 1]
        broken += [f"not available: {one}" for one in people if one[0] not in free[one[1]]]
        there = gathering.interpreters_of(set_up)
        needed = Counter((one.language, one.slot_id) for one in found.placed() if one.language)
        order = {slot.id: number for number, slot in enumerate(set_up.slots)}
        broken += [
            f"too few interpreters: {language}"
            for (language, slot), count in needed.items()
            if count > there.get(language, [0] * len(order))[order[slot]]
        ]
        meetings = Counter(end for one in found.placed() if not one.by_hand for end in board.pair_of(one))
        for kind in Kind:
            for one, (_, most) in set_up.limits[kind].items():
                broken += [f"too many meetings: {one}"] * (meetings[one] > most)
        broken += [
            "half a place" for one in found.meetings if (one.slot_id is None) != (one.table_id is None)
        ]
    return broken


def draft_of(database: Database, forum: UUID) -> UUID:
    with database.read() as session:
        found = repository.in_state(session, forum, TimetableState.DRAFT)
        assert found is not None
        return found.id


def test_every_pair_gets_a_place_and_the_forum_goes_on_to_its_draft(database: Database) -> None:
    forum, ones, others = set_up_forum(database)
    pin_pairs(database, forum, product(ones, others))
    draft = make_draft(database, forum)
    with database.read() as session:
        found = reading.detail(session, SYSTEM, draft, "en")
        only_one = reading.detail(session, SYSTEM, draft, "en", Part(profile_ids=[ones[0]]))
        assert forums.read(session, SYSTEM, forum).phase is Phase.DRAFT
    assert [one.state for one in found.meetings] == [MeetingState.PLANNED] * 4
    assert {(one.entrepreneur.id, one.exporter.id) for one in found.meetings} == set(product(ones, others))
    assert [one.slot.starts_at for one in found.meetings] == sorted(
        one.slot.starts_at for one in found.meetings
    )
    figures = found.timetable.figures
    assert (figures.placed, figures.unplaced, figures.moved) == (4, 0, 0)
    assert found.timetable.state is TimetableState.DRAFT
    assert found.timetable.number is None
    assert [one.session_name for one in found.slots] == ["Morning"] * 4
    assert {one.entrepreneur.id for one in only_one.meetings} == {ones[0]}
    assert broken_rules(database, draft) == []


def test_part_of_a_timetable_is_read_by_participant_table_and_state(database: Database) -> None:
    forum, ones, others = set_up_forum(database)
    pin_pairs(database, forum, product(ones, others))
    draft = make_draft(database, forum)
    with database.read() as session:

        def pairs(part: Part) -> list[tuple[UUID, UUID]]:
            found = reading.detail(session, SYSTEM, draft, "en", part).meetings
            return sorted((one.entrepreneur.id, one.exporter.id) for one in found)

        every = reading.detail(session, SYSTEM, draft, "en").meetings
        table = every[0].table
        assert table is not None
        at_table = sorted((one.entrepreneur.id, one.exporter.id) for one in every if one.table == table)
        assert pairs(Part(profile_ids=[others[1]])) == sorted((one, others[1]) for one in ones)
        assert pairs(Part(table_ids=[table.table_id])) == at_table
        assert pairs(Part(states=[MeetingState.CANCELLED])) == []
        assert pairs(Part(profile_ids=ones[:1], states=[MeetingState.PLANNED])) == sorted(
            product(ones, others)
        )
        assert pairs(Part(profile_ids=[])) == []


def test_participants_of_a_timetable_are_listed_by_name_and_the_longest_wait_is_named(
    database: Database,
) -> None:
    forum, ones, others = set_up_forum(database)
    pin_pairs(database, forum, [(ones[0], others[0]), (ones[0], others[1])])
    draft = make_draft(database, forum)
    with database.read() as session:
        right = reading.participants(session, SYSTEM, draft, Kind.EXPORTER)
        assert [one.name for one in right] == sorted(one.name for one in right)
        assert {one.id for one in right} == set(others)
        assert [one.id for one in reading.participants(session, SYSTEM, draft, Kind.ENTREPRENEUR)] == [
            ones[0]
        ]
        timetable = reading.read(session, SYSTEM, draft)
        assert reading.waits_longest(session, timetable) is None
        waiting = timetable.figures.model_copy(update={"worst_id": others[1], "worst_gaps": 2})
        worst = reading.waits_longest(session, timetable.model_copy(update={"figures": waiting}))
    assert worst in right
    assert worst is not None
    assert worst.id == others[1]


@pytest.mark.parametrize(("slots", "labels", "missing"), [(0, "1", "slots"), (4, "", "meeting tables")])
def test_forum_without_slots_or_tables_says_what_is_missing(
    database: Database, slots: int, labels: str, missing: str
) -> None:
    forum, ones, others = set_up_forum(database, slots=slots, labels=labels)
    pin_pairs(database, forum, product(ones, others))
    with pytest.raises(Conflict, match=missing):
        runs.ask(database, SYSTEM, forum, TimetableAsked(), "en")


def test_forum_without_pairs_says_so(database: Database) -> None:
    forum, _, _ = set_up_forum(database)
    with pytest.raises(Conflict, match="no pairs to meet"):
        runs.ask(database, SYSTEM, forum, TimetableAsked(only_accepted=True), "en")


def test_meetings_that_cannot_be_placed_say_why(database: Database) -> None:
    forum, ones, others = set_up_forum(database, entrepreneurs=3, exporters=3, slots=1, labels=["1"])
    stranger = make_approved(database, Kind.ENTREPRENEUR, languages=["tr"])
    with database.write() as session:
        forums.add_participants(
            session, SYSTEM, forum, ParticipantsAdd(kind=Kind.ENTREPRENEUR, ids=[stranger])
        )
        wanted = ExclusionCreate(entrepreneur_id=ones[1], exporter_id=others[1])
        rulings.exclude_pair(session, SYSTEM, forum, wanted)
    pairs = [(ones[0], others[0]), (ones[0], others[1]), (ones[1], others[1]), (ones[2], others[2])]
    pin_pairs(database, forum, [*pairs, (stranger, others[2])])
    draft = make_draft(database, forum)
    found = meetings_of(database, draft)
    assert sum(one.state == MeetingState.PLANNED.value for one in found.values()) == 1
    assert found[ones[1], others[1]].reason == Reason.RULED_OUT.value
    assert found[stranger, others[2]].language == "tr"
    with database.read() as session:
        detail = reading.detail(session, SYSTEM, draft, "en")
    texts = {(one.entrepreneur.id, one.exporter.id): one.text for one in detail.meetings}
    assert texts[ones[1], others[1]] == "the two must not meet"
    assert all(
        text or one.state is MeetingState.PLANNED
        for one, text in zip(detail.meetings, texts.values(), strict=True)
    )
    assert broken_rules(database, draft) == []


def test_every_obstacle_and_reason_has_its_sentence() -> None:
    assert set(REASON_WORDS) == {*Obstacle, *Reason}


def test_rules_and_limits_hold_and_what_is_added_by_hand_goes_before_them(database: Database) -> None:
    forum, ones, others = set_up_forum(database, exporters=3, entrepreneur_max=2)
    pin_pairs(database, forum, [(ones[0], other) for other in others] + [(ones[1], others[0])])
    with database.write() as session:
        rule = MeetingRuleCreate.model_validate({"effect": "never", "entrepreneurs": {}, "exporters": {}})
        set_up.add_rule(session, SYSTEM, forum, rule)
    with pytest.raises(Conflict, match="nothing to release"), database.write() as session:
        releasing.release(session, SYSTEM, make_draft(database, forum), LINKS)
    draft = draft_of(database, forum)
    assert {one.reason for one in meetings_of(database, draft).values()} == {Reason.RULED_OUT.value}
    with database.write() as session:
        rules = set_up.read(session, SYSTEM, forum, "en").rules
        set_up.remove_rule(session, SYSTEM, forum, rules[0].id)
    draft = make_draft(database, forum)
    left = [pair for pair, one in meetings_of(database, draft).items() if one.state == "unplaced"]
    (pair,) = left
    assert meetings_of(database, draft)[pair].reason == Reason.LIMIT_REACHED.value
    assert meetings_of(database, draft)[pair].reason_side == "entrepreneur"
    with database.write() as session:
        editing.add(session, SYSTEM, draft, MeetingAdd(entrepreneur_id=pair[0], exporter_id=pair[1]))
    again = make_draft(database, forum)
    assert meetings_of(database, again)[pair].state == MeetingState.PLANNED.value
    assert broken_rules(database, again) == []


def test_making_a_draft_again_keeps_what_was_decided_about_it(database: Database) -> None:
    forum, ones, others = set_up_forum(database, labels=["1", "2", "3"])
    pin_pairs(database, forum, product(ones, others))
    draft = make_draft(database, forum)
    first = meetings_of(database, draft)
    pinned, out = (ones[0], others[0]), (ones[1], others[1])
    with database.read() as session:
        slots, places = reading.frame(session, SYSTEM, draft)
    used = {one.slot_id for one in first.values()}
    last, third = next(one.slot_id for one in slots if one.slot_id not in used), places[2].table_id
    with database.write() as session:
        wanted = MeetingMove(slot_id=last, table_id=third)
        editing.move(session, SYSTEM, draft, first[pinned].id, wanted)
        editing.pin(session, SYSTEM, draft, first[pinned].id, MeetingPin(slot=True, table=True))
        editing.take_out(session, SYSTEM, draft, first[out].id, MeetingCancel(note="asked by phone"))
    again = make_draft(database, forum)
    second = meetings_of(database, again)
    assert (second[pinned].slot_id, second[pinned].table_id) == (last, third)
    assert (second[pinned].pinned_slot, second[pinned].pinned_table) == (True, True)
    assert (second[out].state, second[out].reason, second[out].note) == (
        "cancelled",
        "organiser",
        "asked by phone",
    )
    with database.read() as session:
        states = [(one.id, one.state.value) for one in reading.of_forum(session, SYSTEM, forum)]
    assert states == [(again, "draft"), (draft, "superseded")]
    third_draft = make_draft(database, forum)
    with database.read() as session:
        assert {one.id for one in reading.of_forum(session, SYSTEM, forum)} == {again, third_draft}


def test_meeting_that_the_set_up_fixes_stands_there_in_every_draft_until_it_is_lifted(
    database: Database,
) -> None:
    forum, ones, others = set_up_forum(database)
    pin_pairs(database, forum, [(ones[0], others[1])])
    fixed = ones[0], others[0]
    with database.read() as session:
        slots = gathering.set_up_of(session, forum).slots
        places = tables.listed(session, SYSTEM, forum)
    for slot, place in ((slots[-1], places[1]), (slots[2], places[0])):
        with database.write() as session:
            there = PinCreate(
                entrepreneur_id=fixed[0], exporter_id=fixed[1], slot_id=slot.id, table_id=place.id
            )
            rulings.pin_pair(session, SYSTEM, forum, there)
        draft = make_draft(database, forum)
        found = meetings_of(database, draft)[fixed]
        assert (found.slot_id, found.table_id) == (slot.id, place.id)
        assert broken_rules(database, draft) == []
        with database.write() as session:
            # What the board says gives way.
            taken = {one.slot_id for one in meetings_of(database, draft).values()}
            aside = next(one.id for one in slots if one.id not in taken)
            moved = MeetingMove(slot_id=aside, table_id=places[0].id)
            editing.move(session, SYSTEM, draft, found.id, moved)
            editing.pin(session, SYSTEM, draft, found.id, MeetingPin(slot=True, table=True))
    with database.write() as session:
        rulings.pin_pair(session, SYSTEM, forum, PinCreate(entrepreneur_id=fixed[0], exporter_id=fixed[1]))
    found = meetings_of(database, make_draft(database, forum))[fixed]
    assert (found.slot_id, found.table_id, found.pinned_slot) == (aside, places[0].id, True)


def test_interpreters_are_never_more_than_there_are(database: Database) -> None:
    forum, _, _ = set_up_forum(database, entrepreneurs=0, exporters=0, slots=2, labels=["1", "2", "3"])
    ones = [make_approved(database, Kind.ENTREPRENEUR, languages=["tr"]) for _ in range(3)]
    other = [make_approved(database, Kind.EXPORTER, languages=["kk"]) for _ in range(3)]
    with database.write() as session:
        for kind, ids in ((Kind.ENTREPRENEUR, ones), (Kind.EXPORTER, other)):
            forums.add_participants(session, SYSTEM, forum, ParticipantsAdd(kind=kind, ids=ids))
    add_interpreters(database, forum, "tr-CY")
    pin_pairs(database, forum, zip(ones, other, strict=True))
    draft = make_draft(database, forum)
    found = list(meetings_of(database, draft).values())
    assert sorted(one.state for one in found) == ["planned", "planned", "unplaced"]
    assert [one.reason for one in found if one.reason] == [Obstacle.NO_INTERPRETER.value]
    with database.read() as session:
        texts = [one.text for one in reading.detail(session, SYSTEM, draft, "en").meetings if one.text]
    assert texts == ["there is no interpreter of Turkish left in the slots that are free for both"]
    assert broken_rules(database, draft) == []


def test_repair_moves_nothing_that_can_stay(database: Database) -> None:
    forum, ones, others = set_up_forum(database, entrepreneurs=3, exporters=3, labels=["1", "2", "3"])
    pin_pairs(database, forum, list(product(ones, others))[:7])
    release = make_release(database, forum)
    before = meetings_of(database, release)
    with database.write() as session:
        releasing.withdraw(session, SYSTEM, forum, Kind.EXPORTER, others[0], WithdrawalNote(), LINKS, "en")
    pin_pairs(database, forum, [(ones[2], others[1])])
    draft = make_draft(database, forum)
    after = meetings_of(database, draft)
    for pair, one in after.items():
        if others[0] in pair:
            assert (one.state, one.reason, one.reason_side) == ("cancelled", "withdrawn", "exporter")
        elif pair in before:
            assert (one.slot_id, one.table_id) == (before[pair].slot_id, before[pair].table_id)
    assert after[ones[2], others[1]].state == MeetingState.PLANNED.value
    with database.read() as session:
        changed = releasing.changes(session, SYSTEM, draft, "en")
        assert reading.read(session, SYSTEM, draft).figures.moved == 0
    assert [one.kind.value for one in changed] == ["new"]


def test_repair_leaves_what_has_begun_and_what_was_held_as_it_is(database: Database) -> None:
    forum, ones, others = set_up_forum(database)
    pin_pairs(database, forum, product(ones, others))
    release = make_release(database, forum)
    before = meetings_of(database, release)
    with database.write() as session:
        (first,) = sessions.held(session, forum)
        begins = min(
            slot.starts_at for slot in first.slots if slot.id in {one.slot_id for one in before.values()}
        )
        for one in sessions.held(session, forum):
            sessions.remove(session, SYSTEM, forum, one.id)
        later = {"starts_at": "2027-03-10T14:00", "ends_at": "2027-03-10T17:00"}
        sessions.add(session, SYSTEM, forum, SessionCreate.model_validate(later))
        known = [one.id for one in gathering.set_up_of(session, forum).tables]
        tables.remove(session, SYSTEM, forum, known)
        tables.add(session, SYSTEM, forum, MeetingTablesCreate(labels=["1", "A", "B"]))
    with database.read() as session:
        outdated = difficulties(session, SYSTEM, release, "en").outdated
    assert [one.split(" now")[0] for one in outdated] == [
        "The forum has other slots",
        "The forum has other meeting tables",
    ]
    with clock.frozen_at(begins):
        draft = make_draft(database, forum)
    after = meetings_of(database, draft)
    (first_slot,) = [slot.id for slot in first.slots if slot.starts_at == begins]
    begun = [pair for pair, one in before.items() if one.slot_id == first_slot]
    assert begun
    for pair, one in after.items():
        assert one.state == MeetingState.PLANNED.value
        assert ((one.slot_id, one.table_id) == (before[pair].slot_id, before[pair].table_id)) == (
            pair in begun
        )
    with clock.frozen_at(begins), database.write() as session:
        kinds = [one.kind.value for one in releasing.changes(session, SYSTEM, draft, "en")]
        assert kinds == ["moved"] * (4 - len(begun))
        releasing.release(session, SYSTEM, draft, LINKS)


def test_pairs_that_shall_not_meet_any_more_are_cancelled_and_told(database: Database) -> None:
    forum, ones, others = set_up_forum(database)
    pin_pairs(database, forum, product(ones, others))
    make_release(database, forum)
    with database.write() as session:
        rulings.unpin_pair(session, SYSTEM, forum, (ones[0], others[0]))
        forums.remove_participants(session, SYSTEM, forum, Kind.EXPORTER, [others[1]])
    after = meetings_of(database, make_draft(database, forum))
    assert {pair: (one.state, one.reason) for pair, one in after.items()} == {
        (ones[0], others[0]): ("cancelled", "not_wanted"),
        (ones[0], others[1]): ("cancelled", "not_taking_part"),
        (ones[1], others[1]): ("cancelled", "not_taking_part"),
        (ones[1], others[0]): ("planned", None),
    }


def test_meeting_for_which_a_repair_has_no_room_is_cancelled_with_the_reason(database: Database) -> None:
    forum, ones, others = set_up_forum(database, slots=2)
    pin_pairs(database, forum, [(ones[0], other) for other in others])
    make_release(database, forum)
    with database.write() as session:
        (held,) = sessions.held(session, forum)
        shorter = {"starts_at": "2027-03-10T09:00", "ends_at": "2027-03-10T09:30"}
        sessions.change(
            session, SYSTEM, forum, held.id, SessionCreate.model_validate({**shorter, "meeting_minutes": 25})
        )
    after = meetings_of(database, make_draft(database, forum))
    assert sorted((one.state, one.reason) for one in after.values()) == [
        ("cancelled", Obstacle.PARTICIPANT_FULL.value),
        ("planned", None),
    ]
    (gone,) = [one for one in after.values() if one.state == "cancelled"]
    assert gone.reason_side == "entrepreneur"


def test_two_who_make_a_draft_at_once_do_not_overwrite_each_other(database: Database) -> None:
    forum, ones, others = set_up_forum(database)
    pin_pairs(database, forum, product(ones, others))
    with database.read() as session:
        task = gathering.gather(session, forum, only_accepted=False)
        session.expunge_all()
    drafting.compute(task)
    draft = make_draft(database, forum)
    with pytest.raises(Conflict, match="Nothing was overwritten"), database.write() as session:
        drafting.store(session, task, "system")
    with database.read() as session:
        assert [one.id for one in reading.of_forum(session, SYSTEM, forum)] == [draft]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=st.sets(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1), away=st.integers(0, 255))
def test_stored_timetables_never_break_a_rule(database: Database, chosen, away) -> None:
    if not hasattr(database, "crowd"):
        database.crowd = set_up_forum(
            database, entrepreneurs=4, exporters=4, slots=3, labels=["1", "2"], entrepreneur_max=3
        )
    forum, ones, others = database.crowd
    with database.write() as session:
        for pin in rulings.pins(session, SYSTEM, forum):
            rulings.unpin_pair(session, SYSTEM, forum, (pin.entrepreneur_id, pin.exporter_id))
        for number, one in enumerate([*ones, *others]):
            away_then = bool(away >> number & 1)
            span = {"starts_at": "2027-03-10T09:30", "ends_at": "2027-03-10T10:30"}
            change = {"available": [span] if away_then else []}
            kind = Kind.ENTREPRENEUR if number < len(ones) else Kind.EXPORTER
            asking.ask(session, SYSTEM, forum, kind, one, ParticipantChange.model_validate(change))
    pin_pairs(database, forum, [(ones[one], others[other]) for one, other in sorted(chosen)])
    draft = make_draft(database, forum)
    assert broken_rules(database, draft) == []
    assert meetings_of(database, draft).keys() == {(ones[one], others[other]) for one, other in chosen}


def test_meeting_that_has_begun_is_kept_by_a_repair(database: Database) -> None:
    forum, ones, others = set_up_forum(database)
    pin_pairs(database, forum, product(ones, others))
    release = make_release(database, forum)
    before = meetings_of(database, release)
    with clock.frozen_at(datetime(2027, 3, 10, 18, tzinfo=UTC)):
        after = meetings_of(database, make_draft(database, forum))
    assert {pair: (one.state, one.slot_id, one.table_id) for pair, one in after.items()} == {
        pair: (one.state, one.slot_id, one.table_id) for pair, one in before.items()
    }
