"""A forum on its day: released, with everybody and every meeting at hand."""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import product
from typing import Any
from uuid import UUID

from service.accounts.schemas import SYSTEM, Principal
from service.forums.participant_links import LinkedParticipant, participants_by_profile
from service.meetings import day, desk_view, reading, repository, steps
from service.meetings.day_schemas import (
    ArrivalNote,
    DayCancel,
    DayFill,
    DayMove,
    DayPresence,
    DaySwap,
    StepRead,
)
from service.meetings.models import Meeting
from service.meetings.steps import values_of
from service.platform.database import Database
from service.profiles.vocabulary import Kind
from tests.factories.meetings import LINKS, make_release, meetings_of, pin_pairs, set_up_forum

EARLY = datetime(2027, 3, 10, 7, tzinfo=UTC)
"""An hour before the first slot."""
DURING = datetime(2027, 3, 10, 8, 40, tzinfo=UTC)
"""While the second slot of four runs."""


class Day:
    """A released forum of two by two with four slots and two meeting tables, and the steps of its desk."""

    def __init__(self, database: Database, *, pairs: Iterable[tuple[int, int]] | None = None, **changes: Any):
        self.database = database
        self.forum, self.ones, self.others = set_up_forum(database, **changes)
        chosen = product(range(len(self.ones)), range(len(self.others))) if pairs is None else pairs
        pin_pairs(database, self.forum, [(self.ones[one], self.others[other]) for one, other in chosen])
        self.release = make_release(database, self.forum)
        with database.read() as session:
            slots, tables = reading.frame(session, SYSTEM, self.release)
        self.slots = [one.slot_id for one in slots]
        self.tables = [one.table_id for one in tables]

    def meeting(self, one: int, other: int) -> Meeting:
        """Give the meeting of two as it stands."""
        return meetings_of(self.database, self.release)[self.ones[one], self.others[other]]

    def meetings(self) -> list[Meeting]:
        """Give every meeting as it stands."""
        return list(meetings_of(self.database, self.release).values())

    def free_slot(self, *, since: int = 0) -> UUID:
        """Give a slot in which nobody meets."""
        taken = {one.slot_id for one in self.meetings() if one.state in {"planned", "held"}}
        return next(slot for slot in self.slots[since:] if slot not in taken)

    def speaker(self, kind: Kind, number: int = 0) -> LinkedParticipant:
        """Give a participant as its link names it."""
        profile = (self.ones if kind is Kind.ENTREPRENEUR else self.others)[number]
        with self.database.read() as session:
            participant = participants_by_profile(session, self.forum)[profile]
        return LinkedParticipant(participant, self.forum, kind, profile)

    def arrive(self, profile: UUID, *, arrived: bool = True) -> None:
        """Note that a participant is there."""
        with self.database.write() as session:
            day.note_arrival(session, SYSTEM, self.forum, profile, ArrivalNote(arrived=arrived))

    def move(self, meeting: Meeting, slot: UUID, table: UUID | None = None, **changes: Any) -> None:
        """Move a meeting."""
        wanted = DayMove(slot_id=slot, table_id=table, **changes)
        with self.database.write() as session:
            day.move(session, SYSTEM, LINKS, self.forum, meeting.id, wanted)

    def swap(self, one: Meeting, other: Meeting, **changes: Any) -> None:
        """Let two meetings change their tables."""
        wanted = DaySwap(other_id=other.id, **changes)
        with self.database.write() as session:
            day.swap_tables(session, SYSTEM, LINKS, self.forum, one.id, wanted)

    def cancel(self, meeting: Meeting, note: str = "ill", **changes: Any) -> None:
        """Cancel a meeting."""
        with self.database.write() as session:
            wanted = DayCancel(note=note, **changes)
            day.cancel(session, SYSTEM, LINKS, self.forum, meeting.id, wanted)

    def fill(self, one: UUID, other: UUID, slot: UUID, table: UUID | None = None) -> UUID:
        """Add a meeting."""
        wanted = DayFill(entrepreneur_id=one, exporter_id=other, slot_id=slot, table_id=table)
        with self.database.write() as session:
            return day.fill(session, SYSTEM, LINKS, self.forum, wanted)

    def presence(self, meeting: Meeting, one: bool | None, other: bool | None, **changes: Any) -> None:
        """Note who came."""
        wanted = DayPresence(entrepreneur_present=one, exporter_present=other, **changes)
        with self.database.write() as session:
            day.note_presence(session, SYSTEM, self.forum, meeting.id, wanted)

    def log(self) -> list[StepRead]:
        """Give the steps, the latest first."""
        with self.database.read() as session:
            return desk_view.log(session, SYSTEM, self.forum)

    def undo(self, number: int | None = None, principal: Principal = SYSTEM) -> None:
        """Take a step back: the latest that stands, or one by its number."""
        open_steps = [one for one in self.log() if one.undone_at is None]
        step = next(one for one in open_steps if number in {None, one.number})
        with self.database.write() as session:
            steps.undo(session, principal, LINKS, self.forum, step.id)

    def state(self) -> object:
        """Give everything that steps change, to compare."""
        with self.database.read() as session:
            ids = participants_by_profile(session, self.forum)
            lock = repository.printing_lock(session, self.forum)
            return (
                sorted((values_of(one) for one in repository.meetings(session, self.release)), key=str),
                sorted(
                    (values_of(one) for one in repository.arrivals(session, ids.values()).values()), key=str
                ),
                [values_of(one) for one in repository.requests(session, self.forum)],
                values_of(lock) if lock else None,
                sorted(map(str, ids)),
            )
