"""The application: settings in, a service with its three faces out."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

import anyio.to_thread
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from service.api import health
from service.api.problems import problem_response
from service.api.router import router as api_router
from service.catalogue.operations import Catalogue
from service.forums.participant_links import PATH
from service.jobs.runner import Runner
from service.platform.database import Database
from service.platform.i18n import message
from service.platform.middleware import BodyLimit, LastResort, SecurityHeaders, log_failure
from service.platform.problems import (
    InternalProblem,
    InvalidInput,
    NotFound,
    NotJson,
    Problem,
    TooLarge,
    database_problem,
    field_errors,
)
from service.platform.security import Signer
from service.settings import Settings
from service.web import router as web
from service.web.pages import problem_page
from service.web.participant_pages import participant_problem

log = logging.getLogger(__name__)

_NOTHING_THERE = message("There is nothing at this address.")

# The only paths that answer without a sign-in or a key; a test holds every other route to that.
PUBLIC_PATHS = frozenset(
    {
        "/health/live",
        "/health/ready",
        "/api/v1/openapi.json",
        "/sign-in",
        "/static/{version}/{name}",
        # Behind the signed links of participants.
        "/p/{token}",
        "/p/{token}/proposals/{proposal_id}",
        "/p/{token}/timetable",
        "/p/{token}/timetable/paper.{extension}",
        "/p/{token}/timetable/meetings/{meeting_id}",
        "/p/{token}/timetable/requests",
        # The screen in the hall, behind its own signed link.
        "/hall/{token}",
    }
)

# Put together once: what FastAPI works out about each route at its first request serves every application.
_faces = APIRouter()
for _part in (health.router, api_router, web.public, web.private):
    _faces.include_router(_part)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the application on a database that is migrated already."""
    settings = settings or Settings()
    database = Database(
        settings.resolved_database_url,
        pool_size=settings.threads,
        replica_url=settings.database_replica_url.get_secret_value(),
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = settings.threads
        await anyio.to_thread.run_sync(_begin_index, app.state.catalogue)
        runner = Runner(database, settings) if settings.run_jobs else None
        if runner is not None:
            runner.start()
        yield
        if runner is not None:
            runner.stop()
        database.dispose()

    app = FastAPI(
        title="Qazaq House matchmaking",
        version="1",
        summary="From profiles of diaspora entrepreneurs and exporters to an explained match list.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        routes=_faces.routes,
    )
    app.state.settings = settings
    app.state.database = database
    app.state.signer = Signer(settings)
    app.state.catalogue = Catalogue(
        folder=settings.index_dir, database=database, workers=settings.match_workers
    )
    _answer_problems(app, settings)
    app.add_middleware(BodyLimit, most_bytes=settings.max_body_bytes)
    app.add_middleware(LastResort, answer=_answer_unforeseen)
    app.add_middleware(SecurityHeaders)
    return app


def _begin_index(catalogue: Catalogue) -> None:
    try:
        catalogue.begin()
    except SQLAlchemyError as error:
        # A database that does not answer yet is no reason not to start: the first request begins it then.
        log.warning("the index is not begun at the start: %s", type(error).__name__)


def _answer_problems(app: FastAPI, settings: Settings) -> None:
    @app.exception_handler(Problem)
    def _problem(request: Request, problem: Problem) -> Response:
        return _answer(request, problem)

    @app.exception_handler(RequestValidationError)
    def _validation(request: Request, error: RequestValidationError) -> Response:
        details = error.errors()
        if not _asks_api(request) and any(detail["loc"][0] == "path" for detail in details):
            # Whoever follows a link that was cut off has no field to mend.
            return _answer(request, NotFound(_NOTHING_THERE))
        if isinstance(error.body, bytes):
            # Given as bytes it was not announced as JSON, and nobody has looked into it.
            return _answer(request, NotJson())
        return _answer(request, InvalidInput(field_errors(details, skip=1)))

    @app.exception_handler(SQLAlchemyError)
    def _database(request: Request, error: SQLAlchemyError) -> Response:
        problem = database_problem(error)
        if isinstance(problem, InternalProblem):
            log_failure(error)
        return _answer(request, problem)

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        return _answer(request, _of_http_error(error, settings))


def _answer_unforeseen(request: Request) -> Response:
    return _answer(request, InternalProblem(message("Nothing was saved. Try again; if it stays, tell us.")))


def _asks_api(request: Request) -> bool:
    return request.url.path.startswith(("/api/", "/health/"))


def _answer(request: Request, problem: Problem) -> Response:
    if _asks_api(request):
        return problem_response(request, problem)
    if request.url.path.startswith(f"{PATH}/"):
        return participant_problem(request, problem)
    return problem_page(request, problem)


def _of_http_error(error: HTTPException, settings: Settings) -> Problem:
    match error.status_code:
        case HTTPStatus.NOT_FOUND:
            return NotFound(_NOTHING_THERE)
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return TooLarge(
                message(
                    "Send at most {most} MB at once; split a larger file and send the parts one by one.",
                    most=settings.max_body_mb,
                )
            )
        case HTTPStatus.BAD_REQUEST:
            return Problem(message("The request cannot be read. Send it as the description of the API says."))
    problem = Problem(message("This address does not take such a request."))
    problem.status = HTTPStatus(error.status_code)
    problem.headers |= error.headers or {}
    return problem
