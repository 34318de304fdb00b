"""The screen in the hall: big letters, no scripts; the page loads itself again."""

from math import ceil
from uuid import UUID

from fastapi import APIRouter, Request, Response

from service.accounts.operations import require
from service.accounts.schemas import Permission
from service.forums import operations as forums
from service.forums.schemas import ForumRead
from service.meetings import hall
from service.meetings.day_schemas import HallRead
from service.platform.http import CurrentSigner, ReadSession
from service.web.authentication import User
from service.web.pages import page_of, redirect, render

router = APIRouter()
public = APIRouter()

# Seconds after which the page loads again; of a long list the next page is shown then.
SECONDS = 20
MEETINGS_A_PAGE = 12


@router.get("/forums/{forum_id}/hall")
def signed_in(request: Request, user: User, session: ReadSession, forum_id: UUID) -> Response:
    """Show the screen to somebody who is signed in."""
    forum = forums.read(session, user, forum_id)
    return _screen(request, forum, hall.screen_for(session, user, forum_id))


@router.get("/forums/{forum_id}/hall/link")
def link(user: User, session: ReadSession, signer: CurrentSigner, forum_id: UUID) -> Response:
    """Open the screen by its signed link, which a screen without a sign-in can keep."""
    require(user, Permission.MEETINGS_WRITE)
    forum = forums.read(session, user, forum_id)
    return redirect(f"/hall/{hall.sign(signer, forum.id)}")


@public.get("/hall/{token}")
def by_link(request: Request, session: ReadSession, signer: CurrentSigner, token: str) -> Response:
    """Show the screen behind its signed link."""
    forum = hall.read_link(session, signer, token)
    return _screen(request, forum, hall.screen(session, forum.id))


def _screen(request: Request, forum: ForumRead, found: HallRead) -> Response:
    pages = max(ceil(len(found.meetings) / MEETINGS_A_PAGE), 1)
    turn = int(found.at.timestamp()) // SECONDS % pages
    answer = render(
        request,
        "hall.html",
        forum=forum,
        found=found,
        shown=page_of(found.meetings, MEETINGS_A_PAGE, turn + 1),
        seconds=SECONDS,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
