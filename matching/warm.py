"""Compile reading, search and timetables before anybody waits for them: `python -m matching.warm`.

The machine code is kept where `matching.compiled` keeps it, for processors of this kind.
"""

import numpy as np

from matching.candidates import Candidates
from matching.index import PartnerIndex
from matching.timetable import compile_loops
from matching.types import Profile, Statement


def main() -> None:
    """Read a profile, search a few candidates and plan a few meetings, so that all this needs is compiled."""
    profile = Profile(
        "E", offers=Statement(texts=("лук и стрелы, сёдла, охотничьи ножи, спортивные товары",))
    )
    PartnerIndex.build([profile], [])
    rows = np.eye(2, dtype=np.float32)
    for inverted in (False, True):
        Candidates.build(rows, inverted=inverted).top_k(rows, 1)
    compile_loops()


if __name__ == "__main__":
    main()
