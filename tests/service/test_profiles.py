from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event
from sqlmodel import select

from service.accounts.schemas import SYSTEM
from service.changes import operations as changes
from service.platform import clock
from service.platform.audit import AuditEntry
from service.platform.database import Database
from service.platform.problems import Conflict, InvalidInput, NotAllowed, NotFound, Problem
from service.platform.values import bin_check_digit
from service.profiles import flat
from service.profiles import operations as profiles
from service.profiles.operations import CREATE, SubmitOptions
from service.profiles.schemas import Bar, Decision, ProfileFilter
from service.profiles.vocabulary import Kind, ReviewStatus
from tests.factories import profiles as make
from tests.factories.accounts import make_api_client, make_caller, make_centre
from tests.factories.forums import make_approved


def _status(database: Database, profile: UUID) -> str:
    with database.read() as session:
        return profiles.read(session, SYSTEM, Kind.EXPORTER, profile).review_status


def _submit(database: Database, principal=SYSTEM, options=SubmitOptions(), **changes_):
    with database.write() as session:
        create = CREATE[Kind.EXPORTER].model_validate(make.exporter(**changes_))
        return profiles.submit(session, principal, Kind.EXPORTER, create, options)


def test_profile_expires_after_its_day_and_waits_for_review_when_renewed(database: Database) -> None:
    today = clock.today()
    profile = make_approved(database, Kind.EXPORTER, external_id="X", valid_until=today.isoformat())
    with database.write() as session:
        assert profiles.expire_due(session) == 0
    with clock.frozen_at(clock.now() + timedelta(days=2)), database.write() as session:
        assert profiles.expire_due(session) == 1
    assert _status(database, profile) == "expired"
    _submit(database, external_id="X", valid_until=(today + timedelta(days=90)).isoformat())
    assert _status(database, profile) == "submitted"


def test_rejected_profile_that_was_mended_waits_for_a_new_look(database: Database) -> None:
    profile = _submit(database, external_id="X").id
    with database.write() as session:
        decision = Decision(review_status=ReviewStatus.REJECTED, reason="Which goods?")
        read = profiles.review(session, SYSTEM, Kind.EXPORTER, profile, decision)
        assert read.rejection_reason == "Which goods?"
    _submit(database, external_id="X", city="Семей")
    assert _status(database, profile) == "submitted"


def test_approved_profile_stays_approved_when_its_agency_changes_it(database: Database) -> None:
    profile = make_approved(database, Kind.EXPORTER, external_id="X")
    _submit(database, external_id="X", city="Семей")
    assert _status(database, profile) == "approved"


def test_same_submission_leaves_no_trace(database: Database) -> None:
    sent = make.exporter()
    create = CREATE[Kind.EXPORTER].model_validate(sent)
    with database.write() as session:
        profiles.submit(session, SYSTEM, Kind.EXPORTER, create, SubmitOptions(approve=True))

    def traces() -> tuple[int, int]:
        with database.read() as session:
            return changes.current_version(session), len(session.exec(select(AuditEntry)).all())

    before = traces()
    with database.write() as session:
        again = CREATE[Kind.EXPORTER].model_validate(sent)
        assert profiles.submit(session, SYSTEM, Kind.EXPORTER, again).outcome == "unchanged"
    assert traces() == before


def test_batch_saves_the_good_and_tells_of_the_bad(database: Database) -> None:
    creates = [
        CREATE[Kind.EXPORTER].model_validate(make.exporter(external_id=one)) for one in ("A", "B", "A")
    ]
    creates[1].source_agency = None
    with database.write() as session:
        results = profiles.submit_many(session, SYSTEM, Kind.EXPORTER, creates)
    codes = [one.errors[0].code if isinstance(one, Problem) else one.outcome for one in results]
    assert codes == ["created", "source_agency_needed", "repeated_external_id"]


def test_new_profile_under_a_taken_key_is_refused_by_the_form(database: Database) -> None:
    _submit(database, external_id="X")
    with pytest.raises(InvalidInput) as caught:
        _submit(database, external_id="X", options=SubmitOptions(refuse_existing=True))
    assert [error.code for error in caught.value.errors] == ["external_id_taken"]


def test_who_may_keep_what(database: Database) -> None:
    make_centre(database)
    profile = make_approved(database, Kind.EXPORTER, external_id="X")
    organiser = make_caller(database, role="organiser").principal
    coordinator = make_caller(database, role="coordinator", centre="qh-berlin").principal
    other = make_api_client(database, agency="other-agency").principal
    for principal, wrong in ((organiser, NotAllowed), (coordinator, NotAllowed), (other, InvalidInput)):
        with pytest.raises(wrong):
            _submit(database, principal, external_id="Y")
        with pytest.raises(NotAllowed), database.write() as session:
            profiles.archive(session, principal, Kind.EXPORTER, profile)
        with pytest.raises(NotAllowed), database.read() as session:
            profiles.contact(session, principal, Kind.EXPORTER, profile)
        with database.read() as session:
            assert not profiles.may_change(session, principal, Kind.EXPORTER, profile)
    with pytest.raises(NotAllowed):
        _submit(database, other, SubmitOptions(approve=True), source_agency="other-agency")
    with pytest.raises(NotAllowed), database.write() as session:
        profiles.set_sanction_note(session, coordinator, Kind.EXPORTER, profile, Bar(note="no"))


