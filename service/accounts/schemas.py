"""What callers send and get about accounts, and the principal that every operation is asked by."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, SecretStr
from pydantic import Field as PydanticField
from sqlmodel import Field, SQLModel

from service.platform.i18n import SOURCE_LANGUAGE
from service.platform.values import Code, Email, ShortText

LEAST_PASSWORD = 12


class Permission(StrEnum):
    """One thing that a principal may do; API keys name them as scopes."""

    PROFILES_READ = "profiles:read"
    PROFILES_WRITE = "profiles:write"
    PROFILES_REVIEW = "profiles:review"
    CONTACTS_READ = "contacts:read"
    FORUMS_READ = "forums:read"
    FORUMS_WRITE = "forums:write"
    MATCH_LISTS_READ = "match-lists:read"
    MATCH_LISTS_WRITE = "match-lists:write"
    PROPOSALS_READ = "proposals:read"
    PROPOSALS_WRITE = "proposals:write"
    MEETINGS_READ = "meetings:read"
    MEETINGS_WRITE = "meetings:write"
    CENTRES_WRITE = "centres:write"
    ACCOUNTS_WRITE = "accounts:write"


class Role(StrEnum):
    """What kind of work a person does here."""

    ADMINISTRATOR = "administrator"
    COORDINATOR = "coordinator"
    ORGANISER = "organiser"


ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(Permission),
    Role.COORDINATOR: frozenset(
        {
            Permission.PROFILES_READ,
            Permission.PROFILES_WRITE,
            Permission.PROFILES_REVIEW,
            Permission.CONTACTS_READ,
            Permission.FORUMS_READ,
            Permission.MATCH_LISTS_READ,
            Permission.PROPOSALS_READ,
            Permission.PROPOSALS_WRITE,
            Permission.MEETINGS_READ,
        }
    ),
    Role.ORGANISER: frozenset(
        {
            Permission.PROFILES_READ,
            Permission.FORUMS_READ,
            Permission.FORUMS_WRITE,
            Permission.MATCH_LISTS_READ,
            Permission.MATCH_LISTS_WRITE,
            Permission.PROPOSALS_READ,
            Permission.PROPOSALS_WRITE,
            Permission.MEETINGS_READ,
            Permission.MEETINGS_WRITE,
        }
    ),
}

# What a key may be given: never the keeping of accounts or centres.
API_SCOPES = frozenset(
    {
        Permission.PROFILES_READ,
        Permission.PROFILES_WRITE,
        Permission.FORUMS_READ,
        Permission.FORUMS_WRITE,
        Permission.MATCH_LISTS_READ,
        Permission.MATCH_LISTS_WRITE,
        Permission.PROPOSALS_READ,
        Permission.PROPOSALS_WRITE,
        Permission.MEETINGS_READ,
        Permission.MEETINGS_WRITE,
    }
)


@dataclass(frozen=True)
class Principal:
    """Who asks: a person, an API client, or the service's own command line and jobs."""

    kind: str
    id: UUID | None
    permissions: frozenset[Permission]
    role: Role | None = None
    agency: str | None = None
    """Source agency whose rows this principal writes; None means that it may name one."""
    centre: str | None = None
    """Code of the centre whose entrepreneurs this coordinator keeps."""
    name: str = ""
    language: str = SOURCE_LANGUAGE
    session_id: UUID | None = None

    @property
    def actor(self) -> str:
        """How the audit trail names this principal."""
        return self.kind if self.id is None else f"{self.kind}:{self.id}"


SYSTEM = Principal(kind="system", id=None, permissions=frozenset(Permission), role=Role.ADMINISTRATOR)


class AccountFields(SQLModel):
    """What an account is known by."""

    email: Email = Field(max_length=254)
    name: ShortText = Field(min_length=1, max_length=120)
    language: str = Field(default=SOURCE_LANGUAGE, max_length=2, schema_extra={"pattern": "^(kk|ru|en)$"})


class AccountCreate(AccountFields):
    """A person who shall be able to sign in."""

    model_config = ConfigDict(extra="forbid")  # type: ignore[assignment]  # SQLModel narrows pydantic's type

    role: Role
    centre: Code | None = Field(default=None, description="Code of the centre that a coordinator works for.")
    password: SecretStr = Field(min_length=LEAST_PASSWORD, max_length=200)


class AccountRead(AccountFields):
    """An account as it stands."""

    id: UUID
    role: Role
    centre: str | None
    active: bool


class ApiClientCreate(BaseModel):
    """An outside program that shall call the API."""

    model_config = ConfigDict(extra="forbid")

    name: ShortText = PydanticField(min_length=1, max_length=120)
    agency: Code | None = PydanticField(None, max_length=32, description="Source agency of what it sends.")
    scopes: list[Permission] = PydanticField(min_length=1)


class ApiClientRead(BaseModel):
    """An API client as it stands; the key itself is shown once, when it is made."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    agency: str | None
    scopes: list[Permission]
    key_prefix: str
    created_at: datetime
    revoked_at: datetime | None
