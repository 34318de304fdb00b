from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from service.accounts.schemas import SYSTEM
from service.catalogue.operations import Catalogue
from service.forums import operations as forums
from service.forums import rulings, set_up
from service.forums.pair_schemas import (
    ExclusionCreate,
    ExclusionReason,
    PairNote,
    PinReason,
    PreferenceCreate,
    Wish,
)
from service.forums.schemas import LimitsChange, MeetingRuleCreate, ReservedShareCreate, ShareCriterion
from service.jobs.runner import run_pending
from service.match_lists import choosing, fairness, reading
from service.match_lists import operations as match_lists
from service.match_lists.generating import entries_of
from service.match_lists.models import MatchList
from service.match_lists.schemas import EntryRead, ListState, MatchListCreate, MatchListRead
from service.platform import audit
from service.platform.database import Database
from service.platform.problems import Conflict, InvalidInput, NotAllowed, NotFound
from service.profiles import operations as profiles
from service.profiles.vocabulary import ConsentPurpose, Kind
from service.settings import Settings
from tests.factories import profiles as make
from tests.factories.accounts import make_caller, make_centre
from tests.factories.forums import make_approved, make_forum
from tests.factories.match_lists import decide, make_list, publish
from tests.factories.races import overtake

Pair = tuple[UUID, UUID]


@pytest.fixture
def buyers(database: Database) -> list[UUID]:
    return [make_approved(database, Kind.ENTREPRENEUR) for _ in range(2)]


@pytest.fixture
def sellers(database: Database) -> list[UUID]:
    return [make_approved(database, Kind.EXPORTER) for _ in range(2)]


@pytest.fixture
def wool(database: Database) -> UUID:
    """An exporter who shares no word with the buyers."""
    offer = make.statement(text="Жүн", hs_codes=["5101"], partnership_types=["retail"], target_countries=[])
    return make_approved(database, Kind.EXPORTER, offers=[offer], seeks=[], languages=["ru"])


@pytest.fixture
def forum(database: Database, buyers: list[UUID], sellers: list[UUID], wool: UUID) -> UUID:
    return make_forum(database, buyers, [*sellers, wool])


@pytest.fixture
def made(database: Database, forum: UUID) -> MatchListRead:
    return make_list(database, forum)


def _entry(database: Database, made: MatchListRead, pair: Pair) -> EntryRead | None:
    with database.read() as session:
        return reading.entry(session, SYSTEM, made.id, pair, "en")


def _chosen(database: Database, made: MatchListRead) -> set[Pair]:
    with database.read() as session:
        return {(one.entrepreneur_id, one.exporter_id) for one in choosing.chosen_pairs(session, made.id)}


def _refused(problem: type[Exception], words: str, step: Callable[[], object]) -> None:
    with pytest.raises(problem) as caught:
        step()
    assert words in str(caught.value)


def test_removed_pair_keeps_its_reason_and_can_be_added_again(
    database: Database, made: MatchListRead, buyers: list[UUID], sellers: list[UUID]
) -> None:
    pair = (buyers[0], sellers[0])
    organiser = make_caller(database, role="organiser").principal
    after = decide(database, made, "remove", pair, principal=organiser, note="they share an office")
    assert (after.pairs, after.candidates, after.revision) == (made.pairs - 1, made.candidates, 2)
    entry = _entry(database, made, pair)
    assert (entry.chosen, entry.standing, entry.note, entry.decided_by) == (
        False,
        "removed",
        "they share an office",
        organiser.actor,
    )
    _refused(Conflict, "not proposed", lambda: decide(database, after, "remove", pair))
    again = decide(database, after, "add", pair, note="another office now")
    entry = _entry(database, made, pair)
    assert (entry.chosen, entry.standing, entry.note) == (True, "added", "another office now")
    _refused(Conflict, "on the list already", lambda: decide(database, again, "add", pair))
    with database.read() as session:
        steps = [
            (step.action, step.actor, step.details.get("exporter"))
            for step in audit.history(session, made.id)
        ]
    assert set(steps) == {
        ("match_list.generated", "system", None),
        ("match_list.pair_remove", organiser.actor, str(sellers[0])),
        ("match_list.pair_add", "system", str(sellers[0])),
    }


