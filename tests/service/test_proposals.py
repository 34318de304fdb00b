from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from fastapi import FastAPI

from service.accounts.schemas import SYSTEM
from service.forums import operations as forums
from service.forums import rulings
from service.forums.pair_schemas import ExclusionCreate, ExclusionReason, PinReason
from service.platform import audit, clock, queue
from service.platform.database import Database
from service.platform.problems import Conflict, InvalidInput, NotAllowed
from service.profiles import operations as profiles
from service.profiles.vocabulary import ConsentPurpose, Kind
from service.proposals import operations, reading
from service.proposals.schemas import (
    Answer,
    AnswerTime,
    PairToMeet,
    ProposalFilter,
    ProposalIds,
    ProposalsAgain,
    ProposalsMade,
    ProposalState,
    ProposalsWithdraw,
)
from service.proposals.steps import LETTERS_JOB
from tests.factories.accounts import make_api_client, make_caller, make_centre
from tests.factories.forums import make_approved, make_forum
from tests.factories.proposals import make_proposed, publish

# Closes the database at the end.
pytestmark = pytest.mark.usefixtures("database")


def _withdraw(made, *ids, note="") -> int:
    with made.database.write() as session:
        return operations.withdraw(session, SYSTEM, made.forum, ProposalsWithdraw(ids=list(ids), note=note))


def _again(made, *ids, **times) -> int:
    wanted = ProposalsAgain(ids=list(ids), note="Both asked for it.", **times)
    with made.database.write() as session:
        return operations.propose_again(session, SYSTEM, made.forum, wanted)


def _remind(made, *ids) -> int:
    with made.database.write() as session:
        return operations.remind(session, SYSTEM, made.forum, ProposalIds(ids=list(ids)))


def _ruled_out(made):
    with made.database.read() as session:
        return rulings.ruled_out(session, made.forum)


def test_chosen_pairs_are_proposed_once(app: FastAPI, database: Database) -> None:
    made = make_proposed(app, propose=False)
    assert made.propose() == ProposalsMade(proposed=4, already=0, left_out=0)
    assert made.propose() == ProposalsMade(proposed=0, already=4, left_out=0)
    found = made.every()
    assert len(found) == 4
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert {one.state for one in found} == {ProposalState.PROPOSED}
    assert all(side.answer is None and not side.on_behalf for one in found for side in one.sides.values())
    with database.read() as session:
        assert queue.planned(session, LETTERS_JOB)


def test_only_new_pairs_of_a_later_list_are_proposed(app: FastAPI, database: Database) -> None:
    made = make_proposed(app)
    late = make_approved(database, Kind.EXPORTER)
    with database.write() as session:
        wanted = {"kind": Kind.EXPORTER, "ids": [late]}
        forums.add_participants(session, SYSTEM, made.forum, forums.ParticipantsAdd.model_validate(wanted))
    publish(database, made.forum)
    assert made.propose() == ProposalsMade(proposed=2, already=4, left_out=0)


def test_nothing_is_proposed_before_a_list_is_published(app: FastAPI, database: Database) -> None:
    forum = make_forum(
        database, [make_approved(database, Kind.ENTREPRENEUR)], [make_approved(database, Kind.EXPORTER)]
    )
    with database.write() as session, pytest.raises(Conflict, match="Publish a match list first"):
        operations.propose(session, SYSTEM, forum, AnswerTime())


def test_pair_that_became_impossible_since_the_list_is_left_out(app: FastAPI, database: Database) -> None:
    made = make_proposed(app, propose=False, exporters=({}, {}, {}))
    with database.write() as session:
        profiles.archive(session, SYSTEM, Kind.EXPORTER, made.exporters[0])
        forums.remove_participants(session, SYSTEM, made.forum, Kind.EXPORTER, [made.exporters[1]])
        exclusion = ExclusionCreate(entrepreneur_id=made.entrepreneurs[0], exporter_id=made.exporters[2])
        rulings.exclude_pair(session, SYSTEM, made.forum, exclusion)
    assert made.propose() == ProposalsMade(proposed=1, already=0, left_out=5)


