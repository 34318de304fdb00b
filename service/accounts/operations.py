"""Who may do what: signing in, keeping accounts and keys."""

import math
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID, uuid4

from service.accounts import repository
from service.accounts.models import Account, ApiClient, SignIn
from service.accounts.schemas import (
    API_SCOPES,
    ROLE_PERMISSIONS,
    AccountCreate,
    AccountRead,
    ApiClientCreate,
    ApiClientRead,
    Permission,
    Principal,
    Role,
)
from service.centres import operations as centres
from service.platform import audit, clock, security
from service.platform.database import Session
from service.platform.i18n import message
from service.platform.problems import (
    Conflict,
    FieldError,
    InvalidInput,
    NotAllowed,
    NotFound,
    NotSignedIn,
    TooManyAttempts,
)

FREE_ATTEMPTS = 5
LONGEST_LOCK = timedelta(minutes=15)


def require(principal: Principal, permission: Permission) -> None:
    """Go on only when the principal may do this.

    Raises NotAllowed.
    """
    if permission not in principal.permissions:
        raise NotAllowed(
            message(
                "This needs the permission {permission}. Ask an administrator.", permission=permission.value
            )
        )


def create_account(session: Session, principal: Principal, create: AccountCreate) -> AccountRead:
    """Save a new account.

    Raises NotAllowed, Conflict for an address that is taken, InvalidInput for a wrong centre.
    """
    require(principal, Permission.ACCOUNTS_WRITE)
    if repository.account_by_email(session, create.email) is not None:
        raise Conflict(message("There is an account with this e-mail address already."))
    centre = centres.find(session, create.centre) if create.centre else None
    if create.centre and centre is None:
        sentence = message("There is no centre with the code {code}.", code=create.centre)
        raise InvalidInput([FieldError(("centre",), "unknown_centre", sentence)])
    if create.role is Role.COORDINATOR and centre is None:
        sentence = message("A coordinator works for a centre: choose one.")
        raise InvalidInput([FieldError(("centre",), "centre_needed", sentence)])
    account = Account.model_validate(
        create,
        update={
            "centre_id": centre.id if centre else None,
            "password_hash": security.hash_password(create.password.get_secret_value()),
            "created_at": clock.now(),
        },
    )
    session.add(account)
    session.flush()
    audit.record(session, principal.actor, "account.created", "account", account.id, role=account.role)
    return _read(session, account)


def accounts(session: Session, principal: Principal) -> list[AccountRead]:
    """List the accounts.

    Raises NotAllowed.
    """
    require(principal, Permission.ACCOUNTS_WRITE)
    return [_read(session, account) for account in repository.accounts(session)]


def set_active(session: Session, principal: Principal, account_id: UUID, *, active: bool) -> AccountRead:
    """Let an account in or lock it out; locking out ends its sign-ins at once.

    Raises NotAllowed, NotFound, Conflict when somebody locks out themselves.
    """
    require(principal, Permission.ACCOUNTS_WRITE)
    account = _account(session, account_id)
    if account.id == principal.id and not active:
        raise Conflict(message("You cannot lock out yourself; ask another administrator."))
    account.active = active
    if not active:
        repository.end_sign_ins(session, account.id)
    audit.record(
        session, principal.actor, "account.active", "account", account.id, active=str(active).lower()
    )
    return _read(session, account)


def set_password(session: Session, principal: Principal, account_id: UUID, password: str) -> None:
    """Give an account a new password and end its sign-ins.

    Raises NotAllowed, NotFound.
    """
    if account_id != principal.id:
        require(principal, Permission.ACCOUNTS_WRITE)
    account = _account(session, account_id)
    account.password_hash = security.hash_password(password)
    account.failed_sign_ins, account.locked_until = 0, None
    repository.end_sign_ins(session, account.id)
    audit.record(session, principal.actor, "account.password", "account", account.id)


def failed_attempt(session: Session, email: str) -> None:
    """Count a failed sign-in; from the sixth on the account rests, longer each time."""
    account = repository.account_by_email(session, email, lock=True)
    if account is None:
        return
    account.failed_sign_ins += 1
    over = account.failed_sign_ins - FREE_ATTEMPTS
    if over > 0:
        account.locked_until = clock.now() + min(timedelta(seconds=2 ** min(over, 10)), LONGEST_LOCK)


def check_password(session: Session, email: str, password: str) -> UUID:
    """Give the id of the account that an address and a password open; changes nothing.

    Raises NotSignedIn, TooManyAttempts while the account rests.
    """
    account = repository.account_by_email(session, email)
    if account is not None and account.locked_until is not None and account.locked_until > clock.now():
        rest = account.locked_until - clock.now()
        raise TooManyAttempts(
            message("Too many failed sign-ins. Wait a few minutes and try again."),
            retry_after=math.ceil(rest.total_seconds()),
        )
    usable = account is not None and account.active
    matches = security.password_matches(password, account.password_hash if account and usable else None)
    if account is None or not matches:
        raise NotSignedIn(message("The e-mail address or the password is not right."))
    return account.id


