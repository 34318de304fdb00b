"""Which candidate pairs meet under quotas."""

from collections.abc import Sequence

import numpy.typing as npt

from matching.allocation_flow import chosen_by, solve
from matching.allocation_request import Flags, Reserve, read


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
    return chosen_by(solve(request), request)
