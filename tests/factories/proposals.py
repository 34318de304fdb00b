"""Forums whose published list is proposed, with two on each side unless a test says otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import FastAPI

from service.accounts.schemas import SYSTEM
from service.catalogue.operations import Catalogue
from service.forums import participant_links
from service.forums.participant_links import LinkedParticipant, ParticipantLinks
from service.match_lists import operations as match_lists
from service.match_lists.schemas import MatchListCreate
from service.platform.database import Database
from service.profiles.vocabulary import Kind
from service.proposals import answering, operations, reading
from service.proposals.letters import write_letters
from service.proposals.schemas import AnswerCreate, AnswerTime, ProposalFilter, ProposalRead
from tests.factories.forums import make_approved, make_forum

PUBLIC = "https://qh.example"


@dataclass
class Proposed:
    """A forum with proposals, and the ways to look at it and to answer."""

    database: Database
    app: FastAPI
    forum: UUID
    entrepreneurs: list[UUID]
    exporters: list[UUID]

    @property
    def links(self) -> ParticipantLinks:
        return ParticipantLinks(self.app.state.signer, PUBLIC)

    def every(self) -> list[ProposalRead]:
        with self.database.read() as session:
            return reading.listed(session, SYSTEM, self.forum, ProposalFilter()).proposals

    def of(self, entrepreneur: int, exporter: int) -> ProposalRead:
        pair = (self.entrepreneurs[entrepreneur], self.exporters[exporter])
        return next(one for one in self.every() if (one.entrepreneur.id, one.exporter.id) == pair)

    def participant(self, kind: Kind, place: int) -> LinkedParticipant:
        profile = (self.entrepreneurs if kind is Kind.ENTREPRENEUR else self.exporters)[place]
        with self.database.read() as session:
            ids = participant_links.participants_by_profile(session, self.forum)
        return LinkedParticipant(ids[profile], self.forum, kind, profile)

    def token(self, kind: Kind, place: int) -> str:
        return participant_links.sign(self.app.state.signer, self.participant(kind, place).participant_id)

    def answer(
        self, kind: Kind, place: int, proposal: UUID, answer: str = "accepted", reason: str = ""
    ) -> None:
        wanted = AnswerCreate.model_validate({"answer": answer, "reason": reason or answer})
        with self.database.write() as session:
            answering.answer_own(session, self.participant(kind, place), proposal, wanted)

    def accept(self, entrepreneur: int, exporter: int) -> UUID:
        """Let both sides of a pair say yes."""
        proposal = self.of(entrepreneur, exporter).id
        self.answer(Kind.ENTREPRENEUR, entrepreneur, proposal)
        self.answer(Kind.EXPORTER, exporter, proposal)
        return proposal

    def write_letters(self) -> int:
        return write_letters(self.database, self.links)

    def propose(self, **times: Any) -> Any:
        with self.database.write() as session:
            return operations.propose(session, SYSTEM, self.forum, AnswerTime.model_validate(times))


def publish(database: Database, forum: UUID) -> UUID:
    """Generate a list and publish it."""
    made = match_lists.generate(database, Catalogue(), SYSTEM, forum, MatchListCreate(k=10))
    with database.write() as session:
        match_lists.publish(session, SYSTEM, made.id)
    return made.id


def make_proposed(
    app: FastAPI,
    *,
    entrepreneurs: Sequence[Mapping[str, Any]] = ({}, {}),
    exporters: Sequence[Mapping[str, Any]] = ({}, {}),
    propose: bool = True,
    **forum: Any,
) -> Proposed:
    """Publish the list of a new forum and propose its pairs."""
    database: Database = app.state.database
    first = [make_approved(database, Kind.ENTREPRENEUR, **one) for one in entrepreneurs]
    second = [make_approved(database, Kind.EXPORTER, **one) for one in exporters]
    made = Proposed(database, app, make_forum(database, first, second, **forum), first, second)
    publish(database, made.forum)
    if propose:
        made.propose()
    return made
