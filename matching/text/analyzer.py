"""From a text to its terms: concepts of the thesaurus, words, and the letters of the words.

What two texts share is looked for on three levels:

- concepts, on which the words of one meaning meet in all languages; a concept stands for its broader ones
  too, and goods for their chapter of the Harmonized System;
- words: the stem by its sounds, for what the thesaurus does not know, and beside the concept of what it
  knows;
- groups of three and four letters of a word, by its sounds: names, brands, loan words, misspellings.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache, partial
from itertools import groupby
from math import sqrt
from sys import intern
from typing import Literal, NamedTuple

from matching.text.denial import denied_places, may_deny
from matching.text.function_words import (
    DENYING,
    DENYING_BEFORE,
    FUNCTION_WORDS,
    JOINING,
    JOINING_BEFORE,
    JOINING_ENDINGS,
    LIMITING,
    PRIVATIVES,
)
from matching.text.language import languages_of
from matching.text.lexicon import AGGLUTINATIVE, Phrase, Reading, chinese, lexicon, read_word, small
from matching.text.meanings import CONCEPT_SIGN, Weighted, bought, broader, common, meant, shared
from matching.text.memo import Memo
from matching.text.stemming import key, sound_key, stem_key, whole_sound
from matching.text.thesaurus import goods
from matching.text.words import is_han, simplified, words_in

Kind = Literal["concept", "broader", "word", "spelling", "letters"]
# What a word or a phrase says, and how it stands in the text.
Said = tuple["Unit", str]

LETTERS_SIGN, DENIED_SIGN = "~", "!"
_LETTER_GROUPS = (3, 4)
_SHORTEST_WORD = 2
_IN_SEVERAL_SCRIPTS = frozenset({"kk", "uz"})
# Words of one language; of several that a short text may be in, fewer come. And what words become in phrases
# and beside others.
_REMEMBERED_WORDS, _REMEMBERED_LANGUAGES = 60_000, 64
_REMEMBERED_OTHERS, _REMEMBERED_FORMS = 5_000, 100_000
_REMEMBERED_RUN = 40
_TWO_WORDS = 2
# A text of fewer words does not tell which meaning of a homonym it means.
_FEWEST_TO_TELL = 5
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
    joined : bool
        Whether it only says what other goods are in, for, with or made of.
    rules : bool
        Whether it says something of other words: denies them, joins them to others.
    limiting : bool
        Whether it says that what is denied is not all there is: not only honey.
    denied : bool
        Whether it is what the text says there is not.
    senses : tuple of str
        Ids of its concepts where they are several meanings, of which a text may mean one.
    goods : bool
        Whether one of its concepts is goods.
    terms : tuple of str
        The terms of its concepts and of those above them; of several meanings those that they share.
    """

    stem: str
    concepts: Weighted = ()
    broader: Weighted = ()
    words: tuple[str, ...] = ()
    letters: tuple[str, ...] = ()
    inside: bool = False
    joined: bool = False
    rules: bool = False
    limiting: bool = False
    denied: bool = False
    senses: tuple[str, ...] = ()
    goods: bool = False
    terms: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        terms = tuple(term for term, _ in (*self.concepts, *self.broader))
        object.__setattr__(self, "terms", common(self.senses) if self.senses else terms)

    @property
    def is_beside(self) -> bool:
        """Whether something else says what the text is about: the phrase, or the goods that it joins."""
        return self.inside or self.joined


