"""Documents as counts of their terms, before anything is learned from them."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, repeat
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from matching.bulk import on_threads

Floats = npt.NDArray[np.float64]
Columns = npt.NDArray[np.int32]


class Counted(NamedTuple):
    """Counted documents: which units each is made of, and how often a unit has each term.

    Texts are made of words, and the same words come again and again: kept apart, both take a small part of
    the memory of the counts, which are their product.

    Attributes
    ----------
    terms : list of str
        All terms, ascending.
    documents : csr_array, shape (n_documents, n_units)
        The units of every document, in its order.
    units : csr_array, shape (n_units, n_terms), or None
        The terms of every unit; None where each term is a unit itself.
    """

    terms: list[str]
    documents: csr_array
    units: csr_array | None

    @property
    def said(self) -> npt.NDArray[np.bool_]:
        """Whether a document has any word or code, even one that counts nothing: shape (n_documents,)."""
        return np.diff(self.documents.indptr) > 0

    def columns(self, column_of: Mapping[str, int]) -> tuple[Columns, list[str]]:
        """Give every term a column of those that are known; the others stand behind these, ascending.

        Returns
        -------
        columns : ndarray of int32, shape (n_terms,)
        others : list of str
        """
        columns = np.fromiter(map(column_of.get, self.terms, repeat(-1)), np.int32, len(self.terms))
        elsewhere = np.flatnonzero(columns < 0)
        columns[elsewhere] = np.arange(elsewhere.size) + len(column_of)
        return columns, [self.terms[number] for number in elsewhere.tolist()]

    def counts(self, columns: Columns, width: int) -> csr_array:
        """Count the terms of every document, in columns that are given.

        Returns
        -------
        csr_array of float64, shape (n_documents, width)
            A row adds up the same in any company: its units in their order.
        """
        counts = self._added_up(columns, width)
        counts.sort_indices()
        return counts

    def seen(self) -> tuple[npt.NDArray[np.int64], Floats]:
        """Count the documents of every term, and add up the terms of every document."""
        counts = self._added_up(np.arange(len(self.terms), dtype=np.int32), len(self.terms))
        return np.bincount(counts.indices, minlength=len(self.terms)), lengths_of(counts)

    def _added_up(self, columns: Columns, width: int) -> csr_array:
        if self.units is not None:
            return csr_array(self.documents.astype(np.float64) @ _placed(self.units, columns, width))
        counts = _placed(self.documents, columns, width)
        counts.data = counts.data.copy()
        return counts

    def known(self, column_of: Mapping[str, int]) -> "Counted":
        """Leave only terms that have a column."""
        kept = [number for number, term in enumerate(self.terms) if term in column_of]
        if len(kept) == len(self.terms):
            return self
        terms = [self.terms[number] for number in kept]
        if self.units is None:
            return Counted(terms, csr_array(self.documents[:, kept]), None)
        return Counted(terms, self.documents, csr_array(self.units[:, kept]))


def lengths_of(counts: csr_array) -> Floats:
    """Add up every row, in the order of its columns."""
    lengths: Floats = counts @ np.ones(counts.shape[1])
    return lengths


def _placed(rows: csr_array, columns: Columns, width: int) -> csr_array:
    return csr_array((rows.data, columns[rows.indices], rows.indptr), shape=(rows.shape[0], width))


def counted(documents: Sequence[Mapping[str, float]]) -> Counted:
    """Lay terms with their amounts out as rows."""
    ends = np.cumsum([0, *map(len, documents)])
    amounts = np.fromiter(chain.from_iterable(one.values() for one in documents), np.float64, int(ends[-1]))
    return Counted(*laid_out(chain.from_iterable(documents), amounts, ends), None)


def laid_out(
    terms: Iterable[str], amounts: npt.NDArray[Any], ends: npt.NDArray[np.int64]
) -> tuple[list[str], csr_array]:
    """Give the different terms, ascending, and rows over them.

    Parameters
    ----------
    terms : iterable of str, length n
        The terms of all rows, one row behind the other.
    amounts : ndarray, shape (n,)
    ends : ndarray, shape (n_rows + 1,)
        Where each row ends, after a zero.
    """
    number_of: defaultdict[str, int] = defaultdict()
    number_of.default_factory = number_of.__len__
    numbers = np.fromiter(map(number_of.__getitem__, terms), np.int32, amounts.size)
    ascending = sorted(number_of)
    column_of = np.empty(len(ascending), np.int32)
    column_of[[number_of[term] for term in ascending]] = np.arange(len(ascending))
    return ascending, csr_array((amounts, column_of[numbers], ends), shape=(ends.size - 1, len(ascending)))


def merged(parts: Sequence[Counted]) -> tuple[list[str], npt.NDArray[np.int64], Floats]:
    """Bring the terms of documents together that were counted apart.

    Returns
    -------
    terms : list of str, length n_terms
        Ascending.
    seen : ndarray of int64, shape (n_terms,)
        How many documents have each.
    lengths : ndarray of float64, shape (n_documents,)
        The sum of the terms of each document.
    """
    terms = sorted(set[str]().union(*(part.terms for part in parts)))
    column_of = {term: column for column, term in enumerate(terms)}
    seen = np.zeros(len(terms), np.int64)
    lengths = []
    for part, (of_part, of_documents) in zip(parts, on_threads(Counted.seen, parts), strict=True):
        seen[part.columns(column_of)[0]] += of_part
        lengths.append(of_documents)
    return terms, seen, np.concatenate(lengths)


def starts_beside(lengths: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Tell where blocks of rows begin that are put beside each other.

    Parameters
    ----------
    lengths : ndarray of int64, shape (n_rows, ...)
        How many values each block has in each row, the blocks of a row in their order.

    Returns
    -------
    starts : ndarray of int64, of the same shape
    indptr : ndarray of int64, shape (n_rows + 1,)
        Where the rows end, after a zero.
    """
    ends = np.cumsum(lengths).reshape(lengths.shape)
    indptr = np.zeros(lengths.shape[0] + 1, np.int64)
    indptr[1:] = ends.reshape(lengths.shape[0], math.prod(lengths.shape[1:]))[:, -1]
    return ends - lengths, indptr
