"""What happens to proposals by itself: reminders, expiry, and the end when somebody leaves."""

from uuid import UUID

from service.accounts.schemas import SYSTEM
from service.forums import operations as forums
from service.platform import clock, mail
from service.platform.database import Database, Session
from service.proposals import repository
from service.proposals.models import Proposal
from service.proposals.presence import absent_sides, pairs_of, present
from service.proposals.schemas import ProposalState
from service.proposals.steps import close, remind_sides, take_contacts_back


def tend(database: Database) -> None:
    """Bring the proposals of every forum up to date, a transaction for each."""
    with database.read() as session:
        # Contacts released before that stand in no letter any more.
        forum_ids = repository.forums_to_tend(session, clock.now() - mail.KEPT_FOR)
    for forum_id in forum_ids:
        with database.write() as session:
            forums.forum_of(session, forum_id, lock=True)
            _close_expired(session, forum_id)
            _follow_those_who_left(session, forum_id)
            _remind(session, forum_id)


def _close_expired(session: Session, forum_id: UUID) -> None:
    rows = repository.due(session, forum_id, clock.now(), Proposal.expires_at)
    sides = repository.sides(session, [row.id for row in rows])
    for row in rows:
        close(session, row, sides[row.id], ProposalState.EXPIRED, SYSTEM.actor)
    session.flush()


def _follow_those_who_left(session: Session, forum_id: UUID) -> None:
    """Close what is open with somebody who cannot be met any more, and take contacts back."""
    rows = [
        row
        for state in (ProposalState.PROPOSED, ProposalState.ACCEPTED)
        for row in repository.of_forum(session, forum_id, state)
    ]
    there = present(session, forum_id, pairs_of(rows))
    gone = [row for row in rows if absent_sides(row, there)]
    sides = repository.sides(session, [row.id for row in gone])
    for row in gone:
        if row.state == ProposalState.PROPOSED.value:
            close(session, row, sides[row.id], ProposalState.WITHDRAWN, SYSTEM.actor)
        else:
            take_contacts_back(session, sides[row.id])
    session.flush()


def _remind(session: Session, forum_id: UUID) -> None:
    rows = repository.due(session, forum_id, clock.now(), Proposal.remind_at)
    remind_sides(session, rows, SYSTEM.actor)
    for row in rows:
        row.remind_at = None
    session.flush()
