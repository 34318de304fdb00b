"""What goes into matching and what comes out: profiles, the configuration, matches."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any, Self

from matching.rows import Side, read_row

FIELDS = ("text", "hs_codes", "partnership_types", "markets", "languages")

# Weights whose sum is this near to 1 are left alone, so that a stored configuration comes back exactly.
_ROUNDING = 1e-12


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

    Raises
    ------
    ValueError
        If a field is not a sequence of texts.
    """

    texts: tuple[str, ...] = ()
    hs_codes: tuple[str, ...] = ()
    partnership_types: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "texts", _texts("texts", self.texts))
        object.__setattr__(self, "hs_codes", _texts("hs_codes", self.hs_codes))
        object.__setattr__(self, "partnership_types", _texts("partnership_types", self.partnership_types))
        object.__setattr__(self, "markets", _texts("markets", self.markets))

    def __reduce__(self) -> tuple[Any, ...]:
        # Other processes get many: what a data class does by itself takes several times as long.
        return type(self), (self.texts, self.hs_codes, self.partnership_types, self.markets)

    def to_document(self) -> dict[str, list[str]]:
        """Give the statement as plain JSON values."""
        return {
            "texts": list(self.texts),
            "hs_codes": list(self.hs_codes),
            "partnership_types": list(self.partnership_types),
            "markets": list(self.markets),
        }


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

    Raises
    ------
    ValueError
        If the id is not a text, or empty, or the languages are not a sequence of texts.

    Examples
    --------
    >>> row = {"external_id": "E1", "country": "DE", "hs_interest": "0409", "seeks_text": "honey"}
    >>> Profile.from_dict(row).seeks
    Statement(texts=('honey',), hs_codes=('0409',), partnership_types=(), markets=())
    """

    id: str
    offers: Statement = field(default_factory=Statement)
    seeks: Statement = field(default_factory=Statement)
    languages: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.id, str) or not self.id:
            raise _wrong("id", "a text that is not empty", self.id)
        object.__setattr__(self, "languages", _texts("languages", self.languages))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.id, self.offers, self.seeks, self.languages)

    @classmethod
    def from_dict(cls, row: Mapping[str, Any], *, side: Side | None = None) -> Self:
        """Build a profile from a plain row with the columns of the CSV form.

        Parameters
        ----------
        row : mapping
            `external_id` (or `id`), `offers_text`, `seeks_text`, `languages` and the columns of its
            side: an exporter's `hs_codes` (offered), `partnership_seek` and `target_markets` (sought);
            an entrepreneur's `hs_interest` (sought), `partnership_offer`, `markets_served` and
            `country` (offered). Several values are separated by `;` or come as a list; a text column
            is one text or a list of texts. None, NaN and blanks count as not given, other columns are
            ignored.
        side : {"entrepreneur", "exporter"}, optional
            Whose columns to read; by default it is told by the columns that are there.

        Raises
        ------
        ValueError
            If there is no id, the side cannot be told, or a column holds something else than text or,
            for goods, than an HS code; the message names the column.
        """
        parts = read_row(row, side)
        return cls(
            id=parts.id,
            offers=Statement(**parts.offers),
            seeks=Statement(**parts.seeks),
            languages=parts.languages,
        )

    def to_document(self) -> dict[str, Any]:
        """Give the profile as plain JSON values; `from_document` gives back an equal profile."""
        return {
            "id": self.id,
            "offers": self.offers.to_document(),
            "seeks": self.seeks.to_document(),
            "languages": list(self.languages),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Rebuild a profile from `to_document`.

        Raises
        ------
        ValueError
            If the document is not one of a profile.
        """
        try:
            statements = {part: Statement(**document[part]) for part in ("offers", "seeks")}
            return cls(id=document["id"], languages=document["languages"], **statements)
        except (KeyError, TypeError) as error:
            raise ValueError(f"not the document of a profile: {error}") from error


