"""Tables of the proposals."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Float, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.platform.database import UtcDateTime


class Proposal(SQLModel, table=True):
    """A pair of a published match list whose two sides are asked whether they want to meet."""

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint(
            "state IN ('proposed', 'accepted', 'declined', 'expired', 'withdrawn')", name="state_known"
        ),
        CheckConstraint("(state = 'proposed') = (closed_at IS NULL)", name="closed_unless_proposed"),
        UniqueConstraint("forum_id", "entrepreneur_id", "exporter_id"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    forum_id: UUID = Field(foreign_key="forum.id")
    entrepreneur_id: UUID = Field(foreign_key="entrepreneur.id")
    exporter_id: UUID = Field(foreign_key="exporter.id")
    entry_id: UUID = Field(foreign_key="match_list_entry.id", description="Keeps why the two are a pair.")
    score: float = Field(sa_type=Float)
    state: str = Field(default="proposed", max_length=10)
    round: int = Field(default=1, description="How many times the pair was proposed.")
    note: str = Field(default="", max_length=500, description="Why it was withdrawn or proposed again.")
    proposed_at: datetime = Field(sa_type=UtcDateTime)
    proposed_by: str = Field(max_length=80)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    remind_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime, description="None when nobody is to be reminded, or all were."
    )
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ProposalSide(SQLModel, table=True):
    """One of the two that are asked: its answer, and what it must be told next."""

    __tablename__ = "proposal_side"
    __table_args__ = (
        CheckConstraint("side IN ('entrepreneur', 'exporter')", name="side_known"),
        CheckConstraint("answer IN ('accepted', 'declined')", name="answer_known"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_at_some_time"),
        CheckConstraint("notice IN ('proposed', 'reminder', 'accepted', 'closed')", name="notice_known"),
    )

    proposal_id: UUID = Field(foreign_key="proposal.id", primary_key=True, ondelete="CASCADE")
    side: str = Field(primary_key=True, max_length=12)
    answer: str | None = Field(default=None, max_length=8)
    reason: str = Field(default="", max_length=500, description="Why it said no.")
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_by: str | None = Field(default=None, max_length=80)
    reminded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    notice: str | None = Field(
        default="proposed", max_length=8, index=True, description="Of what a letter is to be written next."
    )
    contact_letter_id: UUID | None = Field(
        default=None, description="The letter that told this side the contact of the other."
    )

    @property
    def is_on_behalf(self) -> bool:
        """Whether somebody else answered for the participant."""
        return self.answered_by is not None and not self.answered_by.startswith("participant:")
