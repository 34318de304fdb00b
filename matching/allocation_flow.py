"""An allocation as a flow of least cost.

Meetings flow from a hub through the left-hand participants, the pairs and the right-hand participants back
to the hub. A participant has two arcs: one as wide as its minimum, which pays for each missing meeting that
it saves, and one for the rest up to its maximum. The participants of a reserve hang on a node of their own,
which pays for each reserved place in the same way. Required pairs are taken out beforehand.
"""

from typing import Any, NamedTuple

import numpy as np

from matching.allocation_request import Flags, Integers, Request

_MOST = np.iinfo(np.int64).max


class Worth(NamedTuple):
    """What a missing meeting and a reserved place that is not reached weigh, in points of the score."""

    missing: int
    reserved: int


class Nodes(NamedTuple):
    """Where the nodes begin: left-hand participants at 0, then right-hand ones, the hub, the reserves."""

    right: int
    hub: int
    reserves: int
    n: int


class Flow(NamedTuple):
    """Arcs and how many meetings go over each.

    The arcs of the free pairs come first, in the order of `Request.free_pairs`.

    Attributes
    ----------
    tail, head : ndarray of int32, shape (n_arcs,)
        The nodes at both ends.
    capacity, cost : ndarray of int64, shape (n_arcs,)
        How many meetings can go over the arc, and what each costs (less than 0 where it gains).
    amount : ndarray of int64, shape (n_arcs,)
        How many go over it.
    """

    tail: Integers
    head: Integers
    capacity: Integers
    cost: Integers
    amount: Integers


def nodes_of(request: Request) -> Nodes:
    """Number the nodes."""
    n_left, hub = len(request.left.maximum), len(request.left.maximum) + len(request.right.maximum)
    return Nodes(n_left, hub, hub + 1, hub + 1 + len(request.reserves))


def worth_of(request: Request) -> Worth:
    """Weigh the goals so that none is ever given up for a later one.

    It is enough that this holds for each simple cycle of the residual graph. Such a cycle meets each
    participant and the hub once, so it changes the score by no more than the highest one for each
    participant of the smaller side, and two reserved places. Twice these weights tell the three goals apart
    in the cost of a cycle.
    """
    smaller_side = min(len(request.left.maximum), len(request.right.maximum))
    exchange = smaller_side * int(request.score.max(initial=0))
    reserved = 2 * exchange + 1
    return Worth(missing=2 * (2 * reserved + exchange) + 1, reserved=reserved)


def solve(request: Request) -> Flow:
    """Find a flow of least cost.

    Raises
    ------
    ValueError
        If the scores are too large.
    """
    # OR-Tools takes a tenth of a second to load.
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow  # noqa: PLC0415

    too_large = f"scores up to {request.score.max(initial=0)} are too large to be added up exactly"
    if worth_of(request).missing > _MOST:
        raise ValueError(too_large)
    flow = _arcs(request)
    hub, sink = nodes_of(request).hub, nodes_of(request).n
    solver = SimpleMinCostFlow()
    # What flows back to the hub ends in a sink; what is not needed goes there at once.
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        flow.tail, np.where(flow.head == hub, sink, flow.head), flow.capacity, flow.cost
    )
    most = int(flow.capacity[flow.tail == hub].sum())
    solver.add_arc_with_capacity_and_unit_cost(hub, sink, most, 0)
    solver.set_node_supply(hub, most)
    solver.set_node_supply(sink, -most)
    # There always is a flow, so the solver can only fail by a sum that overflows.
    if solver.solve() != solver.OPTIMAL:
        raise ValueError(too_large)
    return flow._replace(amount=solver.flows(arcs))


def chosen_by(flow: Flow, request: Request) -> Flags:
    """Mark the pairs that a flow goes through, and the required ones."""
    chosen = request.required.copy()
    pairs = request.free_pairs()
    chosen[pairs] = flow.amount[: len(pairs)] > 0
    return chosen


def _arcs(request: Request) -> Flow:
    """List the arcs, with nothing flowing yet."""
    pairs, nodes, worth = request.free_pairs(), nodes_of(request), worth_of(request)
    arcs: list[tuple[Any, Any, Any, Any]] = [
        (request.left.ends[pairs], nodes.right + request.right.ends[pairs], 1, -request.score[pairs])
    ]
    for side, first, is_left in ((request.left, 0, True), (request.right, nodes.right, False)):
        room = side.room(pairs)
        paid = np.clip(side.minimum - side.taken, 0, room)
        group = np.where(side.reserve < 0, nodes.hub, nodes.reserves + side.reserve)
        participants = first + np.arange(len(room))
        tail, head = (group, participants) if is_left else (participants, group)
        arcs += [(tail, head, paid, -worth.missing), (tail, head, room - paid, 0)]
    paid = np.maximum(request.places() - request.reserved(request.left.taken, request.right.taken), 0)
    group = nodes.reserves + np.arange(len(paid))
    on_left = np.array([reserve.side == "left" for reserve in request.reserves], dtype=np.bool_)
    tail, head = np.where(on_left, nodes.hub, group), np.where(on_left, group, nodes.hub)
    arcs += [(tail, head, paid, -worth.reserved), (tail, head, len(pairs), 0)]
    columns = zip(*(np.broadcast_arrays(*part) for part in arcs), strict=True)
    tail, head, capacity, cost = (np.concatenate(column) for column in columns)
    return Flow(tail.astype(np.int32), head.astype(np.int32), capacity, cost, np.zeros_like(capacity))
