"""Making a match list: computed on a snapshot, without holding anybody up, and stored afterwards."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from matching import MATCHER_VERSION, MatchConfig, Pair
from service.accounts.schemas import SYSTEM
from service.catalogue.operations import Catalogue, Snapshot
from service.forums import rulings
from service.forums.planning import set_up_of
from service.match_lists.allocating import Participants, asked_of, choose
from service.match_lists.models import MatchListExclusion
from service.match_lists.schemas import AllocationAsked, AllocationKept, PairIds, Standing
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
    allocation: AllocationKept
    chosen: set[PairIds]
    pin_notes: dict[PairIds, str]

    @property
    def digest(self) -> str:
        """SHA-256 over what was asked, every pair found, and which of them are chosen."""
        asked = (self.snapshot.version, self.config, self.k, self.participants)
        excluded = excluded_pairs(self.left_out)
        return digest_of(*asked, excluded, self.pairs, (self.allocation, self.chosen))


def compute(session: Session, catalogue: Catalogue, forum_id: UUID, k: int, config: MatchConfig) -> Draft:
    """Compute the list of a forum as its profiles stand in the session's snapshot."""
    set_up = set_up_of(session, forum_id)
    snapshot = catalogue.current(session, config)
    left_out: list[LeftOutRow] = []
    fitting: dict[Kind, list[UUID]] = {}
    for kind in Kind:
        ids = sorted(set_up.participants(kind))
        stopped = profiles.obstacles(session, kind, ids, until=set_up.forum.ends_on)
        for one in ids:
            if one not in stopped and not _says_something(snapshot, one):
                stopped[one] = "nothing_to_match"
        left_out += [LeftOutRow(reason, **{f"{kind.value}_id": one}) for one, reason in stopped.items()]
        fitting[kind] = [one for one in ids if one not in stopped]
    left_out += _pair_rules(session, forum_id, fitting)
    participants = {kind.value: sorted(str(one) for one in ids) for kind, ids in fitting.items()}
    ruled_out = excluded_pairs(left_out)
    pins = rulings.pins(session, SYSTEM, forum_id)
    asked = asked_of(
        set_up,
        pins,
        rulings.wished_for(session, forum_id),
        participants,
        ruled_out,
    )
    pairs = find_pairs(snapshot, k, participants, ruled_out, asked)
    chosen, places = choose(asked, participants, pairs)
    return Draft(
        forum_id=forum_id,
        k=k,
        config=config,
        snapshot=snapshot,
        participants=participants,
        left_out=left_out,
        pairs=pairs,
        allocation=AllocationKept(asked=asked, places=places),
        chosen=chosen,
        pin_notes={
            pair: pin.note
            for pin in pins
            if (pair := (str(pin.entrepreneur_id), str(pin.exporter_id))) in asked.pins
        },
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


def excluded_pairs(left_out: Iterable[LeftOutRow | MatchListExclusion]) -> dict[PairIds, str]:
    """Give the pairs that may not be proposed, with the rule, in their order."""
    found = {
        (str(row.entrepreneur_id), str(row.exporter_id)): row.reason
        for row in left_out
        if row.entrepreneur_id is not None and row.exporter_id is not None
    }
    return dict(sorted(found.items()))


def find_pairs(
    snapshot: Snapshot,
    k: int,
    participants: Participants,
    excluded: Collection[PairIds],
    asked: AllocationAsked | None,
) -> list[Pair]:
    """Rank the participants for each other, and add the pairs that somebody asked for by name."""
    index = snapshot.index
    found = index.pairs(
        k,
        entrepreneurs=participants[Kind.ENTREPRENEUR],
        exporters=participants[Kind.EXPORTER],
        excluded=excluded,
        apart=asked.apart if asked else (),
        workers=snapshot.workers,
    )
    if asked is None:
        return found
    known = {(pair.entrepreneur_id, pair.exporter_id) for pair in found}
    named = {*asked.pins, *asked.musts, *asked.wants} - known
    found += [named_pair(snapshot, pair) for pair in named if all(one in index for one in pair)]
    return sorted(found, key=lambda pair: (pair.entrepreneur_id, -pair.score, pair.exporter_id))


def named_pair(snapshot: Snapshot, pair: PairIds) -> Pair:
    """Give a pair that is among the best of neither, with its score."""
    explained = snapshot.index.explain(*pair)
    directed = [explained.total(direction=one) for one in ("entrepreneur_seeks", "exporter_seeks")]
    return Pair(*pair, min(explained.score, 1.0), None, None, *directed)


def digest_of(
    version: int,
    config: MatchConfig,
    k: int,
    participants: Participants,
    excluded: Collection[PairIds],
    pairs: Sequence[Pair],
    allocated: tuple[AllocationKept, Collection[PairIds]] | None,
) -> str:
    """Give the SHA-256 that two lists share only when they agree to the last digit.

    Lists of the time before pairs were allocated have none.
    """
    canonical: list[Any] = [
        MATCHER_VERSION,
        version,
        config.to_dict(),
        k,
        participants,
        list(excluded),
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
    if allocated is not None:
        kept, chosen = allocated
        canonical += [kept.model_dump(mode="json"), sorted(chosen)]
    return hashlib.sha256(json.dumps(canonical, sort_keys=True).encode()).hexdigest()


def entries_of(draft: Draft) -> list[dict[str, Any]]:
    """Give the pairs of a computed list as rows, the chosen ones with their explanations.

    The others are explained when somebody looks: there are many of them, and few are ever opened.
    """
    index = draft.snapshot.index
    rows = []
    for pair in draft.pairs:
        ids = (pair.entrepreneur_id, pair.exporter_id)
        pinned, chosen = ids in draft.pin_notes, ids in draft.chosen
        rows.append(
            {
                "entrepreneur_id": UUID(pair.entrepreneur_id),
                "exporter_id": UUID(pair.exporter_id),
                "score": pair.score,
                "rank_for_entrepreneur": pair.rank_for_entrepreneur,
                "rank_for_exporter": pair.rank_for_exporter,
                "chosen": chosen,
                "standing": (Standing.PINNED if pinned else Standing.ALLOCATED).value,
                "note": draft.pin_notes.get(ids, ""),
                "decided_by": None,
                "explanation": index.explain(*ids).to_dict() if chosen else {},
            }
        )
    return rows


def exclusions_of(draft: Draft) -> list[dict[str, Any]]:
    """Give what the hard rules left out of a computed list as rows."""
    return [asdict(row) for row in draft.left_out]
