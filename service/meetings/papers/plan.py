"""A released timetable as the papers read it: plain values, no tables of the database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from service.profiles.vocabulary import Kind


@dataclass(frozen=True)
class PlanForum:
    """The forum whose plan it is."""

    code: str
    name: Mapping[str, str]
    """Its name by language; at least one is there."""
    host_country: str
    city: str
    time_zone: str
    """IANA name; every time on paper is in it, and is named."""


@dataclass(frozen=True)
class PlanParticipant:
    """A participant as its partners see it: no contact is on any paper."""

    id: UUID
    side: Kind
    name: str
    country: str
    city: str | None
    language: str
    """BCP 47 tag of the language it reads its papers in, such as `kk`, `kk-Arab`, `zh`."""
    live_url: str
    """Signed address of its live timetable; the QR code carries it."""


@dataclass(frozen=True)
class PlanSlot:
    """A time in which meetings are held."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    session: str
    """Name of the session that it belongs to; may be empty."""


@dataclass(frozen=True)
class PlanTable:
    """A meeting table or booth."""

    id: UUID
    label: str
    location: str
    """Hall or floor; may be empty."""


@dataclass(frozen=True)
class PlanMeeting:
    """A meeting that has its slot and table."""

    id: UUID
    entrepreneur_id: UUID
    exporter_id: UUID
    slot_id: UUID
    table_id: UUID
    interpreter: str | None
    """Language tag of the interpreter that it needs, or None."""


@dataclass(frozen=True)
class PlanCancellation:
    """A meeting that was promised once and is not held: calendars that have it take it out."""

    id: UUID
    entrepreneur_id: UUID
    exporter_id: UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class ForumPlan:
    """Everything that the papers of a release need; participants without meetings are in it too."""

    forum: PlanForum
    release: int
    """Number of the release; 0 stands for a draft, and the papers say so."""
    released_at: datetime
    participants: Mapping[UUID, PlanParticipant]
    slots: Mapping[UUID, PlanSlot]
    tables: Mapping[UUID, PlanTable]
    """In the organiser's order."""
    meetings: tuple[PlanMeeting, ...]
    cancelled: tuple[PlanCancellation, ...] = ()
    changes: int = 0
    """How often this release has changed since it was made: on the day a meeting may move or be cancelled."""

    @property
    def is_draft(self) -> bool:
        """Whether nothing of it is promised yet."""
        return self.release == 0

    @cached_property
    def in_time(self) -> tuple[PlanMeeting, ...]:
        """All meetings in the order of time, and of the tables within a slot."""
        place = {one: number for number, one in enumerate(self.tables)}
        return tuple(
            sorted(self.meetings, key=lambda one: (self.slots[one.slot_id].starts_at, place[one.table_id]))
        )

    @cached_property
    def meetings_of(self) -> Mapping[UUID, tuple[PlanMeeting, ...]]:
        """Meetings of each participant in the order of time."""
        found: dict[UUID, list[PlanMeeting]] = {one: [] for one in self.participants}
        for meeting in self.in_time:
            found[meeting.entrepreneur_id].append(meeting)
            found[meeting.exporter_id].append(meeting)
        return {one: tuple(meetings) for one, meetings in found.items()}

    def partner_of(self, participant_id: UUID, meeting: PlanMeeting) -> PlanParticipant:
        """Tell whom a participant meets."""
        is_exporter = participant_id == meeting.exporter_id
        return self.participants[meeting.entrepreneur_id if is_exporter else meeting.exporter_id]
