"""Letters to participants about their proposals: one for everything that is to be told at a time."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from service.accounts.schemas import SYSTEM
from service.forums import operations as forums
from service.forums.participant_links import ParticipantLinks, participants_by_profile
from service.forums.schemas import ForumRead
from service.match_lists import choosing
from service.match_lists.schemas import Partner
from service.platform import mail
from service.platform.database import Database, Session
from service.platform.phrasebook import isolated, reading_language
from service.profiles import operations as profiles
from service.profiles.schemas import ProfileSummary
from service.profiles.vocabulary import Kind
from service.proposals import repository, wording
from service.proposals.models import Proposal
from service.proposals.outbox import about
from service.proposals.presence import pairs_of, present
from service.proposals.repository import OTHER, profile_id
from service.proposals.schemas import Notice, ProposalState, partner_of
from service.proposals.steps import is_open

SIGNATURE = "Qazaq House"


def write_letters(database: Database, links: ParticipantLinks) -> int:
    """Write every letter that is due into the outbox; give how many there were.

    A letter and the note that it was written are one transaction: none is lost, none is written twice.
    """
    count = 0
    while True:
        with database.write() as session:
            written = _write_next(session, links)
        if written is None:
            return count
        count += written


def _write_next(session: Session, links: ParticipantLinks) -> bool | None:
    """Write the next letter; False when there was nothing to say any more, None when nothing is due."""
    found = repository.next_notice(session)
    if found is None:
        return None
    forum_id, kind, own_id, notice = found
    # In the order of all others: the forum before its proposals.
    forums.forum_of(session, forum_id, lock=True)
    rows = repository.with_notice(session, forum_id, kind, own_id, notice)
    for _, side in rows:
        side.notice = None
    session.flush()
    participant_id = participants_by_profile(session, forum_id, [own_id]).get(own_id)
    there = present(session, forum_id, pairs_of(proposal for proposal, _ in rows))
    told = [
        (proposal, side)
        for proposal, side in rows
        if _still_true(proposal, notice)
        and (notice is not Notice.ACCEPTED or profile_id(proposal, OTHER[kind]) in there)
    ]
    if participant_id is None or own_id not in there or not told:
        return False
    letter = _Letter(session, forums.read(session, SYSTEM, forum_id), kind, own_id, notice)
    letter_id = mail.post(
        session,
        recipient=letter.recipient,
        subject=letter.subject(),
        text=letter.text([proposal for proposal, _ in told], links.address(participant_id)),
        language=letter.language,
        about=about(notice),
        subject_id=participant_id,
    )
    if notice is Notice.ACCEPTED:
        for _, side in told:
            side.contact_letter_id = letter_id
    session.flush()
    return True


def _still_true(proposal: Proposal, notice: Notice) -> bool:
    match notice:
        case Notice.PROPOSED | Notice.REMINDER:
            return is_open(proposal)
        case Notice.ACCEPTED:
            return proposal.state == ProposalState.ACCEPTED.value
        case _:
            return proposal.state not in {ProposalState.PROPOSED.value, ProposalState.ACCEPTED.value}


class _Letter:
    """A letter to one participant, in its language."""

    def __init__(self, session: Session, forum: ForumRead, kind: Kind, own_id: UUID, notice: Notice) -> None:
        self._session = session
        self._forum = forum
        self._kind = kind
        self._notice = notice
        own = profiles.summaries(session, kind, [own_id])[own_id]
        self._contact = profiles.contacts(session, kind, [own_id])[own_id]
        self._name = self._contact.contact_name or own.display_name
        self.language = reading_language(own.languages)
        self._forum_name = wording.forum_name(forum.name, self.language)

    @property
    def recipient(self) -> str:
        return self._contact.contact_email or ""

    def subject(self) -> str:
        return self._say(f"subject_{self._notice.value}", forum=self._forum_name)

    def text(self, proposals: list[Proposal], address: str) -> str:
        partner_ids = [profile_id(one, OTHER[self._kind]) for one in proposals]
        partners = profiles.summaries(self._session, OTHER[self._kind], partner_ids)
        paragraphs = [
            self._say("hello", name=isolated(self._name, self.language)),
            self._say(
                f"intro_{self._notice.value}",
                forum=self._forum_name,
                city=isolated(self._forum.city, self.language),
                day=wording.day(self._forum.starts_on, self.language),
            ),
            *self._entries(proposals, partners),
            *self._what_to_do(proposals, address),
            SIGNATURE,
        ]
        return "\n\n".join(paragraphs) + "\n"

    def _entries(self, proposals: list[Proposal], partners: Mapping[UUID, ProfileSummary]) -> Iterable[str]:
        other = OTHER[self._kind]
        released = partners if self._notice is Notice.ACCEPTED else ()
        contacts = profiles.contacts(self._session, other, released)
        explained = proposals if self._notice is Notice.PROPOSED else ()
        why = choosing.explanations(self._session, [one.entry_id for one in explained])
        for number, proposal in enumerate(proposals, start=1):
            partner = partner_of(partners[profile_id(proposal, other)])
            lines = [f"{number}. {self._named(partner)}"]
            if proposal.entry_id in why:
                found = wording.reasons(why[proposal.entry_id], self._kind, self.language)
                lines += [f"   – {reason}" for reason in found]
            if partner.id in contacts:
                lines += [f"   {line}" for line in wording.contact_lines(contacts[partner.id])]
            yield "\n".join(lines)

    def _named(self, partner: Partner) -> str:
        return f"{isolated(partner.name, self.language)} ({wording.place(partner, self.language)})"

    def _what_to_do(self, proposals: list[Proposal], address: str) -> Iterable[str]:
        if self._notice in {Notice.PROPOSED, Notice.REMINDER}:
            last = min(wording.last_day(one.expires_at, self._forum.time_zone) for one in proposals)
            yield f"{self._say('please_answer', day=wording.day(last, self.language))}\n{address}"
        else:
            yield f"{self._say('see_all')}\n{address}"
        yield self._say("link_is_yours")

    def _say(self, key: str, **values: object) -> str:
        return wording.say(key, self.language, **values)
