"""The timetable of the demo: made and released for its first forum, with a request."""

from uuid import UUID

from service.accounts.schemas import SYSTEM
from service.forums.participant_links import ParticipantLinks
from service.meetings import change_requests, reading, releasing, runs
from service.meetings.day_schemas import RequestCreate
from service.meetings.schemas import RequestKind, TimetableAsked, TimetableRead, TimetableState
from service.platform.database import Database, Session
from service.platform.i18n import SOURCE_LANGUAGE


def plan_and_release(database: Database, links: ParticipantLinks, forum_id: UUID) -> None:
    """Make the timetable of a forum and release it; once only."""
    with database.read() as session:
        if reading.of_forum(session, SYSTEM, forum_id):
            return
    run = runs.ask(database, SYSTEM, forum_id, TimetableAsked(), SOURCE_LANGUAGE)
    runs.carry_out(database, run.id)
    with database.write() as session:
        for one in reading.of_forum(session, SYSTEM, forum_id):
            if one.state is TimetableState.DRAFT:
                released = releasing.release(session, SYSTEM, one.id, links)
                _ask_for_another_time(session, released)


def _ask_for_another_time(session: Session, released: TimetableRead) -> None:
    """Leave a request in the queue of the desk."""
    first = reading.detail(session, SYSTEM, released.id, SOURCE_LANGUAGE).meetings[0]
    wanted = RequestCreate(
        kind=RequestKind.MOVE, partner_id=first.exporter.id, text="Our train comes late: may we meet later?"
    )
    change_requests.ask_for(session, SYSTEM, released.forum_id, first.entrepreneur.id, wanted)
