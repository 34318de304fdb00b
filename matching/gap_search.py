"""Fewer gaps by simulated annealing over Kempe chains: cooling, and how many moves are made where."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from matching.edge_colouring import TABLES, Board, balance, copy_of
from matching.gap_moves import MOST_SLOTS, anneal, bearable_at, rows_of
from matching.gap_window import bring_back, look_through, windows_of
from matching.placement import lay_out

MOVES_A_SECOND = 19_000_000
"""What a common processor core does; `seconds` times this is the number of moves that is made."""

_STEPS = 1_000
# So many walks a thread are tried until the cooling has come so far, with this part of all moves: by then the
# gaps of walks differ as those at their ends will.
_TRIALS, _TRIED_UNTIL, _TRIALS_TAKE = 4, 0.5, 0.3
# How much the gaps after a step count in those that a walk had lately.
_NEWS = 0.05
_HOTTEST, _COLDEST = 1.0, 0.15
# An overfull slot costs so many temperatures at first, and its highest price from the second part on.
_LENIENCE, _DEAREST = 0.7, 30.0
_LENIENT_UNTIL, _STRICT_FROM = 0.75, 0.9
_RENT_STEP = 0.02
# A walk gains nothing by being longer than so many moves for each meeting times meetings, but at least some.
_MOVES_A_SQUARE, _SHORTEST_WALK = 250, 2_000_000


class _Walk:
    """One annealing from the given timetable on, with its own board and its own random numbers."""

    def __init__(self, board: Board, seed: Sequence[int]) -> None:
        self.board = copy_of(board)
        self.rows = rows_of(self.board)
        # Neighbouring seeds must not start with neighbouring numbers, and zero would stay zero.
        self.random = np.random.SeedSequence(seed).generate_state(1, np.uint64) | np.uint64(1)
        self.best = self.board.slot.copy()
        self.fewest = int(self.rows.gaps.sum())
        self.lately = float(self.fewest)
        self.rent = np.zeros(board.at.shape[1])

    def fork(self, seed: Sequence[int]) -> "_Walk":
        """Give a walk that goes on from here with other random numbers."""
        other = _Walk(self.board, seed)
        other.best, other.fewest = self.best.copy(), self.fewest
        other.lately, other.rent = self.lately, self.rent.copy()
        return other

    def step(self, progress: float, moves: int) -> int:
        temperature = _HOTTEST * (_COLDEST / _HOTTEST) ** progress
        rise = min(max(progress - _LENIENT_UNTIL, 0) / (_STRICT_FROM - _LENIENT_UNTIL), 1)
        price = _LENIENCE * temperature
        price *= (_DEAREST / price) ** rise
        bearable = bearable_at(temperature)
        self.fewest = anneal(
            self.board, self.rows, self.random, self.rent, bearable, price, moves, self.best, self.fewest
        )
        self.lately += _NEWS * (int(self.rows.gaps.sum()) - self.lately)
        if progress >= _STRICT_FROM:
            self.level()
        self.rent += _RENT_STEP * temperature * (self.board.used[TABLES] - self.board.limit[TABLES])
        np.maximum(self.rent, 0, out=self.rent)
        return self.fewest

    def level(self) -> None:
        """Move meetings without a table to other slots, at the cost of gaps that later moves may close."""
        overfull = np.flatnonzero(self.board.used[TABLES] > self.board.limit[TABLES]).tolist()
        if not overfull:
            return
        for slot in overfull:
            while self.board.used[TABLES, slot] > self.board.limit[TABLES, slot] and balance(
                self.board, slot
            ):
                pass
        self.rows = rows_of(self.board)
        gaps = int(self.rows.gaps.sum())
        if gaps < self.fewest and (self.board.used[TABLES] <= self.board.limit[TABLES]).all():
            self.fewest = gaps
            self.best[:] = self.board.slot


def close_gaps(board: Board, *, seconds: float, until: float, n_threads: int, seed: int) -> None:
    """Move meetings on the board that are not held so that there are fewer gaps.

    Walks with random numbers of their own run beside each other on the threads. Half of the cooling tells
    which of several promises the fewest gaps; from there on every thread walks the other half, slower, and
    the best timetable of all is kept, of equals that of the lowest walk. This takes as long as `seconds`
    allow, but no longer than the square of the meetings calls for: what is granted beyond is shared evenly
    among further searches, one after the other until there is no gap. If the monotonic clock would reach
    `until` before, the cooling is hastened so that it ends in time.
    """
    windows = windows_of(board.at.shape[1], MOST_SLOTS)
    for number, window in enumerate(windows):
        view = look_through(board, window)
        now = time.monotonic()
        _search_again(
            view,
            (seed, number),
            n_threads,
            int(seconds / len(windows) * MOVES_A_SECOND),
            now + (until - now) / (len(windows) - number),
        )
        bring_back(board, view, window)


def _search_again(board: Board, seed: tuple[int, int], n_threads: int, moves: int, until: float) -> None:
    """Share so many moves among as many searches as the meetings call for."""
    movable = int(((board.slot >= 0) & ~board.held).sum())
    if movable == 0 or moves == 0:
        return
    searches = -(-moves // max(movable**2 * _MOVES_A_SQUARE, _SHORTEST_WALK))
    for number in range(searches):
        fewest = _search(board, (*seed, number), n_threads, moves // searches, until)
        if fewest == 0 or time.monotonic() >= until:
            break


def _search(board: Board, seed: Sequence[int], n_threads: int, moves: int, until: float) -> int:
    """Try several walks half of the way, go on from the most promising, keep the best; gives its gaps."""
    walks = [_Walk(board, (*seed, number)) for number in range(_TRIALS * n_threads)]
    start, done, a_step, trying = time.monotonic(), 0, max(moves // _STEPS, _TRIALS), True
    fewest = walks[0].fewest
    with ThreadPoolExecutor(n_threads) as pool:
        while fewest > 0:
            hurried = (time.monotonic() - start) / max(until - start, 1e-9)
            spent = max(done / moves, hurried)
            if spent >= 1:
                break
            if trying and spent >= _TRIALS_TAKE:
                walks, trying = _most_promising(walks, seed, n_threads), False
            if trying:
                progress = _TRIED_UNTIL * spent / _TRIALS_TAKE
            else:
                progress = _TRIED_UNTIL + (1 - _TRIED_UNTIL) * (spent - _TRIALS_TAKE) / (1 - _TRIALS_TAKE)
            each = a_step * n_threads // len(walks)
            fewest = min(pool.map(_Walk.step, walks, [progress] * len(walks), [each] * len(walks)))
            done += a_step
    for walk in walks:
        walk.level()
    best = min(walks, key=lambda walk: walk.fewest)
    lay_out(board, best.best)
    return best.fewest


def _most_promising(walks: list[_Walk], seed: Sequence[int], n_threads: int) -> list[_Walk]:
    """Give a walk for each thread that goes on from the one with the fewest gaps lately."""
    leader, found = min(walks, key=lambda walk: walk.lately), min(walks, key=lambda walk: walk.fewest)
    leader.best, leader.fewest = found.best, found.fewest
    return [leader.fork((*seed, len(walks) + thread)) for thread in range(n_threads)]
