"""A plain row with the columns of the CSV form, read into the parts of a profile."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

Side = Literal["entrepreneur", "exporter"]
Columns = Mapping[str, tuple[str, ...]]

# Columns of each side, by the part of the profile and the field that they fill.
_COLUMNS: Mapping[Side, Mapping[str, Columns]] = {
    "exporter": {
        "offers": {"hs_codes": ("hs_codes",), "partnership_types": (), "markets": ()},
        "seeks": {"hs_codes": (), "partnership_types": ("partnership_seek",), "markets": ("target_markets",)},
    },
    "entrepreneur": {
        "offers": {
            "hs_codes": (),
            "partnership_types": ("partnership_offer",),
            "markets": ("markets_served", "country"),
        },
        "seeks": {"hs_codes": ("hs_interest",), "partnership_types": (), "markets": ()},
    },
}
_TELLING_COLUMNS: Mapping[Side, frozenset[str]] = {
    "exporter": frozenset({"partnership_seek", "target_markets", "hs_codes"}),
    "entrepreneur": frozenset({"partnership_offer", "markets_served", "hs_interest"}),
}
# National codes go on after the six digits of the Harmonised System.
_HS_LENGTHS = frozenset({2, 4, 6, 8, 10})


class RowParts(NamedTuple):
    """What a row says.

    Attributes
    ----------
    id : str
        Identifier.
    offers, seeks : dict
        Fields of a statement: texts, hs_codes, partnership_types, markets.
    languages : tuple of str
        Business languages.
    """

    id: str
    offers: dict[str, tuple[str, ...]]
    seeks: dict[str, tuple[str, ...]]
    languages: tuple[str, ...]


def read_row(row: Mapping[str, Any], side: Side | None) -> RowParts:
    """Read a row; `matching.types.Profile.from_dict` tells the columns.

    Parameters
    ----------
    row : mapping
    side : {"entrepreneur", "exporter"} or None
        Told by the columns that are there where it is None.

    Returns
    -------
    RowParts

    Raises
    ------
    ValueError
        If there is no id, the side cannot be told, or a column holds what it cannot; it is named.
    """
    identifier = next((str(row[name]) for name in ("external_id", "id") if _given(row.get(name))), "")
    if not identifier:
        raise ValueError("external_id: the row has neither external_id nor id")
    known = side or _side_of(row)
    if known not in _COLUMNS:
        raise ValueError(f"side must be entrepreneur or exporter, not {known!r}")
    columns = _COLUMNS[known]
    return RowParts(
        id=identifier,
        offers=_statement(row, "offers", columns["offers"]),
        seeks=_statement(row, "seeks", columns["seeks"]),
        languages=_codes(row, ("languages",)),
    )


def _side_of(row: Mapping[str, Any]) -> Side:
    found: list[Side] = [side for side, columns in _TELLING_COLUMNS.items() if columns & set(row)]
    if len(found) != 1:
        raise ValueError(
            "the columns do not tell the side: an exporter has hs_codes, partnership_seek or target_markets, "
            "an entrepreneur hs_interest, partnership_offer or markets_served; or name the side"
        )
    return found[0]


def _statement(row: Mapping[str, Any], part: str, columns: Columns) -> dict[str, tuple[str, ...]]:
    goods = {_hs_code(column, cell) for column in columns["hs_codes"] for cell in _cells(row, column)}
    return {
        "texts": tuple(_cells(row, f"{part}_text", separator=None)),
        "hs_codes": tuple(sorted(goods)),
        "partnership_types": _codes(row, columns["partnership_types"]),
        "markets": _codes(row, columns["markets"]),
    }


def _given(value: Any) -> bool:
    """Tell whether a cell holds anything; NaN, the empty cell of data frames, differs from itself."""
    return value is not None and value == value and value != ""  # noqa: PLR0124 - the test for NaN


def _cells(row: Mapping[str, Any], column: str, separator: str | None = ";") -> list[str]:
    value = row.get(column)
    if not _given(value):
        return []
    if isinstance(value, str):
        value = value.split(separator) if separator else [value]
    if not isinstance(value, list | tuple | set) or not all(isinstance(cell, str) for cell in value):
        # A goods code that came as a number may have lost its leading zero: nothing is guessed.
        raise ValueError(f"{column}: expected text, or a list of texts, not {value!r}")
    return [cell.strip() for cell in value if cell.strip()]


def _codes(row: Mapping[str, Any], columns: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({cell for column in columns for cell in _cells(row, column)}))


def _hs_code(column: str, cell: str) -> str:
    """Bring `0409.00` and `0409 00` to their digits."""
    code = cell.replace(".", "").replace(" ", "")
    if not (code.isascii() and code.isdigit() and len(code) in _HS_LENGTHS):
        raise ValueError(f"{column}: an HS code has 2, 4, 6, 8 or 10 digits, not {cell!r}")
    return code
