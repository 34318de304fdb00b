"""The main road in a real browser, without a line of JavaScript of ours: from a sign-in to a match list."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from service.demo.fill import Demo

pytestmark = pytest.mark.browser

PHONE, DESK = 360, 1280


def _follow(page: Page, target: str) -> None:
    """Click what leads to another page or place, and wait until that is there as a whole."""
    with page.expect_navigation():
        page.click(target)


def _signed_in(page: Page, address: str, demo: Demo) -> None:
    page.goto(f"{address}/sign-in")
    page.fill("#email", demo.email)
    page.fill("#password", demo.password)
    _follow(page, "main button")
    assert page.url == f"{address}/"


def _forum(page: Page, address: str, made: Demo) -> str:
    """Find the path of the forum of the demo's match list."""
    page.goto(f"{address}/match-lists/{made.match_list_id}")
    path = page.get_attribute('main a[href^="/forums/"]', "href")
    assert path is not None
    return path


@pytest.fixture(params=[PHONE, DESK])
def page(request: pytest.FixtureRequest, chromium: Browser, demo: tuple[str, Demo]) -> Iterator[Page]:
    context = chromium.new_context(
        viewport={"width": request.param, "height": 900}, java_script_enabled=False, locale="en-GB"
    )
    page = context.new_page()
    _signed_in(page, *demo)
    yield page
    context.close()


def test_exporter_is_registered_with_a_mended_mistake_approved_and_matched(
    page: Page, demo: tuple[str, Demo]
) -> None:
    address, _ = demo
    page.goto(f"{address}/exporters/new")
    name = f"Көк Дала балы {page.viewport_size['width']}"
    page.fill("#display_name", name)
    page.fill("#source_agency", "demo-agency")
    page.fill("#bin", "123")
    page.fill("#offers_text", "Mountain honey and beeswax, мёд, тау балы")
    page.fill("#offers_hs_codes", "0409")
    _follow(page, "button[name=save]")
    assert page.title().startswith("Error:")
    _follow(page, ".errors a")
    assert page.url.endswith("#bin")
    assert page.input_value("#display_name") == name
    page.fill("#bin", "")
    _follow(page, "button[name=save]")
    assert page.text_content("h1") == name
    assert "Not matched now" in page.text_content("main")
    _follow(page, "button[value=approved]")
    assert "Approved." in page.text_content(".notice")
    assert "Best partners now" in page.text_content("main")


def test_match_list_is_read_by_both_sides_and_taken_apart(page: Page, demo: tuple[str, Demo]) -> None:
    address, made = demo
    page.goto(f"{address}/match-lists/{made.match_list_id}")
    assert page.locator(".match").count() >= 20
    assert "%" in page.text_content(".match li")
    _follow(page, "text=By exporter")
    _follow(page, ".match a >> nth=0")
    parts = [float(cell) for cell in page.locator("tbody tr td.number").all_text_contents()]
    assert sum(parts[:-1]) == pytest.approx(parts[-1], abs=2e-5)
    page.goto(f"{address}/match-lists/{made.match_list_id}/reproduction")
    assert "the same to the last digit" in page.text_content(".notice")


def test_forum_is_planned_filled_by_a_filter_and_matched(page: Page, demo: tuple[str, Demo]) -> None:
    address, _ = demo
    page.goto(f"{address}/forums/new")
    page.fill("#name_en", "Stockholm forum")
    page.fill("#code", f"stockholm-{page.viewport_size['width']}")
    page.select_option("#host_country", "SE")
    page.fill("#city", "Stockholm")
    page.fill("#time_zone", "Europe/Stockholm")
    page.fill("#starts_on", "2027-09-01")
    page.fill("#ends_on", "2027-09-02")
    _follow(page, "main form button")
    forum = page.url.split("?")[0]
    for kind, field, value in (
        ("entrepreneur", "#countries", "Sweden; DE"),
        ("exporter", "#hs_prefix", "04"),
    ):
        page.goto(f"{forum}/participants/{kind}")
        page.fill(field, value)
        _follow(page, "button[name=preview]")
        _follow(page, "text=Add them all")
        assert page.locator("tbody tr").count() > 0
    page.goto(forum)
    _follow(page, "text=Generate a match list")
    assert page.locator(".match").count() > 0
    with page.expect_download() as download:
        page.click("text=XLSX")
    assert download.value.suggested_filename.endswith(".xlsx")


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_no_page_is_wider_than_a_phone(page: Page, demo: tuple[str, Demo], language: str) -> None:
    address, made = demo
    width = page.viewport_size["width"]
    for path in (
        "/",
        "/entrepreneurs",
        "/exporters/new",
        "/imports/new",
        "/forums",
        f"/match-lists/{made.match_list_id}",
        "/accounts",
        "/api-clients",
        "/centres",
    ):
        answer = page.goto(f"{address}{path}?lang={language}")
        assert answer is not None
        assert answer.status == 200, path
        # JavaScript is off for the pages; the box of the root element tells the same.
        box = page.locator("main").bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= width, path


