"""What the desk sends and gets on the day of a forum."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from service.match_lists.schemas import Partner
from service.meetings.outcome_schemas import PresenceNote
from service.meetings.schemas import MeetingRead, PlaceSeen, RequestKind, RequestState, SlotSeen
from service.platform.i18n import Message, message
from service.platform.values import EmptyIsNone, Text
from service.profiles.vocabulary import Kind


class StepKind(StrEnum):
    """What a step of the desk was."""

    ARRIVED = "arrived"
    NOT_ARRIVED = "not_arrived"
    PRESENCE = "presence"
    MOVED = "moved"
    SWAPPED = "swapped"
    CANCELLED = "cancelled"
    FILLED = "filled"
    WALK_IN = "walk_in"
    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    LOCKED = "locked"
    UNLOCKED = "unlocked"


STEP_WORDS: dict[StepKind, Message] = {
    StepKind.ARRIVED: message("arrived"),
    StepKind.NOT_ARRIVED: message("not here after all"),
    StepKind.PRESENCE: message("noted who came"),
    StepKind.MOVED: message("meeting moved"),
    StepKind.SWAPPED: message("meeting tables swapped"),
    StepKind.CANCELLED: message("meeting cancelled"),
    StepKind.FILLED: message("meeting added"),
    StepKind.WALK_IN: message("came without registration"),
    StepKind.ASKED: message("change asked for"),
    StepKind.GRANTED: message("change granted"),
    StepKind.REFUSED: message("change refused"),
    StepKind.LOCKED: message("printing locked"),
    StepKind.UNLOCKED: message("printing unlocked"),
}

Version = Annotated[str | None, EmptyIsNone]
VERSION_HELP = "As the meeting was read; refuse when it was changed since. None changes it all the same."


class Versioned(BaseModel):
    """A change of a meeting, as its author saw it."""

    model_config = ConfigDict(extra="forbid")

    version: Version = Field(None, max_length=16, description=VERSION_HELP)


class ArrivalNote(BaseModel):
    """Whether a participant is there."""

    model_config = ConfigDict(extra="forbid")

    arrived: bool


class DayPresence(PresenceNote, Versioned):
    """Who came to a meeting; None: not known."""


class DayMove(Versioned):
    """Another slot or meeting table for a meeting; without a table a free one is taken."""

    slot_id: UUID
    table_id: Annotated[UUID | None, EmptyIsNone] = None


class DayCancel(Versioned):
    """A meeting that is not to be, with the reason."""

    note: Text = Field(min_length=1, max_length=500)


class DaySwap(Versioned):
    """Another meeting of the slot with which a meeting changes its meeting table."""

    other_id: UUID
    other_version: Version = Field(None, max_length=16, description=VERSION_HELP)


class DayFill(BaseModel):
    """A meeting for a free slot; without a table a free one is taken."""

    model_config = ConfigDict(extra="forbid")

    entrepreneur_id: UUID
    exporter_id: UUID
    slot_id: UUID
    table_id: Annotated[UUID | None, EmptyIsNone] = None
    note: Text = Field("", max_length=500)


class WalkIn(BaseModel):
    """A profile that came without being registered for the forum."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    profile_id: UUID


class PrintingNote(BaseModel):
    """Whether papers stay as they are."""

    model_config = ConfigDict(extra="forbid")

    locked: bool
    note: Text = Field("", max_length=500)


class RequestCreate(BaseModel):
    """What a participant asks to be changed."""

    model_config = ConfigDict(extra="forbid")

    kind: RequestKind
    partner_id: Annotated[UUID | None, EmptyIsNone] = Field(
        None, description="Profile of the other side of the meeting; for something else none."
    )
    slot_id: Annotated[UUID | None, EmptyIsNone] = Field(None, description="The slot that is wished for.")
    text: Text = Field("", max_length=500)


class RequestAnswer(BaseModel):
    """An answer to a change request; granted, it brings its change with it."""

    model_config = ConfigDict(extra="forbid")

    granted: bool
    answer: Text = Field("", max_length=500, description="In words; a refusal needs it.")
    slot_id: Annotated[UUID | None, EmptyIsNone] = Field(
        None, description="For a meeting that is moved or added; None: the one that was wished for."
    )
    table_id: Annotated[UUID | None, EmptyIsNone] = None


class DayMeeting(BaseModel):
    """A meeting as the desk sees it."""

    meeting: MeetingRead
    version: str = Field(description="To be sent with a change, so that nobody overwrites another's.")
    entrepreneur_arrived: bool
    exporter_arrived: bool


class StepRead(BaseModel):
    """A step in the log of the day."""

    id: UUID
    number: int
    kind: StepKind
    about: str = Field(description="Whom it concerns.")
    done_at: datetime
    done_by: str = Field(description="Name; empty for the service itself.")
    undone_at: datetime | None
    undone_by: str


class RequestRead(BaseModel):
    """A change request as it stands."""

    id: UUID
    kind: RequestKind
    side: Kind
    participant: Partner
    partner: Partner | None
    meeting_id: UUID | None = Field(description="In the release that holds now.")
    slot: SlotSeen | None = Field(description="Wished for.")
    text: str
    state: RequestState
    by_desk: bool = Field(description="Whether the desk asked for the participant.")
    asked_at: datetime
    answered_at: datetime | None
    answer: str


class PrintingRead(BaseModel):
    """Whether papers are locked, and whose have changed since the latest print run."""

    locked: bool
    note: str
    run: int | None = Field(description="Number of the latest print run: each lock opens one.")
    run_at: datetime | None
    stale: list[Partner] = Field(description="Whose timetable changed since, by name.")


class SlotNow(BaseModel):
    """A slot with how full it is."""

    slot: SlotSeen
    meetings: int
    free_tables: int


class DayRead(BaseModel):
    """A forum at this moment."""

    at: datetime
    now: SlotNow | None = Field(description="The slot that runs.")
    next: SlotNow | None
    arrived: int
    expected: int = Field(description="Participants with a meeting that was not cancelled.")
    open_requests: int
    printing: PrintingRead


class Found(BaseModel):
    """A profile that a search at the desk found."""

    participant: Partner
    side: Kind
    arrived: bool
    withdrawn: bool
    takes_part: bool = Field(description="Else it came without registration.")


class ParticipantDay(BaseModel):
    """The day of one participant."""

    participant: Partner
    side: Kind
    arrived_at: datetime | None
    withdrawn: bool
    meetings: list[DayMeeting]
    free: list[SlotSeen] = Field(description="Slots to come in which it is available and meets nobody.")
    requests: list[RequestRead]


class Offer(BaseModel):
    """A pair that could meet in a free slot."""

    entrepreneur: Partner
    exporter: Partner
    score: float | None
    slot: SlotSeen
    both_arrived: bool


class HallMeeting(BaseModel):
    """A meeting as the screen in the hall shows it."""

    table: PlaceSeen
    entrepreneur: str
    exporter: str


class HallRead(BaseModel):
    """What the screen in the hall shows: companies and meeting tables, nothing else."""

    at: datetime
    now: SlotSeen | None
    minutes_left: int = Field(description="Until the running slot ends, rounded up; 0 where none runs.")
    meetings: list[HallMeeting] = Field(description="Of the running slot, else of the next.")
    next: SlotSeen | None
    minutes_until_next: int
