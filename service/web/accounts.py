"""Pages for administrators: accounts, API clients, centres."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from service.accounts import operations as accounts
from service.accounts.schemas import (
    API_SCOPES,
    LEAST_PASSWORD,
    AccountCreate,
    ApiClientCreate,
    Permission,
    Principal,
    Role,
)
from service.centres import operations as centres
from service.centres.schemas import CentreCreate
from service.platform.database import Session
from service.platform.http import ReadSession, TransactionRoute, WriteSession
from service.platform.i18n import LANGUAGES, message
from service.platform.problems import Conflict, FieldError, InvalidInput
from service.web.authentication import FilledForm, User
from service.web.forms import Form, Mistake, checked, given
from service.web.pages import redirect, render

router = APIRouter(route_class=TransactionRoute)

_ACCOUNT_FIELDS = ("email", "name", "role", "language", "centre", "password")


@router.get("/accounts")
def listed(request: Request, user: User, session: ReadSession) -> Response:
    """List the accounts and the form for a new one."""
    return _accounts_page(request, user, session, Form({"role": "coordinator", "language": "kk"}))


@router.post("/accounts")
def create(request: Request, user: User, session: WriteSession, sent: FilledForm) -> Response:
    """Save a new account."""
    form = Form.of(sent)
    try:
        accounts.create_account(session, user, checked(AccountCreate, given(form.values, _ACCOUNT_FIELDS)))
    except (InvalidInput, Conflict) as problem:
        form.add(problem.errors or [FieldError(("email",), problem.code, problem.detail)])
        form.values.pop("password", None)
        session.rollback()
        return _accounts_page(request, user, session, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect("/accounts", "saved")


@router.post("/accounts/{account_id}/active")
def set_active(user: User, session: WriteSession, account_id: UUID, sent: FilledForm) -> Response:
    """Lock an account or let it in again."""
    active = Form.of(sent).value("active") == "1"
    accounts.set_active(session, user, account_id, active=active)
    return redirect("/accounts", "unlocked" if active else "locked")


@router.post("/accounts/{account_id}/password")
def set_password(
    request: Request, user: User, session: WriteSession, account_id: UUID, sent: FilledForm
) -> Response:
    """Give somebody who forgot it a new first password."""
    form = Form.of(sent)
    password = form.values.pop("new_password", "")
    if len(password) < LEAST_PASSWORD:
        sentence = message("Choose a password of at least {least} characters.", least=LEAST_PASSWORD)
        form.mistakes.append(Mistake(f"new_password_{account_id}", sentence))
        return _accounts_page(request, user, session, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    accounts.set_password(session, user, account_id, password)
    return redirect("/accounts", "password")


def _accounts_page(
    request: Request, user: Principal, session: Session, form: Form, *, status: int = HTTPStatus.OK
) -> Response:
    return render(
        request,
        "accounts.html",
        status=status,
        accounts=accounts.accounts(session, user),
        centres=centres.every(session),
        roles=tuple(Role),
        tongues=LANGUAGES,
        least=LEAST_PASSWORD,
        form=form,
    )


@router.get("/api-clients")
def clients(request: Request, user: User, session: ReadSession) -> Response:
    """List the API clients and the form for a new one."""
    form = Form({"scopes": f"{Permission.PROFILES_READ};{Permission.PROFILES_WRITE}"})
    return _clients_page(request, user, session, form)


@router.post("/api-clients")
def create_client(request: Request, user: User, session: WriteSession, sent: FilledForm) -> Response:
    """Save a new API client; its key is on this answer and never again."""
    form = Form.of(sent)
    values: dict[str, Any] = {**given(form.values, ("name", "agency")), "scopes": form.chosen("scopes")}
    try:
        client, key = accounts.create_api_client(session, user, checked(ApiClientCreate, values))
    except InvalidInput as problem:
        form.add(problem.errors)
        session.rollback()
        return _clients_page(request, user, session, form, status=problem.status)
    return render(request, "api_key.html", client=client, key=key)


@router.post("/api-clients/{client_id}/revoke")
def revoke(user: User, session: WriteSession, client_id: UUID, _sent: FilledForm) -> Response:
    """Take a key out of use."""
    accounts.revoke_api_client(session, user, client_id)
    return redirect("/api-clients", "revoked")


def _clients_page(
    request: Request, user: Principal, session: Session, form: Form, *, status: int = HTTPStatus.OK
) -> Response:
    return render(
        request,
        "api_clients.html",
        status=status,
        clients=accounts.api_clients(session, user),
        scopes=sorted(API_SCOPES),
        form=form,
    )


@router.get("/centres")
def centre_list(request: Request, user: User, session: ReadSession) -> Response:
    """List the centres and the form for a new one."""
    accounts.require(user, Permission.CENTRES_WRITE)
    return render(request, "centres.html", centres=centres.every(session), form=Form())


@router.post("/centres")
def open_centre(request: Request, user: User, session: WriteSession, sent: FilledForm) -> Response:
    """Save a new centre."""
    accounts.require(user, Permission.CENTRES_WRITE)
    form = Form.of(sent)
    values: dict[str, Any] = given(form.values, ("code", "country", "city", "time_zone"))
    try:
        centres.open_centre(session, checked(CentreCreate, {**values, "name": names_of(form)}))
    except (InvalidInput, Conflict) as problem:
        form.add(problem.errors or [FieldError(("code",), problem.code, problem.detail)], name_field)
        session.rollback()
        return render(
            request,
            "centres.html",
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
            centres=centres.every(session),
            form=form,
        )
    return redirect("/centres", "saved")


def names_of(form: Form) -> dict[str, str]:
    """Read a name in several languages from its fields."""
    return {language: form.value(f"name_{language}") for language in LANGUAGES}


def name_field(error: FieldError) -> str:
    """Tell the field of a mistake; a name's is that of its first language."""
    return "name_kk" if error.path[0] == "name" else str(error.path[0])
