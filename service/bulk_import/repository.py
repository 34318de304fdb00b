"""Queries over imports."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func
from sqlmodel import col, select

from service.bulk_import.models import ImportFile, ImportRejection, ImportRun
from service.platform.database import Session


def get(session: Session, run_id: UUID) -> ImportRun | None:
    """Find an import by its id."""
    return session.get(ImportRun, run_id)


def listed(session: Session, agency: str | None, *, offset: int, limit: int) -> tuple[list[ImportRun], int]:
    """List imports, newest first, of one agency or of all, with their number."""
    conditions: list[ColumnElement[bool]] = []
    if agency is not None:
        conditions.append(col(ImportRun.source_agency) == agency)
    total = session.exec(select(func.count()).select_from(ImportRun).where(*conditions)).one()
    rows = session.exec(
        select(ImportRun)
        .where(*conditions)
        .order_by(col(ImportRun.started_at).desc(), col(ImportRun.id))
        .offset(offset)
        .limit(limit)
    )
    return list(rows), total


def content(session: Session, run_id: UUID) -> bytes | None:
    """Give the bytes of a file that is still to be read."""
    return session.exec(select(ImportFile.content).where(ImportFile.run_id == run_id)).first()


def forget_content(session: Session, run_id: UUID) -> None:
    """Delete the bytes of a file that was read."""
    session.execute(delete(ImportFile).where(col(ImportFile.run_id) == run_id))


def forget_rejections(session: Session, before: datetime) -> None:
    """Delete the rejected rows of imports that ended before a moment."""
    old = select(ImportRun.id).where(col(ImportRun.finished_at) < before)
    session.execute(delete(ImportRejection).where(col(ImportRejection.run_id).in_(old)))


def rejections(
    session: Session, run_id: UUID, *, offset: int = 0, limit: int | None = None
) -> tuple[list[ImportRejection], int]:
    """List the rows that did not land by their number, with their number in all."""
    total = session.exec(
        select(func.count()).select_from(ImportRejection).where(ImportRejection.run_id == run_id)
    ).one()
    wanted = (
        select(ImportRejection)
        .where(ImportRejection.run_id == run_id)
        .order_by(col(ImportRejection.row))
        .offset(offset)
    )
    return list(session.exec(wanted if limit is None else wanted.limit(limit))), total
