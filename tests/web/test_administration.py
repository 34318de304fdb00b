import re
from collections.abc import Callable

import pytest

from service.accounts.schemas import SYSTEM
from service.forums import rulings
from service.platform.database import Database
from service.profiles.vocabulary import Kind
from service.web import forums
from tests.factories.accounts import PASSWORD, make_centre
from tests.factories.forums import make_approved, make_forum
from tests.web.conftest import Browser, sign_in

Browse = Callable[..., Browser]


def test_account_is_made_locked_and_let_in_again(browse: Browse, database: Database) -> None:
    make_centre(database)
    browser = browse()
    fields = {
        "name": "Айгүл",
        "email": "aigul@example.org",
        "role": "coordinator",
        "language": "kk",
        "centre": "qh-berlin",
        "password": PASSWORD,
    }
    wrong = browser.post("/accounts", {**fields, "centre": "", "email": "x"})
    assert wrong.status_code == 422
    assert 'href="#email"' in wrong.text
    assert PASSWORD not in wrong.text
    assert browser.post("/accounts", fields).status_code == 303
    taken = browser.post("/accounts", fields)
    assert taken.status_code == 422
    page = browser.get("/accounts").text
    account = re.search(r"/accounts/([0-9a-f-]+)/active", page)
    assert account
    for active in ("0", "1"):
        browser.post(f"/accounts/{account[1]}/active", {"active": active}, page="/accounts")
    short = browser.post(f"/accounts/{account[1]}/password", {"new_password": "x"}, page="/accounts")
    assert short.status_code == 422
    new = {"new_password": "another long password"}
    assert browser.post(f"/accounts/{account[1]}/password", new, page="/accounts").status_code == 303
    browser.client.cookies.clear()
    assert sign_in(browser.client, "aigul@example.org", "another long password").status_code == 303


def test_key_is_shown_once_and_taken_out_of_use(browse: Browse) -> None:
    browser = browse()
    wrong = browser.post("/api-clients", {"name": "Agency", "scopes": ["profiles:write"]})
    assert wrong.status_code == 422
    assert 'href="#agency"' in wrong.text
    made = browser.post("/api-clients", {"name": "Agency", "agency": "own", "scopes": ["profiles:read"]})
    key = re.search(r"qh_[\w-]{20,}", made.text)
    assert key
    listed = browser.get("/api-clients").text
    assert key[0] not in listed
    headers = {"Authorization": f"Bearer {key[0]}"}
    assert browser.client.get("/api/v1/exporters", headers=headers).status_code == 200
    client = re.search(r"/api-clients/([0-9a-f-]+)/revoke", listed)
    assert client
    browser.post(f"/api-clients/{client[1]}/revoke", {}, page="/api-clients")
    assert browser.client.get("/api/v1/exporters", headers=headers).status_code == 401


def test_centre_is_opened_once(browse: Browse) -> None:
    browser = browse()
    fields = {
        "code": "qh-berlin",
        "name_kk": "Берлин",
        "country": "DE",
        "city": "Berlin",
        "time_zone": "Europe/Berlin",
    }
    wrong = browser.post("/centres", {**fields, "time_zone": "Mars", "name_kk": ""})
    assert wrong.status_code == 422
    assert 'href="#time_zone"' in wrong.text
    assert 'href="#name_kk"' in wrong.text
    assert browser.post("/centres", fields).status_code == 303
    taken = browser.post("/centres", fields)
    assert taken.status_code == 422
    assert 'href="#code"' in taken.text


