"""Entrepreneurs and exporters over the API."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response, status

from service.api.authentication import Caller
from service.platform.http import ReadSession, TransactionRoute, WriteSession
from service.profiles import operations as profiles
from service.profiles.schemas import (
    ContactRead,
    Decision,
    EntrepreneurCreate,
    EntrepreneurRead,
    ExporterCreate,
    ExporterRead,
    Outcome,
    ProfilePage,
    ProfileSearch,
    Submitted,
)
from service.profiles.vocabulary import ConsentPurpose, Kind

Search = Annotated[ProfileSearch, Query()]
Revision = Annotated[int | None, Query(ge=1, description="Refuse when the profile was changed since.")]
_SUBMITTED: dict[int | str, dict[str, Any]] = {
    status.HTTP_200_OK: {"model": Submitted, "description": "It was there: changed, or unchanged."}
}


def _answer(response: Response, submitted: Submitted) -> Submitted:
    if submitted.outcome is not Outcome.CREATED:
        response.status_code = status.HTTP_200_OK
    return submitted


def profile_router(
    kind: Kind,
    create_schema: type[EntrepreneurCreate] | type[ExporterCreate],
    read_schema: type[EntrepreneurRead] | type[ExporterRead],
) -> APIRouter:
    """Build the routes of one side; both sides have the same."""
    name = kind.value
    router = APIRouter(prefix=f"/{name}s", tags=[f"{name}s"], route_class=TransactionRoute)

    @router.post("", status_code=status.HTTP_201_CREATED, responses=_SUBMITTED, operation_id=f"submit_{name}")
    def submit(
        caller: Caller,
        session: WriteSession,
        response: Response,
        create: create_schema,  # type: ignore[valid-type]  # the schema of this side
    ) -> Submitted:
        """Save a profile: a new external id creates it, a known one changes it."""
        return _answer(response, profiles.submit(session, caller, kind, create))

    @router.get("", operation_id=f"list_{name}s")
    def listed(caller: Caller, session: ReadSession, search: Search) -> ProfilePage:
        """List profiles by name, narrowed by what is given."""
        return profiles.listed(session, caller, kind, search, page=search.page)

    @router.get("/{profile_id}", response_model=read_schema, operation_id=f"read_{name}")
    def read(caller: Caller, session: ReadSession, profile_id: UUID) -> Any:
        """Give one profile, without its contact."""
        return profiles.read(session, caller, kind, profile_id)

    @router.get("/{profile_id}/contact", operation_id=f"read_{name}_contact")
    def contact(caller: Caller, session: ReadSession, profile_id: UUID) -> ContactRead:
        """Give the contact of a profile that the caller keeps."""
        return profiles.contact(session, caller, kind, profile_id)

    @router.put("/{profile_id}", operation_id=f"change_{name}")
    def change(
        caller: Caller,
        session: WriteSession,
        profile_id: UUID,
        create: create_schema,  # type: ignore[valid-type]  # the schema of this side
        revision: Revision = None,
    ) -> Submitted:
        """Change one profile; the external id stays as it is."""
        return profiles.change(session, caller, kind, profile_id, create, expected_revision=revision)

    @router.post("/{profile_id}/review", response_model=read_schema, operation_id=f"review_{name}")
    def review(
        caller: Caller, session: WriteSession, profile_id: UUID, decision: Decision, revision: Revision = None
    ) -> Any:
        """Approve a profile, or send it back with a reason."""
        return profiles.review(session, caller, kind, profile_id, decision, expected_revision=revision)

    @router.delete("/{profile_id}", response_model=read_schema, operation_id=f"archive_{name}")
    def archive(caller: Caller, session: WriteSession, profile_id: UUID, revision: Revision = None) -> Any:
        """Take a profile out of lists and matching; sending it again brings it back."""
        return profiles.archive(session, caller, kind, profile_id, expected_revision=revision)

    @router.delete(
        "/{profile_id}/consents/{purpose}",
        response_model=read_schema,
        operation_id=f"withdraw_{name}_consent",
    )
    def withdraw(caller: Caller, session: WriteSession, profile_id: UUID, purpose: ConsentPurpose) -> Any:
        """Record that a consent was withdrawn."""
        return profiles.withdraw_consent(session, caller, kind, profile_id, purpose)

    return router


entrepreneurs = profile_router(Kind.ENTREPRENEUR, EntrepreneurCreate, EntrepreneurRead)
exporters = profile_router(Kind.EXPORTER, ExporterCreate, ExporterRead)
