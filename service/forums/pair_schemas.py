"""What callers send and get about pairs at a forum: ruled out, fixed, and wished for."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict
from sqlmodel import Field, SQLModel

from service.platform.i18n import Message, message
from service.platform.values import EmptyIsNone, Text
from service.profiles.vocabulary import Kind


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


class PinReason(StrEnum):
    """Why two shall meet whatever else is decided."""

    ORGANISER = "organiser"
    ACCEPTED = "accepted"


PIN_WORDS: dict[PinReason, Message] = {
    PinReason.ORGANISER: message("the organiser pinned it"),
    PinReason.ACCEPTED: message("both said yes"),
}


class PairNote(SQLModel):
    """A pair of participants, and why something is decided about it."""

    model_config = ConfigDict(extra="forbid")  # type: ignore[assignment]  # SQLModel narrows pydantic's type

    entrepreneur_id: UUID
    exporter_id: UUID
    note: Text = Field(default="", max_length=500)


class PinCreate(PairNote):
    """A pair that shall meet, and where it is fixed, when and where."""

    slot_id: Annotated[UUID | None, EmptyIsNone] = None
    table_id: Annotated[UUID | None, EmptyIsNone] = None


class PinRead(SQLModel):
    """A pinned pair as it stands."""

    id: UUID
    entrepreneur_id: UUID
    exporter_id: UUID
    reason: PinReason
    note: str
    slot_id: UUID | None
    table_id: UUID | None


class Wish(StrEnum):
    """What one participant wishes of another."""

    MUST = "must"
    WANT = "want"
    NO = "no"


WISH_WORDS: dict[Wish, Message] = {
    Wish.MUST: message("must meet"),
    Wish.WANT: message("wants to meet"),
    Wish.NO: message("does not want to meet"),
}


class PreferenceCreate(SQLModel):
    """A participant's wish, told by itself or by those who speak for it; None takes it back."""

    model_config = ConfigDict(extra="forbid")  # type: ignore[assignment]  # SQLModel narrows pydantic's type

    entrepreneur_id: UUID
    exporter_id: UUID
    said_by: Kind
    wish: Wish | None


class PreferenceRead(SQLModel):
    """A wish as it stands."""

    entrepreneur_id: UUID
    exporter_id: UUID
    said_by: Kind
    wish: Wish
