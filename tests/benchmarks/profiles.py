"""Profiles with texts in all languages, as many as wanted, and how fast they are read.

    python -m tests.benchmarks.profiles [PROFILES]

Half of the profiles are entrepreneurs, half exporters. In one run, by the clock and in the time of all
processors together: reading and counting them on all processors (these start first), learning and weighing,
and beside it the k best of everybody (k = 10), asked for a sample of either side and multiplied out; then as
many rows of 80 terms as `tests.benchmarks.topk` has them, each for all. At last profiles and texts one at a
time, the median of one thread's own time.

Words are drawn as in `tests.benchmarks.corpus`: a Zipf–Mandelbrot law over 200,000 words or one of 60
topics, about 30 words in what a profile offers and as many in what it seeks. The first words of a language
are those of the thesaurus, in an order of their own; the others are made of syllables, and nobody knows them.
"""

import argparse
import random
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from os import times
from typing import Any

import numpy as np
from joblib.externals.loky import get_reusable_executor

from matching import MatchConfig, Profile, Statement, TextVectorizer, top_k
from matching.rows import Side
from matching.text.script import ALPHABETS, from_cyrillic
from matching.text.thesaurus import LANGUAGES, concepts
from matching.vectorizer import (
    NO_NEW_TERMS,
    CountedProfiles,
    ProfileVectorizer,
    analyze_profile,
    count_profiles,
)
from tests.benchmarks.corpus import corpus, words

WORDS_OF_A_TEXT = 30
_SYLLABLES = [first + second for first in "bdfgklmnprstvz" for second in "aeiou"]
_PARTNERSHIPS = "distribution import retail agency contract_manufacturing joint_venture investment".split()
_MARKETS = "DE US GB SE CN UZ TR RU KZ".split()
_AT_A_TIME = 10_000
SAMPLE, SINGLE, K = 2_000, 1_000, 10


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


def timed(what: str, work: Callable[[], Any], times_as_many: float = 1.0) -> tuple[Any, float]:
    """Do work, tell how long it took, and give what it made and its seconds by the clock."""
    clock, before = time.perf_counter(), times()
    made = work()
    seconds, after = (time.perf_counter() - clock) * times_as_many, times()
    own = (sum(after[:4]) - sum(before[:4])) * times_as_many
    print(f"{what:<58}{seconds:>9.1f} s by the clock {own:>9.1f} s of processors", flush=True)
    return made, seconds


def in_bulk(n: int) -> None:
    """Read and weigh profiles, and find the k best among them."""
    sides: dict[Side, list[Profile]] = {
        side: list(profiles(n // 2, side, seed))
        for seed, side in enumerate(("entrepreneur", "exporter"), start=1)
    }
    config = MatchConfig()
    statistics = ProfileVectorizer(config)

    def read() -> dict[Side, list[CountedProfiles]]:
        counted = {side: count_profiles(given, config) for side, given in sides.items()}
        # The processor time of other processes is known when they have ended.
        get_reusable_executor().shutdown(wait=True)
        return counted

    counted, reading = timed(f"read and count {n:,} profiles", read)

    def weigh() -> dict[Side, Any]:
        statistics.learn([piece for pieces in counted.values() for piece in pieces])
        return {side: statistics.weigh(pieces, side, NO_NEW_TERMS)[0] for side, pieces in counted.items()}

    rows, weighing = timed("learn and weigh", weigh)
    left, right = rows["entrepreneur"], rows["exporter"]
    top_k(left[:300], right[:300], K)
    sample = min(SAMPLE, n // 2)
    _, ranking = timed(
        f"{K} best of everybody, from {sample:,} of either side",
        lambda: (top_k(left[:sample], right, K), top_k(right[:sample], left, K)),
        n / 2 / sample,
    )
    queries, candidates = corpus(n, n)
    _, of_corpus = timed(f"{K} best of {n:,} × {n:,} rows of 80 terms", lambda: top_k(queries, candidates, K))
    whole = reading + weighing
    print(f"vectorising: {n / whole:,.0f} profiles/s, {left.nnz / left.shape[0]:,.0f} weights a profile")
    print(f"vectorising / 10 best: {whole / ranking:.2f}; of 80 terms: {whole / of_corpus:.2f}", flush=True)


def one_at_a_time() -> None:
    """Weigh profiles, and their texts, each alone, when their words are known."""
    drawn = list(profiles(SINGLE, "exporter", 3))
    analyze = analyze_profile.__wrapped__
    statistics = ProfileVectorizer(MatchConfig()).fit(list(map(analyze, drawn)))
    texts = [f"{profile.offers.texts[0]} {profile.seeks.texts[0]}" for profile in drawn]
    vectorizer = TextVectorizer().fit(texts)
    for what, work in (
        (
            "one profile, all fields",
            lambda one: statistics.weigh([statistics.count([analyze(one[0])])], "exporter", NO_NEW_TERMS),
        ),
        ("one text of 60 words", lambda one: vectorizer.transform([one[1]])),
    ):
        taken = []
        for one in zip(drawn, texts, strict=True):
            start = time.thread_time()
            work(one)
            taken.append(time.thread_time() - start)
        middle, late = np.percentile(taken, [50, 95]) * 1e3
        print(f"{what:<58}{middle:>9.2f} ms, 95 %: {late:.2f} ms", flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Measure how fast profiles are read and weighed.")
    parser.add_argument("profiles", type=int, nargs="?", default=100_000)
    in_bulk(parser.parse_args(arguments).profiles)
    one_at_a_time()


if __name__ == "__main__":
    main()
