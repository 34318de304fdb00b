"""Tables of the meetings.

The pair of an entrepreneur and an exporter is what a meeting is known by at its forum: every timetable has
rows of its own, and what people say about a meeting is kept by the pair, so that it outlives each release.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from service.platform.database import UtcDateTime

_TAKES_ITS_PLACE = text("state IN ('planned', 'held')")
_IS_DRAFT = text("state = 'draft'")
_IS_RELEASED = text("state = 'released'")
_IS_UNDER_WAY = text("state IN ('queued', 'working')")


class Timetable(SQLModel, table=True):
    """A draft, or a numbered release, of all meetings of a forum."""

    __tablename__ = "timetable"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'released', 'superseded')", name="state_known"),
        CheckConstraint("(number IS NULL) = (released_at IS NULL)", name="releases_are_numbered"),
        CheckConstraint("state <> 'draft' OR number IS NULL", name="draft_has_no_number"),
        CheckConstraint("state <> 'released' OR number IS NOT NULL", name="release_has_a_number"),
        UniqueConstraint("forum_id", "number"),
        # Two that are made at the same time cannot both become the forum's draft, or its release.
        Index(
            "uq_timetable_draft",
            "forum_id",
            unique=True,
            sqlite_where=_IS_DRAFT,
            postgresql_where=_IS_DRAFT,
        ),
        Index(
            "uq_timetable_release",
            "forum_id",
            unique=True,
            sqlite_where=_IS_RELEASED,
            postgresql_where=_IS_RELEASED,
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    forum_id: UUID = Field(foreign_key="forum.id")
    state: str = Field(default="draft", max_length=12)
    number: int | None = Field(default=None, description="Of the release; a draft has none.")
    revision: int = Field(default=1, description="Counts the changes of meetings, slots and tables.")
    base_id: UUID | None = Field(
        default=None, foreign_key="timetable.id", description="The release that it repairs."
    )
    base_revision: int | None = Field(default=None, description="Revision of that release when it was read.")
    only_accepted: bool = Field(description="Only pairs whose two sides said yes, or all not declined.")
    figures: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    made_at: datetime = Field(sa_type=UtcDateTime)
    made_by: str = Field(max_length=80)
    released_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    released_by: str | None = Field(default=None, max_length=80)


class TimetableSlot(SQLModel, table=True):
    """A slot as the timetable uses it; it stays when the forum is cut into others."""

    __tablename__ = "timetable_slot"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="ends_after_start"),)

    timetable_id: UUID = Field(foreign_key="timetable.id", ondelete="CASCADE", primary_key=True)
    slot_id: UUID = Field(primary_key=True)
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)
    session_name: str = Field(default="", max_length=120)


class TimetablePlace(SQLModel, table=True):
    """A meeting table as the timetable uses it; it stays when the forum has others."""

    __tablename__ = "timetable_place"

    timetable_id: UUID = Field(foreign_key="timetable.id", ondelete="CASCADE", primary_key=True)
    table_id: UUID = Field(primary_key=True)
    label: str = Field(max_length=20)
    location: str = Field(max_length=80)
    position: int


def _once_a_slot(column: str) -> Index:
    """Keep a participant or a meeting table to one meeting in a slot, whoever writes at the same time."""
    return Index(
        f"uq_meeting_{column}_a_slot",
        "timetable_id",
        "slot_id",
        column,
        unique=True,
        sqlite_where=_TAKES_ITS_PLACE,
        postgresql_where=_TAKES_ITS_PLACE,
    )


class Meeting(SQLModel, table=True):
    """A meeting of a pair in one timetable, with or without its slot and meeting table."""

    __tablename__ = "meeting"
    __table_args__ = (
        ForeignKeyConstraint(
            ["timetable_id", "slot_id"], ["timetable_slot.timetable_id", "timetable_slot.slot_id"]
        ),
        ForeignKeyConstraint(
            ["timetable_id", "table_id"],
            ["timetable_place.timetable_id", "timetable_place.table_id"],
            name="fk_meeting_table_id",
        ),
        UniqueConstraint("timetable_id", "entrepreneur_id", "exporter_id"),
        _once_a_slot("entrepreneur_id"),
        _once_a_slot("exporter_id"),
        _once_a_slot("table_id"),
        CheckConstraint(
            "state IN ('planned', 'unplaced', 'held', 'no_show', 'cancelled')", name="state_known"
        ),
        CheckConstraint("(slot_id IS NULL) = (table_id IS NULL)", name="whole_place"),
        CheckConstraint("state NOT IN ('planned', 'held', 'no_show') OR slot_id IS NOT NULL", name="placed"),
        CheckConstraint("state <> 'unplaced' OR slot_id IS NULL", name="unplaced_has_no_place"),
        CheckConstraint("state NOT IN ('unplaced', 'cancelled') OR reason IS NOT NULL", name="says_why"),
        CheckConstraint(
            "state <> 'no_show' OR entrepreneur_present = false OR exporter_present = false",
            name="somebody_absent",
        ),
        CheckConstraint("reason_side IN ('entrepreneur', 'exporter')", name="reason_side_known"),
        CheckConstraint("NOT pinned_slot OR slot_id IS NOT NULL", name="pinned_where_it_is"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    timetable_id: UUID = Field(foreign_key="timetable.id", ondelete="CASCADE")
    entrepreneur_id: UUID = Field(foreign_key="entrepreneur.id")
    exporter_id: UUID = Field(foreign_key="exporter.id")
    score: float | None = Field(default=None, description="Of the pair on the match list; None by hand.")
    slot_id: UUID | None = None
    table_id: UUID | None = None
    released_slot_id: UUID | None = Field(
        default=None, description="Where the release put it; never changes."
    )
    released_table_id: UUID | None = None
    language: str | None = Field(default=None, max_length=20, description="Of the interpreter it needs.")
    pinned_slot: bool = False
    pinned_table: bool = False
    by_hand: bool = Field(default=False, description="An organiser or the desk added it.")
    state: str = Field(default="planned", max_length=10)
    reason: str | None = Field(default=None, max_length=30, description="Why it is not placed, or cancelled.")
    reason_side: str | None = Field(default=None, max_length=12, description="To whom that is due.")
    note: str = Field(default="", max_length=500)
    entrepreneur_present: bool | None = Field(default=None, description="None: nobody has said so yet.")
    exporter_present: bool | None = None
    presence_by: str | None = Field(
        default=None, max_length=80, description="Who of the organisers noted it; None: the sides did."
    )


class TimetableRun(SQLModel, table=True):
    """The making of a draft: asked for, under way, done, or given up with the reason in words."""

    __tablename__ = "timetable_run"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'working', 'done', 'failed')", name="state_known"),
        Index(
            "uq_timetable_run_under_way",
            "forum_id",
            unique=True,
            sqlite_where=_IS_UNDER_WAY,
            postgresql_where=_IS_UNDER_WAY,
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    forum_id: UUID = Field(foreign_key="forum.id")
    state: str = Field(default="queued", max_length=8)
    only_accepted: bool
    meetings: int = Field(description="How many there are to place.")
    seconds: float = Field(description="Granted for it.")
    asked_at: datetime = Field(sa_type=UtcDateTime)
    asked_by: str = Field(max_length=80)
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    timetable_id: UUID | None = Field(default=None, foreign_key="timetable.id", ondelete="SET NULL")
    problem: dict[str, Any] | None = Field(
        default=None, sa_type=JSON, description="A sentence and its places."
    )


class Withdrawal(SQLModel, table=True):
    """A participant that does not come after all; its place in the forum stays on record."""

    __tablename__ = "withdrawal"

    participant_id: UUID = Field(foreign_key="forum_participant.id", ondelete="CASCADE", primary_key=True)
    withdrawn_at: datetime = Field(sa_type=UtcDateTime)
    withdrawn_by: str = Field(max_length=80)
    note: str = Field(default="", max_length=500)


class Arrival(SQLModel, table=True):
    """A participant that is there."""

    __tablename__ = "arrival"

    participant_id: UUID = Field(foreign_key="forum_participant.id", ondelete="CASCADE", primary_key=True)
    arrived_at: datetime = Field(sa_type=UtcDateTime)
    noted_by: str = Field(max_length=80)


class PrintingLock(SQLModel, table=True):
    """An organiser's word that no papers of a forum are printed for now."""

    __tablename__ = "printing_lock"

    forum_id: UUID = Field(foreign_key="forum.id", ondelete="CASCADE", primary_key=True)
    locked_at: datetime = Field(sa_type=UtcDateTime)
    locked_by: str = Field(max_length=80)
    note: str = Field(default="", max_length=500)


