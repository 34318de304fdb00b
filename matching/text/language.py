"""Telling the language of a text by its script, its letters and its function words."""

import re
import unicodedata

_KAZAKH_LETTERS = frozenset("әғқңөұүһі")
_KAZAKH_ARABIC_LETTERS = frozenset("ٴۇۆەىڭگۋ")
# In the order in which ties are settled: a Latin text without any sign counts as English. A letter that
# only one of the languages has says twice what a shared one says.
_LATIN_LETTERS: dict[str, dict[str, int]] = {
    "en": {},
    "sv": {"å": 2, "ä": 1, "ö": 1},
    "de": {"ß": 2, "ä": 1, "ö": 1, "ü": 1},
    "tr": {"ğ": 2, "ı": 2, "ş": 2, "\u0307": 2, "ç": 1, "ö": 1, "ü": 1},
}

# The commonest words that carry grammar and no trade; they also are the stop words.
FUNCTION_WORDS: dict[str, frozenset[str]] = {
    "en": frozenset(
        "a an and are as at be been but by can do each for from has have if in into is it its more most not "
        "of on or other our own per so such than that the their them they this those to up us want we were "
        "which who will with you your".split()
    ),
    "ru": frozenset(
        "а без бы в вам вас ваш во все всех вы где для до его ее ей если есть еще же за и из или им их к как "
        "ко который которые ли мы на над нам нами нас наш наша наше наши не нет ни но о об он она они от по "
        "под при с свой своя со также так то того у уже чем что чтобы это этот я".split()
    ),
    "kk": frozenset(
        "ал арқылы бар барлық бен бір біз біздің бойынша болады болып бұл да дейін де деп және жоқ кейін "
        "керек қана мен не немесе өз пен сондай сол та те тек туралы үшін ғана".split()
    ),
    "de": frozenset(
        "als am an auch auf aus bei bis das dem den der des die durch ein eine einem einen einer eines es "
        "für haben hat im in ist kann mit nach nicht oder sich sie sind über um und uns unser unsere "
        "unseren von vor wie wir wird zu zum zur".split()
    ),
    "tr": frozenset(
        "bir bu çok da daha de değil en gibi göre her için ile ise kadar ki mi mı mu mü olan olarak olup "
        "sonra şu tüm ve veya ya yok biz bizim".split()
    ),
    "sv": frozenset(
        "att av bara de den det detta där eller en ett från för ha har i inte kan med men mot när och om oss "
        "på samt ska som till under vi vår våra vara är".split()
    ),
}
_WORD = re.compile(r"[^\W\d_]+")


def detect_language(text: str) -> str:
    """Tell the language of a text.

    Parameters
    ----------
    text : str
        Any text, of any length; the first 2,000 characters decide.

    Returns
    -------
    str
        `kk`, `ru`, `en`, `de`, `tr`, `sv`, `uz` (Cyrillic), `zh`, `kk-Arab`, `ar`, or `und` for a text
        without letters or in another script. A Latin text without a sign of another language counts as
        English.

    Examples
    --------
    >>> detect_language("таза бал және жүн"), detect_language("Honig für Läden")
    ('kk', 'de')
    """
    # Not folded: that would write ß as ss. A capital İ leaves its dot behind, a sign of Turkish.
    sample = text[:2000].lower()
    letters = [letter for letter in sample if letter.isalpha()]
    if not letters:
        return "und"
    present = frozenset(sample)
    script = _script(letters)
    if script == "HAN":
        return "zh"
    if script == "ARABIC":
        return "kk-Arab" if present & _KAZAKH_ARABIC_LETTERS else "ar"
    words = _WORD.findall(sample)
    if script == "CYRILLIC":
        return _cyrillic(words, present)
    return _latin(words, present) if script == "LATIN" else "und"


def _script(letters: list[str]) -> str:
    counts: dict[str, int] = {}
    for letter in letters:
        name = unicodedata.name(letter, "").split(" ", maxsplit=1)[0]
        name = "HAN" if name == "CJK" else name
        counts[name] = counts.get(name, 0) + 1
    return max(sorted(counts), key=lambda name: counts[name])


def _cyrillic(words: list[str], present: frozenset[str]) -> str:
    if "ў" in present or "ҳ" in present:
        return "uz"
    return "kk" if present & _KAZAKH_LETTERS or _votes("kk", words) > _votes("ru", words) else "ru"


def _latin(words: list[str], present: frozenset[str]) -> str:
    scores = {
        language: _votes(language, words) + sum(letters[letter] for letter in present & set(letters))
        for language, letters in _LATIN_LETTERS.items()
    }
    return max(scores, key=lambda language: scores[language])


def _votes(language: str, words: list[str]) -> int:
    return sum(word in FUNCTION_WORDS[language] for word in words)
