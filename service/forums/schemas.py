"""What callers send and get about forums."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, ValidationInfo, field_validator
from sqlalchemy import String
from sqlmodel import Field, SQLModel

from service.forums.pair_schemas import PinRead
from service.platform.i18n import Message, message
from service.platform.problems import FieldProblem, InvalidValueError
from service.platform.values import (
    Code,
    CountryCode,
    EmptyIsNone,
    LanguageTag,
    LocalisedName,
    ShortText,
    Text,
    TimeZone,
)
from service.profiles.regions import region_name
from service.profiles.schemas import ProfileFilter, ProfileSummary
from service.profiles.vocabulary import Kind
from service.programmes.schemas import Programme

MOST_IDS = 5000
MOST_MEETINGS = 200
MOST_SPANS = 40
MOST_DAYS = 31
LONGEST_LABEL = 20


class Phase(StrEnum):
    """How far a forum has come; each phase follows the one before it."""

    REGISTRATION = "registration"
    PREFERENCES = "preferences"
    DRAFT = "draft"
    PUBLISHED = "published"
    LIVE = "live"
    FOLLOW_UP = "follow_up"


PHASE_WORDS: dict[Phase, Message] = {
    Phase.REGISTRATION: message("registration"),
    Phase.PREFERENCES: message("preferences"),
    Phase.DRAFT: message("draft timetable"),
    Phase.PUBLISHED: message("published timetable"),
    Phase.LIVE: message("the forum is on"),
    Phase.FOLLOW_UP: message("follow-up"),
}


class LimitFields(SQLModel):
    """How many meetings each participant of a side gets."""

    entrepreneur_min: int = Field(default=1, ge=0, le=MOST_MEETINGS, description="Meetings that each gets.")
    entrepreneur_max: int = Field(default=8, ge=0, le=MOST_MEETINGS)
    exporter_min: int = Field(default=1, ge=0, le=MOST_MEETINGS, description="Meetings that each gets.")
    exporter_max: int = Field(default=8, ge=0, le=MOST_MEETINGS)


class _LimitChecks(SQLModel):
    """A limit makes sense beside the other one."""

    @field_validator("entrepreneur_max", "exporter_max", "max_meetings", check_fields=False)
    @classmethod
    def _most_is_not_below_least(cls, value: int | None, info: ValidationInfo) -> int | None:
        name = str(info.field_name).replace("_max", "_min").replace("max_", "min_")
        least = info.data.get(name)
        if value is not None and least is not None and value < least:
            raise InvalidValueError(
                "limits_reversed", message("The most meetings are below the least: swap the two.")
            )
        return value


class LimitsChange(_LimitChecks, LimitFields):
    """How many meetings each participant of a side shall get."""

    model_config = ConfigDict(extra="forbid", validate_default=True)  # type: ignore[assignment]  # SQLModel narrows pydantic's type


class ForumFields(LimitFields):
    """What a forum is known by."""

    code: Code = Field(max_length=40, description="Short code, such as `berlin-2027`.")
    name: LocalisedName
    host_country: CountryCode = Field(sa_type=String(2))
    city: ShortText = Field(min_length=1, max_length=120)
    time_zone: TimeZone = Field(max_length=60)
    starts_on: date
    ends_on: date


class ForumCreate(_LimitChecks, ForumFields):
    """A forum to be held."""

    model_config = ConfigDict(extra="forbid", validate_default=True)  # type: ignore[assignment]  # SQLModel narrows pydantic's type

    @field_validator("ends_on")
    @classmethod
    def _ends_after_it_starts(cls, value: date, info: ValidationInfo) -> date:
        start = info.data.get("starts_on")
        if start is not None and value < start:
            raise InvalidValueError("forum_ends_early", message("The forum ends before it starts."))
        if start is not None and (value - start).days >= MOST_DAYS:
            raise InvalidValueError(
                "forum_too_long",
                message("A forum lasts at most {most} days: look at the year of both days.", most=MOST_DAYS),
            )
        return value


class ForumRead(ForumFields):
    """A forum as it stands."""

    id: UUID
    phase: Phase
    revision: int
    entrepreneurs: int
    exporters: int


class PhaseChange(SQLModel):
    """The phase that a forum shall go to."""

    model_config = ConfigDict(extra="forbid")  # type: ignore[assignment]  # SQLModel narrows pydantic's type

    phase: Phase


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


class TimeSpan(SQLModel):
    """A stretch of time, in UTC."""

    starts_at: datetime
    ends_at: datetime


class ParticipantRead(ProfileSummary):
    """A participant of a forum."""

    participant_id: UUID
    added_at: datetime
    added_by: str
    by_filter: bool
    min_meetings: int | None
    max_meetings: int | None
    time_zone: str | None
    revision: int
    available: list[TimeSpan] = Field(description="Empty means at all times.")


class SessionFields(SQLModel):
    """How a session is cut into slots."""

    name: ShortText = Field(default="", max_length=120)
    meeting_minutes: int = Field(default=20, ge=5, le=240)
    buffer_minutes: int = Field(default=5, ge=0, le=120)


class SessionCreate(SessionFields):
    """A session to be held; its times are those of the forum's clock unless they carry an offset."""

    model_config = ConfigDict(extra="forbid")  # type: ignore[assignment]  # SQLModel narrows pydantic's type

    starts_at: datetime
    ends_at: datetime


