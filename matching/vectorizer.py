"""Profiles to rows: every field a block, every block a part of the score."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from math import sqrt
from typing import Any, Literal, NamedTuple, Self

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, hstack

from matching.rows import Side
from matching.text.analyzer import Unit, units_of
from matching.text.counting import Counted
from matching.text.meanings import CONCEPT_SIGN
from matching.text.thesaurus import concepts
from matching.text.vectorizer import CodeVectorizer, CountingVectorizer, TermVectorizer, UnitVectorizer
from matching.types import FIELDS, MatchConfig, Profile, Statement

Direction = Literal["entrepreneur_seeks", "exporter_seeks"]
NewTerms = Mapping[tuple[Direction, str, str], int]
DIRECTIONS: tuple[Direction, Direction] = ("entrepreneur_seeks", "exporter_seeks")
NO_NEW_TERMS: NewTerms = {}
_PREFIXES = (2, 4, 6)
# Which part of a profile meets the other side in a direction: what it offers (0) or seeks (1).
_PLACES: Mapping[tuple[Side, Direction], int] = {
    ("entrepreneur", "entrepreneur_seeks"): 1,
    ("entrepreneur", "exporter_seeks"): 0,
    ("exporter", "entrepreneur_seeks"): 0,
    ("exporter", "exporter_seeks"): 1,
}
_GRID = 2.0**26


@dataclass(frozen=True, slots=True)
class AnalyzedStatement:
    """The terms of what a profile offers or seeks.

    Parameters
    ----------
    text : tuple of Unit
        Of all its texts together.
    goods : dict of str to float
        HS codes (chapters, headings, subheadings) of the goods that the texts name, but for those that only
        say what others are in, for, with or made of.
    codes : dict of str to tuple of str
        The codes of every other field.
    """

    text: tuple[Unit, ...]
    goods: dict[str, float]
    codes: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class AnalyzedProfile:
    """The terms of a profile, by part."""

    offers: AnalyzedStatement
    seeks: AnalyzedStatement


@lru_cache(maxsize=8192)
def analyze_profile(profile: Profile) -> AnalyzedProfile:
    """Bring a profile to its terms; business languages belong to both of its parts.

    Those of the last few thousand are remembered: a small index is made anew with every change.
    """
    return AnalyzedProfile(
        offers=_analyzed(profile.offers, profile.languages), seeks=_analyzed(profile.seeks, profile.languages)
    )


def _analyzed(statement: Statement, languages: Sequence[str]) -> AnalyzedStatement:
    units = tuple(unit for text in statement.texts for unit in units_of(text))
    return AnalyzedStatement(
        text=units,
        goods=goods_of(dict(named for unit in units if not unit.is_beside for named in unit.concepts)),
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
    found: dict[str, float] = {}
    for term, count in named.items():
        prefixes, n_codes = _codes_of(term)
        for prefix in prefixes:
            found[prefix] = max(found.get(prefix, 0.0), min(count, 1.0) / n_codes)
    return found


@cache
def _codes_of(term: str) -> tuple[tuple[str, ...], int]:
    """Give the prefixes of a concept's codes, and how many codes it has; concepts are not many."""
    concept = concepts().get(term.removeprefix(CONCEPT_SIGN))
    codes = concept.hs_codes if concept and not concept.everyday else ()
    return hs_prefixes(codes), len(codes)


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
        self._fields: dict[str, CountingVectorizer] = {
            name: UnitVectorizer(**config.of_text()) if name == "text" else CodeVectorizer()
            for name in FIELDS
        }
        self.blocks: tuple[Block, ...] = ()
        self.n_profiles = 0

    def fit(self, profiles: Sequence[AnalyzedProfile]) -> Self:
        """Learn the vocabulary and the document frequencies of every field, over both parts of both sides.

        Parameters
        ----------
        profiles : sequence of AnalyzedProfile
        """
        return self.learn(self.count(profiles))

    def count(self, profiles: Sequence[AnalyzedProfile]) -> "CountedProfiles":
        """Count the terms of profiles; it takes no learning, and a profile is counted alone."""
        parts = [part for profile in profiles for part in (profile.offers, profile.seeks)]
        return CountedProfiles(
            {
                name: vectorizer.count([self._document(part, name) for part in parts])
                for name, vectorizer in self._fields.items()
            }
        )

    def learn(self, profiles: "CountedProfiles") -> Self:
        """Learn from profiles that were counted; an empty part of a profile is no document."""
        self.n_profiles = profiles.says_something.size
        for name, vectorizer in self._fields.items():
            parts = profiles.fields[name]
            vectorizer.learn(parts, int(parts[0].said.sum()))
        return self._laid_out()

    def learned(self) -> dict[str, list[TermVectorizer]]:
        """Give what was learned, the fitted weighers of every field; `know` takes it over."""
        return {name: vectorizer.weights_ for name, vectorizer in self._fields.items()}

    def weighers(self) -> dict[str, list[TermVectorizer]]:
        """Give weighers for every field that have learned nothing."""
        return {
            name: [weights for weights, _ in vectorizer.weighers()]
            for name, vectorizer in self._fields.items()
        }

    def know(self, learned: Mapping[str, Sequence[TermVectorizer]], n_profiles: int) -> Self:
        """Take over what another one of the same configuration has learned from so many profiles."""
        self.n_profiles = n_profiles
        for name, vectorizer in self._fields.items():
            vectorizer.know(learned[name])
        return self._laid_out()

    def _laid_out(self) -> Self:
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

    @property
    def n_columns(self) -> int:
        """How many columns there are for the terms that were learned."""
        return self.blocks[-1].stop

    def _blocks(self) -> Iterable[Block]:
        start = 0
        for direction in DIRECTIONS:
            for name, vectorizer in self._fields.items():
                yield Block(direction, name, start, start + vectorizer.n_terms_)
                start += vectorizer.n_terms_

    def weigh(
        self, profiles: "CountedProfiles", side: Side, known: "NewTerms"
    ) -> tuple[csr_array, "NewTerms"]:
        """Weigh profiles that were counted, with columns for the terms that are new since `learn`.

        Parameters
        ----------
        profiles : CountedProfiles
        side : {"entrepreneur", "exporter"}
        known : mapping
            Columns of the new terms that have one.

        Returns
        -------
        rows : csr_array of float32, shape (n_profiles, n_columns + n_new)
            A row depends on its profile and on what was learned only, but for the place of the new terms.
            Weights are multiples of 2⁻²⁶: products of two then add up without rounding, in any order of
            the columns.
        new : mapping of (direction, field, term) to int
            `known`, and the terms that are newer still.
        """
        new = dict(known)
        halves, columns = [], []
        balance = self.config.balance
        weighed = {name: vectorizer.weigh(profiles.fields[name]) for name, vectorizer in self._fields.items()}
        firsts = iter(self.blocks)
        for direction, share in zip(DIRECTIONS, (balance, 1 - balance), strict=True):
            place = _PLACES[side, direction]
            for name, (rows, terms) in weighed.items():
                block = next(firsts)
                half = rows[place::2]
                half.data *= np.float32(sqrt(share * self.config.weights[name]))
                halves.append(half)
                columns.append(np.arange(block.start, block.stop))
                places = [
                    new.setdefault((direction, name, term), self.n_columns + len(new)) for term in terms
                ]
                columns.append(np.array(places, dtype=np.int64))
        rows = csr_array(hstack(halves, format="csr", dtype=np.float32))
        exact = np.round(rows.data.astype(np.float64) * _GRID) / _GRID
        rows = csr_array(
            (exact.astype(np.float32), np.concatenate(columns).astype(np.int32)[rows.indices], rows.indptr),
            shape=(rows.shape[0], self.n_columns + len(new)),
        )
        rows.eliminate_zeros()
        rows.sort_indices()
        return rows, new

    def term_of(self, column: int) -> tuple[Block, str]:
        """Tell the block and the term of a column."""
        # Of the blocks that start here the last one has the column: those before it are empty.
        block = self.blocks[bisect_right(self._starts, column) - 1]
        return block, self._terms[block.field][column - block.start]


@dataclass(frozen=True, slots=True)
class CountedProfiles:
    """Profiles as counts of their terms.

    Parameters
    ----------
    fields : dict of str to list of Counted
        The parts of every field; rows 2·i and 2·i + 1 are what profile i offers and seeks.
    """

    fields: dict[str, list[Counted]]

    @classmethod
    def joined(cls, chunks: Sequence[Self]) -> "CountedProfiles":
        """Put profiles that were counted apart one behind the other."""
        if len(chunks) == 1:
            return chunks[0]
        return cls(
            {
                name: [
                    Counted.joined(parts) for parts in zip(*(one.fields[name] for one in chunks), strict=True)
                ]
                for name in FIELDS
            }
        )

    @property
    def says_something(self) -> npt.NDArray[np.bool_]:
        """Whether a profile has a word or a code of goods or of a partnership to compare, for each."""
        text, goods, partnerships = (
            self.fields[name][0].said for name in ("text", "hs_codes", "partnership_types")
        )
        of_parts = text | goods | partnerships
        return of_parts[0::2] | of_parts[1::2]
