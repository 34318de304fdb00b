import threading
from itertools import product
from uuid import uuid4

import pytest
from sqlalchemy import event, update
from sqlalchemy.exc import IntegrityError

from service.accounts.schemas import SYSTEM
from service.forums import asking, rulings, sessions, set_up
from service.forums import operations as forums
from service.forums.pair_schemas import ExclusionCreate
from service.forums.schemas import ParticipantChange, ParticipantsAdd
from service.meetings import editing, reading, releasing
from service.meetings.difficulties import difficulties
from service.meetings.models import Meeting
from service.meetings.schemas import (
    MeetingAdd,
    MeetingCancel,
    MeetingMove,
    MeetingPin,
    MeetingState,
    Revised,
    TablesSwap,
    WithdrawalNote,
)
from service.platform import clock
from service.platform.database import Database
from service.platform.problems import Conflict, InvalidInput, NotAllowed, NotFound
from service.profiles.vocabulary import Kind
from tests.factories.accounts import make_caller, make_centre
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


class Drafted:
    """A draft with its pairs, slots and tables at hand."""

    def __init__(self, database: Database, pairs: str = "all", **changes: object) -> None:
        self.database = database
        self.forum, self.ones, self.others = set_up_forum(database, **changes)
        every = list(product(self.ones, self.others))
        pin_pairs(database, self.forum, every if pairs == "all" else zip(self.ones, self.others, strict=True))
        self.id = make_draft(database, self.forum)
        with database.read() as session:
            slots, tables = reading.frame(session, SYSTEM, self.id)
        self.slots = [one.slot_id for one in slots]
        self.tables = [one.table_id for one in tables]

    def meeting(self, one: int, other: int) -> Meeting:
        return meetings_of(self.database, self.id)[self.ones[one], self.others[other]]

    def move(self, meeting: Meeting, slot: int, table: int | None = None, revision: int | None = None):
        wanted = MeetingMove(
            slot_id=self.slots[slot],
            table_id=None if table is None else self.tables[table],
            revision=revision,
        )
        with self.database.write() as session:
            return editing.move(session, SYSTEM, self.id, meeting.id, wanted)

    def free_slot(self) -> int:
        """Give a slot in which nobody meets."""
        taken = {one.slot_id for one in meetings_of(self.database, self.id).values()}
        return next(number for number, slot in enumerate(self.slots) if slot not in taken)


def test_meeting_is_moved_where_nothing_stands_in_the_way(database: Database) -> None:
    draft = Drafted(database)
    before = draft.meeting(0, 0)
    slot = draft.free_slot()
    found = draft.move(before, slot, 1)
    after = draft.meeting(0, 0)
    assert (after.slot_id, after.table_id) == (draft.slots[slot], draft.tables[1])
    assert found.revision == 2
    draft.move(after, slot)
    assert draft.meeting(0, 0).table_id == draft.tables[1]


def test_clash_is_told_in_a_sentence_and_nothing_changes(database: Database) -> None:
    draft = Drafted(database)
    mine, other = draft.meeting(0, 0), draft.meeting(0, 1)
    slot = draft.slots.index(other.slot_id)
    with pytest.raises(Conflict, match=r"meets Алтын Ара \d+ at Mar 10, \d\d:\d\d"):
        draft.move(mine, slot)
    assert draft.meeting(0, 0).slot_id == mine.slot_id
    with pytest.raises(NotFound), database.write() as session:
        editing.move(session, SYSTEM, draft.id, mine.id, MeetingMove(slot_id=uuid4()))
    with pytest.raises(NotFound), database.write() as session:
        editing.move(session, SYSTEM, draft.id, uuid4(), MeetingMove(slot_id=draft.slots[0]))
    with pytest.raises(NotFound), database.write() as session:
        editing.move(session, SYSTEM, uuid4(), mine.id, MeetingMove(slot_id=draft.slots[0]))


def test_meeting_tables_are_not_given_twice(database: Database) -> None:
    draft = Drafted(database, pairs="two", labels=["1"], entrepreneurs=2, exporters=2)
    one, other = draft.meeting(0, 0), draft.meeting(1, 1)
    slot = draft.slots.index(other.slot_id)
    with pytest.raises(Conflict, match="are at meeting table 1 at"):
        draft.move(one, slot, 0)
    with pytest.raises(Conflict, match="All meeting tables are taken"):
        draft.move(one, slot)


