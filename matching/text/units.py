"""What one word or phrase says by itself, remembered for the next time it comes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache, partial
from math import sqrt
from typing import NamedTuple, TypedDict

from matching.text.bases import is_case
from matching.text.chinese import chinese
from matching.text.denial import may_deny
from matching.text.function_words import (
    DENYING,
    DENYING_BEFORE,
    JOINING,
    JOINING_BEFORE,
    JOINING_ENDINGS,
    LACKING,
    LIMITING,
    PRIVATIVES,
)
from matching.text.language import ABBREVIATED
from matching.text.lexicon import Reading, Seconds, lexicon
from matching.text.listed import AGGLUTINATIVE, IN_SEVERAL_SCRIPTS, in_plain_letters, small
from matching.text.loops import (
    BEGINS,
    DENIES_BEFORE,
    DENIES_NEXT,
    GOES_ON,
    HAS_WORDS,
    IS_DENIED,
    IS_GOODS,
    IS_GRAMMAR,
    IS_HOMONYM,
    IS_JOINED,
    JOINS_BEFORE,
    JOINS_NEXT,
    LACKS,
    LIMITS,
)
from matching.text.meanings import CONCEPT_SIGN, Weighted, bought, broader, common, numbers_of, shared
from matching.text.memo import Memo
from matching.text.neighbours import read_whole, read_word
from matching.text.stemming import key, sound_key, spelled, stem_key, whole_sound
from matching.text.thesaurus import abbreviations, goods
from matching.text.words import is_han, simplified

# What a word or a phrase says, and how it stands in the text.
Said = tuple["Unit", str]
LETTERS_SIGN, DENIED_SIGN = "~", "!"
_SHORTEST_WORD = 2
# Grades and the like, in letters of either script; one letter says nothing anyway.
_ROMAN = re.compile("(?=..)[XХ]{0,3}(?:[IІ][XХ]|[IІ]?V|V?[IІ]{0,3})")
# Words of one language in one script; of several languages that a short text may be in, fewer come. And what
# words become in phrases and beside others.
_REMEMBERED_WORDS, _REMEMBERED_LANGUAGES = 40_000, 64
_REMEMBERED_OTHERS, _REMEMBERED_FORMS = 5_000, 100_000
_REMEMBERED_GROUPS, _REMEMBERED_RUN = 50_000, 40
# What stands before it is no Chinese character, which saves asking.
FIRST_HAN = "\u3400"


# Not frozen, which would make it take twice as long to make one.
@dataclass(slots=True, eq=False)
class Unit:
    """What one word or phrase says; made once for a word of a language, so that it is told by its identity.

    Nobody changes it, as many texts share it.

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
    joined : bool
        Whether it only says what other goods are in, for, with or made of.
    rule : int
        What it says of other words: see `loops`; 0 for nothing.
    denied : bool
        Whether it is what the text says there is not.
    senses : tuple of str
        Ids of its concepts where they are several meanings, of which a text may mean one.
    goods : bool
        Whether one of its concepts is goods.
    begins : mapping of str to sequence of Phrase, or None
        The phrases that begin with it, by the stem of the second word.
    goes_on : bool
        Whether it is the second word of a phrase.
    grammar : bool
        Whether it says something in some phrases only.
    terms : tuple of int
        The numbers of the terms of its concepts and of those above them; of several meanings those that they
        share.
    marks : int
        The same, and what else is asked of it again and again, as bits: see `loops`.
    """

    stem: str
    concepts: Weighted = ()
    broader: Weighted = ()
    words: tuple[str, ...] = ()
    letters: tuple[str, ...] = ()
    inside: bool = False
    joined: bool = False
    rule: int = 0
    denied: bool = False
    senses: tuple[str, ...] = ()
    goods: bool = False
    begins: Seconds | None = None
    goes_on: bool = False
    grammar: bool = False
    terms: tuple[int, ...] = ()
    marks: int = field(init=False)

    def __post_init__(self) -> None:
        self.marks = (
            self.rule
            | IS_GOODS * self.goods
            | HAS_WORDS * bool(self.words)
            | IS_DENIED * self.denied
            | IS_HOMONYM * bool(self.senses)
            | BEGINS * bool(self.begins)
            | GOES_ON * self.goes_on
            | IS_GRAMMAR * self.grammar
            | IS_JOINED * self.joined
        )

    @property
    def is_beside(self) -> bool:
        """Whether something else says what the text is about: the phrase, or the goods that it joins."""
        return self.inside or self.joined


_SAY_OF_OTHERS: Mapping[int, Mapping[str, frozenset[str]]] = {
    DENIES_NEXT: DENYING,
    DENIES_BEFORE: DENYING_BEFORE,
    JOINS_NEXT: JOINING,
    JOINS_BEFORE: JOINING_BEFORE,
    LIMITS: LIMITING,
    LACKS: LACKING,
}
_RULES = {rule: Unit("", rule=rule) for rule in _SAY_OF_OTHERS}
_SILENT = Unit("")
# What is heard of a word besides its units, as bits: that clauses may matter in its text, and that it is a
# run of Chinese characters, of which the units are those of its words.
IS_SIGN, IS_RUN = 1, 2


class _Meaning(TypedDict):
    concepts: Weighted
    broader: Weighted
    senses: tuple[str, ...]
    goods: bool
    terms: tuple[int, ...]


def _meaning(reading: Reading) -> _Meaning:
    ids, sureness, together = reading
    own, above = shared(ids, sureness), broader(ids, sureness)
    senses = ids if len(ids) > 1 and not together else ()
    return {
        "concepts": own,
        "broader": above,
        "senses": senses,
        "goods": any(one in goods() for one in ids),
        "terms": numbers_of(common(senses) if senses else [term for term, _ in (*own, *above)]),
    }


# Most words of the thesaurus share their concepts with others.
_MEANINGS = Memo(_meaning, _REMEMBERED_FORMS)


class Heard(NamedTuple):
    """What a word says by itself.

    Attributes
    ----------
    units : tuple of Unit
        One, none for grammar, or those of a run of Chinese characters.
    surfaces : tuple of str
        The words of a run.
    marks : int
        See above.
    """

    units: tuple[Unit, ...]
    surfaces: tuple[str, ...]
    marks: int


def hear(tongues: tuple[str, ...], surface: str) -> Heard:
    """Give what a word says."""
    if surface[0] >= FIRST_HAN and is_han(surface):
        said = _chinese(surface)
        units, surfaces = tuple([unit for unit, _ in said]), tuple([word for _, word in said])
        return Heard(units, surfaces, IS_RUN | IS_SIGN * may_deny(surface, "zh"))
    unit = _unit(surface, tongues)
    return Heard((unit,) if unit else (), (), IS_SIGN * may_deny(surface, tongues[0]))


def _remembered(tongues: tuple[str, ...]) -> Memo[str, Heard]:
    """Remember words of a language, or of several between which a short text does not tell."""
    most = _REMEMBERED_WORDS if len(tongues) == 1 else _REMEMBERED_OTHERS
    return Memo(partial(hear, tongues), most * (2 if tongues[0] in IN_SEVERAL_SCRIPTS else 1))


HEARD = Memo(_remembered, _REMEMBERED_LANGUAGES)


def _unit(surface: str, languages: tuple[str, ...]) -> Unit | None:
    """Give what a word says; nothing for a function word and a letter that are in no phrase."""
    word = small(surface, languages[0])
    known = lexicon(languages[0])
    if (name := _name(surface, languages[0])) and not known.is_function_word(word):
        return _whole_unit(small(name, languages[0]), languages[0])
    own = key(word, languages[0]) if languages[0] in AGGLUTINATIVE else word
    rule = _rules(languages[0]).get(own, 0)
    if rule and rule != LIMITS:
        return _grammar_unit(word, languages[0], _RULES[rule])
    if known.is_function_word(word, is_capital=surface[0].isupper()) or _ROMAN.fullmatch(surface):
        unit = _grammar_unit(word, languages[0], _SILENT)
    else:
        is_letter = len(word) < _SHORTEST_WORD
        unit = _letter_unit(word, languages[0]) if is_letter else _word_unit(word, surface, languages)
    return replace(unit, rule=LIMITS) if rule else unit if unit is not _SILENT else None


@cache
def _rules(language: str) -> dict[str, int]:
    """Give the words of a language that say something of others, as words are compared."""
    found: dict[str, int] = {}
    for rule, words in _SAY_OF_OTHERS.items():
        for word in in_plain_letters(words.get(language, frozenset()), language):
            found.setdefault(word, rule)
    return found


def _word_unit(word: str, surface: str, languages: tuple[str, ...]) -> Unit:
    language, *others = languages
    if word[-1].isdigit():
        return Unit(words=(key(word, language),), **_in_phrases(word, language))
    base = _base_of_privative(word, language)
    if base:
        lacking = Unit("", concepts=shared(base, 1.0), words=(sound_key(word, language),))
        return replace(as_denied(lacking), **_in_phrases(stem_key(word, language), language))
    if languages == ABBREVIATED:
        reading, others = Reading(lexicon(language).as_written(word), 1.0), []
    elif language == "kk" and surface in abbreviations():
        reading = Reading(lexicon("en").as_written(word), 1.0)
    else:
        reading = read_word(word, language)
    for other in others:
        elsewhere = lexicon(other).as_written(word)
        if elsewhere:
            reading = Reading(tuple(dict.fromkeys((*reading.concepts, *elsewhere))), 1.0)
    own = sound_key(word, language)
    meaning = _MEANINGS[reading]
    return Unit(
        words=_sounds(word, language, own, known=bool(reading.concepts)),
        letters=_letters(own),
        joined=meaning["goods"] and _is_joined(word, language),
        **meaning,
        **_in_phrases(lexicon(language).phrase_key(word), language),
    )


def _name(surface: str, language: str) -> str:
    """Give the name that stands before the apostrophe of an ending: Köln'de, BAE'den; nothing elsewhere."""
    name, apostrophe, ending = surface.partition("'")
    is_name = apostrophe and language == "tr" and len(name) >= _SHORTEST_WORD and name[0].isupper()
    return name if is_name and is_case(ending) else ""


def _whole_unit(word: str, language: str) -> Unit:
    """Give what a word says that is no form of another."""
    reading = read_whole(word, language)
    own = whole_sound(word, language)
    return Unit(
        words=(own,) if own else (),
        letters=_letters(own),
        **_MEANINGS[reading],
        **_in_phrases(lexicon(language).phrase_key(word), language),
    )


def _letter_unit(letter: str, language: str) -> Unit:
    """Give a letter as a part of phrases, as in X-ray or T-shirt; by itself it says nothing."""
    part = _in_phrases(lexicon(language).phrase_key(letter), language)
    return Unit(**part) if part["begins"] or part["goes_on"] else _SILENT


def _grammar_unit(word: str, language: str, alone: Unit) -> Unit:
    """Give a word of grammar as a part of phrases, as in in stock or call centre, or what it says alone."""
    known = lexicon(language)
    stem = known.phrase_key(word) if known.grammar else ""
    return replace(alone, grammar=True, **_in_phrases(stem, language)) if stem in known.grammar else alone


class _InPhrases(TypedDict):
    stem: str
    begins: Seconds | None
    goes_on: bool


def _in_phrases(stem: str, language: str) -> _InPhrases:
    """Give what a unit of this stem is in the phrases of its language."""
    known = lexicon(language)
    return {"stem": stem, "begins": known.phrases.get(stem), "goes_on": stem in known.seconds}


def _phrase_unit(ids: tuple[str, ...]) -> Unit:
    return Unit("", **_MEANINGS[Reading(ids, 1.0)])


PHRASE_UNITS = Memo(_phrase_unit, _REMEMBERED_FORMS)


def _meant(given: tuple[Unit, tuple[str, ...]]) -> Unit:
    unit, senses = given
    sureness = unit.concepts[0][1] * sqrt(len(unit.concepts))
    meaning = _MEANINGS[Reading(senses, sureness, together=True)]
    return replace(unit, **(meaning | {"goods": unit.goods}))


MEANT = Memo(_meant, _REMEMBERED_FORMS)


@lru_cache(maxsize=_REMEMBERED_FORMS)
def as_buying(unit: Unit) -> Unit:
    """Let a business stand for what it buys, which is how a text speaks of goods that names none."""
    said = dict(unit.broader)
    more = bought(tuple(term.removeprefix(CONCEPT_SIGN) for term, _ in unit.concepts))
    new = tuple(one for one in more if one[0] not in said)
    return replace(unit, broader=(*unit.broader, *new)) if new else unit


@lru_cache(maxsize=_REMEMBERED_FORMS)
def as_inside(unit: Unit) -> Unit:
    """Put a word into a phrase, which says what it means."""
    return replace(unit, inside=True)


@lru_cache(maxsize=_REMEMBERED_FORMS)
def as_joined(unit: Unit) -> Unit:
    """Let goods only say what other goods are in, for, with or made of."""
    return replace(unit, joined=True)


@lru_cache(maxsize=_REMEMBERED_FORMS)
def as_denied(unit: Unit) -> Unit:
    """Let what a text says there is not meet others that say so, and nothing else."""
    return Unit(
        "",
        concepts=tuple((DENIED_SIGN + term, amount) for term, amount in unit.concepts),
        words=tuple(DENIED_SIGN + word for word in unit.words),
        denied=True,
    )


@lru_cache(maxsize=_REMEMBERED_FORMS)
def as_withdrawn(unit: Unit) -> Unit:
    """Deny goods where they stand; elsewhere the text may want them."""
    return replace(as_denied(unit), denied=False)


def _is_joined(word: str, language: str) -> bool:
    """Tell whether an ending says that other goods are in these ones, or made of them: банкіде, теріден."""
    return (
        language in JOINING_ENDINGS
        and key(word, language).endswith(JOINING_ENDINGS[language])
        and not lexicon(language).literally(word)
    )


def _sounds(word: str, language: str, own: str, *, known: bool) -> tuple[str, ...]:
    """Give the word by its sounds; as it stands too where a loan word may lose what is no ending."""
    if known or language not in AGGLUTINATIVE:
        return (own,) if own else ()
    return tuple(one for one in dict.fromkeys((own, whole_sound(word, language))) if one)


def _base_of_privative(word: str, language: str) -> tuple[str, ...]:
    """Give the concepts of the word to which an ending says "without": тұзсыз, шекерсиз, zuckerfrei."""
    if language not in PRIVATIVES:
        return ()
    written = spelled(word, language)
    ending = next((one for one in PRIVATIVES[language] if key(written, language).endswith(one)), "")
    if not ending:
        return ()
    known = lexicon(language)
    # Where words are built of endings, the shorter word is what a word is found by: шекерсіз, шекер.
    found = known.literally if language in AGGLUTINATIVE else known.exactly
    if found(word):
        return ()
    # No sound of two letters goes over its border: фосфатсыз. Two letters are too few: иіссіз, іс.
    base = written[: -len(ending)]
    plain = key(base, language)
    whole = known.as_written(base)
    if whole or len(plain) <= _SHORTEST_WORD:
        return whole
    # Between the two there may be a link: bekämpningsmedelsfritt.
    return known.in_plain_letters(plain) or known.in_plain_letters(plain.removesuffix("s"))


def _group(letters: tuple[str, str, str]) -> str:
    return LETTERS_SIGN + "".join(letters)


# Words share their groups of letters, which are made once.
_GROUPS = Memo(_group, _REMEMBERED_GROUPS)


def _letters(word: str) -> tuple[str, ...]:
    bounded = f"_{word}_"
    groups = zip(bounded, bounded[1:], bounded[2:], strict=False)
    return tuple(map(_GROUPS.__getitem__, groups))


def _chinese(run: str) -> tuple[Said, ...]:
    return _remembered_chinese(run) if len(run) <= _REMEMBERED_RUN else _read_chinese(run)


def _read_chinese(run: str) -> tuple[Said, ...]:
    found = []
    for surface, reading, denied in chinese().cut(simplified(run)):
        unit = _chinese_unit(surface, reading)
        found.append((as_denied(unit) if denied else unit, surface))
    return tuple(found)


_remembered_chinese = lru_cache(maxsize=_REMEMBERED_FORMS)(_read_chinese)


@lru_cache(maxsize=_REMEMBERED_FORMS)
def _chinese_unit(surface: str, reading: Reading) -> Unit:
    pairs = tuple(surface[start : start + 2] for start in range(len(surface) - 1)) or (surface,)
    letters = tuple(LETTERS_SIGN + one for one in (*surface, *(pairs if len(surface) > 1 else ())))
    return Unit(
        stem=surface,
        words=(surface,) if reading.concepts else pairs,
        letters=letters,
        **_MEANINGS[reading],
    )
