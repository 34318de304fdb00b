"""How an index of many profiles lives: built, saved, mapped, caught up, asked after each change, merged.

    python -m tests.benchmarks.live_index [PROFILES]

Half of the profiles (`tests.benchmarks.profiles`) are entrepreneurs, half exporters. The index is built on
all processors and saved; then two processes at once map its files, as two processes of the service do, catch
up with 1,000 changes, and are asked for the partners of a profile right after it was saved: by the process
that saved it, which has applied everything before, and by another one, which is some changes behind. At last
a side is merged while others go on asking. What one thread does is measured in its own time, so that other
work on the machine counts little; the rest by the clock. Memory is what the kernel counts for the process
(`smaps_rollup`): mapped files that several processes use at once are divided among them in PSS.
"""

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from matching import PartnerIndex, ProfileChange
from tests.benchmarks.profiles import profiles

CHANGES, SAVES, BEHIND, ASKED, K = 1_000, 100, 10, 1_000, 10
_START = "from tests.benchmarks.live_index import live; import sys; live(sys.argv[1], int(sys.argv[2]))"


def said(what: str, figure: float, unit: str, more: str = "") -> None:
    print(f"{what:<58}{figure:>11,.1f} {unit:<3} {more}".rstrip(), flush=True)


def timed(work: Callable[[], Any], clock: Callable[[], float] = time.thread_time) -> tuple[Any, float]:
    start = clock()
    made = work()
    return made, clock() - start


def memory() -> dict[str, float]:
    """Give what the kernel counts for this process, in MB."""
    lines = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    found = {name: int(rest.split()[0]) / 1e3 for name, _, rest in (line.partition(":") for line in lines)}
    private = found["Private_Clean"] + found["Private_Dirty"]
    return {
        "RSS": found["Rss"],
        "PSS": found["Pss"],
        "private": private,
        "written to": found["Private_Dirty"],
    }


def told(figures: dict[str, float]) -> str:
    return ", ".join(f"{name} {figure:,.0f} MB" for name, figure in figures.items())


def changes(n: int, seed: int, n_profiles: int) -> Iterator[ProfileChange]:
    """Draw changes of exporters: every second one is new, the others have a new text."""
    for number, profile in enumerate(profiles(n, "exporter", seed)):
        identifier = f"ex{number * 17 % (n_profiles // 2):07d}" if number % 2 else f"ex9{seed}{number:05d}"
        yield ProfileChange(identifier, "exporter", replace(profile, id=identifier))


def live(folder: str, n: int) -> None:
    """Be a process of the service that starts with the files of an index."""
    index, seconds = timed(lambda: PartnerIndex.load(Path(folder)))
    said("start: map the files", seconds, "s", told(memory()))
    _, seconds = timed(lambda: index.partners_of("en0000000", K))
    said("start: first question, compiled code read", seconds, "s")
    behind = list(changes(CHANGES, 5, n))
    index, seconds = timed(lambda: index.apply(behind, renew=False))
    said(f"catch up with {CHANGES:,} changes, words read for the first time", seconds, "s")
    for name, at_once in (("the process that saved", 1), (f"one that is {BEHIND} behind", BEHIND)):
        index, seconds_of_each = _saved(index, n, at_once)
        _percentiles(f"saved, then matched, by {name}", seconds_of_each)
    said("drifted?", timed(lambda: index.is_drifted)[1] * 1e6, "µs", f"{len(index.changed):,} changed")
    asked = [f"en{number * 31 % (n // 2):07d}" for number in range(ASKED)]
    _percentiles("partners of one of all", _asked(index, asked))
    merging = threading.Thread(target=index.merged)
    start = time.perf_counter()
    merging.start()
    meanwhile = _asked(index, asked[:1])
    while merging.is_alive():
        meanwhile += _asked(index, asked[len(meanwhile) % ASKED :][:1])
    said("merge both segments aside", time.perf_counter() - start, "s")
    _percentiles("partners of one of all meanwhile", meanwhile)
    said("memory at the end", memory()["RSS"], "MB", told(memory()))


def _saved(index: PartnerIndex, n: int, at_once: int) -> tuple[PartnerIndex, list[float]]:
    drawn = list(changes(SAVES * at_once, 7 + at_once, n))
    taken = []
    for first in range(0, len(drawn), at_once):
        start = time.thread_time()
        index = index.apply(drawn[first : first + at_once], renew=False)
        assert index.partners_of(drawn[first].id, K)
        taken.append(time.thread_time() - start)
    return index, taken


def _asked(index: PartnerIndex, asked: Sequence[str]) -> list[float]:
    return [timed(lambda one=one: index.partners_of(one, K))[1] for one in asked]


def _percentiles(what: str, seconds: Sequence[float]) -> None:
    middle, late = np.percentile(seconds, [50, 95]) * 1e3
    said(what, middle, "ms", f"95 %: {late:,.1f} ms, of {len(seconds):,}")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Measure how an index of many profiles lives.")
    parser.add_argument("profiles", type=int, nargs="?", default=200_000)
    n = parser.parse_args(arguments).profiles
    said("profiles", n, "")
    with tempfile.TemporaryDirectory() as folder:
        saved = Path(folder) / "index"
        _build(saved, n)
        command = [sys.executable, "-c", _START, str(saved), str(n)]
        others = [subprocess.Popen(command, stdout=output) for output in (None, subprocess.DEVNULL)]
        assert [one.wait() for one in others] == [0, 0]


def _build(folder: Path, n: int) -> None:
    entrepreneurs, exporters = (
        list(profiles(n // 2, side, seed)) for seed, side in enumerate(("entrepreneur", "exporter"), start=1)
    )
    index, seconds = timed(lambda: PartnerIndex.build(entrepreneurs, exporters), time.perf_counter)
    weights = sum(int(shelf.base.candidates.postings.indptr[-1]) for shelf in index.shelves.values())
    columns = index.statistics.n_columns
    said("build", seconds, "s", f"{weights / n:,.0f} weights a profile, {columns:,} columns")
    said(
        "arrays", index.n_bytes / 1e6, "MB", f"{index.n_bytes / (weights * 8 + n * 16):.2f} × its CSR arrays"
    )
    said("save", timed(lambda: index.save(folder), time.perf_counter)[1], "s")
    said("files", sum(one.stat().st_size for one in folder.iterdir()) / 1e6, "MB")


if __name__ == "__main__":
    main()
