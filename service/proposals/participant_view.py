"""What a participant sees behind its link: its proposals in its own language."""

from dataclasses import dataclass
from uuid import UUID

from service.accounts.schemas import SYSTEM
from service.forums import operations as forums
from service.forums.participant_links import LinkedParticipant
from service.forums.schemas import ForumRead
from service.match_lists import choosing
from service.match_lists.schemas import Partner
from service.platform.database import Session
from service.platform.phrasebook import language_of, reading_language
from service.profiles import operations as profiles
from service.proposals import repository, wording
from service.proposals.models import Proposal, ProposalSide
from service.proposals.presence import absent_sides, pairs_of, present
from service.proposals.repository import OTHER, profile_id
from service.proposals.schemas import Answer, ProposalState, partner_of
from service.proposals.steps import is_open

# What is to be done comes first, what is over comes last.
_ORDER = (
    "state_open",
    "state_accepted",
    "state_waiting",
    "state_hidden",
    "state_said_no",
    "state_expired",
    "state_closed",
)


@dataclass(frozen=True)
class ProposalView:
    """A proposal as the participant sees it."""

    id: UUID
    partner: Partner
    place: str
    state: str
    """Key of the sentence that says where it stands."""
    reasons: list[str]
    answer_until: str
    on_behalf: bool
    contact: list[str]

    @property
    def may_answer(self) -> bool:
        """Whether it waits for this participant."""
        return self.state == "state_open"


@dataclass(frozen=True)
class ParticipantView:
    """Everything that stands on the page of a participant."""

    language: str
    name: str
    forum_name: str
    forum_place: str
    forum_day: str
    proposals: list[ProposalView]


def view(session: Session, participant: LinkedParticipant, wanted_language: str | None) -> ParticipantView:
    """Show a participant its proposals, in the language that it wants or else reads."""
    own = profiles.summaries(session, participant.kind, [participant.profile_id])[participant.profile_id]
    chosen = language_of(wanted_language) if wanted_language else None
    language = chosen or reading_language(own.languages)
    forum = forums.read(session, SYSTEM, participant.forum_id)
    place = Partner(id=forum.id, name="", country=forum.host_country, city=forum.city)
    return ParticipantView(
        language=language,
        name=own.display_name,
        forum_name=wording.forum_name(forum.name, language),
        forum_place=wording.place(place, language),
        forum_day=wording.day(forum.starts_on, language),
        proposals=_proposals(session, participant, forum, language),
    )


def _proposals(
    session: Session, participant: LinkedParticipant, forum: ForumRead, language: str
) -> list[ProposalView]:
    kind = participant.kind
    rows = repository.of_participant(session, forum.id, kind, participant.profile_id)
    sides = repository.sides(session, [row.id for row in rows])
    there = present(session, forum.id, pairs_of(rows))
    partner_ids = [profile_id(row, OTHER[kind]) for row in rows]
    partners = profiles.summaries(session, OTHER[kind], partner_ids)
    why = choosing.explanations(session, [row.entry_id for row in rows])
    states = {row.id: _state(row, sides[row.id][kind], there) for row in rows}
    out = {profile_id(row, OTHER[kind]) for row in rows if states[row.id] == "state_accepted"}
    contacts = {
        one: wording.contact_lines(contact)
        for one, contact in profiles.contacts(session, OTHER[kind], out).items()
    }
    found = [
        ProposalView(
            id=row.id,
            partner=partner_of(partners[partner_id]),
            place=wording.place(partner_of(partners[partner_id]), language),
            state=states[row.id],
            reasons=wording.reasons(why[row.entry_id], kind, language),
            answer_until=wording.day(wording.last_day(row.expires_at, forum.time_zone), language),
            on_behalf=sides[row.id][kind].is_on_behalf,
            contact=contacts.get(partner_id, []),
        )
        for row, partner_id in zip(rows, partner_ids, strict=True)
    ]
    return sorted(found, key=lambda one: _ORDER.index(one.state))


def _state(proposal: Proposal, side: ProposalSide, there: set[UUID]) -> str:
    if side.answer == Answer.DECLINED.value:
        return "state_said_no"
    absent = absent_sides(proposal, there)
    match ProposalState(proposal.state):
        case ProposalState.ACCEPTED:
            return "state_hidden" if absent else "state_accepted"
        case ProposalState.PROPOSED if absent:
            return "state_closed"
        case ProposalState.PROPOSED if is_open(proposal):
            return "state_open" if side.answer is None else "state_waiting"
        case ProposalState.PROPOSED | ProposalState.EXPIRED:
            return "state_expired"
        case _:
            return "state_closed"
