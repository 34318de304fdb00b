"""What callers send and get about profiles."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, ConfigDict, ValidationInfo, field_validator
from pydantic import Field as PydanticField
from sqlalchemy import JSON, String
from sqlmodel import Field, SQLModel

from service.platform import clock
from service.platform.database import ExactDecimal, plain_decimal
from service.platform.i18n import message
from service.platform.problems import InvalidValueError
from service.platform.values import (
    CURRENT_HS_EDITION,
    HS_EDITIONS,
    ActivityCode,
    Bin,
    Code,
    CountryCode,
    CountryCodes,
    CurrencyCode,
    Email,
    EmptyIsNone,
    HsCode,
    HsCodes,
    Incoterm,
    LanguageTag,
    LanguageTags,
    Phone,
    ShortText,
    Text,
    Website,
    check_hs_edition,
)
from service.profiles.vocabulary import (
    CONSENT_WORDINGS,
    ActivityScheme,
    CapacityPeriod,
    ConsentPurpose,
    EntrepreneurRole,
    Kind,
    PartnershipType,
    ReviewStatus,
    SizeBand,
    certificate,
    code_of_words,
    role,
)
from service.programmes.schemas import Programme

T = TypeVar("T", bound=str)

MOST_STATEMENTS = 9
MOST_CODES = 40
EARLIEST_YEAR = 1700


def _hs_edition(value: str) -> str:
    if value not in HS_EDITIONS:
        raise InvalidValueError(
            "unknown_hs_edition",
            message(
                "{value} is not an HS edition: use one of {known}.",
                value=value,
                known=", ".join(HS_EDITIONS),
            ),
        )
    return value


def _wording(value: str) -> str:
    if value not in CONSENT_WORDINGS:
        raise InvalidValueError(
            "unknown_consent_wording",
            message(
                "{value} is not a wording of the consent: use one of {known}.",
                value=value,
                known=", ".join(CONSENT_WORDINGS),
            ),
        )
    return value


def _lowered(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


def _amount(value: Decimal) -> Decimal:
    return plain_decimal(value)


def _sorted_set(values: list[T]) -> list[T]:
    return sorted(set(values))


PartnershipTypes = Annotated[
    list[Annotated[PartnershipType, BeforeValidator(code_of_words)]], AfterValidator(_sorted_set)
]
Roles = Annotated[list[Annotated[EntrepreneurRole, BeforeValidator(role)]], AfterValidator(_sorted_set)]
Certificates = Annotated[list[Annotated[ShortText, AfterValidator(certificate)]], AfterValidator(_sorted_set)]
# The limits stand before the form is changed: of a number such as 1E+10000000 there is no plain form.
Amount = Annotated[Decimal, PydanticField(ge=0, max_digits=14, decimal_places=3), AfterValidator(_amount)]


class StatementFields(SQLModel):
    """One thing that a profile offers or seeks."""

    text: Text = Field(default="", max_length=4000, description="In any language, as its author writes.")
    text_language: Annotated[LanguageTag | None, EmptyIsNone] = Field(default=None, max_length=20)
    hs_codes: HsCodes = Field(default_factory=list, max_length=MOST_CODES, sa_type=JSON)
    hs_edition: Annotated[str, AfterValidator(_hs_edition)] = Field(
        default=CURRENT_HS_EDITION, sa_type=String(4)
    )
    partnership_types: PartnershipTypes = Field(default_factory=list, max_length=MOST_CODES, sa_type=JSON)
    target_countries: CountryCodes = Field(default_factory=list, max_length=MOST_CODES, sa_type=JSON)
    capacity: Annotated[Amount | None, EmptyIsNone] = Field(default=None, sa_type=ExactDecimal)
    capacity_unit: Annotated[ShortText | None, EmptyIsNone] = Field(default=None, max_length=40)
    capacity_period: Annotated[CapacityPeriod | None, EmptyIsNone] = Field(default=None, sa_type=String(10))
    minimum_order: Annotated[Amount | None, EmptyIsNone] = Field(default=None, sa_type=ExactDecimal)
    minimum_order_unit: Annotated[ShortText | None, EmptyIsNone] = Field(default=None, max_length=40)
    price_min: Annotated[Amount | None, EmptyIsNone] = Field(default=None, sa_type=ExactDecimal)
    price_max: Annotated[Amount | None, EmptyIsNone] = Field(default=None, sa_type=ExactDecimal)
    price_currency: Annotated[CurrencyCode | None, EmptyIsNone] = Field(default=None, sa_type=String(3))
    price_unit: Annotated[ShortText | None, EmptyIsNone] = Field(default=None, max_length=40)
    incoterm: Annotated[Incoterm | None, EmptyIsNone] = Field(default=None, sa_type=String(3))
    incoterm_place: Annotated[ShortText | None, EmptyIsNone] = Field(default=None, max_length=120)


class StatementCreate(StatementFields):
    """An offer or a request as it is sent: a text, or codes, or both."""

    model_config = ConfigDict(extra="forbid", validate_default=True)  # type: ignore[assignment]  # SQLModel narrows pydantic's type

    @field_validator("hs_edition")
    @classmethod
    def _codes_are_in_the_edition(cls, value: str, info: ValidationInfo) -> str:
        check_hs_edition(info.data.get("hs_codes", []), value)
        return value

    @field_validator("partnership_types")
    @classmethod
    def _says_something(cls, value: list[PartnershipType], info: ValidationInfo) -> list[PartnershipType]:
        # A field that is wrong is missing here; it was meant to say something, and is told on its own.
        if not value and info.data.get("text") == "" and info.data.get("hs_codes") == []:
            raise InvalidValueError(
                "empty_statement", message("Describe it in words, by HS codes or by kinds of partnership.")
            )
        return value

    @field_validator("capacity_unit", "minimum_order_unit")
    @classmethod
    def _amount_has_a_unit(cls, value: str | None, info: ValidationInfo) -> str | None:
        amount = str(info.field_name).removesuffix("_unit")
        if info.data.get(amount) is not None and value is None:
            raise InvalidValueError("unit_needed", message("Give the unit, such as tonnes or pieces."))
        return value

    @field_validator("price_max")
    @classmethod
    def _price_band_is_in_order(cls, value: Decimal | None, info: ValidationInfo) -> Decimal | None:
        least = info.data.get("price_min")
        if value is not None and least is not None and value < least:
            raise InvalidValueError(
                "price_band_reversed", message("The highest price is below the lowest: swap the two.")
            )
        return value

    @field_validator("price_currency")
    @classmethod
    def _price_has_a_currency(cls, value: str | None, info: ValidationInfo) -> str | None:
        priced = info.data.get("price_min") is not None or info.data.get("price_max") is not None
        if priced and value is None:
            raise InvalidValueError(
                "currency_needed", message("Give the currency of the price, such as USD.")
            )
        return value


class ConsentFields(SQLModel):
    """What somebody agreed to, in which words, and when."""

    purpose: ConsentPurpose = Field(sa_type=String(20))
    wording_version: Annotated[str, AfterValidator(_wording)] = Field(max_length=20)
    wording_language: LanguageTag = Field(max_length=20)
    given_on: date


class ConsentCreate(ConsentFields):
    """A consent as it is sent."""

    model_config = ConfigDict(extra="forbid")  # type: ignore[assignment]  # SQLModel narrows pydantic's type

    @field_validator("given_on")
    @classmethod
    def _given_by_now(cls, value: date) -> date:
        # A day of grace: it is already tomorrow in Almaty while it is today in UTC.
        if value > clock.today() + timedelta(days=1):
            raise InvalidValueError("consent_in_future", message("A consent cannot be given in the future."))
        return value


class ConsentRead(ConsentFields):
    """A consent as it stands."""

    withdrawn_at: datetime | None


class ProfileFields(SQLModel):
    """What both sides are known by, but for the restricted contact."""

    external_id: ShortText = Field(
        min_length=1, max_length=60, description="Identifier at the source agency; unique there."
    )
    display_name: ShortText = Field(min_length=1, max_length=200, description="In any script.")
    legal_name: Annotated[ShortText | None, EmptyIsNone] = Field(default=None, max_length=200)
    country: CountryCode = Field(sa_type=String(2))
    region: Annotated[ShortText | None, EmptyIsNone] = Field(default=None, max_length=120)
    city: Annotated[ShortText | None, EmptyIsNone] = Field(default=None, max_length=120)
    website: Annotated[Website | None, EmptyIsNone] = Field(default=None, max_length=300)
    languages: LanguageTags = Field(
        default_factory=list, max_length=MOST_CODES, sa_type=JSON, description="Business languages, BCP 47."
    )
    size_band: Annotated[SizeBand | None, EmptyIsNone] = Field(default=None, sa_type=String(10))
    founded_year: Annotated[int | None, EmptyIsNone] = Field(default=None, ge=EARLIEST_YEAR)
    activity_scheme: Annotated[ActivityScheme | None, BeforeValidator(_lowered), EmptyIsNone] = Field(
        default=None, sa_type=String(10)
    )
    activity_code: Annotated[ActivityCode | None, EmptyIsNone] = Field(default=None, max_length=10)
    certifications: Certificates = Field(default_factory=list, max_length=MOST_CODES, sa_type=JSON)
    valid_until: Annotated[date | None, EmptyIsNone] = Field(default=None)


class ContactFields(SQLModel):
    """Whom to reach; kept apart in everything that is read."""

    contact_name: Annotated[ShortText | None, EmptyIsNone] = Field(default=None, max_length=120)
    contact_email: Annotated[Email | None, EmptyIsNone] = Field(default=None, max_length=254)
    contact_phone: Annotated[Phone | None, EmptyIsNone] = Field(default=None, sa_type=String(20))


class ContactRead(ContactFields):
    """The restricted contact of a profile."""


class _ProfileChecks(SQLModel):
    """Checks that concern more than one field of a profile as it is sent."""

    source_agency: Annotated[Code | None, EmptyIsNone] = Field(
        default=None,
        max_length=32,
        description="Code of the agency it comes from; left out, it is the caller's own.",
    )
    offers: list[StatementCreate] = Field(default_factory=list, max_length=MOST_STATEMENTS)
    seeks: list[StatementCreate] = Field(default_factory=list, max_length=MOST_STATEMENTS)
    consents: list[ConsentCreate] = Field(default_factory=list, max_length=MOST_STATEMENTS)

    @field_validator("founded_year", check_fields=False)
    @classmethod
    def _founded_by_now(cls, value: int | None) -> int | None:
        if value is not None and value > clock.today().year:
            raise InvalidValueError(
                "founded_in_future", message("The year of foundation lies in the future.")
            )
        return value

    @field_validator("activity_code", check_fields=False)
    @classmethod
    def _activity_has_a_scheme(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and info.data.get("activity_scheme") is None:
            raise InvalidValueError(
                "scheme_needed", message("Say which scheme the activity code belongs to: OKED, NACE or ISIC.")
            )
        return value


class EntrepreneurFields(ProfileFields):
    """A diaspora entrepreneur."""

    residence_country: Annotated[CountryCode | None, EmptyIsNone] = Field(default=None, sa_type=String(2))
    centre: Annotated[Code | None, EmptyIsNone] = Field(
        default=None, max_length=32, description="Code of the Qazaq House centre."
    )
    roles: Roles = Field(default_factory=list, max_length=MOST_CODES, sa_type=JSON)
    markets_served: CountryCodes = Field(default_factory=list, max_length=MOST_CODES, sa_type=JSON)
    registration_number: Annotated[ShortText | None, EmptyIsNone] = Field(default=None, max_length=40)


class EntrepreneurCreate(_ProfileChecks, ContactFields, EntrepreneurFields):
    """A diaspora entrepreneur as sent through any of the doors."""

    model_config = ConfigDict(extra="forbid", validate_default=True)  # type: ignore[assignment]  # SQLModel narrows pydantic's type


class ExporterFields(ProfileFields):
    """A Kazakhstani exporter."""

    country: CountryCode = Field(default="KZ", sa_type=String(2))
    bin: Annotated[Bin | None, EmptyIsNone] = Field(
        default=None, sa_type=String(12), description="Business identification number with its check digit."
    )
    export_experience_years: Annotated[int | None, EmptyIsNone] = Field(default=None, ge=0, le=200)
    export_markets: CountryCodes = Field(default_factory=list, max_length=MOST_CODES, sa_type=JSON)
    kandas_owned: Annotated[bool | None, EmptyIsNone] = Field(
        default=None, description="Recorded with the owner's consent only."
    )
    rural: Annotated[bool | None, EmptyIsNone] = Field(default=None)
    programme: Annotated[Programme | None, EmptyIsNone] = Field(default=None, sa_type=String(20))


class ExporterCreate(_ProfileChecks, ContactFields, ExporterFields):
    """A Kazakhstani exporter as sent through any of the doors."""

    model_config = ConfigDict(extra="forbid", validate_default=True)  # type: ignore[assignment]  # SQLModel narrows pydantic's type

    @field_validator("consents")
    @classmethod
    def _kandas_status_needs_consent(
        cls, value: list[ConsentCreate], info: ValidationInfo
    ) -> list[ConsentCreate]:
        agreed = any(consent.purpose is ConsentPurpose.KANDAS_STATUS for consent in value)
        if info.data.get("kandas_owned") and not agreed:
            raise InvalidValueError(
                "kandas_consent_needed",
                message("The kandas status is recorded with the owner's consent only: give its date."),
            )
        return value


class StatementRead(StatementFields):
    """An offer or a request as it stands."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)  # type: ignore[assignment]  # SQLModel narrows pydantic's type


