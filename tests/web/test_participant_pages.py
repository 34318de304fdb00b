import re
from datetime import timedelta
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from service.accounts.schemas import SYSTEM
from service.forums import operations as forums
from service.platform import clock
from service.platform.database import Database
from service.platform.phrasebook import LANGUAGES
from service.profiles import operations as profiles
from service.profiles.vocabulary import ConsentPurpose, Kind
from service.proposals import answering, operations, tending
from service.proposals.schemas import Answer, AnswerFor, ProposalState, ProposalsWithdraw
from service.web.participant_pages import TONGUES
from tests.factories.accounts import make_caller, make_centre
from tests.factories.proposals import Proposed, make_proposed
from tests.web.conftest import form_token

EVERY_LANGUAGE = [*LANGUAGES, "kk-Latn", "kk-Arab"]


@pytest.fixture
def made(app: FastAPI, client: TestClient) -> Proposed:
    return make_proposed(
        app,
        entrepreneurs=({"contact_email": "buyer@example.org", "languages": ["de"]}, {}),
        exporters=({"contact_email": "seller@example.org", "languages": ["en"]}, {}),
    )


def _path(made: Proposed, kind: Kind, place: int = 0) -> str:
    return f"/p/{made.token(kind, place)}"


def _answer(
    client: TestClient, path: str, proposal, answer: str = "accepted", reason: str = "", lang: str = "en"
):
    sent = {"form_token": form_token(client.get(path)), "answer": answer, "reason": reason}
    return client.post(f"{path}/proposals/{proposal}?lang={lang}", data=sent)


def test_every_language_has_a_name_of_its_own() -> None:
    assert TONGUES.keys() == set(EVERY_LANGUAGE)


@pytest.mark.parametrize("language", EVERY_LANGUAGE)
def test_page_is_whole_in_every_language(client: TestClient, made: Proposed, language: str) -> None:
    made.accept(0, 0)
    page = client.get(f"{_path(made, Kind.ENTREPRENEUR)}?lang={language}")
    assert page.status_code == 200
    direction = "rtl" if language == "kk-Arab" else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in page.text
    assert page.headers["content-language"] == language
    assert "<script" not in page.text
    assert not re.search(r"\s(on\w+|style)=", page.text)
    assert not re.search(r"[{}]|\bNone\b", page.text)
    for one in made.every():
        if one.entrepreneur.id == made.entrepreneurs[0]:
            assert one.exporter.name in page.text
    assert len(page.content) < 100_000


def test_page_speaks_the_language_that_its_reader_named(client: TestClient, made: Proposed) -> None:
    assert '<html lang="de"' in client.get(_path(made, Kind.ENTREPRENEUR)).text
    assert '<html lang="de"' in client.get(f"{_path(made, Kind.ENTREPRENEUR)}?lang=xx").text


def test_nobody_keeps_the_page_or_learns_its_address(client: TestClient, made: Proposed) -> None:
    for path in (_path(made, Kind.EXPORTER), "/p/nonsense"):
        headers = client.get(path).headers
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-robots-tag"] == "noindex"
        assert "set-cookie" not in headers


def test_looking_changes_nothing(client: TestClient, made: Proposed) -> None:
    before = made.every()
    path = _path(made, Kind.EXPORTER)
    proposal = made.of(0, 0).id
    client.get(f"{path}?answer=accepted&done=accepted")
    assert client.get(f"{path}/proposals/{proposal}?answer=accepted").status_code == 405
    assert made.every() == before


def test_participant_says_yes_and_sees_the_contact_once_both_did(client: TestClient, made: Proposed) -> None:
    proposal = made.of(0, 0).id
    path = _path(made, Kind.EXPORTER)
    answer = _answer(client, path, proposal)
    assert answer.status_code == 303
    page = client.get(answer.headers["location"])
    assert "Thank you. You said yes." in page.text
    assert "You said yes; the other side has not answered yet" in page.text
    assert "buyer@example.org" not in page.text
    _answer(client, _path(made, Kind.ENTREPRENEUR), proposal)
    assert "buyer@example.org" in client.get(path).text
    assert "seller@example.org" in client.get(_path(made, Kind.ENTREPRENEUR)).text
    for stranger in (_path(made, Kind.ENTREPRENEUR, 1), _path(made, Kind.EXPORTER, 1)):
        assert "buyer@example.org" not in client.get(stranger).text
        assert "seller@example.org" not in client.get(stranger).text


