from typing import Any
from uuid import UUID, uuid4

import pytest

from service.accounts.schemas import SYSTEM, Principal
from service.forums import asking, rulings
from service.forums import operations as forums
from service.forums.pair_schemas import PreferenceCreate, Wish
from service.forums.schemas import ParticipantChange, ParticipantRead, ParticipantRequest
from service.platform import audit
from service.platform.database import Database
from service.platform.problems import Conflict, InvalidInput, NotAllowed, NotFound
from service.profiles.vocabulary import Kind
from tests.factories.accounts import make_api_client, make_caller, make_centre
from tests.factories.forums import make_approved, make_forum

DAY = "2027-03-10"


@pytest.fixture
def pair(database: Database) -> tuple[UUID, UUID, UUID]:
    """A forum, an entrepreneur and an exporter who take part."""
    make_centre(database)
    one = make_approved(database, Kind.ENTREPRENEUR, centre="qh-berlin")
    other = make_approved(database, Kind.EXPORTER)
    return make_forum(database, [one], [other]), one, other


def times(start: str, end: str, day: str = DAY) -> dict[str, str]:
    return {"starts_at": f"{day}T{start}", "ends_at": f"{day}T{end}"}


def ask(
    database: Database,
    forum: UUID,
    one: UUID,
    *,
    by: Principal = SYSTEM,
    revision: int | None = None,
    **asked: Any,
) -> None:
    wanted = ParticipantChange.model_validate(asked)
    with database.write() as session:
        asking.ask(session, by, forum, Kind.ENTREPRENEUR, one, wanted, expected_revision=revision)


def read(database: Database, forum: UUID) -> ParticipantRead:
    with database.read() as session:
        (found,) = forums.participants(session, SYSTEM, forum, Kind.ENTREPRENEUR)
    return found


def spans(database: Database, forum: UUID) -> list[tuple[str, str]]:
    return [(f"{one.starts_at:%d %H:%M}", f"{one.ends_at:%H:%M}") for one in read(database, forum).available]


def test_availability_is_told_by_the_participants_own_clock(
    database: Database, pair: tuple[UUID, UUID, UUID]
) -> None:
    forum, one, _ = pair
    ask(database, forum, one, available=[times("09:00", "12:00")])
    assert spans(database, forum) == [("10 08:00", "11:00")]
    ask(database, forum, one, time_zone="America/New_York", available=[times("06:00", "09:00")])
    assert spans(database, forum) == [("10 11:00", "14:00")]
    # What is not sent stays, the zone as well.
    ask(database, forum, one, available=[times("05:00", "06:00")])
    assert spans(database, forum) == [("10 10:00", "11:00")]
    ask(database, forum, one, max_meetings=3)
    found = read(database, forum)
    assert (found.max_meetings, found.time_zone, found.revision) == (3, "America/New_York", 5)
    assert len(found.available) == 1
    ask(database, forum, one, available=[], max_meetings=None, time_zone="")
    found = read(database, forum)
    assert (found.max_meetings, found.time_zone, found.available) == (None, None, [])
    with database.read() as session:
        assert [step.action for step in audit.history(session, one)][:1] == ["forum.participant_asked"]


