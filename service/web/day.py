"""The desk of a forum on its day: who is there, what is asked for, what was done, printing."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Response

from service.forums import operations as forums
from service.forums.http import CurrentLinks
from service.meetings import change_requests, day, desk_view, printing, reading, steps
from service.meetings.day_schemas import (
    STEP_WORDS,
    ArrivalNote,
    PrintingNote,
    RequestAnswer,
    RequestCreate,
    WalkIn,
)
from service.meetings.schemas import (
    MEETING_WORDS,
    REQUEST_STATE_WORDS,
    REQUEST_WORDS,
    TimetableState,
)
from service.platform import clock
from service.platform.database import Session
from service.platform.http import ReadSession, TransactionRoute, WriteSession
from service.web.forms import CurrentVisit, Form, Submitted, Visit
from service.web.pages import redirect, render

router = APIRouter(prefix="/forums/{forum_id}/day", route_class=TransactionRoute)

STEPS_ON_DESK = 5


@router.get("")
def desk(visit: CurrentVisit, session: ReadSession, forum_id: UUID) -> Response:
    """Show how the forum stands, and find participants."""
    return _desk_page(visit, session, forum_id, Form())


@router.post("/walk-ins")
def walk_in(sent: Submitted, session: WriteSession, forum_id: UUID) -> Response:
    """Let somebody take part who came without being registered."""

    def change() -> None:
        wanted = sent.checked(WalkIn, "kind", "profile_id")
        day.walk_in(session, sent.user, forum_id, wanted)

    status = sent.carry_out(session, "name", change)
    if status is not None:
        return _desk_page(sent, session, forum_id, sent.form, status=status)
    return redirect(f"/forums/{forum_id}/day/participants/{sent.form.value('profile_id')}", "walked-in")


@router.post("/printing")
def set_printing(sent: Submitted, session: WriteSession, forum_id: UUID) -> Response:
    """Lock printing, or unlock it."""

    def change() -> None:
        wanted = sent.checked(PrintingNote, "locked", "note")
        printing.set_lock(session, sent.user, forum_id, wanted)

    status = sent.carry_out(session, "note", change)
    if status is not None:
        return _desk_page(sent, session, forum_id, sent.form, status=status)
    return redirect(f"/forums/{forum_id}/day#printing", "noted")


@router.get("/participants/{profile_id}")
def participant(visit: CurrentVisit, session: ReadSession, forum_id: UUID, profile_id: UUID) -> Response:
    """Show the day of one participant."""
    return _participant_page(visit, session, (forum_id, profile_id), Form())


@router.post("/participants/{profile_id}/arrival")
def note_arrival(sent: Submitted, session: WriteSession, forum_id: UUID, profile_id: UUID) -> Response:
    """Note that a participant is there, or that it is not after all."""

    def change() -> None:
        wanted = sent.checked(ArrivalNote, "arrived")
        day.note_arrival(session, sent.user, forum_id, profile_id, wanted)

    status = sent.carry_out(session, "arrived", change)
    if status is not None:
        where = (forum_id, profile_id)
        return _participant_page(sent, session, where, sent.form, status=status)
    return redirect(f"/forums/{forum_id}/day/participants/{profile_id}", "noted")


@router.post("/participants/{profile_id}/requests")
def ask(sent: Submitted, session: WriteSession, forum_id: UUID, profile_id: UUID) -> Response:
    """Take down what a participant asks for."""

    def change() -> None:
        wanted = sent.checked(RequestCreate, "kind", "partner_id", "slot_id", "text")
        change_requests.ask_for(session, sent.user, forum_id, profile_id, wanted)

    status = sent.carry_out(session, "text", change)
    if status is not None:
        where = (forum_id, profile_id)
        return _participant_page(sent, session, where, sent.form, status=status)
    return redirect(f"/forums/{forum_id}/day/participants/{profile_id}#requests", "noted")


@router.get("/requests")
def requests(visit: CurrentVisit, session: ReadSession, forum_id: UUID) -> Response:
    """Show the queue of change requests."""
    return _requests_page(visit, session, forum_id, Form())


@router.post("/requests/{request_id}")
def answer(
    sent: Submitted, session: WriteSession, links: CurrentLinks, forum_id: UUID, request_id: UUID
) -> Response:
    """Grant a request or refuse it."""

    def change() -> None:
        wanted = sent.checked(RequestAnswer, "granted", "answer", "slot_id", "table_id")
        change_requests.answer(session, sent.user, links, forum_id, request_id, wanted)

    status = sent.carry_out(session, "answer", change)
    if status is not None:
        return _requests_page(sent, session, forum_id, sent.form, status=status, failed=request_id)
    return redirect(f"/forums/{forum_id}/day/requests", "answered")


@router.get("/log")
def log(visit: CurrentVisit, session: ReadSession, forum_id: UUID) -> Response:
    """Show what was done, by whom."""
    return _log_page(visit, session, forum_id, Form())


@router.post("/steps/{step_id}/undo")
def undo(
    sent: Submitted, session: WriteSession, links: CurrentLinks, forum_id: UUID, step_id: UUID
) -> Response:
    """Take a step back."""

    def change() -> None:
        steps.undo(session, sent.user, links, forum_id, step_id)

    status = sent.carry_out(session, "log", change)
    if status is not None:
        return _log_page(sent, session, forum_id, sent.form, status=status)
    return redirect(f"/forums/{forum_id}/day/log", "undone")


def _desk_page(
    visit: Visit, session: Session, forum_id: UUID, form: Form, *, status: int = HTTPStatus.OK
) -> Response:
    forum = forums.read(session, visit.user, forum_id)
    name = visit.request.query_params.get("name", "")
    released = any(
        one.state is TimetableState.RELEASED for one in reading.of_forum(session, visit.user, forum_id)
    )
    return render(
        visit.request,
        "day.html",
        status=status,
        forum=forum,
        day=desk_view.overview(session, visit.user, forum_id) if released else None,
        name=name,
        found=desk_view.find(session, visit.user, forum_id, name),
        steps=desk_view.log(session, visit.user, forum_id)[:STEPS_ON_DESK],
        step_words=STEP_WORDS,
        form=form,
    )


def _participant_page(
    visit: Visit, session: Session, where: tuple[UUID, UUID], form: Form, *, status: int = HTTPStatus.OK
) -> Response:
    forum_id, profile_id = where
    return render(
        visit.request,
        "day_participant.html",
        status=status,
        forum=forums.read(session, visit.user, forum_id),
        own=desk_view.participant_day(session, visit.user, forum_id, profile_id, visit.language),
        now=clock.now(),
        meeting_words=MEETING_WORDS,
        request_words=REQUEST_WORDS,
        request_state_words=REQUEST_STATE_WORDS,
        form=form,
    )


def _requests_page(
    visit: Visit,
    session: Session,
    forum_id: UUID,
    form: Form,
    *,
    status: int = HTTPStatus.OK,
    failed: UUID | None = None,
) -> Response:
    slots, tables = desk_view.frame(session, visit.user, forum_id)
    return render(
        visit.request,
        "day_requests.html",
        status=status,
        forum=forums.read(session, visit.user, forum_id),
        requests=change_requests.listed(session, visit.user, forum_id),
        slots=slots,
        tables=tables,
        request_words=REQUEST_WORDS,
        request_state_words=REQUEST_STATE_WORDS,
        form=form,
        failed=failed,
    )


def _log_page(
    visit: Visit, session: Session, forum_id: UUID, form: Form, *, status: int = HTTPStatus.OK
) -> Response:
    return render(
        visit.request,
        "day_log.html",
        status=status,
        forum=forums.read(session, visit.user, forum_id),
        steps=desk_view.log(session, visit.user, forum_id),
        step_words=STEP_WORDS,
        form=form,
    )
