"""A timetable as its papers read it, and the papers themselves."""

from collections.abc import Callable, Collection
from enum import StrEnum
from uuid import UUID, uuid5

from service.accounts.operations import require
from service.accounts.schemas import SYSTEM, Permission, Principal
from service.forums import operations as forums
from service.forums import participant_links
from service.forums.participant_links import LinkedParticipant, ParticipantLinks
from service.meetings import printing, repository
from service.meetings.board import Pair, load, pair_of, timetable_of
from service.meetings.gathering import withdrawn_profiles
from service.meetings.letters import PAGE
from service.meetings.models import Timetable
from service.meetings.papers import operations as papers
from service.meetings.papers.plan import (
    ForumPlan,
    PlanCancellation,
    PlanForum,
    PlanMeeting,
    PlanParticipant,
    PlanSlot,
    PlanTable,
)
from service.meetings.schemas import TimetableState
from service.platform import clock
from service.platform.database import Database, Session
from service.platform.http import FileAnswer
from service.platform.i18n import message
from service.platform.phrasebook import reading_language
from service.platform.problems import NotAllowed, NotFound
from service.platform.spreadsheets import XLSX_MEDIA_TYPE
from service.profiles import operations as profiles
from service.profiles.vocabulary import Kind


class Paper(StrEnum):
    """The papers of a forum."""

    TIMETABLES = "timetables"
    PICK_UP = "pick_up"
    SIGNS = "signs"
    INTERPRETERS = "interpreters"
    PLAN = "plan"
    ALL = "all"


class OwnPaper(StrEnum):
    """The papers of one participant."""

    TIMETABLE = "pdf"
    CALENDAR = "ics"


_WITH_LINKS = frozenset({Paper.TIMETABLES, Paper.ALL})
_WRITE: dict[Paper, tuple[str, str, Callable[[ForumPlan, str], bytes]]] = {
    Paper.TIMETABLES: (
        "pdf",
        papers.PDF_MEDIA_TYPE,
        lambda plan, language: papers.personal_timetables(plan, sorted(plan.participants), language),
    ),
    Paper.PICK_UP: ("pdf", papers.PDF_MEDIA_TYPE, papers.pick_up_list),
    Paper.SIGNS: ("pdf", papers.PDF_MEDIA_TYPE, papers.table_signs),
    Paper.INTERPRETERS: ("pdf", papers.PDF_MEDIA_TYPE, papers.interpreter_plan),
    Paper.PLAN: ("xlsx", XLSX_MEDIA_TYPE, papers.whole_plan),
    Paper.ALL: ("zip", papers.ZIP_MEDIA_TYPE, papers.all_papers),
}


def paper(
    database: Database,
    principal: Principal,
    links: ParticipantLinks,
    timetable_id: UUID,
    wanted: Paper,
    language: str,
) -> FileAnswer:
    """Write a paper of a timetable; the database is let go before it is set.

    Papers with the links of participants are for those who hand them out.

    Raises NotAllowed, NotFound, Conflict while printing is locked and it has changed since.
    """
    require(principal, Permission.MEETINGS_WRITE if wanted in _WITH_LINKS else Permission.MEETINGS_READ)
    with database.read() as session:
        plan = _printed(session, links, timetable_id)
    ending, media_type, write = _WRITE[wanted]
    name = papers.paper_name(plan, "plan" if wanted is Paper.ALL else wanted.value, language, ending)
    return FileAnswer(name, media_type, write(plan, language))


def paper_of(
    database: Database,
    principal: Principal,
    links: ParticipantLinks,
    timetable_id: UUID,
    profile_id: UUID,
    wanted: OwnPaper,
) -> FileAnswer:
    """Write the timetable or the calendar of one participant, for those who hand it out or keep its profile.

    Raises NotAllowed, NotFound, Conflict while printing is locked and it has changed since.
    """
    require(principal, Permission.MEETINGS_READ)
    with database.read() as session:
        if profile_id not in papers_for(session, principal, [profile_id]):
            raise NotAllowed(
                message("Whoever has this paper speaks for the participant: organisers hand it out.")
            )
        plan = _printed(session, links, timetable_id, profile_id)
    return _own_paper(plan, profile_id, wanted)


