import threading
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from service.accounts.schemas import SYSTEM
from service.forums import operations as forums
from service.forums.participant_links import participants_by_profile
from service.forums.schemas import ParticipantsAdd
from service.meetings import (
    change_requests,
    day,
    desk_view,
    feedback,
    reading,
    releasing,
    repository,
    steps,
)
from service.meetings.day import version_of
from service.meetings.day_schemas import (
    ArrivalNote,
    DayFill,
    DayPresence,
    RequestCreate,
    StepKind,
    WalkIn,
)
from service.meetings.outcome_schemas import FeedbackCreate, PresenceNote
from service.meetings.schemas import RequestKind, WithdrawalNote
from service.platform import clock, mail
from service.platform.database import Database
from service.platform.problems import Conflict, InvalidInput, NotAllowed, NotFound
from service.profiles import operations as profiles
from service.profiles.vocabulary import Kind
from tests.factories.accounts import make_caller, make_centre
from tests.factories.days import DURING, EARLY, Day
from tests.factories.forums import make_approved
from tests.factories.meetings import LINKS, make_draft, meetings_of, set_up_forum


def letters(database: Database, forum: UUID) -> list[mail.Letter]:
    with database.read() as session:
        ids = participants_by_profile(session, forum).values()
        wanted = select(mail.Letter).where(
            mail.Letter.subject_id.in_(ids), mail.Letter.about == "timetable_changed"
        )
        found = list(session.exec(wanted))
        session.expunge_all()
    return found


def test_arrival_is_noted_once_and_taken_back(database: Database) -> None:
    forum = Day(database)
    forum.arrive(forum.ones[0])
    forum.arrive(forum.ones[0])
    assert [(one.kind, one.number) for one in forum.log()] == [(StepKind.ARRIVED, 1)]
    assert "Steppe Feinkost" in forum.log()[0].about
    forum.arrive(forum.ones[0], arrived=False)
    forum.arrive(forum.ones[0], arrived=False)
    assert [one.kind for one in forum.log()] == [StepKind.NOT_ARRIVED, StepKind.ARRIVED]
    forum.undo()
    forum.undo()
    assert forum.state()[1] == []
    with pytest.raises(NotFound):
        forum.arrive(uuid4())


def test_who_has_withdrawn_does_not_arrive(database: Database) -> None:
    forum = Day(database)
    with database.write() as session:
        note = WithdrawalNote()
        releasing.withdraw(session, SYSTEM, forum.forum, Kind.EXPORTER, forum.others[0], note, LINKS, "en")
    with pytest.raises(Conflict, match="has withdrawn"):
        forum.arrive(forum.others[0])


def test_meeting_is_moved_and_back(database: Database) -> None:
    forum = Day(database)
    before, state = forum.meeting(0, 0), forum.state()
    slot = forum.free_slot()
    with clock.frozen_at(EARLY):
        forum.move(before, slot, forum.tables[1])
        after = forum.meeting(0, 0)
        assert (after.slot_id, after.table_id, after.state) == (slot, forum.tables[1], "planned")
        forum.undo()
    assert forum.state() == state
    assert forum.log()[0].undone_at is not None


def test_clash_is_told_in_words_and_logged_nowhere(database: Database) -> None:
    forum = Day(database)
    mine, other = forum.meeting(0, 0), forum.meeting(0, 1)
    with clock.frozen_at(EARLY), pytest.raises(Conflict, match=r"The meeting cannot be there: .* meets "):
        forum.move(mine, other.slot_id)
    with clock.frozen_at(EARLY), pytest.raises(NotFound):
        forum.move(mine, uuid4())
    assert (forum.log(), forum.meeting(0, 0).slot_id) == ([], mine.slot_id)
    with clock.frozen_at(EARLY + timedelta(days=1)), pytest.raises(Conflict, match="slot is over"):
        forum.move(mine, forum.free_slot())


