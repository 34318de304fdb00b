"""Tables of the imports."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.platform.database import UtcDateTime


class ImportRun(SQLModel, table=True):
    """One file that was sent, and what became of its rows."""

    __tablename__ = "import_run"
    __table_args__ = (
        CheckConstraint("kind IN ('entrepreneur', 'exporter')", name="kind_known"),
        CheckConstraint("state IN ('queued', 'reading', 'done', 'failed')", name="state_known"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    kind: str = Field(max_length=12)
    source_agency: str | None = Field(default=None, max_length=32, index=True)
    file_name: str = Field(max_length=200)
    size: int
    state: str = Field(default="queued", max_length=8)
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    rows_read: int = 0
    rows_total: int | None = None
    last_row: int = Field(
        default=0, description="Last row whose outcome is saved; a new try goes on after it."
    )
    columns: list[str] = Field(default_factory=list, sa_type=JSON)
    unknown_columns: list[str] = Field(default_factory=list, sa_type=JSON)
    approve: bool = False
    consent_given_on: date | None = None
    consent_language: str | None = Field(default=None, max_length=2)
    principal: dict[str, Any] = Field(
        sa_type=JSON, description="Who sent it, with the rights of that moment."
    )
    started_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    problem: dict[str, Any] | None = Field(default=None, sa_type=JSON(none_as_null=True))


class ImportFile(SQLModel, table=True):
    """The bytes of a file until its rows are read."""

    __tablename__ = "import_file"

    run_id: UUID = Field(primary_key=True, foreign_key="import_run.id", ondelete="CASCADE")
    content: bytes = Field(sa_type=LargeBinary)


class ImportRejection(SQLModel, table=True):
    """A row that did not land, as it was sent, with what is wrong."""

    __tablename__ = "import_rejection"
    __table_args__ = (UniqueConstraint("run_id", "row"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    run_id: UUID = Field(foreign_key="import_run.id", ondelete="CASCADE")
    row: int
    external_id: str = Field(max_length=200)
    cells: dict[str, str] = Field(sa_type=JSON)
    errors: list[dict[str, Any]] = Field(sa_type=JSON)
