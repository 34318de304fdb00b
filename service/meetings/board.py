"""A timetable laid out before somebody who decides about it: slots, meeting tables, meetings."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from uuid import UUID

from service.meetings import repository
from service.meetings.models import Meeting, Timetable, TimetablePlace, TimetableSlot
from service.meetings.repository import Seat
from service.meetings.schemas import EVERYTHING, TAKES_ITS_PLACE, Figures, MeetingState, Part
from service.platform.database import Session
from service.platform.i18n import message
from service.platform.problems import Conflict, NotFound
from service.profiles.vocabulary import Kind

Pair = tuple[UUID, UUID]
"""An entrepreneur and an exporter."""


def pair_of(meeting: Meeting | Seat) -> Pair:
    """Give who meets."""
    return meeting.entrepreneur_id, meeting.exporter_id


def end_of(meeting: Meeting, side: Kind) -> UUID:
    """Give the participant of a side."""
    return meeting.entrepreneur_id if side is Kind.ENTREPRENEUR else meeting.exporter_id


def takes_its_place(meeting: Meeting | Seat) -> bool:
    """Tell whether nothing else may be where this meeting is."""
    return meeting.state in TAKES_ITS_PLACE


@dataclass(frozen=True)
class Board:
    """One timetable, with all of its meetings or with those that are looked at."""

    timetable: Timetable
    slots: Mapping[UUID, TimetableSlot]
    """In the order of time."""
    places: Mapping[UUID, TimetablePlace]
    """In their order."""
    meetings: list[Meeting]

    @cached_property
    def by_pair(self) -> dict[Pair, Meeting]:
        """The meeting of each pair."""
        return {pair_of(meeting): meeting for meeting in self.meetings}

    def placed(self) -> Iterator[Meeting]:
        """Give the meetings that nothing else may be beside, in their order."""
        return (meeting for meeting in self.meetings if takes_its_place(meeting))

    def meeting(self, meeting_id: UUID) -> Meeting:
        """Find a meeting.

        Raises NotFound.
        """
        for meeting in self.meetings:
            if meeting.id == meeting_id:
                return meeting
        raise NotFound(message("There is no such meeting in this timetable."))


def load(session: Session, timetable: Timetable, part: Part = EVERYTHING) -> Board:
    """Lay out a timetable, with all of its meetings or a part of them."""
    return Board(
        timetable,
        {slot.slot_id: slot for slot in repository.slots(session, timetable.id)},
        {place.table_id: place for place in repository.places(session, timetable.id)},
        repository.meetings(session, timetable.id, part),
    )


def same_slot(before: TimetableSlot, slots: Mapping[UUID, TimetableSlot]) -> UUID | None:
    """Find a slot again among others; one that was cut anew is known by its times."""
    if before.slot_id in slots:
        return before.slot_id
    times = before.starts_at, before.ends_at
    return next((one.slot_id for one in slots.values() if (one.starts_at, one.ends_at) == times), None)


def same_place(before: TimetablePlace, places: Mapping[UUID, TimetablePlace]) -> UUID | None:
    """Find a meeting table again among others; one that was set up anew is known by its label."""
    if before.table_id in places:
        return before.table_id
    return next((one.table_id for one in places.values() if one.label == before.label), None)


def timetable_of(session: Session, timetable_id: UUID, *, lock: bool = False) -> Timetable:
    """Find a timetable for a decision; locked, nobody else changes it before the commit.

    Raises NotFound.
    """
    timetable = repository.get(session, timetable_id, lock=lock)
    if timetable is None:
        raise NotFound(message("There is no such timetable."))
    return timetable


def check_revision(timetable: Timetable, expected: int | None) -> None:
    """Refuse what was decided before a timetable that has changed since.

    Raises Conflict.
    """
    if expected is not None and expected != timetable.revision:
        raise Conflict(
            message("Somebody else changed the timetable in the meantime. Look at it again, then repeat.")
        )


def measure(
    meetings: Iterable[Meeting | Seat],
    slots: Iterable[UUID],
    places: Mapping[UUID, TimetablePlace],
    available: Mapping[UUID, frozenset[UUID]],
) -> Figures:
    """Count what participants feel of a timetable; `available` gives the slots of each."""
    in_order = list(slots)
    number_of = {slot: number for number, slot in enumerate(in_order)}
    of: dict[UUID, list[tuple[int, str]]] = defaultdict(list)
    figures = Figures()
    for meeting in meetings:
        if takes_its_place(meeting):
            assert meeting.slot_id is not None
            assert meeting.table_id is not None
            seat = number_of[meeting.slot_id], places[meeting.table_id].location
            for one in pair_of(meeting):
                of[one].append(seat)
        figures.unplaced += meeting.state == MeetingState.UNPLACED.value
        figures.moved += is_moved(meeting)
    figures.placed = sum(map(len, of.values())) // 2
    for one in sorted(of):
        free = available.get(one, frozenset())
        own = 0
        for (start, here), (end, there) in pairwise(sorted(of[one])):
            waiting = sum(slot in free for slot in in_order[start + 1 : end])
            own += waiting
            figures.breaks += waiting > 0
            figures.location_changes += here != there
        figures.gaps += own
        if own > figures.worst_gaps:
            figures.worst_id, figures.worst_gaps = one, own
    return figures


def is_moved(meeting: Meeting | Seat) -> bool:
    """Tell whether a meeting has another slot than in the latest release."""
    return (
        takes_its_place(meeting)
        and meeting.released_slot_id is not None
        and meeting.slot_id != meeting.released_slot_id
    )
