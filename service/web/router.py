"""All pages; every one asks for a sign-in but those on the public list."""

import mimetypes

from fastapi import APIRouter, Depends, Request, Response

from service.forums import operations as forums
from service.platform import clock
from service.platform.http import ReadSession
from service.platform.i18n import message
from service.platform.problems import NotFound
from service.profiles import operations as profiles
from service.profiles.vocabulary import Kind
from service.web import (
    accounts,
    day,
    day_meetings,
    forum_participants,
    forum_set_up,
    hall,
    imports,
    match_lists,
    meetings,
    participant,
    participant_timetable,
    proposals,
    sign_in,
    timetables,
)
from service.web import forums as forum_pages
from service.web import profiles as profile_pages
from service.web.authentication import User, current_principal
from service.web.pages import render, static_content

_FOREVER = "public, max-age=31536000, immutable"

public = APIRouter(include_in_schema=False)
private = APIRouter(include_in_schema=False, dependencies=[Depends(current_principal)])


@public.get("/static/{version}/{name}")
def static(version: str, name: str) -> Response:
    """Give a static file; its address changes with its content."""
    content = static_content(name)
    if content is None:
        raise NotFound(message("There is nothing at this address."))
    return Response(
        content,
        media_type=mimetypes.guess_type(name)[0],
        headers={"Cache-Control": _FOREVER, "ETag": f'"{version}"'},
    )


@private.get("/")
def home(request: Request, user: User, session: ReadSession) -> Response:
    """Show what is to do."""
    today = clock.today()
    return render(
        request,
        "home.html",
        counts={kind: profiles.count_by_status(session, user, kind) for kind in Kind},
        forums=[forum for forum in forums.every(session, user) if forum.ends_on >= today][::-1],
    )


public.include_router(sign_in.public)
public.include_router(participant.public)
public.include_router(participant_timetable.public)
public.include_router(hall.public)
for part in (
    sign_in.router,
    profile_pages.entrepreneurs,
    profile_pages.exporters,
    imports.router,
    forum_pages.router,
    forum_set_up.router,
    forum_participants.router,
    match_lists.router,
    proposals.router,
    timetables.router,
    meetings.router,
    day.router,
    day_meetings.router,
    hall.router,
    accounts.router,
):
    private.include_router(part)
