"""Tables of the forums."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.forums.schemas import ForumFields
from service.platform.database import UtcDateTime


class Forum(ForumFields, table=True):
    """A forum in a host country."""

    __tablename__ = "forum"
    __table_args__ = (CheckConstraint("starts_on <= ends_on", name="ends_after_start"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    code: str = Field(max_length=40, unique=True)
    name: dict[str, str] = Field(sa_type=JSON)
    revision: int = 1
    created_at: datetime = Field(sa_type=UtcDateTime)


class ForumParticipant(SQLModel, table=True):
    """A profile that takes part in a forum: one of the two ids is set."""

    __tablename__ = "forum_participant"
    __table_args__ = (
        CheckConstraint("(entrepreneur_id IS NULL) <> (exporter_id IS NULL)", name="one_side"),
        UniqueConstraint("forum_id", "entrepreneur_id"),
        UniqueConstraint("forum_id", "exporter_id"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    forum_id: UUID = Field(foreign_key="forum.id", ondelete="CASCADE")
    entrepreneur_id: UUID | None = Field(default=None, foreign_key="entrepreneur.id", ondelete="CASCADE")
    exporter_id: UUID | None = Field(default=None, foreign_key="exporter.id", ondelete="CASCADE")
    added_at: datetime = Field(sa_type=UtcDateTime)
    added_by: str = Field(max_length=80)
    by_filter: bool = False


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