def test_contact_goes_from_the_page_with_the_consent(client: TestClient, made: Proposed) -> None:
    made.accept(0, 0)
    with made.database.write() as session:
        profiles.withdraw_consent(
            session, SYSTEM, Kind.ENTREPRENEUR, made.entrepreneurs[0], ConsentPurpose.MATCHING
        )
    page = client.get(_path(made, Kind.EXPORTER)).text
    assert "buyer@example.org" not in page
    assert "its contact details are not shown" in page


def test_no_needs_a_reason_and_what_was_typed_stays(client: TestClient, made: Proposed) -> None:
    proposal = made.of(0, 0).id
    path = _path(made, Kind.EXPORTER)
    empty = _answer(client, path, proposal, "declined")
    assert empty.status_code == 422
    assert "Say in a few words why not." in empty.text
    long = _answer(client, path, proposal, "declined", "x" * 501)
    assert long.status_code == 422
    assert "at most 500 characters" in long.text
    assert "x" * 501 in long.text
    said = _answer(client, path, proposal, "declined", "No <b>time</b>")
    assert said.status_code == 303
    assert "this business is not proposed to you again" in client.get(said.headers["location"]).text
    assert made.of(0, 0).sides[Kind.EXPORTER].reason == "No <b>time</b>"
    other = client.get(f"{_path(made, Kind.ENTREPRENEUR)}?lang=en").text
    assert "No &lt;b&gt;" not in other
    assert "Closed; there will be no meeting" in other


def test_answering_twice_is_told_and_the_first_answer_stays(client: TestClient, made: Proposed) -> None:
    proposal = made.of(0, 0).id
    path = _path(made, Kind.EXPORTER)
    token = form_token(client.get(path))
    _answer(client, path, proposal)
    late = client.post(
        f"{path}/proposals/{proposal}?lang=en",
        data={"form_token": token, "answer": "declined", "reason": "x"},
    )
    assert late.status_code == 409
    assert "This was answered already." in late.text
    assert made.of(0, 0).sides[Kind.EXPORTER].answer is Answer.ACCEPTED


def test_answer_that_comes_too_late_is_told_in_the_readers_language(
    client: TestClient, made: Proposed
) -> None:
    expired, withdrawn = made.of(0, 0), made.of(1, 0).id
    path = _path(made, Kind.EXPORTER)
    token = form_token(client.get(path))
    with made.database.write() as session:
        wanted = ProposalsWithdraw(ids=[withdrawn])
        operations.withdraw(session, SYSTEM, made.forum, wanted)

    def late(proposal, lang: str) -> str:
        sent = {"form_token": token, "answer": "accepted"}
        answer = client.post(f"{path}/proposals/{proposal}?lang={lang}", data=sent)
        assert answer.status_code == 409
        return answer.text

    assert "Arrangören har dragit tillbaka förslaget." in late(withdrawn, "sv")
    with clock.frozen_at(expired.expires_at):
        assert "答复期限已过" in late(expired.id, "zh")
        tending.tend(made.database)
        assert "The time to answer is over" in client.get(f"{path}?lang=en").text
    assert made.of(0, 0).state is ProposalState.EXPIRED


def test_partner_who_left_is_told_and_not_offered_any_more(client: TestClient, made: Proposed) -> None:
    proposal = made.of(0, 0).id
    path = _path(made, Kind.EXPORTER)
    token = form_token(client.get(path))
    with made.database.write() as session:
        profiles.archive(session, SYSTEM, Kind.ENTREPRENEUR, made.entrepreneurs[0])
    assert f"/proposals/{proposal}" not in client.get(path).text
    answer = client.post(
        f"{path}/proposals/{proposal}?lang=en", data={"form_token": token, "answer": "accepted"}
    )
    assert answer.status_code == 409
    assert "The other side does not take part in the forum any more" in answer.text


