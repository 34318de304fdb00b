"""Rows of one side: a large segment that is shared between indexes, and a small one beside it."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, vstack

from matching.blobs import Texts
from matching.candidates import Candidates
from matching.types import Profile

# A delta is read row by row: it is merged when it is larger than this, and than this part of the base.
_LEAST_DELTA, _PART_OF_BASE = 512, 8

_WRITE = json.JSONEncoder(ensure_ascii=False).encode

Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Segment:
    """Profiles of a side as rows, in the order of their ids.

    Parameters
    ----------
    ids, documents : Texts of length n
        Their ids, ascending, and their documents as JSON.
    says : ndarray of bool, shape (n,)
        Whether a profile has anything to be matched by.
    candidates : Candidates of length n
        The rows, prepared.
    """

    ids: Texts
    documents: Texts
    says: Flags
    candidates: Candidates

    @classmethod
    def of(
        cls,
        ids: Sequence[str],
        documents: Sequence[str],
        rows: csr_array,
        says: Flags,
        *,
        inverted: bool | None,
    ) -> Self:
        """Keep profiles, in the order of their ids; `inverted` as in `Candidates.build`."""
        order = sorted(range(len(ids)), key=ids.__getitem__)
        if order == list(range(len(ids))):
            return cls(Texts.of(ids), Texts.of(documents), says, Candidates.build(rows, inverted=inverted))
        return cls(
            Texts.of(ids[place] for place in order),
            Texts.of(documents[place] for place in order),
            says[order],
            Candidates.build(rows[np.array(order, dtype=np.int64)], inverted=inverted),
        )

    @property
    def n(self) -> int:
        """How many profiles there are."""
        return self.ids.n

    @property
    def n_bytes(self) -> int:
        """Memory of all arrays but the documents, in bytes."""
        return self.candidates.nbytes + self.says.nbytes + self.ids.ends.nbytes + self.ids.letters.nbytes

    def rows(self, places: Places, width: int) -> csr_array:
        """Take rows, with as many columns as the index has by now."""
        held = self.candidates.postings
        begins, lengths = held.indptr[places], held.indptr[places + 1] - held.indptr[places]
        indptr = np.append(0, np.cumsum(lengths))
        at = np.arange(indptr[-1]) + np.repeat(begins - indptr[:-1], lengths)
        return csr_array((held.data[at], held.indices[at], indptr), shape=(len(places), width))

    def all_rows(self, width: int) -> csr_array:
        """Give all rows without a copy."""
        held = self.candidates.postings
        return csr_array((held.data, held.indices, held.indptr), shape=(self.n, width))


def document_of(profile: Profile) -> str:
    """Write a profile as a segment keeps it."""
    return _WRITE(profile.to_document())


@dataclass(frozen=True, eq=False, slots=True)
class Shelf:
    """All profiles of a side.

    Parameters
    ----------
    base : Segment
        Most of them; shared by the indexes that were derived from one.
    gone : ndarray of bool, shape (base.n,)
        Rows of it that are removed, or stand in the delta by now.
    delta : Segment
        Those that were added or changed since.
    """

    base: Segment
    gone: Flags
    delta: Segment

    @classmethod
    def of(cls, base: Segment) -> Self:
        """Begin with a segment alone."""
        no_rows = base.rows(np.empty(0, np.int64), base.candidates.n_terms)
        nobody = Segment.of([], [], no_rows, base.says[:0], inverted=False)
        return cls(base, np.zeros(base.n, np.bool_), nobody)

    @property
    def n(self) -> int:
        """How many profiles there are."""
        return self.base.n - int(np.count_nonzero(self.gone)) + self.delta.n

    @property
    def is_whole(self) -> bool:
        """Whether the base is all there is."""
        return not self.delta.n and not self.gone.any()

    @property
    def is_worn(self) -> bool:
        """Whether the delta has become a part of the base for which merging is worth its time."""
        return self.delta.n > max(_LEAST_DELTA, self.base.n // _PART_OF_BASE)

    def place_of(self, identifier: str) -> int:
        """Find a profile: its row in the base, or behind those its row in the delta; −1 where it is not."""
        row = self.delta.ids.place_of(identifier)
        if row >= 0:
            return self.base.n + row
        row = self.base.ids.place_of(identifier)
        return -1 if row < 0 or self.gone[row] else row

    def _at(self, place: int) -> tuple[Segment, int]:
        return (self.base, place) if place < self.base.n else (self.delta, place - self.base.n)

    def id_at(self, place: int) -> str:
        """Give the id of a place."""
        segment, row = self._at(place)
        return segment.ids.at(row)

    def says_at(self, place: int) -> bool:
        """Tell whether a profile has anything to be matched by."""
        segment, row = self._at(place)
        return bool(segment.says[row])

    def profile_at(self, place: int) -> Profile:
        """Rebuild a profile from its document."""
        segment, row = self._at(place)
        return Profile.from_document(json.loads(segment.documents.at(row)))

    def everybody(self) -> tuple[list[str], Places]:
        """Give all ids, ascending, and their places."""
        if self.is_whole:
            return self.base.ids.all(), np.arange(self.base.n)
        places = np.append(np.flatnonzero(~self.gone), self.base.n + np.arange(self.delta.n))
        ids = [self.id_at(place) for place in places.tolist()]
        order = sorted(range(len(ids)), key=ids.__getitem__)
        return [ids[one] for one in order], places[np.array(order, dtype=np.int64)]

    def rows(self, places: Places, width: int) -> csr_array:
        """Take rows, in the order of their places."""
        in_base = places < self.base.n
        taken = vstack(
            [
                self.base.rows(places[in_base], width),
                self.delta.rows(places[~in_base] - self.base.n, width),
            ],
            format="csr",
        )
        order = np.argsort(np.append(np.flatnonzero(in_base), np.flatnonzero(~in_base)))
        return csr_array(csr_array(taken)[order])

    def best(self, query: csr_array, k: int, left_out: Places) -> list[tuple[str, np.float32]]:
        """Rank the best of both segments for one row, best first, ties by the lower id."""
        found: list[tuple[str, np.float32]] = []
        begin = 0
        for segment, flags in ((self.base, self.gone.copy()), (self.delta, np.zeros(self.delta.n, np.bool_))):
            here = left_out[(left_out >= begin) & (left_out < begin + segment.n)] - begin
            flags[here] = True
            begin += segment.n
            n_terms = segment.candidates.n_terms
            known = query.indices < n_terms
            asked = csr_array(
                (query.data[known], query.indices[known], np.array([0, np.count_nonzero(known)])),
                shape=(1, n_terms),
            )
            indices, scores = segment.candidates.top_k(asked, k, n_threads=1, left_out=flags)
            found += [
                (segment.ids.at(row), score)
                for row, score in zip(indices[0].tolist(), scores[0], strict=True)
                if row >= 0
            ]
        return sorted(found, key=lambda one: (-one[1], one[0]))[:k]

    def with_changes(
        self, gone: Collection[str], documents: Mapping[str, str], rows: csr_array, says: Flags
    ) -> Self:
        """Derive the shelf in which profiles were removed, and others added or changed.

        Parameters
        ----------
        gone : collection of str
            Whom to remove.
        documents : mapping of id to document, of length n
            Whom to add or change.
        rows : csr_array, shape (n, n_columns)
        says : ndarray of bool, shape (n,)
        """
        flags = self.gone.copy()
        touched = {*gone, *documents}
        for identifier in touched:
            row = self.base.ids.place_of(identifier)
            if row >= 0:
                flags[row] = True
        ids = self.delta.ids.all()
        kept = [row for row, identifier in enumerate(ids) if identifier not in touched]
        delta = Segment.of(
            [*(ids[row] for row in kept), *documents],
            [*self.delta.documents.taken(kept), *documents.values()],
            csr_array(
                vstack([self.delta.rows(np.array(kept, dtype=np.int64), rows.shape[1]), rows], format="csr")
            ),
            np.append(self.delta.says[kept], says),
            inverted=False,
        )
        return type(self)(self.base, flags, delta)

    def merged(self, width: int) -> Self:
        """Make one segment of both."""
        if self.is_whole:
            return self
        ids, places = self.everybody()
        segments = [self._at(place) for place in places.tolist()]
        return self.of(
            Segment.of(
                ids,
                [segment.documents.at(row) for segment, row in segments],
                self.rows(places, width),
                np.array([segment.says[row] for segment, row in segments], dtype=np.bool_),
                inverted=None,
            )
        )
