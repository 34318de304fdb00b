"""How fair a list is: who has no meeting and why, who has how many, what the reserved shares reached."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np

from matching import AllocationReport, allocation_report
from matching.fairness import SideReport
from service.accounts.operations import require
from service.accounts.schemas import Permission, Principal
from service.match_lists import repository
from service.match_lists.allocating import POINTS, arguments_of, reserves_of
from service.match_lists.models import MatchList
from service.match_lists.reading import allocation_of, list_of, partner_of
from service.match_lists.schemas import (
    RULES,
    AllocationAsked,
    AllocationKept,
    Fairness,
    KeptApart,
    OnePlaceMore,
    PairIds,
    Partner,
    ShareReached,
    Shortfall,
    SideFairness,
    Standing,
    UnkeptPinRead,
    WishesKept,
)
from service.platform.database import Session
from service.platform.i18n import Message, message
from service.profiles import operations as profiles
from service.profiles.vocabulary import Kind

SHOWN_OF_ONE_MORE = 10

# Lists of the time before limits were kept: one meeting is the least, and there is no most.
_NO_LIMITS = (1, 1_000_000)

_REASONS: dict[str, Message] = {
    "wants_none": message("Its own limit is no meeting at all."),
    "ruled_out": message(
        "Nobody is left for it: the others are ruled out, kept apart by a rule, or share no word with it."
    ),
    "nobody_fits": message("No profile of the other side shares a word or a code with it."),
    "few_fit": message("Only {candidates} partners fit it, and it meets them all."),
    "taken_off": message("Pairs of it were taken off the list by hand."),
    "has_room": message("{free} of its candidates have room: add one by hand."),
    "all_full": message("The {candidates} partners that fit it have as many meetings as they may."),
}


class _Pairs(NamedTuple):
    """The pairs of a list by what was decided about them."""

    scores: dict[PairIds, float]
    """Of all that were not taken off."""
    chosen: set[PairIds]
    by_hand: set[PairIds]
    """Chosen by the organiser, whatever the allocation said."""
    removed: Counter[str]
    """How many pairs of each participant were taken off."""
    meetings: Counter[str]


class _Lacking(NamedTuple):
    """A participant with too few meetings, and why."""

    side: Kind
    id: str
    meetings: int
    least: int
    reason: str
    counts: dict[str, int]


@dataclass
class _Partners:
    """The candidates of a participant."""

    met: int = 0
    open: list[str] = field(default_factory=list)


def report(session: Session, principal: Principal, list_id: UUID, language: str) -> Fairness:
    """Tell how fair a list is as it stands, after everything that was decided about its pairs.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.MATCH_LISTS_READ)
    match_list = list_of(session, list_id)
    kept = allocation_of(match_list) or _without_limits(match_list)
    pairs = _pairs(session, list_id)
    found = _reached(match_list, kept, pairs)
    sides = {Kind.ENTREPRENEUR: found.left, Kind.EXPORTER: found.right}
    lacking = _lacking(match_list, kept.asked, pairs, _ruled_out(session, list_id, kept.asked))
    one_more = _one_more(match_list, sides)
    unkept = kept.asked.unkept_pins
    names = _names(
        session,
        [
            *((one.side, one.id) for one in lacking),
            *((kind, one) for kind, one, _ in one_more),
            *((kind, one) for pin in unkept for kind, one in zip(Kind, pin.pair, strict=True)),
        ],
    )
    musts, wants = set(kept.asked.musts), set(kept.asked.wants)
    return Fairness(
        meetings=len(pairs.chosen),
        missing=found.reached.missing,
        missing_at_best=found.best.missing,
        sides=[
            SideFairness(
                side=kind,
                participants=len(side.meetings),
                without=len(side.without),
                missing=int(side.missing.sum()),
                gini=side.gini,
                top_share=side.top_share,
            )
            for kind, side in sides.items()
        ],
        short=[
            Shortfall(
                side=one.side,
                participant=names[one.id],
                meetings=one.meetings,
                least=one.least,
                reason=one.reason,
                text=Message(_REASONS[one.reason].template, one.counts).text(language),
            )
            for one in lacking
        ],
        shares=[
            ShareReached(
                **share.model_dump(include={"criterion", "value", "percent"}),
                places=places.asked,
                reached=places.reached,
                members=len(share.members),
                members_meetings=meetings,
                members_percent=100 * meetings / max(len(pairs.chosen), 1),
            )
            for share, places in zip(kept.asked.shares, found.reserves, strict=True)
            for meetings in [sum(pairs.meetings[one] for one in share.members)]
        ],
        wishes=WishesKept(
            musts=len(musts),
            musts_kept=len(musts & pairs.chosen),
            wants=len(wants),
            wants_kept=len(wants & pairs.chosen),
        ),
        unkept_pins=[
            UnkeptPinRead(
                entrepreneur=names[pin.pair[0]],
                exporter=names[pin.pair[1]],
                reason=pin.reason,
                text=RULES[pin.reason].text(language),
            )
            for pin in unkept
        ],
        kept_apart=[
            KeptApart(entrepreneurs=len(left), exporters=len(right)) for left, right in kept.asked.apart
        ],
        one_more=[OnePlaceMore(side=kind, participant=names[one], **gains) for kind, one, gains in one_more],
    )


