"""Bringing the rows of a file through the one door, in short transactions that a new try can follow."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from service.accounts.schemas import Permission, Principal, Role
from service.bulk_import import repository
from service.bulk_import.models import ImportRejection, ImportRun
from service.bulk_import.parsing import UnreadableError
from service.bulk_import.reading import FileReader, Row
from service.bulk_import.schemas import RunState
from service.platform import clock
from service.platform.database import Database
from service.platform.i18n import message
from service.platform.problems import FieldError, Problem, field_errors
from service.platform.spreadsheets import without_neutral
from service.profiles import flat
from service.profiles import operations as profiles
from service.profiles.operations import CREATE, ProfileCreate, SubmitOptions
from service.profiles.vocabulary import Kind
from service.settings import Settings

BATCH = 250
_LONGEST_EXTERNAL_ID = 200

Progress = Callable[[int], None]


@dataclass
class _Batch:
    """Rows between two commits."""

    rows: list[Row] = field(default_factory=list)
    creates: list[ProfileCreate] = field(default_factory=list)
    of_creates: list[Row] = field(default_factory=list)
    rejections: list[ImportRejection] = field(default_factory=list)


def principal_values(principal: Principal) -> dict[str, Any]:
    """Write down who sends a file, with the rights of this moment."""
    return {
        "kind": principal.kind,
        "id": str(principal.id) if principal.id else None,
        "permissions": sorted(principal.permissions),
        "role": principal.role,
        "agency": principal.agency,
        "centre": principal.centre,
    }


def _principal(values: dict[str, Any]) -> Principal:
    return Principal(
        kind=values["kind"],
        id=UUID(values["id"]) if values["id"] else None,
        permissions=frozenset(Permission(one) for one in values["permissions"]),
        role=Role(values["role"]) if values["role"] else None,
        agency=values["agency"],
        centre=values["centre"],
    )


class Import:
    """One run over a file."""

    def __init__(self, database: Database, settings: Settings, run_id: UUID) -> None:
        self._database = database
        self._run_id = run_id
        with database.read() as session:
            run = repository.get(session, run_id)
            content = repository.content(session, run_id)
            assert run is not None
            self._kind = Kind(run.kind)
            self._principal = _principal(run.principal)
            self._options = SubmitOptions(approve=run.approve)
            self._defaults = _default_cells(run)
            self._done_to = run.last_row
            self._ended = run.state in {RunState.DONE, RunState.FAILED} or content is None
        self._reader = FileReader(self._kind, content or b"", settings)
        self._first_row_of: dict[tuple[str, str], int] = {}

    def carry_out(self, progress: Progress) -> None:
        """Read what is left of the file; what was saved stays, whatever happens."""
        if self._ended:
            return
        try:
            read = 0
            for batch in self._batches():
                read += len(batch.rows)
                self._save(batch)
                progress(read)
        except UnreadableError as error:
            self._end(RunState.FAILED, {"code": error.code, "params": error.params})
        else:
            self._end(RunState.DONE, None)

    def _batches(self) -> Iterator[_Batch]:
        batch = _Batch()
        for row in self._reader:
            cells = {name: without_neutral(value) for name, value in row.cells.items()}
            first = self._first_row_of.setdefault(self._key(cells), row.number)
            if row.number <= self._done_to:
                continue
            batch.rows.append(row)
            self._judge(batch, Row(row.number, cells, row.extra), first)
            if len(batch.rows) == BATCH:
                yield batch
                batch = _Batch()
        # The last one is saved even when it is empty: a file without rows has columns to report.
        yield batch

    def _key(self, cells: dict[str, str]) -> tuple[str, str]:
        agency = cells.get("source_agency", "").strip() or self._defaults.get("source_agency", "")
        return agency.lower(), cells.get("external_id", "").strip()

    def _judge(self, batch: _Batch, row: Row, first: int) -> None:
        errors: list[FieldError] = []
        if row.extra:
            sentence = message(
                "This row has {count} cells more than the header: look for a separator inside a text "
                "and put that text in quotation marks.",
                count=row.extra,
            )
            errors.append(FieldError((), "too_many_cells", sentence))
        if first != row.number and row.cells.get("external_id", "").strip():
            sentence = message(
                "Row {row} has the same identifier: keep one of them, or give this one its own.", row=first
            )
            errors.append(FieldError(("external_id",), "repeated_external_id", sentence))
        given = {name: value for name, value in row.cells.items() if value.strip()}
        try:
            create = CREATE[self._kind].model_validate(
                flat.nested(self._kind, {**self._defaults_for(given), **given})
            )
        except ValidationError as error:
            errors += field_errors(error.errors(include_url=False))
        if errors:
            batch.rejections.append(self._rejection(row, errors))
        else:
            batch.creates.append(create)
            batch.of_creates.append(row)

    def _defaults_for(self, given: dict[str, str]) -> dict[str, str]:
        own_consent = any(name.startswith("consent_") for name in given)
        return {
            name: value
            for name, value in self._defaults.items()
            if name not in given and not (own_consent and name.startswith("consent_"))
        }

    def _save(self, batch: _Batch) -> None:
        with self._database.write() as session:
            run = repository.get(session, self._run_id)
            assert run is not None
            results = profiles.submit_many(session, self._principal, self._kind, batch.creates, self._options)
            rejections = list(batch.rejections)
            for row, result in zip(batch.of_creates, results, strict=True):
                if isinstance(result, Problem):
                    errors = list(result.errors) or [FieldError((), result.code, result.detail)]
                    rejections.append(self._rejection(row, errors))
                else:
                    counted = result.outcome.value
                    setattr(run, counted, getattr(run, counted) + 1)
            session.add_all(rejections)
            run.rejected += len(rejections)
            run.rows_read += len(batch.rows)
            run.state = RunState.READING.value
            run.columns, run.unknown_columns = self._reader.columns, self._reader.unknown_columns
            if batch.rows:
                run.last_row = batch.rows[-1].number

    def _rejection(self, row: Row, errors: list[FieldError]) -> ImportRejection:
        return ImportRejection(
            run_id=self._run_id,
            row=row.number,
            external_id=_storable(row.cells.get("external_id", ""))[:_LONGEST_EXTERNAL_ID],
            cells={name: _storable(value) for name, value in row.cells.items()},
            errors=[
                {
                    "pointer": error.pointer,
                    "column": flat.column_of(self._kind, error.path, row.cells) if error.path else "",
                    "code": error.code,
                    "template": error.message.template,
                    "params": {name: _storable(str(value)) for name, value in error.message.params.items()},
                }
                for error in errors
            ],
        )

    def _end(self, state: RunState, problem: dict[str, Any] | None) -> None:
        with self._database.write() as session:
            run = repository.get(session, self._run_id)
            assert run is not None
            run.state, run.problem, run.finished_at = state.value, problem, clock.now()
            run.rows_total = run.rows_read
            repository.forget_content(session, self._run_id)


def _default_cells(run: ImportRun) -> dict[str, str]:
    cells: dict[str, str] = {}
    if run.consent_given_on is not None and run.consent_language is not None:
        cells |= flat.consent_cells(run.consent_given_on, run.consent_language)
    if run.source_agency is not None:
        cells["source_agency"] = run.source_agency
    return cells


def _storable(text: str) -> str:
    """Keep what a database can keep of a cell that is given back to be mended."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
