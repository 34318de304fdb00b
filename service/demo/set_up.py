"""Sets a forum of the demo up as its plan says."""

from typing import Any
from uuid import UUID

from service.accounts.schemas import SYSTEM
from service.forums import asking, phases, rulings, sessions, set_up, tables
from service.forums import operations as forums
from service.forums.pair_schemas import PinCreate, PreferenceCreate
from service.forums.schemas import (
    InterpreterShiftCreate,
    MeetingRuleCreate,
    MeetingTablesCreate,
    ParticipantChange,
    Phase,
    ReservedShareCreate,
)
from service.platform.database import Session
from service.profiles.vocabulary import Kind


def set_forum_up(session: Session, forum_id: UUID, plan: dict[str, Any]) -> None:
    """Give a forum its sessions, tables, interpreters, rules, shares, requests, wishes and pins."""
    held = sessions.add_usual_days(session, SYSTEM, forum_id)
    slots = [slot for one in held for slot in one.slots]
    there = {
        table.label: table
        for wanted in plan["tables"]
        for table in tables.add(session, SYSTEM, forum_id, MeetingTablesCreate.model_validate(wanted))
    }
    for shift in plan["interpreters"]:
        set_up.add_interpreters(session, SYSTEM, forum_id, InterpreterShiftCreate.model_validate(shift))
    for rule in plan["rules"]:
        set_up.add_rule(session, SYSTEM, forum_id, MeetingRuleCreate.model_validate(rule))
    for share in plan["shares"]:
        set_up.reserve(session, SYSTEM, forum_id, ReservedShareCreate.model_validate(share))
    known = {
        one.external_id: one for kind in Kind for one in forums.participants(session, SYSTEM, forum_id, kind)
    }
    for external_id, asked in plan["requests"].items():
        one = known[external_id]
        change = ParticipantChange.model_validate(asked)
        asking.ask(session, SYSTEM, forum_id, one.kind, one.id, change)
    for entrepreneur, exporter, said_by, wish in plan["wishes"]:
        pair = {"entrepreneur_id": known[entrepreneur].id, "exporter_id": known[exporter].id}
        wanted = PreferenceCreate.model_validate({**pair, "said_by": said_by, "wish": wish})
        rulings.prefer(session, SYSTEM, forum_id, wanted)
    for entrepreneur, exporter, slot, label, note in plan["pins"]:
        pin = PinCreate(
            entrepreneur_id=known[entrepreneur].id,
            exporter_id=known[exporter].id,
            slot_id=slots[slot].id,
            table_id=there[label].id,
            note=note,
        )
        rulings.pin_pair(session, SYSTEM, forum_id, pin)
    phases.move(session, SYSTEM, forum_id, Phase.PREFERENCES)
