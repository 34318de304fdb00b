"""Where a meeting can be: what stands in the way of a place, in words, and changing places."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from service.forums.planning import ForumSetUp, set_up_of
from service.match_lists.schemas import Partner
from service.meetings import repository
from service.meetings.board import Board, end_of, load, measure, pair_of
from service.meetings.gathering import free_slots, interpreters_of, withdrawn_profiles
from service.meetings.models import Meeting, Timetable
from service.meetings.reading import people
from service.meetings.schemas import EVERYTHING, MeetingState, Part, Reason
from service.platform.database import Session
from service.platform.i18n import Message, message
from service.platform.problems import Conflict, NotFound
from service.profiles.vocabulary import Kind


@dataclass(frozen=True)
class Desk:
    """A timetable on which meetings are moved, with what the forum allows now."""

    session: Session
    board: Board
    set_up: ForumSetUp
    withdrawn: set[UUID]
    names: dict[UUID, Partner] = field(default_factory=dict)
    """Whom it has met so far; most steps need nobody's name."""

    @cached_property
    def free(self) -> dict[UUID, frozenset[UUID]]:
        """The slots in which each participant is available."""
        return free_slots(self.set_up)

    @cached_property
    def interpreters(self) -> dict[tuple[str, UUID], int]:
        """How many interpreters of a language there are in a slot."""
        return {
            (language, slot.id): there
            for language, row in interpreters_of(self.set_up).items()
            for slot, there in zip(self.set_up.slots, row, strict=True)
        }

    @cached_property
    def _set_up_slots(self) -> frozenset[UUID]:
        return frozenset(slot.id for slot in self.set_up.slots)

    def obstacle(self, meeting: Meeting, slot_id: UUID, table_id: UUID | None) -> Message | None:
        """Say what stands in the way of a place for a meeting; without a table, of any in the slot.

        Raises NotFound for a slot or meeting table that the timetable does not have.
        """
        if slot_id not in self.board.slots or (table_id is not None and table_id not in self.board.places):
            raise NotFound(message("There is no such slot or meeting table in this timetable."))
        others = [one for one in self.board.placed() if one.slot_id == slot_id and one.id != meeting.id]
        return self._obstacle_beside(others, meeting, slot_id, table_id)

    def obstacles(
        self, meeting: Meeting, table_id: UUID | None = None
    ) -> Iterator[tuple[UUID, Message | None]]:
        """Say of each slot in the order of time what stands in the way, as `obstacle` says of one."""
        others = defaultdict(list)
        for one in self.board.placed():
            if one.id != meeting.id:
                others[one.slot_id].append(one)
        for slot_id in self.board.slots:
            yield slot_id, self._obstacle_beside(others[slot_id], meeting, slot_id, table_id)

    def _obstacle_beside(
        self, others: list[Meeting], meeting: Meeting, slot_id: UUID, table_id: UUID | None
    ) -> Message | None:
        return (
            self.absent(meeting, slot_id)
            or self._busy(meeting, others)
            or self._table_taken(others, table_id)
            or self.no_interpreter(meeting, slot_id, others)
        )

    def absent(self, meeting: Meeting, slot_id: UUID) -> Message | None:
        """Say who of a meeting cannot be there in a slot."""
        if slot_id not in self._set_up_slots:
            return message("The slot at {time} is not in the set-up any more.", time=self.time_of(slot_id))
        for one in pair_of(meeting):
            if one in self.withdrawn:
                return message("{who} has withdrawn.", who=self.who(one))
            if one not in self.free:
                return message("{who} does not take part in the forum any more.", who=self.who(one))
            if slot_id not in self.free[one]:
                return message(
                    "{who} is not available at {time}.", who=self.who(one), time=self.time_of(slot_id)
                )
        return None

    def _busy(self, meeting: Meeting, others: list[Meeting]) -> Message | None:
        for side, other_side in ((Kind.ENTREPRENEUR, Kind.EXPORTER), (Kind.EXPORTER, Kind.ENTREPRENEUR)):
            one = end_of(meeting, side)
            for other in others:
                if end_of(other, side) == one:
                    return message(
                        "{who} meets {partner} at {time}.",
                        who=self.who(one),
                        partner=self.who(end_of(other, other_side)),
                        time=self.time_of(other.slot_id),
                    )
        return None

    def _table_taken(self, others: list[Meeting], table_id: UUID | None) -> Message | None:
        if table_id is None:
            if len({other.table_id for other in others}) < len(self.board.places):
                return None
            return message("All meeting tables are taken at {time}.", time=self.time_of(others[0].slot_id))
        for other in others:
            if other.table_id == table_id:
                return message(
                    "{one} and {other} are at meeting table {table} at {time}.",
                    one=self.who(other.entrepreneur_id),
                    other=self.who(other.exporter_id),
                    table=self.board.places[table_id].label,
                    time=self.time_of(other.slot_id),
                )
        return None

    def no_interpreter(self, meeting: Meeting, slot_id: UUID, others: list[Meeting]) -> Message | None:
        """Say that no interpreter is left beside the other meetings of a slot, where one is needed."""
        if meeting.language is None:
            return None
        there = self.interpreters.get((meeting.language, slot_id), 0)
        if sum(other.language == meeting.language for other in others) < there:
            return None
        return message("No interpreter of the language is free at {time}.", time=self.time_of(slot_id))

    def who(self, profile_id: UUID) -> str:
        """Give the name of a participant."""
        if profile_id not in self.names:
            self.names.update(people(self.session, [profile_id]))
        return self.names[profile_id].name

    def time_of(self, slot_id: UUID | None) -> datetime:
        """Give the start of a slot by the forum's clocks."""
        assert slot_id is not None
        zone = ZoneInfo(self.set_up.forum.time_zone)
        return self.board.slots[slot_id].starts_at.astimezone(zone)

    def free_table(self, meeting: Meeting, slot_id: UUID) -> UUID:
        """Choose a meeting table in a slot that is not full: its own where that is free, else the first."""
        taken = {
            one.table_id for one in self.board.placed() if one.slot_id == slot_id and one.id != meeting.id
        }
        own = [meeting.table_id] if meeting.table_id else []
        return next(one for one in [*own, *self.board.places] if one not in taken)

    def put(self, meeting: Meeting, slot_id: UUID, table_id: UUID | None) -> None:
        """Give a meeting a place.

        Raises NotFound, Conflict with what stands in the way.
        """
        obstacle = self.obstacle(meeting, slot_id, table_id)
        if obstacle is not None:
            raise Conflict(message("The meeting cannot be there: {obstacle}", obstacle=obstacle))
        meeting.table_id = table_id or self.free_table(meeting, slot_id)
        meeting.slot_id = slot_id
        meeting.state = MeetingState.PLANNED.value
        meeting.reason = meeting.reason_side = None

    def swap_tables(self, one: Meeting, other: Meeting) -> None:
        """Let two meetings of one slot change their meeting tables.

        Raises Conflict when they are not in one slot.
        """
        if one.slot_id is None or one.slot_id != other.slot_id:
            raise Conflict(message("Only meetings of one slot can change their meeting tables."))
        tables, place = (other.table_id, one.table_id), one.slot_id
        # The database holds a table to one meeting at every moment: one of the two steps aside.
        pinned, one.pinned_slot = one.pinned_slot, False
        one.state, one.slot_id, one.table_id = MeetingState.UNPLACED.value, None, None
        one.reason = Reason.ORGANISER.value
        self.session.flush()
        other.table_id = tables[1]
        self.session.flush()
        one.state, one.slot_id, one.table_id, one.reason = MeetingState.PLANNED.value, place, tables[0], None
        one.pinned_slot = pinned

    def places_for(self, meeting: Meeting, table_id: UUID | None = None) -> Iterator[UUID]:
        """Give the slots in which a meeting can be, at a meeting table or any, in the order of time."""
        return (slot for slot, obstacle in self.obstacles(meeting, table_id) if obstacle is None)

    def changed(self) -> None:
        """Count a change of the timetable, and its figures again."""
        seats = repository.seats(self.session, self.board.timetable.id)
        figures = measure(seats, self.board.slots, self.board.places, self.free)
        self.board.timetable.figures = figures.model_dump(mode="json")
        self.board.timetable.revision += 1


def desk_of(session: Session, timetable: Timetable, part: Part = EVERYTHING) -> Desk:
    """Lay out a timetable to move meetings on it: all of them, or those that a step is about."""
    return Desk(
        session,
        load(session, timetable, part),
        set_up_of(session, timetable.forum_id),
        withdrawn_profiles(session, timetable.forum_id),
    )
