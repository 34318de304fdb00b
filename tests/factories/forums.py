"""Forums with approved participants."""

from itertools import count
from typing import Any
from uuid import UUID

from service.accounts.schemas import SYSTEM
from service.forums import asking, phases, rulings, sessions, set_up, tables
from service.forums import operations as forums
from service.forums.pair_schemas import PairNote, PinCreate, PreferenceCreate
from service.forums.schemas import (
    ForumCreate,
    InterpreterShiftCreate,
    MeetingRuleCreate,
    MeetingTablesCreate,
    ParticipantChange,
    ParticipantsAdd,
    Phase,
    ReservedShareCreate,
)
from service.platform.database import Database
from service.profiles import operations as profiles
from service.profiles.operations import CREATE, SubmitOptions
from service.profiles.vocabulary import Kind
from tests.factories import profiles as make

_numbers = count(1)


def forum_fields(**changes: Any) -> dict[str, Any]:
    """Build a forum as it is sent."""
    return {
        "code": f"berlin-{next(_numbers)}",
        "name": {"kk": "Берлин форумы", "ru": "Форум в Берлине", "en": "Berlin forum"},
        "host_country": "DE",
        "city": "Berlin",
        "time_zone": "Europe/Berlin",
        "starts_on": "2027-03-10",
        "ends_on": "2027-03-11",
        **changes,
    }


def make_approved(database: Database, kind: Kind, **changes: Any) -> UUID:
    """Save an approved profile."""
    sent = (make.entrepreneur if kind is Kind.ENTREPRENEUR else make.exporter)(**changes)
    with database.write() as session:
        create = CREATE[kind].model_validate(sent)
        return profiles.submit(session, SYSTEM, kind, create, SubmitOptions(approve=True)).id


def make_forum(database: Database, entrepreneurs: list[UUID], exporters: list[UUID], **changes: Any) -> UUID:
    """Save a forum with participants."""
    with database.write() as session:
        forum = forums.create(session, SYSTEM, ForumCreate.model_validate(forum_fields(**changes)))
        for kind, ids in ((Kind.ENTREPRENEUR, entrepreneurs), (Kind.EXPORTER, exporters)):
            wanted = ParticipantsAdd.model_validate({"kind": kind, "ids": ids})
            forums.add_participants(session, SYSTEM, forum.id, wanted)
    return forum.id


def make_places(database: Database, forum_id: UUID, *, labels: str = "1-3") -> None:
    """Hold usual days at a forum and put tables up."""
    with database.write() as session:
        sessions.add_usual_days(session, SYSTEM, forum_id)
        tables.add(session, SYSTEM, forum_id, MeetingTablesCreate(labels=[labels], location="Hall A"))


def set_everything_up(database: Database, forum_id: UUID, entrepreneur: UUID, exporter: UUID) -> None:
    """Leave a row in each table of a forum's set-up."""
    make_places(database, forum_id)
    pair = {"entrepreneur_id": entrepreneur, "exporter_id": exporter}
    times = {"starts_at": "2027-03-10T09:00", "ends_at": "2027-03-10T13:00"}
    with database.write() as session:
        found = set_up.read(session, SYSTEM, forum_id, "en")
        slot, table = found.sessions[0].slots[0].id, found.tables[0].id
        shift = InterpreterShiftCreate.model_validate({"language": "de", **times})
        set_up.add_interpreters(session, SYSTEM, forum_id, shift)
        rule = MeetingRuleCreate.model_validate({"effect": "never", "exporters": {"rural": True}})
        set_up.add_rule(session, SYSTEM, forum_id, rule)
        share = ReservedShareCreate.model_validate({"criterion": "rural", "percent": 10})
        set_up.reserve(session, SYSTEM, forum_id, share)
        change = ParticipantChange.model_validate({"time_zone": "Asia/Almaty", "available": [times]})
        asking.ask(session, SYSTEM, forum_id, Kind.EXPORTER, exporter, change)
        wish = PreferenceCreate.model_validate({**pair, "said_by": "exporter", "wish": "must"})
        rulings.prefer(session, SYSTEM, forum_id, wish)
        rulings.override(session, SYSTEM, forum_id, PairNote(**pair, note="both asked for it"))
        rulings.pin_pair(session, SYSTEM, forum_id, PinCreate(**pair, slot_id=slot, table_id=table))
        phases.move(session, SYSTEM, forum_id, Phase.PREFERENCES)
