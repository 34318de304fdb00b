"""Sessions of a forum, each cut into slots of one length."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from service.accounts.schemas import Principal
from service.forums import repository
from service.forums.models import Forum, ForumSession, Slot
from service.forums.operations import to_change
from service.forums.schemas import SessionCreate, SessionRead, SlotRead
from service.forums.times import Span, clocks_change, days_of, span_of
from service.platform import audit
from service.platform.database import Session
from service.platform.i18n import message
from service.platform.problems import Conflict, FieldError, InvalidInput, NotFound

LONGEST = timedelta(hours=24)
USUAL_HOURS = ((time(9), time(13)), (time(14), time(18)))
"""A morning and an afternoon, by the forum's clock."""


def held(session: Session, forum_id: UUID) -> list[SessionRead]:
    """List the sessions of a forum with their slots, in the order of time."""
    slots: dict[UUID, list[SlotRead]] = {}
    for slot in repository.slots(session, forum_id):
        slots.setdefault(slot.session_id, []).append(SlotRead.model_validate(slot))
    return [
        SessionRead.model_validate(row, update={"slots": slots[row.id]})
        for row in repository.sessions(session, forum_id)
    ]


def add(
    session: Session,
    principal: Principal,
    forum_id: UUID,
    wanted: SessionCreate,
    *,
    expected_revision: int | None = None,
) -> SessionRead:
    """Hold a session, cut into slots.

    Raises NotAllowed, NotFound, Conflict, InvalidInput for times at which none can be held.
    """
    forum = to_change(session, principal, forum_id, expected_revision)
    row = _add(session, forum, wanted)
    audit.record(session, principal.actor, "forum.session_added", "forum", forum.id)
    return _read(session, row)


def add_usual_days(
    session: Session, principal: Principal, forum_id: UUID, *, expected_revision: int | None = None
) -> list[SessionRead]:
    """Hold a morning and an afternoon on each day of a forum that has no session yet.

    Raises NotAllowed, NotFound, Conflict when no day is left, InvalidInput.
    """
    forum = to_change(session, principal, forum_id, expected_revision)
    free = _free_days(session, forum)
    if not free:
        raise Conflict(message("There are sessions on each day of the forum already."))
    rows = [
        _add(
            session,
            forum,
            SessionCreate(starts_at=datetime.combine(day, start), ends_at=datetime.combine(day, end)),
        )
        for day in free
        for start, end in USUAL_HOURS
    ]
    audit.record(session, principal.actor, "forum.usual_days_added", "forum", forum.id)
    return [_read(session, row) for row in rows]


def _free_days(session: Session, forum: Forum) -> list[date]:
    taken = {day for one in repository.sessions(session, forum.id) for day in days_of(one, forum.time_zone)}
    days = (forum.ends_on - forum.starts_on).days + 1
    return [day for place in range(days) if (day := forum.starts_on + timedelta(place)) not in taken]


def change(
    session: Session,
    principal: Principal,
    forum_id: UUID,
    session_id: UUID,
    wanted: SessionCreate,
    *,
    expected_revision: int | None = None,
) -> SessionRead:
    """Hold a session at other times; slots whose times stay are kept.

    Raises NotAllowed, NotFound, InvalidInput, Conflict also when meetings are placed in a slot that goes.
    """
    forum = to_change(session, principal, forum_id, expected_revision)
    row = _own(session, forum, session_id)
    start, end = _checked_times(session, forum, wanted, row.id)
    row.sqlmodel_update({**wanted.model_dump(), "starts_at": start, "ends_at": end})
    cut = set(_cut(row))
    kept = set()
    for slot in repository.slots_of_session(session, row.id):
        times = slot.starts_at, slot.ends_at
        if times in cut:
            kept.add(times)
        else:
            session.delete(slot)
    _flush_removal(session)
    _add_slots(session, row, kept)
    audit.record(session, principal.actor, "forum.session_changed", "forum", forum.id)
    return _read(session, row)


