"""The timetable of the demo: made and released for its first forum, so that every page can be looked at."""

from uuid import UUID

from service.accounts.schemas import SYSTEM
from service.forums.participant_links import ParticipantLinks
from service.meetings import reading, releasing, runs
from service.meetings.schemas import TimetableAsked, TimetableState
from service.platform.database import Database
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
                releasing.release(session, SYSTEM, one.id, links)
