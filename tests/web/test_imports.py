from collections.abc import Callable

from service.jobs.runner import run_pending
from service.platform.database import Database
from service.settings import Settings
from tests.factories import files
from tests.web.conftest import Browser, form_token


def _send(browser: Browser, name: str, content: bytes, **fields: str):
    token = form_token(browser.get("/imports/new"))
    return browser.client.post(
        "/imports/new",
        data={"kind": "exporter", "source_agency": "test-agency", "form_token": token, **fields},
        files={"file": (name, content)},
    )


def test_file_is_sent_watched_and_its_bad_rows_are_shown(
    browse: Callable[..., Browser], database: Database, settings: Settings
) -> None:
    browser = browse()
    content = files.as_csv([files.row(1, country="KZ"), files.row(2, country="<b>Nowhere</b>")])
    answer = _send(browser, "<i>мёд</i>.csv", content, approve="1")
    assert answer.status_code == 303, answer.text
    address = answer.headers["location"]
    waiting = browser.get(address)
    assert 'http-equiv="refresh"' in waiting.text
    run_pending(database, settings)
    page = browser.get(address)
    assert 'http-equiv="refresh"' not in page.text
    assert "&lt;i&gt;" in page.text
    assert "<b>Nowhere" not in page.text
    assert "Nowhere" in page.text
    assert browser.get(f"{address}/rejections.csv").content.startswith(b"\xef\xbb\xbf")
    assert browser.get(f"{address}/rejections.xlsx").status_code == 200
    assert "1 profile" in browser.get("/exporters?review_status=approved").text
    assert '<a href="/exporters">See the profiles</a>' in page.text
    assert "мёд" in browser.get("/imports").text


def test_file_without_a_row_says_so(
    browse: Callable[..., Browser], database: Database, settings: Settings
) -> None:
    browser = browse()
    address = _send(browser, "empty.csv", b"external_id;display_name\n").headers["location"]
    run_pending(database, settings)
    assert "The file has only its header, and no rows." in browser.get(address).text


def test_form_without_a_file_says_so(browse: Callable[..., Browser]) -> None:
    browser = browse()
    answer = browser.post("/imports/new", {"kind": "exporter"})
    assert answer.status_code == 422
    assert 'href="#file"' in answer.text
    empty = _send(browser, "empty.csv", b" ")
    assert empty.status_code == 422
    assert 'href="#file"' in empty.text


def test_templates_are_offered(browse: Callable[..., Browser]) -> None:
    browser = browse()
    assert browser.get("/imports/template-exporter.xlsx").status_code == 200
    assert browser.get("/imports/template-entrepreneur.csv").text.startswith("\ufeffexternal_id")
