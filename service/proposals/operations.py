"""Decisions of organisers about proposals: making them, again, taking them back, reminding, reading."""

from datetime import timedelta
from uuid import UUID

from service.forums import rulings
from service.match_lists import choosing
from service.platform.database import Session
from service.proposals import repository
from service.proposals.presence import present
from service.proposals.schemas import (
    PairToMeet,
    ProposalState,
)

PAGE_SIZE = 50
LETTERS_JOB = "proposal_letters"
REMIND_AGAIN_AFTER = timedelta(days=1)
_REFUSED = frozenset({ProposalState.DECLINED, ProposalState.WITHDRAWN})


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
