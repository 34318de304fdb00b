"""Which candidate pairs meet under quotas: a flow of least cost.

Meetings flow from a source through the left-hand participants, the pairs and the right-hand participants
to a sink. Two arcs lead to a participant: one as wide as its minimum, which pays for each missing meeting
that it saves, and one for the rest up to its maximum. The participants of a reserve hang on a node of their
own, which pays for each reserved place in the same way. An arc past them all takes what is not needed, so
that no meeting is forced.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from matching.allocation_request import Flags, Request, Reserve, free_pairs, read

_MOST = np.iinfo(np.int64).max


class Worth(NamedTuple):
    """What a missing meeting and a reserved place that is not reached weigh, in points of the score."""

    missing: int
    reserved: int


def allocate(
    left: npt.ArrayLike,
    right: npt.ArrayLike,
    score: npt.ArrayLike,
    *,
    max_left: npt.ArrayLike,
    max_right: npt.ArrayLike,
    min_left: npt.ArrayLike,
    min_right: npt.ArrayLike,
    required: npt.ArrayLike | None = None,
    reserves: Sequence[Reserve] = (),
) -> Flags:
    """Choose the pairs that shall meet.

    No participant has more meetings than its maximum, and required pairs are chosen. Of all such choices
    this is one with, first, as few missing meetings under the minimums as possible, counted over both
    sides; then as few reserved places not reached as possible, counted over all reserves; then the highest
    total score.

    Parameters
    ----------
    left, right : int array, shape (n_pairs,)
        The two participants of every candidate pair, each side counted from 0. No pair stands twice.
    score : int array, shape (n_pairs,)
        What a meeting of the pair is worth, in points; not negative.
    max_left, max_right : int array, shape (n_left,) and (n_right,)
        How many meetings each participant can have.
    min_left, min_right : int array, shape (n_left,) and (n_right,)
        How many meetings each participant should have. A minimum above the maximum, or above what the
        candidate pairs allow, is no error: what cannot be met is missing.
    required : bool array, shape (n_pairs,), optional
        Pairs that are chosen in any case (pinned, accepted).
    reserves : sequence of Reserve
        Reserved places; who is a member of several counts for the first.

    Returns
    -------
    ndarray of bool, shape (n_pairs,)
        The chosen pairs; of choices that are equally good the same one for any order of the pairs.

    Raises
    ------
    ValueError
        If shapes or ranges do not fit, a pair stands twice, a participant has more required pairs than its
        maximum, or the scores are too large to be added up exactly (10,000 points always fit with 10,000
        participants on each side, a million with 2,000).

    Notes
    -----
    The three goals are one sum: a reserved place weighs more than any exchange of meetings can change the
    score, a missing meeting more than any exchange can change both. An exchange is a simple cycle of the
    residual graph, so min(n_left, n_right) times the highest score bounds it, and the weights are small
    enough for machine integers. Cost scaling takes time in O(n² m log(n c)) for n participants, m pairs and
    costs up to c, in practice little more than in proportion to m; memory is in O(n + m).

    References
    ----------
    A. V. Goldberg 1997, "An efficient implementation of a scaling minimum-cost flow algorithm".

    Examples
    --------
    The best pair would leave two participants without a meeting, so the other two pairs are chosen:

    >>> pairs = {"left": [0, 0, 1], "right": [0, 1, 1], "score": [70, 95, 20]}
    >>> quotas = {"max_left": [1, 1], "max_right": [1, 1], "min_left": [1, 1], "min_right": [1, 1]}
    >>> allocate(**pairs, **quotas).tolist()
    [True, False, True]

    Without minimums the score decides:

    >>> allocate(**pairs, **quotas | {"min_left": [0, 0], "min_right": [0, 0]}).tolist()
    [False, True, False]
    """
    request = read(
        left,
        right,
        score,
        max_left=max_left,
        max_right=max_right,
        min_left=min_left,
        min_right=min_right,
        required=required,
        reserves=reserves,
    )
    return choose(request)


def choose(request: Request) -> Flags:
    """Choose the pairs of a request as `allocate` does.

    Raises
    ------
    ValueError
        If the scores are too large.
    """
    # OR-Tools takes a tenth of a second to load.
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow  # noqa: PLC0415

    pairs = free_pairs(request)
    n_left, n_right, n_reserves = len(request.left.maximum), len(request.right.maximum), len(request.reserves)
    # Nodes: the participants, left before right, the source, the sink, the reserves.
    source, sink = n_left + n_right, n_left + n_right + 1
    worth = worth_of(request)
    if worth.missing > _MOST:
        raise ValueError(_too_large(request))
    flow = SimpleMinCostFlow()

    def add(tail: Any, head: Any, capacity: Any, cost: Any) -> Any:
        return flow.add_arcs_with_capacity_and_unit_cost(*np.broadcast_arrays(tail, head, capacity, cost))

    arcs = add(request.left.ends[pairs], n_left + request.right.ends[pairs], 1, -request.score[pairs])
    room_left, room_right = request.left.room(pairs), request.right.room(pairs)
    for side, room, first, hub in (
        (request.left, room_left, 0, source),
        (request.right, room_right, n_left, sink),
    ):
        group = np.where(side.reserve < 0, hub, sink + 1 + side.reserve)
        participants = first + np.arange(len(room))
        tail, head = (group, participants) if hub == source else (participants, group)
        paid = np.clip(side.minimum - side.taken, 0, room)
        add(tail, head, paid, -worth.missing)
        add(tail, head, room - paid, 0)
    is_left = np.array([reserve.side == "left" for reserve in request.reserves], dtype=np.bool_)
    reserves = sink + 1 + np.arange(n_reserves)
    tail, head = np.where(is_left, source, reserves), np.where(is_left, reserves, sink)
    places = request.reserved(room_left, room_right)
    paid = np.clip(request.places() - request.reserved(request.left.taken, request.right.taken), 0, places)
    add(tail, head, paid, -worth.reserved)
    add(tail, head, places - paid, 0)
    supply = int(room_left.sum())
    add(source, sink, [supply], 0)
    flow.set_node_supply(source, supply)
    flow.set_node_supply(sink, -supply)
    # A flow always exists, as all may go past the participants: the solver fails only if a sum overflows.
    if flow.solve() != flow.OPTIMAL:
        raise ValueError(_too_large(request))
    chosen = request.required.copy()
    chosen[pairs] = flow.flows(arcs) > 0
    return chosen


def worth_of(request: Request) -> Worth:
    """Weigh the goals so that none is ever given up for a later one.

    A simple cycle of the residual graph meets each hub once, so that it changes no more than two reserved
    places. Twice as much as would do tells the three goals apart in the cost of a cycle.
    """
    smaller_side = min(len(request.left.maximum), len(request.right.maximum))
    exchange = smaller_side * int(request.score.max(initial=0))
    reserved = 2 * exchange + 1
    return Worth(missing=2 * (2 * reserved + exchange) + 1, reserved=reserved)


def _too_large(request: Request) -> str:
    return f"scores up to {request.score.max()} are too large to be added up exactly"
