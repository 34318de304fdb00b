"""A read replica of PostgreSQL, used only where it has all that the primary has committed."""

import logging
import time
from enum import StrEnum

from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

# So long a request waits for what was committed to arrive; usually it takes a few milliseconds.
_PATIENCE, _BETWEEN_LOOKS = 0.1, 0.01
# So long nobody looks again after the replica was found behind, or was not reached.
_PAUSE_BEHIND, _PAUSE_UNREACHABLE = 1.0, 10.0

log = logging.getLogger(__name__)


class ReplicaState(StrEnum):
    """How a replica was found."""

    OK = "ok"
    BEHIND = "behind"
    UNREACHABLE = "unreachable"


class Replica:
    """The connections to a replica; sessions on them read only, each from one snapshot."""

    def __init__(self, url: str, *, pool_size: int) -> None:
        limits = "-c statement_timeout=60s -c idle_in_transaction_session_timeout=60s"
        self.engine = create_engine(
            make_url(url).set(drivername="postgresql+psycopg"),
            pool_size=pool_size,
            max_overflow=0,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"options": limits, "connect_timeout": 2},
        )
        self.reading: Engine = self.engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        self._paused_until = 0.0

    def has_reached(self, position: str) -> bool:
        """Tell whether everything up to a position of the primary's log can be read here."""
        if time.monotonic() < self._paused_until:
            return False
        return self.look(position) is ReplicaState.OK

    def look(self, position: str) -> ReplicaState:
        """Find out how the replica stands to a position of the primary's log."""
        try:
            reached = self._reached(position)
        except SQLAlchemyError as error:
            log.warning("the read replica is not reached, the primary answers: %s", type(error).__name__)
            self._paused_until = time.monotonic() + _PAUSE_UNREACHABLE
            return ReplicaState.UNREACHABLE
        self._paused_until = 0.0 if reached else time.monotonic() + _PAUSE_BEHIND
        return ReplicaState.OK if reached else ReplicaState.BEHIND

    def _reached(self, position: str) -> bool:
        until = time.monotonic() + _PATIENCE
        # A server that is no replica, such as one that was promoted, has no such position: it never counts.
        # The transaction is one of its own: the snapshot of the request must be taken after this.
        asked = text("SELECT pg_last_wal_replay_lsn() >= CAST(:position AS pg_lsn)")
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while not connection.scalar(asked, {"position": position}):
                if time.monotonic() >= until:
                    return False
                time.sleep(_BETWEEN_LOOKS)
        return True

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()
