import re
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from service.accounts.schemas import SYSTEM
from service.forums import operations as forums
from service.forums import rulings, set_up
from service.forums.schemas import ParticipantRead, SetUpRead
from service.platform.database import Database
from service.profiles.vocabulary import Kind
from tests.factories.accounts import make_centre
from tests.factories.forums import make_approved, make_forum, make_places
from tests.web.conftest import Browser

Browse = Callable[..., Browser]
DAY = "2027-03-10"


class Pages:
    """An organiser on the set-up page of a forum."""

    def __init__(self, browser: Browser, database: Database, forum: UUID) -> None:
        self.browser, self.database, self.forum = browser, database, forum
        self.home = f"/forums/{forum}/set-up"

    def revision(self) -> str:
        found = re.search(r'name="revision" value="(\d+)"', self.browser.get(self.home).text)
        assert found
        return found[1]

    def send(self, part: str, *, revision: str | None = None, **fields: Any) -> httpx2.Response:
        carried = {"revision": revision or self.revision(), **fields}
        return self.browser.post(f"{self.home}/{part}", carried, page=self.home)

    def done(self, part: str, section: str, **fields: Any) -> None:
        answer = self.send(part, **fields)
        assert answer.status_code == 303, re.findall(r'class="mistake".*', answer.text)
        assert answer.headers["location"] == f"{self.home}?notice=saved#{section}"

    def wrong(self, part: str, field: str, words: str, *, status: int = 422, **fields: Any) -> str:
        answer = self.send(part, **fields)
        assert answer.status_code == status, answer.headers
        assert f'href="#{field}"' in answer.text
        assert words in answer.text
        for name, value in fields.items():
            if value and name not in {"ids", "action", "phase", "session_sent"}:
                assert f'value="{value}"' in answer.text, name
        return answer.text

    def read(self) -> SetUpRead:
        with self.database.read() as session:
            return set_up.read(session, SYSTEM, self.forum, "en")


@pytest.fixture
def people(database: Database) -> tuple[UUID, UUID]:
    make_centre(database)
    return (
        make_approved(database, Kind.ENTREPRENEUR, centre="qh-berlin", display_name="Alma GmbH"),
        make_approved(database, Kind.EXPORTER, display_name="Бал ЖШС", region="Абай облысы"),
    )


@pytest.fixture
def pages(browse: Browse, database: Database, people: tuple[UUID, UUID]) -> Pages:
    return Pages(browse("organiser"), database, make_forum(database, [people[0]], [people[1]]))


def test_sessions_are_held_changed_and_removed(pages: Pages) -> None:
    pages.done("usual-days", "sessions")
    pages.wrong("usual-days", "sessions", "There are sessions on each day", status=409)
    times = {"session_starts_at": f"{DAY}T19:00", "session_ends_at": f"{DAY}T20:00"}
    pages.done("sessions", "sessions", **times, session_meeting_minutes="30", session_buffer_minutes="0")
    pages.wrong("sessions", "session_starts_at", "another session", **times)
    held = pages.read().sessions[2]
    assert len(held.slots) == 2
    form = pages.browser.get(f"{pages.home}/sessions/{held.id}")
    assert 'value="2027-03-10T19:00"' in form.text
    changed = {**times, "revision": pages.revision(), "session_meeting_minutes": "60"}
    answer = pages.browser.post(f"{pages.home}/sessions/{held.id}", changed)
    assert answer.status_code == 303
    assert len(pages.read().sessions[2].slots) == 1
    answer = pages.browser.post(f"{pages.home}/sessions/{held.id}", changed)
    assert answer.status_code == 409
    assert "Somebody else changed this" in answer.text
    early = {**changed, "revision": "", "session_ends_at": f"{DAY}T18:30"}
    answer = pages.browser.post(f"{pages.home}/sessions/{held.id}", early)
    assert 'href="#session_ends_at"' in answer.text
    pages.done(f"sessions/{held.id}/remove", "sessions")
    assert len(pages.read().sessions) == 4
    assert pages.browser.get(f"{pages.home}/sessions/{held.id}").status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("session_starts_at", "2027-03-28T02:30", "does not exist"),
        ("session_starts_at", "", "This is needed."),
        ("session_starts_at", "whenever", "Give day and time as"),
        ("session_meeting_minutes", "many", "Give a whole number"),
        ("session_meeting_minutes", "90", "No meeting of 90 minutes fits"),
    ],
)
def test_session_that_cannot_be_held_says_so_beside_its_field(
    pages: Pages, field: str, value: str, words: str
) -> None:
    fields = {"session_starts_at": f"{DAY}T09:00", "session_ends_at": f"{DAY}T10:00", "session_sent": "1"}
    text = pages.wrong("sessions", field, words, **{**fields, field: value})
    assert '<details class="noprint" open><summary>Add a session' in text


