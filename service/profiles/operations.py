"""Decisions about profiles: reading, review, consent, archive, search; `submit()` stands beside."""

import hashlib
import math
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from service.accounts.operations import require
from service.accounts.schemas import Permission, Principal, Role
from service.changes import operations as changes
from service.platform import audit, clock, queue
from service.platform.database import Session
from service.platform.i18n import Message, message
from service.platform.problems import NotAllowed
from service.profiles import documents, keeping, repository
from service.profiles.models import Entrepreneur, Exporter, ProfileRow
from service.profiles.repository import TABLES
from service.profiles.schemas import (
    Bar,
    ConsentRead,
    ContactRead,
    Decision,
    EntrepreneurRead,
    ExporterRead,
    ProfileFilter,
    ProfilePage,
    ProfileSummary,
    StatementRead,
    Submitted,
)
from service.profiles.submission import (
    CREATE,
    ProfileCreate,
    SubmitOptions,
    check_may_submit,
    submit,
    submit_many,
)
from service.profiles.vocabulary import OBSTACLES, ConsentPurpose, Kind, ReviewStatus, Side

__all__ = ["CREATE", "ProfileCreate", "SubmitOptions", "check_may_submit", "submit", "submit_many"]

PAGE_SIZE = 50
WITHDRAWN_JOB = "consent_withdrawn"
"""Lets later stages forget what they kept by a consent."""

ProfileRead = EntrepreneurRead | ExporterRead


def read(session: Session, principal: Principal, kind: Kind, profile_id: UUID) -> ProfileRead:
    """Give a profile without its contact.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.PROFILES_READ)
    return _read(session, kind, keeping.visible(session, principal, kind, profile_id))


def contact(session: Session, principal: Principal, kind: Kind, profile_id: UUID) -> ContactRead:
    """Give the contact of a profile to those who keep it.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.PROFILES_READ)
    row = keeping.visible(session, principal, kind, profile_id)
    if not may_see_contact(session, principal, kind, profile_id):
        raise NotAllowed(
            message("Contact details are shown to those who keep the profile, and to partners who accepted.")
        )
    return ContactRead.model_validate(row)


def may_see_contact(session: Session, principal: Principal, kind: Kind, profile_id: UUID) -> bool:
    """Tell whether the contact of a profile is for this principal."""
    row = repository.get(session, kind, profile_id)
    return row is not None and keeping.may_keep(principal, row)


def kept_ids(session: Session, principal: Principal, kind: Kind, profile_ids: Iterable[UUID]) -> set[UUID]:
    """Tell which profiles this principal keeps, so that it speaks for them and sees their contact."""
    return {
        row.id for row in repository.by_ids(session, kind, profile_ids) if keeping.may_keep(principal, row)
    }


def open_to_partners(session: Session, kind: Kind, profile_ids: Iterable[UUID]) -> set[UUID]:
    """Tell which profiles may be shown to a partner: not archived, not barred, with their consent."""
    rows = repository.by_ids(session, kind, profile_ids)
    consents = repository.consents(session, kind, [row.id for row in rows])
    return {row.id for row in rows if documents.is_open_to_partners(row, consents[row.id])}


def contacts(session: Session, kind: Kind, profile_ids: Iterable[UUID]) -> dict[UUID, ContactRead]:
    """Give contacts for letters to the businesses themselves, and to partners when both have accepted."""
    return {row.id: ContactRead.model_validate(row) for row in repository.by_ids(session, kind, profile_ids)}


def may_change(session: Session, principal: Principal, kind: Kind, profile_id: UUID) -> bool:
    """Tell whether this principal may change a profile."""
    row = repository.get(session, kind, profile_id)
    return (
        row is not None
        and Permission.PROFILES_WRITE in principal.permissions
        and keeping.may_keep(principal, row)
    )


def changeable_ids(
    session: Session, principal: Principal, kind: Kind, profile_ids: Iterable[UUID]
) -> set[UUID]:
    """Tell which of some profiles this principal may change."""
    if Permission.PROFILES_WRITE not in principal.permissions:
        return set()
    rows = repository.by_ids(session, kind, profile_ids)
    return {row.id for row in rows if keeping.may_keep(principal, row)}


