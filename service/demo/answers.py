"""Proposals of the demo: sent for its first forum, some answered, so that every state can be looked at."""

from uuid import UUID

from service.accounts.schemas import SYSTEM
from service.forums.participant_links import LinkedParticipant, ParticipantLinks, participants_by_profile
from service.match_lists import choosing
from service.match_lists import operations as match_lists
from service.platform.database import Database, Session
from service.profiles.vocabulary import Kind
from service.proposals import answering, operations, reading
from service.proposals.letters import write_letters
from service.proposals.schemas import Answer, AnswerCreate, AnswerTime, ProposalFilter, ProposalRead

# What the two sides of one pair after another say: entrepreneur, exporter.
_ANSWERS: tuple[tuple[Answer | None, Answer | None], ...] = (
    (Answer.ACCEPTED, Answer.ACCEPTED),
    (Answer.ACCEPTED, Answer.ACCEPTED),
    (None, Answer.ACCEPTED),
    (Answer.DECLINED, None),
    (None, None),
)
_REASON = "Біздің өнімге сәйкес келмейді."


def propose_and_answer(database: Database, links: ParticipantLinks, forum_id: UUID, list_id: UUID) -> None:
    """Publish a list, propose its pairs, let some answer, and write the letters; once only."""
    with database.write() as session:
        if choosing.published_list(session, forum_id) is None:
            match_lists.publish(session, SYSTEM, list_id)
        if not operations.propose(session, SYSTEM, forum_id, AnswerTime()).proposed:
            return
    write_letters(database, links)
    with database.write() as session:
        found = reading.listed(session, SYSTEM, forum_id, ProposalFilter()).proposals
        participants = participants_by_profile(session, forum_id)
        for place, proposal in enumerate(found):
            _answer(session, participants, proposal, _ANSWERS[place % len(_ANSWERS)])
    write_letters(database, links)


def _answer(
    session: Session,
    participants: dict[UUID, UUID],
    proposal: ProposalRead,
    answers: tuple[Answer | None, Answer | None],
) -> None:
    partners = (proposal.entrepreneur, proposal.exporter)
    for kind, partner, answer in zip(Kind, partners, answers, strict=True):
        if answer is not None:
            own = LinkedParticipant(participants[partner.id], proposal.forum_id, kind, partner.id)
            reason = _REASON if answer is Answer.DECLINED else ""
            answering.answer_own(session, own, proposal.id, AnswerCreate(answer=answer, reason=reason))
