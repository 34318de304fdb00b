from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from service.platform.database import Database
from service.profiles.vocabulary import Kind
from tests.factories.accounts import Caller, make_api_client
from tests.factories.forums import make_approved, make_forum

DAY = "2027-03-10"


class Agency:
    """A program that sets one forum up."""

    def __init__(self, client: TestClient, caller: Caller, forum: UUID) -> None:
        self.client, self.headers, self.base = client, caller.headers, f"/api/v1/forums/{forum}"

    def send(self, method: str, path: str, body: Any = None, *, status: int = 200, **query: Any) -> Any:
        answer = self.client.request(
            method,
            self.base + path,
            json=body,
            headers={**self.headers, "Accept-Language": "en"},
            params=query,
        )
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def wrong(self, method: str, path: str, body: Any) -> list[tuple[str, str]]:
        problem = self.send(method, path, body, status=422)
        return [(error["pointer"], error["code"]) for error in problem["errors"]]

    def set_up(self) -> dict[str, Any]:
        found: dict[str, Any] = self.send("GET", "/set-up")
        return found


@pytest.fixture
def people(database: Database) -> tuple[str, str]:
    one, other = (make_approved(database, kind) for kind in Kind)
    return str(one), str(other)


@pytest.fixture
def agency(client: TestClient, database: Database, people: tuple[str, str]) -> Agency:
    caller = make_api_client(database, scopes=("forums:read", "forums:write", "profiles:read"))
    return Agency(client, caller, make_forum(database, [UUID(people[0])], [UUID(people[1])]))


def test_forum_is_set_up_over_the_api(agency: Agency) -> None:
    assert {one["code"] for one in agency.set_up()["difficulties"]} == {"no_slots", "no_tables"}
    agency.send("POST", "/usual-days", status=201)
    times = {"starts_at": f"{DAY}T19:00", "ends_at": "2027-03-10T20:00:00+01:00"}
    held = agency.send("POST", "/sessions", {**times, "name": "Evening"}, status=201)
    assert held["starts_at"] == "2027-03-10T18:00:00Z"
    changed = agency.send("PUT", f"/sessions/{held['id']}", {**times, "meeting_minutes": 60})
    assert len(changed["slots"]) == 1
    agency.send("DELETE", f"/sessions/{held['id']}", status=204)
    made = agency.send("POST", "/tables", {"labels": ["1-4", "VIP"], "location": "Hall A"}, status=201)
    agency.send("PUT", f"/tables/{made[4]['id']}", {"label": "VIP", "location": "Hall B", "place": 1})
    agency.send("POST", "/tables/move", {"ids": [made[0]["id"]], "location": "Gallery"}, status=204)
    agency.send("DELETE", f"/tables/{made[1]['id']}", status=204)
    shift = {"language": "de", "interpreters": 3, "starts_at": f"{DAY}T09:00", "ends_at": f"{DAY}T18:00"}
    spare = agency.send("POST", "/interpreters", shift, status=201)
    agency.send("POST", "/interpreters", {**shift, "language": "zh"}, status=201)
    agency.send("DELETE", f"/interpreters/{spare['id']}", status=204)
    rule = agency.send("POST", "/rules", {"effect": "never", "exporters": {"rural": True}}, status=201)
    assert (rule["entrepreneurs_found"], rule["exporters_found"]) == (1, 0)
    agency.send("POST", "/rules", {"effect": "entrepreneurs_only", "note": "all the same"}, status=201)
    agency.send("DELETE", f"/rules/{rule['id']}", status=204)
    shares = [
        agency.send("POST", "/shares", share, status=201)
        for share in ({"criterion": "rural", "percent": 10}, {"criterion": "kandas_owned", "percent": 5})
    ]
    ids = [share["id"] for share in shares]
    assert [one["id"] for one in agency.send("PUT", "/shares/ranking", {"ids": ids[::-1]})] == ids[::-1]
    agency.send("DELETE", f"/shares/{ids[0]}", status=204)
    limits = {"entrepreneur_min": 1, "entrepreneur_max": 4, "exporter_min": 0, "exporter_max": 4}
    assert agency.send("PUT", "/limits", limits)["exporter_min"] == 0
    assert agency.send("PUT", "/phase", {"phase": "preferences"})["phase"] == "preferences"
    found = agency.set_up()
    assert [len(one["slots"]) for one in found["sessions"]] == [9, 9, 9, 9]
    assert [(one["label"], one["location"]) for one in found["tables"]] == [
        ("VIP", "Hall B"),
        ("1", "Gallery"),
        ("3", "Hall A"),
        ("4", "Hall A"),
    ]
    assert [one["language"] for one in found["interpreters"]] == ["zh"]
    assert [one["note"] for one in found["rules"]] == ["all the same"]
    assert [one["criterion"] for one in found["shares"]] == ["kandas_owned"]
    assert found["next_phases"] == ["registration", "draft"]
    assert [one["code"] for one in found["difficulties"]] == ["share_for_nobody"]