def test_pinned_pair_is_kept_by_later_lists_until_it_is_loosened(
    database: Database, forum: UUID, made: MatchListRead, buyers: list[UUID], wool: UUID
) -> None:
    pair = (buyers[0], wool)
    assert _entry(database, made, pair) is None
    pinned = decide(database, made, "pin", pair, note="the minister asked")
    entry = _entry(database, made, pair)
    assert (entry.chosen, entry.standing, entry.rank_for_exporter) == (True, "pinned", None)
    assert entry.score < 0.05
    _refused(Conflict, "pinned already", lambda: decide(database, pinned, "pin", pair))
    _refused(Conflict, "pinned already", lambda: decide(database, pinned, "add", pair))
    _refused(Conflict, "loosen it first", lambda: decide(database, pinned, "remove", pair))
    later = make_list(database, forum)
    entry = _entry(database, later, pair)
    assert (entry.chosen, entry.standing, entry.note) == (True, "pinned", "the minister asked")
    loosened = decide(database, later, "unpin", pair)
    assert _entry(database, later, pair).standing == "added"
    _refused(Conflict, "not pinned", lambda: decide(database, loosened, "unpin", pair))
    last = make_list(database, forum)
    assert _entry(database, last, pair) is None
    with database.write() as session:
        note = PairNote(entrepreneur_id=pair[0], exporter_id=pair[1])
        rulings.pin_pair(session, SYSTEM, forum, note)
    decide(database, last, "unpin", pair)
    with database.read() as session:
        assert rulings.pins(session, SYSTEM, forum) == []


def test_banned_pair_is_kept_out_of_later_lists_and_loses_its_pin(
    database: Database, forum: UUID, made: MatchListRead, buyers: list[UUID], sellers: list[UUID], wool: UUID
) -> None:
    pair, stranger = (buyers[0], sellers[0]), (buyers[1], wool)
    pinned = decide(database, made, "pin", pair)
    banned = decide(database, pinned, "ban", pair, note="a lawsuit")
    assert (_entry(database, made, pair).chosen, _entry(database, made, pair).standing) == (False, "removed")
    banned = decide(database, banned, "ban", stranger)
    assert _entry(database, made, stranger) is None
    with database.read() as session:
        assert rulings.pins(session, SYSTEM, forum) == []
        exclusions = rulings.exclusions(session, SYSTEM, forum)
    noted = {(one.exporter_id, one.reason, one.note) for one in exclusions}
    assert noted == {(sellers[0], "organiser", "a lawsuit"), (wool, "organiser", "said so")}
    _refused(
        Conflict,
        "allow it again on the forum's page",
        lambda: decide(database, banned, "add", pair, override=True),
    )
    later = make_list(database, forum)
    assert pair not in _chosen(database, later)
    with database.read() as session:
        left_out = reading.left_out(session, SYSTEM, later.id, "en")
    assert {(one.entrepreneur.id, one.exporter.id) for one in left_out} == {pair, stranger}
    # What was ruled out for good is not weakened to an organiser's word.
    decide(database, later, "ban", pair)
    with database.read() as session:
        assert rulings.ruled_out(session, forum)[pair] is ExclusionReason.ORGANISER


@pytest.mark.parametrize("reason", ["said_no", "has_met"])
def test_who_said_no_or_has_met_is_added_only_with_an_override_and_a_reason(
    database: Database, forum: UUID, buyers: list[UUID], sellers: list[UUID], reason: str
) -> None:
    pair = (buyers[0], sellers[0])
    with database.write() as session:
        exclusion = ExclusionCreate(entrepreneur_id=pair[0], exporter_id=pair[1], reason=reason)
        rulings.exclude_pair(session, SYSTEM, forum, exclusion)
        wish = PreferenceCreate(
            entrepreneur_id=pair[0], exporter_id=pair[1], said_by=Kind.EXPORTER, wish=Wish.NO
        )
        rulings.prefer(session, SYSTEM, forum, wish)
    made = make_list(database, forum)
    assert _entry(database, made, pair) is None
    _refused(Conflict, "if you say so and why", lambda: decide(database, made, "add", pair))
    decide(database, made, "add", pair, override=True, note="both asked for a second talk")
    assert _entry(database, made, pair).chosen
    with database.read() as session:
        assert rulings.ruled_out(session, forum) == {}
    assert pair in _chosen(database, make_list(database, forum))


