"""How fast the k best are found for many queries, beside every peer that is installed.

    python -m tests.benchmarks.topk [QUERIESxCANDIDATES | NAME-N | FOLDER ...] [--only METHOD ...] [--k K]
        [--runs N] [--sample N] [--to FOLDER]

Sizes alone are rows of about 80 terms, drawn by `tests.benchmarks.corpus`. A name is one of texts,
short-texts, entrepreneurs and exporters: N queries and N candidates are drawn in all languages and weighed by
the matcher, see `tests.benchmarks.weighed`. A folder holds entrepreneurs.csv and exporters.csv: the texts of
the ones are queries, those of the others candidates, weighed as well.

All methods run one after the other, then again, so that what else the machine does falls on all of them.
Figures are medians of microseconds a query: by the clock, and of processor time, which a busy machine
disturbs less; and the same in nanoseconds for each of its postings, the pairs of weights that it shares with
all candidates. `top_k` and sparse_dot_topn start from the rows as they come: to invert the candidates is part
of every run. They answer all queries, the others the first `--sample`. Recall is against the float64 product;
equal scores stand for each other, since a peer may order ties as it likes.
`--to` writes a table (topk.md) and a plot (topk.svg).
"""

import argparse
import importlib.metadata
import os
import platform
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_array

from matching.candidates import Candidates
from tests.benchmarks import peers
from tests.benchmarks.corpus import DEMO, corpus, corpus_of_texts, pairs_of_weights
from tests.benchmarks.weighed import WEIGHED

SIZES = (
    "2000x5000",
    "20000x20000",
    "100000x100000",
    *(f"{name}-5000" for name in WEIGHED),
    str(DEMO),
)
REFERENCE = "sparse_dot_topn, 2 threads"
# What comes before the first answer is shared out over all of them.
_ALL_QUERIES = frozenset({"top_k, 2 threads", "top_k, 1 thread", "sparse_dot_topn, 1 thread", REFERENCE})
_CHECKED = 100


class Row(NamedTuple):
    """A method's figures at one size; texts that were weighed have a name."""

    texts: str
    queries: int
    candidates: int
    method: str
    wall: float
    processor: float
    ratio: float
    ratio_of_processor: float
    recall: float | None
    memory: float
    postings: float
    postings_of_processor: float


