"""The timetable of one participant as its own page shows it, in its own language."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from service.accounts.schemas import SYSTEM
from service.forums import operations as forums
from service.forums.participant_links import LinkedParticipant
from service.match_lists.schemas import Partner
from service.meetings import change_requests, repository
from service.meetings.board import load
from service.meetings.day_schemas import RequestRead
from service.meetings.feedback import step_seen
from service.meetings.letters import partner_of
from service.meetings.outcome_schemas import NextStepRead, Verdict
from service.meetings.reading import in_order, names_of, seen, slot_seen
from service.meetings.schemas import MeetingRead, MeetingState, Part, SlotSeen, TimetableState
from service.meetings.wording import Wording, wording_for
from service.platform import clock
from service.platform.database import Session
from service.platform.i18n import SOURCE_LANGUAGE
from service.profiles import operations as profiles


@dataclass(frozen=True)
class OwnMeeting:
    """A meeting as one of its two sides sees it."""

    meeting: MeetingRead
    slot: SlotSeen
    """Its slot; for one that a repair cancelled the slot that an earlier release promised."""
    partner: Partner
    before: SlotSeen | None
    """Where the release had it, when it was moved since."""
    begun: bool
    verdict: Verdict | None
    """What this side has said."""
    rating: int | None
    next_steps: list[NextStepRead]


@dataclass(frozen=True)
class OwnTimetable:
    """Everything that a participant's page shows."""

    name: str
    wording: Wording
    released: bool
    days: list[tuple[date, list[OwnMeeting]]]
    requests: list[RequestRead]
    """What it asked to be changed, the latest first."""


def own_timetable(session: Session, who: LinkedParticipant, chosen: str | None = None) -> OwnTimetable:
    """Give the released meetings of a participant, in its own language or the one that it chose."""
    forum = forums.read(session, SYSTEM, who.forum_id)
    summary = profiles.summaries(session, who.kind, [who.profile_id])[who.profile_id]
    wording = wording_for(summary.languages, forum, chosen=chosen)
    release = repository.in_state(session, forum.id, TimetableState.RELEASED)
    if release is None:
        return OwnTimetable(summary.display_name, wording, released=False, days=[], requests=[])
    board = load(session, release, Part(profile_ids=[who.profile_id]))
    said = {
        (one.entrepreneur_id, one.exporter_id): one
        for one in repository.feedback(session, forum.id, profile_id=who.profile_id)
        if one.side == who.kind.value
    }
    steps = repository.next_steps(session, forum.id, profile_id=who.profile_id)
    names = names_of(session, [(one.entrepreneur_id, one.exporter_id) for one in steps])
    rows = {one.id: one for one in board.meetings}
    promised = {
        (one, other): SlotSeen.model_validate(slot)
        for one, other, slot in repository.promised(
            session, forum.id, release.number or 0, profile_id=who.profile_id
        )
    }
    now = clock.now()
    found: list[OwnMeeting] = []
    for meeting in in_order(seen(session, board, board.meetings, SOURCE_LANGUAGE)):
        slot = meeting.slot
        if meeting.state is MeetingState.CANCELLED:
            slot = slot or promised.get((meeting.entrepreneur.id, meeting.exporter.id))
        if slot is None:
            continue
        own = said.get((meeting.entrepreneur.id, meeting.exporter.id))
        partner = partner_of(meeting, who.profile_id)
        shown = OwnMeeting(
            meeting=meeting,
            slot=slot,
            partner=partner,
            before=slot_seen(board.slots, rows[meeting.id].released_slot_id) if meeting.moved else None,
            begun=slot.starts_at <= now,
            verdict=Verdict(own.verdict) if own else None,
            rating=own.rating if own else None,
            next_steps=[
                step_seen(one, names) for one in steps if partner.id in {one.entrepreneur_id, one.exporter_id}
            ],
        )
        found.append(shown)
    found.sort(key=lambda one: one.slot.starts_at)
    days = [
        (day, list(own)) for day, own in groupby(found, key=lambda one: wording.local_day(one.slot.starts_at))
    ]
    asked = repository.requests_of(session, who.participant_id)
    requests = change_requests.read_of(session, forum.id, board, asked)
    return OwnTimetable(summary.display_name, wording, released=True, days=days, requests=requests)
