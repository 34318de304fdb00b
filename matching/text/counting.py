"""Documents as counts of their terms, before anything is learned from them."""

import math
from collections.abc import Mapping, Sequence
from itertools import chain, repeat
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matching.bulk import on_threads
from matching.text.loops import Floats, add_up, meet
from matching.text.ragged import Numbers, Ragged, ended, ends_of, numbered

Columns = npt.NDArray[np.int64]


class Counts(NamedTuple):
    """Rows of counts, as compressed sparse rows have them.

    Attributes
    ----------
    data : ndarray of float64, shape (n,)
    columns : ndarray of int32, shape (n,)
        Ascending in every row, each once.
    ends : ndarray of int64, shape (n_rows + 1,)
        Where each row ends, after a zero.
    """

    data: Floats
    columns: npt.NDArray[np.int32]
    ends: Numbers


class Counted(NamedTuple):
    """Counted documents: which units each is made of, and how often a unit has each term.

    Texts are made of words, and the same words come again and again: kept apart, both take a small part of
    the memory of the counts, which are their product.

    Attributes
    ----------
    terms : list of str
        All terms.
    documents : Ragged
        The units of every document, in its order.
    units : Ragged
        The terms of every unit.
    amounts : ndarray of float64
        How often a unit has each of its terms.
    """

    terms: list[str]
    documents: Ragged
    units: Ragged
    amounts: Floats

    @property
    def said(self) -> npt.NDArray[np.bool_]:
        """Whether a document has any word or code, even one that counts nothing: shape (n_documents,)."""
        return self.documents.lengths > 0

    def known(self, column_of: Mapping[str, int]) -> Columns:
        """Give every term its column, or −1."""
        return np.fromiter(map(column_of.get, self.terms, repeat(-1)), np.int64, len(self.terms))

    def columns(self, column_of: Mapping[str, int]) -> tuple[Columns, list[str]]:
        """Give every term a column of those that are known; the others stand behind these, ascending.

        Returns
        -------
        columns : ndarray of int64, shape (n_terms,)
        others : list of str
        """
        columns = self.known(column_of)
        elsewhere = np.flatnonzero(columns < 0).tolist()
        if not elsewhere:
            return columns, []
        elsewhere.sort(key=self.terms.__getitem__)
        columns[elsewhere] = np.arange(len(elsewhere)) + len(column_of)
        return columns, [self.terms[number] for number in elsewhere]

    def counts(self, columns: Columns) -> Counts:
        """Count the terms of every document, in columns that are given; a term of column −1 is left out.

        A row adds up the same in any company: its units in their order.
        """
        # A document has at most all terms of all its units.
        most = int((self.units.lengths[self.documents.values]).sum())
        data, found = np.empty(most, np.float64), np.empty(most, np.int32)
        ends = add_up(*self.documents, *self.units, self.amounts, columns, data, found)
        return Counts(data[: ends[-1]], found[: ends[-1]], ends)

    def seen(self) -> tuple[Numbers, Floats]:
        """Count the documents of every term, and add up the terms of every document in their order."""
        seen, lengths = np.zeros(len(self.terms), np.int64), np.zeros(self.documents.ends.size - 1)
        last = np.full(len(self.terms), -1)
        meet(*self.documents, *self.units, self.amounts, last, seen, lengths)
        return seen, lengths


def counted(documents: Sequence[Mapping[str, float]]) -> Counted:
    """Lay terms with their amounts out: every document that has any is one unit."""
    ends = ends_of(documents)
    terms, numbers = numbered(chain.from_iterable(documents), int(ends[-1]))
    amounts = np.array([amount for one in documents for amount in one.values()], np.float64)
    of_documents = Ragged(np.flatnonzero(ends[1:] > ends[:-1]), ended(ends[1:] > ends[:-1]))
    return Counted(terms, of_documents, Ragged(numbers, ends), amounts)


def merged(parts: Sequence[Counted]) -> tuple[list[str], Numbers, Floats]:
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
        seen[part.known(column_of)] += of_part
        lengths.append(of_documents)
    return terms, seen, np.concatenate(lengths)


def starts_beside(lengths: Numbers) -> tuple[Numbers, Numbers]:
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
    ends = lengths.ravel().cumsum().reshape(lengths.shape)
    indptr = np.zeros(lengths.shape[0] + 1, np.int64)
    indptr[1:] = ends.reshape(lengths.shape[0], math.prod(lengths.shape[1:]))[:, -1]
    return ends - lengths, indptr
