"""Letters to participants about their meetings, each in its own language."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar
from uuid import UUID

from service.forums import participant_links
from service.forums.participant_links import ParticipantLinks
from service.forums.schemas import ForumRead
from service.match_lists.schemas import Partner
from service.meetings.schemas import ChangeKind, MeetingChange, MeetingRead, PlaceSeen, Reason, SlotSeen
from service.meetings.wording import Wording, wording_for
from service.platform import mail
from service.platform.database import Session
from service.profiles import operations as profiles
from service.profiles.vocabulary import Kind

NEW, CHANGED = "timetable_new", "timetable_changed"
PAGE = "/timetable"

T = TypeVar("T")


def announce(
    session: Session, forum: ForumRead, links: ParticipantLinks, meetings: Iterable[MeetingRead]
) -> int:
    """Write to everybody who has a meeting that the timetable is ready; give how many letters that is."""
    lines: dict[UUID, list[MeetingRead]] = {}
    for one in meetings:
        for end in (one.entrepreneur, one.exporter):
            lines.setdefault(end.id, []).append(one)

    def say(wording: Wording, meeting: MeetingRead, own: UUID) -> list[str]:
        return _with_interpreter(wording, meeting, _line(wording, meeting, own))

    return _post(session, forum, links, "new", lines, say)


def tell_changes(
    session: Session, forum: ForumRead, links: ParticipantLinks, changes: Iterable[MeetingChange]
) -> int:
    """Write to those whose meetings have changed, and to nobody else; give how many letters that is."""
    lines: dict[UUID, list[MeetingChange]] = {}
    for one in changes:
        meeting = one.meeting
        for side, end in ((Kind.ENTREPRENEUR, meeting.entrepreneur), (Kind.EXPORTER, meeting.exporter)):
            # Who has withdrawn knows it.
            if meeting.reason != Reason.WITHDRAWN or meeting.reason_side is not side:
                lines.setdefault(end.id, []).append(one)
    return _post(session, forum, links, "changed", lines, _change)


def _post(
    session: Session,
    forum: ForumRead,
    links: ParticipantLinks,
    kind: str,
    lines: Mapping[UUID, list[T]],
    say: Callable[[Wording, T, UUID], list[str]],
) -> int:
    participants = participant_links.participants_by_profile(session, forum.id, lines)
    posted = 0
    for side in Kind:
        contacts = profiles.contacts(session, side, participants)
        for own, summary in profiles.summaries(session, side, participants).items():
            wording = wording_for(summary.languages, forum)
            paragraphs = [
                wording.say("hello", name=summary.display_name),
                wording.say(f"intro_{kind}", forum=wording.forum_name, city=forum.city),
                "\n".join(line for one in lines[own] for line in say(wording, one, own)),
                wording.say("zone", zone=forum.time_zone),
                wording.say("live", link=links.address(participants[own], PAGE)),
                wording.say("link_is_yours"),
                "Qazaq House",
            ]
            mail.post(
                session,
                recipient=contacts[own].contact_email or "",
                subject=wording.say(f"subject_{kind}", forum=wording.forum_name),
                text="\n\n".join(paragraphs) + "\n",
                language=wording.language,
                about=NEW if kind == "new" else CHANGED,
                subject_id=participants[own],
            )
            posted += 1
    return posted


def _change(wording: Wording, change: MeetingChange, own: UUID) -> list[str]:
    """Say what has changed about a meeting; what is cancelled has only the time that it had."""
    meeting, before = change.meeting, change.before
    had = wording.time(before.starts_at) if before else ""
    if change.kind is ChangeKind.CANCELLED:
        partner = partner_of(meeting, own).name
        said = [wording.say("cancelled", before=had, partner=partner)]
        if meeting.reason == Reason.WITHDRAWN:
            said.append(f"  {wording.say('withdrawn', partner=partner)}")
        return said
    line = wording.say(change.kind.value, line=_line(wording, meeting, own), before=had)
    return _with_interpreter(wording, meeting, line)


def _line(wording: Wording, meeting: MeetingRead, own: UUID) -> str:
    slot, place = whole_place(meeting)
    return wording.say(
        "line",
        time=wording.time(slot.starts_at),
        table=f"{place.label} ({place.location})" if place.location else place.label,
        partner=partner_of(meeting, own).name,
    )


def _with_interpreter(wording: Wording, meeting: MeetingRead, line: str) -> list[str]:
    if meeting.language is None:
        return [line]
    return [line, f"  {wording.say('interpreter', language=wording.tongue(meeting.language))}"]


def partner_of(meeting: MeetingRead, own: UUID) -> Partner:
    """Give the other side of a meeting."""
    return meeting.exporter if meeting.entrepreneur.id == own else meeting.entrepreneur


def whole_place(meeting: MeetingRead) -> tuple[SlotSeen, PlaceSeen]:
    """Give the slot and meeting table of a meeting that has them."""
    assert meeting.slot is not None
    assert meeting.table is not None
    return meeting.slot, meeting.table
