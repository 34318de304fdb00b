"""The command `qazaq-house`: everything that is done from a terminal."""

import json
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated
from uuid import UUID

import httpx
import typer
import uvicorn
from pydantic import SecretStr, ValidationError
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from service.accounts import operations as accounts
from service.accounts.schemas import SYSTEM, AccountCreate, ApiClientCreate, Permission, Role
from service.app import create_app
from service.bulk_import import operations as imports
from service.bulk_import.schemas import ImportOptions, ImportRunRead, RejectionRead
from service.catalogue.operations import Catalogue
from service.demo.fill import Demo, fill
from service.forums import operations as forums
from service.match_lists import operations as match_lists
from service.match_lists import reading
from service.match_lists.schemas import DEFAULT_CANDIDATES, MOST_PARTNERS, MatchListCreate
from service.platform import migrations
from service.platform.database import Database, Session
from service.platform.i18n import SOURCE_LANGUAGE
from service.platform.problems import Problem, invalid_input
from service.platform.values import in_language
from service.profiles.vocabulary import Kind
from service.settings import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)


def main() -> None:
    """Run a command; a problem ends it with its sentence and status 1."""
    try:
        app()
    except Problem as problem:
        errors.print(f"[red]{problem.detail}[/red]")
        for error in problem.errors:
            errors.print(f"  {error.pointer}: {error.message}", markup=False)
        sys.exit(1)


@contextmanager
def _database() -> Iterator[tuple[Settings, Database]]:
    """Open the migrated database that the settings name."""
    settings = _settings()
    database = Database(settings.resolved_database_url)
    try:
        migrations.upgrade(database)
        yield settings, database
    finally:
        database.dispose()


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_input=False):
            errors.print(f"[red]{'.'.join(map(str, detail['loc'])).upper()}: {detail['msg']}[/red]")
        raise typer.Exit(code=2) from None


@app.command()
def start() -> None:
    """Bring the database up to date and serve until stopped."""
    with _database() as (settings, _):
        pass
    serve(settings)


