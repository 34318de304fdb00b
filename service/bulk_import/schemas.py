"""What callers send and get about imports."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, computed_field, field_validator

from service.platform.i18n import message
from service.platform.problems import InvalidValueError
from service.platform.values import Code, EmptyIsNone
from service.profiles.vocabulary import Kind


class RunState(StrEnum):
    """Where an import stands."""

    QUEUED = "queued"
    READING = "reading"
    DONE = "done"
    FAILED = "failed"


class ImportOptions(BaseModel):
    """How the rows of a file are taken."""

    model_config = ConfigDict(extra="forbid", validate_default=True)

    approve: bool = Field(False, description="Approve the rows that land; for those who may review.")
    consent_given_on: Annotated[date | None, EmptyIsNone] = Field(
        None, description="Every business of the file agreed by this day; for rows without a column for it."
    )
    consent_language: Annotated[Literal["kk", "ru", "en"] | None, EmptyIsNone] = None
    source_agency: Annotated[Code | None, EmptyIsNone] = Field(None, max_length=32)

    @field_validator("consent_language")
    @classmethod
    def _consent_has_a_language(cls, value: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("consent_given_on") is not None and value is None:
            raise InvalidValueError(
                "consent_language_needed", message("Say in which language the consent was given.")
            )
        return value


class FileProblem(BaseModel):
    """Why a whole file could not be read."""

    code: str
    message: str


class ImportRunRead(BaseModel):
    """An import as it stands."""

    id: UUID
    kind: Kind
    source_agency: str | None
    file_name: str
    size: int = Field(description="Bytes.")
    state: RunState
    created: int
    updated: int
    unchanged: int
    rejected: int
    rows_read: int
    rows_total: int | None = Field(description="Known once the file was read to its end.")
    unknown_columns: list[str]
    approve: bool
    started_at: datetime
    finished_at: datetime | None
    problem: FileProblem | None

    @computed_field  # type: ignore[prop-decorator]  # pydantic's own way to publish a property
    @property
    def ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in {RunState.DONE, RunState.FAILED}


class ImportRunPage(BaseModel):
    """One page of a list of imports."""

    runs: list[ImportRunRead]
    total: int
    page: int
    pages: int


class CellProblem(BaseModel):
    """One thing that is wrong with one row."""

    pointer: str
    column: str = Field(description="As the file names it; empty for a mistake of the whole row.")
    code: str
    message: str


class RejectionRead(BaseModel):
    """A row that did not land."""

    row: int = Field(description="As a spreadsheet numbers it; the header is row 1.")
    external_id: str
    errors: list[CellProblem]


class RejectionPage(BaseModel):
    """One page of the rows that did not land."""

    rejections: list[RejectionRead]
    total: int
    page: int
    pages: int
