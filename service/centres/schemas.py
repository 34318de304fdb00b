"""What callers send and get about centres."""

from uuid import UUID

from pydantic import ConfigDict
from sqlalchemy import String
from sqlmodel import Field, SQLModel

from service.platform.values import Code, CountryCode, LocalisedName, ShortText, TimeZone


class CentreFields(SQLModel):
    """What a centre is known by."""

    code: Code = Field(max_length=32, description="Short code, such as `qh-berlin`; also its source agency.")
    name: LocalisedName
    country: CountryCode = Field(sa_type=String(2))
    city: ShortText = Field(max_length=120)
    time_zone: TimeZone = Field(max_length=60)


class CentreCreate(CentreFields):
    """A centre to be opened."""

    model_config = ConfigDict(extra="forbid")  # type: ignore[assignment]  # SQLModel narrows pydantic's type


class CentreRead(CentreFields):
    """A centre as it stands."""

    id: UUID
