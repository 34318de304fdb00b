"""Phrases of the thesaurus in rows of words."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from matching.text.lexicon import Phrase
from matching.text.loops import DENIES_BEFORE, DENIES_NEXT
from matching.text.units import Unit

_TWO_WORDS = 2
# As far before and behind a phrase the words are that may go with its own.
_AROUND = 3
_DENIES = frozenset({DENIES_NEXT, DENIES_BEFORE})


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


def phrases_in(places: Iterable[tuple[int, int]], units: Sequence[Unit]) -> list[Found]:
    """Find the phrases of rows of words, the first one that begins at a word and the longest of these.

    Parameters
    ----------
    places : iterable of (int, int)
        Where phrases begin that may go on, ascending, and where the row of words ends.
    units : sequence of Unit
        The words of all rows.
    """
    found: list[Found] = []
    until = 0
    for place, end in places:
        seconds = units[place].begins
        if place < until or place + 1 == end or seconds is None:
            continue
        phrase = _phrase_at(units, place, end, seconds.get(units[place + 1].stem, ()))
        if phrase:
            until = place + len(phrase.keys)
            found.append(Found(range(place, until), phrase.concepts, is_parted=False))
        elif place + _TWO_WORDS < end:
            ids = _parted(seconds.get(units[place + 2].stem, ()))
            if ids:
                found.append(Found(range(place, place + 3, 2), ids, is_parted=True))
    return found


def phrases_with_grammar_in(places: Iterable[tuple[int, int, int]], units: Sequence[Unit]) -> list[Found]:
    """Find the phrases that are nothing without their grammar: in stock, non-ferrous.

    Where a word of one belongs to a phrase that goes past it, as in animal by-products, that one says more,
    unless the grammar denies.

    Parameters
    ----------
    places : iterable of (int, int, int)
        Where phrases begin that may go on, ascending, and where the row of words begins and ends.
    units : sequence of Unit
        The words of all rows.
    """
    found: list[Found] = []
    until = 0
    for place, start, end in places:
        seconds = units[place].begins
        phrase = seconds and _phrase_at(units, place, end, seconds.get(units[place + 1].stem, ()))
        if not phrase or place < until:
            continue
        words = range(place, place + len(phrase.keys))
        around = range(max(start, place - _AROUND), min(end, words.stop + _AROUND))
        if any(units[one].rule in _DENIES for one in words) or not _is_gone_past(words, around, units):
            until = words.stop
            found.append(Found(words, phrase.concepts, is_parted=False))
    return found


def _is_gone_past(words: range, around: range, units: Sequence[Unit]) -> bool:
    """Tell whether some phrase has words both within a phrase and outside, once grammar is passed over."""
    left = [one for one in around if not units[one].grammar]
    row = [units[one] for one in left]
    others = phrases_in(((place, len(row)) for place in range(len(row))), row)
    return any(
        len({left[one] in words for one in other.words}) > 1 for other in others if not other.is_parted
    )


def _parted(phrases: Iterable[Phrase]) -> tuple[str, ...]:
    """Give the concepts of a phrase of two words, which may have one word between them."""
    return next((phrase.concepts for phrase in phrases if len(phrase.keys) == _TWO_WORDS), ())


def _phrase_at(units: Sequence[Unit], place: int, end: int, phrases: Iterable[Phrase]) -> Phrase | None:
    for phrase in phrases:
        until = place + len(phrase.keys)
        if until <= end and tuple([unit.stem for unit in units[place:until]]) == phrase.keys:
            return phrase
    return None
