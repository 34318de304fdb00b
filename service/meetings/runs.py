"""Asking for a draft: a small one is made at once, a large one as background work that can be watched."""

from typing import Any
from uuid import UUID

from service.accounts.operations import require
from service.accounts.schemas import Permission, Principal
from service.meetings import repository
from service.meetings.drafting import compute, seconds_for, store
from service.meetings.gathering import Task, gather
from service.meetings.models import TimetableRun
from service.meetings.schemas import RunRead, RunState, TimetableAsked
from service.platform import clock, queue
from service.platform.database import Database, Session
from service.platform.i18n import Message, message
from service.platform.problems import Conflict, NotFound, Problem

JOB = "make_timetable"
# Seconds that a caller is kept waiting; what takes longer is background work.
_AT_ONCE = 2.0
_GAVE_UP = message("The timetable could not be made. Try again; if it stays, tell the administrator.")


def ask(
    database: Database, principal: Principal, forum_id: UUID, wanted: TimetableAsked, language: str
) -> RunRead:
    """Make a draft from the pairs to meet and the set-up as they stand, at once or as background work.

    Raises NotAllowed, NotFound, Conflict when something is missing, or one is being made already.
    """
    require(principal, Permission.MEETINGS_WRITE)
    with database.read() as session:
        if repository.run_under_way(session, forum_id) is not None:
            raise Conflict(message("A timetable of this forum is being made already: wait until it is done."))
    task = _gathered(database, forum_id, only_accepted=wanted.only_accepted)
    run = TimetableRun(
        forum_id=forum_id,
        only_accepted=wanted.only_accepted,
        meetings=len(task.open),
        seconds=seconds_for(task),
        asked_at=clock.now(),
        asked_by=principal.actor,
    )
    at_once = run.seconds <= _AT_ONCE
    if at_once:
        run.started_at = run.asked_at
        compute(task)
    with database.write() as session:
        session.add(run)
        session.flush()
        if at_once:
            _done(session, run, task)
        else:
            queue.enqueue(session, JOB, {"run": str(run.id)})
        session.flush()
        return _read(run, language)


def carry_out(database: Database, run_id: UUID) -> None:
    """Make the draft that was asked for; what stands in its way is kept with the run."""
    with database.write() as session:
        run = _run(session, run_id)
        if run.state in {RunState.DONE, RunState.FAILED}:
            return
        run.state, run.started_at = RunState.WORKING.value, clock.now()
        forum_id, only_accepted = run.forum_id, run.only_accepted
    try:
        task = _gathered(database, forum_id, only_accepted=only_accepted)
        compute(task)
        with database.write() as session:
            _done(session, _run(session, run_id), task)
    except Problem as problem:
        with database.write() as session:
            _failed(_run(session, run_id), problem.detail)


def give_up(session: Session, run_id: UUID) -> None:
    """Note that a draft could not be made."""
    _failed(_run(session, run_id), _GAVE_UP)


def read(session: Session, principal: Principal, run_id: UUID, language: str) -> RunRead:
    """Give the making of a draft as it stands.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.MEETINGS_READ)
    return _read(_run(session, run_id), language)


def latest(session: Session, principal: Principal, forum_id: UUID, language: str) -> RunRead | None:
    """Give the latest making of a draft for a forum.

    Raises NotAllowed.
    """
    require(principal, Permission.MEETINGS_READ)
    run = repository.latest_run(session, forum_id)
    return _read(run, language) if run else None


def _gathered(database: Database, forum_id: UUID, *, only_accepted: bool) -> Task:
    with database.read() as session:
        task = gather(session, forum_id, only_accepted=only_accepted)
        # The rows that the task compares with outlive the snapshot in which they were read.
        session.expunge_all()
    return task


def _done(session: Session, run: TimetableRun, task: Task) -> None:
    run.timetable_id = store(session, task, run.asked_by).id
    run.state, run.ended_at = RunState.DONE.value, clock.now()


def _failed(run: TimetableRun, sentence: Message) -> None:
    run.state, run.ended_at = RunState.FAILED.value, clock.now()
    run.problem = {"template": sentence.template, "params": sentence.params}


def _run(session: Session, run_id: UUID) -> TimetableRun:
    run = repository.run(session, run_id)
    if run is None:
        raise NotFound(message("No timetable is being made there."))
    return run


def _read(run: TimetableRun, language: str) -> RunRead:
    problem: dict[str, Any] = run.problem or {"template": "", "params": {}}
    text = Message(problem["template"], problem["params"]).text(language) if run.problem else ""
    return RunRead.model_validate({**run.model_dump(), "text": text})
