"""All routes of the API; every one asks for a key."""

from fastapi import APIRouter, Depends

from service.api import (
    day,
    forum_set_up,
    forums,
    imports,
    match_lists,
    meetings,
    profiles,
    proposals,
    timetables,
)
from service.api.authentication import current_principal
from service.api.problems import PROBLEM_RESPONSES

router = APIRouter(prefix="/api/v1", dependencies=[Depends(current_principal)], responses=PROBLEM_RESPONSES)
for part in (
    profiles.entrepreneurs,
    profiles.exporters,
    match_lists.entrepreneur_matches,
    match_lists.exporter_matches,
    imports.router,
    forums.router,
    forum_set_up.router,
    match_lists.router,
    proposals.router,
    timetables.router,
    meetings.router,
    day.router,
):
    router.include_router(part)
