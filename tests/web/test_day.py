import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from service.meetings import change_requests, hall
from service.meetings.day_schemas import RequestCreate
from service.meetings.schemas import RequestKind
from service.platform import clock
from service.platform.database import Database
from service.profiles.vocabulary import Kind
from tests.factories.accounts import make_centre
from tests.factories.days import DURING, EARLY, Day
from tests.factories.forums import make_approved
from tests.factories.meetings import set_up_forum
from tests.web.conftest import Browser
from tests.web.test_participant_timetable import page_of


def test_desk_finds_somebody_who_arrives(browse: Callable[..., Browser], database: Database) -> None:
    forum = Day(database)
    with clock.frozen_at(EARLY):
        browser = browse("organiser")
        desk = f"/forums/{forum.forum}/day"
        assert "arrived of 4 with meetings" in browser.get(desk).text
        found = browser.get(f"{desk}?name=STEPPE").text
        own = f"{desk}/participants/{forum.ones[0]}"
        assert own in found
        assert "Nobody of this name" in browser.get(f"{desk}?name=<b>").text
        assert "Has arrived" in browser.get(own).text
        answer = browser.post(f"{own}/arrival", {"arrived": "1"}, page=own)
        assert answer.headers["location"] == f"{own}?notice=noted"
        assert "Not here after all" in browser.get(own).text
        wrong = browser.post(f"{own}/arrival", {"arrived": "?"}, page=own)
        assert wrong.status_code == 422
        assert "Take back" in browser.get(desk).text


def test_desk_before_the_release_says_what_to_do(browse: Callable[..., Browser], database: Database) -> None:
    forum_id, *_ = set_up_forum(database)
    answer = browse("organiser").get(f"/forums/{forum_id}/day")
    assert answer.status_code == 200
    assert "No timetable is released yet" in answer.text


def test_walk_in_takes_part_and_gets_a_meeting(browse: Callable[..., Browser], database: Database) -> None:
    forum = Day(database)
    guest = make_approved(database, Kind.ENTREPRENEUR, display_name="Altai <Trade>")
    with clock.frozen_at(EARLY):
        browser = browse("organiser")
        desk = f"/forums/{forum.forum}/day"
        shown = browser.get(f"{desk}?name=altai").text
        assert "Altai &lt;Trade&gt;" in shown
        assert "Let it take part" in shown
        sent = {"kind": "entrepreneur", "profile_id": str(guest)}
        answer = browser.post(f"{desk}/walk-ins", sent, page=desk)
        own = f"{desk}/participants/{guest}"
        assert answer.headers["location"] == f"{own}?notice=walked-in"
        twice = browser.post(f"{desk}/walk-ins", sent, page=desk)
        assert twice.status_code == 409
        assert "takes part in the forum already" in twice.text
        offers = f"{desk}/offers?participant={guest}"
        page = browser.get(offers).text
        assert "Let them meet" in page
        pair = dict(
            re.findall(r'name="(entrepreneur_id|exporter_id|slot_id|participant)" value="([^"]+)"', page)
        )
        filled = browser.post(f"{desk}/offers", pair, page=offers)
        assert filled.headers["location"] == f"{own}?notice=meeting-added"
        again = browser.post(f"{desk}/offers", pair, page=offers)
        assert again.status_code == 422
        assert "have a meeting in this timetable already" in again.text
        pair.pop("participant")
        slot = f"{desk}/slots/{pair['slot_id']}"
        assert browser.get(slot).status_code == 200
        free = browser.get(f"{desk}/offers?slot={pair['slot_id']}&table_id={forum.tables[0]}&participant=x")
        assert free.status_code == 200