def _texts(name: str, values: Any) -> tuple[str, ...]:
    if not isinstance(values, list | tuple) or not all(isinstance(one, str) for one in values):
        raise _wrong(name, "a sequence of texts", values)
    return tuple(values)


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """One profile that was added or changed (`profile`), or removed (`None`).

    Raises
    ------
    ValueError
        If the profile has another id than the change.
    """

    id: str
    side: Side
    profile: Profile | None

    def __post_init__(self) -> None:
        if self.profile is not None and self.profile.id != self.id:
            raise ValueError(f"the change of {self.id} carries the profile {self.profile.id}")


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
    entrepreneur_seeks, exporter_seeks : float
        The directed parts of the score: what the entrepreneur seeks against what the exporter offers,
        and the reverse. They add up to `score` within 1e-6.
    """

    entrepreneur_id: str
    exporter_id: str
    score: float
    rank_for_entrepreneur: int | None
    rank_for_exporter: int | None
    entrepreneur_seeks: float
    exporter_seeks: float


_SHARES = ("length", "broader", "spelling", "unknown", "others", "everyday", "inside", "letters", "goods")


def _default_weights() -> dict[str, float]:
    return {"text": 0.7, "hs_codes": 0.12, "partnership_types": 0.08, "markets": 0.09, "languages": 0.01}


@dataclass(frozen=True)
class MatchConfig:
    """Parameters of the matcher; stored with every match list that it made.

    The defaults were chosen by `python -m tests.benchmarks.tuning` on texts for tuning and on one half of
    judged profiles; the other half measures. What is said in words decides, goods codes are given by half of
    the profiles only, the rest tells good partners apart where the goods agree.

    Parameters
    ----------
    balance : float, default=0.5
        Weight w in [0, 1] of "the entrepreneur seeks what the exporter offers"; 1 − w is that of the
        other direction.
    weights : mapping of str to float
        Weight of each field: text, hs_codes, partnership_types, markets, languages. A field that is
        left out has 0. Not negative, not all zero; they are scaled to sum to 1 and read-only then.
    sublinear, saturation, length, broader, spelling, unknown, others, everyday, inside, letters
        How words are weighed: see `TextVectorizer`.
    goods : float
        In the field hs_codes, what the code of goods counts that are named in words only; a code that is
        given counts 1.

    Raises
    ------
    ValueError
        If a value is of the wrong kind, out of its range, or of an unknown field.

    Examples
    --------
    >>> config = MatchConfig(weights={"text": 3, "hs_codes": 1})
    >>> config.weights["text"], config == MatchConfig.from_dict(config.to_dict())
    (0.75, True)
    """

    balance: float = 0.5
    weights: Mapping[str, float] = field(default_factory=_default_weights)
    sublinear: bool = True
    saturation: float = 0.0
    length: float = 0.0
    broader: float = 0.35
    spelling: float = 0.1
    unknown: float = 0.4
    others: float = 0.6
    everyday: float = 0.3
    inside: float = 0.4
    letters: float = 0.15
    goods: float = 0.5

    def __post_init__(self) -> None:
        for name in _SHARES:
            value = _number(name, getattr(self, name))
            if not 0 <= value <= 1:
                raise _wrong(name, "from 0 to 1", value)
            object.__setattr__(self, name, value)
        saturation = _number("saturation", self.saturation)
        if saturation < 0:
            raise _wrong("saturation", "0 or more", saturation)
        object.__setattr__(self, "saturation", saturation)
        if self.letters == 1:
            raise _wrong("letters", "below 1", self.letters)
        balance = _number("balance", self.balance)
        if not 0 <= balance <= 1:
            raise _wrong("balance", "from 0 to 1", balance)
        if not isinstance(self.sublinear, bool):
            raise _wrong("sublinear", "true or false", self.sublinear)
        object.__setattr__(self, "balance", balance)
        object.__setattr__(self, "weights", MappingProxyType(_scaled(self.weights)))

    def __hash__(self) -> int:
        return hash(self.digest())

    def __reduce__(self) -> tuple[Any, ...]:
        # Copies and other processes get a read-only view of their own, which cannot be copied itself.
        return type(self).from_dict, (self.to_dict(),)

    def to_dict(self) -> dict[str, Any]:
        """Give the configuration as plain JSON values; `from_dict` gives back an equal one."""
        return {one.name: getattr(self, one.name) for one in fields(self)} | {"weights": dict(self.weights)}

    def of_text(self) -> dict[str, Any]:
        """Give the parameters that concern the text: those of `TextVectorizer`."""
        return {
            name: getattr(self, name) for name in ("sublinear", "saturation", *_SHARES) if name != "goods"
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Rebuild a configuration; parameters that are left out keep their default.

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
        """Give a SHA-256 of the configuration in hexadecimal, equal for equal values."""
        canonical = json.dumps(self.to_dict(), sort_keys=True)
        return hashlib.sha256(canonical.encode()).hexdigest()


def _wrong(name: str, expected: str, value: Any) -> ValueError:
    return ValueError(f"{name} must be {expected}, not {value!r}")


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong(name, "a number", value)
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise _wrong(name, "finite", number)
    return number + 0.0  # −0.0 becomes 0.0: equal values have one digest


def _scaled(weights: Any) -> dict[str, float]:
    if not isinstance(weights, Mapping):
        raise _wrong("weights", "a mapping of fields to numbers", weights)
    unknown = sorted(str(name) for name in set(weights) - set(FIELDS))
    if unknown:
        raise ValueError(f"weights of unknown fields: {', '.join(unknown)}; there are {', '.join(FIELDS)}")
    given = {name: _number(f"the weight of {name}", weights.get(name, 0.0)) for name in FIELDS}
    negative = [name for name, weight in given.items() if weight < 0]
    if negative:
        raise ValueError(f"weights must not be negative: {', '.join(negative)}")
    largest = max(given.values())
    if largest == 0:
        raise ValueError("at least one weight must be above zero")
    if abs(sum(given.values()) - 1) <= _ROUNDING:
        return given
    # Divided by the largest first: the sum of very large weights is not finite.
    shares = {name: weight / largest for name, weight in given.items()}
    total = math.fsum(shares.values())
    return {name: share / total for name, share in shares.items()}
