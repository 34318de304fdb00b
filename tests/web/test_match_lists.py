import re
from collections.abc import Callable
from uuid import UUID

import pytest

from service.accounts.schemas import SYSTEM
from service.forums import rulings, set_up
from service.forums.pair_schemas import ExclusionCreate, PairNote, PreferenceCreate, Wish
from service.forums.schemas import MeetingRuleCreate, ReservedShareCreate
from service.platform.database import Database
from service.profiles.vocabulary import Kind
from tests.factories.accounts import make_centre
from tests.factories.forums import make_approved, make_forum
from tests.factories.match_lists import decide, make_list
from tests.web.conftest import Browser

Browse = Callable[..., Browser]


@pytest.fixture
def buyer(database: Database) -> UUID:
    return make_approved(database, Kind.ENTREPRENEUR, display_name="Steppe")


@pytest.fixture
def sellers(database: Database) -> list[UUID]:
    names = ("Aral", "Balkash", "<b>Caspian</b>")
    return [make_approved(database, Kind.EXPORTER, display_name=name, rural=True) for name in names]


@pytest.fixture
def forum(database: Database, buyer: UUID, sellers: list[UUID]) -> UUID:
    return make_forum(database, [buyer], sellers, entrepreneur_max=2)


@pytest.fixture
def address(browse: Browse, forum: UUID) -> tuple[Browser, str]:
    """A signed-in organiser and the address of a fresh list."""
    browser = browse("organiser")
    made = browser.post(f"/forums/{forum}/match-lists", {"k": "20"}, page=f"/forums/{forum}")
    return browser, made.headers["location"].split("?")[0]


def _pairs(browser: Browser, address: str, heading: str) -> list[str]:
    """Give the addresses of pair pages that stand under a heading, or in the details of the next best."""
    page = browser.get(address).text
    part = page.split("<summary>Next best</summary>")
    text = part[0] if heading == "chosen" else part[1]
    return list(dict.fromkeys(re.findall(rf'href="({address}/pairs/[^"]+)"', text)))


def _fields(pair: str, browser: Browser, **changes: str) -> dict[str, str]:
    page = browser.get(pair).text
    fields = {
        name: re.findall(rf'name="{name}" value="([^"]+)"', page)[0]
        for name in ("entrepreneur_id", "exporter_id", "revision")
    }
    return {**fields, "note": "they asked", **changes}


def test_participant_is_found_on_a_list_by_name_in_any_script(address: tuple[Browser, str]) -> None:
    browser, path = address
    found = browser.get(f"{path}?side=exporter&text=Балк").text
    assert 'name="side" value="exporter"' in found
    assert len(re.findall(r"<h2 id=\"g-", found)) == 1
    assert 'dir="auto">Balkash</a>' in found
    assert "Fairness" not in found
    pair = re.search(rf'href="({path}/pairs/[^"?]+/([0-9a-f-]+))(\?[^"]+)"', found)
    assert pair is not None
    there = f"{pair[1]}{pair[3].replace('&amp;', '&')}"
    back = f'<a href="{path}{pair[3]}#g-{pair[2]}">Match list 1</a>'
    assert back in browser.get(f"{there}&lang=en").text
    assert f'id="g-{pair[2]}"' in found
    decided = browser.post(
        f"{path}/decisions{there.partition('?')[1]}{there.partition('?')[2]}",
        _fields(there, browser, step="ban"),
        page=there,
    )
    assert decided.headers["location"] == f"{there}&notice=decided"
    assert "Nobody of this name is on the list." in browser.get(f"{path}?text=Nobody").text


def test_page_shows_the_first_of_many_pairs_that_rules_left_out(
    monkeypatch: pytest.MonkeyPatch, database: Database, address: tuple[Browser, str], forum: UUID
) -> None:
    browser, listed = address
    for pair in _pairs(browser, listed, "chosen")[:2]:
        browser.post(f"{listed}/decisions", _fields(pair, browser, step="ban"), page=pair)
    later = make_list(database, forum)
    page = browser.get(f"/match-lists/{later.id}").text
    assert page.count("the organiser ruled it out") == 2
    assert "the XLSX has all of them" not in page
    monkeypatch.setattr("service.web.match_lists.LEFT_OUT_SHOWN", 1)
    page = browser.get(f"/match-lists/{later.id}").text
    assert page.count("the organiser ruled it out") == 1
    assert "the XLSX has all of them" in page
    assert "Left out by hard rules" not in browser.get(f"/match-lists/{later.id}?text=steppe").text