def test_participants_wishes_and_pins_come_in_bulk(agency: Agency, people: tuple[str, str]) -> None:
    one, other = people
    agency.send("POST", "/usual-days", status=201)
    (table,) = agency.send("POST", "/tables", {"labels": ["1"]}, status=201)
    free = [{"starts_at": f"{DAY}T13:00", "ends_at": f"{DAY}T22:00"}]
    sent = [
        {"kind": "exporter", "profile_id": other, "time_zone": "Asia/Almaty", "available": free},
        {"kind": "exporter", "profile_id": str(uuid4()), "max_meetings": 3},
        {"kind": "entrepreneur", "profile_id": one, "min_meetings": 3, "max_meetings": 5},
        {"kind": "entrepreneur", "profile_id": one, "min_meetings": 6},
    ]
    told = agency.send("POST", "/participants/requests", sent)
    assert told["saved"] == 2
    assert [(each["place"], each["errors"][0]["pointer"]) for each in told["refused"]] == [
        (1, "/profile_id"),
        (3, "/max_meetings"),
    ]
    (exporter,) = agency.send("GET", "/participants", kind="exporter")
    assert exporter["available"] == [{"starts_at": "2027-03-10T08:00:00Z", "ends_at": "2027-03-10T17:00:00Z"}]
    agency.send("PATCH", f"/participants/exporter/{other}", {"max_meetings": 2}, status=204, revision=2)
    agency.send("PATCH", f"/participants/exporter/{other}", {"max_meetings": 9}, status=409, revision=2)
    pair = {"entrepreneur_id": one, "exporter_id": other}
    wishes = [
        {**pair, "said_by": "exporter", "wish": "must"},
        {**pair, "exporter_id": one, "said_by": "exporter", "wish": "no"},
    ]
    told = agency.send("POST", "/preferences", wishes)
    assert (told["saved"], [each["errors"][0]["code"] for each in told["refused"]]) == (
        1,
        ["not_a_participant"],
    )
    assert agency.send("GET", "/preferences") == wishes[:1]
    slot = agency.set_up()["sessions"][0]["slots"][0]["id"]
    pin = agency.send("POST", "/pins", {**pair, "slot_id": slot, "table_id": table["id"]}, status=201)
    assert agency.send("GET", "/pins") == [pin]
    agency.send("DELETE", f"/sessions/{agency.set_up()['sessions'][0]['id']}", status=409)
    agency.send("DELETE", f"/pins/{one}/{other}", status=204)
    assert agency.send("GET", "/pins") == []


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [
        (
            "POST",
            "/sessions",
            {"starts_at": "soon", "ends_at": f"{DAY}T10:00"},
            [("/starts_at", "datetime_from_date_parsing")],
        ),
        (
            "POST",
            "/sessions",
            {"starts_at": f"{DAY}T09:00", "ends_at": f"{DAY}T10:00", "meeting_minutes": 0},
            [("/meeting_minutes", "greater_than_equal")],
        ),
        ("POST", "/tables", {"labels": []}, [("/labels", "too_short")]),
        ("POST", "/tables/move", {"ids": []}, [("/ids", "too_short")]),
        (
            "POST",
            "/interpreters",
            {"language": "klingonese", "starts_at": f"{DAY}T09:00", "ends_at": f"{DAY}T10:00"},
            [("/language", "unknown_language")],
        ),
        ("POST", "/rules", {"effect": "sometimes"}, [("/effect", "enum")]),
        (
            "POST",
            "/rules",
            {"effect": "never", "exporters": {"colour": "red"}},
            [("/exporters/colour", "extra_forbidden")],
        ),
        ("PUT", "/limits", {"exporter_min": 5, "exporter_max": 4}, [("/exporter_max", "limits_reversed")]),
        ("PUT", "/phase", {"phase": "over"}, [("/phase", "enum")]),
        (
            "POST",
            "/participants/requests",
            [{"kind": "exporter", "profile_id": str(uuid4()), "time_zone": "Mars/Base"}],
            [("/0/time_zone", "unknown_time_zone")],
        ),
        (
            "POST",
            "/preferences",
            [{"entrepreneur_id": "x", "exporter_id": str(uuid4()), "said_by": "exporter", "wish": "must"}],
            [("/0/entrepreneur_id", "uuid_parsing")],
        ),
    ],
)
def test_bad_input_is_named_by_field(
    agency: Agency, method: str, path: str, body: Any, expected: list[tuple[str, str]]
) -> None:
    assert agency.wrong(method, path, body) == expected


def test_of_two_programs_at_once_the_later_one_is_told(agency: Agency) -> None:
    agency.send("POST", "/tables", {"labels": ["1"]}, status=201, revision=1)
    problem = agency.send("POST", "/tables", {"labels": ["2"]}, status=409, revision=1)
    assert problem["detail"].startswith("Somebody else changed this in the meantime.")
    assert [one["label"] for one in agency.set_up()["tables"]] == ["1"]


def test_reader_changes_nothing(client: TestClient, database: Database) -> None:
    forum = make_forum(database, [], [])
    reader = Agency(client, make_api_client(database, scopes=("forums:read",)), forum)
    reader.send("GET", "/set-up")
    for path in ("/usual-days", "/rules", "/shares", "/tables"):
        body = {"effect": "never", "criterion": "rural", "percent": 1, "labels": ["1"]}
        wanted = {
            name: body[name]
            for name in {
                "/rules": ["effect"],
                "/shares": ["criterion", "percent"],
                "/tables": ["labels"],
            }.get(path, [])
        }
        reader.send("POST", path, wanted or None, status=403)
