import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from fastapi import FastAPI

from service.accounts.schemas import SYSTEM
from service.forums import operations as forums
from service.platform import audit, clock
from service.platform.database import Database
from service.platform.problems import InvalidInput, NotAllowed, NotFound
from service.profiles import operations as profiles
from service.profiles.vocabulary import ConsentPurpose, Kind
from service.proposals import answering, operations, reading, tending
from service.proposals.answering import CannotAnswer
from service.proposals.schemas import Answer, AnswerCreate, AnswerFor, ProposalState, ProposalsWithdraw
from service.web.forms import checked
from tests.factories.accounts import make_api_client, make_caller, make_centre
from tests.factories.proposals import Proposed, make_proposed
from tests.factories.races import overtake

# Closes the database at the end.
pytestmark = pytest.mark.usefixtures("database")

ONE = {"entrepreneurs": ({},), "exporters": ({},)}


def _contacts(made: Proposed, proposal, principal=SYSTEM) -> list[str | None]:
    with made.database.read() as session:
        released = reading.released_contacts(session, principal, proposal)
    return [one.contact.contact_email for one in released]


def _refusal(made: Proposed, kind: Kind, proposal, answer: str = "accepted") -> str:
    with pytest.raises(CannotAnswer) as caught:
        made.answer(kind, 0, proposal, answer)
    return caught.value.key


def _close_all(made: Proposed, proposal) -> None:
    with made.database.write() as session:
        operations.withdraw(session, SYSTEM, made.forum, ProposalsWithdraw(ids=[proposal]))


def test_contacts_are_out_at_the_moment_when_both_have_accepted(app: FastAPI) -> None:
    emails = ("buyer@example.org", "seller@example.org")
    made = make_proposed(
        app, entrepreneurs=({"contact_email": emails[0]},), exporters=({"contact_email": emails[1]},)
    )
    proposal = made.of(0, 0).id
    assert _contacts(made, proposal) == []
    made.answer(Kind.EXPORTER, 0, proposal)
    assert _contacts(made, proposal) == []
    assert made.of(0, 0).state is ProposalState.PROPOSED
    made.answer(Kind.ENTREPRENEUR, 0, proposal)
    assert made.of(0, 0).state is ProposalState.ACCEPTED
    # The partner of the entrepreneur first, then the partner of the exporter.
    assert _contacts(made, proposal) == [emails[1], emails[0]]


def test_release_is_logged_with_who_got_what(app: FastAPI, database: Database) -> None:
    made = make_proposed(app, **ONE)
    proposal = made.accept(0, 0)
    with database.read() as session:
        steps = audit.history(session, proposal)
        session.expunge_all()
    released = {one.details["to"]: one for one in steps if one.action == "proposal.contact_released"}
    buyer, seller = f"entrepreneur:{made.entrepreneurs[0]}", f"exporter:{made.exporters[0]}"
    assert released.keys() == {buyer, seller}
    assert released[buyer].details["of"] == seller
    assert released[buyer].details["fields"] == "contact_name, contact_email"
    assert released[buyer].actor == made.participant(Kind.EXPORTER, 0).actor


def test_decline_closes_the_proposal_and_keeps_its_reason(app: FastAPI) -> None:
    made = make_proposed(app, **ONE)
    proposal = made.of(0, 0).id
    made.answer(Kind.ENTREPRENEUR, 0, proposal)
    made.answer(Kind.EXPORTER, 0, proposal, "declined", "We do not export there")
    found = made.of(0, 0)
    assert found.state is ProposalState.DECLINED
    assert found.closed_at is not None
    side = found.sides[Kind.EXPORTER]
    assert (side.answer, side.reason, side.on_behalf) == (Answer.DECLINED, "We do not export there", False)
    assert _contacts(made, proposal) == []


