import csv
import io
from uuid import UUID

import openpyxl
import pytest
from fastapi.testclient import TestClient

from service.platform.database import Database
from service.profiles.vocabulary import Kind
from tests.factories.accounts import Caller, make_api_client
from tests.factories.forums import make_approved, make_forum

SCOPES = ("profiles:read", "forums:read", "forums:write", "match-lists:read", "match-lists:write")


@pytest.fixture
def organiser(database: Database) -> Caller:
    return make_api_client(database, scopes=SCOPES)


@pytest.fixture
def buyer(database: Database) -> UUID:
    return make_approved(database, Kind.ENTREPRENEUR, display_name="Steppe")


@pytest.fixture
def sellers(database: Database) -> list[UUID]:
    return [make_approved(database, Kind.EXPORTER, display_name=name) for name in ("Aral", "Balkash")]


@pytest.fixture
def made(client: TestClient, database: Database, organiser: Caller, buyer: UUID, sellers: list[UUID]) -> dict:
    forum = make_forum(database, [buyer], sellers, entrepreneur_max=1, code="almaty-2027")
    answer = client.post(f"/api/v1/forums/{forum}/match-lists", json={}, headers=organiser.headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


def _get(client: TestClient, caller: Caller, path: str) -> dict:
    answer = client.get(f"/api/v1/match-lists/{path}", headers=caller.headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def _decide(client: TestClient, caller: Caller, made: dict, verb: str, pair: tuple, **changes):
    sent = {
        "step": verb,
        "entrepreneur_id": str(pair[0]),
        "exporter_id": str(pair[1]),
        "note": "said so",
        "revision": made["revision"],
        **changes,
    }
    address = f"/api/v1/match-lists/{made['id']}/decisions"
    return client.post(address, json=sent, headers=caller.headers)


def test_list_tells_chosen_pairs_and_the_next_best(
    client: TestClient, organiser: Caller, made: dict, sellers: list[UUID]
) -> None:
    assert (made["pairs"], made["candidates"], made["revision"], made["k"]) == (1, 2, 1, 20)
    entries = _get(client, organiser, f"{made['id']}/entries")["entries"]
    assert [(one["chosen"], one["standing"], bool(one["reasons"])) for one in entries] == [
        (True, "allocated", True),
        (False, "allocated", False),
    ]
    chosen, other = entries
    assert {chosen["exporter"]["id"], other["exporter"]["id"]} == set(map(str, sellers))
    # A pair that was not chosen is explained when somebody looks.
    pair = f"{other['entrepreneur']['id']}/{other['exporter']['id']}"
    explained = _get(client, organiser, f"{made['id']}/explanations/{pair}")
    assert sum(one["amount"] for one in explained["contributions"]) == pytest.approx(other["score"], abs=1e-6)
    by_exporter = _get(client, organiser, f"{made['id']}/entries?side=exporter")["entries"]
    assert sorted(one["chosen"] for one in by_exporter) == [False, True]


def test_decisions_change_the_list_and_a_second_editor_is_told(
    client: TestClient, organiser: Caller, made: dict, buyer: UUID
) -> None:
    entries = _get(client, organiser, f"{made['id']}/entries")["entries"]
    first, second = ((buyer, one["exporter"]["id"]) for one in entries)
    removed = _decide(client, organiser, made, "remove", first)
    assert removed.status_code == 200, removed.text
    assert (removed.json()["pairs"], removed.json()["revision"]) == (0, 2)
    late = _decide(client, organiser, made, "add", second)
    assert late.status_code == 409
    assert "Somebody else" in late.json()["detail"]
    added = _decide(client, organiser, removed.json(), "add", second).json()
    full = _decide(client, organiser, added, "add", first)
    assert full.status_code == 409
    assert "Steppe has 1 meetings" in full.json()["detail"]
    entries = _get(client, organiser, f"{made['id']}/entries")["entries"]
    assert [(one["exporter"]["id"], one["standing"], one["note"]) for one in entries] == [
        (str(second[1]), "added", "said so"),
        (str(first[1]), "removed", "said so"),
    ]
    assert entries[0]["reasons"]
    assert entries[0]["decided_by"].startswith("api_client:")


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"note": ""}, "/note", "string_too_short"),
        ({"note": "x" * 501}, "/note", "string_too_long"),
        ({"step": "swap"}, "/step", "enum"),
        ({"revision": 0}, "/revision", "greater_than_equal"),
        ({"exporter_id": "00000000-0000-0000-0000-000000000000"}, "/exporter_id", "not_taking_part"),
        ({"entrepreneur_id": "nobody"}, "/entrepreneur_id", "uuid_parsing"),
        ({"why": "?"}, "/why", "extra_forbidden"),
    ],
)
def test_decision_with_a_wrong_field_names_it(
    client: TestClient,
    organiser: Caller,
    made: dict,
    buyer: UUID,
    sellers: list[UUID],
    changes: dict,
    pointer: str,
    code: str,
) -> None:
    answer = _decide(client, organiser, made, "ban", (buyer, sellers[0]), **changes)
    assert answer.status_code == 422, answer.text
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [(pointer, code)]


