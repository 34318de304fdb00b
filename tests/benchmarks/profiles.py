"""Profiles with texts in all languages, as many as wanted.

Words are drawn as in `tests.benchmarks.corpus`: a Zipf–Mandelbrot law over 200,000 words or one of 60
topics, about 30 words in what a profile offers and as many in what it seeks. The first words of a language
are those of the thesaurus, in an order of their own; the others are made of syllables, and nobody knows them.
"""

import random
from collections.abc import Iterator
from functools import cache

import numpy as np

from matching import Profile, Statement
from matching.rows import Side
from matching.text.script import ALPHABETS, from_cyrillic
from matching.text.thesaurus import LANGUAGES, concepts
from tests.benchmarks.corpus import words

WORDS_OF_A_TEXT = 30
_SYLLABLES = [first + second for first in "bdfgklmnprstvz" for second in "aeiou"]
_PARTNERSHIPS = "distribution import retail agency contract_manufacturing joint_venture investment".split()
_MARKETS = "DE US GB SE CN UZ TR RU KZ".split()
_AT_A_TIME = 10_000


@cache
def vocabularies() -> dict[str, list[str]]:
    """Give the words of the thesaurus by language and alphabet of Kazakh, in an order that means nothing."""
    found = {
        language: [
            word
            for concept in concepts().values()
            for form in concept.words.get(language, ())
            for word in form.split()
        ]
        for language in LANGUAGES
    }
    found |= {alphabet: [from_cyrillic(word, alphabet) for word in found["kk"]] for alphabet in ALPHABETS}
    for known in found.values():
        random.Random(60).shuffle(known)  # noqa: S311 - no secret
    return found


def _made_up(rank: int) -> str:
    word = ""
    while rank:
        rank, syllable = divmod(rank, len(_SYLLABLES))
        word += _SYLLABLES[syllable]
    return word


def profiles(n: int, side: Side, seed: int) -> Iterator[Profile]:
    """Draw profiles of a side; the same ones for a seed."""
    languages = list(vocabularies().values())
    draw = random.Random(seed)  # noqa: S311 - no secret
    for first in range(0, n, _AT_A_TIME):
        size = min(_AT_A_TIME, n - first)
        texts = words(2 * size, seed + first, WORDS_OF_A_TEXT)
        for number in range(size):
            known = draw.choice(languages)
            offers, seeks = (
                _text(texts.indptr, texts.indices, row, known) for row in (2 * number, 2 * number + 1)
            )
            yield Profile(
                f"{side[:2]}{first + number:07d}",
                Statement((offers,), _codes(draw), tuple(draw.sample(_PARTNERSHIPS, 2)), _market(draw)),
                Statement((seeks,), _codes(draw), tuple(draw.sample(_PARTNERSHIPS, 1)), _market(draw)),
                languages=("en", draw.choice(LANGUAGES)),
            )


def _text(ends: np.ndarray, ranks: np.ndarray, row: int, known: list[str]) -> str:
    drawn = ranks[ends[row] : ends[row + 1]].tolist()
    return " ".join(known[rank] if rank < len(known) else _made_up(rank) for rank in drawn)


def _codes(draw: random.Random) -> tuple[str, ...]:
    return tuple(f"{draw.randint(1, 97):02d}{draw.randint(1, 9):02d}" for _ in range(draw.randint(0, 2)))


def _market(draw: random.Random) -> tuple[str, ...]:
    return tuple(draw.sample(_MARKETS, 2))
