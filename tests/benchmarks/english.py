"""Is anything lost where everybody writes English? Beside BM25 (bm25s, its defaults and an English stemmer).

    python -m tests.benchmarks.english FOLDER_OF_PROFILES FILE.jsonl

In the file (one JSON object a line, `en` with several names of one thing separated by `;`) the first name
asks and the others are to be found among those of all lines, and the reverse: Hit@1 and Hit@10 in %, ties
by expectation. In the folder (see tests.benchmarks.relevance) entrepreneurs who write English ask for
exporters who do: nDCG@10 by texts. Both methods see the same texts; the vectorizer is not told the language.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
import numpy.typing as npt
import Stemmer

from matching import TextVectorizer
from matching.evaluation import ndcg
from tests.benchmarks import relevance, retrieval

Scores = npt.NDArray[Any]
Method = Callable[[Sequence[str], Sequence[str]], Scores]


def bm25(queries: Sequence[str], documents: Sequence[str]) -> Scores:
    """Score every document for every query by BM25."""
    stemmer = Stemmer.Stemmer("english")
    model = bm25s.BM25()
    asked, given = (
        bm25s.tokenize(list(texts), stopwords="en", stemmer=stemmer, return_ids=False, show_progress=False)
        for texts in (queries, documents)
    )
    model.index(given, show_progress=False)
    return np.array([model.get_scores(tokens) if tokens else np.zeros(len(documents)) for tokens in asked])


def ours(queries: Sequence[str], documents: Sequence[str]) -> Scores:
    """Score every document for every query by cosine."""
    rows = TextVectorizer().fit_transform([*queries, *documents])
    return np.asarray((rows[: len(queries)] @ rows[len(queries) :].T).toarray())


METHODS: dict[str, Method] = {"BM25 (bm25s)": bm25, "TextVectorizer()": ours}


def names(path: Path, half: int | None) -> tuple[list[str], list[str]]:
    """Give the first name and the others of everything that has several in English."""
    split = [
        line["en"].split(" ; ", maxsplit=1)
        for line in retrieval.read(path, half)
        if " ; " in line.get("en", "")
    ]
    return [first for first, _ in split], [others for _, others in split]


def ranking(method: Method, judged: relevance.Judged) -> float:
    """Give nDCG@10 over entrepreneurs and exporters who write English."""
    entrepreneurs = [row for row in judged.entrepreneurs if row["text_language"] == "en"]
    exporters = [row for row in judged.exporters if row["text_language"] == "en"]
    texts = [
        [f"{row['offers_text']} {row['seeks_text']}" for row in side] for side in (entrepreneurs, exporters)
    ]
    found = []
    for row, own in zip(entrepreneurs, method(*texts), strict=True):
        ids = [exporter["external_id"] for exporter in exporters]
        grades = {
            one: grade for one, grade in judged.grades.get(row["external_id"], {}).items() if one in ids
        }
        if grades:
            found.append(ndcg([ids[place] for place in np.argsort(-own, kind="stable")], grades))
    return float(np.mean(found)) if found else float("nan")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Compare with BM25 on English texts.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("file", type=Path)
    parser.add_argument("--half", type=int, choices=(0, 1))
    given = parser.parse_args(arguments)
    left, right = names(given.file, given.half)
    judged = relevance.read(given.folder, given.half)
    print(f"{'':<20} {f'{len(left)} names: Hit@1 / Hit@10, %':>36} {'profiles: nDCG@10':>20}")
    for name, method in METHODS.items():
        forward, backward = method(left, right), method(right, left)
        one = np.mean([retrieval.hit(scores, 1) for scores in (forward, backward)]) * 100
        ten = np.mean([retrieval.hit(scores, 10) for scores in (forward, backward)]) * 100
        print(f"{name:<20} {f'{one:.1f} / {ten:.1f}':>36} {ranking(method, judged):>20.3f}")


if __name__ == "__main__":
    main()
