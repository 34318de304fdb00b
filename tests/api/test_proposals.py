from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from service.platform.database import Database
from service.profiles.vocabulary import Kind
from service.settings import Settings
from tests.factories import profiles as make
from tests.factories.accounts import Caller, make_api_client
from tests.factories.proposals import Proposed, make_proposed

API = "/api/v1"


@pytest.fixture
def organiser(database: Database) -> Caller:
    scopes = ("forums:read", "forums:write", "proposals:read", "proposals:write")
    return make_api_client(database, scopes=scopes, agency=None)


@pytest.fixture
def agency(database: Database) -> Caller:
    return make_api_client(database, scopes=("proposals:read", "proposals:write"), agency="kazexport")


@pytest.fixture
def made(app: FastAPI, client: TestClient) -> Proposed:
    return make_proposed(app, exporters=({"source_agency": "kazexport"}, {}), propose=False)


def _propose(client: TestClient, made: Proposed, caller: Caller, **sent):
    return client.post(f"{API}/forums/{made.forum}/proposals", json=sent, headers=caller.headers)


def _act(client: TestClient, made: Proposed, caller: Caller, action: str, *ids: UUID, **sent):
    path = f"{API}/forums/{made.forum}/proposals/{action}"
    return client.post(path, json={"ids": [str(one) for one in ids], **sent}, headers=caller.headers)


def _get(client: TestClient, caller: Caller, path: str, **query):
    return client.get(f"{API}{path}", params=query, headers=caller.headers)


def test_organiser_proposes_and_follows_the_answers(
    client: TestClient, made: Proposed, organiser: Caller
) -> None:
    answer = _propose(client, made, organiser)
    assert (answer.status_code, answer.json()) == (201, {"proposed": 4, "already": 0, "left_out": 0})
    listed = _get(client, organiser, f"/forums/{made.forum}/proposals", state="proposed").json()
    assert listed["total"] == listed["counts"]["proposed"] == 4
    proposal = listed["proposals"][0]
    assert proposal["sides"]["exporter"] == {
        "answer": None,
        "reason": "",
        "answered_at": None,
        "answered_by": "",
        "on_behalf": False,
        "reminded_at": None,
    }
    assert _get(client, organiser, f"/proposals/{proposal['id']}").json() == proposal


def test_agency_answers_for_its_exporters(
    client: TestClient, made: Proposed, organiser: Caller, agency: Caller
) -> None:
    _propose(client, made, organiser)
    listed = _get(client, agency, f"/forums/{made.forum}/proposals").json()
    assert {one["exporter"]["id"] for one in listed["proposals"]} == {str(made.exporters[0])}
    proposal = made.of(0, 0).id
    sent = {"side": "exporter", "answer": "accepted"}
    path = f"{API}/proposals/{proposal}/answers"
    answer = client.post(path, json=sent, headers=agency.headers)
    assert answer.status_code == 200
    side = answer.json()["sides"]["exporter"]
    assert (side["answer"], side["on_behalf"], side["answered_by"]) == ("accepted", True, "Agency")
    again = client.post(path, json=sent, headers={**agency.headers, "Accept-Language": "kk"})
    assert again.status_code == 409
    assert again.json()["detail"].startswith("Бұл тарап жауап беріп қойған.")
    other = client.post(path, json={**sent, "side": "entrepreneur"}, headers=agency.headers)
    assert other.status_code == 403
    hidden = client.post(f"{API}/proposals/{made.of(0, 1).id}/answers", json=sent, headers=agency.headers)
    assert hidden.status_code == 403


def test_contacts_come_over_the_api_only_after_both_accepted(
    client: TestClient, made: Proposed, organiser: Caller, agency: Caller
) -> None:
    _propose(client, made, organiser)
    proposal = made.of(0, 0).id
    path = f"/proposals/{proposal}/contacts"
    made.answer(Kind.ENTREPRENEUR, 0, proposal)
    assert _get(client, agency, path).json() == []
    made.answer(Kind.EXPORTER, 0, proposal)
    (released,) = _get(client, agency, path).json()
    assert released["partner"]["id"] == str(made.entrepreneurs[0])
    assert released["contact"]["contact_email"].startswith("einkauf")
    assert _get(client, organiser, path).json() == []


