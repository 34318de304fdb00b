import threading
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import httpx2
import pysqlite3
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import DataError, StatementError
from sqlmodel import select
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from service.accounts import operations as accounts
from service.platform.audit import AuditEntry, record
from service.platform.database import Database, plain_decimal
from service.platform.middleware import LastResort
from service.settings import Settings
from tests.factories import profiles as make
from tests.factories.accounts import make_api_client


def test_commit_that_fails_answers_unavailable_and_saves_nothing(
    client: TestClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    agency = make_api_client(database)
    failure = database.engine.dialect.loaded_dbapi.OperationalError("disk full")

    def fail(_connection: object) -> None:
        raise failure

    with monkeypatch.context() as broken:
        broken.setattr(database.engine.dialect, "do_commit", fail)
        answer = client.post("/api/v1/exporters", json=make.exporter(), headers=agency.headers)
    assert answer.status_code == 503, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert "disk full" not in answer.text
    listed = client.get("/api/v1/exporters?review_status=submitted", headers=agency.headers)
    assert listed.json()["total"] == 0


@pytest.mark.parametrize(
    "failure", [RuntimeError("secret detail"), DataError("secret", {}, Exception("detail"))]
)
def test_unforeseen_failure_is_answered_and_logged_without_its_words(
    client: TestClient,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    failure: Exception,
) -> None:
    agency = make_api_client(database)

    def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr(accounts, "principal_of_key", fail)
    # Nothing is left for the server to log: it would write the words of the error down.
    client = TestClient(client.app)
    answer = client.get("/api/v1/exporters", headers=agency.headers)
    assert answer.status_code == 500
    assert answer.json()["type"] == "urn:qazaq-house:problem:internal"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert f"{type(failure).__name__}\n" in caplog.text
    assert "in current_principal" in caplog.text
    for told in (answer.text, caplog.text):
        assert "secret" not in told
        assert "detail:" not in told


def test_failure_in_the_middle_of_an_answer_breaks_it_off_without_its_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    failure = LookupError("secret detail")

    def parts() -> Iterator[bytes]:
        yield b"one"
        raise failure

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await StreamingResponse(parts())(scope, receive, send)

    guarded = LastResort(app, answer=lambda _request: Response("not reached"))
    with pytest.raises(RuntimeError, match="broke off") as caught:
        TestClient(guarded).get("/")
    assert "secret" not in "".join(traceback.format_exception(caught.value))
    assert "LookupError" in caplog.text
    assert "secret" not in caplog.text


def test_server_that_cannot_start_says_why(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise LookupError("no index")

    monkeypatch.setattr("service.app._begin_index", fail)
    with pytest.raises(LookupError, match="no index"), TestClient(client.app):
        pass


def test_many_writers_on_few_threads_all_finish(client: TestClient, database: Database) -> None:
    """The writer's lock is taken inside the endpoint; taken before it, this froze at 16 on 8 threads."""
    agency = make_api_client(database)
    answers: list[int] = []

    def send() -> None:
        answer = client.post("/api/v1/exporters", json=make.exporter(), headers=agency.headers)
        answers.append(answer.status_code)

    threads = [threading.Thread(target=send) for _ in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert answers == [201] * 24


def test_read_session_throws_changes_away(database: Database) -> None:
    with database.read() as session:
        record(session, "system", "nothing", "thing", uuid4())
    with database.read() as session:
        assert session.exec(select(AuditEntry)).all() == []


def test_write_session_rolls_back_when_the_work_fails(database: Database) -> None:
    with pytest.raises(RuntimeError), database.write() as session:
        record(session, "system", "nothing", "thing", uuid4())
        session.flush()
        raise RuntimeError
    with database.write() as session:
        assert session.exec(select(AuditEntry)).all() == []


def test_moments_come_back_in_utc(database: Database) -> None:
    local = datetime(2026, 11, 24, 15, tzinfo=timezone(timedelta(hours=5)))
    entry = AuditEntry(at=local, actor="system", action="a", subject_kind="thing", subject_id=uuid4())
    with database.write() as session:
        session.add(entry)
    with database.read() as session:
        assert session.exec(select(AuditEntry.at)).one() == datetime(2026, 11, 24, 10, tzinfo=UTC)


def test_moment_without_offset_is_refused(database: Database) -> None:
    naive = datetime(2026, 11, 24, 15)  # noqa: DTZ001 - the mistake itself
    entry = AuditEntry(at=naive, actor="system", action="a", subject_kind="thing", subject_id=uuid4())
    with pytest.raises(StatementError, match="offset"), database.write() as session:
        session.add(entry)


@pytest.mark.parametrize(
    ("given", "plain"), [("12.50", "12.5"), ("1200", "1200"), ("0.000", "0"), ("1E+3", "1000")]
)
def test_decimal_is_written_without_exponent_or_trailing_zeros(given: str, plain: str) -> None:
    assert str(plain_decimal(Decimal(given))) == plain


def test_sqlite_is_set_up_as_its_makers_mean_it(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'one.sqlite3'}")
    with database.read() as session:
        modes = [
            session.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    database.dispose()
    assert modes == ["wal", 2, 1]


def test_sqlite_with_the_wal_mistake_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pysqlite3, "sqlite_version_info", (3, 40, 1))
    with pytest.raises(RuntimeError, match="pysqlite3"):
        Database(f"sqlite:///{tmp_path / 'one.sqlite3'}")


def test_sqlite_in_memory_is_refused() -> None:
    with pytest.raises(ValueError, match="file"):
        Database("sqlite://")


@pytest.mark.parametrize(
    ("content", "kind", "status", "problem"),
    [
        (b"{}", "text/plain", 415, "not-json"),
        (b"external_id=1", "application/x-www-form-urlencoded", 415, "not-json"),
        (b"{}", "application/vnd.agency+json", 422, "invalid-input"),
        (b"", "application/json", 422, "invalid-input"),
        (b"{", "application/json", 422, "invalid-input"),
        (b"\xff", "application/json", 400, "bad-request"),
        (b"[" * 100_000, "application/json", 400, "bad-request"),
        (b"9" * 5000, "application/json", 400, "bad-request"),
    ],
)
def test_body_that_is_not_the_json_that_is_asked_for_is_told(
    client: TestClient, database: Database, content: bytes, kind: str, status: int, problem: str
) -> None:
    headers = {**make_api_client(database).headers, "Content-Type": kind}
    answer = client.post("/api/v1/exporters", content=content, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:qazaq-house:problem:{problem}")
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error for error in answer.json()["errors"] if error["pointer"].strip("/").isdigit()] == []


def test_method_that_an_address_does_not_take_is_told_with_those_that_it_takes(client: TestClient) -> None:
    answer = client.patch("/health/live")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
    assert answer.json()["detail"] == "This address does not take such a request."


def test_body_larger_than_allowed_is_refused_before_it_is_read(
    client: TestClient, database: Database, settings: Settings
) -> None:
    agency = make_api_client(database)
    large = b" " * (settings.max_body_bytes + 1)
    announced = client.post("/api/v1/exporters", content=large, headers=agency.headers)
    streamed = client.post("/api/v1/exporters", content=iter([large]), headers=agency.headers)
    for answer in (announced, streamed):
        assert answer.status_code == 413, answer.text
        assert answer.json()["type"] == "urn:qazaq-house:problem:too-large"


def test_every_answer_carries_the_security_headers(client: TestClient) -> None:
    for path in ("/health/live", "/nowhere", "/api/v1/exporters"):
        answer: httpx2.Response = client.get(path)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "script-src 'none'" in answer.headers["content-security-policy"]


def test_health_answers_without_a_key(client: TestClient, app: FastAPI) -> None:
    assert client.get("/health/live").json() == {"status": "ok"}
    assert client.get("/health/ready").json() == {"status": "ok"}
    assert app.title