def test_desk_notes_an_arrival_cancels_a_meeting_and_takes_it_back(
    page: Page, demo: tuple[str, Demo]
) -> None:
    address, made = demo
    forum = _forum(page, address, made)
    day = f"{address}{forum}/day"
    page.goto(f"{address}{forum}/timetables")
    _follow(page, "main .tiles h2 a >> nth=0")
    meeting = page.get_attribute('td a[href*="/meetings/"]', "href")
    assert meeting is not None
    page.goto(f"{day}/meetings/{meeting.rsplit('/', 1)[1]}")
    width = page.viewport_size["width"]
    _follow(page, "h1 a >> nth=0")
    name = page.text_content("h1")
    page.goto(f"{day}?name={name.split()[0]}")
    _follow(page, f'.people a:has-text("{name}")')
    if page.locator("text=Has arrived").count():
        _follow(page, "text=Has arrived")
    assert "arrived" in page.text_content("main .tag.done")
    _follow(page, "text=Move, swap, cancel … >> nth=0")
    page.fill("#note", "ill")
    _follow(page, 'button:has-text("Cancel the meeting")')
    assert "cancelled" in page.text_content(".notice")
    page.goto(f"{day}/log")
    _follow(page, "text=Take back >> nth=0")
    assert page.text_content(".notice") == "The step is taken back."
    for path in (day, f"{day}/log", f"{day}/requests", f"{day}/offers"):
        page.goto(path)
        box = page.locator("main").bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= width, path


def test_participant_says_yes_behind_its_link_and_sees_the_contact(
    page: Page, demo: tuple[str, Demo]
) -> None:
    address, made = demo
    forum = _forum(page, address, made)
    waiting = f"{address}{forum}/proposals?state=proposed&waiting_for=exporter"
    page.goto(waiting)
    _follow(page, 'main td a[href^="/proposals/"] >> nth=0')
    proposal = page.url.split("?")[0]
    # The exporter is asked by telephone.
    _follow(page, "section:has(input[value=exporter]) >> text=It says yes")
    assert page.text_content(".notice") == "The answer is saved."
    name = page.text_content("h1 a >> nth=0")
    own = page.get_attribute("h1 a >> nth=0", "href")
    state = page.text_content("h1 + p .tag")
    page.goto(f"{address}{forum}/letters")
    while not page.locator(f'tr:has(a[href="{own}"])').count():
        _follow(page, 'a[rel="next"]')
    # The latest one may hold a contact, and is not shown to organisers then; the first asks for answers.
    _follow(page, f'tr:has(a[href="{own}"]) td:nth-child(2) a >> nth=-1')
    link = page.get_attribute('.letter a[href*="/p/"]', "href")
    assert link is not None
    page.context.clear_cookies()
    page.goto(link.removesuffix("/timetable"))
    assert name in page.text_content("main")
    card = f"#p-{proposal.rsplit('/', 1)[1]}"
    if state != "accepted":
        assert not page.locator(f"{card} h3 + ul.plain").count()
        _follow(page, f"{card} form button:not(.second)")
    assert page.text_content(f"{card} ul.plain bdi >> nth=0")
    width = page.viewport_size["width"]
    for language in ("kk", "ru", "zh"):
        for part in ("", "/timetable"):
            page.goto(f"{link.removesuffix('/timetable')}{part}?lang={language}")
            box = page.locator("main").bounding_box()
            assert box is not None
            assert box["x"] + box["width"] <= width
    assert page.locator("section.panel h3").count()


def test_another_offer_is_shown_where_it_is_filled_in(page: Page, demo: tuple[str, Demo]) -> None:
    address, _ = demo
    page.goto(f"{address}/entrepreneurs/new")
    page.fill("#offers_text", "Шұбат")
    _follow(page, "button[value=offers]")
    assert page.url.endswith("#offers_text_2")
    assert page.input_value("#offers_text") == "Шұбат"
    box = page.locator("#offers_text_2").bounding_box()
    assert box is not None
    # What the address names is scrolled into view.
    assert 0 <= box["y"] < page.viewport_size["height"]


def test_list_inside_a_form_is_printed_with_its_rows(page: Page, demo: tuple[str, Demo]) -> None:
    address, made = demo
    page.goto(f"{address}{_forum(page, address, made)}/proposals")
    page.emulate_media(media="print")
    assert page.locator("tbody tr").first.is_visible()
    assert not page.locator("input[name=ids]").first.is_visible()
    page.goto(f"{address}/match-lists/{made.match_list_id}")
    side = page.locator("section td").first.bounding_box()
    assert side is not None
    # A column is not squeezed to a letter a line.
    assert side["width"] > side["height"]
