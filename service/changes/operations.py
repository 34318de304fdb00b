"""Writing to and reading from the change feed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, event, func, update
from sqlalchemy.orm import Session as AnySession
from sqlmodel import col, select

from service.changes.models import Change, ChangeCounter
from service.platform.database import Session

_PENDING = "pending_changes"


@dataclass(frozen=True)
class ChangeRead:
    """One change as its readers see it."""

    version: int
    subject_kind: str
    subject_id: UUID
    document: dict[str, Any] | None


def record(session: Session, subject_kind: str, subject_id: UUID, document: dict[str, Any] | None) -> None:
    """Note what a subject has become; it joins the feed when the transaction commits.

    A subject that changes twice in one transaction stands in the feed once, as it was last.
    """
    pending: dict[tuple[str, UUID], dict[str, Any] | None] = session.info.setdefault(_PENDING, {})
    pending[subject_kind, subject_id] = document


@event.listens_for(Session, "before_commit")
def _write_pending(session: AnySession) -> None:
    # The counter's row stays locked from here to the commit: whoever comes later gets a higher version
    # and becomes visible later. Anything slow must happen before, so the flush comes first.
    pending = session.info.pop(_PENDING, None)
    if not pending:
        return
    session.flush()
    version = session.execute(
        update(ChangeCounter)
        .where(col(ChangeCounter.id) == 1)
        .values(version=ChangeCounter.version + 1)
        .returning(col(ChangeCounter.version))
    ).scalar_one()
    session.add_all(
        Change(version=version, subject_kind=kind, subject_id=subject_id, document=document)
        for (kind, subject_id), document in pending.items()
    )


@event.listens_for(Session, "after_rollback")
def _forget_pending(session: AnySession) -> None:
    session.info.pop(_PENDING, None)


def current_version(session: Session) -> int:
    """Give the version of the latest visible change."""
    return session.exec(select(ChangeCounter.version).where(ChangeCounter.id == 1)).one()


def since(session: Session, version: int, kinds: Iterable[str]) -> Iterator[ChangeRead]:
    """List the changes after a version, in commit order."""
    found = session.exec(
        select(Change)
        .where(col(Change.version) > version, col(Change.subject_kind).in_(list(kinds)))
        .order_by(col(Change.version), col(Change.subject_id))
        .execution_options(yield_per=1000)
    )
    return (_read(change) for change in found)


def count_subjects(session: Session, version: int, kinds: Iterable[str]) -> int:
    """Count the subjects that changed after a version."""
    return session.exec(
        select(func.count(func.distinct(col(Change.subject_id)))).where(
            col(Change.version) > version, col(Change.subject_kind).in_(list(kinds))
        )
    ).one()


def state_at(session: Session, version: int, kinds: Iterable[str]) -> Iterator[ChangeRead]:
    """List every subject as it stood at a version; subjects gone by then are left out."""
    kinds = list(kinds)
    latest = (
        select(
            col(Change.subject_kind).label("kind"),
            col(Change.subject_id).label("subject"),
            func.max(col(Change.version)).label("version"),
        )
        .where(col(Change.version) <= version, col(Change.subject_kind).in_(kinds))
        .group_by(col(Change.subject_kind), col(Change.subject_id))
        .subquery()
    )
    found = session.exec(
        select(Change)
        .join(
            latest,
            and_(
                col(Change.subject_kind) == latest.c.kind,
                col(Change.subject_id) == latest.c.subject,
                col(Change.version) == latest.c.version,
            ),
        )
        .where(col(Change.document).is_not(None))
        .order_by(col(Change.subject_kind), col(Change.subject_id))
        .execution_options(yield_per=1000)
    )
    return (_read(change) for change in found)


def erase(session: Session, subject_kind: str, subject_id: UUID) -> None:
    """Take a subject's documents out of the feed's past, for somebody who withdrew consent.

    What was computed from them can no longer be made again, and says so.
    """
    session.execute(
        update(Change)
        .where(col(Change.subject_kind) == subject_kind, col(Change.subject_id) == subject_id)
        .values(document=None)
    )


def count_gone(session: Session, version: int) -> int:
    """Count the changes up to a version without a document; it grows only when the past is erased."""
    return session.exec(
        select(func.count()).where(col(Change.version) <= version, col(Change.document).is_(None))
    ).one()


def _read(change: Change) -> ChangeRead:
    return ChangeRead(change.version, change.subject_kind, change.subject_id, change.document)
