"""Timetables and meetings as callers see them, without any contact."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from service.accounts.operations import require
from service.accounts.schemas import SYSTEM, Permission, Principal
from service.forums import operations as forums
from service.match_lists.schemas import Partner
from service.meetings import repository
from service.meetings.board import Board, Pair, is_moved, load, pair_of, timetable_of
from service.meetings.models import Meeting, Timetable, TimetablePlace, TimetableSlot
from service.meetings.schemas import (
    EVERYTHING,
    REASON_WORDS,
    Figures,
    MeetingRead,
    MeetingState,
    Part,
    PlaceSeen,
    SlotSeen,
    TimetableDetail,
    TimetableRead,
)
from service.platform.database import Session
from service.platform.i18n import Message, language_name
from service.profiles import operations as profiles
from service.profiles.schemas import ProfileSummary
from service.profiles.vocabulary import Kind

Names = Mapping[UUID, Partner]


def of_forum(session: Session, principal: Principal, forum_id: UUID) -> list[TimetableRead]:
    """List the timetables of a forum, newest first.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.MEETINGS_READ)
    forums.read(session, SYSTEM, forum_id)
    return [read_of(one) for one in repository.of_forum(session, forum_id)]


def read(session: Session, principal: Principal, timetable_id: UUID) -> TimetableRead:
    """Give a timetable without its meetings.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.MEETINGS_READ)
    return read_of(timetable_of(session, timetable_id))


def detail(
    session: Session,
    principal: Principal,
    timetable_id: UUID,
    language: str,
    part: Part = EVERYTHING,
) -> TimetableDetail:
    """Give a timetable with its meetings, or a part of them, in the order of time.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.MEETINGS_READ)
    board = load(session, timetable_of(session, timetable_id), part)
    return TimetableDetail(
        timetable=read_of(board.timetable),
        slots=[SlotSeen.model_validate(one) for one in board.slots.values()],
        tables=[PlaceSeen.model_validate(one) for one in board.places.values()],
        meetings=in_order(seen(session, board, board.meetings, language)),
    )


def frame(
    session: Session, principal: Principal, timetable_id: UUID
) -> tuple[list[SlotSeen], list[PlaceSeen]]:
    """Give the slots and meeting tables of a timetable.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.MEETINGS_READ)
    timetable = timetable_of(session, timetable_id)
    return (
        [SlotSeen.model_validate(one) for one in repository.slots(session, timetable.id)],
        [PlaceSeen.model_validate(one) for one in repository.places(session, timetable.id)],
    )


def participants(session: Session, principal: Principal, timetable_id: UUID, side: Kind) -> list[Partner]:
    """List the participants of a side who have meetings in a timetable, by name.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.MEETINGS_READ)
    wanted = repository.participants(session, timetable_of(session, timetable_id).id, side)
    found = [partner(one) for one in profiles.summaries(session, side, wanted).values()]
    return sorted(found, key=lambda one: (one.name.casefold(), one.id))


def waits_longest(session: Session, timetable: TimetableRead) -> Partner | None:
    """Give the participant of a timetable who has the most gaps."""
    worst = timetable.figures.worst_id
    if worst is None:
        return None
    return people(session, [worst]).get(worst)


def read_of(timetable: Timetable) -> TimetableRead:
    """Give a timetable without its meetings."""
    return TimetableRead.model_validate(
        {**timetable.model_dump(), "figures": Figures.model_validate(timetable.figures)}
    )


def seen(session: Session, board: Board, meetings: Iterable[Meeting], language: str) -> list[MeetingRead]:
    """Give meetings of a timetable as callers see them."""
    meetings = list(meetings)
    names = names_of(session, map(pair_of, meetings))
    # Thousands of meetings share a few slots and meeting tables.
    slots = {one: SlotSeen.model_validate(slot) for one, slot in board.slots.items()}
    places = {one: PlaceSeen.model_validate(place) for one, place in board.places.items()}
    return [_meeting(one, names, slots, places, language) for one in meetings]


def in_order(meetings: Iterable[MeetingRead]) -> list[MeetingRead]:
    """Put meetings in the order of time and meeting table; those without a slot come last."""

    def place(meeting: MeetingRead) -> tuple[object, ...]:
        names = meeting.entrepreneur.name.casefold(), meeting.exporter.name.casefold()
        if meeting.slot is None or meeting.table is None:
            return True, *names, meeting.id
        return False, meeting.slot.starts_at, meeting.table.position, *names, meeting.id

    return sorted(meetings, key=place)


def names_of(session: Session, pairs: Iterable[Pair]) -> dict[UUID, Partner]:
    """Give the participants of pairs as their partners see them."""
    pairs = list(pairs)
    found: dict[UUID, Partner] = {}
    for place, kind in enumerate(Kind):
        summaries = profiles.summaries(session, kind, {pair[place] for pair in pairs})
        found.update({one: partner(summary) for one, summary in summaries.items()})
    return found


def people(session: Session, profile_ids: Iterable[UUID]) -> dict[UUID, Partner]:
    """Give participants of either side as their partners see them."""
    wanted = set(profile_ids)
    return {
        one.id: partner(one) for kind in Kind for one in profiles.summaries(session, kind, wanted).values()
    }


def partner(summary: ProfileSummary) -> Partner:
    """Give a participant as its partners see it."""
    return Partner(id=summary.id, name=summary.display_name, country=summary.country, city=summary.city)


def reason_of(meeting: Meeting, names: Names, language: str) -> Message | None:
    """Say why a meeting is cancelled or not placed."""
    if meeting.reason is None or meeting.state not in {MeetingState.CANCELLED, MeetingState.UNPLACED}:
        return None
    due = meeting.exporter_id if meeting.reason_side == Kind.EXPORTER.value else meeting.entrepreneur_id
    tongue = language_name(meeting.language, language) if meeting.language else ""
    return Message(REASON_WORDS[meeting.reason].template, {"who": names[due].name, "language": tongue})


def _meeting(
    meeting: Meeting,
    names: Names,
    slots: Mapping[UUID, SlotSeen],
    places: Mapping[UUID, PlaceSeen],
    language: str,
) -> MeetingRead:
    said = reason_of(meeting, names, language)
    return MeetingRead.model_validate(
        {
            **meeting.model_dump(),
            "entrepreneur": names[meeting.entrepreneur_id],
            "exporter": names[meeting.exporter_id],
            "slot": slots[meeting.slot_id] if meeting.slot_id else None,
            "table": places[meeting.table_id] if meeting.table_id else None,
            "moved": is_moved(meeting),
            "reason": meeting.reason if said else None,
            "text": said.text(language) if said else "",
        }
    )


def day_of(slot: SlotSeen, time_zone: str) -> date:
    """Give the day on which a slot begins, by the clocks of a zone."""
    return slot.starts_at.astimezone(ZoneInfo(time_zone)).date()


def slot_seen(slots: Mapping[UUID, TimetableSlot], slot_id: UUID | None) -> SlotSeen | None:
    """Give a slot as callers see it."""
    return SlotSeen.model_validate(slots[slot_id]) if slot_id else None


def place_seen(places: Mapping[UUID, TimetablePlace], table_id: UUID | None) -> PlaceSeen | None:
    """Give a meeting table as callers see it."""
    return PlaceSeen.model_validate(places[table_id]) if table_id else None