def test_presence_and_interpreters_are_kept_to(database: Database) -> None:
    forum, _, others = set_up_forum(database, entrepreneurs=0, exporters=1)
    guests = [make_approved(database, Kind.ENTREPRENEUR, languages=["tr"]) for _ in range(2)]
    exporter = make_approved(database, Kind.EXPORTER)
    with database.write() as session:
        forums.add_participants(session, SYSTEM, forum, ParticipantsAdd(kind=Kind.ENTREPRENEUR, ids=guests))
        forums.add_participants(session, SYSTEM, forum, ParticipantsAdd(kind=Kind.EXPORTER, ids=[exporter]))
    add_interpreters(database, forum, "tr")
    pin_pairs(database, forum, zip(guests, [others[0], exporter], strict=True))
    draft = make_draft(database, forum)
    found = meetings_of(database, draft)
    first, second = found[guests[0], others[0]], found[guests[1], exporter]
    assert first.slot_id != second.slot_id
    with pytest.raises(Conflict, match="No interpreter of the language is free"), database.write() as session:
        editing.move(session, SYSTEM, draft, first.id, MeetingMove(slot_id=second.slot_id))
    with database.write() as session:
        away = {"available": [{"starts_at": "2027-03-10T20:00", "ends_at": "2027-03-10T21:00"}]}
        wanted = ParticipantChange.model_validate(away)
        asking.ask(session, SYSTEM, forum, Kind.EXPORTER, others[0], wanted)
    with pytest.raises(Conflict, match=r"is not available at Mar 10"), database.write() as session:
        editing.move(session, SYSTEM, draft, first.id, MeetingMove(slot_id=first.slot_id))
    with database.read() as session:
        broken = difficulties(session, SYSTEM, draft, "en").broken
        choices = editing.choices(session, SYSTEM, draft, second.id, "en")
    assert [(one.meeting.id, "is not available at" in one.text) for one in broken] == [(first.id, True)]
    assert len(choices.slots) == 4
    assert sum(bool(one.obstacle) for one in choices.slots) == 1
    with database.write() as session:
        for shift in set_up.read(session, SYSTEM, forum, "en").interpreters:
            set_up.remove_interpreters(session, SYSTEM, forum, shift.id)
    with database.read() as session:
        broken = difficulties(session, SYSTEM, draft, "en").broken
    assert {one.meeting.id for one in broken} == {first.id, second.id}


def test_who_has_left_or_withdrawn_gets_no_place(database: Database) -> None:
    draft = Drafted(database)
    other, slot = draft.meeting(1, 1), draft.free_slot()
    with database.write() as session:
        releasing.withdraw(
            session, SYSTEM, draft.forum, Kind.ENTREPRENEUR, draft.ones[0], WithdrawalNote(), LINKS, "en"
        )
        forums.remove_participants(session, SYSTEM, draft.forum, Kind.ENTREPRENEUR, [draft.ones[1]])
    with pytest.raises(Conflict, match="has withdrawn"), database.write() as session:
        wanted = MeetingAdd(entrepreneur_id=draft.ones[0], exporter_id=draft.others[0])
        editing.add(session, SYSTEM, draft.id, wanted.model_copy(update={"slot_id": draft.slots[slot]}))
    with pytest.raises(Conflict, match="does not take part"):
        draft.move(other, slot)
    with database.write() as session:
        (held,) = sessions.held(session, draft.forum)
        sessions.remove(session, SYSTEM, draft.forum, held.id)
    with pytest.raises(Conflict, match="is not in the set-up any more"):
        draft.move(other, slot)


def test_two_meetings_swap_their_tables_and_only_in_one_slot(database: Database) -> None:
    draft = Drafted(database, slots=2)
    every = list(meetings_of(database, draft.id).values())
    one = every[0]
    (other,) = [two for two in every if two.slot_id == one.slot_id and two.id != one.id]
    (elsewhere, _) = [two for two in every if two.slot_id != one.slot_id]
    with database.write() as session:
        editing.pin(session, SYSTEM, draft.id, one.id, MeetingPin(slot=True))
        found = editing.swap_tables(
            session, SYSTEM, draft.id, TablesSwap(meeting_id=one.id, other_id=other.id)
        )
    assert found.revision == 3
    after = {two.id: two for two in meetings_of(database, draft.id).values()}
    assert (after[one.id].table_id, after[other.id].table_id) == (other.table_id, one.table_id)
    assert (after[one.id].state, after[one.id].pinned_slot, after[one.id].reason) == ("planned", True, None)
    with pytest.raises(Conflict, match="of one slot"), database.write() as session:
        wanted = TablesSwap(meeting_id=one.id, other_id=elsewhere.id)
        editing.swap_tables(session, SYSTEM, draft.id, wanted)


