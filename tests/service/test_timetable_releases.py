from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from service.accounts.schemas import SYSTEM
from service.forums import operations as forums
from service.forums import phases, rulings
from service.forums.participant_links import LinkedParticipant, participants_by_profile
from service.forums.schemas import Phase
from service.jobs.runner import run_pending
from service.meetings import board, drafting, editing, live, plans, reading, releasing, repository, runs
from service.meetings.models import PrintingLock, Timetable
from service.meetings.plans import OwnPaper, Paper
from service.meetings.schemas import (
    MeetingCancel,
    MeetingMove,
    MeetingState,
    RunState,
    TimetableAsked,
    TimetableState,
    WithdrawalNote,
)
from service.meetings.wording import SENTENCES, Wording
from service.platform import clock, mail, queue
from service.platform.database import Database
from service.platform.phrasebook import LANGUAGES
from service.platform.problems import Conflict, NotAllowed, NotFound
from service.profiles.vocabulary import Kind
from service.settings import Settings
from tests.factories.accounts import make_api_client
from tests.factories.forums import make_approved
from tests.factories.meetings import (
    LINKS,
    add_interpreters,
    make_draft,
    make_release,
    meetings_of,
    pin_pairs,
    set_up_forum,
)
from tests.factories.races import overtake


def letters_to(database: Database, forum: UUID, profile: UUID) -> list[mail.Letter]:
    with database.read() as session:
        ids = participants_by_profile(session, forum)
        found = select(mail.Letter).where(mail.Letter.subject_id == ids[profile])
        letters = list(session.exec(found.order_by(mail.Letter.created_at.desc())))
        session.expunge_all()
    return letters


def linked(database: Database, forum: UUID, kind: Kind, profile: UUID) -> LinkedParticipant:
    with database.read() as session:
        return LinkedParticipant(participants_by_profile(session, forum)[profile], forum, kind, profile)


def test_first_release_is_numbered_and_written_to_everybody_who_meets(database: Database) -> None:
    forum, ones, others = set_up_forum(database, entrepreneurs=3)
    turk = make_approved(database, Kind.ENTREPRENEUR, languages=["tr"], contact_email="tr@example.org")
    with database.write() as session:
        wanted = forums.ParticipantsAdd(kind=Kind.ENTREPRENEUR, ids=[turk])
        forums.add_participants(session, SYSTEM, forum, wanted)
    add_interpreters(database, forum, "tr")
    pin_pairs(database, forum, [(ones[0], others[0]), (ones[1], others[1]), (turk, others[0])])
    release = make_release(database, forum)
    with database.read() as session:
        found = reading.read(session, SYSTEM, release)
        assert forums.read(session, SYSTEM, forum).phase is Phase.PUBLISHED
    assert (found.state, found.number) == (TimetableState.RELEASED, 1)
    (letter,) = letters_to(database, forum, turk)
    assert (letter.recipient, letter.language, letter.about) == ("tr@example.org", "tr", "timetable_new")
    assert letter.subject == "Görüşmeleriniz: Berlin forum"
    assert "Tercüman: Türkçe" in letter.text
    assert "https://forum.example.org/p/" in letter.text
    assert "/timetable\n" in letter.text
    assert "Europe/Berlin" in letter.text
    (kazakh,) = letters_to(database, forum, ones[0])
    assert kazakh.language == "kk"
    assert "Аудармашы" not in kazakh.text
    assert letters_to(database, forum, ones[2]) == []


def test_only_a_draft_is_released_and_only_as_it_was_seen(database: Database) -> None:
    forum, ones, others = set_up_forum(database)
    pin_pairs(database, forum, product(ones, others))
    draft = make_draft(database, forum)
    with pytest.raises(Conflict, match="Somebody else changed"), database.write() as session:
        releasing.release(session, SYSTEM, draft, LINKS, revision=7)
    with database.write() as session:
        releasing.release(session, SYSTEM, draft, LINKS, revision=1)
    with pytest.raises(Conflict, match="Only the draft"), database.write() as session:
        releasing.release(session, SYSTEM, draft, LINKS)
    with pytest.raises(NotFound), database.write() as session:
        releasing.release(session, SYSTEM, uuid4(), LINKS)
    with database.read() as session:
        assert releasing.changes(session, SYSTEM, draft, "en") == []


