"""Pages of single meetings: editing them in a draft, and what became of them."""

from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Request, Response

from service.accounts.operations import require
from service.accounts.schemas import Permission, Principal
from service.forums import operations as forums
from service.meetings import editing, feedback, reading
from service.meetings.schemas import (
    BEST_RATING,
    MEETING_WORDS,
    OWNER_WORDS,
    VERDICT_WORDS,
    FeedbackCreate,
    MeetingAdd,
    MeetingCancel,
    MeetingMove,
    MeetingPin,
    NextStepCreate,
    PresenceNote,
    Revised,
    TablesSwap,
    TimetableState,
)
from service.platform import clock
from service.platform.database import Session, WritingSession
from service.platform.http import Language, ReadSession, TransactionRoute, WriteSession
from service.platform.problems import Conflict, FieldError, InvalidInput
from service.profiles.vocabulary import Kind
from service.web.authentication import FilledForm, User
from service.web.forms import Form, checked, given
from service.web.pages import page_address, page_of, redirect, render

router = APIRouter(route_class=TransactionRoute)

MEETINGS_A_PAGE = 100


@router.get("/timetables/{timetable_id}/meetings/new")
def ask_new(request: Request, user: User, session: ReadSession, timetable_id: UUID) -> Response:
    """Show the form that adds a meeting by hand."""
    return _new_page(request, user, session, timetable_id)


@router.post("/timetables/{timetable_id}/meetings/new")
def add(
    request: Request, user: User, session: WriteSession, timetable_id: UUID, sent: FilledForm
) -> Response:
    """Add a meeting by hand."""
    form = Form.of(sent)
    names = ("entrepreneur_id", "exporter_id", "slot_id", "table_id", "note", "revision")
    try:
        editing.add(session, user, timetable_id, checked(MeetingAdd, given(form.values, names)))
    except (InvalidInput, Conflict) as problem:
        form.add(problem.errors or [FieldError(("slot_id",), problem.code, problem.detail)])
        session.rollback()
        return _new_page(request, user, session, timetable_id, form=form, status=problem.status)
    return redirect(f"/timetables/{timetable_id}", "meeting-added")


@router.get("/timetables/{timetable_id}/meetings/{meeting_id}")
def view(
    request: Request,
    user: User,
    session: ReadSession,
    language: Language,
    timetable_id: UUID,
    meeting_id: UUID,
) -> Response:
    """Show a meeting: where it is, where it could be, and what became of it."""
    return _page(request, user, session, language, (timetable_id, meeting_id))


@router.post("/timetables/{timetable_id}/meetings/{meeting_id}/move")
def move(
    request: Request,
    user: User,
    session: WriteSession,
    language: Language,
    timetable_id: UUID,
    meeting_id: UUID,
    sent: FilledForm,
) -> Response:
    """Give a meeting another slot or meeting table."""
    form = Form.of(sent)

    def change() -> None:
        wanted = checked(MeetingMove, given(form.values, ("slot_id", "table_id", "revision")))
        editing.move(session, user, timetable_id, meeting_id, wanted)

    return _edited(
        request, user, session, language, (timetable_id, meeting_id), form, "slot_id", "moved", change
    )


@router.post("/timetables/{timetable_id}/meetings/{meeting_id}/pin")
def pin(
    request: Request,
    user: User,
    session: WriteSession,
    language: Language,
    timetable_id: UUID,
    meeting_id: UUID,
    sent: FilledForm,
) -> Response:
    """Keep a meeting where it is when the timetable is made again."""
    form = Form.of(sent)

    def change() -> None:
        wanted = checked(MeetingPin, given(form.values, ("slot", "table", "revision")))
        editing.pin(session, user, timetable_id, meeting_id, wanted)

    return _edited(
        request, user, session, language, (timetable_id, meeting_id), form, "slot", "pinned", change
    )


@router.post("/timetables/{timetable_id}/meetings/{meeting_id}/swap")
def swap(
    request: Request,
    user: User,
    session: WriteSession,
    language: Language,
    timetable_id: UUID,
    meeting_id: UUID,
    sent: FilledForm,
) -> Response:
    """Let a meeting change its meeting table with another of its slot."""
    form = Form.of(sent)

    def change() -> None:
        values = given(form.values, ("other_id", "revision"))
        wanted = checked(TablesSwap, {**values, "meeting_id": meeting_id})
        editing.swap_tables(session, user, timetable_id, wanted)

    return _edited(
        request, user, session, language, (timetable_id, meeting_id), form, "other_id", "swapped", change
    )


@router.post("/timetables/{timetable_id}/meetings/{meeting_id}/take-out")
def take_out(
    request: Request,
    user: User,
    session: WriteSession,
    language: Language,
    timetable_id: UUID,
    meeting_id: UUID,
    sent: FilledForm,
) -> Response:
    """Take a meeting out of the draft."""
    form = Form.of(sent)

    def change() -> None:
        wanted = checked(MeetingCancel, given(form.values, ("note", "revision")))
        editing.take_out(session, user, timetable_id, meeting_id, wanted)

    return _edited(
        request, user, session, language, (timetable_id, meeting_id), form, "note", "taken-out", change
    )


@router.post("/timetables/{timetable_id}/meetings/{meeting_id}/put-back")
def put_back(
    request: Request,
    user: User,
    session: WriteSession,
    language: Language,
    timetable_id: UUID,
    meeting_id: UUID,
    sent: FilledForm,
) -> Response:
    """Put a meeting that was taken out back."""
    form = Form.of(sent)

    def change() -> None:
        wanted = checked(Revised, given(form.values, ("revision",)))
        editing.put_back(session, user, timetable_id, meeting_id, wanted)

    return _edited(
        request, user, session, language, (timetable_id, meeting_id), form, "back", "put-back", change
    )


