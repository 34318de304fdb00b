import csv
import io
from uuid import UUID, uuid4

import openpyxl
import pytest
from fastapi.testclient import TestClient

from service.accounts.schemas import SYSTEM
from service.platform.database import Database
from service.profiles import operations as profiles
from service.profiles.vocabulary import ConsentPurpose, Kind
from tests.factories import profiles as make
from tests.factories.accounts import Caller, make_api_client
from tests.factories.forums import forum_fields, make_approved, make_forum

SCOPES = (
    "profiles:read",
    "profiles:write",
    "forums:read",
    "forums:write",
    "match-lists:read",
    "match-lists:write",
)


@pytest.fixture
def organiser(database: Database) -> Caller:
    return make_api_client(database, scopes=SCOPES)


@pytest.fixture
def honey(database: Database) -> UUID:
    return make_approved(database, Kind.EXPORTER, display_name="Бал үйі")


@pytest.fixture
def wool(database: Database) -> UUID:
    offer = make.statement(text="Қой жүні, жуылған", hs_codes=["5101"])
    return make_approved(database, Kind.EXPORTER, display_name="=Жүн үйі", offers=[offer], seeks=[])


@pytest.fixture
def buyer(database: Database) -> UUID:
    return make_approved(database, Kind.ENTREPRENEUR, display_name="Feinkost Steppe")


