"""Queries over match lists and their pairs."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from service.match_lists.models import MatchList, MatchListEntry, MatchListExclusion
from service.match_lists.schemas import ListState, Standing
from service.platform.database import Session
from service.profiles.vocabulary import Kind


def get(session: Session, list_id: UUID) -> MatchList | None:
    """Find a match list by its id."""
    return session.get(MatchList, list_id)


def of_forum(session: Session, forum_id: UUID) -> list[MatchList]:
    """List the match lists of a forum, newest first."""
    return list(
        session.exec(
            select(MatchList).where(MatchList.forum_id == forum_id).order_by(col(MatchList.number).desc())
        )
    )


def in_state(session: Session, forum_id: UUID, state: ListState) -> MatchList | None:
    """Find the newest list of a forum that is in a state."""
    return session.exec(
        select(MatchList)
        .where(MatchList.forum_id == forum_id, MatchList.state == state.value)
        .order_by(col(MatchList.number).desc())
        .limit(1)
    ).first()


def count_pairs(session: Session, list_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Count the pairs of lists."""
    rows = session.exec(
        select(MatchListEntry.match_list_id, func.count())
        .where(col(MatchListEntry.match_list_id).in_(list_ids))
        .group_by(col(MatchListEntry.match_list_id))
    )
    return dict(rows.all())


def entries(
    session: Session, list_id: UUID, *, side: Kind | None = None, profile_ids: Sequence[UUID] | None = None
) -> list[MatchListEntry]:
    """List the pairs of a list, best first for each participant of a side."""
    own, rank = _columns(side or Kind.ENTREPRENEUR)
    wanted = select(MatchListEntry).where(MatchListEntry.match_list_id == list_id)
    if side is not None:
        wanted = wanted.where(rank.is_not(None))
    if profile_ids is not None:
        wanted = wanted.where(own.in_(profile_ids))
    return list(
        session.exec(
            wanted.order_by(
                own,
                col(MatchListEntry.score).desc(),
                col(MatchListEntry.entrepreneur_id),
                col(MatchListEntry.exporter_id),
            )
        )
    )


def by_choice(
    session: Session, list_id: UUID, *, chosen: bool, limit: int | None = None
) -> list[MatchListEntry]:
    """List the chosen pairs of a list or those that were passed over, best first.

    Pairs that the organiser removed are neither.
    """
    return list(
        session.exec(
            select(MatchListEntry)
            .where(
                MatchListEntry.match_list_id == list_id,
                MatchListEntry.chosen == chosen,
                MatchListEntry.standing != Standing.REMOVED.value,
            )
            .order_by(
                col(MatchListEntry.score).desc(),
                col(MatchListEntry.entrepreneur_id),
                col(MatchListEntry.exporter_id),
            )
            .limit(limit)
        )
    )


def entry(session: Session, list_id: UUID, entrepreneur_id: UUID, exporter_id: UUID) -> MatchListEntry | None:
    """Find one pair of a list."""
    return session.exec(
        select(MatchListEntry).where(
            MatchListEntry.match_list_id == list_id,
            MatchListEntry.entrepreneur_id == entrepreneur_id,
            MatchListEntry.exporter_id == exporter_id,
        )
    ).first()


def entries_by_ids(session: Session, entry_ids: Sequence[UUID]) -> list[MatchListEntry]:
    """Find pairs of any list by the ids of their entries."""
    return list(session.exec(select(MatchListEntry).where(col(MatchListEntry.id).in_(entry_ids))))


def exclusions(session: Session, list_id: UUID) -> list[MatchListExclusion]:
    """List what the hard rules left out."""
    return list(
        session.exec(
            select(MatchListExclusion)
            .where(MatchListExclusion.match_list_id == list_id)
            .order_by(
                col(MatchListExclusion.reason),
                col(MatchListExclusion.entrepreneur_id),
                col(MatchListExclusion.exporter_id),
            )
        )
    )


def _columns(side: Kind) -> tuple[Any, Any]:
    if side is Kind.ENTREPRENEUR:
        return col(MatchListEntry.entrepreneur_id), col(MatchListEntry.rank_for_entrepreneur)
    return col(MatchListEntry.exporter_id), col(MatchListEntry.rank_for_exporter)