def test_organiser_reminds_withdraws_and_asks_again(
    client: TestClient, made: Proposed, organiser: Caller
) -> None:
    _propose(client, made, organiser, answer_by=None, remind_days_before=3)
    made.write_letters()
    first, second = made.of(0, 0).id, made.of(1, 1).id
    assert _act(client, made, organiser, "reminders", first).json() == {"count": 2}
    assert _act(client, made, organiser, "withdrawals", first, second, note="x").json() == {"count": 2}
    assert _act(client, made, organiser, "repetitions", first, note="They asked").json() == {"count": 1}
    assert made.of(0, 0).round == 2


@pytest.mark.parametrize(
    ("action", "sent", "status", "pointer"),
    [
        ("reminders", {"ids": []}, 422, "/ids"),
        ("reminders", {"ids": [str(uuid4())]}, 422, "/ids/0"),
        ("repetitions", {"ids": [str(uuid4())], "note": " "}, 422, "/note"),
        ("withdrawals", {"ids": ["x"]}, 422, "/ids/0"),
    ],
)
def test_wrong_request_is_told_by_field(
    client: TestClient, made: Proposed, organiser: Caller, action, sent, status, pointer
) -> None:
    path = f"{API}/forums/{made.forum}/proposals/{action}"
    answer = client.post(path, json=sent, headers=organiser.headers)
    assert answer.status_code == status
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


def test_no_without_a_reason_is_refused(
    client: TestClient, made: Proposed, organiser: Caller, agency: Caller
) -> None:
    _propose(client, made, organiser)
    sent = {"side": "exporter", "answer": "declined"}
    path = f"{API}/proposals/{made.of(0, 0).id}/answers"
    answer = client.post(path, json=sent, headers=agency.headers)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "reason_needed"


def test_outbox_shows_what_has_to_be_passed_on_and_no_more(
    client: TestClient, app: FastAPI, made: Proposed, organiser: Caller, agency: Caller, settings: Settings
) -> None:
    _propose(client, made, organiser)
    made.write_letters()
    made.accept(0, 0)
    made.write_letters()
    path = f"/forums/{made.forum}/letters"
    assert _get(client, agency, path).status_code == 403
    listed = _get(client, organiser, path).json()
    assert listed["total"] == 6
    assert {one["text"] for one in listed["letters"]} == {None}
    assert {one["state"] for one in listed["letters"]} == {"waiting"}
    assert _get(client, organiser, path, state="failed").json()["total"] == 0
    assert _get(client, organiser, path, state="sent").json()["total"] == 0
    assert _get(client, organiser, path, state="waiting").json()["total"] == 6
    name = listed["letters"][0]["name"]
    named = _get(client, organiser, path, text=name.upper()).json()
    assert named["total"] == sum(one["name"] == name for one in listed["letters"])
    assert {one["name"] for one in named["letters"]} == {name}
    assert _get(client, organiser, path, text="x" * 201).status_code == 422

    def text(about: str) -> str | None:
        letter = next(one for one in listed["letters"] if one["about"] == about)
        return _get(client, organiser, f"{path}/{letter['id']}").json()["text"]

    # Nobody sends letters here: the organiser passes the first ones on, but sees no contact in others.
    assert "/p/" in text("proposals_proposed")
    assert text("proposals_accepted") is None
    app.state.settings = settings.model_copy(update={"smtp_host": "mail.example"})
    assert text("proposals_proposed") is None


def test_letter_without_an_address_is_sent_when_there_is_one(
    client: TestClient, app: FastAPI, database: Database, organiser: Caller
) -> None:
    made = make_proposed(app, entrepreneurs=({"contact_email": None},), exporters=({},))
    made.write_letters()
    path = f"/forums/{made.forum}/letters"
    (failed,) = _get(client, organiser, path, state="failed").json()["letters"]
    assert (failed["failure"], failed["name"]) == ("no_address", made.of(0, 0).entrepreneur.name)

    def again(letter_id: str):
        return client.post(f"{API}{path}/{letter_id}/tries", headers=organiser.headers)

    assert again(failed["id"]).status_code == 409
    assert again(str(uuid4())).status_code == 404
    (waiting,) = _get(client, organiser, path, state="waiting").json()["letters"]
    assert again(waiting["id"]).status_code == 409
    keeper = make_api_client(database)
    profile = f"{API}/entrepreneurs/{made.entrepreneurs[0]}"
    stored = client.get(profile, headers=keeper.headers).json()
    changed = make.entrepreneur(external_id=stored["external_id"], contact_email="new@example.org")
    assert client.put(profile, json=changed, headers=keeper.headers).status_code == 200
    assert again(failed["id"]).status_code == 204
    assert _get(client, organiser, path, state="waiting").json()["total"] == 2