def test_tables_are_put_up_moved_renamed_and_removed(pages: Pages) -> None:
    pages.done("tables", "tables", tables_labels="1-3, B1; B2", tables_location="Hall A")
    pages.wrong("tables", "tables_labels", "There is a table B1 already.", tables_labels="B1")
    pages.wrong("tables", "tables_labels", "runs backwards", tables_labels="9-7")
    ids = [str(table.id) for table in pages.read().tables]
    pages.done("tables/chosen", "tables", ids=ids[3:], action="move", chosen_location="Gallery")
    pages.wrong("tables/chosen", "chosen_ids", "Nothing was chosen", action="move", chosen_location="Gallery")
    pages.done("tables/chosen", "tables", ids=ids[:1], action="remove")
    pages.done("tables/change", "tables", table_which="B2", table_label="VIP", table_place="1")
    pages.done("tables/change", "tables", table_which="2", table_location="Hall C")
    pages.wrong("tables/change", "table_which", "There is no such meeting table", table_which="77")
    pages.wrong("tables/change", "table_label", "already", table_which="VIP", table_label="B1")
    assert [(one.label, one.location) for one in pages.read().tables] == [
        ("VIP", "Gallery"),
        ("2", "Hall C"),
        ("3", "Hall A"),
        ("B1", "Gallery"),
    ]


def test_interpreters_rules_shares_limits_and_phases_are_set(pages: Pages) -> None:
    shift = {"shift_language": "de", "shift_interpreters": "2", "shift_starts_at": f"{DAY}T09:00"}
    pages.done("interpreters", "interpreters", **shift, shift_ends_at=f"{DAY}T18:00")
    pages.wrong("interpreters", "shift_ends_at", "swap the two", **shift, shift_ends_at=f"{DAY}T08:00")
    pages.done(
        "rules",
        "rules",
        rule_effect="exporters_only",
        entrepreneurs_countries="Germany; SE",
        exporters_programme="bereke",
        exporters_rural="1",
        exporters_kandas_owned="0",
        exporters_partnership_type="import",
        exporters_text="honey",
        rule_note="The programme pays",
    )
    pages.wrong("rules", "exporters_hs_prefix", "HS code", rule_effect="never", exporters_hs_prefix="abc")
    pages.done("shares", "shares", share_criterion="region:Абай облысы", share_percent="10")
    pages.done("shares", "shares", share_criterion="programme:bereke", share_percent="20")
    pages.wrong(
        "shares", "share_percent", "This must be 100 or less.", share_criterion="rural:", share_percent="101"
    )
    found = pages.read()
    text = pages.browser.get(pages.home).text
    assert "Countries: Germany, Sweden" in text
    assert (
        "Words: honey; Partnership: import; Programme: Bereke; Owned by a kandas: No; In a rural area: Yes"
        in text
    )
    pages.done(f"shares/{found.shares[1].id}/earlier", "shares")
    assert [share.value for share in pages.read().shares] == ["bereke", "Абай облысы"]
    pages.done(f"shares/{found.shares[1].id}/earlier", "shares")
    pages.wrong(f"shares/{uuid4()}/earlier", "shares", "Somebody else changed", status=409, revision="1")
    assert [share.value for share in pages.read().shares] == ["bereke", "Абай облысы"]
    limits = {"entrepreneur_min": "0", "entrepreneur_max": "3", "exporter_min": "0", "exporter_max": "2"}
    pages.done("limits", "limits", **limits)
    pages.wrong("limits", "exporter_max", "swap the two", **{**limits, "exporter_min": "9"})
    pages.done("phase", "phase", phase="preferences")
    pages.wrong("phase", "phase", "There is no time to meet yet", status=409, phase="draft")
    for part, row in (("interpreters", found.interpreters), ("rules", found.rules), ("shares", found.shares)):
        pages.done(f"{part}/{row[0].id}/remove", part)
    left = pages.read()
    assert (left.interpreters, left.rules, len(left.shares)) == ([], [], 1)
    assert (left.forum.exporter_max, left.forum.phase) == (2, "preferences")


