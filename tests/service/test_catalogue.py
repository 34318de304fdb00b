import threading
from uuid import UUID

from matching import MatchConfig, PartnerIndex
from service.accounts.schemas import SYSTEM
from service.catalogue.operations import Catalogue
from service.changes import operations as changes
from service.match_lists import operations as match_lists
from service.platform.database import Database
from service.profiles import operations as profiles
from service.profiles.schemas import Bar
from service.profiles.vocabulary import ConsentPurpose, Kind
from tests.factories import profiles as make
from tests.factories.forums import make_approved


def _ids(index: PartnerIndex) -> set[UUID]:
    return {UUID(one) for side in ("entrepreneur", "exporter") for one in index.ids(side)}


def _current(database: Database, catalogue: Catalogue) -> PartnerIndex:
    with database.read() as session:
        return catalogue.current(session).index


def test_both_replicas_see_a_profile_that_either_saved(database: Database) -> None:
    one, other = Catalogue(), Catalogue()
    assert _ids(_current(database, one)) == _ids(_current(database, other)) == set()
    first = make_approved(database, Kind.EXPORTER)
    assert _ids(_current(database, other)) == {first}
    second = make_approved(database, Kind.ENTREPRENEUR)
    assert _ids(_current(database, one)) == _ids(_current(database, other)) == {first, second}
    assert _current(database, one).digest() == _current(database, other).digest()


def test_index_made_from_changes_is_the_one_made_cold(database: Database) -> None:
    warm = Catalogue()
    kept = make_approved(database, Kind.EXPORTER)
    _current(database, warm)
    gone = make_approved(database, Kind.EXPORTER)
    _current(database, warm)
    with database.write() as session:
        profiles.archive(session, SYSTEM, Kind.EXPORTER, gone)
    make_approved(database, Kind.ENTREPRENEUR)
    assert kept in _ids(_current(database, warm))
    assert gone not in _ids(_current(database, warm))
    assert _current(database, warm).digest() == _current(database, Catalogue()).digest()


def test_index_is_the_same_object_while_nothing_changed(database: Database) -> None:
    catalogue = Catalogue()
    make_approved(database, Kind.EXPORTER)
    assert _current(database, catalogue) is _current(database, catalogue)


def test_old_version_is_rebuilt_as_it_was(database: Database) -> None:
    make_approved(database, Kind.EXPORTER)
    make_approved(database, Kind.ENTREPRENEUR)
    catalogue = Catalogue()
    with database.read() as session:
        old = catalogue.current(session)
    make_approved(database, Kind.EXPORTER)
    with database.read() as session:
        again = Catalogue().at_version(session, old.version, MatchConfig())
        kept = catalogue.at_version(session, old.version, MatchConfig())
        newest = catalogue.current(session)
        same = catalogue.at_version(session, newest.version, MatchConfig())
    assert again.index.digest() == kept.index.digest() == old.index.digest()
    assert newest.index.digest() != old.index.digest()
    assert same.index is newest.index


def test_only_few_old_versions_are_kept_in_memory(database: Database) -> None:
    make_approved(database, Kind.EXPORTER)
    catalogue = Catalogue()
    with database.read() as session:
        version = changes.current_version(session)
        configs = [MatchConfig(balance=step / 10) for step in range(8)]
        snapshots = [catalogue.at_version(session, version, config) for config in configs]
        assert catalogue.at_version(session, version, configs[-1]) is snapshots[-1]
        assert catalogue.at_version(session, version, configs[0]) is not snapshots[0]


def test_another_configuration_has_an_index_of_its_own(database: Database) -> None:
    make_approved(database, Kind.EXPORTER)
    catalogue = Catalogue()
    with database.read() as session:
        usual = catalogue.current(session)
        other = catalogue.current(session, MatchConfig(balance=1.0))
        assert other.index.config.balance == 1.0
        assert catalogue.current(session).index is usual.index


def test_profiles_that_may_not_be_matched_never_enter(database: Database) -> None:
    make_approved(database, Kind.EXPORTER, consents=[])
    barred = make_approved(database, Kind.EXPORTER)
    withdrawn = make_approved(database, Kind.EXPORTER)
    with database.write() as session:
        profiles.set_sanction_note(session, SYSTEM, Kind.EXPORTER, barred, Bar(note="list of sanctions"))
    with database.write() as session:
        profiles.withdraw_consent(session, SYSTEM, Kind.EXPORTER, withdrawn, ConsentPurpose.MATCHING)
    assert _ids(_current(database, Catalogue())) == set()
    with database.write() as session:
        profiles.set_sanction_note(session, SYSTEM, Kind.EXPORTER, barred, Bar())
    assert _ids(_current(database, Catalogue())) == {barred}


def test_partner_whom_a_snapshot_does_not_know_yet_is_passed_over(database: Database) -> None:
    one, first = make_approved(database, Kind.ENTREPRENEUR), make_approved(database, Kind.EXPORTER)
    catalogue = Catalogue()
    with database.read() as session:
        changes.current_version(session)
        make_approved(database, Kind.EXPORTER)
        # Another request brings the index of the process further than this one can see.
        assert len(_ids(_current(database, catalogue))) == 3
        found = match_lists.matches_of(session, catalogue, SYSTEM, Kind.ENTREPRENEUR, one, 10, "en")
    assert [match.partner.id for match in found] == [first]


def test_feed_carries_neither_names_nor_contacts(database: Database) -> None:
    sent = make.exporter(display_name="Құпия атау", contact_email="secret@example.org", kandas_owned=None)
    make_approved(database, Kind.EXPORTER, **sent)
    with database.read() as session:
        (change,) = changes.since(session, 0, ["exporter"])
    assert "Құпия" not in str(change.document)
    assert "secret@" not in str(change.document)
    assert sent["offers"][0]["text"] in str(change.document)


def test_readers_while_writers_write_see_a_growing_whole(database: Database) -> None:
    catalogue = Catalogue()
    seen: list[int] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.append(len(_ids(_current(database, catalogue))))

    def write() -> None:
        for _ in range(4):
            make_approved(database, Kind.EXPORTER)

    reader = threading.Thread(target=read)
    writers = [threading.Thread(target=write) for _ in range(3)]
    reader.start()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    done.set()
    reader.join()
    assert seen == sorted(seen)
    assert len(_ids(_current(database, catalogue))) == 12
