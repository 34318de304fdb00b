"""Decisions about imports: taking a file, telling what became of it, giving back what to mend."""

import math
from datetime import timedelta
from typing import BinaryIO
from uuid import UUID

from service.accounts.operations import require
from service.accounts.schemas import Permission, Principal
from service.bulk_import import repository
from service.bulk_import.models import ImportFile, ImportRejection, ImportRun
from service.bulk_import.processing import Import, Progress, principal_values
from service.bulk_import.reading import ERROR_COLUMN, ROW_COLUMN, UNREADABLE
from service.bulk_import.schemas import (
    CellProblem,
    FileProblem,
    ImportOptions,
    ImportRunPage,
    ImportRunRead,
    RejectionPage,
    RejectionRead,
    RunState,
)
from service.platform import audit, clock, queue
from service.platform.database import Database, Session
from service.platform.http import FileAnswer
from service.platform.i18n import Message, message
from service.platform.problems import FieldError, InvalidInput, NotFound
from service.platform.spreadsheets import CSV_MEDIA_TYPE, XLSX_MEDIA_TYPE, Sheet, csv_bytes, xlsx_bytes
from service.profiles import flat
from service.profiles import operations as profiles
from service.profiles.operations import SubmitOptions
from service.profiles.vocabulary import CODES, Kind, words_for
from service.settings import Settings

JOB = "bulk_import"
PAGE_SIZE = 50
KEPT_TO_MEND = timedelta(days=30)
_LONGEST_NAME = 200


def start(
    session: Session,
    principal: Principal,
    kind: Kind,
    file: BinaryIO,
    file_name: str,
    options: ImportOptions,
    *,
    now: bool = False,
) -> ImportRunRead:
    """Keep a file and ask for its rows to be brought in; `now` is for callers who do that themselves.

    Raises NotAllowed, InvalidInput for an empty file or another's agency.
    """
    profiles.check_may_submit(principal, kind, SubmitOptions(approve=options.approve))
    agency = options.source_agency or principal.agency
    if principal.agency is not None and agency != principal.agency:
        sentence = message("Your agency is {own}: leave the field out or give that.", own=principal.agency)
        raise InvalidInput([FieldError(("source_agency",), "foreign_source_agency", sentence)])
    content = file.read()
    if not content.strip():
        raise InvalidInput([FieldError(("file",), "empty_file", UNREADABLE["empty_file"])])
    run = ImportRun(
        kind=kind.value,
        source_agency=agency,
        file_name=_name(file_name),
        size=len(content),
        approve=options.approve,
        consent_given_on=options.consent_given_on,
        consent_language=options.consent_language,
        principal=principal_values(principal),
        started_at=clock.now(),
    )
    session.add(run)
    session.flush()
    session.add(ImportFile(run_id=run.id, content=content))
    if not now:
        queue.enqueue(session, JOB, {"run": str(run.id)})
    audit.record(session, principal.actor, "import.started", "import", run.id, kind=kind)
    return _read(run, "en")


def _name(file_name: str) -> str:
    plain = "".join(letter for letter in file_name if letter.isprintable()).strip()
    return plain[-_LONGEST_NAME:] or "file"


def carry_out(
    database: Database,
    settings: Settings,
    run_id: UUID,
    *,
    progress: Progress = lambda _rows: None,
) -> None:
    """Bring the rows of a file in."""
    Import(database, settings, run_id).carry_out(progress)


def give_up(session: Session, run_id: UUID) -> None:
    """Mark an import whose work failed again and again."""
    run = repository.get(session, run_id)
    if run is not None and run.state not in {RunState.DONE.value, RunState.FAILED.value}:
        run.state, run.finished_at = RunState.FAILED.value, clock.now()
        run.problem = {"code": "too_demanding", "params": {}}
        repository.forget_content(session, run_id)


def forget_old(session: Session) -> None:
    """Delete the rows that nobody came to mend: they hold personal data, and no longer a purpose."""
    repository.forget_rejections(session, clock.now() - KEPT_TO_MEND)


