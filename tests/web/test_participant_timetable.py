import re
from datetime import UTC, datetime
from itertools import product
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from service.forums import participant_links
from service.forums.participant_links import participants_by_profile
from service.platform import clock
from service.platform.database import Database
from tests.factories.meetings import make_release, meetings_of, pin_pairs, set_up_forum

AFTER = datetime(2027, 3, 10, 18, tzinfo=UTC)
LANGUAGES = ["kk", "kk-Latn", "kk-Arab", "ru", "en", "zh", "tr", "uz", "de", "sv"]


@pytest.fixture
def forum(database: Database) -> tuple[UUID, list[UUID], list[UUID]]:
    found = set_up_forum(database)
    pin_pairs(database, found[0], product(found[1], found[2]))
    return found


def page_of(app: FastAPI, database: Database, forum_id: UUID, profile: UUID) -> str:
    with database.read() as session:
        participant = participants_by_profile(session, forum_id)[profile]
    return f"/p/{participant_links.sign(app.state.signer, participant)}/timetable"


def send(client: TestClient, page: str, meeting: UUID, **fields: str):
    token = re.search(r'name="form_token" value="([^"]+)"', client.get(page).text)
    assert token
    return client.post(f"{page}/meetings/{meeting}", data={**fields, "form_token": token[1]})


def test_page_before_the_release_says_that_a_letter_will_come(
    app: FastAPI, client: TestClient, database: Database, forum
) -> None:
    page = page_of(app, database, forum[0], forum[2][0])
    answer = client.get(f"{page}?lang=en")
    assert answer.status_code == 200
    assert "The timetable is not ready yet." in answer.text
    assert client.get(f"{page}/paper.ics").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_shows_the_meetings_in_the_participants_language(
    app: FastAPI, client: TestClient, database: Database, forum, language: str
) -> None:
    make_release(database, forum[0])
    page = page_of(app, database, forum[0], forum[2][0])
    answer = client.get(f"{page}?lang={language}")
    assert f'<html lang="{language}"' in answer.text
    assert answer.text.count('class="panel"') == 2
    assert "Europe/Berlin" in answer.text
    assert "Steppe Feinkost" in answer.text
    assert "@" not in answer.text


def test_link_of_a_paper_shows_no_proposal_and_no_contact(
    app: FastAPI, client: TestClient, database: Database, forum
) -> None:
    make_release(database, forum[0])
    by_letter = page_of(app, database, forum[0], forum[2][0])
    with database.read() as session:
        participant = participants_by_profile(session, forum[0])[forum[2][0]]
    whole = f"/p/{participant_links.sign_paper(app.state.signer, participant)}"
    answer = client.get(f"{whole}/timetable")
    assert answer.status_code == 200
    assert answer.text.count('class="panel"') == 2
    assert f'href="{whole}?lang=' not in answer.text
    assert f'href="{by_letter.removesuffix("/timetable")}?lang=' in client.get(by_letter).text
    assert client.get(whole).status_code == 404
    token = re.search(r'name="form_token" value="([^"]+)"', answer.text)
    assert token
    sent = {"answer": "accepted", "form_token": token[1]}
    assert client.post(f"{whole}/proposals/{uuid4()}", data=sent).status_code == 404
    calendar = client.get(f"{by_letter}/paper.ics").text.replace("\r\n ", "")
    printed = re.search(r"URL:\S+(/p/\S+)/timetable", calendar)
    assert printed
    assert client.get(f"{printed[1]}/timetable").status_code == 200
    assert client.get(printed[1]).status_code == 404


def test_participant_takes_its_papers_home(
    app: FastAPI, client: TestClient, database: Database, forum
) -> None:
    make_release(database, forum[0])
    page = page_of(app, database, forum[0], forum[2][0])
    assert client.get(f"{page}/paper.pdf").content.startswith(b"%PDF")
    assert client.get(f"{page}/paper.ics").text.count("BEGIN:VEVENT") == 2


def test_participant_says_how_it_was_and_what_comes_next(
    app: FastAPI, client: TestClient, database: Database, forum
) -> None:
    forum_id, ones, others = forum
    release = make_release(database, forum_id)
    meeting = meetings_of(database, release)[ones[0], others[0]].id
    page = page_of(app, database, forum_id, others[0])
    assert "/timetable/meetings/" not in client.get(page).text
    with clock.frozen_at(AFTER):
        step = {"text": "Send <samples>", "owner": "other", "due_on": "2027-03-20"}
        answer = send(client, f"{page}?lang=en".split("?")[0], meeting, verdict="held", rating="5", **step)
        assert answer.status_code == 303, answer.text
        assert answer.headers["location"].endswith(f"done=1#m-{meeting}")
        shown = client.get(f"{page}?lang=en&done=1").text
    assert "Thank you, it is saved." in shown
    assert "Send &lt;samples&gt;" in shown
    assert "the other side, until March 20, 2027" in shown
    assert "The meeting was held, 5/5" in shown


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Say whether the meeting was held."),
        ({"verdict": "no_show", "rating": "3"}, "cannot be rated"),
        ({"verdict": "held", "text": "Call"}, "needs all three"),
        ({"verdict": "held", "text": "Call", "owner": "own", "due_on": "2027-03-01"}, "before the meeting"),
        ({"verdict": "held", "text": "x" * 501, "owner": "own", "due_on": "2027-04-01"}, "too long"),
    ],
)
def test_what_is_wrong_with_an_answer_is_said_and_what_was_typed_stays(
    app: FastAPI, client: TestClient, database: Database, forum, fields: dict, sentence: str
) -> None:
    forum_id, ones, others = forum
    release = make_release(database, forum_id)
    meeting = meetings_of(database, release)[ones[0], others[0]].id
    page = page_of(app, database, forum_id, ones[0])
    with clock.frozen_at(AFTER):
        token = re.search(r'name="form_token" value="([^"]+)"', client.get(page).text)
        answer = client.post(f"{page}/meetings/{meeting}?lang=en", data={**fields, "form_token": token[1]})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert fields.get("text", "") in answer.text


def test_answer_before_the_meeting_is_refused_in_words(
    app: FastAPI, client: TestClient, database: Database, forum
) -> None:
    forum_id, ones, others = forum
    release = make_release(database, forum_id)
    meeting = meetings_of(database, release)[ones[0], others[0]].id
    page = page_of(app, database, forum_id, ones[0])
    with clock.frozen_at(AFTER):
        token = re.search(r'name="form_token" value="([^"]+)"', client.get(page).text)
    answer = client.post(f"{page}/meetings/{meeting}", data={"verdict": "held", "form_token": token[1]})
    assert answer.status_code == 409


@pytest.mark.parametrize("part", ["", "/paper.ics"])
def test_altered_link_shows_nothing(client: TestClient, part: str) -> None:
    answer = client.get(f"/p/altered/timetable{part}")
    assert answer.status_code == 404
    assert "Steppe" not in answer.text
