"""Papers for those who run the day: the pick-up list, signs for the tables, the interpreters' plan."""

from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import Any

from service.meetings.papers.alphabet import initial, sort_key
from service.meetings.papers.binding import bound
from service.meetings.papers.names import plain, printed
from service.meetings.papers.plan import ForumPlan, PlanMeeting, PlanParticipant
from service.meetings.papers.typesetting import Typesetter
from service.meetings.papers.wording import Wording

# So many tables at a time keep the memory small that setting their signs takes.
_TABLES = 50


def in_order(plan: ForumPlan) -> list[PlanParticipant]:
    """List the participants in alphabetical order."""
    return sorted(plan.participants.values(), key=lambda one: (sort_key(plain(one.name)), one.id))


def pick_up_list(plan: ForumPlan, wording: Wording) -> bytes:
    """Set the list by which papers and badges are handed out."""
    rows = [
        {
            "initial": initial(plain(one.name)),
            "name": printed(one.name),
            "about": wording.about(one.side, one.city, one.country),
            "language": wording.tongue(one.language),
            "count": len(plan.meetings_of[one.id]),
        }
        for one in in_order(plan)
    ]
    return _set(
        "pick_up.typ",
        plan,
        wording,
        title=wording.say("pick_up"),
        zone=None,
        columns=[wording.say(one) for one in ("name", "language", "count", "received")],
        nothing=wording.say("nothing"),
        groups=[
            {"initial": letter, "rows": list(group)} for letter, group in groupby(rows, itemgetter("initial"))
        ],
    )


def table_signs(plan: ForumPlan, wording: Wording) -> bytes:
    """Set a sheet for every meeting table: its sign in front, who meets there and when on the back."""
    at: dict[Any, list[PlanMeeting]] = {one: [] for one in plan.tables}
    for meeting in plan.in_time:
        at[meeting.table_id].append(meeting)
    tables = [
        {
            "label": printed(table.label),
            "location": printed(table.location) if table.location else None,
            "parts": _parts(plan, wording, at[table.id]),
        }
        for table in plan.tables.values()
    ]
    said = {
        "title": wording.say("signs"),
        "nothing": wording.say("nothing"),
        "columns": [wording.say(one) for one in ("time", "entrepreneur", "exporter")],
    }
    batches = [tables[first : first + _TABLES] for first in range(0, len(tables), _TABLES)]
    return bound([_set("signs.typ", plan, wording, **said, tables=batch) for batch in batches or [[]]])


def interpreter_plan(plan: ForumPlan, wording: Wording) -> bytes:
    """Set where and when interpreters are needed, language by language."""
    needed: dict[str, list[PlanMeeting]] = {}
    for meeting in plan.in_time:
        if meeting.interpreter:
            needed.setdefault(wording.tongue(meeting.interpreter), []).append(meeting)
    return _set(
        "interpreters.typ",
        plan,
        wording,
        title=wording.say("interpreters"),
        nothing=wording.say("nothing"),
        columns=[wording.say(one) for one in ("time", "table", "entrepreneur", "exporter")],
        languages=[
            {
                "title": language,
                "most": wording.say("at_once", count=max(Counter(one.slot_id for one in meetings).values())),
                "parts": _parts(plan, wording, meetings),
            }
            for language, meetings in sorted(needed.items(), key=lambda one: sort_key(one[0]))
        ],
    )


def _parts(plan: ForumPlan, wording: Wording, meetings: Iterable[PlanMeeting]) -> list[dict[str, Any]]:
    return [
        {"title": title, "rows": [_row(plan, wording, one) for one in group]}
        for title, group in groupby(meetings, lambda one: wording.part(plan.slots[one.slot_id]))
    ]


def _row(plan: ForumPlan, wording: Wording, meeting: PlanMeeting) -> dict[str, Any]:
    table = plan.tables[meeting.table_id]
    return {
        "time": wording.hours(plan.slots[meeting.slot_id]).range,
        "table": printed(table.label),
        "location": printed(table.location) if table.location else None,
        "entrepreneur": printed(plan.participants[meeting.entrepreneur_id].name),
        "exporter": printed(plan.participants[meeting.exporter_id].name),
        "interpreter": wording.interpreter(meeting.interpreter),
    }


def _set(template: str, plan: ForumPlan, wording: Wording, **values: Any) -> bytes:
    typesetter = Typesetter(template, plan.released_at)
    paper = typesetter.pdf(wording.paper(plan) | values)
    typesetter.forget()
    return paper