def test_pair_of_one_owner_is_never_added(database: Database, buyers: list[UUID]) -> None:
    owner = {"contact_email": "owner@example.org"}
    one = make_approved(database, Kind.ENTREPRENEUR, **owner)
    other = make_approved(database, Kind.EXPORTER, **owner)
    forum = make_forum(database, [one, *buyers], [other])
    made = make_list(database, forum)
    _refused(Conflict, "same owner", lambda: decide(database, made, "pin", (one, other), override=True))
    with database.write() as session:
        rulings.pin_pair(session, SYSTEM, forum, PairNote(entrepreneur_id=one, exporter_id=other))
    assert publish(database, make_list(database, forum)).state is ListState.PUBLISHED


def test_pair_that_a_rule_keeps_apart_is_pinned_but_not_added(
    database: Database, forum: UUID, buyers: list[UUID], sellers: list[UUID]
) -> None:
    with database.write() as session:
        rule = MeetingRuleCreate.model_validate({"effect": "never"})
        set_up.add_rule(session, SYSTEM, forum, rule)
    made = make_list(database, forum)
    assert made.candidates == 0
    pair = (buyers[0], sellers[0])
    _refused(Conflict, "Pin the pair to make an exception", lambda: decide(database, made, "add", pair))
    assert decide(database, made, "pin", pair).pairs == 1


def test_pair_is_added_only_where_both_have_room(
    database: Database, buyers: list[UUID], sellers: list[UUID]
) -> None:
    forum = make_forum(database, buyers, sellers, entrepreneur_max=1)
    made = make_list(database, forum)
    taken = dict(_chosen(database, made))
    free = next(other for other in sellers if other != taken[buyers[0]])
    pair = (buyers[0], free)
    _refused(Conflict, "1 meetings, as many as it may have", lambda: decide(database, made, "add", pair))
    with database.write() as session:
        limits = {"entrepreneur_min": 1, "entrepreneur_max": 2, "exporter_min": 1, "exporter_max": 8}
        set_up.change_limits(session, SYSTEM, forum, LimitsChange.model_validate(limits))
    after = decide(database, made, "add", pair)
    assert after.pairs == 3
    other = (buyers[1], taken[buyers[0]])
    with database.write() as session:
        forums.remove_participants(session, SYSTEM, forum, Kind.ENTREPRENEUR, [buyers[1]])
    _refused(
        Conflict,
        "does not take part in the forum any more",
        lambda: decide(database, after, "pin" if other in _chosen(database, made) else "add", other),
    )


def test_pair_that_both_said_yes_to_is_neither_loosened_nor_banned_and_stays_accepted(
    database: Database, forum: UUID, made: MatchListRead, buyers: list[UUID], sellers: list[UUID]
) -> None:
    pair = (buyers[0], sellers[0])
    removed = decide(database, made, "remove", pair)
    with database.write() as session:
        note = PairNote(entrepreneur_id=pair[0], exporter_id=pair[1])
        rulings.pin_pair(session, SYSTEM, forum, note, reason=PinReason.ACCEPTED)
    for step in ("unpin", "ban"):
        _refused(Conflict, "Both said yes", lambda step=step: decide(database, removed, step, pair))
    _refused(Conflict, "1 pairs were pinned, or said yes to", lambda: publish(database, removed))
    decide(database, removed, "pin", pair)
    with database.read() as session:
        assert [pin.reason for pin in rulings.pins(session, SYSTEM, forum)] == [PinReason.ACCEPTED]
    assert pair in _chosen(database, make_list(database, forum))


