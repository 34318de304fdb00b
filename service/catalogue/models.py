"""Tables of the catalogue."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.platform.database import UtcDateTime


class IndexVersion(SQLModel, table=True):
    """Statistics that are in force for all processes from the moment on in which they can be seen here."""

    __tablename__ = "index_version"
    __table_args__ = (
        UniqueConstraint(
            "config_digest", "matcher_version", "statistics_version", name="uq_index_version_statistics"
        ),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    config_digest: str = Field(max_length=64)
    matcher_version: int
    statistics_version: int = Field(
        sa_type=BigInteger, description="Version of the change feed whose profiles they were learned from."
    )
    n_profiles: int
    statistics: bytes = Field(sa_type=LargeBinary)
    published_at: datetime = Field(sa_type=UtcDateTime)
