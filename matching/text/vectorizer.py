"""Texts to weighted sparse rows, as a scikit-learn transformer."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, hstack, vstack
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.preprocessing import normalize
from sklearn.utils.validation import check_is_fitted

from matching.text.analyzer import CONCEPT_SIGN, Unit, units_of
from matching.text.thesaurus import everyday, goods

Languages = Sequence[str | None] | None
Units = Sequence[Unit]
_Terms = npt.NDArray[np.object_]


class TermVectorizer(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
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

    def fit(self, counts: csr_array, terms: Sequence[str]) -> Self:
        """Learn the document frequencies.

        Parameters
        ----------
        counts : csr_array, shape (n_documents, n_terms)
        terms : sequence of str, length n_terms
        """
        n_documents = int(counts.shape[0])
        seen = np.bincount(counts.indices, minlength=len(terms))
        self.terms_ = np.array(terms, dtype=object)
        self.idf_ = np.log((1 + n_documents) / (1 + seen)) + 1
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
        counts : csr_array, shape (n_documents, n_terms)

        Returns
        -------
        csr_array of float32, shape (n_documents, n_terms)
            Rows L2-normalised, or empty.
        """
        check_is_fitted(self, "terms_")
        if not counts.nnz:
            return csr_array(np.zeros(counts.shape, dtype=np.float32))
        amounts = counts.data.astype(np.float64)
        if self.sublinear:
            above = amounts > 1
            amounts[above] = 1 + np.log(amounts[above])
        if self.saturation:
            longer = counts.sum(axis=1) / self.mean_length_
            slowed = np.repeat(1 - self.length + self.length * longer, np.diff(counts.indptr))
            amounts *= (self.saturation + 1) / (amounts + self.saturation * slowed)
        rows = csr_array(
            (amounts * self.idf_[counts.indices], counts.indices, counts.indptr), shape=counts.shape
        )
        return csr_array(normalize(rows, copy=False), dtype=np.float32)

    def get_feature_names_out(self, input_features: Any = None) -> _Terms:  # noqa: ARG002 - scikit-learn's interface
        """Give the terms, shape (n_terms,), in the order of the columns."""
        check_is_fitted(self, "terms_")
        return self.terms_


