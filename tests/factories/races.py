"""Two who change the same thing: the later one waits for the first, and then sees what became of it."""

import threading
from collections.abc import Callable

from sqlalchemy import text

from service.platform.database import Database, Session

_WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def overtake(
    database: Database, first: Callable[[Session], object], later: Callable[[Session], object]
) -> Exception | None:
    """Begin the later transaction while the first is open; give what the later one was told, if anything.

    On PostgreSQL the first commits as soon as the later one waits for a lock of it. SQLite has one writer at
    a time, so that the later one begins when the first has ended.
    """
    told: list[Exception] = []

    def run() -> None:
        try:
            with database.write() as session:
                later(session)
        except Exception as error:  # noqa: BLE001 - it is what the test asks for
            told.append(error)

    thread = threading.Thread(target=run)
    with database.write() as session:
        first(session)
        session.flush()
        thread.start()
        _wait_for_it(database, thread)
    thread.join()
    return told[0] if told else None


def _wait_for_it(database: Database, thread: threading.Thread) -> None:
    if database.is_sqlite:
        return
    while thread.is_alive():
        with database.engine.connect() as connection:
            if connection.scalar(text(_WAITING)):
                return
