"""Of which known words a Kazakh, Turkish or Uzbek word may be a form.

A word is cut where a known one ends, and is a form of it where the rest is a row of endings of its language
that goes with the sounds before it.
"""

import re
from collections.abc import Container, Iterator
from typing import NamedTuple

from matching.text.endings import GRAMMARS, Grammar

_LEAST_STEM = 2
_LEAST_WITH_TWO_CONSONANTS = 3
# Shorter words with such endings are no loan words: at, atlar.
_LEAST_SOFT = 3
# What speaks for a base: each of its letters, and what it is.
_LETTER, _NOUN, _VERB, _UNSURE_NOUN = 2, 4, 1, -2
# Stands where an ending has its vowels whatever stands before it.
_ANY_HARMONY = "-"
# The endings of a verb as a dictionary gives it.
_VERBAL_NOUNS = {"kk": ("у",), "tr": ("mak", "mek"), "uz": ("moq", "ish", "sh")}
# How Turkish calls what is done: öğütme. Of short words many that end so are of no verb: çeşme.
_DEED = re.compile("(.*[aıoueiöü].*[aıoueiöü].*)m[ae]")
_LEAST_ROOT = 3
# Of shorter ones most are no roots: тау, besh.
_SHORT_ROOTS = {
    "kk": frozenset("ал аш ег ек ен же жу оқ ор өр өс өт ұр ұш іл іш".split()),
    "tr": frozenset("aç al ek iç ye".split()),
    "uz": frozenset("ek ich oq ol".split()),
}
# Before it a root loses its last vowel, and the one that comes goes with the vowel before: başla, başlıyor;
# yükle, yüklüyor.
_YOR = re.compile("[ıiuü]yor")
# Before these it has another: ishla, ishlovchi; o'qi, o'quvchi.
_OV = re.compile("[ou]v")
_BEFORE_OV = {"ov": "a", "uv": "i"}


class Base(NamedTuple):
    """A known word before endings.

    Attributes
    ----------
    word : str
        A noun, or the root of a verb.
    is_verb : bool
    is_denied : bool
        Whether the verb is said not to be done.
    is_doer : bool
        Whether the word is who does it.
    """

    word: str
    is_verb: bool = False
    is_denied: bool = False
    is_doer: bool = False


def bases_of(word: str, grammar: Grammar, nouns: Container[str], roots: Container[str]) -> list[Base]:
    """List the known words of which a word may be a form: the likeliest first, and of those the longest.

    Parameters
    ----------
    word : str
        In small letters; Kazakh in Cyrillic ones, Uzbek in Latin ones.
    grammar : Grammar
    nouns, roots : container of str
        Known nouns, and roots of known verbs.

    Returns
    -------
    list of Base
        The longest first; of almost the same length first nouns, then verbs, then nouns of which something
        else is made, that change before their endings, or that are mine or thine: what looks like it is often
        a verb.

    Examples
    --------
    >>> [base.word for base in bases_of("kitaplarımızda", GRAMMARS["tr"], {"kitap"}, {"kit"})]
    ['kitap']
    >>> [base.word for base in bases_of("аламыз", GRAMMARS["kk"], {"ала"}, {"ал"})]
    ['ал', 'ала']
    """
    # Each with how much speaks for it. Most beginnings are no word, which is asked before all else.
    found: list[tuple[int, Base]] = []
    for end in range(len(word) - 1, _LEAST_STEM - 1, -1):
        stem = word[:end]
        if stem in nouns:
            found += _as_noun(stem, word, end, grammar)
        if stem in roots:
            found += _as_verb(stem, word, end, grammar)
        if word[end] in grammar.vowels:
            for one in _otherwise(stem, grammar):
                if one in nouns:
                    found += _as_noun(one, word, end, grammar)
            for one in _full_roots(stem, word[end:], grammar):
                if one in roots:
                    found += _as_verb(one, word, end, grammar, stem)
    found.sort(key=lambda one: -one[0])
    return [base for _, base in found]


def is_case(ending: str) -> bool:
    """Tell whether Turkish puts an ending behind names.

    Examples
    --------
    >>> is_case("den"), is_case("nin"), is_case("an")
    (True, True, False)
    """
    grammar = GRAMMARS["tr"]
    return bool(grammar.after_vowel.fullmatch(ending) or grammar.after_consonant.fullmatch(ending))