def test_no_needs_a_reason_and_a_yes_does_not(app: FastAPI) -> None:
    assert checked(AnswerCreate, {"answer": "accepted"}).reason == ""
    with pytest.raises(InvalidInput) as caught:
        checked(AnswerCreate, {"answer": "declined", "reason": "  "})
    assert [(error.pointer, error.code) for error in caught.value.errors] == [("/reason", "reason_needed")]


def test_side_answers_once(app: FastAPI) -> None:
    made = make_proposed(app, **ONE)
    proposal = made.of(0, 0).id
    made.answer(Kind.EXPORTER, 0, proposal)
    assert _refusal(made, Kind.EXPORTER, proposal, "declined") == "answered_already"
    assert made.of(0, 0).sides[Kind.EXPORTER].answer is Answer.ACCEPTED


def test_closed_proposal_takes_no_answer_and_says_why(app: FastAPI) -> None:
    made = make_proposed(app, entrepreneurs=({},), exporters=({}, {}))
    declined, withdrawn = made.of(0, 0).id, made.of(0, 1).id
    made.answer(Kind.EXPORTER, 0, declined, "declined")
    _close_all(made, withdrawn)
    assert _refusal(made, Kind.ENTREPRENEUR, declined) == "declined_already"
    assert _refusal(made, Kind.ENTREPRENEUR, withdrawn) == "withdrawn"


@pytest.mark.parametrize("marked", [False, True])
def test_answer_after_the_last_day_is_not_taken(app: FastAPI, marked: bool) -> None:
    made = make_proposed(app, **ONE)
    proposal = made.of(0, 0)
    with clock.frozen_at(proposal.expires_at):
        if marked:
            tending.tend(made.database)
        assert _refusal(made, Kind.ENTREPRENEUR, proposal.id) == "expired"
    with clock.frozen_at(proposal.expires_at - timedelta(seconds=1)):
        if not marked:
            made.answer(Kind.ENTREPRENEUR, 0, proposal.id)


def test_who_left_the_forum_or_was_archived_takes_no_part_in_an_answer(app: FastAPI) -> None:
    made = make_proposed(app, entrepreneurs=({},), exporters=({}, {}))
    left, archived = made.of(0, 0).id, made.of(0, 1).id
    gone = made.participant(Kind.EXPORTER, 0)
    with made.database.write() as session:
        forums.remove_participants(session, SYSTEM, made.forum, Kind.EXPORTER, [made.exporters[0]])
        profiles.archive(session, SYSTEM, Kind.EXPORTER, made.exporters[1])
    for one in (left, archived):
        assert _refusal(made, Kind.ENTREPRENEUR, one) == "partner_left"
    wanted = AnswerCreate(answer=Answer.ACCEPTED)
    with made.database.write() as session, pytest.raises(CannotAnswer) as caught:
        answering.answer_own(session, gone, left, wanted)
    assert caught.value.key == "own_side_left"
    assert all(side.answer is None for one in made.every() for side in one.sides.values())


def test_contacts_disappear_when_a_side_withdraws_its_consent(app: FastAPI) -> None:
    made = make_proposed(app, **ONE)
    proposal = made.accept(0, 0)
    assert len(_contacts(made, proposal)) == 2
    with made.database.write() as session:
        profiles.withdraw_consent(session, SYSTEM, Kind.EXPORTER, made.exporters[0], ConsentPurpose.MATCHING)
    assert _contacts(made, proposal) == []


def test_participant_answers_only_its_own_proposals(app: FastAPI) -> None:
    made, other = make_proposed(app), make_proposed(app, **ONE)
    for stranger in (made.of(1, 1).id, other.of(0, 0).id, uuid4()):
        with pytest.raises(NotFound):
            made.answer(Kind.ENTREPRENEUR, 0, stranger)