def test_withdrawal_after_the_release_frees_the_slots_and_tells_the_partners(database: Database) -> None:
    forum, ones, others = set_up_forum(database)
    pin_pairs(database, forum, product(ones, others))
    release = make_release(database, forum)
    draft = make_draft(database, forum)
    with database.write() as session:
        freed = releasing.withdraw(
            session,
            SYSTEM,
            forum,
            Kind.EXPORTER,
            others[0],
            WithdrawalNote(note="visa"),
            LINKS,
            "en",
        )
    assert len(freed) == 2
    assert all(one.slot and one.table and one.state is MeetingState.CANCELLED for one in freed)
    assert all(one.text.endswith("has withdrawn") for one in freed)
    for one in ones:
        news, first = letters_to(database, forum, one)
        assert (news.about, first.about) == ("timetable_changed", "timetable_new")
        assert "форумға келе алмайды" in news.text
    assert [one.about for one in letters_to(database, forum, others[0])] == ["timetable_new"]
    assert [one.about for one in letters_to(database, forum, others[1])] == ["timetable_new"]
    found = meetings_of(database, release)
    assert found[ones[0], others[0]].state == MeetingState.CANCELLED.value
    assert found[ones[0], others[0]].slot_id is not None
    with database.read() as session:
        (gone,) = releasing.withdrawals(session, SYSTEM, forum)
        plan = plans.plan_of(session, LINKS, session.get_one(Timetable, release))
    assert (gone.participant.id, gone.side, gone.note) == (others[0], Kind.EXPORTER, "visa")
    assert others[0] not in plan.participants
    assert len(plan.meetings) == 2
    assert {(one.entrepreneur_id, one.exporter_id) for one in plan.cancelled} == {
        pair for pair in found if others[0] in pair
    }
    with pytest.raises(Conflict, match="has changed since this draft"), database.write() as session:
        releasing.release(session, SYSTEM, draft, LINKS)
    with pytest.raises(Conflict, match="withdrawn already"), database.write() as session:
        releasing.withdraw(session, SYSTEM, forum, Kind.EXPORTER, others[0], WithdrawalNote(), LINKS, "en")
    with database.write() as session:
        releasing.come_after_all(session, SYSTEM, forum, others[0])
    with pytest.raises(NotFound), database.write() as session:
        releasing.come_after_all(session, SYSTEM, forum, others[0])
    with pytest.raises(NotFound), database.write() as session:
        releasing.come_after_all(session, SYSTEM, forum, uuid4())
    again = meetings_of(database, make_draft(database, forum))
    assert {one.state for one in again.values()} == {"planned"}


def test_repair_writes_only_to_those_whose_meetings_change(database: Database) -> None:
    forum, ones, others = set_up_forum(database, entrepreneurs=3)
    pin_pairs(database, forum, product(ones[:2], others))
    first = make_release(database, forum)
    pin_pairs(database, forum, [(ones[2], others[0])])
    draft = make_draft(database, forum)
    with database.read() as session:
        assert [one.kind.value for one in releasing.changes(session, SYSTEM, draft, "en")] == ["new"]
    with database.write() as session:
        found = releasing.release(session, SYSTEM, draft, LINKS)
    assert found.number == 2
    assert [one.about for one in letters_to(database, forum, ones[2])] == ["timetable_changed"]
    assert [one.about for one in letters_to(database, forum, others[0])] == [
        "timetable_changed",
        "timetable_new",
    ]
    assert [one.about for one in letters_to(database, forum, ones[0])] == ["timetable_new"]
    with database.read() as session:
        assert reading.read(session, SYSTEM, first).state is TimetableState.SUPERSEDED


def test_moved_and_reseated_meetings_are_told_with_where_they_were(database: Database) -> None:
    forum, ones, others = set_up_forum(database, entrepreneurs=2, exporters=2, slots=3)
    pin_pairs(database, forum, zip(ones, others, strict=True))
    make_release(database, forum)
    draft = make_draft(database, forum)
    found = meetings_of(database, draft)
    moved, reseated = found[ones[0], others[0]], found[ones[1], others[1]]
    with database.read() as session:
        slots, places = reading.frame(session, SYSTEM, draft)
    taken = {moved.slot_id, reseated.slot_id}
    free = next(slot.slot_id for slot in slots if slot.slot_id not in taken)
    with database.write() as session:
        editing.move(session, SYSTEM, draft, moved.id, MeetingMove(slot_id=free))
        other = next(place.table_id for place in places if place.table_id != reseated.table_id)
        wanted = MeetingMove(slot_id=reseated.slot_id, table_id=other)
        figures = editing.move(session, SYSTEM, draft, reseated.id, wanted).figures
        assert figures.moved == 1
        kinds = {one.kind.value: one for one in releasing.changes(session, SYSTEM, draft, "en")}
        assert kinds.keys() == {"moved", "other_table"}
        assert kinds["moved"].before.slot_id == moved.slot_id
        releasing.release(session, SYSTEM, draft, LINKS)
    told, _ = letters_to(database, forum, ones[0])
    assert "бұрын: " in told.text
    told, _ = letters_to(database, forum, ones[1])
    assert "Басқа үстел: " in told.text


