"""Which candidates of a list are chosen: limits, reserved shares, pins and wishes as one allocation."""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt

from matching import Pair, Reserve, allocate
from service.forums.pair_schemas import PinRead, Wish
from service.forums.planning import ForumSetUp
from service.match_lists.schemas import AllocationAsked, PairIds, ShareAsked, UnkeptPin
from service.profiles.vocabulary import Kind

POINTS = 1_000_000
"""Points of the allocation that a score of 1 is worth: about what a score of 32 bits tells apart."""

WANT_POINTS = POINTS // 4
"""A meeting that somebody wants counts as if its score were a quarter higher."""

Participants = Mapping[str, Sequence[str]]


def asked_of(
    set_up: ForumSetUp,
    pins: Iterable[PinRead],
    wishes: Mapping[tuple[UUID, UUID], Wish],
    participants: Participants,
    ruled_out: Mapping[PairIds, str],
) -> AllocationAsked:
    """Bring together what the pairs of a list shall be chosen by.

    A pinned pair is kept though a rule of the forum holds its groups apart: the organiser named the two,
    or both said yes. What is ruled out for these two alone weighs more than a pin.
    """
    taking_part = {kind: set(participants[kind.value]) for kind in Kind}
    apart = _apart(set_up, taking_part)
    kept, unkept = [], []
    for pin in pins:
        pair = (str(pin.entrepreneur_id), str(pin.exporter_id))
        if pair[0] not in taking_part[Kind.ENTREPRENEUR] or pair[1] not in taking_part[Kind.EXPORTER]:
            unkept.append(UnkeptPin(pair=pair, reason="not_taking_part"))
        elif pair in ruled_out:
            unkept.append(UnkeptPin(pair=pair, reason=ruled_out[pair]))
        else:
            kept.append(pair)
    wished: dict[Wish, list[PairIds]] = {Wish.MUST: [], Wish.WANT: []}
    for (one, other), wish in wishes.items():
        pair = (str(one), str(other))
        if (
            pair[0] in taking_part[Kind.ENTREPRENEUR]
            and pair[1] in taking_part[Kind.EXPORTER]
            and pair not in ruled_out
            and not any(pair[0] in left and pair[1] in right for left, right in apart)
        ):
            wished[wish].append(pair)
    return AllocationAsked(
        limits={
            kind: {one: set_up.limits[kind][UUID(one)] for one in participants[kind.value]} for kind in Kind
        },
        shares=[
            ShareAsked(
                **share.model_dump(include={"criterion", "value", "percent"}),
                members=sorted(
                    str(one)
                    for one in set_up.share_members[share.id]
                    if str(one) in taking_part[Kind.EXPORTER]
                ),
            )
            for share in set_up.shares
        ],
        apart=[(sorted(left), sorted(right)) for left, right in apart],
        pins=sorted(kept),
        unkept_pins=sorted(unkept, key=lambda one: one.pair),
        musts=sorted(wished[Wish.MUST]),
        wants=sorted(wished[Wish.WANT]),
        want_points=WANT_POINTS,
    )


def _apart(set_up: ForumSetUp, taking_part: Mapping[Kind, set[str]]) -> list[tuple[set[str], set[str]]]:
    groups = [
        (
            taking_part[Kind.ENTREPRENEUR].intersection(map(str, entrepreneurs)),
            taking_part[Kind.EXPORTER].intersection(map(str, exporters)),
        )
        for entrepreneurs, exporters in set_up.apart
    ]
    return [(left, right) for left, right in groups if left and right]


def required_of(asked: AllocationAsked, candidates: Sequence[Pair]) -> set[PairIds]:
    """Give the pairs that are chosen whatever their score: pins, then must wishes while both have room.

    Must wishes are taken by descending score, so that the best of them fit.
    """
    required = set(asked.pins)
    meetings = Counter(one for pair in required for one in pair)
    score = {(pair.entrepreneur_id, pair.exporter_id): pair.score for pair in candidates}
    possible = (set(asked.musts) - required) & score.keys()
    for pair in sorted(possible, key=lambda pair: (-score[pair], pair)):
        ends = tuple(zip(Kind, pair, strict=True))
        if all(meetings[one] < asked.limits[kind][one][1] for kind, one in ends):
            required.add(pair)
            meetings.update(pair)
    return required


def choose(
    asked: AllocationAsked, participants: Participants, candidates: Sequence[Pair]
) -> tuple[set[PairIds], list[int]]:
    """Choose pairs, and tell how many places every reserved share asked for.

    A share is a part of all meetings, and how many there will be is known only when they are chosen: so
    a first allocation without shares counts them, and the places of a share are its per cent of that
    number, rounded up.
    """
    required = required_of(asked, candidates)
    held = Counter(one for pair in required for one in pair)
    scores = {(pair.entrepreneur_id, pair.exporter_id): pair.score for pair in candidates}
    arguments = arguments_of(asked, participants, scores, required=required, held=held)
    chosen = allocate(**arguments)
    meetings = int(chosen.sum())
    places = [math.ceil(share.percent * meetings / 100) for share in asked.shares]
    if places:
        chosen = allocate(**arguments, reserves=reserves_of(asked, participants, places))
    return {pair for pair, taken in zip(scores, chosen.tolist(), strict=True) if taken}, places


def arguments_of(
    asked: AllocationAsked,
    participants: Participants,
    scores: Mapping[PairIds, float],
    *,
    required: Collection[PairIds],
    held: Mapping[str, int],
) -> dict[str, Any]:
    """Give pairs and limits as the matcher's allocation takes them.

    Who holds more meetings than its most, because they are pinned or decided by hand, keeps them all and
    gets no other.
    """
    wanted = set(asked.wants)
    found: dict[str, Any] = {
        "score": _whole(
            round(score * POINTS) + (asked.want_points if pair in wanted else 0)
            for pair, score in scores.items()
        ),
        "required": np.array([pair in required for pair in scores], dtype=np.bool_),
    }
    for place, (kind, side) in enumerate(((Kind.ENTREPRENEUR, "left"), (Kind.EXPORTER, "right"))):
        rows = {one: row for row, one in enumerate(participants[kind])}
        limits = asked.limits[kind]
        found[side] = _whole(rows[pair[place]] for pair in scores)
        found[f"max_{side}"] = _whole(max(limits[one][1], held.get(one, 0)) for one in rows)
        found[f"min_{side}"] = _whole(limits[one][0] for one in rows)
    return found


def reserves_of(asked: AllocationAsked, participants: Participants, places: Sequence[int]) -> list[Reserve]:
    """Give the reserved shares as the matcher's allocation takes them."""
    found = []
    for share, number in zip(asked.shares, places, strict=True):
        members = set(share.members)
        mask = np.array([one in members for one in participants[Kind.EXPORTER]], dtype=np.bool_)
        found.append(Reserve(mask, "right", number))
    return found


def _whole(numbers: Iterable[int]) -> npt.NDArray[np.int64]:
    return np.fromiter(numbers, dtype=np.int64)