def test_organiser_removes_adds_pins_and_bans_on_the_page_of_a_pair(address: tuple[Browser, str]) -> None:
    browser, path = address
    chosen, (other,) = _pairs(browser, path, "chosen"), _pairs(browser, path, "next")
    assert len(chosen) == 2
    page = browser.get(other).text
    assert "not proposed" in page
    assert 'value="add"' in page
    full = browser.post(f"{path}/decisions", _fields(other, browser, step="add"), page=other)
    assert full.status_code == 409
    assert "Steppe has 2 meetings, as many as it may have" in full.text
    assert 'value="they asked"' in full.text

    def step(pair: str, what: str) -> str:
        answer = browser.post(f"{path}/decisions", _fields(pair, browser, step=what), page=pair)
        assert answer.status_code == 303, answer.text
        assert answer.headers["location"] == f"{pair}?notice=decided"
        return browser.get(answer.headers["location"]).text

    assert "removed: <span" in step(chosen[0], "remove")
    assert "added: <span" in step(other, "add")
    assert "pinned: <span" in step(chosen[1], "pin")
    assert 'value="unpin"' in browser.get(chosen[1]).text
    step(chosen[1], "unpin")
    assert "ruled out" in step(chosen[1], "ban")
    page = browser.get(path).text
    for words in ("a pair removed", "a pair added", "a pair pinned", "a pin loosened", "a pair banned"):
        assert words in page


def test_decision_without_a_reason_or_on_an_old_revision_is_told_beside_the_form(
    address: tuple[Browser, str],
) -> None:
    browser, path = address
    pair = _pairs(browser, path, "chosen")[0]
    old = _fields(pair, browser, step="remove")
    empty = browser.post(f"{path}/decisions", {**old, "note": " "}, page=pair)
    assert empty.status_code == 422
    assert 'href="#note"' in empty.text
    assert browser.post(f"{path}/decisions", old, page=pair).status_code == 303
    late = browser.post(f"{path}/decisions", {**old, "step": "ban"}, page=pair)
    assert late.status_code == 409
    assert "Somebody else changed this" in late.text
    nobody = browser.post(f"{path}/decisions", {**old, "exporter_id": "x"}, page=pair)
    assert nobody.status_code == 404


def test_pair_that_said_no_is_proposed_with_an_override(
    database: Database, browse: Browse, forum: UUID, buyer: UUID, sellers: list[UUID]
) -> None:
    with database.write() as session:
        no = ExclusionCreate(entrepreneur_id=buyer, exporter_id=sellers[0], reason="said_no")
        rulings.exclude_pair(session, SYSTEM, forum, no)
    made = make_list(database, forum)
    for other in sellers[1:]:
        made = decide(database, made, "remove", (buyer, other))
    browser = browse("organiser")
    path = f"/match-lists/{made.id}"
    pair = f"{path}/pairs/{buyer}/{sellers[0]}"
    assert 'name="override"' in browser.get(pair).text
    fields = _fields(pair, browser, step="add")
    refused = browser.post(f"{path}/decisions", fields, page=pair)
    assert (refused.status_code, "one of them said no" in refused.text) == (409, True)
    done = browser.post(f"{path}/decisions", {**fields, "override": "true"}, page=pair)
    assert done.status_code == 303, done.text
    assert "proposed" in browser.get(pair).text


def test_list_is_reviewed_and_published_and_then_stays_as_it_is(address: tuple[Browser, str]) -> None:
    browser, path = address
    pair = _pairs(browser, path, "chosen")[0]
    assert f'action="{path}/publish"' not in browser.get(path).text
    assert browser.post(f"{path}/review", {"revision": "1"}, page=path).status_code == 303
    assert "reviewed" in browser.get(path).text
    late = browser.post(f"{path}/publish", {"revision": "1"}, page=path)
    assert (late.status_code, "Somebody else changed this" in late.text) == (409, True)
    done = browser.post(f"{path}/publish", {"revision": "2"}, page=path)
    assert done.headers["location"] == f"{path}?notice=published"
    page = browser.get(pair).text
    assert "/decisions" not in page
    assert "Rule this pair out" in page


