"""The day of a forum: what the desk does, each step checked against clashes, logged, and to be taken back.

A meeting's version tells whether it is still as its reader saw it, so that of two desks the later is told.
"""

import hashlib
from uuid import UUID

from service.accounts.operations import require
from service.accounts.schemas import Permission, Principal
from service.forums import operations as forums
from service.forums import participant_links
from service.forums.participant_links import ParticipantLinks
from service.forums.schemas import ParticipantsAdd
from service.meetings import repository
from service.meetings.board import Board, load, pair_of, takes_its_place
from service.meetings.day_schemas import (
    ArrivalNote,
    DayCancel,
    DayFill,
    DayMove,
    DayPresence,
    DaySwap,
    StepKind,
    WalkIn,
)
from service.meetings.editing import seat
from service.meetings.feedback import check_begun, no_such_meeting, place_given_away, settle
from service.meetings.models import Arrival, Meeting, Timetable
from service.meetings.placing import Desk, desk_of
from service.meetings.schemas import (
    EVERYTHING,
    MeetingAdd,
    MeetingState,
    Part,
    Reason,
    TimetableState,
)
from service.meetings.steps import Step, nothing_released, release_desk
from service.platform import clock
from service.platform.database import Session
from service.platform.i18n import message
from service.platform.problems import Conflict, NotFound
from service.profiles import operations as profiles


def version_of(meeting: Meeting) -> str:
    """Give what changes whenever somebody changes where a meeting is or who came."""
    seen = (
        meeting.timetable_id,
        meeting.slot_id,
        meeting.table_id,
        meeting.state,
        meeting.entrepreneur_present,
        meeting.exporter_present,
    )
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:12]


def check_version(meeting: Meeting, expected: str | None) -> None:
    """Refuse what was decided before a meeting that has changed since.

    Raises Conflict.
    """
    if expected is not None and expected != version_of(meeting):
        raise Conflict(
            message("Somebody else changed this meeting in the meantime. Look at it again, then repeat.")
        )


def note_arrival(
    session: Session, principal: Principal, forum_id: UUID, profile_id: UUID, wanted: ArrivalNote
) -> None:
    """Note that a participant is there, or that it is not after all; said twice, it stays as it is.

    Raises NotAllowed, NotFound, Conflict for one that has withdrawn.
    """
    require(principal, Permission.MEETINGS_WRITE)
    forums.forum_of(session, forum_id, lock=True)
    participant_id = participant_of(session, forum_id, profile_id)
    known = repository.arrivals(session, [participant_id]).get(participant_id)
    kind = StepKind.ARRIVED if wanted.arrived else StepKind.NOT_ARRIVED
    step = Step(session, forum_id, kind, principal.actor)
    if wanted.arrived and known is None:
        if repository.withdrawals(session, [participant_id]):
            raise Conflict(
                message("This participant has withdrawn. Note first that it comes after all, then repeat.")
            )
        step.add(_arrival(participant_id, principal))
    elif not wanted.arrived and known is not None:
        step.remove(known)
    step.finish()


def walk_in(session: Session, principal: Principal, forum_id: UUID, wanted: WalkIn) -> None:
    """Let somebody take part who came without being registered, and note that it is there.

    Raises NotAllowed, NotFound, Conflict when it takes part already or may not be matched.
    """
    require(principal, Permission.MEETINGS_WRITE)
    forums.forum_of(session, forum_id, lock=True)
    if participant_links.participants_by_profile(session, forum_id, [wanted.profile_id]):
        raise Conflict(message("This profile takes part in the forum already."))
    if wanted.profile_id not in profiles.summaries(session, wanted.kind, [wanted.profile_id]):
        raise NotFound(message("There is no such profile."))
    obstacle = profiles.obstacle_in_words(session, wanted.kind, wanted.profile_id)
    if obstacle is not None:
        raise Conflict(message("This profile cannot take part: {obstacle}", obstacle=obstacle))
    added = ParticipantsAdd(kind=wanted.kind, ids=[wanted.profile_id])
    forums.add_participants(session, principal, forum_id, added)
    session.flush()
    participant_id = participant_of(session, forum_id, wanted.profile_id)
    step = Step(session, forum_id, StepKind.WALK_IN, principal.actor)
    step.add_participant(participant_id, wanted.kind, wanted.profile_id)
    step.add(_arrival(participant_id, principal))
    step.finish()