def test_later_of_two_desks_is_told(database: Database) -> None:
    forum = Day(database)
    mine = forum.meeting(0, 0)
    with clock.frozen_at(EARLY):
        forum.move(mine, forum.free_slot(), version=version_of(mine))
        with pytest.raises(Conflict, match="Somebody else changed this meeting"):
            forum.cancel(mine, version=version_of(mine))
        beside = next(one for one in forum.meetings() if one.id != mine.id)
        with pytest.raises(Conflict, match="Somebody else changed this meeting"):
            forum.swap(forum.meeting(0, 0), beside, other_version="x")
    assert forum.meeting(0, 0).state == "planned"


def test_two_desks_at_the_same_time_do_not_give_a_table_twice(database: Database) -> None:
    forum = Day(database, pairs=[(0, 0), (1, 1)])
    slot = forum.free_slot()
    both = [forum.meeting(0, 0), forum.meeting(1, 1)]
    start, failed = threading.Barrier(2), []

    def desk(meeting) -> None:
        start.wait()
        try:
            forum.move(meeting, slot, forum.tables[0])
        except Conflict as problem:
            failed.append(str(problem))

    with clock.frozen_at(EARLY):
        threads = [threading.Thread(target=desk, args=(one,)) for one in both]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    assert [("are at meeting table" in one) for one in failed] == [True]
    assert [one.number for one in forum.log()] == [1]
    assert sum(one.slot_id == slot for one in forum.meetings()) == 1


def test_tables_are_swapped_and_back(database: Database) -> None:
    forum = Day(database, slots=2)
    one = forum.meeting(0, 0)
    (other,) = [two for two in forum.meetings() if two.slot_id == one.slot_id and two.id != one.id]
    state = forum.state()
    with clock.frozen_at(EARLY):
        forum.swap(one, other)
        assert forum.meeting(0, 0).table_id == other.table_id
        forum.undo()
        assert forum.state() == state
        elsewhere = next(two for two in forum.meetings() if two.slot_id != one.slot_id)
        for wrong in (one, elsewhere):
            with pytest.raises(Conflict):
                forum.swap(one, wrong)


def test_cancelled_meeting_gives_its_place_away_and_comes_back_only_when_it_is_free(
    database: Database,
) -> None:
    forum = Day(database, pairs=[(0, 0), (1, 1)], labels=["1"])
    first, second = forum.meeting(0, 0), forum.meeting(1, 1)
    with clock.frozen_at(EARLY):
        forum.cancel(first, "ill")
        assert (forum.meeting(0, 0).state, forum.meeting(0, 0).note) == ("cancelled", "ill")
        with pytest.raises(Conflict, match="can be cancelled"):
            forum.cancel(first)
        forum.move(second, first.slot_id)
        with pytest.raises(Conflict, match=r"cannot be taken back: .* are at meeting table 1"):
            forum.undo(1)
        forum.undo()
        forum.undo()
        assert forum.meeting(0, 0).state == "planned"
        forum.cancel(first, "ill")
        forum.move(first, forum.slots[3])
    assert (forum.meeting(0, 0).note, forum.meeting(0, 0).state) == ("", "planned")


def test_hole_is_filled_with_words_where_it_cannot_be(database: Database) -> None:
    forum = Day(database, pairs=[(0, 0), (1, 1)])
    state = forum.state()
    with clock.frozen_at(EARLY):
        slot = forum.free_slot()
        found = forum.fill(forum.ones[0], forum.others[1], slot)
        assert (forum.meeting(0, 1).id, forum.meeting(0, 1).by_hand) == (found, True)
        with pytest.raises(InvalidInput) as caught:
            forum.fill(forum.ones[0], forum.others[1], slot)
        assert [one.code for one in caught.value.errors] == ["meets_already"]
        with pytest.raises(InvalidInput):
            forum.fill(uuid4(), forum.others[1], slot)
        with pytest.raises(Conflict, match="cannot be there"):
            forum.fill(forum.ones[1], forum.others[0], forum.meeting(1, 1).slot_id)
        forum.undo()
        assert forum.state() == state
        forum.cancel(forum.meeting(0, 0))
        again = forum.fill(forum.ones[0], forum.others[0], slot)
        assert again == forum.meeting(0, 0).id
        forum.undo()
    assert forum.meeting(0, 0).state == "cancelled"


