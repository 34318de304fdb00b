"""Choose the defaults of `MatchConfig` on texts for tuning.

    python -m tests.benchmarks.tuning FOLDER_OF_PROFILES ... FILE.jsonl ...

One parameter after the other is tried at several values, the others at their defaults; what is best is kept
and the round begins again, until nothing is better. Compared is the mean of four figures: nDCG@10 and the
mean recall@10 of the three groups over the texts of the folders, nDCG@10 over all their fields, and Hit@1
and Hit@10 over the language pairs of the files (tests.benchmarks.retrieval), all on half 0: every second
entrepreneur, every second line. Half 1 measures and is never read here. Every folder counts the same; of
each pair of languages the first 600 texts are taken, so that no file outweighs another by its length.
Hard negatives are too few to choose by: what is better on half 0 is not so on half 1.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from matching import MatchConfig, PartnerIndex
from matching.text.analyzer import units_of
from matching.text.term_vectorizers import UnitVectorizer
from matching.text.units import Unit
from tests.benchmarks import relevance, retrieval

Texts = list[tuple[Unit, ...]]
_MOST_TEXTS = 600
PAIRS = (
    "en-ru en-kk ru-kk kk-tr en-tr en-de en-sv en-zh en-uz".split(),
    "en-ru en-sv".split(),
)
GRID: dict[str, Sequence[Any]] = {
    "unknown": (0.25, 0.4, 0.55, 0.7, 1.0),
    "others": (0.5, 0.6, 0.7, 0.85, 1.0),
    "everyday": (0.1, 0.2, 0.3, 0.4, 0.6),
    "spelling": (0.0, 0.1, 0.2, 0.3),
    "broader": (0.15, 0.25, 0.35, 0.45, 0.6),
    "inside": (0.0, 0.1, 0.2, 0.3, 0.4, 0.6),
    "letters": (0.05, 0.1, 0.15, 0.2, 0.3),
    "sublinear": (True, False),
    "saturation": (0.0, 1.2, 2.0),
    "length": (0.0, 0.4),
    "balance": (0.4, 0.5, 0.6, 0.7),
    "goods": (0.0, 0.3, 0.5, 0.7, 1.0),
    "weights": tuple(
        {
            "text": text,
            "hs_codes": codes,
            "partnership_types": partnership,
            "markets": markets,
            "languages": languages,
        }
        for text, codes, partnership, markets, languages in (
            (64, 16, 8, 8, 4),
            (50, 26, 10, 10, 4),
            (50, 30, 8, 8, 4),
            (60, 25, 6, 6, 3),
            (55, 20, 10, 12, 3),
            (45, 25, 12, 15, 3),
            (60, 20, 10, 10, 0),
            (60, 20, 10, 9, 1),
            (60, 20, 10, 8, 2),
            (66, 12, 11, 10, 1),
            (70, 12, 8, 9, 1),
            (55, 15, 15, 14, 1),
        )
    ),
}


@dataclass(frozen=True)
class Material:
    """What is compared on: profiles with their judgements and texts, and pairs of texts by language pair."""

    folders: Sequence[tuple[relevance.Judged, Texts]]
    pairs: Sequence[tuple[Texts, Texts]]


def gather(paths: Sequence[Path]) -> Material:
    folders = []
    for folder in (one for one in paths if one.is_dir()):
        judged = relevance.read(folder, half=0)
        profiles = (*judged.entrepreneurs, *judged.exporters)
        folders.append((judged, [units_of(f"{row['offers_text']} {row['seeks_text']}") for row in profiles]))
    pairs = [
        ([units_of(text) for text in left[:_MOST_TEXTS]], [units_of(text) for text in right[:_MOST_TEXTS]])
        for file in paths
        if not file.is_dir()
        for wanted in PAIRS
        for _, left, right in retrieval.cases(retrieval.read(file, half=0), wanted)
    ]
    return Material(folders, pairs)


def figures(config: MatchConfig, material: Material) -> tuple[float, ...]:
    """Give the four figures that are compared; more is better in each."""
    hits = []
    for left, right in material.pairs:
        vectorizer = UnitVectorizer(**config.of_text()).fit([*left, *right])
        scores = (vectorizer.transform(left) @ vectorizer.transform(right).T).toarray()
        hits.append(np.mean(retrieval.hits_of(scores)) / 100)
    ranked = np.mean([_ranked(config, judged, texts) for judged, texts in material.folders], axis=0)
    return (*ranked.tolist(), float(np.mean(hits)))


def _ranked(config: MatchConfig, judged: relevance.Judged, read: Texts) -> tuple[float, ...]:
    rows = UnitVectorizer(**config.of_text()).fit(read).transform(read)
    n = len(judged.entrepreneurs)
    by_text = np.asarray((rows[:n] @ rows[n:].T).toarray(), dtype=np.float64)
    index = PartnerIndex.build(judged.entrepreneurs, judged.exporters, config)
    texts = relevance.figures(by_text, judged)
    fields = relevance.figures(relevance.by_index(judged, index), judged)
    return (
        texts["nDCG@10"],
        float(np.nanmean([texts[f"recall@10 {group}"] for group in relevance.GROUPS])),
        fields["nDCG@10"],
    )


def line(label: str, found: tuple[float, ...]) -> str:
    return f"{label:<40} {' '.join(f'{one:.3f}' for one in found)}  {np.mean(found):.4f}"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Choose the defaults of the matcher.")
    parser.add_argument("paths", type=Path, nargs="+")
    given = parser.parse_args(arguments)
    material = gather(given.paths)
    best = MatchConfig()
    score = figures(best, material)
    print(line("as it is", score))
    better = True
    while better:
        better = False
        for name, values in GRID.items():
            for value in values:
                tried = replace(best, **{name: value})
                found = figures(tried, material)
                label = f"{name} = {value if name != 'weights' else tuple(value.values())}"
                print(line(label, found), flush=True)
                if np.mean(found) > np.mean(score) + 5e-4:
                    best, score, better = tried, found, True
    print(best.to_dict())


if __name__ == "__main__":
    main()
