"""Stems and keys: Snowball where it has the language, suffix strippers of our own for Kazakh and Uzbek."""

import re
import threading
from collections.abc import Iterable
from functools import lru_cache

import snowballstemmer

from matching.text.kazakh import by_last_letter, stem_kazakh
from matching.text.russian import genitive_plural
from matching.text.script import fold, spelled_out, to_cyrillic, unmarked
from matching.text.uzbek import stem_uzbek, to_latin

_SNOWBALL = {"ru": "russian", "en": "english", "de": "german", "tr": "turkish", "sv": "swedish"}
_VOWELS = "aeiou"
_LEAST = 3
_LATIN_ONLY = frozenset({"en", "de", "sv", "tr"})
_SHORTEST_STEM = 2
# A word that is new is brought to its stem and its keys again and again, until its languages are told.
_LAST_WORDS = 1024
# What one word may be derived from is asked again only while it is read.
_LAST_FORMS = 256


class _Stemmers(threading.local):
    """Snowball stemmers of one thread: each keeps the word at which it works."""

    def __init__(self) -> None:
        self.by_language = {
            language: snowballstemmer.stemmer(algorithm) for language, algorithm in _SNOWBALL.items()
        }
        for stemmer in self.by_language.values():
            # Each would remember ten thousand words beside those that are remembered here.
            stemmer.maxCacheSize = 0


_STEMMERS = _Stemmers()


_TYPED_POSSESSIVE = re.compile("(?<=[^әғқңөұүһіаеоуыиюяэ])и$")


@lru_cache(maxsize=_LAST_WORDS)
def stem(word: str, language: str) -> str:
    """Bring a word to its stem.

    Parameters
    ----------
    word : str
        In lower case; Kazakh in any script, Uzbek too.
    language : str
        `kk`, `ru`, `en`, `de`, `tr`, `sv` or `uz`; Kyrgyz is read as Kazakh, a word of another language
        stays.

    Returns
    -------
    str
        The stem (of Kazakh in Cyrillic, of Uzbek in Latin letters); the word itself where no more than a
        letter would be left of it.

    Examples
    --------
    >>> stem("шерстью", "ru"), stem("балды", "kk"), stem("fındık", "tr"), stem("oro", "es")
    ('шерст', 'бал', 'fındık', 'oro')
    """
    if language in {"kk", "ky"}:
        # On keyboards without і the ending of кремі is и.
        return stem_kazakh(_TYPED_POSSESSIVE.sub("і", spelled(word, "kk")))
    if language == "uz":
        return stem_uzbek(spelled(word, "uz"))
    stemmer = _STEMMERS.by_language.get(language)
    stemmed = str(stemmer.stemWord(word)) if stemmer else word
    return stemmed if len(stemmed) >= _SHORTEST_STEM else word


@lru_cache(maxsize=_LAST_WORDS)
def spelled(word: str, language: str) -> str:
    """Write a Kazakh word in the Cyrillic letters that all scripts share, an Uzbek one in Latin; others stay.

    Examples
    --------
    >>> {spelled(word, "kk") for word in ("соя", "soia", "سويا")}, spelled("соя", "ru"), spelled("соя", "uz")
    ({'сойа'}, 'соя', 'soya')
    """
    if language == "uz":
        return to_latin(word)
    return to_cyrillic(spelled_out(word)) if language == "kk" else word


@lru_cache(maxsize=_LAST_WORDS)
def key(word: str, language: str) -> str:
    """Bring a word as it stands to plain letters, without stemming: what the thesaurus is asked for.

    Latin words only lose their dots and accents; Kazakh, Uzbek and Russian words are written in Latin
    letters.

    Examples
    --------
    >>> key("қоюы", "kk"), key("буғдой", "uz"), key("yağlı", "tr")
    ('koiui', 'bugdoi', 'yagli')
    """
    if language in _LATIN_ONLY:
        return unmarked(word)
    return (
        fold(spelled(word, "uz"), "uz")
        if language == "uz"
        else fold(word, "kk" if language == "ky" else language)
    )


