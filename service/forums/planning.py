"""What the later stages plan a forum with: its slots, tables and people, put together once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from service.accounts.schemas import SYSTEM
from service.forums import operations as forums
from service.forums import repository
from service.forums.models import ForumParticipant, InterpreterShift, MeetingRule, Slot
from service.forums.schemas import (
    ForumRead,
    MeetingTableRead,
    ReservedShareRead,
    RuleEffect,
    ShareCriterion,
    SlotRead,
)
from service.forums.times import Span
from service.platform.database import Session
from service.profiles import operations as profiles
from service.profiles.schemas import ProfileFilter
from service.profiles.vocabulary import Kind

Group = frozenset[UUID]
"""Participants of one side, by profile."""


@dataclass(frozen=True)
class ForumSetUp:
    """Everything that a forum is set up with, as plans need it."""

    forum: ForumRead
    slots: tuple[SlotRead, ...]
    """In the order of time."""
    session_names: Mapping[UUID, str]
    """Session → its name, which may be empty."""
    tables: tuple[MeetingTableRead, ...]
    """In their order."""
    interpreters: Mapping[str, tuple[int, ...]]
    """Language tag → how many in each slot; a shift counts where it covers the whole slot."""
    limits: Mapping[Kind, Mapping[UUID, tuple[int, int]]]
    """Profile → least and most meetings, its own or the forum's; the least is never above the most."""
    available: Mapping[UUID, tuple[bool, ...]]
    """Profile of every participant → one flag a slot."""
    shares: tuple[ReservedShareRead, ...]
    """In the order in which they count."""
    share_members: Mapping[UUID, Group]
    """Share → the exporters taking part for whom it is reserved."""
    apart: tuple[tuple[Group, Group], ...]
    """Entrepreneurs × exporters whom the rules keep from meeting."""

    def participants(self, kind: Kind) -> Group:
        """Give who takes part on one side."""
        return frozenset(self.limits[kind])


def set_up_of(session: Session, forum_id: UUID) -> ForumSetUp:
    """Put together what a forum is set up with.

    Raises NotFound.
    """
    forum = forums.read(session, SYSTEM, forum_id)
    slots = repository.slots(session, forum_id)
    rows = {kind: repository.participants(session, forum_id, kind) for kind in Kind}
    everybody = {kind: frozenset(rows[kind]) for kind in Kind}
    spans = repository.availability(session, forum_id)
    shares = tuple(ReservedShareRead.model_validate(row) for row in repository.shares(session, forum_id))
    return ForumSetUp(
        forum=forum,
        slots=tuple(SlotRead.model_validate(slot) for slot in slots),
        session_names={one.id: one.name for one in repository.sessions(session, forum_id)},
        tables=tuple(
            MeetingTableRead.model_validate(row) for row in repository.meeting_tables(session, forum_id)
        ),
        interpreters=_interpreters(repository.interpreter_shifts(session, forum_id), slots),
        limits={
            kind: {profile_id: _limits(forum, kind, row) for profile_id, row in rows[kind].items()}
            for kind in Kind
        },
        available={
            profile_id: available_in(spans.get(profile_id, ()), slots)
            for kind in Kind
            for profile_id in rows[kind]
        },
        shares=shares,
        share_members={
            share.id: found(session, Kind.EXPORTER, _beneficiaries(share), everybody[Kind.EXPORTER])
            for share in shares
        },
        apart=tuple(kept_apart(session, rule, everybody) for rule in repository.rules(session, forum_id)),
    )


def found(session: Session, kind: Kind, wanted: ProfileFilter, participants: Group) -> Group:
    """Give the participants of a side that a filter finds."""
    if wanted == ProfileFilter():
        return participants
    return participants.intersection(profiles.matching_ids(session, SYSTEM, kind, wanted))


def kept_apart(session: Session, rule: MeetingRule, everybody: Mapping[Kind, Group]) -> tuple[Group, Group]:
    """Give the entrepreneurs and exporters whom a rule keeps from meeting each other."""
    entrepreneurs, exporters = (
        found(session, kind, ProfileFilter.model_validate(wanted), everybody[kind])
        for kind, wanted in ((Kind.ENTREPRENEUR, rule.entrepreneurs), (Kind.EXPORTER, rule.exporters))
    )
    if rule.effect == RuleEffect.ENTREPRENEURS_ONLY:
        return entrepreneurs, everybody[Kind.EXPORTER] - exporters
    if rule.effect == RuleEffect.EXPORTERS_ONLY:
        return everybody[Kind.ENTREPRENEUR] - entrepreneurs, exporters
    return entrepreneurs, exporters


def forum_limits(forum: ForumRead, kind: Kind) -> tuple[int, int]:
    """Give how many meetings each of a side gets at a forum, at least and at most."""
    if kind is Kind.ENTREPRENEUR:
        return forum.entrepreneur_min, forum.entrepreneur_max
    return forum.exporter_min, forum.exporter_max


def _limits(forum: ForumRead, kind: Kind, row: ForumParticipant) -> tuple[int, int]:
    least, most = forum_limits(forum, kind)
    least = least if row.min_meetings is None else row.min_meetings
    most = most if row.max_meetings is None else row.max_meetings
    # Own words weigh more than the forum's: few wanted meetings lower its least, many raise its most.
    return (min(least, most), most) if row.min_meetings is None else (least, max(least, most))


def available_in(spans: Sequence[Span], slots: Iterable[Span]) -> tuple[bool, ...]:
    """Tell in which slots somebody can meet: without any times in all, else where one covers the slot."""
    return tuple(not spans or any(_covers(span, slot) for span in spans) for slot in slots)


def _interpreters(shifts: Iterable[InterpreterShift], slots: Sequence[Slot]) -> dict[str, tuple[int, ...]]:
    by_language: dict[str, list[InterpreterShift]] = {}
    for shift in shifts:
        by_language.setdefault(shift.language, []).append(shift)
    return {
        language: tuple(sum(one.interpreters for one in own if _covers(one, slot)) for slot in slots)
        for language, own in by_language.items()
    }


def _covers(span: Span, slot: Span) -> bool:
    return span.starts_at <= slot.starts_at and slot.ends_at <= span.ends_at


def _beneficiaries(share: ReservedShareRead) -> ProfileFilter:
    if share.criterion in {ShareCriterion.PROGRAMME, ShareCriterion.REGION}:
        return ProfileFilter.model_validate({share.criterion.value: share.value})
    return ProfileFilter.model_validate({share.criterion.value: True})
