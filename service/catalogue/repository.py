"""Queries of the catalogue."""

from sqlmodel import col, select

from matching import MATCHER_VERSION
from service.catalogue.models import IndexVersion
from service.platform.database import Session


def in_force(session: Session, config_digest: str, version: int) -> int | None:
    """Give the version of the statistics in force at a version of the feed; None where none are published."""
    return session.exec(
        select(IndexVersion.statistics_version)
        .where(
            IndexVersion.config_digest == config_digest,
            IndexVersion.matcher_version == MATCHER_VERSION,
            IndexVersion.statistics_version <= version,
        )
        .order_by(col(IndexVersion.statistics_version).desc())
        .limit(1)
    ).first()


def published(session: Session, config_digest: str, statistics_version: int) -> IndexVersion | None:
    """Find published statistics."""
    return session.exec(
        select(IndexVersion).where(
            IndexVersion.config_digest == config_digest,
            IndexVersion.matcher_version == MATCHER_VERSION,
            IndexVersion.statistics_version == statistics_version,
        )
    ).first()
