"""Stems of Uzbek nouns in Latin letters.

A noun is stem + plural + possessive + case; Uzbek has no vowel harmony in writing (A. F. Sjoberg, Uzbek
Structural Grammar, Indiana University 1962, the chapter on noun inflection; K. A. Bodrogligeti, Modern
Literary Uzbek, Lincom 2003).
"""

import re

_VOWELS = frozenset("aeiou")
_CASES = ("ning", "dagi", "gacha", "dan", "ni", "ga", "ka", "qa", "da")
_POSSESSIVES = ("ingiz", "ngiz", "imiz", "miz", "lari", "si", "i")
# Those that stand after a vowel only.
_AFTER_VOWEL = frozenset({"si", "miz", "ngiz"})
_PLURAL = "lar"
_LEAST_STEM = 3
# The consonant of a stem speaks softly before a vowel: yaproq, yaprog'i; yurak, yuragi.
_HARDENED = {"g'": "q", "g": "k"}


def stem_uzbek(word: str) -> str:
    """Strip the inflection of an Uzbek noun written in Latin letters.

    Parameters
    ----------
    word : str
        In lower case, with straight apostrophes.

    Returns
    -------
    str
        The stem. A stem that itself ends like an inflected word loses that ending too, in all its forms
        alike.

    Examples
    --------
    >>> [stem_uzbek(word) for word in ("asalni", "yaprog'i", "mahsulotlari", "qo'y", "bug'doydan")]
    ['asal', 'yaproq', 'mahsulot', "qo'y", "bug'doy"]
    """
    while True:
        shorter = _without(_without(_without(word, _CASES), _POSSESSIVES), (_PLURAL,))
        if shorter == word:
            return word
        word = shorter


def _without(word: str, endings: tuple[str, ...]) -> str:
    if not word.endswith(endings):
        return word
    for ending in endings:
        if word.endswith(ending):
            stem = word.removesuffix(ending)
            if len(stem) < _LEAST_STEM or _VOWELS.isdisjoint(stem):
                continue
            if ending in _AFTER_VOWEL and stem[-1] not in _VOWELS:
                continue
            if ending == "i":
                if stem[-1] in _VOWELS:
                    continue
                for soft, hard in _HARDENED.items():
                    if stem.endswith(soft) and not stem.endswith("ng"):
                        return stem.removesuffix(soft) + hard
            return stem
    return word


# At the beginning of a word, and behind a vowel or a sign, е is ye; such a sign is not written.
_YE = re.compile("(?<![^аеёиоуўъыьэюя])е")
_SIGN_BEFORE_Y = re.compile("[ъь](?=[yёюя])")
# Elsewhere ц is s.
_TS = re.compile("(?<=[аеёиоуўыэюя])ц")
_CYRILLIC_TO_LATIN = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфхцъэқҳ", "abvgdeziyklmnoprstufxs'eqh", strict=True))
    | {
        "ж": "j",
        "ё": "yo",
        "ч": "ch",
        "ш": "sh",
        "ь": "",
        "ю": "yu",
        "я": "ya",
        "ў": "o'",
        "ғ": "g'",
    }
)


def to_latin(word: str) -> str:
    """Write an Uzbek word in the Latin alphabet of 1995.

    Parameters
    ----------
    word : str
        In small letters; what is Latin already stays, as do letters that Uzbek does not have.

    Examples
    --------
    >>> to_latin("буғдой"), to_latin("етказиб"), to_latin("ўрик")
    ("bug'doy", 'yetkazib', "o'rik")
    """
    if word.isascii():
        return word
    spelled = _SIGN_BEFORE_Y.sub("", _YE.sub("ye", word.replace("ьо", "ё"))).replace("ўъ", "ў")
    return _TS.sub("ts", spelled).translate(_CYRILLIC_TO_LATIN)


_TO_FIRST_OWN = re.compile("(?:[^goq]|[go](?!'))*(?:q|[go]')")
_WITHOUT_APOSTROPHE = re.compile("[go](?!')")


def beginning_of(word: str) -> re.Pattern[str] | None:
    """Give what words begin with that are written as a word is up to its first letter that is Uzbek alone.

    Parameters
    ----------
    word : str
        In small Latin letters; apostrophes may have been left out before its first one.

    Examples
    --------
    >>> [word for word in ("ko'k", "qo'l", "yaproq") if beginning_of("qol").match(word)]
    ["qo'l"]
    >>> beginning_of("yaprog'i").pattern, beginning_of("asal")
    ("yapro'?(?:g'|q)", None)
    """
    found = _TO_FIRST_OWN.match(word)
    if not found:
        return None
    pattern = _WITHOUT_APOSTROPHE.sub(lambda letter: letter[0] + "'?", found[0])
    # It may be a softened q: yaprog'i.
    return re.compile(pattern.removesuffix("g'") + "(?:g'|q)" if pattern.endswith("g'") else pattern)