def test_form_of_another_link_or_site_is_refused_and_nothing_is_saved(
    client: TestClient, made: Proposed
) -> None:
    proposal = made.of(0, 0).id
    own, other = _path(made, Kind.EXPORTER), _path(made, Kind.ENTREPRENEUR)
    foreign = form_token(client.get(other))
    right = form_token(client.get(own))
    for sent, headers in (
        ({}, {}),
        ({"form_token": "x"}, {}),
        ({"form_token": foreign}, {}),
        ({"form_token": right}, {"Sec-Fetch-Site": "cross-site"}),
    ):
        answer = client.post(
            f"{own}/proposals/{proposal}?lang=tr", data={**sent, "answer": "accepted"}, headers=headers
        )
        assert answer.status_code == 403
        assert "Sayfa eskimişti" in answer.text
    assert made.of(0, 0).sides[Kind.EXPORTER].answer is None


def test_proposal_of_somebody_else_is_not_found(client: TestClient, made: Proposed) -> None:
    path = _path(made, Kind.EXPORTER)
    sent = {"form_token": form_token(client.get(path)), "answer": "accepted"}
    for stranger in (made.of(1, 1).id, uuid4()):
        answer = client.post(f"{path}/proposals/{stranger}?lang=ru", data=sent)
        assert answer.status_code == 404
        assert "Такого предложения нет." in answer.text
        assert 'lang="ru" dir="ltr"' in answer.text


@pytest.mark.parametrize(
    ("wished", "lang", "title"),
    [
        ("tr-TR,tr;q=0.9,en;q=0.8", "tr", "Bu bağlantı eksik"),
        ("fr,kk-Arab;q=0.8,ru;q=0.3", "kk-Arab", "سىلتەمە"),
        ("zh-CN", "zh", "链接不完整"),
        ("fr;q=x, fr", "en", "This link is not complete"),
        ("", "en", "This link is not complete"),
    ],
)
def test_altered_link_is_explained_in_the_browsers_language(
    client: TestClient, made: Proposed, wished: str, lang: str, title: str
) -> None:
    path = _path(made, Kind.EXPORTER)
    answer = client.get(f"{path[:-2]}", headers={"Accept-Language": wished})
    assert answer.status_code == 404
    assert f'<html lang="{lang}"' in answer.text
    assert title in answer.text
    assert "lang=uz" in answer.text
    posted = client.post(f"{path[:-2]}/proposals/{uuid4()}", headers={"Accept-Language": wished})
    assert posted.status_code == 403


def test_expired_link_says_what_to_do(client: TestClient, made: Proposed) -> None:
    path = _path(made, Kind.EXPORTER)
    ends = made.of(0, 0).expires_at
    with clock.frozen_at(ends + timedelta(days=500)):
        late = client.get(path, headers={"Accept-Language": "de"})
    assert late.status_code == 410
    assert "Das Forum ist lange vorbei" in late.text
    with made.database.write() as session:
        forums.remove_participants(session, SYSTEM, made.forum, Kind.EXPORTER, [made.exporters[0]])
    gone = client.get(f"{path}?lang=kk")
    assert gone.status_code == 410
    assert "Сілтеме енді жарамсыз" in gone.text


def test_participant_without_proposals_is_told_that_it_will_hear(app: FastAPI, client: TestClient) -> None:
    made = make_proposed(app, entrepreneurs=({},), exporters=({},), propose=False)
    page = client.get(f"{_path(made, Kind.EXPORTER)}?lang=en")
    assert "There is no proposal for you yet." in page.text


def test_answer_of_a_coordinator_is_marked_for_the_participant(
    app: FastAPI, client: TestClient, database: Database
) -> None:
    make_centre(database)
    made = make_proposed(app, entrepreneurs=({"centre": "qh-berlin"},), exporters=({},))
    coordinator = make_caller(database, role="coordinator", centre="qh-berlin").principal
    with database.write() as session:
        wanted = AnswerFor(side=Kind.ENTREPRENEUR, answer=Answer.ACCEPTED)
        answering.answer_for(session, coordinator, made.of(0, 0).id, wanted)
    page = client.get(f"{_path(made, Kind.ENTREPRENEUR)}?lang=en").text
    assert "Answered for you by those who keep your profile." in page


def test_hostile_names_are_shown_as_text(app: FastAPI, client: TestClient) -> None:
    name = '<script>alert("x")</script>'
    made = make_proposed(app, entrepreneurs=({"display_name": name},), exporters=({},))
    page = client.get(_path(made, Kind.EXPORTER)).text
    assert "<script" not in page
    assert "&lt;script&gt;" in page
