"""Timetables over the API: making drafts, editing, releasing, papers, and who withdraws."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response, status

from service.api.authentication import Caller
from service.forums.http import CurrentLinks
from service.meetings import editing, plans, reading, releasing, runs
from service.meetings.difficulties import difficulties as difficulties_of
from service.meetings.schemas import (
    EVERYTHING,
    Difficulties,
    MeetingAdd,
    MeetingCancel,
    MeetingChange,
    MeetingChoices,
    MeetingMove,
    MeetingPin,
    MeetingRead,
    Part,
    Revised,
    RunRead,
    TablesSwap,
    TimetableAsked,
    TimetableDetail,
    TimetableRead,
    WithdrawalNote,
    WithdrawalRead,
)
from service.platform.http import CurrentDatabase, Language, ReadSession, TransactionRoute, WriteSession
from service.profiles.vocabulary import Kind

router = APIRouter(tags=["timetables"], route_class=TransactionRoute)

Participant = Annotated[UUID | None, Query(description="Only the meetings of this profile.")]


@router.post(
    "/forums/{forum_id}/timetables",
    status_code=status.HTTP_202_ACCEPTED,
    operation_id="make_timetable",
)
def make(
    caller: Caller, database: CurrentDatabase, language: Language, forum_id: UUID, wanted: TimetableAsked
) -> RunRead:
    """Make a draft; a small one is there at once, a large one when its run is done."""
    return runs.ask(database, caller, forum_id, wanted, language)


@router.get("/timetable-runs/{run_id}", operation_id="read_timetable_run")
def run(caller: Caller, session: ReadSession, language: Language, run_id: UUID) -> RunRead:
    """Tell how far the making of a draft has come."""
    return runs.read(session, caller, run_id, language)


@router.get("/forums/{forum_id}/timetables", operation_id="list_timetables")
def of_forum(caller: Caller, session: ReadSession, forum_id: UUID) -> list[TimetableRead]:
    """List the timetables of a forum, newest first."""
    return reading.of_forum(session, caller, forum_id)


@router.get("/timetables/{timetable_id}", operation_id="read_timetable")
def read(
    caller: Caller,
    session: ReadSession,
    language: Language,
    timetable_id: UUID,
    participant: Participant = None,
) -> TimetableDetail:
    """Give a timetable with its meetings in the order of time."""
    part = EVERYTHING if participant is None else Part(profile_ids=[participant])
    return reading.detail(session, caller, timetable_id, language, part)


@router.get("/timetables/{timetable_id}/difficulties", operation_id="list_timetable_difficulties")
def difficulties(
    caller: Caller, session: ReadSession, language: Language, timetable_id: UUID
) -> Difficulties:
    """Tell what is wrong with a timetable as the forum is set up now."""
    return difficulties_of(session, caller, timetable_id, language)


@router.get("/timetables/{timetable_id}/changes", operation_id="list_timetable_changes")
def changes(
    caller: Caller, session: ReadSession, language: Language, timetable_id: UUID
) -> list[MeetingChange]:
    """Tell what a timetable changes of the release before it."""
    return releasing.changes(session, caller, timetable_id, language)


@router.post("/timetables/{timetable_id}/release", operation_id="release_timetable")
def release(
    caller: Caller, session: WriteSession, links: CurrentLinks, timetable_id: UUID, wanted: Revised
) -> TimetableRead:
    """Release a draft and write to those whose meetings are new or have changed."""
    return releasing.release(session, caller, timetable_id, links, revision=wanted.revision)


@router.post(
    "/timetables/{timetable_id}/meetings",
    status_code=status.HTTP_201_CREATED,
    operation_id="add_meeting",
)
def add(caller: Caller, session: WriteSession, timetable_id: UUID, wanted: MeetingAdd) -> TimetableRead:
    """Add a meeting to a draft by hand."""
    return editing.add(session, caller, timetable_id, wanted)


@router.get("/timetables/{timetable_id}/meetings/{meeting_id}/choices", operation_id="list_meeting_choices")
def choices(
    caller: Caller, session: ReadSession, language: Language, timetable_id: UUID, meeting_id: UUID
) -> MeetingChoices:
    """Tell where a meeting could be, and what stands in the way of each slot."""
    return editing.choices(session, caller, timetable_id, meeting_id, language)


@router.put("/timetables/{timetable_id}/meetings/{meeting_id}/place", operation_id="move_meeting")
def move(
    caller: Caller, session: WriteSession, timetable_id: UUID, meeting_id: UUID, wanted: MeetingMove
) -> TimetableRead:
    """Give a meeting of a draft another slot or meeting table."""
    return editing.move(session, caller, timetable_id, meeting_id, wanted)


@router.put("/timetables/{timetable_id}/meetings/{meeting_id}/pins", operation_id="pin_meeting")
def pin(
    caller: Caller, session: WriteSession, timetable_id: UUID, meeting_id: UUID, wanted: MeetingPin
) -> TimetableRead:
    """Keep a meeting in its slot, or at its meeting table, when the draft is made again."""
    return editing.pin(session, caller, timetable_id, meeting_id, wanted)


@router.post("/timetables/{timetable_id}/meetings/{meeting_id}/take-out", operation_id="take_meeting_out")
def take_out(
    caller: Caller, session: WriteSession, timetable_id: UUID, meeting_id: UUID, wanted: MeetingCancel
) -> TimetableRead:
    """Take a meeting out of a draft."""
    return editing.take_out(session, caller, timetable_id, meeting_id, wanted)


@router.post("/timetables/{timetable_id}/meetings/{meeting_id}/put-back", operation_id="put_meeting_back")
def put_back(
    caller: Caller, session: WriteSession, timetable_id: UUID, meeting_id: UUID, wanted: Revised
) -> TimetableRead:
    """Put a meeting that was taken out back into the first slot that fits."""
    return editing.put_back(session, caller, timetable_id, meeting_id, wanted)


@router.post("/timetables/{timetable_id}/table-swaps", operation_id="swap_meeting_tables")
def swap(caller: Caller, session: WriteSession, timetable_id: UUID, wanted: TablesSwap) -> TimetableRead:
    """Let two meetings of one slot change their meeting tables."""
    return editing.swap_tables(session, caller, timetable_id, wanted)


@router.get("/timetables/{timetable_id}/papers/{paper}", operation_id="download_paper")
def paper(
    caller: Caller,
    database: CurrentDatabase,
    links: CurrentLinks,
    language: Language,
    timetable_id: UUID,
    paper: plans.Paper,
) -> Response:
    """Give a paper of a timetable as a file."""
    return plans.paper(database, caller, links, timetable_id, paper, language).response()


@router.get(
    "/timetables/{timetable_id}/participants/{profile_id}/paper.{extension}",
    operation_id="download_participant_paper",
)
def paper_of(
    caller: Caller,
    database: CurrentDatabase,
    links: CurrentLinks,
    timetable_id: UUID,
    profile_id: UUID,
    extension: plans.OwnPaper,
) -> Response:
    """Give the timetable (pdf) or the calendar (ics) of one participant."""
    return plans.paper_of(database, caller, links, timetable_id, profile_id, extension).response()


@router.get("/forums/{forum_id}/withdrawals", operation_id="list_withdrawals")
def withdrawals(caller: Caller, session: ReadSession, forum_id: UUID) -> list[WithdrawalRead]:
    """List who of a forum has withdrawn."""
    return releasing.withdrawals(session, caller, forum_id)


@router.post("/forums/{forum_id}/withdrawals/{kind}/{profile_id}", operation_id="withdraw_participant")
def withdraw(
    caller: Caller,
    session: WriteSession,
    links: CurrentLinks,
    language: Language,
    forum_id: UUID,
    kind: Kind,
    profile_id: UUID,
    wanted: WithdrawalNote,
) -> list[MeetingRead]:
    """Note that a participant does not come; gives its meetings, whose places are free from now on."""
    return releasing.withdraw(session, caller, forum_id, kind, profile_id, wanted, links, language)


@router.delete(
    "/forums/{forum_id}/withdrawals/{profile_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    operation_id="take_withdrawal_back",
)
def come_after_all(caller: Caller, session: WriteSession, forum_id: UUID, profile_id: UUID) -> None:
    """Note that a participant comes after all."""
    releasing.come_after_all(session, caller, forum_id, profile_id)
