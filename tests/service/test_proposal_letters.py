import re
from datetime import date, timedelta

import pytest
from fastapi import FastAPI

from matching import Contribution, Explanation
from service.accounts.schemas import SYSTEM
from service.forums import operations as forums
from service.jobs import tasks
from service.jobs.runner import run_pending
from service.platform import clock, mail, queue
from service.platform.database import Database
from service.platform.mail import Letter
from service.platform.phrasebook import LANGUAGES
from service.profiles import operations as profiles
from service.profiles.vocabulary import ConsentPurpose, Kind, PartnershipType
from service.proposals import letters, operations, tending, wording
from service.proposals.schemas import ProposalIds, ProposalState
from service.proposals.steps import LETTERS_JOB
from service.settings import Settings
from tests.factories.proposals import PUBLIC, Proposed, make_proposed

# Closes the database at the end.
pytestmark = pytest.mark.usefixtures("database")

ONE = {"entrepreneurs": ({},), "exporters": ({},)}
EVERY_LANGUAGE = [*LANGUAGES, "kk-Latn", "kk-Arab"]


def _letters(made: Proposed, kind: Kind, place: int = 0) -> list[Letter]:
    """The letters to a participant, oldest first."""
    with made.database.read() as session:
        found, _ = mail.letters(
            session, [made.participant(kind, place).participant_id], None, offset=0, limit=100
        )
        session.expunge_all()
    return found[::-1]


def _abouts(made: Proposed, kind: Kind, place: int = 0) -> list[str]:
    return [one.about for one in _letters(made, kind, place)]


def test_each_participant_gets_one_letter_with_all_its_proposals(app: FastAPI) -> None:
    made = make_proposed(app, exporters=({}, {}, {}))
    assert made.write_letters() == 5
    assert made.write_letters() == 0
    (letter,) = _letters(made, Kind.ENTREPRENEUR)
    names = {one.exporter.name for one in made.every()}
    assert len(names) == 3
    assert all(name in letter.text for name in names)
    assert letter.about == "proposals_proposed"
    assert letter.text.count(f"{PUBLIC}/p/") == 1


def test_letter_is_in_the_language_of_its_reader_and_names_no_contact(app: FastAPI) -> None:
    made = make_proposed(
        app,
        entrepreneurs=(
            {"languages": ["de"], "contact_name": "Frau Stein", "contact_email": "a@example.org"},
        ),
        exporters=({"languages": ["kk-Arab"], "contact_email": "b@example.org"},),
    )
    made.write_letters()
    (german,), (kazakh,) = _letters(made, Kind.ENTREPRENEUR), _letters(made, Kind.EXPORTER)
    assert german.subject == "Mögliche Partner für Sie: Berlin forum"
    assert german.text.startswith("Guten Tag Frau Stein,")
    assert "Sie suchen, was die anderen anbieten" in german.text
    assert german.recipient == "a@example.org"
    assert (kazakh.language, kazakh.recipient) == ("kk-Arab", "b@example.org")
    assert "سەرىكتەستەر" in kazakh.subject
    assert "b@example.org" not in german.text
    assert "a@example.org" not in kazakh.text
    assert "Frau Stein" not in kazakh.text


def test_later_pairs_come_in_a_letter_of_their_own(app: FastAPI) -> None:
    made = make_proposed(app)
    made.write_letters()
    proposal = made.of(0, 0).id
    with made.database.write() as session:
        operations.withdraw(session, SYSTEM, made.forum, operations.ProposalsWithdraw(ids=[proposal]))
        wanted = operations.ProposalsAgain(ids=[proposal], note="x")
        operations.propose_again(session, SYSTEM, made.forum, wanted)
    assert made.write_letters() == 2
    first, second = _letters(made, Kind.ENTREPRENEUR)
    assert first.text.count("\n\n1. ") == first.text.count("\n\n2. ") == 1
    assert "2. " not in second.text