def test_figures_are_those_after_each_step(database: Database) -> None:
    forum = Day(database, pairs=[(0, 0), (1, 1)])

    def placed() -> int:
        with database.read() as session:
            (release,) = reading.of_forum(session, SYSTEM, forum.forum)
        return release.figures.placed

    with clock.frozen_at(EARLY):
        forum.fill(forum.ones[0], forum.others[1], forum.free_slot())
        assert placed() == 3
        forum.undo()
        assert placed() == 2
        forum.cancel(forum.meeting(0, 0))
        assert placed() == 1
        forum.undo()
        assert placed() == 2


def test_presence_decides_and_its_place_may_be_gone(database: Database) -> None:
    forum = Day(database, pairs=[(0, 0), (1, 1)], labels=["1"])
    first = next(one for one in forum.meetings() if one.slot_id == forum.slots[0])
    second = next(one for one in forum.meetings() if one.id != first.id)
    with clock.frozen_at(EARLY), pytest.raises(Conflict, match="has not begun"):
        forum.presence(first, one=True, other=True)
    with clock.frozen_at(DURING - timedelta(minutes=30)):
        forum.presence(first, one=True, other=False)
        forum.move(second, first.slot_id)
        with pytest.raises(Conflict, match="was given to another meeting"):
            forum.presence(first, one=True, other=True)
        forum.undo()
        forum.presence(first, one=True, other=True)
        (held,) = [one for one in forum.meetings() if one.id == first.id]
        assert (held.state, held.presence_by) == ("held", "system")
        with pytest.raises(Conflict, match="was held"):
            forum.move(held, forum.free_slot())
        forum.presence(held, one=None, other=None)
        (open_again,) = [one for one in forum.meetings() if one.id == first.id]
        assert (open_again.state, open_again.presence_by) == ("planned", None)


def test_presence_is_noted_in_the_release_alone(database: Database) -> None:
    forum = Day(database, pairs=[(0, 0)])
    with clock.frozen_at(EARLY - timedelta(days=9)):
        draft = make_draft(database, forum.forum)
    other_forum = set_up_forum(database)[0]
    (in_draft,) = meetings_of(database, draft).values()
    for forum_id, meeting in (
        (forum.forum, in_draft.id),
        (forum.forum, uuid4()),
        (other_forum, forum.meeting(0, 0).id),
    ):
        wanted = DayPresence(entrepreneur_present=True, exporter_present=True)
        with clock.frozen_at(DURING), pytest.raises(NotFound), database.write() as session:
            day.note_presence(session, SYSTEM, forum_id, meeting, wanted)


def test_word_of_a_side_does_not_take_back_a_place_that_was_given_away(database: Database) -> None:
    forum = Day(database, pairs=[(0, 0), (1, 1)], labels=["1"])
    mine = next(one for one in forum.meetings() if one.slot_id == forum.slots[0])
    number = forum.ones.index(mine.entrepreneur_id)
    second = next(one for one in forum.meetings() if one.id != mine.id)

    def say(kind: Kind, verdict: str) -> None:
        with database.write() as session:
            feedback.say(session, forum.speaker(kind, number), mine.id, FeedbackCreate(verdict=verdict))

    with clock.frozen_at(DURING - timedelta(minutes=30)):
        say(Kind.ENTREPRENEUR, "no_show")
        forum.move(second, mine.slot_id)
        say(Kind.EXPORTER, "held")
        (after,) = [one for one in forum.meetings() if one.id == mine.id]
        assert (after.state, after.exporter_present) == ("no_show", False)
        with pytest.raises(Conflict, match="was given to another meeting"), database.write() as session:
            feedback.note_presence(
                session, SYSTEM, mine.id, PresenceNote(entrepreneur_present=True, exporter_present=True), "en"
            )
        forum.undo()
        say(Kind.EXPORTER, "held")
        (after,) = [one for one in forum.meetings() if one.id == mine.id]
    assert (after.state, after.exporter_present) == ("planned", None)