def test_meeting_is_taken_out_and_put_back(database: Database) -> None:
    draft = Drafted(database)
    meeting = draft.meeting(0, 0)
    with database.write() as session:
        editing.take_out(session, SYSTEM, draft.id, meeting.id, MeetingCancel(note="no time"))
    gone = draft.meeting(0, 0)
    assert (gone.state, gone.slot_id, gone.table_id, gone.note) == ("cancelled", None, None, "no time")
    for step, wanted in (
        (editing.take_out, MeetingCancel()),
        (editing.pin, MeetingPin(slot=True)),
        (editing.move, MeetingMove(slot_id=draft.slots[0])),
    ):
        with pytest.raises(Conflict, match="Only a meeting"), database.write() as session:
            step(session, SYSTEM, draft.id, meeting.id, wanted)
    with database.write() as session:
        editing.put_back(session, SYSTEM, draft.id, meeting.id, Revised())
    back = draft.meeting(0, 0)
    assert (back.state, back.by_hand) == ("planned", True)
    with pytest.raises(Conflict, match="taken out can be put back"), database.write() as session:
        editing.put_back(session, SYSTEM, draft.id, meeting.id, Revised())


def test_figures_are_those_after_each_change(database: Database) -> None:
    draft = Drafted(database)
    meeting = draft.meeting(0, 0)
    with database.write() as session:
        gone = editing.take_out(session, SYSTEM, draft.id, meeting.id, MeetingCancel())
    with database.write() as session:
        back = editing.put_back(session, SYSTEM, draft.id, meeting.id, Revised())
    assert (gone.figures.placed, back.figures.placed) == (3, 4)
    with database.write() as session:
        releasing.withdraw(
            session, SYSTEM, draft.forum, Kind.ENTREPRENEUR, draft.ones[0], WithdrawalNote(), LINKS, "en"
        )
    with database.read() as session:
        assert reading.read(session, SYSTEM, draft.id).figures.placed == 2


def test_meeting_is_added_by_hand_once(database: Database) -> None:
    draft = Drafted(database, pairs="two")
    wanted = MeetingAdd(entrepreneur_id=draft.ones[0], exporter_id=draft.others[1], note="they asked")
    with database.write() as session:
        editing.add(session, SYSTEM, draft.id, wanted)
    added = draft.meeting(0, 1)
    assert (added.state, added.by_hand, added.note, added.score) == ("planned", True, "they asked", None)
    with pytest.raises(InvalidInput) as caught, database.write() as session:
        editing.add(session, SYSTEM, draft.id, wanted)
    assert [error.code for error in caught.value.errors] == ["meets_already"]
    stranger = make_approved(database, Kind.EXPORTER)
    with pytest.raises(InvalidInput) as caught, database.write() as session:
        editing.add(session, SYSTEM, draft.id, wanted.model_copy(update={"exporter_id": stranger}))
    assert [error.pointer for error in caught.value.errors] == ["/exporter_id"]
    with database.write() as session:
        excluded = ExclusionCreate(entrepreneur_id=draft.ones[1], exporter_id=draft.others[0])
        rulings.exclude_pair(session, SYSTEM, draft.forum, excluded)
    with (
        pytest.raises(Conflict, match="must not meet: the organiser ruled it out"),
        database.write() as session,
    ):
        pair = MeetingAdd(entrepreneur_id=draft.ones[1], exporter_id=draft.others[0])
        editing.add(session, SYSTEM, draft.id, pair)
    again = meetings_of(database, make_draft(database, draft.forum))
    assert again[draft.ones[0], draft.others[1]].by_hand


def test_meeting_for_which_there_is_no_slot_is_not_added(database: Database) -> None:
    draft = Drafted(database, pairs="two", slots=1)
    with pytest.raises(Conflict, match="no slot in which both are free"), database.write() as session:
        wanted = MeetingAdd(entrepreneur_id=draft.ones[0], exporter_id=draft.others[1])
        editing.add(session, SYSTEM, draft.id, wanted)
    with database.read() as session:
        found = difficulties(session, SYSTEM, draft.id, "en")
    assert (found.outdated, found.broken, found.short) == ([], [], [])


def test_the_later_of_two_organisers_is_told_and_nothing_is_overwritten(database: Database) -> None:
    draft = Drafted(database)
    one, other = draft.meeting(0, 0), draft.meeting(1, 1)
    slot = draft.free_slot()
    draft.move(one, slot, revision=1)
    with pytest.raises(Conflict, match="Somebody else changed the timetable"):
        draft.move(other, slot, revision=1)
    assert draft.meeting(1, 1).slot_id == other.slot_id


