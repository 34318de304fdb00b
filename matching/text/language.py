"""Telling the languages of a text by its scripts, letters, function words and words of the trade."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import add
from typing import Literal

import numpy as np
import numpy.typing as npt

from matching.text.function_words import FUNCTION_WORDS, UNTELLING
from matching.text.lexicon import lexicon
from matching.text.memo import Memo
from matching.text.ragged import Numbers, Ragged, numbered
from matching.text.words import words_in

Script = Literal["latin", "cyrillic", "arabic", "han", "other"]

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
# What Turkish and Uzbek never have: ı after a front vowel or beside a vowel, ğ behind a consonant, j at the
# beginning of a word or w in one with their letters; y as a vowel, twice or beside q or an apostrophe; sh
# and ch as s' and c'; g'an as an ending.
_CONSONANT = "[bdfgjklmnprstzqşğñ]"
# company's, they're
_ENGLISH_END = "(?:s|d|m|re|ll|ve)$"
_Y_AS_VOWEL = f"{_CONSONANT}'?y(?:{_CONSONANT}|$)"
_KAZAKH_ONLY = re.compile(
    f"[eöüä][^aou]*ı|ı[aeoöuü]|[aeoöuü]ı|{_CONSONANT}y{_CONSONANT}+y(?:{_CONSONANT}|$)|{_CONSONANT}ğ|"
    f"^j.*[ışğ]|[ışğ].*w|w.*[ışğ]|q(?!u).*{_Y_AS_VOWEL}|{_Y_AS_VOWEL}.*q|'.*{_Y_AS_VOWEL}|"
    f"{_Y_AS_VOWEL}.*'|[sc]'[aeouy]|(?:[a-z]i|[^o]u|y)'(?!{_ENGLISH_END}|j|t)[a-z]|[a-z]{{3}}g'an$"
)
# A word like these has one of them, which is told sooner.
_IN_KAZAKH_ONLY = frozenset("ığşy'")
_HARMONY_SAYS = 2.0
_AS_STEM = 0.8
_FUNCTION_WORD_SAYS = 2.0
# Votes are counted in tenths, which add up to the same in any order. What is nearer is no difference.
_TENTHS = 10
_TRADE_WORD_SAYS, _TOO_NEAR = 1 * _TENTHS, 2.5
_DECIDING = 200
# A Chinese character says as much as a few letters.
_HAN_SAYS = 3
# How short words in capitals are told in texts that are Chinese otherwise: abbreviations, which are English.
ABBREVIATED, _LONGEST_ABBREVIATION = ("en", "zh"), 5
_REMEMBERED_WORDS = 300_000
_SCRIPTS = tuple(_CANDIDATES)
_NUMBER_OF_SCRIPT = {script: number for number, script in enumerate(_SCRIPTS)}
_MOST_CANDIDATES = max(map(len, _CANDIDATES.values()))
_IS_CANDIDATE = np.array(
    [[place < len(one) for place in range(_MOST_CANDIDATES)] for one in _CANDIDATES.values()]
)
# What is told of a text where it is one language: its number for every candidate of every script.
_ALONE = tuple(dict.fromkeys((language,) for candidates in _CANDIDATES.values() for language in candidates))
_NUMBERS_ALONE = np.zeros(_IS_CANDIDATE.shape, np.int64)
_NUMBERS_ALONE[_IS_CANDIDATE] = [
    _ALONE.index((language,)) for candidates in _CANDIDATES.values() for language in candidates
]


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
    """Tell the languages of every word of a text, as `languages_in` does of several."""
    different, numbers = numbered(words, len(words))
    tongues, told = languages_in(different, Ragged(numbers, np.array([0, len(words)])), [named])
    return [tongues[number] for number in told.tolist()]


def languages_in(
    words: Sequence[str], texts: Ragged, named: Sequence[str | None]
) -> tuple[list[tuple[str, ...]], Numbers]:
    """Tell the languages of every word of texts: one for all words of a script.

    Parameters
    ----------
    words : sequence of str
        Different words, with straight apostrophes.
    texts : Ragged
        The numbers of the words of every text, of which the first 200 decide.
    named : sequence of str or None, length n_texts
        The language that is said to be that of a text: it settles every script in which it is written.

    Returns
    -------
    tongues : list of tuple of str
        Languages; where a text is too short to tell several apart all of them, the likeliest first.
    numbers : ndarray of int64, shape (n,)
        Those of every word of the texts, as places in `tongues`.
    """
    known = list(map(_TOLD.__getitem__, words))
    scripts = np.array([one.script_number for one in known], np.int64)[texts.values]
    of_scripts = texts.row_of * len(_SCRIPTS) + scripts
    deciding = np.arange(scripts.size) - np.repeat(texts.ends[:-1], np.diff(texts.ends)) < _DECIDING
    # A row for every script of every text that has words of it.
    rows = np.flatnonzero(np.bincount(of_scripts, minlength=len(named) * len(_SCRIPTS)))
    # Before their votes: another thread may read them meanwhile.
    is_unread = np.array([not one.is_read for one in known], np.float64)
    unread = np.bincount(
        of_scripts[deciding], is_unread[texts.values[deciding]], minlength=len(named) * len(_SCRIPTS)
    )[rows]
    votes = _votes(known, texts.values[deciding], of_scripts[deciding], len(named))
    best, second = np.sort(votes[rows], axis=1)[:, :-3:-1].T
    is_open = np.where(
        unread > 0,
        best - second <= _TOO_NEAR + _TRADE_WORD_SAYS * unread,
        (best > 0) & (second > best - _TOO_NEAR),
    )
    chosen = _NUMBERS_ALONE[rows % len(_SCRIPTS), votes[rows].argmax(axis=1)]
    several: dict[tuple[str, ...], int] = {}
    for place in np.flatnonzero(is_open).tolist():
        text, script = divmod(int(rows[place]), len(_SCRIPTS))
        first, last = texts.ends[text], min(texts.ends[text] + _DECIDING, texts.ends[text + 1])
        own = texts.values[first:last][scripts[first:last] == script].tolist()
        languages = _chosen(_SCRIPTS[script], [known[word] for word in own])
        if len(languages) == 1:
            chosen[place] = _ALONE.index(languages)
        else:
            chosen[place] = several.setdefault(languages, len(_ALONE) + len(several))
    number_at = np.zeros(len(named) * len(_SCRIPTS), np.int64)
    number_at[rows] = chosen
    for text, language in enumerate(named):
        for script, candidates in enumerate(_CANDIDATES.values()) if language else ():
            if language in candidates:
                number_at[text * len(_SCRIPTS) + script] = _ALONE.index((language,))
    numbers = number_at[of_scripts]
    tongues = [*_ALONE, *several]
    is_han = scripts == _NUMBER_OF_SCRIPT["han"]
    if is_han.any():
        numbers[_among_chinese(known, texts, is_han)] = len(tongues)
        tongues.append(ABBREVIATED)
    return tongues, numbers


def _among_chinese(
    known: Sequence["_Told"], texts: Ragged, is_han: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Find short words in capitals in texts of at least as many runs of Chinese characters as Latin words."""
    latin = _NUMBER_OF_SCRIPT["latin"]
    is_latin = np.array([one.script_number == latin for one in known], np.bool_)[texts.values]
    is_capital = np.array([one.is_short_capital for one in known], np.bool_)[texts.values]
    runs, words = np.bincount(texts.row_of, is_han), np.bincount(texts.row_of, is_latin)
    found: npt.NDArray[np.bool_] = is_latin & is_capital & (runs >= words)[texts.row_of]
    return found


