"""The desk of a forum on its day: who is there, what is asked for, what was done, printing."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from service.accounts.schemas import Principal
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
from service.platform.http import Language, ReadSession, TransactionRoute, WriteSession
from service.platform.problems import Conflict, FieldError, InvalidInput
from service.web.authentication import FilledForm, User
from service.web.forms import Form, checked, given
from service.web.pages import redirect, render

router = APIRouter(prefix="/forums/{forum_id}/day", route_class=TransactionRoute)

STEPS_ON_DESK = 5


@router.get("")
def desk(request: Request, user: User, session: ReadSession, forum_id: UUID) -> Response:
    """Show how the forum stands, and find participants."""
    return _desk_page(request, user, session, forum_id, Form())


@router.post("/walk-ins")
def walk_in(
    request: Request, user: User, session: WriteSession, forum_id: UUID, sent: FilledForm
) -> Response:
    """Let somebody take part who came without being registered."""
    form = Form.of(sent)

    def change() -> None:
        wanted = checked(WalkIn, given(form.values, ("kind", "profile_id")))
        day.walk_in(session, user, forum_id, wanted)

    status = carried_out(session, form, "name", change)
    if status is not None:
        return _desk_page(request, user, session, forum_id, form, status=status)
    return redirect(f"/forums/{forum_id}/day/participants/{form.value('profile_id')}", "walked-in")


@router.post("/printing")
def set_printing(
    request: Request, user: User, session: WriteSession, forum_id: UUID, sent: FilledForm
) -> Response:
    """Lock printing, or unlock it."""
    form = Form.of(sent)

    def change() -> None:
        wanted = checked(PrintingNote, given(form.values, ("locked", "note")))
        printing.set_lock(session, user, forum_id, wanted)

    status = carried_out(session, form, "note", change)
    if status is not None:
        return _desk_page(request, user, session, forum_id, form, status=status)
    return redirect(f"/forums/{forum_id}/day#printing", "noted")


@router.get("/participants/{profile_id}")
def participant(
    request: Request, user: User, session: ReadSession, language: Language, forum_id: UUID, profile_id: UUID
) -> Response:
    """Show the day of one participant."""
    return _participant_page(request, user, session, language, (forum_id, profile_id), Form())


@router.post("/participants/{profile_id}/arrival")
def note_arrival(
    request: Request,
    user: User,
    session: WriteSession,
    language: Language,
    forum_id: UUID,
    profile_id: UUID,
    sent: FilledForm,
) -> Response:
    """Note that a participant is there, or that it is not after all."""
    form = Form.of(sent)

    def change() -> None:
        wanted = checked(ArrivalNote, given(form.values, ("arrived",)))
        day.note_arrival(session, user, forum_id, profile_id, wanted)

    status = carried_out(session, form, "arrived", change)
    if status is not None:
        where = (forum_id, profile_id)
        return _participant_page(request, user, session, language, where, form, status=status)
    return redirect(f"/forums/{forum_id}/day/participants/{profile_id}", "noted")


@router.post("/participants/{profile_id}/requests")
def ask(
    request: Request,
    user: User,
    session: WriteSession,
    language: Language,
    forum_id: UUID,
    profile_id: UUID,
    sent: FilledForm,
) -> Response:
    """Take down what a participant asks for."""
    form = Form.of(sent)

    def change() -> None:
        wanted = checked(RequestCreate, given(form.values, ("kind", "partner_id", "slot_id", "text")))
        change_requests.ask_for(session, user, forum_id, profile_id, wanted)

    status = carried_out(session, form, "text", change)
    if status is not None:
        where = (forum_id, profile_id)
        return _participant_page(request, user, session, language, where, form, status=status)
    return redirect(f"/forums/{forum_id}/day/participants/{profile_id}#requests", "noted")


@router.get("/requests")
def requests(request: Request, user: User, session: ReadSession, forum_id: UUID) -> Response:
    """Show the queue of change requests."""
    return _requests_page(request, user, session, forum_id, Form())


@router.post("/requests/{request_id}")
def answer(
    request: Request,
    user: User,
    session: WriteSession,
    links: CurrentLinks,
    forum_id: UUID,
    request_id: UUID,
    sent: FilledForm,
) -> Response:
    """Grant a request or refuse it."""
    form = Form.of(sent)

    def change() -> None:
        wanted = checked(RequestAnswer, given(form.values, ("granted", "answer", "slot_id", "table_id")))
        change_requests.answer(session, user, links, forum_id, request_id, wanted)

    status = carried_out(session, form, "answer", change)
    if status is not None:
        return _requests_page(request, user, session, forum_id, form, status=status, failed=request_id)
    return redirect(f"/forums/{forum_id}/day/requests", "answered")


@router.get("/log")
def log(request: Request, user: User, session: ReadSession, forum_id: UUID) -> Response:
    """Show what was done, by whom."""
    return _log_page(request, user, session, forum_id, Form())


@router.post("/steps/{step_id}/undo")
def undo(
    request: Request,
    user: User,
    session: WriteSession,
    links: CurrentLinks,
    forum_id: UUID,
    step_id: UUID,
    _sent: FilledForm,
) -> Response:
    """Take a step back."""
    form = Form()
    status = carried_out(session, form, "log", lambda: steps.undo(session, user, links, forum_id, step_id))
    if status is not None:
        return _log_page(request, user, session, forum_id, form, status=status)
    return redirect(f"/forums/{forum_id}/day/log", "undone")


def carried_out(session: WriteSession, form: Form, field: str, change: Callable[[], Any]) -> int | None:
    """Carry a change out; what is wrong goes into the form, and the status of the answer comes back."""
    try:
        change()
    except (InvalidInput, Conflict) as problem:
        form.add(problem.errors or [FieldError((field,), problem.code, problem.detail)])
        session.rollback()
        return problem.status
    return None


def _desk_page(
    request: Request,
    user: Principal,
    session: Session,
    forum_id: UUID,
    form: Form,
    *,
    status: int = HTTPStatus.OK,
) -> Response:
    forum = forums.read(session, user, forum_id)
    name = request.query_params.get("name", "")
    released = any(one.state is TimetableState.RELEASED for one in reading.of_forum(session, user, forum_id))
    return render(
        request,
        "day.html",
        status=status,
        forum=forum,
        day=desk_view.overview(session, user, forum_id) if released else None,
        name=name,
        found=desk_view.find(session, user, forum_id, name),
        steps=desk_view.log(session, user, forum_id)[:STEPS_ON_DESK],
        step_words=STEP_WORDS,
        form=form,
    )


def _participant_page(
    request: Request,
    user: Principal,
    session: Session,
    language: str,
    where: tuple[UUID, UUID],
    form: Form,
    *,
    status: int = HTTPStatus.OK,
) -> Response:
    forum_id, profile_id = where
    return render(
        request,
        "day_participant.html",
        status=status,
        forum=forums.read(session, user, forum_id),
        own=desk_view.participant_day(session, user, forum_id, profile_id, language),
        now=clock.now(),
        meeting_words=MEETING_WORDS,
        request_words=REQUEST_WORDS,
        request_state_words=REQUEST_STATE_WORDS,
        form=form,
    )


def _requests_page(
    request: Request,
    user: Principal,
    session: Session,
    forum_id: UUID,
    form: Form,
    *,
    status: int = HTTPStatus.OK,
    failed: UUID | None = None,
) -> Response:
    slots, tables = desk_view.frame(session, user, forum_id)
    return render(
        request,
        "day_requests.html",
        status=status,
        forum=forums.read(session, user, forum_id),
        requests=change_requests.listed(session, user, forum_id),
        slots=slots,
        tables=tables,
        request_words=REQUEST_WORDS,
        request_state_words=REQUEST_STATE_WORDS,
        form=form,
        failed=failed,
    )


def _log_page(
    request: Request,
    user: Principal,
    session: Session,
    forum_id: UUID,
    form: Form,
    *,
    status: int = HTTPStatus.OK,
) -> Response:
    return render(
        request,
        "day_log.html",
        status=status,
        forum=forums.read(session, user, forum_id),
        steps=desk_view.log(session, user, forum_id),
        step_words=STEP_WORDS,
        form=form,
    )
