from uuid import UUID, uuid4

import pytest

from service.accounts.schemas import SYSTEM
from service.catalogue.operations import Catalogue
from service.forums import rulings
from service.forums.pair_schemas import ExclusionCreate
from service.match_lists import choosing, repository
from service.match_lists import operations as match_lists
from service.match_lists.schemas import MatchListCreate, Standing
from service.platform.database import Database
from service.profiles.vocabulary import Kind
from tests.factories.forums import make_approved, make_forum
from tests.factories.match_lists import make_list, publish


def _published(database: Database, exporters: int) -> tuple[UUID, UUID]:
    buyer = make_approved(database, Kind.ENTREPRENEUR)
    forum = make_forum(database, [buyer], [make_approved(database, Kind.EXPORTER) for _ in range(exporters)])
    made = match_lists.generate(database, Catalogue(), SYSTEM, forum, MatchListCreate(k=10))
    with database.write() as session:
        match_lists.publish(session, SYSTEM, made.id)
    return forum, made.id


def test_forum_without_a_published_list_has_nothing_to_propose(database: Database) -> None:
    buyer, honey = make_approved(database, Kind.ENTREPRENEUR), make_approved(database, Kind.EXPORTER)
    forum = make_forum(database, [buyer], [honey])
    match_lists.generate(database, Catalogue(), SYSTEM, forum, MatchListCreate())
    with database.read() as session:
        assert choosing.published_list(session, forum) is None
        assert choosing.next_best(session, forum, limit=5) == []
        assert choosing.chosen_pairs(session, uuid4()) == []


def test_published_list_gives_chosen_pairs_and_what_was_passed_over_best_first(database: Database) -> None:
    forum, list_id = _published(database, exporters=4)
    with database.write() as session:
        best, second, third, last = repository.by_choice(session, list_id, chosen=True)
        second.chosen = third.chosen = last.chosen = False
        third.standing = Standing.REMOVED.value
    with database.read() as session:
        published = choosing.published_list(session, forum)
        chosen = choosing.chosen_pairs(session, list_id)
        passed_over = choosing.next_best(session, forum, limit=5)
        first_only = choosing.next_best(session, forum, limit=1)
    assert published is not None
    assert published.id == list_id
    assert chosen == [choosing.ChosenPair(best.entrepreneur_id, best.exporter_id, best.score, best.id)]
    assert [pair.entry_id for pair in passed_over] == [second.id, last.id]
    assert first_only == passed_over[:1]
    with database.read() as session:
        why = choosing.explanations(session, [best.id, last.id])
    assert why[best.id].score == pytest.approx(best.score, abs=1e-6)
    with database.write() as session:
        exclusion = ExclusionCreate(entrepreneur_id=last.entrepreneur_id, exporter_id=last.exporter_id)
        rulings.exclude_pair(session, SYSTEM, forum, exclusion)
    with database.read() as session:
        assert [pair.entry_id for pair in choosing.next_best(session, forum, limit=5)] == [second.id]


def test_pair_that_was_never_chosen_has_no_reasons_kept(database: Database) -> None:
    buyer, *sellers = (
        make_approved(database, kind) for kind in (Kind.ENTREPRENEUR, Kind.EXPORTER, Kind.EXPORTER)
    )
    forum = make_forum(database, [buyer], sellers, entrepreneur_max=1)
    made = publish(database, make_list(database, forum))
    with database.read() as session:
        (chosen,) = choosing.chosen_pairs(session, made.id)
        (other,) = choosing.next_best(session, forum, limit=5)
        assert list(choosing.explanations(session, [chosen.entry_id, other.entry_id])) == [chosen.entry_id]