def resident() -> float:
    """Give the memory of this process in MB; 0 where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    line = next(one for one in status.read_text().splitlines() if one.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def recall(found: Any, queries: csr_array, candidates: csr_array) -> float:
    """Give the part of the k best scores that a method found; equal scores stand for each other."""
    asked = csr_array(queries[:_CHECKED], dtype=np.float64)
    scores = (asked @ csr_array(candidates, dtype=np.float64).T).toarray().astype(np.float32)
    right = total = 0
    for rows, own in zip(found, scores, strict=False):
        best = np.sort(own)[::-1][: rows.size]
        given = np.sort(own[rows[rows >= 0]])[::-1]
        # Peers add in float32: their order may differ where scores differ by that rounding.
        right += int((given >= best[: given.size] * np.float32(1 - 1e-5)).sum())
        total += int((best > 0).sum())
    return min(1.0, right / total)


def given_corpus(size: str) -> tuple[str, csr_array, csr_array]:
    """Give the name of texts that were weighed or nothing, queries and candidates."""
    if Path(size).is_dir():
        name = "demo" if Path(size).resolve() == DEMO else Path(size).name
        return f"{name}: ", *corpus_of_texts(Path(size))
    name, _, number = size.rpartition("-")
    if name:
        return f"{name.replace('-', ' ')}: ", *WEIGHED[name](int(number))
    n_queries, n_candidates = (int(part) for part in size.split("x"))
    return "", *corpus(n_queries, n_candidates)


def measure(size: str, methods: Mapping[str, peers.Peer], k: int, runs: int, sample: int) -> list[Row]:
    texts, queries, candidates = given_corpus(size)
    n_queries, n_candidates = queries.shape[0], candidates.shape[0]
    searches: dict[str, peers.Search] = {}
    memory, walls, processor, recalls = {}, defaultdict(list), defaultdict(list), {}
    for name, peer in methods.items():
        if n_candidates > peers.MOST_CANDIDATES.get(name, n_candidates):
            continue
        before = resident()
        try:
            searches[name] = peer(candidates, k)
        except ImportError as error:
            print(f"{name} is not installed: {error}", flush=True)
            continue
        # Compile, and let threads and caches come up.
        searches[name](queries[: min(n_queries, 300)])
        memory[name] = resident() - before
    index = Candidates.build(candidates)
    held = sum(part.nbytes for part in (candidates.data, candidates.indices, candidates.indptr))
    for name in memory:
        if name.startswith(("top_k", "Candidates")):
            memory[name] = (index.nbytes - held) / 2**20
    for _ in range(runs):
        for name, search in searches.items():
            asked = queries if name in _ALL_QUERIES else queries[:sample]
            start, start_of_processor = time.perf_counter(), time.process_time()
            found = search(asked)
            processor[name].append((time.process_time() - start_of_processor) / asked.shape[0] * 1e6)
            walls[name].append((time.perf_counter() - start) / asked.shape[0] * 1e6)
            recalls[name] = None if found is None else recall(found, asked, candidates)
    postings = pairs_of_weights(queries, candidates) / n_queries
    wall = {name: float(np.median(figures)) for name, figures in walls.items()}
    own = {name: float(np.median(figures)) for name, figures in processor.items()}
    return [
        Row(
            texts,
            n_queries,
            n_candidates,
            name,
            wall[name],
            own[name],
            wall.get(REFERENCE, np.nan) / wall[name],
            own.get(REFERENCE, np.nan) / own[name],
            recalls[name],
            memory[name],
            wall[name] * 1e3 / postings,
            own[name] * 1e3 / postings,
        )
        for name in searches
    ]


def exponent(rows: Sequence[Row], method: str) -> float:
    """Fit the power of the number of pairs with which the time of all queries grows."""
    own = [row for row in rows if row.method == method and not row.texts]
    pairs = np.log([row.queries * row.candidates for row in own])
    return float(np.polyfit(pairs, np.log([row.queries * row.processor for row in own]), 1)[0])


def table(rows: Sequence[Row]) -> str:
    head = f"µs a query | processor µs a query | × {REFERENCE} (clock; processor)"
    tail = "recall | MB above the input | ns a posting (clock; processor)"
    lines = [
        f"| queries × candidates | method | {head} | {tail} |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.texts}{row.queries:,} × {row.candidates:,} | {row.method} "
        f"| {row.wall:,.1f} | {row.processor:,.1f} "
        f"| {row.ratio:.1f}; {row.ratio_of_processor:.1f} "
        f"| {'its own ranking' if row.recall is None else f'{row.recall:.4f}'} "
        f"| {row.memory:,.0f} | {row.postings:.3f}; {row.postings_of_processor:.3f} |"
        for row in rows
    ]
    return "\n".join(lines) + "\n"


def plot(rows: Sequence[Row], path: Path) -> None:
    """Draw the time of all queries against the number of pairs, both by powers of ten."""
    import matplotlib as mpl  # noqa: PLC0415 - of the group of dependencies for benchmarks
    from matplotlib.figure import Figure  # noqa: PLC0415

    mpl.rcParams["svg.hashsalt"] = "topk"
    figure = Figure(figsize=(8, 5), layout="constrained")
    axes = figure.add_subplot()
    for method in dict.fromkeys(row.method for row in rows):
        own = [row for row in rows if row.method == method and not row.texts]
        axes.loglog(
            [row.queries * row.candidates for row in own],
            [row.queries * row.processor / 1e6 for row in own],
            marker="o",
            linewidth=2.5 if method.startswith("top_k") else 1,
            label=method,
        )
    axes.set_xlabel("queries × candidates")
    axes.set_ylabel("processor time of all queries, seconds")
    axes.grid(visible=True, which="major", linewidth=0.3)
    axes.legend(fontsize="small")
    figure.savefig(path, metadata={"Date": None})


def machine() -> str:
    names = ("numba", "numpy", "scipy", "scikit-learn", "sparse_dot_topn", "bm25s", "nmslib-metabrainz")
    versions = []
    for name in (*names, "pyseismic-lsr"):
        try:
            versions.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            versions.append(f"{name} –")
    return (
        f"{os.cpu_count()} processors ({platform.machine()}), Python {platform.python_version()}, "
        + ", ".join(versions)
    )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Measure exact top-k for many queries beside its peers.")
    parser.add_argument("sizes", nargs="*", default=SIZES)
    parser.add_argument(
        "--only", action="append", choices=peers.BATCH, help="only this method; may be repeated"
    )
    parser.add_argument("--k", type=int, default=10)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--sample", type=int, default=400)
    parser.add_argument("--to", type=Path)
    given = parser.parse_args(arguments)
    rows: list[Row] = []
    methods = {name: peers.BATCH[name] for name in given.only or peers.BATCH}
    for size in given.sizes:
        rows += measure(size, methods, given.k, given.runs, given.sample)
        print(table(rows), flush=True)
    growth = "".join(
        f"\nTime of `{method}` grows with the number of pairs to the power of {exponent(rows, method):.2f}."
        for method in sorted({row.method for row in rows} & _ALL_QUERIES)
        if len({(row.queries, row.candidates) for row in rows if not row.texts}) > 1
    )
    text = f"k = {given.k}, {given.runs} runs; {machine()}.\n\n{table(rows)}{growth}\n"
    print(text)
    if given.to:
        (given.to / "topk.md").write_text(f"# Exact top-k beside its peers\n\n{text}", encoding="utf-8")
        plot(rows, given.to / "topk.svg")


if __name__ == "__main__":
    main()