def test_of_two_organisers_the_later_one_is_told_and_nothing_is_overwritten(pages: Pages) -> None:
    seen = pages.revision()
    pages.done("tables", "tables", tables_labels="1", tables_location="Hall A")
    answer = pages.send(
        "limits",
        revision=seen,
        entrepreneur_min="0",
        entrepreneur_max="1",
        exporter_min="0",
        exporter_max="1",
    )
    assert answer.status_code == 409
    assert "Somebody else changed this in the meantime" in answer.text
    # The page shows what the other one did, and what was typed stays.
    assert "Hall A" in answer.text
    assert 'name="exporter_max" value="1"' in answer.text
    assert pages.read().forum.exporter_max == 8


def test_edit_form_of_a_forum_keeps_its_limits(pages: Pages) -> None:
    pages.done(
        "limits", "limits", entrepreneur_min="2", entrepreneur_max="3", exporter_min="0", exporter_max="4"
    )
    page = f"/forums/{pages.forum}/edit"
    text = pages.browser.get(page).text
    fields = dict(re.findall(r'name="([a-z_]+)" value="([^"]*)"', text))
    fields.pop("form_token")
    assert pages.browser.post(page, {**fields, "host_country": "DE", "city": "Köln"}).status_code == 303
    forum = pages.read().forum
    assert (forum.city, forum.entrepreneur_min, forum.exporter_max) == ("Köln", 2, 4)


def test_coordinator_reads_the_set_up_and_changes_nothing(browse: Browse, pages: Pages) -> None:
    make_places(pages.database, pages.forum)
    coordinator = browse("coordinator", "qh-berlin")
    text = coordinator.get(pages.home).text
    assert "Hall A" in text
    assert f'action="{pages.home}' not in text.replace(f'{pages.home}/tables/chosen" class="shown"', "")
    token = {"form_token": re.search(r'name="form_token" value="([^"]+)"', text)[1]}
    answer = coordinator.client.post(f"{pages.home}/usual-days", data=token)
    assert answer.status_code == 403


def _participant(pages: Pages, kind: Kind) -> ParticipantRead:
    with pages.database.read() as session:
        (found,) = forums.participants(session, SYSTEM, pages.forum, kind)
    return found


def test_participant_asks_for_limits_and_times_on_its_page(pages: Pages, people: tuple[UUID, UUID]) -> None:
    make_places(pages.database, pages.forum)
    page = f"/forums/{pages.forum}/participants/entrepreneur/{people[0]}"
    assert "No times are given: at all times." in pages.browser.get(page).text
    fields = {
        "revision": "1",
        "min_meetings": "",
        "max_meetings": "4",
        "time_zone": "America/New_York",
        "starts_at_0": "",
        "ends_at_0": "",
        "starts_at_1": f"{DAY}T04:00",
        "ends_at_1": f"{DAY}T06:00",
    }
    answer = pages.browser.post(f"{page}/requests", fields, page=page)
    assert answer.headers["location"] == f"{page}?notice=saved#requests"
    text = pages.browser.get(page).text
    assert "Can meet in 4 of 36 slots." in text
    assert 'value="2027-03-10T04:00"' in text
    assert "limited" in pages.browser.get(f"/forums/{pages.forum}/participants/entrepreneur").text
    told = pages.browser.post(f"{page}/requests", fields, page=page)
    assert told.status_code == 409
    assert "Somebody else changed this" in told.text
    early = {**fields, "revision": "2", "ends_at_1": f"{DAY}T03:00", "max_meetings": "999"}
    answer = pages.browser.post(f"{page}/requests", early, page=page)
    assert answer.status_code == 422
    assert 'href="#max_meetings"' in answer.text
    answer = pages.browser.post(f"{page}/requests", {**early, "max_meetings": "4"}, page=page)
    assert 'href="#ends_at_1"' in answer.text
    assert _participant(pages, Kind.ENTREPRENEUR).max_meetings == 4


