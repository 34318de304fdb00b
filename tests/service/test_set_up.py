from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import event

from service.accounts.schemas import SYSTEM
from service.forums import operations as forums
from service.forums import phases, rulings, sessions, set_up, tables
from service.forums.models import ForumSession
from service.forums.pair_schemas import PinCreate
from service.forums.schemas import (
    ForumCreate,
    InterpreterShiftCreate,
    LimitsChange,
    MeetingRuleCreate,
    MeetingTableChange,
    MeetingTablesCreate,
    MeetingTablesMove,
    Phase,
    ReservedShareCreate,
    SessionCreate,
    SetUpRead,
)
from service.platform import audit
from service.platform.database import Database
from service.platform.problems import Conflict, InvalidInput, NotAllowed, NotFound, invalid_input
from service.profiles.vocabulary import Kind
from tests.factories.accounts import make_caller, make_centre
from tests.factories.forums import forum_fields, make_approved, make_forum, make_places

DAY = "2027-03-10"


def held_at(start: str, end: str, **changes: Any) -> SessionCreate:
    times = {"starts_at": f"{DAY}T{start}" if len(start) == 5 else start}
    times["ends_at"] = f"{DAY}T{end}" if len(end) == 5 else end
    return SessionCreate.model_validate({**times, **changes})


def read(database: Database, forum: UUID) -> SetUpRead:
    with database.read() as session:
        return set_up.read(session, SYSTEM, forum, "en")


def refused(database: Database, step: Callable[..., Any], *rest: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as caught, database.write() as session:
        step(session, SYSTEM, *rest)
    return [(error.pointer, error.code) for error in caught.value.errors]


def starts(database: Database, forum: UUID) -> list[str]:
    return [f"{slot.starts_at:%H:%M}" for one in read(database, forum).sessions for slot in one.slots]


def test_session_is_cut_into_slots_by_the_forums_clock(database: Database) -> None:
    forum = make_forum(database, [], [])
    with database.write() as session:
        made = sessions.add(session, SYSTEM, forum, held_at("09:00", "10:10", name="Morning"))
    assert (made.starts_at, made.ends_at) == (
        datetime(2027, 3, 10, 8, tzinfo=UTC),
        datetime(2027, 3, 10, 9, 10, tzinfo=UTC),
    )
    # The last slot needs no buffer after it.
    assert [(f"{one.starts_at:%H:%M}", f"{one.ends_at:%H:%M}") for one in made.slots] == [
        ("08:00", "08:20"),
        ("08:25", "08:45"),
        ("08:50", "09:10"),
    ]
    assert read(database, forum).sessions == [made]


@given(st.integers(5, 240), st.integers(0, 120), st.integers(5, 600))
def test_slots_are_as_many_as_fit(meeting: int, buffer: int, minutes: int) -> None:
    end = datetime.fromtimestamp(60 * minutes, UTC)
    row = ForumSession(
        starts_at=datetime.fromtimestamp(0, UTC), ends_at=end, meeting_minutes=meeting, buffer_minutes=buffer
    )
    slots = list(sessions._cut(row))
    count = 0
    while count * (meeting + buffer) + meeting <= minutes:
        count += 1
    assert len(slots) == count
    assert all((last - first).total_seconds() == 60 * meeting for first, last in slots)
    assert all(later[0] > earlier[0] for earlier, later in pairwise(slots))


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (held_at("12:00", "11:00"), ("/ends_at", "ends_early")),
        (held_at("2027-03-09T22:00", "10:00"), ("/starts_at", "outside_forum")),
        (held_at("2027-03-11T20:00", "2027-03-12T01:00"), ("/ends_at", "outside_forum")),
        (held_at("00:00", "2027-03-11T00:30"), ("/ends_at", "session_too_long")),
        (held_at("09:00", "09:15"), ("/meeting_minutes", "no_slot")),
        (held_at("10:00", "11:00"), ("/starts_at", "sessions_overlap")),
        (held_at("08:00", "18:00"), ("/starts_at", "sessions_overlap")),
        (held_at("0001-01-01T00:00", "10:00"), ("/starts_at", "time_out_of_range")),
    ],
)
def test_session_that_cannot_be_held_is_refused(
    database: Database, wanted: SessionCreate, expected: tuple[str, str]
) -> None:
    forum = make_forum(database, [], [])
    with database.write() as session:
        sessions.add(session, SYSTEM, forum, held_at("09:30", "10:30"))
    assert refused(database, sessions.add, forum, wanted) == [expected]
    assert len(read(database, forum).sessions) == 1


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        ("2027-03-28T02:30", "2027-03-28T04:00", "time_skipped"),
        ("2027-03-28T01:00", "2027-03-28T04:00", "clocks_change"),
        ("2027-10-31T02:30", "2027-10-31T04:00", "time_comes_twice"),
        ("2027-10-31T01:00", "2027-10-31T04:00", "clocks_change"),
    ],
)
def test_session_in_the_hour_in_which_the_clocks_change_is_refused(
    database: Database, start: str, end: str, code: str
) -> None:
    forum = make_forum(database, [], [], starts_on=start[:10], ends_on=start[:10])
    assert refused(database, sessions.add, forum, held_at(start, end)) == [("/starts_at", code)]