def _votes(
    known: Sequence["_Told"], words: npt.NDArray[np.int32], of_scripts: Numbers, n_texts: int
) -> npt.NDArray[np.float64]:
    """Add up what words say: shape (n_texts · n_scripts, most candidates)."""
    says = np.array([one.votes for one in known], np.float64).reshape(-1, _MOST_CANDIDATES)
    added = np.bincount(
        (of_scripts[:, None] * _MOST_CANDIDATES + np.arange(_MOST_CANDIDATES)).ravel(),
        says[words].ravel(),
        minlength=n_texts * len(_SCRIPTS) * _MOST_CANDIDATES,
    )
    # Without any word they would be no floating numbers.
    votes: npt.NDArray[np.float64] = added.astype(np.float64).reshape(
        n_texts, len(_SCRIPTS), _MOST_CANDIDATES
    )
    votes[:, ~_IS_CANDIDATE] = -np.inf
    return votes.reshape(-1, _MOST_CANDIDATES)


class _Told:
    """What a word says of its language: by its letters and as a function word; once `read`, by the thesaurus.

    To look a word up in the thesaurus of all languages of its script takes long, and most texts are told
    without their rare words.
    """

    __slots__ = ("is_read", "is_short_capital", "script", "script_number", "votes", "word")

    def __init__(self, surface: str) -> None:
        # Not folded: that would write ß as ss. A capital İ leaves its dot behind, a sign of Turkish.
        self.word = surface.lower()
        self.is_short_capital = surface.isupper() and len(surface) <= _LONGEST_ABBREVIATION
        self.script = script_of(self.word)
        self.script_number = _NUMBER_OF_SCRIPT[self.script]
        says: dict[str, float] = {}
        for sign in dict.fromkeys(_SIGNS.findall(self.word)):
            for language, weight in _LETTER_SIGNS.get(self.script, {}).get(sign, ()):
                says[language] = says.get(language, 0.0) + weight
        if self.script == "latin" and _is_kazakh_only(self.word):
            says["kk"] = says.get("kk", 0.0) + _HARMONY_SAYS
        for language in _WITH_FUNCTION_WORD[self.script].get(self.word, ()):
            says[language] = says.get(language, 0.0) + _FUNCTION_WORD_SAYS
        self.votes = _votes_of(self.script, says) if says else _NO_VOTES
        self.is_read = len(_CANDIDATES[self.script]) == 1

    def read(self) -> None:
        """Add what the thesaurus says: at most `_TRADE_WORD_SAYS` for a language."""
        known = _votes_of(self.script, _knowing(self.word, self.script))
        self.votes = _remembered(tuple(map(add, self.votes, known)))
        self.is_read = True


