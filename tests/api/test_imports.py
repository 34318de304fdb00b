import io

import openpyxl
from fastapi.testclient import TestClient

from service.jobs.runner import run_pending
from service.platform.database import Database
from service.settings import Settings
from tests.factories import files
from tests.factories.accounts import make_api_client


def test_file_is_taken_read_and_given_back_to_mend(
    client: TestClient, database: Database, settings: Settings
) -> None:
    agency = make_api_client(database)
    content = files.as_csv([files.row(1), files.row(2, offers_hs_codes="xx")])
    answer = client.post(
        "/api/v1/imports",
        files={"file": ("exporters.csv", content)},
        data={"kind": "exporter"},
        headers=agency.headers,
    )
    assert answer.status_code == 202, answer.text
    address = answer.headers["location"]
    assert client.get(address, headers=agency.headers).json()["state"] == "queued"
    run_pending(database, settings)
    run = client.get(address, headers=agency.headers).json()
    assert (run["state"], run["created"], run["rejected"], run["ended"]) == ("done", 1, 1, True)
    listed = client.get("/api/v1/imports", headers=agency.headers).json()
    assert [one["id"] for one in listed["runs"]] == [run["id"]]
    headers = {**agency.headers, "Accept-Language": "kk"}
    (rejection,) = client.get(f"{address}/rejections", headers=headers).json()["rejections"]
    assert (rejection["row"], rejection["external_id"]) == (3, "EX-00002")
    (error,) = rejection["errors"]
    assert (error["pointer"], error["column"], error["code"]) == (
        "/offers/0/hs_codes/0",
        "offers_hs_codes",
        "malformed_hs_code",
    )
    assert "СЭҚ ТН" in error["message"]
    mend = client.get(f"{address}/rejections.xlsx", headers=headers)
    sheet = openpyxl.load_workbook(io.BytesIO(mend.content)).active
    assert [cell.value for cell in sheet[2]][-2] == "3"


def test_import_with_wrong_options_names_them(client: TestClient, database: Database) -> None:
    agency = make_api_client(database)
    answer = client.post(
        "/api/v1/imports",
        files={"file": ("exporters.csv", b"x")},
        data={"kind": "exporter", "consent_given_on": "2026-11-01"},
        headers=agency.headers,
    )
    assert [one["code"] for one in answer.json()["errors"]] == ["consent_language_needed"]


def test_templates_are_given(client: TestClient, database: Database) -> None:
    agency = make_api_client(database)
    for name in ("exporter.csv", "entrepreneur.xlsx"):
        answer = client.get(f"/api/v1/import-templates/{name}", headers=agency.headers)
        assert answer.status_code == 200
        assert "attachment" in answer.headers["content-disposition"]
    assert client.get("/api/v1/import-templates/exporter.pdf", headers=agency.headers).status_code == 404


def test_large_upload_is_refused_while_it_comes_in(client: TestClient, database: Database) -> None:
    agency = make_api_client(database)
    answer = client.post(
        "/api/v1/imports",
        files={"file": ("exporters.csv", b"x" * 2_000_000)},
        data={"kind": "exporter"},
        headers=agency.headers,
    )
    assert answer.status_code == 413
    assert answer.json()["type"] == "urn:qazaq-house:problem:too-large"
