"""Signed links by which participants see and answer what concerns them, without a sign-in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from uuid import UUID

from service.forums import repository
from service.forums.models import Forum, ForumParticipant
from service.platform import clock
from service.platform.database import Session
from service.platform.i18n import message
from service.platform.problems import Problem
from service.platform.security import Signer
from service.profiles.vocabulary import Kind

PATH = "/p"
VALID_AFTER_FORUM = timedelta(days=60)
_PURPOSE = "participant"
# What stands on papers passes through many hands: it opens the timetable, and neither proposals nor contacts.
_PURPOSE_OF_PAPERS = "participant-timetable"


class LinkAltered(Problem):
    """The link is not one of ours: a letter of it was lost or changed."""

    status = HTTPStatus.NOT_FOUND
    code = "link-altered"
    title = message("This link is not complete")


class LinkExpired(Problem):
    """The link was one of ours, and its time is over."""

    status = HTTPStatus.GONE
    code = "link-expired"
    title = message("This link is not valid any more")


@dataclass(frozen=True)
class LinkedParticipant:
    """Whom a link speaks for."""

    participant_id: UUID
    forum_id: UUID
    kind: Kind
    profile_id: UUID
    by_paper: bool = False
    """Whether it came by the link of a paper, which opens the timetable alone."""

    @property
    def actor(self) -> str:
        """How the audit trail names a participant."""
        return f"participant:{self.participant_id}"


@dataclass(frozen=True)
class ParticipantLinks:
    """Makes the links that stand in letters and papers."""

    signer: Signer
    public_url: str

    def address(self, participant_id: UUID, page: str = "") -> str:
        """Give the address of a page of a participant; the first one answers proposals."""
        return f"{self.public_url}{PATH}/{sign(self.signer, participant_id)}{page}"

    def paper_address(self, participant_id: UUID, page: str) -> str:
        """Give the address of a participant's timetable for a paper."""
        return f"{self.public_url}{PATH}/{sign_paper(self.signer, participant_id)}{page}"


def sign(signer: Signer, participant_id: UUID) -> str:
    """Make the token of a participant's links."""
    return signer.sign(participant_id.hex, purpose=_PURPOSE)


def sign_paper(signer: Signer, participant_id: UUID) -> str:
    """Make the token of the link that stands on a participant's papers."""
    return signer.sign(participant_id.hex, purpose=_PURPOSE_OF_PAPERS)


def read_timetable(session: Session, signer: Signer, token: str) -> LinkedParticipant:
    """Tell whose timetable a link opens, that of a letter or of a paper.

    Raises LinkAltered, LinkExpired as `read` does.
    """
    by_paper = signer.unsign(token, purpose=_PURPOSE_OF_PAPERS, max_age_seconds=None) is not None
    return _read(session, signer, token, by_paper=by_paper)


def read(session: Session, signer: Signer, token: str) -> LinkedParticipant:
    """Tell whom a link speaks for.

    Raises LinkAltered, LinkExpired when the forum is long over or the participant was taken off it.
    """
    return _read(session, signer, token, by_paper=False)


def _read(session: Session, signer: Signer, token: str, *, by_paper: bool) -> LinkedParticipant:
    purpose = _PURPOSE_OF_PAPERS if by_paper else _PURPOSE
    signed = signer.unsign(token, purpose=purpose, max_age_seconds=None)
    if not isinstance(signed, str):
        raise LinkAltered(
            message("A part of the address is missing or changed. Open the link in your letter again.")
        )
    participant = session.get(ForumParticipant, UUID(signed))
    if participant is None:
        raise LinkExpired(
            message("You do not take part in this forum any more. Ask the organiser if you think you should.")
        )
    forum = session.get_one(Forum, participant.forum_id)
    if clock.today() > forum.ends_on + VALID_AFTER_FORUM:
        raise LinkExpired(message("The forum is over for long. Ask the organiser if you need something."))
    kind = Kind.ENTREPRENEUR if participant.entrepreneur_id else Kind.EXPORTER
    profile_id = participant.entrepreneur_id or participant.exporter_id
    assert profile_id is not None
    return LinkedParticipant(participant.id, forum.id, kind, profile_id, by_paper)


def participants_by_profile(
    session: Session, forum_id: UUID, profile_ids: Iterable[UUID] | None = None
) -> dict[UUID, UUID]:
    """Give the participant's id for the profile of everybody who takes part, or of some, of both sides."""
    return repository.participant_ids(session, forum_id, profile_ids)
