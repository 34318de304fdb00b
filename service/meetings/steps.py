"""The log of the day: every step with what it changed, and how a step is taken back."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import SQLModel

from service.accounts.operations import require
from service.accounts.schemas import Permission, Principal
from service.forums import operations as forums
from service.forums import participant_links
from service.forums.participant_links import ParticipantLinks
from service.meetings import letters, repository
from service.meetings.day_schemas import StepKind
from service.meetings.models import Arrival, ChangeRequest, DayStep, Meeting, PrintingLock
from service.meetings.placing import Desk, desk_of
from service.meetings.reading import place_seen, seen, slot_seen
from service.meetings.schemas import (
    SETTLED,
    TAKES_ITS_PLACE,
    ChangeKind,
    MeetingChange,
    MeetingState,
    Part,
    Reason,
    TimetableState,
)
from service.platform import audit, clock
from service.platform.database import Session
from service.platform.i18n import SOURCE_LANGUAGE, message
from service.platform.problems import Conflict, NotFound
from service.profiles.vocabulary import Kind

# Who meets sooner looks at the live page and hears it in the hall: a letter would come too late.
LETTER_AHEAD = timedelta(hours=3)

_MEETING, _PARTICIPANT, _PRINT_RUN = "meeting", "participant", "print_run"
_TABLES: dict[str, tuple[type[SQLModel], str]] = {
    _MEETING: (Meeting, "id"),
    "arrival": (Arrival, "participant_id"),
    "change_request": (ChangeRequest, "id"),
    "printing_lock": (PrintingLock, "forum_id"),
}
_NAMES = {table: name for name, (table, _) in _TABLES.items()}

Values = dict[str, Any]


@dataclass
class Step:
    """A step that is being taken: it remembers each row that it is about to change as it was."""

    session: Session
    forum_id: UUID
    kind: StepKind
    actor: str
    _before: list[tuple[SQLModel, Values | None]] = field(default_factory=list)
    _told: list[dict[str, Any]] = field(default_factory=list)
    _gone: list[SQLModel] = field(default_factory=list)

    def touch(self, *rows: SQLModel) -> None:
        """Remember rows that are about to be changed."""
        self._before += [(row, values_of(row)) for row in rows]

    def add(self, row: SQLModel) -> None:
        """Add a row."""
        self.session.add(row)
        self._before.append((row, None))

    def remove(self, row: SQLModel) -> None:
        """Remove a row."""
        self.touch(row)
        self.session.delete(row)
        self._gone.append(row)

    def add_participant(self, participant_id: UUID, kind: Kind, profile_id: UUID) -> None:
        """Note that a profile takes part from now on."""
        after = {"kind": kind.value, "profile_id": str(profile_id)}
        self._told.append({"table": _PARTICIPANT, "key": str(participant_id), "before": None, "after": after})

    def open_print_run(self, number: int, papers: dict[str, str]) -> None:
        """Note what the papers of a new print run say."""
        after = {"number": number, "papers": papers}
        self._told.append({"table": _PRINT_RUN, "key": str(number), "before": None, "after": after})

    def finish(self, desk: Desk | None = None, links: ParticipantLinks | None = None) -> None:
        """Write the step into the log, unless it changed nothing, and tell those who are not in the hall."""
        self.session.flush()
        changes = self._told + [
            {"table": name, "key": str(getattr(row, _TABLES[name][1])), "before": before, "after": after}
            for row, before in self._before
            for name in (_NAMES[type(row)],)
            if (after := None if row in self._gone else values_of(row)) != before
        ]
        if not changes:
            return
        step = DayStep(
            forum_id=self.forum_id,
            number=repository.last_step_number(self.session, self.forum_id) + 1,
            kind=self.kind.value,
            changes=changes,
            done_at=clock.now(),
            done_by=self.actor,
        )
        self.session.add(step)
        audit.record(self.session, self.actor, f"day.{self.kind}", "day_step", step.id)
        if desk is not None:
            desk.changed()
        if desk is not None and links is not None:
            _tell(self.session, links, desk, [(one, one["before"], one["after"]) for one in changes])
        self.session.flush()


def values_of(row: SQLModel) -> Values:
    """Give the values of a row as the log keeps them."""
    found: Values = json.loads(row.model_dump_json())
    return found


def release_desk(session: Session, forum_id: UUID, part: Part) -> Desk:
    """Lay out what a step is about of the release that holds now, and hold it until the commit.

    Raises NotFound for an unknown forum, Conflict before the first release.
    """
    forums.forum_of(session, forum_id, lock=True)
    release = repository.in_state(session, forum_id, TimetableState.RELEASED, lock=True)
    if release is None:
        raise nothing_released()
    return desk_of(session, release, part)


def nothing_released() -> Conflict:
    """Say that there is no timetable to work on."""
    return Conflict(message("No timetable is released yet: release one first."))


def undo(
    session: Session, principal: Principal, links: ParticipantLinks, forum_id: UUID, step_id: UUID
) -> None:
    """Take a step back: everything that it changed is as it was before.

    Raises NotAllowed, NotFound, Conflict when it was taken back already, when what it changed was changed
    again since, or when something else is where a meeting was.
    """
    require(principal, Permission.MEETINGS_WRITE)
    forums.forum_of(session, forum_id, lock=True)
    step = repository.day_step(session, step_id)
    if step is None or step.forum_id != forum_id:
        raise NotFound(message("There is no such step."))
    if step.undone_at is not None:
        raise Conflict(message("This step was taken back already."))
    of_meetings = [one for one in step.changes if one["table"] == _MEETING]
    if of_meetings:
        before = [place for one in of_meetings if (place := _place(one["before"])) is not None]
        part = Part(
            slot_ids=[UUID(slot_id) for slot_id, _ in before],
            meeting_ids=[UUID(one["key"]) for one in of_meetings],
        )
        desk = release_desk(session, forum_id, part)
        _restore_meetings(session, desk, of_meetings)
        desk.changed()
        _tell(session, links, desk, [(one, one["after"], one["before"]) for one in of_meetings])
    for one in reversed(step.changes):
        if one["table"] == _PARTICIPANT:
            _take_off(session, principal, forum_id, one["after"])
        elif one["table"] in _TABLES and one["table"] != _MEETING:
            _restore(session, one)
    step.undone_at, step.undone_by = clock.now(), principal.actor
    audit.record(session, principal.actor, "day.undone", "day_step", step.id)
    session.flush()


def _changed_since() -> Conflict:
    return Conflict(
        message(
            "What this step changed was changed again since. Take the later step back first, then repeat."
        )
    )


def _restore(session: Session, change: dict[str, Any]) -> None:
    model, _ = _TABLES[change["table"]]
    row = session.get(model, UUID(change["key"]))
    if (values_of(row) if row is not None else None) != change["after"]:
        raise _changed_since()
    if row is not None and change["before"] is None:
        session.delete(row)
    else:
        # A row that was removed comes back; one that was changed gets its values again.
        session.merge(model.model_validate(change["before"]))
    session.flush()


def _take_off(session: Session, principal: Principal, forum_id: UUID, who: Values) -> None:
    profile_id, kind = UUID(who["profile_id"]), Kind(who["kind"])
    participant_id = participant_links.participants_by_profile(session, forum_id).get(profile_id)
    timetables = [
        found
        for state in (TimetableState.DRAFT, TimetableState.RELEASED)
        if (found := repository.in_state(session, forum_id, state)) is not None
    ]
    meets = any(repository.meetings(session, one.id, Part(profile_ids=[profile_id])) for one in timetables)
    if meets or (participant_id is not None and repository.requests_of(session, participant_id)):
        raise Conflict(
            message("This participant has meetings or requests: take those steps back first, then repeat.")
        )
    forums.remove_participants(session, principal, forum_id, kind, [profile_id])


def _restore_meetings(session: Session, desk: Desk, changes: list[dict[str, Any]]) -> None:
    """Put the meetings of a step back where they were, all at once, as far as nothing is there now."""
    known = {str(one.id): one for one in desk.board.meetings}
    rows = [(known.get(one["key"]), one) for one in changes]
    if any(row is None for row, _ in rows):
        raise Conflict(
            message(
                "A timetable was released after this step, which is part of it now. It cannot be taken back."
            )
        )
    found = [(row, one["before"], one["after"]) for row, one in rows if row is not None]
    if any(values_of(row) != after for row, _, after in found):
        raise _changed_since()
    # The database holds a place to one meeting at every moment: all of them step aside first.
    for row, _, _ in found:
        row.state, row.reason, row.pinned_slot = MeetingState.UNPLACED.value, Reason.ORGANISER.value, False
        row.slot_id = row.table_id = None
    session.flush()
    for row, before, after in found:
        if before is None:
            session.delete(row)
            desk.board.meetings.remove(row)
            continue
        was = Meeting.model_validate(before)
        if _place(before) is not None and _place(before) != _place(after):
            assert was.slot_id is not None
            obstacle = desk.obstacle(row, was.slot_id, was.table_id)
            if obstacle is not None:
                raise Conflict(message("The step cannot be taken back: {obstacle}", obstacle=obstacle))
        for name in before:
            setattr(row, name, getattr(was, name))
        session.flush()


def _place(values: Values | None) -> tuple[str, str] | None:
    """Tell what place a meeting takes."""
    if values is None or MeetingState(values["state"]) not in TAKES_ITS_PLACE:
        return None
    return values["slot_id"], values["table_id"]


def _tell(
    session: Session,
    links: ParticipantLinks,
    desk: Desk,
    changes: Iterable[tuple[dict[str, Any], Values | None, Values | None]],
) -> None:
    """Write to both sides of meetings whose place has changed and that are hours ahead."""
    told = []
    for change, before, after in changes:
        kind = _kind(before, after) if change["table"] == _MEETING else None
        if kind is None:
            continue
        was = Meeting.model_validate(before) if _place(before) else None
        row = Meeting.model_validate(after or before)
        slots = [desk.board.slots[UUID(place[0])] for place in (_place(before), _place(after)) if place]
        if max(one.starts_at for one in slots) - clock.now() < LETTER_AHEAD:
            continue
        told.append(
            MeetingChange(
                kind=kind,
                meeting=seen(session, desk.board, [row], SOURCE_LANGUAGE)[0],
                before=slot_seen(desk.board.slots, was.slot_id) if was else None,
                table_before=place_seen(desk.board.places, was.table_id) if was else None,
            )
        )
    letters.tell_changes(session, desk.set_up.forum, links, told)


def _kind(before: Values | None, after: Values | None) -> ChangeKind | None:
    states = {MeetingState(one["state"]) for one in (before, after) if one is not None}
    if states & SETTLED:
        return None
    was, now = _place(before), _place(after)
    if was is None or now is None:
        return None if was == now else ChangeKind.NEW if was is None else ChangeKind.CANCELLED
    if was[0] != now[0]:
        return ChangeKind.MOVED
    return ChangeKind.OTHER_TABLE if was[1] != now[1] else None
