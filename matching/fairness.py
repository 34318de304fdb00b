"""What an allocation reached: goals, who has none and why, exposure, and what one more place would bring."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matching.allocation_flow import chosen_by, solve
from matching.allocation_gains import OnePlaceMore, one_place_more
from matching.allocation_request import Flags, Integers, Request, Reserve, Side, read, read_chosen
from matching.evaluation import gini, top_share


class NoMeeting(StrEnum):
    """Why a participant has no meeting."""

    NO_PLACE = "no_place"
    """Its own maximum is 0."""
    NO_CANDIDATE = "no_candidate"
    """It stands in no candidate pair."""
    PARTNERS_FULL = "partners_full"
    """Each partner of its candidate pairs has its maximum of meetings."""
    NOT_CHOSEN = "not_chosen"
    """A partner has a place left: the pairs were chosen by hand, or are worth no point."""


class Reached(NamedTuple):
    """Reserved places that were asked for, and meetings of those for whom they are."""

    asked: int
    reached: int


class Goals(NamedTuple):
    """How far the goals are reached, in their order.

    Attributes
    ----------
    missing : int
        Meetings missing under the minimums of both sides.
    unreached : int
        Reserved places that are not reached.
    score : int
        Total score of the chosen pairs.
    """

    missing: int
    unreached: int
    score: int


class SideReport(NamedTuple):
    """What the participants of one side got.

    Attributes
    ----------
    meetings, missing : ndarray of int64, shape (n,)
        How many meetings each has, and how many it lacks to its minimum.
    without : mapping of int to NoMeeting
        Who has none, and why.
    gini : float
        Gini coefficient of the meetings, in [0, 1].
    top_share : float
        What part of all meetings the tenth of the participants has that has the most, in [0, 1].
    one_more : OnePlaceMore
        What one more place would bring to the best allocation.
    """

    meetings: Integers
    missing: Integers
    without: dict[int, NoMeeting]
    gini: float
    top_share: float
    one_more: OnePlaceMore


class AllocationReport(NamedTuple):
    """What an allocation reached.

    Attributes
    ----------
    reached, best : Goals
        What the chosen pairs reach, and what can be reached at best; they differ where pairs were chosen by
        hand.
    left, right : SideReport
    reserves : tuple of Reached
        One for each reserve; a participant counts for the first of which it is a member.
    """

    reached: Goals
    best: Goals
    left: SideReport
    right: SideReport
    reserves: tuple[Reached, ...]


def allocation_report(
    chosen: npt.ArrayLike,
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
) -> AllocationReport:
    """Tell what chosen pairs reach, beside the best that can be reached.

    Parameters
    ----------
    chosen : bool array, shape (n_pairs,)
        The chosen pairs, from `allocate` or changed by hand.
    left, right, score, max_left, max_right, min_left, min_right, required, reserves
        As in `allocate`.

    Returns
    -------
    AllocationReport

    Raises
    ------
    ValueError
        If `allocate` would raise it, or the chosen pairs break a maximum or leave a required pair out.

    Notes
    -----
    What one more place would bring comes from the residual graph of the best allocation, not from solving
    again: one more unit of flow gains what the cheapest cycle through its arc gains (Busacker and Gowen
    1960). That takes about as long as the allocation.

    References
    ----------
    R. G. Busacker, P. J. Gowen 1960, "A procedure for determining a family of minimum-cost network flow
    patterns".

    Examples
    --------
    >>> pairs = {"left": [0, 0], "right": [0, 1], "score": [70, 95]}
    >>> quotas = {"max_left": [1], "max_right": [1, 1], "min_left": [1], "min_right": [0, 1]}
    >>> report = allocation_report([False, True], **pairs, **quotas)
    >>> report.reached
    Goals(missing=0, unreached=0, score=95)
    >>> report.right.without
    {0: <NoMeeting.PARTNERS_FULL: 'partners_full'>}
    >>> report.left.one_more.score
    array([70])
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
    found = read_chosen(chosen, request)
    flow = solve(request)
    best = chosen_by(flow, request)
    more_left, more_right = one_place_more(flow, best, request)
    return AllocationReport(
        _goals(found, request),
        _goals(best, request),
        _side_report(request.left, request.right, found, more_left),
        _side_report(request.right, request.left, found, more_right),
        _reached(found, request),
    )


def _reached(chosen: Flags, request: Request) -> tuple[Reached, ...]:
    meetings = request.reserved(request.left.meetings(chosen), request.right.meetings(chosen))
    return tuple(
        Reached(reserve.places, number)
        for reserve, number in zip(request.reserves, meetings.tolist(), strict=True)
    )


def _goals(chosen: Flags, request: Request) -> Goals:
    return Goals(
        missing=sum(int(side.missing(chosen).sum()) for side in (request.left, request.right)),
        unreached=sum(max(asked - reached, 0) for asked, reached in _reached(chosen, request)),
        # Sums of machine integers could overflow where the scores of the pairs do not.
        score=sum(request.score[chosen].tolist()),
    )


def _side_report(side: Side, others: Side, chosen: Flags, one_more: OnePlaceMore) -> SideReport:
    meetings = side.meetings(chosen)
    candidates = side.meetings(np.ones_like(chosen))
    open_pairs = (others.meetings(chosen) < others.maximum)[others.ends]
    with_open_partner = side.meetings(open_pairs)
    without = {}
    for row in np.flatnonzero(meetings == 0).tolist():
        if side.maximum[row] == 0:
            without[row] = NoMeeting.NO_PLACE
        elif candidates[row] == 0:
            without[row] = NoMeeting.NO_CANDIDATE
        elif with_open_partner[row] == 0:
            without[row] = NoMeeting.PARTNERS_FULL
        else:
            without[row] = NoMeeting.NOT_CHOSEN
    return SideReport(meetings, side.missing(chosen), without, gini(meetings), top_share(meetings), one_more)
