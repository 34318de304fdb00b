"""Pages of timetables: making drafts, looking at them from every side, releasing, papers, withdrawals."""

from datetime import date
from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from service.accounts.schemas import Principal
from service.forums import operations as forums
from service.forums.http import CurrentLinks
from service.forums.schemas import ParticipantRead
from service.meetings import plans, reading, releasing, runs
from service.meetings.difficulties import difficulties
from service.meetings.schemas import (
    CHANGE_WORDS,
    MEETING_WORDS,
    TIMETABLE_WORDS,
    MeetingRead,
    MeetingState,
    Part,
    RunRead,
    RunState,
    SlotSeen,
    TimetableAsked,
    TimetableDetail,
    TimetableState,
    WithdrawalNote,
)
from service.platform import clock
from service.platform.database import Session
from service.platform.http import CurrentDatabase, Language, ReadSession, TransactionRoute, WriteSession
from service.platform.i18n import message
from service.platform.problems import Conflict, FieldError, InvalidInput
from service.profiles.vocabulary import Kind
from service.web.authentication import FilledForm, User
from service.web.forms import Form, checked, given, whole
from service.web.pages import page_address, page_of, redirect, render
from service.web.profiles import checked_ids

router = APIRouter(route_class=TransactionRoute)

TABLES_A_PAGE = 6
PARTICIPANTS_A_PAGE = 20
# Seconds after which the page of a running job looks again, and over which it guesses the job to be.
LOOK_AGAIN = 3
VIEWS = ("time", "participants", "difficulties")


@router.get("/forums/{forum_id}/timetables")
def listed(
    request: Request, user: User, session: ReadSession, language: Language, forum_id: UUID
) -> Response:
    """Show the draft, the release and the earlier timetables of a forum."""
    return _forum_page(request, user, session, language, forum_id)


@router.post("/forums/{forum_id}/timetables")
def make(
    request: Request,
    user: User,
    database: CurrentDatabase,
    language: Language,
    forum_id: UUID,
    sent: FilledForm,
) -> Response:
    """Make a draft, at once or as background work."""
    form = Form.of(sent)
    try:
        wanted = checked(TimetableAsked, given(form.values, ("only_accepted",)))
        run = runs.ask(database, user, forum_id, wanted, language)
    except (InvalidInput, Conflict) as problem:
        form.add(problem.errors or [FieldError(("only_accepted",), problem.code, problem.detail)])
        with database.read() as session:
            return _forum_page(request, user, session, language, forum_id, form=form, status=problem.status)
    if run.state is RunState.DONE:
        return redirect(f"/timetables/{run.timetable_id}", "draft-made")
    return redirect(f"/forums/{forum_id}/timetables")


@router.get("/timetables/{timetable_id}")
def view(
    request: Request, user: User, session: ReadSession, language: Language, timetable_id: UUID
) -> Response:
    """Show a timetable by time and meeting table, by participant, or what is difficult about it."""
    query = dict(request.query_params)
    wanted = query.get("view", "")
    shown = wanted if wanted in VIEWS else VIEWS[0]
    number = whole(query.get("page", "")) or 1
    timetable = reading.read(session, user, timetable_id)
    forum = forums.read(session, user, timetable.forum_id)
    context: dict[str, Any] = {}
    # Of thousands of meetings only those on the page are read.
    if shown == "time":
        slots, tables = reading.frame(session, user, timetable_id)
        context["tables"] = page_of(tables, TABLES_A_PAGE, number)
        context["days"] = _by_day(slots, forum.time_zone)
        part = Part(table_ids=[one.table_id for one in context["tables"].things])
        context["at"] = {
            (one.slot.slot_id, one.table.table_id): one
            for one in reading.detail(session, user, timetable_id, language, part).meetings
            if one.slot and one.table and one.state is not MeetingState.CANCELLED
        }
    elif shown == "participants":
        side = Kind.EXPORTER if query.get("side") == Kind.EXPORTER else Kind.ENTREPRENEUR
        context["side"] = side
        context["participants"] = page_of(
            reading.participants(session, user, timetable_id, side), PARTICIPANTS_A_PAGE, number
        )
        own = [one.id for one in context["participants"].things]
        context["papers_for"] = plans.papers_for(session, user, own)
        part = Part(profile_ids=own)
        found = reading.detail(session, user, timetable_id, language, part)
        context["meetings_of"] = _by_participant(found, side)
    else:
        context["difficulties"] = difficulties(session, user, timetable_id, language)
        part = Part(states=(MeetingState.UNPLACED, MeetingState.CANCELLED))
        context["meetings"] = reading.detail(session, user, timetable_id, language, part).meetings
    return render(
        request,
        "timetable.html",
        timetable=timetable,
        forum=forum,
        view=shown,
        views=VIEWS,
        worst=reading.waits_longest(session, timetable),
        page_address=lambda page: page_address(f"/timetables/{timetable_id}", query, page),
        timetable_words=TIMETABLE_WORDS,
        meeting_words=MEETING_WORDS,
        kinds=tuple(Kind),
        papers=tuple(plans.Paper),
        **context,
    )


@router.get("/timetables/{timetable_id}/changes")
def changes(
    request: Request, user: User, session: ReadSession, language: Language, timetable_id: UUID
) -> Response:
    """Show what a draft would change of the release before it is released."""
    return _changes_page(request, user, session, language, timetable_id)


@router.post("/timetables/{timetable_id}/release")
def release(
    request: Request,
    user: User,
    session: WriteSession,
    links: CurrentLinks,
    language: Language,
    timetable_id: UUID,
    sent: FilledForm,
) -> Response:
    """Release a draft."""
    form = Form.of(sent)
    try:
        releasing.release(session, user, timetable_id, links, revision=form.revision)
    except Conflict as problem:
        form.add([FieldError(("release",), problem.code, problem.detail)])
        session.rollback()
        return _changes_page(request, user, session, language, timetable_id, form=form, status=problem.status)
    return redirect(f"/timetables/{timetable_id}", "released")


