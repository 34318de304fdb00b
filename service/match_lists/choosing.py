"""The chosen pairs of a forum, as proposals and timetables take them up, and the pairs that come next."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from matching import Explanation
from service.forums import rulings
from service.match_lists import repository
from service.match_lists.models import MatchListEntry
from service.match_lists.reading import read_of
from service.match_lists.schemas import ListState, MatchListRead
from service.platform.database import Session


@dataclass(frozen=True)
class ChosenPair:
    """Two participants that a list proposes to each other, or would propose next."""

    entrepreneur_id: UUID
    exporter_id: UUID
    score: float
    entry_id: UUID


def published_list(session: Session, forum_id: UUID) -> MatchListRead | None:
    """Give the published list of a forum; None where nothing is published."""
    published = repository.in_state(session, forum_id, ListState.PUBLISHED)
    return read_of(session, [published])[0] if published else None


def chosen_pairs(session: Session, list_id: UUID) -> list[ChosenPair]:
    """Give the pairs that a list proposes, best first."""
    return [_pair(row) for row in repository.by_choice(session, list_id, chosen=True)]


def next_best(
    session: Session, forum_id: UUID, *, limit: int, profile_id: UUID | None = None
) -> list[ChosenPair]:
    """Give pairs of the published list that were not chosen, best first, to fill holes with.

    With a profile, only its own pairs. What the organiser took off the list is not among them, nor what was
    ruled out since.
    """
    published = repository.in_state(session, forum_id, ListState.PUBLISHED)
    if published is None:
        return []
    ruled_out = rulings.ruled_out(session, forum_id)
    rows = repository.by_choice(
        session, published.id, chosen=False, limit=limit + len(ruled_out), profile_id=profile_id
    )
    return [_pair(row) for row in rows if (row.entrepreneur_id, row.exporter_id) not in ruled_out][:limit]


def explanations(session: Session, entry_ids: Sequence[UUID]) -> dict[UUID, Explanation]:
    """Give why pairs are on their list, by the id of the entry; pairs that never were chosen have none."""
    return {
        row.id: Explanation.from_dict(row.explanation)
        for row in repository.entries_by_ids(session, entry_ids)
        if row.explanation
    }


def _pair(row: MatchListEntry) -> ChosenPair:
    return ChosenPair(row.entrepreneur_id, row.exporter_id, row.score, row.id)
