"""Queries over timetables, meetings and what was said about them."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy
from sqlalchemy import ColumnElement, and_, delete, distinct, func, or_, true
from sqlmodel import col, select

from service.meetings.models import (
    Arrival,
    ChangeRequest,
    DayStep,
    Meeting,
    MeetingFeedback,
    NextStep,
    PrintingLock,
    Timetable,
    TimetablePlace,
    TimetableRun,
    TimetableSlot,
    Withdrawal,
)
from service.meetings.schemas import EVERYTHING, TAKES_ITS_PLACE, MeetingState, Part
from service.platform.database import Session
from service.profiles.vocabulary import Kind


class Seat(NamedTuple):
    """Where a meeting is, and whose it is; the names are those of `Meeting`."""

    entrepreneur_id: UUID
    exporter_id: UUID
    slot_id: UUID | None
    table_id: UUID | None
    released_slot_id: UUID | None
    language: str | None
    state: str


def get(session: Session, timetable_id: UUID, *, lock: bool = False) -> Timetable | None:
    """Find a timetable by its id; locked, nobody else changes it before the commit."""
    return session.get(
        Timetable, timetable_id, with_for_update=True if lock else None, populate_existing=lock
    )


def of_forum(session: Session, forum_id: UUID) -> list[Timetable]:
    """List the timetables of a forum, newest first."""
    return list(
        session.exec(
            select(Timetable)
            .where(Timetable.forum_id == forum_id)
            .order_by(col(Timetable.made_at).desc(), col(Timetable.id))
        )
    )


def in_state(session: Session, forum_id: UUID, state: str, *, lock: bool = False) -> Timetable | None:
    """Find the forum's draft or its release; locked, nobody else changes it before the commit."""
    wanted = select(Timetable).where(Timetable.forum_id == forum_id, Timetable.state == state)
    return session.exec(wanted.with_for_update() if lock else wanted).first()


def last_number(session: Session, forum_id: UUID) -> int:
    """Give the number of the forum's latest release, 0 before the first."""
    found = session.exec(select(func.max(Timetable.number)).where(Timetable.forum_id == forum_id)).one()
    return found or 0


def forget_old_drafts(session: Session, forum_id: UUID) -> None:
    """Drop the drafts of a forum that were replaced and never released."""
    session.execute(
        delete(Timetable).where(
            col(Timetable.forum_id) == forum_id,
            col(Timetable.state) == "superseded",
            col(Timetable.number).is_(None),
        )
    )


def slots(session: Session, timetable_id: UUID) -> list[TimetableSlot]:
    """List the slots of a timetable in the order of time."""
    return list(
        session.exec(
            select(TimetableSlot)
            .where(TimetableSlot.timetable_id == timetable_id)
            .order_by(col(TimetableSlot.starts_at), col(TimetableSlot.slot_id))
        )
    )


def places(session: Session, timetable_id: UUID) -> list[TimetablePlace]:
    """List the meeting tables of a timetable in their order."""
    return list(
        session.exec(
            select(TimetablePlace)
            .where(TimetablePlace.timetable_id == timetable_id)
            .order_by(col(TimetablePlace.position), col(TimetablePlace.table_id))
        )
    )


def meetings(session: Session, timetable_id: UUID, part: Part = EVERYTHING) -> list[Meeting]:
    """List the meetings of a timetable, or a part of them, in a stable order."""
    wanted = select(Meeting).where(Meeting.timetable_id == timetable_id)
    if part != EVERYTHING:
        wanted = wanted.where(or_(*_any_of(part)))
    return list(session.exec(wanted.order_by(col(Meeting.entrepreneur_id), col(Meeting.exporter_id))))


def expected(session: Session, timetable_id: UUID) -> int:
    """Count the participants who have a meeting with a slot that is not cancelled."""
    has_slot = (
        Meeting.timetable_id == timetable_id,
        col(Meeting.slot_id).is_not(None),
        Meeting.state != MeetingState.CANCELLED.value,
    )
    ends = col(Meeting.entrepreneur_id), col(Meeting.exporter_id)
    return sum(session.exec(select(func.count(distinct(end))).where(*has_slot)).one() for end in ends)


def taken_tables(session: Session, timetable_id: UUID, slot_id: UUID) -> int:
    """Count the meeting tables of a slot at which nothing else may be."""
    takes = col(Meeting.state).in_(TAKES_ITS_PLACE)
    wanted = select(func.count()).where(
        Meeting.timetable_id == timetable_id, Meeting.slot_id == slot_id, takes
    )
    return session.exec(wanted).one()


