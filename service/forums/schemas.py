"""What callers send and get about forums."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import ConfigDict, ValidationInfo, field_validator
from sqlalchemy import String
from sqlmodel import Field, SQLModel

from service.platform.i18n import Message, message
from service.platform.problems import InvalidValueError
from service.platform.values import Code, CountryCode, LocalisedName, ShortText, Text, TimeZone
from service.profiles.schemas import ProfileFilter, ProfileSummary
from service.profiles.vocabulary import Kind

MOST_IDS = 5000


class ForumFields(SQLModel):
    """What a forum is known by."""

    code: Code = Field(max_length=40, description="Short code, such as `berlin-2027`.")
    name: LocalisedName
    host_country: CountryCode = Field(sa_type=String(2))
    city: ShortText = Field(min_length=1, max_length=120)
    time_zone: TimeZone = Field(max_length=60)
    starts_on: date
    ends_on: date


class ForumCreate(ForumFields):
    """A forum to be held."""

    model_config = ConfigDict(extra="forbid")  # type: ignore[assignment]  # SQLModel narrows pydantic's type

    @field_validator("ends_on")
    @classmethod
    def _ends_after_it_starts(cls, value: date, info: ValidationInfo) -> date:
        start = info.data.get("starts_on")
        if start is not None and value < start:
            raise InvalidValueError("forum_ends_early", message("The forum ends before it starts."))
        return value


class ForumRead(ForumFields):
    """A forum as it stands."""

    id: UUID
    revision: int
    entrepreneurs: int
    exporters: int


class ParticipantsAdd(SQLModel):
    """Profiles of one side to take part, by their ids or by a filter."""

    model_config = ConfigDict(extra="forbid")  # type: ignore[assignment]  # SQLModel narrows pydantic's type

    kind: Kind
    ids: list[UUID] = Field(default_factory=list, max_length=MOST_IDS)
    filter: ProfileFilter | None = None
    dry_run: bool = Field(default=False, description="Only tell who would be added.")


class ParticipantsAdded(SQLModel):
    """Who was added, or would be."""

    added: int
    already: int
    not_approved: int
    profiles: list[ProfileSummary]


class ParticipantRead(ProfileSummary):
    """A participant of a forum."""

    added_at: datetime
    added_by: str
    by_filter: bool


class ExclusionReason(StrEnum):
    """Why two must not be proposed to each other."""

    ORGANISER = "organiser"
    SAID_NO = "said_no"
    HAS_MET = "has_met"


EXCLUSION_WORDS: dict[ExclusionReason, Message] = {
    ExclusionReason.ORGANISER: message("the organiser ruled it out"),
    ExclusionReason.SAID_NO: message("one of them said no"),
    ExclusionReason.HAS_MET: message("they have met before"),
}


class ExclusionCreate(SQLModel):
    """A pair that must not be proposed."""

    model_config = ConfigDict(extra="forbid")  # type: ignore[assignment]  # SQLModel narrows pydantic's type

    entrepreneur_id: UUID
    exporter_id: UUID
    reason: ExclusionReason = ExclusionReason.ORGANISER
    note: Text = Field(default="", max_length=500)


class ExclusionRead(SQLModel):
    """A pair that must not be proposed, as it stands."""

    id: UUID
    entrepreneur_id: UUID
    exporter_id: UUID
    entrepreneur_name: str
    exporter_name: str
    reason: ExclusionReason
    note: str
    created_at: datetime
