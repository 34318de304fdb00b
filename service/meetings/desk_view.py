"""What the desk sees on the day: now and next, one participant's day, the log, free places and who fits."""

from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import chain
from uuid import UUID

from service.accounts import operations as accounts
from service.accounts.operations import require
from service.accounts.schemas import Permission, Principal
from service.forums import operations as forums
from service.forums import participant_links
from service.forums.planning import set_up_of
from service.meetings import reading, repository
from service.meetings.board import Board, pair_of, takes_its_place
from service.meetings.change_requests import read_of as requests_read
from service.meetings.day import participant_of, release_board, release_of, version_of
from service.meetings.day_schemas import (
    DayMeeting,
    DayRead,
    Found,
    ParticipantDay,
    SlotNow,
    StepKind,
    StepRead,
)
from service.meetings.gathering import free_slots, withdrawn_profiles
from service.meetings.models import DayStep, Timetable, TimetableSlot
from service.meetings.printing import state_of
from service.meetings.reading import in_order, partner, seen
from service.meetings.schemas import MeetingState, Part, PlaceSeen, SlotSeen
from service.platform import clock
from service.platform.database import Session
from service.platform.i18n import message
from service.platform.problems import NotFound
from service.profiles import naming
from service.profiles import operations as profiles
from service.profiles.schemas import ProfileFilter, ProfileSummary
from service.profiles.vocabulary import Kind, ReviewStatus

MOST_FOUND = 20
LONGEST_NAME = 200
LOG_SHOWN = 100


def overview(session: Session, principal: Principal, forum_id: UUID) -> DayRead:
    """Tell how a forum stands at this moment.

    Raises NotAllowed, NotFound, Conflict before the first release.
    """
    require(principal, Permission.MEETINGS_READ)
    forums.forum_of(session, forum_id)
    release, now = release_of(session, forum_id), clock.now()
    running, following = now_and_next(repository.slots(session, release.id), now)
    ids = participant_links.participants_by_profile(session, forum_id)
    return DayRead(
        at=now,
        now=_slot_now(session, release, running),
        next=_slot_now(session, release, following),
        arrived=len(repository.arrivals(session, ids.values())),
        expected=repository.expected(session, release.id),
        open_requests=repository.open_requests(session, forum_id),
        printing=state_of(session, forum_id, release),
    )


def now_and_next(
    slots: Iterable[TimetableSlot], now: datetime
) -> tuple[TimetableSlot | None, TimetableSlot | None]:
    """Give the slot that runs at a moment, and the one after it, of slots in the order of time."""
    left = [one for one in slots if one.ends_at > now]
    running = next((one for one in left if one.starts_at <= now), None)
    following = next((one for one in left if one.starts_at > now), None)
    return running, following


def _slot_now(session: Session, release: Timetable, slot: TimetableSlot | None) -> SlotNow | None:
    if slot is None:
        return None
    meetings = repository.taken_tables(session, release.id, slot.slot_id)
    tables = len(repository.places(session, release.id))
    return SlotNow(slot=SlotSeen.model_validate(slot), meetings=meetings, free_tables=tables - meetings)


def frame(session: Session, principal: Principal, forum_id: UUID) -> tuple[list[SlotSeen], list[PlaceSeen]]:
    """Give the slots and meeting tables of the release that holds now.

    Raises NotAllowed, NotFound, Conflict before the first release.
    """
    require(principal, Permission.MEETINGS_READ)
    forums.forum_of(session, forum_id)
    return reading.frame(session, principal, release_of(session, forum_id).id)


def meetings_of_slot(
    session: Session, principal: Principal, forum_id: UUID, slot_id: UUID, language: str
) -> list[DayMeeting]:
    """List the meetings of a slot by meeting table; those that were cancelled are not among them.

    Raises NotAllowed, NotFound, Conflict before the first release.
    """
    require(principal, Permission.MEETINGS_READ)
    board = release_board(session, forum_id, Part(slot_ids=[slot_id]))
    if slot_id not in board.slots:
        raise NotFound(message("There is no such slot or meeting table in this timetable."))
    rows = [one for one in board.meetings if one.state != MeetingState.CANCELLED.value]
    return day_meetings(session, forum_id, board, (one.id for one in rows), language)


def meeting(
    session: Session, principal: Principal, forum_id: UUID, meeting_id: UUID, language: str
) -> DayMeeting:
    """Give one meeting of the release that holds now.

    Raises NotAllowed, NotFound, Conflict before the first release.
    """
    require(principal, Permission.MEETINGS_READ)
    row = repository.meeting(session, meeting_id)
    board = release_board(session, forum_id, Part(profile_ids=[row.entrepreneur_id] if row else []))
    return day_meetings(session, forum_id, board, [board.meeting(meeting_id).id], language)[0]


def day_meetings(
    session: Session, forum_id: UUID, board: Board, ids: Iterable[UUID], language: str
) -> list[DayMeeting]:
    """Give meetings as the desk sees them, in the order of time and meeting table."""
    wanted = set(ids)
    rows = {one.id: one for one in board.meetings if one.id in wanted}
    ends = set(chain.from_iterable(pair_of(one) for one in rows.values()))
    here = arrived_profiles(session, forum_id, ends)
    return [
        DayMeeting(
            meeting=one,
            version=version_of(rows[one.id]),
            entrepreneur_arrived=one.entrepreneur.id in here,
            exporter_arrived=one.exporter.id in here,
        )
        for one in in_order(seen(session, board, rows.values(), language))
    ]


