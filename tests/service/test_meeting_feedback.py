from datetime import UTC, date, datetime, timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError

from service.accounts.schemas import SYSTEM
from service.forums.participant_links import LinkedParticipant, participants_by_profile
from service.meetings import feedback, live, releasing
from service.meetings.outcome_schemas import (
    FeedbackCreate,
    NextStepCreate,
    OutcomeRead,
    PresenceNote,
    StepOwner,
    Verdict,
)
from service.meetings.schemas import MeetingState, WithdrawalNote
from service.platform import clock
from service.platform.database import Database
from service.platform.problems import Conflict, InvalidInput, NotFound
from service.profiles.vocabulary import Kind
from tests.factories.meetings import LINKS, make_draft, make_release, meetings_of, pin_pairs, set_up_forum
from tests.factories.races import overtake

AFTER = datetime(2027, 3, 10, 18, tzinfo=UTC)
HELD, NO_SHOW = FeedbackCreate(verdict="held"), FeedbackCreate(verdict="no_show")


class Held:
    """A released forum of four meetings, and its participants with their links."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.forum, self.ones, self.others = set_up_forum(database)
        pin_pairs(database, self.forum, product(self.ones, self.others))
        self.release = make_release(database, self.forum)
        self.ids = {pair: one.id for pair, one in meetings_of(database, self.release).items()}
        self.id = self.ids[self.ones[0], self.others[0]]

    def speaker(self, kind: Kind, number: int = 0) -> LinkedParticipant:
        profile = (self.ones if kind is Kind.ENTREPRENEUR else self.others)[number]
        with self.database.read() as session:
            participant = participants_by_profile(session, self.forum)[profile]
        return LinkedParticipant(participant, self.forum, kind, profile)

    def say(self, kind: Kind, wanted: FeedbackCreate, step: NextStepCreate | None = None) -> None:
        with clock.frozen_at(AFTER), self.database.write() as session:
            feedback.say(session, self.speaker(kind), self.id, wanted, step)

    def outcome(self) -> OutcomeRead:
        with self.database.read() as session:
            return feedback.outcome(session, SYSTEM, self.id, "en")


@pytest.mark.parametrize(
    ("entrepreneur", "exporter", "state", "present", "contested"),
    [
        (HELD, None, "held", (True, True), False),
        (None, HELD, "held", (True, True), False),
        (HELD, HELD, "held", (True, True), False),
        (NO_SHOW, None, "no_show", (True, False), False),
        (None, NO_SHOW, "no_show", (False, True), False),
        (NO_SHOW, HELD, "planned", (True, None), True),
        (NO_SHOW, NO_SHOW, "planned", (None, None), True),
    ],
)
def test_what_the_sides_say_decides_whether_a_meeting_was_held(
    database: Database, entrepreneur, exporter, state: str, present: tuple, contested: bool
) -> None:
    forum = Held(database)
    for kind, said in ((Kind.ENTREPRENEUR, entrepreneur), (Kind.EXPORTER, exporter)):
        if said is not None:
            forum.say(kind, said)
    found = forum.outcome()
    assert found.meeting.state.value == state
    assert (found.meeting.entrepreneur_present, found.meeting.exporter_present) == present
    assert found.contested is contested


def test_saying_it_again_replaces_what_was_said(database: Database) -> None:
    forum = Held(database)
    forum.say(Kind.ENTREPRENEUR, NO_SHOW)
    forum.say(Kind.ENTREPRENEUR, FeedbackCreate(verdict="held", rating=4))
    (said,) = forum.outcome().feedback
    assert (said.side, said.verdict, said.rating) == (Kind.ENTREPRENEUR, Verdict.HELD, 4)
    assert forum.outcome().meeting.state is MeetingState.HELD


def test_organisers_word_counts_before_what_the_sides_say(database: Database) -> None:
    forum = Held(database)
    with clock.frozen_at(AFTER), database.write() as session:
        wanted = PresenceNote(entrepreneur_present=True, exporter_present=False)
        found = feedback.note_presence(session, SYSTEM, forum.id, wanted, "en")
    assert found.meeting.state is MeetingState.NO_SHOW
    forum.say(Kind.ENTREPRENEUR, HELD)
    assert forum.outcome().meeting.state is MeetingState.NO_SHOW
    with clock.frozen_at(AFTER), database.write() as session:
        found = feedback.note_presence(session, SYSTEM, forum.id, PresenceNote(), "en")
    assert found.meeting.state is MeetingState.HELD


def test_organiser_speaks_for_a_side(database: Database) -> None:
    forum = Held(database)
    with clock.frozen_at(AFTER), database.write() as session:
        rated = FeedbackCreate(verdict="held", rating=5)
        found = feedback.say_for(session, SYSTEM, forum.id, Kind.EXPORTER, rated, "en")
    assert [(one.side, one.rating) for one in found.feedback] == [(Kind.EXPORTER, 5)]


def test_meeting_that_was_not_held_cannot_be_rated() -> None:
    with pytest.raises(ValidationError, match="cannot be rated"):
        FeedbackCreate(verdict="no_show", rating=3)


def test_nobody_speaks_before_the_meeting_or_for_others_or_when_it_is_cancelled(database: Database) -> None:
    forum = Held(database)
    with pytest.raises(Conflict, match="has not begun"), database.write() as session:
        feedback.say(session, forum.speaker(Kind.EXPORTER), forum.id, HELD)
    for who, meeting in (
        (forum.speaker(Kind.EXPORTER, 1), forum.id),
        (forum.speaker(Kind.EXPORTER), uuid4()),
        (LinkedParticipant(uuid4(), uuid4(), Kind.EXPORTER, forum.others[0]), forum.id),
    ):
        with clock.frozen_at(AFTER), pytest.raises(NotFound), database.write() as session:
            feedback.say(session, who, meeting, HELD)
    with database.write() as session:
        note = WithdrawalNote()
        releasing.withdraw(session, SYSTEM, forum.forum, Kind.EXPORTER, forum.others[0], note, LINKS, "en")
    with clock.frozen_at(AFTER), pytest.raises(Conflict, match="cancelled"), database.write() as session:
        feedback.say(session, forum.speaker(Kind.ENTREPRENEUR), forum.id, HELD)
    with pytest.raises(NotFound), database.read() as session:
        feedback.outcome(session, SYSTEM, uuid4(), "en")


def test_meeting_of_a_draft_alone_has_no_outcome_yet(database: Database) -> None:
    forum, ones, others = set_up_forum(database)
    pin_pairs(database, forum, product(ones, others))
    (meeting, *_) = meetings_of(database, make_draft(database, forum)).values()
    with clock.frozen_at(AFTER), pytest.raises(NotFound), database.write() as session:
        feedback.note_presence(session, SYSTEM, meeting.id, PresenceNote(), "en")
    with database.read() as session:
        found = feedback.outcomes(session, SYSTEM, forum, "en")
    assert (found.meetings, found.due, found.figures.held) == ([], [], 0)


def test_next_steps_are_listed_until_they_are_done(database: Database) -> None:
    forum = Held(database)
    step = NextStepCreate(text="Send samples", owner=StepOwner.EXPORTER, due_on=date(2027, 3, 20))
    forum.say(Kind.EXPORTER, FeedbackCreate(verdict="held", rating=4), step)
    with clock.frozen_at(AFTER), database.write() as session:
        early = NextStepCreate(text="Call", owner=StepOwner.ORGANISER, due_on=date(2027, 3, 12))
        found = feedback.add_step(session, SYSTEM, forum.id, early, "en")
        assert [one.text for one in found.next_steps] == ["Call", "Send samples"]
        with pytest.raises(InvalidInput) as caught:
            yesterday = early.model_copy(update={"due_on": date(2027, 3, 9)})
            feedback.add_step(session, SYSTEM, forum.id, yesterday, "en")
    assert [error.code for error in caught.value.errors] == ["due_before_meeting"]
    with clock.frozen_at(AFTER + timedelta(days=5)), database.write() as session:
        overview = feedback.outcomes(session, SYSTEM, forum.forum, "en")
        assert [(one.text, one.overdue) for one in overview.due] == [
            ("Call", True),
            ("Send samples", False),
        ]
        assert (overview.figures.steps_open, overview.figures.steps_overdue) == (2, 1)
        done = feedback.set_done(session, SYSTEM, overview.due[0].id, done=True)
        assert (done.overdue, done.done_at is not None) == (False, True)
        assert [one.text for one in feedback.outcomes(session, SYSTEM, forum.forum, "en").due] == [
            "Send samples"
        ]
        assert feedback.set_done(session, SYSTEM, overview.due[0].id, done=False).done_at is None
        with pytest.raises(NotFound):
            feedback.set_done(session, SYSTEM, uuid4(), done=True)


def test_overview_counts_every_kind_of_outcome(database: Database) -> None:
    forum = Held(database)
    pairs = list(product(range(2), range(2)))

    def say(pair: tuple[int, int], kind: Kind, wanted: FeedbackCreate) -> None:
        meeting = forum.ids[forum.ones[pair[0]], forum.others[pair[1]]]
        with clock.frozen_at(AFTER), database.write() as session:
            feedback.say_for(session, SYSTEM, meeting, kind, wanted, "en")

    say(pairs[0], Kind.ENTREPRENEUR, FeedbackCreate(verdict="held", rating=3))
    say(pairs[0], Kind.EXPORTER, FeedbackCreate(verdict="held", rating=5))
    say(pairs[1], Kind.ENTREPRENEUR, NO_SHOW)
    say(pairs[2], Kind.ENTREPRENEUR, NO_SHOW)
    say(pairs[2], Kind.EXPORTER, FeedbackCreate(verdict="held", rating=2))
    with clock.frozen_at(AFTER), database.read() as session:
        figures = feedback.outcomes(session, SYSTEM, forum.forum, "en").figures
    assert (figures.held, figures.no_show, figures.contested, figures.unknown) == (1, 1, 1, 1)
    assert (figures.to_come, figures.cancelled) == (0, 0)
    assert (figures.entrepreneur_rating, figures.exporter_rating) == (3.0, 3.5)
    with database.write() as session:
        note = WithdrawalNote()
        releasing.withdraw(session, SYSTEM, forum.forum, Kind.EXPORTER, forum.others[1], note, LINKS, "en")
    with database.read() as session:
        figures = feedback.outcomes(session, SYSTEM, forum.forum, "en").figures
    assert (figures.to_come, figures.cancelled) == (0, 1)


def test_what_was_said_outlives_the_next_release(database: Database) -> None:
    forum = Held(database)
    draft = make_draft(database, forum.forum)
    forum.say(Kind.EXPORTER, FeedbackCreate(verdict="held", rating=4))
    with database.write() as session:
        releasing.release(session, SYSTEM, draft, LINKS)
    found = forum.outcome()
    assert [one.rating for one in found.feedback] == [4]
    after = meetings_of(database, draft)[forum.ones[0], forum.others[0]]
    assert (after.state, after.exporter_present) == ("held", True)
    forum.say(Kind.ENTREPRENEUR, HELD)
    assert len(forum.outcome().feedback) == 2


def test_live_page_shows_what_its_participant_needs(database: Database) -> None:
    forum = Held(database)
    step = NextStepCreate(text="Send samples", owner=StepOwner.EXPORTER, due_on=date(2027, 3, 20))
    forum.say(Kind.EXPORTER, FeedbackCreate(verdict="held", rating=4), step)
    with clock.frozen_at(AFTER), database.read() as session:
        found = live.own_timetable(session, forum.speaker(Kind.EXPORTER))
    ((day, meetings),) = found.days
    assert (day, len(meetings), found.wording.language) == (date(2027, 3, 10), 2, "kk")
    (mine,) = [one for one in meetings if one.verdict]
    assert (mine.rating, mine.partner.id, mine.begun, mine.before) == (4, forum.ones[0], True, None)
    assert [one.text for one in mine.next_steps] == ["Send samples"]
    assert [one.next_steps for one in meetings if not one.verdict] == [[]]


def test_meeting_that_is_not_placed_is_not_counted_and_not_shown(database: Database) -> None:
    forum, ones, others = set_up_forum(database, slots=1)
    pin_pairs(database, forum, product(ones, others))
    make_release(database, forum)
    with database.read() as session:
        figures = feedback.outcomes(session, SYSTEM, forum, "en").figures
        who = LinkedParticipant(uuid4(), forum, Kind.EXPORTER, others[0])
        found = live.own_timetable(session, who)
    assert (figures.to_come, figures.unknown) == (2, 0)
    assert [len(meetings) for _, meetings in found.days] == [1]
    assert isinstance(found.days[0][1][0].partner.id, UUID)


def test_word_of_an_organiser_at_the_same_moment_counts_before_that_of_a_side(database: Database) -> None:
    forum = Held(database)
    speaker = forum.speaker(Kind.ENTREPRENEUR)
    nobody = PresenceNote(entrepreneur_present=False, exporter_present=True)
    with clock.frozen_at(AFTER):
        told = overtake(
            database,
            lambda session: feedback.note_presence(session, SYSTEM, forum.id, nobody, "en"),
            lambda session: feedback.say(session, speaker, forum.id, HELD),
        )
    assert told is None
    meeting = forum.outcome().meeting
    assert meeting.state is MeetingState.NO_SHOW
    assert (meeting.entrepreneur_present, meeting.exporter_present) == (False, True)
