"""How good a ranking is, and how fairly it spreads."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt


def ndcg(ranked: Sequence[str], grades: Mapping[str, float], k: int = 10) -> float:
    """Compute the normalised discounted cumulative gain of one ranking.

    Parameters
    ----------
    ranked : sequence of str
        Ids, best first, each once.
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
        If nothing is relevant (the figure is not defined then), k is below 1, or an id stands twice.

    Examples
    --------
    >>> round(ndcg(["b", "a"], {"a": 1}), 4)
    0.6309
    """
    places = _first(ranked, k)
    ideal = sorted((2**grade - 1 for grade in grades.values() if grade > 0), reverse=True)[:k]
    if not ideal:
        raise ValueError("no id is relevant")
    gains = [2 ** grades.get(identifier, 0) - 1 for identifier in places]
    return _discounted(gains) / _discounted(ideal)


def recall(ranked: Sequence[str], relevant: Collection[str], k: int = 10) -> float:
    """Compute the share of the relevant ids that stand among the first k.

    Parameters
    ----------
    ranked : sequence of str
        Ids, best first, each once.
    relevant : collection of str
        The ids to be found.
    k : int, default=10
        How many places count.

    Returns
    -------
    float
        In [0, 1].

    Raises
    ------
    ValueError
        If nothing is relevant, k is below 1, or an id stands twice.

    Examples
    --------
    >>> recall(["b", "a", "c"], ["a", "c"], k=2)
    0.5
    """
    places = _first(ranked, k)
    if not relevant:
        raise ValueError("no id is relevant")
    return len(set(places) & set(relevant)) / len(set(relevant))


def gini(exposure: npt.ArrayLike) -> float:
    """Compute the Gini coefficient of how often each participant was proposed.

    Parameters
    ----------
    exposure : array-like of float, shape (n,)
        How often each was proposed; those who never were count too, with 0.

    Returns
    -------
    float
        0 where all are proposed equally often (or never), (n − 1) / n where one takes it all.

    Raises
    ------
    ValueError
        If a number is negative or not finite.

    Examples
    --------
    >>> gini([1, 1, 1, 1]), gini([0, 0, 0, 8])
    (0.0, 0.75)
    """
    ascending = np.sort(_exposure(exposure))
    total = ascending.sum()
    if total == 0:
        return 0.0
    n = ascending.size
    return float((2 * np.arange(1, n + 1) - n - 1) @ ascending / (n * total))


def top_share(exposure: npt.ArrayLike, share: float = 0.1) -> float:
    """Compute what part of all proposals the most proposed participants have.

    Parameters
    ----------
    exposure : array-like of float, shape (n,)
        How often each was proposed; those who never were count too, with 0.
    share : float, default=0.1
        Which share of the participants, in (0, 1]; at least one participant counts.

    Returns
    -------
    float
        In [0, 1]; 0 where nobody was proposed.

    Raises
    ------
    ValueError
        If a number is negative or not finite, or the share out of its range.

    Examples
    --------
    >>> top_share([6, 1, 1, 1, 1, 0, 0, 0, 0, 0])
    0.6
    """
    if not 0 < share <= 1:
        raise ValueError(f"share must be above 0 and at most 1, not {share}")
    descending = np.sort(_exposure(exposure))[::-1]
    total = descending.sum()
    if total == 0:
        return 0.0
    return float(descending[: max(1, round(share * descending.size))].sum() / total)


def coverage(proposed: Collection[str], participants: Collection[str]) -> float:
    """Compute the share of the participants that were proposed at all.

    Parameters
    ----------
    proposed, participants : collection of str
        Ids.

    Returns
    -------
    float
        In [0, 1]; 1 if there are no participants.

    Examples
    --------
    >>> coverage(["a", "b", "b"], ["a", "b", "c", "d"])
    0.5
    """
    if not participants:
        return 1.0
    return len(set(proposed) & set(participants)) / len(set(participants))


def _first(ranked: Sequence[str], k: int) -> Sequence[str]:
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    if len(set(ranked)) != len(ranked):
        raise ValueError("an id stands twice in the ranking")
    return ranked[:k]


def _discounted(gains: Sequence[float]) -> float:
    return float(sum(gain / np.log2(position + 1) for position, gain in enumerate(gains, start=1)))


def _exposure(given: npt.ArrayLike) -> npt.NDArray[np.float64]:
    exposure = np.asarray(given, dtype=np.float64)
    if not np.isfinite(exposure).all() or (exposure < 0).any():
        raise ValueError("exposure must be finite and not negative")
    return exposure
