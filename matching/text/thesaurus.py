"""The trade thesaurus: concepts with their words in eight languages.

The files `concepts/*.psv` hold one concept a line: its words in English, Russian, Kazakh (Cyrillic), Turkish,
German, Swedish, Chinese and Uzbek (Latin), then HS codes, then broader concepts. Several words in a cell are
separated by a comma, the first being the usual one; a note in parentheses tells homonyms apart and is no part
of the word. A concept is called by its first English word. A dash among the codes, or in their place, marks
what every business speaks of: numbers, time, buying and selling, equipment, packaging. Countries, languages,
currencies, months and days come from Unicode's CLDR, as Babel ships it, `concepts/regions.txt` says to which
regions of the trade countries belong; `concepts/chapters.txt` names the chapters of the Harmonized System,
which goods share; `concepts/assortments.txt` lists what businesses buy, for texts that name no goods.
`concepts/irregular.txt` has forms that no rule makes, `concepts/apart.txt` words that look like forms or
compounds of others, and are none.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from babel import Locale

LANGUAGES = ("en", "ru", "kk", "tr", "de", "sv", "zh", "uz")
_NOTE = re.compile(r"\s*\([^)]*\)")
_COUNTRY = re.compile(r"[A-Z]{2}")
_ABBREVIATION = re.compile("[A-Z]{2,5}")
_EVERYDAY = "-"
# In plain letters Tonga would be a tonne.
_NO_TONNE = ("kk", "TO")
# Codes of CLDR that are no country.
_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})
_BUSINESS_LANGUAGES = (
    "ar az cs da de en es fa fi fr he hi hu it ja ka kk ko ky mn nl no pl pt ro ru sv tg tk tr ug uk ur uz zh"
).split()
_CURRENCIES = (
    "AED AZN BYN CHF CNY EUR GBP GEL INR IRR JPY KGS KRW KZT MNT PLN RUB SAR SEK TJS TRY UAH USD UZS".split()
)
# Months and days of which the word alone, or a form of it, more often means something else: oil, a holiday, a
# season, a cauldron, a stove, sowing, a market, surroundings, so many times.
_READ_WITH_MORE = {
    ("kk", "наурыз"): "наурыз айы",
    ("kk", "маусым"): "маусым айы",
    ("kk", "қазан"): "қазан айы",
    ("ru", "май"): "май (месяц)",
    ("ru", "среда"): "среда (день недели)",
    ("tr", "ocak"): "ocak ayı",
    ("tr", "ekim"): "ekim ayı",
    ("tr", "pazar"): "pazar günü",
    ("uz", "mart"): "mart oyi",
    ("uz", "may"): "may oyi",
}


class Concept(NamedTuple):
    """One meaning.

    Attributes
    ----------
    id : str
        Its first English word, with the note that tells it from a homonym.
    words : mapping of language to tuple of str
        Its words and phrases, the usual one first.
    hs_codes : tuple of str
        HS codes of 2, 4 or 6 digits, for goods.
    broader : tuple of str
        Ids of more general concepts.
    everyday : bool
        Whether every business speaks of it, whatever its trade.
    """

    id: str
    words: Mapping[str, tuple[str, ...]]
    hs_codes: tuple[str, ...]
    broader: tuple[str, ...]
    everyday: bool = False

    def name(self, language: str) -> str:
        """Give the usual word in a language; in English where the language has none."""
        tag = language.split("-", maxsplit=1)[0].lower()
        return (self.words.get(tag) or self.words["en"])[0]


@cache
def concepts() -> Mapping[str, Concept]:
    """Give all concepts by id, in the order of the files."""
    return {concept.id: concept for concept in (*_written(), *_of_cldr(), *_of_calendar())}


@cache
def goods() -> frozenset[str]:
    """Give the ids of the concepts that are goods, which have HS codes, and of the chapters."""
    return frozenset(chapters()) | {concept.id for concept in concepts().values() if concept.hs_codes}


@cache
def abbreviations() -> frozenset[str]:
    """Give the English words of a few capital letters, which other languages of Latin script write too."""
    return frozenset(
        word for one in concepts().values() for word in one.words["en"] if _ABBREVIATION.fullmatch(word)
    )


@cache
def everyday() -> frozenset[str]:
    """Give the ids of the concepts of which every business speaks."""
    return frozenset(concept.id for concept in concepts().values() if concept.everyday)


@cache
def chapters() -> Mapping[str, Concept]:
    """Give the chapters of the Harmonized System by id: names for readers, not words to look for."""
    lines = files(__package__).joinpath("concepts/chapters.txt").read_text(encoding="utf-8").splitlines()
    cells = [line.split(" | ") for line in lines if not line.startswith("#")]
    return {
        chapter_id(code): Concept(
            chapter_id(code), {tag: (name,) for tag, name in zip(LANGUAGES, names, strict=True)}, (code,), ()
        )
        for code, *names in cells
    }


def chapter_id(code: str) -> str:
    """Give the id of the chapter of an HS code."""
    return f"hs {code[:2]}"


@cache
def assortments() -> Mapping[str, tuple[str, ...]]:
    """Give the goods and services that businesses of a trade buy, by the id of the business."""
    lines = files(__package__).joinpath("concepts/assortments.txt").read_text(encoding="utf-8").splitlines()
    cells = [line.split(" | ") for line in lines if not line.startswith("#")]
    return {business: tuple(bought.split(", ")) for business, bought in cells}


@cache
def apart(language: str) -> frozenset[str]:
    """Give the words of a language that look like forms of others, or compounds, and are none.

    The root of a verb has a hyphen behind it.
    """
    return frozenset(word for words in _lines("apart.txt", language) for word in words[0].split())


def irregular(language: str) -> Iterator[tuple[str, list[str]]]:
    """Give the words of a language of which forms are made by no rule, with these forms."""
    return ((word, forms.split()) for word, forms in _lines("irregular.txt", language))


def _lines(file: str, language: str) -> Iterator[list[str]]:
    """Give the cells of the lines of a file that begin with a language."""
    lines = files(__package__).joinpath(f"concepts/{file}").read_text(encoding="utf-8").splitlines()
    return (line.split(" | ")[1:] for line in lines if line.startswith(f"{language} | "))


def _written() -> Iterator[Concept]:
    for file in sorted(files(__package__).joinpath("concepts").iterdir(), key=lambda one: one.name):
        if not file.name.endswith(".psv"):
            continue
        for line in file.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                yield _concept(line)


def _concept(line: str) -> Concept:
    *words, codes, broader = (_split(cell) for cell in line.split("|"))
    return Concept(
        id=words[0][0].lower(),
        words={
            language: tuple(_NOTE.sub("", word) for word in cell)
            for language, cell in zip(LANGUAGES, words, strict=True)
            if cell
        },
        hs_codes=tuple(code for code in codes if code != _EVERYDAY),
        broader=tuple(one.lower() for one in broader),
        everyday=_EVERYDAY in codes,
    )


def _split(cell: str) -> tuple[str, ...]:
    return tuple(stripped for part in cell.split(",") if (stripped := part.strip()))


def _of_cldr() -> Iterator[Concept]:
    locales = {language: Locale(language) for language in LANGUAGES}
    english = locales["en"]
    regions = _regions()
    for code in sorted(english.territories):
        if _COUNTRY.fullmatch(code) and code not in _NO_COUNTRIES:
            names = {
                tag: one.territories.get(code) for tag, one in locales.items() if (tag, code) != _NO_TONNE
            }
            yield _from_locales(f"country {code}", ("country", *regions.get(code, ())), names)
    for code in _BUSINESS_LANGUAGES:
        yield _from_locales(
            f"language {code}", ("language",), {tag: one.languages.get(code) for tag, one in locales.items()}
        )
    for code in _CURRENCIES:
        yield _from_locales(
            f"currency {code}", ("currency",), {tag: one.currencies.get(code) for tag, one in locales.items()}
        )


def _of_calendar() -> Iterator[Concept]:
    """Give the months and the days of the week: in Russian «января» and «январь»."""
    locales = {language: Locale(language) for language in LANGUAGES}
    calendars: dict[str, dict[str, Mapping[str, Mapping[str, Mapping[int, str]]]]] = {
        "month": {language: one.months for language, one in locales.items()},
        "day": {language: one.days for language, one in locales.items()},
    }
    for kind, above in (("month", "monthly"), ("day", "daily")):
        for number in calendars[kind]["en"]["format"]["wide"]:
            words = {
                language: tuple(
                    dict.fromkeys(
                        _READ_WITH_MORE.get((language, name.lower()), name)
                        for name in (forms[use]["wide"][number] for use in ("stand-alone", "format"))
                    )
                )
                for language, forms in calendars[kind].items()
            }
            yield Concept(f"{kind} {number}", words, (), (above,), everyday=True)


def _regions() -> dict[str, tuple[str, ...]]:
    """Give the regions of every country, by its code."""
    lines = files(__package__).joinpath("concepts/regions.txt").read_text(encoding="utf-8").splitlines()
    found: dict[str, tuple[str, ...]] = {}
    for region, codes in (line.split(" | ") for line in lines if not line.startswith("#")):
        for code in codes.split():
            found[code] = (*found.get(code, ()), region)
    return found


def _from_locales(identifier: str, broader: tuple[str, ...], names: Mapping[str, str | None]) -> Concept:
    words = {
        language: (_NOTE.sub("", name).replace("’", "'").replace("ʻ", "'"),)
        for language, name in names.items()
        if name
    }
    return Concept(identifier.lower(), words, (), broader)
