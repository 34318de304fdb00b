"""Queries over forums, participants and excluded pairs."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func
from sqlmodel import col, select

from service.forums.models import Forum, ForumParticipant, PairExclusion
from service.platform.database import Session
from service.profiles.vocabulary import Kind


def get(session: Session, forum_id: UUID, *, lock: bool = False) -> Forum | None:
    """Find a forum by its id; locked, nobody else changes it before the commit."""
    return session.get(Forum, forum_id, with_for_update=True if lock else None)


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
