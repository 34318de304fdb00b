"""How well the matcher ranks on a folder of judged profiles, beside scikit-learn on the same texts.

    python -m tests.benchmarks.relevance FOLDER

The folder holds exporters.csv, entrepreneurs.csv, relevance.csv (entrepreneur_id, exporter_id, grade)
and hard_negatives.csv. Ranked is entrepreneur → exporters; gain 2^grade − 1, discount log2(position + 1),
ties by exporter id; entrepreneurs without a relevant exporter are skipped. Nothing was tuned on it.
"""

import csv
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from matching import PartnerIndex, TextVectorizer
from matching.evaluation import ndcg, recall

Row = dict[str, str]
Scores = np.ndarray
GROUPS = ("same language", "Kazakh, other script", "other language")


def read(folder: Path, name: str) -> list[Row]:
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def group(entrepreneur: Row, exporter: Row) -> str:
    one, other = entrepreneur["text_language"], exporter["text_language"]
    if one == other:
        return GROUPS[0]
    return GROUPS[1] if one.split("-")[0] == other.split("-")[0] == "kk" else GROUPS[2]


def by_text(vectorizer: object, entrepreneurs: list[Row], exporters: list[Row]) -> Scores:
    texts = [f"{row['offers_text']} {row['seeks_text']}" for row in (*entrepreneurs, *exporters)]
    rows = vectorizer.fit(texts).transform(texts)  # type: ignore[attr-defined]  # any scikit-learn vectorizer
    return np.asarray((rows[: len(entrepreneurs)] @ rows[len(entrepreneurs) :].T).todense())


def by_index(entrepreneurs: list[Row], exporters: list[Row]) -> Scores:
    index = PartnerIndex.build(entrepreneurs, exporters)
    scores = np.zeros((len(entrepreneurs), len(exporters)))
    column = {row["external_id"]: place for place, row in enumerate(exporters)}
    for place, row in enumerate(entrepreneurs):
        for match in index.partners_of(row["external_id"], len(exporters)):
            scores[place, column[match.partner_id]] = match.score
    return scores


def figures(scores: Scores, entrepreneurs: list[Row], exporters: list[Row], folder: Path) -> dict[str, float]:
    grades: dict[str, dict[str, float]] = defaultdict(dict)
    for row in read(folder, "relevance.csv"):
        grades[row["entrepreneur_id"]][row["exporter_id"]] = float(row["grade"])
    negatives: dict[str, list[str]] = defaultdict(list)
    for row in read(folder, "hard_negatives.csv"):
        negatives[row["entrepreneur_id"]].append(row["exporter_id"])
    overall: list[float] = []
    within: dict[str, list[float]] = {name: [] for name in GROUPS}
    recalls: dict[str, list[bool]] = {name: [] for name in GROUPS}
    above = total = 0
    for place, entrepreneur in enumerate(entrepreneurs):
        relevant = grades[entrepreneur["external_id"]]
        if not relevant:
            continue
        order = sorted(
            range(len(exporters)), key=lambda one: (-scores[place, one], exporters[one]["external_id"])
        )
        ranked = [exporters[one]["external_id"] for one in order]
        groups = {row["external_id"]: group(entrepreneur, row) for row in exporters}
        overall.append(ndcg(ranked, relevant))
        for name in GROUPS:
            inside = {one: grade for one, grade in relevant.items() if groups[one] == name}
            if inside:
                within[name].append(ndcg([one for one in ranked if groups[one] == name], inside))
                recalls[name] += [recall(ranked, [one]) == 1 for one in inside]
        last = max(ranked.index(one) for one in relevant)
        for negative in negatives[entrepreneur["external_id"]]:
            total += 1
            above += ranked.index(negative) < last
    return {
        "nDCG@10": float(np.mean(overall)),
        **{f"nDCG@10 {name}": float(np.mean(values)) for name, values in within.items() if values},
        **{f"recall@10 {name}": float(np.mean(values)) for name, values in recalls.items() if values},
        "hard negatives above": above / total if total else 0.0,
    }


def main(folder: Path) -> None:
    entrepreneurs, exporters = read(folder, "entrepreneurs.csv"), read(folder, "exporters.csv")
    methods: dict[str, Callable[[], Scores]] = {
        "TfidfVectorizer()": lambda: by_text(TfidfVectorizer(), entrepreneurs, exporters),
        "TfidfVectorizer(sublinear_tf)": lambda: by_text(
            TfidfVectorizer(sublinear_tf=True), entrepreneurs, exporters
        ),
        "TfidfVectorizer(char_wb 3-5)": lambda: by_text(
            TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True),
            entrepreneurs,
            exporters,
        ),
        "TextVectorizer()": lambda: by_text(TextVectorizer(), entrepreneurs, exporters),
        "PartnerIndex, all fields": lambda: by_index(entrepreneurs, exporters),
    }
    for name, method in methods.items():
        print(name)
        for figure, value in figures(method(), entrepreneurs, exporters, folder).items():
            print(f"    {figure:<34} {value:.3f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
