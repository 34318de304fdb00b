"""Stems: Snowball where it has the language, a suffix stripper of our own for Kazakh."""

from collections.abc import Callable
from functools import cache

import snowballstemmer

SNOWBALL = {"ru": "russian", "en": "english", "de": "german", "tr": "turkish", "sv": "swedish"}

# Inflection of the Kazakh noun: stem + plural + possessive + case, each with front and back forms that
# agree with the last vowel of the stem (K. Muhamedowa, Kazakh: A Comprehensive Grammar, Routledge 2015,
# chapters on number, possession and case). Longer endings stand first; joined ones are listed whole.
_CASE = (
    "ының інің сының сінің ымның імнің",
    "ынан інен сынан сінен ында інде сында сінде ына іне сына сіне ымен імен сымен сімен",
    "ның нің дың дің тың тің дан ден тан тен нан нен",
    "мен бен пен ға ге қа ке да де та те ны ні ды ді ты ті ын ін",
)
_POSSESSIVE = ("ымыз іміз ыңыз іңіз", "мыз міз ңыз ңіз", "сы сі ым ім ың ің ы і")
_PLURAL = ("лар лер дар дер тар тер",)
_BACK = frozenset("аоұы")
_FRONT = frozenset("әөүіе")
_VOWELS = _BACK | _FRONT | frozenset("иуюяэ")
_LEAST_STEM = 3


def _endings(rows: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted((ending for row in rows for ending in row.split()), key=len, reverse=True))


_SLOTS = tuple(_endings(rows) for rows in (_CASE, _POSSESSIVE, _PLURAL))


def stem_kazakh(word: str) -> str:
    """Strip the inflection of a Kazakh noun written in Cyrillic letters.

    Parameters
    ----------
    word : str
        A word in lower case.

    Returns
    -------
    str
        What is left of it: at least three letters, or two with a long ending, and one vowel.

    Examples
    --------
    >>> stem_kazakh("балды"), stem_kazakh("өнімдеріміздің"), stem_kazakh("жүннен")
    ('бал', 'өнім', 'жүн')
    """
    for endings in _SLOTS:
        for ending in endings:
            stem = word.removesuffix(ending)
            if stem != word and len(stem) >= _LEAST_STEM and _agrees(stem, ending):
                word = stem
                break
    return word


def _agrees(stem: str, ending: str) -> bool:
    """Tell whether an ending has the vowels that its stem asks for; a stem without vowel has none."""
    last = next((letter for letter in reversed(stem) if letter in _VOWELS), None)
    if last is None:
        return False
    front = any(letter in _FRONT for letter in ending)
    if last in _BACK:
        # The instrumental has one form for both harmonies.
        return not front or ending in {"мен", "бен", "пен"}
    return front if last in _FRONT else True


@cache
def stemmer(language: str) -> Callable[[str], str]:
    """Give the function that brings words of a language to their stem; unknown ones stay as they are."""
    if language == "kk":
        return stem_kazakh
    if language in SNOWBALL:
        stem_word: Callable[[str], str] = snowballstemmer.stemmer(SNOWBALL[language]).stemWord
        return stem_word
    return str
