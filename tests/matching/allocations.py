"""Allocations checked and found by slow, plain means, beside the fast engine."""

from itertools import product

import numpy as np


def goals(
    chosen, left, right, score, *, max_left, max_right, min_left, min_right, required=None, reserves=()
):
    """Missing meetings, reserved places not reached and the score; None if a maximum or a pin is broken."""
    met = [[0] * len(max_left), [0] * len(max_right)]
    total = 0
    for pair, taken in enumerate(chosen):
        if taken:
            met[0][left[pair]] += 1
            met[1][right[pair]] += 1
            total += int(score[pair])
        elif required is not None and required[pair]:
            return None
    for counts, most in zip(met, (max_left, max_right), strict=True):
        if any(count > limit for count, limit in zip(counts, most, strict=True)):
            return None
    missing = sum(
        max(limit - count, 0)
        for counts, least in zip(met, (min_left, min_right), strict=True)
        for count, limit in zip(counts, least, strict=True)
    )
    lacking, seen = 0, (set(), set())
    for members, side, places in reserves:
        number = 0 if side == "left" else 1
        own = {row for row, is_member in enumerate(members) if is_member} - seen[number]
        seen[number].update(own)
        lacking += max(places - sum(met[number][row] for row in own), 0)
    return missing, lacking, total


def best_goals(**asked):
    """The goals that can be reached, by trying every set of pairs."""
    tried = (goals(chosen, **asked) for chosen in product((False, True), repeat=len(asked["left"])))
    return min((found for found in tried if found), key=lambda found: (found[0], found[1], -found[2]))


def instance(path):
    """Read the arguments of `allocate` from a file."""
    with np.load(path) as found:
        return {name: found[name] for name in found.files}
