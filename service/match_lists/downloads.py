"""A match list as a file: for a spreadsheet program, or for another program."""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from pydantic import BaseModel

from service.match_lists.schemas import (
    CHANGE_WORDS,
    SIDE_WORDS,
    STANDING_WORDS,
    Comparison,
    EntryRead,
    Fairness,
    LeftOut,
    MatchListRead,
)
from service.platform.http import FileAnswer
from service.platform.i18n import Message, country_name, message
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
    message("Proposed"),
    message("Decided"),
    message("Note"),
)
_SHORT_HEADER = (
    message("Side"),
    message("Participant"),
    message("Meetings"),
    message("Least"),
    message("Reason"),
)
_COMPARISON_HEADER = (
    message("What changed"),
    message("Entrepreneur"),
    message("Exporter"),
    message("Proposed before"),
    message("Proposed now"),
    message("Score before"),
    message("Score now"),
    message("Rank for the entrepreneur before"),
    message("Rank for the entrepreneur now"),
    message("Rank for the exporter before"),
    message("Rank for the exporter now"),
    message("Reason"),
)
_YES, _NO = message("yes"), message("no")
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
    fairness: Fairness


def as_file(
    extension: Extension,
    name: str,
    match_list: MatchListRead,
    entries: list[EntryRead],
    left_out: list[LeftOut],
    fairness: Fairness,
    language: str,
) -> FileAnswer:
    """Write a list as a file of a kind."""
    file_name = f"{name}.{extension}"
    match extension:
        case Extension.CSV:
            content = csv_bytes(_words(_HEADER, language), _rows(entries, language))
            return FileAnswer(file_name, CSV_MEDIA_TYPE, content)
        case Extension.XLSX:
            return FileAnswer(file_name, XLSX_MEDIA_TYPE, _workbook(entries, left_out, fairness, language))
        case Extension.JSON:
            whole = MatchListFile(
                match_list=match_list, entries=entries, left_out=left_out, fairness=fairness
            )
            return FileAnswer(file_name, "application/json", whole.model_dump_json(indent=2).encode())


def comparison_file(name: str, found: Comparison, language: str) -> FileAnswer:
    """Write two versions side by side as a workbook."""
    sheet = Sheet(
        message("Comparison").text(language),
        _words(_COMPARISON_HEADER, language),
        _comparison_rows(found, language),
        widths={1: 30, 2: 30, 11: 60},
    )
    return FileAnswer(f"{name}.xlsx", XLSX_MEDIA_TYPE, xlsx_bytes([sheet]))


def _workbook(
    entries: Sequence[EntryRead], left_out: Sequence[LeftOut], fairness: Fairness, language: str
) -> bytes:
    header, widths = _words(_HEADER, language), {0: 30, 3: 30, 8: 90, 11: 60}
    return xlsx_bytes(
        [
            Sheet(
                message("Match list").text(language),
                header,
                _rows([one for one in entries if one.chosen], language),
                widths=widths,
            ),
            Sheet(
                message("Next best").text(language),
                header,
                _rows([one for one in entries if not one.chosen], language),
                widths=widths,
            ),
            Sheet(
                message("Left out").text(language),
                _words(_LEFT_OUT_HEADER, language),
                _left_out_rows(left_out),
                widths={0: 30, 1: 30, 2: 60},
            ),
            Sheet(
                message("Too few meetings").text(language),
                _words(_SHORT_HEADER, language),
                _short_rows(fairness, language),
                widths={1: 30, 4: 90},
            ),
        ]
    )


def _words(header: Sequence[Message], language: str) -> list[str]:
    return [one.text(language) for one in header]


def _short_rows(fairness: Fairness, language: str) -> Iterator[list[Cell]]:
    for one in fairness.short:
        side = SIDE_WORDS[one.side].text(language)
        yield [side, one.participant.name, one.meetings, one.least, one.text]


def _comparison_rows(found: Comparison, language: str) -> Iterator[list[Cell]]:
    for one in found.differences:
        versions = (one.before, one.after)
        yield [
            CHANGE_WORDS[one.change].text(language),
            one.entrepreneur.name,
            one.exporter.name,
            *((_YES if version and version.chosen else _NO).text(language) for version in versions),
            *(version.score if version else None for version in versions),
            *(version.rank_for_entrepreneur if version else None for version in versions),
            *(version.rank_for_exporter if version else None for version in versions),
            one.reason,
        ]


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
            (_YES if entry.chosen else _NO).text(language),
            STANDING_WORDS[entry.standing].text(language),
            entry.note,
        ]
