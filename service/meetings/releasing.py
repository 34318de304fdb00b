"""Releasing a draft: what it changes, who is told, and what happens when somebody withdraws afterwards."""

from collections.abc import Iterator
from uuid import UUID

from service.accounts.operations import require
from service.accounts.schemas import SYSTEM, Permission, Principal
from service.forums import operations as forums
from service.forums import participant_links, phases
from service.forums.participant_links import ParticipantLinks
from service.forums.schemas import ForumRead, Phase
from service.meetings import letters, repository
from service.meetings.board import Board, check_revision, end_of, load, pair_of, timetable_of
from service.meetings.models import Meeting, Timetable, Withdrawal
from service.meetings.placing import desk_of
from service.meetings.reading import in_order, partner, place_seen, read_of, seen, slot_seen
from service.meetings.schemas import (
    SETTLED,
    ChangeKind,
    MeetingChange,
    MeetingRead,
    MeetingState,
    Part,
    Reason,
    TimetableRead,
    TimetableState,
    WithdrawalNote,
    WithdrawalRead,
)
from service.platform import audit, clock
from service.platform.database import Session
from service.platform.i18n import SOURCE_LANGUAGE, message
from service.platform.problems import Conflict, NotFound
from service.profiles import operations as profiles
from service.profiles.vocabulary import Kind

# What the two sides and the desk have said since the draft was made goes over into the new release.
_SAID = ("state", "entrepreneur_present", "exporter_present", "presence_by")