def seats(session: Session, timetable_id: UUID) -> list[Seat]:
    """List where the meetings of a timetable are: a tenth of what loading them takes."""
    columns = (getattr(Meeting, name) for name in Seat._fields)
    rows = session.execute(sqlalchemy.select(*columns).where(col(Meeting.timetable_id) == timetable_id))
    return [Seat(*row) for row in rows]


def participants(session: Session, timetable_id: UUID, side: Kind) -> set[UUID]:
    """Find the participants of a side who have meetings in a timetable, in whatever state."""
    end = Meeting.entrepreneur_id if side is Kind.ENTREPRENEUR else Meeting.exporter_id
    return set(session.exec(select(end).where(Meeting.timetable_id == timetable_id).distinct()))


def _any_of(part: Part) -> Iterator[ColumnElement[bool]]:
    for column, wanted in (
        (col(Meeting.entrepreneur_id), part.profile_ids),
        (col(Meeting.exporter_id), part.profile_ids),
        (col(Meeting.slot_id), part.slot_ids),
        (col(Meeting.table_id), part.table_ids),
        (col(Meeting.id), part.meeting_ids),
        (col(Meeting.state), part.states),
    ):
        if wanted is not None:
            yield column.in_(wanted)


def _with(profile_id: UUID | None) -> ColumnElement[bool]:
    """Meetings of one participant, or all."""
    if profile_id is None:
        return true()
    return or_(col(Meeting.entrepreneur_id) == profile_id, col(Meeting.exporter_id) == profile_id)


def promised(
    session: Session, forum_id: UUID, up_to: int, *, profile_id: UUID | None = None
) -> list[tuple[UUID, UUID, TimetableSlot]]:
    """List the pairs, or those of one participant, that the releases up to a number promised a slot.

    The slot stands with them, the latest last.
    """
    rows = session.execute(
        select(Meeting.entrepreneur_id, Meeting.exporter_id, TimetableSlot)
        .join(Timetable, col(Timetable.id) == col(Meeting.timetable_id))
        .join(
            TimetableSlot,
            and_(
                col(TimetableSlot.timetable_id) == col(Meeting.timetable_id),
                col(TimetableSlot.slot_id) == col(Meeting.released_slot_id),
            ),
        )
        .where(Timetable.forum_id == forum_id, col(Timetable.number) <= up_to, _with(profile_id))
        .order_by(col(Timetable.number), col(Meeting.entrepreneur_id), col(Meeting.exporter_id))
    )
    return [(one, other, slot) for one, other, slot in rows]


def meeting(session: Session, meeting_id: UUID) -> Meeting | None:
    """Find a meeting by its id."""
    return session.get(Meeting, meeting_id)


def whose(session: Session, meeting_id: UUID) -> tuple[UUID, tuple[UUID, UUID]] | None:
    """Tell at which forum a meeting is and of which pair, without loading it before anything is locked."""
    row = session.execute(
        select(Timetable.forum_id, Meeting.entrepreneur_id, Meeting.exporter_id)
        .join(Timetable, col(Timetable.id) == col(Meeting.timetable_id))
        .where(Meeting.id == meeting_id)
    ).first()
    return (row[0], (row[1], row[2])) if row is not None else None


def place_is_taken(session: Session, meeting: Meeting) -> bool:
    """Tell whether another meeting is in the slot of a meeting, at its table or with one of its two."""
    wanted = select(Meeting.id).where(
        Meeting.timetable_id == meeting.timetable_id,
        Meeting.slot_id == meeting.slot_id,
        Meeting.id != meeting.id,
        col(Meeting.state).in_(sorted(TAKES_ITS_PLACE)),
        or_(
            col(Meeting.table_id) == meeting.table_id,
            col(Meeting.entrepreneur_id) == meeting.entrepreneur_id,
            col(Meeting.exporter_id) == meeting.exporter_id,
        ),
    )
    # The meeting may just have been given a state that its place does not allow.
    with session.no_autoflush:
        return session.exec(wanted).first() is not None


def withdrawals(session: Session, participant_ids: Iterable[UUID]) -> dict[UUID, Withdrawal]:
    """Find who of some participants has withdrawn."""
    rows = session.exec(select(Withdrawal).where(col(Withdrawal.participant_id).in_(list(participant_ids))))
    return {row.participant_id: row for row in rows}


def run(session: Session, run_id: UUID) -> TimetableRun | None:
    """Find the making of a draft by its id."""
    return session.get(TimetableRun, run_id)


def latest_run(session: Session, forum_id: UUID) -> TimetableRun | None:
    """Find the latest making of a draft for a forum."""
    return session.exec(
        select(TimetableRun)
        .where(TimetableRun.forum_id == forum_id)
        .order_by(col(TimetableRun.asked_at).desc(), col(TimetableRun.id))
    ).first()


