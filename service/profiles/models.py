"""Tables of the profiles: two sides of equal shape, each with its statements and consents."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field

from service.platform.database import UtcDateTime
from service.profiles.schemas import (
    ConsentFields,
    ContactFields,
    EntrepreneurFields,
    ExporterFields,
    ProfileFields,
    StatementFields,
)

_PROFILE_CHECKS = (
    CheckConstraint(
        "review_status IN ('submitted', 'approved', 'rejected', 'expired')", name="review_status_known"
    ),
    CheckConstraint(
        "review_status <> 'rejected' OR rejection_reason IS NOT NULL", name="rejection_has_reason"
    ),
    CheckConstraint("size_band IN ('micro', 'small', 'medium', 'large')", name="size_band_known"),
    CheckConstraint("activity_scheme IN ('oked', 'nace', 'isic')", name="activity_scheme_known"),
    CheckConstraint("(activity_code IS NULL) OR (activity_scheme IS NOT NULL)", name="activity_has_scheme"),
    CheckConstraint("length(country) = 2", name="country_is_code"),
)


def _profile_constraints(*more: Any) -> tuple[Any, ...]:
    return (
        UniqueConstraint("source_agency", "external_id"),
        *(CheckConstraint(check.sqltext, name=check.name) for check in _PROFILE_CHECKS),
        *more,
    )


def _statement_constraints(owner: str) -> tuple[Any, ...]:
    return (
        UniqueConstraint(owner, "side", "position"),
        CheckConstraint("side IN ('offers', 'seeks')", name="side_known"),
        CheckConstraint(
            "capacity_period IN ('day', 'week', 'month', 'quarter', 'year')", name="capacity_period_known"
        ),
    )


def _consent_constraints(owner: str) -> tuple[Any, ...]:
    return (
        UniqueConstraint(owner, "purpose", "wording_version", "given_on"),
        CheckConstraint("purpose IN ('matching', 'kandas_status')", name="purpose_known"),
    )


class ProfileRow(ContactFields, ProfileFields):
    """A profile of either side, with what the service adds to what was sent."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    source_agency: str = Field(max_length=32)
    revision: int = 1
    content_digest: str = Field(max_length=64, description="Of the sent fields; equal means unchanged.")
    search_text: str = Field(sa_type=Text, description="Case-folded words that a search looks in.")
    review_status: str = Field(default="submitted", max_length=10, index=True)
    rejection_reason: str | None = Field(default=None, max_length=1000)
    sanction_note: str | None = Field(default=None, max_length=1000)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    archived_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class StatementRow(StatementFields):
    """An offer or a request of either side, and which one it is."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    owner_id: UUID
    side: str = Field(max_length=6)
    position: int


class ConsentRow(ConsentFields):
    """A consent of either side, with what the service adds to what was sent."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    owner_id: UUID
    recorded_by: str = Field(max_length=80)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Entrepreneur(ProfileRow, EntrepreneurFields, table=True):
    """A diaspora entrepreneur."""

    __tablename__ = "entrepreneur"
    __table_args__ = _profile_constraints()

    centre: str | None = Field(default=None, max_length=32, foreign_key="centre.code", index=True)


class EntrepreneurStatement(StatementRow, table=True):
    """An offer or a request of an entrepreneur."""

    __tablename__ = "entrepreneur_statement"
    __table_args__ = _statement_constraints("owner_id")

    owner_id: UUID = Field(foreign_key="entrepreneur.id", ondelete="CASCADE")


class EntrepreneurConsent(ConsentRow, table=True):
    """A consent of an entrepreneur."""

    __tablename__ = "entrepreneur_consent"
    __table_args__ = _consent_constraints("owner_id")

    owner_id: UUID = Field(foreign_key="entrepreneur.id", ondelete="CASCADE")


class Exporter(ProfileRow, ExporterFields, table=True):
    """A Kazakhstani exporter."""

    __tablename__ = "exporter"
    __table_args__ = _profile_constraints(
        CheckConstraint(
            "programme IN ('qazaq_house', 'turakty_auyl', 'bereke', 'otandastar')", name="programme_known"
        ),
        CheckConstraint("bin IS NULL OR length(bin) = 12", name="bin_has_twelve_digits"),
    )


class ExporterStatement(StatementRow, table=True):
    """An offer or a request of an exporter."""

    __tablename__ = "exporter_statement"
    __table_args__ = _statement_constraints("owner_id")

    owner_id: UUID = Field(foreign_key="exporter.id", ondelete="CASCADE")


class ExporterConsent(ConsentRow, table=True):
    """A consent of an exporter."""

    __tablename__ = "exporter_consent"
    __table_args__ = _consent_constraints("owner_id")

    owner_id: UUID = Field(foreign_key="exporter.id", ondelete="CASCADE")
