"""Proposals as organisers see all of them, and coordinators and agencies those of whom they keep."""

import math
from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement

from service.accounts import operations as accounts
from service.accounts.operations import require
from service.accounts.schemas import Permission, Principal
from service.forums import operations as forums
from service.platform.database import Session
from service.platform.i18n import message
from service.platform.problems import NotFound
from service.profiles import naming
from service.profiles import operations as profiles
from service.profiles.vocabulary import Kind
from service.proposals import repository, wording
from service.proposals.models import Proposal, ProposalSide
from service.proposals.presence import absent_sides, pairs_of, present
from service.proposals.repository import OTHER, Sides, profile_id
from service.proposals.schemas import (
    ProposalFilter,
    ProposalPage,
    ProposalRead,
    ProposalState,
    ReleasedContact,
    SideRead,
    partner_of,
)
from service.proposals.steps import is_open

PAGE_SIZE = 50


def listed(session: Session, principal: Principal, forum_id: UUID, wanted: ProposalFilter) -> ProposalPage:
    """List the proposals of a forum, a page at a time: to organisers all, to others those of whom they keep.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.PROPOSALS_READ)
    forums.forum_of(session, forum_id)
    seen = list(_seen_by(session, principal, forum_id))
    named = list(_named(session, forum_id, wanted.text))
    rows, total = repository.listed(session, forum_id, wanted, [*seen, *named], limit=PAGE_SIZE)
    return ProposalPage(
        proposals=_read(session, principal, rows),
        counts=repository.counts(session, forum_id, seen),
        total=total,
        page=wanted.page,
        pages=max(math.ceil(total / PAGE_SIZE), 1),
    )


def read(session: Session, principal: Principal, proposal_id: UUID) -> ProposalRead:
    """Give one proposal.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.PROPOSALS_READ)
    return _read(session, principal, [_visible(session, principal, proposal_id)])[0]


def released_contacts(session: Session, principal: Principal, proposal_id: UUID) -> list[ReleasedContact]:
    """Give the partners' contacts to those who keep a side: only when both accepted, and while both agree.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.PROPOSALS_READ)
    proposal = _visible(session, principal, proposal_id)
    partners = [OTHER[kind] for kind in _kept_sides(session, principal, [proposal])[proposal.id]]
    return [
        ReleasedContact(
            partner=partner_of(profiles.summaries(session, kind, [one])[one]),
            contact=profiles.contacts(session, kind, [one])[one],
        )
        for kind in partners
        if contacts_are_out(session, proposal)
        for one in [profile_id(proposal, kind)]
    ]


def contacts_are_out(session: Session, proposal: Proposal) -> bool:
    """Tell whether the two may see each other's contact now."""
    return proposal.state == ProposalState.ACCEPTED.value and not absent_sides(
        proposal, present(session, proposal.forum_id, pairs_of([proposal]))
    )


def _visible(session: Session, principal: Principal, proposal_id: UUID) -> Proposal:
    proposal = repository.get(session, proposal_id)
    if proposal is None or not (
        sees_all(principal) or _kept_sides(session, principal, [proposal])[proposal.id]
    ):
        raise NotFound(message("There is no such proposal."))
    return proposal


def sees_all(principal: Principal) -> bool:
    """Tell whether somebody organises forums, so that every proposal is theirs to see."""
    return Permission.FORUMS_WRITE in principal.permissions


def _seen_by(session: Session, principal: Principal, forum_id: UUID) -> Iterable[ColumnElement[bool]]:
    if not sees_all(principal):
        yield repository.concerns(
            {
                kind: profiles.kept_ids(
                    session, principal, kind, repository.profile_ids(session, forum_id, kind)
                )
                for kind in Kind
            }
        )


def _named(session: Session, forum_id: UUID, text: str) -> Iterable[ColumnElement[bool]]:
    if not text:
        return
    found: dict[Kind, set[UUID]] = {}
    for kind in Kind:
        names = profiles.summaries(session, kind, repository.profile_ids(session, forum_id, kind))
        found[kind] = {one.id for one in names.values() if naming.named(text, one.display_name)}
    yield repository.concerns(found)


def _kept_sides(session: Session, principal: Principal, rows: Sequence[Proposal]) -> dict[UUID, list[Kind]]:
    kept = {
        kind: profiles.kept_ids(session, principal, kind, {profile_id(row, kind) for row in rows})
        for kind in Kind
    }
    return {row.id: [kind for kind in Kind if profile_id(row, kind) in kept[kind]] for row in rows}


def _read(session: Session, principal: Principal, rows: Sequence[Proposal]) -> list[ProposalRead]:
    names = {
        kind: profiles.summaries(session, kind, {profile_id(row, kind) for row in rows}) for kind in Kind
    }
    sides = repository.sides(session, [row.id for row in rows])
    kept = _kept_sides(session, principal, rows)
    zones = {one: forums.forum_of(session, one).time_zone for one in {row.forum_id for row in rows}}
    may_write = Permission.PROPOSALS_WRITE in principal.permissions
    actors = accounts.names_of(
        session, {side.answered_by for both in sides.values() for side in both.values() if side.answered_by}
    )
    return [
        ProposalRead.model_validate(
            {
                **row.model_dump(),
                **{kind.value: partner_of(names[kind][profile_id(row, kind)]) for kind in Kind},
                "sides": {
                    kind: _side(side, actors, shows_reason=sees_all(principal) or kind in kept[row.id])
                    for kind, side in _ordered(sides[row.id])
                },
                "answer_by": wording.last_day(row.expires_at, zones[row.forum_id]),
                "may_answer": [
                    kind
                    for kind in kept[row.id]
                    if may_write and is_open(row) and sides[row.id][kind].answer is None
                ],
            }
        )
        for row in rows
    ]


def _ordered(sides: Sides) -> list[tuple[Kind, ProposalSide]]:
    return [(kind, sides[kind]) for kind in Kind]


def _side(side: ProposalSide, actors: dict[str, str], *, shows_reason: bool) -> SideRead:
    # Why somebody said no is for the organiser, not for the other side.
    return SideRead.model_validate(
        {
            **side.model_dump(),
            "reason": side.reason if shows_reason else "",
            "answered_by": actors.get(side.answered_by or "", ""),
            "on_behalf": side.is_on_behalf,
        }
    )
