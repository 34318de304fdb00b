"""Editing a draft: each change is checked against clashes, and nobody overwrites what another changed."""

from uuid import UUID

from service.accounts.operations import require
from service.accounts.schemas import Permission, Principal
from service.forums import rulings
from service.forums.pair_schemas import EXCLUSION_WORDS
from service.meetings.board import check_revision, timetable_of
from service.meetings.gathering import interpreters_of
from service.meetings.interpreting import interpreter_for
from service.meetings.models import Meeting
from service.meetings.placing import Desk, desk_of
from service.meetings.reading import in_order, read_of, seen
from service.meetings.schemas import (
    MeetingAdd,
    MeetingCancel,
    MeetingChoices,
    MeetingMove,
    MeetingPin,
    MeetingState,
    PlaceSeen,
    Reason,
    Revised,
    SlotChoice,
    SlotSeen,
    TablesSwap,
    TimetableRead,
    TimetableState,
)
from service.platform import audit
from service.platform.database import Session
from service.platform.i18n import message
from service.platform.problems import Conflict, FieldError, InvalidInput
from service.profiles import operations as profiles
from service.profiles.schemas import ProfileSummary
from service.profiles.vocabulary import Kind


def move(
    session: Session, principal: Principal, timetable_id: UUID, meeting_id: UUID, wanted: MeetingMove
) -> TimetableRead:
    """Give a meeting another slot or meeting table; one that was not placed is placed.

    Raises NotAllowed, NotFound, Conflict with what stands in the way.
    """
    desk = _open(session, principal, timetable_id, wanted)
    meeting = desk.board.meeting(meeting_id)
    if meeting.state not in {MeetingState.PLANNED, MeetingState.UNPLACED}:
        raise Conflict(message("Only a meeting that is planned, or not placed yet, can be moved."))
    desk.put(meeting, wanted.slot_id, wanted.table_id)
    return _saved(session, principal, desk, "meeting_moved")


def swap_tables(
    session: Session, principal: Principal, timetable_id: UUID, wanted: TablesSwap
) -> TimetableRead:
    """Let two meetings of one slot change their meeting tables.

    Raises NotAllowed, NotFound, Conflict.
    """
    desk = _open(session, principal, timetable_id, wanted)
    one, other = desk.board.meeting(wanted.meeting_id), desk.board.meeting(wanted.other_id)
    desk.swap_tables(one, other)
    return _saved(session, principal, desk, "tables_swapped")


def pin(
    session: Session, principal: Principal, timetable_id: UUID, meeting_id: UUID, wanted: MeetingPin
) -> TimetableRead:
    """Keep a meeting in its slot, or at its meeting table, when the timetable is made again.

    Raises NotAllowed, NotFound, Conflict.
    """
    desk = _open(session, principal, timetable_id, wanted)
    meeting = desk.board.meeting(meeting_id)
    if meeting.state != MeetingState.PLANNED.value:
        raise Conflict(message("Only a meeting that has its place can be pinned to it."))
    meeting.pinned_slot, meeting.pinned_table = wanted.slot, wanted.table
    return _saved(session, principal, desk, "meeting_pinned")


def take_out(
    session: Session, principal: Principal, timetable_id: UUID, meeting_id: UUID, wanted: MeetingCancel
) -> TimetableRead:
    """Take a meeting out; it stays out when the timetable is made again, until it is put back.

    Raises NotAllowed, NotFound, Conflict.
    """
    desk = _open(session, principal, timetable_id, wanted)
    meeting = desk.board.meeting(meeting_id)
    if meeting.state not in {MeetingState.PLANNED, MeetingState.UNPLACED}:
        raise Conflict(message("Only a meeting that is planned, or not placed yet, can be taken out."))
    meeting.state, meeting.reason, meeting.note = (
        MeetingState.CANCELLED.value,
        Reason.ORGANISER.value,
        wanted.note,
    )
    meeting.reason_side = meeting.slot_id = meeting.table_id = None
    meeting.pinned_slot = meeting.pinned_table = False
    return _saved(session, principal, desk, "meeting_taken_out")


def put_back(
    session: Session, principal: Principal, timetable_id: UUID, meeting_id: UUID, wanted: Revised
) -> TimetableRead:
    """Place a meeting that was taken out in the first slot that fits.

    Raises NotAllowed, NotFound, Conflict when there is none.
    """
    desk = _open(session, principal, timetable_id, wanted)
    meeting = desk.board.meeting(meeting_id)
    if meeting.state != MeetingState.CANCELLED.value:
        raise Conflict(message("Only a meeting that was taken out can be put back."))
    meeting.by_hand = True
    _place(desk, meeting, None, None)
    return _saved(session, principal, desk, "meeting_put_back")