def sign_in(session: Session, account_id: UUID, *, hours: int) -> str:
    """Open a session for an account whose password was checked; give the token for its cookie."""
    account = _account(session, account_id)
    account.failed_sign_ins, account.locked_until = 0, None
    repository.forget_expired_sign_ins(session, clock.now())
    token = security.new_token()
    session.add(
        SignIn(
            id=uuid4(),
            token_hash=security.hash_token(token),
            account_id=account.id,
            created_at=clock.now(),
            expires_at=clock.now() + timedelta(hours=hours),
        )
    )
    audit.record(session, f"account:{account.id}", "account.signed_in", "account", account.id)
    return token


def sign_out(session: Session, principal: Principal) -> None:
    """End the session that the principal came with."""
    assert principal.id is not None
    repository.end_sign_ins(session, principal.id, only=principal.session_id)


def principal_of_session(session: Session, token: str) -> Principal | None:
    """Tell who holds a session token."""
    found = repository.signed_in_account(session, security.hash_token(token), clock.now())
    if found is None:
        return None
    account, sign_in_row = found
    centre = centres.get(session, account.centre_id) if account.centre_id else None
    return Principal(
        kind="account",
        id=account.id,
        permissions=ROLE_PERMISSIONS[Role(account.role)],
        role=Role(account.role),
        agency=centre.code if centre else None,
        centre=centre.code if centre else None,
        name=account.name,
        language=account.language,
        session_id=sign_in_row.id,
    )


def create_api_client(
    session: Session, principal: Principal, create: ApiClientCreate
) -> tuple[ApiClientRead, str]:
    """Save a new API client and give its key, which is never shown again.

    Raises NotAllowed, InvalidInput for a scope that no key may have.
    """
    require(principal, Permission.ACCOUNTS_WRITE)
    refused = sorted(set(create.scopes) - API_SCOPES)
    if refused:
        sentence = message("A key cannot be given {scopes}.", scopes=", ".join(refused))
        raise InvalidInput([FieldError(("scopes",), "scope_not_for_keys", sentence)])
    if Permission.PROFILES_WRITE in create.scopes and create.agency is None:
        sentence = message("A key that writes profiles belongs to an agency: give the agency's code.")
        raise InvalidInput([FieldError(("agency",), "agency_needed", sentence)])
    key = security.API_KEY_PREFIX + security.new_token()
    client = ApiClient(
        name=create.name,
        agency=create.agency,
        scopes=sorted(set(create.scopes)),
        key_prefix=key[:8],
        key_hash=security.hash_token(key),
        created_at=clock.now(),
    )
    session.add(client)
    session.flush()
    audit.record(session, principal.actor, "api_client.created", "api_client", client.id)
    return ApiClientRead.model_validate(client), key


def api_clients(session: Session, principal: Principal) -> list[ApiClientRead]:
    """List the API clients.

    Raises NotAllowed.
    """
    require(principal, Permission.ACCOUNTS_WRITE)
    return [ApiClientRead.model_validate(client) for client in repository.api_clients(session)]


def revoke_api_client(session: Session, principal: Principal, client_id: UUID) -> ApiClientRead:
    """Take a key out of use from the next request on.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.ACCOUNTS_WRITE)
    client = session.get(ApiClient, client_id)
    if client is None:
        raise NotFound(message("There is no such API client."))
    client.revoked_at = client.revoked_at or clock.now()
    audit.record(session, principal.actor, "api_client.revoked", "api_client", client.id)
    return ApiClientRead.model_validate(client)


def principal_of_key(session: Session, key: str) -> Principal | None:
    """Tell which API client holds a key."""
    client = repository.api_client_by_key_hash(session, security.hash_token(key))
    if client is None:
        return None
    return Principal(
        kind="api_client",
        id=client.id,
        permissions=frozenset(Permission(scope) for scope in client.scopes),
        agency=client.agency,
        name=client.name,
    )


def names_of(session: Session, actors: Iterable[str]) -> dict[str, str]:
    """Give the names of the people and programs that an audit trail names; others have none."""
    found: dict[str, str] = {}
    for actor in actors:
        kind, _, identifier = actor.partition(":")
        row: Account | ApiClient | None = None
        match kind:
            case "account":
                row = session.get(Account, UUID(identifier))
            case "api_client":
                row = session.get(ApiClient, UUID(identifier))
        if row is not None:
            found[actor] = row.name
    return found


def _account(session: Session, account_id: UUID) -> Account:
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound(message("There is no such account."))
    return account


def _read(session: Session, account: Account) -> AccountRead:
    centre = centres.get(session, account.centre_id) if account.centre_id else None
    return AccountRead.model_validate(account, update={"centre": centre.code if centre else None})
