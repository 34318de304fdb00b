"""Texts to weighted sparse rows, as a scikit-learn transformer."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, hstack
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.sparsefuncs_fast import inplace_csr_row_normalize_l2
from sklearn.utils.validation import check_is_fitted

from matching.text.analyzer import Unit, units_of
from matching.text.counting import Counted, counted, laid_out
from matching.text.meanings import CONCEPT_SIGN
from matching.text.thesaurus import everyday, goods

Languages = Sequence[str | None] | None
Units = Sequence[Unit]
_Terms = npt.NDArray[np.object_]
_REMEMBERED_UNITS = 100_000


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
        seen = np.bincount(counts.indices, minlength=len(terms))
        self.terms_ = np.array(terms, dtype=object)
        self.idf_ = np.log((1 + n_documents) / (1 + seen)) + 1
        self.idf_of_new_ = float(np.log(1 + n_documents)) + 1
        self.mean_length_ = float(counts.sum()) / n_documents if counts.nnz else 1.0
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
        if not counts.nnz:
            return csr_array(counts.astype(np.float32))
        amounts = counts.data.astype(np.float64)
        if self.sublinear:
            above = amounts > 1
            amounts[above] = 1 + np.log(amounts[above])
        if self.saturation:
            longer = counts.sum(axis=1) / self.mean_length_
            slowed = np.repeat(1 - self.length + self.length * longer, np.diff(counts.indptr))
            amounts *= (self.saturation + 1) / (amounts + self.saturation * slowed)
        idf = np.append(self.idf_, np.full(counts.shape[1] - self.n_terms_, self.idf_of_new_))
        rows = csr_array((amounts * idf[counts.indices], counts.indices, counts.indptr), shape=counts.shape)
        inplace_csr_row_normalize_l2(rows)
        return csr_array((rows.data.astype(np.float32), rows.indices, rows.indptr), shape=rows.shape)

    def get_feature_names_out(self, input_features: Any = None) -> _Terms:  # noqa: ARG002 - scikit-learn's interface
        """Give the terms, shape (n_terms,), in the order of the columns."""
        check_is_fitted(self, "terms_")
        return self.terms_


class CountingVectorizer(TransformerMixin, BaseEstimator, ABC, auto_wrap_output_keys=None):  # type: ignore[misc, call-arg]  # scikit-learn has no types
    """What vectorizers share that count documents in one or more parts before they weigh them."""

    @abstractmethod
    def count(self, documents: Sequence[Any]) -> list[Counted]:
        """Count the terms of documents, part by part; it takes no learning."""

    @abstractmethod
    def weighers(self) -> list[tuple[TermVectorizer, float]]:
        """Give a new weigher for every part, with the part's share of the score."""

    def fit(self, documents: Sequence[Any], y: Any = None) -> Self:  # noqa: ARG002 - scikit-learn's interface
        """Learn the vocabulary and the document frequencies.

        Parameters
        ----------
        documents : sequence, as `count` takes them
        y : ignored
        """
        return self.learn(self.count(documents))

    def learn(self, parts: Sequence[Counted], n_documents: int | None = None) -> Self:
        """Learn from documents that were counted; `n_documents` as in `TermVectorizer.fit`."""
        return self.know(
            [
                weights.fit(part.counts, part.terms, n_documents)
                for (weights, _), part in zip(self.weighers(), parts, strict=True)
            ]
        )

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
        return self.weigh(parts)[0]

    def weigh(self, parts: Sequence[Counted]) -> tuple[csr_array, list[str]]:
        """Weigh documents that were counted, with the terms that were not learned behind the others.

        Parameters
        ----------
        parts : sequence of Counted

        Returns
        -------
        rows : csr_array of float32, shape (n_documents, n_terms + n_new)
            Rows L2-normalised, or empty; a row depends on its document only.
        new : list of str, length n_new
            The terms of the last columns.
        """
        blocks, places, known = [], [], 0
        new: list[str] = []
        for part, weights, column_of, (_, share) in zip(
            parts, self.weights_, self.column_of_, self.weighers(), strict=True
        ):
            counts, unlearned = part.aligned(column_of)
            block = weights.transform(counts)
            block.data *= np.float32(np.sqrt(share))
            blocks.append(block)
            places.append(np.arange(known, known + weights.n_terms_))
            places.append(np.arange(len(unlearned)) + self.n_terms_ + len(new))
            new += unlearned
            known += weights.n_terms_
        if len(blocks) == 1:
            return blocks[0], new
        # Parts are put in their order before a row is summed up, so that it sums the same in any company.
        rows = csr_array(hstack(blocks, format="csr", dtype=np.float32))
        inplace_csr_row_normalize_l2(rows)
        rows = csr_array((rows.data, np.concatenate(places)[rows.indices], rows.indptr), shape=rows.shape)
        rows.sort_indices()
        return rows, new

    def get_feature_names_out(self, input_features: Any = None) -> _Terms:
        """Give the terms, shape (n_terms,), in the order of the columns."""
        check_is_fitted(self, "weights_")
        return np.concatenate([weights.get_feature_names_out(input_features) for weights in self.weights_])


