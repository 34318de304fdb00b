from collections.abc import Callable
from datetime import UTC, datetime
from itertools import product
from uuid import UUID

import pytest

from service.meetings import runs
from service.platform import clock
from service.platform.database import Database
from tests.factories.accounts import make_centre
from tests.factories.meetings import make_draft, make_release, meetings_of, pin_pairs, set_up_forum
from tests.web.conftest import Browser, section_of

AFTER = datetime(2027, 3, 10, 18, tzinfo=UTC)


@pytest.fixture
def forum(database: Database) -> tuple[UUID, list[UUID], list[UUID]]:
    found = set_up_forum(database)
    pin_pairs(database, found[0], product(found[1], found[2]))
    return found


def test_draft_is_made_looked_at_from_every_side_and_released(
    browse: Callable[..., Browser], database: Database, forum
) -> None:
    browser, (forum_id, ones, _) = browse("organiser"), forum
    hub = f"/forums/{forum_id}/timetables"
    assert "Nothing is released yet" in browser.get(hub).text
    answer = browser.post(hub, {"only_accepted": "0"})
    assert answer.status_code == 303
    draft = answer.headers["location"].split("?")[0]
    page = browser.get(answer.headers["location"]).text
    assert "The draft is made." in page
    assert "Steppe Feinkost" in page
    assert 'data-label="Table 1"' in page
    people = browser.get(f"{draft}?view=participants&side=exporter&page=7").text
    assert people.count("paper.ics") == 2
    assert "None." in browser.get(f"{draft}?view=difficulties").text
    release = f"{draft}/changes"
    assert "This is the first release" in browser.get(release).text
    stale = browser.post(f"{draft}/release", {"revision": "9"}, page=release)
    assert stale.status_code == 409
    assert "Somebody else changed the timetable" in stale.text
    answer = browser.post(f"{draft}/release", {"revision": "1"}, page=release)
    assert answer.headers["location"] == f"{draft}?notice=released"
    assert "Release 1" in browser.get(hub).text
    assert browser.get(f"{draft}/papers/plan").content.startswith(b"PK")
    assert "BEGIN:VCALENDAR" in browser.get(f"{draft}/participants/{ones[0]}/paper.ics").text
    assert "/outcomes" in browser.get(f"/forums/{forum_id}").text


def test_reader_is_offered_only_the_papers_that_it_may_have(
    browse: Callable[..., Browser], database: Database, forum
) -> None:
    make_centre(database)
    draft = f"/timetables/{make_draft(database, forum[0])}"
    reader = browse("coordinator", "qh-berlin")
    assert "/papers/plan" in reader.get(draft).text
    assert "/papers/all" not in reader.get(draft).text
    assert "paper.ics" not in reader.get(f"{draft}?view=participants").text
    assert reader.get(f"{draft}/papers/all").status_code == 403
    assert reader.get(f"{draft}/participants/{forum[1][0]}/paper.ics").status_code == 403


def test_pages_of_a_timetable_lie_below_the_forums(
    browse: Callable[..., Browser], database: Database, forum
) -> None:
    browser, (forum_id, ones, others) = browse("organiser"), forum
    draft = make_draft(database, forum_id)
    meeting = meetings_of(database, draft)[ones[0], others[0]].id
    for part in ("", "/changes", "/meetings/new", f"/meetings/{meeting}"):
        assert section_of(browser.get(f"/timetables/{draft}{part}")) == ["/forums"]


def test_what_is_missing_for_a_draft_is_said_on_the_page(
    browse: Callable[..., Browser], database: Database
) -> None:
    browser = browse("organiser")
    forum_id, _, _ = set_up_forum(database, labels=[])
    answer = browser.post(f"/forums/{forum_id}/timetables", {"only_accepted": "1"})
    assert answer.status_code == 409
    assert "has no meeting tables yet" in answer.text


def test_draft_is_made_again_of_the_same_pairs_unless_said_otherwise(
    browse: Callable[..., Browser], forum
) -> None:
    browser, (forum_id, _, _) = browse("organiser"), forum
    hub = f"/forums/{forum_id}/timetables"
    assert '<option value="0" selected>' in browser.get(hub).text
    browser.post(hub, {"only_accepted": "1"})
    assert '<option value="1" selected>' in browser.get(hub).text


def test_running_draft_is_watched(
    browse: Callable[..., Browser], database: Database, forum, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "_AT_ONCE", 0.5)
    browser, (forum_id, _, _) = browse("organiser"), forum
    hub = f"/forums/{forum_id}/timetables"
    assert browser.post(hub, {"only_accepted": "0"}).headers["location"] == hub
    page = browser.get(hub).text
    assert 'http-equiv="refresh"' in page
    assert "4 meetings are to be placed." in page
    with database.write() as session:
        run = runs.repository.run_under_way(session, forum_id)
        run.state, run.started_at = "working", clock.now()
    assert "<progress" in browser.get(hub).text
    with database.write() as session:
        runs.give_up(session, run.id)
    assert "The last draft could not be made:" in browser.get(hub).text


