"""What became of meetings, over the API."""

from uuid import UUID

from fastapi import APIRouter, status

from service.api.authentication import Caller
from service.meetings import feedback
from service.meetings.outcome_schemas import (
    FeedbackCreate,
    NextStepCreate,
    NextStepDone,
    NextStepRead,
    OutcomeRead,
    Outcomes,
    PresenceNote,
)
from service.platform.http import Language, ReadSession, TransactionRoute, WriteSession
from service.profiles.vocabulary import Kind

router = APIRouter(tags=["meetings"], route_class=TransactionRoute)


@router.get("/forums/{forum_id}/outcomes", operation_id="list_outcomes")
def outcomes(caller: Caller, session: ReadSession, language: Language, forum_id: UUID) -> Outcomes:
    """Tell what became of the meetings of a forum, and which next steps are due."""
    return feedback.outcomes(session, caller, forum_id, language)


@router.put("/meetings/{meeting_id}/presence", operation_id="note_presence")
def note_presence(
    caller: Caller, session: WriteSession, language: Language, meeting_id: UUID, wanted: PresenceNote
) -> OutcomeRead:
    """Note who came to a meeting."""
    return feedback.note_presence(session, caller, meeting_id, wanted, language)


@router.put("/meetings/{meeting_id}/feedback/{side}", operation_id="give_feedback")
def give_feedback(
    caller: Caller,
    session: WriteSession,
    language: Language,
    meeting_id: UUID,
    side: Kind,
    wanted: FeedbackCreate,
) -> OutcomeRead:
    """Take what a side says of its meeting, on its behalf."""
    return feedback.say_for(session, caller, meeting_id, side, wanted, language)


@router.post(
    "/meetings/{meeting_id}/next-steps", status_code=status.HTTP_201_CREATED, operation_id="add_next_step"
)
def add_step(
    caller: Caller, session: WriteSession, language: Language, meeting_id: UUID, wanted: NextStepCreate
) -> OutcomeRead:
    """Note what comes after a meeting: who does what until when."""
    return feedback.add_step(session, caller, meeting_id, wanted, language)


@router.put("/next-steps/{step_id}/done", operation_id="set_next_step_done")
def set_done(caller: Caller, session: WriteSession, step_id: UUID, wanted: NextStepDone) -> NextStepRead:
    """Note that a next step is done, or that it is not after all."""
    return feedback.set_done(session, caller, step_id, done=wanted.done)
