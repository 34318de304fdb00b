import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlmodel import func, select

from service.accounts.schemas import SYSTEM
from service.catalogue.operations import Catalogue
from service.forums import operations as forums
from service.forums import set_up
from service.forums.schemas import ForumRead, ParticipantRead
from service.match_lists import operations as match_lists
from service.match_lists.schemas import MatchListCreate
from service.platform import migrations
from service.platform.database import Database, metadata
from service.profiles.models import ExporterStatement
from service.profiles.vocabulary import Kind
from service.proposals import operations as proposals
from service.proposals.schemas import AnswerTime, ProposalsMade
from tests.factories.accounts import make_api_client, make_caller, make_centre
from tests.factories.forums import make_approved, make_forum, set_everything_up
from tests.factories.match_lists import decide
from tests.factories.proposals import publish


@pytest.fixture
def filled(empty_database_url: str):
    database = Database(empty_database_url)
    migrations.upgrade(database)
    make_centre(database)
    make_caller(database, role="coordinator", centre="qh-berlin")
    make_api_client(database)
    entrepreneur = make_approved(database, Kind.ENTREPRENEUR, centre="qh-berlin")
    exporters = [make_approved(database, Kind.EXPORTER) for _ in range(2)]
    forum = make_forum(database, [entrepreneur], exporters)
    set_everything_up(database, forum, entrepreneur, exporters[0])
    made = match_lists.generate(database, Catalogue(), SYSTEM, forum, MatchListCreate(k=2))
    decide(database, made, "remove", (entrepreneur, exporters[1]))
    with database.write() as session:
        match_lists.mark_reviewed(session, SYSTEM, made.id)
    yield database
    database.dispose()


def _revisions() -> list[str]:
    script = ScriptDirectory.from_config(migrations.alembic_config())
    return [step.revision for step in script.walk_revisions()]


def _count(database: Database) -> int:
    with database.read() as session:
        return session.exec(select(func.count()).select_from(ExporterStatement)).one()


def test_there_is_one_newest_revision() -> None:
    assert len(migrations.heads()) == 1


def test_migrated_tables_are_those_of_the_program(filled: Database) -> None:
    with filled.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, metadata) == []


def test_every_migration_runs_down_and_up_on_a_filled_database(filled: Database) -> None:
    before = _count(filled)
    revisions = _revisions()
    for target in [*revisions[1:], "base"]:
        migrations.move(filled, target)
        if target != "base":
            assert _count(filled) == before
    assert inspect(filled.engine).get_table_names() == ["alembic_version"]
    for target in reversed(revisions):
        migrations.move(filled, target)
    assert _count(filled) == 0
    with filled.read() as session:
        assert session.execute(text("SELECT version FROM change_counter")).scalar_one() == 0


def test_names_get_the_keys_that_the_program_writes(filled: Database) -> None:
    def searched() -> list[str]:
        with filled.read() as session:
            return list(session.execute(text("SELECT search_text FROM exporter ORDER BY id")).scalars())

    written = searched()
    assert all("\n~" in words for words in written)
    migrations.move(filled, "0007")
    assert not any("~" in words for words in searched())
    migrations.move(filled, "0008")
    assert searched() == written


def test_forum_loses_its_set_up_and_nothing_else_on_the_way_down(filled: Database) -> None:
    def read() -> tuple[ForumRead, list[ParticipantRead]]:
        with filled.read() as session:
            (forum,) = forums.every(session, SYSTEM)
            return forum, forums.participants(session, SYSTEM, forum.id, Kind.EXPORTER)

    before, exporters = read()
    migrations.move(filled, "0003")
    migrations.move(filled, "0004")
    migrations.upgrade(filled)
    after, left = read()
    assert after == before.model_copy(update={"phase": "registration", "revision": after.revision})
    assert [one.id for one in left] == [one.id for one in exporters]
    assert [one.available for one in left] == [[], []]
    with filled.read() as session:
        found = set_up.read(session, SYSTEM, after.id, "en")
    assert (found.sessions, found.tables, found.rules, found.shares, found.pins) == ([], [], [], [], [])


def test_migrating_twice_changes_nothing(filled: Database) -> None:
    before = _count(filled)
    migrations.upgrade(filled)
    assert _count(filled) == before


def test_older_program_sees_proposed_pairs_of_a_list_under_review_as_its_draft(filled: Database) -> None:
    def pairs() -> list[tuple[str, float]]:
        with filled.read() as session:
            found = session.execute(
                text(
                    "SELECT match_list.state, entry.score FROM match_list_entry AS entry"
                    " JOIN match_list ON match_list.id = entry.match_list_id"
                )
            )
            return [(state, score) for state, score in found]

    assert [state for state, _ in pairs()] == ["reviewed", "reviewed"]
    migrations.move(filled, "0003")
    assert [state for state, _ in pairs()] == ["draft"]
    migrations.upgrade(filled)
    with filled.read() as session:
        kept = session.execute(text("SELECT chosen, standing, note FROM match_list_entry")).one()
    assert (bool(kept.chosen), kept.standing, kept.note) == (True, "allocated", "")


def test_forum_loses_its_proposals_and_nothing_else_on_the_way_down(filled: Database) -> None:
    sides = {kind: make_approved(filled, kind) for kind in Kind}
    forum = make_forum(filled, [sides[Kind.ENTREPRENEUR]], [sides[Kind.EXPORTER]])
    publish(filled, forum)

    def propose() -> ProposalsMade:
        with filled.write() as session:
            return proposals.propose(session, SYSTEM, forum, AnswerTime())

    assert propose() == ProposalsMade(proposed=1, already=0, left_out=0)
    before = _count(filled)
    migrations.move(filled, "0004")
    assert not {"proposal", "proposal_side", "letter"} & set(inspect(filled.engine).get_table_names())
    migrations.move(filled, "head")
    assert _count(filled) == before
    assert propose() == ProposalsMade(proposed=1, already=0, left_out=0)