def _generate(client: TestClient, caller: Caller, forum: UUID, **wanted) -> dict:
    answer = client.post(f"/api/v1/forums/{forum}/match-lists", json=wanted, headers=caller.headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


def _get(client: TestClient, caller: Caller, path: str, **headers: str):
    answer = client.get(f"/api/v1/{path}", headers={**caller.headers, **headers})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_generated_list_ranks_the_better_partner_first_with_reasons_that_add_up(
    client: TestClient, database: Database, organiser: Caller, honey: UUID, wool: UUID, buyer: UUID
) -> None:
    forum = make_forum(database, [buyer], [honey, wool])
    made = _generate(client, organiser, forum, k=3)
    assert (made["state"], made["number"], made["entrepreneurs"], made["exporters"]) == ("draft", 1, 1, 2)
    entries = _get(client, organiser, f"match-lists/{made['id']}/entries")["entries"]
    assert [entry["exporter"]["id"] for entry in entries] == [str(honey), str(wool)]
    assert [entry["rank_for_entrepreneur"] for entry in entries] == [1, 2]
    for entry in entries:
        assert sum(reason["share"] for reason in entry["reasons"]) == pytest.approx(1)
        explained = _get(
            client, organiser, f"match-lists/{made['id']}/explanations/{buyer}/{entry['exporter']['id']}"
        )
        total = sum(one["amount"] for one in explained["contributions"])
        assert total == pytest.approx(entry["score"], abs=1e-6)
    assert any("0409" in reason["text"] for reason in entries[0]["reasons"])
    wool_only = _get(
        client,
        organiser,
        f"match-lists/{made['id']}/entries?side=exporter&text={entries[1]['exporter']['name']}",
    )
    assert [entry["exporter"]["id"] for entry in wool_only["entries"]] == [str(wool)]
    by_exporter = _get(client, organiser, f"match-lists/{made['id']}/entries?side=exporter")["entries"]
    assert {entry["rank_for_exporter"] for entry in by_exporter} == {1}
    assert not any("@" in str(entry) for entry in entries)


def test_list_made_again_is_the_same_after_the_profiles_changed(
    client: TestClient, database: Database, organiser: Caller, honey: UUID, wool: UUID, buyer: UUID
) -> None:
    forum = make_forum(database, [buyer], [honey, wool])
    made = _generate(client, organiser, forum)
    changed = make.exporter(display_name="Бал үйі", offers=[make.statement(text="Мүлдем басқа тауар")])
    with database.read() as session:
        changed["external_id"] = profiles.read(session, SYSTEM, Kind.EXPORTER, honey).external_id
    client.post("/api/v1/exporters", json=changed, headers=organiser.headers)
    again = _get(client, organiser, f"match-lists/{made['id']}/reproduction")
    assert again["same"] is True
    assert again["made_again"] == made["digest"]
    newer = _generate(client, organiser, forum)
    assert newer["digest"] != made["digest"]
    lists = _get(client, organiser, f"forums/{forum}/match-lists")
    assert [(one["number"], one["state"]) for one in lists] == [(2, "draft"), (1, "superseded")]


def test_list_generated_twice_from_the_same_profiles_has_the_same_digest(
    client: TestClient, database: Database, organiser: Caller, honey: UUID, wool: UUID, buyer: UUID
) -> None:
    forum = make_forum(database, [buyer], [honey, wool])
    assert _generate(client, organiser, forum)["digest"] == _generate(client, organiser, forum)["digest"]


def test_list_with_a_withdrawn_consent_says_that_it_cannot_be_made_again(
    client: TestClient, database: Database, organiser: Caller, honey: UUID, wool: UUID, buyer: UUID
) -> None:
    forum = make_forum(database, [buyer], [honey, wool])
    made = _generate(client, organiser, forum)
    with database.write() as session:
        profiles.withdraw_consent(session, SYSTEM, Kind.EXPORTER, honey, ConsentPurpose.MATCHING)
    again = _get(client, organiser, f"match-lists/{made['id']}/reproduction")
    assert again["same"] is False
    assert "consent" in again["text"]


def test_hard_rules_leave_out_participants_and_pairs_with_their_reasons(
    client: TestClient, database: Database, organiser: Caller, honey: UUID, buyer: UUID
) -> None:
    ending = make_approved(database, Kind.EXPORTER, display_name="Ending", valid_until="2027-03-10")
    same = make_approved(
        database, Kind.EXPORTER, display_name="Same owner", contact_email="owner@example.org"
    )
    ruled_out = make_approved(database, Kind.EXPORTER, display_name="Ruled out")
    owner = make_approved(
        database, Kind.ENTREPRENEUR, display_name="Owner", contact_email="owner@example.org"
    )
    silent = make_approved(
        database,
        Kind.ENTREPRENEUR,
        display_name="Silent",
        offers=[make.statement(text="!!!", hs_codes=[], partnership_types=[])],
        seeks=[],
    )
    forum = make_forum(database, [buyer, owner, silent], [honey, ending, same, ruled_out])
    exclusion = {"entrepreneur_id": str(buyer), "exporter_id": str(ruled_out), "reason": "said_no"}
    answer = client.post(f"/api/v1/forums/{forum}/exclusions", json=exclusion, headers=organiser.headers)
    assert answer.status_code == 201, answer.text
    made = _generate(client, organiser, forum, k=10)
    left_out = _get(client, organiser, f"match-lists/{made['id']}/left-out")
    told = {
        (
            (one["entrepreneur"] or {}).get("name"),
            (one["exporter"] or {}).get("name"),
            one["reason"],
        )
        for one in left_out
    }
    assert told == {
        (None, "Ending", "expired"),
        ("Silent", None, "nothing_to_match"),
        ("Owner", "Same owner", "same_owner"),
        ("Feinkost Steppe", "Ruled out", "said_no"),
    }
    entries = _get(client, organiser, f"match-lists/{made['id']}/entries")["entries"]
    pairs = {(entry["entrepreneur"]["name"], entry["exporter"]["name"]) for entry in entries}
    assert pairs == {
        ("Feinkost Steppe", "Бал үйі"),
        ("Feinkost Steppe", "Same owner"),
        ("Owner", "Бал үйі"),
        ("Owner", "Ruled out"),
    }


def test_downloads_carry_the_list_with_harmless_cells(
    client: TestClient, database: Database, organiser: Caller, honey: UUID, wool: UUID, buyer: UUID
) -> None:
    forum = make_forum(database, [buyer], [honey, wool], code="download-forum")
    made = _generate(client, organiser, forum)
    address = f"/api/v1/match-lists/{made['id']}/download"
    as_csv = client.get(f"{address}.csv", headers=organiser.headers)
    assert as_csv.headers["content-disposition"].endswith("match-list-download-forum-1.csv")
    assert as_csv.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(as_csv.content.decode("utf-8-sig"))))
    assert [row[3] for row in rows[1:]] == ["Бал үйі", "'=Жүн үйі"]
    workbook = openpyxl.load_workbook(
        io.BytesIO(client.get(f"{address}.xlsx", headers=organiser.headers).content)
    )
    sheet = workbook.worksheets[0]
    assert [cell.value for cell in sheet["D"]][1:] == ["Бал үйі", "=Жүн үйі"]
    assert {cell.data_type for cell in sheet["D"]} == {"s"}
    as_json = client.get(f"{address}.json", headers=organiser.headers).json()
    assert as_json["match_list"]["digest"] == made["digest"]
    assert len(as_json["entries"]) == made["pairs"]


def test_list_of_a_forum_without_participants_on_a_side_is_refused(
    client: TestClient, database: Database, organiser: Caller, buyer: UUID
) -> None:
    forum = make_forum(database, [buyer], [])
    answer = client.post(f"/api/v1/forums/{forum}/match-lists", json={}, headers=organiser.headers)
    assert answer.status_code == 409, answer.text


@pytest.mark.parametrize(
    "config", [{"balance": 2}, {"weights": {"text": -1}}, {"weights": {"luck": 1}}, {"x": 1}]
)
def test_list_with_wrong_parameters_is_refused(
    client: TestClient, database: Database, organiser: Caller, honey: UUID, buyer: UUID, config: dict
) -> None:
    forum = make_forum(database, [buyer], [honey])
    answer = client.post(
        f"/api/v1/forums/{forum}/match-lists", json={"config": config}, headers=organiser.headers
    )
    assert answer.status_code == 422, answer.text
    assert [error["code"] for error in answer.json()["errors"]] == ["match_config"]


