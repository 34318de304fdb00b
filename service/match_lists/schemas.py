"""What callers send and get about match lists."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from matching import MatchConfig
from service.forums.schemas import ShareCriterion
from service.platform.i18n import Message, message
from service.platform.problems import InvalidValueError
from service.platform.values import Text
from service.profiles.schemas import ProfileSummary
from service.profiles.vocabulary import OBSTACLES, Kind

MOST_PARTNERS = 100
DEFAULT_PARTNERS = 5
DEFAULT_CANDIDATES = 20


class ListState(StrEnum):
    """Where a match list stands."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


OPEN_STATES = frozenset({ListState.DRAFT, ListState.REVIEWED})
"""In which a list may still be changed."""

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

SIDE_WORDS: dict[Kind, Message] = {
    Kind.ENTREPRENEUR: message("Entrepreneur"),
    Kind.EXPORTER: message("Exporter"),
}

# Codes of the hard rules, beside the obstacles of single profiles.
RULES: dict[str, Message] = {
    **OBSTACLES,
    "nothing_to_match": message("the profile has no usable word or code"),
    "same_owner": message("both belong to the same owner"),
    "organiser": message("the organiser ruled it out"),
    "said_no": message("one of them said no"),
    "has_met": message("they have met before"),
    "not_taking_part": message("one of them does not take part in this list"),
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


PairIds = tuple[str, str]
"""An entrepreneur's id and an exporter's."""


class ShareAsked(BaseModel):
    """A reserved share as a list was asked to keep it."""

    criterion: ShareCriterion
    value: str
    percent: int
    members: list[str] = Field(description="Exporters of the list for whom it is reserved.")


class UnkeptPin(BaseModel):
    """A pinned pair that a list cannot hold."""

    pair: PairIds
    reason: str = Field(description="Code: `not_taking_part`, or that of the rule.")


class AllocationAsked(BaseModel):
    """What the pairs of a list were chosen by; kept with the list, so that it can be made again."""

    limits: dict[Kind, dict[str, tuple[int, int]]] = Field(description="Least and most meetings of each.")
    shares: list[ShareAsked]
    apart: list[tuple[list[str], list[str]]] = Field(
        description="Groups of each side that a rule keeps apart."
    )
    pins: list[PairIds]
    unkept_pins: list[UnkeptPin]
    musts: list[PairIds]
    wants: list[PairIds]
    want_points: int


class AllocationKept(BaseModel):
    """How the pairs of a list were chosen."""

    asked: AllocationAsked
    places: list[int] = Field(description="Meetings that each reserved share asked for.")


class PairStep(StrEnum):
    """What an organiser decides about a pair of a list."""

    ADD = "add"
    REMOVE = "remove"
    PIN = "pin"
    UNPIN = "unpin"
    BAN = "ban"


class PairDecision(BaseModel):
    """A decision about a pair, with the reason that is kept."""

    model_config = ConfigDict(extra="forbid")

    step: PairStep
    entrepreneur_id: UUID
    exporter_id: UUID
    note: Text = Field(min_length=1, max_length=500, description="Why; kept with the pair.")
    override: bool = Field(
        default=False, description="Add or pin the pair although one said no, or they have met."
    )
    revision: int = Field(ge=1, description="Revision of the list that the decision was made on.")


class MatchListCreate(BaseModel):
    """A match list to be generated."""

    model_config = ConfigDict(extra="forbid")

    k: int = Field(
        DEFAULT_CANDIDATES,
        ge=1,
        le=MOST_PARTNERS,
        description="Candidates: the best partners of each participant, of whom some are chosen.",
    )
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
    pairs: int = Field(description="Chosen pairs: those that are proposed.")
    candidates: int = Field(description="All pairs of the list, chosen or not.")
    revision: int = Field(description="Sent back with every change, so that no two overwrite each other.")
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
    """A pair of a list; it is proposed when it is chosen, else it may come next."""

    entrepreneur: Partner
    exporter: Partner
    score: float
    rank_for_entrepreneur: int | None
    rank_for_exporter: int | None
    chosen: bool
    standing: Standing
    note: str = Field(description="Why the organiser decided so.")
    decided_by: str | None
    reasons: list[Reason] = Field(description="Of chosen pairs; others are explained one by one.")


class PartnerChoice(BaseModel):
    """A candidate of one participant, and whether it is chosen."""

    partner: Partner
    score: float
    chosen: bool
    standing: Standing


class PartnersRead(BaseModel):
    """Whom one participant of a list could meet."""

    participant: Partner
    candidates: list[PartnerChoice]
    others: list[Partner] = Field(description="Participants that are no candidates, found by their names.")


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


class SideFairness(BaseModel):
    """How the meetings are spread over one side."""

    side: Kind
    participants: int
    without: int = Field(description="How many have no meeting.")
    missing: int = Field(description="Meetings missing under the least of each.")
    gini: float = Field(description="0: all have equally many; near 1: few have them all.")
    top_share: float = Field(description="Part of all meetings that the busiest tenth has.")


class Shortfall(BaseModel):
    """A participant with no meeting, or fewer than its least, and why."""

    side: Kind
    participant: Partner
    meetings: int
    least: int
    reason: str = Field(description="Code of the reason.")
    text: str = Field(description="The reason in words.")


class ShareReached(BaseModel):
    """What a reserved share asked for and got; an exporter is counted for the first share that it fits."""

    criterion: ShareCriterion
    value: str
    percent: int = Field(description="Asked: part of all meetings.")
    places: int = Field(description="Asked: meetings.")
    reached: int = Field(description="Meetings of those who are counted for it.")
    members: int = Field(description="Exporters of the list for whom it is reserved.")
    members_meetings: int = Field(
        description="Meetings of all of them, whichever share they are counted for."
    )
    members_percent: float = Field(description="That as a part of all meetings.")


class OnePlaceMore(BaseModel):
    """What the best allocation would gain if one participant could take one meeting more."""

    side: Kind
    participant: Partner
    missing: int = Field(description="Fewer missing meetings.")
    reserved: int = Field(description="More reserved places reached.")
    score: float = Field(description="Higher total score; it may fall where something before it is gained.")


class WishesKept(BaseModel):
    """How many wishes were told that the rules allow, and how many of them are chosen."""

    musts: int
    musts_kept: int
    wants: int
    wants_kept: int


class UnkeptPinRead(BaseModel):
    """A pinned pair that the list cannot hold, and why."""

    entrepreneur: Partner
    exporter: Partner
    reason: str
    text: str


class KeptApart(BaseModel):
    """How many of each side a rule of the forum keeps apart."""

    entrepreneurs: int
    exporters: int


class Fairness(BaseModel):
    """How fair a list is as it stands, after everything that was decided about its pairs."""

    meetings: int
    missing: int = Field(description="Meetings missing under the least of each participant of both sides.")
    missing_at_best: int = Field(
        description="The least that can be reached with what was decided by hand: 'missing' of a fresh list."
    )
    sides: list[SideFairness]
    short: list[Shortfall]
    shares: list[ShareReached]
    wishes: WishesKept
    unkept_pins: list[UnkeptPinRead]
    kept_apart: list[KeptApart]
    one_more: list[OnePlaceMore] = Field(description="Where one more place brings most, best first.")


class PairChange(StrEnum):
    """What became of a pair between two versions of a list."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    RESCORED = "rescored"


CHANGE_WORDS: dict[PairChange, Message] = {
    PairChange.ADDED: message("added"),
    PairChange.REMOVED: message("removed"),
    PairChange.MOVED: message("other rank"),
    PairChange.RESCORED: message("other score"),
}


class PairVersion(BaseModel):
    """How a pair stands on one version of a list."""

    chosen: bool
    standing: Standing
    score: float
    rank_for_entrepreneur: int | None
    rank_for_exporter: int | None


class PairDifference(BaseModel):
    """A pair that two versions of a list do not share as it is."""

    entrepreneur: Partner
    exporter: Partner
    change: PairChange = Field(description="The weightiest: added or removed, else moved, else rescored.")
    before: PairVersion | None = Field(description="None where the pair was no candidate.")
    after: PairVersion | None
    reason: str = Field(description="Why a pair was added or removed, in words; else empty.")


class Comparison(BaseModel):
    """Two versions of a forum's list side by side."""

    before: MatchListRead
    after: MatchListRead
    added: int
    removed: int
    moved: int
    rescored: int
    same: int
    differences: list[PairDifference] = Field(description="Added, removed, moved, rescored; by name in each.")
    page: int
    pages: int


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
