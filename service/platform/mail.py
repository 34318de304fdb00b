"""Letters to be sent: an outbox in the caller's own transaction, emptied by a job."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Text, delete, func
from sqlmodel import Field, SQLModel, col, select

from service.platform import clock, queue
from service.platform.database import Session, UtcDateTime

JOB = "send_letters"
KEPT_FOR = timedelta(days=90)
NO_ADDRESS = "no_address"
# Longer than the slowest server needs for the letters that are taken at a time: 20, with four answers to each
# that may take 20 seconds.
CLAIMED_FOR = timedelta(minutes=30)
# Minutes between the tries of one letter; after the last the letter is given up.
RETRY_AFTER = (1, 5, 30, 120, 360, 720, 1440)


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
        queue.enqueue_once(session, JOB)
    else:
        letter.failed_at, letter.failure = letter.created_at, NO_ADDRESS
    session.add(letter)
    return letter.id


class LetterState(StrEnum):
    """Where a letter stands."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


def state_of(letter: Letter) -> LetterState:
    """Tell where a letter stands."""
    if letter.failed_at is not None:
        return LetterState.FAILED
    return LetterState.WAITING if letter.sent_at is None else LetterState.SENT


def letters(
    session: Session, subject_ids: Iterable[UUID], state: LetterState | None, *, offset: int, limit: int
) -> tuple[list[Letter], int]:
    """List the letters to some participants, newest first, with their number in all."""
    conditions = [col(Letter.subject_id).in_(list(subject_ids))]
    match state:
        case LetterState.WAITING:
            conditions += [col(Letter.sent_at).is_(None), col(Letter.failed_at).is_(None)]
        case LetterState.SENT:
            conditions.append(col(Letter.sent_at).is_not(None))
        case LetterState.FAILED:
            conditions.append(col(Letter.failed_at).is_not(None))
    total = session.exec(select(func.count()).select_from(Letter).where(*conditions)).one()
    rows = session.exec(
        select(Letter)
        .where(*conditions)
        .order_by(col(Letter.created_at).desc(), col(Letter.id))
        .offset(offset)
        .limit(limit)
    )
    return list(rows), total


def letter(session: Session, letter_id: UUID) -> Letter | None:
    """Find one letter."""
    return session.get(Letter, letter_id)


def send_again(session: Session, letter_id: UUID, recipient: str) -> bool:
    """Give a letter that was given up all its tries again; tell whether it was one."""
    row = session.get(Letter, letter_id, with_for_update=True, populate_existing=True)
    if row is None or row.failed_at is None:
        return False
    row.recipient, row.failed_at, row.failure, row.attempts = recipient, None, "", 0
    row.next_try_at = clock.now()
    queue.enqueue_once(session, JOB)
    return True


def erase(session: Session, letter_ids: Iterable[UUID]) -> None:
    """Drop letters, whether they were sent or not."""
    session.execute(delete(Letter).where(col(Letter.id).in_(list(letter_ids))))


def forget_old(session: Session) -> None:
    """Drop letters whose time is over."""
    session.execute(delete(Letter).where(col(Letter.created_at) < clock.now() - KEPT_FOR))


def claim(session: Session, *, limit: int) -> list[Letter]:
    """Take letters that are due for one try, so that no other process sends them at the same time.

    They come up again by themselves when the process dies before it says what became of them.
    """
    rows = session.exec(
        select(Letter)
        .where(col(Letter.next_try_at) <= clock.now())
        .order_by(col(Letter.next_try_at), col(Letter.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claimed = list(rows)
    for row in claimed:
        row.next_try_at = clock.now() + CLAIMED_FOR
        row.attempts += 1
    return claimed


def sent(session: Session, letter_id: UUID) -> None:
    """Note that a letter has left."""
    row = session.get(Letter, letter_id)
    if row is not None:
        row.sent_at, row.next_try_at, row.failure = clock.now(), None, ""


def failed(session: Session, letter_id: UUID, failure: str, *, for_good: bool) -> None:
    """Note that a try failed; for good, or after the last try, the letter is given up."""
    row = session.get(Letter, letter_id)
    if row is None:
        return
    row.failure = failure
    if for_good or row.attempts > len(RETRY_AFTER):
        row.failed_at, row.next_try_at = clock.now(), None
    else:
        row.next_try_at = clock.now() + timedelta(minutes=RETRY_AFTER[row.attempts - 1])


def plan(session: Session) -> None:
    """See to it that a job is on the list for the letters that wait."""
    soonest = session.exec(select(func.min(Letter.next_try_at))).one()
    if soonest is not None and not queue.planned(session, JOB):
        queue.enqueue(session, JOB, {}, run_at=soonest)
