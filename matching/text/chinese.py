"""The Chinese words of the thesaurus, found in runs of characters."""

from collections.abc import Sequence
from functools import cache

from matching.text.function_words import DENYING, FUNCTION_WORDS
from matching.text.lexicon import BEGINNING, Reading, add_concept, as_one
from matching.text.thesaurus import concepts
from matching.text.words import simplified, sound


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
        self._lengths = {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}

    def cut(self, run: str) -> tuple[tuple[str, Reading], ...]:
        """Cut a run into known words, the longest first, and what stands between them, without grammar."""
        pieces: list[tuple[str, tuple[str, ...]]] = []
        unknown = start = 0
        while start < len(run):
            length = self._known_length(run, start)
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

    def _known_length(self, run: str, start: int) -> int:
        for length in self._lengths.get(run[start], ()):
            if run[start : start + length] in self._words:
                return length
        return 0

    def _is_part(self, pieces: Sequence[tuple[str, tuple[str, ...]]], place: int) -> bool:
        """Tell whether a single character may be part of a longer word that is not known."""
        around = pieces[max(place - 1, 0) : place + 2] if len(pieces[place][0]) == 1 else ()
        return any(not ids and word not in self._grammar for word, ids in around)


@cache
def chinese() -> ChineseLexicon:
    """Give the Chinese lexicon, made once."""
    return ChineseLexicon()