@router.get("/timetables/{timetable_id}/papers/{paper}")
def paper(
    user: User,
    database: CurrentDatabase,
    links: CurrentLinks,
    language: Language,
    timetable_id: UUID,
    paper: plans.Paper,
) -> Response:
    """Give a paper as a file."""
    return plans.paper(database, user, links, timetable_id, paper, language).response()


@router.get("/timetables/{timetable_id}/participants/{profile_id}/paper.{extension}")
def paper_of(
    user: User,
    database: CurrentDatabase,
    links: CurrentLinks,
    timetable_id: UUID,
    profile_id: UUID,
    extension: plans.OwnPaper,
) -> Response:
    """Give the timetable or the calendar of one participant as a file."""
    return plans.paper_of(database, user, links, timetable_id, profile_id, extension).response()


@router.post("/forums/{forum_id}/withdrawals")
def withdraw(
    request: Request,
    user: User,
    session: WriteSession,
    links: CurrentLinks,
    language: Language,
    forum_id: UUID,
    sent: FilledForm,
) -> Response:
    """Note that a participant does not come."""
    form = Form.of(sent)
    try:
        kind, profile_id = _participant(form.value("participant"))
        wanted = checked(WithdrawalNote, given(form.values, ("note",)))
        releasing.withdraw(session, user, forum_id, kind, profile_id, wanted, links, language)
    except (InvalidInput, Conflict) as problem:
        form.add(problem.errors or [FieldError(("participant",), problem.code, problem.detail)])
        session.rollback()
        return _forum_page(request, user, session, language, forum_id, form=form, status=problem.status)
    return redirect(f"/forums/{forum_id}/timetables", "participant-withdrawn")


@router.post("/forums/{forum_id}/withdrawals/{profile_id}/undo")
def come_after_all(
    user: User, session: WriteSession, forum_id: UUID, profile_id: UUID, _sent: FilledForm
) -> Response:
    """Note that a participant comes after all."""
    releasing.come_after_all(session, user, forum_id, profile_id)
    return redirect(f"/forums/{forum_id}/timetables", "participant-back")


def _participant(value: str) -> tuple[Kind, UUID]:
    """Read a side and a profile as the choice of a form joins them."""
    kind, _, identifier = value.partition(":")
    found = checked_ids([identifier])
    if not found:
        raise InvalidInput([FieldError(("participant",), "missing", message("This is needed."))])
    return Kind.EXPORTER if kind == Kind.EXPORTER else Kind.ENTREPRENEUR, found[0]


def _forum_page(
    request: Request,
    user: Principal,
    session: Session,
    language: str,
    forum_id: UUID,
    *,
    form: Form | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    forum = forums.read(session, user, forum_id)
    timetables = reading.of_forum(session, user, forum_id)
    run = runs.latest(session, user, forum_id, language)
    gone = releasing.withdrawals(session, user, forum_id)
    under_way = run is not None and run.state in {RunState.QUEUED, RunState.WORKING}
    return render(
        request,
        "timetables.html",
        status=status,
        forum=forum,
        timetables=timetables,
        draft=next((one for one in timetables if one.state is TimetableState.DRAFT), None),
        release=next((one for one in timetables if one.state is TimetableState.RELEASED), None),
        run=run,
        progress=_progress(run) if run is not None and under_way else None,
        look_again=LOOK_AGAIN,
        withdrawals=gone,
        participants=_options(
            {
                kind: [
                    one
                    for one in forums.participants(session, user, forum_id, kind)
                    if one.id not in {known.participant.id for known in gone}
                ]
                for kind in Kind
            }
        ),
        timetable_words=TIMETABLE_WORDS,
        # Made again, a timetable is of the same pairs unless its organiser says otherwise.
        form=form or Form({"only_accepted": str(int(any(one.only_accepted for one in timetables[:1])))}),
    )


def _progress(run: RunRead) -> int:
    """Guess how far a run has come, in percent, from the time it was granted."""
    if run.started_at is None:
        return 0
    spent = (clock.now() - run.started_at).total_seconds()
    return min(int(100 * spent / run.seconds), 95)


def _options(participants: dict[Kind, list[ParticipantRead]]) -> list[tuple[str, str]]:
    return [(f"{kind.value}:{one.id}", one.display_name) for kind, own in participants.items() for one in own]


def _changes_page(
    request: Request,
    user: Principal,
    session: Session,
    language: str,
    timetable_id: UUID,
    *,
    form: Form | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    found = reading.read(session, user, timetable_id)
    return render(
        request,
        "timetable_changes.html",
        status=status,
        timetable=found,
        forum=forums.read(session, user, found.forum_id),
        changes=releasing.changes(session, user, timetable_id, language),
        change_words=CHANGE_WORDS,
        form=form or Form(),
    )


def _by_day(slots: list[SlotSeen], time_zone: str) -> dict[date, list[SlotSeen]]:
    days: dict[date, list[SlotSeen]] = {}
    for slot in slots:
        days.setdefault(reading.day_of(slot, time_zone), []).append(slot)
    return days


def _by_participant(found: TimetableDetail, side: Kind) -> dict[UUID, list[MeetingRead]]:
    """Group the meetings by the participants of a side; what was cancelled comes along."""
    of: dict[UUID, list[MeetingRead]] = {}
    for meeting in found.meetings:
        own = meeting.entrepreneur if side is Kind.ENTREPRENEUR else meeting.exporter
        of.setdefault(own.id, []).append(meeting)
    return of
