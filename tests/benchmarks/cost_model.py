"""What ranking everybody against everybody costs, as a formula fitted on measurements.

    python -m tests.benchmarks.cost_model [N,M ...] [--terms T ...]

N entrepreneurs and M exporters with T terms a profile (rows of `tests.benchmarks.corpus`) are ranked for each
other as `PartnerIndex.pairs` does, both directions, k = 10, on one thread, measured in its own time. Fitted
are, by non-negative least squares of relative errors and without a constant:

    ranking     seconds = a · N · M · T + b · (N + M) · T     looking through candidates; setting queries up
    preparing   seconds = c · (N + M) · T                     inverting both sides, once, on one core
    memory      bytes   = d · (N + M) · T + e · (N + M)       both sides prepared: sent to every worker

The residual is the largest relative error over the measurements. The last lines multiply the formula out for
10 million × 1 million, which lies far beyond the sizes that are measured.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import nnls

from matching.candidates import Candidates
from tests.benchmarks.corpus import TERMS, weigh, words

K, LARGE, CORES = 10, (10_000_000, 1_000_000), (2, 64, 1_000)


class Measured(NamedTuple):
    """One measurement; seconds are of one core."""

    n: int
    m: int
    terms: float
    ranking: float
    preparing: float
    n_bytes: int


class Fitted(NamedTuple):
    """Coefficients, and the largest relative error with them."""

    coefficients: tuple[float, ...]
    residual: float

    def at(self, *sizes: float) -> float:
        return float(np.dot(self.coefficients, sizes))


def measure(n: int, m: int, draws: float) -> Measured:
    candidates = words(m, 1, draws)
    frequency = np.bincount(candidates.indices, minlength=TERMS)
    left, right = (weigh(one, frequency, m) for one in (words(n, 2, draws), candidates))
    start = time.process_time()
    prepared = [Candidates.build(one, inverted=True) for one in (left, right)]
    preparing = time.process_time() - start
    start = time.process_time()
    prepared[1].top_k(left, K, n_threads=1)
    prepared[0].top_k(right, K, n_threads=1)
    ranking = time.process_time() - start
    terms = (left.nnz + right.nnz) / (n + m)
    return Measured(n, m, terms, ranking, preparing, sum(one.nbytes for one in prepared))


def fit(costs: npt.NDArray[np.float64], *sizes: npt.NDArray[np.float64]) -> Fitted:
    """Fit costs as a sum of sizes, so that relative errors count, not absolute ones."""
    relative = np.column_stack(sizes) / costs[:, None]
    coefficients, _ = nnls(relative, np.ones(costs.size))
    return Fitted(tuple(coefficients.tolist()), float(np.abs(relative @ coefficients - 1).max()))


def fitted(measured: Sequence[Measured]) -> dict[str, Fitted]:
    n, m, terms, ranking, preparing, n_bytes = (
        np.array(column, np.float64) for column in zip(*measured, strict=True)
    )
    return {
        "ranking": fit(ranking, n * m * terms, (n + m) * terms),
        "preparing": fit(preparing, (n + m) * terms),
        "memory": fit(n_bytes, (n + m) * terms, n + m),
    }


def told(costs: dict[str, Fitted], terms: float) -> list[str]:
    n, m = LARGE
    ranking = costs["ranking"].at(n * m * terms, (n + m) * terms)
    preparing = costs["preparing"].at((n + m) * terms)
    memory = costs["memory"].at((n + m) * terms, n + m)
    return [
        f"{n:,} × {m:,}, {terms:.0f} terms a profile: {ranking / 3600:,.1f} hours of one core",
        f"before that {preparing / 60:,.1f} minutes to prepare both sides",
        f"{memory / 1e9:,.1f} GB sent to every worker, and held there",
        "; ".join(f"{cores:,} cores: {(ranking / cores + preparing) / 3600:,.2f} h" for cores in CORES),
    ]


def _sizes(given: str) -> tuple[int, int]:
    n, _, m = given.partition(",")
    return int(n), int(m)


def main(arguments: Sequence[str] | None = None, measuring: Callable[..., Measured] = measure) -> None:
    parser = argparse.ArgumentParser(description="Fit what ranking costs.")
    default = [(5_000, 5_000), (10_000, 5_000), (10_000, 20_000), (40_000, 20_000), (40_000, 40_000)]
    parser.add_argument("sizes", type=_sizes, nargs="*", default=default, metavar="N,M")
    parser.add_argument("--terms", type=float, nargs="*", default=[48.0, 95.0, 190.0], help="draws a profile")
    asked = parser.parse_args(arguments)
    # Machine code is read, or made, before the clock runs.
    measuring(300, 300, 50.0)
    measured = [measuring(n, m, draws) for n, m in asked.sizes for draws in asked.terms]
    print("| N | M | terms a profile | ranking, s | preparing, s | memory, MB |\n|---|---|---|---|---|---|")
    for one in measured:
        print(
            f"| {one.n:,} | {one.m:,} | {one.terms:.0f} | {one.ranking:.2f} | {one.preparing:.2f} "
            f"| {one.n_bytes / 1e6:,.0f} |"
        )
    costs = fitted(measured)
    for name, one in costs.items():
        shown = ", ".join(f"{coefficient:.3g}" for coefficient in one.coefficients)
        print(f"{name}: {shown}; at most {one.residual:.0%} off")
    print("\n".join(told(costs, 80.0)))


if __name__ == "__main__":
    main()
