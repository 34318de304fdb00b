"""Queries over match lists and their pairs."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import sqlalchemy
from sqlalchemy import func, or_
from sqlmodel import col, select

from service.match_lists.models import MatchList, MatchListEntry, MatchListExclusion
from service.match_lists.schemas import ListState, Standing
from service.platform.database import Session
from service.profiles.vocabulary import Kind


class StandingRow(NamedTuple):
    """How a pair stands on a list."""

    entrepreneur_id: UUID
    exporter_id: UUID
    chosen: bool
    standing: str
    note: str
    score: float
    rank_for_entrepreneur: int | None
    rank_for_exporter: int | None

    @property
    def pair(self) -> tuple[UUID, UUID]:
        """The two."""
        return self.entrepreneur_id, self.exporter_id


def get(session: Session, list_id: UUID, *, lock: bool = False) -> MatchList | None:
    """Find a match list by its id; locked, nobody else changes it before the commit."""
    return session.get(MatchList, list_id, with_for_update=True if lock else None, populate_existing=lock)


def of_forum(session: Session, forum_id: UUID, *, lock: bool = False) -> list[MatchList]:
    """List the match lists of a forum, newest first; locked, nobody else changes them before the commit."""
    wanted = select(MatchList).where(MatchList.forum_id == forum_id).order_by(col(MatchList.number).desc())
    return list(session.exec(wanted.with_for_update() if lock else wanted))


def with_participant(session: Session, kind: Kind, profile_id: str) -> list[MatchList]:
    """Find and lock every list that somebody took part in."""
    rows = session.exec(select(MatchList).order_by(col(MatchList.id)).with_for_update())
    return [row for row in rows if profile_id in row.participants[kind.value]]


def forget_explanations(session: Session, kind: Kind, profile_id: UUID) -> None:
    """Empty the explanations of every pair of somebody, on all lists."""
    own, _ = _columns(kind)
    session.execute(sqlalchemy.update(MatchListEntry).where(own == profile_id).values(explanation={}))


def in_state(session: Session, forum_id: UUID, state: ListState) -> MatchList | None:
    """Find the newest list of a forum that is in a state."""
    return session.exec(
        select(MatchList)
        .where(MatchList.forum_id == forum_id, MatchList.state == state.value)
        .order_by(col(MatchList.number).desc())
        .limit(1)
    ).first()


def add_rows(
    session: Session,
    list_id: UUID,
    table: type[MatchListEntry | MatchListExclusion],
    rows: Iterable[Mapping[str, Any]],
) -> None:
    """Save many rows of a list at once; as objects they would take many times as long."""
    values = [{"id": uuid4(), "match_list_id": list_id, **row} for row in rows]
    if values:
        session.execute(sqlalchemy.insert(table), values)


def count_pairs(session: Session, list_ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """Count the chosen pairs of lists, and all their pairs."""
    rows = session.execute(
        select(
            MatchListEntry.match_list_id,
            func.count().filter(col(MatchListEntry.chosen)),
            func.count(),
        )
        .where(col(MatchListEntry.match_list_id).in_(list_ids))
        .group_by(col(MatchListEntry.match_list_id))
    )
    return {list_id: (chosen, every) for list_id, chosen, every in rows}


def entries(
    session: Session, list_id: UUID, *, side: Kind | None = None, profile_ids: Sequence[UUID] | None = None
) -> list[MatchListEntry]:
    """List the pairs of a list, best first for each participant of a side.

    Of one side these are the best partners of each and its chosen ones.
    """
    own, rank = _columns(side or Kind.ENTREPRENEUR)
    wanted = select(MatchListEntry).where(MatchListEntry.match_list_id == list_id)
    if side is not None:
        wanted = wanted.where(
            or_(
                rank.is_not(None),
                col(MatchListEntry.standing) != Standing.ALLOCATED.value,
                col(MatchListEntry.chosen),
            )
        )
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
    session: Session,
    list_id: UUID,
    *,
    chosen: bool,
    limit: int | None = None,
    profile_id: UUID | None = None,
) -> list[MatchListEntry]:
    """List the chosen pairs of a list or those that were passed over, best first, or those of one profile.

    Pairs that the organiser removed are neither.
    """
    wanted = select(MatchListEntry).where(
        MatchListEntry.match_list_id == list_id,
        MatchListEntry.chosen == chosen,
        MatchListEntry.standing != Standing.REMOVED.value,
    )
    if profile_id is not None:
        ends = (MatchListEntry.entrepreneur_id, MatchListEntry.exporter_id)
        own = or_(*(col(end) == profile_id for end in ends))
        wanted = wanted.where(own)
    ordered = wanted.order_by(
        col(MatchListEntry.score).desc(),
        col(MatchListEntry.entrepreneur_id),
        col(MatchListEntry.exporter_id),
    )
    return list(session.exec(ordered.limit(limit)))


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


def meetings_of(session: Session, list_id: UUID, pair: tuple[UUID, UUID]) -> tuple[int, int]:
    """Count the chosen pairs of each of two participants, without their own."""
    one, other = col(MatchListEntry.entrepreneur_id), col(MatchListEntry.exporter_id)
    counted = session.execute(
        select(func.count().filter(one == pair[0]), func.count().filter(other == pair[1])).where(
            MatchListEntry.match_list_id == list_id,
            col(MatchListEntry.chosen),
            (one == pair[0]) != (other == pair[1]),
        )
    ).one()
    return counted[0], counted[1]


def is_excluded(session: Session, list_id: UUID, pair: tuple[UUID, UUID], reason: str) -> bool:
    """Tell whether a hard rule left a pair out of a list."""
    found = session.exec(
        select(MatchListExclusion.id)
        .where(
            MatchListExclusion.match_list_id == list_id,
            MatchListExclusion.entrepreneur_id == pair[0],
            MatchListExclusion.exporter_id == pair[1],
            MatchListExclusion.reason == reason,
        )
        .limit(1)
    )
    return found.first() is not None


def standings(session: Session, list_id: UUID) -> list[StandingRow]:
    """List every pair of a list without its explanation."""
    rows = session.execute(
        sqlalchemy.select(
            col(MatchListEntry.entrepreneur_id),
            col(MatchListEntry.exporter_id),
            col(MatchListEntry.chosen),
            col(MatchListEntry.standing),
            col(MatchListEntry.note),
            col(MatchListEntry.score),
            col(MatchListEntry.rank_for_entrepreneur),
            col(MatchListEntry.rank_for_exporter),
        )
        .where(col(MatchListEntry.match_list_id) == list_id)
        .order_by(col(MatchListEntry.entrepreneur_id), col(MatchListEntry.exporter_id))
    )
    return [StandingRow(*row) for row in rows]


def exclusions(session: Session, list_id: UUID, most: int | None = None) -> list[MatchListExclusion]:
    """List what the hard rules left out: all, or the first ones."""
    return list(
        session.exec(
            select(MatchListExclusion)
            .where(MatchListExclusion.match_list_id == list_id)
            .order_by(
                col(MatchListExclusion.reason),
                col(MatchListExclusion.entrepreneur_id),
                col(MatchListExclusion.exporter_id),
            )
            .limit(most)
        )
    )


def _columns(side: Kind) -> tuple[Any, Any]:
    if side is Kind.ENTREPRENEUR:
        return col(MatchListEntry.entrepreneur_id), col(MatchListEntry.rank_for_entrepreneur)
    return col(MatchListEntry.exporter_id), col(MatchListEntry.rank_for_exporter)
