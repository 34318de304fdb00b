from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI

from service.accounts.schemas import SYSTEM
from service.forums import operations as forums
from service.forums import participant_links
from service.forums.participant_links import LinkAltered, LinkExpired, ParticipantLinks
from service.platform import clock
from service.platform.database import Database
from service.profiles.vocabulary import Kind
from tests.factories.forums import make_approved, make_forum


def _participant(database: Database, kind: Kind) -> tuple[UUID, UUID, UUID]:
    sides = {one: make_approved(database, one) for one in Kind}
    forum = make_forum(database, [sides[Kind.ENTREPRENEUR]], [sides[Kind.EXPORTER]])
    with database.read() as session:
        ids = participant_links.participants_by_profile(session, forum)
    return forum, sides[kind], ids[sides[kind]]


@pytest.mark.parametrize("kind", Kind)
def test_link_speaks_for_its_participant(app: FastAPI, database: Database, kind: Kind) -> None:
    forum, profile, participant = _participant(database, kind)
    signer = app.state.signer
    with database.read() as session:
        linked = participant_links.read(session, signer, participant_links.sign(signer, participant))
    assert linked == participant_links.LinkedParticipant(participant, forum, kind, profile)
    assert linked.actor == f"participant:{participant}"
    address = ParticipantLinks(signer, "https://qh.example").address(participant, "/timetable")
    assert address.startswith("https://qh.example/p/")
    assert address.endswith("/timetable")


def test_link_is_valid_until_sixty_days_after_the_forum(app: FastAPI, database: Database) -> None:
    forum, _, participant = _participant(database, Kind.EXPORTER)
    token = participant_links.sign(app.state.signer, participant)
    with database.read() as session:
        last = forums.read(session, SYSTEM, forum).ends_on + timedelta(days=60)
        moment = clock.now().replace(year=last.year, month=last.month, day=last.day)
        with clock.frozen_at(moment):
            participant_links.read(session, app.state.signer, token)
        with clock.frozen_at(moment + timedelta(days=1)), pytest.raises(LinkExpired):
            participant_links.read(session, app.state.signer, token)


def test_link_ends_when_its_participant_is_taken_off_the_forum(app: FastAPI, database: Database) -> None:
    forum, profile, participant = _participant(database, Kind.EXPORTER)
    token = participant_links.sign(app.state.signer, participant)
    with database.write() as session:
        forums.remove_participants(session, SYSTEM, forum, Kind.EXPORTER, [profile])
    with database.read() as session, pytest.raises(LinkExpired):
        participant_links.read(session, app.state.signer, token)


def test_altered_link_is_told_from_an_expired_one(app: FastAPI, database: Database) -> None:
    signer = app.state.signer
    token = participant_links.sign(signer, uuid4())
    wrong = [token[:-1], f"{token}x", "nonsense", signer.sign(uuid4().hex, purpose="session")]
    with database.read() as session:
        for one in [*wrong, signer.sign(7, purpose="participant")]:
            with pytest.raises(LinkAltered):
                participant_links.read(session, signer, one)
        with pytest.raises(LinkExpired):
            participant_links.read(session, signer, token)


def test_link_of_a_paper_opens_the_timetable_alone(app: FastAPI, database: Database) -> None:
    forum, profile, participant = _participant(database, Kind.EXPORTER)
    signer = app.state.signer
    paper, letter = (
        participant_links.sign_paper(signer, participant),
        participant_links.sign(signer, participant),
    )
    with database.read() as session:
        found = [participant_links.read_timetable(session, signer, one) for one in (paper, letter)]
        for one in (paper[:-1], signer.sign(participant.hex, purpose="session")):
            with pytest.raises(LinkAltered):
                participant_links.read_timetable(session, signer, one)
        with pytest.raises(LinkAltered):
            participant_links.read(session, signer, paper)
    assert [one.by_paper for one in found] == [True, False]
    assert {one.participant_id for one in found} == {participant}
    assert (found[0].forum_id, found[0].profile_id) == (forum, profile)


def test_participants_are_found_by_their_profiles(database: Database) -> None:
    forum, profile, participant = _participant(database, Kind.ENTREPRENEUR)
    with database.read() as session:
        every = participant_links.participants_by_profile(session, forum)
        assert len(every) == 2
        assert participant_links.participants_by_profile(session, forum, [profile, uuid4()]) == {
            profile: participant
        }
