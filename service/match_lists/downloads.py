"""A match list as a file: for a spreadsheet program, or for another program."""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from pydantic import BaseModel

from service.match_lists.schemas import EntryRead, LeftOut, MatchListRead
from service.platform.http import FileAnswer
from service.platform.i18n import country_name, message
from service.platform.spreadsheets import CSV_MEDIA_TYPE, XLSX_MEDIA_TYPE, Cell, Sheet, csv_bytes, xlsx_bytes

_HEADER = (
    message("Entrepreneur"),
    message("Country"),
    message("City"),
    message("Exporter"),
    message("City"),
    message("Score"),
    message("Rank for the entrepreneur"),
    message("Rank for the exporter"),
    message("Reasons"),
)
_LEFT_OUT_HEADER = (message("Entrepreneur"), message("Exporter"), message("Reason"))


class Extension(StrEnum):
    """The kinds of file that a list is given as."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


class MatchListFile(BaseModel):
    """A whole match list as JSON."""

    match_list: MatchListRead
    entries: list[EntryRead]
    left_out: list[LeftOut]


def as_file(
    extension: Extension,
    name: str,
    match_list: MatchListRead,
    entries: list[EntryRead],
    left_out: list[LeftOut],
    language: str,
) -> FileAnswer:
    """Write a list as a file of a kind."""
    file_name = f"{name}.{extension}"
    match extension:
        case Extension.CSV:
            content = csv_bytes([one.text(language) for one in _HEADER], _rows(entries, language))
            return FileAnswer(file_name, CSV_MEDIA_TYPE, content)
        case Extension.XLSX:
            return FileAnswer(file_name, XLSX_MEDIA_TYPE, _workbook(entries, left_out, language))
        case Extension.JSON:
            whole = MatchListFile(match_list=match_list, entries=entries, left_out=left_out)
            return FileAnswer(file_name, "application/json", whole.model_dump_json(indent=2).encode())


def _workbook(entries: Sequence[EntryRead], left_out: Sequence[LeftOut], language: str) -> bytes:
    return xlsx_bytes(
        [
            Sheet(
                message("Match list").text(language),
                [one.text(language) for one in _HEADER],
                _rows(entries, language),
                widths={0: 30, 3: 30, 8: 90},
            ),
            Sheet(
                message("Left out").text(language),
                [one.text(language) for one in _LEFT_OUT_HEADER],
                _left_out_rows(left_out),
                widths={0: 30, 1: 30, 2: 60},
            ),
        ]
    )


def _left_out_rows(left_out: Sequence[LeftOut]) -> Iterator[list[Cell]]:
    for one in left_out:
        entrepreneur = one.entrepreneur.name if one.entrepreneur else ""
        exporter = one.exporter.name if one.exporter else ""
        yield [entrepreneur, exporter, one.text]


def _rows(entries: Sequence[EntryRead], language: str) -> Iterator[list[Cell]]:
    for entry in entries:
        yield [
            entry.entrepreneur.name,
            country_name(entry.entrepreneur.country, language),
            entry.entrepreneur.city,
            entry.exporter.name,
            entry.exporter.city,
            entry.score,
            entry.rank_for_entrepreneur,
            entry.rank_for_exporter,
            "\n".join(f"{reason.text} ({reason.share:.0%})" for reason in entry.reasons),
        ]