def runs(session: Session, principal: Principal, *, language: str, page: int = 1) -> ImportRunPage:
    """List imports, newest first; those of the own agency, or all for who has none.

    Raises NotAllowed.
    """
    require(principal, Permission.PROFILES_WRITE)
    page = max(page, 1)
    rows, total = repository.listed(session, principal.agency, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    return ImportRunPage(
        runs=[_read(run, language) for run in rows], total=total, page=page, pages=_pages(total)
    )


def run(session: Session, principal: Principal, run_id: UUID, *, language: str) -> ImportRunRead:
    """Give one import.

    Raises NotAllowed, NotFound.
    """
    return _read(_own(session, principal, run_id), language)


def rejections(
    session: Session, principal: Principal, run_id: UUID, *, language: str, page: int = 1
) -> RejectionPage:
    """List the rows that did not land, with what would be right.

    Raises NotAllowed, NotFound.
    """
    own = _own(session, principal, run_id)
    page = max(page, 1)
    rows, total = repository.rejections(session, own.id, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    return RejectionPage(
        rejections=[
            RejectionRead(row=row.row, external_id=row.external_id, errors=_errors(row, language))
            for row in rows
        ],
        total=total,
        page=page,
        pages=_pages(total),
    )


def to_mend(
    session: Session, principal: Principal, run_id: UUID, extension: str, *, language: str
) -> FileAnswer:
    """Give the rows that did not land as a file to mend and send again.

    Raises NotAllowed, NotFound.
    """
    own = _own(session, principal, run_id)
    rows, _ = repository.rejections(session, own.id)
    header = [*own.columns, ROW_COLUMN, ERROR_COLUMN]
    cells = [
        [*(row.cells.get(name, "") for name in own.columns), str(row.row), _in_one_cell(row, language)]
        for row in rows
    ]
    return _file(Sheet(f"{own.kind}s-to-mend", header, cells, widths={len(header) - 1: 80}), extension)


def template(kind: Kind, extension: str, *, language: str) -> FileAnswer:
    """Give an empty file to fill in; a workbook has a second sheet that explains the codes.

    Raises NotFound for another kind of file.
    """
    codes = Sheet(
        message("Codes").text(language),
        [message("Column").text(language), message("Code").text(language), message("Meaning").text(language)],
        [
            [column, str(code), words_for(str(code), language)]
            for column, known in CODES.items()
            for code in known
        ],
        widths={0: 30, 2: 50},
    )
    return _file(Sheet(f"{kind.value}s", flat.columns(kind), []), extension, codes)


def _file(sheet: Sheet, extension: str, *more: Sheet) -> FileAnswer:
    name = f"{sheet.name}.{extension}"
    if extension == "csv":
        return FileAnswer(name, CSV_MEDIA_TYPE, csv_bytes(sheet.header, sheet.rows))
    if extension == "xlsx":
        return FileAnswer(name, XLSX_MEDIA_TYPE, xlsx_bytes([sheet, *more]))
    raise NotFound(message("There is nothing at this address."))


def _in_one_cell(row: ImportRejection, language: str) -> str:
    return "\n".join(
        f"{error.column}: {error.message}" if error.column else error.message
        for error in _errors(row, language)
    )


def _errors(row: ImportRejection, language: str) -> list[CellProblem]:
    return [
        CellProblem(
            pointer=error["pointer"],
            column=error["column"],
            code=error["code"],
            message=Message(error["template"], error["params"]).text(language),
        )
        for error in row.errors
    ]


def _own(session: Session, principal: Principal, run_id: UUID) -> ImportRun:
    require(principal, Permission.PROFILES_WRITE)
    found = repository.get(session, run_id)
    if found is None or (principal.agency is not None and found.source_agency != principal.agency):
        raise NotFound(message("There is no such import."))
    return found


def _pages(total: int) -> int:
    return max(math.ceil(total / PAGE_SIZE), 1)


def _read(found: ImportRun, language: str) -> ImportRunRead:
    problem = None
    if found.problem is not None:
        sentence = Message(UNREADABLE[found.problem["code"]].template, found.problem["params"])
        problem = FileProblem(code=found.problem["code"], message=sentence.text(language))
    return ImportRunRead.model_validate({**found.model_dump(), "problem": problem})
