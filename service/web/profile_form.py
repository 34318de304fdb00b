"""The form of a profile: its field names are the columns of a file, so that both doors are one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple
from uuid import uuid4

from pydantic import ValidationError

from service.accounts.schemas import Principal, Role
from service.centres.schemas import CentreRead
from service.platform import clock
from service.platform.i18n import country_name
from service.platform.problems import FieldError, InvalidInput, field_errors
from service.platform.values import INCOTERMS_2020
from service.profiles import flat
from service.profiles.operations import CREATE, ProfileCreate
from service.profiles.schemas import MOST_STATEMENTS
from service.profiles.vocabulary import (
    CERTIFICATES,
    CONSENT_WORDINGS,
    CURRENT_WORDING,
    ActivityScheme,
    CapacityPeriod,
    EntrepreneurRole,
    Kind,
    PartnershipType,
    Side,
    SizeBand,
)
from service.programmes.schemas import Programme
from service.web.forms import LIST_SEPARATOR, Form

# Business languages offered as boxes to tick; others are typed.
LANGUAGES = ("kk", "ru", "en", "zh", "tr", "de", "uz", "sv", "ky", "mn", "ar", "fr")
# What the form carries or leaves out without showing it.
_UNSEEN = re.compile(r"^consent_wording$|_(?:text_language|hs_edition)(?:_\d)?$")
_STATEMENT = re.compile(r"(?:offers|seeks)_")
_COUNTRY_LISTS = ("export_markets", "markets_served")


@dataclass(frozen=True)
class Choices:
    """What the form offers to choose from."""

    kind: Kind
    centres: list[CentreRead]
    may_name_agency: bool
    languages: tuple[str, ...] = LANGUAGES
    sizes: tuple[SizeBand, ...] = tuple(SizeBand)
    schemes: tuple[ActivityScheme, ...] = tuple(ActivityScheme)
    certificates: tuple[str, ...] = CERTIFICATES
    roles: tuple[EntrepreneurRole, ...] = tuple(EntrepreneurRole)
    programmes: tuple[Programme, ...] = tuple(Programme)
    partnership_types: tuple[PartnershipType, ...] = tuple(PartnershipType)
    periods: tuple[CapacityPeriod, ...] = tuple(CapacityPeriod)
    incoterms: tuple[str, ...] = INCOTERMS_2020
    sides: tuple[Side, ...] = tuple(Side)
    consent_wording: str = CURRENT_WORDING

    @property
    def consent_sentence(self) -> object:
        """The wording of the consent that is asked for."""
        return CONSENT_WORDINGS[self.consent_wording]


def empty(kind: Kind, principal: Principal, language: str) -> Form:
    """Start a form for a new profile."""
    form = Form(
        {
            "external_id": f"W-{uuid4().hex[:10].upper()}",
            "country": "KZ" if kind is Kind.EXPORTER else "",
            "consent_given_on": clock.today().isoformat(),
            "consent_language": language,
        }
    )
    if principal.role is Role.COORDINATOR and principal.centre:
        form.values["centre"] = principal.centre
    return form


def readable(values: Mapping[str, str], language: str) -> dict[str, str]:
    """Show lists of countries by their names, which the form takes as well as codes."""
    shown = dict(values)
    for name, value in values.items():
        if name in _COUNTRY_LISTS or "_target_countries" in name:
            shown[name] = f"{LIST_SEPARATOR} ".join(
                country_name(code, language) for code in value.split(LIST_SEPARATOR) if code
            )
    return shown


class Difference(NamedTuple):
    """A field in which a form and what is saved are not the same."""

    name: str
    saved: str


def differences(form: Form, saved: Mapping[str, str]) -> list[Difference]:
    """List the fields that somebody else saved otherwise than they are typed."""
    # A form that is sent has no field for boxes of which none is ticked, but may have more statements.
    names = [*saved, *(name for name in form.values if _STATEMENT.match(name))]
    return [
        Difference(name, saved.get(name, ""))
        for name in dict.fromkeys(names)
        if not _UNSEEN.search(name) and form.value(name).split() != saved.get(name, "").split()
    ]


def counts(form: Form) -> dict[str, int]:
    """Tell how many offers and requests the form shows: what is filled, and one more where asked for."""
    shown = {}
    for side in Side:
        filled = [
            number
            for number in range(MOST_STATEMENTS)
            if any(form.value(flat.statement_column(side, number, name)) for name in flat.STATEMENT_FIELDS)
        ]
        number = max(filled, default=0) + 1
        shown[side.value] = min(number + (form.value("add") == side.value), MOST_STATEMENTS)
    return shown


def create_of(kind: Kind, form: Form) -> ProfileCreate:
    """Build what `submit()` takes from what was typed.

    Raises InvalidInput.
    """
    known = {name: value for name, value in form.values.items() if not flat.unknown_columns(kind, [name])}
    try:
        return CREATE[kind].model_validate(flat.nested(kind, known))
    except ValidationError as error:
        raise InvalidInput(field_errors(error.errors(include_url=False))) from None


def take_mistakes(kind: Kind, form: Form, problem: InvalidInput) -> None:
    """Put the mistakes of a submission beside the fields that they concern."""

    def name_of(error: FieldError) -> str:
        return flat.column_of(kind, error.path)

    form.add(problem.errors, name_of)
