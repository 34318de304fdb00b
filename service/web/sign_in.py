"""Signing in and out, and one's own password."""

from fastapi import APIRouter, Request, Response

from service.accounts import operations as accounts
from service.accounts.schemas import LEAST_PASSWORD
from service.platform.http import (
    LANGUAGE_COOKIE,
    CurrentDatabase,
    CurrentSettings,
    TransactionRoute,
    WriteSession,
)
from service.platform.i18n import message
from service.platform.problems import NotSignedIn, TooManyAttempts
from service.web.authentication import (
    FilledForm,
    User,
    Visitor,
    forget_session,
    local_path,
    remember_session,
)
from service.web.forms import Form, Mistake
from service.web.pages import redirect, remember_language, render

public = APIRouter()
router = APIRouter(route_class=TransactionRoute)


@public.get("/sign-in")
def ask(request: Request, principal: Visitor) -> Response:
    """Show the sign-in form."""
    if principal is not None:
        return redirect("/")
    return render(request, "sign_in.html", form=Form({"next": request.query_params.get("next", "")}))


@public.post("/sign-in")
def sign_in(
    request: Request, database: CurrentDatabase, settings: CurrentSettings, sent: FilledForm
) -> Response:
    """Sign in; a failed attempt is counted in a transaction of its own."""
    form = Form.of(sent)
    email, password = form.value("email"), form.values.pop("password", "")
    try:
        with database.read() as session:
            account_id = accounts.check_password(session, email, password)
    except (NotSignedIn, TooManyAttempts) as problem:
        with database.write() as session:
            accounts.failed_attempt(session, email)
        form.mistakes.append(Mistake("email", problem.detail))
        return render(request, "sign_in.html", status=problem.status, headers=problem.headers, form=form)
    with database.write() as session:
        token = accounts.sign_in(session, account_id, hours=settings.session_hours)
        principal = accounts.principal_of_session(session, token)
    response = redirect(local_path(form.value("next")))
    remember_session(request, response, token)
    if principal is not None and LANGUAGE_COOKIE not in request.cookies:
        # Whoever has chosen a language in this browser keeps it; all others read that of their account.
        remember_language(request, response, principal.language)
    return response


@router.post("/sign-out")
def sign_out(user: User, session: WriteSession, _sent: FilledForm) -> Response:
    """Sign out."""
    accounts.sign_out(session, user)
    response = redirect("/sign-in", "signed-out")
    forget_session(response)
    return response


@router.get("/password")
def ask_password(request: Request, user: User) -> Response:
    """Show the form for a new password."""
    return render(request, "password.html", form=Form(), name=user.name, least=LEAST_PASSWORD)


@router.post("/password")
def set_password(request: Request, user: User, session: WriteSession, sent: FilledForm) -> Response:
    """Change one's own password; every browser signs in anew."""
    form = Form.of(sent)
    wanted = form.values.pop("password", "")
    if len(wanted) < LEAST_PASSWORD:
        sentence = message("Choose a password of at least {least} characters.", least=LEAST_PASSWORD)
        form.mistakes.append(Mistake("password", sentence))
        return render(request, "password.html", status=422, form=form, name=user.name, least=LEAST_PASSWORD)
    assert user.id is not None
    accounts.set_password(session, user, user.id, wanted)
    return redirect("/sign-in", "password")
