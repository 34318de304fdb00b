"""The papers of a forum, read back: text and codes out of the PDFs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from unicodedata import normalize
from uuid import UUID

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from icalendar import Calendar
from openpyxl import load_workbook
from pypdfium2 import raw as pdfium

from service.meetings.papers import operations as papers
from service.meetings.papers.desk import in_order
from service.meetings.papers.plan import ForumPlan, PlanSlot, PlanTable
from service.meetings.papers.timetables import Timetables
from service.platform.phrasebook import LANGUAGES
from tests.factories import plans
from tests.factories.papers import HOSTILE, entrepreneur, only, page_text, picture, text_of


@pytest.fixture(scope="module")
def plan() -> ForumPlan:
    return plans.plan(20, 40)


@pytest.fixture
def opened(request: pytest.FixtureRequest) -> Any:
    def open_pdf(content: bytes) -> pypdfium2.PdfDocument:
        document = pypdfium2.PdfDocument(content)
        request.addfinalizer(document.close)
        return document

    return open_pdf


# What the timetable of a participant says in its language: title, the table's column, weekday, country.
SAID = {
    "en": ("Your meetings", "Table", "Wednesday, March 10, 2027 · UTC+1", "Kazakhstan"),
    "ru": ("Ваши встречи", "Стол", "среда, 10 марта 2027 г. · UTC+1", "Казахстан"),
    "kk": ("Кездесулеріңіз", "Үстел", "2027 ж. 10 наурыз, сәрсенбі · UTC+1", "Қазақстан"),
    "kk-Latn": ("Kezdesulerıñız", "Üstel", "2027 j. 10 nauryz, särsenbı · UTC+1", "Qazaqstan"),
    "tr": ("Görüşmeleriniz", "Masa", "10 Mart 2027 Çarşamba · UTC+1", "Kazakistan"),
    "de": ("Ihre Gespräche", "Tisch", "Mittwoch, 10. März 2027 · UTC+1", "Kasachstan"),
    "sv": ("Dina möten", "Bord", "onsdag 10 mars 2027 · UTC+1", "Kazakstan"),
    "zh": ("您的会面安排", "桌号", "2027 年 3 月 10 日星期三 · UTC+1", "哈萨克斯坦"),
    "uz": ("Uchrashuvlaringiz", "Stol", "chorshanba, 10-mart, 2027 · UTC+1", "Qozogʻiston"),
}


@pytest.mark.parametrize("language", SAID)
def test_timetable_is_in_the_participants_language(plan, opened, language) -> None:
    one = plan.participants[entrepreneur(plan, language)]
    text = text_of(opened(papers.personal_timetable(plan, one.id)))
    for said in (*SAID[language], one.name, "Europe/Berlin", "09:00", "09:20"):
        assert said in text
    for meeting in plan.meetings_of[one.id]:
        assert plan.participants[meeting.exporter_id].name in text


def test_timetable_in_arabic_letters_runs_from_the_right_and_joins_its_letters(plan, opened) -> None:
    joined, apart = "بەرلين", "\u200c".join("بەرلين")
    widths = []
    for name in (joined, apart):
        changed = only(plan, name=name, language="kk-Arab")
        document = opened(papers.personal_timetable(changed, next(iter(plan.participants))))
        assert set(joined) <= set(text_of(document))
        # The line of the name lies between 32 and 40 mm from the top; the code stands on the left.
        ink = np.flatnonzero((picture(document)[190:236, 420:] < 128).any(axis=(0, 2)))
        assert ink.max() > 1240 - 420 - 130
        widths.append(ink.max() - ink.min())
    assert widths[0] < 0.8 * widths[1]


def test_timetable_embeds_its_fonts_and_uses_no_others(plan, opened) -> None:
    document = opened(papers.personal_timetables(plan, list(plan.participants), "en"))
    names = set()
    for page in document:
        for text in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]):
            font = text.get_font()
            assert font.is_embedded
            names.add(font.get_base_name().partition("+")[2])
    assert {name.partition("-")[0] for name in names} == {"NotoSans", "NotoSansArabic", "NotoSansCJKsc"}


def test_code_on_the_timetable_leads_to_the_live_page(plan, opened) -> None:
    ids = [one.id for one in in_order(plan)]
    document = opened(papers.personal_timetables(plan, list(plan.participants), "en"))
    read = [[code.text for code in zxingcpp.read_barcodes(picture(document, page))] for page in range(20)]
    assert read == [[plan.participants[one].live_url] for one in ids]


def test_timetable_can_be_read_aloud_and_is_dated_by_its_release(plan, opened) -> None:
    document = opened(papers.personal_timetable(plan, entrepreneur(plan, "de")))
    assert document.is_tagged()
    assert document.get_metadata_value("Title") == "Ihre Gespräche"
    assert document.get_metadata_value("CreationDate") == "D:20270301093000Z"
    assert "Fassung 3, 1. März 2027, 10:30" in text_of(document)


def test_timetable_tells_table_location_and_interpreter(plan, opened) -> None:
    meeting = replace(plan.meetings[0], interpreter="zh-Hant")
    table = PlanTable(meeting.table_id, "Booth 7", "Hall C")
    one = replace(plan, meetings=(meeting,), tables={table.id: table})
    text = text_of(opened(papers.personal_timetable(one, meeting.entrepreneur_id)))
    assert "Booth 7\nHall C" in text
    assert "Interpreter: Chinese" in text
    # The second line of the place stays out where there is none.
    bare = replace(one, tables={table.id: replace(table, location="")})
    assert "Hall C" not in text_of(opened(papers.personal_timetable(bare, meeting.entrepreneur_id)))


def test_participant_without_meetings_is_told_where_to_look(plan, opened) -> None:
    empty = replace(plan, meetings=())
    document = opened(papers.personal_timetable(empty, entrepreneur(plan, "ru")))
    assert "У вас пока нет встреч." in text_of(document)
    assert len(zxingcpp.read_barcodes(picture(document))) == 1


def test_stack_of_more_than_one_batch_has_everybody_in_the_order_of_the_pick_up_list(opened) -> None:
    plan = plans.plan(120, 120)
    document = opened(papers.personal_timetables(plan, list(plan.participants), "kk"))
    ids = [one.id for one in in_order(plan)]
    assert len(document) == 120
    assert document.get_metadata_value("Title") == "Жеке кестелер"
    for page in (0, 49, 50, 119):
        (code,) = zxingcpp.read_barcodes(picture(document, page))
        assert code.text == plan.participants[ids[page]].live_url


def test_stack_of_nobody_and_of_a_stranger_is_refused(plan) -> None:
    with pytest.raises(ValueError, match="at least one page"):
        papers.personal_timetables(plan, [], "en")
    for make in (papers.personal_timetable, papers.calendar):
        with pytest.raises(KeyError):
            make(plan, UUID(int=1))
    with pytest.raises(KeyError):
        papers.personal_timetables(plan, [UUID(int=1)], "en")
    with pytest.raises(KeyError):
        papers.participant_file_name(plan, UUID(int=1), "pdf")


def test_pages_of_a_long_timetable_are_numbered_from_one_for_each_participant(opened) -> None:
    plan = plans.plan(4, 48)
    ids = [entrepreneur(plan, "en"), entrepreneur(plan, "ru")]
    document = opened(papers.personal_timetables(plan, ids, "en"))
    numbers = ["Страница 1 из 2", "Страница 2 из 2", "Page 1 of 2", "Page 2 of 2"]
    assert len(document) == 4
    assert [said in page_text(document, page) for page, said in enumerate(numbers)] == [True] * 4
    # The head of the day's table stands on the second page again.
    assert "Партнёр" in page_text(document, 1)
    short = opened(papers.personal_timetable(plans.plan(4, 16), ids[0]))
    assert (len(short), "Page 1" in text_of(short)) == (1, False)


def clock_change(plan: ForumPlan, starts: datetime) -> ForumPlan:
    slot = PlanSlot(plan.meetings[0].slot_id, starts, starts + timedelta(minutes=20), "")
    return replace(plan, slots={slot.id: slot}, meetings=plan.meetings[:1])


@pytest.mark.parametrize(
    ("starts", "said"),
    [
        # The hour from two to three comes twice: the offset tells which.
        (datetime(2027, 10, 31, 0, 50, tzinfo=UTC), ["02:50 UTC+2\n02:10 UTC+1", "UTC+2 / UTC+1"]),
        (datetime(2027, 10, 31, 1, 50, tzinfo=UTC), ["02:50 UTC+1\n03:10 UTC+1"]),
        (datetime(2027, 3, 28, 0, 50, tzinfo=UTC), ["01:50 UTC+1\n03:10 UTC+2", "UTC+1 / UTC+2"]),
        # Over midnight the end tells its day.
        (datetime(2027, 3, 10, 22, 50, tzinfo=UTC), ["23:50\n00:10 (Mar 11)", "March 10, 2027 · UTC+1"]),
    ],
)
def test_hours_at_midnight_and_when_the_clock_changes_are_told_apart(plan, opened, starts, said) -> None:
    changed = clock_change(plan, starts)
    text = text_of(opened(papers.personal_timetable(changed, plan.meetings[0].entrepreneur_id)))
    assert [one in text for one in said] == [True] * len(said)


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Asia/Kolkata", ["Kolkata (Asia/Kolkata)", "UTC+5:30"]),
        ("America/New_York", ["New York (America/New_York)", "UTC−5"]),
        ("Etc/UTC", ["UTC (Etc/UTC)", "· UTC"]),
    ],
)
def test_every_time_zone_is_named(plan, opened, zone, said) -> None:
    there = replace(plan, forum=plans.forum(time_zone=zone))
    text = text_of(opened(papers.personal_timetable(there, entrepreneur(plan, "en"))))
    assert [one in text for one in said] == [True] * len(said)


@pytest.mark.parametrize(
    ("names", "language", "said"),
    [
        ({"kk": "Берлин форумы", "en": "Berlin forum"}, "de", "Berlin forum"),
        ({"kk": "Берлин форумы", "ru": "Форум в Берлине"}, "de", "Форум в Берлине"),
        ({"kk": "Берлин форумы"}, "de", "Берлин форумы"),
        ({"kk": "Берлин форумы", "en": "Berlin forum"}, "kk-Latn", "Berlin forumy"),
    ],
)
def test_forum_is_named_in_the_nearest_language(plan, opened, names, language, said) -> None:
    named = replace(plan, forum=plans.forum(name=names))
    assert said in text_of(opened(papers.personal_timetable(named, entrepreneur(plan, language))))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_name_is_text_on_every_paper(plan, opened, name) -> None:
    interpreted = tuple(replace(one, interpreter="de") for one in plan.meetings)
    hostile = only(replace(plan, meetings=interpreted), name=name, city=name)
    first = next(iter(plan.participants))
    composed = normalize("NFC", name)
    letters = "".join(one for one in composed if one.isascii() and one.isalnum())
    for content in (
        papers.personal_timetable(hostile, first),
        papers.personal_timetable(hostile, hostile.meetings_of[first][0].exporter_id),
        papers.pick_up_list(hostile, "en"),
        papers.table_signs(hostile, "en"),
        papers.interpreter_plan(hostile, "en"),
    ):
        assert letters in "".join(filter(str.isalnum, text_of(opened(content))))
    (event, *_) = Calendar.from_ical(papers.calendar(hostile, hostile.meetings[0].exporter_id)).events
    assert "forged" not in str(event["SUMMARY"]) or "Line BEGIN:VEVENT SUMMARY:forged" in str(
        event["SUMMARY"]
    )
    assert len(Calendar.from_ical(papers.calendar(hostile, first)).events) == 4


def test_long_words_stay_inside_their_column(plan, opened) -> None:
    document = opened(papers.personal_timetable(only(plan, name="Қ" * 200), next(iter(plan.participants))))
    page = picture(document)
    assert (page[:, -100:] == 255).all()


def test_draft_says_so_on_each_page_and_a_release_does_not(opened) -> None:
    for release in (0, 2):
        plan = plans.plan(8, 48, release=release)
        for content in (
            papers.personal_timetable(plan, entrepreneur(plan, "en")),
            papers.personal_timetables(plan, [entrepreneur(plan, "en")], "en"),
            papers.pick_up_list(plan, "en"),
            papers.table_signs(plan, "en"),
            papers.interpreter_plan(plan, "en"),
        ):
            document = opened(content)
            marked = [
                "Draft: times and tables may still change" in page_text(document, page)
                for page in range(len(document))
            ]
            assert marked == [release == 0] * len(document)
        book = load_workbook(BytesIO(papers.whole_plan(plan, "en")))
        assert [name.startswith("Draft  ") for name in book.sheetnames] == [release == 0] * 4
        written = Calendar.from_ical(papers.calendar(plan, entrepreneur(plan, "en")))
        assert written["X-WR-CALNAME"] == ("Draft: Berlin forum" if release == 0 else "Berlin forum")
        assert {str(one["STATUS"]) for one in written.events} == {"CONFIRMED" if release else "TENTATIVE"}


def test_pick_up_list_is_in_alphabetical_order_under_its_letters(plan, opened) -> None:
    text = text_of(opened(papers.pick_up_list(plan, "ru")))
    order = [
        "Баян-Өлгий сауда үйі",
        "Ёлкин и сыновья",
        "ТОО «Семиречье-Мёд»",
        "Ұлы Дала Еті",
        "Іскер Құс фермасы",
        "Kasachische Spezialitäten Müller GmbH",
        "Northern Steppe Foods Ltd",
        "Oʻzbek-Qozoq savdo uyi",
        "Qoi jünı serıktestıgı",
        "Silk Road Logistics LLP",
        "Yıldız Gıda Ticaret",
        "新疆蜂蜜贸易有限公司",
    ]
    places = [text.index(name) for name in order]
    assert places == sorted(places)
    assert "Предприниматель · 伊宁 · Китай" in text
    assert "\nX\n" in text[places[-2] :]


def test_table_signs_have_their_plan_on_the_back(plan, opened) -> None:
    document = opened(papers.table_signs(plan, "en"))
    assert len(document) == 20
    assert page_text(document, 0).split("\n")[:2] == ["1", "A"]
    back = page_text(document, 1)
    assert "09:00–09:20" in back
    assert "Northern Steppe Foods Ltd" in back
    # The number is to be read from afar: more than a third of the height of the sheet.
    ink = np.flatnonzero((picture(document, 0, 50)[:, 200:400] < 128).any(axis=(1, 2)))
    assert np.diff(ink[ink < 300]).max() == 1
    assert ink[ink < 300].size > 100


def test_table_without_meetings_and_with_a_long_label_has_a_sign(plan, opened) -> None:
    table = PlanTable(UUID(int=5), "Export hall, booth of the Turkistan region", "")
    document = opened(papers.table_signs(replace(plan, meetings=(), tables={table.id: table}), "en"))
    assert len(document) == 2
    assert "Turkistan" in page_text(document, 0)
    assert "No meetings are planned." in page_text(document, 1)
    assert (picture(document)[:, -60:] == 255).all()


def test_interpreter_plan_counts_and_lists_by_language_time_and_table(plan, opened) -> None:
    document = opened(papers.interpreter_plan(plan, "de"))
    chinese, german = page_text(document, 0), page_text(document, 1)
    assert "Chinesisch\nhöchstens 2 gleichzeitig" in chinese
    assert "Deutsch\nhöchstens 2 gleichzeitig" in german
    needed = [one for one in plan.in_time if one.interpreter == "zh"]
    assert chinese.count("09:00–09:20") == sum(one.slot_id == plan.in_time[0].slot_id for one in needed)
    assert "Seite 1 von 2" in chinese
    assert "Es sind keine Gespräche geplant." in text_of(
        opened(papers.interpreter_plan(replace(plan, meetings=()), "de"))
    )


@pytest.mark.parametrize("language", [*LANGUAGES, "kk-Latn", "kk-Arab"])
def test_papers_of_the_desk_are_set_in_every_language(plan, opened, language) -> None:
    for make in (papers.pick_up_list, papers.table_signs, papers.interpreter_plan):
        assert len(opened(make(plan, language))) >= 1
    assert len(load_workbook(BytesIO(papers.whole_plan(plan, language))).sheetnames) == 4


def test_paper_taken_out_of_the_stack_holds_nothing_of_the_others(plan) -> None:
    everybody = list(plan.participants.values())
    for one, content in Timetables(plan).of_each_and_all(everybody, "x"):
        if one is not None:
            document = pypdfium2.PdfDocument(content)
            assert len(document) == 1
            assert (one.name in text_of(document)) or one.language == "kk-Arab"
            assert [code.text for code in zxingcpp.read_barcodes(picture(document))] == [one.live_url]
            document.close()
            assert len(content) < 80_000


def test_timetables_of_several_pages_are_set_each_for_itself(opened) -> None:
    plan = plans.plan(4, 48)
    everybody = list(plan.participants.values())
    *own, (nobody, stack) = Timetables(plan).of_each_and_all(everybody, "x")
    assert ([one for one, _ in own], nobody, len(opened(stack))) == (everybody, None, 8)
    for one, content in own:
        assert content == papers.personal_timetable(plan, one.id)


def test_signs_of_many_tables_are_one_paper(opened) -> None:
    plan = plans.plan(120, 60)
    document = opened(papers.table_signs(plan, "en"))
    assert [page_text(document, 2 * one).split("\n")[0] for one in (0, 49, 50, 59)] == ["1", "50", "51", "60"]


def test_what_typst_keeps_of_earlier_papers_changes_nothing(plan) -> None:
    everybody = list(plan.participants.values())
    timetables = Timetables(plan)
    first = timetables.of_many(everybody, "x")
    assert timetables.of_many(everybody, "x") == first
    assert dict(timetables.of_each_and_all(everybody, "x"))[None] == first