def test_times_that_touch_or_overlap_are_one(database: Database, pair: tuple[UUID, UUID, UUID]) -> None:
    forum, one, _ = pair
    wanted = [
        times("13:00", "14:00"),
        times("09:00", "11:00"),
        times("10:00", "10:30"),
        times("11:00", "12:00"),
    ]
    ask(database, forum, one, available=wanted)
    assert spans(database, forum) == [("10 08:00", "11:00"), ("10 12:00", "13:00")]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"available": [times("12:00", "09:00")]}, [("/available/0/ends_at", "ends_early")]),
        (
            {"available": [times("09:00", "10:00"), times("02:30", "02:45", "2027-03-28")]},
            [("/available/1/starts_at", "time_skipped"), ("/available/1/ends_at", "time_skipped")],
        ),
        (
            {"available": [times("02:30", "05:00", "2027-10-31")]},
            [("/available/0/starts_at", "time_comes_twice")],
        ),
        ({"min_meetings": 3}, [("/max_meetings", "limits_reversed")]),
    ],
)
def test_what_cannot_be_asked_is_refused_and_nothing_is_lost(
    database: Database, pair: tuple[UUID, UUID, UUID], asked: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    forum, one, _ = pair
    ask(database, forum, one, max_meetings=2, available=[times("09:00", "12:00")])
    with pytest.raises(InvalidInput) as caught:
        ask(database, forum, one, **asked)
    assert [(error.pointer, error.code) for error in caught.value.errors] == expected
    assert (spans(database, forum), read(database, forum).revision) == ([("10 08:00", "11:00")], 2)


def test_later_of_two_who_change_a_participant_is_told(
    database: Database, pair: tuple[UUID, UUID, UUID]
) -> None:
    forum, one, _ = pair
    ask(database, forum, one, min_meetings=1, revision=1)
    with pytest.raises(Conflict, match="Somebody else"):
        ask(database, forum, one, min_meetings=5, revision=1)
    assert read(database, forum).min_meetings == 1
    with pytest.raises(NotFound):
        ask(database, forum, uuid4(), min_meetings=1)


def test_those_who_keep_a_profile_speak_for_it(database: Database, pair: tuple[UUID, UUID, UUID]) -> None:
    forum, one, other = pair
    make_centre(database, "qh-london", country="GB", city="London")
    own, strange = (
        make_caller(database, role="coordinator", centre=centre).principal
        for centre in ("qh-berlin", "qh-london")
    )
    agency = make_api_client(database, scopes=("profiles:read", "profiles:write", "forums:read")).principal
    reader = make_api_client(database, scopes=("forums:read",)).principal
    ask(database, forum, one, by=own, max_meetings=2)
    for principal in (strange, reader):
        with pytest.raises(NotAllowed):
            ask(database, forum, one, by=principal, max_meetings=9)
    wish = {"entrepreneur_id": one, "exporter_id": other, "said_by": "exporter", "wish": "must"}
    with database.write() as session:
        rulings.prefer(session, agency, forum, PreferenceCreate.model_validate(wish))
    with pytest.raises(InvalidInput) as caught, database.write() as session:
        rulings.prefer(session, own, forum, PreferenceCreate.model_validate(wish))
    assert [(error.pointer, error.code) for error in caught.value.errors] == [("/exporter_id", "not_yours")]
    assert read(database, forum).max_meetings == 2


def test_of_many_requests_each_is_saved_or_refused_on_its_own(
    database: Database, pair: tuple[UUID, UUID, UUID]
) -> None:
    forum, one, other = pair
    sent = [
        {"kind": "entrepreneur", "profile_id": one, "min_meetings": 2},
        {"kind": "entrepreneur", "profile_id": other, "min_meetings": 2},
        {"kind": "exporter", "profile_id": other, "available": [times("12:00", "09:00")]},
        {"kind": "exporter", "profile_id": other, "time_zone": "Asia/Almaty"},
    ]
    agency = make_api_client(database).principal
    for principal, codes in (
        (SYSTEM, [[], ["not_a_participant"], ["ends_early"], []]),
        (
            make_api_client(database, agency="other").principal,
            [["not_yours"], ["not_a_participant"], *[["not_yours"]] * 2],
        ),
        (agency, [[], ["not_a_participant"], ["ends_early"], []]),
    ):
        with database.write() as session:
            wanted = [ParticipantRequest.model_validate(each) for each in sent]
            results = asking.ask_many(session, principal, forum, wanted)
        assert [[error.code for error in each.errors] if each else [] for each in results] == codes
    assert (read(database, forum).min_meetings, read(database, forum).revision) == (2, 3)


def test_of_many_wishes_each_is_saved_or_refused_and_the_last_word_counts(
    database: Database, pair: tuple[UUID, UUID, UUID]
) -> None:
    forum, one, other = pair

    def wish(wanted: str | None, said_by: str = "entrepreneur", exporter: UUID = other) -> PreferenceCreate:
        return PreferenceCreate.model_validate(
            {"entrepreneur_id": one, "exporter_id": exporter, "said_by": said_by, "wish": wanted}
        )

    def note(*wishes: PreferenceCreate) -> list[list[str]]:
        with database.write() as session:
            results = rulings.prefer_many(session, SYSTEM, forum, wishes)
        return [[error.pointer for error in each.errors] if each else [] for each in results]

    def noted() -> list[tuple[str, str]]:
        with database.read() as session:
            return [(each.said_by, each.wish) for each in rulings.preferences(session, SYSTEM, forum)]

    assert note(wish("want"), wish("no", exporter=uuid4()), wish("must"), wish(None, "exporter")) == [
        [],
        ["/exporter_id"],
        [],
        [],
    ]
    assert noted() == [("entrepreneur", "must")]
    with database.read() as session:
        assert rulings.wished_for(session, forum) == {(one, other): Wish.MUST}
    assert note(wish(None), wish("want"), wish("no", "exporter")) == [[], [], []]
    assert sorted(noted()) == [("entrepreneur", "want"), ("exporter", "no")]
    with database.read() as session:
        assert rulings.ruled_out(session, forum) == {(one, other): "said_no"}
