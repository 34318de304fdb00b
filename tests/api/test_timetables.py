from datetime import UTC, datetime
from itertools import product
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from service.platform import clock
from service.platform.database import Database
from tests.factories.accounts import Caller, make_api_client
from tests.factories.meetings import make_draft, make_release, meetings_of, pin_pairs, set_up_forum

AFTER = datetime(2027, 3, 10, 18, tzinfo=UTC)


class Api:
    """An organiser's program."""

    def __init__(self, client: TestClient, caller: Caller) -> None:
        self.client, self.caller = client, caller

    def call(self, method: str, path: str, status: int = 200, **sent):
        answer = self.client.request(
            method, f"/api/v1/{path}", headers=self.caller.headers, **({"json": sent} if sent else {})
        )
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content[:1] in {b"{", b"["} else answer


@pytest.fixture
def api(client: TestClient, database: Database) -> Api:
    scopes = ("forums:read", "forums:write", "meetings:read", "meetings:write")
    return Api(client, make_api_client(database, scopes=scopes))


@pytest.fixture
def forum(database: Database) -> tuple[UUID, list[UUID], list[UUID]]:
    found = set_up_forum(database)
    pin_pairs(database, found[0], product(found[1], found[2]))
    return found


def test_draft_is_made_edited_and_released(api: Api, forum) -> None:
    forum_id, ones, others = forum
    run = api.call("POST", f"forums/{forum_id}/timetables", 202, only_accepted=False)
    assert (run["state"], run["meetings"]) == ("done", 4)
    assert api.call("GET", f"timetable-runs/{run['id']}") == run
    draft = f"timetables/{run['timetable_id']}"
    found = api.call("GET", draft)
    mine = next(
        one
        for one in found["meetings"]
        if (one["entrepreneur"]["id"], one["exporter"]["id"]) == (str(ones[0]), str(others[0]))
    )
    meeting = f"{draft}/meetings/{mine['id']}"
    choices = api.call("GET", f"{meeting}/choices")
    free = next(
        one["slot"]["slot_id"]
        for one in choices["slots"]
        if not one["obstacle"] and one["slot"]["slot_id"] != mine["slot"]["slot_id"]
    )
    assert api.call("PUT", f"{meeting}/place", slot_id=free, revision=1)["revision"] == 2
    problem = api.call("PUT", f"{meeting}/place", 409, slot_id=free, revision=1)
    assert problem["type"] == "urn:qazaq-house:problem:conflict"
    api.call("PUT", f"{meeting}/pins", slot=True)
    api.call("POST", f"{meeting}/take-out", note="no time")
    api.call("POST", f"{meeting}/put-back", revision=4)
    again = api.call(
        "POST", f"{draft}/meetings", 422, entrepreneur_id=str(ones[0]), exporter_id=str(others[0])
    )
    assert again["errors"][0]["code"] == "meets_already"
    only_mine = api.call("GET", f"{draft}?participant={ones[0]}")
    assert {one["entrepreneur"]["id"] for one in only_mine["meetings"]} == {str(ones[0])}
    assert api.call("GET", f"{draft}/difficulties") == {"outdated": [], "broken": [], "short": []}
    released = api.call("POST", f"{draft}/release", revision=5)
    assert (released["state"], released["number"]) == ("released", 1)
    assert api.call("GET", f"{draft}/changes") == []
    assert [one["state"] for one in api.call("GET", f"forums/{forum_id}/timetables")] == ["released"]


def test_meetings_swap_their_tables(api: Api, database: Database) -> None:
    forum_id, ones, others = set_up_forum(database, slots=1)
    pin_pairs(database, forum_id, zip(ones, others, strict=True))
    draft = make_draft(database, forum_id)
    one, other = meetings_of(database, draft).values()
    swap = {"meeting_id": str(one.id), "other_id": str(other.id)}
    assert api.call("POST", f"timetables/{draft}/table-swaps", **swap)["revision"] == 2


def test_meeting_is_added_by_hand(api: Api, database: Database) -> None:
    forum_id, ones, others = set_up_forum(database)
    pin_pairs(database, forum_id, [(ones[0], others[0])])
    draft = make_draft(database, forum_id)
    pair = {"entrepreneur_id": str(ones[1]), "exporter_id": str(others[1])}
    assert api.call("POST", f"timetables/{draft}/meetings", 201, **pair)["figures"]["placed"] == 2


def test_withdrawal_gives_the_places_that_are_free_now(api: Api, database: Database, forum) -> None:
    forum_id, _, others = forum
    make_release(database, forum_id)
    path = f"forums/{forum_id}/withdrawals"
    freed = api.call("POST", f"{path}/exporter/{others[0]}", note="visa")
    assert [one["state"] for one in freed] == ["cancelled"] * 2
    assert all(one["slot"] and one["table"] for one in freed)
    assert [one["note"] for one in api.call("GET", path)] == ["visa"]
    api.call("DELETE", f"{path}/{others[0]}", 204)
    assert api.call("GET", path) == []


def test_papers_are_downloaded(api: Api, database: Database, forum) -> None:
    forum_id, ones, _ = forum
    release = make_release(database, forum_id)
    workbook = api.call("GET", f"timetables/{release}/papers/plan")
    assert workbook.content.startswith(b"PK")
    calendar = api.call("GET", f"timetables/{release}/participants/{ones[0]}/paper.ics")
    assert calendar.text.count("BEGIN:VEVENT") == 2
    api.call("GET", f"timetables/{release}/participants/{uuid4()}/paper.ics", 404)
    api.call("GET", f"timetables/{uuid4()}/papers/plan", 404)


def test_outcomes_are_noted_and_read(api: Api, database: Database, forum) -> None:
    forum_id, *_ = forum
    release = make_release(database, forum_id)
    meeting = next(iter(meetings_of(database, release).values()))
    path = f"meetings/{meeting.id}"
    early = api.call("PUT", f"{path}/feedback/exporter", 409, verdict="held")
    assert "has not begun" in early["detail"]
    with clock.frozen_at(AFTER):
        found = api.call("PUT", f"{path}/feedback/exporter", verdict="held", rating=5)
        assert found["meeting"]["state"] == "held"
        wrong = api.call("PUT", f"{path}/feedback/exporter", 422, verdict="held", rating=6)
        assert wrong["errors"][0]["pointer"] == "/rating"
        api.call("PUT", f"{path}/presence", entrepreneur_present=True, exporter_present=False)
        step = {"text": "Send samples", "owner": "exporter", "due_on": "2027-03-20"}
        found = api.call("POST", f"{path}/next-steps", 201, **step)
        overview = api.call("GET", f"forums/{forum_id}/outcomes")
        assert overview["figures"]["no_show"] == 1
        assert [one["text"] for one in overview["due"]] == ["Send samples"]
        done = api.call("PUT", f"next-steps/{found['next_steps'][0]['id']}/done", done=True)
        assert done["done_at"]


def test_key_without_the_scope_makes_no_timetable(client: TestClient, database: Database, forum) -> None:
    reader = Api(client, make_api_client(database, scopes=("meetings:read",)))
    reader.call("POST", f"forums/{forum[0]}/timetables", 403, only_accepted=True)
    assert reader.call("GET", f"forums/{forum[0]}/timetables") == []
