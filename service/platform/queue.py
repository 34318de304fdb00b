"""Work to be done later: a table in the application's own transaction, with leases."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint, ColumnElement, or_
from sqlmodel import Field, SQLModel, col, select

from service.platform import clock
from service.platform.database import Session, UtcDateTime

LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 5


class Job(SQLModel, table=True):
    """One piece of background work; done jobs are deleted, given-up ones stay with `failed_at`."""

    __tablename__ = "job"
    __table_args__ = (CheckConstraint("attempts >= 0", name="attempts_not_negative"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    kind: str = Field(max_length=40)
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    run_at: datetime = Field(sa_type=UtcDateTime, index=True)
    leased_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 0
    failed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def enqueue(session: Session, kind: str, payload: dict[str, Any], *, run_at: datetime | None = None) -> UUID:
    """Ask for work; it becomes visible to the runners when the transaction commits."""
    job = Job(kind=kind, payload=payload, run_at=run_at or clock.now())
    session.add(job)
    return job.id


def enqueue_once(session: Session, kind: str) -> None:
    """Ask for work that looks for itself what there is to do: one job that nobody has taken is enough.

    A job that is there already is held until this transaction ends, so that no runner takes it before it
    can see what the transaction leaves to do.
    """
    asked, current = f"asked_for_{kind}", _transaction(session)
    # Thousands of letters may be posted in one transaction: what it asked for, or holds, stays to its end.
    if current is not None and session.info.get(asked) is current:
        return
    due_now = select(Job.id).where(*_is_untaken(kind), col(Job.run_at) <= clock.now())
    if session.exec(due_now.limit(1).with_for_update(skip_locked=True)).first() is None:
        enqueue(session, kind, {})
    session.info[asked] = _transaction(session)


def _transaction(session: Session) -> object | None:
    """Give what would be undone together with the next statement: a savepoint, else the whole transaction."""
    return session.get_nested_transaction() or session.get_transaction()


def _is_untaken(kind: str) -> tuple[ColumnElement[bool], ...]:
    return (col(Job.kind) == kind, col(Job.failed_at).is_(None), col(Job.leased_until).is_(None))


def _is_due() -> tuple[ColumnElement[bool], ...]:
    moment = clock.now()
    return (
        col(Job.run_at) <= moment,
        col(Job.failed_at).is_(None),
        or_(col(Job.leased_until).is_(None), col(Job.leased_until) < moment),
    )


def due(session: Session) -> bool:
    """Tell whether there is work to take."""
    return session.exec(select(Job.id).where(*_is_due()).limit(1)).first() is not None


def waiting(session: Session, kind: str) -> bool:
    """Tell whether work of a kind is on the list, and was not given up."""
    going_on = select(Job.id).where(Job.kind == kind, col(Job.failed_at).is_(None))
    return session.exec(going_on.limit(1)).first() is not None


def planned(session: Session, kind: str) -> bool:
    """Tell whether work of a kind is on the list that no runner has taken yet."""
    return session.exec(select(Job.id).where(*_is_untaken(kind)).limit(1)).first() is not None


def lease(session: Session) -> Job | None:
    """Take the next job that is due for `LEASE`; a runner that dies lets it fall back."""
    job = session.exec(
        select(Job)
        .where(*_is_due())
        .order_by(col(Job.run_at), col(Job.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if job is not None:
        job.leased_until = clock.now() + LEASE
        job.attempts += 1
        session.flush()
    return job


def extend(session: Session, job_id: UUID) -> None:
    """Keep a lease alive while the work goes on."""
    job = session.get(Job, job_id)
    if job is not None:
        job.leased_until = clock.now() + LEASE


def finish(session: Session, job_id: UUID) -> None:
    """Take a job that is done off the list."""
    job = session.get(Job, job_id)
    if job is not None:
        session.delete(job)


def give_back(session: Session, job_id: UUID) -> bool:
    """Put a job that failed back for a later try; after `MOST_ATTEMPTS` it is given up, which is told."""
    job = session.get(Job, job_id)
    if job is None:
        return False
    job.leased_until = None
    if job.attempts >= MOST_ATTEMPTS:
        job.failed_at = clock.now()
        return True
    job.run_at = clock.now() + timedelta(seconds=2**job.attempts)
    return False


def plan_again(session: Session, job_id: UUID, run_at: datetime) -> None:
    """Put a job that was given up on the list as if it were new."""
    job = session.get(Job, job_id)
    if job is not None:
        job.failed_at, job.attempts, job.run_at = None, 0, run_at