def test_wishes_and_pins_are_noted_on_the_page_of_a_participant(
    pages: Pages, people: tuple[UUID, UUID]
) -> None:
    one, other = people
    make_places(pages.database, pages.forum)
    page = f"/forums/{pages.forum}/participants/exporter/{other}"
    assert "Alma GmbH" in pages.browser.get(f"{page}?q=alma").text
    assert "Nobody on the other side" in pages.browser.get(f"{page}?q=nobody").text
    pages.browser.post(f"{page}/wishes", {"other_id": str(one), "wish": "must"}, page=f"{page}?q=alma")
    assert "must meet" in pages.browser.get(page).text
    assert "must meet" in pages.browser.get(f"/forums/{pages.forum}/participants/entrepreneur/{one}").text
    answer = pages.browser.post(f"{page}/pins", {"other_id": str(one)}, page=f"{page}?q=alma")
    assert answer.headers["location"] == f"{page}?notice=noted#pins"
    slot = str(pages.read().sessions[0].slots[2].id)
    place = {"other_id": str(one), "number": "0", "pin_slot_id_0": slot, "pin_table_id_0": "2"}
    assert pages.browser.post(f"{page}/pins", place, page=page).status_code == 303
    assert "09:50–10:10 · Table 2" in pages.browser.get(page).text
    assert "09:50–10:10 · Table 2" in pages.browser.get(pages.home).text
    wrong = pages.browser.post(f"{page}/pins", {**place, "pin_table_id_0": "77"}, page=page)
    assert wrong.status_code == 422
    assert 'href="#pin_table_id_0"' in wrong.text
    pages.browser.post(f"{page}/pins", {**place, "pin_table_id_0": ""}, page=page)
    with pages.database.read() as session:
        (pin,) = rulings.pins(session, SYSTEM, pages.forum)
    assert (str(pin.slot_id), pin.table_id) == (slot, None)
    pages.browser.post(f"{page}/pins/lift", {"other_id": str(one)}, page=page)
    pages.browser.post(f"{page}/wishes", {"other_id": str(one), "wish": ""}, page=page)
    with pages.database.read() as session:
        assert rulings.pins(session, SYSTEM, pages.forum) == []
        assert rulings.preferences(session, SYSTEM, pages.forum) == []


def test_coordinator_speaks_for_the_participants_of_its_centre_only(
    browse: Browse, pages: Pages, people: tuple[UUID, UUID]
) -> None:
    coordinator = browse("coordinator", "qh-berlin")
    own, strange = (
        f"/forums/{pages.forum}/participants/{kind}/{one}"
        for kind, one in zip(("entrepreneur", "exporter"), people, strict=True)
    )
    assert f'action="{own}/requests"' in coordinator.get(own).text
    assert f'action="{strange}/requests"' not in coordinator.get(strange).text
    wish = {"other_id": str(people[1]), "wish": "want"}
    assert coordinator.post(f"{own}/wishes", wish, page=own).status_code == 303
    assert f'action="{own}/pins"' not in coordinator.get(f"{own}?q=бал").text
    assert coordinator.get(f"/forums/{pages.forum}/participants/exporter/{people[0]}").status_code == 404
