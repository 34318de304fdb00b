"""How good a ranking is, and how fairly it spreads."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt


def ndcg(ranked: Sequence[str], grades: Mapping[str, float], k: int = 10) -> float:
    """Compute the normalised discounted cumulative gain of one ranking.

    Parameters
    ----------
    ranked : sequence of str
        Ids, best first.
    grades : mapping of str to float
        Relevance of the relevant ids; others have 0. The gain is 2^grade − 1, the discount
        log2(position + 1) with positions from 1 (Järvelin and Kekäläinen 2002; Burges et al. 2005).
    k : int, default=10
        How many places count.

    Returns
    -------
    float
        In [0, 1].

    Raises
    ------
    ValueError
        If nothing is relevant: the figure is not defined then.

    Examples
    --------
    >>> round(ndcg(["b", "a"], {"a": 1}), 4)
    0.6309
    """
    ideal = sorted((2**grade - 1 for grade in grades.values() if grade > 0), reverse=True)[:k]
    if not ideal:
        raise ValueError("no id is relevant")
    gains = [2 ** grades.get(identifier, 0) - 1 for identifier in ranked[:k]]
    return _discounted(gains) / _discounted(ideal)


def _discounted(gains: Sequence[float]) -> float:
    return float(sum(gain / np.log2(position + 1) for position, gain in enumerate(gains, start=1)))


def recall(ranked: Sequence[str], relevant: Collection[str], k: int = 10) -> float:
    """Compute the share of the relevant ids that stand among the first k, in [0, 1].

    Raises
    ------
    ValueError
        If nothing is relevant.
    """
    if not relevant:
        raise ValueError("no id is relevant")
    return len(set(ranked[:k]) & set(relevant)) / len(relevant)


def gini(exposure: npt.ArrayLike) -> float:
    """Compute the Gini coefficient of how often each participant was proposed.

    Parameters
    ----------
    exposure : array-like of float, shape (n,)
        Not negative.

    Returns
    -------
    float
        0 where all are proposed equally often (or never), towards 1 where one takes it all.
    """
    sorted_exposure = np.sort(np.asarray(exposure, dtype=np.float64))
    total = sorted_exposure.sum()
    if total == 0:
        return 0.0
    n = sorted_exposure.size
    return float((2 * np.arange(1, n + 1) - n - 1) @ sorted_exposure / (n * total))


def top_share(exposure: npt.ArrayLike, share: float = 0.1) -> float:
    """Compute what part of all proposals the most proposed `share` of the participants has, in [0, 1]."""
    descending = np.sort(np.asarray(exposure, dtype=np.float64))[::-1]
    total = descending.sum()
    if total == 0:
        return 0.0
    return float(descending[: max(1, round(share * descending.size))].sum() / total)


def coverage(proposed: Collection[str], participants: Collection[str]) -> float:
    """Compute the share of the participants that were proposed at all, in [0, 1]; 1 if there are none."""
    if not participants:
        return 1.0
    return len(set(proposed) & set(participants)) / len(set(participants))
