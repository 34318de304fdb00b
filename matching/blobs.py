"""Many short texts as two arrays, which can be mapped from a file."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

# Texts come in any state; their order as bytes is their order as texts.
_CODING = ("utf-8", "surrogatepass")


class Texts(NamedTuple):
    """A sequence of texts.

    Attributes
    ----------
    ends : ndarray of int64, shape (n,)
        Where each ends among the letters.
    letters : ndarray of uint8
        The texts in UTF-8, one behind the other.
    """

    ends: npt.NDArray[np.int64]
    letters: npt.NDArray[np.uint8]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """Keep texts."""
        coded = [text.encode(*_CODING) for text in texts]
        return cls(
            np.cumsum([len(one) for one in coded], dtype=np.int64),
            np.frombuffer(b"".join(coded), dtype=np.uint8),
        )

    @property
    def n(self) -> int:
        """How many texts there are."""
        return self.ends.size

    def at(self, place: int) -> str:
        """Give one text."""
        begin = int(self.ends[place - 1]) if place else 0
        return self.letters[begin : int(self.ends[place])].tobytes().decode(*_CODING)

    def all(self) -> list[str]:
        """Give all texts."""
        letters, ends = self.letters.tobytes(), [0, *self.ends.tolist()]
        return [letters[begin:end].decode(*_CODING) for begin, end in pairwise(ends)]

    def place_of(self, text: str) -> int:
        """Find a text among texts that ascend; −1 where it is not."""
        place = bisect_left(range(self.n), text, key=self.at)
        return place if place < self.n and self.at(place) == text else -1

    def taken(self, places: Sequence[int]) -> list[str]:
        """Give some of the texts."""
        return [self.at(place) for place in places]
