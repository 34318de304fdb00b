"""Cutting a text into words."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from opencc import OpenCC

from matching.text.endings import GRAMMARS
from matching.text.memo import Memo
from matching.text.ragged import Numbers, Ragged, ends_of, numbered
from matching.text.script import to_cyrillic

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_LETTER = rf"[^\W\d_{_HAN}]"
# A run of Chinese characters, with the last digit of a number before it; or a word, which may have
# apostrophes inside and a number behind it (E330, B12), or the apostrophe of a letter: bog', burys'. What
# stands between the numbers of a size is none: 20x30.
_WORD = re.compile(
    rf"\d?[{_HAN}]+|(?!(?<=\d)[xXхХ]\d){_LETTER}+(?:'{_LETTER}+)*(?:\d+|(?<=[ACGINOSUYacginosuy])')?"
)
# What stands behind a hyphen at the end of a word, and the character before the hyphen.
_BEHIND_HYPHEN = re.compile(rf"([^\W_])[-‐–]({_LETTER}+)(?![^\W_])")
# Endings of Kazakh, Turkish and Uzbek in Latin letters that are no words of other languages.
_LATIN_ENDINGS = frozenset(
    "da de ta te dan den tan ten nan nen dagi degi tagi tegi dağı ga ge qa ka ke ğa na ne ni ning nyng nıñ "
    "niñ dıñ diñ tıñ tiñ dyng tyng lar ler dar der tar ter lari chi nchi inchi shi nshi inshi şı şi nşı nşi "
    "ınşı inşi".split()
)
_OTHER_ENDINGS = frozenset("шы ші ншы нші ыншы інші лық лік дық дік тық тік чи нчи инчи нинг".split())
# «Also», «even»: сондай-ақ, баяғыдан-ақ.
_EVEN = re.compile(r"(?<=[дт][ае]й|[днт][ае]н)-ақ\b|(?<=[dt][ae][iıy]|[dnt][ae]n)-aq\b|(?<=اي|ان|ەن)-اق\b")
# What stands for a number in digits before a run.
_SOME = "几"
_HAN_LETTER = re.compile(f"[{_HAN}]")
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼʻ`´", "'"))
_LONGEST_WORD = 60
# What ends a sentence: anywhere, or before a blank.
_END, _STOP = re.compile(r"[;:!?؛؟]|\.\."), re.compile(r"\.\W*$")
# The full stop of a shorter word may be that of an abbreviation: St. Petersburg.
_LEAST_BEFORE_STOP = 3
_REMEMBERED_PIECES, _LONGEST_REMEMBERED = 300_000, 40


def sound(text: str) -> str:
    """Bring a text in any state to one way of writing its characters."""
    if text.isascii():
        return text.translate(_APOSTROPHES)
    # A lone surrogate is no letter, and nothing later can encode it. The numero sign would become a word.
    sendable = text.encode("utf-8", "replace").decode("utf-8").replace("№", " ")
    return unicodedata.normalize("NFKC", sendable).translate(_APOSTROPHES)


def words_of(text: str) -> list[str]:
    """Cut a sound text into words as they stand; a run of Chinese characters counts as one.

    A number right before a run becomes one of its characters, by which units are told: 米 is rice or metre.

    Examples
    --------
    >>> words_of("Bog' mevalari, 20 т мёд; E330 蜂蜜, 10米")
    ["Bog'", 'mevalari', 'т', 'мёд', 'E330', '蜂蜜', '几米']
    """
    words = map(_without_digit, _WORD.findall(_without_endings(text)))
    return [word for word in words if len(word) <= _LONGEST_WORD or is_han(word)]


class _Cut(NamedTuple):
    """The words of what stands between blanks, and whether what is before, between and behind parts them."""

    words: tuple[str, ...]
    parts: tuple[bool, ...]


def _without_digit(word: str) -> str:
    return _SOME + word[1:] if word[0].isdecimal() else word


def _without_endings(text: str) -> str:
    if "-" in text or "–" in text or "‐" in text:
        return _BEHIND_HYPHEN.sub(_without_ending, _EVEN.sub(" ", text))
    return text


def _without_ending(found: re.Match[str]) -> str:
    """Leave out what stands behind a figure or an abbreviation if it is an ending: 14-тен, ДСП-дан."""
    before, ending = found.groups()
    is_latin = ending.isascii() or unicodedata.name(ending[0], "").startswith("LATIN")
    is_cut = before.isdigit() or before.isupper() or (before.isascii() and not is_latin)
    return before if is_cut and _is_ending(ending, is_latin=is_latin) else found[0]


def _is_ending(ending: str, *, is_latin: bool) -> bool:
    if is_latin:
        return ending in _LATIN_ENDINGS
    return (
        ending in _OTHER_ENDINGS or GRAMMARS["kk"].after_consonant.fullmatch(to_cyrillic(ending)) is not None
    )


def words_in(text: str) -> list[str]:
    """Cut a text in any state into words: what `words_of` gives once the text is sound.

    No word goes past a blank, and no character is changed by what stands behind one, so that what stands
    between blanks, which comes again and again, is cut once.
    """
    return list(chain.from_iterable(_cut(piece).words for piece in text.split()))


def words_in_texts(texts: Sequence[str]) -> tuple[list[str], Ragged, npt.NDArray[np.bool_]]:
    """Cut texts into words as `words_in` does.

    Returns
    -------
    words : list of str
        All different words.
    texts : Ragged
        The numbers of the words of every text.
    parted : ndarray of bool, shape (n,)
        Whether a sentence ends, or a number stands, between every word and the one before it.
    """
    of_texts = [text.split() for text in texts]
    in_pieces = ends_of(of_texts)
    pieces, numbers = numbered(chain.from_iterable(of_texts), int(in_pieces[-1]))
    cut = list(map(_cut, pieces))
    ends = ends_of([one.words for one in cut])
    words, of_pieces = numbered(chain.from_iterable(one.words for one in cut), int(ends[-1]))
    found = Ragged(of_pieces, ends).taken(numbers)
    # A piece has one place more than words where something may part them.
    place_ends = ends + np.arange(ends.size)
    parts = np.fromiter(chain.from_iterable(one.parts for one in cut), np.bool_, int(place_ends[-1]))
    parted = _parted(Ragged(parts, place_ends).taken(numbers).values, found.row_of)
    return words, Ragged(found.values, found.ends[in_pieces]), parted


def _parted(parts: npt.NDArray[np.bool_], piece_of: Numbers) -> npt.NDArray[np.bool_]:
    """Tell whether any of the places parts words that are behind one word and before the next one."""
    starts = np.arange(piece_of.size)
    starts[1:] += piece_of[:-1]
    return np.logical_or.reduceat(parts[: piece_of.size + piece_of[-1]], starts) if starts.size else parts[:0]


def _cut(piece: str) -> _Cut:
    return _CUT_PIECES[piece] if len(piece) <= _LONGEST_REMEMBERED else _cut_piece(piece)


def _cut_piece(piece: str) -> _Cut:
    text = sound(piece)
    # Most pieces are one word.
    if text.isalpha() and len(text) <= _LONGEST_WORD and not _HAN_LETTER.search(text):
        return _Cut((text,), (False, False))
    text = _without_endings(text)
    words, parts, end = [""], [], 0
    for found in _WORD.finditer(text):
        word = _without_digit(found[0])
        if len(word) <= _LONGEST_WORD or is_han(word):
            parts.append(_parts(text[end : found.start()], words[-1]))
            words.append(word)
            end = found.end()
    parts.append(_parts(text[end:], words[-1], is_last=True))
    return _Cut(tuple(words[1:]), tuple(parts))


def _parts(between: str, before: str, *, is_last: bool = False) -> bool:
    """Tell whether what stands behind a word of a piece, or before the first one, parts words."""
    if _END.search(between) or (is_last and len(before) >= _LEAST_BEFORE_STOP and _STOP.search(between)):
        return True
    return not before and any(map(str.isdigit, between))


_CUT_PIECES = Memo(_cut_piece, _REMEMBERED_PIECES)


def is_han(word: str) -> bool:
    """Tell whether a word is Chinese characters."""
    return "\u3400" <= word[0] <= "\u9fff" or "\uf900" <= word[0] <= "\ufaff" or word[0] >= "\U00020000"


@cache
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")


def simplified(run: str) -> str:
    """Write Chinese in simplified characters."""
    return str(_to_simplified().convert(run))
