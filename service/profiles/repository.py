"""Queries over profiles of either side."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, delete, func, or_
from sqlmodel import SQLModel, col, select

from service.platform.database import Session
from service.profiles import naming
from service.profiles.models import (
    ConsentRow,
    Entrepreneur,
    EntrepreneurConsent,
    EntrepreneurStatement,
    Exporter,
    ExporterConsent,
    ExporterStatement,
    ProfileRow,
    StatementRow,
)
from service.profiles.regions import spellings_of
from service.profiles.schemas import EntrepreneurRead, ExporterRead, ProfileFilter
from service.profiles.vocabulary import Kind, ReviewStatus


@dataclass(frozen=True)
class Tables:
    """The tables and the reading schema of one side."""

    profile: type[ProfileRow]
    statement: type[StatementRow]
    consent: type[ConsentRow]
    read: type[EntrepreneurRead] | type[ExporterRead]


TABLES: dict[Kind, Tables] = {
    Kind.ENTREPRENEUR: Tables(Entrepreneur, EntrepreneurStatement, EntrepreneurConsent, EntrepreneurRead),
    Kind.EXPORTER: Tables(Exporter, ExporterStatement, ExporterConsent, ExporterRead),
}


def get(session: Session, kind: Kind, profile_id: UUID, *, lock: bool = False) -> ProfileRow | None:
    """Find a profile by its id; locked, nobody else changes it before the commit."""
    table = TABLES[kind].profile
    return session.get(table, profile_id, with_for_update=True if lock else None, populate_existing=lock)


def by_external_ids(
    session: Session, kind: Kind, keys: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], ProfileRow]:
    """Find profiles by their source agency and external id, in one query an agency."""
    table = TABLES[kind].profile
    wanted: dict[str, list[str]] = defaultdict(list)
    for agency, external_id in keys:
        wanted[agency].append(external_id)
    found: dict[tuple[str, str], ProfileRow] = {}
    for agency, external_ids in wanted.items():
        rows = session.exec(
            select(table)
            .where(table.source_agency == agency, col(table.external_id).in_(external_ids))
            # Locked in one order, two files with the same profiles do not wait for each other for ever.
            .order_by(col(table.external_id))
            .with_for_update()
        )
        found.update({(row.source_agency, row.external_id): row for row in rows})
    return found


def by_ids(session: Session, kind: Kind, profile_ids: Iterable[UUID]) -> list[ProfileRow]:
    """Find profiles by their ids, in the order of their ids."""
    table = TABLES[kind].profile
    return list(
        session.exec(select(table).where(col(table.id).in_(list(profile_ids))).order_by(col(table.id)))
    )


def statements(
    session: Session, kind: Kind, profile_ids: Sequence[UUID]
) -> dict[UUID, dict[str, list[StatementRow]]]:
    """Find the offers and requests of profiles, by owner and side, in their order."""
    table = TABLES[kind].statement
    found: dict[UUID, dict[str, list[StatementRow]]] = {
        profile_id: {"offers": [], "seeks": []} for profile_id in profile_ids
    }
    rows = session.exec(
        select(table)
        .where(col(table.owner_id).in_(profile_ids))
        .order_by(col(table.side), col(table.position))
    )
    for row in rows:
        found[row.owner_id][row.side].append(row)
    return found


def consents(session: Session, kind: Kind, profile_ids: Sequence[UUID]) -> dict[UUID, list[ConsentRow]]:
    """Find the consents of profiles, by owner, oldest first."""
    table = TABLES[kind].consent
    found: dict[UUID, list[ConsentRow]] = {profile_id: [] for profile_id in profile_ids}
    rows = session.exec(
        select(table)
        .where(col(table.owner_id).in_(profile_ids))
        .order_by(col(table.given_on), col(table.purpose), col(table.id))
    )
    for row in rows:
        found[row.owner_id].append(row)
    return found


def delete_statements(session: Session, kind: Kind, profile_id: UUID) -> None:
    """Take a profile's offers and requests away, before the new ones come."""
    table = TABLES[kind].statement
    session.execute(delete(table).where(col(table.owner_id) == profile_id))