def test_only_participants_of_the_list_are_paired(
    database: Database, made: MatchListRead, buyers: list[UUID]
) -> None:
    with pytest.raises(InvalidInput) as caught:
        decide(database, made, "add", (buyers[0], uuid4()))
    assert [(one.pointer, one.code) for one in caught.value.errors] == [("/exporter_id", "not_taking_part")]
    make_centre(database)
    coordinator = make_caller(database, role="coordinator", centre="qh-berlin").principal
    with pytest.raises(NotAllowed):
        decide(database, made, "add", (buyers[0], uuid4()), principal=coordinator)


def test_texts_of_a_withdrawn_consent_are_not_explained_any_more(
    database: Database, made: MatchListRead, buyers: list[UUID], wool: UUID
) -> None:
    with database.write() as session:
        profiles.withdraw_consent(session, SYSTEM, Kind.EXPORTER, wool, ConsentPurpose.MATCHING)
    _refused(Conflict, "texts are erased", lambda: decide(database, made, "pin", (buyers[0], wool)))


def test_withdrawn_consent_empties_the_explanations_of_every_list(
    database: Database, settings: Settings, forum: UUID, buyers: list[UUID], sellers: list[UUID]
) -> None:
    catalogue = Catalogue()
    made = [match_lists.generate(database, catalogue, SYSTEM, forum, MatchListCreate()) for _ in range(2)]
    gone, stays = (buyers[0], sellers[0]), (buyers[0], sellers[1])

    def explained(pair: Pair) -> list[bool]:
        with database.read() as session:
            entries = [reading.entry(session, SYSTEM, one.id, pair, "en") for one in made]
        return [bool(one and one.reasons) for one in entries]

    assert explained(gone) == explained(stays) == [True, True]
    # The version of the list becomes one of the past.
    make_approved(database, Kind.EXPORTER)
    with database.read() as session:
        assert match_lists.reproduce(session, catalogue, SYSTEM, made[0].id, "en").same
    with database.write() as session:
        profiles.withdraw_consent(session, SYSTEM, Kind.EXPORTER, sellers[0], ConsentPurpose.MATCHING)
    run_pending(database, settings)
    assert explained(gone) == [False, False]
    assert explained(stays) == [True, True]
    with database.read() as session:
        # The index that the list was made on is still in the memory of this process, and is not used.
        with pytest.raises(Conflict, match="texts are erased"):
            reading.explanation(session, catalogue, SYSTEM, made[0].id, gone, "en")
        again = match_lists.reproduce(session, catalogue, SYSTEM, made[0].id, "en")
        assert not again.same
        assert "withdrawn their consent" in again.text


def test_consent_that_is_withdrawn_while_a_list_is_made_leaves_no_explanation(
    database: Database, forum: UUID, buyers: list[UUID], sellers: list[UUID]
) -> None:
    with database.read() as session:
        draft = match_lists.propose(session, Catalogue(), SYSTEM, forum, MatchListCreate())
    with database.write() as session:
        profiles.withdraw_consent(session, SYSTEM, Kind.EXPORTER, sellers[0], ConsentPurpose.MATCHING)
    with database.write() as session:
        made = match_lists.store(session, SYSTEM, draft, entries_of(draft))
    with database.read() as session:
        entries = [reading.entry(session, SYSTEM, made.id, (buyers[0], one), "en") for one in sellers]
    assert [bool(one and one.reasons) for one in entries] == [False, True]


