"""Documents as counts of their terms, before anything is learned from them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, vstack


class Counted(NamedTuple):
    """Counted documents.

    Attributes
    ----------
    terms : list of str
        Their terms, ascending.
    counts : csr_array of float64, shape (n_documents, n_terms)
    said : ndarray of bool, shape (n_documents,)
        Whether a document has any word or code, even one that counts nothing.
    """

    terms: list[str]
    counts: csr_array
    said: npt.NDArray[np.bool_]

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> "Counted":
        """Put documents that were counted apart one behind the other."""
        if len(parts) == 1:
            return parts[0]
        terms = sorted({term for part in parts for term in part.terms})
        column_of = {term: column for column, term in enumerate(terms)}
        counts = vstack([part.aligned(column_of)[0] for part in parts], format="csr")
        return cls(terms, csr_array(counts), np.concatenate([part.said for part in parts]))

    def aligned(self, column_of: Mapping[str, int]) -> tuple[csr_array, list[str]]:
        """Move terms to columns that are given; the others stand behind those, ascending.

        Returns
        -------
        counts : csr_array, shape (n_documents, n_given + n_others)
        others : list of str
        """
        others = [term for term in self.terms if term not in column_of]
        behind = {term: len(column_of) + number for number, term in enumerate(others)}
        moved = np.array(
            [column_of[term] if term in column_of else behind[term] for term in self.terms], dtype=np.int32
        )
        counts = csr_array(
            (self.counts.data, moved[self.counts.indices], self.counts.indptr),
            shape=(self.counts.shape[0], len(column_of) + len(others)),
        )
        counts.sort_indices()
        return counts, others

    def known(self, column_of: Mapping[str, int]) -> "Counted":
        """Leave only terms that have a column."""
        kept = [number for number, term in enumerate(self.terms) if term in column_of]
        if len(kept) == len(self.terms):
            return self
        return Counted([self.terms[number] for number in kept], csr_array(self.counts[:, kept]), self.said)


def counted(documents: Sequence[Mapping[str, float]]) -> Counted:
    """Lay terms with their amounts out as rows."""
    ends = np.cumsum([0, *map(len, documents)])
    amounts = np.fromiter(chain.from_iterable(one.values() for one in documents), np.float64, int(ends[-1]))
    terms, counts = laid_out(chain.from_iterable(documents), amounts, ends)
    counts.sort_indices()
    return Counted(terms, counts, np.diff(ends) > 0)


def laid_out(
    terms: Iterable[str], amounts: npt.NDArray[np.float64], ends: npt.NDArray[np.int64]
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