def test_draft_that_was_overtaken_by_the_day_is_not_released(database: Database) -> None:
    forum, ones, others = set_up_forum(database)
    pin_pairs(database, forum, product(ones, others))
    release = make_release(database, forum)
    draft = make_draft(database, forum)
    mine = meetings_of(database, draft)[ones[0], others[0]]
    with database.write() as session:
        timetable = session.get_one(Timetable, draft)
        row = board.load(session, timetable).by_pair[ones[0], others[0]]
        row.state, row.reason, row.slot_id, row.table_id = "cancelled", "organiser", None, None
    with database.read() as session:
        slots, _ = reading.frame(session, SYSTEM, release)
    begins = next(slot.starts_at for slot in slots if slot.slot_id == mine.slot_id)
    with (
        clock.frozen_at(begins + timedelta(minutes=1)),
        pytest.raises(Conflict, match="have begun in the meantime"),
        database.write() as session,
    ):
        releasing.release(session, SYSTEM, draft, LINKS)


def test_large_draft_is_made_as_background_work_that_can_be_watched(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "_AT_ONCE", 0.5)
    forum, ones, others = set_up_forum(database)
    pin_pairs(database, forum, product(ones, others))
    asked = runs.ask(database, SYSTEM, forum, TimetableAsked(), "en")
    assert (asked.state, asked.meetings, asked.timetable_id) == (RunState.QUEUED, 4, None)
    with pytest.raises(Conflict, match="being made already"):
        runs.ask(database, SYSTEM, forum, TimetableAsked(), "en")
    assert run_pending(database, settings) >= 1
    with database.read() as session:
        done = runs.read(session, SYSTEM, asked.id, "en")
        assert runs.latest(session, SYSTEM, forum, "en") == done
        assert repository.in_state(session, forum, "draft").id == done.timetable_id
        with pytest.raises(NotFound):
            runs.read(session, SYSTEM, uuid4(), "en")
    assert (done.state, done.text) == (RunState.DONE, "")
    runs.carry_out(database, asked.id)
    with database.read() as session:
        assert len(reading.of_forum(session, SYSTEM, forum)) == 1


def test_background_work_that_cannot_be_done_says_why(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "_AT_ONCE", 0.5)
    forum, ones, others = set_up_forum(database)
    pin_pairs(database, forum, product(ones, others))
    asked = runs.ask(database, SYSTEM, forum, TimetableAsked(), "en")
    with database.write() as session:
        for kind, ids in ((Kind.ENTREPRENEUR, ones), (Kind.EXPORTER, others)):
            forums.remove_participants(session, SYSTEM, forum, kind, ids)
        for pair in product(ones, others):
            rulings.unpin_pair(session, SYSTEM, forum, pair)
    run_pending(database, settings)
    with database.read() as session:
        failed = runs.read(session, SYSTEM, asked.id, "ru")
    assert failed.state is RunState.FAILED
    assert failed.text
    with database.write() as session:
        assert runs.latest(session, SYSTEM, uuid4(), "en") is None
        runs.give_up(session, asked.id)
        assert "administrator" in runs.read(session, SYSTEM, asked.id, "en").text


def test_draft_that_crashes_the_work_is_given_up_in_words(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "_AT_ONCE", 0.5)
    monkeypatch.setattr(queue, "MOST_ATTEMPTS", 1)

    def crash(_task: object) -> None:
        raise RuntimeError("no more memory")

    monkeypatch.setattr(runs, "compute", crash)
    forum, ones, others = set_up_forum(database)
    pin_pairs(database, forum, product(ones, others))
    asked = runs.ask(database, SYSTEM, forum, TimetableAsked(), "en")
    run_pending(database, settings)
    with database.read() as session:
        assert runs.read(session, SYSTEM, asked.id, "en").state is RunState.FAILED


def test_time_granted_grows_with_the_forum() -> None:
    def seconds(meetings: int, base: object = None) -> float:
        task = type("Task", (), {"open": range(meetings), "base": base})()
        return drafting.seconds_for(task)

    assert [seconds(count) for count in (10, 400, 1600, 10_000)] == [2, 2, 8, 30]
    assert seconds(10_000, base=object()) == 1.5