def test_session_may_end_at_midnight_and_begin_where_another_ends(database: Database) -> None:
    forum = make_forum(database, [], [], ends_on=DAY)
    with database.write() as session:
        sessions.add(session, SYSTEM, forum, held_at("23:00", "2027-03-11T00:00"))
        sessions.add(session, SYSTEM, forum, held_at("22:00", "23:00"))
    assert starts(database, forum) == ["21:00", "21:25", "22:00", "22:25"]


def test_usual_days_fill_the_days_without_a_session(database: Database) -> None:
    forum = make_forum(database, [], [], ends_on="2027-03-12")
    with database.write() as session:
        sessions.add(session, SYSTEM, forum, held_at("09:00", "10:00"))
        made = sessions.add_usual_days(session, SYSTEM, forum)
    assert [(f"{one.starts_at:%d %H:%M}", len(one.slots)) for one in made] == [
        ("11 08:00", 9),
        ("11 13:00", 9),
        ("12 08:00", 9),
        ("12 13:00", 9),
    ]
    with pytest.raises(Conflict, match="on each day"), database.write() as session:
        sessions.add_usual_days(session, SYSTEM, forum)


def test_slots_whose_times_stay_are_kept_when_a_session_is_changed(database: Database) -> None:
    forum = make_forum(database, [], [])
    with database.write() as session:
        made = sessions.add(session, SYSTEM, forum, held_at("09:00", "10:10"))
    with database.write() as session:
        longer = sessions.change(session, SYSTEM, forum, made.id, held_at("09:25", "10:35", name="Later"))
    assert [one.id for one in longer.slots[:2]] == [one.id for one in made.slots[1:]]
    assert starts(database, forum) == ["08:25", "08:50", "09:15"]
    assert longer.name == "Later"
    with database.write() as session:
        other = sessions.change(
            session, SYSTEM, forum, made.id, held_at("09:25", "10:35", meeting_minutes=30, buffer_minutes=0)
        )
    assert not {one.id for one in other.slots} & {one.id for one in longer.slots}
    with database.write() as session:
        sessions.remove(session, SYSTEM, forum, made.id)
    assert read(database, forum).sessions == []


def _hold(database: Database, forum: UUID, **place: UUID) -> None:
    """Hold a slot or meeting table by a meeting that is fixed there."""
    pair = (make_approved(database, Kind.ENTREPRENEUR), make_approved(database, Kind.EXPORTER))
    with database.write() as session:
        pin = PinCreate(entrepreneur_id=pair[0], exporter_id=pair[1], **place)
        rulings.pin_pair(session, SYSTEM, forum, pin)


