"""From a text to its terms, each with the word that stands for it in the text."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from matching.text.language import FUNCTION_WORDS, detect_language
from matching.text.stemming import stemmer

_WORD = re.compile(r"[^\W_]+")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_LONGEST_WORD = 60
# A dotless and a dotted i are one letter to a search, and case folding leaves a dot behind the latter.
_LETTERS = str.maketrans({"ı": "i", "\u0307": None, "ё": "е", "ʼ": None, "'": None, "’": None})


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
    """Bring a text to its terms: Unicode words, without function words, as stems.

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
    Linear in the length of the text. Chinese is cut into pairs of letters.

    Examples
    --------
    >>> [term.term for term in analyze("Мы производим натуральный мёд")]
    ['производ', 'натуральн', 'мед']
    """
    clean = _normalised(text)
    spoken = (language or detect_language(clean)).split("-", maxsplit=1)[0]
    return list(_terms(clean, spoken))


def _normalised(text: str) -> str:
    sound = text.encode("utf-8", "replace").decode("utf-8")
    return unicodedata.normalize("NFKC", sound)


def _terms(text: str, language: str) -> Iterator[Term]:
    ignored = FUNCTION_WORDS.get(language, frozenset())
    for found in _WORD.finditer(text):
        surface = found.group()
        if _HAN.search(surface):
            yield from _chinese(surface)
            continue
        word = _folded(surface)
        if word in ignored or len(word) < 2 or len(word) > _LONGEST_WORD:  # noqa: PLR2004 - single letters say nothing
            continue
        yield Term(_stemmed(word, language), surface)


def _folded(word: str) -> str:
    return word.casefold().translate(_LETTERS)


def _chinese(run: str) -> Iterator[Term]:
    for part in _HAN.findall(run):
        if len(part) == 1:
            yield Term(part, part)
        for start in range(len(part) - 1):
            pair = part[start : start + 2]
            yield Term(pair, pair)


@lru_cache(maxsize=200_000)
def _stemmed(word: str, language: str) -> str:
    return stemmer(language)(word)
