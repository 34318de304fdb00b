"""Letters to be sent: an outbox in the caller's own transaction, emptied by a job."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Text, delete
from sqlmodel import Field, SQLModel, col, select

from service.platform import clock, queue
from service.platform.database import Session, UtcDateTime

JOB = "send_letters"
KEPT_FOR = timedelta(days=90)
NO_ADDRESS = "no_address"
# Minutes between the tries of one letter; after the last the letter is given up.
RETRY_AFTER = (1, 5, 30, 120, 360, 720)
_ENQUEUED = "letters_enqueued"


class Letter(SQLModel, table=True):
    """A letter, sent or not; it holds personal data and is forgotten after `KEPT_FOR`."""

    __tablename__ = "letter"
    __table_args__ = (
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        CheckConstraint("sent_at IS NULL OR failed_at IS NULL", name="sent_or_failed"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    about: str = Field(max_length=40, description="What kind of letter it is, by a code of its writer.")
    subject_id: UUID = Field(index=True, description="Id of the participant that it is written to.")
    recipient: str = Field(max_length=254)
    language: str = Field(max_length=20)
    subject: str = Field(max_length=300)
    text: str = Field(sa_type=Text)
    created_at: datetime = Field(sa_type=UtcDateTime)
    attempts: int = 0
    next_try_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime, index=True, description="None when it is sent or given up."
    )
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    failed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    failure: str = Field(default="", max_length=40, description="Code of what went wrong last.")


def post(
    session: Session, *, recipient: str, subject: str, text: str, language: str, about: str, subject_id: UUID
) -> UUID:
    """Put a letter into the outbox; it leaves when the transaction has committed.

    A letter to nobody is kept as one that failed, so that an organiser can pass it on by other means.
    """
    letter = Letter(
        about=about,
        subject_id=subject_id,
        recipient=recipient,
        language=language,
        subject=subject,
        text=text,
        created_at=clock.now(),
    )
    if recipient:
        letter.next_try_at = letter.created_at
        _enqueue_once(session)
    else:
        letter.failed_at, letter.failure = letter.created_at, NO_ADDRESS
    session.add(letter)
    return letter.id


def _enqueue_once(session: Session) -> None:
    # One job for each transaction that posts, seen together with its letters: none is overlooked.
    if not session.info.get(_ENQUEUED):
        queue.enqueue(session, JOB, {})
        session.info[_ENQUEUED] = True


def letters(session: Session, subject_ids: Iterable[UUID]) -> list[Letter]:
    """List the letters to some participants, newest first."""
    return list(
        session.exec(
            select(Letter)
            .where(col(Letter.subject_id).in_(list(subject_ids)))
            .order_by(col(Letter.created_at).desc(), col(Letter.id))
        )
    )


def letter(session: Session, letter_id: UUID) -> Letter | None:
    """Find one letter."""
    return session.get(Letter, letter_id)


def send_again(session: Session, letter_id: UUID) -> bool:
    """Give a letter that was given up all its tries again; tell whether it was one."""
    row = session.get(Letter, letter_id, with_for_update=True)
    if row is None or row.failed_at is None or row.failure == NO_ADDRESS:
        return False
    row.failed_at, row.failure, row.attempts = None, "", 0
    row.next_try_at = clock.now()
    queue.enqueue(session, JOB, {})
    return True


def erase(session: Session, letter_ids: Iterable[UUID]) -> None:
    """Drop letters, whether they were sent or not."""
    session.execute(delete(Letter).where(col(Letter.id).in_(list(letter_ids))))


def forget_old(session: Session) -> None:
    """Drop letters whose time is over."""
    session.execute(delete(Letter).where(col(Letter.created_at) < clock.now() - KEPT_FOR))
