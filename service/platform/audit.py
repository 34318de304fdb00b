"""Who did what and when; kept in the same transaction as the change itself."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel, col, select

from service.platform import clock
from service.platform.database import Session, UtcDateTime


class AuditEntry(SQLModel, table=True):
    """One step that somebody took; holds identifiers, never personal data."""

    __tablename__ = "audit_entry"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    actor: str = Field(max_length=80, description="`account:<id>`, `api_client:<id>` or `system`.")
    action: str = Field(max_length=60)
    subject_kind: str = Field(max_length=40)
    subject_id: UUID = Field(index=True)
    details: dict[str, str] = Field(default_factory=dict, sa_type=JSON)


def record(
    session: Session, actor: str, action: str, subject_kind: str, subject_id: UUID, **details: str
) -> None:
    """Note a step in the transaction that takes it."""
    session.add(
        AuditEntry(
            at=clock.now(),
            actor=actor,
            action=action,
            subject_kind=subject_kind,
            subject_id=subject_id,
            details=details,
        )
    )


def history(session: Session, subject_id: UUID, *, limit: int = 50) -> list[AuditEntry]:
    """List the latest steps taken with one subject, newest first."""
    found = session.exec(
        select(AuditEntry)
        .where(AuditEntry.subject_id == subject_id)
        .order_by(col(AuditEntry.at).desc(), col(AuditEntry.id))
        .limit(limit)
    )
    return list(found)
