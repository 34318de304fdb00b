"""From a text to its terms: concepts of the thesaurus, words, and the letters of the words.

What two texts share is looked for on three levels:

- concepts, on which the words of one meaning meet in all languages; a concept stands for its broader ones
  too, and goods for their chapter of the Harmonized System;
- words: the stem by its sounds, for what the thesaurus does not know, and beside the concept of what it
  knows;
- groups of three and four letters of a word, by its sounds: names, brands, loan words, misspellings.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from math import sqrt
from sys import intern
from typing import Literal, NamedTuple

from matching.text.function_words import DENYING, DENYING_BEFORE, FUNCTION_WORDS, LIMITING, PRIVATIVES
from matching.text.language import languages_of
from matching.text.lexicon import AGGLUTINATIVE, Phrase, Reading, chinese, lexicon, read_word, small
from matching.text.stemming import key, sound_key, stem_key, whole_sound
from matching.text.thesaurus import chapter_id, concepts
from matching.text.words import is_han, simplified, words_in

Kind = Literal["concept", "broader", "word", "spelling", "letters"]
Weighted = tuple[tuple[str, float], ...]

CONCEPT_SIGN, LETTERS_SIGN, DENIED_SIGN = "=", "~", "!"
_FURTHER_UP = 0.5
_LETTER_GROUPS = (3, 4)
_SHORTEST_WORD = 2
_IN_SEVERAL_SCRIPTS = frozenset({"kk", "uz"})
_REMEMBERED_WORDS = 200_000
_REMEMBERED_RUN = 40
_TWO_WORDS = 2
_DENYING_CHINESE = tuple(sorted(DENYING["zh"]))
# What stands before it is no Chinese character, which saves asking.
_FIRST_HAN = "\u3400"


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """What one word or phrase says; made once for a word of a language, so that it is told by its identity.

    Parameters
    ----------
    stem : str
        Its stem in plain letters.
    concepts, broader : tuple of (str, float)
        Terms of the concepts it stands for and of those above them, with their amounts in (0, 1].
    words : tuple of str
        The word by its sounds, or what else is counted where the thesaurus has nothing.
    letters : tuple of str
        Groups of letters.
    inside : bool
        Whether the word belongs to a phrase of the thesaurus that stands before it.
    limiting : bool
        Whether it says that what is denied is not all there is: not only honey.
    denied : bool
        Whether it is what the text says there is not.
    """

    stem: str
    concepts: Weighted = ()
    broader: Weighted = ()
    words: tuple[str, ...] = ()
    letters: tuple[str, ...] = ()
    inside: bool = False
    limiting: bool = False
    denied: bool = False


# What a word gives that says the next one, or the one before it, is what there is not.
_DENYING, _DENYING_BEFORE = Unit(""), Unit("")
# As far behind a limiting word the one before is not denied: тек қана таза бал емес.
_LIMITED = 2


class Term(NamedTuple):
    """One term of a text.

    Attributes
    ----------
    term : str
        What is counted and compared.
    surface : str
        The word or phrase as it stands in the text.
    kind : str
        `concept`, `broader` (a concept above that of the word), `word` (not in the thesaurus), `spelling`
        (the word itself of a known concept) or `letters`.
    amount : float
        How much it counts, in (0, 1].
    inside : bool
        Whether the word belongs to a phrase of the thesaurus, which stands before it.
    """

    term: str
    surface: str
    kind: Kind
    amount: float
    inside: bool


def units_of(text: str, language: str | None = None) -> tuple[Unit, ...]:
    """Read a text.

    Parameters
    ----------
    text : str
        Any text, in any state: empty, broken, mixed, very long.
    language : str, optional
        BCP 47 tag of the text; detected when left out.

    Returns
    -------
    tuple of Unit
        In the order of the text, a phrase before its words; empty when it has no usable word.

    Notes
    -----
    Linear in the length of the text.
    """
    return tuple(unit for unit, _ in _units(text, language))


def analyze(text: str, language: str | None = None) -> list[Term]:
    """List the terms of a text with the words that they come from.

    Parameters
    ----------
    text : str
        Any text, in any state.
    language : str, optional
        BCP 47 tag of the text; detected when left out.

    Returns
    -------
    list of Term
        In the order of the text; empty when it has no usable word.

    Examples
    --------
    >>> {term.term for text in ("мёд", "бал", "蜂蜜") for term in analyze(text) if term.kind == "concept"}
    {'=honey'}
    """
    return [
        Term(term, surface, kind, amount, unit.inside)
        for unit, surface in _units(text, language)
        for term, kind, amount in _of(unit)
    ]


def _of(unit: Unit) -> Iterator[tuple[str, Kind, float]]:
    for term, amount in unit.concepts:
        yield term, "concept", amount
    for term, amount in unit.broader:
        yield term, "broader", amount
    for term in unit.words:
        yield term, "spelling" if unit.concepts else "word", 1.0
    for term in unit.letters:
        yield term, "letters", 1.0


def _units(text: str, language: str | None) -> list[tuple[Unit, str]]:
    """Read a text; what it says there is not counts nowhere in it ("honey extractors …, no honey")."""
    found = _read(text, language)
    denied = {term.removeprefix(DENIED_SIGN) for unit, _ in found if unit.denied for term, _ in unit.concepts}
    if not denied:
        return found
    return [
        (unit, surface)
        for unit, surface in found
        if not unit.concepts or any(term not in denied for term, _ in unit.concepts)
    ]


def _read(text: str, language: str | None) -> list[tuple[Unit, str]]:
    surfaces = words_in(text)
    named = language.split("-", maxsplit=1)[0].lower() if language else None
    found: list[tuple[Unit, str]] = []
    run: list[tuple[Unit, str]] = []
    spoken: tuple[str, ...] = ("und",)
    denied, limited = False, 0
    for surface, tongues in zip(surfaces, languages_of(surfaces, named), strict=True):
        if tongues != spoken:
            found += _with_phrases(run, spoken)
            run, spoken = [], tongues
        if surface[0] >= _FIRST_HAN and is_han(surface):
            found += _chinese(surface)
            continue
        unit = _unit(surface, tongues)
        if unit is None:
            continue
        if unit is _DENYING:
            denied = True
        elif unit is _DENYING_BEFORE:
            if run and not limited:
                run[-1] = (_denied(run[-1][0]), run[-1][1])
        elif unit.limiting:
            denied, limited = False, _LIMITED
            run += [(unit, surface)] if unit.words else []
        else:
            run.append((_denied(unit) if denied else unit, surface))
            denied = False
            if limited:
                limited -= 1
    found += _with_phrases(run, spoken)
    return found


def _with_phrases(run: list[tuple[Unit, str]], languages: tuple[str, ...]) -> list[tuple[Unit, str]]:
    """Put the phrases of the thesaurus before their words."""
    starts = lexicon(languages[0]).phrases if run else {}
    found: list[tuple[Unit, str]] = []
    until, last = 0, len(run) - 1
    for place, one in enumerate(run):
        unit, surface = one
        seconds = starts.get(unit.stem) if until <= place < last else None
        if seconds:
            phrases = seconds.get(run[place + 1][0].stem)
            phrase = _phrase_at(run, place, phrases) if phrases else None
            if phrase:
                until = place + len(phrase.keys)
                found.append((_phrase_unit(phrase.concepts), " ".join(word for _, word in run[place:until])))
            elif place + 2 <= last:
                ids = _parted(seconds.get(run[place + 2][0].stem, ()))
                if ids:
                    found.append((_phrase_unit(ids), f"{surface} {run[place + 2][1]}"))
        found.append((_inside(unit), surface) if place < until else one)
    return found


def _parted(phrases: Iterable[Phrase]) -> tuple[str, ...]:
    """Give the concepts of a phrase of two words, which may have one word between them."""
    return next((phrase.concepts for phrase in phrases if len(phrase.keys) == _TWO_WORDS), ())


def _phrase_at(run: list[tuple[Unit, str]], place: int, phrases: list[Phrase]) -> Phrase | None:
    for phrase in phrases:
        stop = place + len(phrase.keys)
        if stop <= len(run) and all(
            run[place + ahead][0].stem == one for ahead, one in enumerate(phrase.keys)
        ):
            return phrase
    return None


@lru_cache(maxsize=_REMEMBERED_WORDS)
def _phrase_unit(ids: tuple[str, ...]) -> Unit:
    return Unit("", _shared(ids, 1.0), _broader(ids, 1.0))


@lru_cache(maxsize=_REMEMBERED_WORDS)
def _inside(unit: Unit) -> Unit:
    return replace(unit, inside=True)


@lru_cache(maxsize=_REMEMBERED_WORDS)
def _denied(unit: Unit, stem: str = "") -> Unit:
    """Let what a text says there is not meet others that say so, and nothing else."""
    return Unit(
        stem,
        concepts=tuple((DENIED_SIGN + term, amount) for term, amount in unit.concepts),
        words=tuple(DENIED_SIGN + word for word in unit.words),
        denied=True,
    )


@lru_cache(maxsize=_REMEMBERED_WORDS)
def _unit(surface: str, languages: tuple[str, ...]) -> Unit | None:
    """Give what a word says; nothing for a function word and a single letter."""
    word = small(surface, languages[0])
    if _is_one_of(DENYING, word, languages[0]):
        return _DENYING
    if _is_one_of(DENYING_BEFORE, word, languages[0]):
        return _DENYING_BEFORE
    unit = None
    if len(word) >= _SHORTEST_WORD and not _is_function_word(word, languages[0]):
        unit = _word_unit(word, languages)
    if _is_one_of(LIMITING, word, languages[0]):
        return replace(unit or Unit(""), limiting=True)
    return unit


def _word_unit(word: str, languages: tuple[str, ...]) -> Unit:
    language, *others = languages
    if word[-1].isdigit():
        return Unit(word, words=(key(word, language),))
    base = _base_of_privative(word, language)
    if base:
        lacking = Unit("", concepts=_shared(base, 1.0), words=(sound_key(word, language),))
        return _denied(lacking, stem_key(word, language))
    reading = read_word(word, language)
    for other in others:
        elsewhere = lexicon(other).as_written(word)
        if elsewhere:
            reading = Reading(tuple(dict.fromkeys((*reading.concepts, *elsewhere))), 1.0)
    own = sound_key(word, language)
    return Unit(
        stem=stem_key(word, language),
        concepts=_shared(reading.concepts, reading.sureness),
        broader=_broader(reading.concepts, reading.sureness),
        words=_sounds(word, language, own, known=bool(reading.concepts)),
        letters=_letters(own),
    )


def _sounds(word: str, language: str, own: str, *, known: bool) -> tuple[str, ...]:
    """Give the word by its sounds; as it stands too where a loan word may lose what is no ending."""
    if known or language not in AGGLUTINATIVE:
        return (own,)
    return tuple(dict.fromkeys((own, whole_sound(word, language))))


def _is_one_of(signs: Mapping[str, frozenset[str]], word: str, language: str) -> bool:
    """Tell whether a word is a sign of its language, in whichever script it stands."""
    own = key(word, language) if language in _IN_SEVERAL_SCRIPTS else word
    return language in signs and own in _plain(signs[language], language)


def _base_of_privative(word: str, language: str) -> tuple[str, ...]:
    """Give the concepts of the word to which an ending says "without": тұзсыз, шекерсиз, zuckerfrei."""
    if language not in PRIVATIVES or lexicon(language).literally(word):
        return ()
    plain = key(word, language)
    ending = next((one for one in PRIVATIVES[language] if plain.endswith(one)), "")
    return lexicon(language).in_plain_letters(plain.removesuffix(ending)) if ending else ()


def _is_function_word(word: str, language: str) -> bool:
    if word in FUNCTION_WORDS.get(language, ()):
        return True
    return (
        language in _IN_SEVERAL_SCRIPTS
        and not lexicon(language).literally(word)
        and key(word, language) in _plain(FUNCTION_WORDS[language], language)
    )


@cache
def _plain(words: frozenset[str], language: str) -> frozenset[str]:
    """Give words of a language that has several scripts in plain letters, so that they are told in each."""
    return frozenset(key(word, language) for word in words) if language in _IN_SEVERAL_SCRIPTS else words


def _shared(ids: tuple[str, ...], sureness: float) -> Weighted:
    """Let the concepts of one word share its weight."""
    return tuple((CONCEPT_SIGN + one, sureness / sqrt(len(ids))) for one in ids)


def _broader(ids: tuple[str, ...], sureness: float) -> Weighted:
    """Give the two levels above concepts, of which the second counts half, and the chapters of goods."""
    known = concepts()
    level, share = ids, sureness / sqrt(len(ids) or 1)
    above = dict.fromkeys(
        chapter_id(code) for one in ids if not known[one].everyday for code in known[one].hs_codes
    )
    found = {CONCEPT_SIGN + one: share / sqrt(len(above)) for one in above}
    for _ in range(2):
        level = tuple(dict.fromkeys(up for one in level for up in known[one].broader if up not in ids))
        for one in level:
            found.setdefault(CONCEPT_SIGN + one, share)
        share *= _FURTHER_UP
    return tuple(found.items())


def _letters(word: str) -> tuple[str, ...]:
    bounded = f"_{word}_"
    # Of the words that are remembered many share their groups.
    return tuple(
        intern(LETTERS_SIGN + bounded[start : start + length])
        for length in _LETTER_GROUPS
        for start in range(len(bounded) - length + 1)
    )


def _chinese(run: str) -> tuple[tuple[Unit, str], ...]:
    return _remembered_chinese(run) if len(run) <= _REMEMBERED_RUN else _read_chinese(run)


def _read_chinese(run: str) -> tuple[tuple[Unit, str], ...]:
    found = []
    denied = False
    for surface, reading in chinese().cut(simplified(run)):
        unit = _chinese_unit(surface, reading)
        found.append((_denied(unit) if denied and unit.concepts else unit, surface))
        denied = surface in DENYING["zh"] or (not unit.concepts and surface.endswith(_DENYING_CHINESE))
    return tuple(found)


_remembered_chinese = lru_cache(maxsize=_REMEMBERED_WORDS)(_read_chinese)


@lru_cache(maxsize=_REMEMBERED_WORDS)
def _chinese_unit(surface: str, reading: Reading) -> Unit:
    pairs = tuple(surface[start : start + 2] for start in range(len(surface) - 1)) or (surface,)
    letters = tuple(LETTERS_SIGN + one for one in (*surface, *(pairs if len(surface) > 1 else ())))
    return Unit(
        stem=surface,
        concepts=_shared(reading.concepts, reading.sureness),
        broader=_broader(reading.concepts, reading.sureness),
        words=(surface,) if reading.concepts else pairs,
        letters=letters,
    )
