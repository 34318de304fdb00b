"""Compile search and timetables before anybody waits for them: `python -m matching.warm`.

The machine code is kept where `matching.compiled` keeps it, for processors of this kind.
"""

import numpy as np

from matching.candidates import Candidates
from matching.timetable import compile_loops


def main() -> None:
    """Search a few candidates and plan a few meetings, so that everything this needs is compiled."""
    rows = np.eye(2, dtype=np.float32)
    for inverted in (False, True):
        Candidates.build(rows, inverted=inverted).top_k(rows, 1)
    compile_loops()


if __name__ == "__main__":
    main()