def remove(
    session: Session,
    principal: Principal,
    forum_id: UUID,
    session_id: UUID,
    *,
    expected_revision: int | None = None,
) -> None:
    """Hold a session no more.

    Raises NotAllowed, NotFound, Conflict also when meetings are placed in its slots.
    """
    forum = to_change(session, principal, forum_id, expected_revision)
    session.delete(_own(session, forum, session_id))
    _flush_removal(session)
    audit.record(session, principal.actor, "forum.session_removed", "forum", forum.id)


def _own(session: Session, forum: Forum, session_id: UUID) -> ForumSession:
    row = session.get(ForumSession, session_id)
    if row is None or row.forum_id != forum.id:
        raise NotFound(message("There is no such session at this forum."))
    return row


def _add(session: Session, forum: Forum, wanted: SessionCreate) -> ForumSession:
    start, end = _checked_times(session, forum, wanted, None)
    times = {"forum_id": forum.id, "starts_at": start, "ends_at": end}
    row = ForumSession.model_validate(wanted, update=times)
    session.add(row)
    session.flush()
    _add_slots(session, row, set())
    return row


def _checked_times(
    session: Session, forum: Forum, wanted: SessionCreate, own: UUID | None
) -> tuple[datetime, datetime]:
    start, end = span_of(wanted, forum.time_zone)
    times = ForumSession(forum_id=forum.id, starts_at=start, ends_at=end)
    check_days(forum, times)
    if end - start > LONGEST:
        sentence = message("A session lasts at most a day: make one for each day.")
        raise InvalidInput([FieldError(("ends_at",), "session_too_long", sentence)])
    if clocks_change(times, forum.time_zone):
        sentence = message(
            "The clocks of {zone} are changed during this session, and people would come at the wrong "
            "time: end it before, or begin it afterwards.",
            zone=forum.time_zone,
        )
        raise InvalidInput([FieldError(("starts_at",), "clocks_change", sentence)])
    if start + timedelta(minutes=wanted.meeting_minutes) > end:
        sentence = message(
            "No meeting of {minutes} minutes fits into this session: make one of them longer or shorter.",
            minutes=wanted.meeting_minutes,
        )
        raise InvalidInput([FieldError(("meeting_minutes",), "no_slot", sentence)])
    for other in repository.sessions(session, forum.id):
        if other.id != own and other.starts_at < end and start < other.ends_at:
            sentence = message("There is another session at this time: begin after it, or end before it.")
            raise InvalidInput([FieldError(("starts_at",), "sessions_overlap", sentence)])
    return start, end


def check_days(forum: Forum, span: Span) -> None:
    """Go on only with a time on the forum's days.

    Raises InvalidInput.
    """
    first, last = days_of(span, forum.time_zone)
    early = first < forum.starts_on
    if early or last > forum.ends_on:
        sentence = message(
            "This is outside of the forum's days, {first} to {last}.",
            first=forum.starts_on,
            last=forum.ends_on,
        )
        place = "starts_at" if early else "ends_at"
        raise InvalidInput([FieldError((place,), "outside_forum", sentence)])


def _cut(row: ForumSession) -> Iterator[tuple[datetime, datetime]]:
    length = timedelta(minutes=row.meeting_minutes)
    step = length + timedelta(minutes=row.buffer_minutes)
    start = row.starts_at
    while start + length <= row.ends_at:
        yield start, start + length
        start += step


def _add_slots(session: Session, row: ForumSession, kept: set[tuple[datetime, datetime]]) -> None:
    session.add_all(
        Slot(forum_id=row.forum_id, session_id=row.id, starts_at=start, ends_at=end)
        for start, end in _cut(row)
        if (start, end) not in kept
    )
    session.flush()


def _flush_removal(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError:
        # Later stages hold the slots that they use.
        raise Conflict(
            message(
                "Meetings are fixed or placed in slots that would go away: move or cancel them first, or "
                "keep the times of these slots."
            )
        ) from None


def _read(session: Session, row: ForumSession) -> SessionRead:
    slots = repository.slots_of_session(session, row.id)
    return SessionRead.model_validate(
        row, update={"slots": [SlotRead.model_validate(slot) for slot in slots]}
    )
