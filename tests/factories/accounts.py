"""Accounts, keys and signed-in callers."""

from dataclasses import dataclass
from itertools import count
from typing import Any

from service.accounts import operations as accounts
from service.accounts.schemas import SYSTEM, AccountCreate, ApiClientCreate, Principal
from service.centres import operations as centres
from service.centres.schemas import CentreCreate
from service.platform.database import Database

PASSWORD = "correct horse battery staple"
_numbers = count(1)


@dataclass(frozen=True)
class Caller:
    """Somebody who can call: as a principal from inside, or with a token through the door."""

    principal: Principal
    token: str
    email: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """Headers of an API call."""
        return {"Authorization": f"Bearer {self.token}"}


def make_centre(database: Database, code: str = "qh-berlin", **changes: Any) -> None:
    """Open a centre."""
    fields = {
        "code": code,
        "name": {"kk": "Берлин орталығы", "en": "Berlin centre"},
        "country": "DE",
        "city": "Berlin",
        "time_zone": "Europe/Berlin",
        **changes,
    }
    with database.write() as session:
        centres.open_centre(session, CentreCreate.model_validate(fields))


def make_caller(
    database: Database,
    *,
    role: str,
    centre: str | None = None,
) -> Caller:
    """Make an account and sign it in; the token is that of its session."""
    email = f"{role}{next(_numbers)}@example.org"
    create = AccountCreate.model_validate(
        {"email": email, "name": role.title(), "role": role, "centre": centre, "password": PASSWORD}
    )
    with database.write() as session:
        account = accounts.create_account(session, SYSTEM, create)
        token = accounts.sign_in(session, account.id, hours=1)
    with database.read() as session:
        signed_in = accounts.principal_of_session(session, token)
    assert signed_in is not None
    return Caller(signed_in, token, email)


def make_api_client(
    database: Database,
    *,
    scopes: tuple[str, ...] = ("profiles:read", "profiles:write"),
    agency: str | None = "test-agency",
) -> Caller:
    """Make an API client with a key."""
    create = ApiClientCreate.model_validate({"name": "Agency", "agency": agency, "scopes": list(scopes)})
    with database.write() as session:
        _, key = accounts.create_api_client(session, SYSTEM, create)
    with database.read() as session:
        principal = accounts.principal_of_key(session, key)
    assert principal is not None
    return Caller(principal, key)
