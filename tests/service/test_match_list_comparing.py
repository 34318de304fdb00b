import io
from uuid import UUID, uuid4

import openpyxl
import pytest
from sqlalchemy import event

from service.accounts.schemas import SYSTEM
from service.catalogue.operations import Catalogue
from service.forums import operations as forums
from service.forums import rulings, set_up
from service.forums.asking import ask_many
from service.forums.pair_schemas import ExclusionCreate
from service.forums.schemas import LimitsChange, MeetingRuleCreate, ParticipantRequest, ParticipantsAdd
from service.match_lists import comparing, fairness, repository
from service.match_lists import operations as match_lists
from service.match_lists.models import MatchList
from service.match_lists.schemas import MatchListRead, PairDifference
from service.platform.database import Database
from service.platform.problems import Conflict, NotFound
from service.profiles.vocabulary import Kind
from tests.factories import profiles as make
from tests.factories.forums import make_approved, make_forum
from tests.factories.match_lists import decide, make_list


@pytest.fixture
def buyer(database: Database) -> UUID:
    return make_approved(database, Kind.ENTREPRENEUR, display_name="Buyer")


def _exporter(database: Database, name: str, **changes) -> UUID:
    return make_approved(database, Kind.EXPORTER, display_name=name, **changes)


@pytest.fixture
def forum(database: Database, buyer: UUID) -> UUID:
    sellers = [_exporter(database, name) for name in ("Aral", "Balkash", "Sayan")]
    return make_forum(database, [buyer], sellers)


def _seller(database: Database, forum: UUID, name: str) -> UUID:
    with database.read() as session:
        found = forums.participants(session, SYSTEM, forum, Kind.EXPORTER)
    return next(one.id for one in found if one.display_name == name)


def _told(database: Database, made: MatchListRead, **options) -> dict[str, PairDifference]:
    with database.read() as session:
        found = comparing.compare(session, SYSTEM, made.id, "en", **options)
    return {one.exporter.name: one for one in found.differences}


def test_pairs_added_and_removed_are_told_with_their_reasons(
    database: Database, buyer: UUID, forum: UUID
) -> None:
    aral, balkash, sayan = (_seller(database, forum, name) for name in ("Aral", "Balkash", "Sayan"))
    hard = _exporter(database, "Caspian")
    first = make_list(database, forum)
    first = decide(database, first, "remove", (buyer, aral), note="not now")
    with database.write() as session:
        exclusion = ExclusionCreate(entrepreneur_id=buyer, exporter_id=sayan)
        rulings.exclude_pair(session, SYSTEM, forum, exclusion)
        forums.remove_participants(session, SYSTEM, forum, Kind.EXPORTER, [balkash])
        wanted = ParticipantsAdd.model_validate({"kind": "exporter", "ids": [hard]})
        forums.add_participants(session, SYSTEM, forum, wanted)
    second = make_list(database, forum)
    told = _told(database, second)
    assert {name: (one.change.value, one.reason) for name, one in told.items()} == {
        "Aral": ("added", "The allocation chose it."),
        "Balkash": ("removed", "One of them is not on the later list."),
        "Caspian": ("added", "One of them was not on the earlier list."),
        "Sayan": ("removed", "It is ruled out: the organiser ruled it out."),
    }
    assert told["Caspian"].before is None
    assert told["Sayan"].after is None
    assert (told["Aral"].before.chosen, told["Aral"].before.standing) == (False, "removed")
    third = decide(database, second, "remove", (buyer, hard), note="they met")
    assert _told(database, third, earlier_id=first.id)["Aral"].change == "added"
    with database.write() as session:
        rule = {"effect": "never", "exporters": {"text": "Aral"}}
        set_up.add_rule(session, SYSTEM, forum, MeetingRuleCreate.model_validate(rule))
    last = make_list(database, forum)
    told = _told(database, last)
    assert told["Aral"].reason == "A rule of the forum keeps the two apart."
    pinned = decide(database, last, "pin", (buyer, aral), note="all the same")
    told = _told(database, pinned, earlier_id=first.id)
    assert (told["Aral"].change, told["Aral"].reason) == ("added", "By hand: all the same")
    told = _told(
        database, decide(database, pinned, "remove", (buyer, hard), note="twice"), earlier_id=second.id
    )
    assert "Caspian" not in told