def test_meeting_is_changed_at_the_desk(browse: Callable[..., Browser], database: Database) -> None:
    forum = Day(database, slots=3)
    mine = forum.meeting(0, 0)
    (beside,) = [one for one in forum.meetings() if one.slot_id == mine.slot_id and one.id != mine.id]
    clash = next(one for one in forum.meetings() if one.slot_id != mine.slot_id)
    desk = f"/forums/{forum.forum}/day"
    page = f"{desk}/meetings/{mine.id}"
    with clock.frozen_at(EARLY):
        browser = browse("organiser")
        shown = browser.get(page).text
        assert "Swap meeting tables" in shown
        other = re.search(rf'value="({beside.id}:[0-9a-f]+)"', shown)
        assert other
        wrong = browser.post(f"{page}/move", {"slot_id": str(clash.slot_id)}, page=page)
        assert wrong.status_code == 409
        assert "The meeting cannot be there:" in wrong.text
        swapped = browser.post(f"{page}/swap", {"other_id": other[1]}, page=page)
        assert swapped.headers["location"] == f"{page}?notice=swapped"
        late = browser.post(f"{page}/swap", {"other_id": other[1]}, page=page)
        assert "Somebody else changed this meeting" in late.text
        moved = browser.post(f"{page}/move", {"slot_id": str(forum.free_slot())}, page=page)
        assert "notice=moved" in moved.headers["location"]
        nothing = browser.post(f"{page}/cancel", {"note": ""}, page=page)
        assert nothing.status_code == 422
        early = browser.post(f"{page}/presence", {"came": "both"}, page=page)
        assert "has not begun yet" in early.text
        gone = browser.post(f"{page}/cancel", {"note": "visa <b>"}, page=page)
        assert "notice=cancelled" in gone.headers["location"]
        assert "visa &lt;b&gt;" in browser.get(page).text
        log = browser.get(f"{desk}/log").text
        steps = re.findall(r"/day/steps/([0-9a-f-]+)/undo", log)
        assert len(steps) == 3
        kept = browser.post(f"{desk}/steps/{steps[1]}/undo", {}, page=f"{desk}/log")
        assert kept.status_code == 409
        assert "changed again since" in kept.text
        back = browser.post(f"{desk}/steps/{steps[0]}/undo", {}, page=f"{desk}/log")
        assert back.headers["location"] == f"{desk}/log?notice=undone"


@pytest.mark.parametrize(
    ("came", "state"),
    [("both", "held"), ("entrepreneur", "no_show"), ("exporter", "no_show"), ("nobody", "no_show")],
)
def test_who_came_is_tapped(
    browse: Callable[..., Browser], database: Database, came: str, state: str
) -> None:
    forum = Day(database, pairs=[(0, 0)])
    mine = forum.meeting(0, 0)
    with clock.frozen_at(DURING):
        browser = browse("organiser")
        page = f"/forums/{forum.forum}/day/slots/{mine.slot_id}?page=9"
        assert "Both came" in browser.get(page).text
        path = f"/forums/{forum.forum}/day/meetings/{mine.id}/presence"
        answer = browser.post(path, {"came": came, "back_slot": str(mine.slot_id)}, page=page)
        assert answer.headers["location"].endswith(f"/slots/{mine.slot_id}?notice=noted#m-{mine.id}")
        assert forum.meeting(0, 0).state == state
        back = {"came": "", "back_participant": str(forum.ones[0])}
        answer = browser.post(path, back, page=page)
        assert f"/participants/{forum.ones[0]}" in answer.headers["location"]
        assert browser.get(f"/forums/{forum.forum}/day/participants/{forum.ones[0]}").status_code == 200
    assert forum.meeting(0, 0).state == "planned"


def test_printing_is_locked_on_the_desk_page(browse: Callable[..., Browser], database: Database) -> None:
    forum = Day(database)
    desk = f"/forums/{forum.forum}/day"
    with clock.frozen_at(EARLY):
        browser = browse("organiser")
        assert "not locked" in browser.get(desk).text
        sent = {"locked": "1", "note": "first"}
        answer = browser.post(f"{desk}/printing", sent, page=desk)
        assert answer.headers["location"] == f"{desk}?notice=noted#printing"
        assert browser.post(f"{desk}/printing", sent, page=desk).status_code == 409
        forum.cancel(forum.meeting(0, 0))
        assert "2 timetables have changed since print run 1:" in browser.get(desk).text
        assert browser.get(f"/timetables/{forum.release}/papers/plan").status_code == 409
        browser.post(f"{desk}/printing", {"locked": "0"}, page=desk)
        assert browser.get(f"/timetables/{forum.release}/papers/plan").status_code == 200


