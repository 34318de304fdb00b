from uuid import uuid4

import pytest
from sqlalchemy import event

from matching import MatchConfig
from service.accounts.schemas import SYSTEM
from service.bulk_import import operations as imports
from service.catalogue.operations import Catalogue
from service.changes import operations as changes
from service.forums import operations as forums
from service.forums import rulings
from service.forums.pair_schemas import ExclusionCreate
from service.match_lists import operations as match_lists
from service.match_lists import reading
from service.match_lists.downloads import Extension
from service.match_lists.schemas import MatchListCreate
from service.platform.database import Database
from service.platform.problems import InvalidInput, NotAllowed, NotFound
from service.profiles.vocabulary import Kind
from tests.factories.accounts import make_caller, make_centre
from tests.factories.forums import make_approved, make_forum


def test_what_is_not_there_is_told(database: Database) -> None:
    forum = make_forum(database, [], [])
    wanted = (
        lambda session: forums.read(session, SYSTEM, uuid4()),
        lambda session: forums.find(session, SYSTEM, "nowhere"),
        lambda session: rulings.allow_pair(session, SYSTEM, forum, uuid4()),
        lambda session: match_lists.read(session, SYSTEM, uuid4()),
        lambda session: reading.explanation(session, Catalogue(), SYSTEM, uuid4(), (uuid4(), uuid4()), "en"),
        lambda session: reading.pair_names(session, uuid4(), uuid4()),
        lambda _session: imports.template(Kind.EXPORTER, "pdf", language="en"),
    )
    for step in wanted:
        with pytest.raises(NotFound), database.write() as session:
            step(session)
    with database.write() as session:
        imports.give_up(session, uuid4())


def test_coordinator_reads_forums_and_keeps_none(database: Database) -> None:

    make_centre(database)
    coordinator = make_caller(database, role="coordinator", centre="qh-berlin").principal
    forum = make_forum(database, [make_approved(database, Kind.ENTREPRENEUR)], [])
    with database.read() as session:
        assert forums.read(session, coordinator, forum).entrepreneurs == 1
    with pytest.raises(NotAllowed), database.write() as session:
        forums.remove_participants(session, coordinator, forum, Kind.ENTREPRENEUR, [])
    with pytest.raises(NotAllowed):
        match_lists.generate(database, Catalogue(), coordinator, forum, MatchListCreate())


def test_pair_is_ruled_out_once_and_its_reason_can_change(database: Database) -> None:
    one, other = make_approved(database, Kind.ENTREPRENEUR), make_approved(database, Kind.EXPORTER)
    forum = make_forum(database, [one], [other])
    for reason in ("organiser", "has_met"):
        wanted = ExclusionCreate(entrepreneur_id=one, exporter_id=other, reason=reason)
        with database.write() as session:
            rulings.exclude_pair(session, SYSTEM, forum, wanted)
    with database.read() as session:
        (kept,) = rulings.exclusions(session, SYSTEM, forum)
    assert kept.reason == "has_met"
    with database.write() as session:
        rulings.allow_pair(session, SYSTEM, forum, kept.id)
    with database.read() as session:
        assert rulings.exclusions(session, SYSTEM, forum) == []
    with pytest.raises(InvalidInput) as caught, database.write() as session:
        stranger = ExclusionCreate(entrepreneur_id=uuid4(), exporter_id=other)
        rulings.exclude_pair(session, SYSTEM, forum, stranger)
    assert [error.pointer for error in caught.value.errors] == ["/entrepreneur_id"]


def test_list_whose_catalogue_lost_a_stranger_says_so(database: Database) -> None:
    one, other = make_approved(database, Kind.ENTREPRENEUR), make_approved(database, Kind.EXPORTER)
    stranger = make_approved(database, Kind.EXPORTER)
    forum = make_forum(database, [one], [other])
    made = match_lists.generate(database, Catalogue(), SYSTEM, forum, MatchListCreate())
    with database.write() as session:
        changes.erase(session, Kind.EXPORTER.value, stranger)
    with database.read() as session:
        again = match_lists.reproduce(session, Catalogue(), SYSTEM, made.id, "en")
    assert not again.same
    assert "erased" in again.text


def test_list_of_another_version_of_the_matcher_says_so(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = make_approved(database, Kind.ENTREPRENEUR), make_approved(database, Kind.EXPORTER)
    forum = make_forum(database, [one], [other])
    made = match_lists.generate(database, Catalogue(), SYSTEM, forum, MatchListCreate())
    monkeypatch.setattr(match_lists, "MATCHER_VERSION", made.matcher_version + 1)
    monkeypatch.setattr("service.match_lists.generating.MATCHER_VERSION", made.matcher_version + 1)
    with database.read() as session:
        again = match_lists.reproduce(session, Catalogue(), SYSTEM, made.id, "en")
    assert not again.same
    assert f"version {made.matcher_version} of the matcher" in again.text


@pytest.mark.parametrize("rows", [1, 3])
def test_page_of_a_list_asks_the_same_number_of_questions_for_any_number_of_rows(
    database: Database, rows: int
) -> None:
    one = make_approved(database, Kind.ENTREPRENEUR)
    forum = make_forum(database, [one], [make_approved(database, Kind.EXPORTER) for _ in range(rows)])
    made = match_lists.generate(database, Catalogue(), SYSTEM, forum, MatchListCreate(k=5))
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    with database.read() as session:
        found = reading.page(session, SYSTEM, made.id, Kind.ENTREPRENEUR, "en")
    assert len(found.entries) == rows
    assert len(asked) == 5


def test_every_kind_of_file_is_given_in_the_readers_language(database: Database) -> None:
    one = make_approved(database, Kind.ENTREPRENEUR)
    forum = make_forum(database, [one], [make_approved(database, Kind.EXPORTER)])
    made = match_lists.generate(database, Catalogue(), SYSTEM, forum, MatchListCreate())
    with database.read() as session:
        texts = {
            extension: match_lists.download(session, SYSTEM, made.id, extension, "kk").content
            for extension in Extension
        }
    assert "Кәсіпкер" in texts[Extension.CSV].decode("utf-8-sig")
    assert texts[Extension.XLSX].startswith(b"PK")
    assert made.digest in texts[Extension.JSON].decode()
    assert MatchConfig.from_dict(made.config).digest() == made.config_digest


def test_forum_is_found_by_its_code_and_the_latest_is_listed_first(database: Database) -> None:
    later = make_forum(database, [], [], code="later", starts_on="2027-05-01", ends_on="2027-05-02")
    earlier = make_forum(database, [], [], code="earlier")
    with database.read() as session:
        assert forums.find(session, SYSTEM, "earlier").id == earlier
        assert [one.id for one in forums.every(session, SYSTEM)] == [later, earlier]