def note_presence(
    session: Session, principal: Principal, forum_id: UUID, meeting_id: UUID, wanted: DayPresence
) -> None:
    """Note who came to a meeting, side by side; without an answer what the sides say counts again.

    Raises NotAllowed, NotFound, Conflict before it has begun, or when its place was given to another.
    """
    require(principal, Permission.MEETINGS_WRITE)
    forums.forum_of(session, forum_id, lock=True)
    release = repository.in_state(session, forum_id, TimetableState.RELEASED, lock=True)
    meeting = repository.meeting(session, meeting_id)
    if release is None or meeting is None or meeting.timetable_id != release.id:
        raise no_such_meeting()
    check_version(meeting, wanted.version)
    # Most taps of a desk are these: they lay out one participant's meetings, not the whole timetable.
    check_begun(load(session, release, Part(profile_ids=[meeting.entrepreneur_id])), meeting)
    said = repository.feedback_of_pair(session, forum_id, *pair_of(meeting))
    step = Step(session, forum_id, StepKind.PRESENCE, principal.actor)
    step.touch(meeting)
    had_place = takes_its_place(meeting)
    meeting.entrepreneur_present = wanted.entrepreneur_present
    meeting.exporter_present = wanted.exporter_present
    known = wanted.entrepreneur_present is not None or wanted.exporter_present is not None
    meeting.presence_by = principal.actor if known else None
    settle(meeting, said)
    if takes_its_place(meeting) and not had_place and repository.place_is_taken(session, meeting):
        raise place_given_away()
    step.finish()


def move(
    session: Session,
    principal: Principal,
    links: ParticipantLinks,
    forum_id: UUID,
    meeting_id: UUID,
    wanted: DayMove,
) -> None:
    """Give a meeting another slot or meeting table; one that was cancelled or not held is planned again.

    Raises NotAllowed, NotFound, Conflict with what stands in the way.
    """
    require(principal, Permission.MEETINGS_WRITE)
    part = Part(slot_ids=[wanted.slot_id], meeting_ids=[meeting_id])
    desk = release_desk(session, forum_id, part)
    meeting = desk.board.meeting(meeting_id)
    check_version(meeting, wanted.version)
    step = Step(session, forum_id, StepKind.MOVED, principal.actor)
    put(desk, step, meeting, wanted.slot_id, wanted.table_id)
    step.finish(desk, links)


def put(desk: Desk, step: Step, meeting: Meeting, slot_id: UUID, table_id: UUID | None) -> None:
    """Give a meeting another place as a part of a step.

    Raises NotFound, Conflict.
    """
    step.touch(meeting)
    if meeting.state == MeetingState.HELD.value:
        raise Conflict(message("This meeting was held; it is not moved any more."))
    check_not_over(desk.board, slot_id)
    if meeting.state == MeetingState.CANCELLED.value:
        meeting.note = ""
    desk.put(meeting, slot_id, table_id)
    meeting.entrepreneur_present = meeting.exporter_present = meeting.presence_by = None


def swap_tables(
    session: Session,
    principal: Principal,
    links: ParticipantLinks,
    forum_id: UUID,
    meeting_id: UUID,
    wanted: DaySwap,
) -> None:
    """Let two meetings of one slot change their meeting tables.

    Raises NotAllowed, NotFound, Conflict.
    """
    require(principal, Permission.MEETINGS_WRITE)
    desk = release_desk(session, forum_id, Part(meeting_ids=[meeting_id, wanted.other_id]))
    one, other = desk.board.meeting(meeting_id), desk.board.meeting(wanted.other_id)
    check_version(one, wanted.version)
    check_version(other, wanted.other_version)
    if {one.state, other.state} != {MeetingState.PLANNED.value} or one is other:
        raise Conflict(message("Only two planned meetings can change their meeting tables."))
    step = Step(session, forum_id, StepKind.SWAPPED, principal.actor)
    step.touch(one, other)
    desk.swap_tables(one, other)
    step.finish(desk, links)


