from datetime import timedelta
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest

from service.accounts.schemas import SYSTEM, Permission, Principal
from service.catalogue.operations import Catalogue
from service.forums import asking, rulings
from service.forums.models import Forum
from service.forums.pair_schemas import ExclusionCreate
from service.forums.participant_links import LinkAltered, LinkExpired
from service.forums.schemas import ParticipantChange
from service.meetings import change_requests, day, desk_view, hall, live
from service.meetings.day_schemas import DayRead, Offer, RequestAnswer, RequestCreate, RequestRead, WalkIn
from service.meetings.models import Meeting
from service.meetings.offers import offers
from service.meetings.schemas import RequestKind, RequestState
from service.platform import clock
from service.platform.database import Database
from service.platform.problems import Conflict, InvalidInput, NotFound
from service.profiles import operations as profiles
from service.profiles.vocabulary import Kind
from tests.factories.days import DURING, EARLY, Day
from tests.factories.forums import make_approved
from tests.factories.match_lists import make_list, publish
from tests.factories.meetings import LINKS, make_release, pin_pairs, set_up_forum

AFTER = EARLY + timedelta(hours=12)


def overview(forum: Day) -> DayRead:
    with forum.database.read() as session:
        return desk_view.overview(session, SYSTEM, forum.forum)


def offered(forum: Day, **wanted: Any) -> list[Offer]:
    with forum.database.read() as session:
        return offers(session, Catalogue(), SYSTEM, forum.forum, **wanted)


def pairs_of(found: list[Offer]) -> set[tuple[UUID, UUID]]:
    return {(one.entrepreneur.id, one.exporter.id) for one in found}


def test_overview_tells_now_next_and_who_is_there(database: Database) -> None:
    forum = Day(database)
    with clock.frozen_at(EARLY):
        before = overview(forum)
    assert before.now is None
    assert before.next is not None
    assert (before.next.slot.slot_id, before.expected, before.arrived) == (forum.slots[0], 4, 0)
    with clock.frozen_at(DURING):
        forum.arrive(forum.ones[0])
        during = overview(forum)
    assert during.now is not None
    assert during.now.slot.slot_id == forum.slots[1]
    assert during.now.meetings + during.now.free_tables == 2
    assert during.arrived == 1
    with clock.frozen_at(AFTER):
        after = overview(forum)
    assert (after.now, after.next) == (None, None)


@pytest.mark.parametrize(
    "typed",
    # The last are as they come out of file names, and out of a program that is at fault.
    [
        "Көк Дала",
        "kok dala",
        "Kök",
        "kök DALA",
        "көк",
        "دالا",
        "dala kok",
        "Ko\u0308k",
        "көк\x00",
        "\ud800kok",
    ],
)
def test_name_is_found_in_any_script_and_without_diacritics(database: Database, typed: str) -> None:
    forum_id, ones, _ = set_up_forum(database, entrepreneurs=1, exporters=1)
    guest = make_approved(database, Kind.EXPORTER, display_name="Көк Дала балы")
    pin_pairs(database, forum_id, [(ones[0], _one_of(database, forum_id, guest))])
    make_release(database, forum_id)
    with database.read() as session:
        found = desk_view.find(session, SYSTEM, forum_id, typed)
        assert desk_view.find(session, SYSTEM, forum_id, " – ") == []
        assert desk_view.find(session, SYSTEM, forum_id, "nobody") == []
    assert [(one.participant.id, one.takes_part) for one in found] == [(guest, True)]


def _one_of(database: Database, forum_id: UUID, guest: UUID) -> UUID:
    with database.write() as session:
        day.walk_in(session, SYSTEM, forum_id, WalkIn(kind=Kind.EXPORTER, profile_id=guest))
    return guest


def test_profiles_that_are_not_registered_come_after_participants(database: Database) -> None:
    forum = Day(database)
    stranger = make_approved(database, Kind.EXPORTER, display_name="Steppe Nomads")
    forum.arrive(forum.ones[0])
    with database.read() as session:
        found = desk_view.find(session, SYSTEM, forum.forum, "steppe")
        reader = Principal("api_client", uuid4(), frozenset({Permission.MEETINGS_READ}))
        without = desk_view.find(session, reader, forum.forum, "steppe")
    assert [(one.participant.id, one.takes_part) for one in found][-1] == (stranger, False)
    assert {one.participant.id for one in found if one.arrived} == {forum.ones[0]}
    assert stranger not in {one.participant.id for one in without}


