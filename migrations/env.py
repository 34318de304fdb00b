"""How Alembic runs a migration: in one transaction, with SQLite's foreign keys checked afterwards."""

from typing import Any

from alembic import context
from sqlalchemy import Connection, text
from sqlmodel import AutoString

# Every table registers itself when its module is imported.
import service.accounts.models
import service.bulk_import.models
import service.catalogue.models
import service.centres.models
import service.changes.models
import service.forums.models
import service.match_lists.models
import service.meetings.models
import service.platform.audit
import service.platform.mail
import service.platform.queue
import service.profiles.models
import service.proposals.models  # noqa: F401 - all of the imports above register tables
from service.platform.database import Database, ExactDecimal, UtcDateTime, metadata


def _render(kind: str, value: Any, _context: Any) -> str | bool:
    if kind == "type" and isinstance(value, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(value, AutoString):
        return f"sa.String(length={value.length})"
    if kind == "type" and isinstance(value, ExactDecimal):
        return "ExactDecimal()"
    return False


def _migrate(connection: Connection, *, sqlite: bool) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=sqlite,
        render_item=_render,
        transaction_per_migration=False,
    )
    context.run_migrations()
    if sqlite:
        orphans = connection.execute(text("PRAGMA foreign_key_check")).all()
        if orphans:
            raise RuntimeError(f"The migration left {len(orphans)} rows without their parent.")


def run(database: Database) -> None:
    """Run the migrations on a database."""
    with database.engine.execution_options(writing=True).connect() as connection:
        if database.is_sqlite:
            # Batch mode drops and rebuilds tables: with the keys on, every ON DELETE CASCADE child goes
            # with its parent. The switch works outside a transaction only.
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute("PRAGMA foreign_keys=OFF")
            try:
                with connection.begin():
                    _migrate(connection, sqlite=True)
            finally:
                raw.execute("PRAGMA foreign_keys=ON")
        else:
            connection.execute(text("SET statement_timeout = 0"))
            connection.commit()
            with connection.begin():
                # Two replicas that start together migrate one after the other.
                connection.execute(text("SELECT pg_advisory_xact_lock(7205001)"))
                _migrate(connection, sqlite=False)
            connection.invalidate()


run(context.config.attributes["database"])
