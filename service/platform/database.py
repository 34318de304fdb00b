"""Engines and sessions: SQLite as its makers mean it, PostgreSQL with limits."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pysqlite3
from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    Numeric,
    String,
    TypeDecorator,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeEngine
from sqlmodel import Session as SQLModelSession
from sqlmodel import SQLModel

from service.platform.replica import Replica, ReplicaState

# The write-ahead log of older versions can lose a reset; the driver from PyPI carries a fixed engine.
OLDEST_SAFE_SQLITE = (3, 51, 3)

# One naming rule for constraints, so that a migration can name what it changes on both databases.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: MetaData = SQLModel.metadata


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps no offset, so it is taken off and put back here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - interface
        """Refuse a moment without offset, store the others in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs an offset")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - interface
        """Give every moment back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal number without trailing zeros; SQLite has none, so there it is kept as text."""

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column's type."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(20))
        return dialect.type_descriptor(Numeric(17, 3))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Store the number."""
        return str(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:  # noqa: ARG002 - interface
        """Give the number back in its shortest form."""
        return None if value is None else plain_decimal(Decimal(value))


def plain_decimal(value: Decimal) -> Decimal:
    """Drop trailing zeros without falling into exponent form."""
    return Decimal(f"{value.normalize():f}")


class Session(SQLModelSession):
    """The session of one transaction; committed by the boundary that opened it, never by an operation."""


class WritingSession(Session):
    """A session whose changes are meant to last; on SQLite it holds the writer's lock while it is open."""


class Database:
    """One database with a reading and a writing side that share a pool of connections."""

    def __init__(self, url: str, *, pool_size: int = 8, replica_url: str = "") -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._writer_lock = threading.Lock()
        if self.is_sqlite:
            self.engine: Engine = self._sqlite_engine(pool_size)
            self._writing: Engine = self.engine.execution_options(writing=True)
            self._reading: Engine = self.engine
        else:
            self.engine = self._postgresql_engine(pool_size)
            self._writing = self.engine
            self._reading = self.engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        if replica_url and self.is_sqlite:
            raise ValueError("Only PostgreSQL has read replicas: leave DATABASE_REPLICA_URL empty.")
        self.replica = Replica(replica_url, pool_size=pool_size) if replica_url else None

    def _sqlite_engine(self, pool_size: int) -> Engine:
        if pysqlite3.sqlite_version_info < OLDEST_SAFE_SQLITE:
            raise RuntimeError(
                f"SQLite {pysqlite3.sqlite_version} can corrupt its write-ahead log; "
                "install pysqlite3 0.6.1 or newer."
            )
        if self.url.database is None or self.url.database == ":memory:":
            raise ValueError("The service keeps its data: give SQLite a file, not :memory:.")
        Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            self.url,
            module=pysqlite3,
            hide_parameters=True,
            pool_size=pool_size,
            max_overflow=pool_size,
            connect_args={"check_same_thread": False, "timeout": 30},
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", self._begin_sqlite)
        event.listen(engine, "checkin", self._release_writer_lock)
        return engine

    def _postgresql_engine(self, pool_size: int) -> Engine:
        limits = "-c statement_timeout=60s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s"
        engine = create_engine(
            self.url.set(drivername="postgresql+psycopg"),
            pool_size=pool_size,
            max_overflow=0,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"options": limits},
        )
        event.listen(engine, "checkin", _leave_no_transaction)
        return engine

    def _begin_sqlite(self, connection: Connection) -> None:
        if connection.get_execution_options().get("writing"):
            # One queue for the writers of this process is fair; SQLite's own wait is a lottery.
            self._writer_lock.acquire()
            connection.info["holds_writer_lock"] = True
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("BEGIN")

    def _release_writer_lock(self, connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
        _leave_no_transaction(connection, entry)
        if entry.info.pop("holds_writer_lock", False):
            self._writer_lock.release()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open one snapshot for reading; whatever was changed in it is thrown away."""
        with Session(self._reading, autoflush=False) as session:
            yield session
            session.rollback()

    @contextmanager
    def read_from_replica(self) -> Iterator[Session]:
        """Open one snapshot of all that is committed: of the replica where it has it, else as `read` does."""
        engine = self._reading
        if self.replica is not None and self.replica.has_reached(self._position()):
            engine = self.replica.reading
        with Session(engine, autoflush=False) as session:
            yield session
            session.rollback()

    def replica_state(self) -> ReplicaState | None:
        """Find out how the replica stands; None where there is none."""
        return None if self.replica is None else self.replica.look(self._position())

    def _position(self) -> str:
        """Give the position of the primary's log, behind everything that is committed."""
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            return str(connection.scalar(text("SELECT pg_current_wal_lsn()")))

    @contextmanager
    def write(self) -> Iterator[WritingSession]:
        """Open one transaction, commit it at the end, roll it back when anything fails."""
        with self.writing_session() as session:
            yield session
            session.commit()

    def writing_session(self) -> WritingSession:
        """Open one transaction that its opener commits."""
        return WritingSession(self._writing, expire_on_commit=False)

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()
        if self.replica is not None:
            self.replica.dispose()


def _leave_no_transaction(connection: DBAPIConnection | None, _entry: ConnectionPoolEntry) -> None:
    # After a commit that failed the pool believes the transaction to be over; the database does not.
    if connection is not None:
        connection.rollback()


def _prepare_sqlite(connection: Any, _entry: ConnectionPoolEntry) -> None:
    # Transactions are opened by the `begin` event, never by the driver on its own.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
