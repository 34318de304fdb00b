"""Compile search and timetables before anybody waits for them: `python -m matching.warm`.

The machine code is kept where `matching.compiled` keeps it, for processors of this kind.
"""

import numpy as np

from matching.candidates import Candidates
from matching.timetable import make_timetable


def main() -> None:
    """Search a few candidates and plan a few meetings, so that everything this needs is compiled."""
    rows = np.eye(2, dtype=np.float32)
    for inverted in (False, True):
        Candidates.build(rows, inverted=inverted).top_k(rows, 1)
    meetings = np.array([[0, 3], [0, 4], [1, 3], [1, 4], [2, 4]])
    # One meeting has no table, so that every loop is entered; the first time compiling takes all the seconds.
    for _ in range(2):
        make_timetable(meetings, n_slots=4, n_tables=1, seconds=0.2)


if __name__ == "__main__":
    main()