def test_walk_in_with_a_request_is_not_taken_off(database: Database) -> None:
    forum = Day(database)
    guest = make_approved(database, Kind.ENTREPRENEUR)
    with clock.frozen_at(EARLY):
        with database.write() as session:
            day.walk_in(session, SYSTEM, forum.forum, WalkIn(kind=Kind.ENTREPRENEUR, profile_id=guest))
            wanted = RequestCreate(kind=RequestKind.OTHER, text="a chair")
            change_requests.ask_for(session, SYSTEM, forum.forum, guest, wanted)
        with pytest.raises(Conflict, match="has meetings or requests"):
            forum.undo(1)


def test_meeting_that_was_not_held_can_be_planned_later(database: Database) -> None:
    forum = Day(database, pairs=[(0, 0)])
    mine = forum.meeting(0, 0)
    with clock.frozen_at(DURING):
        forum.presence(mine, one=False, other=True)
        assert forum.meeting(0, 0).state == "no_show"
        forum.move(mine, forum.slots[3])
        after = forum.meeting(0, 0)
        assert (after.state, after.entrepreneur_present, after.presence_by) == ("planned", None, None)
        forum.undo()
    assert forum.meeting(0, 0).state == "no_show"


def test_walk_in_takes_part_and_is_taken_off_again(database: Database) -> None:
    forum = Day(database)
    guest = make_approved(database, Kind.ENTREPRENEUR)
    state = forum.state()

    def walk_in(profile: UUID, kind: Kind = Kind.ENTREPRENEUR) -> None:
        with database.write() as session:
            day.walk_in(session, SYSTEM, forum.forum, WalkIn(kind=kind, profile_id=profile))

    with clock.frozen_at(EARLY):
        walk_in(guest)
        assert forum.log()[0].about.startswith("Steppe Feinkost")
        with pytest.raises(Conflict, match="takes part in the forum already"):
            walk_in(guest)
        with pytest.raises(NotFound):
            walk_in(uuid4())
        forum.fill(guest, forum.others[0], forum.free_slot())
        with pytest.raises(Conflict, match="has meetings or requests"):
            forum.undo(1)
        forum.undo()
        forum.undo()
    assert forum.state() == state


def test_walk_in_that_may_not_be_matched_is_refused_in_words(database: Database) -> None:
    forum = Day(database)
    guest = make_approved(database, Kind.EXPORTER)
    with database.write() as session:
        profiles.archive(session, SYSTEM, Kind.EXPORTER, guest)
    with pytest.raises(Conflict, match="cannot take part"), database.write() as session:
        day.walk_in(session, SYSTEM, forum.forum, WalkIn(kind=Kind.EXPORTER, profile_id=guest))


def test_step_is_taken_back_once_and_only_as_it_left_things(database: Database) -> None:
    forum = Day(database)
    mine = forum.meeting(0, 0)
    with clock.frozen_at(EARLY):
        forum.move(mine, forum.free_slot())
        forum.cancel(mine)
        with pytest.raises(Conflict, match="changed again since"):
            forum.undo(1)
        forum.undo(2)
        forum.undo(1)
        (first,) = [one for one in forum.log() if one.number == 1]
        for step, forum_id, problem in (
            (first.id, forum.forum, Conflict),
            (first.id, set_up_forum(database)[0], NotFound),
            (uuid4(), forum.forum, NotFound),
        ):
            with pytest.raises(problem), database.write() as session:
                steps.undo(session, SYSTEM, LINKS, forum_id, step)
        forum.arrive(forum.ones[0])
        forum.arrive(forum.ones[0], arrived=False)
        with pytest.raises(Conflict, match="changed again since"):
            forum.undo(3)


def test_step_before_the_next_release_is_part_of_it(database: Database) -> None:
    forum = Day(database)
    with clock.frozen_at(EARLY - timedelta(days=9)):
        forum.move(forum.meeting(0, 0), forum.free_slot())
        draft = make_draft(database, forum.forum)
        with database.write() as session:
            releasing.release(session, SYSTEM, draft, LINKS)
        with pytest.raises(Conflict, match="released after this step"):
            forum.undo()


