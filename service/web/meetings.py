"""Pages of single meetings: editing them in a draft, and what became of them."""

from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Response

from service.accounts.operations import require
from service.accounts.schemas import Permission
from service.forums import operations as forums
from service.meetings import editing, feedback, reading
from service.meetings.outcome_schemas import (
    BEST_RATING,
    OWNER_WORDS,
    VERDICT_WORDS,
    FeedbackCreate,
    NextStepCreate,
    PresenceNote,
)
from service.meetings.schemas import (
    MEETING_WORDS,
    MeetingAdd,
    MeetingCancel,
    MeetingMove,
    MeetingPin,
    Revised,
    TablesSwap,
    TimetableState,
)
from service.platform import clock
from service.platform.database import Session, WritingSession
from service.platform.http import ReadSession, TransactionRoute, WriteSession
from service.profiles.vocabulary import Kind
from service.web.forms import CurrentVisit, Form, Submission, Submitted, Visit, checked, given, whole
from service.web.pages import page_address, page_of, redirect, render

router = APIRouter(route_class=TransactionRoute)

MEETINGS_A_PAGE = 100


@router.get("/timetables/{timetable_id}/meetings/new")
def ask_new(visit: CurrentVisit, session: ReadSession, timetable_id: UUID) -> Response:
    """Show the form that adds a meeting by hand."""
    return _new_page(visit, session, timetable_id)


@router.post("/timetables/{timetable_id}/meetings/new")
def add(sent: Submitted, session: WriteSession, timetable_id: UUID) -> Response:
    """Add a meeting by hand."""

    def change() -> None:
        names = ("entrepreneur_id", "exporter_id", "slot_id", "table_id", "note", "revision")
        editing.add(session, sent.user, timetable_id, sent.checked(MeetingAdd, *names))

    status = sent.carry_out(session, "slot_id", change)
    if status is not None:
        return _new_page(sent, session, timetable_id, form=sent.form, status=status)
    return redirect(f"/timetables/{timetable_id}", "meeting-added")


@router.get("/timetables/{timetable_id}/meetings/{meeting_id}")
def view(visit: CurrentVisit, session: ReadSession, timetable_id: UUID, meeting_id: UUID) -> Response:
    """Show a meeting: where it is, where it could be, and what became of it."""
    return _page(visit, session, (timetable_id, meeting_id))


@router.post("/timetables/{timetable_id}/meetings/{meeting_id}/move")
def move(sent: Submitted, session: WriteSession, timetable_id: UUID, meeting_id: UUID) -> Response:
    """Give a meeting another slot or meeting table."""

    def change() -> None:
        wanted = sent.checked(MeetingMove, "slot_id", "table_id", "revision")
        editing.move(session, sent.user, timetable_id, meeting_id, wanted)

    return _edited(sent, session, (timetable_id, meeting_id), "slot_id", "moved", change)


@router.post("/timetables/{timetable_id}/meetings/{meeting_id}/pin")
def pin(sent: Submitted, session: WriteSession, timetable_id: UUID, meeting_id: UUID) -> Response:
    """Keep a meeting where it is when the timetable is made again."""

    def change() -> None:
        wanted = sent.checked(MeetingPin, "slot", "table", "revision")
        editing.pin(session, sent.user, timetable_id, meeting_id, wanted)

    return _edited(sent, session, (timetable_id, meeting_id), "slot", "pinned", change)


@router.post("/timetables/{timetable_id}/meetings/{meeting_id}/swap")
def swap(sent: Submitted, session: WriteSession, timetable_id: UUID, meeting_id: UUID) -> Response:
    """Let a meeting change its meeting table with another of its slot."""

    def change() -> None:
        values = given(sent.form.values, ("other_id", "revision"))
        wanted = checked(TablesSwap, {**values, "meeting_id": meeting_id})
        editing.swap_tables(session, sent.user, timetable_id, wanted)

    return _edited(sent, session, (timetable_id, meeting_id), "other_id", "swapped", change)


@router.post("/timetables/{timetable_id}/meetings/{meeting_id}/take-out")
def take_out(sent: Submitted, session: WriteSession, timetable_id: UUID, meeting_id: UUID) -> Response:
    """Take a meeting out of the draft."""

    def change() -> None:
        wanted = sent.checked(MeetingCancel, "note", "revision")
        editing.take_out(session, sent.user, timetable_id, meeting_id, wanted)

    return _edited(sent, session, (timetable_id, meeting_id), "note", "taken-out", change)


@router.post("/timetables/{timetable_id}/meetings/{meeting_id}/put-back")
def put_back(sent: Submitted, session: WriteSession, timetable_id: UUID, meeting_id: UUID) -> Response:
    """Put a meeting that was taken out back."""

    def change() -> None:
        wanted = sent.checked(Revised, "revision")
        editing.put_back(session, sent.user, timetable_id, meeting_id, wanted)

    return _edited(sent, session, (timetable_id, meeting_id), "back", "put-back", change)


