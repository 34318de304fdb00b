"""Meeting tables and booths of a forum: where they stand, and in which order."""

import re
from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from service.accounts.operations import require
from service.accounts.schemas import Permission, Principal
from service.forums import repository
from service.forums.models import MeetingTable
from service.forums.operations import to_change
from service.forums.schemas import (
    LONGEST_LABEL,
    MeetingTableChange,
    MeetingTableRead,
    MeetingTablesCreate,
    MeetingTablesMove,
)
from service.platform import audit
from service.platform.database import Session
from service.platform.i18n import message
from service.platform.problems import Conflict, FieldError, InvalidInput, NotFound

MOST_TABLES = 2000
# `1-40`, `B1-B12`, `B1-12`: what stands before the first number stands before all of them.
_RANGE = re.compile(r"(?P<before>\D*?)(?P<first>\d{1,6})\s*[-–—]\s*(?P<again>\D*?)(?P<last>\d{1,6})")


def listed(session: Session, principal: Principal, forum_id: UUID) -> list[MeetingTableRead]:
    """List the meeting tables of a forum in their order.

    Raises NotAllowed.
    """
    require(principal, Permission.FORUMS_READ)
    return [MeetingTableRead.model_validate(row) for row in repository.meeting_tables(session, forum_id)]


def labels_of(given: Sequence[str]) -> list[tuple[int, str]]:
    """Spell out single labels and ranges: `B1-B3` → B1, B2, B3, each with the place of what was given.

    Raises InvalidInput for a range that runs backwards, a label that is no label, and too many of them.
    """
    found: list[tuple[int, str]] = []
    for place, label in enumerate(given):
        own = _spelt_out(place, label)
        if not 0 < max(map(len, own)) <= LONGEST_LABEL:
            sentence = message("A label has 1 to {most} characters, as on a sign.", most=LONGEST_LABEL)
            raise InvalidInput([FieldError(("labels", place), "label_length", sentence)])
        found += [(place, one) for one in own]
    return found


def _spelt_out(place: int, label: str) -> list[str]:
    span = _RANGE.fullmatch(label)
    if span is None or span["again"] not in {"", span["before"]}:
        return [label]
    first, last = int(span["first"]), int(span["last"])
    if last < first:
        sentence = message("{value} runs backwards: swap the two numbers.", value=label)
        raise InvalidInput([FieldError(("labels", place), "range_reversed", sentence)])
    if last - first >= MOST_TABLES:
        raise _too_many(place)
    return [f"{span['before']}{number:0{len(span['first'])}}" for number in range(first, last + 1)]


def _too_many(place: int) -> InvalidInput:
    sentence = message("A forum has at most {most} meeting tables.", most=MOST_TABLES)
    return InvalidInput([FieldError(("labels", place), "too_many_tables", sentence)])


def add(
    session: Session,
    principal: Principal,
    forum_id: UUID,
    wanted: MeetingTablesCreate,
    *,
    expected_revision: int | None = None,
) -> list[MeetingTableRead]:
    """Put meeting tables up in one location, after those that are there.

    Raises NotAllowed, NotFound, Conflict, InvalidInput for labels that cannot be used or are taken.
    """
    forum = to_change(session, principal, forum_id, expected_revision)
    there = repository.meeting_tables(session, forum.id)
    labels = labels_of(wanted.labels)
    if len(there) + len(labels) > MOST_TABLES:
        raise _too_many(0)
    taken = {row.label for row in there}
    for place, label in labels:
        _check_label(label, taken, "labels", place)
        taken.add(label)
    start = there[-1].position + 1 if there else 1
    rows = [
        MeetingTable(forum_id=forum.id, label=label, location=wanted.location, position=start + place)
        for place, (_, label) in enumerate(labels)
    ]
    session.add_all(rows)
    session.flush()
    audit.record(session, principal.actor, "forum.tables_added", "forum", forum.id)
    return [MeetingTableRead.model_validate(row) for row in rows]


def _check_label(label: str, taken: set[str], *path: str | int) -> None:
    if label in taken:
        sentence = message("There is a table {label} already.", label=label)
        raise InvalidInput([FieldError(path, "label_taken", sentence)])


def change(
    session: Session,
    principal: Principal,
    forum_id: UUID,
    table_id: UUID,
    wanted: MeetingTableChange,
    *,
    expected_revision: int | None = None,
) -> MeetingTableRead:
    """Rename a meeting table, put it into another location or elsewhere in the order.

    Raises NotAllowed, NotFound, Conflict, InvalidInput when the label is taken.
    """
    forum = to_change(session, principal, forum_id, expected_revision)
    there = repository.meeting_tables(session, forum.id)
    (row,) = _own(there, [table_id])
    _check_label(wanted.label, {one.label for one in there if one is not row}, "label")
    row.label, row.location = wanted.label, wanted.location
    if wanted.place is not None:
        there.remove(row)
        there.insert(wanted.place - 1, row)
        for position, one in enumerate(there, start=1):
            one.position = position
    session.flush()
    audit.record(session, principal.actor, "forum.table_changed", "forum", forum.id)
    return MeetingTableRead.model_validate(row)


def move(
    session: Session,
    principal: Principal,
    forum_id: UUID,
    wanted: MeetingTablesMove,
    *,
    expected_revision: int | None = None,
) -> None:
    """Put meeting tables into another location.

    Raises NotAllowed, NotFound, Conflict.
    """
    forum = to_change(session, principal, forum_id, expected_revision)
    for row in _own(repository.meeting_tables(session, forum.id), wanted.ids):
        row.location = wanted.location
    session.flush()
    audit.record(session, principal.actor, "forum.tables_moved", "forum", forum.id)


def remove(
    session: Session,
    principal: Principal,
    forum_id: UUID,
    table_ids: Iterable[UUID],
    *,
    expected_revision: int | None = None,
) -> None:
    """Take meeting tables away.

    Raises NotAllowed, NotFound, Conflict also when meetings are fixed or placed at one of them.
    """
    forum = to_change(session, principal, forum_id, expected_revision)
    for row in _own(repository.meeting_tables(session, forum.id), table_ids):
        session.delete(row)
    try:
        session.flush()
    except IntegrityError:
        # Later stages hold the tables that they use.
        raise Conflict(
            message("Meetings are fixed or placed at a table that would go away: move or cancel them first.")
        ) from None
    audit.record(session, principal.actor, "forum.tables_removed", "forum", forum.id)


def _own(there: Sequence[MeetingTable], wanted: Iterable[UUID]) -> list[MeetingTable]:
    known = {row.id: row for row in there}
    ids = dict.fromkeys(wanted)
    if not known.keys() >= ids.keys():
        raise NotFound(message("There is no such meeting table at this forum."))
    return [known[one] for one in ids]
