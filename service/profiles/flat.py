"""The flat form of a profile: the columns of a file, which are the fields of the web form.

One table of names serves both doors, so that a file and a form cannot differ.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from service.profiles import typed
from service.profiles.schemas import (
    ConsentRead,
    ContactFields,
    ContactRead,
    EntrepreneurFields,
    EntrepreneurRead,
    ExporterFields,
    ExporterRead,
    StatementFields,
)
from service.profiles.vocabulary import CURRENT_WORDING, ConsentPurpose, Kind, Side

CONSENT_COLUMNS = {
    "consent_given_on": "given_on",
    "consent_wording": "wording_version",
    "consent_language": "wording_language",
}
# Cells that are read as people write them; all others are taken as they stand, without outer space.
_READ_AS: dict[str, Callable[[str], Any]] = {
    "text": str,
    **dict.fromkeys(("languages", "certifications", "roles", "hs_codes", "partnership_types"), typed.codes),
    **dict.fromkeys(("export_markets", "markets_served", "target_countries"), typed.countries),
    **dict.fromkeys(("capacity", "minimum_order", "price_min", "price_max"), typed.number),
    **dict.fromkeys(("valid_until", "consent_given_on"), typed.day),
}
STATEMENT_FIELDS = tuple(StatementFields.model_fields)
PROFILE_FIELDS: dict[Kind, tuple[str, ...]] = {
    Kind.ENTREPRENEUR: (*EntrepreneurFields.model_fields, *ContactFields.model_fields, "source_agency"),
    Kind.EXPORTER: (*ExporterFields.model_fields, *ContactFields.model_fields, "source_agency"),
}
# Other words for a column; the second half is what export agencies' files are known to use.
_ALIASES: dict[str, tuple[str, ...]] = {
    "name": ("display_name",),
    "consent_given_at": ("consent_given_on",),
    "text_language": ("offers_text_language", "seeks_text_language"),
}
_ALIASES_OF: dict[Kind, dict[str, tuple[str, ...]]] = {
    Kind.EXPORTER: {
        **_ALIASES,
        "hs_codes": ("offers_hs_codes",),
        "partnership_seek": ("seeks_partnership_types",),
        "target_markets": ("seeks_target_countries",),
    },
    Kind.ENTREPRENEUR: {
        **_ALIASES,
        "hs_interest": ("seeks_hs_codes",),
        "partnership_offer": ("offers_partnership_types",),
    },
}
_STATEMENT_COLUMN = re.compile(rf"(offers|seeks)_({'|'.join(STATEMENT_FIELDS)})(?:_([2-9]))?")


def columns(kind: Kind, *, statements: int = 1) -> list[str]:
    """List the columns of a file with so many offers and requests a row, in reading order."""
    statement_columns = [
        statement_column(side, number, name)
        for side in Side
        for number in range(statements)
        for name in STATEMENT_FIELDS
    ]
    return [*PROFILE_FIELDS[kind], *statement_columns, *CONSENT_COLUMNS]


def aliases(kind: Kind) -> list[str]:
    """List the other words by which columns are known."""
    return list(_ALIASES_OF[kind])


def statement_column(side: str, number: int, field: str) -> str:
    """Name the column of a field of the n-th offer or request, counted from 0."""
    return f"{side}_{field}" if number == 0 else f"{side}_{field}_{number + 1}"


def unknown_columns(kind: Kind, names: Iterable[str]) -> list[str]:
    """List the columns that mean nothing here."""
    return [name for name in names if not _targets(kind, name)]


def nested(kind: Kind, flat: Mapping[str, str]) -> dict[str, Any]:
    """Turn a flat row into what the schemas read; empty cells are left out.

    Where a row says a field by its own column and by an alias, its own column wins.
    """
    cells: dict[str, str] = {}
    for name, value in flat.items():
        if not value.strip():
            continue
        for target in _targets(kind, name):
            if target == name or target not in cells:
                cells[target] = value
    profile: dict[str, Any] = {}
    statements: dict[str, dict[int, dict[str, Any]]] = {side: {} for side in Side}
    consent: dict[str, str] = {}
    for name, value in cells.items():
        statement = _STATEMENT_COLUMN.fullmatch(name)
        if statement:
            side, field, number = statement.groups()
            place = int(number or 1) - 1
            statements[side].setdefault(place, {})[field] = _value(field, value)
        elif name in CONSENT_COLUMNS:
            consent[CONSENT_COLUMNS[name]] = _value(name, value)
        else:
            profile[name] = _value(name, value)
    for side, numbered in statements.items():
        profile[side] = [
            statement
            for _, statement in sorted(numbered.items())
            if set(statement) - {"text_language", "hs_edition"}
        ]
    profile["consents"] = _consents(kind, profile, consent)
    return profile


def flat(kind: Kind, profile: EntrepreneurRead | ExporterRead, contact: ContactRead | None) -> dict[str, str]:
    """Turn a stored profile into its flat form, to fill a form or a file."""
    stored = {**profile.model_dump(mode="json"), **(contact.model_dump(mode="json") if contact else {})}
    row = {name: _cell(stored.get(name)) for name in PROFILE_FIELDS[kind]}
    for side in Side:
        for number, statement in enumerate(stored[side]):
            row.update(
                {statement_column(side, number, name): _cell(statement[name]) for name in STATEMENT_FIELDS}
            )
    consent = latest_consent(profile.consents)
    if consent is not None:
        row["consent_given_on"] = consent.given_on.isoformat()
        row["consent_wording"] = consent.wording_version
        row["consent_language"] = consent.wording_language
    return row


def latest_consent(consents: Iterable[ConsentRead]) -> ConsentRead | None:
    """Find the latest consent to matching that was not withdrawn."""
    counting = [
        consent
        for consent in consents
        if consent.purpose is ConsentPurpose.MATCHING and consent.withdrawn_at is None
    ]
    return max(counting, key=lambda consent: consent.given_on, default=None)


def column_of(kind: Kind, path: tuple[str | int, ...], given: Iterable[str] = ()) -> str:
    """Name the column that a mistake's path points to, in the words of the given columns."""
    column = _own_column(path)
    given = list(given)
    if column in given:
        return column
    for name in given:
        if column in _targets(kind, name):
            return name
    return column


