"""Writing files that open in a spreadsheet, with cells that stay text whatever they begin with."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from service.platform import clock

CSV_MEDIA_TYPE = "text/csv; charset=utf-8"
XLSX_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_767  # characters; the limit of the XLSX format

Cell = str | int | float | Decimal | date | None

_BYTE_ORDER_MARK = "\ufeff"
# What makes a spreadsheet take a cell for a formula, in the wide forms of East Asia as well. An apostrophe
# that stands there already counts too: otherwise nobody could tell it from the one that is added.
_FORMULA_START = r"(?:\s*[=+\-@＝＋－＠]|[\t\r\n])"
_TO_NEUTRALISE = re.compile(rf"'*{_FORMULA_START}")
_NEUTRALISED = re.compile(rf"'+{_FORMULA_START}")
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]")
_LONGEST_SHEET_NAME = 31
_WIDTH = 18


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook: a header and the rows below it."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    widths: Mapping[int, float] = field(default_factory=dict)
    """Widths of columns that differ from the usual one, in characters, by their place from 0."""


def neutral(cell: str) -> str:
    """Put an apostrophe before text that a spreadsheet would take for a formula."""
    return f"'{cell}" if _TO_NEUTRALISE.match(cell) else cell


def without_neutral(cell: str) -> str:
    """Take the apostrophe off again that `neutral` has put there."""
    return cell[1:] if _NEUTRALISED.match(cell) else cell


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write CSV in UTF-8 with a byte order mark, so that every spreadsheet reads the letters right."""
    text = StringIO()
    text.write(_BYTE_ORDER_MARK)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([neutral(name) for name in header])
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def xlsx_bytes(sheets: Iterable[Sheet]) -> bytes:
    """Write a workbook in which every text is a text cell and numbers are numbers."""
    target = BytesIO()
    # Rows go to disk as they come, so that a long list does not fill the memory.
    with Workbook(target, {"constant_memory": True}) as workbook:
        workbook.set_properties({"created": clock.now()})
        bold = workbook.add_format({"bold": True, "num_format": "@", "quote_prefix": True})
        # The quote prefix is the spreadsheet's own mark for text: the cell stays text when it is edited.
        text = workbook.add_format({"num_format": "@", "quote_prefix": True})
        for name, sheet in zip(_sheet_names(sheets := list(sheets)), sheets, strict=True):
            _write_sheet(workbook, name, sheet, bold, text)
    return target.getvalue()


def _plain(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case str():
            return neutral(cell)
        case bool():
            return "1" if cell else "0"
        case date():
            return cell.isoformat()
    return str(cell)


def _sheet_names(sheets: Iterable[Sheet]) -> Iterator[str]:
    taken: set[str] = set()
    for number, sheet in enumerate(sheets, start=1):
        name = _NOT_IN_SHEET_NAMES.sub(" ", sheet.name).strip(" '")[:_LONGEST_SHEET_NAME].strip(" '")
        if not name or name.casefold() in taken:
            name = f"{name[: _LONGEST_SHEET_NAME - 5]} {number}".strip()
        taken.add(name.casefold())
        yield name


def _write_sheet(workbook: Workbook, name: str, sheet: Sheet, bold: Format, text: Format) -> None:
    worksheet = workbook.add_worksheet(name)
    worksheet.freeze_panes(1, 0)
    for column in range(len(sheet.header)):
        worksheet.set_column(column, column, sheet.widths.get(column, _WIDTH), text)
    for column, title in enumerate(sheet.header):
        worksheet.write_string(0, column, title[:LONGEST_CELL], bold)
    for number, row in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(row):
            match cell:
                case None | "":
                    continue
                case str():
                    worksheet.write_string(number, column, cell[:LONGEST_CELL], text)
                case bool():
                    worksheet.write_number(number, column, int(cell))
                case date():
                    worksheet.write_string(number, column, cell.isoformat(), text)
                case _:
                    worksheet.write_number(number, column, cell)