def test_letters_go_out_only_for_what_is_hours_ahead(database: Database) -> None:
    forum = Day(database, pairs=[(0, 0), (1, 1)])
    with clock.frozen_at(EARLY):
        forum.cancel(forum.meeting(0, 0))
        forum.undo()
    assert letters(database, forum.forum) == []
    with clock.frozen_at(EARLY - timedelta(days=1)):
        forum.move(forum.meeting(0, 0), forum.slots[3], forum.tables[0])
        assert len(letters(database, forum.forum)) == 2
        forum.move(forum.meeting(0, 0), forum.slots[3], forum.tables[1])
        forum.undo()
        forum.undo()
        forum.fill(forum.ones[0], forum.others[1], forum.slots[3])
        forum.undo()
        forum.cancel(forum.meeting(0, 0))
    found = letters(database, forum.forum)
    assert len(found) == 14
    assert {one.language for one in found} == {"kk"}


def test_nothing_can_be_done_before_a_release_or_without_the_permission(database: Database) -> None:
    forum_id, ones, others = set_up_forum(database)
    wanted = DayFill(entrepreneur_id=ones[0], exporter_id=others[0], slot_id=uuid4())
    with pytest.raises(Conflict, match="No timetable is released"), database.write() as session:
        day.fill(session, SYSTEM, LINKS, forum_id, wanted)
    with pytest.raises(Conflict, match="No timetable is released"), database.read() as session:
        desk_view.overview(session, SYSTEM, forum_id)
    with pytest.raises(Conflict, match="No timetable is released"), database.read() as session:
        day.desk_to_read(session, forum_id)
    make_centre(database, "tr")
    coordinator = make_caller(database, role="coordinator", centre="tr").principal
    with pytest.raises(NotAllowed), database.write() as session:
        day.note_arrival(session, coordinator, forum_id, ones[0], ArrivalNote(arrived=True))


@pytest.fixture
def small(database: Database) -> Day:
    return Day(database, entrepreneurs=3, exporters=2)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_steps_taken_back_in_reverse_leave_everything_as_it_was(small: Day, data) -> None:
    # Each example leaves the forum as it found it, so one serves them all.
    with clock.frozen_at(DURING):
        forum = small
        states = [forum.state()]
        for _ in range(data.draw(st.integers(1, 6))):
            meetings = sorted(forum.meetings(), key=lambda one: (str(one.slot_id), str(one.table_id), one.id))
            mine = data.draw(st.sampled_from(meetings))
            slot = data.draw(st.sampled_from(forum.slots))
            step = data.draw(st.sampled_from(["arrive", "move", "swap", "cancel", "presence", "fill"]))
            try:
                match step:
                    case "arrive":
                        forum.arrive(mine.exporter_id, arrived=data.draw(st.booleans()))
                    case "move":
                        forum.move(mine, slot, data.draw(st.sampled_from([None, *forum.tables])))
                    case "swap":
                        forum.swap(mine, data.draw(st.sampled_from(meetings)))
                    case "cancel":
                        forum.cancel(mine)
                    case "presence":
                        forum.presence(mine, *(data.draw(st.sampled_from([None, True, False])) for _ in "ab"))
                    case _:
                        forum.fill(mine.entrepreneur_id, mine.exporter_id, slot)
            except (Conflict, InvalidInput):
                assert forum.state() == states[-1]
                continue
            taken = [
                (one.slot_id, end)
                for one in forum.meetings()
                if one.state in {"planned", "held"}
                for end in (one.table_id, one.entrepreneur_id, one.exporter_id)
            ]
            assert len(taken) == len(set(taken))
            if forum.state() != states[-1]:
                states.append(forum.state())
        while len(states) > 1:
            states.pop()
            forum.undo()
            assert forum.state() == states[-1]


def test_what_a_participant_says_is_not_overwritten_by_taking_back(database: Database) -> None:
    forum = Day(database, pairs=[(0, 0)])
    with clock.frozen_at(DURING):
        forum.move(forum.meeting(0, 0), forum.slots[1])
        with database.write() as session:
            said = FeedbackCreate(verdict="held")
            feedback.say(session, forum.speaker(Kind.EXPORTER), forum.meeting(0, 0).id, said)
        with pytest.raises(Conflict, match="changed again since"):
            forum.undo()
    with database.write() as session:
        forums.add_participants(session, SYSTEM, forum.forum, ParticipantsAdd(kind=Kind.EXPORTER, ids=[]))
        assert repository.last_step_number(session, forum.forum) == 1
