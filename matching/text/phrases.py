"""Phrases of the thesaurus in rows of words."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from matching.text.lexicon import Phrase
from matching.text.units import Unit

_TWO_WORDS = 2


class Found(NamedTuple):
    """A phrase of the thesaurus in a row of words.

    Attributes
    ----------
    words : range
        The places of its words.
    concepts : tuple of str
        Ids.
    is_parted : bool
        Whether another word stands between its two words, which then stand for themselves too.
    """

    words: range
    concepts: tuple[str, ...]
    is_parted: bool


def phrases_in(places: Iterable[tuple[int, int]], unit_at: Callable[[int], Unit]) -> list[Found]:
    """Find the phrases of rows of words, the first one that begins at a word and the longest of these.

    Parameters
    ----------
    places : iterable of (int, int)
        Where phrases begin that may go on, ascending, and where the row of words ends.
    unit_at : callable
        Gives the unit at a place.
    """
    found: list[Found] = []
    until = 0
    for place, end in places:
        seconds = unit_at(place).begins
        if place < until or place + 1 == end or seconds is None:
            continue
        phrase = _phrase_at(unit_at, place, end, seconds.get(unit_at(place + 1).stem, ()))
        if phrase:
            until = place + len(phrase.keys)
            found.append(Found(range(place, until), phrase.concepts, is_parted=False))
        elif place + _TWO_WORDS < end:
            ids = _parted(seconds.get(unit_at(place + 2).stem, ()))
            if ids:
                found.append(Found(range(place, place + 3, 2), ids, is_parted=True))
    return found


def _parted(phrases: Iterable[Phrase]) -> tuple[str, ...]:
    """Give the concepts of a phrase of two words, which may have one word between them."""
    return next((phrase.concepts for phrase in phrases if len(phrase.keys) == _TWO_WORDS), ())


def _phrase_at(
    unit_at: Callable[[int], Unit], place: int, end: int, phrases: Iterable[Phrase]
) -> Phrase | None:
    for phrase in phrases:
        if place + len(phrase.keys) <= end and all(
            unit_at(place + ahead).stem == one for ahead, one in enumerate(phrase.keys)
        ):
            return phrase
    return None
