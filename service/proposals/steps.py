"""What happens to a proposal by every hand: closing, reminding, taking contacts back."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from service.platform import audit, clock, mail, queue
from service.platform.database import Session
from service.profiles.vocabulary import Kind
from service.proposals import repository
from service.proposals.models import Proposal, ProposalSide
from service.proposals.schemas import Answer, Notice, ProposalState

LETTERS_JOB = "proposal_letters"
REMIND_AGAIN_AFTER = timedelta(days=1)


def is_open(proposal: Proposal) -> bool:
    """Tell whether a proposal can be answered; one whose time is over cannot, even before a job marks it."""
    return proposal.state == ProposalState.PROPOSED.value and clock.now() < proposal.expires_at


def close(
    session: Session,
    proposal: Proposal,
    sides: Mapping[Kind, ProposalSide],
    state: ProposalState,
    actor: str,
) -> None:
    """End a proposal without a meeting; a side that had said yes is told."""
    proposal.state, proposal.closed_at, proposal.remind_at = state.value, clock.now(), None
    for side in sides.values():
        side.notice = Notice.CLOSED.value if side.answer == Answer.ACCEPTED.value else None
        if side.notice is not None:
            queue.enqueue_once(session, LETTERS_JOB)
    audit.record(session, actor, f"proposal.{state.value}", "proposal", proposal.id)


def remind_sides(session: Session, proposals: Iterable[Proposal], actor: str) -> int:
    """Note that those who have not answered are to be reminded, each once a day at most; give how many."""
    proposals = list(proposals)
    sides = repository.sides(session, [one.id for one in proposals])
    count = 0
    for proposal in proposals:
        due = [
            side
            for side in sides[proposal.id].values()
            if side.answer is None
            and side.notice is None
            and (side.reminded_at is None or side.reminded_at <= clock.now() - REMIND_AGAIN_AFTER)
        ]
        for side in due:
            side.notice, side.reminded_at = Notice.REMINDER.value, clock.now()
        if due:
            count += len(due)
            queue.enqueue_once(session, LETTERS_JOB)
            audit.record(session, actor, "proposal.reminded", "proposal", proposal.id)
    return count


def take_contacts_back(session: Session, sides: Mapping[Kind, ProposalSide]) -> None:
    """Drop the letters that hold the contacts of the two, sent or not."""
    written = [side.contact_letter_id for side in sides.values() if side.contact_letter_id is not None]
    mail.erase(session, written)
    for side in sides.values():
        side.contact_letter_id = None
        if side.notice == Notice.ACCEPTED.value:
            side.notice = None


def plan_letters(session: Session) -> None:
    """See to it that a job is on the list for the letters that are to be written."""
    if repository.next_notice(session) is not None and not queue.planned(session, LETTERS_JOB):
        queue.enqueue(session, LETTERS_JOB, {})
