"""Match lists, and what is decided about their pairs."""

from typing import Any
from uuid import UUID

from service.accounts.schemas import SYSTEM, Principal
from service.catalogue.operations import Catalogue
from service.match_lists import operations as match_lists
from service.match_lists import reviewing
from service.match_lists.schemas import MatchListCreate, MatchListRead, PairDecision
from service.platform.database import Database


def make_list(database: Database, forum: UUID, **wanted: Any) -> MatchListRead:
    """Generate a list of a forum."""
    return match_lists.generate(database, Catalogue(), SYSTEM, forum, MatchListCreate.model_validate(wanted))


def decide(
    database: Database,
    made: MatchListRead,
    step: str,
    pair: tuple[UUID, UUID],
    *,
    principal: Principal = SYSTEM,
    **changes: Any,
) -> MatchListRead:
    """Decide about a pair of a list as it was read."""
    sent = {
        "step": step,
        "entrepreneur_id": pair[0],
        "exporter_id": pair[1],
        "note": "said so",
        "revision": made.revision,
        **changes,
    }
    with database.write() as session:
        return reviewing.decide(session, Catalogue(), principal, made.id, PairDecision.model_validate(sent))


def publish(database: Database, made: MatchListRead) -> MatchListRead:
    """Publish a list."""
    with database.write() as session:
        return match_lists.publish(session, SYSTEM, made.id)
