"""The day of a forum over the API: arrivals, changes of meetings, requests, printing, the hall."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, status

from service.accounts.schemas import Principal
from service.api.authentication import Caller
from service.catalogue.http import CurrentCatalogue
from service.forums.http import CurrentLinks
from service.forums.participant_links import ParticipantLinks
from service.meetings import change_requests, day, desk_view, hall, printing, steps
from service.meetings.day_schemas import (
    ArrivalNote,
    DayCancel,
    DayFill,
    DayMeeting,
    DayMove,
    DayPresence,
    DayRead,
    DaySwap,
    Found,
    HallRead,
    Offer,
    ParticipantDay,
    PrintingNote,
    PrintingRead,
    RequestAnswer,
    RequestCreate,
    RequestRead,
    StepRead,
    WalkIn,
)
from service.meetings.offers import offers as offers_for
from service.platform.database import Session
from service.platform.http import Language, ReadSession, TransactionRoute, WriteSession

router = APIRouter(prefix="/forums/{forum_id}/day", tags=["day"], route_class=TransactionRoute)


@dataclass(frozen=True)
class AtDesk:
    """Who works at the desk of a forum, and what letters and answers need."""

    caller: Principal
    links: ParticipantLinks
    language: str
    forum_id: UUID

    def seen(self, session: Session, meeting_id: UUID) -> DayMeeting:
        """Give a meeting as the desk sees it."""
        return desk_view.meeting(session, self.caller, self.forum_id, meeting_id, self.language)


def _at_desk(caller: Caller, links: CurrentLinks, language: Language, forum_id: UUID) -> AtDesk:
    return AtDesk(caller, links, language, forum_id)


CurrentDesk = Annotated[AtDesk, Depends(_at_desk)]


@router.get("", operation_id="read_day")
def overview(caller: Caller, session: ReadSession, forum_id: UUID) -> DayRead:
    """Tell how a forum stands at this moment."""
    return desk_view.overview(session, caller, forum_id)


@router.get("/participants", operation_id="find_at_desk")
def find(
    caller: Caller,
    session: ReadSession,
    forum_id: UUID,
    name: Annotated[str, Query(max_length=200, description="In any script, with or without diacritics.")],
) -> list[Found]:
    """Find participants by name, and after them approved profiles that are not registered."""
    return desk_view.find(session, caller, forum_id, name)


@router.get("/participants/{profile_id}", operation_id="read_participant_day")
def participant(
    caller: Caller, session: ReadSession, language: Language, forum_id: UUID, profile_id: UUID
) -> ParticipantDay:
    """Give the day of one participant."""
    return desk_view.participant_day(session, caller, forum_id, profile_id, language)


@router.put(
    "/participants/{profile_id}/arrival",
    status_code=status.HTTP_204_NO_CONTENT,
    operation_id="note_arrival",
)
def note_arrival(
    caller: Caller, session: WriteSession, forum_id: UUID, profile_id: UUID, wanted: ArrivalNote
) -> None:
    """Note that a participant is there, or that it is not after all."""
    day.note_arrival(session, caller, forum_id, profile_id, wanted)


@router.post("/walk-ins", status_code=status.HTTP_204_NO_CONTENT, operation_id="add_walk_in")
def walk_in(caller: Caller, session: WriteSession, forum_id: UUID, wanted: WalkIn) -> None:
    """Let somebody take part who came without being registered."""
    day.walk_in(session, caller, forum_id, wanted)


@router.get("/slots/{slot_id}/meetings", operation_id="list_meetings_of_slot")
def of_slot(
    caller: Caller, session: ReadSession, language: Language, forum_id: UUID, slot_id: UUID
) -> list[DayMeeting]:
    """List the meetings of a slot by meeting table."""
    return desk_view.meetings_of_slot(session, caller, forum_id, slot_id, language)


@router.get("/meetings/{meeting_id}", operation_id="read_day_meeting")
def meeting(desk: CurrentDesk, session: ReadSession, meeting_id: UUID) -> DayMeeting:
    """Give one meeting with its version."""
    return desk.seen(session, meeting_id)


@router.put("/meetings/{meeting_id}/presence", operation_id="note_day_presence")
def note_presence(
    desk: CurrentDesk, session: WriteSession, meeting_id: UUID, wanted: DayPresence
) -> DayMeeting:
    """Note who came to a meeting."""
    day.note_presence(session, desk.caller, desk.forum_id, meeting_id, wanted)
    return desk.seen(session, meeting_id)


@router.put("/meetings/{meeting_id}/place", operation_id="move_day_meeting")
def move(desk: CurrentDesk, session: WriteSession, meeting_id: UUID, wanted: DayMove) -> DayMeeting:
    """Give a meeting another slot or meeting table."""
    day.move(session, desk.caller, desk.links, desk.forum_id, meeting_id, wanted)
    return desk.seen(session, meeting_id)


@router.post("/meetings/{meeting_id}/table-swap", operation_id="swap_day_tables")
def swap(desk: CurrentDesk, session: WriteSession, meeting_id: UUID, wanted: DaySwap) -> DayMeeting:
    """Let two meetings of one slot change their meeting tables."""
    day.swap_tables(session, desk.caller, desk.links, desk.forum_id, meeting_id, wanted)
    return desk.seen(session, meeting_id)


@router.post("/meetings/{meeting_id}/cancel", operation_id="cancel_day_meeting")
def cancel(desk: CurrentDesk, session: WriteSession, meeting_id: UUID, wanted: DayCancel) -> DayMeeting:
    """Cancel a meeting with the reason."""
    day.cancel(session, desk.caller, desk.links, desk.forum_id, meeting_id, wanted)
    return desk.seen(session, meeting_id)


@router.get("/offers", operation_id="list_offers")
def offers(
    caller: Caller,
    session: ReadSession,
    catalogue: CurrentCatalogue,
    forum_id: UUID,
    slot: Annotated[UUID | None, Query(description="Only for this slot.")] = None,
    participant: Annotated[UUID | None, Query(description="Only with this profile.")] = None,
) -> list[Offer]:
    """Offer the next best pairs that could meet in a free slot."""
    return offers_for(session, catalogue, caller, forum_id, slot_id=slot, profile_id=participant)


@router.post("/meetings", status_code=status.HTTP_201_CREATED, operation_id="fill_slot")
def fill(desk: CurrentDesk, session: WriteSession, wanted: DayFill) -> DayMeeting:
    """Place a meeting in a free slot."""
    return desk.seen(session, day.fill(session, desk.caller, desk.links, desk.forum_id, wanted))


@router.get("/steps", operation_id="list_day_steps")
def log(caller: Caller, session: ReadSession, forum_id: UUID) -> list[StepRead]:
    """List the latest steps of the day, the last first."""
    return desk_view.log(session, caller, forum_id)


@router.post(
    "/steps/{step_id}/undo", status_code=status.HTTP_204_NO_CONTENT, operation_id="take_day_step_back"
)
def undo(desk: CurrentDesk, session: WriteSession, step_id: UUID) -> None:
    """Take a step back."""
    steps.undo(session, desk.caller, desk.links, desk.forum_id, step_id)


@router.get("/requests", operation_id="list_change_requests")
def requests(caller: Caller, session: ReadSession, forum_id: UUID) -> list[RequestRead]:
    """List the change requests, those that wait first."""
    return change_requests.listed(session, caller, forum_id)


@router.post(
    "/participants/{profile_id}/requests",
    status_code=status.HTTP_204_NO_CONTENT,
    operation_id="ask_for_change",
)
def ask(
    caller: Caller, session: WriteSession, forum_id: UUID, profile_id: UUID, wanted: RequestCreate
) -> None:
    """Take down what a participant asks for."""
    change_requests.ask_for(session, caller, forum_id, profile_id, wanted)


@router.put(
    "/requests/{request_id}/answer",
    status_code=status.HTTP_204_NO_CONTENT,
    operation_id="answer_change_request",
)
def answer(desk: CurrentDesk, session: WriteSession, request_id: UUID, wanted: RequestAnswer) -> None:
    """Grant a request, which makes its change, or refuse it with a reason."""
    change_requests.answer(session, desk.caller, desk.links, desk.forum_id, request_id, wanted)


@router.get("/printing", operation_id="read_printing")
def read_printing(caller: Caller, session: ReadSession, forum_id: UUID) -> PrintingRead:
    """Tell whether printing is locked, and whose papers are stale."""
    return printing.state(session, caller, forum_id)


@router.put("/printing", operation_id="set_printing")
def set_printing(caller: Caller, session: WriteSession, forum_id: UUID, wanted: PrintingNote) -> PrintingRead:
    """Lock printing, which opens a print run, or unlock it."""
    printing.set_lock(session, caller, forum_id, wanted)
    return printing.state(session, caller, forum_id)


@router.get("/hall", operation_id="read_hall")
def read_hall(caller: Caller, session: ReadSession, forum_id: UUID) -> HallRead:
    """Give what the screen in the hall shows."""
    return hall.screen_for(session, caller, forum_id)
