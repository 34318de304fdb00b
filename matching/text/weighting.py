"""Counts of terms to weights by TF-IDF."""

from collections.abc import Sequence
from math import fsum
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from matching.text.counting import Counts
from matching.text.loops import Floats, Weights, normalise, summed
from matching.text.ragged import Numbers

Terms = npt.NDArray[np.object_]


class Weighed(NamedTuple):
    """Weighted documents, as compressed sparse rows have them.

    Attributes
    ----------
    data : ndarray of float32, shape (n,)
    columns : ndarray of int32, shape (n,)
    ends : ndarray of int64, shape (n_documents + 1,)
        Where each row ends, after a zero.
    """

    data: Weights
    columns: npt.NDArray[np.int32]
    ends: Numbers

    def as_matrix(self, width: int) -> csr_array:
        """Give the rows with so many columns, ascending in every row."""
        rows = csr_array((self.data, self.columns, self.ends), shape=(self.ends.size - 1, width))
        rows.sort_indices()
        return rows


# An inner part, as those in `term_vectorizers`: to look for data frames would take longer than a text.
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
        lengths = summed(counts.data.astype(np.float64), counts.indptr.astype(np.int64))
        return self.learn(terms, np.bincount(counts.indices, minlength=len(terms)), lengths, n_documents)

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
        rows = csr_array(counts)
        ends = rows.indptr.astype(np.int64)
        data = self.weigh(Counts(rows.data.astype(np.float64), rows.indices, ends))
        return csr_array((data, rows.indices, rows.indptr), shape=rows.shape)

    def weigh(self, counts: Counts) -> Weights:
        """Give the weights of counts, as `transform` has them, shape (n,)."""
        amounts = counts.data
        if self.sublinear:
            above = amounts > 1
            amounts = amounts.copy()
            amounts[above] = 1 + np.log(amounts[above])
        if self.saturation:
            longer = summed(counts.data, counts.ends) / self.mean_length_
            slowed = (1 - self.length + self.length * longer).repeat(counts.ends[1:] - counts.ends[:-1])
            amounts = amounts * ((self.saturation + 1) / (amounts + self.saturation * slowed))
        # Terms that were not learned stand behind all others.
        is_known = counts.columns < self.n_terms_
        idf = np.full(amounts.size, self.idf_of_new_)
        idf[is_known] = self.idf_[counts.columns[is_known]]
        weights = amounts * idf
        normalise(weights, counts.ends)
        return np.asarray(weights, np.float32)

    def get_feature_names_out(self, input_features: Any = None) -> Terms:  # noqa: ARG002 - scikit-learn's interface
        """Give the terms, shape (n_terms,), in the order of the columns."""
        check_is_fitted(self, "terms_")
        return self.terms_