def test_withdrawn_kandas_status_leaves_the_reserved_share_of_earlier_lists(
    database: Database, settings: Settings, buyers: list[UUID], wool: UUID
) -> None:
    kandas = make_approved(
        database, Kind.EXPORTER, kandas_owned=True, consents=[make.CONSENT, make.KANDAS_CONSENT]
    )
    forum = make_forum(database, buyers, [kandas, wool])
    with database.write() as session:
        share = ReservedShareCreate(criterion=ShareCriterion.KANDAS_OWNED, percent=10)
        set_up.reserve(session, SYSTEM, forum, share)
        set_up.reserve(
            session, SYSTEM, forum, ReservedShareCreate(criterion=ShareCriterion.RURAL, percent=10)
        )
    made = make_list(database, forum)
    bare, old = (make_list(database, make_forum(database, buyers, [kandas])) for _ in range(2))
    with database.write() as session:
        # As lists are of the time before pairs were allocated.
        session.get_one(MatchList, old.id).allocation = {}

    def members() -> list[int]:
        with database.read() as session:
            return [one.members for one in fairness.report(session, SYSTEM, made.id, "en").shares]

    assert members() == [1, 0]
    with database.write() as session:
        profiles.withdraw_consent(session, SYSTEM, Kind.EXPORTER, kandas, ConsentPurpose.KANDAS_STATUS)
    run_pending(database, settings)
    assert members() == [0, 0]
    with database.read() as session:
        assert match_lists.reproduce(session, Catalogue(), SYSTEM, bare.id, "en").same
        assert session.get_one(MatchList, old.id).allocation == {}
        assert not match_lists.reproduce(session, Catalogue(), SYSTEM, made.id, "en").same


def test_later_of_two_organisers_is_told_and_nothing_is_overwritten(
    database: Database, made: MatchListRead, buyers: list[UUID], sellers: list[UUID]
) -> None:
    first, second = (buyers[0], sellers[0]), (buyers[1], sellers[1])
    decide(database, made, "remove", first, note="first")
    for late in (
        lambda: decide(database, made, "remove", second, note="late"),
        lambda: decide(database, made, "add", first, note="late"),
        lambda: _publish_at(database, made),
        lambda: _reviewed_at(database, made),
    ):
        _refused(Conflict, "Somebody else changed this", late)
    assert _entry(database, made, first).note == "first"
    assert _entry(database, made, second).chosen
    with database.read() as session:
        assert match_lists.read(session, SYSTEM, made.id).state is ListState.DRAFT


def _publish_at(database: Database, made: MatchListRead) -> MatchListRead:
    with database.write() as session:
        return match_lists.publish(session, SYSTEM, made.id, revision=made.revision)


def _reviewed_at(database: Database, made: MatchListRead) -> MatchListRead:
    with database.write() as session:
        return match_lists.mark_reviewed(session, SYSTEM, made.id, revision=made.revision)


def test_list_goes_from_draft_over_review_to_published_and_is_superseded(
    database: Database, forum: UUID, made: MatchListRead, buyers: list[UUID], sellers: list[UUID]
) -> None:
    reviewed = _reviewed_at(database, made)
    assert reviewed.state is ListState.REVIEWED
    _refused(Conflict, "Only a draft", lambda: _reviewed_at(database, reviewed))
    changed = decide(database, reviewed, "remove", (buyers[0], sellers[0]))
    assert changed.state is ListState.DRAFT
    published = _publish_at(database, _reviewed_at(database, changed))
    assert (published.state, published.revision) == (ListState.PUBLISHED, 5)
    for step in (
        lambda: decide(database, published, "add", (buyers[0], sellers[0])),
        lambda: _publish_at(database, published),
    ):
        _refused(Conflict, "is published and stays as it is", step)
    newer, newest = make_list(database, forum), make_list(database, forum)
    _refused(Conflict, "There is a newer list", lambda: _publish_at(database, newer))
    assert _publish_at(database, newest).state is ListState.PUBLISHED
    with database.read() as session:
        states = [one.state for one in match_lists.of_forum(session, SYSTEM, forum)]
        actions = {step.action for step in audit.history(session, newest.id)}
    assert states == ["published", "superseded", "superseded"]
    # Who publishes a draft has reviewed it.
    assert actions == {"match_list.generated", "match_list.reviewed", "match_list.published"}


