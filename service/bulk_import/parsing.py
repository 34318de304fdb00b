"""Reading a table out of a file's bytes; runs in a process of its own, behind limits."""

import codecs
import csv
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from lzma import LZMAError
from pathlib import Path
from typing import Any

MOST_ROWS = 200_000
MOST_COLUMNS = 400
LONGEST_CELL = 20_000
MOST_UNPACKED_BYTES = 600 * 1024 * 1024
MOST_RATIO = 200
_LEAST_FOR_RATIO = 20 * 1024 * 1024
DELIMITERS = (",", ";", "\t")
# What zipfile raises where an archive is broken, encrypted, packed in an unknown way, or cut off, and what
# unpacking raises by itself.
_BROKEN_ARCHIVE = (zipfile.BadZipFile, zlib.error, LZMAError, OSError, ValueError, RuntimeError, EOFError)
_ZIP_START = b"PK\x03\x04"
_OLD_OFFICE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class UnreadableError(Exception):
    """The whole file cannot be read: a stable code, and what the sentence about it needs."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def table(path: Path, known: frozenset[str]) -> Iterator[list[str]]:
    """Read the rows of a file, the header first.

    Raises UnreadableError.
    """
    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        raise UnreadableError("empty_file")
    if start.startswith(_OLD_OFFICE_START):
        raise UnreadableError("old_or_locked_workbook")
    if start.startswith(_ZIP_START):
        return _workbook(path)
    return _text(path, known)


def _text(path: Path, known: frozenset[str]) -> Iterator[list[str]]:
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        first = file.readline(100_000)
        delimiter = max(DELIMITERS, key=lambda one: _score(first, one, known))
        file.seek(0)
        csv.field_size_limit(LONGEST_CELL)
        reader = csv.reader(file, delimiter=delimiter)
        try:
            yield from reader
        except csv.Error:
            raise UnreadableError("cell_too_long", row=reader.line_num, most=LONGEST_CELL) from None


def _score(header: str, delimiter: str, known: frozenset[str]) -> tuple[int, int]:
    cells = next(csv.reader([header], delimiter=delimiter), [])
    return sum(cell.strip().lower() in known for cell in cells), len(cells)


def _encoding(path: Path) -> str:
    """Tell the encoding by the mark at the start; without one it must be UTF-8 from end to end."""
    with path.open("rb") as file:
        start = file.read(4)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        line = 1
        while block := file.read(1 << 20):
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                line += block[: error.start].count(b"\n")
                raise UnreadableError("not_utf8", row=line) from None
            line += block.count(b"\n")
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            raise UnreadableError("not_utf8", row=line) from None
    return "utf-8-sig"


def _workbook(path: Path) -> Iterator[list[str]]:
    _guard(path)
    # Imported behind the guard: the parser is native code that trusts what it is given.
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - the comment above

    try:
        workbook = CalamineWorkbook.from_path(str(path))
        sheet = workbook.get_sheet_by_index(0)
    except (CalamineError, IndexError, ValueError):
        raise UnreadableError("broken_workbook") from None
    for row in sheet.iter_rows():
        yield [_cell(value) for value in row]


def _guard(path: Path) -> None:
    """Refuse an archive that unpacks to far more than it is, before anything is unpacked for real."""
    packed = path.stat().st_size
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if not any(name.endswith("workbook.xml") for name in names):
                raise UnreadableError("not_a_workbook")
            unpacked = 0
            for name in names:
                with archive.open(name) as member:
                    # The sizes that an archive states may be lies; what comes out is counted.
                    while block := member.read(1 << 20):
                        unpacked += len(block)
                        if unpacked > MOST_UNPACKED_BYTES or (
                            unpacked > _LEAST_FOR_RATIO and unpacked > packed * MOST_RATIO
                        ):
                            raise UnreadableError("zip_bomb")
    except _BROKEN_ARCHIVE:
        raise UnreadableError("broken_workbook") from None


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case date() | datetime() | time():
            return value.isoformat()
    return str(value)


def numbered(rows: Iterable[list[str]], known: frozenset[str]) -> Iterator[dict[str, Any]]:
    """Give the header, then each row that is not empty with its number and cells by column.

    Raises UnreadableError for a header that cannot be used, or a table that is too large.
    """
    rows = iter(rows)
    header = [name.strip().lower() for name in next(rows, [])]
    while header and not header[-1]:
        header.pop()
    _check_header(header, known)
    yield {"header": header}
    for number, cells in enumerate(rows, start=2):
        if number > MOST_ROWS + 1:
            raise UnreadableError("too_many_rows", most=MOST_ROWS)
        if not any(cell.strip() for cell in cells):
            continue
        row: dict[str, Any] = {"row": number, "cells": dict(zip(header, cells, strict=False))}
        extra = [cell for cell in cells[len(header) :] if cell.strip()]
        if extra:
            row["extra"] = len(extra)
        yield row


def _check_header(header: list[str], known: frozenset[str]) -> None:
    if len(header) > MOST_COLUMNS:
        raise UnreadableError("too_many_columns", most=MOST_COLUMNS)
    if not set(header) & known:
        raise UnreadableError("no_known_column")
    repeated = sorted({name for name in header if name and header.count(name) > 1})
    if repeated:
        raise UnreadableError("repeated_columns", columns=", ".join(repeated))
