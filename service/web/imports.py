"""Pages of imports: send a file, watch it being read, get the rows to mend."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from service.accounts.operations import require
from service.accounts.schemas import Permission, Principal, Role
from service.bulk_import import operations as imports
from service.bulk_import.schemas import ImportOptions
from service.platform.http import Language, ReadSession, TransactionRoute, WriteSession
from service.platform.i18n import message
from service.platform.problems import InvalidInput
from service.profiles.vocabulary import CONSENT_WORDINGS, CURRENT_WORDING, Kind
from service.web.authentication import FilledForm, User
from service.web.forms import Form, Mistake, checked, given, whole
from service.web.pages import page_address, redirect, render

router = APIRouter(prefix="/imports", route_class=TransactionRoute)

_OPTIONS = ("consent_given_on", "consent_language", "source_agency", "approve")


@router.get("")
def listed(request: Request, user: User, session: ReadSession, language: Language) -> Response:
    """List the imports, newest first."""
    return render(
        request,
        "imports.html",
        found=imports.runs(session, user, language=language, page=_page(request)),
        page_address=_addresses(request, "/imports"),
    )


@router.get("/new")
def ask(request: Request, user: User) -> Response:
    """Show the form that sends a file."""
    require(user, Permission.PROFILES_WRITE)
    kind = request.query_params.get("kind", Kind.ENTREPRENEUR)
    return _form_page(request, user, Form({"kind": kind}))


@router.post("/new")
def start(request: Request, user: User, session: WriteSession, sent: FilledForm) -> Response:
    """Keep the file and let it be read in the background."""
    form = Form.of(sent)
    upload: Any = sent.get("file")
    if upload is None or isinstance(upload, str) or not upload.filename:
        form.mistakes.append(Mistake("file", message("Choose a file.")))
        return _form_page(request, user, form, status=422)
    try:
        options = checked(ImportOptions, given(form.values, _OPTIONS))
        run = imports.start(session, user, _kind(form), upload.file, upload.filename, options)
    except InvalidInput as problem:
        session.rollback()
        form.add(problem.errors)
        return _form_page(request, user, form, status=problem.status)
    return redirect(f"/imports/{run.id}")


@router.get("/template-{kind}.{extension}")
def template(user: User, language: Language, kind: Kind, extension: str) -> Response:
    """Give an empty file to fill in."""
    require(user, Permission.PROFILES_WRITE)
    return imports.template(kind, extension, language=language).response()


@router.get("/{run_id}")
def view(request: Request, user: User, session: ReadSession, language: Language, run_id: UUID) -> Response:
    """Show how far an import is, and what is wrong with the rows that did not land."""
    return render(
        request,
        "import.html",
        run=imports.run(session, user, run_id, language=language),
        found=imports.rejections(session, user, run_id, language=language, page=_page(request)),
        page_address=_addresses(request, f"/imports/{run_id}"),
    )


@router.get("/{run_id}/rejections.{extension}")
def mend(user: User, session: ReadSession, language: Language, run_id: UUID, extension: str) -> Response:
    """Give the rejected rows as a file to mend and send again."""
    return imports.to_mend(session, user, run_id, extension, language=language).response()


def _kind(form: Form) -> Kind:
    return Kind.EXPORTER if form.value("kind") == Kind.EXPORTER else Kind.ENTREPRENEUR


def _page(request: Request) -> int:
    return whole(request.query_params.get("page", "")) or 1


def _addresses(request: Request, address: str) -> Callable[[int], str]:
    return lambda number: page_address(address, dict(request.query_params), number)


def _form_page(request: Request, user: Principal, form: Form, *, status: int = 200) -> Response:
    return render(
        request,
        "import_form.html",
        status=status,
        form=form,
        kinds=(Kind.ENTREPRENEUR,) if user.role is Role.COORDINATOR else tuple(Kind),
        may_name_agency=user.agency is None,
        consent_sentence=CONSENT_WORDINGS[CURRENT_WORDING],
    )
