"""The one way in: whatever comes by form, API or file is saved here."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from service.accounts.operations import require
from service.accounts.schemas import Permission, Principal, Role
from service.centres import operations as centres
from service.changes import operations as changes
from service.platform import audit, clock
from service.platform.database import Session
from service.platform.i18n import message
from service.platform.problems import FieldError, InvalidInput, NotAllowed, Problem
from service.profiles import documents, keeping, naming, repository
from service.profiles.models import ConsentRow, ProfileRow, StatementRow
from service.profiles.repository import TABLES
from service.profiles.schemas import EntrepreneurCreate, ExporterCreate, Outcome, Submitted
from service.profiles.vocabulary import Kind, ReviewStatus, Side

ProfileCreate = EntrepreneurCreate | ExporterCreate
CREATE: dict[Kind, type[EntrepreneurCreate] | type[ExporterCreate]] = {
    Kind.ENTREPRENEUR: EntrepreneurCreate,
    Kind.EXPORTER: ExporterCreate,
}
_CHILDREN = {"offers", "seeks", "consents", "source_agency"}


@dataclass(frozen=True)
class SubmitOptions:
    """How a door treats what comes through it."""

    approve: bool = False
    """Approve at once; for those who may review."""
    refuse_existing: bool = False
    """A key that is taken is a mistake, as in the form for a new profile, and not a change."""
    expected_revision: int | None = None
    """The revision that the change was made on; None changes whatever is there."""


DEFAULT_OPTIONS = SubmitOptions()


@dataclass(frozen=True)
class _Saved:
    """A profile that is being saved, with the rows that hang on it."""

    outcome: Outcome
    row: ProfileRow
    statements: list[StatementRow]
    new_consents: list[ConsentRow]
    all_consents: list[ConsentRow] | None


def submit(
    session: Session,
    principal: Principal,
    kind: Kind,
    create: ProfileCreate,
    options: SubmitOptions = DEFAULT_OPTIONS,
) -> Submitted:
    """Save a profile as sent: create it, change it, or find that nothing changed.

    Raises NotAllowed, InvalidInput, Conflict.
    """
    result = submit_many(session, principal, kind, [create], options)[0]
    if isinstance(result, Problem):
        raise result
    return result


def submit_many(
    session: Session,
    principal: Principal,
    kind: Kind,
    creates: Sequence[ProfileCreate],
    options: SubmitOptions = DEFAULT_OPTIONS,
) -> list[Submitted | Problem]:
    """Save several profiles of one side; what is wrong with one does not stop the others.

    Raises NotAllowed when the principal may not write profiles at all.
    """
    check_may_submit(principal, kind, options)
    agencies: list[str | Problem] = [_source_agency(principal, create) for create in creates]
    existing = repository.by_external_ids(
        session,
        kind,
        [
            (agency, create.external_id)
            for agency, create in zip(agencies, creates, strict=True)
            if isinstance(agency, str)
        ],
    )
    known_consents = repository.consents(session, kind, [row.id for row in existing.values()])
    known_centres = {centre.code for centre in centres.every(session)}
    results: list[Submitted | Problem] = []
    saved: list[_Saved] = []
    seen: set[tuple[str, str]] = set()
    for agency, create in zip(agencies, creates, strict=True):
        try:
            if isinstance(agency, Problem):
                raise agency
            _check_not_repeated(seen, agency, create)
            _check_centre(principal, create, known_centres)
            row = existing.get((agency, create.external_id))
            if row is None:
                one = _create(session, principal, kind, create, agency, options)
            else:
                one = _change(session, principal, kind, create, row, known_consents[row.id], options)
        except Problem as problem:
            results.append(problem)
        else:
            saved.append(one)
            results.append(Submitted(outcome=one.outcome, id=one.row.id))
    _store(session, kind, saved)
    return results


def check_may_submit(principal: Principal, kind: Kind, options: SubmitOptions = DEFAULT_OPTIONS) -> None:
    """Go on only when the principal may send profiles of this side.

    Raises NotAllowed.
    """
    require(principal, Permission.PROFILES_WRITE)
    if options.approve:
        require(principal, Permission.PROFILES_REVIEW)
    if principal.role is Role.COORDINATOR and kind is Kind.EXPORTER:
        raise NotAllowed(message("Exporters are kept by the export agencies and by administrators."))


def _check_not_repeated(seen: set[tuple[str, str]], agency: str, create: ProfileCreate) -> None:
    key = (agency, create.external_id)
    if key in seen:
        sentence = message(
            "{value} stands more than once in what you sent: keep one, or give the other its own identifier.",
            value=create.external_id,
        )
        raise InvalidInput([FieldError(("external_id",), "repeated_external_id", sentence)])
    seen.add(key)


def _source_agency(principal: Principal, create: ProfileCreate) -> str | Problem:
    if principal.agency is not None and create.source_agency in {None, principal.agency}:
        return principal.agency
    if principal.agency is None and create.source_agency is not None:
        return create.source_agency
    if create.source_agency is None:
        sentence = message("Name the source agency that this profile comes from.")
        return InvalidInput([FieldError(("source_agency",), "source_agency_needed", sentence)])
    if principal.role is Role.COORDINATOR:
        # A coordinator may keep a profile that an agency sent; whose it is, is checked on the row.
        return create.source_agency
    sentence = message("Your agency is {own}: leave the field out or give that.", own=principal.agency)
    return InvalidInput([FieldError(("source_agency",), "foreign_source_agency", sentence)])


def _check_centre(principal: Principal, create: ProfileCreate, known: set[str]) -> None:
    if not isinstance(create, EntrepreneurCreate):
        return
    if principal.role is Role.COORDINATOR and create.centre is None:
        create.centre = principal.centre
    if create.centre is not None and create.centre not in known:
        sentence = message(
            "There is no centre with the code {code}: use one of {known}.",
            code=create.centre,
            known=", ".join(sorted(known)) or "–",
        )
        raise InvalidInput([FieldError(("centre",), "unknown_centre", sentence)])
    if principal.role is Role.COORDINATOR and create.centre != principal.centre:
        sentence = message("You keep the entrepreneurs of {own} only.", own=principal.centre)
        raise InvalidInput([FieldError(("centre",), "foreign_centre", sentence)])


def _content(create: ProfileCreate) -> dict[str, Any]:
    return create.model_dump(mode="json", exclude={"consents", "source_agency"})


def _digest(create: ProfileCreate) -> str:
    canonical = json.dumps(_content(create), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _search_text(create: ProfileCreate) -> str:
    words: list[str | None] = [
        create.display_name,
        create.legal_name,
        create.external_id,
        create.city,
        create.region,
    ]
    for statement in (*create.offers, *create.seeks):
        words += [statement.text, *statement.hs_codes]
    found = "\n".join(word for word in words if word).casefold()
    return f"{found}\n{naming.marked_keys((create.display_name, create.legal_name, create.city))}"


def _create(
    session: Session,
    principal: Principal,
    kind: Kind,
    create: ProfileCreate,
    agency: str,
    options: SubmitOptions,
) -> _Saved:
    if principal.role is Role.COORDINATOR and agency != principal.agency:
        raise NotAllowed(message("You register entrepreneurs for {own} only.", own=principal.agency))
    now = clock.now()
    row = TABLES[kind].profile.model_validate(
        create.model_dump(exclude=_CHILDREN),
        update={
            "source_agency": agency,
            "content_digest": _digest(create),
            "search_text": _search_text(create),
            "review_status": (ReviewStatus.APPROVED if options.approve else ReviewStatus.SUBMITTED).value,
            "created_at": now,
            "updated_at": now,
        },
    )
    session.add(row)
    audit.record(session, principal.actor, "profile.created", kind.value, row.id)
    consents = _new_consents(principal, kind, row, create, [])
    return _Saved(Outcome.CREATED, row, _statement_rows(kind, row, create), consents, consents)


def _change(
    session: Session,
    principal: Principal,
    kind: Kind,
    create: ProfileCreate,
    row: ProfileRow,
    consents: Sequence[ConsentRow],
    options: SubmitOptions,
) -> _Saved:
    if options.refuse_existing:
        sentence = message(
            "{name} is registered under this identifier already. Open that profile to change it.",
            name=row.display_name,
        )
        raise InvalidInput([FieldError(("external_id",), "external_id_taken", sentence)])
    if not keeping.may_keep(principal, row):
        raise NotAllowed(message("This profile is kept by somebody else."))
    keeping.check_revision(row, options.expected_revision)
    digest = _digest(create)
    changed = row.content_digest != digest
    new_consents = _new_consents(principal, kind, row, create, consents)
    approved = options.approve and row.review_status != ReviewStatus.APPROVED.value
    if not (changed or new_consents or approved or row.archived_at is not None):
        return _Saved(Outcome.UNCHANGED, row, [], [], [])
    if changed:
        row.sqlmodel_update(create.model_dump(exclude=_CHILDREN))
        row.content_digest, row.search_text = digest, _search_text(create)
        repository.delete_statements(session, kind, row.id)
        statements = _statement_rows(kind, row, create)
    else:
        statements = []
    row.archived_at = None
    if options.approve:
        row.review_status, row.rejection_reason = ReviewStatus.APPROVED.value, None
    elif changed and row.review_status in {ReviewStatus.REJECTED.value, ReviewStatus.EXPIRED.value}:
        # What was sent back and mended waits for a new look.
        row.review_status, row.rejection_reason = ReviewStatus.SUBMITTED.value, None
    keeping.touch(row)
    audit.record(session, principal.actor, "profile.changed", kind.value, row.id)
    return _Saved(Outcome.UPDATED, row, statements, new_consents, None)


def _statement_rows(kind: Kind, row: ProfileRow, create: ProfileCreate) -> list[StatementRow]:
    table = TABLES[kind].statement
    return [
        table.model_validate(statement, update={"owner_id": row.id, "side": side.value, "position": position})
        for side, statements in ((Side.OFFERS, create.offers), (Side.SEEKS, create.seeks))
        for position, statement in enumerate(statements)
    ]


def _new_consents(
    principal: Principal, kind: Kind, row: ProfileRow, create: ProfileCreate, known: Sequence[ConsentRow]
) -> list[ConsentRow]:
    table = TABLES[kind].consent
    seen = {(consent.purpose, consent.wording_version, consent.given_on) for consent in known}
    added: list[ConsentRow] = []
    for consent in create.consents:
        key = (consent.purpose, consent.wording_version, consent.given_on)
        if key not in seen:
            seen.add(key)
            added.append(
                table.model_validate(consent, update={"owner_id": row.id, "recorded_by": principal.actor})
            )
    return added


def _store(session: Session, kind: Kind, saved: Sequence[_Saved]) -> None:
    """Write the rows of a batch in the order of their foreign keys, then tell the change feed."""
    session.flush()
    for one in saved:
        session.add_all([*one.statements, *one.new_consents])
    session.flush()
    for one in saved:
        if one.outcome is Outcome.CREATED:
            by_side = {side.value: [row for row in one.statements if row.side == side] for side in Side}
            document = documents.document_of(one.row, by_side, one.all_consents or [])
            changes.record(session, kind.value, one.row.id, document)
        elif one.outcome is Outcome.UPDATED:
            keeping.announce(session, kind, one.row)
