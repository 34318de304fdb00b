"""What kinds of background work there are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from service.bulk_import import operations as imports
from service.platform import clock, queue
from service.platform.database import Database, Session
from service.profiles import operations as profiles
from service.settings import Settings

TIDY = "tidy"
TIDY_EVERY = timedelta(hours=1)


@dataclass(frozen=True)
class Work:
    """One piece of work in the hands of a runner."""

    database: Database
    settings: Settings
    job_id: UUID
    payload: dict[str, Any]

    def keep(self, session: Session) -> None:
        """Hold the lease for longer, in a transaction of the work."""
        queue.extend(session, self.job_id)


def _bulk_import(work: Work) -> None:
    run_id = UUID(work.payload["run"])
    imports.carry_out(work.database, work.settings, run_id, in_batch=work.keep)


def _bulk_import_failed(session: Session, payload: dict[str, Any]) -> None:
    imports.give_up(session, UUID(payload["run"]))


def _tidy(work: Work) -> None:
    with work.database.write() as session:
        profiles.expire_due(session)
        imports.forget_old(session)
        queue.enqueue(session, TIDY, {}, run_at=clock.now() + TIDY_EVERY)


TASKS: Mapping[str, Callable[[Work], None]] = {imports.JOB: _bulk_import, TIDY: _tidy}
WHEN_GIVEN_UP: Mapping[str, Callable[[Session, dict[str, Any]], None]] = {imports.JOB: _bulk_import_failed}


def schedule(session: Session) -> None:
    """See to it that the regular work is on the list."""
    if not queue.waiting(session, TIDY):
        queue.enqueue(session, TIDY, {})
