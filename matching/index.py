"""An immutable snapshot of all profiles, ready to be matched."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from matching.candidates import Candidates
from matching.explanation import Explanation, explain
from matching.rows import Side
from matching.topk import TopK, top_k
from matching.types import Match, MatchConfig, Pair, Profile, ProfileChange
from matching.vectorizer import AnalyzedProfile, ProfileVectorizer, analyze_profile

Given = Profile | Mapping[str, Any]


class PartnerIndex:
    """Entrepreneurs and exporters as weighted rows; a change gives a new index.

    The rows of a side stand in the order of their ids, so that an index depends on its profiles and
    its configuration only, and ties in a score are settled by the lower id. Build one with `build`.

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
        profiles: Mapping[Side, Mapping[str, Profile]],
        analyzed: Mapping[str, AnalyzedProfile],
        config: MatchConfig,
    ) -> None:
        self.config = config
        self._profiles = {side: dict(sorted(of_side.items())) for side, of_side in profiles.items()}
        self._analyzed = dict(analyzed)
        self._ids = {side: tuple(of_side) for side, of_side in self._profiles.items()}
        self._rows_of = {
            side: {identifier: row for row, identifier in enumerate(ids)} for side, ids in self._ids.items()
        }
        entrepreneurs = [self._analyzed[identifier] for identifier in self._ids["entrepreneur"]]
        exporters = [self._analyzed[identifier] for identifier in self._ids["exporter"]]
        self._vectorizer = ProfileVectorizer(config).fit([*entrepreneurs, *exporters])
        self._prepared: dict[Side, Candidates] = {}
        self._rows = {
            "entrepreneur": self._vectorizer.entrepreneurs(entrepreneurs),
            "exporter": self._vectorizer.exporters(exporters),
        }

    @classmethod
    def build(
        cls, entrepreneurs: Iterable[Given], exporters: Iterable[Given], config: MatchConfig | None = None
    ) -> Self:
        """Build an index from all profiles.

        Parameters
        ----------
        entrepreneurs, exporters : iterable of Profile or mapping
            A mapping is read by `Profile.from_dict`.
        config : MatchConfig, optional
            The default one when left out.

        Raises
        ------
        ValueError
            If an id stands twice, on one side or on both.
        """
        profiles: dict[Side, dict[str, Profile]] = {"entrepreneur": {}, "exporter": {}}
        seen: set[str] = set()
        sides: tuple[tuple[Side, Iterable[Given]], ...] = (
            ("entrepreneur", entrepreneurs),
            ("exporter", exporters),
        )
        for side, given in sides:
            for one in given:
                profile = one if isinstance(one, Profile) else Profile.from_dict(one, side=side)
                if profile.id in seen:
                    raise ValueError(f"the id {profile.id} stands twice")
                seen.add(profile.id)
                profiles[side][profile.id] = profile
        analyzed = {
            identifier: analyze_profile(profile)
            for of_side in profiles.values()
            for identifier, profile in of_side.items()
        }
        return cls(profiles, analyzed, config or MatchConfig())

    def apply(self, changes: Iterable[ProfileChange]) -> Self:
        """Derive the index that a cold build of the changed profiles would give, to the last bit.

        Only profiles that changed are analyzed again.

        Parameters
        ----------
        changes : iterable of ProfileChange
            In their order; the last word on a profile counts.

        Raises
        ------
        ValueError
            If a profile appears on the other side than before.
        """
        profiles = {side: dict(of_side) for side, of_side in self._profiles.items()}
        analyzed = dict(self._analyzed)
        for change in changes:
            other: Side = "exporter" if change.side == "entrepreneur" else "entrepreneur"
            if change.id in profiles[other]:
                raise ValueError(f"the id {change.id} stands on the other side")
            if change.profile is None:
                profiles[change.side].pop(change.id, None)
                analyzed.pop(change.id, None)
            else:
                profiles[change.side][change.id] = change.profile
                analyzed[change.id] = analyze_profile(change.profile)
        return type(self)(profiles, analyzed, self.config)

    def __len__(self) -> int:
        return len(self._analyzed)

    def __contains__(self, identifier: object) -> bool:
        return identifier in self._analyzed

    def ids(self, side: Side) -> tuple[str, ...]:
        """Give the ids of a side in the order of its rows."""
        return self._ids[side]

    def says_something(self, identifier: str) -> bool:
        """Tell whether a profile has any word or code to be matched by.

        Raises
        ------
        KeyError
            If there is no such profile.
        """
        return self._analyzed[identifier].says_something

    def digest(self) -> str:
        """Give a SHA-256 of the profiles and the configuration, equal for equal indexes."""
        documents = {
            side: [profile.to_document() for profile in of_side.values()]
            for side, of_side in self._profiles.items()
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
        side = self._side_of(identifier)
        other: Side = "exporter" if side == "entrepreneur" else "entrepreneur"
        place = 0 if side == "entrepreneur" else 1
        barred = {pair[1 - place] for pair in excluded if pair[place] == identifier}
        ids, rows_of = self._ids[other], self._rows_of[other]
        left_out = np.full(len(ids), among is not None)
        left_out[[rows_of[one] for one in set(among or ()) if one in rows_of]] = False
        left_out[[rows_of[one] for one in barred if one in rows_of]] = True
        query = self._rows[side][[self._rows_of[side][identifier]]]
        found = self._candidates(other).top_k(query, k, n_threads=1, left_out=left_out)
        return [
            Match(partner_id=ids[row], score=_score(score), rank=rank)
            for rank, (row, score) in enumerate(zip(found.indices[0], found.scores[0], strict=True), start=1)
            if row >= 0
        ]

    def pairs(
        self,
        k: int,
        *,
        entrepreneurs: Iterable[str] | None = None,
        exporters: Iterable[str] | None = None,
        excluded: Iterable[tuple[str, str]] = (),
        apart: Iterable[tuple[Collection[str], Collection[str]]] = (),
        n_threads: int | None = None,
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
            Passed to `top_k`; the result does not depend on it.

        Returns
        -------
        list of Pair
            By entrepreneur id, then by descending score, then by exporter id.

        Raises
        ------
        ValueError
            If k is below 1.
        """
        left = self._chosen("entrepreneur", entrepreneurs)
        right = self._chosen("exporter", exporters)
        mask = self._mask(left, right, excluded, apart)
        queries, candidates = self._taken("entrepreneur", left), self._taken("exporter", right)
        of_left = _ranked(top_k(queries, candidates, k, n_threads=n_threads, excluded=mask))
        reverse = None if mask is None else csr_array(mask.T)
        of_right = _ranked(top_k(candidates, queries, k, n_threads=n_threads, excluded=reverse))
        found: dict[tuple[int, int], tuple[float, int | None, int | None]] = {
            pair: (score, rank, None) for pair, (score, rank) in of_left.items()
        }
        for (row, column), (score, rank) in of_right.items():
            known = found.get((column, row))
            found[column, row] = (score, known[1] if known else None, rank)
        ordered = sorted(found.items(), key=lambda one: (one[0][0], -one[1][0], one[0][1]))
        parts = self._directed(queries, candidates, [pair for pair, _ in ordered])
        return [
            Pair(left[row], right[column], score, rank, reverse_rank, *directed)
            for ((row, column), (score, rank, reverse_rank)), directed in zip(ordered, parts, strict=True)
        ]

    def _directed(
        self, queries: csr_array, candidates: csr_array, pairs: Sequence[tuple[int, int]]
    ) -> list[tuple[float, float]]:
        """Take the scores of pairs of rows apart by direction."""
        rows, columns = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        products = csr_array(queries[rows].astype(np.float64).multiply(candidates[columns]))
        boundary = self._vectorizer.n_first_direction
        return list(
            zip(
                products[:, :boundary].sum(axis=1).tolist(),
                products[:, boundary:].sum(axis=1).tolist(),
                strict=True,
            )
        )

    def explain(self, entrepreneur_id: str, exporter_id: str) -> Explanation:
        """Take the score of a pair apart, whether it was proposed or not.

        Raises
        ------
        KeyError
            If the index does not have one of the two on its side.
        """
        return explain(
            self._profiles["entrepreneur"][entrepreneur_id],
            self._profiles["exporter"][exporter_id],
            (
                self._rows["entrepreneur"][[self._rows_of["entrepreneur"][entrepreneur_id]]],
                self._rows["exporter"][[self._rows_of["exporter"][exporter_id]]],
            ),
            self._vectorizer,
        )

    def _side_of(self, identifier: str) -> Side:
        for side, rows in self._rows_of.items():
            if identifier in rows:
                return side
        raise KeyError(identifier)

    def _candidates(self, side: Side) -> Candidates:
        """Give a side prepared for search; made when it is first asked for."""
        if side not in self._prepared:
            self._prepared[side] = Candidates.build(self._rows[side])
        return self._prepared[side]

    def _chosen(self, side: Side, wanted: Iterable[str] | None) -> Sequence[str]:
        if wanted is None:
            return self._ids[side]
        return sorted(set(wanted) & set(self._ids[side]))

    def _taken(self, side: Side, ids: Sequence[str]) -> csr_array:
        if ids is self._ids[side]:
            return self._rows[side]
        return self._rows[side][[self._rows_of[side][one] for one in ids]]

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


def _ranked(found: TopK) -> dict[tuple[int, int], tuple[float, int]]:
    return {
        (row, int(candidate)): (_score(score), rank)
        for row, (candidates, scores) in enumerate(zip(found.indices, found.scores, strict=True))
        for rank, (candidate, score) in enumerate(zip(candidates, scores, strict=True), start=1)
        if candidate >= 0
    }