def changes(session: Session, principal: Principal, timetable_id: UUID, language: str) -> list[MeetingChange]:
    """Tell what of the release before a timetable changes; the first release changes nothing.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.MEETINGS_READ)
    timetable = timetable_of(session, timetable_id)
    base = repository.get(session, timetable.base_id) if timetable.base_id else None
    if base is None:
        return []
    return _changes(session, load(session, base), load(session, timetable), language)


def _changes(session: Session, base: Board, board: Board, language: str) -> list[MeetingChange]:
    kinds = {one.id: kind for one in board.meetings if (kind := _change(base, board, one)) is not None}
    shown = seen(session, board, [one for one in board.meetings if one.id in kinds], language)
    rows = {one.id: one for one in board.meetings}
    return [
        MeetingChange(
            kind=kinds[one.id],
            meeting=one,
            before=slot_seen(base.slots, rows[one.id].released_slot_id),
            table_before=place_seen(base.places, rows[one.id].released_table_id),
        )
        for one in in_order(shown)
    ]


def _change(base: Board, board: Board, meeting: Meeting) -> ChangeKind | None:
    before = meeting.released_slot_id
    if meeting.state == MeetingState.CANCELLED.value:
        return ChangeKind.CANCELLED if before else None
    if meeting.state != MeetingState.PLANNED.value:
        return None
    if before is None:
        return ChangeKind.NEW
    assert meeting.slot_id is not None
    if board.slots[meeting.slot_id].starts_at != base.slots[before].starts_at:
        return ChangeKind.MOVED
    return ChangeKind.OTHER_TABLE if meeting.table_id != meeting.released_table_id else None


def move_phase(
    session: Session,
    principal: Principal,
    forum_id: UUID,
    phase: Phase,
    *,
    expected_revision: int | None = None,
) -> ForumRead:
    """Bring a forum to another phase; it is published with its first timetable, never without one.

    Raises NotAllowed, NotFound, Conflict when the phase does not follow, or lacks what it needs.
    """
    now = forums.read(session, principal, forum_id).phase
    unreleased = repository.in_state(session, forum_id, TimetableState.RELEASED) is None
    if (now, phase) == (Phase.DRAFT, Phase.PUBLISHED) and unreleased:
        raise Conflict(
            message("No timetable is released yet: make a draft and release it, and the forum is published.")
        )
    return phases.move(session, principal, forum_id, phase, expected_revision=expected_revision)


def release(
    session: Session,
    principal: Principal,
    timetable_id: UUID,
    links: ParticipantLinks,
    *,
    revision: int | None = None,
) -> TimetableRead:
    """Release a draft: it gets its number and stays as it is, and those concerned get a letter.

    Raises NotAllowed, NotFound, Conflict when it is no draft, or was overtaken by what happened since.
    """
    require(principal, Permission.MEETINGS_WRITE)
    draft = timetable_of(session, timetable_id)
    forums.forum_of(session, draft.forum_id, lock=True)
    draft = timetable_of(session, timetable_id, lock=True)
    check_revision(draft, revision)
    if draft.state != TimetableState.DRAFT.value:
        raise Conflict(message("Only the draft of a forum can be released."))
    board = load(session, draft)
    if not any(one.state == MeetingState.PLANNED.value for one in board.meetings):
        raise Conflict(message("No meeting of this draft has its place, so there is nothing to release."))
    base = _base(session, draft)
    told = _changes(session, base, board, SOURCE_LANGUAGE) if base else []
    if base is not None:
        _check_not_overtaken(base, board)
        _take_over(base, board)
        base.timetable.state = TimetableState.SUPERSEDED.value
        session.flush()
    draft.state, draft.number = (
        TimetableState.RELEASED.value,
        repository.last_number(session, draft.forum_id) + 1,
    )
    draft.released_at, draft.released_by = clock.now(), principal.actor
    draft.revision += 1
    for one in board.meetings:
        one.released_slot_id, one.released_table_id = one.slot_id, one.table_id
    session.flush()
    forum = forums.read(session, SYSTEM, draft.forum_id)
    if forum.phase is Phase.DRAFT:
        phases.move(session, SYSTEM, forum.id, Phase.PUBLISHED)
    if base is None:
        placed = seen(session, board, board.placed(), SOURCE_LANGUAGE)
        letters.announce(session, forum, links, in_order(placed))
    else:
        letters.tell_changes(session, forum, links, told)
    audit.record(session, principal.actor, "timetable.released", "timetable", draft.id)
    session.flush()
    return read_of(draft)


def _base(session: Session, draft: Timetable) -> Board | None:
    """Lay out the release that a draft repairs, which must be the one that it was made from."""
    found = repository.in_state(session, draft.forum_id, TimetableState.RELEASED, lock=True)
    seen_then = (draft.base_id, draft.base_revision)
    if seen_then != ((found.id, found.revision) if found else (None, None)):
        raise Conflict(
            message(
                "The released timetable has changed since this draft was made from it. Make the draft again: "
                "what you pinned, added and took out stays."
            )
        )
    return load(session, found) if found else None


def _check_not_overtaken(base: Board, board: Board) -> None:
    """Refuse a draft that changes meetings which have begun since it was made."""
    now = clock.now()
    for one in base.placed():
        assert one.slot_id is not None
        own = board.by_pair.get(pair_of(one))
        kept = own is not None and (own.slot_id, own.table_id) == (one.slot_id, one.table_id)
        if base.slots[one.slot_id].starts_at <= now and not kept:
            raise Conflict(
                message(
                    "Meetings that this draft changes have begun in the meantime. Make the draft again: what "
                    "you pinned, added and took out stays."
                )
            )


def _take_over(base: Board, board: Board) -> None:
    for one in base.meetings:
        own = board.by_pair.get(pair_of(one))
        if own is not None and one.state in SETTLED:
            for name in _SAID:
                setattr(own, name, getattr(one, name))


def withdraw(
    session: Session,
    principal: Principal,
    forum_id: UUID,
    kind: Kind,
    profile_id: UUID,
    wanted: WithdrawalNote,
    links: ParticipantLinks,
    language: str,
) -> list[MeetingRead]:
    """Note that a participant does not come: its meetings are cancelled and its partners told.

    The slots and meeting tables of the meetings that are given back are free from now on.
    Raises NotAllowed, NotFound, Conflict when it has withdrawn already.
    """
    require(principal, Permission.MEETINGS_WRITE)
    forums.forum_of(session, forum_id, lock=True)
    participant_id = _participant(session, forum_id, profile_id)
    if repository.withdrawals(session, [participant_id]):
        raise Conflict(message("This participant has withdrawn already."))
    session.add(
        Withdrawal(
            participant_id=participant_id,
            withdrawn_at=clock.now(),
            withdrawn_by=principal.actor,
            note=wanted.note,
        )
    )
    session.flush()
    freed: list[MeetingRead] = []
    for state in (TimetableState.DRAFT, TimetableState.RELEASED):
        timetable = repository.in_state(session, forum_id, state, lock=True)
        if timetable is None:
            continue
        desk = desk_of(session, timetable, Part(profile_ids=[profile_id]))
        gone = list(_to_come(desk.board, kind, profile_id))
        for one in gone:
            one.state, one.reason = MeetingState.CANCELLED.value, Reason.WITHDRAWN.value
            one.reason_side = kind.value
        if gone:
            desk.changed()
        if state is TimetableState.RELEASED:
            freed = in_order(seen(session, desk.board, gone, language))
    told = [
        MeetingChange(kind=ChangeKind.CANCELLED, meeting=one, before=one.slot, table_before=one.table)
        for one in freed
    ]
    letters.tell_changes(session, forums.read(session, SYSTEM, forum_id), links, told)
    audit.record(session, principal.actor, "participant.withdrawn", "forum_participant", participant_id)
    session.flush()
    return freed


def _to_come(board: Board, kind: Kind, profile_id: UUID) -> Iterator[Meeting]:
    """Give the meetings of a participant that have not begun."""
    now = clock.now()
    for one in board.meetings:
        if end_of(one, kind) == profile_id and one.state == MeetingState.PLANNED.value:
            assert one.slot_id is not None
            if board.slots[one.slot_id].starts_at > now:
                yield one


def come_after_all(session: Session, principal: Principal, forum_id: UUID, profile_id: UUID) -> None:
    """Take a withdrawal back; the next draft plans the participant's meetings again.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.MEETINGS_WRITE)
    forums.forum_of(session, forum_id, lock=True)
    participant_id = _participant(session, forum_id, profile_id)
    row = repository.withdrawals(session, [participant_id]).get(participant_id)
    if row is None:
        raise NotFound(message("This participant has not withdrawn."))
    session.delete(row)
    audit.record(session, principal.actor, "participant.came_back", "forum_participant", participant_id)


def withdrawals(session: Session, principal: Principal, forum_id: UUID) -> list[WithdrawalRead]:
    """List who of a forum has withdrawn, the latest first.

    Raises NotAllowed.
    """
    require(principal, Permission.MEETINGS_READ)
    profile_of = {
        one: profile_id
        for profile_id, one in participant_links.participants_by_profile(session, forum_id).items()
    }
    rows = repository.withdrawals(session, profile_of)
    gone = {profile_of[one]: row for one, row in rows.items()}
    found = [
        WithdrawalRead(
            participant=partner(summary),
            side=kind,
            withdrawn_at=gone[profile_id].withdrawn_at,
            note=gone[profile_id].note,
        )
        for kind in Kind
        for profile_id, summary in profiles.summaries(session, kind, gone).items()
    ]
    return sorted(found, key=lambda one: one.withdrawn_at, reverse=True)


def _participant(session: Session, forum_id: UUID, profile_id: UUID) -> UUID:
    found = participant_links.participants_by_profile(session, forum_id, [profile_id]).get(profile_id)
    if found is None:
        raise NotFound(message("This profile does not take part in the forum."))
    return found
