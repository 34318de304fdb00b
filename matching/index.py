"""An immutable snapshot of all profiles, ready to be matched."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from matching.candidates import Candidates
from matching.explanation import Explanation, explain
from matching.pairing import THREADS, Ranked, rank
from matching.rows import Side
from matching.segments import Places, Segment, Shelf, document_of
from matching.storage import Parts, load, save
from matching.topk import top_k
from matching.types import Match, MatchConfig, Pair, Profile, ProfileChange
from matching.vectorizer import (
    NO_NEW_TERMS,
    Direction,
    NewTerms,
    ProfileVectorizer,
    count_profiles,
)

Given = Profile | Mapping[str, Any]
SIDES: tuple[Side, Side] = ("entrepreneur", "exporter")

SMALL = 500
"""Statistics of fewer profiles are learned anew with every change: it takes no longer than a request may."""

MOST_DRIFT = 0.05
"""Statistics are out of date when more than this share of their profiles has changed since."""


class PartnerIndex:
    """Entrepreneurs and exporters as weighted rows; a change gives a new index.

    Weights need statistics, the vocabulary and the document frequencies of every field; they are learned
    from all profiles and kept while profiles change. A term that is new since then weighs as one that no
    document has. What an index answers depends on its configuration, on the profiles its statistics were
    learned from and on those it has, never on the changes that led there; ties in a score are settled by the
    lower id. Build one with `build`.

    Statistics are *drifted* when more than 5 % (`MOST_DRIFT`) as many profiles as they were learned from were
    added, changed or removed since; those of fewer than 500 profiles (`SMALL`) with the first change.

    Attributes
    ----------
    config : MatchConfig
    statistics : ProfileVectorizer
        What was learned; never changed.

    Examples
    --------
    >>> entrepreneurs = [{"id": "E1", "markets_served": "DE", "seeks_text": "mountain honey"}]
    >>> exporters = [
    ...     {"id": "X1", "target_markets": "DE", "offers_text": "Honey from the mountains"},
    ...     {"id": "X2", "target_markets": "CN", "offers_text": "Steel pipes"},
    ... ]
    >>> [match.partner_id for match in PartnerIndex.build(entrepreneurs, exporters).partners_of("E1", 5)]
    ['X1']
    """

    def __init__(
        self,
        statistics: ProfileVectorizer,
        new_terms: NewTerms,
        shelves: Mapping[Side, Shelf],
        changed: frozenset[str],
    ) -> None:
        self.config = statistics.config
        self.statistics = statistics
        self.new_terms = new_terms
        self.shelves = shelves
        self.changed = changed

    @classmethod
    def build(
        cls,
        entrepreneurs: Iterable[Given],
        exporters: Iterable[Given],
        config: MatchConfig | None = None,
        *,
        statistics: ProfileVectorizer | None = None,
    ) -> Self:
        """Build an index from all profiles.

        Parameters
        ----------
        entrepreneurs, exporters : iterable of Profile or mapping
            A mapping is read by `Profile.from_dict`.
        config : MatchConfig, optional
            The default one when left out.
        statistics : ProfileVectorizer, optional
            Those of another index of this configuration; by default they are learned from the profiles.

        Raises
        ------
        ValueError
            If an id stands twice, on one side or on both, or the statistics are of another configuration.
        """
        profiles: dict[Side, list[Profile]] = {"entrepreneur": [], "exporter": []}
        seen: set[str] = set()
        for side, given in zip(SIDES, (entrepreneurs, exporters), strict=True):
            for one in given:
                profile = one if isinstance(one, Profile) else Profile.from_dict(one, side=side)
                if profile.id in seen:
                    raise ValueError(f"the id {profile.id} stands twice")
                seen.add(profile.id)
                profiles[side].append(profile)
            # In the order of a segment, so that no row is moved later.
            profiles[side].sort(key=attrgetter("id"))
        wanted = config or (statistics.config if statistics else MatchConfig())
        if statistics is not None and statistics.config != wanted:
            raise ValueError("the statistics were learned with another configuration")
        counted = {side: count_profiles(profiles[side], wanted) for side in SIDES}
        if statistics is None:
            statistics = ProfileVectorizer(wanted)
            statistics.learn([piece for side in SIDES for piece in counted[side]])
        places, new_terms = {}, NO_NEW_TERMS
        for side in SIDES:
            places[side], new_terms = statistics.places(counted[side], new_terms)
        width = statistics.n_columns + len(new_terms)
        shelves = {
            side: Shelf.of(
                Segment.of(
                    [profile.id for profile in profiles[side]],
                    [document_of(profile) for profile in profiles[side]],
                    statistics.rows(counted[side], side, places[side], width),
                    np.concatenate([piece.says_something for piece in counted[side]]),
                    inverted=None,
                )
            )
            for side in SIDES
        }
        return cls(statistics, new_terms, shelves, frozenset())

    def apply(
        self, changes: Iterable[ProfileChange], *, renew: bool | None = None, tidy: bool = True
    ) -> Self:
        """Derive the index of the changed profiles.

        With new statistics it is the one that a cold build gives, to the last bit. With kept ones it takes
        time in proportion to the changes since they were learned.

        Parameters
        ----------
        changes : iterable of ProfileChange
            In their order; the last word on a profile counts.
        renew : bool, optional
            Whether to learn new statistics; by default where these are drifted then.
        tidy : bool, default=True
            Whether to merge at once where it is worth its time; otherwise do it aside, with `tidied`.

        Raises
        ------
        ValueError
            If a profile appears on the other side than before.
        """
        latest: dict[tuple[Side, str], Profile | None] = {}
        for change in changes:
            other: Side = "exporter" if change.side == "entrepreneur" else "entrepreneur"
            elsewhere = (other, change.id)
            if latest[elsewhere] if elsewhere in latest else self.shelves[other].place_of(change.id) >= 0:
                raise ValueError(f"the id {change.id} stands on the other side")
            latest[change.side, change.id] = change.profile
        new_terms, shelves = self.new_terms, dict(self.shelves)
        for side in SIDES:
            of_side = {
                identifier: profile for (where, identifier), profile in latest.items() if where == side
            }
            if not of_side:
                continue
            present = [profile for profile in of_side.values() if profile is not None]
            counted = count_profiles(present, self.config)
            rows, new_terms = self.statistics.weigh(counted, side, new_terms)
            shelves[side] = shelves[side].with_changes(
                [identifier for identifier, profile in of_side.items() if profile is None],
                {profile.id: document_of(profile) for profile in present},
                rows,
                np.concatenate([piece.says_something for piece in counted]),
            )
        changed = self.changed | {identifier for _, identifier in latest}
        index = type(self)(self.statistics, new_terms, shelves, changed)
        if index.is_drifted if renew is None else renew:
            return index.renewed()
        return index.tidied() if tidy else index

    @property
    def is_drifted(self) -> bool:
        """Whether the statistics are out of date."""
        n = self.statistics.n_profiles
        return len(self.changed) > (MOST_DRIFT * n if n >= SMALL else 0)

    def renewed(self) -> Self:
        """Build the index of the same profiles with statistics of their own."""
        if not self.changed:
            return self
        entrepreneurs, exporters = (
            [shelf.profile_at(place) for place in shelf.everybody()[1].tolist()]
            for shelf in self.shelves.values()
        )
        return self.build(entrepreneurs, exporters, self.config)

    @property
    def is_worn(self) -> bool:
        """Whether so much was added to a side that merging is worth its time."""
        return any(shelf.is_worn for shelf in self.shelves.values())

    def tidied(self) -> Self:
        """Merge as `merged` does where it is worth its time."""
        return self.merged() if self.is_worn else self

    def merged(self) -> Self:
        """Merge what was added since into the large segment of each side."""
        shelves = {side: shelf.merged(self._width) for side, shelf in self.shelves.items()}
        return type(self)(self.statistics, self.new_terms, shelves, self.changed)

    def save(self, folder: Path) -> None:
        """Write the index into a folder of its own, which is replaced as a whole.

        Raises
        ------
        OSError
            If the folder cannot be written.
        """
        whole = self.merged()
        save(Parts(whole.statistics, whole.new_terms, whole.shelves, whole.changed), folder)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Map an index that `save` wrote; rows and documents are read when they are needed.

        Raises
        ------
        UnusableIndexError
            If there is none, a file is missing or cut off, or it is of another version.
        """
        return cls(*load(folder))

    @property
    def _width(self) -> int:
        return self.statistics.n_columns + len(self.new_terms)

    @property
    def n_bytes(self) -> int:
        """Memory of its arrays in bytes, without the documents, which are read when somebody looks."""
        return sum(
            segment.n_bytes for shelf in self.shelves.values() for segment in (shelf.base, shelf.delta)
        )

    def __len__(self) -> int:
        return sum(shelf.n for shelf in self.shelves.values())

    def __contains__(self, identifier: object) -> bool:
        return isinstance(identifier, str) and any(
            shelf.place_of(identifier) >= 0 for shelf in self.shelves.values()
        )

    def ids(self, side: Side) -> tuple[str, ...]:
        """Give the ids of a side in the order of its rows."""
        return tuple(self.shelves[side].everybody()[0])

    def says_something(self, identifier: str) -> bool:
        """Tell whether a profile has any word or code to be matched by.

        Raises
        ------
        KeyError
            If there is no such profile.
        """
        side, place = self._place_of(identifier)
        return self.shelves[side].says_at(place)

    def digest(self) -> str:
        """Give a SHA-256 of the profiles and the configuration, equal for equal indexes."""
        documents = {
            side: [shelf.profile_at(place).to_document() for place in shelf.everybody()[1]]
            for side, shelf in self.shelves.items()
        }
        canonical = json.dumps([self.config.to_dict(), documents], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()

    def partners_of(
        self,
        identifier: str,
        k: int,
        *,
        among: Iterable[str] | None = None,
        excluded: Iterable[tuple[str, str]] = (),
    ) -> list[Match]:
        """Find the best partners of one profile.

        Parameters
        ----------
        identifier : str
            Whose partners to find, on either side.
        k : int
            How many at the most.
        among : iterable of str, optional
            Ids that may be proposed; ids that the index does not have are passed over.
        excluded : iterable of (entrepreneur id, exporter id), optional
            Pairs that may not be proposed.

        Returns
        -------
        list of Match
            Best first, ties by the lower id; shorter than k where fewer share a term.

        Raises
        ------
        KeyError
            If the index does not have the profile.
        ValueError
            If k is below 1.
        """
        side, own = self._place_of(identifier)
        other: Side = "exporter" if side == "entrepreneur" else "entrepreneur"
        position = 0 if side == "entrepreneur" else 1
        left_out = {pair[1 - position] for pair in excluded if pair[position] == identifier}
        query = self.shelves[side].rows(np.array([own]), self._width)
        shelf = self.shelves[other]
        if among is None:
            places = np.array([shelf.place_of(one) for one in left_out], dtype=np.int64)
            best = shelf.best(query, k, places[places >= 0])
        else:
            ids, places = self._chosen(other, set(among) - left_out)
            found = top_k(query, shelf.rows(places, self._width), k, n_threads=1)
            best = [
                (ids[row], score)
                for row, score in zip(found.indices[0].tolist(), found.scores[0], strict=True)
                if row >= 0
            ]
        return [Match(one, _score(score), rank) for rank, (one, score) in enumerate(best, start=1)]

    def pairs(
        self,
        k: int,
        *,
        entrepreneurs: Iterable[str] | None = None,
        exporters: Iterable[str] | None = None,
        excluded: Iterable[tuple[str, str]] = (),
        apart: Iterable[tuple[Collection[str], Collection[str]]] = (),
        n_threads: int | None = None,
        workers: str = THREADS,
    ) -> list[Pair]:
        """Find all pairs in which at least one side has the other among its k best.

        Document frequencies are those of the whole index, whoever takes part.

        Parameters
        ----------
        k : int
            How many partners of each profile at the most.
        entrepreneurs, exporters : iterable of str, optional
            Who takes part; all by default. Ids that the index does not have are passed over.
        excluded : iterable of (entrepreneur id, exporter id), optional
            Pairs that may not be proposed.
        apart : iterable of (entrepreneur ids, exporter ids), optional
            Groups of which nobody may be proposed to anybody of the other.
        n_threads : int, optional
            Threads or processes; by default as many as there are processors.
        workers : str, default="threads"
            Who does the work, cut into tasks: `threads`, `processes`, or the workers of the Dask scheduler
            at an address such as `tcp://10.0.0.1:8786`, which have this package and the extra `cluster`
            installed. A task of a worker that is lost is done again. The result is the same to the last
            digit.

        Returns
        -------
        list of Pair
            By entrepreneur id, then by descending score, then by exporter id.

        Raises
        ------
        ValueError
            If k or n_threads is below 1, or workers is none of these.
        ModuleNotFoundError
            If there is an address and the extra is not installed.
        """
        left, of_left = self._prepared("entrepreneur", entrepreneurs)
        right, of_right = self._prepared("exporter", exporters)
        mask = self._mask(left, right, excluded, apart)
        ranked = rank(of_left, of_right, k, mask, self._is_first(), workers=workers, n_threads=n_threads)
        return _pairs(left, right, *ranked)

    def _prepared(self, side: Side, wanted: Iterable[str] | None) -> tuple[Sequence[str], Candidates]:
        shelf = self.shelves[side]
        ids, places = self._chosen(side, wanted)
        if wanted is None and shelf.is_whole and shelf.base.candidates.n_terms == self._width:
            return ids, shelf.base.candidates
        return ids, Candidates.build(shelf.rows(places, self._width))

    def _is_first(self) -> npt.NDArray[np.bool_]:
        """Tell which columns belong to the direction `entrepreneur_seeks`."""
        is_first = np.arange(self._width) < self.statistics.n_first_direction
        is_first[self.statistics.n_columns :] = [
            direction == "entrepreneur_seeks" for direction, _, _ in self.new_terms
        ]
        return is_first

    def explain(self, entrepreneur_id: str, exporter_id: str) -> Explanation:
        """Take the score of a pair apart, whether it was proposed or not.

        Raises
        ------
        KeyError
            If the index does not have one of the two on its side.
        """
        places = {
            side: self.shelves[side].place_of(identifier)
            for side, identifier in zip(SIDES, (entrepreneur_id, exporter_id), strict=True)
        }
        if min(places.values()) < 0:
            raise KeyError(entrepreneur_id if places["entrepreneur"] < 0 else exporter_id)
        entrepreneur, exporter = (self.shelves[side].profile_at(place) for side, place in places.items())
        rows = [self.shelves[side].rows(np.array([place]), self._width) for side, place in places.items()]
        new = list(self.new_terms)

        def term_of(column: int) -> tuple[Direction, str, str]:
            number = column - self.statistics.n_columns
            if number >= 0:
                return new[number]
            block, term = self.statistics.term_of(column)
            return block.direction, block.field, term

        return explain(entrepreneur, exporter, (rows[0], rows[1]), term_of)

    def _place_of(self, identifier: str) -> tuple[Side, int]:
        for side, shelf in self.shelves.items():
            place = shelf.place_of(identifier)
            if place >= 0:
                return side, place
        raise KeyError(identifier)

    def _chosen(self, side: Side, wanted: Iterable[str] | None) -> tuple[Sequence[str], Places]:
        shelf = self.shelves[side]
        if wanted is None:
            return shelf.everybody()
        found = {identifier: shelf.place_of(identifier) for identifier in wanted}
        ids = sorted(identifier for identifier, place in found.items() if place >= 0)
        return ids, np.array([found[identifier] for identifier in ids], dtype=np.int64)

    @staticmethod
    def _mask(
        left: Sequence[str],
        right: Sequence[str],
        excluded: Iterable[tuple[str, str]],
        apart: Iterable[tuple[Collection[str], Collection[str]]],
    ) -> csr_array | None:
        rows = {identifier: row for row, identifier in enumerate(left)}
        columns = {identifier: column for column, identifier in enumerate(right)}
        single = [
            rows[one] * len(right) + columns[other]
            for one, other in excluded
            if one in rows and other in columns
        ]
        groups = [
            np.add.outer(_places(rows, entrepreneurs) * len(right), _places(columns, exporters)).ravel()
            for entrepreneurs, exporters in apart
        ]
        cells = np.unique(np.concatenate([np.array(single, dtype=np.int64), *groups]))
        if not cells.size:
            return None
        at = divmod(cells, len(right))
        return csr_array((np.ones(len(cells), dtype=bool), at), shape=(len(left), len(right)))


def _places(of: Mapping[str, int], ids: Collection[str]) -> npt.NDArray[np.int64]:
    return np.array([of[one] for one in ids if one in of], dtype=np.int64)


def _score(rounded: np.float32) -> float:
    """Keep a score in [0, 1]: rounding may lift that of two equal profiles a little above it."""
    return min(float(rounded), 1.0)


def _pairs(left: Sequence[str], right: Sequence[str], of_left: Ranked, of_right: Ranked) -> list[Pair]:
    """Bring together what either side has among its best."""
    keys = [of_left.rows * len(right) + of_left.columns, of_right.columns * len(right) + of_right.rows]
    known, first = np.unique(np.concatenate(keys), return_index=True)
    scores = np.concatenate([of_left.scores, of_right.scores])[first]
    directed = np.concatenate([of_left.directed, of_right.directed])[first]
    ranks = np.zeros((2, known.size), np.int64)
    for own, key, found in zip(ranks, keys, (of_left, of_right), strict=True):
        own[np.searchsorted(known, key)] = found.ranks
    rows, columns = np.divmod(known, max(len(right), 1))
    order = np.lexsort((columns, -scores, rows))
    return [
        Pair(left[row], right[column], score, rank or None, reverse_rank or None, *parts)
        for row, column, score, rank, reverse_rank, parts in zip(
            *(one[order].tolist() for one in (rows, columns, scores, *ranks, directed)), strict=True
        )
    ]