def test_key_without_the_scope_decides_nothing(
    client: TestClient, database: Database, made: dict, buyer: UUID, sellers: list[UUID]
) -> None:
    reader = make_api_client(database, scopes=("match-lists:read",))
    assert _decide(client, reader, made, "ban", (buyer, sellers[0])).status_code == 403
    for step in ("review", "publish"):
        address = f"/api/v1/match-lists/{made['id']}/{step}"
        assert client.post(address, headers=reader.headers).status_code == 403


def test_list_is_reviewed_and_published_at_the_revision_that_was_read(
    client: TestClient, organiser: Caller, made: dict
) -> None:
    address = f"/api/v1/match-lists/{made['id']}"

    def post(step: str, revision: int):
        return client.post(f"{address}/{step}?revision={revision}", headers=organiser.headers)

    reviewed = post("review", 1)
    assert (reviewed.status_code, reviewed.json()["state"], reviewed.json()["revision"]) == (
        200,
        "reviewed",
        2,
    )
    assert post("publish", 1).status_code == 409
    published = post("publish", 2)
    assert (published.status_code, published.json()["state"]) == (200, "published")
    assert post("review", 3).status_code == 409


def test_fairness_tells_sides_shares_and_what_one_more_place_brings(
    client: TestClient, organiser: Caller, made: dict
) -> None:
    report = _get(client, organiser, f"{made['id']}/fairness")
    assert (report["meetings"], report["missing"], report["missing_at_best"]) == (1, 1, 1)
    assert [(one["side"], one["without"], one["gini"], one["top_share"]) for one in report["sides"]] == [
        ("entrepreneur", 0, 0, 1),
        ("exporter", 1, 0.5, 1),
    ]
    (short,) = report["short"]
    assert (short["side"], short["meetings"], short["least"], short["reason"]) == (
        "exporter",
        0,
        1,
        "all_full",
    )
    (more,) = report["one_more"]
    assert (more["side"], more["participant"]["name"], more["missing"]) == ("entrepreneur", "Steppe", 1)
    assert more["score"] > 0


def test_two_versions_are_compared_and_downloaded(
    client: TestClient, organiser: Caller, made: dict, buyer: UUID
) -> None:
    (chosen, other) = _get(client, organiser, f"{made['id']}/entries")["entries"]
    address = f"/api/v1/match-lists/{made['id']}"
    assert client.get(f"{address}/comparison", headers=organiser.headers).status_code == 404
    _decide(client, organiser, made, "ban", (buyer, chosen["exporter"]["id"]), note="a lawsuit")
    forum = made["forum_id"]
    newer = client.post(f"/api/v1/forums/{forum}/match-lists", json={}, headers=organiser.headers).json()
    found = _get(client, organiser, f"{newer['id']}/comparison?earlier={made['id']}")
    assert [(one["exporter"]["id"], one["change"]) for one in found["differences"]] == [
        (other["exporter"]["id"], "added")
    ]
    assert (found["before"]["number"], found["after"]["number"], found["pages"]) == (1, 2, 1)
    file = client.get(f"/api/v1/match-lists/{newer['id']}/comparison.xlsx", headers=organiser.headers)
    assert file.headers["content-disposition"].endswith("match-list-almaty-2027-1-2.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(file.content)).active
    assert [cell.value for cell in sheet["A"]] == ["What changed", "added"]


def test_partners_are_found_for_one_participant(
    client: TestClient, organiser: Caller, made: dict, buyer: UUID
) -> None:
    found = _get(client, organiser, f"{made['id']}/partners/entrepreneur/{buyer}?text=ara")
    assert found["participant"]["name"] == "Steppe"
    assert [one["chosen"] for one in found["candidates"]] == [True, False]
    # Candidates are not told twice.
    assert found["others"] == []


def test_files_tell_chosen_pairs_from_the_next_best(
    client: TestClient, organiser: Caller, made: dict
) -> None:
    address = f"/api/v1/match-lists/{made['id']}/download"
    text = client.get(f"{address}.csv", headers=organiser.headers).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][9:] == ["Proposed", "Decided", "Note"]
    assert [row[9:] for row in rows[1:]] == [["yes", "allocated", ""], ["no", "allocated", ""]]
    file = client.get(f"{address}.xlsx", headers=organiser.headers).content
    workbook = openpyxl.load_workbook(io.BytesIO(file))
    assert [(sheet.title, sheet.max_row) for sheet in workbook.worksheets] == [
        ("Match list", 2),
        ("Next best", 2),
        ("Left out", 1),
        ("Too few meetings", 2),
    ]
    whole = client.get(f"{address}.json", headers=organiser.headers).json()
    assert whole["fairness"]["meetings"] == 1
    assert [one["chosen"] for one in whole["entries"]] == [True, False]
