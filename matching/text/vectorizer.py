"""Texts to weighted sparse rows, as a scikit-learn transformer."""

from collections.abc import Iterable, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.utils.validation import check_is_fitted

from matching.text.analyzer import analyze

Languages = Sequence[str | None] | None
_Terms = npt.NDArray[np.object_]


def terms_as_they_are(terms: Sequence[str]) -> Sequence[str]:
    """Hand ready terms to scikit-learn."""
    return terms


class TermVectorizer(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """TF-IDF over documents that are terms already; no document at all is no mistake.

    Parameters
    ----------
    sublinear : bool, default=True
        Count a repeated term as 1 + log(count).
    """

    def __init__(self, *, sublinear: bool = True) -> None:
        self.sublinear = sublinear

    def fit(self, documents: Sequence[Sequence[str]], y: Any = None) -> Self:  # noqa: ARG002 - scikit-learn's interface
        """Learn the vocabulary and the document frequencies.

        Parameters
        ----------
        documents : sequence of sequence of str
        y : ignored
        """
        self.tfidf_: TfidfVectorizer | None = None
        if any(len(document) for document in documents):
            self.tfidf_ = TfidfVectorizer(
                analyzer=terms_as_they_are,
                lowercase=False,
                token_pattern=None,
                sublinear_tf=self.sublinear,
                dtype=np.float32,
            ).fit(documents)
        self.n_terms_ = len(self.tfidf_.vocabulary_) if self.tfidf_ else 0
        return self

    def transform(self, documents: Sequence[Sequence[str]]) -> csr_array:
        """Weigh documents.

        Parameters
        ----------
        documents : sequence of sequence of str

        Returns
        -------
        csr_array of float32, shape (n_documents, n_terms)
            Rows L2-normalised, or empty.
        """
        check_is_fitted(self, "n_terms_")
        if self.tfidf_ is None or not documents:
            return csr_array(np.zeros((len(documents), self.n_terms_), dtype=np.float32))
        weighted = csr_array(self.tfidf_.transform(documents))
        weighted.sort_indices()
        return weighted

    def get_feature_names_out(self, input_features: Any = None) -> _Terms:  # noqa: ARG002 - scikit-learn's interface
        """Give the terms, shape (n_terms,), in the order of the columns."""
        check_is_fitted(self, "n_terms_")
        if self.tfidf_ is None:
            return np.array([], dtype=object)
        names: _Terms = self.tfidf_.get_feature_names_out()
        return names


class TextVectorizer(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """TF-IDF over texts of any language; language and script are told per text.

    Parameters
    ----------
    sublinear : bool, default=True
        Count a repeated term as 1 + log(count).

    Notes
    -----
    A text without any word that is compared has an empty row; so have all, where no text has one.

    Examples
    --------
    >>> rows = TextVectorizer().fit_transform(["қою бал", "балды және жүнді сатамыз", "wool"])
    >>> rows.shape, float((rows @ rows.T)[0, 1]) > 0, float((rows @ rows.T)[0, 2])
    ((3, 5), True, 0.0)
    """

    def __init__(self, *, sublinear: bool = True) -> None:
        self.sublinear = sublinear

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
        self.terms_ = TermVectorizer(sublinear=self.sublinear).fit(_analyzed(texts, languages))
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
        documents = _analyzed(texts, languages)
        self.terms_ = TermVectorizer(sublinear=self.sublinear).fit(documents)
        return self.terms_.transform(documents)

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
        return self.terms_.transform(_analyzed(texts, languages))

    def get_feature_names_out(self, input_features: Any = None) -> _Terms:
        """Give the terms, shape (n_terms,), in the order of the columns."""
        check_is_fitted(self, "terms_")
        return self.terms_.get_feature_names_out(input_features)


def _analyzed(texts: Iterable[str], languages: Languages) -> list[list[str]]:
    if isinstance(texts, str):
        raise ValueError("texts must be several texts, not one string")  # noqa: TRY004 - as scikit-learn says it
    listed = list(texts)
    tags = [None] * len(listed) if languages is None else list(languages)
    if len(tags) != len(listed):
        raise ValueError(f"{len(tags)} languages for {len(listed)} texts")
    wrong = next((place for place, text in enumerate(listed) if not isinstance(text, str)), None)
    if wrong is not None:
        raise ValueError(f"text {wrong} is not a string but {listed[wrong]!r}")
    return [[term.term for term in analyze(text, tag)] for text, tag in zip(listed, tags, strict=True)]
