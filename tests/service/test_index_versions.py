import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from matching import MatchConfig, PartnerIndex
from matching import index as index_module
from service.accounts.schemas import SYSTEM
from service.catalogue import publishing
from service.catalogue.operations import Catalogue, Snapshot, folder_of
from service.changes import operations as changes
from service.jobs import tasks
from service.jobs.runner import run_pending
from service.match_lists import operations as match_lists
from service.match_lists import reading
from service.match_lists.schemas import MatchListCreate
from service.platform import clock, queue
from service.platform.database import Database
from service.profiles import operations as profiles
from service.profiles.vocabulary import ConsentPurpose, Kind
from service.settings import Settings
from tests.factories.forums import make_approved, make_forum

DIGEST = MatchConfig().digest()


@pytest.fixture(autouse=True)
def _small_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two profiles are many here, and half of them a drift."""
    monkeypatch.setattr(index_module, "SMALL", 2)
    monkeypatch.setattr(index_module, "MOST_DRIFT", 0.5)


def _current(database: Database, catalogue: Catalogue) -> Snapshot:
    with database.read() as session:
        return catalogue.current(session)


def _version(database: Database) -> int:
    with database.read() as session:
        return changes.current_version(session)


def _scores(snapshot: Snapshot) -> dict[str, list[tuple[str, float]]]:
    index = snapshot.index
    return {
        one: [(match.partner_id, match.score) for match in index.partners_of(one, 10)]
        for side in ("entrepreneur", "exporter")
        for one in index.ids(side)
    }


def _two(database: Database) -> tuple[UUID, UUID]:
    return make_approved(database, Kind.ENTREPRENEUR), make_approved(database, Kind.EXPORTER)


def test_statistics_are_published_when_there_are_enough_profiles_and_when_they_drift(
    database: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "index"
    make_approved(database, Kind.ENTREPRENEUR)
    assert not publishing.publish(database, folder)
    make_approved(database, Kind.EXPORTER)
    first = _version(database)
    assert publishing.publish(database, folder)
    assert not publishing.publish(database, folder)
    make_approved(database, Kind.EXPORTER)
    assert not publishing.publish(database, folder)
    make_approved(database, Kind.EXPORTER)
    second = _version(database)
    assert publishing.publish(database, folder)
    assert first < second
    # Only the newest index stays on the disk.
    assert list(folder.iterdir()) == [folder_of(folder, DIGEST, second)]


def test_saved_index_is_replaced_within_a_day_when_somebody_withdrew(
    database: Database, settings: Settings
) -> None:
    _two(database)
    gone = make_approved(database, Kind.EXPORTER)
    publishing.publish(database, settings.index_dir)
    first = _version(database)
    with database.write() as session:
        profiles.withdraw_consent(session, SYSTEM, Kind.EXPORTER, gone, ConsentPurpose.MATCHING)
    with database.write() as session:
        profiles.withdraw_consent(session, SYSTEM, Kind.EXPORTER, gone, ConsentPurpose.KANDAS_STATUS)
    run_pending(database, settings)
    assert list(settings.index_dir.iterdir()) == [folder_of(settings.index_dir, DIGEST, first)]
    with clock.frozen_at(clock.now() + timedelta(days=1, minutes=1)):
        run_pending(database, settings)
        with database.read() as session:
            assert not queue.waiting(session, publishing.JOB_AFTER_WITHDRAWAL)
    (folder,) = settings.index_dir.iterdir()
    assert folder == folder_of(settings.index_dir, DIGEST, _version(database))
    assert str(gone) not in PartnerIndex.load(folder)


def test_withdrawal_among_few_profiles_publishes_nothing(database: Database, settings: Settings) -> None:
    make_approved(database, Kind.EXPORTER)
    assert not publishing.publish(database, settings.index_dir, anew=True)


def test_statistics_that_another_runner_published_are_published_once(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _two(database)
    publishing.publish(database, tmp_path)
    monkeypatch.setattr(publishing, "is_due", lambda _session: True)
    assert publishing.publish(database, tmp_path)
    assert _current(database, Catalogue()).statistics_version == _version(database)


def test_every_process_has_the_statistics_in_force(database: Database, tmp_path: Path) -> None:
    _two(database)
    old, alone = Catalogue(folder=tmp_path), Catalogue()
    assert _current(database, old).has_own_statistics
    assert _current(database, alone).has_own_statistics
    learned = _version(database)
    publishing.publish(database, tmp_path)
    third = make_approved(database, Kind.EXPORTER)
    found = [_current(database, catalogue) for catalogue in (old, Catalogue(folder=tmp_path), alone, old)]
    assert {one.statistics_version for one in found} == {learned}
    assert {one.version for one in found} == {_version(database)}
    assert all(str(third) in one.index for one in found)
    assert all(_scores(one) == _scores(found[0]) for one in found)
    assert found[3] is found[0]
    make_approved(database, Kind.EXPORTER)
    publishing.publish(database, tmp_path)
    newest = _version(database)
    assert {_current(database, one).statistics_version for one in (old, Catalogue())} == {newest}


def test_process_without_files_builds_aside_and_goes_on_with_the_old(
    database: Database, tmp_path: Path
) -> None:
    _two(database)
    catalogue = Catalogue(database=database)
    before = _current(database, catalogue)
    publishing.publish(database, tmp_path)
    assert _current(database, catalogue) is before
    make_approved(database, Kind.EXPORTER)
    for _ in range(400):
        found = _current(database, catalogue)
        assert len(found.index) == 3
        if not found.has_own_statistics:
            break
        time.sleep(0.05)
    assert found.statistics_version == before.version
    assert _scores(found) == _scores(_current(database, Catalogue()))


def test_building_aside_goes_on_while_others_ask(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _two(database)
    catalogue = Catalogue(database=database)
    before = _current(database, catalogue)
    publishing.publish(database, tmp_path)
    started = []

    class Slow:
        def __init__(self, **options: object) -> None:
            started.append(options)

        def start(self) -> None:
            """Take longer than the test."""

        def is_alive(self) -> bool:
            return True

    monkeypatch.setattr("service.catalogue.aside.threading.Thread", Slow)
    assert [_current(database, catalogue) for _ in range(3)] == [before] * 3
    assert len(started) == 1


def test_session_older_than_the_index_is_given_the_newer_one(database: Database, tmp_path: Path) -> None:
    _two(database)
    catalogue = Catalogue(folder=tmp_path)
    with database.read() as session:
        changes.current_version(session)
        make_approved(database, Kind.EXPORTER)
        newer = _current(database, catalogue)
        assert catalogue.current(session) is newer


def test_folder_that_cannot_be_written_is_told_and_hinders_nothing(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _two(database)
    file = tmp_path / "file"
    file.write_text("")
    assert publishing.publish(database, file)
    assert "the index cannot be saved, every process builds it from the feed" in caplog.text
    assert _current(database, Catalogue(folder=file)).statistics_version == _version(database)


def test_index_file_that_is_cut_off_is_told_and_built_again(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _two(database)
    publishing.publish(database, tmp_path)
    whole = _current(database, Catalogue(folder=tmp_path))
    assert not caplog.text
    cut = folder_of(tmp_path, DIGEST, whole.statistics_version) / "exporter-data.npy"
    cut.write_bytes(cut.read_bytes()[:-4])
    found = _current(database, Catalogue(folder=tmp_path))
    assert "the saved index is not used, it is built from the feed" in caplog.text
    assert _scores(found) == _scores(whole)


def test_list_is_made_again_with_the_statistics_it_was_made_with(database: Database, tmp_path: Path) -> None:
    one, other = _two(database)
    publishing.publish(database, tmp_path)
    learned = _version(database)
    make_approved(database, Kind.EXPORTER)
    forum = make_forum(database, [one], [other])
    made = match_lists.generate(database, Catalogue(folder=tmp_path), SYSTEM, forum, MatchListCreate(k=5))
    for _ in range(2):
        make_approved(database, Kind.EXPORTER)
    publishing.publish(database, tmp_path)
    catalogue = Catalogue(folder=tmp_path)
    assert _current(database, catalogue).statistics_version > learned
    with database.read() as session:
        assert match_lists.reproduce(session, catalogue, SYSTEM, made.id, "en").same
        told = reading.explanation(session, catalogue, SYSTEM, made.id, (one, other), "en")
        again = catalogue.at_version(session, made.index_version, MatchConfig(), learned)
    assert again.statistics_version == learned
    assert told.score == again.index.explain(str(one), str(other)).score


def test_removed_profile_is_gone_while_statistics_stay(database: Database, tmp_path: Path) -> None:
    one, other = _two(database)
    publishing.publish(database, tmp_path)
    with database.write() as session:
        profiles.archive(session, SYSTEM, Kind.EXPORTER, other)
    found = _current(database, Catalogue(folder=tmp_path))
    assert (str(one) in found.index, str(other) in found.index) == (True, False)
    assert found.statistics_version < found.version


def test_job_publishes_and_comes_again(database: Database, settings: Settings) -> None:
    _two(database)
    with database.write() as session:
        tasks.schedule(session)
    run_pending(database, settings)
    found = _current(database, Catalogue(folder=settings.index_dir))
    assert (found.has_own_statistics, found.statistics_version) == (False, _version(database))
    for _ in range(2):
        make_approved(database, Kind.EXPORTER)
    with clock.frozen_at(clock.now() + timedelta(minutes=2)):
        run_pending(database, settings)
    assert _current(database, Catalogue(folder=settings.index_dir)).statistics_version == _version(database)
