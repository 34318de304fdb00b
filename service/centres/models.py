"""Table of the centres."""

from uuid import UUID, uuid4

from sqlalchemy import JSON
from sqlmodel import Field

from service.centres.schemas import CentreFields


class Centre(CentreFields, table=True):
    """A Qazaq House centre abroad."""

    __tablename__ = "centre"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    code: str = Field(max_length=32, unique=True)
    name: dict[str, str] = Field(sa_type=JSON)
