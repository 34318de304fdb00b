"""Texts to weighted sparse rows, as a scikit-learn transformer."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, vstack
from sklearn.base import TransformerMixin, clone
from sklearn.utils.validation import check_is_fitted

from matching.bulk import in_pieces, on_threads
from matching.text.analyzer import units_in
from matching.text.counting import Counted
from matching.text.term_vectorizers import TextParameters, UnitVectorizer

Languages = Sequence[str | None] | None
_Terms = npt.NDArray[np.object_]


class TextVectorizer(TransformerMixin, TextParameters):  # type: ignore[misc]  # scikit-learn has no types
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
        self._counter = UnitVectorizer(**self.get_params())
        self.terms_: UnitVectorizer = clone(self._counter).learn(_counted(self._counter, texts, languages))
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
        self._counter = UnitVectorizer(**self.get_params())
        pieces = _counted(self._counter, texts, languages)
        self.terms_ = clone(self._counter).learn(pieces)
        return _rows(self.terms_, pieces)

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
        return _rows(self.terms_, _counted(self._counter, texts, languages))

    def get_feature_names_out(self, input_features: Any = None) -> _Terms:
        """Give the terms, shape (n_terms,), in the order of the columns."""
        check_is_fitted(self, "terms_")
        return self.terms_.get_feature_names_out(input_features)


def _counted(vectorizer: UnitVectorizer, texts: Iterable[str], languages: Languages) -> list[list[Counted]]:
    """Read and count texts, in pieces."""
    if isinstance(texts, str):
        raise ValueError("texts must be several texts, not one string")  # noqa: TRY004 - as scikit-learn says it
    listed = list(texts)
    tags = [None] * len(listed) if languages is None else list(languages)
    if len(tags) != len(listed):
        raise ValueError(f"{len(tags)} languages for {len(listed)} texts")
    wrong = next((place for place, text in enumerate(listed) if not isinstance(text, str)), None)
    if wrong is not None:
        raise ValueError(f"text {wrong} is not a string but {listed[wrong]!r}")
    return in_pieces(partial(_read, vectorizer), list(zip(listed, tags, strict=True)))


def _read(vectorizer: UnitVectorizer, texts: Sequence[tuple[str, str | None]]) -> list[Counted]:
    return vectorizer.count(units_in([text for text, _ in texts], [tag for _, tag in texts]))


def _rows(vectorizer: UnitVectorizer, pieces: Sequence[Sequence[Counted]]) -> csr_array:
    """Weigh texts that were counted in pieces; terms that were not learned are passed over."""
    rows = on_threads(
        lambda parts: vectorizer.weigh(
            parts,
            [part.known(columns) for part, columns in zip(parts, vectorizer.column_of_, strict=True)],
        ).as_matrix(vectorizer.n_terms_),
        pieces,
    )
    return rows[0] if len(rows) == 1 else csr_array(vstack(rows, format="csr"))
