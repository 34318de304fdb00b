"""What stands in front of the application: a limit on bodies, a last answer, and headers on every answer."""

import logging
import traceback
from collections.abc import Callable
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.platform.security import SECURITY_HEADERS

log = logging.getLogger(__name__)


class BodyLimit:
    """ASGI middleware that stops reading a body as soon as it is, or says it is, too large.

    FastAPI's own limit answers outside of the exception handlers, in plain English; this one is raised
    inside, so that the caller gets a problem document or a page in the own language.
    """

    def __init__(self, app: ASGIApp, *, most_bytes: int) -> None:
        self.app = app
        self.most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a body that is counted."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        seen = int(announced) if announced.isdecimal() and int(announced) > self.most_bytes else 0

        async def counted() -> Message:
            nonlocal seen
            received = await receive()
            seen += len(received.get("body", b""))
            if seen > self.most_bytes:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return received

        await self.app(scope, counted, send)


def log_failure(error: Exception) -> None:
    """Log what failed and where, without the error's words: these may hold what users wrote."""
    log.error("%s\n%s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))


class LastResort:
    """ASGI middleware that answers what nobody foresaw.

    Starlette's own place for it is outside of all middleware, so that the answer would lack its headers, and
    the server would log the error with its words.
    """

    def __init__(self, app: ASGIApp, *, answer: Callable[[Request], Response]) -> None:
        self.app = app
        self.answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and answer it when that fails."""
        started = False

        async def watched(sent: Message) -> None:
            nonlocal started
            started = started or sent["type"] == "http.response.start"
            await send(sent)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            if scope["type"] != "http":
                raise
            log_failure(error)
            if started:
                raise RuntimeError("The answer broke off.") from None
            response = await run_in_threadpool(self.answer, Request(scope))
            await response(scope, receive, send)


class SecurityHeaders:
    """ASGI middleware that puts the security headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete the headers of its answer."""

        async def completed(sent: Message) -> None:
            if sent["type"] == "http.response.start":
                headers = MutableHeaders(scope=sent)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(sent)

        await self.app(scope, receive, completed)