def _read(session: Session, kind: Kind, row: ProfileRow) -> ProfileRead:
    statements = repository.statements(session, kind, [row.id])[row.id]
    consents = repository.consents(session, kind, [row.id])[row.id]
    return TABLES[kind].read.model_validate(
        row,
        update={
            Side.OFFERS: [StatementRead.model_validate(statement) for statement in statements[Side.OFFERS]],
            Side.SEEKS: [StatementRead.model_validate(statement) for statement in statements[Side.SEEKS]],
            "consents": [ConsentRead.model_validate(consent) for consent in consents],
        },
    )


def listed(
    session: Session, principal: Principal, kind: Kind, wanted: ProfileFilter, *, page: int = 1
) -> ProfilePage:
    """List the profiles that the principal may know of by name, a page at a time.

    Raises NotAllowed.
    """
    require(principal, Permission.PROFILES_READ)
    page = max(page, 1)
    seen = keeping.seen_by(principal, kind)
    rows, total = repository.listed(
        session, kind, wanted, seen, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE
    )
    return ProfilePage(
        profiles=[_summary(kind, row) for row in rows],
        total=total,
        page=page,
        pages=max(math.ceil(total / PAGE_SIZE), 1),
    )


def summaries(session: Session, kind: Kind, profile_ids: Iterable[UUID]) -> dict[UUID, ProfileSummary]:
    """Give the short form of profiles by their ids."""
    return {row.id: _summary(kind, row) for row in repository.by_ids(session, kind, profile_ids)}


def obstacles(session: Session, kind: Kind, profile_ids: Iterable[UUID], *, until: date) -> dict[UUID, str]:
    """Tell which profiles may not be proposed on a day, each with the code of the reason."""
    rows = repository.by_ids(session, kind, profile_ids)
    consents = repository.consents(session, kind, [row.id for row in rows])
    return {row.id: code for row in rows if (code := documents.obstacle(row, consents[row.id], until=until))}


def obstacle_in_words(session: Session, kind: Kind, profile_id: UUID) -> Message | None:
    """Say why a profile is not matched now; None when it is."""
    code = obstacles(session, kind, [profile_id], until=clock.today()).get(profile_id)
    return OBSTACLES[code] if code else None


def owner_keys(session: Session, kind: Kind, profile_ids: Iterable[UUID]) -> dict[UUID, frozenset[str]]:
    """Give keys that profiles of one owner share: hashes of registration numbers and contact addresses."""
    found: dict[UUID, frozenset[str]] = {}
    for row in repository.by_ids(session, kind, profile_ids):
        number = row.bin if isinstance(row, Exporter) else None
        if isinstance(row, Entrepreneur):
            number = row.registration_number
        known = [f"number:{number}" if number else "", f"email:{row.contact_email or ''}".casefold()]
        found[row.id] = frozenset(
            hashlib.sha256(key.encode()).hexdigest() for key in known if key and not key.endswith(":")
        )
    return found


def matching_ids(session: Session, principal: Principal, kind: Kind, wanted: ProfileFilter) -> list[UUID]:
    """List the ids of the profiles that a filter lets through.

    Raises NotAllowed.
    """
    require(principal, Permission.PROFILES_READ)
    return repository.ids(session, kind, wanted)


def count_by_status(session: Session, principal: Principal, kind: Kind) -> dict[str, int]:
    """Count the living profiles by their review status.

    Raises NotAllowed.
    """
    require(principal, Permission.PROFILES_READ)
    return repository.count_by_status(session, kind)


def _summary(kind: Kind, row: ProfileRow) -> ProfileSummary:
    return ProfileSummary.model_validate(row, update={"kind": kind})


def change(
    session: Session,
    principal: Principal,
    kind: Kind,
    profile_id: UUID,
    create: ProfileCreate,
    *,
    expected_revision: int | None = None,
) -> Submitted:
    """Change one profile through the door that every profile comes by; its key stays as it is.

    Raises NotAllowed, NotFound, InvalidInput, Conflict.
    """
    row = keeping.kept(session, principal, kind, profile_id, expected_revision)
    create.source_agency, create.external_id = row.source_agency, row.external_id
    return submit(session, principal, kind, create)


