"""What a forum is set up with beside its sessions and tables: limits, interpreters, rules, shares."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from service.accounts.operations import require
from service.accounts.schemas import Permission, Principal
from service.forums import operations as forums
from service.forums import planning, repository, rulings, sessions, tables
from service.forums.difficulties import difficulties
from service.forums.models import Forum, InterpreterShift, MeetingRule, ReservedShare
from service.forums.operations import to_change
from service.forums.phases import NEXT
from service.forums.schemas import (
    DifficultyRead,
    ForumRead,
    InterpreterShiftCreate,
    InterpreterShiftRead,
    LimitsChange,
    MeetingRuleCreate,
    MeetingRuleRead,
    ReservedShareCreate,
    ReservedShareRead,
    SetUpRead,
)
from service.forums.times import span_of
from service.platform import audit, clock
from service.platform.database import Session
from service.platform.i18n import message
from service.platform.problems import FieldError, InvalidInput, NotFound
from service.profiles.schemas import ProfileFilter
from service.profiles.vocabulary import Kind


def read(session: Session, principal: Principal, forum_id: UUID, language: str) -> SetUpRead:
    """Give everything that a forum is set up with, and say what will not work out.

    Raises NotAllowed, NotFound.
    """
    forum = forums.read(session, principal, forum_id)
    return SetUpRead(
        forum=forum,
        sessions=sessions.held(session, forum_id),
        tables=tables.listed(session, principal, forum_id),
        interpreters=[
            InterpreterShiftRead.model_validate(row)
            for row in repository.interpreter_shifts(session, forum_id)
        ],
        rules=_rules(session, forum_id, repository.rules(session, forum_id)),
        shares=shares(session, principal, forum_id),
        pins=rulings.pins(session, principal, forum_id),
        next_phases=list(NEXT[forum.phase]),
        difficulties=[
            DifficultyRead(code=one.code, text=one.sentence.text(language))
            for one in difficulties(session, forum_id)
        ],
    )


def change_limits(
    session: Session,
    principal: Principal,
    forum_id: UUID,
    wanted: LimitsChange,
    *,
    expected_revision: int | None = None,
) -> ForumRead:
    """Change how many meetings each participant of a side gets.

    Raises NotAllowed, NotFound, Conflict.
    """
    forum = to_change(session, principal, forum_id, expected_revision)
    forum.sqlmodel_update(wanted.model_dump())
    session.flush()
    audit.record(session, principal.actor, "forum.limits_changed", "forum", forum.id)
    return forums.read(session, principal, forum.id)


def add_interpreters(
    session: Session,
    principal: Principal,
    forum_id: UUID,
    wanted: InterpreterShiftCreate,
    *,
    expected_revision: int | None = None,
) -> InterpreterShiftRead:
    """Have interpreters of a language there for a time.

    Raises NotAllowed, NotFound, Conflict, InvalidInput for a time outside of the forum's days.
    """
    forum = to_change(session, principal, forum_id, expected_revision)
    start, end = span_of(wanted, forum.time_zone)
    row = InterpreterShift.model_validate(
        wanted, update={"forum_id": forum.id, "starts_at": start, "ends_at": end}
    )
    sessions.check_days(forum, row)
    session.add(row)
    session.flush()
    audit.record(session, principal.actor, "forum.interpreters_added", "forum", forum.id)
    return InterpreterShiftRead.model_validate(row)


def remove_interpreters(
    session: Session,
    principal: Principal,
    forum_id: UUID,
    shift_id: UUID,
    *,
    expected_revision: int | None = None,
) -> None:
    """Do without the interpreters of a shift.

    Raises NotAllowed, NotFound, Conflict.
    """
    forum = to_change(session, principal, forum_id, expected_revision)
    _remove(session, forum, InterpreterShift, shift_id)
    audit.record(session, principal.actor, "forum.interpreters_removed", "forum", forum.id)


def add_rule(
    session: Session,
    principal: Principal,
    forum_id: UUID,
    wanted: MeetingRuleCreate,
    *,
    expected_revision: int | None = None,
) -> MeetingRuleRead:
    """Say who may meet whom.

    Raises NotAllowed, NotFound, Conflict.
    """
    forum = to_change(session, principal, forum_id, expected_revision)
    row = MeetingRule(
        forum_id=forum.id,
        effect=wanted.effect.value,
        note=wanted.note,
        created_at=clock.now(),
        **{
            f"{kind.value}s": getattr(wanted, f"{kind.value}s").model_dump(mode="json", exclude_defaults=True)
            for kind in Kind
        },
    )
    session.add(row)
    session.flush()
    audit.record(session, principal.actor, "forum.rule_added", "forum", forum.id, effect=wanted.effect)
    return _rules(session, forum.id, [row])[0]


def _rules(session: Session, forum_id: UUID, rows: Iterable[MeetingRule]) -> list[MeetingRuleRead]:
    everybody = {kind: frozenset(forums.participant_ids(session, forum_id, kind)) for kind in Kind}
    found = []
    for row in rows:
        filters = {
            Kind.ENTREPRENEUR: ProfileFilter.model_validate(row.entrepreneurs),
            Kind.EXPORTER: ProfileFilter.model_validate(row.exporters),
        }
        numbers = {
            f"{kind.value}s_found": len(planning.found(session, kind, wanted, everybody[kind]))
            for kind, wanted in filters.items()
        }
        narrowed = {f"{kind.value}s": wanted for kind, wanted in filters.items()}
        found.append(MeetingRuleRead.model_validate({**row.model_dump(), **narrowed, **numbers}))
    return found


def remove_rule(
    session: Session,
    principal: Principal,
    forum_id: UUID,
    rule_id: UUID,
    *,
    expected_revision: int | None = None,
) -> None:
    """Lift a rule.

    Raises NotAllowed, NotFound, Conflict.
    """
    forum = to_change(session, principal, forum_id, expected_revision)
    _remove(session, forum, MeetingRule, rule_id)
    audit.record(session, principal.actor, "forum.rule_removed", "forum", forum.id)


def shares(session: Session, principal: Principal, forum_id: UUID) -> list[ReservedShareRead]:
    """List the reserved shares of a forum in the order in which they count.

    Raises NotAllowed.
    """
    require(principal, Permission.FORUMS_READ)
    return [ReservedShareRead.model_validate(row) for row in repository.shares(session, forum_id)]


def reserve(
    session: Session,
    principal: Principal,
    forum_id: UUID,
    wanted: ReservedShareCreate,
    *,
    expected_revision: int | None = None,
) -> ReservedShareRead:
    """Reserve a share of the meetings, after the shares that are reserved; said again, its size changes.

    Raises NotAllowed, NotFound, Conflict.
    """
    forum = to_change(session, principal, forum_id, expected_revision)
    there = repository.shares(session, forum.id)
    named = wanted.criterion.value, wanted.value
    row = next((one for one in there if (one.criterion, one.value) == named), None)
    if row is None:
        position = there[-1].position + 1 if there else 1
        row = ReservedShare.model_validate(wanted, update={"forum_id": forum.id, "position": position})
        session.add(row)
    row.percent = wanted.percent
    session.flush()
    audit.record(session, principal.actor, "forum.share_reserved", "forum", forum.id)
    return ReservedShareRead.model_validate(row)


def rank_shares(
    session: Session,
    principal: Principal,
    forum_id: UUID,
    share_ids: Sequence[UUID],
    *,
    expected_revision: int | None = None,
) -> list[ReservedShareRead]:
    """Say in which order the reserved shares count; each of them is named once.

    Raises NotAllowed, NotFound, Conflict, InvalidInput when others are named.
    """
    forum = to_change(session, principal, forum_id, expected_revision)
    there = {row.id: row for row in repository.shares(session, forum.id)}
    if sorted(share_ids) != sorted(there):
        sentence = message("Name each reserved share of the forum once.")
        raise InvalidInput([FieldError(("ids",), "not_the_shares", sentence)])
    for position, share_id in enumerate(share_ids, start=1):
        there[share_id].position = position
    session.flush()
    audit.record(session, principal.actor, "forum.shares_ranked", "forum", forum.id)
    return shares(session, principal, forum.id)


def release_share(
    session: Session,
    principal: Principal,
    forum_id: UUID,
    share_id: UUID,
    *,
    expected_revision: int | None = None,
) -> None:
    """Reserve a share no more.

    Raises NotAllowed, NotFound, Conflict.
    """
    forum = to_change(session, principal, forum_id, expected_revision)
    _remove(session, forum, ReservedShare, share_id)
    audit.record(session, principal.actor, "forum.share_released", "forum", forum.id)


def _remove(
    session: Session,
    forum: Forum,
    table: type[InterpreterShift] | type[MeetingRule] | type[ReservedShare],
    row_id: UUID,
) -> None:
    row: Any = session.get(table, row_id)
    if row is None or row.forum_id != forum.id:
        raise NotFound(message("This is not at the forum any more: somebody else removed it."))
    session.delete(row)
    session.flush()
