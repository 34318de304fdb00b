"""Forums that are set up for meetings: sessions, meeting tables, and pairs that shall meet."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from service.accounts.schemas import SYSTEM
from service.forums import rulings, sessions, set_up, tables
from service.forums.pair_schemas import PairNote
from service.forums.participant_links import ParticipantLinks
from service.forums.schemas import InterpreterShiftCreate, MeetingTablesCreate, SessionCreate
from service.meetings import releasing, runs
from service.meetings.models import Meeting, Timetable
from service.meetings.schemas import RunState, TimetableAsked
from service.platform.database import Database
from service.platform.security import Signer
from service.profiles.vocabulary import Kind
from service.settings import Settings
from tests.factories.forums import make_approved, make_forum

SLOTS_A_DAY = 4
LINKS = ParticipantLinks(Signer(Settings(secret_key="-" * 32)), "https://forum.example.org")


def set_up_forum(
    database: Database,
    *,
    entrepreneurs: int = 2,
    exporters: int = 2,
    slots: int = SLOTS_A_DAY,
    labels: Iterable[str] = ("1", "2"),
    **changes: Any,
) -> tuple[UUID, list[UUID], list[UUID]]:
    """Save a forum of one session with participants on both sides."""
    ones = [make_approved(database, Kind.ENTREPRENEUR) for _ in range(entrepreneurs)]
    others = [make_approved(database, Kind.EXPORTER) for _ in range(exporters)]
    forum = make_forum(database, ones, others, **changes)
    starts_at = datetime(2027, 3, 10, 8, tzinfo=UTC)
    held = SessionCreate(
        starts_at=starts_at,
        ends_at=starts_at + slots * timedelta(minutes=30),
        meeting_minutes=25,
        buffer_minutes=5,
        name="Morning",
    )
    with database.write() as session:
        if slots:
            sessions.add(session, SYSTEM, forum, held)
        for number, label in enumerate(labels):
            location = "AB"[number % 2]
            tables.add(session, SYSTEM, forum, MeetingTablesCreate(labels=[label], location=location))
    return forum, ones, others


def add_interpreters(database: Database, forum: UUID, language: str, count: int = 1) -> None:
    """Let interpreters be there all day."""
    wanted = {"starts_at": "2027-03-10T08:00", "ends_at": "2027-03-10T20:00"}
    with database.write() as session:
        shift = InterpreterShiftCreate.model_validate({**wanted, "language": language, "interpreters": count})
        set_up.add_interpreters(session, SYSTEM, forum, shift)


def pin_pairs(database: Database, forum: UUID, pairs: Iterable[tuple[UUID, UUID]]) -> None:
    """See to it that pairs meet."""
    with database.write() as session:
        for one, other in pairs:
            rulings.pin_pair(session, SYSTEM, forum, PairNote(entrepreneur_id=one, exporter_id=other))


def make_draft(database: Database, forum: UUID) -> UUID:
    """Make a draft and give its id."""
    run = runs.ask(database, SYSTEM, forum, TimetableAsked(), "en")
    assert run.state is RunState.DONE
    assert run.timetable_id is not None
    return run.timetable_id


def make_release(database: Database, forum: UUID) -> UUID:
    """Make a draft, release it, and give its id."""
    draft = make_draft(database, forum)
    with database.write() as session:
        releasing.release(session, SYSTEM, draft, LINKS)
    return draft


def meetings_of(database: Database, timetable_id: UUID) -> dict[tuple[UUID, UUID], Meeting]:
    """Give the meetings of a timetable by pair."""
    from service.meetings import board  # noqa: PLC0415 - shown by its own name where tests use it

    with database.read() as session:
        timetable = session.get(Timetable, timetable_id)
        assert timetable is not None
        found = board.load(session, timetable).by_pair
        session.expunge_all()
    return found