def test_page_of_a_list_tells_how_fair_it_is_in_three_languages(
    database: Database, browse: Browse, forum: UUID, buyer: UUID, sellers: list[UUID]
) -> None:
    stranger = make_approved(database, Kind.EXPORTER, display_name="Stranger")
    with database.write() as session:
        for share in (
            {"criterion": "rural", "percent": 50},
            {"criterion": "region", "value": "Алматы", "percent": 10},
            {"criterion": "programme", "value": "turakty_auyl", "percent": 10},
        ):
            set_up.reserve(session, SYSTEM, forum, ReservedShareCreate.model_validate(share))
        rule = {"effect": "never", "exporters": {"text": "Balkash"}}
        set_up.add_rule(session, SYSTEM, forum, MeetingRuleCreate.model_validate(rule))
        pin = PairNote(entrepreneur_id=buyer, exporter_id=stranger)
        rulings.pin_pair(session, SYSTEM, forum, pin)
        wish = PreferenceCreate(
            entrepreneur_id=buyer, exporter_id=sellers[2], said_by=Kind.EXPORTER, wish=Wish.MUST
        )
        rulings.prefer(session, SYSTEM, forum, wish)
    made = make_list(database, forum)
    browser = browse("organiser")
    page = browser.get(f"/match-lists/{made.id}?lang=en").text
    for words in (
        "Who has too few meetings, and why: 1",
        "Nobody is left for it",
        "1 (50%)",
        'Region: <span dir="auto">Алматы</span>',
        "A rule of the forum keeps 1 entrepreneurs apart from 1 exporters.",
        "Wishes kept: 1 of 1 that must be, 0 of 0 wanted.",
        "one of them does not take part in this list",
        "Gini coefficient",
    ):
        assert words in page, words
    assert "<b>Caspian" not in page
    for language, words in (("kk", "Джини коэффициенті"), ("ru", "Коэффициент Джини")):
        assert words in browser.get(f"/match-lists/{made.id}?lang={language}").text
    second = browser.get(f"/match-lists/{made.id}?page=2&lang=en")
    assert "Gini" not in second.text
    assert browser.get(f"/match-lists/{made.id}?page=x").status_code == 200


def test_two_versions_stand_side_by_side(
    database: Database, browse: Browse, forum: UUID, buyer: UUID, sellers: list[UUID]
) -> None:
    first = make_list(database, forum)
    browser = browse("organiser")
    assert browser.get(f"/match-lists/{first.id}/comparison").status_code == 404
    decide(database, first, "ban", (buyer, sellers[0]), note="a lawsuit")
    second = make_list(database, forum)
    path = f"/match-lists/{second.id}/comparison"
    page = browser.get(f"{path}?lang=en")
    assert page.status_code == 200
    assert "Lists 1 and 2 side by side" in page.text
    assert f'href="{path}.xlsx?earlier={first.id}"' in page.text
    for query in (f"?earlier={first.id}", "?earlier=x&page=1"):
        assert browser.get(path + query).status_code == 200
    file = browser.get(f"{path}.xlsx?earlier={first.id}")
    assert file.content.startswith(b"PK")
    third = make_list(database, forum)
    same = browser.get(f"/match-lists/{third.id}/comparison?lang=en").text
    assert "propose the same pairs" in same


def test_partner_is_found_by_hand(
    database: Database, browse: Browse, forum: UUID, buyer: UUID, sellers: list[UUID]
) -> None:
    with database.write() as session:
        out = ExclusionCreate(entrepreneur_id=buyer, exporter_id=sellers[0], reason="has_met")
        rulings.exclude_pair(session, SYSTEM, forum, out)
    made = make_list(database, forum)
    browser = browse("organiser")
    path = f"/match-lists/{made.id}/partners"
    page = browser.get(f"{path}/entrepreneur/{buyer}?text=aral&lang=en").text
    assert f"/match-lists/{made.id}/pairs/{buyer}/{sellers[0]}" in page
    assert "Nobody of that name" in browser.get(f"{path}/entrepreneur/{buyer}?text=zzz").text
    reverse = browser.get(f"{path}/exporter/{sellers[0]}").text
    assert "No profile of the other side" in reverse
    assert browser.get(f"{path}/exporter/{buyer}").status_code == 404


def test_forum_leads_to_its_newest_list(database: Database, browse: Browse, forum: UUID) -> None:
    browser = browse("organiser")
    assert browser.get(f"/forums/{forum}/match-lists").headers["location"] == f"/forums/{forum}"
    made = make_list(database, forum)
    leads = browser.get(f"/forums/{forum}/match-lists").headers["location"]
    assert leads == f"/match-lists/{made.id}"


def test_coordinator_reads_lists_and_decides_nothing(
    database: Database, browse: Browse, forum: UUID, buyer: UUID, sellers: list[UUID]
) -> None:
    made = make_list(database, forum)
    make_centre(database)
    browser = browse("coordinator", "qh-berlin")
    page = browser.get(f"/match-lists/{made.id}/pairs/{buyer}/{sellers[0]}").text
    assert "/decisions" not in page
    assert "/review" not in browser.get(f"/match-lists/{made.id}").text
