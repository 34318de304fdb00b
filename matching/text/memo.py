"""What was made once for a word, kept for the next time the word comes."""

from collections.abc import Callable
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Memo(dict[K, V]):
    """Values by their keys: made when they are asked for, forgotten when they were not for long.

    Real words come again and again: `list(map(memo.__getitem__, words))` finds those that are known without
    a step of Python, several times as fast as `functools.lru_cache`, which notes each use. Here a key only
    moves from the older half to the younger one when it is used again, and a full half becomes the older.

    Parameters
    ----------
    make : callable
        Gives the value of a key, always the same.
    most : int
        How many values are kept at the most.
    """

    def __init__(self, make: Callable[[K], V], most: int) -> None:
        super().__init__()
        self._make = make
        self._half = most // 2
        self._older: dict[K, V] = {}

    def __missing__(self, key: K) -> V:
        # Another thread may put another half in its place.
        older = self._older
        value = older[key] if key in older else self._make(key)
        if len(self) >= self._half:
            self._older = dict(self)
            self.clear()
        self[key] = value
        return value
