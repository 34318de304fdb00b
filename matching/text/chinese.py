"""The Chinese words of the thesaurus, found in runs of characters."""

from collections.abc import Sequence
from functools import cache

from matching.text.function_words import DENYING, FUNCTION_WORDS
from matching.text.lexicon import BEGINNING, Reading
from matching.text.listed import add_concept, as_one
from matching.text.thesaurus import concepts
from matching.text.words import simplified, sound

# What a character costs that is not known, a word of one character, and any other word or grammar.
_UNKNOWN, _SINGLE, _WORD = 4, 3, 2


class ChineseLexicon:
    """Chinese words, found in a run of characters."""

    def __init__(self) -> None:
        self._grammar = FUNCTION_WORDS["zh"]
        words: dict[str, tuple[str, ...]] = dict.fromkeys(sorted(self._grammar | DENYING["zh"]), ())
        for concept in concepts().values():
            for form in concept.words.get("zh", ()):
                add_concept(words, simplified(sound(form)).lower(), concept.id)
        self._words = {word: as_one(ids) for word, ids in words.items()}
        lengths: dict[str, set[int]] = {}
        for word in words:
            lengths.setdefault(word[0], set()).add(len(word))
        self._lengths = {first: tuple(sorted(found)) for first, found in lengths.items()}

    def cut(self, run: str) -> tuple[tuple[str, Reading], ...]:
        """Cut a run into known words and what stands between them, without grammar.

        Of all ways to cut it the one that costs least, as it leaves few characters unknown and makes few
        words, above all few of one character; of several such ways the one with the longest words first: 苹果
        and 服装 in 苹果和服装, not 和服 and 装.
        """
        pieces: list[tuple[str, tuple[str, ...]]] = []
        unknown = start = 0
        lengths = self._best_lengths(run)
        while start < len(run):
            length = lengths[start]
            if length:
                if unknown < start:
                    pieces.append((run[unknown:start], ()))
                word = run[start : start + length]
                pieces.append((word, self._words[word]))
                start += length
                unknown = start
            else:
                start += 1
        if unknown < len(run):
            pieces.append((run[unknown:], ()))
        return tuple(
            (word, Reading(ids, BEGINNING if self._is_part(pieces, place) else 1.0))
            for place, (word, ids) in enumerate(pieces)
            if word not in self._grammar
        )

    def _best_lengths(self, run: str) -> list[int]:
        """Give for every character how long the word is that best begins there; 0 for an unknown one."""
        costs = [0] * (len(run) + 1)
        lengths = [0] * len(run)
        for start in range(len(run) - 1, -1, -1):
            best = costs[start + 1] + _UNKNOWN
            # Of equal costs a word is better than none, and a longer one than a shorter one.
            for length in self._lengths.get(run[start], ()):
                word = run[start : start + length]
                if len(word) == length and word in self._words:
                    cost = costs[start + length] + (_SINGLE if length == 1 and self._words[word] else _WORD)
                    if cost <= best:
                        best, lengths[start] = cost, length
            costs[start] = best
        return lengths

    def _is_part(self, pieces: Sequence[tuple[str, tuple[str, ...]]], place: int) -> bool:
        """Tell whether a single character may be part of a longer word that is not known."""
        around = pieces[max(place - 1, 0) : place + 2] if len(pieces[place][0]) == 1 else ()
        return any(not ids and word not in self._grammar for word, ids in around)


@cache
def chinese() -> ChineseLexicon:
    """Give the Chinese lexicon, made once."""
    return ChineseLexicon()
