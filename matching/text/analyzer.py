"""From a text to its terms: concepts of the thesaurus, words, and the letters of the words.

What two texts share is looked for on three levels:

- concepts, on which the words of one meaning meet in all languages; a concept stands for its broader ones
  too, and goods for their chapter of the Harmonized System;
- words: the stem by its sounds, for what the thesaurus does not know, and beside the concept of what it
  knows;
- groups of three letters of a word, by its sounds: names, brands, loan words, misspellings.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, pairwise
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from matching.text.denial import denied_places
from matching.text.language import languages_in
from matching.text.loops import (
    BEGINS,
    DENIED,
    GOES_ON,
    GONE,
    INSIDE,
    IS_DENIED,
    IS_GOODS,
    IS_GRAMMAR,
    IS_HOMONYM,
    IS_JOINED,
    JOINED,
    OF_OTHERS,
    WITHDRAWN,
    obey,
)
from matching.text.meanings import meant
from matching.text.phrases import phrases_in, phrases_with_grammar_in
from matching.text.ragged import Numbers, Ragged, ended, ends_of, numbered
from matching.text.units import (
    DENIED_SIGN,
    FIRST_HAN,
    HEARD,
    IS_RUN,
    IS_SIGN,
    MEANT,
    PHRASE_UNITS,
    Heard,
    Said,
    Unit,
    as_buying,
    as_denied,
    as_inside,
    as_joined,
    as_withdrawn,
    hear,
)
from matching.text.words import words_in_texts

Kind = Literal["concept", "broader", "word", "spelling", "letters"]

# A text of fewer words does not tell which meaning of a homonym it means.
_FEWEST_TO_TELL = 5
_SILENT = Unit("")
# What becomes of a unit, in the order in which it does.
_BECOMING = ((WITHDRAWN, as_withdrawn), (JOINED, as_joined), (DENIED, as_denied), (INSIDE, as_inside))


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
    """Read a text as `units_in` reads several."""
    return units_in([text], [language])[0]


def units_in(texts: Sequence[str], languages: Sequence[str | None]) -> list[tuple[Unit, ...]]:
    """Read texts.

    Parameters
    ----------
    texts : sequence of str, length n
        Any texts, in any state: empty, broken, mixed, very long.
    languages : sequence of str or None, length n
        BCP 47 tags of the texts; detected where None.

    Returns
    -------
    list of tuple of Unit, length n
        Of every text in its order, a phrase before its words; empty when it has no usable word.

    Notes
    -----
    Linear in the length of the texts. Many at once take a fifth of the time that they take one by one: what
    words say of each other is worked out in arrays over all of them.
    """
    read = _Reading(texts, languages)
    units, ends = list(map(read.units.__getitem__, read.rows.tolist())), read.ends.tolist()
    return [tuple(units[first:last]) for first, last in pairwise(ends)]


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
        for unit, surface in _Reading([text], [language]).said()
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


class _Spoken(NamedTuple):
    """The words of texts, each different one of a language once.

    Attributes
    ----------
    words : list of str
    tongues : list of tuple of str
        Their languages.
    heard : list of Heard
        What they say by themselves.
    texts : Ragged
        The words of every text, as places in these lists.
    runs : ndarray of int64, shape (n,)
        The same number for words of all texts that are of one language and in a row, in which no sentence
        ends and no number stands.
    """

    words: list[str]
    tongues: list[tuple[str, ...]]
    heard: list[Heard]
    texts: Ragged
    runs: Numbers


def _spoken(texts: Sequence[str], languages: Sequence[str | None]) -> _Spoken:
    different, of_texts, parted = words_in_texts(texts)
    named = [tag.split("-", maxsplit=1)[0].lower() if tag else None for tag in languages]
    told, of_words = languages_in(different, of_texts, named)
    keys, numbers = numbered((of_texts.values * len(told) + of_words).tolist(), of_words.size)
    words = [different[key // len(told)] for key in keys]
    spoken = [key % len(told) for key in keys]
    known = list(map(HEARD.__getitem__, told))
    # A run of Chinese characters may be very long, and is remembered elsewhere where it is not.
    heard = [
        known[own][word] if word < FIRST_HAN else hear(told[own], word)
        for word, own in zip(words, spoken, strict=True)
    ]
    changes = parted
    changes[1:] |= of_words[1:] != of_words[:-1]
    # The last texts may have no word.
    changes[of_texts.ends[of_texts.ends < changes.size]] = True
    return _Spoken(
        words, [told[own] for own in spoken], heard, Ragged(numbers, of_texts.ends), changes.cumsum()
    )


class _Reading:
    """Texts as units, which become others by what stands around them.

    Attributes
    ----------
    units : list of Unit
        All that were heard, and all that they became.
    rows : ndarray of int64, shape (n,)
        The units of all texts, as places in `units`.
    ends : ndarray of int64, shape (n_texts + 1,)
        Where those of each text end, after a zero.
    """

    def __init__(self, texts: Sequence[str], languages: Sequence[str | None]) -> None:
        self._spoken = spoken = _spoken(texts, languages)
        listed = [unit for one in spoken.heard for unit in one.units]
        self._n_heard = len(listed)
        self.units, rows = numbered(listed, len(listed))
        self._marks = np.array([unit.marks for unit in self.units], np.int64)
        # Where every unit stands in the list of all that is heard.
        of_words = Ragged(np.arange(rows.size), ends_of([one.units for one in spoken.heard])).taken(
            spoken.texts.values
        )
        self._sources = of_words.values
        self.rows = rows[self._sources]
        self.ends = of_words.ends[spoken.texts.ends]

        of_heard = np.array([one.marks for one in spoken.heard], np.int64)[spoken.texts.values]
        forms = np.zeros(self.rows.size, np.int64)
        if (of_heard & IS_SIGN).any():
            self._withdraw(forms, texts, of_heard, of_words.ends)
        # What the words of a run of Chinese characters say of each other is heard with it.
        runs = np.where(of_heard & IS_RUN, -1, spoken.runs).repeat(of_words.lengths)
        forms, runs = self._find_with_grammar(forms, runs)
        obey(self.ends, runs, self._marks[self.rows], forms, np.empty(3, np.int64))
        is_said = forms & GONE == 0
        self._leave(is_said)
        self._find_phrases(forms[is_said], runs[is_said])
        self._drop_denied()
        self._choose_meanings()
        self._let_buy()

    def said(self) -> list[Said]:
        """Give the units with the words or phrases that they come from."""
        surfaces = [
            surface
            for one, word in zip(self._spoken.heard, self._spoken.words, strict=True)
            for surface in one.surfaces or (word,) * len(one.units)
        ]
        for words, ends in (self._with_grammar, self._found):
            found = words.tolist()
            surfaces += [
                " ".join(map(surfaces.__getitem__, found[first:last]))
                for first, last in pairwise(ends.tolist())
            ]
        return [
            (self.units[row], surfaces[source])
            for row, source in zip(self.rows.tolist(), self._sources.tolist(), strict=True)
        ]

    def _leave(self, kept: npt.NDArray[np.bool_]) -> None:
        """Leave only some units in the texts."""
        self.ends = ended(kept)[self.ends]
        self.rows, self._sources = self.rows[kept], self._sources[kept]

    def _learn(self, units: list[Unit]) -> Numbers:
        """Take more units over, and give their places."""
        places = np.arange(len(self.units), len(self.units) + len(units))
        self.units += units
        self._marks = np.append(self._marks, np.array([unit.marks for unit in units], np.int64))
        return places

    def _become(self, places: Numbers, what: Numbers, change: Callable[[Unit, int], Unit]) -> None:
        """Put what units become in their place."""
        if places.size:
            pairs = zip(self.rows[places].tolist(), what.tolist(), strict=True)
            different, numbers = numbered(pairs, places.size)
            self.rows[places] = self._learn([change(self.units[row], one) for row, one in different])[numbers]

    def _withdraw(self, forms: Numbers, texts: Sequence[str], of_heard: Numbers, ends: Numbers) -> None:
        """Deny the goods of clauses that say what a business does not want or do, or no longer."""
        tongues, of_texts = self._spoken.tongues, self._spoken.texts
        is_goods = self._marks[self.rows] & IS_GOODS > 0
        until = ended(is_goods)[ends]
        for text in np.unique(of_texts.row_of[of_heard & IS_SIGN > 0]).tolist():
            first, last = of_texts.ends[text : text + 2].tolist()
            languages = [tongues[word][0] for word in of_texts.values[first:last].tolist()]
            names_goods = until[first + 1 : last + 1] > until[first:last]
            for word in denied_places(texts[text], languages, names_goods.tolist()):
                denied = slice(ends[first + word], ends[first + word + 1])
                forms[denied] = WITHDRAWN * is_goods[denied]

    def _find_with_grammar(self, forms: Numbers, runs: Numbers) -> tuple[Numbers, Numbers]:
        """Put phrases in the place of their words that are nothing without their grammar, and leave it else.

        Returns
        -------
        forms, runs : ndarray of int64
            Of the words that are left.
        """
        marks = self._marks[self.rows]
        is_grammar = marks & IS_GRAMMAR > 0
        kept = ~is_grammar | (marks & OF_OTHERS > 0)
        begins = (marks[:-1] & BEGINS > 0) & (marks[1:] & GOES_ON > 0) & (is_grammar[:-1] | is_grammar[1:])
        places = np.flatnonzero(begins)
        spoken = [self.units[row] for row in self.rows.tolist()] if places.size else []
        rows = zip(places.tolist(), *_rows_of(runs, places), strict=True)
        found = phrases_with_grammar_in(rows, spoken)
        in_phrases = ends_of([one.words for one in found])
        words = np.fromiter(chain.from_iterable(one.words for one in found), np.int64, int(in_phrases[-1]))
        self._with_grammar = Ragged(self._sources[words], in_phrases)
        starts = words[in_phrases[:-1]]
        if starts.size:
            kept[words], kept[starts] = False, True
            forms[starts] = np.bitwise_or.reduceat(forms[words], in_phrases[:-1])
            different, numbers = numbered([one.concepts for one in found], len(found))
            self.rows[starts] = self._learn(list(map(PHRASE_UNITS.__getitem__, different)))[numbers]
            self._sources[starts] = self._n_heard + np.arange(starts.size)
        self._leave(kept)
        return forms[kept], runs[kept]

    def _find_phrases(self, forms: Numbers, runs: Numbers) -> None:
        """Put the phrases of the thesaurus before their words, which stand in one run."""
        is_denied = forms & (WITHDRAWN | DENIED) > 0
        marks = np.append(np.where(is_denied, 0, self._marks[self.rows]), [0, 0])
        places = np.flatnonzero((marks[:-2] & BEGINS) * ((marks[1:-1] | marks[2:]) & GOES_ON))
        _, ends = _rows_of(runs, places)
        rows = np.where(is_denied, len(self.units), self.rows).tolist()
        spoken = list(map([*self.units, _SILENT].__getitem__, rows))
        found = phrases_in(zip(places.tolist(), ends, strict=True), spoken)
        in_phrases = ends_of([one.words for one in found])
        words = np.fromiter(chain.from_iterable(one.words for one in found), np.int64, int(in_phrases[-1]))
        self._found = Ragged(self._sources[words], in_phrases)
        # The words of a phrase that is parted stand for themselves.
        is_whole = ~np.array([one.is_parted for one in found], np.bool_)
        # Goods may be joined within a phrase («корм для рыб»), which joins nothing to others.
        is_goods = ended(marks[words] & IS_GOODS > 0)
        is_first = is_goods[1:] == is_goods[in_phrases[:-1]].repeat(self._found.lengths) + 1
        joins = (marks[words] & IS_JOINED > 0) | (forms[words] & JOINED > 0) & is_first
        joins &= is_whole.repeat(self._found.lengths)
        forms[words[is_whole.repeat(self._found.lengths)]] |= INSIDE
        changed = np.flatnonzero(forms)
        self._become(changed, forms[changed], _as_formed)
        is_joined = np.diff(ended(joins)[in_phrases]) > 0
        said = zip([one.concepts for one in found], is_joined.tolist(), strict=True)
        different, numbers = numbered(said, len(found))
        phrases = ((PHRASE_UNITS[ids], joins) for ids, joins in different)
        wholes = self._learn([as_joined(unit) if joins else unit for unit, joins in phrases])
        starts = words[in_phrases[:-1]]
        n_before = self._n_heard + self._with_grammar.ends.size - 1
        self.rows = np.insert(self.rows, starts, wholes[numbers])
        self._sources = np.insert(self._sources, starts, n_before + np.arange(len(found)))
        self.ends = self.ends + starts.searchsorted(self.ends)

    def _drop_denied(self) -> None:
        """Let what a text says there is not count nowhere in it ("honey extractors …, no honey")."""
        is_denied = self._marks[self.rows] & IS_DENIED > 0
        if not is_denied.any():
            return
        kept = np.ones(self.rows.size, np.bool_)
        for text in np.flatnonzero(np.diff(ended(is_denied)[self.ends])).tolist():
            first, last = self.ends[text : text + 2].tolist()
            own = [self.units[row] for row in self.rows[first:last].tolist()]
            denied = {
                term.removeprefix(DENIED_SIGN) for unit in own if unit.denied for term, _ in unit.concepts
            }
            kept[first:last] = [
                not unit.concepts or any(term not in denied for term, _ in unit.concepts) for unit in own
            ]
        self._leave(kept)

    def _choose_meanings(self) -> None:
        """Leave of the meanings of a homonym those that go with what the text speaks of otherwise."""
        is_homonym = self._marks[self.rows] & IS_HOMONYM > 0
        lengths = self.ends[1:] - self.ends[:-1]
        is_homonym &= (lengths >= _FEWEST_TO_TELL).repeat(lengths)
        if not is_homonym.any():
            return
        bits = meant(
            [unit.terms for unit in self.units],
            [unit.senses for unit in self.units],
            Ragged(self.rows, self.ends),
        )
        places = np.flatnonzero(bits * is_homonym)
        self._become(places, bits[places], _as_meant)

    def _let_buy(self) -> None:
        """Let businesses stand for what they buy in texts that name no goods."""
        names_goods = self._marks[self.rows] & (IS_GOODS | IS_HOMONYM) == IS_GOODS
        until = ended(names_goods)[self.ends]
        places = np.flatnonzero((until[1:] == until[:-1]).repeat(self.ends[1:] - self.ends[:-1]))
        self._become(places, np.zeros(places.size, np.int64), lambda unit, _: as_buying(unit))


def _rows_of(numbers: Numbers, places: Numbers) -> tuple[list[int], list[int]]:
    """Give for each place where the row of equal numbers begins and ends in which it is."""
    breaks = np.concatenate([[0], np.flatnonzero(numbers[1:] != numbers[:-1]) + 1, [numbers.size]])
    rows = breaks.searchsorted(places, "right")
    return breaks[rows - 1].tolist(), breaks[rows].tolist()


def _as_formed(unit: Unit, form: int) -> Unit:
    for bit, become in _BECOMING:
        if form & bit:
            unit = become(unit)
    return unit


def _as_meant(unit: Unit, bits: int) -> Unit:
    return MEANT[unit, tuple(one for place, one in enumerate(unit.senses) if bits >> place & 1)]