def listed(
    session: Session,
    kind: Kind,
    wanted: ProfileFilter,
    narrowed: Iterable[ColumnElement[bool]] = (),
    *,
    offset: int,
    limit: int,
) -> tuple[list[ProfileRow], int]:
    """List the profiles that a filter lets through, by name, with their number in all."""
    table = TABLES[kind].profile
    conditions = [*_conditions(kind, wanted), *narrowed]
    total = session.exec(select(func.count()).select_from(table).where(*conditions)).one()
    rows = session.exec(
        select(table)
        .where(*conditions)
        .order_by(func.lower(col(table.display_name)), col(table.id))
        .offset(offset)
        .limit(limit)
    )
    return list(rows), total


def ids(session: Session, kind: Kind, wanted: ProfileFilter) -> list[UUID]:
    """List the ids of the profiles that a filter lets through."""
    table = TABLES[kind].profile
    return list(session.exec(select(table.id).where(*_conditions(kind, wanted)).order_by(col(table.id))))


def expired(session: Session, kind: Kind, today: date, *, limit: int) -> list[ProfileRow]:
    """Find approved profiles whose time is over."""
    table = TABLES[kind].profile
    return list(
        session.exec(
            select(table)
            .where(
                table.review_status == ReviewStatus.APPROVED.value,
                col(table.archived_at).is_(None),
                col(table.valid_until) < today,
            )
            .order_by(col(table.id))
            .limit(limit)
        )
    )


def count_by_status(session: Session, kind: Kind) -> dict[str, int]:
    """Count the living profiles by their review status."""
    table = TABLES[kind].profile
    rows = session.exec(
        select(table.review_status, func.count())
        .where(col(table.archived_at).is_(None))
        .group_by(col(table.review_status))
    )
    return dict(rows.all())


def _conditions(kind: Kind, wanted: ProfileFilter) -> list[ColumnElement[bool]]:
    tables = TABLES[kind]
    table: Any = tables.profile
    found: list[ColumnElement[bool]] = [
        table.archived_at.is_not(None) if wanted.archived else table.archived_at.is_(None)
    ]
    found += [
        or_(*(table.search_text.contains(one, autoescape=True) for one in (word, *naming.marked(word))))
        for word in wanted.text.casefold().split()
    ]
    if wanted.countries:
        found.append(table.country.in_(wanted.countries))
    if wanted.region:
        # The databases lower the letters of ASCII only, unless they were set up for more.
        names = spellings_of(wanted.region)
        same = func.lower(table.region).in_([name.lower() for name in names])
        found.append(or_(table.region.in_(names), same))
    if wanted.review_status:
        found.append(table.review_status == wanted.review_status.value)
    if wanted.language:
        found.append(_holds(table.languages, wanted.language))
    if wanted.hs_prefix:
        found.append(_statement_holds(tables.statement, table, "hs_codes", wanted.hs_prefix, prefix=True))
    if wanted.partnership_type:
        found.append(_statement_holds(tables.statement, table, "partnership_types", wanted.partnership_type))
    # What only one side has is asked only there; the other side does not know the question.
    own = {"centre", "programme", "kandas_owned", "rural"} & set(table.model_fields)
    for name in sorted(own):
        value = getattr(wanted, name)
        if value is not None:
            found.append(getattr(table, name) == value)
    return found


def _statement_holds(
    statement: type[SQLModel], profile: Any, name: str, code: str, *, prefix: bool = False
) -> ColumnElement[bool]:
    table: Any = statement
    return (
        select(table.id)
        .where(table.owner_id == profile.id, _holds(getattr(table, name), code, prefix=prefix))
        .exists()
    )


def _holds(column: Any, code: str, *, prefix: bool = False) -> ColumnElement[bool]:
    # Lists of codes are JSON arrays of plain ASCII words, so that the quoted word is found in their text.
    needle = f'"{code}' if prefix else f'"{code}"'
    return cast(column, String).contains(needle, autoescape=True)
