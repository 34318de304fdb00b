"""Telling the languages of a text by its scripts, letters, function words and words of the trade."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from matching.text.function_words import FUNCTION_WORDS
from matching.text.lexicon import BEGINNING, lexicon
from matching.text.memo import Memo
from matching.text.words import words_in

Script = Literal["latin", "cyrillic", "arabic", "han", "other"]
_Says = tuple[tuple[str, float], ...]

# In the order in which ties are settled: without any sign, Latin counts as English and Cyrillic as Russian.
_CANDIDATES: dict[Script, tuple[str, ...]] = {
    "latin": ("en", "kk", "tr", "de", "sv", "uz"),
    "cyrillic": ("ru", "kk", "uz", "ky", "mn"),
    "arabic": ("kk", "ar"),
    "han": ("zh",),
    "other": ("und",),
}
# A letter that only one of the languages has says more than a shared one.
_LETTERS: dict[Script, dict[str, dict[str, float]]] = {
    "latin": {
        "sv": {"å": 3, "ä": 1, "ö": 1},
        "de": {"ß": 3, "ä": 1.1, "ö": 1, "ü": 1.1},
        "tr": {"ş": 1.5, "ç": 2, "ı": 1.5, "ğ": 1.5, "ö": 0.5, "ü": 1, "\u0307": 1},
        "uz": {"o'": 2, "g'": 2, "q": 1, "x": 0.5},
        "kk": {
            "q": 1.2, "ñ": 3, "ū": 3, "ń": 3, "ǵ": 3, "ý": 2, "ú": 2, "ó": 2, "á": 2, "ı": 1, "ş": 1,
            "ä": 0.8, "ğ": 1.2, "ö": 0.4, "ü": 0.8,
        },
    },
    "cyrillic": {
        "ru": {"ё": 1, "ъ": 1, "ы": 0.3, "щ": 0.5},
        "kk": {"ә": 3, "ұ": 3, "і": 3, "ғ": 2, "қ": 2, "ң": 1.5, "ө": 1.2, "ү": 1.2, "һ": 2, "ы": 0.3},
        "uz": {"ў": 4, "ҳ": 4, "қ": 1.5, "ғ": 1.5},
        "ky": {"ң": 1.2, "ө": 1, "ү": 1, "ы": 0.2},
        "mn": {"ө": 1, "ү": 1},
    },
    "arabic": {
        "kk": dict.fromkeys("\u0674\u0621ٵٶٷٸۇۆەىڭگۋچپ", 1.0),
        "ar": dict.fromkeys("ةضصظطذثأإؤ", 1.0),
    },
}  # fmt: skip
_LETTER_SIGNS = {
    script: {
        sign: tuple(
            (language, weight)
            for language, signs in by_language.items()
            for one, weight in signs.items()
            if one == sign
        )
        for sign in {sign for signs in by_language.values() for sign in signs}
    }
    for script, by_language in _LETTERS.items()
}
_SIGNS = re.compile(
    "|".join(
        sorted({sign for signs in _LETTER_SIGNS.values() for sign in signs}, key=lambda one: (-len(one), one))
    )
)
_WITH_LEXICON = frozenset({"en", "ru", "kk", "tr", "de", "sv", "uz"})
_LEAST_TO_DERIVE = 5
# After a front vowel Turkish never has ı, which in Kazakh is one, and never a vowel beside it; twice between
# consonants y is a vowel of Kazakh.
_CONSONANT = "[bdfgjklmnprstzqşğñ]"
_KAZAKH_ONLY = re.compile(f"[eöüä][^aou]*ı|ı[aeoöuü]|[aeoöuü]ı|{_CONSONANT}y{_CONSONANT}+y(?:{_CONSONANT}|$)")
_HARMONY_SAYS = 2.0
# What is nearer than this is no difference.
_TOO_NEAR = 0.25
_ROUNDING = 1e-6
_AS_STEM = 0.8
_FUNCTION_WORD_SAYS = 2.0
_TRADE_WORD_SAYS = 1.0
_DECIDING = 200
# A Chinese character says as much as a few letters.
_HAN_SAYS = 3
_REMEMBERED_WORDS = 200_000


def script_of(word: str) -> Script:
    """Tell the script of a word by its first letter."""
    return _script_of_letter(word[0]) if word else "other"


@lru_cache(maxsize=4096)
def _script_of_letter(letter: str) -> Script:
    name = unicodedata.name(letter, "").partition(" ")[0]
    scripts: dict[str, Script] = {
        "LATIN": "latin", "CYRILLIC": "cyrillic", "ARABIC": "arabic", "CJK": "han", "HIGH": "arabic",
    }  # fmt: skip
    return scripts.get(name, "other")


def languages_of(words: Sequence[str], named: str | None = None) -> list[tuple[str, ...]]:
    """Tell the language of every word of a text: one for all its words of a script.

    Where a text is too short to tell several languages apart, all of them are given, the likeliest first.

    Parameters
    ----------
    words : sequence of str
        The words of a text with straight apostrophes; the first 200 decide.
    named : str, optional
        The language that is said to be that of the text: it settles every script in which it is written.
    """
    told = list(map(_TOLD.__getitem__, words))
    deciding = told[:_DECIDING]
    by_script: dict[Script, list[_Told]] = {one.script: [] for one in deciding}
    for one in deciding:
        by_script[one.script].append(one)
    chosen = {script: _chosen(script, of_script, named) for script, of_script in by_script.items()}
    if len(chosen) == 1 and len(told) <= _DECIDING:
        return list(chosen.values()) * len(told)
    return [chosen[one.script] if one.script in chosen else _chosen(one.script, (), named) for one in told]


class _Told:
    """What a word says of its language: by its letters and as a function word; once `read`, by the thesaurus.

    To look a word up in the thesaurus of all languages of its script takes long, and most texts are told
    without their rare words.
    """

    __slots__ = ("is_read", "says", "script", "word")

    def __init__(self, surface: str) -> None:
        # Not folded: that would write ß as ss. A capital İ leaves its dot behind, a sign of Turkish.
        self.word = surface.lower()
        self.script = script_of(self.word)
        says: dict[str, float] = {}
        # In the order of the word: what is added up in another one may differ in its last bit.
        for sign in dict.fromkeys(_SIGNS.findall(self.word)):
            for language, weight in _LETTER_SIGNS.get(self.script, {}).get(sign, ()):
                says[language] = says.get(language, 0.0) + weight
        if self.script == "latin" and _KAZAKH_ONLY.search(self.word):
            says["kk"] = says.get("kk", 0.0) + _HARMONY_SAYS
        for language in _CANDIDATES[self.script]:
            if self.word in FUNCTION_WORDS.get(language, ()):
                says[language] = says.get(language, 0.0) + _FUNCTION_WORD_SAYS
        self.says = _shared(tuple(says.items()))
        self.is_read = len(_CANDIDATES[self.script]) == 1

    def read(self) -> None:
        """Add what the thesaurus says: at most `_TRADE_WORD_SAYS` for a language."""
        says = dict(self.says)
        for language, sureness in _knowing(self.word, self.script).items():
            says[language] = says.get(language, 0.0) + _TRADE_WORD_SAYS * sureness
        self.says, self.is_read = _shared(tuple(says.items())), True


_TOLD = Memo(_Told, _REMEMBERED_WORDS)


@lru_cache(maxsize=4096)
def _shared(says: _Says) -> _Says:
    """Give equal votes as one object: there are few, and many words to remember."""
    return says


def _chosen(script: Script, told: Sequence[_Told], named: str | None) -> tuple[str, ...]:
    """Choose the languages of a script by its words, of which no more are read than it takes."""
    candidates = _CANDIDATES[script]
    if named in candidates:
        return (named,)
    unread = [one for one in told if not one.is_read]
    while True:
        votes = dict.fromkeys(candidates, 0.0)
        for one in told:
            for language, weight in one.says:
                votes[language] += weight
        ordered = sorted(candidates, key=lambda language: -votes[language])
        best = votes[ordered[0]]
        if not unread:
            break
        if best - votes[ordered[1]] > _TOO_NEAR + _ROUNDING + _TRADE_WORD_SAYS * len(unread):
            return (ordered[0],)
        unread.pop().read()
        unread = [one for one in unread if not one.is_read]
    if not best:
        return (ordered[0],)
    return tuple(language for language in ordered if votes[language] > best - _TOO_NEAR)


def _knowing(word: str, script: Script) -> dict[str, float]:
    """Give the languages in which the thesaurus knows a word: as it stands, or else at all."""
    languages = [language for language in _CANDIDATES[script] if language in _WITH_LEXICON]
    # In plain letters a Cyrillic word of one language looks like one of another: сырья, Сирия.
    plain = script != "cyrillic"
    known = {
        language: 1.0 if _is_known(word, language, plain=plain) else _AS_STEM
        for language in languages
        if lexicon(language).exactly(word)
    }
    if known or len(word) < _LEAST_TO_DERIVE:
        return known
    readings = {language: lexicon(language).derived(word).sureness for language in languages}
    return {language: sureness for language, sureness in readings.items() if sureness > BEGINNING}


def _is_known(word: str, language: str, *, plain: bool) -> bool:
    known = lexicon(language)
    return bool(known.literally(word) if plain else known.as_written(word))


def detect_language(text: str) -> str:
    """Tell the language of a text.

    Parameters
    ----------
    text : str
        Any text, of any length; the first 200 words decide.

    Returns
    -------
    str
        `kk`, `ru`, `en`, `de`, `tr`, `sv`, `uz`, `zh`, `ky`, `mn`, `ar`, with the script where Kazakh is not
        Cyrillic (`kk-Latn`, `kk-Arab`) and Uzbek not Latin (`uz-Cyrl`); `und` for a text without letters or
        in another script. Of several languages, that of the script with the most letters.

    Examples
    --------
    >>> [detect_language(text) for text in ("таза бал", "Honig für Läden", "qoi jünı", "qo'y juni", "蜂蜜")]
    ['kk', 'de', 'kk-Latn', 'uz', 'zh']
    """
    words = words_in(text)[:_DECIDING]
    letters: dict[Script, int] = {}
    for word in words:
        script = script_of(word)
        letters[script] = letters.get(script, 0) + len(word) * (_HAN_SAYS if script == "han" else 1)
    if not letters:
        return "und"
    script = max(sorted(letters), key=lambda one: letters[one])
    language = next(
        languages[0]
        for word, languages in zip(words, languages_of(words), strict=True)
        if script_of(word) == script
    )
    return language + _SCRIPT_TAGS.get((language, script), "")


_SCRIPT_TAGS: dict[tuple[str, str], str] = {
    ("kk", "latin"): "-Latn", ("kk", "arabic"): "-Arab", ("uz", "cyrillic"): "-Cyrl",
}  # fmt: skip
