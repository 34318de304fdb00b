"""Cutting a text into words."""

import re
import unicodedata
from functools import cache
from itertools import chain

from opencc import OpenCC

from matching.text.memo import Memo

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_LETTER = rf"[^\W\d_{_HAN}]"
# A run of Chinese characters; or a word, which may have apostrophes inside and a number behind it (E330,
# B12).
_WORD = re.compile(rf"[{_HAN}]+|{_LETTER}+(?:'{_LETTER}+)*(?:\d+|(?<=[OGog])')?")
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼʻ`´", "'"))
_LONGEST_WORD = 60
_REMEMBERED_PIECES, _LONGEST_REMEMBERED = 200_000, 40


def sound(text: str) -> str:
    """Bring a text in any state to one way of writing its characters."""
    # A lone surrogate is no letter, and nothing later can encode it. The numero sign would become a word.
    sendable = text.encode("utf-8", "replace").decode("utf-8").replace("№", " ")
    return unicodedata.normalize("NFKC", sendable).translate(_APOSTROPHES)


def words_of(text: str) -> list[str]:
    """Cut a sound text into words as they stand; a run of Chinese characters counts as one.

    Examples
    --------
    >>> words_of("Bog' mevalari, 20 т мёд; E330 蜂蜜")
    ["Bog'", 'mevalari', 'т', 'мёд', 'E330', '蜂蜜']
    """
    return [word for word in _WORD.findall(text) if len(word) <= _LONGEST_WORD or is_han(word)]


def words_in(text: str) -> list[str]:
    """Cut a text in any state into words: what `words_of` gives once the text is sound.

    No word goes past a blank, and no character is changed by what stands behind one, so that what stands
    between blanks, which comes again and again, is cut once.
    """
    pieces = text.split()
    if max(map(len, pieces), default=0) <= _LONGEST_REMEMBERED:
        return list(chain.from_iterable(map(_WORDS_OF_PIECES.__getitem__, pieces)))
    return [word for piece in pieces for word in _words_of_piece(piece)]


def _words_of_piece(piece: str) -> tuple[str, ...]:
    return tuple(words_of(sound(piece)))


_WORDS_OF_PIECES = Memo(_words_of_piece, _REMEMBERED_PIECES)


def is_han(word: str) -> bool:
    """Tell whether a word is Chinese characters."""
    return "\u3400" <= word[0] <= "\u9fff" or "\uf900" <= word[0] <= "\ufaff" or word[0] >= "\U00020000"


@cache
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")


def simplified(run: str) -> str:
    """Write Chinese in simplified characters."""
    return str(_to_simplified().convert(run))
