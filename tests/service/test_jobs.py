import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from service.accounts.schemas import SYSTEM
from service.bulk_import import operations as imports
from service.bulk_import.schemas import ImportOptions
from service.jobs import tasks
from service.jobs.runner import Runner, run_one, run_pending
from service.platform import clock, queue
from service.platform.database import Database
from service.profiles import operations as profiles
from service.profiles.schemas import ProfileFilter
from service.profiles.vocabulary import Kind
from service.settings import Settings
from tests.factories import files
from tests.factories.forums import make_approved


def _enqueue(database: Database, kind: str, **options) -> None:
    with database.write() as session:
        queue.enqueue(session, kind, {}, **options)


def _import(database: Database, rows: int):
    content = files.as_csv([files.row(one) for one in range(1, rows + 1)])
    with database.write() as session:
        return imports.start(
            session, SYSTEM, Kind.EXPORTER, io.BytesIO(content), "exporters.csv", ImportOptions()
        ).id


def test_work_is_asked_for_once_in_a_transaction_and_again_after_a_savepoint_was_undone(
    database: Database,
) -> None:
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if "FROM job" in statement:
            asked.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    with database.write() as session:
        undone = session.begin_nested()
        queue.enqueue_once(session, tasks.TIDY)
        undone.rollback()
        for _ in range(3):
            queue.enqueue_once(session, tasks.TIDY)
    assert len(asked) == 2
    with database.write() as session:
        assert queue.waiting(session, tasks.TIDY)
        queue.enqueue_once(session, tasks.TIDY)
        assert len(session.exec(select(queue.Job).where(queue.Job.kind == tasks.TIDY)).all()) == 1


