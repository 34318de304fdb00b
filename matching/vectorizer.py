"""Profiles to rows: every field a block, every block a part of the score."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from itertools import chain, islice
from typing import Any, Literal, NamedTuple, Self

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, vstack

from matching.bulk import in_pieces, on_threads
from matching.rows import Side
from matching.text.analyzer import units_in
from matching.text.counting import Counted, starts_beside
from matching.text.loops import put
from matching.text.meanings import CONCEPT_SIGN
from matching.text.term_vectorizers import CodeVectorizer, CountingVectorizer, Placed, UnitVectorizer
from matching.text.thesaurus import concepts
from matching.text.units import Unit
from matching.text.weighting import TermVectorizer
from matching.types import FIELDS, MatchConfig, Profile, Statement

Direction = Literal["entrepreneur_seeks", "exporter_seeks"]
NewTerms = Mapping[tuple[Direction, str, str], int]
Places = Mapping[str, tuple[list[Placed], npt.NDArray[np.int32]]]
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
_REMEMBERED_PROFILES = 8192


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


def analyze_profiles(profiles: Sequence[Profile]) -> list[AnalyzedProfile]:
    """Bring profiles to their terms; business languages belong to both of their parts."""
    statements = [statement for profile in profiles for statement in (profile.offers, profile.seeks)]
    texts = [text for statement in statements for text in statement.texts]
    read = iter(units_in(texts, [None] * len(texts)))
    units = [tuple(chain.from_iterable(islice(read, len(one.texts)))) for one in statements]
    return [
        AnalyzedProfile(
            offers=_analyzed(profile.offers, units[2 * number], profile.languages),
            seeks=_analyzed(profile.seeks, units[2 * number + 1], profile.languages),
        )
        for number, profile in enumerate(profiles)
    ]


@lru_cache(maxsize=_REMEMBERED_PROFILES)
def analyze_profile(profile: Profile) -> AnalyzedProfile:
    """Bring a profile to its terms and remember them: a small index is made anew with every change."""
    return analyze_profiles([profile])[0]


def _analyzed(statement: Statement, units: tuple[Unit, ...], languages: Sequence[str]) -> AnalyzedStatement:
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
        return self.learn([self.count(profiles)])

    def count(self, profiles: Sequence[AnalyzedProfile]) -> "CountedProfiles":
        """Count the terms of profiles; it takes no learning, and a profile is counted alone."""
        parts = [part for profile in profiles for part in (profile.offers, profile.seeks)]
        return CountedProfiles(
            {
                name: vectorizer.count([self._document(part, name) for part in parts])
                for name, vectorizer in self._fields.items()
            }
        )

    def learn(self, pieces: "Sequence[CountedProfiles]") -> Self:
        """Learn from profiles that were counted in pieces; an empty part of a profile is no document."""
        self.n_profiles = sum(piece.n for piece in pieces)
        for name, vectorizer in self._fields.items():
            of_field = [piece.fields[name] for piece in pieces]
            vectorizer.learn(of_field, sum(int(np.count_nonzero(parts[0].said)) for parts in of_field))
        return self._laid_out()

    def learned(self) -> dict[str, list[TermVectorizer]]:
        """Give what was learned, the fitted weighers of every field; `know` takes it over."""
        return {name: vectorizer.weights_ for name, vectorizer in self._fields.items()}

    def weighers(self) -> dict[str, list[TermVectorizer]]:
        """Give weighers for every field that have learned nothing."""
        return {name: vectorizer.weighers() for name, vectorizer in self._fields.items()}

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
        self, pieces: "Sequence[CountedProfiles]", side: Side, known: "NewTerms"
    ) -> tuple[csr_array, "NewTerms"]:
        """Weigh profiles that were counted, with columns for the terms that are new since `learn`.

        Parameters
        ----------
        pieces : sequence of CountedProfiles
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
        places, new = self.places(pieces, known)
        return self.rows(pieces, side, places, self.n_columns + len(new)), new

    def places(
        self, pieces: "Sequence[CountedProfiles]", known: "NewTerms"
    ) -> tuple[list[Places], "NewTerms"]:
        """Give the terms of profiles their columns; terms that are new get those behind all others.

        Returns
        -------
        places : list
            For every piece and field, what `CountingVectorizer.places` gives, and the columns of the terms
            that were not learned, in both directions, shape (2, n_new).
        new : mapping
            As `weigh` gives it.
        """
        new = dict(known)
        return [self._places(piece, new) for piece in pieces], new

    def _places(self, profiles: "CountedProfiles", new: dict[tuple[Direction, str, str], int]) -> Places:
        in_fields = {name: one.places(profiles.fields[name]) for name, one in self._fields.items()}
        columns: dict[str, list[npt.NDArray[np.int32]]] = {name: [] for name in FIELDS}
        for block in self.blocks:
            unlearned = [
                new.setdefault((block.direction, block.field, term), self.n_columns + len(new))
                for _, terms in in_fields[block.field]
                for term in terms
            ]
            columns[block.field].append(np.array(unlearned, np.int32))
        return {name: (in_fields[name], np.array(columns[name])) for name in FIELDS}

    def rows(
        self, pieces: "Sequence[CountedProfiles]", side: Side, places: Sequence[Places], width: int
    ) -> csr_array:
        """Weigh profiles that were counted, in the columns that `places` gave them, as `weigh` does."""
        rows = on_threads(lambda one: self._rows(*one, side, width), list(zip(pieces, places, strict=True)))
        return rows[0] if len(rows) == 1 else csr_array(vstack(rows, format="csr"))

    def _rows(self, profiles: "CountedProfiles", places: Places, side: Side, width: int) -> csr_array:
        # In a direction stands what is offered (0) or sought (1): so each part has its direction too.
        order = np.array([_PLACES[side, direction] for direction in DIRECTIONS])
        weighed = {
            name: vectorizer.weigh(profiles.fields[name], [columns for columns, _ in places[name][0]])
            for name, vectorizer in self._fields.items()
        }
        lengths = np.stack(
            [(rows.ends[1:] - rows.ends[:-1]).reshape(-1, 2)[:, order] for rows in weighed.values()], axis=2
        )
        starts, indptr = starts_beside(lengths)
        data, indices = np.empty(indptr[-1], np.float32), np.empty(indptr[-1], np.int32)
        for number, (name, rows) in enumerate(weighed.items()):
            shares = np.array([self.config.balance, 1 - self.config.balance]) * self.config.weights[name]
            put(
                *rows,
                order,
                np.array([block.start for block in self.blocks if block.field == name]),
                self._fields[name].n_terms_,
                places[name][1],
                np.sqrt(shares).astype(np.float32),
                starts[:, :, number],
                data,
                indices,
            )
        exact = np.round(data.astype(np.float64) * _GRID) / _GRID
        whole = csr_array((exact.astype(np.float32), indices, indptr), shape=(profiles.n, width))
        whole.eliminate_zeros()
        whole.sort_indices()
        return whole

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

    @property
    def n(self) -> int:
        """How many profiles there are."""
        return (self.fields["text"][0].documents.ends.size - 1) // 2

    @property
    def says_something(self) -> npt.NDArray[np.bool_]:
        """Whether a profile has a word or a code of goods or of a partnership to compare, for each."""
        text, goods, partnerships = (
            self.fields[name][0].said for name in ("text", "hs_codes", "partnership_types")
        )
        of_parts = text | goods | partnerships
        return of_parts[0::2] | of_parts[1::2]


def count_profiles(profiles: Sequence[Profile], config: MatchConfig) -> list[CountedProfiles]:
    """Count the terms of profiles in one or more pieces, on processes where there are many."""
    return in_pieces(partial(_count, config, len(profiles) <= _REMEMBERED_PROFILES), profiles)


def _count(config: MatchConfig, remembers: bool, profiles: Sequence[Profile]) -> CountedProfiles:
    analyzed = list(map(analyze_profile, profiles)) if remembers else analyze_profiles(profiles)
    return ProfileVectorizer(config).count(analyzed)
