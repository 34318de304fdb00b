"""Match lists over the API, and the partners of one profile."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response, status

from service.api.authentication import Caller
from service.catalogue.http import CurrentCatalogue
from service.match_lists import operations as match_lists
from service.match_lists import reading
from service.match_lists.downloads import Extension
from service.match_lists.schemas import (
    DEFAULT_PARTNERS,
    MOST_PARTNERS,
    EntryPage,
    ExplanationRead,
    LeftOut,
    MatchListCreate,
    MatchListRead,
    ProfileMatch,
    Reproduction,
)
from service.platform.http import (
    CurrentDatabase,
    Language,
    ReadSession,
    TransactionRoute,
    WriteSession,
)
from service.profiles.vocabulary import Kind

router = APIRouter(tags=["match lists"], route_class=TransactionRoute)

Side = Annotated[Kind, Query(description="By the participants of which side.")]
Page = Annotated[int, Query(ge=1, le=1_000_000)]
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
def of_forum(caller: Caller, session: ReadSession, forum_id: UUID) -> list[MatchListRead]:
    """List the match lists of a forum, newest first."""
    return match_lists.of_forum(session, caller, forum_id)


@router.get("/match-lists/{list_id}", operation_id="read_match_list")
def read(caller: Caller, session: ReadSession, list_id: UUID) -> MatchListRead:
    """Give one match list without its pairs."""
    return match_lists.read(session, caller, list_id)


@router.post("/match-lists/{list_id}/publish", operation_id="publish_match_list")
def publish(caller: Caller, session: WriteSession, list_id: UUID) -> MatchListRead:
    """Publish a draft."""
    return match_lists.publish(session, caller, list_id)


@router.get("/match-lists/{list_id}/entries", operation_id="list_match_list_entries")
def entries(
    caller: Caller,
    session: ReadSession,
    language: Language,
    list_id: UUID,
    side: Side = Kind.ENTREPRENEUR,
    page: Page = 1,
) -> EntryPage:
    """Give the proposed pairs, a page of participants at a time, with the reasons in words."""
    return reading.page(session, caller, list_id, side, language, number=page)


@router.get("/match-lists/{list_id}/left-out", operation_id="list_left_out")
def left_out(caller: Caller, session: ReadSession, language: Language, list_id: UUID) -> list[LeftOut]:
    """List the participants and pairs that hard rules left out, with the reason."""
    return reading.left_out(session, caller, list_id, language)


@router.get(
    "/match-lists/{list_id}/explanations/{entrepreneur_id}/{exporter_id}",
    operation_id="explain_pair",
)
def explanation(
    caller: Caller,
    session: ReadSession,
    language: Language,
    list_id: UUID,
    entrepreneur_id: UUID,
    exporter_id: UUID,
) -> ExplanationRead:
    """Take the score of a proposed pair apart, term by term."""
    return reading.explanation(session, caller, list_id, entrepreneur_id, exporter_id, language)


@router.get("/match-lists/{list_id}/reproduction", operation_id="reproduce_match_list")
def reproduce(
    caller: Caller, session: ReadSession, catalogue: CurrentCatalogue, language: Language, list_id: UUID
) -> Reproduction:
    """Make a list again from what it keeps and compare it to the last digit."""
    return match_lists.reproduce(session, catalogue, caller, list_id, language)


@router.get("/match-lists/{list_id}/download.{extension}", operation_id="download_match_list")
def download(
    caller: Caller,
    session: ReadSession,
    language: Language,
    list_id: UUID,
    extension: Extension,
) -> Response:
    """Give a whole match list as a file: csv, xlsx or json."""
    return reading.download(session, caller, list_id, extension, language).response()


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
