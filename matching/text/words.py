"""Cutting a text into words."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import chain

from opencc import OpenCC

from matching.text.memo import Memo
from matching.text.ragged import Ragged, ends_of, numbered

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_LETTER = rf"[^\W\d_{_HAN}]"
# A run of Chinese characters; or a word, which may have apostrophes inside and a number behind it (E330,
# B12), or the apostrophe of a letter: bog', burys'.
_WORD = re.compile(rf"[{_HAN}]+|{_LETTER}+(?:'{_LETTER}+)*(?:\d+|(?<=[ACGINOSUYacginosuy])')?")
_HAN_LETTER = re.compile(f"[{_HAN}]")
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼʻ`´", "'"))
_LONGEST_WORD = 60
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
    return list(chain.from_iterable(map(_words_of, text.split())))


def words_in_texts(texts: Sequence[str]) -> tuple[list[str], Ragged]:
    """Cut texts into words as `words_in` does.

    Returns
    -------
    words : list of str
        All different words.
    texts : Ragged
        The numbers of the words of every text.
    """
    parted = [text.split() for text in texts]
    in_pieces = ends_of(parted)
    pieces, numbers = numbered(chain.from_iterable(parted), int(in_pieces[-1]))
    cut = list(map(_words_of, pieces))
    ends = ends_of(cut)
    words, of_pieces = numbered(chain.from_iterable(cut), int(ends[-1]))
    found = Ragged(of_pieces, ends).taken(numbers)
    return words, Ragged(found.values, found.ends[in_pieces])


def _words_of(piece: str) -> tuple[str, ...]:
    return _WORDS_OF_PIECES[piece] if len(piece) <= _LONGEST_REMEMBERED else _words_of_piece(piece)


def _words_of_piece(piece: str) -> tuple[str, ...]:
    text = sound(piece)
    # Most pieces are one word.
    if text.isalpha() and len(text) <= _LONGEST_WORD and not _HAN_LETTER.search(text):
        return (text,)
    return tuple(words_of(text))


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
