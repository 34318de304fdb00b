"""What one more place of a participant would bring, by the residual graph of the optimal flow.

One more place is one more unit on the arc of a participant. The best use of it is the cheapest cycle
through that arc; so all cycles through arcs from one node are found by the cheapest paths to that node, of
which there are only the hub and the reserves.
"""

from typing import NamedTuple

import numpy as np

from matching.allocation_flow import Flow, Nodes, Worth, nodes_of, worth_of
from matching.allocation_request import Flags, Integers, Request, Side

# Farther than any path, and still far from where sums overflow.
_NOWHERE = np.int64(1) << 61


class OnePlaceMore(NamedTuple):
    """What one more place of each participant would bring to the optimum.

    All are 0 for participants who have not reached their maximum, and for those whose further place nobody
    could take. A reserved place or points may be lost (less than 0) to gain what comes first.

    Attributes
    ----------
    missing : ndarray of int64, shape (n,)
        How many fewer meetings would be missing under the minimums.
    reserved : ndarray of int64, shape (n,)
        How many more reserved places would be reached.
    score : ndarray of int64, shape (n,)
        How much higher the total score would be.
    """

    missing: Integers
    reserved: Integers
    score: Integers


class _Residual(NamedTuple):
    """Arcs that one more meeting can take, sorted by tail; `first` is where each tail begins."""

    tail: Integers
    first: Integers
    head: Integers
    cost: Integers


def one_place_more(flow: Flow, chosen: Flags, request: Request) -> tuple[OnePlaceMore, OnePlaceMore]:
    """Find what one more place of each participant would bring, for the left and the right side.

    Takes time in proportion to the arcs times the longest cheapest path, for each reserve and the hub.
    """
    nodes, worth = nodes_of(request), worth_of(request)
    onward, back = flow.amount < flow.capacity, flow.amount > 0
    tail = np.concatenate([flow.tail[onward], flow.head[back]])
    head = np.concatenate([flow.head[onward], flow.tail[back]])
    cost = np.concatenate([flow.cost[onward], -flow.cost[back]])
    return (
        _gains(request.left, chosen, 0, _sorted(tail, head, cost), nodes, worth),
        _gains(request.right, chosen, nodes.right, _sorted(head, tail, cost), nodes, worth),
    )


def _gains(
    side: Side, chosen: Flags, first: int, residual: _Residual, nodes: Nodes, worth: Worth
) -> OnePlaceMore:
    """Find the gains of one side; its arcs lead from the hub or a reserve to a participant."""
    meetings = side.meetings(chosen)
    full = meetings == side.maximum
    group = np.where(side.reserve < 0, nodes.hub, nodes.reserves + side.reserve)
    cost = np.where(meetings < side.minimum, -worth.missing, 0)
    for target in np.unique(group[full]):
        members = np.flatnonzero(full & (group == target))
        cost[members] += _cheapest_to(int(target), residual, nodes.n)[first + members]
    value = np.where(full, np.maximum(-cost, 0), 0)
    missing = (value + worth.missing // 2) // worth.missing
    value -= missing * worth.missing
    reserved = (value + worth.reserved // 2) // worth.reserved
    return OnePlaceMore(missing, reserved, value - reserved * worth.reserved)


def _sorted(tail: Integers, head: Integers, cost: Integers) -> _Residual:
    order = np.argsort(tail, kind="stable")
    tails, first = np.unique(tail[order], return_index=True)
    return _Residual(tails, first, head[order], cost[order])


def _cheapest_to(target: int, residual: _Residual, n_nodes: int) -> Integers:
    """Find the cost of the cheapest path from each node to one (Bellman 1958).

    It ends, because the residual graph of an optimal flow has no cycle that costs less than 0.
    """
    cost = np.full(n_nodes, _NOWHERE)
    cost[target] = 0
    if residual.tail.size == 0:
        return cost
    while True:
        better = np.minimum.reduceat(residual.cost + cost[residual.head], residual.first)
        if (better >= cost[residual.tail]).all():
            return cost
        cost[residual.tail] = np.minimum(cost[residual.tail], better)