@lru_cache(maxsize=_LAST_WORDS)
def stem_key(word: str, language: str) -> str:
    """Bring a word to its stem in plain letters: what its forms share in all scripts.

    Examples
    --------
    >>> {stem_key(word, "kk") for word in ("жүннің", "júnniń", "jünnıñ", "ٴجۇننىڭ")}
    {'jun'}
    """
    stemmed = stem(word, language)
    return (
        unmarked(stemmed)
        if language in _LATIN_ONLY
        else fold(stemmed, "kk" if language == "ky" else language)
    )


# Vowels of the last syllable that other forms of the word lose: станок, станки; cykel, cyklar; орын, орны;
# beyin, beyni; og'iz, og'zi.
_FLEETING = {
    "ru": re.compile("(?<=[бвгджзклмнпрстфхцчшщ])[оеё](?=[кцлнр]ь?$)"),
    "sv": re.compile("(?<=[bcdfgkptvns])e(?=[lnr]$)"),
    "kk": re.compile("(?<=[рлнйз])[ыі](?=[нмқкпл]$)"),
    "tr": re.compile("(?<=[bcçdfghjklmnprsştvyz])[ıiuü](?=[lmnrzt]$)"),
    "uz": re.compile("(?<=[bdgklmnqrstvxyz'])i(?=[lnrz]$)"),
}


def stem_keys(word: str, language: str) -> tuple[str, ...]:
    """Give the stem of a word of the thesaurus, and those with and without its fleeting vowel.

    Examples
    --------
    >>> stem_keys("станок", "ru"), stem_keys("игрушка", "ru"), stem_keys("cykel", "sv")
    (('stanok', 'stank'), ('igrushk', 'igrushek'), ('cykel', 'cykl'))
    """
    shorter = _FLEETING[language].sub("", word) if language in _FLEETING else word
    plural = genitive_plural(word) if language == "ru" else word
    if word == shorter == plural:
        return (stem_key(word, language),)
    return tuple(dict.fromkeys([stem_key(one, language) for one in (word, shorter, plural)]))


def sound_key(word: str, language: str) -> str:
    """Bring a word to its stem by its sounds: what loan words and names share across languages.

    Examples
    --------
    >>> sound_key("mascarpone", "en"), sound_key("маскарпоне", "ru")
    ('maskarpon', 'maskarpon')
    """
    stemmed = stem(word, language)
    if language not in _LATIN_ONLY and len(stemmed) >= _LEAST:
        return _without_last_vowels(stem_key(word, language))
    return _without_last_vowels(
        fold(stemmed if len(stemmed) >= _LEAST else word, "kk" if language == "ky" else language)
    )


def _without_last_vowels(sounds: str) -> str:
    """Languages take a loan word over with a vowel of their own at its end, or without one."""
    shorter = sounds.rstrip(_VOWELS)
    return shorter if len(shorter) >= _LEAST else sounds


def whole_sound(word: str, language: str) -> str:
    """Bring a word as it stands to its sounds: where two languages take different endings off a loan word.

    Examples
    --------
    >>> whole_sound("самбы", "kk"), sound_key("самбы", "kk")
    ('samb', 'samp')
    """
    whole = spelled(word, language)
    if language == "kk" and whole == word:
        return _without_last_vowels(key(word, language))
    return _without_last_vowels(fold(whole, "kk" if language == "ky" else language))