def test_papers_are_written_from_a_draft_and_a_release_and_locked(database: Database) -> None:
    forum, ones, others = set_up_forum(database)
    pin_pairs(database, forum, product(ones, others))
    with pytest.raises(NotFound, match="not released"):
        who = linked(database, forum, Kind.EXPORTER, others[0])
        plans.own_paper(database, LINKS, who, OwnPaper.CALENDAR)
    release = make_release(database, forum)
    starts = {Paper.PLAN: b"PK", Paper.ALL: b"PK"}
    for wanted in Paper:
        found = plans.paper(database, SYSTEM, LINKS, release, wanted, "kk")
        assert found.content.startswith(starts.get(wanted, b"%PDF")), wanted
        assert "Берлин форумы" in found.name
    calendar = plans.paper_of(database, SYSTEM, LINKS, release, ones[0], OwnPaper.CALENDAR)
    own = plans.own_paper(database, LINKS, who, OwnPaper.TIMETABLE)
    assert calendar.content.count(b"BEGIN:VEVENT") == 2
    assert own.content.startswith(b"%PDF")
    with pytest.raises(NotFound):
        plans.paper_of(database, SYSTEM, LINKS, release, uuid4(), OwnPaper.CALENDAR)
    with database.read() as session:
        first = plans.plan_of(session, LINKS, session.get_one(Timetable, release))
        second = plans.plan_of(session, LINKS, session.get_one(Timetable, release))
    assert {one.id for one in first.meetings} == {one.id for one in second.meetings}
    assert (first.release, first.is_draft) == (1, False)
    with database.write() as session:
        session.add(PrintingLock(forum_id=forum, locked_at=clock.now(), locked_by="system"))
    with pytest.raises(Conflict, match="locked printing"):
        plans.paper(database, SYSTEM, LINKS, release, Paper.ALL, "en")


def test_papers_with_links_are_for_those_who_hand_them_out_or_keep_the_profile(database: Database) -> None:
    forum, ones, others = set_up_forum(database)
    pin_pairs(database, forum, product(ones, others))
    strange = make_approved(database, Kind.EXPORTER, source_agency="other-agency")
    with database.write() as session:
        wanted = forums.ParticipantsAdd(kind=Kind.EXPORTER, ids=[strange])
        forums.add_participants(session, SYSTEM, forum, wanted)
    release = make_release(database, forum)
    agency = make_api_client(database, scopes=("meetings:read",)).principal
    for one in Paper:
        if one in {Paper.ALL, Paper.TIMETABLES}:
            with pytest.raises(NotAllowed):
                plans.paper(database, agency, LINKS, release, one, "en")
        else:
            assert plans.paper(database, agency, LINKS, release, one, "en").content
    assert plans.paper_of(database, agency, LINKS, release, others[0], OwnPaper.CALENDAR).content
    with pytest.raises(NotAllowed, match="speaks for the participant"):
        plans.paper_of(database, agency, LINKS, release, strange, OwnPaper.CALENDAR)
    nobody = make_api_client(database, scopes=("profiles:read",)).principal
    with pytest.raises(NotAllowed, match="meetings:read"):
        plans.paper_of(database, nobody, LINKS, release, others[0], OwnPaper.CALENDAR)


def test_every_sentence_has_the_same_places_in_every_language() -> None:
    for key, said in SENTENCES.sentences.items():
        places = {tuple(sorted(part.split("}")[0] for part in said[one].split("{")[1:])) for one in LANGUAGES}
        assert len(places) == 1, key


def test_forum_is_named_and_dated_in_the_readers_script(database: Database) -> None:
    forum, _, _ = set_up_forum(database)
    with database.read() as session:
        found = forums.read(session, SYSTEM, forum)
    assert Wording("kk-Latn", found).forum_name == "Berlin forumy"
    assert Wording("zh", found).forum_name == "Berlin forum"
    assert Wording("ru", found).forum_name == "Форум в Берлине"
    assert Wording("kk-Arab", found).day(found.starts_on) != Wording("kk", found).day(found.starts_on)
    only_russian = found.model_copy(update={"name": {"ru": "Форум"}})
    assert Wording("kk", only_russian).forum_name == "Форум"


