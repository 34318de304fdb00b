"""What callers send and get about timetables, meetings and what became of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from matching import Obstacle
from service.match_lists.schemas import Partner
from service.platform.i18n import Message, message
from service.platform.values import EmptyIsNone, Text
from service.profiles.vocabulary import Kind


class TimetableState(StrEnum):
    """Where a timetable stands."""

    DRAFT = "draft"
    RELEASED = "released"
    SUPERSEDED = "superseded"


TIMETABLE_WORDS: dict[TimetableState, Message] = {
    TimetableState.DRAFT: message("draft"),
    TimetableState.RELEASED: message("released"),
    TimetableState.SUPERSEDED: message("superseded"),
}


class MeetingState(StrEnum):
    """Where a meeting stands; one that was moved is planned, elsewhere than it was released."""

    PLANNED = "planned"
    UNPLACED = "unplaced"
    HELD = "held"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


MEETING_WORDS: dict[MeetingState, Message] = {
    MeetingState.PLANNED: message("planned"),
    MeetingState.UNPLACED: message("not placed"),
    MeetingState.HELD: message("held"),
    MeetingState.NO_SHOW: message("not held: somebody did not come"),
    MeetingState.CANCELLED: message("cancelled"),
}

SETTLED = frozenset({MeetingState.HELD, MeetingState.NO_SHOW})
"""What has happened is not planned again."""
TAKES_ITS_PLACE = frozenset({MeetingState.PLANNED, MeetingState.HELD})
"""Only these keep their participants and their meeting table from another meeting in the slot."""


class Reason(StrEnum):
    """Why a meeting is cancelled or not placed, beside the obstacles that the planner tells."""

    ORGANISER = "organiser"
    WITHDRAWN = "withdrawn"
    NOT_TAKING_PART = "not_taking_part"
    RULED_OUT = "ruled_out"
    LIMIT_REACHED = "limit_reached"
    ASKED = "asked"
    NOT_WANTED = "not_wanted"


# {who} is the participant that the reason is due to, {language} the interpreter's.
REASON_WORDS: dict[str, Message] = {
    Reason.ORGANISER: message("the organiser took it out"),
    Reason.WITHDRAWN: message("{who} has withdrawn"),
    Reason.NOT_TAKING_PART: message("{who} does not take part in the forum"),
    Reason.RULED_OUT: message("the two must not meet"),
    Reason.LIMIT_REACHED: message("{who} has as many meetings as it takes at the most"),
    Reason.ASKED: message("a participant asked for it"),
    Reason.NOT_WANTED: message("the pair is not on the list of those who shall meet any more"),
    Obstacle.NEVER_TOGETHER: message("there is no slot in which both are available"),
    Obstacle.PARTICIPANT_FULL: message("{who} has a meeting in each slot in which it is available"),
    Obstacle.NO_COMMON_FREE_SLOT: message("both have free slots, but none that is free for both"),
    Obstacle.NO_TABLE: message("all meeting tables are taken in the slots that are free for both"),
    Obstacle.NO_INTERPRETER: message(
        "there is no interpreter of {language} left in the slots that are free for both"
    ),
    Obstacle.PIN_UNAVAILABLE: message("{who} is not available in the slot to which it was pinned"),
    Obstacle.PIN_PARTICIPANT_BUSY: message("{who} has another pinned meeting in that slot"),
    Obstacle.PIN_TABLE_TAKEN: message("another pinned meeting has that meeting table in that slot"),
    Obstacle.PIN_NO_TABLE: message("pinned meetings take all meeting tables of that slot"),
    Obstacle.PIN_NO_INTERPRETER: message("pinned meetings take all interpreters of {language} in that slot"),
}


class RunState(StrEnum):
    """How far the making of a draft has come."""

    QUEUED = "queued"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"


class RequestKind(StrEnum):
    """What a participant can ask for."""

    MOVE = "move"
    CANCEL = "cancel"
    MEET = "meet"
    OTHER = "other"


REQUEST_WORDS: dict[RequestKind, Message] = {
    RequestKind.MOVE: message("another time"),
    RequestKind.CANCEL: message("to cancel the meeting"),
    RequestKind.MEET: message("to meet somebody"),
    RequestKind.OTHER: message("something else"),
}


class RequestState(StrEnum):
    """Where a change request stands."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"


REQUEST_STATE_WORDS: dict[RequestState, Message] = {
    RequestState.OPEN: message("open"),
    RequestState.GRANTED: message("granted"),
    RequestState.REFUSED: message("refused"),
}


class Figures(BaseModel):
    """How good a timetable is; gaps are slots in which a participant waits between its meetings."""

    placed: int = 0
    unplaced: int = 0
    gaps: int = 0
    breaks: int = Field(0, description="How often a participant waits between two meetings.")
    worst_id: UUID | None = Field(None, description="Profile with the most gaps.")
    worst_gaps: int = 0
    location_changes: int = 0
    moved: int = Field(0, description="Meetings of the release before that have another slot.")


class TimetableRead(BaseModel):
    """A timetable as it stands, without its meetings."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    forum_id: UUID
    state: TimetableState
    number: int | None
    revision: int
    base_id: UUID | None
    only_accepted: bool
    figures: Figures
    made_at: datetime
    released_at: datetime | None


class SlotSeen(BaseModel):
    """A slot of a timetable, in UTC."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    slot_id: UUID
    starts_at: datetime
    ends_at: datetime
    session_name: str