def test_work_is_done_once_and_in_its_order(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setattr(tasks, "TASKS", {})
    for kind in ("first", "second", "later"):
        monkeypatch.setitem(tasks.TASKS, kind, lambda work: done.append(str(work.job_id)))
    monkeypatch.setattr("service.jobs.runner.TASKS", tasks.TASKS)
    _enqueue(database, "first")
    _enqueue(database, "second")
    _enqueue(database, "later", run_at=clock.now() + timedelta(hours=1))
    assert run_pending(database, settings) == 2
    assert run_pending(database, settings) == 0
    with clock.frozen_at(clock.now() + timedelta(hours=2)):
        assert run_pending(database, settings) == 1
    assert len(set(done)) == len(done) == 3


def test_work_of_a_dead_runner_falls_back_when_its_lease_is_over(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.jobs.runner.TASKS", {"thing": lambda _work: None})
    _enqueue(database, "thing")
    with database.write() as session:
        assert queue.lease(session) is not None
    assert not run_one(database, settings)
    with clock.frozen_at(clock.now() + queue.LEASE + timedelta(seconds=1)):
        assert run_one(database, settings)


def test_work_that_always_fails_is_given_up_and_told(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = _import(database, 1)

    def fail(_work: tasks.Work) -> None:
        raise ValueError("secret words of a user")

    monkeypatch.setattr("service.jobs.runner.TASKS", {imports.JOB: fail})
    for hours in range(1, queue.MOST_ATTEMPTS + 1):
        with clock.frozen_at(clock.now() + timedelta(hours=hours)):
            assert run_one(database, settings)
    with clock.frozen_at(clock.now() + timedelta(hours=24)):
        assert not run_one(database, settings)
    with database.read() as session:
        run = imports.run(session, SYSTEM, run_id, language="en")
    assert run.state == "failed"


def test_work_of_which_its_runner_dies_each_time_is_given_up(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    run_id = _import(database, 1)
    monkeypatch.setattr("service.jobs.runner.TASKS", {imports.JOB: lambda _work: pytest.fail("taken again")})
    moment = clock.now()
    for _ in range(queue.MOST_ATTEMPTS):
        with clock.frozen_at(moment), database.write() as session:
            # Taken, and nobody says what became of it.
            assert queue.lease(session) is not None
        moment += queue.LEASE + timedelta(seconds=1)
    with clock.frozen_at(moment):
        assert run_one(database, settings)
        assert not run_one(database, settings)
    assert "RunnerDiedError" in caplog.text
    with database.read() as session:
        assert imports.run(session, SYSTEM, run_id, language="en").state == "failed"


def test_lease_of_any_work_is_held_while_it_goes_on(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[UUID] = []

    @contextmanager
    def kept_alive(work: tasks.Work) -> Iterator[None]:
        held.append(work.job_id)
        yield

    monkeypatch.setattr(tasks.Work, "kept_alive", kept_alive)
    monkeypatch.setattr("service.jobs.runner.TASKS", {"thing": lambda work: held.remove(work.job_id)})
    _enqueue(database, "thing")
    assert run_one(database, settings)
    assert held == []
    with database.read() as session:
        assert not queue.waiting(session, "thing")


def test_failure_is_logged_without_its_words(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_work: tasks.Work) -> None:
        raise ValueError("secret words of a user")

    monkeypatch.setattr("service.jobs.runner.TASKS", {"thing": fail})
    _enqueue(database, "thing")
    run_one(database, settings)
    assert "ValueError" in caplog.text
    assert "secret" not in caplog.text


def test_lease_is_held_while_long_work_goes_on_and_no_longer(
    database: Database, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    _enqueue(database, "thing")
    with database.write() as session:
        job = queue.lease(session)
        assert job is not None
        job.leased_until = clock.now()
        work = tasks.Work(database, settings, job.id, job.payload)

    def leased_until():
        with database.read() as session:
            return session.get_one(queue.Job, work.job_id).leased_until

    with work.kept_alive(every=timedelta(milliseconds=5)):
        while leased_until() < clock.now() + queue.LEASE / 2:
            time.sleep(0.005)
    with database.write() as session:
        session.get_one(queue.Job, work.job_id).leased_until = before = clock.now()
    time.sleep(0.05)
    assert leased_until() == before
    assert "lease" not in caplog.text


def test_lease_that_cannot_be_held_for_a_moment_is_told_and_held_later(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    calls: list[UUID] = []
    held = threading.Event()

    def extend(_session, job_id: UUID) -> None:
        calls.append(job_id)
        if len(calls) == 1:
            raise OperationalError("secret words", None, Exception())
        held.set()

    monkeypatch.setattr(queue, "extend", extend)
    work = tasks.Work(database, settings, uuid4(), {})
    with work.kept_alive(every=timedelta(milliseconds=5)):
        assert held.wait(timeout=20)
    assert "OperationalError" in caplog.text
    assert "secret" not in caplog.text


def test_expired_profiles_are_marked_every_hour(database: Database, settings: Settings) -> None:
    make_approved(database, Kind.EXPORTER, valid_until=clock.today().isoformat())
    with database.write() as session:
        tasks.schedule(session)
        tasks.schedule(session)
    with clock.frozen_at(clock.now() + timedelta(days=2)):
        assert run_pending(database, settings) == 2  # and the statistics are looked at
        with database.read() as session:
            assert profiles.count_by_status(session, SYSTEM, Kind.EXPORTER) == {"expired": 1}
    with clock.frozen_at(clock.now() + timedelta(days=2, hours=2)):
        assert run_pending(database, settings) == 2


def test_rows_to_mend_are_forgotten_after_a_month(database: Database, settings: Settings) -> None:
    content = files.as_csv([files.row(1, offers_hs_codes="x")])
    with database.write() as session:
        run_id = imports.start(
            session, SYSTEM, Kind.EXPORTER, io.BytesIO(content), "f.csv", ImportOptions()
        ).id
        tasks.schedule(session)
    run_pending(database, settings)

    def kept() -> int:
        with database.read() as session:
            return imports.rejections(session, SYSTEM, run_id, language="en").total

    for days, left in ((29, 1), (31, 0)):
        with clock.frozen_at(clock.now() + timedelta(days=days)):
            run_pending(database, settings)
        assert kept() == left


@pytest.mark.parametrize("kind", [tasks.TIDY, tasks.indexing.JOB])
def test_regular_work_that_was_given_up_comes_again(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    tries: list[str] = []

    def fail(work: tasks.Work) -> None:
        tries.append(str(work.job_id))
        raise OSError("no room on the disk")

    with database.write() as session:
        tasks.schedule(session)
    with monkeypatch.context() as broken:
        broken.setattr("service.jobs.runner.TASKS", {**tasks.TASKS, kind: fail})
        moment = clock.now()
        for _ in range(queue.MOST_ATTEMPTS):
            with clock.frozen_at(moment):
                run_pending(database, settings)
            moment += timedelta(minutes=1)
    assert len(tries) == queue.MOST_ATTEMPTS
    with clock.frozen_at(moment + timedelta(hours=2)):
        run_pending(database, settings)
    with database.read() as session:
        (job,) = session.exec(select(queue.Job).where(queue.Job.kind == kind)).all()
        assert (str(job.id) in tries, job.attempts, job.failed_at) == (False, 0, None)


def test_regular_work_that_an_earlier_version_gave_up_is_planned_at_the_start(database: Database) -> None:
    with database.write() as session:
        session.add(queue.Job(kind=tasks.TIDY, run_at=clock.now(), attempts=5, failed_at=clock.now()))
    for _ in range(2):
        with database.write() as session:
            tasks.schedule(session)
    with database.read() as session:
        assert queue.planned(session, tasks.TIDY)
        assert len(session.exec(select(queue.Job).where(queue.Job.kind == tasks.TIDY)).all()) == 2


def test_work_that_is_gone_is_not_planned_again(database: Database) -> None:
    with database.write() as session:
        queue.plan_again(session, UUID(int=1), clock.now())
        assert not queue.planned(session, tasks.TIDY)


def test_regular_work_that_was_killed_at_its_end_has_one_successor(
    database: Database, settings: Settings
) -> None:
    with database.write() as session:
        tasks.schedule(session)
        queue.enqueue(session, tasks.TIDY, {}, run_at=clock.now() + timedelta(hours=1))
    run_pending(database, settings)
    with database.read() as session:
        assert len(session.exec(select(queue.Job).where(queue.Job.kind == tasks.TIDY)).all()) == 1


def test_runner_works_in_the_background_and_stops(database: Database, settings: Settings) -> None:
    runner = Runner(database, settings)
    runner.start()
    run_id = _import(database, 3)
    deadline = time.monotonic() + 30
    while True:
        with database.read() as session:
            if imports.run(session, SYSTEM, run_id, language="en").ended:
                break
        assert time.monotonic() < deadline
        time.sleep(0.05)
    runner.stop()
    assert not runner.is_alive()


_KILLED = """
import sys
from pathlib import Path
from service.bulk_import import processing
from service.jobs.runner import run_one
from service.platform.database import Database
from service.settings import Settings
processing.BATCH = 1
settings = Settings(database_url=sys.argv[1], data_dir=Path(sys.argv[2]))
run_one(Database(settings.resolved_database_url), settings)
"""


def test_process_killed_in_the_middle_loses_and_doubles_nothing(
    database: Database, settings: Settings
) -> None:
    rows = 60
    run_id = _import(database, rows)
    command = [sys.executable, "-c", _KILLED, settings.database_url, str(settings.data_dir)]
    worker = subprocess.Popen(command, env=os.environ)

    def landed() -> int:
        with database.read() as session:
            return profiles.listed(session, SYSTEM, Kind.EXPORTER, ProfileFilter()).total

    deadline = time.monotonic() + 60
    while landed() < 3:
        assert time.monotonic() < deadline
        assert worker.poll() is None
        time.sleep(0.01)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert landed() < rows
    with clock.frozen_at(clock.now() + queue.LEASE + timedelta(seconds=1)):
        run_pending(database, settings)
    with database.read() as session:
        run = imports.run(session, SYSTEM, run_id, language="en")
    assert (run.state, run.created, run.unchanged, run.rejected) == ("done", rows, 0, 0)
    assert landed() == rows