# Endings in plain letters that make one word of another, longest first. A shortened key counts only where the
# thesaurus knows it, so that the lists can be generous.
_ENDINGS: dict[str, frozenset[str]] = {
    "ru": frozenset(
        fold(one, "ru")
        for one in (
            "ическ ическо ческ ованн ован ирован ительн ательн ательск телен тельн тельск еск ск онн енн "
            "анн ова овы ов ев ив ян ан ин ен ник щик чик ость ост ств ство ени ани иц ец ок ек ик к н т и е "
            "а о л с"
        ).split()
    ),
    "kk": frozenset(
        "landiril lendiril menen penen benen darimiz lerimiz derimiz tarimiz larimiz terimiz landir "
        "lendir shilik shilig degen lagan letin tagan legen tegen ingen dagan ilgan latin sinin ingan "
        "ilgen iniz "
        "inda sine inde inin etin inan imiz atin itin dagi degi tegi inen sina ushi tagi niz dar tau "
        "ine ter dik nin lau der ten tar ben siz shi teu den pen dan nen ken tan gen men kan nan deu "
        "leu lar ina gan din tin lik miz dau tik ler ga da ta iu si ei ap na li de in ne ai ti ge ka "
        "di ep te im ke ni ip a e g p u n i".split()
    ),
    "en": frozenset(
        "ation able ator ible less ment ness ful ing ish ous al ar ed en er ic iv or a e i s y".split()
    ),
    "tr": frozenset(
        "lerimiz larimiz iyoruz uyoruz indan culuk yoruz cilik inden sinin undan iniz inda sine inde "
        "inin umuz imiz unun sini unda leri sina lari ine nin suz ten unu siz yla den nun dan una "
        "ini tan yle lar ina mek lik mak mis luk miz mus ler da ta ye ma si me na yu li de un in il "
        "ne ya ci an lu cu yi te la le en su a e u n i".split()
    ),
    "de": frozenset(
        "isierung ierung isiert ieren heit iert isch keit lich end ung em en er es et ig e n s t".split()
    ),
    "sv": frozenset("ering ande ende erad erat ning isk ad ar at en er et ig na or a d e n s t".split()),
    "uz": frozenset(
        "lashtirilgan larining larimiz laridan lashtir sining larida lariga idigan langan adigan "
        "chilik larini digan ilgan ining lagan ingan uvchi dagi lash idan ning imiz sini vchi moq "
        "ida kan ish lar chi ash gan siz mok iga qan lik dan miz ini ga da ka sh si iv li ni ib a b "
        "v i".split()
    ),
}
# Shorter words of these languages look like beginnings of too many others: rat, rate; Gel, gelten.
_LEAST_DERIVED_FROM = {"en": 4, "de": 4, "sv": 4}
# In Kazakh what begins so stands behind these sounds only: ағаштар, дәндер, бөтелкелер.
_BEHIND = {
    "t": frozenset("ptkshfcbvgd"),
    "d": frozenset("aeioulmnrzj"),
    "l": frozenset("aeiour"),
}
_LENGTHS = {language: by_last_letter(endings) for language, endings in _ENDINGS.items()}
# Consonants of Russian stems before an adjective's ending, in plain letters: молоко, молочный; бумага,
# бумажный.
_HARDENED = {"ch": "k", "j": "g", "sh": "h"}
_SOFT = tuple(_HARDENED)


def shortened(folded: str, language: str) -> tuple[str, ...]:
    """List what a key may be derived from by one ending, the least shortened first.

    Parameters
    ----------
    folded : str
        A key.
    language : str
        Its language.

    Examples
    --------
    >>> shortened("molochn", "ru"), shortened("sugarless", "en")
    (('moloch', 'molok'), ('sugarles', 'sugar'))
    """
    once = _without_ending(folded, language, _LEAST)
    return _softened(once) if language == "ru" else once


@lru_cache(maxsize=_LAST_FORMS)
def shortened_twice(folded: str, language: str) -> tuple[str, ...]:
    """List what a key may be derived from by two endings, one behind the other.

    Examples
    --------
    >>> shortened_twice("sugarless", "en")
    ('sugarle',)
    """
    once = _without_ending(folded, language, _LEAST)
    twice = tuple([two for one in once for two in _without_ending(one, language, _LEAST + 1)])
    return _softened(twice) if language == "ru" else twice


@lru_cache(maxsize=_LAST_FORMS)
def _without_ending(folded: str, language: str, least: int) -> tuple[str, ...]:
    endings = _ENDINGS.get(language, frozenset())
    most = len(folded) - max(least, _LEAST_DERIVED_FROM.get(language, 0))
    lengths = _LENGTHS.get(language, {}).get(folded[-1:], ())
    found = [
        folded[:-length] for length in reversed(lengths) if length <= most and folded[-length:] in endings
    ]
    if language == "kk":
        found = [one for one in found if one[-1] in _BEHIND.get(folded[len(one)], one)]
    return tuple(found)


def _softened(keys: Iterable[str]) -> tuple[str, ...]:
    """Put behind each key of a Russian word those with the consonant that it may have been hardened from."""
    found = []
    for one in keys:
        found.append(one)
        if one.endswith(_SOFT):
            found += [one.removesuffix(soft) + hard for soft, hard in _HARDENED.items() if one.endswith(soft)]
    return tuple(found)
