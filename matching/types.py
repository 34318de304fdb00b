"""What goes into matching and what comes out: profiles, the configuration, matches."""

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal, Self

Side = Literal["entrepreneur", "exporter"]
FIELDS = ("text", "hs_codes", "partnership_types", "markets", "languages")

# Columns of the CSV form of each side, by the part of the profile that they fill.
_EXPORTER_COLUMNS = {
    "offers": {"hs_codes": ("hs_codes",), "partnership_types": (), "markets": ()},
    "seeks": {"hs_codes": (), "partnership_types": ("partnership_seek",), "markets": ("target_markets",)},
}
_ENTREPRENEUR_COLUMNS = {
    "offers": {
        "hs_codes": (),
        "partnership_types": ("partnership_offer",),
        "markets": ("markets_served", "country"),
    },
    "seeks": {"hs_codes": ("hs_interest",), "partnership_types": (), "markets": ()},
}
_TELLING_COLUMNS: dict[Side, set[str]] = {
    "exporter": {"partnership_seek", "target_markets", "hs_codes"},
    "entrepreneur": {"partnership_offer", "markets_served", "hs_interest"},
}


@dataclass(frozen=True, slots=True)
class Statement:
    """What a profile offers, or what it seeks: free texts in any language, and codes.

    Parameters
    ----------
    texts : tuple of str
        One text for each offer or request.
    hs_codes : tuple of str
        HS codes of 2, 4 or 6 digits.
    partnership_types : tuple of str
        Codes of partnership types.
    markets : tuple of str
        Country codes (ISO 3166-1 alpha-2).
    """

    texts: tuple[str, ...] = ()
    hs_codes: tuple[str, ...] = ()
    partnership_types: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """One side of a possible partnership, as the matcher sees it.

    Parameters
    ----------
    id : str
        Identifier, unique over both sides of an index.
    offers, seeks : Statement
        What it gives and what it looks for.
    languages : tuple of str
        Business languages (BCP 47).

    Examples
    --------
    >>> row = {"external_id": "E1", "country": "DE", "hs_interest": "0409", "seeks_text": "honey"}
    >>> Profile.from_dict(row).seeks
    Statement(texts=('honey',), hs_codes=('0409',), partnership_types=(), markets=())
    """

    id: str
    offers: Statement = Statement()
    seeks: Statement = Statement()
    languages: tuple[str, ...] = ()

    @classmethod
    def from_dict(cls, row: Mapping[str, Any], *, side: Side | None = None) -> Self:
        """Build a profile from a plain row with the columns of the CSV form.

        Parameters
        ----------
        row : mapping
            `external_id` (or `id`), `offers_text`, `seeks_text`, `languages` and the columns of its
            side; several values are separated by `;` or come as a list. Other columns are ignored.
        side : {"entrepreneur", "exporter"}, optional
            Whose columns to read; by default it is told by the columns that are there.

        Raises
        ------
        ValueError
            If there is no id, or the side cannot be told.
        """
        identifier = str(row.get("external_id") or row.get("id") or "")
        if not identifier:
            raise ValueError("the row has neither external_id nor id")
        columns = _EXPORTER_COLUMNS if (side or _side_of(row)) == "exporter" else _ENTREPRENEUR_COLUMNS
        return cls(
            id=identifier,
            offers=_statement(row, "offers", columns["offers"]),
            seeks=_statement(row, "seeks", columns["seeks"]),
            languages=_codes(row, ("languages",)),
        )

    def to_document(self) -> dict[str, Any]:
        """Give the profile as plain JSON values; `from_document` gives it back."""
        document: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return document

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Rebuild a profile from `to_document`."""
        return cls(
            id=document["id"],
            offers=_from_document(document["offers"]),
            seeks=_from_document(document["seeks"]),
            languages=tuple(document["languages"]),
        )


def _from_document(document: Mapping[str, Any]) -> Statement:
    return Statement(**{name: tuple(values) for name, values in document.items()})


def _side_of(row: Mapping[str, Any]) -> Side:
    found: list[Side] = [side for side, columns in _TELLING_COLUMNS.items() if columns & set(row)]
    if len(found) != 1:
        raise ValueError(
            "the columns do not tell the side: an exporter has partnership_seek or target_markets, an "
            "entrepreneur partnership_offer or markets_served; or name the side"
        )
    return found[0]


def _statement(row: Mapping[str, Any], side: str, columns: Mapping[str, tuple[str, ...]]) -> Statement:
    text = str(row.get(f"{side}_text") or "")
    codes = {name: _codes(row, sources) for name, sources in columns.items()}
    return Statement(texts=(text,) if text.strip() else (), **codes)


def _codes(row: Mapping[str, Any], columns: Iterable[str]) -> tuple[str, ...]:
    found: set[str] = set()
    for column in columns:
        value = row.get(column) or ()
        parts = value.split(";") if isinstance(value, str) else [str(part) for part in value]
        found |= {part.strip() for part in parts if part.strip()}
    return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """One profile that was added or changed (`profile`), or removed (`None`)."""

    id: str
    side: Side
    profile: Profile | None


@dataclass(frozen=True, slots=True)
class Match:
    """One partner proposed to one profile.

    Parameters
    ----------
    partner_id : str
        Who is proposed.
    score : float
        Reciprocal score in [0, 1].
    rank : int
        Place among the proposals, from 1.
    """

    partner_id: str
    score: float
    rank: int


@dataclass(frozen=True, slots=True)
class Pair:
    """One entrepreneur and one exporter of whom at least one has the other in its top k.

    Parameters
    ----------
    entrepreneur_id, exporter_id : str
        The two.
    score : float
        Reciprocal score in [0, 1].
    rank_for_entrepreneur, rank_for_exporter : int or None
        Place among the partners of each, from 1; None where it is not in that one's top k.
    """

    entrepreneur_id: str
    exporter_id: str
    score: float
    rank_for_entrepreneur: int | None
    rank_for_exporter: int | None


def _default_weights() -> dict[str, float]:
    return {"text": 0.55, "hs_codes": 0.15, "partnership_types": 0.10, "markets": 0.12, "languages": 0.08}


@dataclass(frozen=True)
class MatchConfig:
    """Parameters of the matcher; stored with every match list that it made.

    The defaults come from reasoning, not from tuning: what is said in words decides, goods codes are
    given by half of the profiles only, the rest tells good partners apart where the goods agree.

    Parameters
    ----------
    balance : float
        Weight w in [0, 1] of "the entrepreneur seeks what the exporter offers"; 1 − w is that of the
        other direction.
    weights : dict
        Weight of each field: text, hs_codes, partnership_types, markets, languages. Not negative, not
        all zero; they are scaled to sum to 1.
    sublinear : bool
        Count a repeated term as 1 + log(count).

    Raises
    ------
    ValueError
        If a value is not a number, out of its range, or of an unknown field.
    """

    balance: float = 0.5
    weights: dict[str, float] = field(default_factory=_default_weights)
    sublinear: bool = True

    def __post_init__(self) -> None:
        if not isinstance(self.balance, int | float) or not 0 <= self.balance <= 1:
            raise ValueError("balance must be a number from 0 to 1")
        unknown = sorted(set(self.weights) - set(FIELDS))
        if unknown:
            raise ValueError(f"unknown fields: {', '.join(unknown)}; there are {', '.join(FIELDS)}")
        given = {name: float(self.weights.get(name, 0.0)) for name in FIELDS}
        if any(math.isnan(weight) or math.isinf(weight) or weight < 0 for weight in given.values()):
            raise ValueError("weights must be finite and not negative")
        total = sum(given.values())
        if total <= 0:
            raise ValueError("at least one weight must be above zero")
        object.__setattr__(self, "weights", {name: weight / total for name, weight in given.items()})

    def to_dict(self) -> dict[str, Any]:
        """Give the configuration as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Rebuild a configuration; fields that are left out keep their default.

        Raises
        ------
        ValueError
            If there is an unknown name or a wrong value.
        """
        unknown = sorted(set(values) - {one.name for one in fields(cls)})
        if unknown:
            raise ValueError(f"unknown parameters: {', '.join(unknown)}")
        return replace(cls(), **values)

    def digest(self) -> str:
        """Give a SHA-256 of the configuration, equal for equal values."""
        canonical = json.dumps(self.to_dict(), sort_keys=True)
        return hashlib.sha256(canonical.encode()).hexdigest()