def test_forum_is_planned_changed_filled_and_matched(browse: Browse, database: Database) -> None:
    browser = browse("organiser")
    exporters = [make_approved(database, Kind.EXPORTER) for _ in range(3)]
    make_approved(database, Kind.ENTREPRENEUR)
    fields = {
        "code": "berlin-2027",
        "name_en": "Berlin forum",
        "host_country": "DE",
        "city": "Berlin",
        "time_zone": "Europe/Berlin",
        "starts_on": "2027-03-10",
        "ends_on": "2027-03-11",
    }
    assert '<option value="Europe/Istanbul">' in browser.get("/forums/new").text
    wrong = browser.post("/forums/new", {**fields, "ends_on": "2027-03-01"})
    assert 'href="#ends_on"' in wrong.text
    mistyped = browser.post("/forums/new", {**fields, "ends_on": "2072-03-11"})
    assert "A forum lasts at most 31 days" in mistyped.text
    forum = browser.post("/forums/new", fields).headers["location"].split("?")[0]
    again = browser.post("/forums/new", fields)
    assert 'href="#code"' in again.text
    edit = f"{forum}/edit"
    assert browser.post(edit, {**fields, "city": "Köln", "revision": "1"}).status_code == 303
    late = browser.post(edit, {**fields, "city": "Bonn", "revision": "1"})
    assert late.status_code == 422
    assert "Bonn" in late.text
    nobody = browser.post(f"{forum}/match-lists", {"k": "5"}, page=forum)
    assert nobody.status_code == 409
    assert 'href="#k"' in nobody.text
    page = f"{forum}/participants/exporter"
    assert browser.get(f"{page}?preview=1&hs_prefix=x").status_code == 422
    assert "3 approved profiles would be added" in browser.get(f"{page}?preview=1").text
    one = {"kind": "exporter", "profile_id": str(exporters[0])}
    browser.post(f"{forum}/join", one, page=f"{page}?preview=1")
    assert "2 approved profiles would be added" in browser.get(f"{page}?preview=1").text
    browser.post(page, {"hs_prefix": "04"})
    browser.post(f"{page}/remove", {"ids": [str(exporters[0])]}, page=page)
    assert "2 participants" in browser.get(page).text
    kept = browser.post(f"{page}/remove?name=x&page=2&ticked=1", {}, page=page)
    assert kept.headers["location"] == f"{page}?name=x&page=2&notice=none-chosen"
    browser.post(f"{forum}/participants/entrepreneur", {"countries": "Germany, Швеция"})
    made = browser.post(f"{forum}/match-lists", {"k": "5"}, page=forum).headers["location"].split("?")[0]
    assert browser.post(f"{made}/publish", {}, page=made).status_code == 303
    assert browser.get(f"{made}/download.csv?lang=kk").content.startswith(b"\xef\xbb\xbf")
    assert browser.post(f"{forum}/match-lists", {"k": "0"}, page=forum).status_code == 422


def test_many_participants_come_on_pages_and_are_found_by_name(
    browse: Browse, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forums, "PARTICIPANTS_A_PAGE", 2)
    names = ("Ulba", "Saryarka", "Балқаш")
    made = [make_approved(database, Kind.EXPORTER, display_name=name) for name in names]
    page = f"/forums/{make_forum(database, [], made)}/participants/exporter"
    browser = browse("organiser")

    def shown(query: str) -> list[str]:
        text = browser.get(f"{page}?lang=en{query}").text
        return [name for name in names if f'dir="auto">{name}</a>' in text]

    assert shown("") == ["Ulba", "Saryarka"]
    assert shown("&page=2") == ["Балқаш"]
    assert shown("&name=balk") == ["Балқаш"]
    nobody = browser.get(f"{page}?name=Nobody").text
    assert "0 participants" in nobody
    assert 'name="name" value="Nobody"' in nobody
    assert "<details open>" not in nobody


def test_pair_is_ruled_out_from_its_page_and_allowed_again(browse: Browse, database: Database) -> None:
    one, other = make_approved(database, Kind.ENTREPRENEUR), make_approved(database, Kind.EXPORTER)
    forum = make_forum(database, [one], [other])
    browser = browse()
    page = f"/forums/{forum}"
    pair = {"entrepreneur_id": str(one), "exporter_id": str(other), "note": "<b>met</b>"}
    assert browser.post(f"{page}/exclusions", pair, page=page).status_code == 303
    shown = browser.get(page).text
    assert "&lt;b&gt;met" in shown
    wrong = browser.post(f"{page}/exclusions", {"entrepreneur_id": "x"}, page=page)
    assert wrong.status_code == 422
    with database.read() as session:
        (kept,) = rulings.exclusions(session, SYSTEM, forum)
    browser.post(f"{page}/exclusions/{kept.id}/lift", {}, page=page)
    with database.read() as session:
        assert rulings.exclusions(session, SYSTEM, forum) == []
