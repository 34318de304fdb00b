"""Compile the search before anybody waits for it: `python -m matching.warm`.

The machine code is kept where `matching.compiled` keeps it, for processors of this kind.
"""

import numpy as np

from matching.candidates import Candidates


def main() -> None:
    """Search a few candidates, so that everything a search needs is compiled."""
    rows = np.eye(2, dtype=np.float32)
    for inverted in (False, True):
        Candidates.build(rows, inverted=inverted).top_k(rows, 1)


if __name__ == "__main__":
    main()
