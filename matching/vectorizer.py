"""Profiles to rows: every field a block, every block a part of the score."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, Literal, NamedTuple, Self

import numpy as np
from scipy.sparse import csr_array, hstack

from matching.text.analyzer import CONCEPT_SIGN, Unit, units_of
from matching.text.thesaurus import concepts
from matching.text.vectorizer import CodeVectorizer, UnitVectorizer
from matching.types import FIELDS, MatchConfig, Profile, Statement

Direction = Literal["entrepreneur_seeks", "exporter_seeks"]
Part = Literal["offers", "seeks"]
_PREFIXES = (2, 4, 6)


@dataclass(frozen=True, slots=True)
class AnalyzedStatement:
    """The terms of what a profile offers or seeks.

    Parameters
    ----------
    text : tuple of Unit
        Of all its texts together.
    goods : dict of str to float
        HS codes (chapters, headings, subheadings) of the goods that the texts name.
    codes : dict of str to tuple of str
        The codes of every other field.
    """

    text: tuple[Unit, ...]
    goods: dict[str, float]
    codes: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class AnalyzedProfile:
    """The terms of a profile, by part; made once for every version of a profile."""

    offers: AnalyzedStatement
    seeks: AnalyzedStatement

    @property
    def says_something(self) -> bool:
        """Whether there is a word or a code of goods or of a partnership to compare."""
        return any(
            part.text or part.codes["hs_codes"] or part.codes["partnership_types"]
            for part in (self.offers, self.seeks)
        )


def analyze_profile(profile: Profile) -> AnalyzedProfile:
    """Bring a profile to its terms; business languages belong to both of its parts."""
    return AnalyzedProfile(
        offers=_analyzed(profile.offers, profile.languages), seeks=_analyzed(profile.seeks, profile.languages)
    )


def _analyzed(statement: Statement, languages: Sequence[str]) -> AnalyzedStatement:
    units = tuple(unit for text in statement.texts for unit in units_of(text))
    return AnalyzedStatement(
        text=units,
        goods=goods_of(dict(named for unit in units for named in unit.concepts)),
        codes={
            "hs_codes": hs_prefixes(statement.hs_codes),
            "partnership_types": statement.partnership_types,
            "markets": statement.markets,
            "languages": tuple(sorted({tag.split("-")[0].lower() for tag in languages})),
        },
    )


def goods_of(named: Mapping[str, float]) -> dict[str, float]:
    """Give the HS codes of concepts that are goods.

    Parameters
    ----------
    named : mapping of term to float
        Terms of concepts with their counts.

    Examples
    --------
    >>> goods_of({"=honey": 1.0})
    {'04': 1.0, '0409': 1.0}
    """
    known = concepts()
    found: dict[str, float] = {}
    for term, count in named.items():
        concept = known.get(term.removeprefix(CONCEPT_SIGN))
        codes = concept.hs_codes if concept else ()
        for prefix in hs_prefixes(codes):
            found[prefix] = max(found.get(prefix, 0.0), min(count, 1.0) / len(codes))
    return found


def hs_prefixes(codes: Iterable[str]) -> tuple[str, ...]:
    """List the chapters, headings and subheadings of HS codes, so that near goods earn a part.

    Examples
    --------
    >>> hs_prefixes(["040900"])
    ('04', '0409', '040900')
    """
    return tuple(
        sorted(
            {code[:length] for code in codes for length in _PREFIXES if len(code) >= length},
            key=lambda prefix: (len(prefix), prefix),
        )
    )


class Block(NamedTuple):
    """Columns of one field in one direction.

    Attributes
    ----------
    direction : str
        `entrepreneur_seeks`: what the entrepreneur seeks against what the exporter offers;
        `exporter_seeks`: the reverse.
    field : str
        Name of the field.
    start, stop : int
        Its columns.
    """

    direction: Direction
    field: str
    start: int
    stop: int


class ProfileVectorizer:
    """Weigh profiles so that one sparse product is the reciprocal score.

    The row of an entrepreneur is [seeks | offers], that of an exporter [offers | seeks]; each field is
    a block of unit length (or empty) times the square root of its weight, each half times the square
    root of its direction's. The dot product is then
    `w·Σ fᵢ·cos(E seeks, X offers) + (1 − w)·Σ fᵢ·cos(E offers, X seeks)`, a number in [0, 1].
    A field that one side left empty earns nothing.
    """

    def __init__(self, config: MatchConfig) -> None:
        self.config = config
        self._fields = {
            name: UnitVectorizer(**config.of_text()) if name == "text" else CodeVectorizer()
            for name in FIELDS
        }
        self.blocks: tuple[Block, ...] = ()

    def fit(self, profiles: Sequence[AnalyzedProfile]) -> Self:
        """Learn the vocabulary and the document frequencies of every field, over both parts of both sides.

        Parameters
        ----------
        profiles : sequence of AnalyzedProfile
        """
        for name, vectorizer in self._fields.items():
            documents = (
                self._document(part, name) for profile in profiles for part in (profile.offers, profile.seeks)
            )
            vectorizer.fit([document for document in documents if document])
        self._terms = {
            name: vectorizer.get_feature_names_out().tolist() for name, vectorizer in self._fields.items()
        }
        self.blocks = tuple(self._blocks())
        self._starts = [block.start for block in self.blocks]
        return self

    def _document(self, statement: AnalyzedStatement, name: str) -> Any:
        """Give the terms of a field with their counts."""
        if name == "text":
            return statement.text
        counts = dict.fromkeys(statement.codes[name], 1.0)
        if name == "hs_codes" and self.config.goods:
            for prefix, share in statement.goods.items():
                counts.setdefault(prefix, self.config.goods * share)
        return counts

    @property
    def n_first_direction(self) -> int:
        """How many columns belong to `entrepreneur_seeks`; those of `exporter_seeks` follow."""
        return self.blocks[len(FIELDS)].start

    def _blocks(self) -> Iterable[Block]:
        start = 0
        directions: tuple[Direction, Direction] = ("entrepreneur_seeks", "exporter_seeks")
        for direction in directions:
            for name, vectorizer in self._fields.items():
                yield Block(direction, name, start, start + vectorizer.n_terms_)
                start += vectorizer.n_terms_

    def entrepreneurs(self, profiles: Sequence[AnalyzedProfile]) -> csr_array:
        """Weigh entrepreneurs: csr_array of float32, shape (n_profiles, n_columns)."""
        return self._rows(profiles, ("seeks", "offers"))

    def exporters(self, profiles: Sequence[AnalyzedProfile]) -> csr_array:
        """Weigh exporters: csr_array of float32, shape (n_profiles, n_columns)."""
        return self._rows(profiles, ("offers", "seeks"))

    def _rows(self, profiles: Sequence[AnalyzedProfile], parts: tuple[Part, Part]) -> csr_array:
        balance = self.config.balance
        halves = [
            csr_array(
                vectorizer.transform([self._document(getattr(profile, part), name) for profile in profiles])
            )
            * np.float32(sqrt(share * self.config.weights[name]))
            for part, share in zip(parts, (balance, 1 - balance), strict=True)
            for name, vectorizer in self._fields.items()
        ]
        rows = csr_array(hstack(halves, format="csr", dtype=np.float32))
        rows.eliminate_zeros()
        rows.sort_indices()
        return rows

    def term_of(self, column: int) -> tuple[Block, str]:
        """Tell the block and the term of a column."""
        # Of the blocks that start here the last one has the column: those before it are empty.
        block = self.blocks[bisect_right(self._starts, column) - 1]
        return block, self._terms[block.field][column - block.start]
