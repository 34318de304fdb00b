"""Tables of accounts, sign-ins and API clients."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import JSON, CheckConstraint
from sqlmodel import Field, SQLModel

from service.accounts.schemas import AccountFields
from service.platform.database import UtcDateTime


class Account(AccountFields, table=True):
    """A person who signs in."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("role IN ('administrator', 'coordinator', 'organiser')", name="role_known"),
        CheckConstraint("language IN ('kk', 'ru', 'en')", name="language_known"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    email: str = Field(max_length=254, unique=True)
    role: str = Field(max_length=20)
    centre_id: UUID | None = Field(default=None, foreign_key="centre.id")
    password_hash: str = Field(max_length=200)
    active: bool = True
    failed_sign_ins: int = 0
    locked_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)


class SignIn(SQLModel, table=True):
    """One browser that is signed in; its cookie holds the token whose hash stands here."""

    __tablename__ = "sign_in"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    token_hash: str = Field(max_length=64, unique=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)


class ApiClient(SQLModel, table=True):
    """An outside program that calls the API with a key."""

    __tablename__ = "api_client"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    name: str = Field(max_length=120)
    agency: str | None = Field(default=None, max_length=32)
    scopes: list[str] = Field(sa_type=JSON)
    key_prefix: str = Field(max_length=12)
    key_hash: str = Field(max_length=64, unique=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