class CodeVectorizer(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """TF-IDF over codes with their amounts."""

    def fit(self, documents: Sequence[Mapping[str, float]], y: Any = None) -> Self:  # noqa: ARG002 - scikit-learn's interface
        """Learn the vocabulary and the document frequencies.

        Parameters
        ----------
        documents : sequence of mapping of code to amount in (0, 1]
        y : ignored
        """
        codes = sorted({code for document in documents for code in document})
        self.column_of_ = {code: column for column, code in enumerate(codes)}
        self.weights_ = TermVectorizer(sublinear=False).fit(self._counts(documents), codes)
        return self

    def _counts(self, documents: Sequence[Mapping[str, float]]) -> csr_array:
        return _sparse(documents, self.column_of_)

    @property
    def n_terms_(self) -> int:
        """How many codes there are."""
        return self.weights_.n_terms_

    def transform(self, documents: Sequence[Mapping[str, float]]) -> csr_array:
        """Weigh documents: csr_array of float32, shape (n_documents, n_codes), as `TermVectorizer`."""
        check_is_fitted(self, "weights_")
        return self.weights_.transform(self._counts(documents))

    def get_feature_names_out(self, input_features: Any = None) -> _Terms:
        """Give the codes, shape (n_codes,), in the order of the columns."""
        check_is_fitted(self, "weights_")
        return self.weights_.get_feature_names_out(input_features)


class UnitVectorizer(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
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

    def fit(self, texts: Sequence[Units], y: Any = None) -> Self:  # noqa: ARG002 - scikit-learn's interface
        """Learn the vocabulary and the document frequencies.

        Parameters
        ----------
        texts : sequence of sequence of Unit
        y : ignored
        """
        units = dict.fromkeys(unit for text in texts for unit in text)
        self.row_of_ = {unit: row for row, unit in enumerate(units)}
        self.column_of_: list[dict[str, int]] = []
        self.rows_: list[csr_array] = []
        self.weights_: list[TermVectorizer] = []
        for part in (self._words, self._letters):
            documents = [part(unit) for unit in units]
            terms = sorted({term for document in documents for term in document})
            self.column_of_.append({term: column for column, term in enumerate(terms)})
            self.rows_.append(_sparse(documents, self.column_of_[-1]))
        for counts, column_of in zip(self._counts(texts), self.column_of_, strict=True):
            weights = TermVectorizer(sublinear=self.sublinear, saturation=self.saturation, length=self.length)
            self.weights_.append(weights.fit(counts, list(column_of)))
        return self

    def _counts(self, texts: Sequence[Units]) -> list[csr_array]:
        """Count the terms of texts: what its words say, summed up."""
        known = self.row_of_
        new: dict[Unit, int] = {}
        rows = [
            known[unit] if unit in known else new.setdefault(unit, len(known) + len(new))
            for text in texts
            for unit in text
        ]
        ends = np.cumsum([0, *map(len, texts)])
        of_texts = csr_array((np.ones(len(rows)), rows, ends), shape=(len(texts), len(known) + len(new)))
        counts = []
        for column_of, of_known, part in zip(
            self.column_of_, self.rows_, (self._words, self._letters), strict=True
        ):
            of_units = of_known
            if new:
                of_units = csr_array(vstack([of_known, _sparse([part(unit) for unit in new], column_of)]))
            product = csr_array(of_texts @ of_units)
            product.sort_indices()
            counts.append(product)
        return counts

    def _words(self, unit: Unit) -> dict[str, float]:
        share = self.inside if unit.inside else 1.0
        counts: dict[str, float] = {}
        for part, weight in ((unit.concepts, 1.0), (unit.broader, self.broader)):
            for term, amount in part:
                of_kind = weight * self._share_of(term.removeprefix(CONCEPT_SIGN))
                if of_kind:
                    counts[term] = counts.get(term, 0.0) + of_kind * amount
        own = self.spelling if unit.concepts else self.unknown
        if own:
            counts |= dict.fromkeys(unit.words, own)
        return {term: share * amount for term, amount in counts.items()} if share else {}

    def _share_of(self, concept: str) -> float:
        if concept in goods():
            return 1.0
        return self.everyday if concept in everyday() else self.others

    def _letters(self, unit: Unit) -> dict[str, float]:
        counts: dict[str, float] = {}
        for term in unit.letters if self.letters else ():
            counts[term] = counts.get(term, 0.0) + 1.0
        return counts

    @property
    def n_terms_(self) -> int:
        """How many terms there are."""
        return sum(weights.n_terms_ for weights in self.weights_)

    def transform(self, texts: Sequence[Units]) -> csr_array:
        """Weigh texts.

        Parameters
        ----------
        texts : sequence of sequence of Unit

        Returns
        -------
        csr_array of float32, shape (n_texts, n_terms)
            Rows L2-normalised, or empty.
        """
        check_is_fitted(self, "weights_")
        shares = (1 - self.letters, self.letters)
        blocks = [
            weights.transform(counts) * np.float32(np.sqrt(share))
            for weights, counts, share in zip(self.weights_, self._counts(texts), shares, strict=True)
        ]
        rows = csr_array(hstack(blocks, format="csr", dtype=np.float32))
        return csr_array(normalize(rows, copy=False)) if rows.nnz else rows

    def get_feature_names_out(self, input_features: Any = None) -> _Terms:
        """Give the terms, shape (n_terms,), in the order of the columns."""
        check_is_fitted(self, "weights_")
        return np.concatenate([weights.get_feature_names_out(input_features) for weights in self.weights_])


def _sparse(documents: Sequence[Mapping[str, float]], column_of: Mapping[str, int]) -> csr_array:
    """Lay known terms with their amounts out as rows."""
    known = [[term for term in document if term in column_of] for document in documents]
    columns = [column_of[term] for terms in known for term in terms]
    amounts = [document[term] for document, terms in zip(documents, known, strict=True) for term in terms]
    ends = np.cumsum([0, *map(len, known)])
    rows = csr_array(
        (np.array(amounts, dtype=np.float64), columns, ends), shape=(len(documents), len(column_of))
    )
    rows.sort_indices()
    return rows


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
        What a concept counts of which every business speaks: numbers, time, buying and selling.
    inside : float
        What the words of a phrase of the thesaurus count beside the phrase.
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
        counted = _read(texts, languages)
        self.terms_ = UnitVectorizer(**self.get_params()).fit(counted)
        return self.terms_.transform(counted)

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