def test_session_whose_slot_is_used_says_so_and_stays(database: Database) -> None:
    forum = make_forum(database, [], [])
    with database.write() as session:
        made = sessions.add(session, SYSTEM, forum, held_at("09:00", "10:10"))
    _hold(database, forum, slot_id=made.slots[1].id)
    for step in (
        lambda session: sessions.remove(session, SYSTEM, forum, made.id),
        lambda session: sessions.change(session, SYSTEM, forum, made.id, held_at("11:00", "12:00")),
        lambda session: sessions.change(
            session, SYSTEM, forum, made.id, held_at("09:00", "10:10", buffer_minutes=0)
        ),
    ):
        with pytest.raises(Conflict, match="fixed or placed"), database.write() as session:
            step(session)
    with database.write() as session:
        kept = sessions.change(session, SYSTEM, forum, made.id, held_at("09:00", "09:45"))
    assert [one.id for one in kept.slots] == [one.id for one in made.slots[:2]]


@pytest.mark.parametrize(
    ("sent", "labels"),
    [
        (["1-4"], ["1", "2", "3", "4"]),
        (["08-11"], ["08", "09", "10", "11"]),
        (["B1–B3", "B10"], ["B1", "B2", "B3", "B10"]),
        (["B1 - 2"], ["B1", "B2"]),
        (["Стенд 1-2"], ["Стенд 1", "Стенд 2"]),
        (["A1-B2"], ["A1-B2"]),
        (["VIP"], ["VIP"]),
        (["A-12"], ["A-12"]),
    ],
)
def test_labels_are_single_or_ranges(sent: list[str], labels: list[str]) -> None:
    assert [label for _, label in tables.labels_of(sent)] == labels


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (["5", "4-1"], ("/labels/1", "range_reversed")),
        (["1-999999"], ("/labels/0", "too_many_tables")),
        (["1-1990"], ("/labels/0", "too_many_tables")),
        ([""], ("/labels/0", "label_length")),
        (["x" * 21], ("/labels/0", "label_length")),
        (["The northern end of the hall 1-3"], ("/labels/0", "label_length")),
        (["7", "5-8"], ("/labels/1", "label_taken")),
        (["100", "2"], ("/labels/1", "label_taken")),
    ],
)
def test_labels_that_cannot_be_used_are_refused(
    database: Database, sent: list[str], expected: tuple[str, str]
) -> None:
    forum = make_forum(database, [], [])
    make_places(database, forum, labels="1-3")
    with database.write() as session:
        tables.add(session, SYSTEM, forum, MeetingTablesCreate(labels=["20-29"]))
    assert refused(database, tables.add, forum, MeetingTablesCreate(labels=sent)) == [expected]
    assert len(read(database, forum).tables) == 13


def test_tables_are_renamed_moved_ordered_and_removed(database: Database) -> None:
    forum = make_forum(database, [], [])
    with database.write() as session:
        made = tables.add(session, SYSTEM, forum, MeetingTablesCreate(labels=["1-4"], location="Hall A"))
        ids = [one.id for one in made]
        tables.change(
            session, SYSTEM, forum, ids[3], MeetingTableChange(label="VIP", location="Hall B", place=1)
        )
        tables.change(session, SYSTEM, forum, ids[0], MeetingTableChange(label="1a", location="Hall A"))
        tables.move(session, SYSTEM, forum, MeetingTablesMove(ids=ids[1:3], location="Gallery"))
        tables.remove(session, SYSTEM, forum, [ids[1]])
    assert [(one.label, one.location) for one in read(database, forum).tables] == [
        ("VIP", "Hall B"),
        ("1a", "Hall A"),
        ("3", "Gallery"),
    ]
    wanted = MeetingTableChange(label="VIP")
    assert refused(database, tables.change, forum, ids[0], wanted) == [("/label", "label_taken")]
    with database.write() as session:
        tables.change(session, SYSTEM, forum, ids[3], MeetingTableChange(label="VIP", place=9))
        assert [one.label for one in tables.listed(session, SYSTEM, forum)] == ["1a", "3", "VIP"]


