"""Who of a proposal can still be met: on the forum, and open to partners."""

from collections.abc import Iterable
from uuid import UUID

from service.forums import participant_links
from service.platform.database import Session
from service.profiles import operations as profiles
from service.profiles.vocabulary import Kind
from service.proposals.models import Proposal
from service.proposals.repository import profile_id

Pair = tuple[UUID, UUID]


def present(session: Session, forum_id: UUID, pairs: Iterable[Pair]) -> set[UUID]:
    """Tell which profiles of some pairs take part in a forum and are open to partners."""
    pairs = list(pairs)
    ids = {
        Kind.ENTREPRENEUR: {one for one, _ in pairs},
        Kind.EXPORTER: {other for _, other in pairs},
    }
    taking_part = participant_links.participants_by_profile(session, forum_id, set().union(*ids.values()))
    return {
        one
        for kind, own in ids.items()
        for one in profiles.open_to_partners(session, kind, own & taking_part.keys())
    }


def pairs_of(proposals: Iterable[Proposal]) -> list[Pair]:
    """Give the two of each proposal."""
    return [(one.entrepreneur_id, one.exporter_id) for one in proposals]


def absent_sides(proposal: Proposal, there: set[UUID]) -> list[Kind]:
    """Tell which sides of a proposal cannot be met any more."""
    return [kind for kind in Kind if profile_id(proposal, kind) not in there]
