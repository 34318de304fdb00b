"""The letters of a forum as organisers see them: what left, what failed, and what to pass on by hand."""

import math
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from service.accounts.operations import require
from service.accounts.schemas import Permission, Principal
from service.forums import operations as forums
from service.forums.participant_links import participants_by_profile
from service.platform import mail
from service.platform.database import Session
from service.platform.i18n import Message, message
from service.platform.mail import Letter, LetterState
from service.platform.problems import Conflict, NotFound
from service.platform.smtp import ADDRESS, NO_CONNECTION, REFUSED, TRY_LATER
from service.profiles import naming
from service.profiles import operations as profiles
from service.profiles.vocabulary import Kind
from service.proposals.schemas import Notice

PAGE_SIZE = 50

LETTER_STATE_WORDS: dict[LetterState, Message] = {
    LetterState.WAITING: message("waiting to be sent"),
    LetterState.SENT: message("sent"),
    LetterState.FAILED: message("not sent"),
}
FAILURE_WORDS: dict[str, Message] = {
    mail.NO_ADDRESS: message("the profile has no e-mail address: pass the letter on by other means"),
    NO_CONNECTION: message("the mail server could not be reached"),
    TRY_LATER: message("the mail server asked to try again later"),
    REFUSED: message("the mail server refused the letter: check the address in the profile"),
    ADDRESS: message("the address cannot be written to: check it in the profile"),
}


class LetterRead(BaseModel):
    """A letter as the outbox lists it."""

    id: UUID
    about: str = Field(description="What kind of letter it is.")
    kind: Kind
    profile_id: UUID
    name: str = Field(description="To whom it is written.")
    language: str
    subject: str
    state: LetterState
    attempts: int
    failure: str = Field(description="Code of what went wrong last; empty where nothing did.")
    created_at: datetime
    sent_at: datetime | None
    text: str | None = Field(description="Only where the organiser has to pass the letter on; else null.")


class LetterPage(BaseModel):
    """One page of the letters of a forum, newest first."""

    letters: list[LetterRead]
    total: int
    page: int
    pages: int


def letters(
    session: Session,
    principal: Principal,
    forum_id: UUID,
    state: LetterState | None = None,
    *,
    text: str = "",
    page: int = 1,
) -> LetterPage:
    """List the letters to the participants of a forum, or to those of a name, without their text.

    Raises NotAllowed, NotFound.
    """
    _require_organiser(principal, Permission.PROPOSALS_READ)
    forums.forum_of(session, forum_id)
    writer = _Addressees(session, forum_id)
    rows, total = mail.letters(
        session, writer.of_name(text), state, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE
    )
    return LetterPage(
        letters=[writer.read(row, None) for row in rows],
        total=total,
        page=page,
        pages=max(math.ceil(total / PAGE_SIZE), 1),
    )


def letter(
    session: Session, principal: Principal, forum_id: UUID, letter_id: UUID, *, mail_is_sent: bool
) -> LetterRead:
    """Give one letter; its text only where nobody else brings it to the participant.

    Whoever holds the link in it can answer, and the one about an acceptance holds a contact.

    Raises NotAllowed, NotFound.
    """
    _require_organiser(principal, Permission.PROPOSALS_READ)
    writer = _Addressees(session, forum_id)
    row = _letter(session, writer, letter_id)
    delivered = mail_is_sent and mail.state_of(row) is not LetterState.FAILED
    secret = row.about == about(Notice.ACCEPTED) and Permission.CONTACTS_READ not in principal.permissions
    return writer.read(row, None if delivered or secret else row.text)


def send_again(session: Session, principal: Principal, forum_id: UUID, letter_id: UUID) -> None:
    """Try once more to send a letter that was given up, to the address that the profile has now.

    Raises NotAllowed, NotFound, Conflict.
    """
    _require_organiser(principal, Permission.PROPOSALS_WRITE)
    writer = _Addressees(session, forum_id)
    row = _letter(session, writer, letter_id)
    address = writer.address(session, row)
    if address is None:
        raise Conflict(message("The profile has no e-mail address. Enter one there first."))
    if not mail.send_again(session, letter_id, address):
        raise Conflict(message("Only a letter that was given up can be sent again."))


def about(notice: Notice) -> str:
    """Give the code of the letters that tell a notice."""
    return f"proposals_{notice.value}"


def _require_organiser(principal: Principal, permission: Permission) -> None:
    require(principal, permission)
    require(principal, Permission.FORUMS_WRITE)


def _letter(session: Session, writer: "_Addressees", letter_id: UUID) -> Letter:
    row = mail.letter(session, letter_id)
    if row is None or row.subject_id not in writer.profiles:
        raise NotFound(message("There is no such letter at this forum."))
    return row


class _Addressees:
    """The participants of a forum, by whose ids letters are written."""

    def __init__(self, session: Session, forum_id: UUID) -> None:
        taking_part = participants_by_profile(session, forum_id)
        self.profiles = {participant: profile for profile, participant in taking_part.items()}
        self._summaries = {
            one.id: one for kind in Kind for one in profiles.summaries(session, kind, taking_part).values()
        }

    def of_name(self, text: str) -> list[UUID]:
        """List the participants of whose name a text is a part."""
        return [
            participant
            for participant, profile in self.profiles.items()
            if naming.named(text, self._summaries[profile].display_name)
        ]

    def address(self, session: Session, row: Letter) -> str | None:
        """Give the address that the addressee has now."""
        own = self._summaries[self.profiles[row.subject_id]]
        return profiles.contacts(session, own.kind, [own.id])[own.id].contact_email

    def read(self, row: Letter, text: str | None) -> LetterRead:
        """Give a letter as callers see it."""
        own = self._summaries[self.profiles[row.subject_id]]
        return LetterRead.model_validate(
            {
                **row.model_dump(),
                "kind": own.kind,
                "profile_id": own.id,
                "name": own.display_name,
                "state": mail.state_of(row),
                "text": text,
            }
        )