def test_meeting_is_edited_on_its_page(browse: Callable[..., Browser], database: Database) -> None:
    forum_id, ones, others = set_up_forum(database, slots=2)
    pin_pairs(database, forum_id, product(ones, others))
    draft = make_draft(database, forum_id)
    browser = browse("organiser")
    every = list(meetings_of(database, draft).values())
    one = every[0]
    (beside,) = [two for two in every if two.slot_id == one.slot_id and two.id != one.id]
    (elsewhere, _) = [two for two in every if two.slot_id != one.slot_id]
    page = f"/timetables/{draft}/meetings/{one.id}"
    shown = browser.get(page).text
    assert "Swap meeting tables" in shown
    assert " meets " in shown
    clash = browser.post(f"{page}/move", {"slot_id": str(elsewhere.slot_id), "table_id": ""}, page=page)
    assert clash.status_code == 409
    assert "The meeting cannot be there:" in clash.text
    for step, fields, notice in (
        ("swap", {"other_id": str(beside.id)}, "swapped"),
        ("pin", {"slot": "1"}, "pinned"),
        ("take-out", {"note": "no time"}, "taken-out"),
        ("put-back", {}, "put-back"),
        ("move", {"slot_id": str(one.slot_id), "table_id": ""}, "moved"),
    ):
        answer = browser.post(f"{page}/{step}", fields, page=page)
        assert answer.headers["location"] == f"{page}?notice={notice}", answer.text
    stale = browser.post(f"{page}/take-out", {"revision": "1"}, page=page)
    assert "Somebody else changed the timetable" in stale.text


def test_meeting_is_added_by_hand(browse: Callable[..., Browser], database: Database) -> None:
    forum_id, ones, others = set_up_forum(database)
    pin_pairs(database, forum_id, [(ones[0], others[0])])
    draft = make_draft(database, forum_id)
    browser = browse("organiser")
    page = f"/timetables/{draft}/meetings/new"
    fields = {"entrepreneur_id": str(ones[0]), "exporter_id": str(others[0]), "note": "x"}
    twice = browser.post(page, fields)
    assert twice.status_code == 422
    assert "have a meeting in this timetable already" in twice.text
    answer = browser.post(page, {**fields, "exporter_id": str(others[1])})
    assert answer.headers["location"] == f"/timetables/{draft}?notice=meeting-added"
    missing = browser.post(page, {"note": "x"})
    assert missing.status_code == 422
    assert "This is needed." in missing.text


def test_withdrawal_is_noted_and_taken_back(
    browse: Callable[..., Browser], database: Database, forum
) -> None:
    browser, (forum_id, _, others) = browse("organiser"), forum
    make_release(database, forum_id)
    same = make_draft(database, forum_id)
    assert "No meeting changes; nobody gets a letter." in browser.get(f"/timetables/{same}/changes").text
    hub = f"/forums/{forum_id}/timetables"
    fields = {"participant": f"exporter:{others[0]}", "note": "visa <b>"}
    answer = browser.post(f"/forums/{forum_id}/withdrawals", fields, page=hub)
    assert answer.headers["location"] == f"{hub}?notice=participant-withdrawn"
    assert "visa &lt;b&gt;" in browser.get(hub).text
    again = browser.post(f"/forums/{forum_id}/withdrawals", fields, page=hub)
    assert "has withdrawn already" in again.text
    nobody = browser.post(f"/forums/{forum_id}/withdrawals", {"participant": ""}, page=hub)
    assert nobody.status_code == 422
    undone = browser.post(f"/forums/{forum_id}/withdrawals/{others[0]}/undo", {}, page=hub)
    assert undone.headers["location"] == f"{hub}?notice=participant-back"
    draft = make_draft(database, forum_id)
    assert "2 meetings change" in browser.get(f"/timetables/{draft}/changes").text


def test_outcome_is_noted_on_the_meetings_page(
    browse: Callable[..., Browser], database: Database, forum
) -> None:
    forum_id, *_ = forum
    release = make_release(database, forum_id)
    meeting = next(iter(meetings_of(database, release).values()))
    page = f"/timetables/{release}/meetings/{meeting.id}"
    browser = browse("organiser")
    assert "It has not begun yet." in browser.get(page).text
    with clock.frozen_at(AFTER):
        browser = browse("organiser")
        for path, fields in (
            ("feedback/entrepreneur", {"verdict": "no_show", "rating": ""}),
            ("feedback/exporter", {"verdict": "held", "rating": "4"}),
        ):
            answer = browser.post(f"{page}/{path}", fields, page=page)
            assert answer.headers["location"] == f"{page}?notice=saved", answer.text
        assert "note who came" in browser.get(page).text
        wrong = browser.post(f"{page}/feedback/exporter", {"verdict": "no_show", "rating": "4"}, page=page)
        assert "cannot be rated" in wrong.text
        came = {"entrepreneur_present": "1", "exporter_present": "1"}
        assert browser.post(f"{page}/presence", came, page=page).status_code == 303
        step = {"text": "Send <samples>", "owner": "exporter", "due_on": "2027-03-20"}
        assert browser.post(f"{page}/next-steps", step, page=page).status_code == 303
        early = browser.post(f"{page}/next-steps", {**step, "due_on": "2027-03-01"}, page=page)
        assert early.status_code == 422
        overview = f"/forums/{forum_id}/outcomes"
        shown = browser.get(overview).text
        assert "Send &lt;samples&gt;" in shown
        address = shown.split('action="/forums/')[1].split('"')[0]
        done = browser.post(f"/forums/{address}", {"done": "1"}, page=overview)
        assert done.headers["location"] == f"{overview}?notice=saved"
        assert "Nothing is due." in browser.get(overview).text


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_pages_speak_the_language_of_their_reader(
    browse: Callable[..., Browser], database: Database, forum, language: str
) -> None:
    forum_id, *_ = forum
    draft = make_draft(database, forum_id)
    browser = browse("administrator")
    for path in (
        f"/forums/{forum_id}/timetables",
        f"/timetables/{draft}",
        f"/timetables/{draft}?view=difficulties",
        f"/timetables/{draft}/changes",
        f"/forums/{forum_id}/outcomes",
    ):
        answer = browser.get(f"{path}{'&' if '?' in path else '?'}lang={language}")
        assert answer.status_code == 200
        assert f'<html lang="{language}"' in answer.text
