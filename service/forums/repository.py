"""Queries over forums, participants and excluded pairs."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, func, or_
from sqlmodel import col, select

from service.forums.models import (
    Availability,
    Forum,
    ForumParticipant,
    ForumSession,
    InterpreterShift,
    MeetingRule,
    MeetingTable,
    PairExclusion,
    PairOverride,
    PinnedPair,
    Preference,
    ReservedShare,
    Slot,
)
from service.platform.database import Session
from service.profiles.vocabulary import Kind


def get(session: Session, forum_id: UUID, *, lock: bool = False) -> Forum | None:
    """Find a forum by its id; locked, nobody else changes it before the commit."""
    return session.get(Forum, forum_id, with_for_update=True if lock else None, populate_existing=lock)


def by_code(session: Session, code: str) -> Forum | None:
    """Find a forum by its code."""
    return session.exec(select(Forum).where(Forum.code == code)).first()


def every(session: Session) -> list[Forum]:
    """List the forums, the latest first."""
    return list(session.exec(select(Forum).order_by(col(Forum.starts_on).desc(), col(Forum.code))))


def counts(session: Session, forum_ids: Iterable[UUID]) -> dict[UUID, tuple[int, int]]:
    """Count the entrepreneurs and exporters of forums."""
    rows = session.execute(
        select(
            ForumParticipant.forum_id,
            func.count(col(ForumParticipant.entrepreneur_id)),
            func.count(col(ForumParticipant.exporter_id)),
        )
        .where(col(ForumParticipant.forum_id).in_(list(forum_ids)))
        .group_by(col(ForumParticipant.forum_id))
    )
    return {forum_id: (entrepreneurs, exporters) for forum_id, entrepreneurs, exporters in rows}


def id_column(kind: Kind) -> Any:
    """Give the column that holds the participants of a side."""
    entrepreneur = kind is Kind.ENTREPRENEUR
    return col(ForumParticipant.entrepreneur_id if entrepreneur else ForumParticipant.exporter_id)


def participants(session: Session, forum_id: UUID, kind: Kind) -> dict[UUID, ForumParticipant]:
    """Find the participants of one side of a forum, by profile."""
    column = id_column(kind)
    rows = session.execute(
        select(column, ForumParticipant)
        .where(ForumParticipant.forum_id == forum_id, column.is_not(None))
        .order_by(column)
    )
    return dict(rows.all())


def participant_ids(
    session: Session, forum_id: UUID, profile_ids: Iterable[UUID] | None = None
) -> dict[UUID, UUID]:
    """Give the ids of participants by profile, of both sides; of some profiles only where they are named."""
    own = func.coalesce(ForumParticipant.entrepreneur_id, ForumParticipant.exporter_id)
    wanted = select(own, ForumParticipant.id).where(ForumParticipant.forum_id == forum_id)
    if profile_ids is not None:
        ids = list(profile_ids)
        wanted = wanted.where(or_(*(id_column(kind).in_(ids) for kind in Kind)))
    return dict(session.execute(wanted).all())


def remove_participants(session: Session, forum_id: UUID, kind: Kind, profile_ids: Iterable[UUID]) -> None:
    """Take profiles off a forum."""
    session.execute(
        delete(ForumParticipant).where(
            col(ForumParticipant.forum_id) == forum_id, id_column(kind).in_(list(profile_ids))
        )
    )


def exclusions(session: Session, forum_id: UUID) -> list[PairExclusion]:
    """List the pairs that must not be proposed, oldest first."""
    return list(
        session.exec(
            select(PairExclusion)
            .where(PairExclusion.forum_id == forum_id)
            .order_by(col(PairExclusion.created_at), col(PairExclusion.id))
        )
    )


def exclusion_of(
    session: Session, forum_id: UUID, entrepreneur_id: UUID, exporter_id: UUID
) -> PairExclusion | None:
    """Find whether a pair must not be proposed."""
    return session.exec(
        select(PairExclusion).where(
            PairExclusion.forum_id == forum_id,
            PairExclusion.entrepreneur_id == entrepreneur_id,
            PairExclusion.exporter_id == exporter_id,
        )
    ).first()


def exclusions_of_participants(session: Session, forum_id: UUID) -> list[PairExclusion]:
    """List the exclusions of a forum, after those that other forums left between its participants."""
    here = col(PairExclusion.forum_id) == forum_id
    sides = [
        column.in_(
            select(own).where(ForumParticipant.forum_id == forum_id, own.is_not(None)).scalar_subquery()
        )
        for column, own in (
            (col(PairExclusion.entrepreneur_id), id_column(Kind.ENTREPRENEUR)),
            (col(PairExclusion.exporter_id), id_column(Kind.EXPORTER)),
        )
    ]
    lasting = col(PairExclusion.reason).in_(["said_no", "has_met"])
    return list(
        session.exec(
            select(PairExclusion)
            .where(or_(here, and_(lasting, *sides)))
            .order_by(here, col(PairExclusion.created_at), col(PairExclusion.id))
        )
    )


def pin_of(session: Session, forum_id: UUID, entrepreneur_id: UUID, exporter_id: UUID) -> PinnedPair | None:
    """Find whether a pair is pinned."""
    return session.exec(
        select(PinnedPair).where(
            PinnedPair.forum_id == forum_id,
            PinnedPair.entrepreneur_id == entrepreneur_id,
            PinnedPair.exporter_id == exporter_id,
        )
    ).first()


def pins(session: Session, forum_id: UUID) -> list[PinnedPair]:
    """List the pinned pairs, oldest first."""
    return list(
        session.exec(
            select(PinnedPair)
            .where(PinnedPair.forum_id == forum_id)
            .order_by(col(PinnedPair.created_at), col(PinnedPair.id))
        )
    )


def overridden(session: Session, forum_id: UUID) -> set[tuple[UUID, UUID]]:
    """Find the pairs that an organiser allows all the same."""
    rows = session.execute(
        select(PairOverride.entrepreneur_id, PairOverride.exporter_id).where(
            PairOverride.forum_id == forum_id
        )
    )
    return {(one, other) for one, other in rows}


def override_of(
    session: Session, forum_id: UUID, entrepreneur_id: UUID, exporter_id: UUID
) -> PairOverride | None:
    """Find whether an organiser allows a pair all the same."""
    return session.exec(
        select(PairOverride).where(
            PairOverride.forum_id == forum_id,
            PairOverride.entrepreneur_id == entrepreneur_id,
            PairOverride.exporter_id == exporter_id,
        )
    ).first()


def preferences(session: Session, forum_id: UUID) -> list[Preference]:
    """List what participants wish of each other, oldest first."""
    return list(
        session.exec(
            select(Preference)
            .where(Preference.forum_id == forum_id)
            .order_by(col(Preference.created_at), col(Preference.id))
        )
    )


def availability(session: Session, forum_id: UUID) -> dict[UUID, list[Availability]]:
    """Find when participants can meet, by profile; those without limits are not in it."""
    rows = session.execute(
        select(ForumParticipant.entrepreneur_id, ForumParticipant.exporter_id, Availability)
        .join(Availability, col(Availability.participant_id) == col(ForumParticipant.id))
        .where(ForumParticipant.forum_id == forum_id)
        .order_by(col(Availability.starts_at))
    )
    found: dict[UUID, list[Availability]] = {}
    for entrepreneur_id, exporter_id, span in rows:
        found.setdefault(entrepreneur_id or exporter_id, []).append(span)
    return found


def forget_availability(session: Session, participant_id: UUID) -> None:
    """Drop when a participant can meet."""
    session.execute(delete(Availability).where(col(Availability.participant_id) == participant_id))


def sessions(session: Session, forum_id: UUID) -> list[ForumSession]:
    """List the sessions of a forum in the order of time."""
    return list(
        session.exec(
            select(ForumSession)
            .where(ForumSession.forum_id == forum_id)
            .order_by(col(ForumSession.starts_at), col(ForumSession.id))
        )
    )


def slots(session: Session, forum_id: UUID) -> list[Slot]:
    """List the slots of a forum in the order of time."""
    return list(session.exec(select(Slot).where(Slot.forum_id == forum_id).order_by(col(Slot.starts_at))))


def meeting_tables(session: Session, forum_id: UUID) -> list[MeetingTable]:
    """List the meeting tables of a forum in their order."""
    return list(
        session.exec(
            select(MeetingTable)
            .where(MeetingTable.forum_id == forum_id)
            .order_by(col(MeetingTable.position), col(MeetingTable.id))
        )
    )


def interpreter_shifts(session: Session, forum_id: UUID) -> list[InterpreterShift]:
    """List the interpreters of a forum by language and time."""
    return list(
        session.exec(
            select(InterpreterShift)
            .where(InterpreterShift.forum_id == forum_id)
            .order_by(
                col(InterpreterShift.language), col(InterpreterShift.starts_at), col(InterpreterShift.id)
            )
        )
    )


def rules(session: Session, forum_id: UUID) -> list[MeetingRule]:
    """List who may meet whom, oldest first."""
    return list(
        session.exec(
            select(MeetingRule)
            .where(MeetingRule.forum_id == forum_id)
            .order_by(col(MeetingRule.created_at), col(MeetingRule.id))
        )
    )


def shares(session: Session, forum_id: UUID) -> list[ReservedShare]:
    """List the reserved shares in the order in which they count."""
    return list(
        session.exec(
            select(ReservedShare)
            .where(ReservedShare.forum_id == forum_id)
            .order_by(col(ReservedShare.position), col(ReservedShare.id))
        )
    )


def slots_of_session(session: Session, session_id: UUID) -> list[Slot]:
    """List the slots of one session in the order of time."""
    found = select(Slot).where(Slot.session_id == session_id).order_by(col(Slot.starts_at))
    return list(session.exec(found))
