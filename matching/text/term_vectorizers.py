"""Counted terms, units and codes to weighted sparse rows: the parts of which vectorizers are made."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any, NamedTuple, Self

import numpy as np
from scipy.sparse import csr_array
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from matching.text.counting import Columns, Counted, counted, merged, starts_beside
from matching.text.loops import beside, normalise
from matching.text.meanings import CONCEPT_SIGN
from matching.text.memo import Memo
from matching.text.ragged import Ragged, ends_of, numbered
from matching.text.thesaurus import everyday, goods
from matching.text.units import Unit
from matching.text.weighting import Terms, TermVectorizer, Weighed

Languages = Sequence[str | None] | None
Units = Sequence[Unit]
# The columns of terms, and those terms that were not learned.
Placed = tuple[Columns, list[str]]
_REMEMBERED_UNITS, _REMEMBERED_CONFIGURATIONS = 300_000, 2


# Inner parts: looking for data frames to be made would take longer than a text.
class CountingVectorizer(TransformerMixin, BaseEstimator, ABC, auto_wrap_output_keys=None):  # type: ignore[misc, call-arg]  # scikit-learn has no types
    """What vectorizers share that count documents in one or more parts before they weigh them."""

    @abstractmethod
    def count(self, documents: Sequence[Any]) -> list[Counted]:
        """Count the terms of documents, part by part; it takes no learning."""

    @property
    @abstractmethod
    def shares(self) -> tuple[float, ...]:
        """The share of the score that every part has."""

    @abstractmethod
    def weigher(self) -> TermVectorizer:
        """Give a new weigher for a part."""

    def weighers(self) -> list[TermVectorizer]:
        """Give weighers for all parts that have learned nothing."""
        return [self.weigher() for _ in self.shares]

    def fit(self, documents: Sequence[Any], y: Any = None) -> Self:  # noqa: ARG002 - scikit-learn's interface
        """Learn the vocabulary and the document frequencies.

        Parameters
        ----------
        documents : sequence, as `count` takes them
        y : ignored
        """
        return self.learn([self.count(documents)])

    def learn(self, pieces: Sequence[Sequence[Counted]], n_documents: int | None = None) -> Self:
        """Learn from documents that were counted, in one or more pieces.

        Parameters
        ----------
        pieces : sequence, each what `count` gives
        n_documents : int, optional
            As in `TermVectorizer.fit`.
        """
        learned = []
        for weights, of_pieces in zip(self.weighers(), zip(*pieces, strict=True), strict=True):
            terms, seen, lengths = merged(of_pieces)
            learned.append(
                weights.learn(terms, seen, lengths, lengths.size if n_documents is None else n_documents)
            )
        return self.know(learned)

    def know(self, weights: Sequence[TermVectorizer]) -> Self:
        """Take over what was learned, a fitted weigher for every part."""
        self.weights_ = list(weights)
        self.column_of_ = [
            {term: column for column, term in enumerate(one.terms_.tolist())} for one in weights
        ]
        return self

    @property
    def n_terms_(self) -> int:
        """How many terms there are."""
        return sum(weights.n_terms_ for weights in self.weights_)

    def transform(self, documents: Sequence[Any]) -> csr_array:
        """Weigh documents; terms that were not learned are passed over.

        Parameters
        ----------
        documents : sequence, as `count` takes them

        Returns
        -------
        csr_array of float32, shape (n_documents, n_terms)
            Rows L2-normalised, or empty.
        """
        check_is_fitted(self, "weights_")
        parts = self.count(documents)
        known = [part.known(columns) for part, columns in zip(parts, self.column_of_, strict=True)]
        return self.weigh(parts, known).as_matrix(self.n_terms_)

    def places(self, parts: Sequence[Counted]) -> list[Placed]:
        """Give the terms of every part their columns among those of the part."""
        return [part.columns(columns) for part, columns in zip(parts, self.column_of_, strict=True)]

    def weigh(self, parts: Sequence[Counted], columns: Sequence[Columns]) -> Weighed:
        """Weigh documents that were counted.

        Parameters
        ----------
        parts : sequence of Counted
        columns : sequence of ndarray of int64, shape (n_terms_of_part,)
            The columns of the terms of every part among those of the part; those that were not learned have
            the last ones, or −1 to be passed over.

        Returns
        -------
        Weighed
            Rows L2-normalised, or empty; a row depends on its document only. Terms that were not learned get
            the last columns, part by part.
        """
        blocks = []
        for part, of_part, weights, share in zip(parts, columns, self.weights_, self.shares, strict=True):
            counts = part.counts(of_part)
            data = weights.weigh(counts) * np.float32(np.sqrt(share))
            blocks.append(Weighed(data, counts.columns, counts.ends))
        return blocks[0] if len(blocks) == 1 else self._beside(blocks, columns)

    def _beside(self, blocks: Sequence[Weighed], columns: Sequence[Columns]) -> Weighed:
        """Put the parts of documents beside each other, as one row of unit length."""
        lengths = np.column_stack([block.ends[1:] - block.ends[:-1] for block in blocks])
        starts, ends = starts_beside(lengths)
        data, indices = np.empty(ends[-1], np.float32), np.empty(ends[-1], np.int32)
        known, new = 0, self.n_terms_
        for place, (block, weights) in enumerate(zip(blocks, self.weights_, strict=True)):
            beside(*block, known, weights.n_terms_, new, starts[:, place], data, indices)
            known += weights.n_terms_
            new += max(int(columns[place].max(initial=-1)) + 1 - weights.n_terms_, 0)
        # In the order of the parts, so that a row is summed up the same in any company.
        normalise(data, ends)
        return Weighed(data, indices, ends)

    def get_feature_names_out(self, input_features: Any = None) -> Terms:
        """Give the terms, shape (n_terms,), in the order of the columns."""
        check_is_fitted(self, "weights_")
        return np.concatenate([weights.get_feature_names_out(input_features) for weights in self.weights_])


class CodeVectorizer(CountingVectorizer):
    """TF-IDF over codes with their amounts: documents are mappings of code to amount in (0, 1]."""

    def count(self, documents: Sequence[Mapping[str, float]]) -> list[Counted]:
        """Count the codes of documents."""
        return [counted(documents)]

    @property
    def shares(self) -> tuple[float, ...]:
        """All of the score."""
        return (1.0,)

    def weigher(self) -> TermVectorizer:
        """Give the weigher of the codes."""
        return TermVectorizer(sublinear=False)


class TextParameters(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """What the terms of a text count: see `TextVectorizer`."""

    def __init__(
        self,
        *,
        sublinear: bool = True,
        saturation: float = 0.0,
        length: float = 0.0,
        broader: float = 0.35,
        spelling: float = 0.1,
        unknown: float = 0.4,
        others: float = 0.6,
        everyday: float = 0.3,
        inside: float = 0.4,
        letters: float = 0.15,
    ) -> None:
        self.sublinear = sublinear
        self.saturation = saturation
        self.length = length
        self.broader = broader
        self.spelling = spelling
        self.unknown = unknown
        self.others = others
        self.everyday = everyday
        self.inside = inside
        self.letters = letters


class UnitVectorizer(TextParameters, CountingVectorizer):
    """Weigh texts that are read: concepts and words as one block, groups of letters as another.

    The same words come again and again: their terms are weighted once, and a text is a sum of its words.

    Parameters
    ----------
    sublinear, saturation, length, broader, spelling, unknown, others, everyday, inside, letters
        As in `TextVectorizer`.
    """

    def count(self, documents: Sequence[Units]) -> list[Counted]:
        """Count the terms of texts: what their words say, summed up."""
        ends = ends_of(documents)
        units, rows = numbered(chain.from_iterable(documents), int(ends[-1]))
        texts = Ragged(rows, ends)
        return [self._words_of(units, texts), self._letters_of(units, texts)]

    @property
    def shares(self) -> tuple[float, ...]:
        """The shares of words and of groups of letters."""
        return (1 - self.letters, self.letters)

    def weigher(self) -> TermVectorizer:
        """Give a new weigher of words or of groups of letters."""
        return TermVectorizer(sublinear=self.sublinear, saturation=self.saturation, length=self.length)

    def _words_of(self, units: Units, texts: Ragged) -> Counted:
        shares = _Shares(self.broader, self.spelling, self.unknown, self.others, self.everyday, self.inside)
        said = list(map(_WEIGHED[shares].__getitem__, units))
        ends = ends_of([terms for terms, _ in said])
        terms, numbers = numbered(chain.from_iterable([terms for terms, _ in said]), int(ends[-1]))
        amounts = np.fromiter(
            chain.from_iterable([amounts for _, amounts in said]), np.float64, int(ends[-1])
        )
        return Counted(terms, texts, Ragged(numbers, ends), amounts)

    def _letters_of(self, units: Units, texts: Ragged) -> Counted:
        """Count every group of letters as one; a word that has one twice says so twice."""
        groups = [unit.letters for unit in units] if self.letters else [()] * len(units)
        ends = ends_of(groups)
        terms, numbers = numbered(chain.from_iterable(groups), int(ends[-1]))
        return Counted(terms, texts, Ragged(numbers, ends), np.ones(numbers.size))


class _Shares(NamedTuple):
    """What the words of a unit count: see `TextVectorizer`."""

    broader: float
    spelling: float
    unknown: float
    others: float
    everyday: float
    inside: float

    def of(self, concept: str) -> float:
        if concept in everyday():
            return self.everyday
        return 1.0 if concept in goods() else self.others


def _weighed_words(shares: _Shares, unit: Unit) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Give the concepts and words of a unit with what they count, weighted once."""
    share = shares.inside if unit.is_beside else 1.0
    counts: dict[str, float] = {}
    for part, weight in ((unit.concepts, 1.0), (unit.broader, shares.broader)):
        for term, amount in part:
            of_kind = weight * shares.of(term.removeprefix(CONCEPT_SIGN))
            if of_kind:
                counts[term] = counts.get(term, 0.0) + of_kind * amount
    own = shares.spelling if unit.concepts else shares.unknown
    if own:
        counts |= dict.fromkeys(unit.words, own)
    if not share:
        return (), ()
    return tuple(counts), tuple([share * amount for amount in counts.values()])


def _weighed(shares: _Shares) -> Memo[Unit, tuple[tuple[str, ...], tuple[float, ...]]]:
    """Remember the words of units as a configuration has them."""
    return Memo(partial(_weighed_words, shares), _REMEMBERED_UNITS)


_WEIGHED = Memo(_weighed, _REMEMBERED_CONFIGURATIONS)
