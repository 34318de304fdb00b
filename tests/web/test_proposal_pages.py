import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from service.platform import clock, mail
from service.platform.database import Database
from service.profiles.vocabulary import Kind
from service.proposals.schemas import Answer, ProposalState
from tests.factories.accounts import make_centre
from tests.factories.forums import make_forum
from tests.factories.proposals import Proposed, make_proposed
from tests.web.conftest import Browser, section_of

Browse = Callable[..., Browser]


@pytest.fixture
def made(app: FastAPI, client: TestClient, database: Database) -> Proposed:
    make_centre(database)
    return make_proposed(
        app,
        entrepreneurs=({"centre": "qh-berlin", "display_name": "Дала"}, {"display_name": "Orman"}),
        exporters=({"contact_email": "seller@example.org"}, {}),
        propose=False,
    )


def _page(made: Proposed) -> str:
    return f"/forums/{made.forum}/proposals"


def _act(browser: Browser, made: Proposed, action: str, *ids, **sent):
    fields = {"ids": [str(one) for one in ids], **sent}
    return browser.post(f"{_page(made)}/{action}", fields, page=_page(made))


def test_organiser_proposes_and_sees_how_all_stand(made: Proposed, browse: Browse) -> None:
    browser = browse("organiser")
    assert "Propose the pairs of match list 1" in browser.get(f"{_page(made)}?lang=en").text
    answer = browser.post(_page(made), {"answer_by": "", "remind_days_before": "3"})
    assert answer.headers["location"] == f"{_page(made)}?notice=proposed"
    made.accept(0, 0)
    page = browser.get(f"{_page(made)}?lang=en").text
    assert page.count('name="ids"') == 4
    assert page.count("has not answered") == 6
    only = browser.get(f"{_page(made)}?state=accepted&lang=en").text
    assert only.count('name="ids"') == 1
    assert browser.get(f"{_page(made)}?text=дала&waiting_for=exporter").text.count('name="ids"') == 1
    # A filter that somebody made up shows everything.
    assert browser.get(f"{_page(made)}?state=nonsense").text.count('name="ids"') == 4


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_wrong_day_is_told_beside_its_field(made: Proposed, browse: Browse, language: str) -> None:
    browser = browse("organiser")
    browser.get(f"/?lang={language}")
    for day in ("2020-01-01", "2030-01-01", "soon"):
        answer = browser.post(_page(made), {"answer_by": day, "remind_days_before": ""})
        assert answer.status_code == 422
        assert f'value="{day}"' in answer.text
        assert 'id="answer_by-mistake"' in answer.text
    assert made.every() == []


def test_nothing_to_propose_without_a_published_list(
    made: Proposed, browse: Browse, database: Database
) -> None:
    forum = make_forum(database, [], [])
    browser = browse("organiser")
    path = f"/forums/{forum}/proposals"
    assert "Publish a match list first" in browser.get(f"{path}?lang=en").text
    answer = browser.post(path, {"answer_by": ""}, page=_page(made))
    assert answer.status_code == 409
    assert "Publish a match list first" in answer.text


def test_organiser_reminds_withdraws_and_asks_again(made: Proposed, browse: Browse) -> None:
    browser = browse("organiser")
    made.propose()
    made.write_letters()
    proposal = made.of(0, 0).id
    asked = "state=proposed&text=%D0%B4%D0%B0%D0%BB%D0%B0"
    done = browser.post(f"{_page(made)}/remind?{asked}&lang=en", {"ids": [str(proposal)]}, page=_page(made))
    assert done.headers["location"] == f"{_page(made)}?{asked}&notice=reminded"
    assert f"/again?{asked.replace('&', '&amp;')}" in browser.get(f"{_page(made)}?{asked}").text
    assert made.of(0, 0).sides[Kind.EXPORTER].reminded_at is not None
    every = browser.get(f"{_page(made)}?{asked}&ticked=1").text
    assert every.count('name="ids"') == len(re.findall(r'name="ids"[^>]* checked', every)) == 2
    assert f'href="{_page(made)}?{asked.replace("&", "&amp;")}&amp;ticked=1"' in every
    answer = _act(browser, made, "withdraw", proposal, note="Full")
    assert answer.headers["location"].endswith("notice=taken-back")
    answer = _act(browser, made, "again", proposal, note="There is room", remind_days_before="2")
    assert answer.headers["location"].endswith("notice=proposed-again")
    found = made.of(0, 0)
    assert (found.state, found.round, found.note) == (ProposalState.PROPOSED, 2, "There is room")


@pytest.mark.parametrize("action", ["remind", "withdraw", "again"])
def test_nothing_chosen_or_nothing_said_is_told(made: Proposed, browse: Browse, action: str) -> None:
    browser = browse("organiser")
    made.propose()
    answer = _act(browser, made, action)
    assert answer.status_code == 422
    assert 'href="#ids"' in answer.text
    strange = _act(browser, made, action, uuid4(), note="x")
    assert strange.status_code == 422
    if action == "again":
        chosen = made.of(0, 0).id
        answer = _act(browser, made, action, chosen)
        assert answer.status_code == 422
        assert 'href="#note"' in answer.text
        assert re.search(rf'name="ids" value="{chosen}"[^>]* checked', answer.text)
        answer = _act(browser, made, action, made.of(0, 0).id, note="x")
        assert answer.status_code == 409


