"""Views of a forum's board on some successive slots, for a search that knows no more slots at once."""

from typing import NamedTuple

import numpy as np

from matching.edge_colouring import Board
from matching.placement import lay_out


class Window(NamedTuple):
    """The slots from `begin` on and before `end`."""

    begin: int
    end: int


def windows_of(n_slots: int, most: int) -> list[Window]:
    """Give windows over all slots, whose views have no more than `most`; neighbours share half of theirs."""
    if n_slots <= most:
        return [Window(0, n_slots)]
    # Two slots of a view stand for all before and all after the window.
    length = most - 2
    n_windows = 1 - (length - n_slots) // (length // 2)
    begins = np.linspace(0, n_slots - length, n_windows).astype(int).tolist()
    return [Window(begin, begin + length) for begin in begins]


def look_through(board: Board, window: Window) -> Board:
    """Give a board of the slots of a window, after one slot for all before them and before one for all after.

    In these two meet all who meet there at all, with whomever, and nothing can be moved into or out of them.
    So participants have as many gaps between their first and last slot of the view as between those slots on
    the whole board, whatever is moved.
    """
    begin, end = window
    if end - begin == board.at.shape[1]:
        return board
    within = (board.slot >= begin) & (board.slot < end)
    before, after = (some.max(axis=1, initial=-1) for some in (board.at[:, :begin], board.at[:, end:]))
    beside = ((0, 0), (1, 1))
    return board._replace(
        held=board.held | ~within,
        slot=np.where(within, board.slot - begin + 1, -1).astype(np.int32),
        at=np.column_stack((before, board.at[:, begin:end], after)),
        available=np.column_stack((before >= 0, board.available[:, begin:end], after >= 0)),
        used=np.pad(board.used[:, begin:end], beside),
        limit=np.pad(board.limit[:, begin:end], beside),
    )


def bring_back(board: Board, view: Board, window: Window) -> None:
    """Move meetings on the board to where they are in the view."""
    if view is not board:
        lay_out(board, np.where(view.slot >= 0, view.slot + window.begin - 1, board.slot).astype(np.int32))
