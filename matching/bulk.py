"""Many documents at once, on every processor."""

import gc
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from joblib import Parallel, cpu_count, delayed

from matching.threads import beside

# Other processes have to read the thesaurus first: for fewer documents that takes longer than it saves.
WORTH_PROCESSES = 20_000
# The more, the more often a word is met again that was counted already; all processors end at once.
_DOCUMENTS_OF_A_TASK = 5_000

Given = TypeVar("Given")
Made = TypeVar("Made")


def in_pieces(work: Callable[[Sequence[Given]], Made], documents: Sequence[Given]) -> list[Made]:
    """Work through documents in one or more pieces; on processes where there are 20,000 or more."""
    pieces = [
        documents[first : first + _DOCUMENTS_OF_A_TASK]
        for first in range(0, max(len(documents), 1), _DOCUMENTS_OF_A_TASK)
    ]
    if len(documents) < WORTH_PROCESSES:
        return [work(piece) for piece in pieces]
    made: list[Made] = Parallel(n_jobs=cpu_count(), backend="loky")(
        delayed(_uncollected)(work, piece) for piece in pieces
    )
    return made


def _uncollected(work: Callable[[Given], Made], piece: Given) -> Made:
    """Do work in a process of its own without looking for garbage in cycles.

    There is none, and to go through all words that are remembered takes a fourth of the time; joblib would
    do so after every piece.
    """
    gc.disable()
    try:
        return work(piece)
    finally:
        gc.freeze()
        gc.enable()


def on_threads(work: Callable[[Given], Made], pieces: Sequence[Given]) -> list[Made]:
    """Do work for each piece that is done outside of the interpreter's lock, as sums over arrays are."""
    if len(pieces) == 1:
        return [work(pieces[0])]
    return beside(cpu_count(), *(partial(work, piece) for piece in pieces))