def test_pairs_with_another_rank_or_score_are_told_and_passed_over_ones_too(
    database: Database, buyer: UUID, forum: UUID
) -> None:
    first = make_list(database, forum, k=3)
    rescored = make_list(database, forum, k=3, config={"balance": 0.9})
    assert {one.change.value for one in _told(database, rescored).values()} == {"rescored"}
    best = _exporter(
        database,
        "Best",
        offers=[make.statement(text="Honig aus dem Altai, тау балы", partnership_types=["import"])],
        seeks=[make.statement(text="Vertrieb an Feinkostläden", hs_codes=[])],
        languages=["de", "kk"],
    )
    with database.write() as session:
        wanted = ParticipantsAdd.model_validate({"kind": "exporter", "ids": [best]})
        forums.add_participants(session, SYSTEM, forum, wanted)
    newer = make_list(database, forum, k=4)
    told = _told(database, newer, earlier_id=first.id)
    assert {name: one.change.value for name, one in told.items()} == {
        "Best": "added",
        "Aral": "moved",
        "Balkash": "moved",
        "Sayan": "moved",
    }
    assert (told["Best"].after.rank_for_entrepreneur, told["Aral"].reason) == (1, "")
    with database.write() as session:
        limits = {"entrepreneur_min": 1, "entrepreneur_max": 1, "exporter_min": 0, "exporter_max": 1}
        set_up.change_limits(session, SYSTEM, forum, LimitsChange.model_validate(limits))
    one_each = make_list(database, forum, k=4)
    told = _told(database, one_each, earlier_id=newer.id)
    assert {one.reason for one in told.values()} == {"The allocation chose other pairs."}
    with database.read() as session:
        found = comparing.compare(session, SYSTEM, one_each.id, "en", earlier_id=newer.id)
    assert (found.added, found.removed, found.moved, found.rescored, found.same) == (0, 3, 0, 0, 1)


def test_pair_that_fell_out_of_the_best_is_told_so(database: Database, buyer: UUID, forum: UUID) -> None:
    others = [make_approved(database, Kind.ENTREPRENEUR) for _ in range(2)]
    with database.write() as session:
        wanted = ParticipantsAdd.model_validate({"kind": "entrepreneur", "ids": others})
        forums.add_participants(session, SYSTEM, forum, wanted)
    every = make_list(database, forum, k=3)
    few = make_list(database, forum, k=1)
    with database.read() as session:
        found = comparing.compare(session, SYSTEM, few.id, "en", earlier_id=every.id)
    assert (every.pairs, found.removed) == (9, 9 - few.pairs)
    assert found.removed > 0
    reasons = {one.reason for one in found.differences if one.change == "removed"}
    assert reasons == {"It is not among the best of either any more."}


def test_lists_of_two_forums_or_without_an_earlier_one_are_not_compared(
    database: Database, buyer: UUID, forum: UUID
) -> None:
    first = make_list(database, forum)
    other = make_list(database, make_forum(database, [buyer], [_seller(database, forum, "Aral")]))
    with database.read() as session:
        with pytest.raises(NotFound):
            comparing.compare(session, SYSTEM, first.id, "en")
        with pytest.raises(NotFound):
            comparing.compare(session, SYSTEM, uuid4(), "en")
        with pytest.raises(Conflict):
            comparing.compare(session, SYSTEM, first.id, "en", earlier_id=other.id)


