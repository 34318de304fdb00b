"""What is wrong with a timetable, or has become so since it was made."""

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from service.accounts.operations import require
from service.accounts.schemas import Permission, Principal
from service.meetings import repository
from service.meetings.board import pair_of, timetable_of
from service.meetings.models import Meeting
from service.meetings.placing import Desk, desk_of
from service.meetings.reading import in_order, partner, seen
from service.meetings.schemas import (
    Difficulties,
    Difficulty,
    MeetingState,
    ShortOfMeetings,
    TimetableState,
)
from service.platform import clock
from service.platform.database import Session
from service.platform.i18n import Message, message
from service.profiles import operations as profiles
from service.profiles.vocabulary import Kind


def difficulties(session: Session, principal: Principal, timetable_id: UUID, language: str) -> Difficulties:
    """Tell what is wrong with a timetable as the forum is set up now.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.MEETINGS_READ)
    desk = desk_of(session, timetable_of(session, timetable_id))
    obstacles = {one.id: text for one, text in _broken(desk)}
    broken = seen(session, desk.board, [one for one in desk.board.meetings if one.id in obstacles], language)
    return Difficulties(
        outdated=[one.text(language) for one in _outdated(session, desk)],
        broken=[Difficulty(meeting=one, text=obstacles[one.id].text(language)) for one in in_order(broken)],
        short=list(_short(session, desk)),
    )


def _outdated(session: Session, desk: Desk) -> Iterator[Message]:
    timetable, now = desk.board.timetable, clock.now()
    to_come = {one.slot_id for one in desk.board.slots.values() if one.starts_at > now}
    slots = {slot.id for slot in desk.set_up.slots}
    if to_come - slots or {one.id for one in desk.set_up.slots if one.starts_at > now} - to_come:
        yield message("The forum has other slots now than when this timetable was made.")
    if desk.board.places.keys() != {one.id for one in desk.set_up.tables}:
        yield message("The forum has other meeting tables now than when this timetable was made.")
    if timetable.state == TimetableState.DRAFT.value:
        release = repository.in_state(session, timetable.forum_id, TimetableState.RELEASED)
        now_there = (release.id, release.revision) if release else (None, None)
        if now_there != (timetable.base_id, timetable.base_revision):
            yield message("The release has changed since this draft was made: make the draft again.")


def _broken(desk: Desk) -> Iterator[tuple[Meeting, Message]]:
    """Find the meetings to come that cannot be where they are."""
    now = clock.now()
    needed: Counter[tuple[str, UUID]] = Counter()
    for one in desk.board.meetings:
        if one.state != MeetingState.PLANNED.value or one.slot_id is None:
            continue
        if desk.board.slots[one.slot_id].starts_at <= now:
            continue
        absent = desk.absent(one, one.slot_id)
        if absent is not None:
            yield one, absent
        elif one.language is not None:
            needed[one.language, one.slot_id] += 1
            if needed[one.language, one.slot_id] > desk.interpreters.get((one.language, one.slot_id), 0):
                time = desk.time_of(one.slot_id)
                yield one, message("No interpreter of the language is free at {time}.", time=time)


def _short(session: Session, desk: Desk) -> Iterator[ShortOfMeetings]:
    placed = Counter(end for one in desk.board.placed() for end in pair_of(one))
    for kind in Kind:
        short = {
            one: least
            for one, (least, _) in desk.set_up.limits[kind].items()
            if placed[one] < least and one not in desk.withdrawn
        }
        found = [partner(summary) for summary in profiles.summaries(session, kind, short).values()]
        for one in sorted(found, key=lambda known: (known.name.casefold(), known.id)):
            yield ShortOfMeetings(participant=one, side=kind, placed=placed[one.id], least=short[one.id])