def consent_cells(given_on: date, language: str) -> dict[str, str]:
    """Cells of a consent given by an agency for every row of its file."""
    return {
        "consent_given_on": given_on.isoformat(),
        "consent_wording": CURRENT_WORDING,
        "consent_language": language,
    }


def _own_column(path: tuple[str | int, ...]) -> str:
    match path:
        case ("offers" | "seeks" as side, int(number), str(field), *_):
            return statement_column(side, number, field)
        case ("consents", _, str(field), *_):
            return next((column for column, own in CONSENT_COLUMNS.items() if own == field), field)
        case ("consents", *_):
            return "consent_given_on"
        case ("offers" | "seeks" as side, *_):
            return statement_column(side, 0, "text")
    return str(path[0]) if path else ""


def _targets(kind: Kind, name: str) -> tuple[str, ...]:
    if name in PROFILE_FIELDS[kind] or name in CONSENT_COLUMNS or _STATEMENT_COLUMN.fullmatch(name):
        return (name,)
    return _ALIASES_OF[kind].get(name, ())


def _value(field: str, value: str) -> Any:
    return _READ_AS.get(field, str.strip)(value)


def _consents(kind: Kind, profile: Mapping[str, Any], consent: Mapping[str, str]) -> list[dict[str, str]]:
    if not consent:
        return []
    purposes = [ConsentPurpose.MATCHING]
    if kind is Kind.EXPORTER and profile.get("kandas_owned") not in {None, "", "0"}:
        purposes.append(ConsentPurpose.KANDAS_STATUS)
    return [{"wording_version": CURRENT_WORDING, **consent, "purpose": purpose} for purpose in purposes]


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case list():
            return typed.LIST_SEPARATOR.join(str(part) for part in value)
        case _:
            return str(value)
