"""How fast and how well pairs are chosen under quotas, beside a greedy choice and HiGHS.

    python -m tests.benchmarks.allocation [FILE.npz ...] [--participants N] [--seed N]

Without files, an instance with N participants a side is drawn. Prints missing meetings, the score, the
meetings, seconds (of the clock and of the processor), the memory that was needed above the input, and how
many times as long each method takes as `allocate`. HiGHS solves the same flow as a linear programme, whose
corners are whole numbers; it is left out above `--largest` pairs.
"""

import argparse
import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import coo_array, hstack, identity, vstack

from matching import allocate
from tests.benchmarks.instances import Arguments, allocation, drawn_allocation

Chosen = npt.NDArray[np.bool_]


def greedy(asked: Arguments) -> Chosen:
    """Choose the pairs by descending score, as long as both have a place."""
    room = [asked["max_left"].tolist(), asked["max_right"].tolist()]
    ends = [asked["left"].tolist(), asked["right"].tolist()]
    chosen = np.zeros(len(asked["score"]), dtype=np.bool_)
    for pair in np.argsort(-asked["score"].astype(np.int64), kind="stable").tolist():
        if room[0][ends[0][pair]] > 0 and room[1][ends[1][pair]] > 0:
            chosen[pair] = True
            room[0][ends[0][pair]] -= 1
            room[1][ends[1][pair]] -= 1
    return chosen


def highs(asked: Arguments) -> Chosen:
    """Solve the linear programme: pairs and missing meetings, the latter at a price above any exchange."""
    n_pairs, n_left = len(asked["score"]), len(asked["max_left"])
    n = n_left + len(asked["max_right"])
    rows = np.concatenate([asked["left"], n_left + asked["right"].astype(np.int64)])
    met = coo_array((np.ones(2 * n_pairs), (rows, np.tile(np.arange(n_pairs), 2))), shape=(n, n_pairs))
    no_part, missing = coo_array((n, n)), identity(n)
    price = (int(asked["score"].max(initial=0)) + 1) * 2
    found = linprog(
        np.concatenate([-asked["score"].astype(float), np.full(n, float(price))]),
        A_ub=vstack([hstack([met, no_part]), hstack([-met, -missing])]).tocsr(),
        b_ub=np.concatenate([asked["max_left"], asked["max_right"], -asked["min_left"], -asked["min_right"]]),
        bounds=[(0, 1)] * n_pairs + [(0, None)] * n,
        method="highs-ds",
    )
    return np.asarray(found.x[:n_pairs] > 0.5)


def reached(chosen: Chosen, asked: Arguments) -> tuple[int, int, int]:
    """Count missing meetings, points and meetings."""
    missing = sum(
        int(np.maximum(asked[f"min_{side}"] - met, 0).sum())
        for side in ("left", "right")
        for met in [np.bincount(asked[side][chosen], minlength=len(asked[f"max_{side}"]))]
    )
    return missing, int(asked["score"][chosen].sum(dtype=np.int64)), int(chosen.sum())


def measure(name: str, asked: Arguments, largest: int) -> None:
    methods: dict[str, Callable[[Arguments], Chosen]] = {
        "allocate": lambda asked: allocate(**asked),
        "greedy": greedy,
    }
    if len(asked["score"]) <= largest:
        methods["HiGHS"] = highs
    print(f"{name}: {len(asked['score'])} pairs")
    first = 0.0
    for method, choose in methods.items():
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        clock, processor = time.perf_counter(), time.process_time()
        chosen = choose(asked)
        clock, processor = time.perf_counter() - clock, time.process_time() - processor
        memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        first = first or processor
        missing, score, meetings = reached(chosen, asked)
        print(
            f"  {method:<9} {missing:>6} missing {score:>12} points {meetings:>7} meetings"
            f" {clock:>7.2f} s {processor:>7.2f} s of processor {memory:>6.0f} MB {processor / first:>7.1f} x"
        )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Measure how pairs are chosen under quotas.")
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--participants", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--largest", type=int, default=100_000)
    given = parser.parse_args(arguments)
    # What is loaded once is not measured.
    allocate([0], [0], [1], max_left=[1], max_right=[1], min_left=[0], min_right=[0])
    for path in given.files:
        measure(path.name, allocation(path), given.largest)
    if not given.files:
        name = f"{given.participants} a side, seed {given.seed}"
        measure(name, drawn_allocation(given.participants, given.seed), given.largest)


if __name__ == "__main__":
    main()
