"""The single words of the thesaurus in one language, by what they are looked for."""

from collections.abc import Iterator
from functools import cache
from typing import TypeVar

from matching.text.bases import root_of_deed, roots_of
from matching.text.inflection import INFLECTED
from matching.text.stemming import key, spelled, stem_keys
from matching.text.thesaurus import apart, goods, irregular

K = TypeVar("K")

Ids = dict[str, tuple[str, ...]]
AGGLUTINATIVE = frozenset({"kk", "tr", "uz"})
IN_SEVERAL_SCRIPTS = frozenset({"kk", "uz"})
_LEAST_ROOT = 3
# What stands behind the root of a verb in apart.txt.
ROOT = "-"
# Letters with an apostrophe, which other alphabets mark: bog', burys'.
_MARKED: dict[str, tuple[str, ...]] = {
    "kk": ("a'", "c'", "g'", "i'", "n'", "o'", "s'", "u'", "y'"),
    "uz": ("g'", "o'"),
}
# The endings of a verb as a dictionary gives it, in plain letters.
_VERBAL_NOUNS: dict[str, tuple[str, ...]] = {"kk": ("u",), "tr": ("mak", "mek"), "uz": ("ish", "ash", "mok")}


class Once(dict[str, str]):
    """Equal strings as one object."""

    def __missing__(self, string: str) -> str:
        self[string] = string
        return string


class Words:
    """The single words of a language by what they are looked for."""

    def __init__(self, language: str) -> None:
        self._language = language
        self.whole: Ids = {}
        self.plain: Ids = {}
        self.stems: Ids = {}
        self.roots: Ids = {}
        self.verbs: Ids = {}
        self.deeds: Ids = {}

    def add(self, word: str, identifier: str) -> None:
        """Let a word stand for one more concept."""
        language = self._language
        written, plain = spelled(word, language), key(word, language)
        add_concept(self.whole, written, identifier)
        add_concept(self.plain, plain, identifier)
        for one in stem_keys(word, language):
            add_concept(self.stems, one, identifier)
        for root in _roots(plain, language):
            add_concept(self.roots, root, identifier)
        # What ends like a verb and is goods may be none: ekmek.
        if language in AGGLUTINATIVE and (language == "kk" or identifier not in goods()):
            for root in roots_of(written, language):
                add_concept(self.verbs, root, identifier)
        if language == "tr" and identifier not in goods() and (root := root_of_deed(written)):
            add_concept(self.deeds, root, identifier)

    def told_apart(self) -> tuple[Ids, Ids]:
        """Give words as they stand, and those that are asked for in plain letters later.

        Accents are often left out; a word that has none is itself before it is another without them, and
        where forms are told by their endings one of those before that too.
        """
        if self._language in INFLECTED:
            # Switzerland has no ß.
            swiss = {one.replace("ß", "ss"): ids for one, ids in self.whole.items() if "ß" in one}
            return (
                {one: as_one(ids) for one, ids in (swiss | self.whole).items()},
                self._in_plain_letters(),
            )
        # Words that stand apart are words before endings too, which say nothing.
        nothing = dict.fromkeys((one for one in apart(self._language) if not one.endswith(ROOT)), ())
        # Uzbek tells by its letters apart what is one in plain ones: oq, o'q; to'rt, tort.
        is_uzbek = self._language == "uz"
        listed = nothing | self.whole if is_uzbek else self.plain | nothing | self.whole
        whole = {one: as_one(ids) for one, ids in listed.items()}
        for word, forms in irregular(self._language):
            ids = whole.get(small(word, self._language), ())
            whole = {form: ids for form in forms if ids} | whole
        return whole, self._in_plain_letters() if is_uzbek else {}

    def _in_plain_letters(self) -> Ids:
        return {one: as_one(ids) for one, ids in self.plain.items() if one not in self.whole}


def add_concept(ids: dict[K, tuple[str, ...]], words: K, identifier: str) -> None:
    """Let words stand for one more concept."""
    found = ids.get(words, ())
    if identifier not in found:
        ids[words] = (*found, identifier)


@cache
def as_one(ids: tuple[str, ...]) -> tuple[str, ...]:
    """Give equal ids as one object: most words share theirs with others."""
    return ids


@cache
def in_plain_letters(words: frozenset[str], language: str) -> frozenset[str]:
    """Give words of a language that has several scripts in plain letters, so that they are told in each."""
    return frozenset(key(word, language) for word in words) if language in AGGLUTINATIVE else words


def _roots(folded: str, language: str) -> Iterator[str]:
    """Give the root of a verb, under which its other forms are looked for."""
    for ending in _VERBAL_NOUNS.get(language, ()):
        if folded.endswith(ending) and len(folded) - len(ending) >= _LEAST_ROOT:
            yield folded.removesuffix(ending)


def small(word: str, language: str) -> str:
    """Write a word in small letters; Turkish has two letters i."""
    if language == "tr":
        word = word.replace("I", "ı").replace("İ", "i")
    word = word.lower().replace("i\u0307", "i")
    if language != "uz":
        # Uzbek has it as a letter of its own: тайёр.
        word = word.replace("ё", "е")
    return word if word.endswith(_MARKED.get(language, ())) else word.rstrip("'")