def test_coordinator_stays_in_the_own_centre(database: Database) -> None:
    make_centre(database, "qh-berlin")
    make_centre(database, "qh-london")
    coordinator = make_caller(database, role="coordinator", centre="qh-berlin").principal

    def submit(**changes_):
        with database.write() as session:
            create = CREATE[Kind.ENTREPRENEUR].model_validate(make.entrepreneur(**changes_))
            return profiles.submit(session, coordinator, Kind.ENTREPRENEUR, create)

    own = submit(source_agency=None)
    with database.read() as session:
        read = profiles.read(session, coordinator, Kind.ENTREPRENEUR, own.id)
    assert (read.centre, read.source_agency) == ("qh-berlin", "qh-berlin")
    with pytest.raises(InvalidInput) as caught:
        submit(source_agency=None, centre="qh-london")
    assert caught.value.errors[0].code == "foreign_centre"
    with pytest.raises(NotAllowed):
        submit(source_agency="test-agency")


def test_revision_and_absence_are_told(database: Database) -> None:
    profile = _submit(database).id
    with pytest.raises(Conflict), database.write() as session:
        profiles.archive(session, SYSTEM, Kind.EXPORTER, profile, expected_revision=7)
    with pytest.raises(NotFound), database.write() as session:
        profiles.archive(session, SYSTEM, Kind.EXPORTER, uuid4())
    with database.write() as session:
        profiles.archive(session, SYSTEM, Kind.EXPORTER, profile)
        again = profiles.archive(session, SYSTEM, Kind.EXPORTER, profile)
    assert again.revision == 2


@pytest.mark.parametrize("rows", [1, 3])
def test_listing_asks_the_same_number_of_questions_for_any_number_of_rows(
    database: Database, rows: int
) -> None:
    for _ in range(rows):
        make_approved(database, Kind.EXPORTER)
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    with database.read() as session:
        assert profiles.listed(session, SYSTEM, Kind.EXPORTER, ProfileFilter()).total == rows
    assert len(asked) == 2


def test_owner_keys_tell_the_same_owner_without_telling_who(database: Database) -> None:
    one = make_approved(database, Kind.EXPORTER, contact_email="Owner@example.org")
    other = make_approved(
        database, Kind.ENTREPRENEUR, contact_email="owner@example.org", registration_number="5"
    )
    silent = make_approved(database, Kind.EXPORTER, contact_email=None)
    with database.read() as session:
        keys = profiles.owner_keys(session, Kind.EXPORTER, [one, silent])
        others = profiles.owner_keys(session, Kind.ENTREPRENEUR, [other])
    assert keys[one] & others[other]
    assert keys[silent] == frozenset()
    assert "owner" not in str(keys)


@pytest.mark.parametrize(
    ("first_eleven", "digit"), [("01014000001", None), ("97124000126", None), ("00000000000", "0")]
)
def test_bin_check_digit_follows_the_published_rule(first_eleven: str, digit: str | None) -> None:
    weights = list(range(1, 12))
    expected = sum(int(one) * weight for one, weight in zip(first_eleven, weights, strict=True)) % 11
    if expected == 10:
        second = [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]
        expected = sum(int(one) * weight for one, weight in zip(first_eleven, second, strict=True)) % 11
    assert bin_check_digit(first_eleven) == (None if expected == 10 else str(expected))
    assert digit in {None, bin_check_digit(first_eleven)}


@pytest.mark.parametrize("kind", list(Kind))
def test_flat_form_and_nested_form_are_one(kind: Kind, database: Database) -> None:
    sent = (make.exporter if kind is Kind.EXPORTER else make.entrepreneur)(
        offers=[make.statement(), make.statement(text="Екінші", capacity="2", capacity_unit="t")]
    )
    with database.write() as session:
        first = profiles.submit(session, SYSTEM, kind, CREATE[kind].model_validate(sent))
    with database.read() as session:
        read = profiles.read(session, SYSTEM, kind, first.id)
        row = flat.flat(kind, read, profiles.contact(session, SYSTEM, kind, first.id))
    assert set(row) <= set(flat.columns(kind, statements=2))
    with database.write() as session:
        again = CREATE[kind].model_validate(flat.nested(kind, row))
        assert profiles.submit(session, SYSTEM, kind, again).outcome == "unchanged"


def test_approving_door_approves_what_was_waiting(database: Database) -> None:
    waiting = _submit(database, external_id="X")
    again = _submit(database, external_id="X", options=SubmitOptions(approve=True))
    assert (again.id, again.outcome) == (waiting.id, "updated")
    assert _status(database, waiting.id) == "approved"


def test_profile_of_another_centre_is_not_taken_over(database: Database) -> None:
    make_centre(database, "qh-berlin")
    make_centre(database, "qh-london")
    make_approved(database, Kind.ENTREPRENEUR, external_id="X", centre="qh-london")
    coordinator = make_caller(database, role="coordinator", centre="qh-berlin").principal
    sent = make.entrepreneur(external_id="X", centre="qh-berlin")
    with pytest.raises(NotAllowed), database.write() as session:
        create = CREATE[Kind.ENTREPRENEUR].model_validate(sent)
        profiles.submit(session, coordinator, Kind.ENTREPRENEUR, create)
