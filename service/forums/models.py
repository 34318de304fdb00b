"""Tables of the forums."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.forums.schemas import (
    ForumFields,
    InterpreterShiftFields,
    MeetingTableFields,
    ReservedShareFields,
    SessionFields,
)
from service.platform.database import UtcDateTime


class Forum(ForumFields, table=True):
    """A forum in a host country."""

    __tablename__ = "forum"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="ends_after_start"),
        CheckConstraint(
            "phase IN ('registration', 'preferences', 'draft', 'published', 'live', 'follow_up')",
            name="phase_known",
        ),
        CheckConstraint(
            "0 <= entrepreneur_min AND entrepreneur_min <= entrepreneur_max", name="entrepreneur_limits"
        ),
        CheckConstraint("0 <= exporter_min AND exporter_min <= exporter_max", name="exporter_limits"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    code: str = Field(max_length=40, unique=True)
    name: dict[str, str] = Field(sa_type=JSON)
    phase: str = Field(default="registration", max_length=12)
    revision: int = 1
    created_at: datetime = Field(sa_type=UtcDateTime)


class ForumParticipant(SQLModel, table=True):
    """A profile that takes part in a forum: one of the two ids is set."""

    __tablename__ = "forum_participant"
    __table_args__ = (
        CheckConstraint("(entrepreneur_id IS NULL) <> (exporter_id IS NULL)", name="one_side"),
        UniqueConstraint("forum_id", "entrepreneur_id"),
        UniqueConstraint("forum_id", "exporter_id"),
        CheckConstraint("min_meetings >= 0 AND max_meetings >= 0", name="limits_not_negative"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    forum_id: UUID = Field(foreign_key="forum.id", ondelete="CASCADE")
    entrepreneur_id: UUID | None = Field(default=None, foreign_key="entrepreneur.id", ondelete="CASCADE")
    exporter_id: UUID | None = Field(default=None, foreign_key="exporter.id", ondelete="CASCADE")
    added_at: datetime = Field(sa_type=UtcDateTime)
    added_by: str = Field(max_length=80)
    by_filter: bool = False
    min_meetings: int | None = Field(default=None, description="Own limit; None means the forum's.")
    max_meetings: int | None = Field(default=None, description="Own limit; None means the forum's.")
    time_zone: str | None = Field(default=None, max_length=60, description="In which it told its times.")
    revision: int = 1


class PairExclusion(SQLModel, table=True):
    """Two participants that must not be proposed to each other at a forum."""

    __tablename__ = "pair_exclusion"
    __table_args__ = (
        CheckConstraint("reason IN ('organiser', 'said_no', 'has_met')", name="reason_known"),
        UniqueConstraint("forum_id", "entrepreneur_id", "exporter_id"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    forum_id: UUID = Field(foreign_key="forum.id", ondelete="CASCADE")
    entrepreneur_id: UUID = Field(foreign_key="entrepreneur.id", ondelete="CASCADE")
    exporter_id: UUID = Field(foreign_key="exporter.id", ondelete="CASCADE")
    reason: str = Field(max_length=20)
    note: str = Field(max_length=500)
    created_at: datetime = Field(sa_type=UtcDateTime)
    created_by: str = Field(max_length=80)


class PinnedPair(SQLModel, table=True):
    """Two participants that shall meet at a forum whatever else is decided."""

    __tablename__ = "pinned_pair"
    __table_args__ = (
        CheckConstraint("reason IN ('organiser', 'accepted')", name="reason_known"),
        UniqueConstraint("forum_id", "entrepreneur_id", "exporter_id"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    forum_id: UUID = Field(foreign_key="forum.id", ondelete="CASCADE")
    entrepreneur_id: UUID = Field(foreign_key="entrepreneur.id", ondelete="CASCADE")
    exporter_id: UUID = Field(foreign_key="exporter.id", ondelete="CASCADE")
    reason: str = Field(max_length=20)
    note: str = Field(max_length=500)
    # What a fixed meeting stands on cannot go away under it.
    slot_id: UUID | None = Field(default=None, foreign_key="slot.id")
    table_id: UUID | None = Field(default=None, foreign_key="meeting_table.id")
    created_at: datetime = Field(sa_type=UtcDateTime)
    created_by: str = Field(max_length=80)


class PairOverride(SQLModel, table=True):
    """An organiser's word that two may be proposed at a forum although one said no, or they have met."""

    __tablename__ = "pair_override"
    __table_args__ = (UniqueConstraint("forum_id", "entrepreneur_id", "exporter_id"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    forum_id: UUID = Field(foreign_key="forum.id", ondelete="CASCADE")
    entrepreneur_id: UUID = Field(foreign_key="entrepreneur.id", ondelete="CASCADE")
    exporter_id: UUID = Field(foreign_key="exporter.id", ondelete="CASCADE")
    note: str = Field(max_length=500)
    created_at: datetime = Field(sa_type=UtcDateTime)
    created_by: str = Field(max_length=80)


class Preference(SQLModel, table=True):
    """What one participant wishes of another: must, want or no."""

    __tablename__ = "preference"
    __table_args__ = (
        CheckConstraint("said_by IN ('entrepreneur', 'exporter')", name="side_known"),
        CheckConstraint("wish IN ('must', 'want', 'no')", name="wish_known"),
        UniqueConstraint("forum_id", "entrepreneur_id", "exporter_id", "said_by"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    forum_id: UUID = Field(foreign_key="forum.id", ondelete="CASCADE")
    entrepreneur_id: UUID = Field(foreign_key="entrepreneur.id", ondelete="CASCADE")
    exporter_id: UUID = Field(foreign_key="exporter.id", ondelete="CASCADE")
    said_by: str = Field(max_length=12)
    wish: str = Field(max_length=4)
    created_at: datetime = Field(sa_type=UtcDateTime)
    created_by: str = Field(max_length=80)


class ForumSession(SessionFields, table=True):
    """A stretch of time in which meetings are held, cut into slots."""

    __tablename__ = "forum_session"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="ends_after_start"),
        CheckConstraint("meeting_minutes > 0 AND buffer_minutes >= 0", name="minutes_in_range"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    forum_id: UUID = Field(foreign_key="forum.id", ondelete="CASCADE", index=True)
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)


class Slot(SQLModel, table=True):
    """A time in which a participant holds at most one meeting."""

    __tablename__ = "slot"
    __table_args__ = (
        UniqueConstraint("forum_id", "starts_at"),
        CheckConstraint("starts_at < ends_at", name="ends_after_start"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    forum_id: UUID = Field(foreign_key="forum.id", ondelete="CASCADE")
    session_id: UUID = Field(foreign_key="forum_session.id", ondelete="CASCADE", index=True)
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)


class MeetingTable(MeetingTableFields, table=True):
    """A meeting table or booth."""

    __tablename__ = "meeting_table"
    __table_args__ = (UniqueConstraint("forum_id", "label"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    forum_id: UUID = Field(foreign_key="forum.id", ondelete="CASCADE")
    position: int


class InterpreterShift(InterpreterShiftFields, table=True):
    """How many interpreters of a language are there, and when."""

    __tablename__ = "interpreter_shift"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="ends_after_start"),
        CheckConstraint("interpreters > 0", name="somebody_there"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    forum_id: UUID = Field(foreign_key="forum.id", ondelete="CASCADE", index=True)
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)


class MeetingRule(SQLModel, table=True):
    """Who may meet whom: a filter of each side, and what holds between those they find."""

    __tablename__ = "meeting_rule"
    __table_args__ = (
        CheckConstraint("effect IN ('never', 'entrepreneurs_only', 'exporters_only')", name="effect_known"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    forum_id: UUID = Field(foreign_key="forum.id", ondelete="CASCADE", index=True)
    effect: str = Field(max_length=20)
    entrepreneurs: dict[str, Any] = Field(sa_type=JSON)
    exporters: dict[str, Any] = Field(sa_type=JSON)
    note: str = Field(max_length=500)
    created_at: datetime = Field(sa_type=UtcDateTime)


class ReservedShare(ReservedShareFields, table=True):
    """A part of the meetings that is kept for some exporters, as far as it can be."""

    __tablename__ = "reserved_share"
    __table_args__ = (
        CheckConstraint("percent BETWEEN 1 AND 100", name="percent_in_range"),
        CheckConstraint(
            "criterion IN ('programme', 'kandas_owned', 'rural', 'region')", name="criterion_known"
        ),
        UniqueConstraint("forum_id", "criterion", "value"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    forum_id: UUID = Field(foreign_key="forum.id", ondelete="CASCADE")
    position: int


class Availability(SQLModel, table=True):
    """A time in which a participant can meet; one without any can meet at all times."""

    __tablename__ = "availability"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="ends_after_start"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    participant_id: UUID = Field(foreign_key="forum_participant.id", ondelete="CASCADE", index=True)
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)
