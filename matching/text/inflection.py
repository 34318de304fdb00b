"""Forms of English, German and Swedish words that their stems do not tell, brought to the dictionary form.

A stem takes endings off blindly, so that it makes one of words that are several («väntar» and «vante») and
several of words that are one (sold, sell). Here a form leads only to a word of the thesaurus: irregular ones
by a list, `concepts/irregular.txt`, the others by the endings that the grammar knows.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from matching.text.thesaurus import goods, irregular

INFLECTED = frozenset({"en", "de", "sv"})
# Before the irregular verbs; a verb with a prefix has the forms of the verb.
_INSEPARABLE = tuple("be emp ent er ge miss ver zer".split())
_PARTED = tuple(
    "ab an auf aus bei bereit dar durch ein fern fest fort frei her herein heraus hin hinzu kennen los mit "
    "nach nieder statt teil über um unter vor vorbei weg weiter wider wieder zu zurück zusammen".split()
)
_PREFIXES: dict[str, tuple[str, ...]] = {
    "en": tuple("be fore mis out over re un under up with".split()),
    "de": (*_PARTED, *_INSEPARABLE),
    "sv": tuple(
        "an av be bi del er fram från för före genom in inne med miss mot ned ner om på sam till under upp "
        "upprätt ur ut ved åter över".split()
    ),
}
# Between a prefix that is parted from its verb and the verb stands what else would be before it: angeboten,
# anzubieten.
_AT_ENDS, _OF_PARTICIPLE = "-", "ge"
_SEPARABLE = "|".join(sorted(_PARTED, key=len, reverse=True))
_PARTICIPLE = re.compile(f"((?:{_SEPARABLE})?)ge(..+?)(?:e?t|en)(?:e[mnrs]?)?")
_TO = re.compile(f"({_SEPARABLE})zu(..+n)")

# Endings with those of the dictionary form in their place, "-" for none; they are tried in their order. They
# count only where the thesaurus knows the word that comes out, so that the lists can be generous.
_ENDINGS: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (
        ("est er", "e -"),
        ("iest ier", "y"),
        ("ves", "f fe"),
        ("ing ed", "- e"),
        ("s es", "-"),
    ),
    "de": (
        ("er ern", "-"),
        ("en er em", "- e"),
        ("e es n s", "-"),
        ("ere eren erer eres erem", "-"),
        ("ere eren erer eres erem", "e"),
        ("ste sten ster stes stem este esten ester estes estem", "-"),
        ("e st t et est te ten ter tes tem ete eten etet etest eter etes etem tet test", "en"),
        ("elt elte elten eltet eltest elter eltes eltem ele", "eln"),
        ("ert erte erten ertet ertest erter ertes ertem ere", "ern"),
        ("end ende enden ender endes endem", "en"),
        ("innen", "in -"),
        ("ien", "ium -"),
        ("een", "eum"),
        ("ismen", "ismus"),
        ("le len ler les lem lere leren lerer leres lerem", "el eln"),
        ("re ren rer res rem rere reren rerer reres rerem", "er"),
    ),
    "sv": (
        ("aren arens arna arnas", "are"),
        ("rna rnas", "r"),
        ("iet iets ier iers ierna iernas", "ium"),
        ("arna arnas", "- e a"),
        ("erna ernas", "-"),
        ("en ens", "- e a"),
        ("er ers ar ars", "- a e"),
        ("ret rets", "er"),
        ("let lets", "el"),
        ("net nets", "en"),
        ("et ets", "- e a en"),
        ("orna ornas or ors an ans", "a"),
        ("ade at ades ats", "ad a"),
        ("ad ande as te ts tes de ds des d", "a"),
        ("lt", "ld"),
        ("nt", "nd"),
        ("rt", "rd"),
        ("t", "- a"),
        ("dde ddes", "-"),
        ("are ares ast aste", "- a"),
        ("n ns r rs s a e", "-"),
        ("ena enas", "e"),
        ("na", "en"),
        ("la lar larna larnas", "el"),
        ("ra rar rarna rarnas", "er"),
    ),
}
# Endings that listed forms take besides: gegebenen, hielten, böckernas.
_FURTHER = {"de": "e en er es em n st est t et", "sv": "a as na nas s"}
# Before these endings German has an umlaut that the dictionary form has not: länger, größte, Räder.
_WITH_UMLAUT = frozenset("er ern ere eren erer eres erem ste sten ster stes stem".split())
_UMLAUT = re.compile("[äöü](?=[^aeiouäöü]*$)|äu(?=[^aeiouäöü]*$)")
_WITHOUT_UMLAUT = {"ä": "a", "ö": "o", "ü": "u", "äu": "au"}
# What is written twice before an ending: bigger, rummet.
_DOUBLED = {"en": frozenset("bdgmnt"), "sv": frozenset("mn")}
# Endings of English that goods do not take: corner, lifted.
_OF_NO_GOODS = ("er", "est", "ed", "ing")
_LEAST = {"en": 3, "de": 3, "sv": 2}


class _Ending(NamedTuple):
    """An ending, and those that the dictionary form may have in its place."""

    form: str
    replacements: tuple[str, ...]


def _by_last_letter(endings: Sequence[tuple[str, str]]) -> dict[str, tuple[_Ending, ...]]:
    """Give endings by their last letter, in their order."""
    found: dict[str, tuple[_Ending, ...]] = {}
    for forms, replacements in endings:
        for form in forms.split():
            ending = _Ending(form, tuple(one.strip("-") for one in replacements.split()))
            found[form[-1]] = (*found.get(form[-1], ()), ending)
    return found


_BY_LAST_LETTER = {language: _by_last_letter(endings) for language, endings in _ENDINGS.items()}
_FURTHER_BY_LAST_LETTER = {
    language: _by_last_letter([(endings, "-")]) for language, endings in _FURTHER.items()
}


class Inflection:
    """The forms of the words that the thesaurus has in one language.

    Parameters
    ----------
    language : str
        `en`, `de` or `sv`; of another no form is known.
    known : mapping of str to sequence of str
        The words of the thesaurus with the ids of their concepts.
    """

    def __init__(self, language: str, known: Mapping[str, Sequence[str]]) -> None:
        self._language = language
        self._known = known
        self._irregular = {form: word for form, word in _irregular(language, known) if form not in known}

    def dictionary_form(self, word: str) -> str:
        """Give the word of the thesaurus of which a word is a form; nothing where there is none.

        Examples
        --------
        >>> known = Inflection("de", dict.fromkeys(("anbieten", "kaufen", "lang"), ()))
        >>> [known.dictionary_form(word) for word in ("angebotene", "gekauft", "längste", "Haus")]
        ['anbieten', 'kaufen', 'lang', '']
        """
        if not (found := self._irregular.get(word, "")):
            listed = _cut(word, _FURTHER_BY_LAST_LETTER.get(self._language, {}), 0)
            found = next((self._irregular[base] for base, _ in listed if base in self._irregular), "")
        return found or next((one for one in _bases(word, self._language) if self._may_be(word, one)), "")

    def _may_be(self, word: str, one: str) -> bool:
        """Tell whether a known word may have a form."""
        no_goods = self._language == "en" and word.endswith(_OF_NO_GOODS)
        return one in self._known and not (no_goods and any(two in goods() for two in self._known[one]))


def _bases(word: str, language: str) -> Iterator[str]:
    """List what a word may be a form of."""
    doubled = _DOUBLED.get(language, frozenset())
    for base, ending in _cut(word, _BY_LAST_LETTER.get(language, {}), _LEAST.get(language, 0)):
        for one in ending.replacements:
            yield base + one
        if "" in ending.replacements and base[-1] == base[-2] and base[-1] in doubled:
            yield base[:-1]
        elif language == "de" and ending.form in _WITH_UMLAUT and (found := _UMLAUT.search(base)):
            yield base[: found.start()] + _WITHOUT_UMLAUT[found[0]] + base[found.end() :]
    if language == "de":
        yield from _infinitives(word)


def _cut(word: str, endings: Mapping[str, Sequence[_Ending]], least: int) -> Iterator[tuple[str, _Ending]]:
    """List what stands before each of the endings that a word has, of so many letters at least."""
    for ending in endings.get(word[-1:], ()):
        if word.endswith(ending.form) and len(word) >= len(ending.form) + least:
            yield word[: -len(ending.form)], ending


def _infinitives(word: str) -> Iterator[str]:
    """List the verbs of which a German word may be the participle or the infinitive with zu."""
    if "ge" in word and (found := _PARTICIPLE.fullmatch(word)):
        yield found[1] + found[2] + "en"
        yield found[1] + found[2] + "n"
    if "zu" in word and (found := _TO.fullmatch(word)):
        yield found[1] + found[2]


def _irregular(language: str, known: Collection[str]) -> Iterator[tuple[str, str]]:
    """List the irregular forms of known words, with these words."""
    if language not in INFLECTED:
        return
    listed = dict(_listed(language))
    for word, forms in listed.items():
        # Behind a prefix that is not parted from its verb a participle has no other: verkauft.
        behind = (*forms, *(one.removeprefix(_OF_PARTICIPLE) for one in forms))
        for prefix in ("", *_PREFIXES[language]):
            if prefix + word in known:
                yield from ((prefix + one, prefix + word) for one in (behind if prefix else forms))
    at_ends = {one.removeprefix(_AT_ENDS): forms for one, forms in listed.items() if one[0] == _AT_ENDS}
    lengths = {len(one) for one in at_ends}
    for word in known if at_ends else ():
        for length in lengths:
            yield from ((word[:-length] + one, word) for one in at_ends.get(word[-length:], ()))


def _listed(language: str) -> Iterator[tuple[str, list[str]]]:
    for word, forms in irregular(language):
        # Switzerland has no ß.
        yield word, forms + [one.replace("ß", "ss") for one in forms if "ß" in one]
