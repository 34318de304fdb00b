"""Files over the API: sent, read in the background, and given back where rows did not land."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, Query, Response, UploadFile, status
from pydantic import ValidationError

from service.accounts.operations import require
from service.accounts.schemas import Permission
from service.api.authentication import Caller
from service.bulk_import import operations as imports
from service.bulk_import.schemas import ImportOptions, ImportRunPage, ImportRunRead, RejectionPage
from service.platform.http import Language, ReadSession, TransactionRoute, WriteSession
from service.platform.problems import invalid_input
from service.profiles.vocabulary import Kind

router = APIRouter(tags=["imports"], route_class=TransactionRoute)

Page = Annotated[int, Query(ge=1, le=1_000_000)]


@router.post("/imports", status_code=status.HTTP_202_ACCEPTED, operation_id="start_import")
def start(
    caller: Caller,
    session: WriteSession,
    response: Response,
    file: Annotated[UploadFile, File(description="CSV in UTF-8 (comma, semicolon or tab), or XLSX.")],
    kind: Annotated[Kind, Form()],
    consent_given_on: Annotated[date | None, Form()] = None,
    consent_language: Annotated[str | None, Form()] = None,
    source_agency: Annotated[str | None, Form()] = None,
) -> ImportRunRead:
    """Keep a file; its rows are brought in in the background. The same file sent twice changes nothing."""
    try:
        options = ImportOptions(
            consent_given_on=consent_given_on, consent_language=consent_language, source_agency=source_agency
        )
    except ValidationError as error:
        raise invalid_input(error) from None
    run = imports.start(session, caller, kind, file.file, file.filename or "", options)
    response.headers["Location"] = f"/api/v1/imports/{run.id}"
    return run


@router.get("/imports", operation_id="list_imports")
def runs(caller: Caller, session: ReadSession, language: Language, page: Page = 1) -> ImportRunPage:
    """List imports, newest first."""
    return imports.runs(session, caller, language=language, page=page)


@router.get("/imports/{run_id}", operation_id="read_import")
def run(caller: Caller, session: ReadSession, language: Language, run_id: UUID) -> ImportRunRead:
    """Tell how far an import is."""
    return imports.run(session, caller, run_id, language=language)


@router.get("/imports/{run_id}/rejections", operation_id="list_rejections")
def rejections(
    caller: Caller, session: ReadSession, language: Language, run_id: UUID, page: Page = 1
) -> RejectionPage:
    """List the rows that did not land, with what would be right."""
    return imports.rejections(session, caller, run_id, language=language, page=page)


@router.get("/imports/{run_id}/rejections.{extension}", operation_id="download_rejections")
def to_mend(
    caller: Caller, session: ReadSession, language: Language, run_id: UUID, extension: str
) -> Response:
    """Give the rows that did not land as a file (csv, xlsx) to mend and send again."""
    return imports.to_mend(session, caller, run_id, extension, language=language).response()


@router.get("/import-templates/{kind}.{extension}", operation_id="download_import_template")
def template(caller: Caller, language: Language, kind: Kind, extension: str) -> Response:
    """Give an empty file (csv, xlsx) to fill in."""
    require(caller, Permission.PROFILES_WRITE)
    return imports.template(kind, extension, language=language).response()