def test_day_of_a_participant_tells_meetings_and_free_slots(database: Database) -> None:
    forum = Day(database)
    forum.arrive(forum.others[0])
    with clock.frozen_at(EARLY), database.read() as session:
        found = desk_view.participant_day(session, SYSTEM, forum.forum, forum.ones[0], "en")
        other = desk_view.participant_day(session, SYSTEM, forum.forum, forum.others[0], "en")
        with pytest.raises(NotFound):
            desk_view.participant_day(session, SYSTEM, forum.forum, uuid4(), "en")
    assert (found.side, found.arrived_at, found.withdrawn) == (Kind.ENTREPRENEUR, None, False)
    assert len(found.meetings) == 2
    assert {one.slot_id for one in found.free} == set(forum.slots) - {
        one.meeting.slot.slot_id for one in found.meetings if one.meeting.slot
    }
    assert [one.exporter_arrived for one in found.meetings if one.meeting.exporter.id == forum.others[0]] == [
        True
    ]
    assert other.arrived_at is not None
    with clock.frozen_at(AFTER), database.read() as session:
        assert desk_view.participant_day(session, SYSTEM, forum.forum, forum.ones[0], "en").free == []


def test_slot_lists_its_meetings_by_table(database: Database) -> None:
    forum = Day(database)
    slot = forum.meeting(0, 0).slot_id
    assert slot is not None
    with database.read() as session:
        found = desk_view.meetings_of_slot(session, SYSTEM, forum.forum, slot, "en")
        one = desk_view.meeting(session, SYSTEM, forum.forum, forum.meeting(0, 0).id, "en")
        slots, tables = desk_view.frame(session, SYSTEM, forum.forum)
        with pytest.raises(NotFound):
            desk_view.meetings_of_slot(session, SYSTEM, forum.forum, uuid4(), "en")
    assert one in found
    assert ([one.slot_id for one in slots], [one.table_id for one in tables]) == (forum.slots, forum.tables)


def test_walk_in_is_offered_its_best_partners(database: Database) -> None:
    forum = Day(database)
    guest = make_approved(database, Kind.ENTREPRENEUR)
    with database.write() as session:
        day.walk_in(session, SYSTEM, forum.forum, WalkIn(kind=Kind.ENTREPRENEUR, profile_id=guest))
    forum.arrive(forum.others[1])
    with clock.frozen_at(EARLY):
        found = offered(forum, profile_id=guest)
    assert pairs_of(found) == {(guest, other) for other in forum.others}
    assert [one.both_arrived for one in found] == [True, False]
    with clock.frozen_at(EARLY):
        assert offered(forum, profile_id=uuid4()) == []
        (_, first) = found
        forum.fill(guest, first.exporter.id, first.slot.slot_id)
        assert len(offered(forum, profile_id=guest)) == 1
    with clock.frozen_at(AFTER):
        assert offered(forum, profile_id=guest) == []