class ProfileState(SQLModel):
    """What the service knows beside the fields that were sent."""

    id: UUID
    source_agency: str
    revision: int
    review_status: ReviewStatus
    rejection_reason: str | None
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None
    offers: list[StatementRead]
    seeks: list[StatementRead]
    consents: list[ConsentRead]


class EntrepreneurRead(ProfileState, EntrepreneurFields):
    """A diaspora entrepreneur as it stands, without the contact."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)  # type: ignore[assignment]  # SQLModel narrows pydantic's type


class ExporterRead(ProfileState, ExporterFields):
    """A Kazakhstani exporter as it stands, without the contact."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)  # type: ignore[assignment]  # SQLModel narrows pydantic's type


class ProfileSummary(SQLModel):
    """A profile as lists show it."""

    id: UUID
    kind: Kind
    external_id: str
    source_agency: str
    display_name: str
    country: str
    region: str | None
    city: str | None
    languages: list[str]
    review_status: ReviewStatus
    valid_until: date | None
    archived_at: datetime | None


class ProfilePage(SQLModel):
    """One page of a list of profiles."""

    profiles: list[ProfileSummary]
    total: int
    page: int
    pages: int


class ProfileFilter(SQLModel):
    """Which profiles to list; what is empty does not narrow."""

    model_config = ConfigDict(extra="forbid")  # type: ignore[assignment]  # SQLModel narrows pydantic's type

    text: Text = Field(default="", max_length=200, description="Words in names, places, texts and codes.")
    countries: CountryCodes = Field(default_factory=list, max_length=MOST_CODES)
    region: Annotated[ShortText | None, EmptyIsNone] = Field(default=None, max_length=120)
    review_status: Annotated[ReviewStatus | None, EmptyIsNone] = Field(default=None)
    hs_prefix: Annotated[HsCode | None, EmptyIsNone] = Field(default=None)
    partnership_type: Annotated[PartnershipType | None, EmptyIsNone] = Field(default=None)
    language: Annotated[LanguageTag | None, EmptyIsNone] = Field(default=None)
    centre: Annotated[Code | None, EmptyIsNone] = Field(default=None)
    programme: Annotated[Programme | None, EmptyIsNone] = Field(default=None)
    kandas_owned: Annotated[bool | None, EmptyIsNone] = Field(default=None)
    rural: Annotated[bool | None, EmptyIsNone] = Field(default=None)
    archived: bool = Field(default=False)


