"""Answers to proposals: by participants themselves, or by those who keep their profile."""

from typing import NoReturn
from uuid import UUID

from service.accounts.operations import require
from service.accounts.schemas import SYSTEM, Permission, Principal
from service.forums import operations as forums
from service.forums import rulings
from service.forums.pair_schemas import ExclusionCreate, ExclusionReason, PairNote, PinReason
from service.forums.participant_links import LinkedParticipant
from service.platform import audit, clock, queue
from service.platform.database import Session
from service.platform.i18n import Message, message
from service.platform.problems import Conflict, NotAllowed, NotFound
from service.profiles import operations as profiles
from service.profiles.vocabulary import Kind
from service.proposals import repository
from service.proposals.models import Proposal
from service.proposals.presence import absent_sides, pairs_of, present
from service.proposals.repository import OTHER, Sides, profile_id
from service.proposals.schemas import Answer, AnswerCreate, AnswerFor, Notice, ProposalState
from service.proposals.steps import LETTERS_JOB, close, is_open

# Why a proposal takes no answer, by the key of the same sentence in the participants' phrasebook.
_REFUSALS: dict[str, Message] = {
    "answered_already": message(
        "This side has answered already. Open the proposal again to see what it said."
    ),
    "declined_already": message("The other side has said no in the meantime; the proposal is closed."),
    "expired": message("The time to answer is over. The organiser can propose the pair again."),
    "withdrawn": message("The organiser has withdrawn this proposal."),
    "own_side_left": message("This participant does not take part in the forum any more."),
    "partner_left": message("The other side does not take part in the forum any more."),
}


class CannotAnswer(Conflict):
    """The proposal takes no answer now; the key names why."""

    def __init__(self, key: str) -> None:
        super().__init__(_REFUSALS[key])
        self.key = key


def answer_own(
    session: Session, participant: LinkedParticipant, proposal_id: UUID, wanted: AnswerCreate
) -> None:
    """Take the answer of a participant who came by its link.

    Raises NotFound, CannotAnswer.
    """
    proposal = repository.get(session, proposal_id)
    if (
        proposal is None
        or proposal.forum_id != participant.forum_id
        or profile_id(proposal, participant.kind) != participant.profile_id
    ):
        raise NotFound(message("There is no such proposal."))
    _answer(session, proposal, participant.kind, wanted, participant.actor)


def answer_for(session: Session, principal: Principal, proposal_id: UUID, wanted: AnswerFor) -> None:
    """Answer on behalf of a participant whose profile the principal keeps.

    Raises NotAllowed, NotFound, CannotAnswer.
    """
    require(principal, Permission.PROPOSALS_WRITE)
    proposal = repository.get(session, proposal_id)
    if proposal is None:
        raise NotFound(message("There is no such proposal."))
    own = profile_id(proposal, wanted.side)
    if not profiles.kept_ids(session, principal, wanted.side, [own]):
        raise NotAllowed(message("Only those who keep the profile of a participant answer for it."))
    _answer(session, proposal, wanted.side, wanted, principal.actor)


def _answer(session: Session, proposal: Proposal, kind: Kind, wanted: AnswerCreate, actor: str) -> None:
    # Always the forum before the proposal: an answer may pin the pair, and two orders would wait for
    # each other for ever.
    forums.forum_of(session, proposal.forum_id, lock=True)
    locked = repository.get(session, proposal.id, lock=True)
    assert locked is not None
    sides = repository.sides(session, [proposal.id])[proposal.id]
    _check_open(session, proposal, sides, kind)
    side = sides[kind]
    side.answer, side.reason = wanted.answer.value, wanted.reason
    side.answered_at, side.answered_by, side.notice = clock.now(), actor, None
    audit.record(session, actor, f"proposal.side_{side.answer}", "proposal", proposal.id, side=kind.value)
    if wanted.answer is Answer.DECLINED:
        _decline(session, proposal, sides, actor)
    elif sides[OTHER[kind]].answer == Answer.ACCEPTED.value:
        _release(session, proposal, sides, actor)
    session.flush()


def _check_open(session: Session, proposal: Proposal, sides: Sides, kind: Kind) -> None:
    if sides[kind].answer is not None:
        _refuse("answered_already")
    match ProposalState(proposal.state):
        case ProposalState.WITHDRAWN:
            _refuse("withdrawn")
        case ProposalState.DECLINED:
            _refuse("declined_already")
    if not is_open(proposal):
        _refuse("expired")
    absent = absent_sides(proposal, present(session, proposal.forum_id, pairs_of([proposal])))
    if absent:
        _refuse("own_side_left" if kind in absent else "partner_left")


def _refuse(key: str) -> NoReturn:
    raise CannotAnswer(key)


def _decline(session: Session, proposal: Proposal, sides: Sides, actor: str) -> None:
    pair = (proposal.entrepreneur_id, proposal.exporter_id)
    close(session, proposal, sides, ProposalState.DECLINED, actor)
    rulings.withdraw_override(session, SYSTEM, proposal.forum_id, pair)
    exclusion = ExclusionCreate(
        entrepreneur_id=proposal.entrepreneur_id,
        exporter_id=proposal.exporter_id,
        reason=ExclusionReason.SAID_NO,
    )
    rulings.exclude_pair(session, SYSTEM, proposal.forum_id, exclusion)


def _release(session: Session, proposal: Proposal, sides: Sides, actor: str) -> None:
    proposal.state, proposal.closed_at, proposal.remind_at = (
        ProposalState.ACCEPTED.value,
        clock.now(),
        None,
    )
    pair = PairNote(entrepreneur_id=proposal.entrepreneur_id, exporter_id=proposal.exporter_id)
    rulings.pin_pair(session, SYSTEM, proposal.forum_id, pair, reason=PinReason.ACCEPTED)
    for side in sides.values():
        side.notice = Notice.ACCEPTED.value
    queue.enqueue_once(session, LETTERS_JOB)
    audit.record(session, actor, "proposal.accepted", "proposal", proposal.id)
    for kind in Kind:
        own, partner = profile_id(proposal, kind), profile_id(proposal, OTHER[kind])
        contact = profiles.contacts(session, OTHER[kind], [partner])[partner]
        audit.record(
            session,
            actor,
            "proposal.contact_released",
            "proposal",
            proposal.id,
            to=f"{kind.value}:{own}",
            of=f"{OTHER[kind].value}:{partner}",
            fields=", ".join(name for name, value in contact if value),
        )