def test_table_that_is_used_says_so_and_stays(database: Database) -> None:
    forum = make_forum(database, [], [])
    make_places(database, forum)
    table = read(database, forum).tables[0].id
    _hold(database, forum, table_id=table)
    with pytest.raises(Conflict, match="fixed or placed"), database.write() as session:
        tables.remove(session, SYSTEM, forum, [table])
    assert len(read(database, forum).tables) == 3


def test_interpreters_come_and_go(database: Database) -> None:
    forum = make_forum(database, [], [])
    wanted = {"language": "zh", "interpreters": 2, "starts_at": f"{DAY}T09:00", "ends_at": f"{DAY}T13:00"}
    with database.write() as session:
        made = set_up.add_interpreters(session, SYSTEM, forum, InterpreterShiftCreate.model_validate(wanted))
    assert (made.language, made.interpreters, made.starts_at.hour) == ("zh", 2, 8)
    assert read(database, forum).interpreters == [made]
    late = InterpreterShiftCreate.model_validate({**wanted, "ends_at": "2027-03-12T09:00"})
    assert refused(database, set_up.add_interpreters, forum, late) == [("/ends_at", "outside_forum")]
    with database.write() as session:
        set_up.remove_interpreters(session, SYSTEM, forum, made.id)
    assert read(database, forum).interpreters == []


def test_rules_tell_how_many_they_concern(database: Database) -> None:
    german, swedish = (make_approved(database, Kind.ENTREPRENEUR, country=code) for code in ("DE", "SE"))
    forum = make_forum(database, [german, swedish], [make_approved(database, Kind.EXPORTER, rural=True)])
    wanted = {"effect": "never", "entrepreneurs": {"countries": ["SE"]}, "note": "own fair"}
    with database.write() as session:
        made = set_up.add_rule(session, SYSTEM, forum, MeetingRuleCreate.model_validate(wanted))
    assert (made.entrepreneurs.countries, made.entrepreneurs_found, made.exporters_found) == (["SE"], 1, 1)
    assert read(database, forum).rules == [made]
    with database.write() as session:
        set_up.remove_rule(session, SYSTEM, forum, made.id)
    assert read(database, forum).rules == []


def _share(criterion: str, percent: int, value: str = "") -> ReservedShareCreate:
    return ReservedShareCreate.model_validate({"criterion": criterion, "value": value, "percent": percent})