def test_both_get_the_contact_of_the_other_when_both_accepted(app: FastAPI) -> None:
    made = make_proposed(
        app,
        entrepreneurs=({"contact_email": "buyer@example.org", "contact_phone": "+49 30 1234567"},),
        exporters=({"contact_email": "seller@example.org"},),
    )
    made.write_letters()
    made.answer(Kind.ENTREPRENEUR, 0, made.of(0, 0).id)
    assert made.write_letters() == 0
    made.answer(Kind.EXPORTER, 0, made.of(0, 0).id)
    assert made.write_letters() == 2
    to_buyer, to_seller = (_letters(made, kind)[-1] for kind in Kind)
    assert to_buyer.about == to_seller.about == "proposals_accepted"
    assert "seller@example.org" in to_buyer.text
    assert "buyer@example.org" in to_seller.text
    assert "+49301234567" in to_seller.text
    assert "buyer@example.org" not in to_buyer.text


@pytest.mark.parametrize("tended", [False, True])
def test_letter_with_a_contact_is_not_written_after_consent_was_withdrawn(app: FastAPI, tended: bool) -> None:
    made = make_proposed(app, **ONE)
    made.write_letters()
    made.accept(0, 0)
    with made.database.write() as session:
        profiles.withdraw_consent(session, SYSTEM, Kind.EXPORTER, made.exporters[0], ConsentPurpose.MATCHING)
    assert made.write_letters() == 0


def test_letter_with_a_contact_is_erased_when_consent_is_withdrawn(app: FastAPI) -> None:
    made = make_proposed(app, **ONE)
    made.write_letters()
    made.accept(0, 0)
    made.write_letters()
    tending.tend(made.database)
    assert _abouts(made, Kind.ENTREPRENEUR) == ["proposals_proposed", "proposals_accepted"]
    with made.database.write() as session:
        profiles.withdraw_consent(session, SYSTEM, Kind.EXPORTER, made.exporters[0], ConsentPurpose.MATCHING)
    tending.tend(made.database)
    tending.tend(made.database)
    assert _abouts(made, Kind.ENTREPRENEUR) == _abouts(made, Kind.EXPORTER) == ["proposals_proposed"]
    assert made.of(0, 0).state is ProposalState.ACCEPTED


def test_letter_with_a_contact_goes_as_soon_as_consent_is_withdrawn(app: FastAPI, settings: Settings) -> None:
    made = make_proposed(app, **ONE)
    made.accept(0, 0)
    run_pending(made.database, settings)
    assert "proposals_accepted" in _abouts(made, Kind.ENTREPRENEUR)
    with made.database.write() as session:
        profiles.withdraw_consent(session, SYSTEM, Kind.EXPORTER, made.exporters[0], ConsentPurpose.MATCHING)
    run_pending(made.database, settings)
    assert "proposals_accepted" not in _abouts(made, Kind.ENTREPRENEUR) + _abouts(made, Kind.EXPORTER)


def test_side_that_had_said_yes_is_told_that_nothing_comes_of_it(app: FastAPI) -> None:
    made = make_proposed(app, **ONE)
    made.write_letters()
    made.answer(Kind.EXPORTER, 0, made.of(0, 0).id)
    made.answer(Kind.ENTREPRENEUR, 0, made.of(0, 0).id, "declined", "A secret reason")
    assert made.write_letters() == 1
    told = _letters(made, Kind.EXPORTER)[-1]
    assert told.about == "proposals_closed"
    assert "secret" not in told.text
    assert _abouts(made, Kind.ENTREPRENEUR) == ["proposals_proposed"]


def test_what_is_not_true_any_more_is_not_written(app: FastAPI) -> None:
    made = make_proposed(app)
    with made.database.write() as session:
        ids = [made.of(0, 0).id, made.of(0, 1).id]
        operations.withdraw(session, SYSTEM, made.forum, operations.ProposalsWithdraw(ids=ids))
        forums.remove_participants(session, SYSTEM, made.forum, Kind.EXPORTER, [made.exporters[1]])
    # Only the second entrepreneur and the first exporter are left to be written to.
    assert made.write_letters() == 2
    late = make_proposed(app, **ONE)
    with clock.frozen_at(late.of(0, 0).expires_at):
        assert late.write_letters() == 0