def test_search_for_offers_ends_where_enough_fit(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.meetings.offers._ENOUGH", 1)
    forum = Day(database, pairs=[(0, 0)])
    with clock.frozen_at(EARLY):
        assert len(offered(forum, profile_id=forum.ones[1])) == 1


def test_exporter_is_offered_partners_and_closed_profiles_are_not(database: Database) -> None:
    forum = Day(database, pairs=[(0, 0)])
    with clock.frozen_at(EARLY):
        found = offered(forum, profile_id=forum.others[1])
        assert pairs_of(found) == {(one, forum.others[1]) for one in forum.ones}
        with database.write() as session:
            profiles.archive(session, SYSTEM, Kind.EXPORTER, forum.others[1])
        assert offered(forum, profile_id=forum.others[1]) == []


def test_stranger_of_the_catalogue_is_offered_nothing(database: Database) -> None:
    forum = Day(database, pairs=[(0, 0)])
    stranger = make_approved(database, Kind.EXPORTER)
    with clock.frozen_at(EARLY):
        assert offered(forum, profile_id=stranger) == []


def test_slot_is_offered_the_next_best_of_the_list_that_are_free(database: Database) -> None:
    forum_id, ones, others = set_up_forum(
        database, entrepreneurs=3, exporters=3, entrepreneur_max=1, exporter_max=1
    )
    publish(database, make_list(database, forum_id))
    make_release(database, forum_id)
    forum = _known(database, forum_id, ones, others)
    with clock.frozen_at(EARLY):
        assert offered(forum, slot_id=forum.slots[3]) == []
        with database.write() as session:
            row = session.get_one(Forum, forum_id)
            row.entrepreneur_max = row.exporter_max = 5
        found = offered(forum, slot_id=forum.slots[3])
        assert len(found) == 6
        assert [one.score for one in found] == sorted((one.score or 0 for one in found), reverse=True)
        one, other = next(iter(pairs_of(found)))
        with database.write() as session:
            wanted = ExclusionCreate(entrepreneur_id=one, exporter_id=other, reason="organiser")
            rulings.exclude_pair(session, SYSTEM, forum_id, wanted)
        assert (one, other) not in pairs_of(offered(forum, slot_id=forum.slots[3]))
        assert (one, other) not in pairs_of(offered(forum, profile_id=one))
        with database.write() as session:
            away = {"available": [{"starts_at": "2027-03-10T20:00", "ends_at": "2027-03-10T21:00"}]}
            asking.ask(
                session, SYSTEM, forum_id, Kind.EXPORTER, other, ParticipantChange.model_validate(away)
            )
        assert other not in {pair[1] for pair in pairs_of(offered(forum))}
        with pytest.raises(NotFound):
            offered(forum, slot_id=uuid4())


def _known(database: Database, forum_id: UUID, ones: list[UUID], others: list[UUID]) -> Day:
    """Give a forum that is released already."""
    forum = Day.__new__(Day)
    forum.database, forum.forum, forum.ones, forum.others = database, forum_id, ones, others
    with database.read() as session:
        slots, tables = desk_view.frame(session, SYSTEM, forum_id)
    forum.slots, forum.tables = [one.slot_id for one in slots], [one.table_id for one in tables]
    return forum


def test_meeting_that_was_not_placed_is_offered_first(database: Database) -> None:
    forum_id, ones, others = set_up_forum(database, slots=1)
    pin_pairs(database, forum_id, product(ones, others))
    make_release(database, forum_id)
    forum = _known(database, forum_id, ones, others)
    with clock.frozen_at(EARLY):
        assert offered(forum) == []
        with database.read() as session:
            rows = desk_view.meetings_of_slot(session, SYSTEM, forum_id, forum.slots[0], "en")
        for one in rows:
            forum.cancel(_row(database, one.meeting.id))
        found = offered(forum, profile_id=ones[0])
        assert len(found) == 1
        assert found[0].slot.slot_id == forum.slots[0]
        forum.fill(found[0].entrepreneur.id, found[0].exporter.id, forum.slots[0])
        assert offered(forum, profile_id=ones[0]) == []


def _row(database: Database, meeting_id: UUID) -> Meeting:
    with database.read() as session:
        found = session.get_one(Meeting, meeting_id)
        session.expunge_all()
    return found


def test_full_slot_is_offered_to_nobody(database: Database) -> None:
    forum = Day(database, pairs=[(0, 0)], slots=1, labels=["1"])
    with clock.frozen_at(EARLY):
        assert offered(forum, profile_id=forum.ones[1]) == []


class Asking:
    """A released forum whose participants ask for changes."""

    def __init__(self, database: Database, **changes: Any) -> None:
        self.day = Day(database, **changes)
        self.database = database

    def ask(self, side: Kind = Kind.ENTREPRENEUR, /, **wanted: Any) -> None:
        with self.database.write() as session:
            change_requests.ask(session, self.day.speaker(side), RequestCreate.model_validate(wanted))

    def listed(self) -> list[RequestRead]:
        with self.database.read() as session:
            return change_requests.listed(session, SYSTEM, self.day.forum)

    def answer(self, request: UUID, **wanted: Any) -> None:
        with self.database.write() as session:
            answer = RequestAnswer.model_validate(wanted)
            change_requests.answer(session, SYSTEM, LINKS, self.day.forum, request, answer)


def test_request_is_granted_with_its_move_in_one_step(database: Database) -> None:
    asking_ = Asking(database)
    forum = asking_.day
    assert asking_.listed() == []
    state = forum.state()
    slot = forum.free_slot()
    asking_.ask(kind="move", partner_id=forum.others[0], slot_id=slot, text="train")
    (request,) = asking_.listed()
    assert (request.kind, request.state, request.by_desk) == (RequestKind.MOVE, RequestState.OPEN, False)
    assert request.slot is not None
    assert (request.slot.slot_id, request.meeting_id) == (slot, forum.meeting(0, 0).id)
    with clock.frozen_at(EARLY):
        assert overview(forum).open_requests == 1
        asking_.answer(request.id, granted=True, answer="gladly")
        assert forum.meeting(0, 0).slot_id == slot
        with pytest.raises(Conflict, match="answered this request already"):
            asking_.answer(request.id, granted=True)
        with database.read() as session:
            seen = live.own_timetable(session, forum.speaker(Kind.ENTREPRENEUR)).requests
        assert [(one.state, one.answer) for one in seen] == [(RequestState.GRANTED, "gladly")]
        forum.undo()
        assert asking_.listed()[0].state is RequestState.OPEN
        forum.undo()
    assert forum.state() == state


def test_request_that_clashes_stays_open_and_can_be_refused_with_words(database: Database) -> None:
    asking_ = Asking(database)
    forum = asking_.day
    taken = forum.meeting(0, 1).slot_id
    asking_.ask(kind="move", partner_id=forum.others[0])
    (request,) = asking_.listed()
    with clock.frozen_at(EARLY):
        with pytest.raises(Conflict, match="cannot be there"):
            asking_.answer(request.id, granted=True, slot_id=taken)
        for wanted, field in (({"granted": True}, "slot_id"), ({"granted": False}, "answer")):
            with pytest.raises(InvalidInput) as caught:
                asking_.answer(request.id, **wanted)
            assert [one.path for one in caught.value.errors] == [(field,)]
        asking_.answer(request.id, granted=False, answer="no slot is free")
    assert asking_.listed()[0].state is RequestState.REFUSED
    with pytest.raises(NotFound):
        asking_.answer(uuid4(), granted=True)


def test_requests_to_cancel_to_meet_and_for_something_else_are_granted(database: Database) -> None:
    asking_ = Asking(database, pairs=[(0, 0), (1, 1)])
    forum = asking_.day
    slot = forum.free_slot()
    asking_.ask(kind="cancel", partner_id=forum.others[0])
    asking_.ask(Kind.EXPORTER, kind="meet", partner_id=forum.ones[1], slot_id=slot)
    asking_.ask(kind="other", text="a chair")
    by_kind = {one.kind: one for one in asking_.listed()}
    with clock.frozen_at(EARLY):
        for one in by_kind.values():
            asking_.answer(one.id, granted=True, answer="ok")
    assert (forum.meeting(0, 0).state, forum.meeting(0, 0).reason) == ("cancelled", "asked")
    assert forum.meeting(1, 0).slot_id == slot
    assert {one.state for one in asking_.listed()} == {RequestState.GRANTED}
    assert by_kind[RequestKind.OTHER].partner is None


def test_meeting_that_is_gone_cannot_be_granted(database: Database) -> None:
    asking_ = Asking(database, pairs=[(0, 0), (1, 1)])
    forum = asking_.day
    with clock.frozen_at(EARLY):
        forum.fill(forum.ones[0], forum.others[1], forum.free_slot())
        asking_.ask(kind="cancel", partner_id=forum.others[1])
        forum.undo(1)
        (request,) = asking_.listed()
        assert request.meeting_id is None
        with pytest.raises(Conflict, match="have no meeting"):
            asking_.answer(request.id, granted=True)


@pytest.mark.parametrize(
    ("wanted", "field", "code"),
    [
        ({"kind": "other"}, "text", "missing"),
        ({"kind": "move"}, "partner_id", "missing"),
        ({"kind": "move", "partner_id": UUID(int=1)}, "partner_id", "no_meeting"),
        ({"kind": "meet", "partner_id": UUID(int=1)}, "partner_id", "not_a_participant"),
        ({"kind": "other", "text": "x", "partner_id": UUID(int=1)}, "partner_id", "not_needed"),
        ({"kind": "other", "text": "x", "slot_id": UUID(int=1)}, "slot_id", "unknown_slot"),
    ],
)
def test_what_is_wrong_with_a_request_is_said(
    database: Database, wanted: dict, field: str, code: str
) -> None:
    asking_ = Asking(database)
    with pytest.raises(InvalidInput) as caught:
        asking_.ask(**wanted)
    assert [(one.path, one.code) for one in caught.value.errors] == [((field,), code)]
    assert asking_.day.log() == []


def test_one_side_does_not_ask_to_meet_its_own_side(database: Database) -> None:
    asking_ = Asking(database)
    with pytest.raises(InvalidInput):
        asking_.ask(kind="meet", partner_id=asking_.day.ones[1])


def test_desk_asks_for_a_participant_and_too_many_wait(database: Database) -> None:
    asking_ = Asking(database)
    forum = asking_.day
    wanted = RequestCreate(kind=RequestKind.OTHER, text="a chair")
    for profile in (forum.ones[0], forum.others[0]):
        with database.write() as session:
            change_requests.ask_for(session, SYSTEM, forum.forum, profile, wanted)
    assert {(one.side, one.by_desk) for one in asking_.listed()} == {(kind, True) for kind in Kind}
    for _ in range(change_requests.MOST_OPEN - 1):
        asking_.ask(kind="other", text="a chair")
    with pytest.raises(Conflict, match="10 requests without an answer"):
        asking_.ask(kind="other", text="a chair")


def test_screen_in_the_hall_counts_down_by_the_forums_clock(database: Database) -> None:
    forum = Day(database)
    with clock.frozen_at(EARLY - timedelta(seconds=1)), database.read() as session:
        early = hall.screen_for(session, SYSTEM, forum.forum)
    assert (early.now, early.minutes_left, early.minutes_until_next) == (None, 0, 61)
    with clock.frozen_at(DURING), database.read() as session:
        during = hall.screen(session, forum.forum)
    assert during.now is not None
    assert (during.now.slot_id, during.minutes_left, during.minutes_until_next) == (forum.slots[1], 15, 20)
    with clock.frozen_at(AFTER), database.read() as session:
        after = hall.screen(session, forum.forum)
    assert (after.now, after.next, after.meetings) == (None, None, [])
    slot = forum.slots[1]
    assert len(during.meetings) == sum(one.slot_id == slot for one in forum.meetings())


def test_screen_before_the_release_is_empty(database: Database) -> None:
    forum_id, _, _ = set_up_forum(database)
    with database.read() as session:
        assert hall.screen(session, forum_id).meetings == []


def test_link_of_the_screen_is_checked_and_expires(database: Database) -> None:
    forum = Day(database)
    token = hall.sign(LINKS.signer, forum.forum)
    with clock.frozen_at(DURING), database.read() as session:
        assert hall.read_link(session, LINKS.signer, token).id == forum.forum
        with pytest.raises(LinkAltered):
            hall.read_link(session, LINKS.signer, token + "x")
    with clock.frozen_at(DURING + timedelta(days=9)), database.read() as session, pytest.raises(LinkExpired):
        hall.read_link(session, LINKS.signer, token)


def test_log_names_whom_and_who(database: Database) -> None:
    asking_ = Asking(database)
    forum = asking_.day
    with clock.frozen_at(EARLY):
        asking_.ask(kind="other", text="x")
        forum.cancel(forum.meeting(0, 0))
    moved, asked = forum.log()
    assert "–" in moved.about
    assert moved.about.startswith(asked.about)
    assert (moved.done_by, moved.undone_at, moved.undone_by) == ("", None, "")
