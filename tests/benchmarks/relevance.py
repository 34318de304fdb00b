"""How well the matcher ranks on a folder of judged profiles, beside scikit-learn on the same texts.

    python -m tests.benchmarks.relevance FOLDER

The folder holds exporters.csv and entrepreneurs.csv (columns of the CSV form and `text_language`),
relevance.csv (entrepreneur_id, exporter_id, grade; a pair that is not listed has 0) and hard_negatives.csv
(entrepreneur_id, exporter_id: pairs that share words and mean different things).

Ranked is entrepreneur → exporters; gain 2^grade − 1, discount log2(position + 1), ties by exporter id;
entrepreneurs without a relevant exporter are skipped. The first four methods see the text only
(offers_text and seeks_text, languages not given), the last one sees every field. Columns:

- nDCG@10 over all exporters, and ranking only those of one language group: the same language code,
  Kazakh of another script, any other language;
- recall@10: the share of a group's relevant pairs that stand in the overall top ten;
- hard negatives: the share of them that stands above the entrepreneur's last relevant exporter, and (hard
  above sure) above the last one of its highest grade; lower is better.

`--half` 0 or 1 takes every second entrepreneur only. The defaults of `MatchConfig` were chosen on half 0
(tests/benchmarks/tuning.py), and the thesaurus was read against texts of half 0: half 1 is the measure.
"""

import argparse
import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer

from matching import PartnerIndex, TextVectorizer
from matching.evaluation import ndcg, recall

Row = Mapping[str, str]
Scores = npt.NDArray[np.float64]
GROUPS = ("same language", "other script", "other language")
COLUMNS = (
    "nDCG@10",
    *(f"nDCG@10 {group}" for group in GROUPS),
    *(f"recall@10 {group}" for group in GROUPS),
    "hard negatives",
    "hard above sure",
)


@dataclass(frozen=True)
class Judged:
    """Profiles and what people said of their pairs: grades and hard negatives by entrepreneur."""

    entrepreneurs: Sequence[Row]
    exporters: Sequence[Row]
    grades: Mapping[str, Mapping[str, float]]
    hard_negatives: Mapping[str, Sequence[str]]


def read(folder: Path, half: int | None = None) -> Judged:
    grades: dict[str, dict[str, float]] = defaultdict(dict)
    for row in _rows(folder / "relevance.csv"):
        grades[row["entrepreneur_id"]][row["exporter_id"]] = float(row["grade"])
    negatives: dict[str, list[str]] = defaultdict(list)
    for row in _rows(folder / "hard_negatives.csv"):
        negatives[row["entrepreneur_id"]].append(row["exporter_id"])
    return Judged(
        entrepreneurs=_rows(folder / "entrepreneurs.csv")[slice(half, None, 1 if half is None else 2)],
        # Sorting is stable, so that in this order ties go to the lower id.
        exporters=sorted(_rows(folder / "exporters.csv"), key=lambda row: row["external_id"]),
        grades=grades,
        hard_negatives=negatives,
    )


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def by_text(vectorizer: Any, judged: Judged) -> Scores:
    texts = [
        f"{row['offers_text']} {row['seeks_text']}" for row in (*judged.entrepreneurs, *judged.exporters)
    ]
    rows = vectorizer.fit_transform(texts)
    n = len(judged.entrepreneurs)
    return np.asarray((rows[:n] @ rows[n:].T).toarray(), dtype=np.float64)


def by_index(judged: Judged, index: PartnerIndex | None = None) -> Scores:
    index = index or PartnerIndex.build(judged.entrepreneurs, judged.exporters)
    column = {row["external_id"]: place for place, row in enumerate(judged.exporters)}
    scores = np.zeros((len(judged.entrepreneurs), len(judged.exporters)))
    for place, row in enumerate(judged.entrepreneurs):
        for match in index.partners_of(row["external_id"], len(judged.exporters)):
            scores[place, column[match.partner_id]] = match.score
    return scores


def figures(scores: Scores, judged: Judged) -> dict[str, float]:
    """Give the mean of every column; NaN where a folder has no case of it."""
    found: dict[str, list[float]] = {column: [] for column in COLUMNS}
    for entrepreneur, own in zip(judged.entrepreneurs, scores, strict=True):
        ranked = [judged.exporters[place]["external_id"] for place in np.argsort(-own, kind="stable")]
        relevant = judged.grades.get(entrepreneur["external_id"], {})
        if not relevant:
            continue
        last = max(ranked.index(one) for one in relevant)
        best = max(relevant.values())
        sure = max(ranked.index(one) for one, grade in relevant.items() if grade == best)
        for one in judged.hard_negatives.get(entrepreneur["external_id"], []):
            found["hard negatives"].append(float(ranked.index(one) < last))
            found["hard above sure"].append(float(ranked.index(one) < sure))
        found["nDCG@10"].append(ndcg(ranked, relevant))
        group_of = {row["external_id"]: _group(entrepreneur, row) for row in judged.exporters}
        for group in GROUPS:
            inside = {one: grade for one, grade in relevant.items() if group_of[one] == group}
            if inside:
                of_group = [one for one in ranked if group_of[one] == group]
                found[f"nDCG@10 {group}"].append(ndcg(of_group, inside))
                found[f"recall@10 {group}"] += [recall(ranked, [one]) for one in inside]
    return {column: float(np.mean(values)) if values else float("nan") for column, values in found.items()}


def _group(entrepreneur: Row, exporter: Row) -> str:
    one, other = entrepreneur["text_language"], exporter["text_language"]
    if one == other:
        return GROUPS[0]
    return GROUPS[1] if one.split("-")[0] == other.split("-")[0] == "kk" else GROUPS[2]


def table(judged: Judged) -> dict[str, dict[str, float]]:
    """Give the figures of every method."""
    texts = {
        "TfidfVectorizer()": TfidfVectorizer(),
        "the same, sublinear": TfidfVectorizer(sublinear_tf=True),
        "the same, char_wb 3–5": TfidfVectorizer(sublinear_tf=True, analyzer="char_wb", ngram_range=(3, 5)),
        "TextVectorizer()": TextVectorizer(),
    }
    found = {name: figures(by_text(vectorizer, judged), judged) for name, vectorizer in texts.items()}
    return found | {"PartnerIndex": figures(by_index(judged), judged)}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Measure the ranking on a folder of judged profiles.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", type=int, choices=(0, 1))
    given = parser.parse_args(arguments)
    rows = table(read(given.folder, given.half))
    for line in (0, 2):
        print(f"{'':<24}", *(f"{column.partition(' ')[line]:>15}" for column in COLUMNS))
    for name, row in rows.items():
        print(f"{name:<24}", *(f"{row[column]:>15.3f}" for column in COLUMNS))


if __name__ == "__main__":
    main()