def cancel(
    session: Session,
    principal: Principal,
    links: ParticipantLinks,
    forum_id: UUID,
    meeting_id: UUID,
    wanted: DayCancel,
) -> None:
    """Cancel a meeting with the reason; its slot and meeting table are free from now on.

    Raises NotAllowed, NotFound, Conflict.
    """
    require(principal, Permission.MEETINGS_WRITE)
    desk = release_desk(session, forum_id, Part(meeting_ids=[meeting_id]))
    meeting = desk.board.meeting(meeting_id)
    check_version(meeting, wanted.version)
    step = Step(session, forum_id, StepKind.CANCELLED, principal.actor)
    call_off(step, meeting, Reason.ORGANISER, wanted.note)
    step.finish(desk, links)


def call_off(step: Step, meeting: Meeting, reason: Reason, note: str) -> None:
    """Cancel a meeting as a part of a step; it stays where it was, for all to see.

    Raises Conflict.
    """
    step.touch(meeting)
    if meeting.state not in {MeetingState.PLANNED, MeetingState.UNPLACED}:
        raise Conflict(message("Only a meeting that is planned, or not placed yet, can be cancelled."))
    meeting.state, meeting.reason, meeting.note = MeetingState.CANCELLED.value, reason.value, note
    meeting.reason_side = None


def fill(
    session: Session, principal: Principal, links: ParticipantLinks, forum_id: UUID, wanted: DayFill
) -> UUID:
    """Place a meeting in a free slot, and give its id.

    Raises NotAllowed, NotFound, InvalidInput for strangers or a pair that meets already, Conflict.
    """
    require(principal, Permission.MEETINGS_WRITE)
    ends = wanted.entrepreneur_id, wanted.exporter_id
    desk = release_desk(session, forum_id, Part(slot_ids=[wanted.slot_id], profile_ids=ends))
    step = Step(session, forum_id, StepKind.FILLED, principal.actor)
    meeting = add(session, desk, step, MeetingAdd.model_validate(wanted.model_dump()))
    step.finish(desk, links)
    return meeting.id


def add(session: Session, desk: Desk, step: Step, wanted: MeetingAdd) -> Meeting:
    """Place a meeting as a part of a step.

    Raises NotFound, InvalidInput, Conflict.
    """
    assert wanted.slot_id is not None
    known = desk.board.by_pair.get((wanted.entrepreneur_id, wanted.exporter_id))
    if known is not None:
        step.touch(known)
    check_not_over(desk.board, wanted.slot_id)
    meeting = seat(session, desk, wanted)
    if known is None:
        step.add(meeting)
    return meeting


def check_not_over(board: Board, slot_id: UUID) -> None:
    """Refuse a slot that has ended; one that the timetable does not have is told elsewhere.

    Raises Conflict.
    """
    slot = board.slots.get(slot_id)
    if slot is not None and slot.ends_at <= clock.now():
        raise Conflict(message("This slot is over: choose a later one."))


def release_board(session: Session, forum_id: UUID, part: Part = EVERYTHING) -> Board:
    """Lay out the release that holds now for reading, with all of its meetings or a part of them.

    Raises Conflict before the first release.
    """
    return load(session, release_of(session, forum_id), part)


def release_of(session: Session, forum_id: UUID) -> Timetable:
    """Find the release that holds now.

    Raises Conflict before the first.
    """
    release = repository.in_state(session, forum_id, TimetableState.RELEASED)
    if release is None:
        raise nothing_released()
    return release


def desk_to_read(session: Session, forum_id: UUID) -> Desk:
    """Lay out the release that holds now to tell what could be changed.

    Raises Conflict before the first release.
    """
    return desk_of(session, release_of(session, forum_id))


def participant_of(session: Session, forum_id: UUID, profile_id: UUID) -> UUID:
    """Give the place in a forum of a profile.

    Raises NotFound.
    """
    found = participant_links.participants_by_profile(session, forum_id, [profile_id]).get(profile_id)
    if found is None:
        raise NotFound(message("This profile does not take part in the forum."))
    return found


def _arrival(participant_id: UUID, principal: Principal) -> Arrival:
    return Arrival(participant_id=participant_id, arrived_at=clock.now(), noted_by=principal.actor)
