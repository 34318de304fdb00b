"""Tables of the change feed."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index
from sqlmodel import Field, SQLModel


class ChangeCounter(SQLModel, table=True):
    """The one row whose lock puts commits in line."""

    __tablename__ = "change_counter"
    __table_args__ = (CheckConstraint("id = 1", name="single_row"),)

    id: int = Field(default=1, primary_key=True)
    version: int = Field(default=0, sa_type=BigInteger)


class Change(SQLModel, table=True):
    """One changed subject; `document` is what its readers need, or nothing when it is gone."""

    __tablename__ = "change"
    __table_args__ = (Index("ix_change_subject_version", "subject_kind", "subject_id", "version"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    version: int = Field(sa_type=BigInteger, index=True)
    subject_kind: str = Field(max_length=40)
    subject_id: UUID
    document: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))
