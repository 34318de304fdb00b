from typing import Any
from uuid import UUID, uuid4

import pytest

from service.accounts.schemas import SYSTEM
from service.forums import rulings, sessions, set_up, tables
from service.forums.pair_schemas import (
    ExclusionCreate,
    ExclusionReason,
    PairNote,
    PinCreate,
    PinReason,
    PreferenceCreate,
    Wish,
)
from service.platform.database import Database
from service.platform.problems import Conflict, InvalidInput
from service.profiles.vocabulary import Kind
from tests.factories.forums import make_approved, make_forum, make_places


@pytest.fixture
def people(database: Database) -> tuple[list[UUID], list[UUID]]:
    return tuple([make_approved(database, kind) for _ in range(2)] for kind in Kind)


def exclude(database: Database, forum: UUID, one: UUID, other: UUID, reason: str = "organiser") -> None:
    wanted = ExclusionCreate(entrepreneur_id=one, exporter_id=other, reason=reason)
    with database.write() as session:
        rulings.exclude_pair(session, SYSTEM, forum, wanted)


def ruled_out(database: Database, forum: UUID) -> dict[rulings.Pair, ExclusionReason]:
    with database.read() as session:
        return rulings.ruled_out(session, forum)


def override(database: Database, forum: UUID, one: UUID, other: UUID, note: str) -> None:
    with database.write() as session:
        wanted = PairNote(entrepreneur_id=one, exporter_id=other, note=note)
        rulings.override(session, SYSTEM, forum, wanted)


def test_what_was_said_no_to_counts_at_every_forum_until_an_organiser_overrides_it(
    database: Database, people: tuple[list[UUID], list[UUID]]
) -> None:
    (e0, e1), (x0, x1) = people
    earlier, forum = (make_forum(database, [e0, e1], [x0, x1]) for _ in range(2))
    exclude(database, earlier, e0, x0, "said_no")
    exclude(database, earlier, e0, x1, "has_met")
    exclude(database, earlier, e1, x0, "organiser")
    exclude(database, forum, e1, x1, "organiser")
    assert ruled_out(database, forum) == {(e0, x0): "said_no", (e0, x1): "has_met", (e1, x1): "organiser"}
    with pytest.raises(InvalidInput) as caught:
        override(database, forum, e0, x0, "")
    assert [(error.pointer, error.code) for error in caught.value.errors] == [("/note", "reason_needed")]
    for _ in range(2):
        override(database, forum, e0, x0, "both asked for it")
    override(database, forum, e1, x1, "no matter")
    assert ruled_out(database, forum) == {(e0, x1): "has_met", (e1, x1): "organiser"}
    assert (e0, x0) in ruled_out(database, earlier)


def test_exclusion_at_this_forum_weighs_more_than_an_override(
    database: Database, people: tuple[list[UUID], list[UUID]]
) -> None:
    (e0, _), (x0, _) = people
    forum = make_forum(database, [e0], [x0])
    exclude(database, forum, e0, x0)
    override(database, forum, e0, x0, "a mistake")
    assert ruled_out(database, forum) == {(e0, x0): "organiser"}


def test_stronger_wish_of_the_two_counts_and_a_no_rules_out(
    database: Database, people: tuple[list[UUID], list[UUID]]
) -> None:
    (e0, e1), (x0, x1) = people
    forum = make_forum(database, [e0, e1], [x0, x1])
    wishes = [
        (e0, x0, "entrepreneur", "must"),
        (e0, x0, "exporter", "want"),
        (e1, x0, "entrepreneur", "want"),
        (e1, x1, "exporter", "no"),
        (e0, x1, "exporter", "must"),
    ]
    with database.write() as session:
        for one, other, said_by, wish in wishes:
            fields = {"entrepreneur_id": one, "exporter_id": other, "said_by": said_by, "wish": wish}
            rulings.prefer(session, SYSTEM, forum, PreferenceCreate.model_validate(fields))
    with database.read() as session:
        assert rulings.wished_for(session, forum) == {
            (e0, x0): Wish.MUST,
            (e1, x0): Wish.WANT,
            (e0, x1): Wish.MUST,
        }
    assert ruled_out(database, forum) == {(e1, x1): "said_no"}


def test_pair_is_pinned_at_a_time_and_table_which_a_later_reason_leaves(
    database: Database, people: tuple[list[UUID], list[UUID]]
) -> None:
    (e0, _), (x0, _) = people
    forum = make_forum(database, [e0], [x0])
    make_places(database, forum)
    with database.read() as session:
        found = set_up.read(session, SYSTEM, forum, "en")
    slot, table = found.sessions[0].slots[0].id, found.tables[0].id
    pair = {"entrepreneur_id": e0, "exporter_id": x0}
    with database.write() as session:
        rulings.pin_pair(
            session, SYSTEM, forum, PinCreate(**pair, slot_id=slot, table_id=table, note="minister")
        )
    with database.write() as session:
        rulings.pin_pair(session, SYSTEM, forum, PairNote(**pair), reason=PinReason.ACCEPTED)
    with database.read() as session:
        (pin,) = rulings.pins(session, SYSTEM, forum)
    assert (pin.reason, pin.note, pin.slot_id, pin.table_id) == ("accepted", "", slot, table)
    for step in (
        lambda session: sessions.remove(session, SYSTEM, forum, found.sessions[0].id),
        lambda session: tables.remove(session, SYSTEM, forum, [table]),
    ):
        with pytest.raises(Conflict, match="fixed or placed"), database.write() as session:
            step(session)
    with database.write() as session:
        rulings.unpin_pair(session, SYSTEM, forum, (e0, x0))
        rulings.unpin_pair(session, SYSTEM, forum, (e0, x0))
        assert rulings.pins(session, SYSTEM, forum) == []


def test_pins_that_cannot_stand_beside_others_are_refused(
    database: Database, people: tuple[list[UUID], list[UUID]]
) -> None:
    (e0, e1), (x0, x1) = people
    forum = make_forum(database, [e0, e1], [x0, x1])
    make_places(database, forum)
    with database.read() as session:
        found = set_up.read(session, SYSTEM, forum, "en")
    slots, table = [slot.id for slot in found.sessions[0].slots], found.tables[0].id

    def pin(one: UUID, other: UUID, **place: Any) -> list[tuple[str, str]]:
        wanted = PinCreate(entrepreneur_id=one, exporter_id=other, **place)
        try:
            with database.write() as session:
                rulings.pin_pair(session, SYSTEM, forum, wanted)
        except InvalidInput as problem:
            return [(error.pointer, error.code) for error in problem.errors]
        return []

    assert pin(e0, x0, slot_id=slots[0], table_id=table) == []
    assert pin(e0, x1, slot_id=slots[0]) == [("/slot_id", "slot_taken")]
    assert pin(e1, x1, slot_id=slots[0], table_id=table) == [("/table_id", "table_taken")]
    assert pin(e1, x1, slot_id=uuid4()) == [("/slot_id", "unknown_slot")]
    assert pin(e1, x1, table_id=uuid4()) == [("/table_id", "unknown_table")]
    assert pin(uuid4(), x1) == [("/entrepreneur_id", "unknown_profile")]
    assert pin(e1, x1, slot_id=slots[0]) == []
    assert pin(e0, x1, slot_id=slots[1], table_id=table) == []
    assert pin(e0, x0, slot_id=slots[0]) == []
    with database.read() as session:
        assert len(rulings.pins(session, SYSTEM, forum)) == 3