@router.post("/timetables/{timetable_id}/meetings/{meeting_id}/presence")
def note_presence(sent: Submitted, session: WriteSession, timetable_id: UUID, meeting_id: UUID) -> Response:
    """Note who came."""

    def change() -> None:
        wanted = sent.checked(PresenceNote, "entrepreneur_present", "exporter_present")
        feedback.note_presence(session, sent.user, meeting_id, wanted, sent.language)

    return _edited(sent, session, (timetable_id, meeting_id), "entrepreneur_present", "saved", change)


@router.post("/timetables/{timetable_id}/meetings/{meeting_id}/feedback/{side}")
def give_feedback(
    sent: Submitted, session: WriteSession, timetable_id: UUID, meeting_id: UUID, side: Kind
) -> Response:
    """Take what a side says, on its behalf."""

    def change() -> None:
        wanted = sent.checked(FeedbackCreate, "verdict", "rating")
        feedback.say_for(session, sent.user, meeting_id, side, wanted, sent.language)

    return _edited(sent, session, (timetable_id, meeting_id), "verdict", "saved", change)


@router.post("/timetables/{timetable_id}/meetings/{meeting_id}/next-steps")
def add_step(sent: Submitted, session: WriteSession, timetable_id: UUID, meeting_id: UUID) -> Response:
    """Note what comes after the meeting."""

    def change() -> None:
        wanted = sent.checked(NextStepCreate, "text", "owner", "due_on")
        feedback.add_step(session, sent.user, meeting_id, wanted, sent.language)

    return _edited(sent, session, (timetable_id, meeting_id), "text", "saved", change)


@router.get("/forums/{forum_id}/outcomes")
def outcomes(visit: CurrentVisit, session: ReadSession, forum_id: UUID) -> Response:
    """Show what became of the meetings of a forum, and which next steps are due."""
    query = dict(visit.request.query_params)
    number = whole(query.get("page", "")) or 1
    found = feedback.outcomes(session, visit.user, forum_id, visit.language)
    return render(
        visit.request,
        "outcomes.html",
        forum=forums.read(session, visit.user, forum_id),
        found=found,
        shown=page_of((one for one in found.meetings if one.meeting.slot), MEETINGS_A_PAGE, number),
        page_address=lambda page: page_address(f"/forums/{forum_id}/outcomes", query, page),
        meeting_words=MEETING_WORDS,
        verdict_words=VERDICT_WORDS,
        owner_words=OWNER_WORDS,
    )


@router.post("/forums/{forum_id}/next-steps/{step_id}/done")
def set_done(sent: Submitted, session: WriteSession, forum_id: UUID, step_id: UUID) -> Response:
    """Note that a next step is done, or that it is not after all."""
    feedback.set_done(session, sent.user, step_id, done=sent.form.value("done") == "1")
    return redirect(f"/forums/{forum_id}/outcomes", "saved")


def _edited(
    sent: Submission,
    session: WritingSession,
    where: tuple[UUID, UUID],
    field: str,
    notice: str,
    change: Callable[[], None],
) -> Response:
    """Carry a change out and go back to its meeting; what is wrong is told there, beside the form."""
    status = sent.carry_out(session, field, change)
    if status is not None:
        return _page(sent, session, where, form=sent.form, status=status)
    return redirect(f"/timetables/{where[0]}/meetings/{where[1]}", notice)


def _page(
    visit: Visit,
    session: Session,
    where: tuple[UUID, UUID],
    *,
    form: Form | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    timetable_id, meeting_id = where
    timetable = reading.read(session, visit.user, timetable_id)
    draft = timetable.state is TimetableState.DRAFT
    outcome = feedback.outcome(session, visit.user, meeting_id, visit.language)
    return render(
        visit.request,
        "meeting.html",
        status=status,
        timetable=timetable,
        forum=forums.read(session, visit.user, timetable.forum_id),
        outcome=outcome,
        meeting=outcome.meeting,
        choices=editing.choices(session, visit.user, timetable_id, meeting_id, visit.language)
        if draft
        else None,
        begun=outcome.meeting.slot is not None and outcome.meeting.slot.starts_at <= clock.now(),
        meeting_words=MEETING_WORDS,
        verdict_words=VERDICT_WORDS,
        owner_words=OWNER_WORDS,
        ratings=range(1, BEST_RATING + 1),
        kinds=tuple(Kind),
        form=form or Form(),
    )


def _new_page(
    visit: Visit,
    session: Session,
    timetable_id: UUID,
    *,
    form: Form | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    require(visit.user, Permission.MEETINGS_WRITE)
    timetable = reading.read(session, visit.user, timetable_id)
    slots, tables = reading.frame(session, visit.user, timetable_id)
    return render(
        visit.request,
        "meeting_form.html",
        status=status,
        timetable=timetable,
        forum=forums.read(session, visit.user, timetable.forum_id),
        people={
            kind: [
                (one.id, one.display_name)
                for one in forums.participants(session, visit.user, timetable.forum_id, kind)
            ]
            for kind in Kind
        },
        slots=slots,
        tables=tables,
        form=form or Form(),
    )