class PlaceSeen(BaseModel):
    """A meeting table of a timetable."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    table_id: UUID
    label: str
    location: str
    position: int


class MeetingRead(BaseModel):
    """A meeting of a timetable as it stands."""

    id: UUID
    timetable_id: UUID
    entrepreneur: Partner
    exporter: Partner
    score: float | None
    slot: SlotSeen | None
    table: PlaceSeen | None
    moved: bool = Field(description="Whether it is elsewhere than where it was released.")
    language: str | None = Field(description="Of the interpreter that it needs.")
    pinned_slot: bool
    pinned_table: bool
    by_hand: bool
    state: MeetingState
    reason: str | None = Field(description="Code of why it is cancelled or not placed.")
    reason_side: Kind | None = Field(description="To whom that is due.")
    text: str = Field(description="The reason in words; empty where there is none.")
    note: str
    entrepreneur_present: bool | None
    exporter_present: bool | None


class TimetableDetail(BaseModel):
    """A timetable with its slots, meeting tables and meetings."""

    timetable: TimetableRead
    slots: list[SlotSeen]
    tables: list[PlaceSeen]
    meetings: list[MeetingRead]


@dataclass(frozen=True)
class Part:
    """Which meetings of a timetable to look at: those that fulfil any condition given; without one, all."""

    profile_ids: Collection[UUID] | None = None
    """Either participant is one of these."""
    slot_ids: Collection[UUID] | None = None
    table_ids: Collection[UUID] | None = None
    meeting_ids: Collection[UUID] | None = None
    states: Collection[MeetingState] | None = None


EVERYTHING = Part()


class SlotChoice(BaseModel):
    """A slot for a meeting, and what stands in the way."""

    slot: SlotSeen
    obstacle: str = Field(description="In words; empty where nothing does.")


class MeetingChoices(BaseModel):
    """Where a meeting could be."""

    slots: list[SlotChoice]
    tables: list[PlaceSeen]
    beside: list[MeetingRead] = Field(description="The other meetings of its slot.")


class TimetableAsked(BaseModel):
    """A draft to be made."""

    model_config = ConfigDict(extra="forbid")

    only_accepted: bool = Field(
        False, description="Only pairs whose two sides said yes; else all that nobody declined."
    )


class RunRead(BaseModel):
    """The making of a draft as it stands."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    forum_id: UUID
    state: RunState
    meetings: int
    seconds: float = Field(description="Granted for it.")
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    timetable_id: UUID | None
    text: str = Field(description="Why it failed, in words; else empty.")


class Revised(BaseModel):
    """A change of a timetable, with the revision that its author saw."""

    model_config = ConfigDict(extra="forbid")

    revision: int | None = Field(
        None, ge=1, description="Refuse when the timetable was changed since; None changes it all the same."
    )


class MeetingMove(Revised):
    """Another slot or meeting table for a meeting; without a table a free one is taken."""

    slot_id: UUID
    table_id: Annotated[UUID | None, EmptyIsNone] = None


class MeetingPin(Revised):
    """What of a meeting's place must stay when the timetable is made again."""

    slot: bool = False
    table: bool = False


class MeetingCancel(Revised):
    """A meeting to be taken out."""

    note: Text = Field("", max_length=500)


class MeetingAdd(Revised):
    """A meeting added by hand; without a slot or table the first that fits is taken."""

    entrepreneur_id: UUID
    exporter_id: UUID
    slot_id: Annotated[UUID | None, EmptyIsNone] = None
    table_id: Annotated[UUID | None, EmptyIsNone] = None
    note: Text = Field("", max_length=500)


class TablesSwap(Revised):
    """Two meetings of one slot that change their meeting tables."""

    meeting_id: UUID
    other_id: UUID


class WithdrawalNote(BaseModel):
    """Why a participant does not come after all."""

    model_config = ConfigDict(extra="forbid")

    note: Text = Field("", max_length=500)


class WithdrawalRead(BaseModel):
    """A participant that does not come after all."""

    participant: Partner
    side: Kind
    withdrawn_at: datetime
    note: str


class Difficulty(BaseModel):
    """A meeting that cannot be where it is any more."""

    meeting: MeetingRead
    text: str = Field(description="What stands in its way, in words.")


class ShortOfMeetings(BaseModel):
    """A participant with fewer meetings than it shall have at least."""

    participant: Partner
    side: Kind
    placed: int
    least: int


class Difficulties(BaseModel):
    """What an organiser should know before a timetable is released, or repaired."""

    outdated: list[str] = Field(description="What has changed since the timetable was made, in words.")
    broken: list[Difficulty]
    short: list[ShortOfMeetings]


class ChangeKind(StrEnum):
    """What became of a meeting between two timetables."""

    NEW = "new"
    MOVED = "moved"
    OTHER_TABLE = "other_table"
    CANCELLED = "cancelled"


CHANGE_WORDS: dict[ChangeKind, Message] = {
    ChangeKind.NEW: message("new"),
    ChangeKind.MOVED: message("another time"),
    ChangeKind.OTHER_TABLE: message("another meeting table"),
    ChangeKind.CANCELLED: message("cancelled"),
}


class MeetingChange(BaseModel):
    """A meeting that is not where it was."""

    kind: ChangeKind
    meeting: MeetingRead
    before: SlotSeen | None
    table_before: PlaceSeen | None
