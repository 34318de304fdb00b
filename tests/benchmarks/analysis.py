"""How fast texts are read, and what the thesaurus weighs.

    python -m tests.benchmarks.analysis [PROFILES] [--bulk TEXTS]

Texts of 60 words are drawn from the thesaurus by a Zipf law, in its eight languages and Kazakh in three
scripts, one word in ten unknown to it. Reported are profiles a second of one core's own time after warm-up,
so that other work on the machine counts little: reading
alone, then reading and weighing by a fitted `TextVectorizer`, one text alone, and scikit-learn's
TfidfVectorizer on the same texts beside it. With `--bulk` as many texts are vectorised on all processors,
those started before; then by the clock, one right after the other, the best of all of these texts for each of
2,000 are found, multiplied out, and as many rows of 80 terms are ranked for each other
(`tests.benchmarks.topk`).
"""

import argparse
import random
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from matching import TextVectorizer, bulk, top_k
from matching.text.analyzer import units_in, units_of
from matching.text.chinese import chinese
from matching.text.lexicon import lexicon
from matching.text.script import ALPHABETS, from_cyrillic
from matching.text.thesaurus import LANGUAGES, concepts
from tests.benchmarks.corpus import corpus

WORDS, K, SINGLE, SAMPLE = 60, 10, 1_000, 2_000
_RUNS = 5


def texts(n: int) -> list[str]:
    """Draw texts; the same ones every time."""
    draw = random.Random(60)  # noqa: S311 - no secret
    words = {
        language: [word for concept in concepts().values() for word in concept.words.get(language, ())]
        for language in LANGUAGES
    }
    for alphabet in ALPHABETS:
        words[alphabet] = [from_cyrillic(word, alphabet) for word in words["kk"]]
    for known in words.values():
        draw.shuffle(known)
    found = []
    for _ in range(n):
        known = words[draw.choice(list(words))]
        # A rank by a Zipf law over the words of the language.
        ranks = [int(len(known) ** draw.random()) - 1 for _ in range(WORDS)]
        drawn = [
            f"{known[rank]}{draw.choice('aeio')}n{rank}" if draw.random() < 0.1 else known[rank]
            for rank in ranks
        ]
        found.append(" ".join(" ".join(drawn).split()[:WORDS]))
    return found


def rate(work: Callable[[], Any], n: int) -> float:
    """Give the median rate of several runs after one that does not count."""
    work()
    taken = []
    for _ in range(_RUNS):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return n / float(np.median(taken))


def alone(work: Callable[[str], Any], texts: Sequence[str]) -> float:
    """Give the median of milliseconds of work on one text."""
    taken = []
    for text in texts:
        start = time.thread_time()
        work(text)
        taken.append(time.thread_time() - start)
    return float(np.median(taken)) * 1e3


def in_bulk(n: int) -> tuple[float, float, float]:
    """Give the seconds by the clock of vectorising texts, of ranking them, and as many rows of 80 terms."""
    drawn = texts(n)
    # Other processes read the thesaurus at their start, and machine code is read.
    TextVectorizer().fit(drawn[: bulk.WORTH_PROCESSES])
    queries, candidates = corpus(n, n)
    top_k(queries[:300], candidates, K)
    taken = [time.perf_counter()]
    rows = TextVectorizer().fit_transform(drawn)
    taken.append(time.perf_counter())
    top_k(rows[:SAMPLE], rows, K)
    taken.append(time.perf_counter())
    top_k(queries, candidates, K)
    taken.append(time.perf_counter())
    vectorising, sample, drawn_rows = np.diff(taken).tolist()
    return vectorising, sample * n / min(n, SAMPLE), drawn_rows


def memory() -> float:
    """Give what the thesaurus and its lexicons take, in MB, in a process of their own."""
    script = f"from {__name__} import weigh; print(weigh())"
    if __name__ == "__main__":
        script = "from tests.benchmarks.analysis import weigh; print(weigh())"
    return float(
        subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True).stdout
    )


def weigh() -> float:
    tracemalloc.start()
    for language in LANGUAGES:
        if language != "zh":
            lexicon(language)
    chinese()
    return tracemalloc.get_traced_memory()[0] / 1e6


def importing() -> float:
    """Give the seconds that `import matching` takes."""
    script = "import time; start = time.process_time(); import matching; print(time.process_time() - start)"
    return float(
        subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True).stdout
    )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Measure how fast texts are read.")
    parser.add_argument("profiles", type=int, nargs="?", default=6000)
    parser.add_argument("--bulk", type=int, default=0, metavar="TEXTS")
    given = parser.parse_args(arguments)
    n = given.profiles
    drawn = texts(n)
    print(f"import matching                {importing():>9.3f} s")
    print(f"thesaurus and lexicons         {memory():>9.1f} MB")
    print(f"concepts                       {len(concepts()):>9,}")
    start = time.process_time()
    units_of("бал")
    print(f"first text                     {time.process_time() - start:>9.3f} s")
    fitted, peer = TextVectorizer().fit(drawn), TfidfVectorizer().fit(drawn)
    read = rate(lambda: units_in(drawn, [None] * n), n)
    weighed = rate(lambda: fitted.transform(drawn), n)
    plain = rate(lambda: peer.transform(drawn), n)
    print(f"read                           {read:>9,.0f} profiles/s")
    print(f"read and weighed               {weighed:>9,.0f} profiles/s")
    one = alone(lambda text: fitted.transform([text]), drawn[:SINGLE])
    print(f"one text                       {one:>9.2f} ms")
    print(f"TfidfVectorizer, read, weighed {plain:>9,.0f} profiles/s, {plain / weighed:.1f} times as fast")
    if given.bulk:
        vectorising, ranking, of_80 = in_bulk(given.bulk)
        speed = given.bulk / vectorising
        print(f"{given.bulk:,} texts vectorised     {vectorising:>9.1f} s, {speed:,.0f} texts/s")
        print(f"their {K} best                   {ranking:>9.1f} s; ratio {vectorising / ranking:.2f}")
        print(f"{K} best of rows of 80 terms     {of_80:>9.1f} s; ratio {vectorising / of_80:.2f}")


if __name__ == "__main__":
    main()
