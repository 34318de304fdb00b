"""Who keeps a profile, and what every change to one entails."""

from uuid import UUID

from sqlalchemy import ColumnElement, or_
from sqlmodel import col

from service.accounts.schemas import Principal, Role
from service.changes import operations as changes
from service.platform import clock
from service.platform.database import Session
from service.platform.i18n import message
from service.platform.problems import Conflict, NotAllowed, NotFound
from service.profiles import documents, repository
from service.profiles.models import Entrepreneur, ProfileRow
from service.profiles.repository import TABLES
from service.profiles.vocabulary import Kind, ReviewStatus


def may_keep(principal: Principal, row: ProfileRow) -> bool:
    """Tell whether the principal may change this profile and see its contact."""
    if principal.role is Role.ADMINISTRATOR:
        return True
    if principal.role is Role.COORDINATOR:
        return isinstance(row, Entrepreneur) and row.centre is not None and row.centre == principal.centre
    return principal.agency is not None and row.source_agency == principal.agency


def check_revision(row: ProfileRow, expected: int | None) -> None:
    """Go on only when nobody changed the profile since the caller read it.

    Raises Conflict.
    """
    if expected is not None and expected != row.revision:
        raise Conflict(
            message("Somebody else changed this in the meantime. Open it again and repeat your change.")
        )


def seen_by(principal: Principal, kind: Kind) -> list[ColumnElement[bool]]:
    """Give the condition of what the principal may know of: to an agency its own, and what is approved."""
    if principal.kind != "api_client":
        return []
    table = TABLES[kind].profile
    approved = col(table.review_status) == ReviewStatus.APPROVED.value
    return [or_(approved, col(table.source_agency) == principal.agency)]


def visible(
    session: Session, principal: Principal, kind: Kind, profile_id: UUID, *, lock: bool = False
) -> ProfileRow:
    """Find a profile that the principal may know of.

    Raises NotFound.
    """
    row = repository.get(session, kind, profile_id, lock=lock)
    hidden = (
        row is not None
        and principal.kind == "api_client"
        and row.review_status != ReviewStatus.APPROVED.value
        and not may_keep(principal, row)
    )
    if row is None or hidden:
        raise NotFound(message("There is no such profile."))
    return row


def kept(
    session: Session, principal: Principal, kind: Kind, profile_id: UUID, expected_revision: int | None = None
) -> ProfileRow:
    """Find and lock a profile that the principal keeps.

    Raises NotFound, NotAllowed, Conflict.
    """
    row = visible(session, principal, kind, profile_id, lock=True)
    if not may_keep(principal, row):
        raise NotAllowed(message("This profile is kept by somebody else."))
    check_revision(row, expected_revision)
    return row


def touch(row: ProfileRow) -> None:
    """Count a change."""
    row.revision += 1
    row.updated_at = clock.now()


def announce(session: Session, kind: Kind, row: ProfileRow) -> None:
    """Put what the matcher may know of a profile into the change feed."""
    session.flush()
    statements = repository.statements(session, kind, [row.id])[row.id]
    consents = repository.consents(session, kind, [row.id])[row.id]
    changes.record(session, kind.value, row.id, documents.document_of(row, statements, consents))