def review(
    session: Session,
    principal: Principal,
    kind: Kind,
    profile_id: UUID,
    decision: Decision,
    *,
    expected_revision: int | None = None,
) -> ProfileRead:
    """Approve a profile or send it back with a reason.

    Raises NotAllowed, NotFound, Conflict.
    """
    require(principal, Permission.PROFILES_REVIEW)
    row = keeping.kept(session, principal, kind, profile_id, expected_revision)
    row.review_status = decision.review_status.value
    row.rejection_reason = decision.reason if decision.review_status is ReviewStatus.REJECTED else None
    keeping.touch(row)
    audit.record(session, principal.actor, f"profile.{row.review_status}", kind.value, row.id)
    keeping.announce(session, kind, row)
    return _read(session, kind, row)


def archive(
    session: Session,
    principal: Principal,
    kind: Kind,
    profile_id: UUID,
    *,
    expected_revision: int | None = None,
) -> ProfileRead:
    """Take a profile out of lists and matching; sending it again brings it back.

    Raises NotAllowed, NotFound, Conflict.
    """
    require(principal, Permission.PROFILES_WRITE)
    row = keeping.kept(session, principal, kind, profile_id, expected_revision)
    if row.archived_at is None:
        row.archived_at = clock.now()
        keeping.touch(row)
        audit.record(session, principal.actor, "profile.archived", kind.value, row.id)
        keeping.announce(session, kind, row)
    return _read(session, kind, row)


def withdraw_consent(
    session: Session, principal: Principal, kind: Kind, profile_id: UUID, purpose: ConsentPurpose
) -> ProfileRead:
    """Record that a consent was withdrawn and stop using what it allowed, in the past and by later stages.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.PROFILES_WRITE)
    row = keeping.kept(session, principal, kind, profile_id)
    for consent in repository.consents(session, kind, [row.id])[row.id]:
        if consent.purpose == purpose.value and consent.withdrawn_at is None:
            consent.withdrawn_at = clock.now()
    if purpose is ConsentPurpose.KANDAS_STATUS and isinstance(row, Exporter):
        row.kandas_owned = None
        # What is stored no longer equals what was sent, so the same file counts as a change.
        row.content_digest = ""
    if purpose is ConsentPurpose.MATCHING:
        changes.erase(session, kind.value, row.id)
    keeping.touch(row)
    queue.enqueue(session, WITHDRAWN_JOB, {"kind": kind, "profile": str(row.id), "purpose": purpose})
    audit.record(session, principal.actor, "profile.consent_withdrawn", kind.value, row.id, purpose=purpose)
    keeping.announce(session, kind, row)
    return _read(session, kind, row)


def set_sanction_note(
    session: Session, principal: Principal, kind: Kind, profile_id: UUID, wanted: Bar
) -> ProfileRead:
    """Bar a profile from matching with a note why, or lift that with an empty note.

    Raises NotAllowed, NotFound.
    """
    if principal.role is not Role.ADMINISTRATOR:
        raise NotAllowed(message("Only an administrator may bar a profile."))
    row = keeping.kept(session, principal, kind, profile_id)
    row.sanction_note = wanted.note or None
    keeping.touch(row)
    action = "profile.barred" if row.sanction_note else "profile.unbarred"
    audit.record(session, principal.actor, action, kind.value, row.id)
    keeping.announce(session, kind, row)
    return _read(session, kind, row)


def expire_due(session: Session, *, limit: int = 500) -> int:
    """Mark approved profiles whose time is over; give how many."""
    count = 0
    for kind in Kind:
        for row in repository.expired(session, kind, clock.today(), limit=limit):
            row.review_status = ReviewStatus.EXPIRED.value
            keeping.touch(row)
            audit.record(session, "system", "profile.expired", kind.value, row.id)
            keeping.announce(session, kind, row)
            count += 1
    return count
