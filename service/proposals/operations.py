"""Decisions of organisers about proposals: making them, again, taking them back, reminding."""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from service.accounts.operations import require
from service.accounts.schemas import SYSTEM, Permission, Principal
from service.forums import operations as forums
from service.forums import rulings
from service.forums.pair_schemas import PairNote
from service.match_lists import choosing
from service.platform import audit, clock, queue
from service.platform.database import Session
from service.platform.i18n import message
from service.platform.problems import Conflict, FieldError, InvalidInput
from service.profiles.vocabulary import Kind
from service.proposals import repository
from service.proposals.models import Proposal, ProposalSide
from service.proposals.presence import absent_sides, pairs_of, present
from service.proposals.schemas import (
    DAYS_TO_ANSWER,
    AnswerTime,
    Notice,
    PairToMeet,
    ProposalIds,
    ProposalsAgain,
    ProposalsMade,
    ProposalState,
    ProposalsWithdraw,
)
from service.proposals.steps import (
    LETTERS_JOB,
    REMIND_AGAIN_AFTER,
    close,
    is_open,
    remind_sides,
    take_contacts_back,
)

_REFUSED = frozenset({ProposalState.DECLINED, ProposalState.WITHDRAWN})
_LIVELY = frozenset({ProposalState.PROPOSED, ProposalState.ACCEPTED})


def pairs_to_meet(session: Session, forum_id: UUID, *, only_accepted: bool) -> list[PairToMeet]:
    """Give the pairs for whom meetings are to be planned, best first.

    Those whom both sides accepted, and where wanted the chosen pairs of the published list that nobody
    refused; never a pair of which one has left the forum or is closed to partners.
    """
    proposals = repository.of_forum(session, forum_id)
    found = {
        (one.entrepreneur_id, one.exporter_id): PairToMeet(
            one.entrepreneur_id, one.exporter_id, one.score, one.id
        )
        for one in proposals
        if one.state == ProposalState.ACCEPTED.value
    }
    published = None if only_accepted else choosing.published_list(session, forum_id)
    if published is not None:
        known = {(one.entrepreneur_id, one.exporter_id): one for one in proposals}
        closed = rulings.ruled_out(session, forum_id).keys()
        for chosen in choosing.chosen_pairs(session, published.id):
            pair = (chosen.entrepreneur_id, chosen.exporter_id)
            proposal = known.get(pair)
            if pair in closed or (proposal is not None and proposal.state in _REFUSED):
                continue
            found.setdefault(pair, PairToMeet(*pair, chosen.score, proposal.id if proposal else None))
    there = present(session, forum_id, found)
    return sorted(
        (one for one in found.values() if {one.entrepreneur_id, one.exporter_id} <= there),
        key=lambda one: (-one.score, one.entrepreneur_id, one.exporter_id),
    )


def propose(session: Session, principal: Principal, forum_id: UUID, wanted: AnswerTime) -> ProposalsMade:
    """Propose the chosen pairs of the published list that have not been proposed yet.

    Raises NotAllowed, NotFound, InvalidInput, Conflict when no list is published.
    """
    _require_organiser(principal)
    forum = forums.forum_of(session, forum_id, lock=True)
    expires_at, remind_at = _times(forum.time_zone, forum.starts_on, forum.ends_on, wanted)
    published = choosing.published_list(session, forum_id)
    if published is None:
        raise Conflict(message("Publish a match list first: its chosen pairs are what is proposed."))
    chosen = choosing.chosen_pairs(session, published.id)
    known = set(pairs_of(repository.of_forum(session, forum_id)))
    new = [one for one in chosen if (one.entrepreneur_id, one.exporter_id) not in known]
    closed = rulings.ruled_out(session, forum_id).keys()
    there = present(session, forum_id, [(one.entrepreneur_id, one.exporter_id) for one in new])
    fitting = [
        one
        for one in new
        if {one.entrepreneur_id, one.exporter_id} <= there
        and (one.entrepreneur_id, one.exporter_id) not in closed
    ]
    rows = [
        Proposal(
            forum_id=forum_id,
            entrepreneur_id=one.entrepreneur_id,
            exporter_id=one.exporter_id,
            entry_id=one.entry_id,
            score=one.score,
            proposed_at=clock.now(),
            proposed_by=principal.actor,
            expires_at=expires_at,
            remind_at=remind_at,
        )
        for one in fitting
    ]
    session.add_all(rows)
    session.flush()
    session.add_all(ProposalSide(proposal_id=row.id, side=kind.value) for row in rows for kind in Kind)
    session.flush()
    audit.record(session, principal.actor, "proposals.made", "forum", forum_id, count=str(len(rows)))
    if rows:
        queue.enqueue_once(session, LETTERS_JOB)
    return ProposalsMade(proposed=len(rows), already=len(chosen) - len(new), left_out=len(new) - len(fitting))