def test_list_is_not_published_with_pairs_that_cannot_be_proposed_any_more(
    database: Database, forum: UUID, made: MatchListRead, buyers: list[UUID], sellers: list[UUID]
) -> None:
    pair = (buyers[0], sellers[0])
    with database.write() as session:
        exclusion = ExclusionCreate(entrepreneur_id=pair[0], exporter_id=pair[1], reason="said_no")
        rulings.exclude_pair(session, SYSTEM, forum, exclusion)
        forums.remove_participants(session, SYSTEM, forum, Kind.EXPORTER, [sellers[1]])
    _refused(Conflict, "3 pairs were ruled out", lambda: publish(database, made))
    assert publish(database, make_list(database, forum)).pairs == 1


def test_generating_again_keeps_pinned_and_answered_pairs(
    database: Database, forum: UUID, buyers: list[UUID], sellers: list[UUID]
) -> None:
    with database.write() as session:
        limits = {"entrepreneur_min": 0, "entrepreneur_max": 1, "exporter_min": 0, "exporter_max": 1}
        set_up.change_limits(session, SYSTEM, forum, LimitsChange.model_validate(limits))
    first = make_list(database, forum)
    best = _chosen(database, first)
    other = {(buyers[0], sellers[0]), (buyers[1], sellers[1])}
    if best == other:
        other = {(buyers[0], sellers[1]), (buyers[1], sellers[0])}
    accepted, declined = min(other), min(best)
    with database.write() as session:
        note = PairNote(entrepreneur_id=accepted[0], exporter_id=accepted[1])
        rulings.pin_pair(session, SYSTEM, forum, note, reason=PinReason.ACCEPTED)
        said_no = ExclusionCreate(entrepreneur_id=declined[0], exporter_id=declined[1], reason="said_no")
        rulings.exclude_pair(session, SYSTEM, forum, said_no)
    assert _chosen(database, make_list(database, forum)) == other


def test_partners_are_found_among_candidates_and_by_name(
    database: Database, forum: UUID, buyers: list[UUID], sellers: list[UUID], wool: UUID
) -> None:
    with database.write() as session:
        limits = {"entrepreneur_min": 1, "entrepreneur_max": 1, "exporter_min": 1, "exporter_max": 1}
        set_up.change_limits(session, SYSTEM, forum, LimitsChange.model_validate(limits))
    made = make_list(database, forum)
    with database.read() as session:
        found = reading.partners(session, SYSTEM, made.id, Kind.ENTREPRENEUR, buyers[0], " алтын АРА ")
        nobody = reading.partners(session, SYSTEM, made.id, Kind.EXPORTER, wool, "")
        explained = reading.explanation(session, Catalogue(), SYSTEM, made.id, (buyers[0], sellers[0]), "en")
        unproposed = reading.explanation(session, Catalogue(), SYSTEM, made.id, (buyers[0], wool), "en")
        with pytest.raises(NotFound):
            reading.partners(session, SYSTEM, made.id, Kind.EXPORTER, buyers[0], "")
        with pytest.raises(NotFound):
            reading.explanation(session, Catalogue(), SYSTEM, made.id, (buyers[0], uuid4()), "en")
    assert found.candidates[0].chosen
    assert {one.partner.id for one in found.candidates} | {one.id for one in found.others} == {*sellers, wool}
    assert wool in {one.id for one in found.others} or wool in {one.partner.id for one in found.candidates}
    assert nobody.others == []
    for one in (explained, unproposed):
        assert sum(part.amount for part in one.contributions) == pytest.approx(one.score, abs=1e-6)


def test_list_that_is_being_published_stays_so_when_another_is_stored(
    database: Database, forum: UUID, made: MatchListRead
) -> None:
    with database.read() as session:
        draft = match_lists.propose(session, Catalogue(), SYSTEM, forum, MatchListCreate())
    entries = entries_of(draft)
    told = overtake(
        database,
        lambda session: match_lists.publish(session, SYSTEM, made.id),
        lambda session: match_lists.store(session, SYSTEM, draft, entries),
    )
    assert told is None
    with database.read() as session:
        states = [one.state for one in match_lists.of_forum(session, SYSTEM, forum)]
    assert states == [ListState.DRAFT, ListState.PUBLISHED]
