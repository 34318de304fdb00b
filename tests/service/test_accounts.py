from uuid import UUID, uuid4

import pytest

from service.accounts import operations as accounts
from service.accounts.models import Account
from service.accounts.schemas import SYSTEM, AccountCreate, ApiClientCreate, Permission
from service.centres import operations as centres
from service.centres.schemas import CentreCreate
from service.platform.database import Database, Session
from service.platform.problems import Conflict, InvalidInput, NotAllowed, NotFound, Problem
from tests.factories.accounts import PASSWORD, Caller, make_api_client, make_caller, make_centre
from tests.factories.races import overtake


def _create(database: Database, **changes) -> None:
    fields = {"email": "a@example.org", "name": "A", "role": "organiser", "password": PASSWORD, **changes}
    with database.write() as session:
        accounts.create_account(session, SYSTEM, AccountCreate.model_validate(fields))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"role": "coordinator"}, "centre_needed"),
        ({"role": "coordinator", "centre": "qh-nowhere"}, "unknown_centre"),
    ],
)
def test_account_with_a_wrong_centre_is_refused(database: Database, changes: dict, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        _create(database, **changes)
    assert [error.code for error in caught.value.errors] == [code]


def test_address_is_taken_whatever_its_capitals(database: Database) -> None:
    _create(database)
    with pytest.raises(Conflict):
        _create(database, email="A@Example.org")


def test_only_administrators_keep_accounts_keys_and_centres(database: Database) -> None:
    organiser = make_caller(database, role="organiser")
    create = AccountCreate.model_validate(
        {"email": "b@example.org", "name": "B", "role": "administrator", "password": PASSWORD}
    )
    client = ApiClientCreate.model_validate({"name": "X", "scopes": ["profiles:read"]})
    steps = (
        lambda session: accounts.create_account(session, organiser.principal, create),
        lambda session: accounts.accounts(session, organiser.principal),
        lambda session: accounts.create_api_client(session, organiser.principal, client),
        lambda session: accounts.api_clients(session, organiser.principal),
        lambda session: accounts.revoke_api_client(session, organiser.principal, uuid4()),
        lambda session: accounts.set_active(session, organiser.principal, uuid4(), active=True),
        lambda session: accounts.set_password(session, organiser.principal, uuid4(), PASSWORD),
    )
    for step in steps:
        with pytest.raises(NotAllowed), database.write() as session:
            step(session)


def test_nobody_locks_out_themselves(database: Database, administrator: Caller) -> None:
    assert administrator.principal.id is not None
    with pytest.raises(Conflict), database.write() as session:
        accounts.set_active(session, administrator.principal, administrator.principal.id, active=False)


def test_unknown_account_or_key_is_told(database: Database) -> None:
    for step in (
        lambda session: accounts.set_active(session, SYSTEM, uuid4(), active=True),
        lambda session: accounts.revoke_api_client(session, SYSTEM, uuid4()),
    ):
        with pytest.raises(NotFound), database.write() as session:
            step(session)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"scopes": ["accounts:write"]}, "scope_not_for_keys"),
        ({"scopes": ["profiles:write"]}, "agency_needed"),
    ],
)
def test_key_that_may_too_much_is_refused(database: Database, fields: dict, code: str) -> None:
    create = ApiClientCreate.model_validate({"name": "X", **fields})
    with pytest.raises(InvalidInput) as caught, database.write() as session:
        accounts.create_api_client(session, SYSTEM, create)
    assert [error.code for error in caught.value.errors] == [code]


def test_revoked_key_opens_nothing(database: Database) -> None:
    caller = make_api_client(database)
    assert isinstance(caller.principal.id, UUID)
    with database.write() as session:
        first = accounts.revoke_api_client(session, SYSTEM, caller.principal.id)
        again = accounts.revoke_api_client(session, SYSTEM, caller.principal.id)
    assert first.revoked_at == again.revoked_at
    with database.read() as session:
        assert accounts.principal_of_key(session, caller.token) is None


def test_key_is_kept_as_a_hash_only(database: Database) -> None:
    caller = make_api_client(database)
    with database.read() as session:
        (client,) = accounts.api_clients(session, SYSTEM)
        assert caller.token.startswith(client.key_prefix)
        assert caller.token not in str(client)
        assert accounts.principal_of_key(session, caller.token[:-1]) is None


def test_failed_attempt_at_an_unknown_address_is_no_mistake(database: Database) -> None:
    with database.write() as session:
        accounts.failed_attempt(session, "nobody@example.org")
    with pytest.raises(Problem), database.read() as session:
        accounts.check_password(session, "nobody@example.org", PASSWORD)


def test_failed_attempts_at_the_same_moment_all_count(database: Database) -> None:
    caller = make_caller(database, role="administrator")

    def fail(session: Session) -> None:
        accounts.failed_attempt(session, caller.email)

    assert overtake(database, fail, fail) is None
    with database.read() as session:
        assert session.get_one(Account, caller.principal.id).failed_sign_ins == 2


def test_coordinator_comes_with_the_centre(database: Database) -> None:
    make_centre(database)
    caller = make_caller(database, role="coordinator", centre="qh-berlin")
    assert (caller.principal.centre, caller.principal.agency) == ("qh-berlin", "qh-berlin")
    assert Permission.PROFILES_REVIEW in caller.principal.permissions
    with database.read() as session:
        (account,) = accounts.accounts(session, SYSTEM)
    assert account.centre == "qh-berlin"


def test_centre_code_is_taken_once(database: Database) -> None:
    make_centre(database)
    with pytest.raises(Conflict):
        make_centre(database)
    with database.read() as session:
        assert centres.get(session, uuid4()) is None
        assert [one.code for one in centres.every(session)] == ["qh-berlin"]
    with pytest.raises(ValueError, match="code"):
        CentreCreate.model_validate({"code": "Орталық", "name": {"kk": "x"}, "country": "DE", "city": "x"})