def test_participant_asks_and_reads_the_answer(
    app: FastAPI, browse: Callable[..., Browser], client: TestClient, database: Database
) -> None:
    forum = Day(database)
    page = page_of(app, database, forum.forum, forum.ones[0])

    def send(**fields: str):
        token = re.search(r'name="form_token" value="([^"]+)"', client.get(page).text)
        assert token
        return client.post(f"{page}/requests?lang=en", data={**fields, "form_token": token[1]})

    with clock.frozen_at(EARLY):
        answer = send(kind="move", partner_id=str(forum.others[0]), text="train <late>")
        assert answer.headers["location"].endswith("/timetable?lang=en&asked=1#requests")
        shown = client.get(f"{page}?lang=en&asked=1").text
        assert "the organiser has your request" in shown
        assert "train &lt;late&gt;" in shown
        for fields, sentence, status in (
            ({"kind": "other"}, "Say in words what you ask for.", 422),
            ({"kind": "other", "text": "x" * 501}, "too long", 422),
            ({"kind": "cancel", "partner_id": str(forum.ones[0])}, "cannot be asked for", 422),
            ({"kind": "?"}, "cannot be asked for", 422),
        ):
            wrong = send(**fields)
            assert wrong.status_code == status
            assert fields.get("partner_id") or sentence in wrong.text
        for _ in range(change_requests.MOST_OPEN - 1):
            assert send(kind="other", text="a chair").status_code == 303
        assert send(kind="other", text="a chair").status_code == 409
        browser = browse("organiser")
        queue = f"/forums/{forum.forum}/day/requests"
        asked = rf'train &lt;late&gt;.*?action="({queue}/[0-9a-f-]+)"'
        first = re.search(asked, browser.get(queue).text, re.DOTALL)
        assert first
        no_words = browser.post(first[1], {"granted": "0"}, page=queue)
        assert no_words.status_code == 422
        assert "Say why" in no_words.text
        no_slot = browser.post(first[1], {"granted": "1"}, page=queue)
        assert "Choose the new time." in no_slot.text
        sent = {"granted": "1", "slot_id": str(forum.free_slot()), "answer": "gladly"}
        assert browser.post(first[1], sent, page=queue).headers["location"] == f"{queue}?notice=answered"
        shown = client.get(f"{page}?lang=en").text
    assert "granted" in shown
    assert "gladly" in shown
    assert "another time than before" in shown


def test_desk_takes_a_request_down(browse: Callable[..., Browser], database: Database) -> None:
    forum = Day(database)
    own = f"/forums/{forum.forum}/day/participants/{forum.ones[0]}"
    with clock.frozen_at(EARLY):
        browser = browse("organiser")
        sent = {"kind": "cancel", "partner_id": str(forum.others[0]), "text": ""}
        answer = browser.post(f"{own}/requests", sent, page=own)
        assert answer.headers["location"] == f"{own}?notice=noted#requests"
        wrong = browser.post(f"{own}/requests", {"kind": "other", "text": ""}, page=own)
        assert wrong.status_code == 422
        assert "Say in words" in wrong.text
        assert "taken down at the desk" in browser.get(f"/forums/{forum.forum}/day/requests").text


def test_screen_in_the_hall_needs_no_sign_in_but_its_link(
    app: FastAPI, browse: Callable[..., Browser], client: TestClient, database: Database
) -> None:
    forum = Day(database)
    with clock.frozen_at(DURING):
        browser = browse("organiser")
        assert "15 minutes left" in browser.get(f"/forums/{forum.forum}/hall").text
        link = browser.get(f"/forums/{forum.forum}/hall/link").headers["location"]
        assert link == f"/hall/{hall.sign(app.state.signer, forum.forum)}"
        client.cookies.clear()
        answer = client.get(link)
        assert 'http-equiv="refresh"' in answer.text
        assert answer.headers["cache-control"] == "no-store"
        assert "<script" not in answer.text
        assert "@" not in answer.text
        assert client.get(f"{link}x").status_code == 404
        for language in ("kk", "ru"):
            assert client.get(f"{link}?lang={language}").status_code == 200
    with clock.frozen_at(EARLY):
        assert "in 60 minutes" in client.get(f"{link}?lang=en").text


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_pages_of_the_day_speak_the_language_of_their_reader(
    browse: Callable[..., Browser], database: Database, language: str
) -> None:
    forum = Day(database)
    with clock.frozen_at(DURING):
        with database.write() as session:
            wanted = RequestCreate(kind=RequestKind.MOVE, partner_id=forum.others[0], slot_id=forum.slots[3])
            change_requests.ask(session, forum.speaker(Kind.ENTREPRENEUR), wanted)
        for role in ("coordinator", "administrator"):
            browser = browse(role, **({"centre": _centre(database)} if role == "coordinator" else {}))
            for path in (
                "",
                f"/participants/{forum.ones[0]}",
                f"/meetings/{forum.meeting(0, 0).id}",
                f"/slots/{forum.slots[0]}",
                "/offers",
                "/requests",
                "/log",
            ):
                answer = browser.get(f"/forums/{forum.forum}/day{path}?lang={language}")
                assert answer.status_code == 200, answer.text
                assert f'<html lang="{language}"' in answer.text


def _centre(database: Database) -> str:
    make_centre(database, "tr")
    return "tr"
