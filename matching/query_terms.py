"""The terms of a query, sorted by class and rounded up to whole numbers."""

import numpy as np

from matching.compiled import compiled
from matching.postings import Flags, Floats, Integers, Longs, Reals, Scores, Whole

MOST_TERMS = 4_000
"""A query of more terms reads every row, as does one with a norm or a weight beyond these."""

_LOWEST_NORM, _HIGHEST_NORM, _LOWEST_WEIGHT = 1e-12, 1e12, 1e-100
# The bound of the highest possible score stays below this.
_FULL = 32_000.0
_UP = 1.0 + 1e-6


@compiled
def unit_of(rank_of: Integers, scale: Scores, largest_norm: float, columns: Integers, data: Floats) -> float:
    """Choose how many whole numbers a score of one is for a query; 0 where it must read every row."""
    if not rank_of.size or columns.size > MOST_TERMS:
        return 0.0
    square = rounding = 0.0
    for at in range(columns.size):
        weight = np.float64(data[at])
        if weight < _LOWEST_WEIGHT:
            return 0.0
        square += weight * weight
        rank = rank_of[columns[at]]
        if 0 <= rank < scale.size:
            rounding += weight * np.float64(scale[rank])
    norm = np.sqrt(square)
    if not _LOWEST_NORM < norm < _HIGHEST_NORM:
        return 0.0
    # The sum of all bounds of one candidate: its score at most the product of the norms, every weight and
    # norm rounded up by a level, every product by one or two.
    most = norm * largest_norm * (1.0 + 1.0 / 255.0) + rounding
    return float((_FULL - 2.0 * columns.size - 256.0) / (most * _UP))


@compiled
def classify(
    rank_of: Integers,
    scale: Scores,
    n_documents: Integers,
    group_end: Integers,
    group_unit: Reals,
    step_unit: Reals,
    columns: Integers,
    data: Floats,
    unit: float,
    terms: Integers,
    weights: Whole,
    ends: Longs,
    work: Longs,
    of_step: Longs,
    of_group: Whole,
) -> None:
    """Sort the terms of a query by class and round its weights and norms up to whole numbers.

    A class holds the terms of the groups of one step, the last class those that are in no group; `ends` is
    where each starts, and where the last one ends.
    """
    n_tiled, steps, groups = scale.size, step_unit.size, group_unit.size
    groups_a_step = groups // steps
    squares = np.zeros(groups, np.float64)
    classes = np.empty(columns.size, np.int64)
    for at in range(columns.size):
        rank = rank_of[columns[at]]
        classes[at] = -1
        if rank < 0 or rank >= n_tiled:
            continue
        group = 0
        while group < groups and rank >= group_end[group]:
            group += 1
        classes[at] = group // groups_a_step
        ends[classes[at] + 1] += 1
        work[classes[at]] += n_documents[rank]
        if group < groups:
            squares[group] += np.float64(data[at]) * np.float64(data[at])
    for number in range(steps + 1):
        ends[number + 1] += ends[number]
    free = ends.copy()
    for at in range(columns.size):
        if classes[at] >= 0:
            rank = rank_of[columns[at]]
            place = free[classes[at]]
            free[classes[at]] += 1
            terms[place] = rank
            weights[place] = np.uint32(
                np.ceil(np.float64(data[at]) * np.float64(scale[rank]) * unit * 256.0 * _UP)
            )
    total = 0.0
    for group in range(groups):
        total += squares[group]
        of_group[group] = np.uint32(np.ceil(np.sqrt(squares[group]) * group_unit[group] * unit * 256.0 * _UP))
        if group % groups_a_step == groups_a_step - 1:
            number = group // groups_a_step
            of_step[number + 1] = np.int64(np.ceil(np.sqrt(total) * step_unit[number] * unit * _UP))


@compiled
def count_rare(rank_of: Integers, rare_start: Whole, n_tiled: int, columns: Integers) -> int:
    """Count the postings of the rare terms of some queries."""
    count = 0
    if rank_of.size:
        for at in range(columns.size):
            rank = rank_of[columns[at]] - n_tiled
            if rank >= 0:
                count += rare_start[rank + 1] - rare_start[rank]
    return count


@compiled
def collect_rare(
    rank_of: Integers,
    rare_start: Whole,
    rare: Integers,
    n_tiled: int,
    columns: Integers,
    seen: Flags,
    found: Integers,
) -> int:
    """List the candidates of the rare terms of a query, each once."""
    count = 0
    for at in range(columns.size):
        rank = rank_of[columns[at]] - n_tiled
        if rank >= 0:
            for place in range(rare_start[rank], rare_start[rank + 1]):
                if not seen[rare[place]]:
                    seen[rare[place]] = True
                    found[count] = rare[place]
                    count += 1
    for at in range(count):
        seen[found[at]] = False
    return count
