"""Pages of match lists."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from service.catalogue.http import CurrentCatalogue
from service.forums import operations as forums
from service.forums.schemas import EXCLUSION_WORDS
from service.match_lists import operations as match_lists
from service.match_lists import reading
from service.match_lists.downloads import Extension
from service.match_lists.schemas import STATE_WORDS
from service.platform.http import Language, ReadSession, TransactionRoute, WriteSession
from service.profiles.vocabulary import Kind
from service.web.authentication import FilledForm, User
from service.web.pages import page_address, redirect, render

router = APIRouter(prefix="/match-lists", route_class=TransactionRoute)


@router.get("/{list_id}")
def view(request: Request, user: User, session: ReadSession, language: Language, list_id: UUID) -> Response:
    """Show a match list by the participants of one side, with the reasons in words."""
    query = dict(request.query_params)
    side = Kind.EXPORTER if query.get("side") == Kind.EXPORTER else Kind.ENTREPRENEUR
    number = int(query["page"]) if query.get("page", "").isdigit() else 1
    match_list = match_lists.read(session, user, list_id)
    return render(
        request,
        "match_list.html",
        match_list=match_list,
        forum=forums.read(session, user, match_list.forum_id),
        side=side,
        kinds=tuple(Kind),
        found=reading.page(session, user, list_id, side, language, number=number),
        left_out=reading.left_out(session, user, list_id, language),
        state_words=STATE_WORDS,
        exclusion_words=EXCLUSION_WORDS,
        page_address=lambda page: page_address(f"/match-lists/{list_id}", query, page),
    )


@router.get("/{list_id}/pairs/{entrepreneur_id}/{exporter_id}")
def pair(
    request: Request,
    user: User,
    session: ReadSession,
    language: Language,
    list_id: UUID,
    entrepreneur_id: UUID,
    exporter_id: UUID,
) -> Response:
    """Show the score of a pair taken apart."""
    match_list = match_lists.read(session, user, list_id)
    return render(
        request,
        "pair.html",
        match_list=match_list,
        forum=forums.read(session, user, match_list.forum_id),
        names=reading.pair_names(session, entrepreneur_id, exporter_id),
        entrepreneur_id=entrepreneur_id,
        exporter_id=exporter_id,
        explanation=reading.explanation(session, user, list_id, entrepreneur_id, exporter_id, language),
    )


@router.get("/{list_id}/reproduction")
def reproduce(
    request: Request,
    user: User,
    session: ReadSession,
    catalogue: CurrentCatalogue,
    language: Language,
    list_id: UUID,
) -> Response:
    """Make the list again and show whether it is the same."""
    return render(
        request,
        "reproduction.html",
        match_list=match_lists.read(session, user, list_id),
        result=match_lists.reproduce(session, catalogue, user, list_id, language),
    )


@router.get("/{list_id}/download.{extension}")
def download(
    user: User, session: ReadSession, language: Language, list_id: UUID, extension: Extension
) -> Response:
    """Give the list as a file."""
    return reading.download(session, user, list_id, extension, language).response()


@router.post("/{list_id}/publish")
def publish(user: User, session: WriteSession, list_id: UUID, _sent: FilledForm) -> Response:
    """Publish a draft."""
    match_lists.publish(session, user, list_id)
    return redirect(f"/match-lists/{list_id}", "published")