class CodeVectorizer(CountingVectorizer):
    """TF-IDF over codes with their amounts: documents are mappings of code to amount in (0, 1]."""

    def count(self, documents: Sequence[Mapping[str, float]]) -> list[Counted]:
        """Count the codes of documents."""
        return [counted(documents)]

    def weighers(self) -> list[tuple[TermVectorizer, float]]:
        """Give the weigher of the codes."""
        return [(TermVectorizer(sublinear=False), 1.0)]


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
            (np.ones(len(rows)), np.array(rows, dtype=np.int32), ends), shape=(len(documents), len(row_of))
        )
        parts = []
        for terms, of_units in (self._words_of(row_of), self._letters_of(row_of)):
            product = csr_array(of_texts @ of_units)
            product.sort_indices()
            parts.append(Counted(terms, product, np.diff(ends) > 0))
        return parts

    def weighers(self) -> list[tuple[TermVectorizer, float]]:
        """Give the weighers of words and of groups of letters."""
        shares = (1 - self.letters, self.letters)
        return [
            (
                TermVectorizer(sublinear=self.sublinear, saturation=self.saturation, length=self.length),
                share,
            )
            for share in shares
        ]

    def _words_of(self, units: Collection[Unit]) -> tuple[list[str], csr_array]:
        shares = _Shares(self.broader, self.spelling, self.unknown, self.others, self.everyday, self.inside)
        said = [_weighed_words(unit, shares) for unit in units]
        ends = np.cumsum([0, *(len(one) for one, _ in said)])
        amounts = np.fromiter(chain.from_iterable(one for _, one in said), np.float64, int(ends[-1]))
        return laid_out(chain.from_iterable(one for one, _ in said), amounts, ends)

    def _letters_of(self, units: Collection[Unit]) -> tuple[list[str], csr_array]:
        """Count every group of letters as one; a word that has one twice says so twice."""
        groups = [unit.letters for unit in units] if self.letters else [()] * len(units)
        ends = np.cumsum([0, *map(len, groups)])
        return laid_out(chain.from_iterable(groups), np.ones(int(ends[-1])), ends)


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


@lru_cache(maxsize=_REMEMBERED_UNITS)
def _weighed_words(unit: Unit, shares: _Shares) -> tuple[tuple[str, ...], tuple[float, ...]]:
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
    return tuple(counts), tuple(share * amount for amount in counts.values())


class TextVectorizer(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """TF-IDF over texts of any language; language and script are told per text.

    Parameters
    ----------
    sublinear : bool, default=True
        Count a repeated term as 1 + log(count).
    saturation, length : float
        As in BM25: see `TermVectorizer`; 0 switches them off.
    broader : float
        What the concepts above that of a word count beside it.
    spelling : float
        What the word itself counts beside its concept.
    unknown : float
        What a word counts that the thesaurus does not have.
    others : float
        What a concept counts that is no goods: goods have HS codes and count 1.
    everyday : float
        What a concept counts of which every business speaks: numbers, time, buying and selling, packaging.
    inside : float
        What the words of a phrase of the thesaurus count beside the phrase, and goods that only say what
        others are in, for, with or made of.
    letters : float
        Share of the score that groups of letters have, in [0, 1).

    Notes
    -----
    A text without any word that is compared has an empty row; so have all, where no text has one.

    Examples
    --------
    >>> rows = TextVectorizer().fit_transform(["қою бал", "honey from the mountains", "wool"])
    >>> float((rows @ rows.T)[0, 1]) > 0.2 > float((rows @ rows.T)[0, 2])
    True
    """

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

    def fit(self, texts: Iterable[str], y: Any = None, languages: Languages = None) -> Self:  # noqa: ARG002 - scikit-learn's interface
        """Learn the vocabulary and the document frequencies of texts.

        Parameters
        ----------
        texts : iterable of str, length n
        y : ignored
        languages : sequence of str or None, length n, optional
            BCP 47 tags of the texts; detected where left out.

        Raises
        ------
        ValueError
            If something is no text, or languages are given and are not as many as the texts.
        """
        self.terms_ = UnitVectorizer(**self.get_params()).fit(_read(texts, languages))
        return self

    def fit_transform(self, texts: Iterable[str], y: Any = None, languages: Languages = None) -> csr_array:  # noqa: ARG002 - scikit-learn's interface
        """Learn from texts and weigh them: `fit` and `transform` with one analysis.

        Parameters
        ----------
        texts : iterable of str, length n
        y : ignored
        languages : sequence of str or None, length n, optional

        Returns
        -------
        csr_array of float32, shape (n, n_terms)

        Raises
        ------
        ValueError
            As `fit`.
        """
        vectorizer = UnitVectorizer(**self.get_params())
        parts = vectorizer.count(_read(texts, languages))
        self.terms_ = vectorizer.learn(parts)
        return self.terms_.weigh(parts)[0]

    def transform(self, texts: Iterable[str], languages: Languages = None) -> csr_array:
        """Weigh texts.

        Parameters
        ----------
        texts : iterable of str, length n
        languages : sequence of str or None, length n, optional
            BCP 47 tags of the texts; detected where left out.

        Returns
        -------
        csr_array of float32, shape (n, n_terms)
            Rows L2-normalised; the row of a text without a known term is empty.

        Raises
        ------
        ValueError
            As `fit`.
        NotFittedError
            Before `fit`.
        """
        check_is_fitted(self, "terms_")
        return self.terms_.transform(_read(texts, languages))

    def get_feature_names_out(self, input_features: Any = None) -> _Terms:
        """Give the terms, shape (n_terms,), in the order of the columns."""
        check_is_fitted(self, "terms_")
        return self.terms_.get_feature_names_out(input_features)


def _read(texts: Iterable[str], languages: Languages) -> list[Units]:
    if isinstance(texts, str):
        raise ValueError("texts must be several texts, not one string")  # noqa: TRY004 - as scikit-learn says it
    listed = list(texts)
    tags = [None] * len(listed) if languages is None else list(languages)
    if len(tags) != len(listed):
        raise ValueError(f"{len(tags)} languages for {len(listed)} texts")
    wrong = next((place for place, text in enumerate(listed) if not isinstance(text, str)), None)
    if wrong is not None:
        raise ValueError(f"text {wrong} is not a string but {listed[wrong]!r}")
    return [units_of(text, tag) for text, tag in zip(listed, tags, strict=True)]
