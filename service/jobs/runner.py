"""Carries out what is on the list, one piece after the other, until it is told to stop."""

import logging
import threading

from service.jobs.tasks import AGAIN_WHEN_GIVEN_UP, TASKS, WHEN_GIVEN_UP, Work, schedule
from service.platform import clock, queue
from service.platform.database import Database
from service.settings import Settings

SECONDS_BETWEEN_LOOKS = 0.5

log = logging.getLogger(__name__)


class RunnerDiedError(Exception):
    """Whoever took a piece of work died of it each time, as of too much memory: nobody takes it again."""


def run_one(database: Database, settings: Settings) -> bool:
    """Carry out the next piece of work that is due; tell whether there was one."""
    with database.read() as session:
        if not queue.due(session):
            return False
    with database.write() as session:
        job = queue.lease(session)
        if job is None:
            return False
        kind, attempt, work = job.kind, job.attempts, Work(database, settings, job.id, job.payload)
    try:
        _carry_out(kind, work, attempt)
    except Exception as error:  # noqa: BLE001 - whatever it was, the work goes back on the list
        # Its text may hold what users wrote.
        log.warning("job %s of kind %s failed: %s", work.job_id, kind, type(error).__name__)
        with database.write() as session:
            given_up = queue.give_back(session, work.job_id)
            if given_up and kind in AGAIN_WHEN_GIVEN_UP:
                queue.plan_again(session, work.job_id, clock.now() + AGAIN_WHEN_GIVEN_UP[kind])
            elif given_up and kind in WHEN_GIVEN_UP:
                WHEN_GIVEN_UP[kind](session, work.payload)
    else:
        with database.write() as session:
            queue.finish(session, work.job_id)
    return True


def _carry_out(kind: str, work: Work, attempt: int) -> None:
    if attempt > queue.MOST_ATTEMPTS:
        raise RunnerDiedError
    # Killed in the middle, work starts anew as soon as the lease runs out, however long it takes.
    with work.kept_alive():
        TASKS[kind](work)


def run_pending(database: Database, settings: Settings) -> int:
    """Carry out everything that is due, here and now; give how many pieces."""
    count = 0
    while run_one(database, settings):
        count += 1
    return count


class Runner(threading.Thread):
    """The thread that works while the service runs."""

    def __init__(self, database: Database, settings: Settings) -> None:
        super().__init__(name="jobs", daemon=True)
        self._database = database
        self._settings = settings
        self._stopping = threading.Event()

    def run(self) -> None:
        """Work until told to stop; a database that does not answer is asked again later."""
        planned = False
        while not self._stopping.is_set():
            try:
                if not planned:
                    with self._database.write() as session:
                        schedule(session)
                    planned = True
                busy = run_one(self._database, self._settings)
            except Exception as error:  # noqa: BLE001 - the thread outlives every mishap
                log.warning("the job list could not be read: %s", type(error).__name__)
                busy = False
            if not busy:
                self._stopping.wait(SECONDS_BETWEEN_LOOKS)

    def stop(self) -> None:
        """Let the current piece end, if it does so soon; otherwise its lease runs out."""
        self._stopping.set()
        self.join(timeout=10)
