"""Why a pair has its score: what each shared term adds, in both directions."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from typing import Any, Self

import numpy as np
from scipy.sparse import csr_array

from matching.text.analyzer import analyze, units_of
from matching.text.meanings import CONCEPT_SIGN
from matching.text.thesaurus import Concept, chapter_id, chapters, concepts
from matching.text.units import LETTERS_SIGN
from matching.types import Profile, Statement
from matching.vectorizer import Direction, goods_of, hs_prefixes

# Two words are alike when they share this part of their groups of letters (Dice): of the shorter one alone, a
# long word that holds its letters somewhere would be alike too.
_LEAST_ALIKE = 0.5
_MOST_GOODS, _MANY_GOODS = 3, 6


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one shared term adds to the score of a pair.

    Parameters
    ----------
    direction : str
        `entrepreneur_seeks`: the entrepreneur seeks what the exporter offers; `exporter_seeks`: the
        reverse.
    field : str
        text, hs_codes, partnership_types, markets or languages.
    term : str
        The shared term: `=` and a concept, a word in plain letters, `&` and two neighbours, `~` for groups of
        letters that two words share, or a code.
    sought, offered : str
        The word or phrase as the seeking and the offering side wrote it; the code itself for codes, but for
        goods that are named in words only: the word. Both empty for groups of letters of words that are not
        alike.
    amount : float
        Part of the score.
    """

    direction: Direction
    field: str
    term: str
    sought: str
    offered: str
    amount: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """The parts of one score.

    Parameters
    ----------
    score : float
        The reciprocal score in [0, 1].
    contributions : tuple of Contribution
        By descending amount, then by direction, field and term; they sum up to `score` within 1e-6.
    """

    score: float
    contributions: tuple[Contribution, ...]

    def total(self, *, direction: Direction | None = None, field: str | None = None) -> float:
        """Sum what a direction, a field, or both add to the score."""
        return sum(
            one.amount
            for one in self.contributions
            if direction in {None, one.direction} and field in {None, one.field}
        )

    def to_dict(self) -> dict[str, Any]:
        """Give the explanation as plain JSON values; `from_dict` gives it back."""
        return {"score": self.score, "contributions": [asdict(one) for one in self.contributions]}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Rebuild an explanation from `to_dict`."""
        return cls(
            score=values["score"], contributions=tuple(Contribution(**one) for one in values["contributions"])
        )


def explain(
    entrepreneur: Profile,
    exporter: Profile,
    rows: tuple[csr_array, csr_array],
    term_of: Callable[[int], tuple[Direction, str, str]],
) -> Explanation:
    """Take a pair's score apart.

    Parameters
    ----------
    entrepreneur, exporter : Profile
        The pair, for the words that its sides wrote.
    rows : pair of csr_array of float32, each of shape (1, n_columns)
        Their rows.
    term_of : callable
        Gives the direction, the field and the term of a column.
    """
    first, second = rows
    columns, places, other_places = np.intersect1d(
        first.indices, second.indices, assume_unique=True, return_indices=True
    )
    amounts = first.data[places].astype(np.float64) * second.data[other_places].astype(np.float64)
    words = {
        ("entrepreneur_seeks", "sought"): _words_of(entrepreneur.seeks),
        ("entrepreneur_seeks", "offered"): _words_of(exporter.offers),
        ("exporter_seeks", "sought"): _words_of(exporter.seeks),
        ("exporter_seeks", "offered"): _words_of(entrepreneur.offers),
    }
    found: dict[tuple[Direction, str, str, str, str], float] = {}
    for column, amount in zip(columns, amounts, strict=True):
        direction, field, term = term_of(int(column))
        seeking, offering = words[direction, "sought"], words[direction, "offered"]
        # Groups of letters say nothing one by one: they are told together by the words that share them.
        if field == "text" and term.startswith(LETTERS_SIGN):
            group = (direction, field, LETTERS_SIGN, *_most_alike(seeking, offering, term))
        else:
            group = (direction, field, term, seeking.of(field, term), offering.of(field, term))
        found[group] = found.get(group, 0.0) + float(amount)
    contributions = [Contribution(*group, amount) for group, amount in found.items()]
    contributions.sort(
        key=lambda one: (-one.amount, one.direction, one.field, one.term, one.sought, one.offered)
    )
    return Explanation(score=float(amounts.sum()), contributions=tuple(contributions))


class _Words:
    """The words of a statement behind its terms."""

    def __init__(self, statement: Statement) -> None:
        self._by_term: dict[str, str] = {}
        self._by_code: dict[str, str] = dict.fromkeys(hs_prefixes(statement.hs_codes), "")
        self.by_letters: dict[str, set[str]] = {}
        """The words that have a group of letters."""
        self.letters: dict[str, set[str]] = {}
        """The groups of letters of a word."""
        terms = [term for text in statement.texts for term in analyze(text)]
        # A word that says the concept itself explains better than one that says a narrower one.
        for term in sorted(terms, key=lambda one: one.kind == "broader"):
            self._by_term.setdefault(term.term, term.surface)
            if term.term.startswith(LETTERS_SIGN):
                self.by_letters.setdefault(term.term, set()).add(term.surface)
                self.letters.setdefault(term.surface, set()).add(term.term)
            if term.kind == "concept" and not term.beside:
                for code in goods_of({term.term: term.amount}):
                    self._by_code.setdefault(code, term.surface)

    def of(self, field: str, term: str) -> str:
        if field == "text":
            return self._by_term[term]
        if field == "hs_codes":
            return self._by_code[term] or term
        return term


def _most_alike(seeking: _Words, offering: _Words, letters: str) -> tuple[str, str]:
    """Find the two words that share a group of letters and most others; none where no two are alike."""
    alike = [
        (2 * len(first & second) / (len(first) + len(second)), sought, offered)
        for sought in seeking.by_letters[letters]
        for offered in offering.by_letters[letters]
        for first, second in [(seeking.letters[sought], offering.letters[offered])]
    ]
    share, sought, offered = max(alike)
    return (sought, offered) if share >= _LEAST_ALIKE else ("", "")


@lru_cache(maxsize=8192)
def _words_of(statement: Statement) -> _Words:
    """Read a statement once for all the pairs that it is explained in."""
    return _Words(statement)


def concept_name(term: str, language: str) -> str | None:
    """Name the concept of a term of the text in a language, in English where the thesaurus has no other word.

    Parameters
    ----------
    term : str
        As in `Contribution.term`.
    language : str
        BCP 47 tag.

    Returns
    -------
    str or None
        None for a term that is no concept.

    Examples
    --------
    >>> concept_name("=honey", "kk"), concept_name("=honey", "de"), concept_name("bal", "de")
    ('бал', 'Honig', None)
    """
    if not term.startswith(CONCEPT_SIGN):
        return None
    identifier = term.removeprefix(CONCEPT_SIGN)
    concept = concepts().get(identifier) or chapters().get(identifier)
    return concept.name(language) if concept else None


def goods_name(code: str, language: str) -> str:
    """Name the goods of an HS code in a language: of its subheading, its heading or its chapter.

    Parameters
    ----------
    code : str
        At least the two digits of a chapter.
    language : str
        BCP 47 tag.

    Returns
    -------
    str
        At most three goods, those first of which most others are kinds, then those that have the fewest
        other codes; empty for an unknown chapter.

    Examples
    --------
    >>> goods_name("0409", "kk"), goods_name("040900", "ru"), goods_name("98", "en")
    ('бал, балауыз ұя', 'мёд, соты', '')
    >>> goods_name("1211", "en")
    'medicinal plant, herb, traditional medicine'
    """
    for digits in (6, 4):
        names = [concept.name(language) for concept in _by_code().get(code[:digits], ())]
        if len(code) >= digits and names:
            return ", ".join(dict.fromkeys(names[:_MOST_GOODS]))
    return concept_name(CONCEPT_SIGN + chapter_id(code), language) or ""


@cache
def _by_code() -> Mapping[str, list[Concept]]:
    found: dict[str, list[Concept]] = {}
    for concept in sorted(concepts().values(), key=lambda one: len(one.hs_codes)):
        for code in concept.hs_codes:
            found.setdefault(code, []).append(concept)
    return {code: _general_first(same) for code, same in found.items()}


def _general_first(same: list[Concept]) -> list[Concept]:
    """Put those goods of a code first of which most others are kinds; of many goods keep only such."""
    kinds = Counter(above for one in same for above in one.broader)
    ordered = sorted(same, key=lambda one: -kinds[one.id])
    general = [one for one in ordered if kinds[one.id]]
    return general if general and len(same) > _MANY_GOODS else ordered


@dataclass(frozen=True, slots=True)
class Understanding:
    """What the matcher reads in a text.

    Parameters
    ----------
    concepts : tuple of str
        Names of its concepts in the language of the reader, in the order of the text, each once.
    says_something : bool
        Whether there is any word that can be compared.
    """

    concepts: tuple[str, ...]
    says_something: bool


def understand(text: str, reader: str, language: str | None = None) -> Understanding:
    """Tell a reader what the matcher reads in a text.

    Parameters
    ----------
    text : str
    reader : str
        BCP 47 tag of the language of the reader.
    language : str, optional
        BCP 47 tag of the text; detected when left out.

    Examples
    --------
    >>> understand("таза бал, 20 т", "en").concepts, understand("№ 12", "en").says_something
    (('clean', 'natural', 'honey'), False)
    """
    units = units_of(text, language)
    names = [concept_name(term, reader) for unit in units if not unit.inside for term, _ in unit.concepts]
    return Understanding(
        concepts=tuple(dict.fromkeys(name for name in names if name)),
        says_something=any(unit.concepts or unit.words for unit in units),
    )
