"""What both faces of the service share about a request: its database, settings and language."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute

from service.platform.database import Database, Session, WritingSession
from service.platform.i18n import choose_language
from service.platform.security import Signer
from service.settings import Settings

LANGUAGE_COOKIE = "language"


def database_of(request: Request) -> Database:
    """Give the database of the application that answers."""
    database: Database = request.app.state.database
    return database


def settings_of(request: Request) -> Settings:
    """Give the settings of the application that answers."""
    settings: Settings = request.app.state.settings
    return settings


def signer_of(request: Request) -> Signer:
    """Give what signs and checks for the application that answers."""
    signer: Signer = request.app.state.signer
    return signer


@dataclass(frozen=True)
class FileAnswer:
    """A file to be downloaded."""

    name: str
    media_type: str
    content: bytes

    def response(self) -> Response:
        """Answer with the file."""
        return Response(
            self.content,
            media_type=self.media_type,
            headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(self.name)}"},
        )


def language_of(request: Request) -> str:
    """Tell the language of the answer: asked for, else remembered, else the browser's."""
    chosen = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    return choose_language(chosen, request.headers.get("accept-language"))


def _read_session(request: Request) -> Iterator[Session]:
    with database_of(request).read() as session:
        yield session


def _replica_session(request: Request) -> Iterator[Session]:
    with database_of(request).read_from_replica() as session:
        yield session


def _write_session(request: Request) -> Iterator[WritingSession]:
    # Nothing touches the database before the endpoint does: the writer's lock, taken on the first
    # statement, is then held by a thread that works and never by a request that waits for one.
    with database_of(request).writing_session() as session:
        yield session
        if session.in_transaction():
            raise RuntimeError("A route that writes is a TransactionRoute; this one was not committed.")


class TransactionRoute(APIRoute):
    """A route that commits in the endpoint's own thread, after its last line and before the answer is made.

    FastAPI makes the answer of a `def` route in the same pool of threads that the endpoints run in.
    Committed only after that, as a dependency would, 24 writers on 8 threads waited for each other
    for ever: seven endpoints and the answer of the one that held SQLite's lock needed the eighth.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, _committing(endpoint), **options)


def _committing(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(endpoint)
    def run(*args: Any, **arguments: Any) -> Any:
        answer = endpoint(*args, **arguments)
        for argument in arguments.values():
            if isinstance(argument, WritingSession):
                argument.commit()
        return answer

    return run


# The function scope ends before the answer is sent.
ReadSession = Annotated[Session, Depends(_read_session, scope="function")]
ReplicaSession = Annotated[Session, Depends(_replica_session, scope="function")]
WriteSession = Annotated[WritingSession, Depends(_write_session, scope="function")]
Language = Annotated[str, Depends(language_of)]
CurrentSettings = Annotated[Settings, Depends(settings_of)]
CurrentSigner = Annotated[Signer, Depends(signer_of)]
CurrentDatabase = Annotated[Database, Depends(database_of)]