def arrived_profiles(session: Session, forum_id: UUID, profile_ids: Iterable[UUID]) -> set[UUID]:
    """Tell who of some profiles is there."""
    ids = participant_links.participants_by_profile(session, forum_id, profile_ids)
    here = repository.arrivals(session, ids.values())
    return {profile_id for profile_id, one in ids.items() if one in here}


def participant_day(
    session: Session, principal: Principal, forum_id: UUID, profile_id: UUID, language: str
) -> ParticipantDay:
    """Give the day of one participant: its meetings, its free slots, what it asked for.

    Raises NotAllowed, NotFound, Conflict before the first release.
    """
    require(principal, Permission.MEETINGS_READ)
    forums.forum_of(session, forum_id)
    participant_id = participant_of(session, forum_id, profile_id)
    side, summary = next(
        (kind, found[profile_id])
        for kind in Kind
        if (found := profiles.summaries(session, kind, [profile_id]))
    )
    board = release_board(session, forum_id, Part(profile_ids=[profile_id]))
    arrival = repository.arrivals(session, [participant_id]).get(participant_id)
    taken = {one.slot_id for one in board.meetings if takes_its_place(one)}
    free = free_slots(set_up_of(session, forum_id))[profile_id]
    now = clock.now()
    return ParticipantDay(
        participant=partner(summary),
        side=side,
        arrived_at=arrival.arrived_at if arrival else None,
        withdrawn=bool(repository.withdrawals(session, [participant_id])),
        meetings=day_meetings(session, forum_id, board, (one.id for one in board.meetings), language),
        free=[
            SlotSeen.model_validate(slot)
            for slot in board.slots.values()
            if slot.slot_id in free and slot.slot_id not in taken and slot.ends_at > now
        ],
        requests=requests_read(session, forum_id, board, repository.requests_of(session, participant_id)),
    )


def find(session: Session, principal: Principal, forum_id: UUID, text: str) -> list[Found]:
    """Find participants by name in any script, and after them approved profiles that are not registered.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.MEETINGS_READ)
    forums.forum_of(session, forum_id)
    words = naming.words(text)
    wanted = naming.keys(text)
    if not wanted:
        return []
    ids = participant_links.participants_by_profile(session, forum_id)
    here, gone = repository.arrivals(session, ids.values()), withdrawn_profiles(session, forum_id)
    registered: list[Found] = []
    others: list[Found] = []
    for kind in Kind:
        registered += [
            Found(
                participant=partner(one),
                side=kind,
                arrived=ids[one.id] in here,
                withdrawn=one.id in gone,
                takes_part=True,
            )
            for one in profiles.summaries(session, kind, ids).values()
            if naming.begins(wanted, one.display_name)
        ]
        others += [
            Found(participant=partner(one), side=kind, arrived=False, withdrawn=False, takes_part=False)
            for one in _strangers(session, principal, kind, words, ids)
            if naming.begins(wanted, one.display_name)
        ]
    return (_by_name(registered) + _by_name(others))[:MOST_FOUND]


def _strangers(
    session: Session, principal: Principal, kind: Kind, words: Iterable[str], registered: Collection[UUID]
) -> Iterable[ProfileSummary]:
    """Give approved profiles that are not registered, to somebody who may read profiles."""
    if Permission.PROFILES_READ not in principal.permissions:
        return []
    approved = ProfileFilter(text=" ".join(words)[:LONGEST_NAME], review_status=ReviewStatus.APPROVED)
    found = profiles.matching_ids(session, principal, kind, approved)
    return profiles.summaries(session, kind, set(found).difference(registered)).values()


def _by_name(found: list[Found]) -> list[Found]:
    return sorted(found, key=lambda one: (one.participant.name.casefold(), one.participant.id))


def log(session: Session, principal: Principal, forum_id: UUID) -> list[StepRead]:
    """List the latest steps of the day, with whom they concern.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.MEETINGS_READ)
    forums.forum_of(session, forum_id)
    rows = repository.day_steps(session, forum_id, limit=LOG_SHOWN)
    actors = accounts.names_of(
        session, {actor for row in rows for actor in (row.done_by, row.undone_by) if actor}
    )
    profile_of = {
        str(participant): profile
        for profile, participant in participant_links.participants_by_profile(session, forum_id).items()
    }
    concerned = {row.id: _concerned(row, profile_of) for row in rows}
    ends = set(chain.from_iterable(concerned.values()))
    names = {
        one.id: one.display_name for kind in Kind for one in profiles.summaries(session, kind, ends).values()
    }
    return [
        StepRead(
            id=row.id,
            number=row.number,
            kind=StepKind(row.kind),
            about=" – ".join(names[one] for one in concerned[row.id] if one in names),
            done_at=row.done_at,
            done_by=actors.get(row.done_by, ""),
            undone_at=row.undone_at,
            undone_by=actors.get(row.undone_by or "", ""),
        )
        for row in rows
    ]


def _concerned(step: DayStep, profile_of: dict[str, UUID]) -> list[UUID]:
    """Tell whom a step concerns, each once."""
    found: list[UUID] = []
    for change in step.changes:
        values = change["after"] or change["before"]
        if "entrepreneur_id" in values:
            found += [UUID(values["entrepreneur_id"]), UUID(values["exporter_id"])]
        elif "profile_id" in values:
            found.append(UUID(values["profile_id"]))
        elif values.get("participant_id") in profile_of:
            found.append(profile_of[values["participant_id"]])
    return list(dict.fromkeys(found))
