"""How fast and how well meetings get slots, and what a repair moves, beside CP-SAT.

    python -m tests.benchmarks.timetable [FILE.json.gz ...] [--kind small|medium|large ...] [--seed N ...]
                                         [--seconds N] [--peer SECONDS]

Without files, a forum of each kind and seed is drawn. For each instance: the first whole timetable (no
search for fewer gaps), the one after `--seconds` (by default 5 for up to 500 meetings, 15 for up to 5,000,
else 30), and its repair within 1.5 seconds after 5 % of the participants left and 5 % new meetings came.
Prints meetings that are not placed, gaps, breaks, the gaps of the worst participant, seconds of the clock
and of the processor. `--peer` lets CP-SAT place the meetings and then close gaps for so many seconds.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from ortools.sat.python import cp_model

from matching import Timetable, make_timetable
from tests.benchmarks.instances import FORUMS, Arguments, drawn_timetable, timetable

LEAVING = COMING = 0.05
REPAIR = 1.5
# Up to so many meetings, so many seconds.
SECONDS = ((500, 5.0), (5_000, 15.0))
LONGEST = 30.0


def after_changes(asked: Arguments, made: Timetable, seed: int) -> Arguments:
    """Let participants leave with their meetings, and draw new meetings of those who stay."""
    random = np.random.default_rng(seed)
    n, participants = len(asked["meetings"]), len(asked["available"])
    gone = random.random(participants) < LEAVING
    staying = ~gone[asked["meetings"]].any(axis=1)
    pairs = {tuple(ends) for ends in asked["meetings"].tolist()}
    left, right = (np.unique(asked["meetings"][:, side]) for side in (0, 1))
    coming: list[tuple[int, int]] = []
    while len(coming) < COMING * n:
        pair = int(random.choice(left)), int(random.choice(right))
        if pair not in pairs and not gone[list(pair)].any():
            pairs.add(pair)
            coming.append(pair)

    def with_new(values: npt.NDArray[np.integer], new: int) -> npt.NDArray[np.integer]:
        return np.concatenate([values[staying], np.full(len(coming), new, dtype=values.dtype)])

    return {
        **asked,
        "meetings": np.concatenate([asked["meetings"][staying], coming]),
        "language": with_new(asked["language"], 0),
        "pinned": with_new(asked["pinned"], -1),
        "previous": with_new(made.slot, -1),
        "previous_table": with_new(made.table, -1),
    }


def peer(asked: Arguments, seconds: float) -> tuple[int, int]:  # noqa: C901 - one model states all the rules
    """Let CP-SAT place all meetings with few gaps; gives how many it placed, and the gaps."""
    model = cp_model.CpModel()
    available, n_slots = asked["available"], asked["n_slots"]
    at: dict[tuple[int, int], list[cp_model.IntVar]] = {}
    spoken: dict[tuple[int, int], list[cp_model.IntVar]] = {}
    for meeting, ends in enumerate(asked["meetings"].tolist()):
        pin = int(asked["pinned"][meeting])
        slots = np.flatnonzero(available[ends].all(axis=0)).tolist() if pin < 0 else [pin]
        choices = {slot: model.new_bool_var("") for slot in slots}
        model.add_exactly_one(choices.values())
        for slot, chosen in choices.items():
            for participant in ends:
                at.setdefault((participant, slot), []).append(chosen)
            for language in {0, int(asked["language"][meeting])}:
                spoken.setdefault((language, slot), []).append(chosen)
    for (language, slot), users in spoken.items():
        limit = asked["interpreters"][language - 1][slot] if language else asked["n_tables"]
        model.add(sum(users) <= int(limit))
    gaps = []
    for participant, row in enumerate(available.tolist()):
        begun, open_ = ([model.new_bool_var("") for _ in range(n_slots)] for _ in range(2))
        for slot in range(n_slots):
            meets = at.get((participant, slot), [])
            model.add_at_most_one(meets)
            model.add(begun[slot] >= sum(meets))
            model.add(open_[slot] >= sum(meets))
            if slot:
                model.add_implication(begun[slot - 1], begun[slot])
                model.add_implication(open_[slot], open_[slot - 1])
            if row[slot]:
                gap = model.new_bool_var("")
                model.add(gap >= begun[slot] + open_[slot] - 1 - sum(meets))
                gaps.append(gap)
    model.minimize(sum(gaps))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 2
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return 0, 0
    return len(asked["meetings"]), round(solver.objective_value)


def timed(work: Callable[[], Timetable]) -> tuple[Timetable, str]:
    clock, processor = time.perf_counter(), time.process_time()
    made = work()
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    return made, f"{clock:>7.3f} s {processor:>7.3f} s of processor"


def tell(name: str, made: Timetable, spent: str) -> None:
    print(
        f"  {name:<10} {len(made.unplaced):>4} not placed {made.gaps:>6} gaps {made.breaks:>6} breaks"
        f" {made.gaps_of.max(initial=0):>3} of the worst {spent}"
    )


def measure(name: str, asked: Arguments, seconds: float | None, peer_seconds: float, seed: int) -> None:
    n = len(asked["meetings"])
    if seconds is None:
        seconds = next((wanted for most, wanted in SECONDS if n <= most), LONGEST)
    print(f"{name}: {len(asked['available'])} participants, {n} meetings")
    tell("first", *timed(lambda: make_timetable(**asked, seconds=0)))
    made, spent = timed(lambda: make_timetable(**asked, seconds=seconds))
    tell("fewer gaps", made, spent)
    changed = after_changes(asked, made, seed)
    repaired, spent = timed(lambda: make_timetable(**changed, seconds=REPAIR))
    tell("repair", repaired, spent)
    kept = int((changed["previous"] >= 0).sum())
    print(f"             {len(repaired.moved)} of {kept} moved ({len(repaired.moved) / max(kept, 1):.2%})")
    if peer_seconds:
        placed, gaps = peer(asked, peer_seconds)
        print(f"  CP-SAT     {n - placed:>4} not placed {gaps:>6} gaps in {peer_seconds:g} s")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Measure how meetings get slots.")
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--kind", nargs="*", choices=FORUMS, default=list(FORUMS))
    parser.add_argument("--seed", nargs="*", type=int, default=[0])
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--peer", type=float, default=0)
    given = parser.parse_args(arguments)
    # What is compiled or loaded once is not measured.
    measure("compiling", drawn_timetable(20, 40, 6, 10, 0), 0.1, 0, 0)
    for path in given.files:
        measure(path.name, timetable(path), given.seconds, given.peer, given.seed[0])
    if not given.files:
        for kind in given.kind:
            for seed in given.seed:
                asked = drawn_timetable(*FORUMS[kind], seed=seed)
                measure(f"{kind}, seed {seed}", asked, given.seconds, given.peer, seed)


if __name__ == "__main__":
    main()
