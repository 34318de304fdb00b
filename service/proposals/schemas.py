"""What callers send and get about proposals."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from service.match_lists.schemas import Partner
from service.platform.i18n import Message, message
from service.platform.problems import InvalidValueError
from service.platform.values import EmptyIsNone, Text
from service.profiles.schemas import ContactRead, ProfileSummary
from service.profiles.vocabulary import Kind

MOST_IDS = 20_000
DAYS_TO_ANSWER = 7
REMIND_DAYS_BEFORE = 2


class ProposalState(StrEnum):
    """Where a proposal stands."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


STATE_WORDS: dict[ProposalState, Message] = {
    ProposalState.PROPOSED: message("waiting for answers"),
    ProposalState.ACCEPTED: message("both said yes"),
    ProposalState.DECLINED: message("declined"),
    ProposalState.EXPIRED: message("not answered in time"),
    ProposalState.WITHDRAWN: message("withdrawn"),
}


class Answer(StrEnum):
    """What a side says to a proposal."""

    ACCEPTED = "accepted"
    DECLINED = "declined"


class Notice(StrEnum):
    """What a side must be told by letter."""

    PROPOSED = "proposed"
    REMINDER = "reminder"
    ACCEPTED = "accepted"
    CLOSED = "closed"


@dataclass(frozen=True)
class PairToMeet:
    """Two participants for whom a meeting is to be planned."""

    entrepreneur_id: UUID
    exporter_id: UUID
    score: float
    proposal_id: UUID | None


class AnswerTime(BaseModel):
    """By when both sides shall answer, and when those who have not are reminded."""

    model_config = ConfigDict(extra="forbid")

    answer_by: Annotated[date | None, EmptyIsNone] = Field(
        None, description="Last day to answer; by default a week from now, and before the forum starts."
    )
    remind_days_before: Annotated[int | None, EmptyIsNone] = Field(
        REMIND_DAYS_BEFORE, ge=1, le=60, description="Days before the last one; null reminds nobody."
    )


class ProposalsMade(BaseModel):
    """What became of the pairs of a published list."""

    proposed: int = Field(description="Pairs that were proposed now.")
    already: int = Field(description="Pairs that had been proposed before.")
    left_out: int = Field(description="Pairs of which one cannot be proposed any more.")


class ProposalIds(BaseModel):
    """Some proposals of a forum."""

    model_config = ConfigDict(extra="forbid")

    ids: list[UUID] = Field(min_length=1, max_length=MOST_IDS)


class ProposalsWithdraw(ProposalIds):
    """Proposals that the organiser takes back."""

    note: Text = Field("", max_length=500, description="Why; participants do not see it.")


class ProposalsAgain(ProposalIds, AnswerTime):
    """Proposals to be made once more, after a no or after their time was over."""

    note: Text = Field(min_length=1, max_length=500, description="Why the two are asked again.")


class AnswerCreate(BaseModel):
    """What a side says to a proposal."""

    model_config = ConfigDict(extra="forbid", validate_default=True)

    answer: Answer
    reason: Text = Field("", max_length=500, description="Why it says no; the organiser reads it.")

    @field_validator("reason")
    @classmethod
    def _a_no_has_a_reason(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("answer") is Answer.DECLINED and not value:
            raise InvalidValueError("reason_needed", message("Say in a few words why not."))
        return value


class AnswerFor(AnswerCreate):
    """What a side says through those who keep its profile."""

    side: Kind


class SideRead(BaseModel):
    """One side of a proposal as it stands."""

    answer: Answer | None
    reason: str = Field(description="Why it said no.")
    answered_at: datetime | None
    answered_by: str = Field(description="Who answered, in words; empty while nobody has.")
    on_behalf: bool = Field(description="Whether somebody else answered for the participant.")
    reminded_at: datetime | None


class ProposalRead(BaseModel):
    """A proposal as it stands."""

    id: UUID
    forum_id: UUID
    entrepreneur: Partner
    exporter: Partner
    score: float
    state: ProposalState
    round: int
    note: str
    proposed_at: datetime
    expires_at: datetime
    answer_by: date = Field(description="Last day to answer, by the forum's clock.")
    closed_at: datetime | None
    sides: dict[Kind, SideRead]
    may_answer: list[Kind] = Field(description="Sides that the caller may answer for now.")


class ProposalFilter(BaseModel):
    """Which proposals to list; what is empty does not narrow."""

    model_config = ConfigDict(extra="forbid")

    state: Annotated[ProposalState | None, EmptyIsNone] = Field(None)
    waiting_for: Annotated[Kind | None, EmptyIsNone] = Field(
        None, description="Open ones that this side has not answered."
    )
    text: Text = Field("", max_length=200, description="Part of the name of one of the two.")
    page: int = Field(1, ge=1, le=1_000_000)


class ProposalPage(BaseModel):
    """One page of the proposals of a forum, best pairs first."""

    proposals: list[ProposalRead]
    counts: dict[ProposalState, int] = Field(description="Of all that the caller may see.")
    total: int
    page: int
    pages: int


class ReleasedContact(BaseModel):
    """The contact of a partner, shown when both sides have accepted."""

    partner: Partner
    contact: ContactRead


def partner_of(summary: ProfileSummary) -> Partner:
    """Give a profile as a proposal shows it, without contact."""
    return Partner(id=summary.id, name=summary.display_name, country=summary.country, city=summary.city)
