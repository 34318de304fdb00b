"""A participant's meetings as a calendar (RFC 5545) that a later release brings up to date."""

from uuid import UUID

from icalendar import Calendar, Event, vUri

from service.meetings.papers.names import plain
from service.meetings.papers.plan import ForumPlan, PlanCancellation, PlanMeeting, PlanParticipant, PlanSlot
from service.meetings.papers.wording import Wording, wording_of

_PRODUCT = "-//Qazaq House//Matchmaking//EN"
# More than a release is ever changed: the entry of a later release counts above all changes of earlier ones.
_MOST_CHANGES = 100_000


def calendar(plan: ForumPlan, participant_id: UUID) -> bytes:
    """Write the meetings of a participant in UTC, which every calendar shows in its owner's time.

    A meeting keeps its UID and its SEQUENCE rises with each release and each change of it, so that a later
    file moves or cancels what an earlier one brought. Raises KeyError for somebody who does not take part.
    """
    participant = plan.participants[participant_id]
    wording = wording_of(participant, plan)
    written = Calendar()
    written.add("prodid", _PRODUCT)
    written.add("version", "2.0")
    written.add("method", "PUBLISH")
    written.add("x-wr-calname", wording.marked(wording.forum(plan.forum), plan))
    written.add("x-wr-timezone", plan.forum.time_zone)
    for meeting in plan.meetings_of[participant_id]:
        written.add_component(_event(plan, participant, meeting, wording))
    for gone in plan.cancelled:
        if participant_id in {gone.entrepreneur_id, gone.exporter_id}:
            written.add_component(_cancellation(plan, participant, gone, wording))
    return bytes(written.to_ical())


def _event(plan: ForumPlan, reader: PlanParticipant, meeting: PlanMeeting, wording: Wording) -> Event:
    slot, table = plan.slots[meeting.slot_id], plan.tables[meeting.table_id]
    partner = plan.partner_of(reader.id, meeting)
    at_table = wording.say("at_table", table=plain(table.label))
    event = _entry(plan, reader, meeting.id, slot, "TENTATIVE" if plan.is_draft else "CONFIRMED")
    event.add("summary", wording.marked(wording.say("meeting_with", name=plain(partner.name)), plan))
    event.add("location", ", ".join(filter(None, (at_table, plain(table.location), plain(plan.forum.city)))))
    said = (
        wording.place(partner.city, partner.country),
        wording.interpreter(meeting.interpreter),
        f"{wording.hours(slot).range} · {wording.zone()}",
    )
    event.add("description", "\n".join(filter(None, said)))
    event.add("url", vUri(reader.live_url))
    return event


def _cancellation(
    plan: ForumPlan, reader: PlanParticipant, gone: PlanCancellation, wording: Wording
) -> Event:
    event = _entry(plan, reader, gone.id, gone, "CANCELLED")
    event.add("summary", wording.marked(wording.forum(plan.forum), plan))
    return event


def _entry(
    plan: ForumPlan, reader: PlanParticipant, meeting_id: UUID, when: PlanSlot | PlanCancellation, status: str
) -> Event:
    event = Event()
    # Each side has its own entry: a coordinator may well keep the calendars of both.
    event.add("uid", f"{meeting_id}-{reader.side}@qazaq-house")
    event.add("sequence", plan.release * _MOST_CHANGES + plan.changes)
    event.add("dtstamp", plan.released_at)
    event.add("dtstart", when.starts_at)
    event.add("dtend", when.ends_at)
    event.add("status", status)
    return event
