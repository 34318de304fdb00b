"""How long the papers of a forum take, and how much memory.

    python -m tests.benchmarks.papers [PARTICIPANTS MEETINGS]

Makes a plan with names in ten languages and scripts, and sets each paper and then all of them in one ZIP.
"""

import resource
import sys
import time
from collections.abc import Callable

from service.meetings.papers import operations as papers
from service.meetings.papers.plan import ForumPlan
from tests.factories import plans

SIZES = ((400, 1_600), (2_000, 10_000))


def measured(name: str, make: Callable[[], bytes]) -> None:
    wall, processor = time.perf_counter(), time.process_time()
    size = len(make()) / 2**20
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{name:<22}{wall:7.2f} s {processor:7.2f} s of a core {size:7.1f} MiB {peak:6.0f} MiB in use at most"
    )


def measure(plan: ForumPlan) -> None:
    ids = list(plan.participants)
    print(f"{len(ids)} participants, {len(plan.meetings)} meetings, {len(plan.tables)} tables")
    measured("one timetable, first", lambda: papers.personal_timetable(plan, ids[0]))
    measured("one timetable, next", lambda: papers.personal_timetable(plan, ids[1]))
    measured("pick-up list", lambda: papers.pick_up_list(plan, "kk"))
    measured("table signs", lambda: papers.table_signs(plan, "kk"))
    measured("interpreter plan", lambda: papers.interpreter_plan(plan, "kk"))
    measured("workbook", lambda: papers.whole_plan(plan, "kk"))
    measured("all timetables", lambda: papers.personal_timetables(plan, ids, "kk"))
    measured("all calendars", lambda: b"".join(papers.calendar(plan, one) for one in ids))
    measured("everything in one ZIP", lambda: papers.all_papers(plan, "kk"))


def main(arguments: list[str]) -> None:
    for participants, meetings in [tuple(map(int, arguments))] if arguments else SIZES:
        measure(plans.plan(participants, meetings))


if __name__ == "__main__":
    main(sys.argv[1:])