class _Server(uvicorn.Server):
    """A server that says when it can be called."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


def serve(settings: Settings, ready: Callable[[], None] = lambda: None) -> None:
    """Serve in this process; several processes may share PostgreSQL, SQLite has one."""
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_level="warning" if settings.quiet else "info",
        # Addresses of callers are personal data.
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=20,
    )
    _Server(config, ready).run()


@app.command("demo-data")
def demo_data() -> None:
    """Fill the database with fictional businesses, forums and match lists."""
    with _database() as (settings, database):
        made = _filled(settings, database)
    console.print(f"Filled. Sign in as {made.email} with the password {made.password}")


@app.command()
def demo() -> None:
    """Fill the database with fictional businesses, show a match list, and serve."""
    with _database() as (settings, database):
        made = _filled(settings, database)
        with database.read() as session:
            forum_id = match_lists.read(session, SYSTEM, made.match_list_id).forum_id
            _show_list(session, forum_id, made.match_list_id, SOURCE_LANGUAGE, most=5, each=3)
    address = f"http://{settings.host}:{settings.port}"

    def tell() -> None:
        console.print(f"\nThe service runs at [bold]{address}[/bold]   (stop it with Ctrl+C)")
        console.print(f"Sign in as         [bold]{made.email}[/bold]   password [bold]{made.password}[/bold]")
        console.print(
            f"The match list:    [bold]{address}/match-lists/{made.match_list_id}[/bold]", soft_wrap=True
        )

    serve(settings.model_copy(update={"quiet": True}), tell)


def _filled(settings: Settings, database: Database) -> Demo:
    with Progress(console=console, transient=True) as progress:
        tasks = {kind.value: progress.add_task(f"{kind.value}s") for kind in Kind}

        def step(kind: str, done: int, total: int) -> None:
            progress.update(tasks[kind], completed=done, total=total)

        return fill(database, settings, step)


@app.command("import")
def import_file(
    kind: Annotated[Kind, typer.Argument(help="What the file holds.")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV in UTF-8, or XLSX.")],
    *,
    agency: Annotated[str, typer.Option(help="Source agency of rows that name none.")] = "",
    consent_given_on: Annotated[str, typer.Option(help="Day by which every business agreed.")] = "",
    consent_language: Annotated[str, typer.Option(help="Language of that consent.")] = SOURCE_LANGUAGE,
    approve: Annotated[bool, typer.Option(help="Approve the rows that land.")] = False,
    mend: Annotated[Path | None, typer.Option(help="Where to write the rows to mend (.csv, .xlsx).")] = None,
) -> None:
    """Bring the rows of a file in; the same file a second time changes nothing."""
    values = {"source_agency": agency, "consent_given_on": consent_given_on, "approve": approve}
    try:
        options = ImportOptions.model_validate({**values, "consent_language": consent_language})
    except ValidationError as error:
        raise invalid_input(error) from None
    with _database() as (settings, database):
        with file.open("rb") as content, database.write() as session:
            run_id = imports.start(session, SYSTEM, kind, content, file.name, options, now=True).id
        with Progress(TextColumn("{task.description}"), MofNCompleteColumn(), console=console) as progress:
            task = progress.add_task("rows", total=None)
            imports.carry_out(
                database, settings, run_id, progress=lambda rows: progress.update(task, completed=rows)
            )
        with database.read() as session:
            run = imports.run(session, SYSTEM, run_id, language=SOURCE_LANGUAGE)
            shown = imports.rejections(session, SYSTEM, run_id, language=SOURCE_LANGUAGE).rejections
            if mend is not None and run.rejected:
                extension = mend.suffix.lstrip(".")
                answer = imports.to_mend(session, SYSTEM, run_id, extension, language=SOURCE_LANGUAGE)
                mend.write_bytes(answer.content)
    _tell_import(run, shown)


def _tell_import(run: ImportRunRead, rejections: list[RejectionRead]) -> None:
    if run.problem is not None:
        errors.print(run.problem.message, style="red", markup=False)
    counted = f"{run.created} new, {run.updated} changed, {run.unchanged} unchanged, {run.rejected} rejected"
    console.print(counted)
    if run.unknown_columns:
        console.print(f"Columns that mean nothing here: {', '.join(run.unknown_columns)}", markup=False)
    for one in rejections:
        for error in one.errors:
            errors.print(f"row {one.row}, {error.column or 'row'}: {error.message}", markup=False)
    if run.problem is not None or run.rejected:
        raise typer.Exit(code=1)


@app.command("match")
def match(
    forum: Annotated[str, typer.Argument(help="Code of the forum.")],
    *,
    k: Annotated[int, typer.Option(help="Candidates of each participant.")] = DEFAULT_CANDIDATES,
    language: Annotated[str, typer.Option(help="kk, ru or en.")] = SOURCE_LANGUAGE,
    show: Annotated[int, typer.Option(help="How many participants to show; 0 shows all.")] = 0,
    latest: Annotated[bool, typer.Option(help="Show the latest list instead of a new one.")] = False,
) -> None:
    """Generate the match list of a forum and show it with its reasons."""
    with _database() as (settings, database):
        with database.read() as session:
            forum_id = forums.find(session, SYSTEM, forum).id
            lists = match_lists.of_forum(session, SYSTEM, forum_id)
        if latest and lists:
            made = lists[0]
        else:
            with console.status("Matching …"):
                wanted = MatchListCreate(k=k)
                catalogue = Catalogue(folder=settings.index_dir, workers=settings.match_workers)
                made = match_lists.generate(database, catalogue, SYSTEM, forum_id, wanted)
        with database.read() as session:
            _show_list(session, forum_id, made.id, language, most=show or made.entrepreneurs)


def _show_list(
    session: Session, forum_id: UUID, list_id: UUID, language: str, *, most: int, each: int = MOST_PARTNERS
) -> None:
    """Show the chosen pairs of a list: of how many entrepreneurs, and how many of each."""
    forum = forums.read(session, SYSTEM, forum_id)
    made = match_lists.read(session, SYSTEM, list_id)
    table = Table(
        title=f"{in_language(forum.name, language)}: match list {made.number}, {made.pairs} pairs of "
        f"{made.entrepreneurs} entrepreneurs and {made.exporters} exporters",
        title_justify="left",
    )
    for heading in ("Entrepreneur", "#", "Exporter", "Score", "First reason"):
        table.add_column(heading)
    shown = place = 0
    last: UUID | None = None
    for entry in reading.every_entry(session, SYSTEM, list_id, language):
        if not entry.chosen:
            continue
        new = entry.entrepreneur.id != last
        shown += new
        place = 1 if new else place + 1
        if shown > most:
            break
        last = entry.entrepreneur.id
        if place > each:
            continue
        table.add_row(
            Text(entry.entrepreneur.name if new else ""),
            str(place),
            Text(entry.exporter.name),
            f"{entry.score:.3f}",
            Text(entry.reasons[0].text if entry.reasons else ""),
        )
    console.print(table)
    console.print(f"Version of the catalogue {made.index_version}, hash of the list {made.digest}")


@app.command()
def migrate(
    to: Annotated[str, typer.Argument(help="Revision to go to, up or down.")] = migrations.HEAD,
) -> None:
    """Bring the database to a version of the schema."""
    settings = _settings()
    database = Database(settings.resolved_database_url)
    migrations.move(database, to)
    database.dispose()


@app.command("create-admin")
def create_admin(
    email: Annotated[str, typer.Argument(help="Address to sign in with.")],
    name: Annotated[str, typer.Option(help="Name that others see.")] = "Administrator",
    password: Annotated[
        str, typer.Option(envvar="ADMIN_PASSWORD", prompt=True, hide_input=True, confirmation_prompt=True)
    ] = "",
) -> None:
    """Make an administrator, such as the first one."""
    with _database() as (_, database), database.write() as session:
        account = accounts.create_account(session, SYSTEM, _account(email, name, password))
    console.print(f"Administrator {account.email} can sign in.")


def _account(email: str, name: str, password: str) -> AccountCreate:
    try:
        return AccountCreate(email=email, name=name, role=Role.ADMINISTRATOR, password=SecretStr(password))
    except ValidationError as error:
        raise invalid_input(error) from None


@app.command("create-api-client")
def create_api_client(
    name: Annotated[str, typer.Argument(help="Name of the program or agency.")],
    agency: Annotated[str, typer.Option(help="Source agency of what it sends.")] = "",
    scope: Annotated[
        list[Permission] | None, typer.Option(help="What it may do; repeat for several.")
    ] = None,
) -> None:
    """Make a key for the API and print it once."""
    scopes = scope or [Permission.PROFILES_READ, Permission.PROFILES_WRITE, Permission.MATCH_LISTS_READ]
    try:
        create = ApiClientCreate(name=name, agency=agency or None, scopes=scopes)
    except ValidationError as error:
        raise invalid_input(error) from None
    with _database() as (_, database), database.write() as session:
        _, key = accounts.create_api_client(session, SYSTEM, create)
    console.print("Keep this key; it is not shown again:")
    print(key)


@app.command()
def health() -> None:
    """Ask the running service whether it can work; status 1 when it cannot."""
    settings = _settings()
    host = "127.0.0.1" if settings.host == "0.0.0.0" else settings.host  # noqa: S104 - compared, not bound
    try:
        answer = httpx.get(f"http://{host}:{settings.port}/health/ready", timeout=4)
        answer.raise_for_status()
    except httpx.HTTPError as error:
        errors.print(f"Not ready: {type(error).__name__}")
        raise typer.Exit(code=1) from None
    console.print("ready")


@app.command()
def openapi(
    file: Annotated[Path, typer.Argument(help="File to write, or to compare with.")],
    *,
    check: Annotated[bool, typer.Option(help="Compare only; status 1 when they differ.")] = False,
) -> None:
    """Write the API's description, or check that the committed one is true."""
    described = json.dumps(describe_api(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    if not check:
        file.write_text(described, encoding="utf-8")
        return
    if not file.exists() or file.read_text(encoding="utf-8") != described:
        errors.print(f"{file} is out of date: run `make openapi` and commit it.")
        raise typer.Exit(code=1)


def describe_api() -> dict[str, object]:
    """Build the OpenAPI document; nothing is opened or served for it."""
    with TemporaryDirectory() as folder:
        return create_app(Settings(data_dir=Path(folder), secret_key=SecretStr("-" * 32))).openapi()
