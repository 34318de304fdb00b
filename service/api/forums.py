"""Forums over the API."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status

from service.api.authentication import Caller
from service.forums import operations as forums
from service.forums import rulings
from service.forums.pair_schemas import ExclusionCreate, ExclusionRead
from service.forums.schemas import ForumCreate, ForumRead, ParticipantRead, ParticipantsAdd, ParticipantsAdded
from service.platform.http import ReadSession, TransactionRoute, WriteSession
from service.profiles.vocabulary import Kind

router = APIRouter(prefix="/forums", tags=["forums"], route_class=TransactionRoute)

Revision = Annotated[int | None, Query(ge=1, description="Refuse when the forum was changed since.")]


@router.post("", status_code=status.HTTP_201_CREATED, operation_id="create_forum")
def create(caller: Caller, session: WriteSession, forum: ForumCreate) -> ForumRead:
    """Save a new forum."""
    return forums.create(session, caller, forum)


@router.get("", operation_id="list_forums")
def every(caller: Caller, session: ReadSession) -> list[ForumRead]:
    """List the forums, the latest first."""
    return forums.every(session, caller)


@router.get("/{forum_id}", operation_id="read_forum")
def read(caller: Caller, session: ReadSession, forum_id: UUID) -> ForumRead:
    """Give one forum."""
    return forums.read(session, caller, forum_id)


@router.put("/{forum_id}", operation_id="change_forum")
def change(
    caller: Caller, session: WriteSession, forum_id: UUID, forum: ForumCreate, revision: Revision = None
) -> ForumRead:
    """Change one forum."""
    return forums.change(session, caller, forum_id, forum, expected_revision=revision)


@router.get("/{forum_id}/participants", operation_id="list_participants")
def participants(caller: Caller, session: ReadSession, forum_id: UUID, kind: Kind) -> list[ParticipantRead]:
    """List who takes part on one side."""
    return forums.participants(session, caller, forum_id, kind)


@router.post("/{forum_id}/participants", operation_id="add_participants")
def add_participants(
    caller: Caller, session: WriteSession, forum_id: UUID, wanted: ParticipantsAdd
) -> ParticipantsAdded:
    """Add profiles by their ids, by a filter, or both; a dry run only tells who would be added."""
    return forums.add_participants(session, caller, forum_id, wanted)


@router.delete(
    "/{forum_id}/participants/{kind}/{profile_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    operation_id="remove_participant",
)
def remove_participant(
    caller: Caller, session: WriteSession, forum_id: UUID, kind: Kind, profile_id: UUID
) -> None:
    """Take a profile off a forum."""
    forums.remove_participants(session, caller, forum_id, kind, [profile_id])


@router.get("/{forum_id}/exclusions", operation_id="list_exclusions")
def exclusions(caller: Caller, session: ReadSession, forum_id: UUID) -> list[ExclusionRead]:
    """List the pairs that are ruled out."""
    return rulings.exclusions(session, caller, forum_id)


@router.post("/{forum_id}/exclusions", status_code=status.HTTP_201_CREATED, operation_id="exclude_pair")
def exclude_pair(
    caller: Caller, session: WriteSession, forum_id: UUID, exclusion: ExclusionCreate
) -> ExclusionRead:
    """Rule a pair out."""
    return rulings.exclude_pair(session, caller, forum_id, exclusion)


@router.delete(
    "/{forum_id}/exclusions/{exclusion_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    operation_id="allow_pair",
)
def allow_pair(caller: Caller, session: WriteSession, forum_id: UUID, exclusion_id: UUID) -> None:
    """Lift an exclusion."""
    rulings.allow_pair(session, caller, forum_id, exclusion_id)