class ChangeRequest(SQLModel, table=True):
    """What a participant, or the desk for it, asks to be changed."""

    __tablename__ = "change_request"
    __table_args__ = (
        CheckConstraint("kind IN ('move', 'cancel', 'meet', 'other')", name="kind_known"),
        CheckConstraint("state IN ('open', 'granted', 'refused')", name="state_known"),
        CheckConstraint("(state = 'open') = (answered_at IS NULL)", name="answered_once"),
        CheckConstraint("(partner_id IS NULL) = (kind = 'other')", name="names_the_partner"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    forum_id: UUID = Field(foreign_key="forum.id", ondelete="CASCADE", index=True)
    participant_id: UUID = Field(foreign_key="forum_participant.id", ondelete="CASCADE", index=True)
    partner_id: UUID | None = Field(default=None, description="Profile of the other side of the meeting.")
    kind: str = Field(max_length=6)
    slot_id: UUID | None = Field(default=None, description="The slot that is wished for.")
    text: str = Field(default="", max_length=500)
    state: str = Field(default="open", max_length=7)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    asked_by: str = Field(max_length=80)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_by: str | None = Field(default=None, max_length=80)
    answer: str = Field(default="", max_length=500)


class MeetingFeedback(SQLModel, table=True):
    """What one side says of its meeting: whether it was held, and how good it was."""

    __tablename__ = "meeting_feedback"
    __table_args__ = (
        UniqueConstraint("forum_id", "entrepreneur_id", "exporter_id", "side"),
        CheckConstraint("side IN ('entrepreneur', 'exporter')", name="side_known"),
        CheckConstraint("verdict IN ('held', 'no_show')", name="verdict_known"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating_in_range"),
        CheckConstraint("rating IS NULL OR verdict = 'held'", name="rated_when_held"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    forum_id: UUID = Field(foreign_key="forum.id", ondelete="CASCADE")
    entrepreneur_id: UUID = Field(foreign_key="entrepreneur.id")
    exporter_id: UUID = Field(foreign_key="exporter.id")
    side: str = Field(max_length=12, description="Which side says it.")
    verdict: str = Field(max_length=7, description="Held, or the other side did not come.")
    rating: int | None = None
    said_at: datetime = Field(sa_type=UtcDateTime)
    said_by: str = Field(max_length=80)


class NextStep(SQLModel, table=True):
    """What comes after a meeting: who does what until when."""

    __tablename__ = "next_step"
    __table_args__ = (
        CheckConstraint("owner IN ('entrepreneur', 'exporter', 'organiser')", name="owner_known"),
        Index("ix_next_step_pair", "forum_id", "entrepreneur_id", "exporter_id"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    forum_id: UUID = Field(foreign_key="forum.id", ondelete="CASCADE")
    entrepreneur_id: UUID = Field(foreign_key="entrepreneur.id")
    exporter_id: UUID = Field(foreign_key="exporter.id")
    text: str = Field(max_length=500)
    owner: str = Field(max_length=12)
    due_on: date
    created_at: datetime = Field(sa_type=UtcDateTime)
    created_by: str = Field(max_length=80)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    done_by: str | None = Field(default=None, max_length=80)


class DayStep(SQLModel, table=True):
    """A step taken on the day, with what it changed: enough to take it back."""

    __tablename__ = "day_step"
    __table_args__ = (
        UniqueConstraint("forum_id", "number"),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone_by_somebody"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    forum_id: UUID = Field(foreign_key="forum.id", ondelete="CASCADE")
    number: int = Field(description="Order of the steps of a forum.")
    kind: str = Field(max_length=30)
    changes: list[dict[str, Any]] = Field(
        sa_type=JSON, description="Each changed row: its table and key, and its values before and after."
    )
    done_at: datetime = Field(sa_type=UtcDateTime)
    done_by: str = Field(max_length=80)
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    undone_by: str | None = Field(default=None, max_length=80)
