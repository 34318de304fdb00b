"""Stems of Kazakh nouns, and roots of Kazakh verbs, in Cyrillic letters.

A noun is stem + plural + possessive + case. Every ending has a back and a front form, after the last
vowel of what it stands on, and further forms after its last sound; an ending is stripped only where both
allow it (R. Muhamedowa, Kazakh: A Comprehensive Grammar, Routledge 2015, the chapters on phonology and
nominal inflection; C. F. Krippes, Kazakh Grammar with Affix List, Dunwoody Press 1996). The possessives
of "my" and "thy" are left alone: businesses do not speak so, and many stems end in the same letters.

A verb is root + voice + tense + person (the same books, the chapters on verbal morphology). Its endings look
like those of nouns, so that what is left counts as a root only where the thesaurus has the verb.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_BACK_VOWELS = frozenset("аоұыяё")
_FRONT_VOWELS = frozenset("әөүіеэ")
# и, у and ю take the endings of a consonant and belong to either harmony.
_GLIDES = frozenset("рйуию")
_VOWELS = frozenset("аәеоөыіэяё")
_NASALS = frozenset("мнң")
_HARD = frozenset("пткқсшщфхцчбвгд")
_VOICED = _GLIDES | frozenset("лзж")
_TELLING_VOWELS = _BACK_VOWELS | _FRONT_VOWELS
_VOWELS_AND_GLIDES = _TELLING_VOWELS | _GLIDES
_CONSONANTS = _GLIDES | _NASALS | _HARD | frozenset("лзжғһ")

# Case after a bare stem, a plural, or a possessive of "our" and "your": back form, what it stands after.
_CASES = {
    "ның": _VOWELS | _NASALS,
    "дың": _VOICED,
    "тың": _HARD,
    "ны": _VOWELS,
    "ды": _VOICED | _NASALS,
    "ты": _HARD,
    "ға": _VOWELS | _VOICED | _NASALS,
    "қа": _HARD,
    "да": _VOWELS | _VOICED | _NASALS,
    "та": _HARD,
    "дағы": _VOWELS | _VOICED | _NASALS,
    "тағы": _HARD,
    "дан": _VOWELS | _VOICED,
    "тан": _HARD,
    "нан": _NASALS,
    "мен": _VOWELS | _NASALS | _GLIDES | frozenset("л"),
    "бен": frozenset("зж"),
    "пен": _HARD,
}
_AFTER_THEIR = ("", "н", "ның", "на", "нда", "ндағы", "нан", "мен")
_AFTER_OUR = ("", "дың", "ды", "ға", "да", "дағы", "дан", "бен")
_PLURALS = {"лар": _VOWELS | _GLIDES, "дар": _NASALS | frozenset("лзж"), "тар": _HARD}

_TO_FRONT = str.maketrans("аығқ", "еігк")
# A stem that ends hard speaks softly before a vowel: тауық, тауығы.
_HARDENED = {"б": "п", "г": "к", "ғ": "қ"}
# After ы and і the с of a possessive may belong to the stem (жеміс, жемісі); here it does not.
_BEFORE_S = ("шы", "ші", "қы", "кі", "ғы", "гі", "тері", "жүгері")
_LEAST_STEM = 3


class _Ending(NamedTuple):
    form: str
    front: bool | None
    after: frozenset[str]


def _forms(back_form: str, after: frozenset[str]) -> list[_Ending]:
    front_form = back_form.translate(_TO_FRONT)
    if front_form == back_form:
        return [_Ending(back_form, None, after)]
    return [_Ending(back_form, False, after), _Ending(front_form, True, after)]


def _by_form(rows: dict[str, frozenset[str]]) -> dict[str, _Ending]:
    return {ending.form: ending for form, after in rows.items() for ending in _forms(form, after)}


_POSSESSIVES = (
    {f"ы{case}": _CONSONANTS for case in _AFTER_THEIR}
    | {f"сы{case}": _VOWELS for case in _AFTER_THEIR}
    | {f"{our}{case}": _VOWELS for our in ("мыз", "ңыз") for case in _AFTER_OUR}
    | {f"{our}{case}": _CONSONANTS for our in ("ымыз", "ыңыз") for case in _AFTER_OUR}
)
_ENDINGS = _by_form(_POSSESSIVES | _CASES)
_PLURAL_ENDINGS = _by_form(_PLURALS)


def by_last_letter(endings: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Give the lengths of the endings that have a last letter, the longest first."""
    lengths: dict[str, set[int]] = {}
    for form in endings:
        lengths.setdefault(form[-1], set()).add(len(form))
    return {letter: tuple(sorted(found, reverse=True)) for letter, found in lengths.items()}


_LENGTHS, _PLURAL_LENGTHS = by_last_letter(_ENDINGS), by_last_letter(_PLURAL_ENDINGS)


