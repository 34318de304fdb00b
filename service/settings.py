"""Settings of the service: one frozen object, read from the environment once."""

import secrets
from email.utils import parseaddr
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

MEBIBYTE = 1024 * 1024


class Environment(StrEnum):
    """Where the service runs; production asks for more care."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class SmtpSecurity(StrEnum):
    """How the connection to the mail server is protected."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class Settings(BaseSettings):
    """Everything that the place of work decides; the parameters of the matcher are not here."""

    model_config = SettingsConfigDict(frozen=True, env_file=None, extra="ignore")

    environment: Environment = Field(
        Environment.DEVELOPMENT, description="`production` refuses to start without SECRET_KEY."
    )
    data_dir: Path = Field(
        Path("var"), description="Folder of the embedded database and of the generated secret."
    )
    database_url: str = Field(
        "", description="SQLAlchemy address of the database; empty means SQLite inside DATA_DIR."
    )
    database_replica_url: SecretStr = Field(
        SecretStr(""),
        description="Address of a read replica of the PostgreSQL database; match lists are read from it.",
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=1, le=65535, description="Port to listen on.")
    secret_key: SecretStr = Field(
        SecretStr(""),
        description="Signs sessions and forms; in development one is generated and kept in DATA_DIR.",
    )
    secure_cookies: bool | None = Field(
        None, description="Send cookies over HTTPS only; by default on in production, off otherwise."
    )
    threads: int = Field(
        8, ge=2, le=64, description="Requests worked on at once; the database pool is as large."
    )
    max_body_mb: int = Field(64, ge=1, le=1024, description="Largest request body, in MiB.")
    import_memory_mb: int = Field(
        1024, ge=256, description="Memory that the process which reads an uploaded file may use, in MiB."
    )
    import_seconds: int = Field(
        300, ge=5, description="Time that the process which reads an uploaded file may take, in seconds."
    )
    session_hours: int = Field(12, ge=1, le=720, description="How long a sign-in lasts, in hours.")
    quiet: bool = Field(False, description="Log warnings and errors only.")
    match_workers: str = Field(
        "threads",
        pattern=r"^(threads|processes|[a-z]+://\S+)$",
        description="Who ranks match lists: `threads`, `processes`, or the address of a Dask scheduler.",
    )
    run_jobs: bool = Field(True, description="Run background work inside this process.")

    public_url: str = Field(
        "", description="Address at which participants reach the service; links in letters begin with it."
    )
    smtp_host: str = Field("", description="Mail server; empty keeps letters in the outbox to be read there.")
    smtp_port: int = Field(587, ge=1, le=65535, description="Port of the mail server.")
    smtp_security: SmtpSecurity = Field(
        SmtpSecurity.STARTTLS, description="`tls` from the start (465), `starttls` (587), or `none`."
    )
    smtp_user: str = Field("", description="Name to sign in to the mail server with; empty signs in nobody.")
    smtp_password: SecretStr = Field(SecretStr(""), description="Password at the mail server.")
    smtp_from: str = Field(
        "", description="Sender of letters, such as `Qazaq House <forum@example.org>`; needed with SMTP_HOST."
    )

    @model_validator(mode="after")
    def _letters_need_a_sender_and_an_address(self) -> Self:
        if self.smtp_host and "@" not in parseaddr(self.smtp_from)[1]:
            raise ValueError("SMTP_FROM is not an address: letters need a sender when SMTP_HOST is set.")
        if self.smtp_host and self.environment is Environment.PRODUCTION and not self.public_url:
            raise ValueError("PUBLIC_URL is not set: the links in letters begin with it.")
        return self

    @model_validator(mode="after")
    def _production_needs_a_secret(self) -> Self:
        least = 32
        given = len(self.secret_key.get_secret_value())
        if self.environment is Environment.PRODUCTION and given == 0:
            raise ValueError("SECRET_KEY is not set: production needs one of at least 32 characters.")
        if 0 < given < least:
            raise ValueError(f"SECRET_KEY has {given} characters: give at least {least}.")
        return self

    @model_validator(mode="after")
    def _only_postgresql_has_replicas(self) -> Self:
        if self.database_replica_url.get_secret_value() and not self.database_url.startswith("postgresql"):
            raise ValueError("DATABASE_REPLICA_URL is set, and DATABASE_URL is no PostgreSQL database.")
        return self

    @cached_property
    def resolved_database_url(self) -> str:
        """Address of the database, the embedded one where none is set."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'qazaq-house.sqlite3'}"

    @property
    def index_dir(self) -> Path:
        """Folder of the saved partner indexes; it can be deleted at any time."""
        return self.data_dir / "index"

    @cached_property
    def signing_key(self) -> str:
        """Key that signs cookies and forms; generated once per data folder outside production."""
        given = self.secret_key.get_secret_value()
        if given:
            return given
        kept = self.data_dir / "secret.key"
        self.data_dir.mkdir(parents=True, exist_ok=True)
        try:
            with kept.open("x", encoding="ascii") as file:
                kept.chmod(0o600)
                file.write(secrets.token_urlsafe(48))
        except FileExistsError:
            pass
        return kept.read_text(encoding="ascii")

    @property
    def public_address(self) -> str:
        """Address that links in letters begin with; where none is set, this very process."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"

    @property
    def cookies_over_https_only(self) -> bool:
        """Whether cookies carry the Secure flag."""
        if self.secure_cookies is None:
            return self.environment is Environment.PRODUCTION
        return self.secure_cookies

    @property
    def max_body_bytes(self) -> int:
        """Largest request body in bytes."""
        return self.max_body_mb * MEBIBYTE
