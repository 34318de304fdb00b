"""Match lists over the API, and the partners of one profile."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response, status

from service.api.authentication import Caller
from service.catalogue.http import CurrentCatalogue
from service.match_lists import comparing, fairness, reading, reviewing
from service.match_lists import operations as match_lists
from service.match_lists.downloads import Extension
from service.match_lists.schemas import (
    DEFAULT_PARTNERS,
    MOST_PARTNERS,
    Comparison,
    EntryPage,
    ExplanationRead,
    Fairness,
    LeftOut,
    MatchListCreate,
    MatchListRead,
    PairDecision,
    PartnersRead,
    ProfileMatch,
    Reproduction,
)
from service.platform.http import (
    CurrentDatabase,
    Language,
    ReadSession,
    ReplicaSession,
    TransactionRoute,
    WriteSession,
)
from service.profiles.vocabulary import Kind

router = APIRouter(tags=["match lists"], route_class=TransactionRoute)

Side = Annotated[Kind, Query(description="By the participants of which side.")]
NamePart = Annotated[str, Query(max_length=200, description="Part of a name, in any script.")]
Page = Annotated[int, Query(ge=1, le=1_000_000)]
Revision = Annotated[
    int | None, Query(ge=1, description="Of the list as it was read; a list changed since is refused.")
]
Earlier = Annotated[UUID | None, Query(description="Id of the earlier list; else the one before.")]
K = Annotated[int, Query(ge=1, le=MOST_PARTNERS)]


@router.post(
    "/forums/{forum_id}/match-lists",
    status_code=status.HTTP_201_CREATED,
    operation_id="generate_match_list",
)
def generate(
    caller: Caller,
    database: CurrentDatabase,
    catalogue: CurrentCatalogue,
    forum_id: UUID,
    wanted: MatchListCreate,
) -> MatchListRead:
    """Generate a match list for a forum as the profiles stand now."""
    return match_lists.generate(database, catalogue, caller, forum_id, wanted)


@router.get("/forums/{forum_id}/match-lists", operation_id="list_match_lists")
def of_forum(caller: Caller, session: ReplicaSession, forum_id: UUID) -> list[MatchListRead]:
    """List the match lists of a forum, newest first."""
    return match_lists.of_forum(session, caller, forum_id)


@router.get("/match-lists/{list_id}", operation_id="read_match_list")
def read(caller: Caller, session: ReplicaSession, list_id: UUID) -> MatchListRead:
    """Give one match list without its pairs."""
    return match_lists.read(session, caller, list_id)


@router.post("/match-lists/{list_id}/decisions", operation_id="decide_pair")
def decide(
    caller: Caller,
    session: WriteSession,
    catalogue: CurrentCatalogue,
    list_id: UUID,
    wanted: PairDecision,
) -> MatchListRead:
    """Add, remove, pin, unpin or ban a pair; the reason is kept. A reviewed list is a draft again."""
    return reviewing.decide(session, catalogue, caller, list_id, wanted)


@router.post("/match-lists/{list_id}/review", operation_id="review_match_list")
def review(caller: Caller, session: WriteSession, list_id: UUID, revision: Revision = None) -> MatchListRead:
    """Note that a draft was looked through."""
    return match_lists.mark_reviewed(session, caller, list_id, revision=revision)


@router.post("/match-lists/{list_id}/publish", operation_id="publish_match_list")
def publish(caller: Caller, session: WriteSession, list_id: UUID, revision: Revision = None) -> MatchListRead:
    """Publish a list; who publishes a draft has reviewed it."""
    return match_lists.publish(session, caller, list_id, revision=revision)


@router.get("/match-lists/{list_id}/fairness", operation_id="match_list_fairness")
def fairness_report(caller: Caller, session: ReplicaSession, language: Language, list_id: UUID) -> Fairness:
    """Tell who has too few meetings and why, how they are spread, and what reserved shares reached."""
    return fairness.report(session, caller, list_id, language)


@router.get("/match-lists/{list_id}/comparison", operation_id="compare_match_lists")
def comparison(
    caller: Caller,
    session: ReplicaSession,
    language: Language,
    list_id: UUID,
    earlier: Earlier = None,
    page: Page = 1,
) -> Comparison:
    """Compare a list with an earlier one of its forum, a page of differences at a time."""
    return comparing.compare(session, caller, list_id, language, earlier_id=earlier, number=page)


@router.get("/match-lists/{list_id}/comparison.xlsx", operation_id="download_comparison")
def download_comparison(
    caller: Caller, session: ReplicaSession, language: Language, list_id: UUID, earlier: Earlier = None
) -> Response:
    """Give every difference of two lists as a workbook."""
    return comparing.download(session, caller, list_id, language, earlier_id=earlier).response()


@router.get("/match-lists/{list_id}/partners/{side}/{profile_id}", operation_id="find_partners_on_list")
def partners(
    caller: Caller,
    session: ReplicaSession,
    list_id: UUID,
    side: Kind,
    profile_id: UUID,
    text: Annotated[str, Query(max_length=120, description="Part of a name, to find others.")] = "",
) -> PartnersRead:
    """Find partners for one participant by hand: its candidates, and others by their names."""
    return reading.partners(session, caller, list_id, side, profile_id, text)


@router.get("/match-lists/{list_id}/entries", operation_id="list_match_list_entries")
def entries(
    caller: Caller,
    session: ReplicaSession,
    language: Language,
    list_id: UUID,
    side: Side = Kind.ENTREPRENEUR,
    text: NamePart = "",
    page: Page = 1,
) -> EntryPage:
    """Give the pairs, a page of participants at a time: the chosen ones first, with reasons in words."""
    return reading.page(session, caller, list_id, side, language, text=text, number=page)


@router.get("/match-lists/{list_id}/left-out", operation_id="list_left_out")
def left_out(caller: Caller, session: ReplicaSession, language: Language, list_id: UUID) -> list[LeftOut]:
    """List the participants and pairs that hard rules left out, with the reason."""
    return reading.left_out(session, caller, list_id, language)


@router.get(
    "/match-lists/{list_id}/explanations/{entrepreneur_id}/{exporter_id}",
    operation_id="explain_pair",
)
def explanation(
    caller: Caller,
    session: ReadSession,
    catalogue: CurrentCatalogue,
    language: Language,
    list_id: UUID,
    entrepreneur_id: UUID,
    exporter_id: UUID,
) -> ExplanationRead:
    """Take the score of two participants apart, term by term."""
    pair = (entrepreneur_id, exporter_id)
    return reading.explanation(session, catalogue, caller, list_id, pair, language)


@router.get("/match-lists/{list_id}/reproduction", operation_id="reproduce_match_list")
def reproduce(
    caller: Caller, session: ReadSession, catalogue: CurrentCatalogue, language: Language, list_id: UUID
) -> Reproduction:
    """Make a list again from what it keeps and compare it to the last digit."""
    return match_lists.reproduce(session, catalogue, caller, list_id, language)


@router.get("/match-lists/{list_id}/download.{extension}", operation_id="download_match_list")
def download(
    caller: Caller,
    session: ReplicaSession,
    language: Language,
    list_id: UUID,
    extension: Extension,
) -> Response:
    """Give a whole match list as a file: csv, xlsx or json."""
    return match_lists.download(session, caller, list_id, extension, language).response()


def profile_matches_router(kind: Kind) -> APIRouter:
    """Build the route that matches one profile of a side."""
    name = kind.value
    own = APIRouter(tags=[f"{name}s"])

    @own.get(f"/{name}s/{{profile_id}}/matches", operation_id=f"match_{name}")
    def matches(
        caller: Caller,
        session: ReadSession,
        catalogue: CurrentCatalogue,
        language: Language,
        profile_id: UUID,
        k: K = DEFAULT_PARTNERS,
    ) -> list[ProfileMatch]:
        """Find the best partners of one profile, as everything stands now."""
        return match_lists.matches_of(session, catalogue, caller, kind, profile_id, k, language)

    return own


entrepreneur_matches = profile_matches_router(Kind.ENTREPRENEUR)
exporter_matches = profile_matches_router(Kind.EXPORTER)
