"""The most meetings that can be placed, proven by OR-Tools' CP-SAT: for small forums only."""

import numpy as np
from ortools.sat.python import cp_model

from matching.edge_colouring import TABLES, Board, Integers

# One worker and a limit by CP-SAT's own count of work give the same answer on every machine.
_WORK = 10.0


def most_meetings(  # noqa: C901 - one loop states all the rules
    board: Board, left_out: set[int], seconds: float
) -> tuple[Integers, bool]:
    """Find the most meetings that can be placed and, of those, the fewest away from home.

    Meetings in `left_out` stay out. Gives the slots and whether they are proven; the board's own
    slots where nothing better was found.
    """
    model = cp_model.CpModel()
    participants, slots = board.at.shape
    by_participant: list[list[cp_model.IntVar]] = [[] for _ in range(participants * slots)]
    by_resource: list[list[cp_model.IntVar]] = [[] for _ in range(board.used.size)]
    placed, score = {}, []
    worth = len(board.slot) + 1
    for meeting, (first, second) in enumerate(board.ends.tolist()):
        if meeting in left_out:
            continue
        choices = []
        for slot in np.flatnonzero(board.available[first] & board.available[second]).tolist():
            if board.held[meeting] and board.slot[meeting] != slot:
                continue
            chosen = model.new_bool_var("")
            model.add_hint(chosen, bool(board.slot[meeting] == slot))
            placed[meeting, slot] = chosen
            choices.append(chosen)
            by_participant[first * slots + slot].append(chosen)
            by_participant[second * slots + slot].append(chosen)
            for row in {TABLES, int(board.language[meeting])}:
                by_resource[row * slots + slot].append(chosen)
            score.append((worth - int(board.home[meeting] not in {-1, slot})) * chosen)
        if board.held[meeting]:
            model.add_exactly_one(choices)
        else:
            model.add_at_most_one(choices)
    for rivals in by_participant:
        model.add_at_most_one(rivals)
    for users, limit in zip(by_resource, board.limit.ravel().tolist(), strict=True):
        model.add(sum(users) <= limit)
    model.maximize(sum(score))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.max_deterministic_time = _WORK
    solver.parameters.max_time_in_seconds = seconds
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return board.slot.copy(), False
    found = np.full(len(board.slot), -1, dtype=np.int32)
    for (meeting, slot), chosen in placed.items():
        if solver.value(chosen):
            found[meeting] = slot
    return found, status == cp_model.OPTIMAL