@pytest.mark.parametrize(
    ("now", "wanted", "expires", "reminds"),
    [
        # A week, two days before the last one, at midnight of the forum's clock.
        ("2027-01-10T09:00", {}, "2027-01-17T23:00", "2027-01-15T23:00"),
        ("2027-01-10T23:30", {}, "2027-01-18T23:00", "2027-01-16T23:00"),
        # Before the forum; and on the forum's own days until the day is over.
        ("2027-03-07T09:00", {}, "2027-03-09T23:00", None),
        ("2027-03-10T09:00", {}, "2027-03-10T23:00", None),
        ("2027-01-10T09:00", {"answer_by": "2027-02-01"}, "2027-02-01T23:00", "2027-01-30T23:00"),
        ("2027-01-10T09:00", {"remind_days_before": None}, "2027-01-17T23:00", None),
        ("2027-01-10T09:00", {"remind_days_before": "5"}, "2027-01-17T23:00", "2027-01-12T23:00"),
    ],
)
def test_answers_are_awaited_until_the_end_of_a_day_at_the_forum(now, wanted, expires, reminds) -> None:
    with clock.frozen_at(datetime.fromisoformat(now).replace(tzinfo=UTC)):
        found = operations._times(
            "Europe/Berlin", date(2027, 3, 10), date(2027, 3, 11), AnswerTime.model_validate(wanted)
        )
    assert [one and f"{one.astimezone(UTC):%Y-%m-%dT%H:%M}" for one in found] == [expires, reminds]


@pytest.mark.parametrize(
    ("answer_by", "code"), [("2020-01-01", "day_is_over"), ("2027-03-12", "after_the_forum")]
)
def test_day_to_answer_lies_between_today_and_the_forum(app: FastAPI, answer_by: str, code: str) -> None:
    made = make_proposed(app, propose=False)
    with pytest.raises(InvalidInput) as caught:
        made.propose(answer_by=answer_by)
    assert [error.code for error in caught.value.errors] == [code]


def test_organiser_takes_open_and_accepted_proposals_back(app: FastAPI, database: Database) -> None:
    made = make_proposed(app)
    accepted, open_one, refused = made.accept(0, 0), made.of(0, 1).id, made.of(1, 0).id
    made.answer(Kind.EXPORTER, 0, refused, "declined")
    made.write_letters()
    assert _withdraw(made, accepted, open_one, refused, note="Hall is full.") == 2
    assert made.of(0, 0).state is ProposalState.WITHDRAWN
    assert made.of(0, 0).note == "Hall is full."
    assert made.of(0, 1).state is ProposalState.WITHDRAWN
    assert made.of(1, 0).state is ProposalState.DECLINED
    with database.read() as session:
        assert rulings.pins(session, SYSTEM, made.forum) == []
        assert reading.released_contacts(session, SYSTEM, accepted) == []
    # Both had said yes to the first; nobody had to the second.
    assert made.write_letters() == 2


def test_declined_pair_is_asked_again_only_by_an_override_that_a_new_no_ends(app: FastAPI) -> None:
    made = make_proposed(app)
    proposal = made.of(0, 0).id
    pair = (made.entrepreneurs[0], made.exporters[0])
    made.answer(Kind.EXPORTER, 0, proposal, "declined", "No time")
    assert _ruled_out(made) == {pair: ExclusionReason.SAID_NO}
    assert _again(made, proposal) == 1
    again = made.of(0, 0)
    assert (again.state, again.round, again.note) == (ProposalState.PROPOSED, 2, "Both asked for it.")
    assert [(side.answer, side.reason) for side in again.sides.values()] == [(None, "")] * 2
    assert _ruled_out(made) == {}
    made.answer(Kind.EXPORTER, 0, proposal, "declined", "Still no time")
    assert _ruled_out(made) == {pair: ExclusionReason.SAID_NO}
    with made.database.read() as session:
        steps = [one.action for one in audit.history(session, proposal)]
    assert steps.count("proposal.again") == 1
    assert steps.count("proposal.declined") == 2


def test_expired_or_withdrawn_pair_is_asked_again(app: FastAPI) -> None:
    made = make_proposed(app)
    first, second = made.of(0, 0).id, made.of(0, 1).id
    _withdraw(made, first, second)
    assert _again(made, first, second, answer_by=None, remind_days_before=None) == 2
    assert {made.of(0, place).state for place in (0, 1)} == {ProposalState.PROPOSED}
    assert _ruled_out(made) == {}


