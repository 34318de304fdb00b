"""Counted terms, units and codes to weighted sparse rows: the parts of which vectorizers are made."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from itertools import chain
from math import fsum
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.sparsefuncs_fast import inplace_csr_row_normalize_l2
from sklearn.utils.validation import check_is_fitted

from matching.text.counting import (
    Columns,
    Counted,
    Floats,
    counted,
    laid_out,
    lengths_of,
    merged,
    starts_beside,
)
from matching.text.meanings import CONCEPT_SIGN
from matching.text.memo import Memo
from matching.text.thesaurus import everyday, goods
from matching.text.units import Unit

Languages = Sequence[str | None] | None
Units = Sequence[Unit]
# The columns of terms, and those terms that were not learned.
Placed = tuple[Columns, list[str]]
_Terms = npt.NDArray[np.object_]
_REMEMBERED_UNITS, _REMEMBERED_CONFIGURATIONS = 200_000, 2


# Both kinds below are inner parts: looking for data frames to be made would take longer than a text.
class TermVectorizer(TransformerMixin, BaseEstimator, auto_wrap_output_keys=None):  # type: ignore[misc, call-arg]  # scikit-learn has no types
    """TF-IDF over counted terms; no document at all is no mistake.

    Parameters
    ----------
    sublinear : bool, default=True
        Count a repeated term as 1 + log(count).
    saturation : float, default=0
        With k > 0 a count c becomes (k + 1)·c / (c + k·l), as in BM25, where l is 1 or what `length` makes
        of it.
    length : float, default=0
        From 0 to 1: how much the length of a document, as a multiple of the mean length, slows saturation
        down.
    """

    def __init__(self, *, sublinear: bool = True, saturation: float = 0.0, length: float = 0.0) -> None:
        self.sublinear = sublinear
        self.saturation = saturation
        self.length = length

    def fit(self, counts: csr_array, terms: Sequence[str], n_documents: int | None = None) -> Self:
        """Learn the document frequencies.

        Parameters
        ----------
        counts : csr_array, shape (n_rows, n_terms)
        terms : sequence of str, length n_terms
        n_documents : int, optional
            How many of the rows are documents, where some stand for none; by default all.
        """
        n_documents = int(counts.shape[0]) if n_documents is None else n_documents
        return self.learn(
            terms, np.bincount(counts.indices, minlength=len(terms)), lengths_of(counts), n_documents
        )

    def learn(
        self, terms: Sequence[str], seen: npt.NDArray[np.int64], lengths: Floats, n_documents: int
    ) -> Self:
        """Learn from how many documents have each term, and how long each row is."""
        self.terms_ = np.array(terms, dtype=object)
        self.idf_ = np.log((1 + n_documents) / (1 + seen)) + 1
        self.idf_of_new_ = float(np.log(1 + n_documents)) + 1
        # Exact, so that it is the same in whatever order and pieces the documents come.
        self.mean_length_ = fsum(lengths) / n_documents if seen.any() else 1.0
        return self

    @property
    def n_terms_(self) -> int:
        """How many terms there are."""
        return len(self.terms_)

    def transform(self, counts: csr_array) -> csr_array:
        """Weigh documents.

        Parameters
        ----------
        counts : csr_array, shape (n_documents, n_terms or more)
            Columns behind those of `fit` are terms that no document had then.

        Returns
        -------
        csr_array of float32, of the same shape
            Rows L2-normalised, or empty.
        """
        check_is_fitted(self, "terms_")
        rows = csr_array(counts, copy=True)
        self.weigh(rows)
        return rows

    def weigh(self, counts: csr_array) -> None:
        """Put the weights of documents in the place of their counts, as `transform` gives them."""
        amounts = counts.data.astype(np.float64)
        if self.sublinear:
            above = amounts > 1
            amounts[above] = 1 + np.log(amounts[above])
        if self.saturation:
            longer = counts.sum(axis=1) / self.mean_length_
            slowed = np.repeat(1 - self.length + self.length * longer, np.diff(counts.indptr))
            amounts *= (self.saturation + 1) / (amounts + self.saturation * slowed)
        idf = np.append(self.idf_, np.full(counts.shape[1] - self.n_terms_, self.idf_of_new_))
        counts.data = amounts * idf[counts.indices]
        inplace_csr_row_normalize_l2(counts)
        counts.data = counts.data.astype(np.float32)

    def get_feature_names_out(self, input_features: Any = None) -> _Terms:  # noqa: ARG002 - scikit-learn's interface
        """Give the terms, shape (n_terms,), in the order of the columns."""
        check_is_fitted(self, "terms_")
        return self.terms_


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
        parts = [
            part.known(columns) for part, columns in zip(self.count(documents), self.column_of_, strict=True)
        ]
        return self.weigh(parts, self.places(parts))

    def places(self, parts: Sequence[Counted]) -> list[Placed]:
        """Give the terms of every part their columns among those of the part."""
        return [part.columns(columns) for part, columns in zip(parts, self.column_of_, strict=True)]

    def weigh(self, parts: Sequence[Counted], places: Sequence[Placed]) -> csr_array:
        """Weigh documents that were counted.

        Parameters
        ----------
        parts : sequence of Counted
        places : sequence, as `places` gives them
            The terms that were not learned get the last columns, part by part.

        Returns
        -------
        csr_array of float32, shape (n_documents, n_terms + n_new)
            Rows L2-normalised, or empty; a row depends on its document only.
        """
        blocks = []
        for part, (columns, new), weights, share in zip(
            parts, places, self.weights_, self.shares, strict=True
        ):
            block = part.counts(columns, weights.n_terms_ + len(new))
            weights.weigh(block)
            block.data *= np.float32(np.sqrt(share))
            blocks.append(block)
        return blocks[0] if len(blocks) == 1 else self._beside(blocks)

    def _beside(self, blocks: Sequence[csr_array]) -> csr_array:
        """Put the parts of documents beside each other, as one row of unit length."""
        lengths = np.column_stack([np.diff(block.indptr) for block in blocks]).astype(np.int64)
        starts, indptr = starts_beside(lengths)
        data, indices = np.empty(indptr[-1], np.float32), np.empty(indptr[-1], np.int32)
        known, new = 0, self.n_terms_
        for place, (block, weights) in enumerate(zip(blocks, self.weights_, strict=True)):
            at = np.arange(block.nnz) + np.repeat(starts[:, place] - block.indptr[:-1], lengths[:, place])
            is_new = block.indices >= weights.n_terms_
            data[at] = block.data
            indices[at] = block.indices + np.where(is_new, np.int32(new - weights.n_terms_), np.int32(known))
            known += weights.n_terms_
            new += block.shape[1] - weights.n_terms_
        rows = csr_array((data, indices, indptr), shape=(blocks[0].shape[0], new))
        # In the order of the parts, so that a row is summed up the same in any company.
        inplace_csr_row_normalize_l2(rows)
        rows.sort_indices()
        return rows

    def get_feature_names_out(self, input_features: Any = None) -> _Terms:
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


class UnitVectorizer(CountingVectorizer):
    """Weigh texts that are read: concepts and words as one block, groups of letters as another.

    The same words come again and again: their terms are weighted once, and a text is a sum of its words, as
    one sparse product for all texts.

    Parameters
    ----------
    sublinear, saturation, length, broader, spelling, unknown, others, everyday, inside, letters
        As in `TextVectorizer`.
    """

    def __init__(
        self,
        *,
        sublinear: bool,
        saturation: float,
        length: float,
        broader: float,
        spelling: float,
        unknown: float,
        others: float,
        everyday: float,
        inside: float,
        letters: float,
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

    def count(self, documents: Sequence[Units]) -> list[Counted]:
        """Count the terms of texts: what their words say, summed up."""
        row_of: dict[Unit, int] = {}
        rows = [row_of.setdefault(unit, len(row_of)) for text in documents for unit in text]
        ends = np.cumsum([0, *map(len, documents)])
        of_texts = csr_array(
            (np.ones(len(rows), np.int8), np.array(rows, dtype=np.int32), ends),
            shape=(len(documents), len(row_of)),
        )
        return [
            Counted(terms, of_texts, of_units)
            for terms, of_units in (self._words_of(row_of), self._letters_of(row_of))
        ]

    @property
    def shares(self) -> tuple[float, ...]:
        """The shares of words and of groups of letters."""
        return (1 - self.letters, self.letters)

    def weigher(self) -> TermVectorizer:
        """Give a new weigher of words or of groups of letters."""
        return TermVectorizer(sublinear=self.sublinear, saturation=self.saturation, length=self.length)

    def _words_of(self, units: Collection[Unit]) -> tuple[list[str], csr_array]:
        shares = _Shares(self.broader, self.spelling, self.unknown, self.others, self.everyday, self.inside)
        said = list(map(_WEIGHED[shares].__getitem__, units))
        ends = np.cumsum([0, *(len(one) for one, _ in said)])
        amounts = np.fromiter(chain.from_iterable(one for _, one in said), np.float64, int(ends[-1]))
        return laid_out(chain.from_iterable(one for one, _ in said), amounts, ends)

    def _letters_of(self, units: Collection[Unit]) -> tuple[list[str], csr_array]:
        """Count every group of letters as one; a word that has one twice says so twice."""
        groups = [unit.letters for unit in units] if self.letters else [()] * len(units)
        ends = np.cumsum([0, *map(len, groups)])
        return laid_out(chain.from_iterable(groups), np.ones(int(ends[-1]), np.int8), ends)


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