class SlotRead(SQLModel):
    """A slot as it stands, in UTC."""

    id: UUID
    session_id: UUID
    starts_at: datetime
    ends_at: datetime


class SessionRead(SessionFields):
    """A session as it stands, in UTC."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    slots: list[SlotRead]


class MeetingTableFields(SQLModel):
    """What a meeting table is known by."""

    label: ShortText = Field(
        min_length=1, max_length=LONGEST_LABEL, description="Short, as on its sign: `12`, `B4`."
    )
    location: ShortText = Field(default="", max_length=80, description="Hall or floor.")


class MeetingTablesCreate(SQLModel):
    """Meeting tables of one location, by single labels and ranges such as `1-40`."""

    model_config = ConfigDict(extra="forbid")  # type: ignore[assignment]  # SQLModel narrows pydantic's type

    labels: list[ShortText] = Field(min_length=1, max_length=MOST_IDS)
    location: ShortText = Field(default="", max_length=80)


class MeetingTableChange(MeetingTableFields):
    """A meeting table that is renamed, stands elsewhere, or comes elsewhere in the order."""

    model_config = ConfigDict(extra="forbid")  # type: ignore[assignment]  # SQLModel narrows pydantic's type

    place: Annotated[int | None, EmptyIsNone] = Field(
        default=None, ge=1, le=MOST_IDS, description="Place in the order, from 1; None leaves it."
    )


class MeetingTablesMove(SQLModel):
    """Meeting tables that stand in another location from now on."""

    model_config = ConfigDict(extra="forbid")  # type: ignore[assignment]  # SQLModel narrows pydantic's type

    ids: list[UUID] = Field(min_length=1, max_length=MOST_IDS)
    location: ShortText = Field(default="", max_length=80)


class MeetingTableRead(MeetingTableFields):
    """A meeting table as it stands."""

    id: UUID
    position: int


class InterpreterShiftFields(SQLModel):
    """Interpreters of one language."""

    language: LanguageTag = Field(max_length=20)
    interpreters: int = Field(default=1, ge=1, le=500)


class InterpreterShiftCreate(InterpreterShiftFields):
    """Interpreters to be there; times are those of the forum's clock unless they carry an offset."""

    model_config = ConfigDict(extra="forbid")  # type: ignore[assignment]  # SQLModel narrows pydantic's type

    starts_at: datetime
    ends_at: datetime


class InterpreterShiftRead(InterpreterShiftFields):
    """Interpreters as they stand, in UTC."""

    id: UUID
    starts_at: datetime
    ends_at: datetime


class RuleEffect(StrEnum):
    """What holds between those whom the two filters of a rule find."""

    NEVER = "never"
    ENTREPRENEURS_ONLY = "entrepreneurs_only"
    EXPORTERS_ONLY = "exporters_only"


RULE_WORDS: dict[RuleEffect, Message] = {
    RuleEffect.NEVER: message("these entrepreneurs and these exporters never meet"),
    RuleEffect.ENTREPRENEURS_ONLY: message("these entrepreneurs meet only these exporters"),
    RuleEffect.EXPORTERS_ONLY: message("these exporters meet only these entrepreneurs"),
}


class MeetingRuleCreate(SQLModel):
    """Who may meet whom: `never` keeps the two groups apart, the others keep one of them to the other."""

    model_config = ConfigDict(extra="forbid")  # type: ignore[assignment]  # SQLModel narrows pydantic's type

    effect: RuleEffect
    entrepreneurs: ProfileFilter = Field(default_factory=ProfileFilter)
    exporters: ProfileFilter = Field(default_factory=ProfileFilter)
    note: Text = Field(default="", max_length=500)


