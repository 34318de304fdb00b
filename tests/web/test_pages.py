import re
from collections.abc import Callable
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from service.forums import sessions
from service.platform.database import Database
from service.profiles.vocabulary import Kind
from tests.factories.accounts import make_centre
from tests.factories.forums import make_approved, make_forum, make_places
from tests.web.conftest import Browser, section_of

Browse = Callable[..., Browser]
MOST_BYTES = 100_000
LANGUAGES = ("kk", "ru", "en")


@pytest.fixture
def pages(database: Database, browse: Browse) -> tuple[Browser, list[str]]:
    """Every page of the service, with something on it."""
    browser = browse()
    make_centre(database)
    entrepreneurs = [make_approved(database, Kind.ENTREPRENEUR, centre="qh-berlin") for _ in range(2)]
    exporters = [make_approved(database, Kind.EXPORTER) for _ in range(3)]
    forum = make_forum(database, entrepreneurs, exporters)
    make_places(database, forum, labels="1-200")
    with database.read() as session:
        held = sessions.held(session, forum)[0].id
    for k in ("2", "3"):
        made = browser.post(f"/forums/{forum}/match-lists", {"k": k}, page=f"/forums/{forum}")
    match_list = made.headers["location"].split("?")[0]
    return browser, [
        "/",
        "/password",
        "/entrepreneurs",
        "/entrepreneurs?text=honey&review_status=approved",
        "/entrepreneurs/new",
        f"/entrepreneurs/{entrepreneurs[0]}",
        f"/entrepreneurs/{entrepreneurs[0]}/edit",
        "/exporters",
        "/exporters/new",
        f"/exporters/{exporters[0]}",
        f"/exporters/{exporters[0]}/edit",
        "/forums",
        "/forums/new",
        f"/forums/{forum}",
        f"/forums/{forum}/edit",
        f"/forums/{forum}/participants/exporter?preview=1",
        f"/forums/{forum}/participants/entrepreneur",
        f"/forums/{forum}/participants/entrepreneur/{entrepreneurs[0]}?q=a",
        f"/forums/{forum}/set-up",
        f"/forums/{forum}/set-up/sessions/{held}",
        match_list,
        f"{match_list}?side=exporter",
        f"{match_list}/pairs/{entrepreneurs[0]}/{exporters[0]}",
        f"{match_list}/reproduction",
        f"{match_list}/comparison",
        f"{match_list}/partners/exporter/{exporters[0]}?text=s",
        "/accounts",
        "/api-clients",
        "/centres",
    ]


def test_every_page_is_whole_small_and_without_script(pages: tuple[Browser, list[str]]) -> None:
    browser, paths = pages
    for path in paths:
        for language in LANGUAGES:
            page = browser.get(path + ("&" if "?" in path else "?") + f"lang={language}")
            assert page.status_code == 200, f"{path}: {page.text[-2000:]}"
            assert f'<html lang="{language}">' in page.text
            assert len(page.content) < MOST_BYTES, f"{path} has {len(page.content)} bytes"
            assert "<script" not in page.text
            assert not re.search(r"\son\w+=", page.text)
            assert not re.search(r"\sstyle=", page.text)
            for name in re.findall(r'aria-describedby="([^"]+)"', page.text):
                assert all(f'id="{one}"' in page.text for one in name.split()), f"{path}: {name}"


def test_navigation_marks_the_section_of_a_page(pages: tuple[Browser, list[str]]) -> None:
    browser, paths = pages
    for path in paths:
        section = path.split("?")[0].split("/")[1]
        expected = {"password": [], "match-lists": ["/forums"]}.get(section, [f"/{section}"])
        assert section_of(browser.get(path)) == expected, path


def test_every_form_that_posts_carries_a_token(pages: tuple[Browser, list[str]]) -> None:
    browser, paths = pages
    for path in paths:
        for form in re.findall(r'<form method="post".*?</form>', browser.get(path).text, re.DOTALL):
            assert 'name="form_token"' in form, path


def test_hostile_text_is_shown_as_text(database: Database, browse: Browse) -> None:
    name = '<script>alert("x")</script>'
    profile: UUID = make_approved(database, Kind.EXPORTER, display_name=name)
    for path in (f"/exporters/{profile}", "/exporters", f"/exporters/{profile}/edit"):
        page = browse().get(path)
        assert "<script" not in page.text
        assert "&lt;script&gt;" in page.text


def test_unknown_page_is_a_page_in_the_readers_language(client: TestClient) -> None:
    page = client.get("/nowhere", headers={"Accept-Language": "kk"})
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert '<html lang="kk">' in page.text


def test_language_is_remembered(client: TestClient) -> None:
    client.get("/sign-in?lang=ru")
    assert '<html lang="ru">' in client.get("/sign-in").text


def test_static_files_are_kept_for_long_under_an_address_of_their_own(client: TestClient) -> None:
    address = re.search(r'href="(/static/[^"]+\.css)"', client.get("/sign-in").text)
    assert address
    answer = client.get(address[1])
    assert answer.headers["content-type"].startswith("text/css")
    assert "immutable" in answer.headers["cache-control"]
    assert client.get("/static/x/../../settings.py").status_code == 404
    assert client.get("/static/x/none.css").status_code == 404