def test_participant_without_an_address_has_a_letter_to_be_passed_on(app: FastAPI) -> None:
    made = make_proposed(app, exporters=({"contact_email": None},))
    made.write_letters()
    (letter,) = _letters(made, Kind.EXPORTER)
    assert (letter.failure, mail.state_of(letter)) == (mail.NO_ADDRESS, mail.LetterState.FAILED)
    assert f"{PUBLIC}/p/" in letter.text


def test_those_who_have_not_answered_are_reminded_once_before_the_last_day(app: FastAPI) -> None:
    made = make_proposed(app, **ONE)
    made.write_letters()
    made.answer(Kind.ENTREPRENEUR, 0, made.of(0, 0).id)
    due = made.of(0, 0).expires_at - timedelta(days=2)
    for moment, written in ((due - timedelta(seconds=1), 0), (due, 1), (due + timedelta(hours=30), 0)):
        with clock.frozen_at(moment):
            tending.tend(made.database)
            assert made.write_letters() == written
    assert _abouts(made, Kind.EXPORTER) == ["proposals_proposed", "proposals_reminder"]


def test_open_proposals_expire_and_who_said_yes_is_told(app: FastAPI) -> None:
    made = make_proposed(app, exporters=({}, {}), entrepreneurs=({},))
    made.write_letters()
    made.answer(Kind.ENTREPRENEUR, 0, made.of(0, 0).id)
    made.accept(0, 1)
    made.write_letters()
    with clock.frozen_at(made.of(0, 0).expires_at):
        tending.tend(made.database)
        assert made.write_letters() == 1
    assert made.of(0, 0).state is ProposalState.EXPIRED
    assert made.of(0, 1).state is ProposalState.ACCEPTED
    assert _abouts(made, Kind.ENTREPRENEUR)[-1] == "proposals_closed"


def test_open_proposals_with_somebody_who_left_are_closed(app: FastAPI) -> None:
    made = make_proposed(app, entrepreneurs=({},))
    made.write_letters()
    made.answer(Kind.ENTREPRENEUR, 0, made.of(0, 0).id)
    with made.database.write() as session:
        profiles.archive(session, SYSTEM, Kind.EXPORTER, made.exporters[0])
    tending.tend(made.database)
    assert [made.of(0, place).state for place in (0, 1)] == [ProposalState.WITHDRAWN, ProposalState.PROPOSED]
    assert made.write_letters() == 1


def test_jobs_write_and_tend_and_go_on_after_they_were_given_up(
    app: FastAPI, database: Database, settings: Settings
) -> None:
    made = make_proposed(app, **ONE)
    assert run_pending(database, settings) == 2  # the letters are written, and nothing is sent
    assert _abouts(made, Kind.EXPORTER) == ["proposals_proposed"]
    assert settings.public_address in _letters(made, Kind.EXPORTER)[0].text
    made.accept(0, 0)
    with database.write() as session:
        job = queue.lease(session)
        assert job is not None
        assert job.kind == LETTERS_JOB
        job.failed_at = clock.now()
        tasks.schedule(session)
        tasks.schedule(session)
        assert queue.planned(session, LETTERS_JOB)
    run_pending(database, settings)
    assert _abouts(made, Kind.EXPORTER) == ["proposals_proposed", "proposals_accepted"]