def test_shares_are_reserved_once_each_and_ranked(database: Database) -> None:
    forum = make_forum(database, [], [])
    with database.write() as session:
        bereke = set_up.reserve(session, SYSTEM, forum, _share("programme", 10, "bereke"))
        rural = set_up.reserve(session, SYSTEM, forum, _share("rural", 20))
        again = set_up.reserve(session, SYSTEM, forum, _share("programme", 15, "bereke"))
    assert again.id == bereke.id
    assert [(one.id, one.percent) for one in read(database, forum).shares] == [
        (bereke.id, 15),
        (rural.id, 20),
    ]
    with database.write() as session:
        ranked = set_up.rank_shares(session, SYSTEM, forum, [rural.id, bereke.id])
    assert [one.id for one in ranked] == [rural.id, bereke.id]
    for ids in ([rural.id], [rural.id, rural.id], [rural.id, bereke.id, uuid4()]):
        assert refused(database, set_up.rank_shares, forum, ids) == [("/ids", "not_the_shares")]
    with database.write() as session:
        set_up.release_share(session, SYSTEM, forum, rural.id)
    assert [one.id for one in read(database, forum).shares] == [bereke.id]


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"criterion": "programme", "value": "none", "percent": 10}, "unknown_programme"),
        ({"criterion": "region", "percent": 10}, "region_needed"),
        ({"criterion": "rural", "percent": 0}, "greater_than_equal"),
        ({"criterion": "rural", "percent": 101}, "less_than_equal"),
        ({"criterion": "shoe size", "percent": 10}, "enum"),
    ],
)
def test_share_that_makes_no_sense_is_refused(wanted: dict[str, Any], code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        ReservedShareCreate.model_validate(wanted)
    assert code in {error.code for error in invalid_input(caught.value).errors}


def test_limits_of_a_forum_change_and_are_left_by_nobody_reversed(database: Database) -> None:
    forum = make_forum(database, [], [])
    wanted = LimitsChange(entrepreneur_min=2, entrepreneur_max=5, exporter_min=0, exporter_max=9)
    with database.write() as session:
        changed = set_up.change_limits(session, SYSTEM, forum, wanted)
    assert (changed.entrepreneur_min, changed.exporter_max, changed.revision) == (2, 9, 2)
    with pytest.raises(ValueError, match="swap the two"):
        LimitsChange.model_validate({"entrepreneur_min": 9})


def test_phases_go_on_where_they_have_what_they_need_and_back(database: Database) -> None:
    one, other = make_approved(database, Kind.ENTREPRENEUR), make_approved(database, Kind.EXPORTER)
    forum = make_forum(database, [], [])

    def move(phase: str) -> str:
        with database.write() as session:
            return phases.move(session, SYSTEM, forum, Phase(phase)).phase

    def refusal(phase: str) -> str:
        with pytest.raises(Conflict) as caught:
            move(phase)
        return str(caught.value)

    assert refusal("preferences") == "Nobody can meet yet: add participants on both sides first."
    for kind, profile in ((Kind.ENTREPRENEUR, one), (Kind.EXPORTER, other)):
        with database.write() as session:
            wanted = forums.ParticipantsAdd(kind=kind, ids=[profile])
            forums.add_participants(session, SYSTEM, forum, wanted)
    assert move("preferences") == "preferences"
    assert move("registration") == "registration"
    assert refusal("published").startswith("The forum cannot go from “registration” to “published timetable”")
    assert refusal("draft") == "There is no time to meet yet: add a session first."
    with database.write() as session:
        sessions.add_usual_days(session, SYSTEM, forum)
    assert refusal("draft") == "There is no place to meet yet: add meeting tables first."
    with database.write() as session:
        tables.add(session, SYSTEM, forum, MeetingTablesCreate(labels=["1"]))
    for phase in ("draft", "published", "live", "follow_up", "live", "live", "published", "draft"):
        assert move(phase) == phase
    assert read(database, forum).next_phases == ["registration", "preferences", "published"]


def test_every_phase_can_be_reached_and_left() -> None:
    assert set(phases.NEXT) == set(Phase)
    for phase, following in phases.NEXT.items():
        assert all(phase in phases.NEXT[one] or one is Phase.DRAFT for one in following)


STEPS: tuple[Callable[..., Any], ...] = (
    lambda *to, **more: sessions.add(*to, held_at("09:00", "10:00"), **more),
    sessions.add_usual_days,
    lambda *to, **more: sessions.change(*to, uuid4(), held_at("09:00", "10:00"), **more),
    lambda *to, **more: sessions.remove(*to, uuid4(), **more),
    lambda *to, **more: tables.add(*to, MeetingTablesCreate(labels=["1"]), **more),
    lambda *to, **more: tables.change(*to, uuid4(), MeetingTableChange(label="1"), **more),
    lambda *to, **more: tables.move(*to, MeetingTablesMove(ids=[uuid4()]), **more),
    lambda *to, **more: tables.remove(*to, [uuid4()], **more),
    lambda *to, **more: set_up.change_limits(*to, LimitsChange(), **more),
    lambda *to, **more: set_up.add_interpreters(
        *to, InterpreterShiftCreate(language="de", starts_at=f"{DAY}T09:00", ends_at=f"{DAY}T10:00"), **more
    ),
    lambda *to, **more: set_up.remove_interpreters(*to, uuid4(), **more),
    lambda *to, **more: set_up.add_rule(*to, MeetingRuleCreate(effect="never"), **more),
    lambda *to, **more: set_up.remove_rule(*to, uuid4(), **more),
    lambda *to, **more: set_up.reserve(*to, _share("rural", 10), **more),
    lambda *to, **more: set_up.rank_shares(*to, [], **more),
    lambda *to, **more: set_up.release_share(*to, uuid4(), **more),
    lambda *to, **more: phases.move(*to, Phase.REGISTRATION, **more),
)


@pytest.mark.parametrize(
    ("step", "needs_something"), [(step, "uuid4" in step.__code__.co_names) for step in STEPS]
)
def test_every_change_tells_the_later_of_two_organisers(
    database: Database, step: Callable[..., Any], needs_something: bool
) -> None:
    forum = make_forum(database, [], [])
    make_centre(database)
    coordinator = make_caller(database, role="coordinator", centre="qh-berlin").principal
    with database.write() as session:
        set_up.change_limits(session, SYSTEM, forum, LimitsChange(), expected_revision=1)
    with pytest.raises(Conflict, match="Somebody else changed this"), database.write() as session:
        step(session, SYSTEM, forum, expected_revision=1)
    with pytest.raises(NotAllowed), database.write() as session:
        step(session, coordinator, forum)
    with pytest.raises(NotFound), database.write() as session:
        step(session, SYSTEM, uuid4())
    with database.read() as session:
        assert forums.read(session, SYSTEM, forum).revision == 2
    if needs_something:
        with pytest.raises(NotFound), database.write() as session:
            step(session, SYSTEM, forum, expected_revision=2)
        return
    with database.write() as session:
        step(session, SYSTEM, forum, expected_revision=2)
    with database.read() as session:
        assert forums.read(session, SYSTEM, forum).revision == 3


def test_days_and_zone_of_a_forum_stay_around_its_sessions(database: Database) -> None:
    forum = make_forum(database, [], [], code="fixed")
    make_places(database, forum)

    def change(**changes: str) -> list[tuple[str, str]]:
        wanted = ForumCreate.model_validate(forum_fields(code="fixed", **changes))
        return refused(database, forums.change, forum, wanted)

    assert change(time_zone="Asia/Almaty") == [("/time_zone", "sessions_held")]
    assert change(starts_on="2027-03-11") == [("/starts_on", "sessions_outside")]
    assert change(ends_on="2027-03-10") == [("/ends_on", "sessions_outside")]
    with database.write() as session:
        wanted = ForumCreate.model_validate(forum_fields(code="fixed", ends_on="2027-03-15"))
        assert forums.change(session, SYSTEM, forum, wanted).ends_on.day == 15


def test_set_up_is_read_in_the_same_number_of_questions_at_any_size(database: Database) -> None:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    counts = []
    for number in (1, 3):
        entrepreneurs = [make_approved(database, Kind.ENTREPRENEUR) for _ in range(number)]
        exporters = [make_approved(database, Kind.EXPORTER) for _ in range(number)]
        forum = make_forum(database, entrepreneurs, exporters)
        make_places(database, forum, labels=f"1-{number}")
        with database.write() as session:
            for one, other in zip(entrepreneurs, exporters, strict=True):
                pin = PinCreate(entrepreneur_id=one, exporter_id=other)
                rulings.pin_pair(session, SYSTEM, forum, pin)
        event.listen(database.engine, "before_cursor_execute", note)
        asked.clear()
        read(database, forum)
        counts.append(len(asked))
        event.remove(database.engine, "before_cursor_execute", note)
    assert counts[0] == counts[1] <= 40


def test_every_change_leaves_a_step_in_the_audit_trail(database: Database) -> None:
    forum = make_forum(database, [], [])
    make_places(database, forum)
    with database.write() as session:
        set_up.reserve(session, SYSTEM, forum, _share("rural", 10))
        sessions.remove(session, SYSTEM, forum, sessions.held(session, forum)[0].id)
    with database.read() as session:
        told = {one.action for one in audit.history(session, forum)}
    assert told == {
        "forum.created",
        "forum.participants_added",
        "forum.usual_days_added",
        "forum.tables_added",
        "forum.share_reserved",
        "forum.session_removed",
    }
