"""From a text to its terms: concepts of the thesaurus, words, and the letters of the words.

What two texts share is looked for on three levels:

- concepts, on which the words of one meaning meet in all languages; a concept stands for its broader ones
  too, and goods for their chapter of the Harmonized System;
- words: the stem by its sounds, for what the thesaurus does not know, and beside the concept of what it
  knows;
- groups of three and four letters of a word, by its sounds: names, brands, loan words, misspellings.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import Literal, NamedTuple

from matching.text.denial import denied_places
from matching.text.language import languages_of
from matching.text.lexicon import Phrase, lexicon
from matching.text.meanings import meant
from matching.text.units import (
    DENIED_SIGN,
    DENIES_BEFORE,
    DENIES_NEXT,
    FIRST_HAN,
    HEARD,
    JOINS_BEFORE,
    JOINS_NEXT,
    MEANT,
    PHRASE_UNITS,
    Heard,
    Read,
    Said,
    Unit,
    as_buying,
    as_denied,
    as_inside,
    as_joined,
    as_withdrawn,
    hear,
)
from matching.text.words import words_in

Kind = Literal["concept", "broader", "word", "spelling", "letters"]

_TWO_WORDS = 2
# A text of fewer words does not tell which meaning of a homonym it means.
_FEWEST_TO_TELL = 5


# As far behind a joining word the goods are that it joins: with pure honey.
_JOINED = 2
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
    return [(as_buying(unit), surface) for unit, surface in found]


def _in_context(found: list[Said]) -> list[Said]:
    """Leave of the meanings of a homonym those that go with what the text speaks of otherwise."""
    homonyms = [place for place, (unit, _) in enumerate(found) if unit.senses]
    if homonyms and len(found) >= _FEWEST_TO_TELL:
        spoken_of = set[str]().union(*[unit.terms for unit, _ in found])
        for place in homonyms:
            unit, surface = found[place]
            senses = meant(unit.senses, spoken_of)
            if senses is not unit.senses:
                found[place] = MEANT[unit, senses], surface
    return found


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
        if unit is DENIES_NEXT:
            self._denied = True
        elif unit is DENIES_BEFORE:
            if self.words and not self._limited:
                self.words[-1] = (as_denied(self.words[-1][0]), self.words[-1][1])
        elif unit is JOINS_NEXT:
            self._joined = _JOINED if self._is_behind_goods() else 0
        elif unit is JOINS_BEFORE:
            if self._is_behind_goods():
                self.words[-1] = (as_joined(self.words[-1][0]), self.words[-1][1])
        else:
            self._denied, self._limited = False, _LIMITED
            self.words += [(unit, surface)] if unit.words else []

    def _is_behind_goods(self) -> bool:
        return bool(self.words) and self.words[-1][0].goods

    def _say(self, unit: Unit, surface: str) -> None:
        if self._joined and unit.goods:
            unit, self._joined = as_joined(unit), 0
        self.words.append((as_denied(unit) if self._denied else unit, surface))
        self._denied = False
        self._limited, self._joined = max(self._limited - 1, 0), max(self._joined - 1, 0)


def _read(text: str, language: str | None) -> list[Said]:
    surfaces = words_in(text)
    named = language.split("-", maxsplit=1)[0].lower() if language else None
    told = languages_of(surfaces, named)
    heard: list[Heard] = []
    for tongues, alike in groupby(told):
        words = surfaces[len(heard) : len(heard) + len(list(alike))]
        # A run of Chinese characters may be very long, and is remembered elsewhere where it is not.
        is_remembered = max(words) < FIRST_HAN
        heard += map(HEARD[tongues].__getitem__ if is_remembered else partial(hear, tongues), words)
    read = [said for said, _ in heard]
    signs = any(sign for _, sign in heard)
    return _in_runs(surfaces, told, _without_denied_clauses(text, told, read) if signs else read)


def _in_runs(surfaces: Sequence[str], told: Sequence[tuple[str, ...]], read: Sequence[Read]) -> list[Said]:
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
    text: str, languages: Sequence[tuple[str, ...]], read: Sequence[Read]
) -> list[Read]:
    """Deny the goods of clauses that say what a business does not want or do, or no longer."""
    goods_of = [tuple(unit for unit, _ in said) if isinstance(said, tuple) else (said,) for said in read]
    names_goods = [any(unit and unit.goods for unit in units) for units in goods_of]
    denied = denied_places(text, [tongues[0] for tongues in languages], names_goods)
    return [_not_wanted(said) if place in denied else said for place, said in enumerate(read)]


def _not_wanted(said: Read) -> Read:
    if isinstance(said, tuple):
        return tuple((as_withdrawn(unit) if unit.goods else unit, surface) for unit, surface in said)
    return as_withdrawn(said) if said and said.goods else said


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
            whole = PHRASE_UNITS[phrase.concepts]
            if any(unit.joined for unit, _ in run[place:until]):
                whole = as_joined(whole)
            found.append((whole, " ".join([word for _, word in run[place:until]])))
            found += [(as_inside(unit), surface) for unit, surface in run[place:until]]
        elif place + 2 < len(run):
            ids = _parted(seconds.get(run[place + 2][0].stem, ()))
            if ids:
                found += run[until:place]
                until = place
                found.append((PHRASE_UNITS[ids], f"{run[place][1]} {run[place + 2][1]}"))
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
