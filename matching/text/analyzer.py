"""From a text to its terms, each with the word that stands for it in the text."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from matching.text.language import FUNCTION_WORDS, detect_language
from matching.text.stemming import stem

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_LETTER = rf"[^\W_{_HAN}]"
_APOSTROPHES = "'’‘ʼʻ"
# A run of Chinese characters, or a word, which may have apostrophes inside.
_WORD = re.compile(rf"(?P<han>[{_HAN}]+)|{_LETTER}+(?:[{_APOSTROPHES}]{_LETTER}+)*")
_SHORTEST_WORD = 2
_LONGEST_WORD = 60

# Case folding leaves a dot behind the capital dotted i; ё is mostly written without its dots.
_FOLDED = str.maketrans({"\u0307": None, "ё": "е", **dict.fromkeys(_APOSTROPHES, "'")})
_TURKISH_CAPITALS = str.maketrans({"I": "ı", "İ": "i"})
# After stemming, which needs the difference: with or without its dot, and with or without an apostrophe,
# a word is looked for as one.
_SAME_TO_A_SEARCH = str.maketrans({"ı": "i", "'": None})


class Term(NamedTuple):
    """One term of a text.

    Attributes
    ----------
    term : str
        What is counted and compared.
    surface : str
        The word as it stands in the text.
    """

    term: str
    surface: str


def analyze(text: str, language: str | None = None) -> list[Term]:
    """Bring a text to its terms: Unicode words as stems, without function words and bare numbers.

    Parameters
    ----------
    text : str
        Any text, in any state: empty, broken, mixed, very long.
    language : str, optional
        BCP 47 tag of the text; detected when left out.

    Returns
    -------
    list of Term
        In the order of the text; empty when it has no usable word.

    Notes
    -----
    Linear in the length of the text. Chinese is cut into pairs of characters. A word in Latin letters
    within a text of another script counts as English, a word in Cyrillic within a Latin text as Russian.

    Examples
    --------
    >>> [term.term for term in analyze("Мы производим натуральный мёд, 20 тонн")]
    ['производ', 'натуральн', 'мед', 'тон']
    """
    # A lone surrogate is no letter, and nothing later can encode it.
    sound = unicodedata.normalize("NFKC", text.encode("utf-8", "replace").decode("utf-8"))
    spoken = (language or detect_language(sound)).split("-", maxsplit=1)[0].lower()
    return list(_terms(sound, spoken))


def _terms(text: str, language: str) -> Iterator[Term]:
    for found in _WORD.finditer(text):
        surface = found.group()
        if found.group("han"):
            yield from _chinese(surface)
        elif _SHORTEST_WORD <= len(surface) <= _LONGEST_WORD:
            term = _term(surface, language)
            if term:
                yield Term(term, surface)


@lru_cache(maxsize=100_000)
def _term(surface: str, language: str) -> str:
    """Give the term of a word, or nothing for a function word, a single letter and a number."""
    spoken = _language_of(surface, language)
    word = _folded(surface, spoken)
    if word in FUNCTION_WORDS.get(spoken, ()) or len(word) < _SHORTEST_WORD:
        return ""
    if not any(letter.isalpha() for letter in word):
        return ""
    return stem(word, spoken).translate(_SAME_TO_A_SEARCH)


def _language_of(surface: str, language: str) -> str:
    script = unicodedata.name(surface[0], "").partition(" ")[0]
    if script == "LATIN" and language in {"ru", "kk", "uz", "zh", "ar"}:
        return "en"
    if script == "CYRILLIC" and language in {"en", "de", "tr", "sv", "zh", "ar"}:
        return "ru"
    return language


def _folded(surface: str, language: str) -> str:
    if language == "tr":
        surface = surface.translate(_TURKISH_CAPITALS)
    return surface.casefold().translate(_FOLDED)


def _chinese(run: str) -> Iterator[Term]:
    if len(run) == 1:
        yield Term(run, run)
    for start in range(len(run) - 1):
        pair = run[start : start + 2]
        yield Term(pair, pair)