@router.post("/timetables/{timetable_id}/meetings/{meeting_id}/presence")
def note_presence(
    request: Request,
    user: User,
    session: WriteSession,
    language: Language,
    timetable_id: UUID,
    meeting_id: UUID,
    sent: FilledForm,
) -> Response:
    """Note who came."""
    form = Form.of(sent)

    def change() -> None:
        names = ("entrepreneur_present", "exporter_present")
        wanted = checked(PresenceNote, given(form.values, names))
        feedback.note_presence(session, user, meeting_id, wanted, language)

    return _edited(
        request,
        user,
        session,
        language,
        (timetable_id, meeting_id),
        form,
        "entrepreneur_present",
        "saved",
        change,
    )


@router.post("/timetables/{timetable_id}/meetings/{meeting_id}/feedback/{side}")
def give_feedback(
    request: Request,
    user: User,
    session: WriteSession,
    language: Language,
    timetable_id: UUID,
    meeting_id: UUID,
    side: Kind,
    sent: FilledForm,
) -> Response:
    """Take what a side says, on its behalf."""
    form = Form.of(sent)

    def change() -> None:
        wanted = checked(FeedbackCreate, given(form.values, ("verdict", "rating")))
        feedback.say_for(session, user, meeting_id, side, wanted, language)

    return _edited(
        request, user, session, language, (timetable_id, meeting_id), form, "verdict", "saved", change
    )


@router.post("/timetables/{timetable_id}/meetings/{meeting_id}/next-steps")
def add_step(
    request: Request,
    user: User,
    session: WriteSession,
    language: Language,
    timetable_id: UUID,
    meeting_id: UUID,
    sent: FilledForm,
) -> Response:
    """Note what comes after the meeting."""
    form = Form.of(sent)

    def change() -> None:
        wanted = checked(NextStepCreate, given(form.values, ("text", "owner", "due_on")))
        feedback.add_step(session, user, meeting_id, wanted, language)

    return _edited(
        request, user, session, language, (timetable_id, meeting_id), form, "text", "saved", change
    )


@router.get("/forums/{forum_id}/outcomes")
def outcomes(
    request: Request, user: User, session: ReadSession, language: Language, forum_id: UUID
) -> Response:
    """Show what became of the meetings of a forum, and which next steps are due."""
    query = dict(request.query_params)
    number = int(query["page"]) if query.get("page", "").isdigit() else 1
    found = feedback.outcomes(session, user, forum_id, language)
    return render(
        request,
        "outcomes.html",
        forum=forums.read(session, user, forum_id),
        found=found,
        shown=page_of((one for one in found.meetings if one.meeting.slot), MEETINGS_A_PAGE, number),
        page_address=lambda page: page_address(f"/forums/{forum_id}/outcomes", query, page),
        meeting_words=MEETING_WORDS,
        verdict_words=VERDICT_WORDS,
        owner_words=OWNER_WORDS,
    )


@router.post("/forums/{forum_id}/next-steps/{step_id}/done")
def set_done(user: User, session: WriteSession, forum_id: UUID, step_id: UUID, sent: FilledForm) -> Response:
    """Note that a next step is done, or that it is not after all."""
    feedback.set_done(session, user, step_id, done=Form.of(sent).value("done") == "1")
    return redirect(f"/forums/{forum_id}/outcomes", "saved")


def _edited(
    request: Request,
    user: Principal,
    session: WritingSession,
    language: str,
    where: tuple[UUID, UUID],
    form: Form,
    field: str,
    notice: str,
    change: Callable[[], None],
) -> Response:
    """Carry a change out and go back to its meeting; what is wrong is told there, beside the form."""
    try:
        change()
    except (InvalidInput, Conflict) as problem:
        form.add(problem.errors or [FieldError((field,), problem.code, problem.detail)])
        session.rollback()
        return _page(request, user, session, language, where, form=form, status=problem.status)
    return redirect(f"/timetables/{where[0]}/meetings/{where[1]}", notice)


def _page(
    request: Request,
    user: Principal,
    session: Session,
    language: str,
    where: tuple[UUID, UUID],
    *,
    form: Form | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    timetable_id, meeting_id = where
    timetable = reading.read(session, user, timetable_id)
    draft = timetable.state is TimetableState.DRAFT
    outcome = feedback.outcome(session, user, meeting_id, language)
    return render(
        request,
        "meeting.html",
        status=status,
        timetable=timetable,
        forum=forums.read(session, user, timetable.forum_id),
        outcome=outcome,
        meeting=outcome.meeting,
        choices=editing.choices(session, user, timetable_id, meeting_id, language) if draft else None,
        begun=outcome.meeting.slot is not None and outcome.meeting.slot.starts_at <= clock.now(),
        meeting_words=MEETING_WORDS,
        verdict_words=VERDICT_WORDS,
        owner_words=OWNER_WORDS,
        ratings=range(1, BEST_RATING + 1),
        kinds=tuple(Kind),
        form=form or Form(),
    )


def _new_page(
    request: Request,
    user: Principal,
    session: Session,
    timetable_id: UUID,
    *,
    form: Form | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    require(user, Permission.MEETINGS_WRITE)
    timetable = reading.read(session, user, timetable_id)
    slots, tables = reading.frame(session, user, timetable_id)
    return render(
        request,
        "meeting_form.html",
        status=status,
        timetable=timetable,
        forum=forums.read(session, user, timetable.forum_id),
        people={
            kind: [
                (one.id, one.display_name)
                for one in forums.participants(session, user, timetable.forum_id, kind)
            ]
            for kind in Kind
        },
        slots=slots,
        tables=tables,
        form=form or Form(),
    )
