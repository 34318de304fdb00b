"""How well a text finds the same thing said in another language.

    python -m tests.benchmarks.retrieval FILE.jsonl [LANGUAGE-LANGUAGE ...] [--answers FILE.jsonl]

A file holds one JSON object a line: language codes, each with the same thing said in that language (`id` is
passed over). For every pair of languages: the lines that have both, without those whose text repeats in
either; the vectorizer is fitted on both sides; rank by cosine; a tie counts by expectation; the figure is
the mean of both directions, in %. Kazakh Cyrillic texts are also asked for in Latin (2021, 2018 and 2017),
in Arabic letters, and as they are typed on English and on Russian keyboards. `--half` 0 or 1 takes every
second line only: the defaults of `MatchConfig` were chosen on half 0.

`titles.jsonl` beside this module is such a file: goods of all chapters of the Harmonized System, services,
equipment and what businesses say of themselves, in the words of trade, written for this project before the
thesaurus was looked into. The misses of half 0 were read to find what the thesaurus lacks; those of half 1
never were.

`wishes.jsonl` and `offers.jsonl` belong together: line by line 96 businesses abroad say what they do and look
for, and Kazakhstani exporters what they make and whom they seek, each in the words of another owner and
language, four exporters and more of a line within every domain of trade. With `--answers` the texts of the
first file ask, those of the second answer, in every pair of languages, one language with itself included.
They were written before the thesaurus was looked into; how the texts of half 0 are read was audited word by
word, those of half 1 were never looked at.

`judged` is a folder for tests.benchmarks.relevance, half 0 of it alone was read. tests.benchmarks.translated
makes files of names that others translated.
"""

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer

from matching import TextVectorizer
from matching.text.script import ALPHABETS, Alphabet, from_cyrillic

LANGUAGES = ("en", "ru", "kk", "tr", "de", "sv", "zh", "uz")
# Kazakh in Arabic script, where a file has it beside the other one.
WITH_ARABIC = (*LANGUAGES, "kk-Arab")
Lines = Sequence[dict[str, str]]
# Letters of 2018 as those of 2017; Kazakh on English and on Russian keyboards.
_LATIN_2017 = str.maketrans({"á": "a'", "ǵ": "g'", "ń": "n'", "ó": "o'", "ú": "u'", "ý": "y'", "ı": "i'"})
_ENGLISH_KEYS = str.maketrans(
    dict(zip("абвгдезклмнопрстуфхыіәғқңөұүһийэж", "abvgdezklmnoprstufhyiagknouuhiiej", strict=True))
    | {"ш": "sh", "щ": "sh", "ч": "ch", "ц": "ts", "ё": "yo", "ю": "yu", "я": "ya", "ъ": "", "ь": ""}
)
_RUSSIAN_KEYS = str.maketrans("әғқңөұүһі", "агкноуухи")


def read(path: Path, half: int | None = None) -> Lines:
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return lines if half is None else lines[half::2]


def pair(lines: Lines, one: str, other: str) -> tuple[list[str], list[str]]:
    """Give the texts of both languages, without those that repeat."""
    both = [(line[one], line[other]) for line in lines if line.get(one) and line.get(other)]
    left, right = Counter(text for text, _ in both), Counter(text for _, text in both)
    kept = [texts for texts in both if left[texts[0]] == 1 and right[texts[1]] == 1]
    return [text for text, _ in kept], [text for _, text in kept]


def hits(vectorizer: Any, left: Sequence[str], right: Sequence[str]) -> tuple[float, float]:
    """Give Hit@1 and Hit@10 in %, the mean of both directions."""
    rows = vectorizer.fit_transform([*left, *right])
    return hits_of((rows[: len(left)] @ rows[len(left) :].T).toarray())


def hits_of(scores: npt.NDArray[Any]) -> tuple[float, float]:
    """Give the same of scores in which row and column of one number belong together."""
    rounded = np.asarray(scores, dtype=np.float64).round(9)
    found = [(hit(one, 1), hit(one, 10)) for one in (rounded, rounded.T)]
    return 50 * (found[0][0] + found[1][0]), 50 * (found[0][1] + found[1][1])


def hit(scores: npt.NDArray[np.float64], k: int) -> float:
    own = scores.diagonal()[:, None]
    above = (scores > own).sum(axis=1)
    tied = (scores == own).sum(axis=1)
    return float(np.clip((k - above) / tied, 0, 1).mean())


def cases(lines: Lines, wanted: Sequence[str]) -> Iterator[tuple[str, list[str], list[str]]]:
    for one, other in combinations(WITH_ARABIC, 2):
        name = f"{one}-{other}"
        if wanted and name not in wanted:
            continue
        left, right = pair(lines, one, other)
        if left:
            yield name, left, right
    kazakh = sorted({line["kk"] for line in lines if line.get("kk")})
    for name, write in _WRITTEN.items():
        if kazakh and (not wanted or name in wanted):
            yield name, kazakh, [write(text) for text in kazakh]


def answers(
    asked: Lines, given: Lines, wanted: Sequence[str] = ()
) -> Iterator[tuple[str, list[str], list[str]]]:
    """Give the texts that ask and those that answer, for every language of the one and of the other."""
    for one, other in product((*WITH_ARABIC, "kk-Latn"), repeat=2):
        name = f"{one}-{other}"
        lines = [
            {"asked": ask[one], "given": give[other]}
            for ask, give in zip(asked, given, strict=True)
            if ask.get(one) and give.get(other)
        ]
        if lines and (not wanted or name in wanted):
            yield name, *pair(lines, "asked", "given")


def _in_latin_2017(text: str) -> str:
    written = from_cyrillic(text, "latin-2018").replace("sh", "s'").replace("ch", "c'")
    return written.translate(_LATIN_2017)


def _in(alphabet: Alphabet) -> Callable[[str], str]:
    return lambda text: from_cyrillic(text, alphabet)


_WRITTEN: dict[str, Callable[[str], str]] = {
    **{alphabet: _in(alphabet) for alphabet in ALPHABETS},
    "latin-2017": _in_latin_2017,
    "english-keys": lambda text: text.lower().translate(_ENGLISH_KEYS),
    "russian-keys": lambda text: text.lower().translate(_RUSSIAN_KEYS),
}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Measure how texts find each other across languages.")
    parser.add_argument("file", type=Path)
    parser.add_argument("pairs", nargs="*")
    parser.add_argument("--half", type=int, choices=(0, 1))
    parser.add_argument("--answers", type=Path)
    given = parser.parse_args(arguments)
    methods = {
        "TfidfVectorizer()": TfidfVectorizer(),
        "char_wb 3–5": TfidfVectorizer(sublinear_tf=True, analyzer="char_wb", ngram_range=(3, 5)),
        "TextVectorizer()": TextVectorizer(),
    }
    print(f"{'Hit@1 / Hit@10, %':<20} {'texts':>6}", *(f"{name:>20}" for name in methods))
    lines = read(given.file, given.half)
    compared = (
        answers(lines, read(given.answers, given.half), given.pairs)
        if given.answers
        else cases(lines, given.pairs)
    )
    found = []
    for name, left, right in compared:
        found.append([hits(vectorizer, left, right) for vectorizer in methods.values()])
        print(f"{name:<20} {len(left):>6}", *(f"{one:>12.1f} / {ten:>5.1f}" for one, ten in found[-1]))
    mean = np.mean(found, axis=0) if found else []
    print(f"{'mean':<20} {len(found):>6}", *(f"{one:>12.1f} / {ten:>5.1f}" for one, ten in mean))


if __name__ == "__main__":
    main()
