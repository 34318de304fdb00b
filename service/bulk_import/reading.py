"""The parent's side of reading a file: what comes out of the process that does it."""

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.bulk_import.parsing import UnreadableError
from service.platform.i18n import Message, message
from service.profiles import flat
from service.profiles.vocabulary import Kind
from service.settings import Settings

ROW_COLUMN = "import_row"
ERROR_COLUMN = "import_error"

UNREADABLE: dict[str, Message] = {
    "empty_file": message("The file is empty."),
    "old_or_locked_workbook": message(
        "This is an old or locked workbook: open it, and save it as XLSX without a password."
    ),
    "broken_workbook": message("This workbook is broken: open it and save it as XLSX again."),
    "not_a_workbook": message("This is not a table: send CSV in UTF-8 or XLSX."),
    "zip_bomb": message("This workbook unpacks to far more than it seems: send it as CSV in UTF-8."),
    "not_utf8": message(
        "Row {row} has letters that are not UTF-8, as in a file saved in Windows-1251: save it as "
        "«CSV UTF-8» and send it again."
    ),
    "cell_too_long": message("Row {row} has a cell of more than {most} characters: shorten it."),
    "too_many_rows": message("The file has more than {most} rows: split it."),
    "too_many_columns": message("The file has more than {most} columns."),
    "no_known_column": message(
        "No column of the first row is known: its names must be those of the file to fill in."
    ),
    "repeated_columns": message("These columns stand more than once: {columns}."),
    "too_demanding": message("Reading this file took too much memory or time: send it as CSV, or split it."),
}


@dataclass(frozen=True)
class Row:
    """One row of a file."""

    number: int
    cells: dict[str, str]
    extra: int


class FileReader:
    """Reads a file in a process of its own; iterate it once."""

    def __init__(self, kind: Kind, content: bytes, settings: Settings) -> None:
        self._kind = kind
        self._content = content
        self._settings = settings
        self.columns: list[str] = []
        self.unknown_columns: list[str] = []

    def __iter__(self) -> Iterator[Row]:
        """Give the rows in their order.

        Raises UnreadableError.
        """
        with tempfile.TemporaryDirectory(prefix="qh-import-") as folder:
            path = Path(folder) / "file"
            path.write_bytes(self._content)
            yield from self._rows(path)

    def _rows(self, path: Path) -> Iterator[Row]:
        ended = False
        for line in self._lines(path):
            match line:
                case {"header": header}:
                    self.columns = [name for name in header if name not in {ROW_COLUMN, ERROR_COLUMN, ""}]
                    self.unknown_columns = flat.unknown_columns(self._kind, self.columns)
                case {"unreadable": code, "params": params}:
                    raise UnreadableError(code, **params)
                case {"row": number, "cells": cells}:
                    yield Row(number, cells, line.get("extra", 0))
                case {"end": True}:
                    ended = True
        if not ended:
            # The process died of its limits or of the file; nothing says which, and it does not matter.
            raise UnreadableError("too_demanding")

    def _lines(self, path: Path) -> Iterator[dict[str, Any]]:
        seconds = self._settings.import_seconds
        command = [sys.executable, "-m", "service.bulk_import.reader_process", str(path)]
        command += [str(self._settings.import_memory_mb), str(seconds)]
        process = subprocess.Popen(  # noqa: S603 - our own module, with numbers and a path of our own
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert process.stdin is not None
        assert process.stdout is not None
        watch = threading.Timer(seconds * 4, process.kill)
        watch.start()
        try:
            process.stdin.write(json.dumps(known_columns(self._kind)))
            process.stdin.close()
            for line in process.stdout:
                if not line.endswith("\n"):
                    return  # it died in the middle of a line
                yield json.loads(line)
        finally:
            watch.cancel()
            process.kill()
            process.wait()
            process.stdout.close()


def known_columns(kind: Kind) -> list[str]:
    """List the names by which a header is told from a row, and one delimiter from another."""
    return [*flat.columns(kind, statements=2), *flat.aliases(kind)]