def _without_limits(match_list: MatchList) -> AllocationKept:
    limits = {kind: dict.fromkeys(match_list.participants[kind], _NO_LIMITS) for kind in Kind}
    asked = AllocationAsked(
        limits=limits, shares=[], apart=[], pins=[], unkept_pins=[], musts=[], wants=[], want_points=0
    )
    return AllocationKept(asked=asked, places=[])


def _pairs(session: Session, list_id: UUID) -> _Pairs:
    pairs = _Pairs({}, set(), set(), Counter(), Counter())
    for row in repository.standings(session, list_id):
        pair = (str(row.entrepreneur_id), str(row.exporter_id))
        if row.standing == Standing.REMOVED.value:
            pairs.removed.update(pair)
            continue
        pairs.scores[pair] = row.score
        if row.chosen:
            pairs.chosen.add(pair)
            pairs.meetings.update(pair)
            if row.standing != Standing.ALLOCATED.value:
                pairs.by_hand.add(pair)
    return pairs


def _reached(match_list: MatchList, kept: AllocationKept, pairs: _Pairs) -> AllocationReport:
    """Compare what is chosen with the best that leaves the organiser's decisions as they are."""
    participants = match_list.participants
    return allocation_report(
        np.array([pair in pairs.chosen for pair in pairs.scores], dtype=np.bool_),
        **arguments_of(kept.asked, participants, pairs.scores, required=pairs.by_hand, held=pairs.meetings),
        reserves=reserves_of(kept.asked, participants, kept.places),
    )


def _ruled_out(session: Session, list_id: UUID, asked: AllocationAsked) -> set[str]:
    """Find whom a rule keeps from some partner."""
    found = {one for groups in asked.apart for group in groups for one in group}
    for row in repository.exclusions(session, list_id):
        if row.entrepreneur_id is not None and row.exporter_id is not None:
            found |= {str(row.entrepreneur_id), str(row.exporter_id)}
    return found


def _lacking(
    match_list: MatchList, asked: AllocationAsked, pairs: _Pairs, ruled_out: set[str]
) -> list[_Lacking]:
    partners: dict[str, _Partners] = defaultdict(_Partners)
    for pair in pairs.scores:
        for one, other in (pair, pair[::-1]):
            if pair in pairs.chosen:
                partners[one].met += 1
            else:
                partners[one].open.append(other)
    most = {one: limits[1] for of_side in asked.limits.values() for one, limits in of_side.items()}
    lacking = []
    for kind in Kind:
        for one in match_list.participants[kind]:
            least = asked.limits[kind][one][0]
            own = partners[one]
            if own.met >= max(least, 1):
                continue
            free = sum(pairs.meetings[other] < most[other] for other in own.open)
            counts = {"candidates": own.met + len(own.open), "free": free}
            reason = _reason(own, free, most[one], pairs.removed[one], ruled_out=one in ruled_out)
            lacking.append(_Lacking(kind, one, own.met, least, reason, counts))
    return lacking


def _reason(own: _Partners, free: int, most: int, removed: int, *, ruled_out: bool) -> str:
    if most == 0:
        return "wants_none"
    if free:
        return "has_room"
    if removed:
        return "taken_off"
    if own.open:
        return "all_full"
    if own.met:
        return "few_fit"
    return "ruled_out" if ruled_out else "nobody_fits"


def _one_more(
    match_list: MatchList, sides: Mapping[Kind, SideReport]
) -> list[tuple[Kind, str, dict[str, Any]]]:
    """Find where one more place brings most: missing meetings first, then reserved places, then score."""
    found = []
    for kind, side in sides.items():
        gains = zip(*(column.tolist() for column in side.one_more), strict=True)
        for one, (missing, reserved, score) in zip(match_list.participants[kind], gains, strict=True):
            if (missing, reserved, score) > (0, 0, 0):
                found.append(((-missing, -reserved, -score), kind, one))
    found.sort(key=lambda row: (row[0], row[1], row[2]))
    return [
        (kind, one, {"missing": -missing, "reserved": -reserved, "score": -score / POINTS})
        for (missing, reserved, score), kind, one in found[:SHOWN_OF_ONE_MORE]
    ]


def _names(session: Session, wanted: Iterable[tuple[Kind, str]]) -> dict[str, Partner]:
    by_kind: dict[Kind, set[UUID]] = {kind: set() for kind in Kind}
    for kind, one in wanted:
        by_kind[kind].add(UUID(one))
    return {
        str(one): partner_of(summary)
        for kind, ids in by_kind.items()
        for one, summary in profiles.summaries(session, kind, sorted(ids)).items()
    }
