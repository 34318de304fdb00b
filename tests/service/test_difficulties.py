from typing import Any
from uuid import UUID

import pytest

from service.accounts.schemas import SYSTEM
from service.forums import asking, rulings, sessions, set_up, tables
from service.forums import operations as forums
from service.forums.difficulties import difficulties
from service.forums.pair_schemas import ExclusionCreate, PairNote, PreferenceCreate
from service.forums.schemas import (
    InterpreterShiftCreate,
    LimitsChange,
    MeetingRuleCreate,
    MeetingTablesCreate,
    ParticipantChange,
    ReservedShareCreate,
    SessionCreate,
)
from service.platform.database import Database
from service.profiles.vocabulary import Kind
from tests.factories.forums import make_approved, make_forum

DAY = "2027-03-10"


def told(database: Database, forum: UUID, language: str = "en") -> dict[str, str]:
    with database.read() as session:
        return {one.code: one.sentence.text(language) for one in difficulties(session, forum)}


def fitting(
    database: Database, entrepreneurs: int = 2, exporters: int = 2, **changes: Any
) -> tuple[UUID, ...]:
    """A forum of two slots at two tables, on which nothing is wrong, and its participants."""
    ids = [make_approved(database, Kind.ENTREPRENEUR, display_name=f"E{n}") for n in range(entrepreneurs)]
    ids += [make_approved(database, Kind.EXPORTER, display_name=f"X{n}") for n in range(exporters)]
    forum = make_forum(database, ids[:entrepreneurs], ids[entrepreneurs:], **changes)
    held = SessionCreate.model_validate({"starts_at": f"{DAY}T09:00", "ends_at": f"{DAY}T09:45"})
    with database.write() as session:
        sessions.add(session, SYSTEM, forum, held)
        tables.add(session, SYSTEM, forum, MeetingTablesCreate(labels=["1-2"]))
    return forum, *ids


def limit(database: Database, forum: UUID, **limits: int) -> None:
    with database.write() as session:
        set_up.change_limits(session, SYSTEM, forum, LimitsChange.model_validate(limits))


def ask(database: Database, forum: UUID, kind: Kind, profile: UUID, **asked: Any) -> None:
    with database.write() as session:
        asking.ask(session, SYSTEM, forum, kind, profile, ParticipantChange.model_validate(asked))


def test_empty_forum_tells_what_it_lacks(database: Database) -> None:
    forum = make_forum(database, [], [])
    assert told(database, forum) == {
        "no_slots": "There is no time to meet yet: add a session first.",
        "no_tables": "There is no place to meet yet: add meeting tables first.",
        "no_entrepreneurs": "No entrepreneur takes part yet.",
        "no_exporters": "No exporter takes part yet.",
    }
    assert told(database, forum, "kk")["no_tables"].startswith("Әзірге")


def test_forum_on_which_everything_fits_tells_nothing(database: Database) -> None:
    forum, *_ = fitting(database)
    assert told(database, forum) == {}


def test_minimums_beyond_the_room_are_told(database: Database) -> None:
    forum, *_ = fitting(database, entrepreneurs=3, exporters=3)
    limit(database, forum, entrepreneur_min=2, entrepreneur_max=2)
    assert told(database, forum) == {
        "too_few_places": "The least meetings of all add up to 6, and there is room for 4: 2 slots at 2 "
        "tables. Add slots or tables, or lower the least number of meetings."
    }


@pytest.mark.parametrize("kind", Kind)
def test_minimums_beyond_what_the_other_side_takes_are_told(database: Database, kind: Kind) -> None:
    forum, *_ = fitting(database)
    other = Kind.EXPORTER if kind is Kind.ENTREPRENEUR else Kind.ENTREPRENEUR
    limit(database, forum, **{f"{kind}_min": 2, f"{other}_max": 1})
    (code,) = told(database, forum)
    assert code == f"{other}s_take_too_few"


def test_participants_without_time_or_partners_are_named(database: Database) -> None:
    forum, e0, e1, x0, x1 = fitting(database)
    early = {"starts_at": f"{DAY}T07:00", "ends_at": f"{DAY}T08:00"}
    first = {"starts_at": f"{DAY}T09:00", "ends_at": f"{DAY}T09:20"}
    ask(database, forum, Kind.ENTREPRENEUR, e0, available=[early])
    ask(database, forum, Kind.ENTREPRENEUR, e1, available=[first], min_meetings=2)
    ask(database, forum, Kind.EXPORTER, x0, min_meetings=2)
    with database.write() as session:
        pair = {"entrepreneur_id": e0, "exporter_id": x0}
        rulings.exclude_pair(session, SYSTEM, forum, ExclusionCreate.model_validate(pair))
        wish = {"entrepreneur_id": e0, "exporter_id": x1, "said_by": "exporter", "wish": "no"}
        rulings.prefer(session, SYSTEM, forum, PreferenceCreate.model_validate(wish))
    assert told(database, forum) == {
        "never_available": "These can meet in no slot; ask them for other times, or add sessions: E0.",
        "least_beyond_slots": "The least number of meetings is above the slots in which these can meet: E1.",
        "nobody_to_meet": "By the rules and excluded pairs there is nobody whom these may meet: E0.",
        "least_beyond_partners": "The least number of meetings is above the number of those whom these may "
        "meet: X0.",
    }
    # Whoever wants no meeting lacks neither time nor partners.
    ask(database, forum, Kind.ENTREPRENEUR, e0, max_meetings=0)
    assert set(told(database, forum)) == {"least_beyond_slots", "least_beyond_partners"}