class MeetingRuleRead(SQLModel):
    """A rule as it stands, with how many participants it concerns on each side."""

    id: UUID
    effect: RuleEffect
    entrepreneurs: ProfileFilter
    exporters: ProfileFilter
    note: str
    entrepreneurs_found: int
    exporters_found: int


class ShareCriterion(StrEnum):
    """What makes an exporter one for whom a share is reserved."""

    PROGRAMME = "programme"
    KANDAS_OWNED = "kandas_owned"
    RURAL = "rural"
    REGION = "region"


CRITERION_WORDS: dict[ShareCriterion, Message] = {
    ShareCriterion.PROGRAMME: message("Programme"),
    ShareCriterion.KANDAS_OWNED: message("Owned by a kandas"),
    ShareCriterion.RURAL: message("Rural business"),
    ShareCriterion.REGION: message("Region"),
}


class ReservedShareFields(SQLModel):
    """A part of the meetings that is kept for some exporters."""

    criterion: ShareCriterion = Field(sa_type=String(12))
    value: ShortText = Field(
        default="", max_length=120, description="Code of the programme or name of the region; else empty."
    )
    percent: int = Field(ge=1, le=100, description="Part of all meetings.")


class ReservedShareCreate(ReservedShareFields):
    """A share to be reserved."""

    model_config = ConfigDict(extra="forbid", validate_default=True)  # type: ignore[assignment]  # SQLModel narrows pydantic's type

    @field_validator("value")
    @classmethod
    def _names_whom(cls, value: str, info: ValidationInfo) -> str:
        match info.data.get("criterion"):
            case ShareCriterion.PROGRAMME if value not in set(Programme):
                known = ", ".join(Programme)
                raise InvalidValueError(
                    "unknown_programme",
                    message("{value} is not a programme: use one of {known}.", value=value, known=known),
                )
            case ShareCriterion.REGION if not value:
                raise InvalidValueError("region_needed", message("Name the region."))
            case ShareCriterion.REGION:
                # One region has one name here, however its exporters write it.
                return region_name(value, "kk")
            case ShareCriterion.KANDAS_OWNED | ShareCriterion.RURAL:
                return ""
        return value


class ReservedShareRead(ReservedShareFields):
    """A reserved share as it stands."""

    id: UUID
    position: int


class SharesRanking(SQLModel):
    """The reserved shares in the order in which they shall count."""

    model_config = ConfigDict(extra="forbid")  # type: ignore[assignment]  # SQLModel narrows pydantic's type

    ids: list[UUID] = Field(max_length=MOST_IDS)


class ParticipantChange(_LimitChecks):
    """What one participant asks of the timetable; what is not sent stays as it is."""

    model_config = ConfigDict(extra="forbid")  # type: ignore[assignment]  # SQLModel narrows pydantic's type

    min_meetings: Annotated[int | None, EmptyIsNone] = Field(default=None, ge=0, le=MOST_MEETINGS)
    max_meetings: Annotated[int | None, EmptyIsNone] = Field(default=None, ge=0, le=MOST_MEETINGS)
    time_zone: Annotated[TimeZone | None, EmptyIsNone] = Field(
        default=None, description="In which times without an offset are meant; else the forum's."
    )
    available: list[TimeSpan] = Field(
        default_factory=list, max_length=MOST_SPANS, description="Empty means at all times."
    )


class ParticipantRequest(ParticipantChange):
    """What one of many participants asks of the timetable."""

    kind: Kind
    profile_id: UUID


class RefusedItem(SQLModel):
    """One of many that was not saved, and why."""

    place: int = Field(description="Place in what was sent, from 0.")
    errors: list[FieldProblem] = Field(description="Pointers lead into this one.")


class SavedMany(SQLModel):
    """What became of many that were sent at once."""

    saved: int
    refused: list[RefusedItem]


class DifficultyRead(SQLModel):
    """What will not work out at a forum as it is set up."""

    code: str
    text: str


class SetUpRead(SQLModel):
    """Everything that a forum is set up with."""

    forum: ForumRead
    sessions: list[SessionRead]
    tables: list[MeetingTableRead]
    interpreters: list[InterpreterShiftRead]
    rules: list[MeetingRuleRead]
    shares: list[ReservedShareRead]
    pins: list[PinRead]
    next_phases: list[Phase]
    difficulties: list[DifficultyRead]
