"""Tables of the match lists."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, BigInteger, CheckConstraint, Float, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.platform.database import UtcDateTime


class MatchList(SQLModel, table=True):
    """A generated list: everything that it takes to make it again stands here."""

    __tablename__ = "match_list"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'reviewed', 'published', 'superseded')", name="state_known"),
        UniqueConstraint("forum_id", "number"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    forum_id: UUID = Field(foreign_key="forum.id")
    number: int
    state: str = Field(default="draft", max_length=12)
    k: int
    matcher_version: int
    index_version: int = Field(sa_type=BigInteger)
    statistics_version: int | None = Field(
        default=None,
        sa_type=BigInteger,
        description="Version that the statistics of the index were learned at; None: its own.",
    )
    config: dict[str, Any] = Field(sa_type=JSON)
    config_digest: str = Field(max_length=64)
    digest: str = Field(max_length=64, description="SHA-256 over what was asked and every pair found.")
    participants: dict[str, list[str]] = Field(sa_type=JSON, description="Ids of each side that took part.")
    allocation: dict[str, Any] = Field(
        default_factory=dict,
        sa_type=JSON,
        description="By what pairs were chosen; empty: all are.",
    )
    revision: int = 1
    made_at: datetime = Field(sa_type=UtcDateTime)
    made_by: str = Field(max_length=80)


class MatchListEntry(SQLModel, table=True):
    """A pair that the matcher found or the organiser added; it is proposed when it is chosen."""

    __tablename__ = "match_list_entry"
    __table_args__ = (
        UniqueConstraint("match_list_id", "entrepreneur_id", "exporter_id"),
        CheckConstraint("score >= 0 AND score <= 1.000001", name="score_in_range"),
        CheckConstraint("standing IN ('allocated', 'pinned', 'added', 'removed')", name="standing_known"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    match_list_id: UUID = Field(foreign_key="match_list.id", ondelete="CASCADE")
    entrepreneur_id: UUID = Field(foreign_key="entrepreneur.id")
    exporter_id: UUID = Field(foreign_key="exporter.id")
    score: float = Field(sa_type=Float)
    rank_for_entrepreneur: int | None = None
    rank_for_exporter: int | None = None
    chosen: bool = True
    standing: str = Field(default="allocated", max_length=10, description="Who decided whether it is chosen.")
    note: str = Field(default="", max_length=500, description="The organiser's reason.")
    decided_by: str | None = Field(default=None, max_length=80)
    explanation: dict[str, Any] = Field(
        default_factory=dict, sa_type=JSON, description="Of a pair that was ever chosen; else empty."
    )


class MatchListExclusion(SQLModel, table=True):
    """A participant, or a pair of them, that a hard rule left out."""

    __tablename__ = "match_list_exclusion"
    __table_args__ = (
        CheckConstraint("entrepreneur_id IS NOT NULL OR exporter_id IS NOT NULL", name="concerns_somebody"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    match_list_id: UUID = Field(foreign_key="match_list.id", ondelete="CASCADE", index=True)
    entrepreneur_id: UUID | None = Field(default=None, foreign_key="entrepreneur.id")
    exporter_id: UUID | None = Field(default=None, foreign_key="exporter.id")
    reason: str = Field(max_length=30)