def test_two_organisers_at_the_same_moment_do_not_give_one_table_twice(database: Database) -> None:
    draft = Drafted(database, pairs="two", labels=["1", "2"])
    meetings = [draft.meeting(0, 0), draft.meeting(1, 1)]
    slot = draft.free_slot()
    start, outcomes = threading.Barrier(2), []

    def move(meeting: Meeting) -> None:
        start.wait()
        try:
            draft.move(meeting, slot, 0)
        except Conflict as problem:
            outcomes.append(str(problem))
        else:
            outcomes.append("moved")

    threads = [threading.Thread(target=move, args=(meeting,)) for meeting in meetings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one == "moved" for one in outcomes) == [False, True]
    there = [one for one in meetings_of(database, draft.id).values() if one.slot_id == draft.slots[slot]]
    assert len(there) == 1


@pytest.mark.parametrize("what", ["participant", "table"])
def test_database_itself_refuses_a_clash(database: Database, what: str) -> None:
    draft = Drafted(database, pairs="all" if what == "participant" else "two")
    one = draft.meeting(0, 0)
    other = draft.meeting(0, 1) if what == "participant" else draft.meeting(1, 1)
    values = {"slot_id": one.slot_id, "table_id": one.table_id}
    if what == "participant":
        values["table_id"] = next(table for table in draft.tables if table != one.table_id)
    with pytest.raises(IntegrityError), database.write() as session:
        session.execute(update(Meeting).where(Meeting.id == other.id).values(**values))


def test_release_is_not_edited(database: Database) -> None:
    forum, ones, others = set_up_forum(database)
    pin_pairs(database, forum, product(ones, others))
    release = make_release(database, forum)
    (meeting, *_) = meetings_of(database, release).values()
    with pytest.raises(Conflict, match="A release stays as it is"), database.write() as session:
        editing.take_out(session, SYSTEM, release, meeting.id, MeetingCancel())


def test_coordinator_looks_at_timetables_and_changes_none(database: Database) -> None:
    make_centre(database)
    coordinator = make_caller(database, role="coordinator", centre="qh-berlin").principal
    draft = Drafted(database)
    meeting = draft.meeting(0, 0)
    with database.read() as session:
        assert reading.read(session, coordinator, draft.id).id == draft.id
        assert editing.choices(session, coordinator, draft.id, meeting.id, "kk").tables
    with pytest.raises(NotAllowed), database.write() as session:
        editing.take_out(session, coordinator, draft.id, meeting.id, MeetingCancel())


@pytest.mark.parametrize("pairs", [1, 3])
def test_timetable_is_read_with_the_same_number_of_questions_for_any_number_of_meetings(
    database: Database, pairs: int
) -> None:
    draft = Drafted(database, entrepreneurs=1, exporters=pairs)
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    with database.read() as session:
        found = reading.detail(session, SYSTEM, draft.id, "en")
    assert len(found.meetings) == pairs
    assert {one.state for one in found.meetings} == {MeetingState.PLANNED}
    assert len(asked) == 6


def test_difficulties_tell_what_has_become_wrong(database: Database) -> None:
    draft = Drafted(database, entrepreneurs=3, slots=3, labels=["1"])
    with database.read() as session:
        found = difficulties(session, SYSTEM, draft.id, "en")
    assert [(one.participant.id in draft.ones, one.placed, one.least) for one in found.short] == [
        (True, 0, 1) for _ in found.short
    ]
    make_release(database, draft.forum)
    release = make_draft(database, draft.forum)
    with database.write() as session:
        releasing.release(session, SYSTEM, release, LINKS)
    again = make_draft(database, draft.forum)
    (pair, meeting) = next(
        (pair, one) for pair, one in meetings_of(database, release).items() if one.state == "planned"
    )
    with database.write() as session:
        note = WithdrawalNote()
        releasing.withdraw(session, SYSTEM, draft.forum, Kind.ENTREPRENEUR, pair[0], note, LINKS, "en")
    with database.read() as session:
        found = difficulties(session, SYSTEM, again, "en")
        slots = {one.slot_id: one for one in reading.frame(session, SYSTEM, again)[0]}
    assert found.outdated == ["The release has changed since this draft was made: make the draft again."]
    assert pair[0] not in {one.participant.id for one in found.short}
    with clock.frozen_at(slots[meeting.slot_id].starts_at), database.read() as session:
        assert difficulties(session, SYSTEM, again, "en").broken == []


def test_table_of_a_neighbour_is_free_in_another_slot(database: Database) -> None:
    draft = Drafted(database, slots=3, labels=["1", "2", "3"])
    one, other = draft.meeting(0, 0), draft.meeting(1, 1)
    slot = draft.free_slot()
    draft.move(one, slot, 0)
    with pytest.raises(Conflict, match="at meeting table 1"):
        draft.move(other, slot, 0)
    draft.move(other, slot, 1)
    assert draft.meeting(1, 1).table_id == draft.tables[1]