def add(session: Session, principal: Principal, timetable_id: UUID, wanted: MeetingAdd) -> TimetableRead:
    """Add a meeting by hand, or place one that was not placed.

    Raises NotAllowed, NotFound, InvalidInput for strangers or a pair that meets already, Conflict.
    """
    desk = _open(session, principal, timetable_id, wanted)
    session.add(seat(session, desk, wanted))
    return _saved(session, principal, desk, "meeting_added")


def seat(session: Session, desk: Desk, wanted: MeetingAdd) -> Meeting:
    """Place a new meeting, or one that was not placed or cancelled; a new one is not in the session yet.

    Raises InvalidInput for strangers or a pair that meets already, NotFound, Conflict.
    """
    pair = (wanted.entrepreneur_id, wanted.exporter_id)
    one, other = _participants(session, desk, wanted)
    reason = rulings.ruled_out(session, desk.board.timetable.forum_id).get(pair)
    if reason is not None:
        raise Conflict(
            message("The two must not meet: {reason}. Lift that first.", reason=EXCLUSION_WORDS[reason])
        )
    meeting = desk.board.by_pair.get(pair)
    if meeting is None:
        there = {language: sum(row) for language, row in interpreters_of(desk.set_up).items()}
        meeting = Meeting(
            timetable_id=desk.board.timetable.id,
            entrepreneur_id=pair[0],
            exporter_id=pair[1],
            language=interpreter_for(one.languages, other.languages, there),
        )
        desk.board.meetings.append(meeting)
    elif meeting.state not in {MeetingState.CANCELLED, MeetingState.UNPLACED}:
        sentence = message("The two have a meeting in this timetable already.")
        raise InvalidInput([FieldError(("exporter_id",), "meets_already", sentence)])
    meeting.by_hand, meeting.note = True, wanted.note
    _place(desk, meeting, wanted.slot_id, wanted.table_id)
    return meeting


def choices(
    session: Session, principal: Principal, timetable_id: UUID, meeting_id: UUID, language: str
) -> MeetingChoices:
    """Tell where a meeting could be: each slot with what stands in the way, and who sits beside it.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.MEETINGS_READ)
    desk = desk_of(session, timetable_of(session, timetable_id))
    meeting = desk.board.meeting(meeting_id)
    found = [
        SlotChoice(
            slot=SlotSeen.model_validate(desk.board.slots[slot_id]),
            obstacle=obstacle.text(language) if obstacle else "",
        )
        for slot_id, obstacle in desk.obstacles(meeting)
    ]
    beside = [
        one
        for one in desk.board.placed()
        if meeting.slot_id is not None and one.slot_id == meeting.slot_id and one.id != meeting.id
    ]
    return MeetingChoices(
        slots=found,
        tables=[PlaceSeen.model_validate(one) for one in desk.board.places.values()],
        beside=in_order(seen(session, desk.board, beside, language)),
    )


def _participants(session: Session, desk: Desk, wanted: MeetingAdd) -> tuple[ProfileSummary, ProfileSummary]:
    found = []
    for kind, one in ((Kind.ENTREPRENEUR, wanted.entrepreneur_id), (Kind.EXPORTER, wanted.exporter_id)):
        if one not in desk.set_up.limits[kind]:
            sentence = message("This profile does not take part in the forum.")
            raise InvalidInput([FieldError((f"{kind.value}_id",), "not_a_participant", sentence)])
        found.append(profiles.summaries(session, kind, [one])[one])
    return found[0], found[1]


def _place(desk: Desk, meeting: Meeting, slot_id: UUID | None, table_id: UUID | None) -> None:
    slot_id = slot_id or next(desk.places_for(meeting, table_id), None)
    if slot_id is None:
        raise Conflict(
            message(
                "There is no slot in which both are free and a meeting table and an interpreter, where they "
                "need one, are left. Move another meeting first."
            )
        )
    desk.put(meeting, slot_id, table_id)


def _open(session: Session, principal: Principal, timetable_id: UUID, wanted: Revised) -> Desk:
    """Lay out a draft to be edited, and hold it until the commit."""
    require(principal, Permission.MEETINGS_WRITE)
    timetable = timetable_of(session, timetable_id, lock=True)
    check_revision(timetable, wanted.revision)
    if timetable.state != TimetableState.DRAFT.value:
        raise Conflict(
            message(
                "This timetable is not a draft. A release stays as it is: make a new draft from it, or use "
                "the desk page on the day."
            )
        )
    return desk_of(session, timetable)


def _saved(session: Session, principal: Principal, desk: Desk, action: str) -> TimetableRead:
    desk.changed()
    timetable = desk.board.timetable
    audit.record(session, principal.actor, f"timetable.{action}", "timetable", timetable.id)
    session.flush()
    return read_of(timetable)
