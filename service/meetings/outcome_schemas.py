"""What callers send and get about what became of meetings."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from service.match_lists.schemas import Partner
from service.meetings.schemas import MeetingRead
from service.platform.i18n import Message, message
from service.platform.problems import InvalidValueError
from service.platform.values import EmptyIsNone, Text
from service.profiles.vocabulary import Kind

BEST_RATING = 5


class Verdict(StrEnum):
    """What one side says of a meeting."""

    HELD = "held"
    NO_SHOW = "no_show"


VERDICT_WORDS: dict[Verdict, Message] = {
    Verdict.HELD: message("held"),
    Verdict.NO_SHOW: message("the other side did not come"),
}


class StepOwner(StrEnum):
    """Who sees to a next step."""

    ENTREPRENEUR = "entrepreneur"
    EXPORTER = "exporter"
    ORGANISER = "organiser"


OWNER_WORDS: dict[StepOwner, Message] = {
    StepOwner.ENTREPRENEUR: message("the entrepreneur"),
    StepOwner.EXPORTER: message("the exporter"),
    StepOwner.ORGANISER: message("the organiser"),
}


class FeedbackCreate(BaseModel):
    """What one side says of its meeting, and perhaps the next step that the two agreed on."""

    model_config = ConfigDict(extra="forbid")

    verdict: Verdict
    rating: Annotated[int | None, EmptyIsNone] = Field(None, ge=1, le=BEST_RATING, description="Best is 5.")

    @model_validator(mode="after")
    def _rated_when_held(self) -> Self:
        if self.rating is not None and self.verdict is not Verdict.HELD:
            raise InvalidValueError(
                "rated_without_meeting",
                message("A meeting that was not held cannot be rated: leave the rating out."),
            )
        return self


class FeedbackRead(BaseModel):
    """What one side said."""

    model_config = ConfigDict(from_attributes=True)

    side: Kind
    verdict: Verdict
    rating: int | None
    said_at: datetime


class PresenceNote(BaseModel):
    """Who came to a meeting, as an organiser or the desk notes it; None: not known."""

    model_config = ConfigDict(extra="forbid")

    entrepreneur_present: Annotated[bool | None, EmptyIsNone] = None
    exporter_present: Annotated[bool | None, EmptyIsNone] = None


class NextStepCreate(BaseModel):
    """Who does what until when."""

    model_config = ConfigDict(extra="forbid")

    text: Text = Field(min_length=1, max_length=500)
    owner: StepOwner
    due_on: date


class NextStepDone(BaseModel):
    """Whether a next step is done."""

    model_config = ConfigDict(extra="forbid")

    done: bool


class NextStepRead(BaseModel):
    """A next step as it stands."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    entrepreneur: Partner
    exporter: Partner
    text: str
    owner: StepOwner
    due_on: date
    done_at: datetime | None
    overdue: bool


class OutcomeRead(BaseModel):
    """What became of a meeting: who came, what each side says, and what comes next."""

    meeting: MeetingRead
    feedback: list[FeedbackRead]
    contested: bool = Field(description="One side says that the other did not come, which the other denies.")
    next_steps: list[NextStepRead]


class OutcomeFigures(BaseModel):
    """What became of the meetings of a forum, counted."""

    held: int = 0
    no_show: int = 0
    contested: int = 0
    unknown: int = Field(0, description="Begun, and nobody has said how it was.")
    to_come: int = 0
    cancelled: int = 0
    entrepreneur_rating: float | None = Field(None, description="Mean of what entrepreneurs gave.")
    exporter_rating: float | None = Field(None, description="Mean of what exporters gave.")
    steps_open: int = 0
    steps_overdue: int = 0


class Outcomes(BaseModel):
    """What became of the meetings of a forum."""

    figures: OutcomeFigures
    meetings: list[OutcomeRead]
    due: list[NextStepRead] = Field(description="Next steps that are not done, the most urgent first.")