def papers_for(session: Session, principal: Principal, profile_ids: Collection[UUID]) -> set[UUID]:
    """Tell of which participants somebody may have the own papers, which hold their links."""
    if Permission.MEETINGS_WRITE in principal.permissions:
        return set(profile_ids)
    return {one for kind in Kind for one in profiles.kept_ids(session, principal, kind, profile_ids)}


def own_paper(
    database: Database, links: ParticipantLinks, who: LinkedParticipant, wanted: OwnPaper
) -> FileAnswer:
    """Write a participant's own timetable or calendar as it is released now.

    Raises NotFound before the first release.
    """
    with database.read() as session:
        release = repository.in_state(session, who.forum_id, TimetableState.RELEASED)
        if release is None:
            raise NotFound(message("The timetable is not released yet."))
        plan = plan_of(session, links, release)
    return _own_paper(plan, who.profile_id, wanted)


def _own_paper(plan: ForumPlan, profile_id: UUID, wanted: OwnPaper) -> FileAnswer:
    if profile_id not in plan.participants:
        raise NotFound(message("This profile does not take part in the forum."))
    name = papers.participant_file_name(plan, profile_id, wanted)
    if wanted is OwnPaper.CALENDAR:
        return FileAnswer(name, papers.ICS_MEDIA_TYPE, papers.calendar(plan, profile_id))
    return FileAnswer(name, papers.PDF_MEDIA_TYPE, papers.personal_timetable(plan, profile_id))


def _printed(
    session: Session, links: ParticipantLinks, timetable_id: UUID, profile_id: UUID | None = None
) -> ForumPlan:
    timetable = timetable_of(session, timetable_id)
    printing.check_printable(session, timetable, profile_id)
    return plan_of(session, links, timetable)


def plan_of(session: Session, links: ParticipantLinks, timetable: Timetable) -> ForumPlan:
    """Give a timetable as its papers read it; who has withdrawn is not in it."""
    forum = forums.read(session, SYSTEM, timetable.forum_id)
    board = load(session, timetable)
    ids = participant_links.participants_by_profile(session, forum.id)
    gone = withdrawn_profiles(session, forum.id)
    participants = {
        own: PlanParticipant(
            id=own,
            side=side,
            name=summary.display_name,
            country=summary.country,
            city=summary.city,
            language=reading_language(summary.languages),
            live_url=links.paper_address(ids[own], PAGE),
        )
        for side in Kind
        for own, summary in profiles.summaries(session, side, ids.keys() - gone).items()
    }
    meetings = {
        pair_of(one): PlanMeeting(
            id=_entry_id(forum.id, pair_of(one)),
            entrepreneur_id=one.entrepreneur_id,
            exporter_id=one.exporter_id,
            slot_id=one.slot_id,
            table_id=one.table_id,
            interpreter=one.language,
        )
        for one in board.placed()
        if one.slot_id and one.table_id and participants.keys() >= set(pair_of(one))
    }
    return ForumPlan(
        forum=PlanForum(forum.code, forum.name, forum.host_country, forum.city, forum.time_zone),
        release=timetable.number or 0,
        released_at=timetable.released_at or clock.now(),
        participants=participants,
        slots={
            one.slot_id: PlanSlot(one.slot_id, one.starts_at, one.ends_at, one.session_name)
            for one in board.slots.values()
        },
        tables={
            one.table_id: PlanTable(one.table_id, one.label, one.location) for one in board.places.values()
        },
        meetings=tuple(meetings.values()),
        cancelled=tuple(
            PlanCancellation(_entry_id(forum.id, pair), *pair, slot.starts_at, slot.ends_at)
            for pair, slot in {
                (one, other): slot
                for one, other, slot in repository.promised(session, forum.id, timetable.number or 0)
            }.items()
            if pair not in meetings
        ),
        changes=timetable.revision,
    )


def _entry_id(forum_id: UUID, pair: Pair) -> UUID:
    """Identify a pair's meeting in each release: so a calendar moves its entry and adds none."""
    return uuid5(forum_id, f"{pair[0]}{pair[1]}")
