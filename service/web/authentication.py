"""Who looks at a page: the session cookie, and the token that every form carries."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated
from urllib.parse import quote, urlsplit

from fastapi import Depends, Request, Response
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from service.accounts import operations as accounts
from service.accounts.schemas import Principal
from service.platform.http import database_of, settings_of, signer_of
from service.platform.i18n import message
from service.platform.problems import NotAllowed, NotSignedIn, TooLarge

SESSION_COOKIE = "session"
BROWSER_COOKIE = "browser"
FORM_TOKEN_FIELD = "form_token"  # noqa: S105 - the name of a field
_MOST_FIELDS = 3000
# Far more than any field takes, so that what is too long is told beside its field and nothing typed is lost.
_MOST_FIELD_BYTES = 8 * 2**20
_YEAR = 365 * 24 * 3600


def session_token(request: Request) -> str | None:
    """Give the session token of the browser, if its cookie is ours and not too old."""
    signed = request.cookies.get(SESSION_COOKIE)
    if signed is None:
        return None
    hours = settings_of(request).session_hours
    token = signer_of(request).unsign(signed, purpose="session", max_age_seconds=hours * 3600)
    return token if isinstance(token, str) else None


def visitor(request: Request) -> Principal | None:
    """Tell who is signed in, in a transaction of its own that ends before the page is made."""
    token = session_token(request)
    if token is None:
        return None
    with database_of(request).read() as session:
        principal = accounts.principal_of_session(session, token)
    request.state.principal = principal
    return principal


def current_principal(principal: Annotated[Principal | None, Depends(visitor)]) -> Principal:
    """Go on only when somebody is signed in.

    Raises NotSignedIn.
    """
    if principal is None:
        raise NotSignedIn(message("Sign in to see this page."))
    return principal


Visitor = Annotated[Principal | None, Depends(visitor)]
User = Annotated[Principal, Depends(current_principal)]


def _browser(request: Request) -> str | None:
    """Tell what a form token is bound to: the session, or before a sign-in a random cookie."""
    token = session_token(request)
    if token is not None:
        return token
    signed = request.cookies.get(BROWSER_COOKIE)
    if signed is None:
        return None
    name = signer_of(request).unsign(signed, purpose="browser", max_age_seconds=_YEAR)
    return name if isinstance(name, str) else None


def form_token(request: Request) -> str:
    """Give the token for the forms of a page; the browser gets a name when it has none."""
    browser = _browser(request)
    if browser is None:
        browser = secrets.token_urlsafe(24)
        request.state.new_browser = browser
    return signer_of(request).form_token(browser)


async def filled_form(request: Request) -> AsyncIterator[FormData]:
    """Read a form that was served by us to this very browser.

    Raises NotAllowed for any other.
    """
    async with _our_form(request, _browser(request)) as form:
        yield form


async def filled_link_form(request: Request, token: str) -> AsyncIterator[FormData]:
    """Read a form that was served by us on the page behind this very link.

    Raises NotAllowed for any other.
    """
    async with _our_form(request, _link_binding(token)) as form:
        yield form


def link_form_token(request: Request, token: str) -> str:
    """Give the token for the forms of the page behind a link."""
    return signer_of(request).form_token(_link_binding(token))


def _link_binding(token: str) -> str:
    """Tell what the form token of a page behind a link is bound to."""
    return f"link:{token}"


@asynccontextmanager
async def _our_form(request: Request, binding: str | None) -> AsyncIterator[FormData]:
    elsewhere = request.headers.get("sec-fetch-site") in {"cross-site", "same-site"}
    async with _read_form(request) as form:
        token = form.get(FORM_TOKEN_FIELD)
        ours = binding is not None and isinstance(token, str) and not elsewhere
        if not ours or not signer_of(request).form_token_matches(str(token), str(binding)):
            raise NotAllowed(
                message("This form is too old or came from another page. Open it again and repeat.")
            )
        yield form


@asynccontextmanager
async def _read_form(request: Request) -> AsyncIterator[FormData]:
    try:
        form = await request.form(max_files=1, max_fields=_MOST_FIELDS, max_part_size=_MOST_FIELD_BYTES)
    except HTTPException:
        raise TooLarge(
            message("A text in this form is too long. Go back, shorten it and send the form again.")
        ) from None
    try:
        yield form
    finally:
        await form.close()


FilledForm = Annotated[FormData, Depends(filled_form)]
FilledLinkForm = Annotated[FormData, Depends(filled_link_form)]


def remember_session(request: Request, response: Response, token: str) -> None:
    """Put a session token into the browser's cookie."""
    settings = settings_of(request)
    response.set_cookie(
        SESSION_COOKIE,
        signer_of(request).sign(token, purpose="session"),
        max_age=settings.session_hours * 3600,
        httponly=True,
        samesite="lax",
        secure=settings.cookies_over_https_only,
    )


def forget_session(response: Response) -> None:
    """Take the session out of the browser."""
    response.delete_cookie(SESSION_COOKIE)


def remember_browser(request: Request, response: Response) -> None:
    """Put the name that was made for this browser into its cookie."""
    name = getattr(request.state, "new_browser", None)
    if name is not None:
        response.set_cookie(
            BROWSER_COOKIE,
            signer_of(request).sign(name, purpose="browser"),
            httponly=True,
            samesite="lax",
            secure=settings_of(request).cookies_over_https_only,
        )


def local_path(wanted: str | None) -> str:
    """Give a path on this site to go on to; anything else becomes the home page."""
    parts = urlsplit(wanted or "")
    local = parts.path.startswith("/") and not (wanted or "").startswith(("//", "/\\"))
    return wanted if wanted and local and not parts.scheme and not parts.netloc else "/"


def sign_in_address(request: Request) -> str:
    """Give the address of the sign-in page that leads back to where somebody was."""
    if request.method != "GET":
        return "/sign-in"
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return f"/sign-in?next={quote(wanted)}"
