"""Proposals and the letters about them over the API."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status
from pydantic import BaseModel

from service.api.authentication import Caller
from service.platform.http import CurrentSettings, ReadSession, TransactionRoute, WriteSession
from service.platform.mail import LetterState
from service.proposals import answering, outbox, reading
from service.proposals import operations as proposals
from service.proposals.outbox import LetterPage, LetterRead
from service.proposals.schemas import (
    AnswerFor,
    AnswerTime,
    ProposalFilter,
    ProposalIds,
    ProposalPage,
    ProposalRead,
    ProposalsAgain,
    ProposalsMade,
    ProposalsWithdraw,
    ReleasedContact,
)

router = APIRouter(tags=["proposals"], route_class=TransactionRoute)

Wanted = Annotated[ProposalFilter, Query()]
State = Annotated[LetterState | None, Query(description="Only the letters that stand there.")]
NamePart = Annotated[str, Query(max_length=200, description="Part of a name, in any script.")]
Page = Annotated[int, Query(ge=1, le=1_000_000)]


class Counted(BaseModel):
    """How many of the named proposals, or of their sides, were concerned."""

    count: int


@router.post(
    "/forums/{forum_id}/proposals", status_code=status.HTTP_201_CREATED, operation_id="make_proposals"
)
def propose(caller: Caller, session: WriteSession, forum_id: UUID, wanted: AnswerTime) -> ProposalsMade:
    """Propose the chosen pairs of the published list that have not been proposed yet."""
    return proposals.propose(session, caller, forum_id, wanted)


@router.get("/forums/{forum_id}/proposals", operation_id="list_proposals")
def listed(caller: Caller, session: ReadSession, forum_id: UUID, wanted: Wanted) -> ProposalPage:
    """List the proposals of a forum: all to organisers, to others those of the profiles they keep."""
    return reading.listed(session, caller, forum_id, wanted)


@router.post("/forums/{forum_id}/proposals/reminders", operation_id="remind_of_proposals")
def remind(caller: Caller, session: WriteSession, forum_id: UUID, wanted: ProposalIds) -> Counted:
    """Remind the sides that have not answered, each once a day at most; the count is that of the sides."""
    return Counted(count=proposals.remind(session, caller, forum_id, wanted))


@router.post("/forums/{forum_id}/proposals/withdrawals", operation_id="withdraw_proposals")
def withdraw(caller: Caller, session: WriteSession, forum_id: UUID, wanted: ProposalsWithdraw) -> Counted:
    """Take proposals back that are open or accepted; those that are closed stay as they are."""
    return Counted(count=proposals.withdraw(session, caller, forum_id, wanted))


@router.post("/forums/{forum_id}/proposals/repetitions", operation_id="propose_again")
def propose_again(caller: Caller, session: WriteSession, forum_id: UUID, wanted: ProposalsAgain) -> Counted:
    """Ask both sides of closed proposals once more; the reason is kept."""
    return Counted(count=proposals.propose_again(session, caller, forum_id, wanted))


@router.get("/proposals/{proposal_id}", operation_id="read_proposal")
def read(caller: Caller, session: ReadSession, proposal_id: UUID) -> ProposalRead:
    """Give one proposal."""
    return reading.read(session, caller, proposal_id)


@router.post("/proposals/{proposal_id}/answers", operation_id="answer_proposal")
def answer(caller: Caller, session: WriteSession, proposal_id: UUID, wanted: AnswerFor) -> ProposalRead:
    """Answer on behalf of a participant whose profile the caller keeps."""
    answering.answer_for(session, caller, proposal_id, wanted)
    return reading.read(session, caller, proposal_id)


@router.get("/proposals/{proposal_id}/contacts", operation_id="list_released_contacts")
def contacts(caller: Caller, session: ReadSession, proposal_id: UUID) -> list[ReleasedContact]:
    """Give the partner's contact to those who keep a side, when both sides have accepted."""
    return reading.released_contacts(session, caller, proposal_id)


@router.get("/forums/{forum_id}/letters", operation_id="list_letters")
def letters(
    caller: Caller,
    session: ReadSession,
    forum_id: UUID,
    state: State = None,
    text: NamePart = "",
    page: Page = 1,
) -> LetterPage:
    """List the letters to the participants of a forum, without their text."""
    return outbox.letters(session, caller, forum_id, state, text=text, page=page)


@router.get("/forums/{forum_id}/letters/{letter_id}", operation_id="read_letter")
def letter(
    caller: Caller, session: ReadSession, settings: CurrentSettings, forum_id: UUID, letter_id: UUID
) -> LetterRead:
    """Give one letter, with its text only where it has to be passed on by hand."""
    return outbox.letter(session, caller, forum_id, letter_id, mail_is_sent=bool(settings.smtp_host))


@router.post(
    "/forums/{forum_id}/letters/{letter_id}/tries",
    status_code=status.HTTP_204_NO_CONTENT,
    operation_id="send_letter_again",
)
def send_again(caller: Caller, session: WriteSession, forum_id: UUID, letter_id: UUID) -> None:
    """Try once more to send a letter that was given up."""
    outbox.send_again(session, caller, forum_id, letter_id)