def _as_noun(noun: str, word: str, end: int, grammar: Grammar) -> list[tuple[int, Base]]:
    rest = word[end:]
    patterns = grammar.after_vowel if noun[-1] in grammar.vowels else grammar.after_consonant
    endings = patterns.fullmatch(rest)
    if not endings or not _assimilates(rest, noun, grammar) or not _harmonises(rest, noun, grammar):
        return []
    is_sure = word.startswith(noun) and not any(endings.groups())
    return [(_LETTER * end + (_NOUN if is_sure else _UNSURE_NOUN), Base(noun))]


def _as_verb(root: str, word: str, end: int, grammar: Grammar, stem: str = "") -> list[tuple[int, Base]]:
    rest = word[end:]
    endings = grammar.after_root.fullmatch(rest)
    # Typed without its letters Turkish has no harmony: kaliyoruz.
    is_typed = endings and endings["certain"] and word.isascii()
    if not endings or not (is_typed or _harmonises(rest, stem or root, grammar)):
        return []
    sure = _LETTER * (len(word) if endings["certain"] else end) + (0 if endings["doer"] else _VERB)
    is_denied, is_doer = endings["denied"] is not None, endings["doer"] is not None
    return [(sure, Base(root, is_verb=True, is_denied=is_denied, is_doer=is_doer))]


def roots_of(word: str, language: str) -> Iterator[str]:
    """Give the root of a verb as a dictionary has it, in each way in which it is written in its forms.

    Examples
    --------
    >>> list(roots_of("табу", "kk")), list(roots_of("satmak", "tr")), list(roots_of("bal", "tr"))
    (['таб', 'тап'], ['sat'], [])
    """
    for ending in _VERBAL_NOUNS[language]:
        root = word.removesuffix(ending)
        if root != word and (len(root) >= _LEAST_ROOT or root in _SHORT_ROOTS[language]):
            yield root
            if language == "kk":
                yield from _hardened(root, GRAMMARS["kk"])


def root_of_deed(word: str) -> str:
    """Give the root of a verb by what Turkish calls what is done; nothing for another word.

    Examples
    --------
    >>> root_of_deed("öğütme"), root_of_deed("çeşme")
    ('öğüt', '')
    """
    found = _DEED.fullmatch(word)
    return found[1] if found else ""


def _otherwise(stem: str, grammar: Grammar) -> Iterator[str]:
    """List what a noun may be that ends so before a vowel: kitab, kitap; şehr, şehir."""
    yield from _hardened(stem, grammar)
    if (
        stem[-1] not in grammar.vowels
        and stem[-2] not in grammar.vowels
        and len(stem) >= _LEAST_WITH_TWO_CONSONANTS
    ):
        for vowel in grammar.fleeting:
            yield stem[:-1] + vowel + stem[-1]


def _hardened(stem: str, grammar: Grammar) -> Iterator[str]:
    for soft, hard in grammar.softened:
        if stem.endswith(soft):
            yield stem.removesuffix(soft) + hard


def _full_roots(stem: str, rest: str, grammar: Grammar) -> Iterator[str]:
    """List what a root may be that ends so before a vowel: ed, et; çevr, çevir; ishl, ishla."""
    if grammar is GRAMMARS["uz"]:
        if found := _OV.match(rest):
            yield stem + _BEFORE_OV[found[0]]
    elif grammar is GRAMMARS["tr"]:
        if stem[-1] == "d":
            yield stem[:-1] + "t"
        if stem[-1] == "r" and rest[1:2] == "l":
            yield stem[:-1] + rest[0] + "r"
        if _YOR.match(rest):
            yield stem + "a"
            yield stem + "e"


def _assimilates(rest: str, stem: str, grammar: Grammar) -> bool:
    """Tell whether endings begin as hard as the stem ends: ағаштар, аралар."""
    if rest[0] in grammar.hard:
        return stem[-1] in grammar.before_hard
    return rest[0] not in grammar.voiced or stem[-1] not in grammar.before_hard


def _harmonises(rest: str, stem: str, grammar: Grammar) -> bool:
    """Tell whether the vowels of endings go with those before: ağaçlar, evler."""
    following = grammar.next_vowels
    last = next((letter for letter in reversed(stem) if letter in grammar.vowels), "")
    if stem.endswith(grammar.soft) and len(stem) >= _LEAST_SOFT:
        # Of loan words: saati, kontrolü; цехтар.
        last = ""
    for letter in grammar.disharmonic.sub(_ANY_HARMONY, rest):
        if letter == _ANY_HARMONY:
            last = ""
        elif letter in grammar.vowels:
            if last in following and letter not in following[last]:
                return False
            last = letter
    return True
