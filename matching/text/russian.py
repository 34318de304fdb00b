"""Of which known words a Russian word is a form.

A noun stands in one of its cases; an adjective is stem + ending of case, or short, or compared. A verb is one
of its stems + tense and person, or a participle, which takes the endings of adjectives; the stems follow from
the infinitive, some with another consonant (писать, пишу; ходить, хожу). See T. Wade, A Comprehensive Russian
Grammar, Wiley-Blackwell 2011, the chapters on the noun, the adjective and the verb. What follows no rule
stands in `concepts/irregular.txt`.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import chain

Ids = tuple[str, ...]

_LEAST_STEM, _LEAST_INFINITIVE, _LONGEST_CASE = 2, 4, 6
_COUNTRY = "country "
# A thing may be called by an adjective: ванная, данные.
_ADJECTIVE = re.compile("(?:ый|ий|ой|ая|яя|ое|ее|ые|(?<=[гкхжчшщ])ие)$")
_CASES = "ый ий ой ая яя ое ее ые ие ого его ому ему ым им ом ем ой ей ую юю ых их ыми ими ою ею".split()
_MASCULINE = ("ый", "ий", "ой")
_ENDINGS_OF_ADJECTIVES = tuple(_CASES)
_OF_ADJECTIVE = frozenset([*_CASES, *"о е а я ы и ее ей".split()])
_SUPERLATIVE = re.compile("(?:ейш|айш)$")
# полезен, лёгок
_SHORT = re.compile("([еёо])([нкг])$")
# Stands behind the stems of reflexive verbs: учить, учиться.
REFLEXIVE = "-"
_REFLEXIVE = re.compile("(?<=.)с[яь]$")
_INFINITIVE = re.compile("[аяиеыу]ть$")
# Nouns that end so.
_NO_VERBS = frozenset(
    "деготь кровать мечеть нить память печать плеть пять девять десять ртуть сеть теплосеть электросеть "
    "нейросеть".split()
)
# передавать, передаю
_AVATE = re.compile("(?:да|ста|зна)ва$")
_VOWELS = frozenset("аеиоуыюя")


def _with_cases(participles: str) -> Iterator[str]:
    for one in participles.split():
        for ending in _CASES:
            yield one + ending


_AFTER_VOWEL = frozenset(
    [
        *"ю ешь ет ем ете ют ишь ит им ите ят л ла ло ли й йте я в вши н на но ны т та то ты ть".split(),
        *_with_cases("вш ющ ящ ем нн т"),
    ]
)
_AFTER_CONSONANT = frozenset(
    [
        *"у ю ешь ет ем ете ут ют ишь ит им ите ят ат и й ь ьте я а ен ена ено ены".split(),
        *_with_cases("ащ ящ ущ ющ енн им ем"),
    ]
)
# The last consonants of the infinitive's stem, and what they become in some forms.
_CHANGED = (
    ("ст", "щ"), ("ск", "щ"), ("т", "ч"), ("т", "щ"), ("к", "ч"), ("д", "ж"), ("д", "жд"), ("з", "ж"),
    ("г", "ж"), ("с", "ш"), ("х", "ш"), ("б", "бл"), ("п", "пл"), ("в", "вл"), ("м", "мл"), ("ф", "фл"),
)  # fmt: skip


# The endings of Russian nouns in the other cases, with those that the nominative may have instead.
_NOMINATIVES = {
    ending: tuple(nominative.strip("-") for nominative in nominatives.split())
    for endings, nominatives in (
        ("менами", "мя"),
        ("менам менах менем", "мя"),
        ("мени мена", "мя"),
        ("ятами", "енок"),
        ("ятам ятах", "енок"),
        ("ята", "енок"),
        ("ьями", "ье ья"),
        ("ьев ьям ьях", "ье ья"),
        ("ьего ьему ьими", "ий"),
        ("анами янами", "анин янин"),
        ("анам анах янам янах", "анин янин"),
        ("ане яне", "анин янин"),
        ("ья ье ьи", "ий"),
        ("ьих ьим ьей ьем ьею", "ий"),
        ("ами ах ам", "- а о ь ы и"),
        ("ями ях ям", "ь я й е и"),
        ("ят", "енок"),
        ("ий", "ие ия"),
        ("ов", "- ы"),
        ("ев", "й - е и"),
        ("ей", "ь е - я и"),
        ("ью", "ь"),
        ("ом", "- о"),
        ("ем", "ь й е -"),
        ("ой", "а"),
        ("а", "- о"),
        ("у", "- а о"),
        ("ы", "- а"),
        ("е", "- а о я ь й"),
        ("и", "- а ь я й о е"),
        ("я", "ь й е"),
        ("ю", "ь я й е"),
    )
    for ending in endings.split()
}

# After other consonants и ends a soft stem: книги of книга, but казани of казань and not of казан.
_ONLY_BEFORE_I = frozenset("гкхжчшщ")
_SOFT_NOMINATIVES = ("ь", "я", "й", "е")
# Of feminine and neuter nouns the genitive plural has no ending: книг, мест.
_PEOPLE = ("ан", "ян")
_WITHOUT_ENDING = ("а", "о", "ы")
# баня, бань; свая, свай
_SIGNS = frozenset("ьй")


@lru_cache(maxsize=256)
def nominatives_of(word: str) -> tuple[str, ...]:
    """List the nominatives of which a Russian word may be another case, those with the longest ending first.

    Examples
    --------
    >>> nominatives_of("гранитов")[:2], "деталь" in nominatives_of("детали")
    (('гранит', 'граниты'), True)
    """
    if len(word) < _LEAST_STEM:
        return ()
    found: list[str] = []
    for length in range(min(_LONGEST_CASE, len(word) - _LEAST_STEM), 0, -1):
        ending = word[-length:]
        nominatives = _NOMINATIVES.get(ending, ())
        if not nominatives:
            continue
        base = word[:-length]
        if len(base) == _LEAST_STEM and _VOWELS.isdisjoint(base):
            continue
        if ending == "и" and base[-1] not in _ONLY_BEFORE_I:
            nominatives = _SOFT_NOMINATIVES
        found += [base + nominative for nominative in nominatives]
    if word[-1] in _SIGNS:
        found.append(word[:-1] + "я")
    elif word[-1] not in _VOWELS:
        found += [word + nominative for nominative in _WITHOUT_ENDING]
        if word.endswith(_PEOPLE):
            found.append(word + "ин")
    return tuple(found)


# Between the last consonants of a Russian feminine or neuter noun the genitive plural has a vowel: шапка,
# шапок; игрушка, игрушек; масло, масел.
_WITHOUT_FLEETING = re.compile("([бвгджзклмнпрстфхцчшщ])([йь]?)([клнр])[аоя]$")
_SOFT_BEFORE = frozenset("жчшщц")
# окно, окон; кукла, кукол
_VELAR = frozenset("кгх")


def genitive_plural(word: str) -> str:
    """Give the genitive plural of a feminine or neuter noun that has a vowel of its own; else the word.

    Examples
    --------
    >>> genitive_plural("шапка"), genitive_plural("масло"), genitive_plural("мёд")
    ('шапок', 'масел', 'мёд')
    """
    found = _WITHOUT_FLEETING.search(word)
    if not found:
        return word
    before, sign, last = found.groups()
    is_hard = last == "к" and not sign and before not in _SOFT_BEFORE
    vowel = "о" if is_hard or before in _VELAR else "е"
    return word[: found.start()] + before + vowel + last


# Vowels of the last syllable that the other cases lose: станок, станка; отец, отца; камень, камня.
_FLEETING = re.compile("(?<=[бвгджзклмнпрстфхцчшщ])[оеё](?=[кцлнрв]ь?$)")
_SOFT_SIGN = "ь"
_LEAST_WITH_FLEETING = 4
# палец, пальца
_SOFT_L = re.compile("л(?=[цкнв]$)")
_OF_NOUN = frozenset("а у ом ем е ы и ов ев ей ам ями ами ах я ю ям ях ью".split())


def stem_without_vowel(noun: str) -> str:
    """Give the stem that a noun with a fleeting vowel has in its other cases; nothing for another word.

    Examples
    --------
    >>> stem_without_vowel("станок"), stem_without_vowel("камень"), stem_without_vowel("мёд")
    ('станк', 'камн', '')
    """
    shorter = _FLEETING.sub("", noun) if len(noun) >= _LEAST_WITH_FLEETING else noun
    if shorter == noun:
        return ""
    return _SOFT_L.sub("ль", shorter.removesuffix(_SOFT_SIGN))


# The same in a stem of any word: точек, точк; палец, пальц.
_FLEETING_OF_STEM = re.compile("(?<=..[бвгджзклмнпрстфхцчшщ])[оеёь](?=[кцлнр]$)")


def without_vowel(stem: str) -> str:
    """Take the fleeting vowel from a stem, so that those of all forms are one.

    Examples
    --------
    >>> without_vowel("точек"), without_vowel("точк"), without_vowel("мёд")
    ('точк', 'точк', 'мёд')
    """
    return _FLEETING_OF_STEM.sub("", stem)


def stems_of_verb(infinitive: str) -> Iterator[str]:
    """List the stems that the forms of a verb have.

    Examples
    --------
    >>> list(stems_of_verb("писать")), list(stems_of_verb("рисовать")), list(stems_of_verb("мёд"))
    (['писа', 'пис', 'пиш'], ['рисова', 'рису'], [])
    """
    plain = _REFLEXIVE.sub("", infinitive)
    if _INFINITIVE.search(plain) and plain not in _NO_VERBS and len(plain) >= _LEAST_INFINITIVE:
        sign = REFLEXIVE if plain != infinitive else ""
        for stem in _stems(plain.removesuffix("ть")):
            yield stem + sign


def _stems(stem: str) -> Iterator[str]:
    yield stem
    base, vowel = stem[:-1], stem[-1]
    if _AVATE.search(stem):
        yield stem[:-2]
    elif stem.endswith(("ова", "ева")):
        yield stem[:-3] + ("ю" if stem[-4:-3] in _VOWELS else "у")
    elif vowel == "ы":
        yield base + "о"
    elif len(base) >= _LEAST_STEM and not (vowel == "я" and base[-1] in _VOWELS):
        yield base
        for last, changed in _CHANGED:
            if base.endswith(last) and len(base) > _LEAST_STEM:
                yield base.removesuffix(last) + changed


# What is done is called by the verb: страхование, фасовка.
_OF_DEED = (("ание", "ать"), ("овка", "овать"))


def stems_of_deed(noun: str) -> Iterator[str]:
    """List the stems with a vowel of the verb by which a noun calls what is done.

    Examples
    --------
    >>> list(stems_of_deed("страхование")), list(stems_of_deed("фасовка")), list(stems_of_deed("мёд"))
    (['страхова', 'страху'], ['фасова', 'фасу'], [])
    """
    for ending, infinitive in _OF_DEED:
        if noun.endswith(ending):
            yield from (
                stem for stem in stems_of_verb(noun.removesuffix(ending) + infinitive) if stem[-1] in _VOWELS
            )


def is_like_adjective(word: str) -> bool:
    """Tell whether a word has an ending of adjectives."""
    return word.endswith(_ENDINGS_OF_ADJECTIVES)


def stem_of_adjective(word: str) -> str:
    """Give the stem of an adjective as the dictionary has it; nothing for another word.

    Examples
    --------
    >>> stem_of_adjective("нужный"), stem_of_adjective("лёгкий"), stem_of_adjective("мёд")
    ('нужн', 'лёгк', '')
    """
    stem = _ADJECTIVE.sub("", word)
    return stem if stem != word and len(stem) >= _LEAST_STEM else ""


class RussianForms:
    """The known words of Russian by what they become in their forms.

    Parameters
    ----------
    known : mapping of str to tuple of str
        Concepts by the words as a dictionary has them, among others in plain letters.
    """

    def __init__(self, known: Mapping[str, Ids]) -> None:
        self._known = known
        self._genitives: dict[str, Ids] = {}
        self._noun_stems: dict[str, Ids] = {}
        self._adjective_stems: dict[str, Ids] = {}
        self._verb_stems: dict[str, Ids] = {}
        for word, ids in known.items():
            if ids and not word.isascii():
                self._note(word, ids)
        # A verb that is known itself comes first.
        for word, ids in known.items():
            for stem in stems_of_deed(word):
                self._verb_stems.setdefault(stem, ids)

    def _note(self, word: str, ids: Ids) -> None:
        genitive = genitive_plural(word)
        if genitive != word:
            self._genitives.setdefault(genitive, ids)
        stem = stem_without_vowel(word)
        if stem:
            self._noun_stems.setdefault(stem, ids)
        stem = stem_of_adjective(word)
        if stem and word.endswith(_MASCULINE):
            self._adjective_stems[stem] = ids
        elif stem:
            self._adjective_stems.setdefault(stem, ids)
        for stem in stems_of_verb(word):
            self._verb_stems.setdefault(stem, ids)

    def find(self, word: str) -> Ids:
        """Look a form up: of a noun, an adjective or a verb; nothing where it is of none."""
        return (
            self._of_noun(word)
            or self._genitives.get(word, ())
            or self._of_noun_without_vowel(word)
            or self._of_adjective(word)
            or self._of_verb(word)
        )

    def nominative(self, word: str) -> str:
        """Give the nominative of a case of a known noun; else the word."""
        return next((one for one in nominatives_of(word) if one in self._known), word)

    def _of_noun(self, word: str) -> Ids:
        """Look a case of a noun up by its nominative, of which the stem may be another: детали.

        There may be several: банки is of «банк» and of «банка»; a country is meant more often than what else
        ends like it.
        """
        found = [self._known[one] for one in nominatives_of(word) if one in self._known]
        of_countries = (ids for ids in found if any(one.startswith(_COUNTRY) for one in ids))
        return next(of_countries, tuple(dict.fromkeys(chain.from_iterable(found))))

    def _of_noun_without_vowel(self, word: str) -> Ids:
        for length in range(1, 4):
            if word[-length:] in _OF_NOUN and word[:-length] in self._noun_stems:
                return self._noun_stems[word[:-length]]
        return ()

    def _of_adjective(self, word: str) -> Ids:
        stems = self._adjective_stems
        for length in range(1, 4):
            stem, ending = word[:-length], word[-length:]
            if ending in _OF_ADJECTIVE:
                found = stems.get(stem) or stems.get(_SUPERLATIVE.sub("", stem), ())
                if found:
                    return found
        return stems.get(_SHORT.sub(r"\2", word), ())

    def _of_verb(self, word: str) -> Ids:
        plain = _REFLEXIVE.sub("", word)
        for sign in (REFLEXIVE, "") if plain != word else ("",):
            for end in range(len(plain) - 1, _LEAST_STEM - 1, -1):
                stem = plain[:end]
                endings = _AFTER_VOWEL if stem[-1] in _VOWELS else _AFTER_CONSONANT
                if stem + sign in self._verb_stems and plain[end:] in endings:
                    return self._verb_stems[stem + sign]
        return ()