def test_workbook_of_a_comparison_has_every_difference_in_the_readers_language(
    database: Database, buyer: UUID, forum: UUID
) -> None:
    first = make_list(database, forum)
    decide(database, first, "remove", (buyer, _seller(database, forum, "Aral")))
    second = make_list(database, forum)
    with database.read() as session:
        file = comparing.download(session, SYSTEM, second.id, "ru")
    sheet = openpyxl.load_workbook(io.BytesIO(file.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][:3] == ["Что изменилось", "Предприниматель", "Экспортёр"]
    assert [row[:5] for row in rows[1:]] == [["добавлена", "Buyer", "Aral", "нет", "да"]]
    assert file.name.endswith("-1-2.xlsx")


@pytest.mark.parametrize("rows", [1, 3])
def test_reports_ask_the_same_number_of_questions_for_any_number_of_rows(
    database: Database, buyer: UUID, rows: int
) -> None:
    sellers = [_exporter(database, f"Seller {number}") for number in range(rows)]
    forum = make_forum(database, [buyer], sellers, exporter_min=2)
    first = make_list(database, forum)
    for seller in sellers:
        first = decide(database, first, "remove", (buyer, seller))
    second = make_list(database, forum)
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    with database.read() as session:
        found = comparing.compare(session, SYSTEM, second.id, "en")
    assert (len(found.differences), len(asked)) == (rows, 8)
    asked.clear()
    with database.read() as session:
        report = fairness.report(session, SYSTEM, second.id, "en")
    assert (len(report.short), len(asked)) == (rows, 5)


def test_everybody_with_too_few_meetings_is_told_why(database: Database, buyer: UUID) -> None:
    silent = make.statement(text="Жүн", hs_codes=["5101"], partnership_types=["retail"], target_countries=[])
    names = ("Full", "Met", "Off", "Alone", "Out", "None")
    sellers = {
        name: _exporter(database, name, offers=[silent], seeks=[], languages=["ru"])
        if name in {"Alone", "Out"}
        else _exporter(database, name)
        for name in names
    }
    ended = _exporter(database, "Ended", valid_until="2027-01-01")
    taking_part = [*sellers.values(), ended]
    forum = make_forum(database, [buyer], taking_part, entrepreneur_max=3, exporter_min=0, exporter_max=2)
    own = {"Full": (1, 1), "Met": (2, 2), "Off": (1, 1), "Alone": (1, 1), "Out": (1, 1), "None": (0, 0)}
    with database.write() as session:
        asked = [
            ParticipantRequest(
                kind=Kind.EXPORTER, profile_id=sellers[name], min_meetings=least, max_meetings=most
            )
            for name, (least, most) in own.items()
        ]
        assert ask_many(session, SYSTEM, forum, asked) == [None] * len(asked)
        exclusion = ExclusionCreate(entrepreneur_id=buyer, exporter_id=sellers["Out"])
        rulings.exclude_pair(session, SYSTEM, forum, exclusion)
    made = make_list(database, forum)
    made = decide(database, made, "remove", (buyer, sellers["Off"]))

    def reasons() -> dict[str, str]:
        with database.read() as session:
            report = fairness.report(session, SYSTEM, made.id, "en")
        assert {one.side for one in report.short} <= {Kind.EXPORTER}
        return {one.participant.name: one.reason for one in report.short}

    told = reasons()
    assert told == {
        "Met": "few_fit",
        "Off": "taken_off",
        "Alone": "nobody_fits",
        "Out": "ruled_out",
        "None": "wants_none",
    }
    made = decide(database, made, "remove", (buyer, sellers["Full"]))
    assert reasons()["Full"] == "taken_off"


def test_candidate_with_room_is_named_where_pairs_were_taken_off(database: Database, buyer: UUID) -> None:
    sellers = [_exporter(database, f"Seller {number}") for number in range(2)]
    forum = make_forum(database, [buyer], sellers, entrepreneur_max=1, exporter_max=1)
    made = make_list(database, forum)
    with database.read() as session:
        (pair,) = (row.pair for row in repository.standings(session, made.id) if row.chosen)
        (lacking,) = fairness.report(session, SYSTEM, made.id, "en").short
    assert lacking.text == "The 1 partners that fit it have as many meetings as they may."
    decide(database, made, "remove", pair)
    with database.read() as session:
        report = fairness.report(session, SYSTEM, made.id, "en")
    told = {one.participant.id: one.text for one in report.short}
    other = next(one for one in sellers if one != pair[1])
    assert told == {
        buyer: "1 of its candidates have room: add one by hand.",
        other: "1 of its candidates have room: add one by hand.",
        pair[1]: "Pairs of it were taken off the list by hand.",
    }
    assert (report.missing, report.missing_at_best) == (3, 1)


def test_list_of_the_time_before_limits_is_read_reproduced_and_judged(
    database: Database, forum: UUID
) -> None:
    made = make_list(database, forum)
    with database.write() as session:
        session.get(MatchList, made.id).allocation = {}
    with database.read() as session:
        report = fairness.report(session, SYSTEM, made.id, "en")
        again = match_lists.reproduce(session, Catalogue(), SYSTEM, made.id, "en")
    assert (report.meetings, report.short, report.shares, report.one_more) == (3, [], [], [])
    assert not again.same
    with database.write() as session:
        session.get(MatchList, made.id).digest = again.made_again
    with database.read() as session:
        assert match_lists.reproduce(session, Catalogue(), SYSTEM, made.id, "en").same