def test_coordinator_answers_for_those_it_keeps(made: Proposed, browse: Browse) -> None:
    made.propose()
    proposal, other = made.of(0, 0).id, made.of(1, 1).id
    browser = browse("coordinator", centre="qh-berlin")
    listed = browser.get(f"{_page(made)}?lang=en").text
    assert "Дала" in listed
    assert "Orman" not in listed
    assert 'name="ids"' not in listed
    assert browser.get(f"/proposals/{other}").status_code == 404
    path = f"/proposals/{proposal}"
    assert browser.get(path).text.count('action="/proposals/') == 1
    empty = browser.post(f"{path}/answer", {"side": "entrepreneur", "answer": "declined"}, page=path)
    assert empty.status_code == 422
    assert "Say in a few words why not." in empty.text
    sent = {"side": "entrepreneur", "answer": "accepted"}
    asked = "?state=proposed&page=1"
    assert f'href="{path}{asked.replace("&", "&amp;")}"' in browser.get(f"{_page(made)}{asked}").text
    assert f'href="{_page(made)}{asked.replace("&", "&amp;")}"' in browser.get(f"{path}{asked}").text
    answered = browser.post(f"{path}/answer{asked}", sent, page=path)
    assert answered.headers["location"] == f"{path}{asked}&notice=answered"
    side = made.of(0, 0).sides[Kind.ENTREPRENEUR]
    assert (side.answer, side.answered_by) == (Answer.ACCEPTED, "Coordinator")
    page = browser.get(f"{path}?lang=en").text
    assert "said yes, answered by Coordinator" in page
    assert "seller@example.org" not in page
    late = browser.post(f"{path}/answer", sent, page="/password")
    assert late.status_code == 409
    made.answer(Kind.EXPORTER, 0, proposal)
    assert "seller@example.org" in browser.get(path).text


def test_organiser_sees_reasons_and_history_but_no_contact(made: Proposed, browse: Browse) -> None:
    made.propose()
    accepted, declined = made.accept(0, 0), made.of(1, 0).id
    made.answer(Kind.EXPORTER, 0, declined, "declined", "Their <price>")
    browser = browse("organiser")
    page = browser.get(f"/proposals/{accepted}?lang=en").text
    assert "contact shown to the other side" in page
    assert "seller@example.org" not in page
    page = browser.get(f"/proposals/{declined}?lang=en").text
    assert "Their &lt;price&gt;" in page
    assert "closed by a no" in page


def test_every_page_is_whole_in_every_language(made: Proposed, browse: Browse) -> None:
    browser = browse()
    made.propose()
    made.write_letters()
    proposal = made.accept(0, 0)
    made.write_letters()
    letters = f"/forums/{made.forum}/letters"
    first = re.search(rf'href="({letters}/[0-9a-f-]+)"', browser.get(letters).text)
    assert first
    for path in (_page(made), f"/proposals/{proposal}", letters, f"{letters}?state=failed", first[1]):
        for language in ("kk", "ru", "en"):
            page = browser.get(path + ("&" if "?" in path else "?") + f"lang={language}")
            assert page.status_code == 200, page.text[-2000:]
            assert f'<html lang="{language}">' in page.text
            assert section_of(page) == ["/forums"]
            assert len(page.content) < 100_000
            assert not re.search(r"<script|\s(on\w+|style)=|\bNone\b", page.text)
            for form in re.findall(r'<form method="post".*?</form>', page.text, re.DOTALL):
                assert 'name="form_token"' in form


def test_organiser_reads_letters_where_no_mail_server_is_set(made: Proposed, browse: Browse) -> None:
    made.propose()
    made.write_letters()
    browser = browse("organiser")
    letters = f"/forums/{made.forum}/letters"
    listed = browser.get(f"{letters}?lang=en&page=x").text
    assert "No mail server is set" in listed
    assert "Дала" in listed
    named = browser.get(f"{letters}?lang=en&text=dala").text
    assert "1 letter<" in named
    assert 'name="text" value="dala"' in named
    assert "0 letters" in browser.get(f"{letters}?text=dala&state=sent").text
    first = re.search(rf'href="({letters}/[0-9a-f-]+)"', listed)
    assert first
    page = browser.get(first[1]).text
    assert re.search(r'<a href="http://127.0.0.1:8000/p/|<a href="https://qh.example/p/', page)
    assert browse("coordinator", centre="qh-berlin").get(letters).status_code == 403


def test_letter_that_could_not_be_sent_is_sent_again(
    app: FastAPI, made: Proposed, browse: Browse, database: Database
) -> None:
    made.propose()
    made.write_letters()
    with database.write() as session:
        (letter, *_), _ = mail.letters(
            session, [made.participant(Kind.EXPORTER, 0).participant_id], None, offset=0, limit=9
        )
        mail.failed(session, letter.id, "refused", for_good=True)
    app.state.settings = app.state.settings.model_copy(update={"smtp_host": "mail.example"})
    browser = browse("organiser")
    path = f"/forums/{made.forum}/letters/{letter.id}"
    assert "the mail server refused the letter" in browser.get(f"{path}?lang=en").text
    answer = browser.post(f"{path}/again", {}, page=path)
    assert answer.headers["location"] == f"{path}?notice=sent-again"
    assert "The text is not shown" in browser.get(path).text
    again = browser.post(f"{path}/again", {}, page="/password")
    assert again.status_code == 409


def test_closed_proposal_offers_no_answer(made: Proposed, browse: Browse) -> None:
    made.propose()
    proposal = made.of(0, 0)
    made.answer(Kind.EXPORTER, 0, proposal.id, "declined")
    page = browse().get(f"/proposals/{proposal.id}").text
    assert "/answer" not in page
    with clock.frozen_at(made.of(1, 1).expires_at):
        assert (
            f"/proposals/{made.of(1, 1).id}/answer" not in browse().get(f"/proposals/{made.of(1, 1).id}").text
        )
