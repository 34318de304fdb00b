"""Queries over accounts, sign-ins and API clients."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func
from sqlmodel import col, select

from service.accounts.models import Account, ApiClient, SignIn
from service.platform.database import Session


def account_by_email(session: Session, email: str, *, lock: bool = False) -> Account | None:
    """Find an account by its address, whatever its letters' case; locked, nobody else changes it."""
    # PostgreSQL takes no text with a NUL character, which no address holds.
    address = email.strip().lower().replace("\x00", "\ufffd")
    wanted = select(Account).where(func.lower(Account.email) == address)
    return session.exec(wanted.with_for_update() if lock else wanted).first()


def accounts(session: Session) -> list[Account]:
    """List every account by its address."""
    return list(session.exec(select(Account).order_by(col(Account.email))))


def signed_in_account(session: Session, token_hash: str, now: datetime) -> tuple[Account, SignIn] | None:
    """Find who holds a session token that still counts."""
    return session.exec(
        select(Account, SignIn)
        .join(SignIn, col(SignIn.account_id) == col(Account.id))
        .where(SignIn.token_hash == token_hash, SignIn.expires_at > now, col(Account.active).is_(True))
    ).first()


def end_sign_ins(session: Session, account_id: UUID, *, only: UUID | None = None) -> None:
    """End one or all sign-ins of an account."""
    ended = delete(SignIn).where(col(SignIn.account_id) == account_id)
    session.execute(ended if only is None else ended.where(col(SignIn.id) == only))


def forget_expired_sign_ins(session: Session, now: datetime) -> None:
    """Delete the sign-ins whose time is over."""
    session.execute(delete(SignIn).where(col(SignIn.expires_at) <= now))


def api_client_by_key_hash(session: Session, key_hash: str) -> ApiClient | None:
    """Find the client that holds a key."""
    return session.exec(
        select(ApiClient).where(ApiClient.key_hash == key_hash, col(ApiClient.revoked_at).is_(None))
    ).first()


def api_clients(session: Session) -> list[ApiClient]:
    """List every API client, newest first."""
    return list(session.exec(select(ApiClient).order_by(col(ApiClient.created_at).desc(), col(ApiClient.id))))
