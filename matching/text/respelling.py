"""Kazakh words of Latin and Arabic script as words of the thesaurus, which has them in Cyrillic letters.

An alphabet does not tell all letters apart: in Arabic script one hamza, or a letter with a front vowel beside
it, says of a whole word that its vowels are front; plain keyboards have one letter for а and ә, one for к and
қ, and one for ы, і, и and й. So a word is compared in letters in which all of these are one, and of the words
that look the same there those are left that its own alphabet may spell so.
"""

import re
from collections.abc import Iterable

from matching.text.bases import Base, bases_of
from matching.text.endings import GRAMMARS, Grammar
from matching.text.kazakh import is_front
from matching.text.script import is_arabic, says_front, spelled_out
from matching.text.stemming import spelled

_SHARED = str.maketrans("әөүұңғқыійһэ", "аоуунгкииихе")
_VOWELS_OF_WORD, _LETTERS_I = "аәеоөуұүэ", "ыіий"
# й between vowels is heard anyway, and written or not: линия, linia; киіз, kiyiz.
_FEWER_I = re.compile(f"([{_LETTERS_I}])[{_LETTERS_I}]+(?=[{_VOWELS_OF_WORD}])")
_THREE_I = re.compile(f"([{_LETTERS_I}]{{2}})[{_LETTERS_I}]+")
_IN_ONE_HARMONY = ("аә", "оө", "ұү", "ыі")
_ALIKE_IN_ARABIC = {
    letter: frozenset(letters) for letters in (*_IN_ONE_HARMONY, "ий", "еэ", "хһ") for letter in letters
}
# Some fonts have one letter for ы, і, и and й; at the beginning of words и is often written as ы.
_ONE_YEH, _FIRST_I = "ی", "ى"
_ALIKE_BY_YEH = _ALIKE_IN_ARABIC | dict.fromkeys("иый", frozenset(_LETTERS_I))
# What only these letters may stand for in Latin script.
_MARKS = {"қ": re.compile("q"), "ғ": re.compile("[ğǵ]|g[h']")}
_SURE_IN_LATIN = frozenset("әөүң")
_FRONT, _BACK = frozenset("әөүі"), frozenset("аоұы")
_TELLING = re.compile("[ае]")


def is_cyrillic(word: str) -> bool:
    """Tell whether a word begins with a Cyrillic letter."""
    return "\u0400" <= word[0] <= "\u04ff"


def _written(word: str) -> str:
    """Write a word in Cyrillic letters as well as its alphabet allows, its sounds in one way."""
    letters = spelled_out(spelled(word, "kk")).replace("тш", "ч")
    return _THREE_I.sub(r"\1", _FEWER_I.sub(r"\1", letters))


def _in_shared_letters(grammar: Grammar) -> Grammar:
    return grammar._replace(
        vowels="аеои",
        after_vowel=_shared_pattern(f"{grammar.after_vowel.pattern}|{grammar.after_consonant.pattern}"),
        after_consonant=_shared_pattern(grammar.after_consonant.pattern),
        after_root=_shared_pattern(grammar.after_root.pattern),
        next_vowels={"а": "аои", "е": "еои"},
        disharmonic=_shared_pattern(grammar.disharmonic.pattern),
        fleeting="и",
    )


def _shared_pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.translate(_SHARED))


_GRAMMAR = _in_shared_letters(GRAMMARS["kk"])


class Respelling:
    """The words of the thesaurus by the letters that all scripts share.

    Parameters
    ----------
    nouns, roots : iterable of str
        Words as they stand before endings, and roots of verbs, in Cyrillic letters.
    """

    def __init__(self, nouns: Iterable[str], roots: Iterable[str]) -> None:
        self._nouns, self._roots = _by_shared_letters(nouns), _by_shared_letters(roots)

    def whole(self, word: str) -> list[str]:
        """List the words that another script may spell so.

        Examples
        --------
        >>> known = Respelling(["көл", "қол", "тәсіл", "тасыл"], [])
        >>> [known.whole(word) for word in ("kol", "qol", "تاسىل")]
        [['көл', 'қол'], ['қол'], ['тасыл']]
        """
        written = _written(word)
        listed = self._nouns.get(written.translate(_SHARED), "").split()
        return [one for one in listed if _may_begin(word, written, _written(one), 0)]

    def bases(self, word: str) -> list[Base]:
        """List the words of which a word of another script may be a form, as `bases_of` does.

        Examples
        --------
        >>> known = Respelling(["көл", "қол"], ["сат"])
        >>> [base.word for word in ("koldan", "كولگە", "satamyz") for base in known.bases(word)]
        ['қол', 'көл', 'сат']
        """
        written = _written(word)
        shared = written.translate(_SHARED)
        return [
            base._replace(word=one)
            for base in bases_of(shared, _GRAMMAR, self._nouns, self._roots)
            for one in (self._roots if base.is_verb else self._nouns)[base.word].split()
            if _goes_with(shared[len(base.word) :], one)
            # Before endings the last letters may be others.
            and _may_begin(word, written, _written(one), 0 if shared.startswith(base.word) else 2)
        ]


def _by_shared_letters(words: Iterable[str]) -> dict[str, str]:
    """Give words by the letters that all scripts share; several with blanks between them."""
    found: dict[str, str] = {}
    for word in words:
        shared = _written(word).translate(_SHARED)
        found[shared] = f"{found[shared]} {word}" if shared in found else word
    return found


def _goes_with(rest: str, word: str) -> bool:
    """Tell whether the vowels of endings are front or back as the last one of the word before them."""
    telling = _TELLING.search(_GRAMMAR.disharmonic.sub("", rest))
    front = is_front(word)
    return telling is None or front is None or front == (telling[0] == "е")


def may_begin(word: str, form: str, letters: int) -> bool:
    """Tell whether a word of another script may begin with so many letters of a Cyrillic one."""
    written = _written(word)
    return _may_begin(word, written, _written(form)[:letters], 0)


def _may_begin(word: str, written: str, form: str, uncertain: int) -> bool:
    """Tell whether a word may begin with the letters of a form, but for so many of its last ones."""
    pairs = zip(written, form[: len(form) - uncertain], strict=False)
    if is_arabic(word):
        alike = _ALIKE_BY_YEH if _ONE_YEH in word or word[0] == _FIRST_I else _ALIKE_IN_ARABIC
        return _harmony_is(says_front(word), form) and all(
            one == other or other in alike.get(one, ()) for one, other in pairs
        )
    sure = _SURE_IN_LATIN.union(one for one, mark in _MARKS.items() if mark.search(word))
    return all(one == other or one not in sure for one, other in pairs)


def _harmony_is(front: bool | None, form: str) -> bool:
    """Tell whether the vowels of a form may be front, or back, as a word in Arabic script says."""
    # A word with both, as compounds and loan words are, is written with a hamza or without.
    missing, other = (_FRONT, _BACK) if front else (_BACK, _FRONT)
    return front is None or other.isdisjoint(form) or not missing.isdisjoint(form)