def test_many_names_are_cut_short(database: Database) -> None:
    forum, *_ = fitting(database, entrepreneurs=8, exporters=1)
    rule = {"effect": "never"}
    with database.write() as session:
        set_up.add_rule(session, SYSTEM, forum, MeetingRuleCreate.model_validate(rule))
    limit(database, forum, entrepreneur_min=0, exporter_min=0)
    assert told(database, forum)["nobody_to_meet"].endswith("meet: E0, E1, E2, E3, E4, E5 … (+3).")


def reserve(database: Database, forum: UUID, *shares: tuple[str, str, int]) -> None:
    with database.write() as session:
        for criterion, value, percent in shares:
            wanted = {"criterion": criterion, "value": value, "percent": percent}
            set_up.reserve(session, SYSTEM, forum, ReservedShareCreate.model_validate(wanted))


def test_shares_that_cannot_be_reached_are_told(database: Database) -> None:
    forum, *_ = fitting(database)
    reserve(database, forum, ("programme", "bereke", 60), ("region", "Абай облысы", 60), ("rural", "", 1))
    with database.read() as session:
        sentences = [(one.code, one.sentence.text("ru")) for one in difficulties(session, forum)]
    assert [code for code, _ in sentences] == ["shares_over_all", *["share_for_nobody"] * 3]
    assert "121 %" in sentences[0][1]
    assert sentences[1][1].endswith("Программа: Береке.")
    assert sentences[2][1].endswith("Регион: область Абай.")


def test_share_beyond_what_its_exporters_take_is_told(database: Database) -> None:
    forum, *_ = fitting(database, entrepreneurs=4, exporters=3)
    rural = make_approved(database, Kind.EXPORTER, rural=True)
    with database.write() as session:
        forums.add_participants(
            session, SYSTEM, forum, forums.ParticipantsAdd(kind=Kind.EXPORTER, ids=[rural])
        )
    ask(database, forum, Kind.EXPORTER, rural, max_meetings=1)
    reserve(database, forum, ("rural", "", 25))
    assert told(database, forum) == {}
    reserve(database, forum, ("rural", "", 26))
    assert told(database, forum) == {
        "share_too_large": "Rural business: 26 % of 4 meetings are 2, and these exporters take at most 1."
    }


def test_languages_without_an_interpreter_are_named(database: Database) -> None:
    forum, *_ = fitting(database)
    for languages in (["sv"], ["de", "sv"], ["kk-Arab"], []):
        one = make_approved(database, Kind.ENTREPRENEUR, languages=languages)
        with database.write() as session:
            wanted = forums.ParticipantsAdd(kind=Kind.ENTREPRENEUR, ids=[one])
            forums.add_participants(session, SYSTEM, forum, wanted)
    limit(database, forum, entrepreneur_min=0)
    assert told(database, forum) == {
        "no_common_language": "4 pairs of participants have no business language in common, and no "
        "interpreter: have interpreters there for German, Swedish."
    }
    shift = {"language": "sv", "starts_at": f"{DAY}T08:00", "ends_at": f"{DAY}T09:10"}
    with database.write() as session:
        short = set_up.add_interpreters(session, SYSTEM, forum, InterpreterShiftCreate.model_validate(shift))
    assert told(database, forum)["interpreters_idle"].startswith(
        "Interpreters are there, but through no whole"
    )
    with database.write() as session:
        set_up.remove_interpreters(session, SYSTEM, forum, short.id)
        long = InterpreterShiftCreate.model_validate({**shift, "ends_at": f"{DAY}T09:20"})
        set_up.add_interpreters(session, SYSTEM, forum, long)
    assert told(database, forum) == {}


def test_pins_and_musts_that_cannot_be_kept_are_told(database: Database) -> None:
    forum, e0, e1, x0, x1 = fitting(database)
    limit(database, forum, entrepreneur_max=1)
    with database.write() as session:
        for one, other in ((e0, x0), (e1, x1)):
            rulings.pin_pair(session, SYSTEM, forum, PairNote(entrepreneur_id=one, exporter_id=other))
        wish = {"entrepreneur_id": e0, "exporter_id": x1, "said_by": "exporter", "wish": "must"}
        rulings.prefer(session, SYSTEM, forum, PreferenceCreate.model_validate(wish))
        for one, other in ((e0, x0), (e1, x0)):
            pair = {"entrepreneur_id": one, "exporter_id": other}
            rulings.exclude_pair(session, SYSTEM, forum, ExclusionCreate.model_validate(pair))
        forums.remove_participants(session, SYSTEM, forum, Kind.ENTREPRENEUR, [e1])
    found = told(database, forum)
    assert found["pin_without_participant"].startswith(
        "Pinned pairs with somebody who takes no part any more: 1."
    )
    assert found["pin_ruled_out"] == "Pinned, but kept apart by a rule or excluded: E0, X0."
    assert found["too_many_musts"] == "More meetings are pinned or must be than these have at most: E0."
