"""Bringing a database to a version of the schema; the only way in which it changes."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

import migrations
from service.platform.database import Database

HEAD = "head"
BASE = "base"


def alembic_config() -> Config:
    """Point Alembic at the migrations that come with the service."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(database: Database, revision: str = HEAD) -> None:
    """Bring the schema up to a revision; nothing happens when it is there already."""
    config = alembic_config()
    config.attributes["database"] = database
    command.upgrade(config, revision)


def downgrade(database: Database, revision: str) -> None:
    """Take the schema down to a revision."""
    config = alembic_config()
    config.attributes["database"] = database
    command.downgrade(config, revision)


def move(database: Database, revision: str) -> None:
    """Bring the schema to a revision, up or down from wherever it is."""
    with database.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    script = ScriptDirectory.from_config(alembic_config())
    older = {step.revision for step in script.iterate_revisions(current, BASE)} if current else set()
    if revision == BASE or (revision != current and revision in older):
        downgrade(database, revision)
    else:
        upgrade(database, revision)


def draft(database: Database, text: str, number: str) -> None:
    """Write a new migration from the difference between the tables and a migrated database."""
    config = alembic_config()
    config.attributes["database"] = database
    command.revision(config, text, autogenerate=True, rev_id=number)


def heads() -> list[str]:
    """List the newest revisions; there is one, or the migrations have parted."""
    return list(ScriptDirectory.from_config(alembic_config()).get_heads())
