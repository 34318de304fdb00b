"""Stems of Uzbek nouns in Latin letters.

A noun is stem + plural + possessive + case; Uzbek has no vowel harmony in writing (A. F. Sjoberg, Uzbek
Structural Grammar, Indiana University 1962, the chapter on noun inflection; K. A. Bodrogligeti, Modern
Literary Uzbek, Lincom 2003).
"""

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


_CYRILLIC_TO_LATIN = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфхъыэқҳ", "abvgdeziyklmnoprstufx'ieqh", strict=True))
    | {
        "ж": "j",
        "ё": "yo",
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "sh",
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
        In small letters; what is Latin already stays.

    Examples
    --------
    >>> to_latin("буғдой"), to_latin("етказиб"), to_latin("ўрик")
    ("bug'doy", 'yetkazib', "o'rik")
    """
    spelled = "ye" + word[1:] if word.startswith("е") else word
    return spelled.translate(_CYRILLIC_TO_LATIN)