def test_own_parameters_are_kept_with_the_list(
    client: TestClient, database: Database, organiser: Caller, honey: UUID, wool: UUID, buyer: UUID
) -> None:
    forum = make_forum(database, [buyer], [honey, wool])
    made = _generate(client, organiser, forum, config={"weights": {"hs_codes": 1}, "balance": 1})
    assert made["config"]["weights"]["hs_codes"] == 1
    entries = _get(client, organiser, f"match-lists/{made['id']}/entries")["entries"]
    assert [entry["exporter"]["id"] for entry in entries] == [str(honey)]
    assert _get(client, organiser, f"match-lists/{made['id']}/reproduction")["same"] is True


def test_published_list_supersedes_the_one_before(
    client: TestClient, database: Database, organiser: Caller, honey: UUID, buyer: UUID
) -> None:
    forum = make_forum(database, [buyer], [honey])
    for _ in range(2):
        made = _generate(client, organiser, forum)
        answer = client.post(f"/api/v1/match-lists/{made['id']}/publish", headers=organiser.headers)
        assert answer.json()["state"] == "published"
    assert (
        client.post(f"/api/v1/match-lists/{made['id']}/publish", headers=organiser.headers).status_code == 409
    )
    lists = _get(client, organiser, f"forums/{forum}/match-lists")
    assert [one["state"] for one in lists] == ["published", "superseded"]


def test_profile_is_matched_in_the_request_after_it_was_saved(
    client: TestClient, database: Database, organiser: Caller, buyer: UUID
) -> None:
    path = f"entrepreneurs/{buyer}/matches?k=50"
    assert _get(client, organiser, path) == []
    honey = make_approved(database, Kind.EXPORTER)
    matches = _get(client, organiser, path)
    assert [match["partner"]["id"] for match in matches] == [str(honey)]
    assert matches[0]["rank"] == 1
    reverse = _get(client, organiser, f"exporters/{honey}/matches")
    assert [match["partner"]["id"] for match in reverse] == [str(buyer)]
    assert reverse[0]["score"] == matches[0]["score"]


def test_profile_not_approved_has_no_matches(client: TestClient, organiser: Caller) -> None:
    created = client.post("/api/v1/exporters", json=make.exporter(), headers=organiser.headers).json()
    answer = client.get(f"/api/v1/exporters/{created['id']}/matches", headers=organiser.headers)
    assert answer.status_code == 409


def test_forum_is_created_changed_and_guarded_against_a_second_editor(
    client: TestClient, organiser: Caller
) -> None:
    sent = forum_fields()
    created = client.post("/api/v1/forums", json=sent, headers=organiser.headers)
    assert created.status_code == 201, created.text
    assert client.post("/api/v1/forums", json=sent, headers=organiser.headers).status_code == 422
    address = f"/api/v1/forums/{created.json()['id']}"
    first = client.put(f"{address}?revision=1", json={**sent, "city": "Köln"}, headers=organiser.headers)
    second = client.put(f"{address}?revision=1", json={**sent, "city": "Bonn"}, headers=organiser.headers)
    assert (first.status_code, second.status_code) == (200, 409)
    assert client.get(address, headers=organiser.headers).json()["city"] == "Köln"


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"ends_on": "2027-03-09"}, "/ends_on", "forum_ends_early"),
        ({"time_zone": "Mars/Olympus"}, "/time_zone", "unknown_time_zone"),
        ({"name": {"xx": "?"}}, "/name", "name_languages"),
        ({"code": "форум"}, "/code", "malformed_code"),
    ],
)
def test_forum_with_a_wrong_field_names_it(
    client: TestClient, organiser: Caller, changes: dict, pointer: str, code: str
) -> None:
    answer = client.post("/api/v1/forums", json=forum_fields(**changes), headers=organiser.headers)
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [(pointer, code)]


def test_participants_are_added_by_filter_and_by_hand(
    client: TestClient, database: Database, organiser: Caller, honey: UUID, wool: UUID
) -> None:
    waiting = client.post("/api/v1/exporters", json=make.exporter(), headers=organiser.headers).json()["id"]
    forum = make_forum(database, [], [])
    address = f"/api/v1/forums/{forum}/participants"

    def add(**wanted) -> tuple[int, int, int]:
        answer = client.post(address, json={"kind": "exporter", **wanted}, headers=organiser.headers)
        assert answer.status_code == 200, answer.text
        return answer.json()["added"], answer.json()["already"], answer.json()["not_approved"]

    assert add(filter={"hs_prefix": "04"}, dry_run=True) == (1, 0, 0)
    assert add(filter={"hs_prefix": "04"}) == (1, 0, 0)
    assert add(filter={}) == (1, 1, 0)
    assert add(ids=[waiting]) == (0, 0, 1)
    listed = _get(client, organiser, f"forums/{forum}/participants?kind=exporter")
    assert [one["id"] for one in listed] == [str(wool), str(honey)]
    client.delete(f"{address}/exporter/{wool}", headers=organiser.headers)
    listed = _get(client, organiser, f"forums/{forum}/participants?kind=exporter")
    assert [one["id"] for one in listed] == [str(honey)]
    unknown = client.post(
        address, json={"kind": "exporter", "ids": [str(uuid4())]}, headers=organiser.headers
    )
    assert unknown.status_code == 422