def test_those_who_keep_a_participant_answer_for_it_and_it_is_marked(
    app: FastAPI, database: Database
) -> None:
    make_centre(database)
    made = make_proposed(
        app, entrepreneurs=({"centre": "qh-berlin"},), exporters=({"source_agency": "kazexport"},)
    )
    proposal = made.of(0, 0).id
    coordinator = make_caller(database, role="coordinator", centre="qh-berlin").principal
    scopes = ("proposals:read", "proposals:write")
    agency = make_api_client(database, scopes=scopes, agency="kazexport").principal
    organiser = make_caller(database, role="organiser").principal
    reader = make_api_client(database, scopes=("proposals:read",), agency="kazexport").principal

    def answer(principal, side: Kind) -> None:
        wanted = AnswerFor(side=side, answer=Answer.ACCEPTED)
        with database.write() as session:
            answering.answer_for(session, principal, proposal, wanted)

    for principal, side in (
        (coordinator, Kind.EXPORTER),
        (agency, Kind.ENTREPRENEUR),
        (organiser, Kind.EXPORTER),
        (reader, Kind.EXPORTER),
    ):
        with pytest.raises(NotAllowed):
            answer(principal, side)
    answer(coordinator, Kind.ENTREPRENEUR)
    answer(agency, Kind.EXPORTER)
    sides = made.of(0, 0).sides
    assert [(sides[kind].on_behalf, sides[kind].answered_by) for kind in Kind] == [
        (True, "Coordinator"),
        (True, "Agency"),
    ]
    # Each sees the contact of the partner of the one that it keeps; the organiser sees none.
    assert [len(_contacts(made, proposal, one)) for one in (coordinator, agency, organiser)] == [1, 1, 0]
    with database.write() as session, pytest.raises(NotFound):
        answering.answer_for(
            session, coordinator, uuid4(), AnswerFor(side=Kind.EXPORTER, answer=Answer.ACCEPTED)
        )


def test_of_two_answers_at_once_the_later_one_is_told(app: FastAPI, database: Database) -> None:
    made = make_proposed(app, **ONE)
    proposal = made.of(0, 0).id
    participant = made.participant(Kind.EXPORTER, 0)
    at_once = threading.Barrier(2)
    told: list[str] = []

    def answer(choice: Answer) -> None:
        wanted = AnswerCreate(answer=choice, reason="x")
        at_once.wait()
        try:
            with database.write() as session:
                answering.answer_own(session, participant, proposal, wanted)
        except CannotAnswer as problem:
            told.append(problem.key)
        else:
            told.append(choice.value)

    threads = [threading.Thread(target=answer, args=(choice,)) for choice in Answer]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    said = made.of(0, 0).sides[Kind.EXPORTER].answer
    assert said is not None
    assert sorted(told) == sorted([said.value, "answered_already"])


def test_two_sides_that_accept_at_once_get_each_others_contact(app: FastAPI, database: Database) -> None:
    made = make_proposed(app, **ONE)
    proposal = made.of(0, 0).id
    at_once = threading.Barrier(2)
    participants = [made.participant(kind, 0) for kind in Kind]

    def answer(participant) -> None:
        at_once.wait()
        with database.write() as session:
            answering.answer_own(session, participant, proposal, AnswerCreate(answer=Answer.ACCEPTED))

    threads = [threading.Thread(target=answer, args=(one,)) for one in participants]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made.of(0, 0).state is ProposalState.ACCEPTED
    assert len(_contacts(made, proposal)) == 2


def test_answer_to_a_proposal_that_is_being_withdrawn_releases_no_contact(
    app: FastAPI, database: Database
) -> None:
    made = make_proposed(app, **ONE)
    proposal = made.of(0, 0).id
    made.answer(Kind.ENTREPRENEUR, 0, proposal)
    participant = made.participant(Kind.EXPORTER, 0)
    told = overtake(
        database,
        lambda session: operations.withdraw(session, SYSTEM, made.forum, ProposalsWithdraw(ids=[proposal])),
        lambda session: answering.answer_own(
            session, participant, proposal, AnswerCreate(answer=Answer.ACCEPTED)
        ),
    )
    assert isinstance(told, CannotAnswer)
    assert told.key == "withdrawn"
    assert made.of(0, 0).state is ProposalState.WITHDRAWN
    assert _contacts(made, proposal) == []
