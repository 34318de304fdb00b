"""What the matcher may know of a profile: texts and codes, no names, no contact, no origin."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from matching import Profile, Statement
from service.profiles.models import ConsentRow, Entrepreneur, Exporter, ProfileRow, StatementRow
from service.profiles.vocabulary import ConsentPurpose, ReviewStatus, Side


def obstacle(row: ProfileRow, consents: Iterable[ConsentRow], *, until: date | None = None) -> str | None:
    """Tell why a profile may not be matched, by a code of `vocabulary.OBSTACLES`; None when it may."""
    found = {
        "archived": row.archived_at is not None,
        "not_approved": row.review_status != ReviewStatus.APPROVED.value,
        "expired": until is not None and row.valid_until is not None and row.valid_until < until,
        "no_consent": not _agreed(consents),
        "barred": row.sanction_note is not None,
    }
    return next((code for code, stands in found.items() if stands), None)


def is_open_to_partners(row: ProfileRow, consents: Iterable[ConsentRow]) -> bool:
    """Tell whether a profile may be shown to a partner that it was proposed to."""
    return row.archived_at is None and row.sanction_note is None and _agreed(consents)


def _agreed(consents: Iterable[ConsentRow]) -> bool:
    return any(
        consent.purpose == ConsentPurpose.MATCHING.value and consent.withdrawn_at is None
        for consent in consents
    )


def document_of(
    row: ProfileRow, statements: Mapping[str, Sequence[StatementRow]], consents: Iterable[ConsentRow]
) -> dict[str, Any] | None:
    """Build the document that the change feed carries, or None for a profile not to be matched."""
    if obstacle(row, consents) is not None:
        return None
    # An entrepreneur offers the markets that it serves; an exporter looks for a partner in its own.
    served: list[str | None] = []
    wanted: list[str | None] = []
    if isinstance(row, Entrepreneur):
        served = [*row.markets_served, row.country, row.residence_country]
    elif isinstance(row, Exporter):
        wanted = [*row.export_markets]
    offers = _statement(statements[Side.OFFERS], served)
    seeks = _statement(statements[Side.SEEKS], wanted)
    profile = Profile(id=str(row.id), offers=offers, seeks=seeks, languages=tuple(row.languages))
    return profile.to_document()


def _statement(statements: Sequence[StatementRow], markets: Iterable[str | None]) -> Statement:
    """Join several offers (or requests) into the one document side that the matcher compares."""
    return Statement(
        texts=tuple(statement.text for statement in statements if statement.text),
        hs_codes=_codes(code for statement in statements for code in statement.hs_codes),
        partnership_types=_codes(kind for statement in statements for kind in statement.partnership_types),
        markets=_codes(
            [*markets, *(country for statement in statements for country in statement.target_countries)]
        ),
    )


def _codes(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(sorted({str(value) for value in values if value}))
