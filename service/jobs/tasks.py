"""What kinds of background work there are."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from service.bulk_import import operations as imports
from service.catalogue import publishing as indexing
from service.forums.participant_links import ParticipantLinks
from service.match_lists.forgetting import forget
from service.meetings import runs as timetable_runs
from service.platform import clock, mail, queue, smtp
from service.platform.database import Database, Session
from service.platform.security import Signer
from service.profiles import operations as profiles
from service.profiles.vocabulary import ConsentPurpose, Kind
from service.proposals import tending as proposals
from service.proposals.letters import write_letters
from service.proposals.steps import LETTERS_JOB, plan_letters
from service.settings import Settings

TIDY = "tidy"
TIDY_EVERY = timedelta(hours=1)
INDEX_EVERY = timedelta(minutes=1)
ANEW_AFTER = timedelta(days=1)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Work:
    """One piece of work in the hands of a runner."""

    database: Database
    settings: Settings
    job_id: UUID
    payload: dict[str, Any]

    @contextmanager
    def kept_alive(self, every: timedelta = queue.LEASE / 4) -> Iterator[None]:
        """Hold the lease while work goes on; it ends with the process."""
        over = threading.Event()

        def hold() -> None:
            while not over.wait(every.total_seconds()):
                try:
                    with self.database.write() as session:
                        queue.extend(session, self.job_id)
                except Exception as error:  # noqa: BLE001 - the next try may succeed before the lease runs out
                    log.warning("a lease could not be held: %s", type(error).__name__)

        holder = threading.Thread(target=hold, name="lease", daemon=True)
        holder.start()
        try:
            yield
        finally:
            over.set()
            holder.join()


def _bulk_import(work: Work) -> None:
    imports.carry_out(work.database, work.settings, UUID(work.payload["run"]))


def _bulk_import_failed(session: Session, payload: dict[str, Any]) -> None:
    imports.give_up(session, UUID(payload["run"]))


def _write_letters(work: Work) -> None:
    links = ParticipantLinks(Signer(work.settings), work.settings.public_address)
    write_letters(work.database, links)


def _send_letters(work: Work) -> None:
    smtp.send_letters(work.database, work.settings)


def _timetable(work: Work) -> None:
    timetable_runs.carry_out(work.database, UUID(work.payload["run"]))


def _timetable_failed(session: Session, payload: dict[str, Any]) -> None:
    timetable_runs.give_up(session, UUID(payload["run"]))


def _index(work: Work) -> None:
    indexing.publish(work.database, work.settings.index_dir)
    with work.database.write() as session:
        _plan_next(session, indexing.JOB, INDEX_EVERY)


def _consent_withdrawn(work: Work) -> None:
    with work.database.write() as session:
        forget(
            session,
            Kind(work.payload["kind"]),
            UUID(work.payload["profile"]),
            ConsentPurpose(work.payload["purpose"]),
        )
        if not queue.planned(session, indexing.JOB_AFTER_WITHDRAWAL):
            # Many may withdraw on a day; statistics are learned once.
            queue.enqueue(session, indexing.JOB_AFTER_WITHDRAWAL, {}, run_at=clock.now() + ANEW_AFTER)
    # Open proposals are closed, and letters with contacts erased.
    proposals.tend(work.database)


def _index_anew(work: Work) -> None:
    indexing.publish(work.database, work.settings.index_dir, anew=True)


def _tidy(work: Work) -> None:
    proposals.tend(work.database)
    with work.database.write() as session:
        profiles.expire_due(session)
        imports.forget_old(session)
        mail.forget_old(session)
        _plan_letters(session)
        _plan_next(session, TIDY, TIDY_EVERY)


def _plan_next(session: Session, kind: str, after: timedelta) -> None:
    # One that was killed before it was finished comes again, and may find its successor planned.
    if not queue.planned(session, kind):
        queue.enqueue(session, kind, {}, run_at=clock.now() + after)


def _plan_letters(session: Session) -> None:
    """See to it that letters go on although their job was given up, or a mail server was set later."""
    plan_letters(session)
    mail.plan(session)


TASKS: Mapping[str, Callable[[Work], None]] = {
    imports.JOB: _bulk_import,
    LETTERS_JOB: _write_letters,
    mail.JOB: _send_letters,
    timetable_runs.JOB: _timetable,
    indexing.JOB: _index,
    indexing.JOB_AFTER_WITHDRAWAL: _index_anew,
    profiles.WITHDRAWN_JOB: _consent_withdrawn,
    TIDY: _tidy,
}
WHEN_GIVEN_UP: Mapping[str, Callable[[Session, dict[str, Any]], None]] = {
    imports.JOB: _bulk_import_failed,
    timetable_runs.JOB: _timetable_failed,
}
# Regular work is never given up for good: what stands in its way may go, and nobody would start it again.
AGAIN_WHEN_GIVEN_UP: Mapping[str, timedelta] = {TIDY: TIDY_EVERY, indexing.JOB: timedelta(minutes=10)}


def schedule(session: Session) -> None:
    """See to it that the regular work is on the list."""
    for kind in AGAIN_WHEN_GIVEN_UP:
        if not queue.waiting(session, kind):
            queue.enqueue(session, kind, {})
    _plan_letters(session)
