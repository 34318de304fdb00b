"""Printing of papers: locked, they stay as they are, and whose timetable has changed since is told.

Each lock opens a numbered print run, which keeps a digest of what each participant's paper says.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from service.accounts.operations import require
from service.accounts.schemas import Permission, Principal
from service.forums import operations as forums
from service.meetings import repository
from service.meetings.board import pair_of, takes_its_place
from service.meetings.day import release_of
from service.meetings.day_schemas import PrintingNote, PrintingRead, StepKind
from service.meetings.models import PrintingLock, Timetable
from service.meetings.reading import people
from service.meetings.steps import Step
from service.platform import clock
from service.platform.database import Session
from service.platform.i18n import message
from service.platform.problems import Conflict


def set_lock(session: Session, principal: Principal, forum_id: UUID, wanted: PrintingNote) -> None:
    """Lock printing, which opens a print run of the timetable as it is, or unlock it.

    Raises NotAllowed, NotFound, Conflict before the first release, or when it is locked already.
    """
    require(principal, Permission.MEETINGS_WRITE)
    forums.forum_of(session, forum_id, lock=True)
    release = release_of(session, forum_id)
    lock = repository.printing_lock(session, forum_id)
    step = Step(session, forum_id, StepKind.LOCKED if wanted.locked else StepKind.UNLOCKED, principal.actor)
    if wanted.locked and lock is not None:
        raise Conflict(message("Printing is locked already."))
    if wanted.locked:
        number, _, _ = _latest_run(session, forum_id)
        step.open_print_run(number + 1, digests(session, release))
        step.add(
            PrintingLock(
                forum_id=forum_id, locked_at=clock.now(), locked_by=principal.actor, note=wanted.note
            )
        )
    elif lock is not None:
        step.remove(lock)
    step.finish()


def state(session: Session, principal: Principal, forum_id: UUID) -> PrintingRead:
    """Tell whether printing is locked, and whose papers are stale.

    Raises NotAllowed, Conflict before the first release.
    """
    require(principal, Permission.MEETINGS_READ)
    return state_of(session, forum_id, release_of(session, forum_id))


def state_of(session: Session, forum_id: UUID, timetable: Timetable) -> PrintingRead:
    """Tell whether printing is locked, and whose papers are stale in a timetable."""
    lock = repository.printing_lock(session, forum_id)
    number, at, papers = _latest_run(session, forum_id)
    stale = _changed(digests(session, timetable), papers) if at else set()
    return PrintingRead(
        locked=lock is not None,
        note=lock.note if lock else "",
        run=number or None,
        run_at=at,
        stale=sorted(people(session, stale).values(), key=lambda one: (one.name.casefold(), one.id)),
    )


def check_printable(session: Session, timetable: Timetable, own: UUID | None = None) -> None:
    """Refuse papers that say something else than the print run while printing is locked.

    Raises Conflict.
    """
    if repository.printing_lock(session, timetable.forum_id) is None:
        return
    _, at, papers = _latest_run(session, timetable.forum_id)
    stale = _changed(digests(session, timetable), papers)
    if at is None or (stale if own is None else own in stale):
        raise Conflict(
            message(
                "The organiser has locked printing, and this has changed since the papers were printed. "
                "Unlock printing on the desk page first, so that nobody mixes old and new papers."
            )
        )


def digests(session: Session, timetable: Timetable) -> dict[str, str]:
    """Give a digest of what the paper of each participant says."""
    slots = {one.slot_id: f"{one.starts_at}|{one.ends_at}" for one in repository.slots(session, timetable.id)}
    places = {one.table_id: f"{one.label}|{one.location}" for one in repository.places(session, timetable.id)}
    lines: dict[UUID, list[str]] = {}
    for seat in filter(takes_its_place, repository.seats(session, timetable.id)):
        assert seat.slot_id is not None
        assert seat.table_id is not None
        line = f"{slots[seat.slot_id]}|{places[seat.table_id]}|{seat.language}"
        one, other = pair_of(seat)
        lines.setdefault(one, []).append(f"{line}|{other}")
        lines.setdefault(other, []).append(f"{line}|{one}")
    return {str(own): _digest(said) for own, said in lines.items()}


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:16]


def _changed(now: dict[str, str], before: dict[str, str]) -> set[UUID]:
    """Tell whose papers differ; who has lost every meeting is among them."""
    return {UUID(own) for own in now.keys() | before.keys() if now.get(own) != before.get(own)}


def _latest_run(session: Session, forum_id: UUID) -> tuple[int, datetime | None, dict[str, str]]:
    step = repository.last_step_of_kind(session, forum_id, StepKind.LOCKED)
    if step is None:
        return 0, None, {}
    run = next(one["after"] for one in step.changes if one["table"] == "print_run")
    return run["number"], step.done_at, run["papers"]
