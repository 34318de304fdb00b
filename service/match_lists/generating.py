"""Making a match list: computed on a snapshot, without holding anybody up, and stored afterwards."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from matching import MATCHER_VERSION, MatchConfig, Pair
from service.accounts.schemas import SYSTEM
from service.catalogue.operations import Catalogue, Snapshot
from service.forums import operations as forums
from service.forums import rulings
from service.match_lists.models import MatchList, MatchListEntry, MatchListExclusion
from service.platform.database import Session
from service.profiles import operations as profiles
from service.profiles.vocabulary import Kind


@dataclass(frozen=True)
class LeftOutRow:
    """A participant, or a pair, that a hard rule left out."""

    reason: str
    entrepreneur_id: UUID | None = None
    exporter_id: UUID | None = None


@dataclass(frozen=True)
class Draft:
    """A computed list that is not stored yet."""

    forum_id: UUID
    k: int
    config: MatchConfig
    snapshot: Snapshot
    participants: dict[str, list[str]]
    left_out: list[LeftOutRow]
    pairs: list[Pair]

    @property
    def digest(self) -> str:
        """SHA-256 over what was asked and every pair found."""
        excluded = excluded_pairs(self.left_out)
        return digest_of(self.snapshot.version, self.config, self.k, self.participants, excluded, self.pairs)


def compute(session: Session, catalogue: Catalogue, forum_id: UUID, k: int, config: MatchConfig) -> Draft:
    """Compute the list of a forum as its profiles stand in the session's snapshot."""
    forum = forums.read(session, SYSTEM, forum_id)
    taking_part = {kind: forums.participant_ids(session, forum_id, kind) for kind in Kind}
    snapshot = catalogue.current(session, config)
    left_out: list[LeftOutRow] = []
    fitting: dict[Kind, list[UUID]] = {}
    for kind, ids in taking_part.items():
        stopped = profiles.obstacles(session, kind, ids, until=forum.ends_on)
        for one in ids:
            if one not in stopped and not _says_something(snapshot, one):
                stopped[one] = "nothing_to_match"
        left_out += [LeftOutRow(reason, **{f"{kind.value}_id": one}) for one, reason in stopped.items()]
        fitting[kind] = [one for one in ids if one not in stopped]
    left_out += _pair_rules(session, forum_id, fitting)
    participants = {kind.value: sorted(str(one) for one in ids) for kind, ids in fitting.items()}
    return Draft(
        forum_id=forum_id,
        k=k,
        config=config,
        snapshot=snapshot,
        participants=participants,
        left_out=left_out,
        pairs=find_pairs(snapshot, k, participants, excluded_pairs(left_out)),
    )


def _says_something(snapshot: Snapshot, profile_id: UUID) -> bool:
    identifier = str(profile_id)
    return identifier in snapshot.index and snapshot.index.says_something(identifier)


def _pair_rules(
    session: Session, forum_id: UUID, fitting: Mapping[Kind, Sequence[UUID]]
) -> Iterable[LeftOutRow]:
    entrepreneurs, exporters = set(fitting[Kind.ENTREPRENEUR]), set(fitting[Kind.EXPORTER])
    ruled_out = {
        (one, other): reason.value
        for (one, other), reason in rulings.ruled_out(session, forum_id).items()
        if one in entrepreneurs and other in exporters
    }
    owners: dict[str, list[UUID]] = {}
    for one, keys in profiles.owner_keys(session, Kind.ENTREPRENEUR, sorted(entrepreneurs)).items():
        for key in keys:
            owners.setdefault(key, []).append(one)
    for other, keys in profiles.owner_keys(session, Kind.EXPORTER, sorted(exporters)).items():
        for key in keys:
            for one in owners.get(key, ()):
                ruled_out.setdefault((one, other), "same_owner")
    return [
        LeftOutRow(reason, entrepreneur_id=one, exporter_id=other)
        for (one, other), reason in sorted(ruled_out.items())
    ]


def excluded_pairs(left_out: Iterable[LeftOutRow]) -> list[tuple[str, str]]:
    """List the pairs that may not be proposed, in their order."""
    return sorted(
        (str(row.entrepreneur_id), str(row.exporter_id))
        for row in left_out
        if row.entrepreneur_id is not None and row.exporter_id is not None
    )


def find_pairs(
    snapshot: Snapshot, k: int, participants: Mapping[str, Sequence[str]], excluded: Sequence[tuple[str, str]]
) -> list[Pair]:
    """Rank the participants for each other."""
    return snapshot.index.pairs(
        k,
        entrepreneurs=participants[Kind.ENTREPRENEUR],
        exporters=participants[Kind.EXPORTER],
        excluded=excluded,
    )


def digest_of(
    version: int,
    config: MatchConfig,
    k: int,
    participants: Mapping[str, Sequence[str]],
    excluded: Sequence[tuple[str, str]],
    pairs: Sequence[Pair],
) -> str:
    """Give the SHA-256 that two lists share only when they agree to the last digit."""
    canonical: list[Any] = [
        MATCHER_VERSION,
        version,
        config.to_dict(),
        k,
        participants,
        excluded,
        [
            (
                pair.entrepreneur_id,
                pair.exporter_id,
                repr(pair.score),
                pair.rank_for_entrepreneur,
                pair.rank_for_exporter,
            )
            for pair in pairs
        ],
    ]
    return hashlib.sha256(json.dumps(canonical, sort_keys=True).encode()).hexdigest()


def rows_of(draft: Draft, match_list: MatchList) -> list[MatchListEntry | MatchListExclusion]:
    """Build the rows of a computed list, with the explanation of every pair."""
    index = draft.snapshot.index
    entries: list[MatchListEntry | MatchListExclusion] = [
        MatchListEntry(
            match_list_id=match_list.id,
            entrepreneur_id=UUID(pair.entrepreneur_id),
            exporter_id=UUID(pair.exporter_id),
            score=pair.score,
            rank_for_entrepreneur=pair.rank_for_entrepreneur,
            rank_for_exporter=pair.rank_for_exporter,
            explanation=index.explain(pair.entrepreneur_id, pair.exporter_id).to_dict(),
        )
        for pair in draft.pairs
    ]
    return entries + [
        MatchListExclusion(
            match_list_id=match_list.id,
            entrepreneur_id=row.entrepreneur_id,
            exporter_id=row.exporter_id,
            reason=row.reason,
        )
        for row in draft.left_out
    ]
