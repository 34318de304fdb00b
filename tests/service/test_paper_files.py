"""What a forum gives away as files: workbook, calendars, and all papers in one ZIP, with their names."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from uuid import UUID
from zipfile import ZipFile

import pypdfium2
import pytest
from icalendar import Calendar
from openpyxl import load_workbook

from service.meetings.papers import operations as papers
from service.meetings.papers.plan import ForumPlan, PlanCancellation, PlanMeeting
from tests.factories import plans
from tests.factories.papers import HOSTILE, entrepreneur, only, text_of


@pytest.fixture(scope="module")
def plan() -> ForumPlan:
    return plans.plan(20, 40)


def text_in(content: bytes) -> str:
    with pypdfium2.PdfDocument(content) as document:
        return text_of(document)


def test_workbook_has_every_meeting_and_participant_with_all_text_as_text(plan) -> None:
    book = load_workbook(BytesIO(papers.whole_plan(only(plan, name="=1+1"), "en")))
    assert book.sheetnames == ["Meeting plan", "Meetings", "By table", "Participants"]
    about, meetings, grid, participants = book.worksheets
    assert [row[0].value for row in about.iter_rows()] == [
        "Berlin forum",
        "Version 3, March 1, 2027, 10:30",
        "All times are local: Berlin (Europe/Berlin)",
    ]
    rows = list(meetings.iter_rows(values_only=True))
    assert len(rows) == 41
    assert rows[0][:7] == ("Day", "From", "To", "Session", "Table", "Location", "Entrepreneur")
    assert rows[1] == (
        *("2027-03-10", "09:00", "09:20", "Morning", "1", "A"),
        *("=1+1", "United Kingdom", "«Алтын Ара» ЖШС", "Ақтөбе", None),
    )
    assert rows[3][-1] == "German"
    assert meetings["G2"].data_type == "s"
    assert grid["D2"].value == "=1+1 – «Алтын Ара» ЖШС"
    assert (grid.max_row, grid.max_column, grid["D1"].value) == (5, 13, "1 · A")
    assert participants.max_row == 21
    assert participants["F2"].value == 4


def test_workbook_keeps_free_tables_and_slots(plan) -> None:
    book = load_workbook(BytesIO(papers.whole_plan(replace(plan, meetings=plan.meetings[:1]), "en")))
    rows = list(book["By table"].iter_rows(values_only=True))
    assert len(rows) == 5
    assert (rows[1][3] is not None, rows[1][4], rows[4][3]) == (True, None, None)


def test_calendar_tells_whom_where_and_when(plan) -> None:
    one = entrepreneur(plan, "de")
    written = Calendar.from_ical(papers.calendar(plan, one))
    assert (written["METHOD"], written["VERSION"], written["X-WR-TIMEZONE"]) == (
        "PUBLISH",
        "2.0",
        "Europe/Berlin",
    )
    held = plan.meetings_of[one]
    assert [str(event["UID"]) for event in written.events] == [
        f"{meeting.id}-entrepreneur@qazaq-house" for meeting in held
    ]
    first = written.events[0]
    assert first.start == plan.slots[held[0].slot_id].starts_at
    assert first.end == plan.slots[held[0].slot_id].ends_at
    assert b"DTSTART:20270310T080000Z" in papers.calendar(plan, one)
    assert first["SUMMARY"] == "Gespräch: Іскер Құс фермасы"
    assert first["LOCATION"] == "Tisch 7, A, Berlin"
    assert first["URL"] == plan.participants[one].live_url
    assert first["SEQUENCE"] == 300_000
    assert "Шымкент · Kasachstan" in first["DESCRIPTION"]


def test_calendar_of_a_later_release_moves_and_cancels_the_same_entries(plan) -> None:
    one = plan.meetings[0].exporter_id
    kept, gone = plan.meetings_of[one][:2]
    moved = replace(kept, slot_id=gone.slot_id)
    rest = tuple(meeting for meeting in plan.meetings if meeting not in {kept, gone})
    cancelled = tuple(_cancelled(plan, meeting) for meeting in (gone, *_of_others(plan, one)))
    later = replace(plan, release=4, changes=2, meetings=(moved, *rest), cancelled=cancelled)
    before = {str(event["UID"]): event for event in Calendar.from_ical(papers.calendar(plan, one)).events}
    after = {str(event["UID"]): event for event in Calendar.from_ical(papers.calendar(later, one)).events}
    assert set(after) == set(before)
    assert {event["SEQUENCE"] for event in after.values()} == {400_002}
    key = f"{kept.id}-exporter@qazaq-house"
    assert (before[key].start, after[key].start) == (
        plan.slots[kept.slot_id].starts_at,
        plan.slots[gone.slot_id].starts_at,
    )
    assert after[f"{gone.id}-exporter@qazaq-house"]["STATUS"] == "CANCELLED"
    assert after[key]["STATUS"] == "CONFIRMED"


def _cancelled(plan: ForumPlan, meeting: PlanMeeting) -> PlanCancellation:
    slot = plan.slots[meeting.slot_id]
    return PlanCancellation(
        meeting.id, meeting.entrepreneur_id, meeting.exporter_id, slot.starts_at, slot.ends_at
    )


def _of_others(plan: ForumPlan, one: UUID) -> Iterable[PlanMeeting]:
    return [
        meeting for meeting in plan.meetings if one not in {meeting.entrepreneur_id, meeting.exporter_id}
    ][:1]


def test_all_papers_are_in_one_zip_under_names_in_every_script(plan) -> None:
    content = papers.all_papers(plan, "kk")
    with ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
        members = archive.namelist()
        own = archive.read("Жеке кестелер/新疆蜂蜜贸易有限公司.pdf")
        calendar = archive.read("Күнтізбелер/التىن ارا سەرىكتەستىگى.ics")
        assert archive.infolist()[0].date_time == (2027, 3, 1, 10, 30, 0)
    assert [member for member in members if "/" not in member] == [
        "Берлин форумы - Тарату тізімі.pdf",
        "Берлин форумы - Үстел тақтайшалары.pdf",
        "Берлин форумы - Аудармашылар жоспары.pdf",
        "Берлин форумы - Кездесулер жоспары.xlsx",
        "Берлин форумы - Барлық жеке кесте.pdf",
    ]
    assert len(members) == len(set(members)) == 45
    assert "Жеке кестелер/«Алтын Ара» ЖШС (2).pdf" in members
    text = text_in(own)
    assert text == text_in(papers.personal_timetable(plan, entrepreneur(plan, "zh")))
    assert calendar == papers.calendar(plan, entrepreneur(plan, "kk-Arab"))


def test_all_papers_with_hostile_names_unpack_on_every_system(plan) -> None:
    named = dict(plan.participants)
    for one, name in zip(plan.participants, HOSTILE, strict=False):
        named[one] = replace(named[one], name=name)
    with ZipFile(BytesIO(papers.all_papers(replace(plan, participants=named), "en"))) as archive:
        members = archive.namelist()
    assert len({member.casefold() for member in members}) == 45
    for member in members:
        folder, _, name = member.rpartition("/")
        assert folder in {"", "Timetables", "Calendars"}
        assert not set(name) & set('<>:"/\\|?*\n\r\u202e')
        assert len(name.encode()) < 140
    assert "Timetables/_CON.pdf" in members
    assert "Timetables/etc passwd.pdf" in members


def test_empty_plan_has_papers_that_say_so() -> None:
    plan = plans.plan(0, 0)
    with ZipFile(BytesIO(papers.all_papers(plan, "en"))) as archive:
        members = archive.namelist()
        texts = [text_in(archive.read(one)) for one in members if one.endswith(".pdf")]
    assert len(members) == 4
    assert ["No meetings are planned." in text for text in texts] == [True] * 3


def test_release_before_1980_does_not_break_the_zip(plan) -> None:
    early = replace(plans.plan(0, 0), released_at=datetime(1975, 1, 1, tzinfo=UTC))
    with ZipFile(BytesIO(papers.all_papers(early, "en"))) as archive:
        assert archive.infolist()[0].date_time == (1980, 1, 1, 0, 0, 0)


def test_downloads_are_named_after_forum_and_participant(plan) -> None:
    assert papers.paper_name(plan, "pick_up", "ru", "pdf") == "Форум в Берлине - Список выдачи.pdf"
    draft = replace(plan, release=0)
    assert papers.paper_name(draft, "signs", "en", "pdf") == "Draft Berlin forum - Table signs.pdf"
    one = entrepreneur(plan, "zh")
    assert papers.participant_file_name(plan, one, "ics") == "新疆蜂蜜贸易有限公司.ics"