def test_pair_is_not_asked_again_while_it_is_open_accepted_or_impossible(app: FastAPI) -> None:
    made = make_proposed(app)
    open_one, accepted, gone, banned = made.of(0, 0).id, made.accept(1, 1), made.of(1, 0).id, made.of(0, 1).id
    for one in (open_one, accepted):
        with pytest.raises(Conflict, match="closed"):
            _again(made, one)
    _withdraw(made, gone, banned)
    with made.database.write() as session:
        exclusion = ExclusionCreate(entrepreneur_id=made.entrepreneurs[0], exporter_id=made.exporters[1])
        rulings.exclude_pair(session, SYSTEM, made.forum, exclusion)
        forums.remove_participants(session, SYSTEM, made.forum, Kind.EXPORTER, [made.exporters[0]])
    with pytest.raises(Conflict, match="ruled out"):
        _again(made, banned)
    with pytest.raises(Conflict, match="does not take part"):
        _again(made, gone)
    assert made.of(0, 1).state is ProposalState.WITHDRAWN


def test_those_who_have_not_answered_are_reminded_once_a_day(app: FastAPI) -> None:
    made = make_proposed(app)
    proposal, refused = made.of(0, 0).id, made.of(1, 1).id
    made.answer(Kind.EXPORTER, 1, refused, "declined")
    # The first letters are not written yet: nobody is reminded of what it has not read.
    assert _remind(made, proposal) == 0
    made.write_letters()
    made.answer(Kind.ENTREPRENEUR, 0, proposal)
    assert _remind(made, proposal, refused) == 1
    assert _remind(made, proposal) == 0
    assert made.of(0, 0).sides[Kind.EXPORTER].reminded_at is not None
    assert made.write_letters() == 1
    with clock.frozen_at(clock.now() + timedelta(days=1, seconds=1)):
        assert _remind(made, proposal) == 1


def test_unknown_proposal_is_named_by_its_place(app: FastAPI) -> None:
    made, other = make_proposed(app), make_proposed(app)
    with pytest.raises(InvalidInput) as caught:
        _remind(made, made.of(0, 0).id, other.of(0, 0).id, uuid4())
    assert [error.pointer for error in caught.value.errors] == ["/ids/1", "/ids/2"]


def test_only_those_who_organise_make_or_change_proposals(app: FastAPI, database: Database) -> None:
    made = make_proposed(app)
    make_centre(database)
    proposal = made.of(0, 0).id
    for caller in (
        make_caller(database, role="coordinator", centre="qh-berlin"),
        make_api_client(database, scopes=("proposals:read", "proposals:write")),
    ):
        for act, wanted in (
            (operations.propose, AnswerTime()),
            (operations.remind, ProposalIds(ids=[proposal])),
            (operations.withdraw, ProposalsWithdraw(ids=[proposal])),
            (operations.propose_again, ProposalsAgain(ids=[proposal], note="x")),
        ):
            with database.write() as session, pytest.raises(NotAllowed):
                act(session, caller.principal, made.forum, wanted)


def test_pairs_to_meet_are_those_nobody_refused_or_those_who_both_accepted(app: FastAPI) -> None:
    made = make_proposed(app, entrepreneurs=({}, {}, {}), propose=False)

    def pairs(*, only_accepted: bool) -> list[PairToMeet]:
        with made.database.read() as session:
            return operations.pairs_to_meet(session, made.forum, only_accepted=only_accepted)

    chosen = pairs(only_accepted=False)
    assert len(chosen) == 6
    assert {one.proposal_id for one in chosen} == {None}
    assert [one.score for one in chosen] == sorted((one.score for one in chosen), reverse=True)
    made.propose()
    accepted = made.accept(0, 0)
    made.answer(Kind.EXPORTER, 1, made.of(0, 1).id, "declined")
    _withdraw(made, made.of(1, 0).id)
    with made.database.write() as session:
        exclusion = ExclusionCreate(entrepreneur_id=made.entrepreneurs[1], exporter_id=made.exporters[1])
        rulings.exclude_pair(session, SYSTEM, made.forum, exclusion)
        profiles.withdraw_consent(
            session, SYSTEM, Kind.ENTREPRENEUR, made.entrepreneurs[2], ConsentPurpose.MATCHING
        )
    assert [one.proposal_id for one in pairs(only_accepted=False)] == [accepted]
    assert pairs(only_accepted=True) == pairs(only_accepted=False)
    with made.database.write() as session:
        forums.remove_participants(session, SYSTEM, made.forum, Kind.EXPORTER, [made.exporters[0]])
    assert pairs(only_accepted=True) == []