def _is_kazakh_only(word: str) -> bool:
    return not _IN_KAZAKH_ONLY.isdisjoint(word) and _KAZAKH_ONLY.search(word) is not None


_TOLD = Memo(_Told, _REMEMBERED_WORDS)
_NO_VOTES = (0,) * _MOST_CANDIDATES


def _languages_by_function_word(candidates: Iterable[str]) -> dict[str, tuple[str, ...]]:
    languages: dict[str, tuple[str, ...]] = {}
    for language in candidates:
        for word in FUNCTION_WORDS.get(language, frozenset()) - UNTELLING.get(language, frozenset()):
            languages[word] = (*languages.get(word, ()), language)
    return languages


_WITH_FUNCTION_WORD = {
    script: _languages_by_function_word(candidates) for script, candidates in _CANDIDATES.items()
}


def _votes_of(script: Script, says: Mapping[str, float]) -> tuple[int, ...]:
    """Give votes for every candidate of a script; equal ones are one object, as there are few."""
    return _remembered(tuple(round(_TENTHS * says.get(language, 0.0)) for language in _CANDIDATES[script]))


@lru_cache(maxsize=4096)
def _remembered(votes: tuple[int, ...]) -> tuple[int, ...]:
    return votes + (0,) * (_MOST_CANDIDATES - len(votes))


def _chosen(script: Script, told: Sequence[_Told]) -> tuple[str, ...]:
    """Choose the languages of a script by its words, of which no more are read than it takes."""
    candidates = _CANDIDATES[script]
    unread = [place for place, one in enumerate(told) if not one.is_read]
    said = [one.votes for one in told]
    votes = [sum(of_one) for of_one in zip(*said, strict=True)]
    while unread:
        best, second = sorted(votes, reverse=True)[:2]
        if best - second > _TOO_NEAR + _TRADE_WORD_SAYS * len(unread):
            break
        one = told[unread[-1]]
        one.read()
        same = [place for place in unread if told[place] is one]
        for place in same:
            votes = [sum_ + new - old for sum_, new, old in zip(votes, one.votes, said[place], strict=True)]
        unread = [place for place in unread if told[place] is not one]
    ordered = sorted(range(len(candidates)), key=lambda place: -votes[place])
    best = votes[ordered[0]]
    if unread or not best:
        return (candidates[ordered[0]],)
    return tuple(candidates[place] for place in ordered if votes[place] > best - _TOO_NEAR)


def _knowing(word: str, script: Script) -> dict[str, float]:
    """Give the languages in which the thesaurus knows a word: as it stands, or else at all."""
    languages = [language for language in _CANDIDATES[script] if language in _WITH_LEXICON]
    # In plain letters a Cyrillic word of one language looks like one of another: сырья, Сирия.
    plain = script != "cyrillic"
    known = {
        language: 1.0 if _is_known(word, language, plain=plain) else _AS_STEM
        for language in languages
        if lexicon(language).exactly(word) or lexicon(language).stands_apart(word)
    }
    if known or len(word) < _LEAST_TO_DERIVE:
        return known
    readings = {language: lexicon(language).surely_derived(word).sureness for language in languages}
    return {language: sureness for language, sureness in readings.items() if sureness}


def _is_known(word: str, language: str, *, plain: bool) -> bool:
    known = lexicon(language)
    return known.stands_apart(word) or bool(known.literally(word) if plain else known.as_written(word))


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