def run_under_way(session: Session, forum_id: UUID) -> TimetableRun | None:
    """Find the making of a draft that is not over yet."""
    return session.exec(
        select(TimetableRun).where(
            TimetableRun.forum_id == forum_id, col(TimetableRun.state).in_(["queued", "working"])
        )
    ).first()


def feedback(session: Session, forum_id: UUID, *, profile_id: UUID | None = None) -> list[MeetingFeedback]:
    """List what was said about the meetings of a forum, or of one participant."""
    wanted = select(MeetingFeedback).where(MeetingFeedback.forum_id == forum_id)
    return list(session.exec(_of_participant(wanted, MeetingFeedback, profile_id)))


def feedback_of_pair(
    session: Session, forum_id: UUID, entrepreneur_id: UUID, exporter_id: UUID
) -> dict[str, MeetingFeedback]:
    """Find what each side of a pair said about its meeting."""
    rows = session.exec(
        select(MeetingFeedback).where(
            MeetingFeedback.forum_id == forum_id,
            MeetingFeedback.entrepreneur_id == entrepreneur_id,
            MeetingFeedback.exporter_id == exporter_id,
        )
    )
    return {row.side: row for row in rows}


def next_steps(session: Session, forum_id: UUID, *, profile_id: UUID | None = None) -> list[NextStep]:
    """List the next steps of a forum, or of one participant, the most urgent first."""
    wanted = select(NextStep).where(NextStep.forum_id == forum_id)
    ordered = _of_participant(wanted, NextStep, profile_id).order_by(
        col(NextStep.due_on), col(NextStep.created_at), col(NextStep.id)
    )
    return list(session.exec(ordered))


def next_step(session: Session, step_id: UUID) -> NextStep | None:
    """Find a next step by its id."""
    return session.get(NextStep, step_id)


def _of_participant(wanted: Any, model: Any, profile_id: UUID | None) -> Any:
    if profile_id is None:
        return wanted
    return wanted.where(or_(model.entrepreneur_id == profile_id, model.exporter_id == profile_id))


def printing_lock(session: Session, forum_id: UUID) -> PrintingLock | None:
    """Find whether the papers of a forum may not be printed."""
    return session.get(PrintingLock, forum_id)


def requests(session: Session, forum_id: UUID) -> list[ChangeRequest]:
    """List the change requests of a forum, the oldest first."""
    return list(
        session.exec(
            select(ChangeRequest)
            .where(ChangeRequest.forum_id == forum_id)
            .order_by(col(ChangeRequest.asked_at), col(ChangeRequest.id))
        )
    )


def request(session: Session, request_id: UUID) -> ChangeRequest | None:
    """Find a change request by its id."""
    return session.get(ChangeRequest, request_id)


def open_requests(session: Session, forum_id: UUID) -> int:
    """Count the change requests that wait for an answer."""
    wanted = select(func.count()).select_from(ChangeRequest)
    return session.exec(wanted.where(ChangeRequest.forum_id == forum_id, ChangeRequest.state == "open")).one()


def requests_of(session: Session, participant_id: UUID) -> list[ChangeRequest]:
    """List the change requests of one participant, the latest first."""
    return list(
        session.exec(
            select(ChangeRequest)
            .where(ChangeRequest.participant_id == participant_id)
            .order_by(col(ChangeRequest.asked_at).desc(), col(ChangeRequest.id))
        )
    )


def arrivals(session: Session, participant_ids: Iterable[UUID]) -> dict[UUID, Arrival]:
    """Find who of some participants has arrived."""
    rows = session.exec(select(Arrival).where(col(Arrival.participant_id).in_(list(participant_ids))))
    return {row.participant_id: row for row in rows}


def day_steps(session: Session, forum_id: UUID, *, limit: int | None = None) -> list[DayStep]:
    """List the steps taken on the day, the latest first."""
    wanted = select(DayStep).where(DayStep.forum_id == forum_id)
    return list(session.exec(wanted.order_by(col(DayStep.number).desc()).limit(limit)))


def day_step(session: Session, step_id: UUID) -> DayStep | None:
    """Find a step by its id."""
    return session.get(DayStep, step_id)


def last_step_of_kind(session: Session, forum_id: UUID, kind: str) -> DayStep | None:
    """Find the latest step of a kind that was not taken back."""
    return session.exec(
        select(DayStep)
        .where(DayStep.forum_id == forum_id, DayStep.kind == kind, col(DayStep.undone_at).is_(None))
        .order_by(col(DayStep.number).desc())
    ).first()


def last_step_number(session: Session, forum_id: UUID) -> int:
    """Give the number of the latest step of a forum, 0 before the first."""
    found = session.exec(select(func.max(DayStep.number)).where(DayStep.forum_id == forum_id)).one()
    return found or 0