def stem_kazakh(word: str) -> str:
    """Strip the inflection of a Kazakh noun written in Cyrillic letters.

    Parameters
    ----------
    word : str
        A word in lower case.

    Returns
    -------
    str
        The stem. A stem that itself ends like an inflected word loses that ending too, in all its
        forms alike, so that they still meet.

    Examples
    --------
    >>> [stem_kazakh(word) for word in ("балды", "өнімдеріміздің", "тауығы", "ұнның", "еті")]
    ['бал', 'өнім', 'тауық', 'ұн', 'ет']
    """
    while True:
        shorter = _without(_without(word, _ENDINGS, _LENGTHS), _PLURAL_ENDINGS, _PLURAL_LENGTHS)
        if shorter == word:
            return word
        word = shorter


def _without(word: str, endings: dict[str, _Ending], lengths: dict[str, tuple[int, ...]]) -> str:
    for length in lengths.get(word[-1:], ()):
        ending = endings.get(word[-length:])
        # Of a word that is shorter than the ending all of it is looked up, and then again.
        if ending and len(ending.form) == length:
            stem = word[:-length]
            if _fits(stem, ending):
                return _hardened(stem) if ending.form[0] in "ыі" else stem
    return word


def _fits(stem: str, ending: _Ending) -> bool:
    if not _may_be_a_stem(stem) or stem.removesuffix("ь")[-1:] not in ending.after:
        return False
    if ending.form[0] == "с" and stem[-1] in "ыі" and not stem.endswith(_BEFORE_S):
        return False
    front = is_front(stem)
    return ending.front is None or front is None or front == ending.front


def _may_be_a_stem(stem: str) -> bool:
    """Tell whether a noun may be that short: ет and су, but not те."""
    if len(stem) >= _LEAST_STEM:
        return not _VOWELS_AND_GLIDES.isdisjoint(stem)
    return len(stem) == _LEAST_STEM - 1 and (
        (stem[0] in _TELLING_VOWELS and stem[1] in _CONSONANTS) or stem[1] in "уи"
    )


def is_front(stem: str) -> bool | None:
    """Tell whether the last vowel of a word is front; None where none is.

    Examples
    --------
    >>> is_front("дүкен"), is_front("сауда"), is_front("су")
    (True, False, None)
    """
    for letter in reversed(stem):
        if letter == "и":
            return None
        if letter in _FRONT_VOWELS:
            return True
        if letter in _BACK_VOWELS:
            return False
    return None


def _hardened(stem: str) -> str:
    return stem[:-1] + _HARDENED.get(stem[-1], stem[-1])


# Participles, converbs, present and past of "we", "they" and polite "you", what one wants to do, and the
# condition; not the shortest ones, which nouns have too.
_VERB_ENDING = re.compile(
    "(?:"
    "[ае](?:мын|мін|мыз|міз|сыз|сіз|ды|ді|тын|тін|тындар|тіндер)|"
    "[йя](?:мын|мін|мыз|міз|сыз|сіз|ды|ді|тын|тін|тындар|тіндер)|"
    "[ғгқк][ае]н(?:нан|нен|дар|дер|ба|бе|да|де|ға|ге|ды|ді)?|"
    "(?:ы|і)?п|"
    "[дт](?:ық|ік|ыңыз|іңіз)|"
    "(?<=л)(?:ды|ді)|"
    "[мбп][ае][қк](?:шы|ші)?(?:пыз|піз|пын|пін|сыз|сіз)?|"
    "[ғгқк](?:ымыз|іміз|ым|ім|ыңыз|іңіз|ысы|ісі)|"
    "с[ае](?:қ|к|м|ңыз|ңіз)|"
    "ушы|уші"
    ")$"
)
# Passive, reflexive and causative.
_VOICE = re.compile("(?<=.)(?:ыл|іл|ын|ін|л|н|дыр|дір|тыр|тір|т)$")
_LEAST_ROOT, _LEAST_ROOT_OF_VOICE = 2, 3


def verb_roots(word: str) -> Iterator[str]:
    """List what a word may be a form of, as roots of verbs, the longest first.

    Parameters
    ----------
    word : str
        A word in lower case.

    Examples
    --------
    >>> list(verb_roots("шығарамыз")), list(verb_roots("жасалған")), list(verb_roots("бал"))
    (['шығар'], ['жасал', 'жаса'], [])
    """
    ending = _VERB_ENDING.search(word)
    if ending and ending.start() >= _LEAST_ROOT:
        root = word[: ending.start()]
        if ending.group().startswith("я"):
            # Two letters in one: құй + амыз.
            root += "й"
        yield root
        voice = _VOICE.search(root)
        if voice and voice.start() >= _LEAST_ROOT_OF_VOICE:
            yield root[: voice.start()]
