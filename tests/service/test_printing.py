from uuid import UUID

import pytest

from service.accounts.schemas import SYSTEM
from service.meetings import day, printing
from service.meetings.day_schemas import PrintingNote, PrintingRead
from service.platform import clock
from service.platform.database import Database
from service.platform.problems import Conflict
from tests.factories.days import EARLY, Day


class Printer:
    """A forum whose papers are printed."""

    def __init__(self, forum: Day) -> None:
        self.forum = forum

    def lock(self, *, locked: bool) -> None:
        wanted = PrintingNote(locked=locked, note="second batch")
        with self.forum.database.write() as session:
            printing.set_lock(session, SYSTEM, self.forum.forum, wanted)

    def state(self) -> PrintingRead:
        with self.forum.database.read() as session:
            return printing.state(session, SYSTEM, self.forum.forum)

    def check(self, profile: UUID | None = None) -> None:
        with self.forum.database.read() as session:
            printing.check_printable(session, day.release_of(session, self.forum.forum), profile)


@pytest.fixture
def printer(database: Database) -> Printer:
    return Printer(Day(database, pairs=[(0, 0), (1, 1)]))


def test_printing_is_locked_once_and_unlocking_what_is_open_is_no_step(printer: Printer) -> None:
    state = printer.state()
    assert (state.locked, state.run, state.stale) == (False, None, [])
    printer.lock(locked=False)
    assert printer.forum.log() == []
    with clock.frozen_at(EARLY):
        printer.lock(locked=True)
        with pytest.raises(Conflict, match="locked already"):
            printer.lock(locked=True)
    state = printer.state()
    assert (state.locked, state.run, state.run_at, state.note) == (True, 1, EARLY, "second batch")
    printer.check()


def test_papers_that_have_changed_since_are_stale_and_do_not_come_out(printer: Printer) -> None:
    forum = printer.forum
    printer.lock(locked=True)
    with clock.frozen_at(EARLY):
        forum.cancel(forum.meeting(0, 0))
    assert {one.id for one in printer.state().stale} == {forum.ones[0], forum.others[0]}
    printer.check(forum.ones[1])
    for own in (None, forum.ones[0]):
        with pytest.raises(Conflict, match="locked printing"):
            printer.check(own)
    printer.lock(locked=False)
    printer.check()
    assert len(printer.state().stale) == 2


def test_next_print_run_is_numbered_and_taken_back(printer: Printer) -> None:
    forum = printer.forum
    printer.lock(locked=True)
    with clock.frozen_at(EARLY):
        forum.cancel(forum.meeting(0, 0))
    printer.lock(locked=False)
    printer.lock(locked=True)
    state = printer.state()
    assert (state.run, state.stale) == (2, [])
    forum.undo()
    state = printer.state()
    assert (state.run, state.locked) == (1, False)