def propose_again(session: Session, principal: Principal, forum_id: UUID, wanted: ProposalsAgain) -> int:
    """Ask both sides of closed proposals once more, a no included, with the reason kept; give how many.

    Raises NotAllowed, NotFound, InvalidInput, Conflict when one cannot be proposed.
    """
    _require_organiser(principal)
    forum = forums.forum_of(session, forum_id, lock=True)
    expires_at, remind_at = _times(forum.time_zone, forum.starts_on, forum.ends_on, wanted)
    rows = _chosen(session, forum_id, wanted.ids)
    there = present(session, forum_id, pairs_of(rows))
    sides = repository.sides(session, wanted.ids)
    for row in rows:
        if row.state in _LIVELY:
            raise Conflict(message("Only a proposal that is closed can be made again."))
        if absent_sides(row, there):
            raise Conflict(message("One of the two does not take part any more, or withdrew its consent."))
        pair = PairNote(entrepreneur_id=row.entrepreneur_id, exporter_id=row.exporter_id, note=wanted.note)
        if row.state == ProposalState.DECLINED.value:
            rulings.override(session, principal, forum_id, pair)
        row.state, row.closed_at, row.note = ProposalState.PROPOSED.value, None, wanted.note
        row.round += 1
        row.proposed_at, row.proposed_by = clock.now(), principal.actor
        row.expires_at, row.remind_at = expires_at, remind_at
        for side in sides[row.id].values():
            side.answer = side.answered_at = side.answered_by = side.reminded_at = None
            side.reason, side.notice = "", Notice.PROPOSED.value
        audit.record(session, principal.actor, "proposal.again", "proposal", row.id, round=str(row.round))
    closed = rulings.ruled_out(session, forum_id).keys()
    if not closed.isdisjoint(pairs_of(rows)):
        raise Conflict(message("One of the pairs is ruled out at this forum. Allow it first."))
    session.flush()
    queue.enqueue_once(session, LETTERS_JOB)
    return len(rows)


def withdraw(session: Session, principal: Principal, forum_id: UUID, wanted: ProposalsWithdraw) -> int:
    """Take proposals back, accepted ones included: contacts disappear; give how many were open or accepted.

    Raises NotAllowed, NotFound, InvalidInput.
    """
    _require_organiser(principal)
    forums.forum_of(session, forum_id, lock=True)
    rows = [row for row in _chosen(session, forum_id, wanted.ids) if row.state in _LIVELY]
    sides = repository.sides(session, [row.id for row in rows])
    for row in rows:
        if row.state == ProposalState.ACCEPTED.value:
            rulings.unpin_pair(session, SYSTEM, forum_id, (row.entrepreneur_id, row.exporter_id))
            take_contacts_back(session, sides[row.id])
        row.note = wanted.note
        close(session, row, sides[row.id], ProposalState.WITHDRAWN, principal.actor)
    session.flush()
    return len(rows)


def remind(session: Session, principal: Principal, forum_id: UUID, wanted: ProposalIds) -> int:
    """Remind the sides of open proposals that have not answered, each once a day at most; give how many.

    Raises NotAllowed, NotFound, InvalidInput.
    """
    _require_organiser(principal)
    forums.forum_of(session, forum_id, lock=True)
    rows = [row for row in _chosen(session, forum_id, wanted.ids) if is_open(row)]
    reminded = remind_sides(session, rows, principal.actor)
    session.flush()
    return reminded


def _chosen(session: Session, forum_id: UUID, ids: list[UUID]) -> list[Proposal]:
    rows = repository.some(session, forum_id, ids)
    unknown = set(ids) - {row.id for row in rows}
    if unknown:
        sentence = message("There is no such proposal at this forum.")
        places = [place for place, one in enumerate(ids) if one in unknown]
        raise InvalidInput([FieldError(("ids", place), "unknown_proposal", sentence) for place in places])
    return rows


def _require_organiser(principal: Principal) -> None:
    require(principal, Permission.PROPOSALS_WRITE)
    require(principal, Permission.FORUMS_WRITE)


def _times(
    time_zone: str, starts_on: date, ends_on: date, wanted: AnswerTime
) -> tuple[datetime, datetime | None]:
    """Give when proposals expire, at the end of a day of the forum's clock, and when to remind of them."""
    zone = ZoneInfo(time_zone)
    today = clock.now().astimezone(zone).date()
    usual = max(min(today + timedelta(days=DAYS_TO_ANSWER), starts_on - timedelta(days=1)), today)
    last = wanted.answer_by or usual
    if last < today:
        sentence = message("This day is over; choose one that is to come.")
        raise InvalidInput([FieldError(("answer_by",), "day_is_over", sentence)])
    if last > ends_on:
        sentence = message("The forum ends before that; choose an earlier day.")
        raise InvalidInput([FieldError(("answer_by",), "after_the_forum", sentence)])
    expires_at = datetime.combine(last + timedelta(days=1), time(), tzinfo=zone)
    if wanted.remind_days_before is None:
        return expires_at, None
    remind_at = expires_at - timedelta(days=wanted.remind_days_before)
    # Nobody is reminded on the very day of the first letter.
    return expires_at, remind_at if remind_at > clock.now() + REMIND_AGAIN_AFTER else None