def test_own_page_shows_what_a_repair_cancelled_where_it_was(database: Database) -> None:
    forum, ones, others = set_up_forum(database)
    pin_pairs(database, forum, product(ones, others))
    before = meetings_of(database, make_release(database, forum))[ones[0], others[0]]
    with database.write() as session:
        rulings.unpin_pair(session, SYSTEM, forum, (ones[0], others[0]))
    make_release(database, forum)
    with database.read() as session:
        found = live.own_timetable(session, LinkedParticipant(uuid4(), forum, Kind.EXPORTER, others[0]))
    ((_, meetings),) = found.days
    assert {one.slot.slot_id: one.meeting.state.value for one in meetings}[before.slot_id] == "cancelled"
    assert sorted(one.meeting.state.value for one in meetings) == ["cancelled", "planned"]


def test_forum_is_not_published_without_a_timetable(database: Database) -> None:
    forum, ones, others = set_up_forum(database)
    pin_pairs(database, forum, product(ones, others))

    def move(phase: Phase) -> Phase:
        with database.write() as session:
            return releasing.move_phase(session, SYSTEM, forum, phase).phase

    assert move(Phase.DRAFT) is Phase.DRAFT
    with pytest.raises(Conflict, match="No timetable is released yet"):
        move(Phase.PUBLISHED)
    make_release(database, forum)
    for phase in (Phase.DRAFT, Phase.PUBLISHED, Phase.LIVE, Phase.PUBLISHED):
        assert move(phase) is phase


def test_phase_that_is_further_on_stays(database: Database) -> None:
    forum, ones, others = set_up_forum(database)
    pin_pairs(database, forum, product(ones, others))
    make_release(database, forum)
    with database.write() as session:
        phases.move(session, SYSTEM, forum, Phase.LIVE)
    pin_pairs(database, forum, [])
    make_release(database, forum)
    with database.read() as session:
        assert forums.read(session, SYSTEM, forum).phase is Phase.LIVE
        found = live.own_timetable(session, LinkedParticipant(uuid4(), forum, Kind.EXPORTER, others[0]), "tr")
    assert (found.released, found.wording.language) == (True, "tr")
    assert [len(meetings) for _, meetings in found.days] == [2]


def test_cancelled_for_another_reason_names_no_withdrawal(database: Database) -> None:
    forum, ones, others = set_up_forum(database)
    pin_pairs(database, forum, product(ones, others))
    make_release(database, forum)
    with database.write() as session:
        rulings.unpin_pair(session, SYSTEM, forum, (ones[0], others[0]))
    draft = make_draft(database, forum)
    with database.write() as session:
        releasing.release(session, SYSTEM, draft, LINKS)
    told, _ = letters_to(database, forum, ones[0])
    assert "Болмайды: " in told.text
    assert "форумға келе алмайды" not in told.text


def test_withdrawal_of_somebody_without_meetings_tells_nobody(database: Database) -> None:
    forum, ones, others = set_up_forum(database, entrepreneurs=3)
    pin_pairs(database, forum, product(ones[:2], others))
    make_release(database, forum)
    with database.write() as session:
        note = WithdrawalNote()
        freed = releasing.withdraw(session, SYSTEM, forum, Kind.ENTREPRENEUR, ones[2], note, LINKS, "en")
        assert freed == []
        assert reading.of_forum(session, SYSTEM, forum)[0].revision == 2


def test_meetings_that_have_begun_are_not_cancelled_by_a_withdrawal(database: Database) -> None:
    forum, ones, others = set_up_forum(database)
    pin_pairs(database, forum, product(ones, others))
    make_release(database, forum)
    with clock.frozen_at(datetime(2027, 3, 10, 18, tzinfo=UTC)), database.write() as session:
        note = WithdrawalNote()
        assert releasing.withdraw(session, SYSTEM, forum, Kind.EXPORTER, others[0], note, LINKS, "en") == []


def test_draft_that_is_being_changed_is_not_released_unseen(database: Database) -> None:
    forum, ones, others = set_up_forum(database)
    pin_pairs(database, forum, product(ones, others))
    draft = make_draft(database, forum)
    meeting = next(iter(meetings_of(database, draft).values()))
    told = overtake(
        database,
        lambda session: editing.take_out(
            session, SYSTEM, draft, meeting.id, MeetingCancel(note="visa", revision=1)
        ),
        lambda session: releasing.release(session, SYSTEM, draft, LINKS, revision=1),
    )
    assert isinstance(told, Conflict)
    assert "Somebody else changed" in str(told)
    with database.read() as session:
        found = reading.read(session, SYSTEM, draft)
    assert (found.state, found.revision) == (TimetableState.DRAFT, 2)
