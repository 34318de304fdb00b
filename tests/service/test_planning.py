from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from service.forums import planning, repository
from service.forums.models import (
    Availability,
    ForumSession,
    InterpreterShift,
    MeetingRule,
    MeetingTable,
    ReservedShare,
    Slot,
)
from service.forums.schemas import RuleEffect
from service.platform.database import Database
from service.platform.problems import NotFound
from service.profiles.vocabulary import Kind
from tests.factories.forums import make_approved, make_forum
from tests.factories.profiles import CONSENT, KANDAS_CONSENT

START = datetime(2027, 3, 10, 8, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def save(database: Database, *rows: Any) -> None:
    with database.write() as session:
        for row in rows:
            session.add(row)
            session.flush()


def change_participant(database: Database, forum: UUID, kind: Kind, profile: UUID, **changes: Any) -> UUID:
    with database.write() as session:
        row = repository.participants(session, forum, kind)[profile]
        row.sqlmodel_update(changes)
    return row.id


def read(database: Database, forum: UUID) -> planning.ForumSetUp:
    with database.read() as session:
        return planning.set_up_of(session, forum)


def test_set_up_of_an_empty_forum_is_empty(database: Database) -> None:
    forum = make_forum(database, [], [])
    found = read(database, forum)
    assert found.forum.id == forum
    assert (found.slots, found.tables, found.shares, found.apart) == ((), (), (), ())
    assert (found.interpreters, found.available, found.share_members) == ({}, {}, {})
    assert found.limits == {Kind.ENTREPRENEUR: {}, Kind.EXPORTER: {}}
    with pytest.raises(NotFound), database.read() as session:
        planning.set_up_of(session, uuid4())


def test_slots_tables_and_interpreters_come_in_their_order(database: Database) -> None:
    forum = make_forum(database, [], [])
    held = ForumSession(forum_id=forum, starts_at=at(0), ends_at=at(75))
    slots = [
        Slot(forum_id=forum, session_id=held.id, starts_at=at(start), ends_at=at(start + 20))
        for start in (50, 0, 25)
    ]
    tables = [
        MeetingTable(forum_id=forum, label=label, position=place) for place, label in ((2, "1"), (1, "B2"))
    ]
    shifts = [
        InterpreterShift(
            forum_id=forum, language=language, interpreters=count, starts_at=at(one), ends_at=at(other)
        )
        for language, count, one, other in (("de", 2, 0, 45), ("de", 1, 25, 75), ("zh", 3, 10, 70))
    ]
    save(database, held, *slots, *tables, *shifts)
    found = read(database, forum)
    assert [slot.starts_at for slot in found.slots] == [at(0), at(25), at(50)]
    assert [table.label for table in found.tables] == ["B2", "1"]
    # The Chinese shift begins within the first slot and ends at the end of the last one.
    assert found.interpreters == {"de": (2, 3, 1), "zh": (0, 3, 3)}


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({}, (2, 4)),
        ({"min_meetings": 1}, (1, 4)),
        ({"min_meetings": 6}, (6, 6)),
        ({"max_meetings": 1}, (1, 1)),
        ({"max_meetings": 9}, (2, 9)),
        ({"min_meetings": 0, "max_meetings": 0}, (0, 0)),
        ({"min_meetings": 5, "max_meetings": 7}, (5, 7)),
    ],
)
def test_limits_are_the_participants_own_or_the_forums(
    database: Database, own: dict[str, int], expected: tuple[int, int]
) -> None:
    one, other = make_approved(database, Kind.ENTREPRENEUR), make_approved(database, Kind.EXPORTER)
    limits = {"entrepreneur_min": 2, "entrepreneur_max": 4, "exporter_min": 3, "exporter_max": 5}
    forum = make_forum(database, [one], [other], **limits)
    change_participant(database, forum, Kind.ENTREPRENEUR, one, **own)
    found = read(database, forum)
    assert found.limits == {Kind.ENTREPRENEUR: {one: expected}, Kind.EXPORTER: {other: (3, 5)}}
    assert found.participants(Kind.EXPORTER) == {other}


def test_participant_is_available_where_a_time_of_its_own_covers_the_slot(database: Database) -> None:
    one, other = make_approved(database, Kind.ENTREPRENEUR), make_approved(database, Kind.EXPORTER)
    forum = make_forum(database, [one], [other])
    held = ForumSession(forum_id=forum, starts_at=at(0), ends_at=at(75))
    slots = [
        Slot(forum_id=forum, session_id=held.id, starts_at=at(start), ends_at=at(start + 20))
        for start in (0, 25, 50)
    ]
    participant = change_participant(database, forum, Kind.EXPORTER, other)
    spans = [
        Availability(participant_id=participant, starts_at=at(start), ends_at=at(end))
        for start, end in ((0, 20), (40, 75))
    ]
    save(database, held, *slots, *spans)
    assert read(database, forum).available == {one: (True, True, True), other: (True, False, True)}


def test_shares_find_their_exporters_among_the_participants(database: Database) -> None:
    kinds = (
        {"programme": "bereke"},
        {"kandas_owned": True, "consents": [CONSENT, KANDAS_CONSENT]},
        {"rural": True, "region": "Түркістан"},
        {"region": "Абай облысы"},
    )
    exporters = [make_approved(database, Kind.EXPORTER, **changes) for changes in kinds]
    make_approved(database, Kind.EXPORTER, **kinds[0])
    forum = make_forum(database, [], exporters)
    wanted = (("programme", "bereke"), ("kandas_owned", ""), ("rural", ""), ("region", "Абай облысы"))
    shares = [
        ReservedShare(forum_id=forum, criterion=criterion, value=value, percent=10, position=place)
        for place, (criterion, value) in enumerate(wanted)
    ]
    save(database, *shares[::-1])
    found = read(database, forum)
    assert [share.id for share in found.shares] == [share.id for share in shares]
    assert [found.share_members[share.id] for share in shares] == [{one} for one in exporters]


def test_rules_are_resolved_to_those_whom_they_keep_apart(database: Database) -> None:
    german, swedish = (make_approved(database, Kind.ENTREPRENEUR, country=code) for code in ("DE", "SE"))
    rural, other = (make_approved(database, Kind.EXPORTER, rural=rural) for rural in (True, False))
    make_approved(database, Kind.EXPORTER, rural=True)
    forum = make_forum(database, [german, swedish], [rural, other])
    filters = {"entrepreneurs": {"countries": ["DE"]}, "exporters": {"rural": True}}
    rules = [
        MeetingRule(forum_id=forum, effect=effect, note="", created_at=at(place), **filters)
        for place, effect in enumerate(RuleEffect)
    ]
    everyone = {"entrepreneurs": {}, "exporters": {"rural": False}}
    rules.append(MeetingRule(forum_id=forum, effect=RuleEffect.NEVER, note="", created_at=at(9), **everyone))
    save(database, *rules)
    assert read(database, forum).apart == (
        ({german}, {rural}),
        ({german}, {other}),
        ({swedish}, {rural}),
        ({german, swedish}, {other}),
    )
