"""Queries over proposals and their two sides."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import col, select

from service.platform.database import Session
from service.profiles.vocabulary import Kind
from service.proposals.models import Proposal, ProposalSide
from service.proposals.schemas import Notice, ProposalFilter, ProposalState

Sides = dict[Kind, ProposalSide]
OTHER = {Kind.ENTREPRENEUR: Kind.EXPORTER, Kind.EXPORTER: Kind.ENTREPRENEUR}


def get(session: Session, proposal_id: UUID, *, lock: bool = False) -> Proposal | None:
    """Find a proposal by its id; locked, nobody else changes it before the commit."""
    return session.get(Proposal, proposal_id, with_for_update=True if lock else None, populate_existing=lock)


def profile_column(kind: Kind) -> Any:
    """Give the column that holds the profiles of a side."""
    return col(Proposal.entrepreneur_id if kind is Kind.ENTREPRENEUR else Proposal.exporter_id)


def profile_id(proposal: Proposal, kind: Kind) -> UUID:
    """Give the profile on a side of a proposal."""
    return proposal.entrepreneur_id if kind is Kind.ENTREPRENEUR else proposal.exporter_id


def sides(session: Session, proposal_ids: Iterable[UUID]) -> dict[UUID, Sides]:
    """Find the two sides of proposals."""
    found: dict[UUID, Sides] = {}
    rows = session.exec(
        select(ProposalSide)
        .where(col(ProposalSide.proposal_id).in_(list(proposal_ids)))
        .order_by(col(ProposalSide.proposal_id), col(ProposalSide.side))
        .execution_options(populate_existing=True)
    )
    for row in rows:
        found.setdefault(row.proposal_id, {})[Kind(row.side)] = row
    return found


def of_forum(session: Session, forum_id: UUID, state: ProposalState | None = None) -> list[Proposal]:
    """List the proposals of a forum, best pairs first."""
    wanted = select(Proposal).where(Proposal.forum_id == forum_id)
    if state is not None:
        wanted = wanted.where(Proposal.state == state.value)
    return list(session.exec(wanted.order_by(col(Proposal.score).desc(), col(Proposal.id))))


def some(session: Session, forum_id: UUID, ids: Sequence[UUID]) -> list[Proposal]:
    """Find and lock some proposals of a forum, in the order of their ids."""
    return list(
        session.exec(
            select(Proposal)
            .where(Proposal.forum_id == forum_id, col(Proposal.id).in_(ids))
            .order_by(col(Proposal.id))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def of_participant(session: Session, forum_id: UUID, kind: Kind, own_id: UUID) -> list[Proposal]:
    """List the proposals of one participant, best pairs first."""
    return list(
        session.exec(
            select(Proposal)
            .where(Proposal.forum_id == forum_id, profile_column(kind) == own_id)
            .order_by(col(Proposal.score).desc(), col(Proposal.id))
        )
    )


def profile_ids(session: Session, forum_id: UUID, kind: Kind) -> list[UUID]:
    """List the profiles of a side that were ever proposed at a forum."""
    column = profile_column(kind)
    return list(session.exec(select(column).where(Proposal.forum_id == forum_id).distinct()))


def counts(
    session: Session, forum_id: UUID, seen: Iterable[ColumnElement[bool]] = ()
) -> dict[ProposalState, int]:
    """Count the proposals of a forum by their state."""
    rows = session.execute(
        select(Proposal.state, func.count())
        .where(Proposal.forum_id == forum_id, *seen)
        .group_by(col(Proposal.state))
    )
    counted = {ProposalState(state): count for state, count in rows}
    return {state: counted.get(state, 0) for state in ProposalState}


def concerns(ids: dict[Kind, set[UUID]]) -> ColumnElement[bool]:
    """Give the condition that one of the two is among some profiles."""
    return or_(*(profile_column(kind).in_(list(own)) for kind, own in ids.items()))


def listed(
    session: Session,
    forum_id: UUID,
    wanted: ProposalFilter,
    narrowed: Iterable[ColumnElement[bool]],
    *,
    limit: int,
) -> tuple[list[Proposal], int]:
    """List the proposals that a filter lets through, best pairs first, with their number in all."""
    conditions = [col(Proposal.forum_id) == forum_id, *narrowed]
    if wanted.state is not None:
        conditions.append(col(Proposal.state) == wanted.state.value)
    if wanted.waiting_for is not None:
        unanswered = select(ProposalSide.proposal_id).where(
            ProposalSide.side == wanted.waiting_for.value, col(ProposalSide.answer).is_(None)
        )
        conditions += [
            col(Proposal.state) == ProposalState.PROPOSED.value,
            col(Proposal.id).in_(unanswered.scalar_subquery()),
        ]
    total = session.exec(select(func.count()).select_from(Proposal).where(*conditions)).one()
    rows = session.exec(
        select(Proposal)
        .where(*conditions)
        .order_by(col(Proposal.score).desc(), col(Proposal.id))
        .offset((wanted.page - 1) * limit)
        .limit(limit)
    )
    return list(rows), total


def forums_to_tend(session: Session, since: datetime) -> list[UUID]:
    """List the forums with open proposals, or with some accepted since a moment."""
    lively = or_(
        col(Proposal.state) == ProposalState.PROPOSED.value,
        and_(col(Proposal.state) == ProposalState.ACCEPTED.value, col(Proposal.closed_at) >= since),
    )
    return list(
        session.exec(select(Proposal.forum_id).where(lively).distinct().order_by(col(Proposal.forum_id)))
    )


def due(session: Session, forum_id: UUID, moment: datetime, column: Any) -> list[Proposal]:
    """Find and lock the open proposals of a forum for which a moment has come."""
    return list(
        session.exec(
            select(Proposal)
            .where(
                Proposal.forum_id == forum_id,
                Proposal.state == ProposalState.PROPOSED.value,
                col(column) <= moment,
            )
            .order_by(col(Proposal.id))
            .with_for_update()
        )
    )


def next_notice(session: Session) -> tuple[UUID, Kind, UUID, Notice] | None:
    """Find the next participant that must be told something: forum, side, profile and what."""
    row = session.execute(
        select(Proposal, ProposalSide)
        .join(ProposalSide, col(ProposalSide.proposal_id) == col(Proposal.id))
        .where(col(ProposalSide.notice).is_not(None))
        .order_by(col(ProposalSide.notice), col(ProposalSide.proposal_id), col(ProposalSide.side))
        .limit(1)
    ).first()
    if row is None:
        return None
    proposal, side = row
    kind = Kind(side.side)
    return proposal.forum_id, kind, profile_id(proposal, kind), Notice(side.notice)


def with_notice(
    session: Session, forum_id: UUID, kind: Kind, own_id: UUID, notice: Notice
) -> list[tuple[Proposal, ProposalSide]]:
    """Find and lock the proposals about which a participant must be told something, best pairs first."""
    rows = session.execute(
        select(Proposal, ProposalSide)
        .join(ProposalSide, col(ProposalSide.proposal_id) == col(Proposal.id))
        .where(
            Proposal.forum_id == forum_id,
            profile_column(kind) == own_id,
            ProposalSide.side == kind.value,
            ProposalSide.notice == notice.value,
        )
        .order_by(col(Proposal.score).desc(), col(Proposal.id))
        .with_for_update()
    )
    return [(proposal, side) for proposal, side in rows]
