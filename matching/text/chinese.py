"""The Chinese words of the thesaurus, found in runs of characters."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from matching.text.function_words import DENYING, FUNCTION_WORDS
from matching.text.lexicon import BEGINNING, Reading
from matching.text.listed import add_concept, as_one
from matching.text.thesaurus import concepts
from matching.text.words import simplified, sound

# What a character costs that is not known, a word of one character, and any other word or grammar.
_UNKNOWN, _SINGLE, _WORD = 4, 3, 2
# A number, and what is counted or measured by it: 三百多头, 六台, 五十克. One character alone is a word like
# others, and 千克 is a kilogram.
_NUMBER = re.compile(
    "(每|第?(?:零下)?(?:数(?=[十百千万亿]))?"
    "(?:[零一二两三四五六七八九十百万亿几]|千(?!克)){1,12}(?:[多余来][万亿]?)?)"
    "([个种台条头匹栋幢辆艘款节家只张片套名支枝株颗粒间批次回份项样副层段处门册篇串束根块尺]|"
    "[毫厘]?米|[毫微]?克|毫?升|度)?"
)
# Units that are something else, or parts of words, where no number stands before them: 大米, 吉木其克, 厚度.
_UNITS = {"米": ("metre",), "克": ("gram",), "度": ("temperature",), "升": ("litre",)}
# How far a denial reaches: not at all, to what stands right behind it (不甜, 没加热过), or to the next word
# and what is named beside that (不含糖和盐).
_NO, _RIGHT_BEHIND, _NEXT = range(3)
_BESIDE = frozenset("不 没 未".split())
_AND = frozenset("和 或 及 与 以及 或者".split())
_OF = "的"

# A word and its concepts; none where it is not known, None where it says nothing: grammar, most numbers.
_Cut = tuple[str, tuple[str, ...] | None]


class _Known(NamedTuple):
    """A word that is found in a run: how many characters it takes, what of them says something, and what."""

    length: int
    word: str
    ids: tuple[str, ...] | None


_NO_WORD = _Known(0, "", ())


class Piece(NamedTuple):
    """A word of a run, or what stands between known ones.

    Attributes
    ----------
    word : str
    reading : Reading
    denied : bool
        Whether the run says that there is none of it.
    """

    word: str
    reading: Reading
    denied: bool = False


class ChineseLexicon:
    """Chinese words, found in a run of characters."""

    def __init__(self) -> None:
        words: dict[str, tuple[str, ...]] = {}
        for concept in concepts().values():
            for form in concept.words.get("zh", ()):
                add_concept(words, simplified(sound(form)).lower(), concept.id)
        for unit, ids in _UNITS.items():
            words[unit] = tuple(one for one in words.get(unit, ()) if one not in ids)
        self._words: dict[str, tuple[str, ...] | None] = {
            **dict.fromkeys(DENYING["zh"]),
            **{word: as_one(ids) for word, ids in words.items() if ids},
            **dict.fromkeys(FUNCTION_WORDS["zh"]),
        }
        lengths: dict[str, set[int]] = {}
        for word in self._words:
            lengths.setdefault(word[0], set()).add(len(word))
        self._lengths = {first: tuple(sorted(found)) for first, found in lengths.items()}

    def cut(self, run: str) -> tuple[Piece, ...]:
        """Cut a run into known words and what stands between them, without grammar.

        Of all ways to cut it the one that costs least, as it leaves few characters unknown and makes few
        words, above all few of one character; of several such ways the one with the longest words first: 苹果
        and 服装 in 苹果和服装, not 和服 and 装.
        """
        pieces = self._pieces(run)
        found: list[Piece] = []
        reach, goes_on = _NO, False
        for place, (word, ids) in enumerate(pieces):
            if ids is None:
                reach, goes_on = _NEXT if goes_on and word in _AND else _denied_by(word, reach), False
                continue
            sureness = BEGINNING if self._is_part(pieces, place) else 1.0
            found.append(Piece(word, Reading(ids, sureness), denied=reach > _NO and bool(ids)))
            goes_on = reach == _NEXT and bool(ids)
            reach = _denied_by(word, _NO)
        return tuple(found)

    def _pieces(self, run: str) -> list[_Cut]:
        """Cut a run into known words and what stands between them."""
        pieces: list[_Cut] = []
        unknown = start = 0
        best = self._best_words(run)
        while start < len(run):
            length, word, ids = best[start]
            if length:
                if unknown < start:
                    pieces.append((run[unknown:start], ()))
                pieces.append((word, ids))
                unknown = start + length
            start += length or 1
        if unknown < len(run):
            pieces.append((run[unknown:], ()))
        return pieces

    def _best_words(self, run: str) -> list[_Known]:
        """Give for every character the word that best begins there; one of no length for an unknown one."""
        costs = [0] * (len(run) + 1)
        words = [_NO_WORD] * len(run)
        for start in range(len(run) - 1, -1, -1):
            best = costs[start + 1] + _UNKNOWN
            # Of equal costs a word is better than none, and a longer one than a shorter one.
            for known in self._known_at(run, start):
                cost = costs[start + known.length] + (_SINGLE if known.length == 1 and known.ids else _WORD)
                if cost < best or (cost == best and known.length > words[start].length):
                    best, words[start] = cost, known
            costs[start] = best
        return words

    def _known_at(self, run: str, start: int) -> Iterator[_Known]:
        """List the words and the numbers that begin at a character."""
        for length in self._lengths.get(run[start], ()):
            word = run[start : start + length]
            if len(word) == length and word in self._words:
                yield _Known(length, word, self._words[word])
        if number := _NUMBER.match(run, start):
            count, counted = number.groups()
            ids = self._words.get(count)
            if len(count) > 1:
                yield _Known(len(count), count, ids)
            if counted and counted[-1] in _UNITS:
                yield _Known(len(number[0]), counted, _UNITS[counted[-1]])
            elif counted:
                yield _Known(len(number[0]), count, ids)

    def _is_part(self, pieces: Sequence[_Cut], place: int) -> bool:
        """Tell whether a single character may be part of a longer word that is not known."""
        around = pieces[max(place - 1, 0) : place + 2] if len(pieces[place][0]) == 1 else ()
        return any(ids == () for _, ids in around)


def _denied_by(word: str, reach: int) -> int:
    """Tell how far what is denied reaches behind a word of grammar."""
    if word in DENYING["zh"]:
        return _NEXT
    if word in _BESIDE:
        return _RIGHT_BEHIND
    return _NO if word == _OF or reach == _RIGHT_BEHIND else reach


@cache
def chinese() -> ChineseLexicon:
    """Give the Chinese lexicon, made once."""
    return ChineseLexicon()
