import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from matching import MatchConfig, PartnerIndex, segments
from matching import index as index_module
from service.app import _begin_index
from service.catalogue import publishing
from service.catalogue.errors import SECONDS_UNTIL_NEXT_TRY, IndexIsBeingMade
from service.catalogue.operations import Catalogue, Snapshot
from service.platform.database import Database
from service.profiles.vocabulary import Kind
from tests.factories.accounts import make_api_client
from tests.factories.forums import make_approved

BRIEF, LONG = 0.05, 60.0


@pytest.fixture(autouse=True)
def _large(monkeypatch: pytest.MonkeyPatch) -> None:
    """What reads one profile is done in a request, what reads more aside."""
    monkeypatch.setattr("service.catalogue.operations.MOST_IN_A_REQUEST", 1)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Let no index be built before the test says so."""
    go_on, build = threading.Event(), PartnerIndex.build

    def slowly(*given: Any, **options: Any) -> PartnerIndex:
        assert go_on.wait(LONG)
        return build(*given, **options)

    monkeypatch.setattr(PartnerIndex, "build", slowly)
    yield go_on
    go_on.set()


def _current(database: Database, catalogue: Catalogue, config: MatchConfig | None = None) -> Snapshot:
    with database.read() as session:
        return catalogue.current(session, config)


def _until(condition: Any) -> None:
    deadline = time.monotonic() + LONG
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _three(database: Database) -> list[str]:
    kinds = (Kind.ENTREPRENEUR, Kind.EXPORTER, Kind.EXPORTER)
    return [str(make_approved(database, kind)) for kind in kinds]


def test_first_index_is_built_aside_and_a_request_waits_only_so_long(
    database: Database, held: threading.Event
) -> None:
    known = _three(database)
    catalogue = Catalogue(database=database, patience=BRIEF)
    for _ in range(2):
        with pytest.raises(IndexIsBeingMade) as told:
            _current(database, catalogue)
    assert told.value.headers == {"Retry-After": str(SECONDS_UNTIL_NEXT_TRY)}
    held.set()
    _until(lambda: catalogue._latest)
    found = _current(database, catalogue)
    assert all(one in found.index for one in known)
    assert _current(database, catalogue) is found


def test_request_that_can_wait_is_given_what_is_built_aside(database: Database) -> None:
    catalogue = Catalogue(database=database, patience=LONG)
    known = _three(database)
    first = _current(database, catalogue)
    assert (len(first.index), first.has_own_statistics) == (3, True)
    assert str(make_approved(database, Kind.EXPORTER)) in _current(database, catalogue).index
    config = MatchConfig(balance=0.25)
    other = _current(database, catalogue, config)
    assert other.index.config == config
    assert _current(database, catalogue, config) is other
    with database.read() as session:
        old = catalogue.at_version(session, first.version, MatchConfig())
        assert catalogue.at_version(session, first.version, MatchConfig()) is old
    assert [one in old.index for one in known] == [True] * 3
    assert old.index.digest() == first.index.digest()


def test_few_changes_are_applied_in_the_request_and_many_aside(
    database: Database, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "SMALL", 2)
    monkeypatch.setattr(index_module, "MOST_DRIFT", 9)
    _three(database)
    publishing.publish(database, tmp_path)
    catalogue = Catalogue(folder=tmp_path, database=database, patience=LONG)
    assert not _current(database, catalogue).has_own_statistics
    started: list[Any] = []
    start = catalogue._aside.start
    monkeypatch.setattr(catalogue._aside, "start", lambda key, work: started.append(key) or start(key, work))
    assert str(make_approved(database, Kind.EXPORTER)) in _current(database, catalogue).index
    assert started == []
    many = _three(database)
    assert all(one in _current(database, catalogue).index for one in many)
    assert [name for name, _ in started] == ["next"]


def test_segments_are_merged_aside_and_what_comes_meanwhile_is_there(
    database: Database, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "SMALL", 2)
    monkeypatch.setattr(index_module, "MOST_DRIFT", 9)
    monkeypatch.setattr(segments, "_LEAST_DELTA", 1)
    _three(database)
    publishing.publish(database, tmp_path)
    catalogue = Catalogue(folder=tmp_path, database=database, patience=LONG)
    _current(database, catalogue)
    go_on, merged = threading.Event(), PartnerIndex.merged

    def slowly(index: PartnerIndex) -> PartnerIndex:
        assert go_on.wait(LONG)
        return merged(index)

    monkeypatch.setattr(PartnerIndex, "merged", slowly)
    for _ in range(2):
        make_approved(database, Kind.EXPORTER)
        worn = _current(database, catalogue)
    assert worn.index.is_worn
    last = str(make_approved(database, Kind.EXPORTER))
    assert last in _current(database, catalogue).index
    go_on.set()
    _until(lambda: catalogue._latest is not None and not catalogue._latest.index.is_worn)
    found = _current(database, catalogue)
    assert (last in found.index, found.statistics_version) == (True, worn.statistics_version)
    assert found.index.digest() == _current(database, Catalogue(folder=tmp_path)).index.digest()


def test_index_on_its_own_statistics_waits_for_published_ones_when_it_is_behind(
    database: Database, tmp_path: Any, held: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "SMALL", 2)
    held.set()
    _three(database)
    catalogue = Catalogue(database=database, patience=LONG)
    before = _current(database, catalogue)
    publishing.publish(database, tmp_path)
    held.clear()
    # Nothing has changed: the old one is as good.
    assert _current(database, catalogue) is before
    make_approved(database, Kind.EXPORTER)
    catalogue._patience = BRIEF
    with pytest.raises(IndexIsBeingMade):
        _current(database, catalogue)
    held.set()
    catalogue._patience = LONG
    found = _current(database, catalogue)
    assert (found.has_own_statistics, found.statistics_version, len(found.index)) == (False, 3, 4)


def test_index_that_cannot_be_made_is_told_and_begun_again(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _three(database)
    catalogue = Catalogue(database=database, patience=LONG)
    with monkeypatch.context() as broken:
        broken.setattr(PartnerIndex, "build", lambda *_given, **_options: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            _current(database, catalogue)
    assert "an index could not be made: ZeroDivisionError" in caplog.text
    assert len(_current(database, catalogue).index) == 3


def test_request_does_not_wait_for_another_one_for_ever(database: Database) -> None:
    catalogue = Catalogue(database=database, patience=BRIEF)
    with catalogue._turn(time.monotonic() + LONG), pytest.raises(IndexIsBeingMade):
        _current(database, catalogue)


def test_service_begins_a_large_index_when_it_starts(database: Database) -> None:
    catalogue = Catalogue(database=database)
    catalogue.begin()
    assert not catalogue._aside._under_way
    _three(database)
    catalogue.begin()
    _until(lambda: catalogue._latest)
    assert _current(database, catalogue) is catalogue._latest


def test_service_starts_although_its_database_does_not_answer(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_given: Any) -> None:
        raise OperationalError("SELECT", {}, OSError())

    monkeypatch.setattr(database, "read", fail)
    _begin_index(Catalogue(database=database))
    assert "the index is not begun at the start: OperationalError" in caplog.text


def test_callers_are_told_when_to_come_again(
    client: Any, app: Any, database: Database, held: threading.Event
) -> None:
    one, *_ = _three(database)
    app.state.catalogue._patience = BRIEF
    agency = make_api_client(database, scopes=("profiles:read", "match-lists:read"), agency=None)
    headers = {**agency.headers, "Accept-Language": "ru"}
    answer = client.get(f"/api/v1/entrepreneurs/{one}/matches", headers=headers)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, str(SECONDS_UNTIL_NEXT_TRY))
    problem = answer.json()
    assert problem["title"] == "Индекс всех профилей создаётся"
    assert problem["type"] == "urn:qazaq-house:problem:index-is-being-made"
    assert problem["detail"].endswith(f"через {SECONDS_UNTIL_NEXT_TRY} секунд.")
    held.set()
    _until(lambda: app.state.catalogue._latest)
    assert client.get(f"/api/v1/entrepreneurs/{one}/matches", headers=headers).status_code == 200


def test_older_statistics_never_take_the_place_of_newer_ones(database: Database) -> None:
    catalogue = Catalogue(database=database, patience=LONG)
    first = _current(database, catalogue)
    _three(database)
    newer = _current(database, catalogue)
    catalogue._keep(first)
    assert _current(database, catalogue) is newer