def test_no_letter_is_lost_or_doubled_when_writing_fails_in_the_middle(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_proposed(app)
    posted = []
    really_post = mail.post

    def post(session, **values):
        posted.append(values)
        if len(posted) == 3:
            raise OSError("power cut")
        return really_post(session, **values)

    monkeypatch.setattr(letters.mail, "post", post)
    with pytest.raises(OSError, match="power cut"):
        made.write_letters()
    monkeypatch.undo()
    assert made.write_letters() == 2
    assert [len(_letters(made, kind, place)) for kind in Kind for place in (0, 1)] == [1] * 4


@pytest.mark.parametrize("language", EVERY_LANGUAGE)
def test_every_kind_of_letter_is_whole_in_every_language(app: FastAPI, language: str) -> None:
    made = make_proposed(
        app, entrepreneurs=({"languages": [language]},), exporters=({"languages": [language]}, {})
    )
    made.write_letters()
    with made.database.write() as session:
        operations.remind(session, SYSTEM, made.forum, ProposalIds(ids=[made.of(0, 0).id]))
    made.write_letters()
    made.accept(0, 0)
    made.answer(Kind.ENTREPRENEUR, 0, made.of(0, 1).id)
    made.answer(Kind.EXPORTER, 1, made.of(0, 1).id, "declined")
    made.write_letters()
    found = _letters(made, Kind.ENTREPRENEUR)
    assert sorted(one.about.removeprefix("proposals_") for one in found) == [
        "accepted",
        "closed",
        "proposed",
        "reminder",
    ]
    for one in found:
        assert one.language == language
        assert not re.search(r"[{}]|\bNone\b", one.subject + one.text)
        assert one.text.count(f"{PUBLIC}/p/") == 1
        assert len(one.subject) <= 300


@pytest.mark.parametrize("language", EVERY_LANGUAGE)
@pytest.mark.parametrize("own", Kind)
def test_every_reason_is_said_in_every_language(language: str, own: Kind, monkeypatch) -> None:
    monkeypatch.setattr(wording, "MOST_REASONS", 9)
    terms = {"text": "=honey", "hs_codes": "0409", "partnership_types": "off_take", "markets": "DE"}
    contributions = [
        Contribution(direction, field, term, "мёд", "бал", 0.1)
        for direction in ("entrepreneur_seeks", "exporter_seeks")
        for field, term in {**terms, "languages": "kk"}.items()
    ]
    found = wording.reasons(Explanation(1.0, tuple(contributions)), own, language)
    # Languages are one reason for both directions.
    assert len(found) == len(set(found)) == 9
    assert not any(re.search(r"[{}]|\bNone\b|off_take", one) for one in found)


def test_reason_speaks_to_its_reader() -> None:
    one = Contribution("exporter_seeks", "text", "=honey", "мёд", "Honig", 0.5)
    explanation = Explanation(0.5, (one,))
    assert wording.reasons(explanation, Kind.EXPORTER, "sv") == [
        "Du söker det som de erbjuder: «мёд» – «Honig» = honung"
    ]
    assert wording.reasons(explanation, Kind.ENTREPRENEUR, "kk-Latn") == [
        "Olar ızdegendı sız ūsynasyz: «мёд» – «Honig» = bal"
    ]


@pytest.mark.parametrize("language", EVERY_LANGUAGE)
def test_words_that_share_letters_only_are_not_named(language: str) -> None:
    stray = Contribution("exporter_seeks", "text", "~", "", "", 0.5)
    (found,) = wording.reasons(Explanation(0.5, (stray,)), Kind.EXPORTER, language)
    assert wording.say("similar_letters", language) in found


def test_every_kind_of_partnership_has_its_words() -> None:
    said = {name for name in wording._book().sentences if name.startswith("type_")}
    assert said == {f"type_{one}" for one in PartnershipType}


def test_day_is_written_in_the_script_of_its_reader() -> None:
    assert wording.day(date(2027, 3, 9), "kk-Latn") == "2027\u202fj. 9 nauryz"
    assert wording.day(date(2027, 3, 9), "zh") == "2027年3月9日"


def test_forum_is_named_in_a_language_that_its_reader_is_likely_to_know() -> None:
    names = {"kk": "Берлин форумы", "ru": "Форум в Берлине", "en": "Berlin forum"}
    assert wording.forum_name(names, "uz") == "Форум в Берлине"
    assert wording.forum_name(names, "sv") == "Berlin forum"
    assert wording.forum_name(names, "kk-Arab") == "Берлин форумы"
    assert wording.forum_name({"kk": "Берлин форумы"}, "uz") == "Берлин форумы"
