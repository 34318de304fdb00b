"""Sentences for people who read neither of the pages' languages: letters, answers and papers.

The pages of coordinators and organisers speak Kazakh, Russian and English through the catalogues. Letters,
the pages behind their links, and papers go to participants, each in its own language; their few sentences
stand side by side in one file, so that a translator sees all of them at once.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable

from matching.text.script import Alphabet, from_cyrillic

LANGUAGES = ("en", "ru", "kk", "tr", "de", "sv", "zh", "uz")
_SCRIPTS: dict[str, Alphabet] = {"kk-Latn": "latin-2021", "kk-Arab": "arabic"}
_ARABIC_MARKS = str.maketrans(",;?", "،؛؟")
_PLACE_OR_WORD = re.compile(r"\{\w+\}|[^\W\d_]+|.", re.DOTALL)
# Readers of these know Russian rather than English; a tag that names the script decides for itself.
_READ_RUSSIAN = frozenset({"ky", "mn", "be", "uk", "tg", "tt", "ba", "hy", "az"})


def reading_language(tags: tuple[str, ...] | list[str]) -> str:
    """Choose the language that a participant reads its letters and papers in, from its business languages.

    The first that the phrasebook has wins. Kazakh goes before all others, being the language that both
    sides of this service share, and English after them: who names another as well reads that with more ease.
    """
    ordered = sorted(tags, key=lambda tag: (not tag.startswith("kk"), tag.startswith("en")))
    for tag in ordered:
        found = language_of(tag)
        if found is not None:
            return found
    return "ru" if any(tag.split("-", maxsplit=1)[0] in _READ_RUSSIAN for tag in tags) else "en"


def language_of(tag: str) -> str | None:
    """Give the language of the phrasebook that a tag stands for, with its script where we write several."""
    if tag in _SCRIPTS:
        return tag
    language = tag.split("-", maxsplit=1)[0]
    return language if language in LANGUAGES else None


def is_right_to_left(language: str) -> bool:
    """Tell whether a language of the phrasebook is written from right to left."""
    return language == "kk-Arab"


def isolated(words: str, language: str) -> str:
    """Keep words of any script together in a sentence that runs from the right, by Unicode's isolates."""
    return f"\u2068{words}\u2069" if is_right_to_left(language) else words


@dataclass(frozen=True)
class Phrasebook:
    """Sentences by their key, each in all languages; Kazakh in Latin and Arabic letters is derived.

    The file has a line for each sentence: its key and the languages in the order of `LANGUAGES`, separated
    by ` | `; `{name}` is a place to be filled. Lines that begin with # explain.
    """

    source: Traversable

    @cached_property
    def sentences(self) -> Mapping[str, Mapping[str, str]]:
        """Every sentence by key and language.

        Raises ValueError where a line has not one cell for each language.
        """
        found: dict[str, Mapping[str, str]] = {}
        for line in self.source.read_text(encoding="utf-8").splitlines():
            if not line.strip() or line.startswith("#"):
                continue
            key, *cells = (cell.strip() for cell in line.split("|"))
            if len(cells) != len(LANGUAGES) or not all(cells) or key in found:
                raise ValueError(f"not one sentence in each language, or twice the same: {key}")
            found[key] = dict(zip(LANGUAGES, cells, strict=True))
        return found

    def say(self, key: str, language: str, /, **values: object) -> str:
        """Say a sentence in a language of the phrasebook, with its places filled.

        Raises KeyError for an unknown key or language.
        """
        base = language.split("-", maxsplit=1)[0]
        sentence = self.sentences[key][base]
        if language in _SCRIPTS:
            sentence = in_script(sentence, language)
        return sentence.format_map(values)


def in_script(sentence: str, language: str) -> str:
    """Write a Kazakh sentence in the Latin or Arabic letters of `kk-Latn` or `kk-Arab`.

    What stands in braces, or in Latin letters already, stays: a name is not ours to rewrite.
    """
    return "".join(_written(part, language) for part in _PLACE_OR_WORD.findall(sentence))


def _written(part: str, language: str) -> str:
    if part.startswith("{") or (part.isascii() and part.isalpha()):
        return part
    if is_right_to_left(language):
        return from_cyrillic(part, _SCRIPTS[language]).translate(_ARABIC_MARKS)
    word = from_cyrillic(part, _SCRIPTS[language])
    if part[0].isupper():
        # The Latin alphabet has both i and ı: the capital of i keeps its dot.
        return (word[0].upper() if word[0] != "i" else "İ") + word[1:]
    return word


@cache
def phrasebook(package: str, name: str) -> Phrasebook:
    """Open the phrasebook that lies in a package."""
    return Phrasebook(files(package) / name)
