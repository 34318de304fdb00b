"""The whole plan as a workbook: meeting by meeting, slot by slot and table, participant by participant."""

from service.meetings.papers.desk import in_order
from service.meetings.papers.names import plain
from service.meetings.papers.plan import ForumPlan
from service.meetings.papers.wording import Wording
from service.platform.spreadsheets import Cell, Sheet, xlsx_bytes

_WIDE = 36


def whole_plan(plan: ForumPlan, wording: Wording) -> bytes:
    """Write the plan as XLSX in which every text is text; the sheets of a draft are named so."""
    return xlsx_bytes(
        [
            _about(plan, wording),
            _meetings(plan, wording),
            _by_table(plan, wording),
            _participants(plan, wording),
        ]
    )


def _about(plan: ForumPlan, wording: Wording) -> Sheet:
    said = [wording.state(plan), wording.zone(), *([wording.say("draft")] if plan.is_draft else [])]
    return Sheet(
        wording.marked(wording.say("plan"), plan),
        [wording.forum(plan.forum)],
        [[one] for one in said],
        {0: 80},
    )


def _meetings(plan: ForumPlan, wording: Wording) -> Sheet:
    columns = (
        *("day", "starts", "ends", "session", "table", "location"),
        *("entrepreneur", "country", "exporter", "city", "interpreting"),
    )
    rows: list[list[Cell]] = []
    for meeting in plan.in_time:
        slot, table = plan.slots[meeting.slot_id], plan.tables[meeting.table_id]
        entrepreneur = plan.participants[meeting.entrepreneur_id]
        exporter = plan.participants[meeting.exporter_id]
        hours = wording.hours(slot)
        rows.append(
            [
                *(hours.day, hours.starts, hours.ends, plain(slot.session)),
                *(plain(table.label), plain(table.location)),
                *(plain(entrepreneur.name), wording.country(entrepreneur.country)),
                *(plain(exporter.name), plain(exporter.city or "")),
                wording.tongue(meeting.interpreter) if meeting.interpreter else None,
            ]
        )
    return Sheet(
        wording.marked(wording.say("meetings"), plan), _header(columns, wording), rows, {6: _WIDE, 8: _WIDE}
    )


def _by_table(plan: ForumPlan, wording: Wording) -> Sheet:
    pairs = {
        (one.slot_id, one.table_id): " – ".join(
            plain(plan.participants[side].name) for side in (one.entrepreneur_id, one.exporter_id)
        )
        for one in plan.meetings
    }
    rows: list[list[Cell]] = []
    for slot in sorted(plan.slots.values(), key=lambda one: one.starts_at):
        hours = wording.hours(slot)
        at_tables = [pairs.get((slot.id, table)) for table in plan.tables]
        rows.append([hours.day, hours.starts, hours.ends, *at_tables])
    header = [
        *_header(("day", "starts", "ends"), wording),
        *(" · ".join(filter(None, (plain(one.label), plain(one.location)))) for one in plan.tables.values()),
    ]
    return Sheet(wording.marked(wording.say("by_table"), plan), header, rows)


def _participants(plan: ForumPlan, wording: Wording) -> Sheet:
    columns = ("name", "side", "country", "city", "language", "count")
    rows: list[list[Cell]] = [
        [
            *(plain(one.name), wording.say(one.side), wording.country(one.country), plain(one.city or "")),
            *(wording.tongue(one.language), len(plan.meetings_of[one.id])),
        ]
        for one in in_order(plan)
    ]
    return Sheet(
        wording.marked(wording.say("participants"), plan), _header(columns, wording), rows, {0: _WIDE}
    )


def _header(keys: tuple[str, ...], wording: Wording) -> list[str]:
    return [wording.say(key) for key in keys]