def test_unanswered_pair_is_met_unless_only_accepted_ones_are(app: FastAPI) -> None:
    made = make_proposed(app, entrepreneurs=({},), exporters=({},))
    with made.database.read() as session:
        assert len(operations.pairs_to_meet(session, made.forum, only_accepted=False)) == 1
        assert operations.pairs_to_meet(session, made.forum, only_accepted=True) == []


def test_pair_that_both_accepted_is_pinned(app: FastAPI) -> None:
    made = make_proposed(app)
    made.accept(0, 1)
    with made.database.read() as session:
        pins = rulings.pins(session, SYSTEM, made.forum)
    assert [(pin.entrepreneur_id, pin.exporter_id, pin.reason) for pin in pins] == [
        (made.entrepreneurs[0], made.exporters[1], PinReason.ACCEPTED)
    ]


def test_list_is_narrowed_by_state_side_and_name(app: FastAPI) -> None:
    made = make_proposed(app, entrepreneurs=({"display_name": "Дала"}, {"display_name": "Orman"}))
    made.accept(0, 0)
    made.answer(Kind.ENTREPRENEUR, 1, made.of(1, 1).id)

    def found(**wanted) -> set[tuple[str, str]]:
        with made.database.read() as session:
            page = reading.listed(session, SYSTEM, made.forum, ProposalFilter.model_validate(wanted))
        assert page.counts[ProposalState.ACCEPTED] == 1
        assert page.counts[ProposalState.PROPOSED] == 3
        assert page.total == len(page.proposals)
        return {(one.entrepreneur.id, one.exporter.id) for one in page.proposals}

    (dala, orman), (first, second) = made.entrepreneurs, made.exporters
    assert len(found()) == 4
    assert found(state="accepted") == {(dala, first)}
    assert found(waiting_for="entrepreneur") == {(dala, second), (orman, first)}
    assert found(waiting_for="exporter") == {(dala, second), (orman, first), (orman, second)}
    assert found(text="дал") == {(dala, first), (dala, second)}
    assert found(text="дал", state="proposed") == {(dala, second)}
    assert found(text="nobody") == set()


def test_long_list_comes_by_pages(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make_proposed(app)
    monkeypatch.setattr(reading, "PAGE_SIZE", 3)
    with made.database.read() as session:
        first = reading.listed(session, SYSTEM, made.forum, ProposalFilter())
        second = reading.listed(session, SYSTEM, made.forum, ProposalFilter(page=2))
    assert (len(first.proposals), len(second.proposals), first.pages, first.total) == (3, 1, 2, 4)
    assert not {one.id for one in first.proposals} & {one.id for one in second.proposals}


def test_coordinator_and_agency_see_only_what_concerns_those_they_keep(
    app: FastAPI, database: Database
) -> None:
    make_centre(database)
    made = make_proposed(
        app,
        entrepreneurs=({"centre": "qh-berlin"}, {}),
        exporters=({"source_agency": "kazexport"}, {}),
    )
    coordinator = make_caller(database, role="coordinator", centre="qh-berlin").principal
    agency = make_api_client(database, scopes=("proposals:read",), agency="kazexport").principal
    made.answer(Kind.EXPORTER, 0, made.of(0, 0).id, "declined", "They are rivals")
    with database.read() as session:
        kept = reading.listed(session, coordinator, made.forum, ProposalFilter())
        sent = reading.listed(session, agency, made.forum, ProposalFilter())
        assert {one.entrepreneur.id for one in kept.proposals} == {made.entrepreneurs[0]}
        assert {tuple(one.may_answer) for one in kept.proposals} == {(), (Kind.ENTREPRENEUR,)}
        assert {tuple(one.may_answer) for one in sent.proposals} == {()}
        assert sum(kept.counts.values()) == kept.total == 2
        assert {one.exporter.id for one in sent.proposals} == {made.exporters[0]}
        hidden = made.of(1, 1).id
        for one in (coordinator, agency):
            with pytest.raises(reading.NotFound):
                reading.read(session, one, hidden)
        with pytest.raises(reading.NotFound):
            reading.read(session, SYSTEM, uuid4())
        # Why somebody said no is for the organiser and for those who keep it.
        declined = made.of(0, 0).id
        assert reading.read(session, coordinator, declined).sides[Kind.EXPORTER].reason == ""
        assert reading.read(session, agency, declined).sides[Kind.EXPORTER].reason == "They are rivals"
        assert reading.read(session, coordinator, declined).sides[Kind.EXPORTER].answer is Answer.DECLINED