class ProfileSearch(ProfileFilter):
    """Which profiles to list, and which page of them."""

    page: int = Field(default=1, ge=1, le=1_000_000)


class Outcome(StrEnum):
    """What a submission did to the stored profile."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class Submitted(SQLModel):
    """What became of a submission."""

    outcome: Outcome
    id: UUID


class Decision(SQLModel):
    """A reviewer's word on a profile."""

    model_config = ConfigDict(extra="forbid", validate_default=True)  # type: ignore[assignment]  # SQLModel narrows pydantic's type

    review_status: ReviewStatus
    reason: Text = Field(default="", max_length=1000)

    @field_validator("reason")
    @classmethod
    def _rejection_has_a_reason(cls, value: str, info: ValidationInfo) -> str:
        status = info.data.get("review_status")
        if status is ReviewStatus.REJECTED and not value:
            raise InvalidValueError("reason_needed", message("Say why, so that the sender can mend it."))
        return value


class Withdrawal(SQLModel):
    """Which consent is withdrawn."""

    model_config = ConfigDict(extra="forbid")  # type: ignore[assignment]  # SQLModel narrows pydantic's type

    purpose: ConsentPurpose = ConsentPurpose.MATCHING


class Bar(SQLModel):
    """Why a profile is not to be matched; without a reason it may be."""

    model_config = ConfigDict(extra="forbid")  # type: ignore[assignment]  # SQLModel narrows pydantic's type

    note: ShortText = Field(default="", max_length=1000)
