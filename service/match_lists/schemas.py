"""What callers send and get about match lists."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from matching import MatchConfig
from service.platform.i18n import Message, message
from service.platform.problems import InvalidValueError
from service.profiles.schemas import ProfileSummary
from service.profiles.vocabulary import OBSTACLES

MOST_PARTNERS = 100
DEFAULT_PARTNERS = 5


class ListState(StrEnum):
    """Where a match list stands."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


STATE_WORDS: dict[ListState, Message] = {
    ListState.DRAFT: message("draft"),
    ListState.REVIEWED: message("reviewed"),
    ListState.PUBLISHED: message("published"),
    ListState.SUPERSEDED: message("superseded"),
}


class Standing(StrEnum):
    """Who decided whether a pair of a list is chosen: the allocation, or the organiser and how."""

    ALLOCATED = "allocated"
    PINNED = "pinned"
    ADDED = "added"
    REMOVED = "removed"


STANDING_WORDS: dict[Standing, Message] = {
    Standing.ALLOCATED: message("allocated"),
    Standing.PINNED: message("pinned"),
    Standing.ADDED: message("added"),
    Standing.REMOVED: message("removed"),
}

# Codes of the hard rules, beside the obstacles of single profiles.
RULES: dict[str, Message] = {
    **OBSTACLES,
    "nothing_to_match": message("the profile has no usable word or code"),
    "same_owner": message("both belong to the same owner"),
    "organiser": message("the organiser ruled it out"),
    "said_no": message("one of them said no"),
    "has_met": message("they have met before"),
}


def _checked_config(values: dict[str, Any]) -> dict[str, Any]:
    try:
        MatchConfig.from_dict(values)
    except (TypeError, ValueError) as error:
        raise InvalidValueError(
            "match_config",
            message("These parameters of the matcher cannot be used: {reason}.", reason=str(error)),
        ) from None
    return values


class MatchListCreate(BaseModel):
    """A match list to be generated."""

    model_config = ConfigDict(extra="forbid")

    k: int = Field(DEFAULT_PARTNERS, ge=1, le=MOST_PARTNERS, description="Best partners of each participant.")
    config: Annotated[dict[str, Any], AfterValidator(_checked_config)] = Field(
        default_factory=dict,
        description="Parameters of the matcher that differ from the default: balance, weights, sublinear.",
    )


class MatchListRead(BaseModel):
    """A match list as it stands, without its pairs."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    forum_id: UUID
    number: int
    state: ListState
    k: int
    matcher_version: int
    index_version: int
    config: dict[str, Any]
    config_digest: str
    digest: str
    entrepreneurs: int
    exporters: int
    pairs: int
    made_at: datetime


class Reason(BaseModel):
    """One reason for a pair, in words."""

    direction: str
    field: str
    text: str
    share: float = Field(description="Part of the pair's score, in [0, 1].")


class Partner(BaseModel):
    """A proposed partner as lists show it, without contact."""

    id: UUID
    name: str
    country: str
    city: str | None


class EntryRead(BaseModel):
    """A proposed pair."""

    entrepreneur: Partner
    exporter: Partner
    score: float
    rank_for_entrepreneur: int | None
    rank_for_exporter: int | None
    reasons: list[Reason]


class EntryPage(BaseModel):
    """One page of the pairs of a match list, by the participants of one side."""

    entries: list[EntryRead]
    page: int
    pages: int


class ContributionRead(BaseModel):
    """What one shared term adds to a score."""

    model_config = ConfigDict(from_attributes=True)

    direction: str
    field: str
    term: str
    sought: str
    offered: str
    concept: str | None = Field(
        default=None, description="The shared meaning, in the caller's language, where the thesaurus has one."
    )
    amount: float


class ExplanationRead(BaseModel):
    """The score of a pair taken apart: the contributions sum up to it within 1e-6."""

    score: float
    contributions: list[ContributionRead]
    reasons: list[Reason]


class LeftOut(BaseModel):
    """A participant or a pair that a hard rule left out."""

    entrepreneur: Partner | None
    exporter: Partner | None
    reason: str = Field(description="Code of the rule.")
    text: str = Field(description="The rule in words.")


class Reproduction(BaseModel):
    """Whether a list made again from what it keeps is the same to the last digit."""

    same: bool
    digest: str
    made_again: str
    text: str


class ProfileMatch(BaseModel):
    """A partner proposed to one profile."""

    partner: ProfileSummary
    score: float
    rank: int
    reasons: list[Reason]
