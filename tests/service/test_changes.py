import threading
from uuid import uuid4

import pytest
from sqlmodel import select

from service.changes import operations as changes
from service.changes.models import Change
from service.platform.database import Database

KINDS = ["thing"]


def _feed(database: Database, after: int = 0) -> list[changes.ChangeRead]:
    with database.read() as session:
        return list(changes.since(session, after, KINDS))


def test_changes_of_one_transaction_share_a_version(database: Database) -> None:
    first, second = uuid4(), uuid4()
    with database.write() as session:
        changes.record(session, "thing", first, {"n": 1})
        changes.record(session, "thing", second, None)
    with database.write() as session:
        changes.record(session, "thing", first, {"n": 2})
    assert {(one.version, one.subject_id, str(one.document)) for one in _feed(database)} == {
        (1, first, "{'n': 1}"),
        (1, second, "None"),
        (2, first, "{'n': 2}"),
    }
    with database.read() as session:
        assert changes.current_version(session) == 2


def test_subject_changed_twice_in_a_transaction_stands_there_as_it_was_last(database: Database) -> None:
    subject = uuid4()
    with database.write() as session:
        changes.record(session, "thing", subject, {"n": 1})
        changes.record(session, "thing", subject, {"n": 2})
    assert [one.document for one in _feed(database)] == [{"n": 2}]


def test_failed_transaction_leaves_no_change_and_no_version(database: Database) -> None:
    with pytest.raises(RuntimeError), database.write() as session:
        changes.record(session, "thing", uuid4(), {"n": 1})
        raise RuntimeError
    with database.write() as session:
        session.rollback()
    assert _feed(database) == []
    with database.read() as session:
        assert changes.current_version(session) == 0


def test_transaction_without_change_does_not_touch_the_counter(database: Database) -> None:
    with database.write() as session:
        session.exec(select(Change)).all()
    with database.read() as session:
        assert changes.current_version(session) == 0


def test_state_at_a_version_is_the_fold_of_the_feed(database: Database) -> None:
    kept, gone = uuid4(), uuid4()
    with database.write() as session:
        changes.record(session, "thing", kept, {"n": 1})
        changes.record(session, "thing", gone, {"n": 1})
    with database.write() as session:
        changes.record(session, "thing", kept, {"n": 2})
        changes.record(session, "thing", gone, None)
    with database.read() as session:
        old = {one.subject_id: one.document for one in changes.state_at(session, 1, KINDS)}
        new = {one.subject_id: one.document for one in changes.state_at(session, 2, KINDS)}
        other = list(changes.state_at(session, 2, ["other"]))
    assert old == {kept: {"n": 1}, gone: {"n": 1}}
    assert new == {kept: {"n": 2}}
    assert other == []


def test_erased_subject_leaves_no_document_in_the_past(database: Database) -> None:
    subject = uuid4()
    with database.write() as session:
        changes.record(session, "thing", subject, {"n": 1})
    with database.write() as session:
        changes.erase(session, "thing", subject)
        changes.record(session, "thing", subject, None)
    assert [one.document for one in _feed(database)] == [None, None]


def test_reader_that_polls_while_others_commit_sees_every_change(database: Database) -> None:
    """A serial id would lose the changes that commit later than a higher id; the counter does not."""
    writers, commits = 6, 15
    seen: list[int] = []
    done = threading.Event()

    def write() -> None:
        for _ in range(commits):
            with database.write() as session:
                changes.record(session, "thing", uuid4(), {"n": 1})
                session.flush()

    def poll() -> None:
        mine = 0
        while True:
            last = done.is_set()
            for change in _feed(database, mine):
                mine = change.version
                seen.append(change.version)
            if last:
                return

    reader = threading.Thread(target=poll)
    threads = [threading.Thread(target=write) for _ in range(writers)]
    reader.start()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    reader.join()
    assert seen == list(range(1, writers * commits + 1))