# What a word gives that says the next one, or the one before it, is what there is not.
_DENYING, _DENYING_BEFORE = Unit("", rules=True), Unit("", rules=True)
# What a word gives that says that other goods are in, for, with or made of the next ones, or those before it.
_JOINING, _JOINING_BEFORE = Unit("", rules=True), Unit("", rules=True)
# As far behind a joining word the goods are that it joins: with pure honey.
_JOINED = 2
_SIGNS = (
    (DENYING, _DENYING),
    (DENYING_BEFORE, _DENYING_BEFORE),
    (JOINING, _JOINING),
    (JOINING_BEFORE, _JOINING_BEFORE),
)
# What is read for a word: nothing for grammar, several units for a run of Chinese characters.
_Said = Unit | tuple[Said, ...] | None
_Heard = tuple[_Said, bool]
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
    beside : bool
        Whether the word belongs to a phrase of the thesaurus, which stands before it, or only says what other
        goods are in, for, with or made of.
    """

    term: str
    surface: str
    kind: Kind
    amount: float
    beside: bool


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
    return tuple([unit for unit, _ in _units(text, language)])


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
        Term(term, surface, kind, amount, unit.is_beside)
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


def _units(text: str, language: str | None) -> list[Said]:
    """Read a text; what it says there is not counts nowhere in it ("honey extractors …, no honey")."""
    found = _read(text, language)
    denying = [unit for unit, _ in found if unit.denied]
    if denying:
        denied = {term.removeprefix(DENIED_SIGN) for unit in denying for term, _ in unit.concepts}
        found = [
            (unit, surface)
            for unit, surface in found
            if not unit.concepts or any(term not in denied for term, _ in unit.concepts)
        ]
    found = _in_context(found)
    if any(unit.goods and not unit.senses for unit, _ in found):
        return found
    return [(_buying(unit), surface) for unit, surface in found]


@lru_cache(maxsize=_REMEMBERED_FORMS)
def _buying(unit: Unit) -> Unit:
    """Let a business stand for what it buys, which is how a text speaks of goods that names none."""
    said = dict(unit.broader)
    more = bought(tuple(term.removeprefix(CONCEPT_SIGN) for term, _ in unit.concepts))
    new = tuple(one for one in more if one[0] not in said)
    return replace(unit, broader=(*unit.broader, *new)) if new else unit


def _in_context(found: list[Said]) -> list[Said]:
    """Leave of the meanings of a homonym those that go with what the text speaks of otherwise."""
    homonyms = [place for place, (unit, _) in enumerate(found) if unit.senses]
    if homonyms and len(found) >= _FEWEST_TO_TELL:
        spoken_of = set[str]().union(*[unit.terms for unit, _ in found])
        for place in homonyms:
            unit, surface = found[place]
            senses = meant(unit.senses, spoken_of)
            if senses is not unit.senses:
                found[place] = _MEANT[unit, senses], surface
    return found


def _meant(given: tuple[Unit, tuple[str, ...]]) -> Unit:
    unit, senses = given
    sureness = unit.concepts[0][1] * sqrt(len(unit.concepts))
    return replace(unit, concepts=shared(senses, sureness), broader=broader(senses, sureness), senses=())


_MEANT = Memo(_meant, _REMEMBERED_FORMS)


class _Run:
    """Words of one language in a row, with what a word says of the next ones or the one before it."""

    def __init__(self) -> None:
        self.words: list[Said] = []
        self._denied = False
        self._limited = self._joined = 0

    def take(self, unit: Unit, surface: str) -> None:
        if unit.rules:
            self._obey(unit, surface)
        elif self._denied or self._limited or self._joined:
            self._say(unit, surface)
        else:
            self.words.append((unit, surface))

    def _obey(self, unit: Unit, surface: str) -> None:
        if unit is _DENYING:
            self._denied = True
        elif unit is _DENYING_BEFORE:
            if self.words and not self._limited:
                self.words[-1] = (_denied(self.words[-1][0]), self.words[-1][1])
        elif unit is _JOINING:
            self._joined = _JOINED if self._is_behind_goods() else 0
        elif unit is _JOINING_BEFORE:
            if self._is_behind_goods():
                self.words[-1] = (_joined(self.words[-1][0]), self.words[-1][1])
        else:
            self._denied, self._limited = False, _LIMITED
            self.words += [(unit, surface)] if unit.words else []

    def _is_behind_goods(self) -> bool:
        return bool(self.words) and self.words[-1][0].goods

    def _say(self, unit: Unit, surface: str) -> None:
        if self._joined and unit.goods:
            unit, self._joined = _joined(unit), 0
        self.words.append((_denied(unit) if self._denied else unit, surface))
        self._denied = False
        self._limited, self._joined = max(self._limited - 1, 0), max(self._joined - 1, 0)


def _read(text: str, language: str | None) -> list[Said]:
    surfaces = words_in(text)
    named = language.split("-", maxsplit=1)[0].lower() if language else None
    told = languages_of(surfaces, named)
    heard: list[_Heard] = []
    for tongues, alike in groupby(told):
        words = surfaces[len(heard) : len(heard) + len(list(alike))]
        # A run of Chinese characters may be very long, and is remembered elsewhere where it is not.
        is_remembered = max(words) < _FIRST_HAN
        heard += map(_HEARD[tongues].__getitem__ if is_remembered else partial(_heard, tongues), words)
    read = [said for said, _ in heard]
    signs = any(sign for _, sign in heard)
    return _in_runs(surfaces, told, _without_denied_clauses(text, told, read) if signs else read)


def _heard(tongues: tuple[str, ...], surface: str) -> _Heard:
    """Give what a word says, and whether it is a sign that clauses matter."""
    if surface[0] >= _FIRST_HAN and is_han(surface):
        return _chinese(surface), may_deny(surface, "zh")
    return _unit(surface, tongues), may_deny(surface, tongues[0])


def _remembered(tongues: tuple[str, ...]) -> Memo[str, _Heard]:
    """Remember words of a language, or of several between which a short text does not tell."""
    return Memo(partial(_heard, tongues), _REMEMBERED_WORDS if len(tongues) == 1 else _REMEMBERED_OTHERS)


_HEARD = Memo(_remembered, _REMEMBERED_LANGUAGES)


def _in_runs(surfaces: Sequence[str], told: Sequence[tuple[str, ...]], read: Sequence[_Said]) -> list[Said]:
    """Let words of one language in a row say what they say of each other, and find their phrases."""
    found: list[Said] = []
    run = _Run()
    spoken: tuple[str, ...] = ("und",)
    for surface, tongues, said in zip(surfaces, told, read, strict=True):
        if tongues != spoken:
            found += _with_phrases(run.words, spoken)
            run.words, spoken = [], tongues
        if said is None:
            continue
        if isinstance(said, Unit):
            run.take(said, surface)
        else:
            found += said
    found += _with_phrases(run.words, spoken)
    return found


def _without_denied_clauses(
    text: str, languages: Sequence[tuple[str, ...]], read: Sequence[_Said]
) -> list[_Said]:
    """Deny the goods of clauses that say what a business does not want or do, or no longer."""
    goods_of = [tuple(unit for unit, _ in said) if isinstance(said, tuple) else (said,) for said in read]
    names_goods = [any(unit and unit.goods for unit in units) for units in goods_of]
    denied = denied_places(text, [tongues[0] for tongues in languages], names_goods)
    return [_not_wanted(said) if place in denied else said for place, said in enumerate(read)]


def _not_wanted(said: _Said) -> _Said:
    if isinstance(said, tuple):
        return tuple((_withdrawn(unit) if unit.goods else unit, surface) for unit, surface in said)
    return _withdrawn(said) if said and said.goods else said


def _with_phrases(run: list[Said], languages: tuple[str, ...]) -> list[Said]:
    """Put the phrases of the thesaurus before their words."""
    starts = lexicon(languages[0]).phrases if run else {}
    firsts = [starts.get(unit.stem) for unit, _ in run[:-1]]
    if not any(firsts):
        return run
    found: list[Said] = []
    until = 0
    for place, seconds in enumerate(firsts):
        if not seconds or place < until:
            continue
        phrases = seconds.get(run[place + 1][0].stem)
        phrase = _phrase_at(run, place, phrases) if phrases else None
        if phrase:
            found += run[until:place]
            until = place + len(phrase.keys)
            whole = _PHRASE_UNITS[phrase.concepts]
            if any(unit.joined for unit, _ in run[place:until]):
                whole = _joined(whole)
            found.append((whole, " ".join([word for _, word in run[place:until]])))
            found += [(_inside(unit), surface) for unit, surface in run[place:until]]
        elif place + 2 < len(run):
            ids = _parted(seconds.get(run[place + 2][0].stem, ()))
            if ids:
                found += run[until:place]
                until = place
                found.append((_PHRASE_UNITS[ids], f"{run[place][1]} {run[place + 2][1]}"))
    return found + run[until:]


def _parted(phrases: Iterable[Phrase]) -> tuple[str, ...]:
    """Give the concepts of a phrase of two words, which may have one word between them."""
    return next((phrase.concepts for phrase in phrases if len(phrase.keys) == _TWO_WORDS), ())


def _phrase_at(run: list[Said], place: int, phrases: list[Phrase]) -> Phrase | None:
    for phrase in phrases:
        stop = place + len(phrase.keys)
        if stop <= len(run) and all(
            run[place + ahead][0].stem == one for ahead, one in enumerate(phrase.keys)
        ):
            return phrase
    return None


def _phrase_unit(ids: tuple[str, ...]) -> Unit:
    return Unit("", shared(ids, 1.0), broader(ids, 1.0), senses=_several(ids), goods=_any_goods(ids))


_PHRASE_UNITS = Memo(_phrase_unit, _REMEMBERED_FORMS)


@lru_cache(maxsize=_REMEMBERED_FORMS)
def _inside(unit: Unit) -> Unit:
    return replace(unit, inside=True)


@lru_cache(maxsize=_REMEMBERED_FORMS)
def _joined(unit: Unit) -> Unit:
    return replace(unit, joined=True)


@lru_cache(maxsize=_REMEMBERED_FORMS)
def _denied(unit: Unit, stem: str = "") -> Unit:
    """Let what a text says there is not meet others that say so, and nothing else."""
    return Unit(
        stem,
        concepts=tuple((DENIED_SIGN + term, amount) for term, amount in unit.concepts),
        words=tuple(DENIED_SIGN + word for word in unit.words),
        denied=True,
    )


@lru_cache(maxsize=_REMEMBERED_FORMS)
def _withdrawn(unit: Unit) -> Unit:
    """Deny goods where they stand; elsewhere the text may want them."""
    return replace(_denied(unit), denied=False)


def _unit(surface: str, languages: tuple[str, ...]) -> Unit | None:
    """Give what a word says; nothing for a function word and a single letter."""
    word = small(surface, languages[0])
    for signs, sign in _SIGNS:
        if _is_one_of(signs, word, languages[0]):
            return sign
    unit = None
    if len(word) >= _SHORTEST_WORD and not _is_function_word(word, languages[0]):
        unit = _word_unit(word, languages)
    if _is_one_of(LIMITING, word, languages[0]):
        return replace(unit or Unit(""), rules=True, limiting=True)
    return unit


def _word_unit(word: str, languages: tuple[str, ...]) -> Unit:
    language, *others = languages
    if word[-1].isdigit():
        return Unit(word, words=(key(word, language),))
    base = _base_of_privative(word, language)
    if base:
        lacking = Unit("", concepts=shared(base, 1.0), words=(sound_key(word, language),))
        return _denied(lacking, stem_key(word, language))
    reading = read_word(word, language)
    for other in others:
        elsewhere = lexicon(other).as_written(word)
        if elsewhere:
            reading = Reading(tuple(dict.fromkeys((*reading.concepts, *elsewhere))), 1.0)
    own = sound_key(word, language)
    of_goods = _any_goods(reading.concepts)
    return Unit(
        stem=lexicon(language).phrase_key(word),
        concepts=shared(reading.concepts, reading.sureness),
        broader=broader(reading.concepts, reading.sureness),
        words=_sounds(word, language, own, known=bool(reading.concepts)),
        letters=_letters(own),
        joined=of_goods and _is_joined(word, language),
        senses=() if reading.together else _several(reading.concepts),
        goods=of_goods,
    )


def _any_goods(ids: tuple[str, ...]) -> bool:
    return any(one in goods() for one in ids)


def _several(ids: tuple[str, ...]) -> tuple[str, ...]:
    return ids if len(ids) > 1 else ()


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
        return (own,)
    return tuple(dict.fromkeys((own, whole_sound(word, language))))


def _is_one_of(signs: Mapping[str, frozenset[str]], word: str, language: str) -> bool:
    """Tell whether a word is a sign of its language, in whichever script it stands."""
    own = key(word, language) if language in _IN_SEVERAL_SCRIPTS else word
    return language in signs and own in _plain(signs[language], language)


def _base_of_privative(word: str, language: str) -> tuple[str, ...]:
    """Give the concepts of the word to which an ending says "without": тұзсыз, шекерсиз, zuckerfrei."""
    known = lexicon(language)
    # Where words are built of endings, the shorter word is what a word is found by: шекерсіз, шекер.
    found = known.literally if language in AGGLUTINATIVE else known.exactly
    if language not in PRIVATIVES or found(word):
        return ()
    plain = key(word, language)
    ending = next((one for one in PRIVATIVES[language] if plain.endswith(one)), "")
    return known.in_plain_letters(plain.removesuffix(ending)) if ending else ()


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


def _letters(word: str) -> tuple[str, ...]:
    bounded = f"_{word}_"
    # Of the words that are remembered many share their groups.
    return tuple(
        intern(LETTERS_SIGN + bounded[start : start + length])
        for length in _LETTER_GROUPS
        for start in range(len(bounded) - length + 1)
    )


def _chinese(run: str) -> tuple[Said, ...]:
    return _remembered_chinese(run) if len(run) <= _REMEMBERED_RUN else _read_chinese(run)


def _read_chinese(run: str) -> tuple[Said, ...]:
    found = []
    denied = False
    for surface, reading in chinese().cut(simplified(run)):
        unit = _chinese_unit(surface, reading)
        found.append((_denied(unit) if denied and unit.concepts else unit, surface))
        denied = surface in DENYING["zh"] or (not unit.concepts and surface.endswith(_DENYING_CHINESE))
    return tuple(found)


_remembered_chinese = lru_cache(maxsize=_REMEMBERED_FORMS)(_read_chinese)


@lru_cache(maxsize=_REMEMBERED_FORMS)
def _chinese_unit(surface: str, reading: Reading) -> Unit:
    pairs = tuple(surface[start : start + 2] for start in range(len(surface) - 1)) or (surface,)
    letters = tuple(LETTERS_SIGN + one for one in (*surface, *(pairs if len(surface) > 1 else ())))
    return Unit(
        stem=surface,
        concepts=shared(reading.concepts, reading.sureness),
        broader=broader(reading.concepts, reading.sureness),
        words=(surface,) if reading.concepts else pairs,
        letters=letters,
        senses=_several(reading.concepts),
        goods=_any_goods(reading.concepts),
    )
