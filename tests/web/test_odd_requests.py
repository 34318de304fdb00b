"""What people and programs send that no page of ours offers: told in words, never a failure of ours."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from service.platform.database import Database
from service.profiles.vocabulary import Kind
from service.web import authentication
from tests.factories.forums import make_approved, make_forum
from tests.web.conftest import Browser

Browse = Callable[..., Browser]
ODD_NUMBERS = ("²", "١", "-1", "0", "", "9" * 5000)


@pytest.mark.parametrize("number", ODD_NUMBERS)
def test_page_that_is_no_number_is_the_first_one(browse: Browse, database: Database, number: str) -> None:
    forum = make_forum(database, [], [])
    browser = browse()
    for path in ("/exporters", "/imports", f"/forums/{forum}/letters", f"/forums/{forum}/outcomes"):
        answer = browser.get(path, params={"page": number})
        assert answer.status_code == 200, path


def test_page_behind_the_last_leads_back_to_it(browse: Browse, database: Database) -> None:
    make_approved(database, Kind.EXPORTER)
    page = browse().get("/exporters?page=7").text
    assert '<a rel="prev" href="/exporters?page=1">' in page


def test_revision_that_is_no_number_counts_as_none(browse: Browse, database: Database) -> None:
    profile = make_approved(database, Kind.EXPORTER)
    page = f"/exporters/{profile}"
    assert browse().post(f"{page}/archive", {"revision": "²"}, page=page).status_code == 303


@pytest.mark.parametrize(
    "path", ["/exporters/cut-off", "/forums/cut-off/day", "/imports/template-nobody.csv", "/match-lists/x"]
)
def test_address_that_was_cut_off_is_not_found(browse: Browse, path: str) -> None:
    answer = browse().get(f"{path}?lang=en")
    assert answer.status_code == 404
    assert "There is nothing at this address." in answer.text


def test_long_text_is_told_beside_its_field_and_kept(browse: Browse) -> None:
    long = "ж" * 100_000
    answer = browse().post("/entrepreneurs/new", {"display_name": "Dala", "offers_text": long})
    assert answer.status_code == 422
    assert 'id="offers_text-mistake"' in answer.text
    assert long in answer.text


def test_text_beyond_all_measure_is_refused_in_words(browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authentication, "_MOST_FIELD_BYTES", 1000)
    answer = browse().post("/entrepreneurs/new", {"display_name": "x" * 2000})
    assert answer.status_code == 413
    assert "shorten it" in answer.text


def test_problem_leads_back_to_the_page_of_ours_that_it_came_from(browse: Browse) -> None:
    browser = browse()
    gone = f"/exporters/{uuid4()}"
    back = '<a href="/exporters?page=2">Back to where you were</a>'
    assert back in browser.get(gone, headers={"Referer": "http://testserver/exporters?page=2"}).text
    others = "http://elsewhere.example/exporters", "http://testserver//elsewhere.example/", ""
    for other in (*others, f"http://testserver{gone}"):
        assert "Back to where you were" not in browser.get(gone, headers={"Referer": other}).text


def test_side_that_there_is_not_is_told(browse: Browse, database: Database) -> None:
    forum = make_forum(database, [], [])
    page = f"/forums/{forum}/participants/exporter"
    answer = browse().post(f"/forums/{forum}/join", {"kind": "both", "profile_id": "x"}, page=page)
    assert answer.status_code == 422
