"""Profiles as weighted rows, as many as wanted, shaped like the texts of the demo.

    python -m tests.benchmarks.corpus

prints the figures of the demo's 440 texts under `TextVectorizer` beside those of as many generated rows.
Measured there: terms a text (97, spread of their logarithm 0.21), the Zipf law (document frequency falls with
rank to the power of −0.85, the most frequent term is in 0.63 of all texts), co-occurrence (terms of middle
frequency are together 1.8 times as often as chance would have it), and how near the nearest are.
Generated rows have about 80 terms: a word comes from a Zipf–Mandelbrot law over the whole vocabulary, or from
one of 60 topics with words of their own; weights are TF-IDF with sublinear counts, of unit length.
"""

import csv
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array, vstack

TERMS = 200_000
_ZIPF, _SHIFT = 1.05, 8.0
_TOPICS, _WORDS_OF_A_TOPIC, _FROM_TOPIC, _ZIPF_OF_TOPIC = 60, 150, 0.5, 0.9
# Draws, of which some are the same word: 80 different ones are left.
_DRAWS, _SPREAD = 95, 0.25


def words(n: int, seed: int, draws: float = _DRAWS) -> csr_array:
    """Draw counts of terms: csr_array of float32, shape (n, TERMS); the same ones for a seed."""
    shape, random = np.random.default_rng(60), np.random.default_rng(seed)
    common = np.cumsum((np.arange(TERMS) + _SHIFT) ** -_ZIPF)
    of_topics = np.exp(shape.uniform(np.log(50), np.log(TERMS), (_TOPICS, _WORDS_OF_A_TOPIC))).astype(
        np.int64
    )
    topical = np.cumsum((np.arange(_WORDS_OF_A_TOPIC) + 2.0) ** -_ZIPF_OF_TOPIC)
    lengths = np.exp(random.normal(np.log(draws), _SPREAD, n)).astype(np.int64).clip(5)
    rows = np.repeat(np.arange(n), lengths)
    # Some topics are much more common than others.
    topics = (_TOPICS * random.random(n) ** 1.5).astype(np.int64)
    terms = np.searchsorted(common, random.random(rows.size) * common[-1]).clip(0, TERMS - 1)
    from_topic = random.random(rows.size) < _FROM_TOPIC
    chosen = np.searchsorted(topical, random.random(int(from_topic.sum())) * topical[-1])
    terms[from_topic] = of_topics[topics[rows[from_topic]], chosen.clip(0, _WORDS_OF_A_TOPIC - 1)]
    return csr_array(coo_array((np.ones(rows.size, np.float32), (rows, terms)), shape=(n, TERMS)))


def weigh(counts: csr_array, frequency: npt.NDArray[np.int64], n_documents: int) -> csr_array:
    idf = np.log((1 + n_documents) / (1 + frequency)) + 1
    rows = csr_array(counts, copy=True)
    weights = (1 + np.log(rows.data)) * idf[rows.indices]
    norms = np.sqrt(np.add.reduceat(weights**2, rows.indptr[:-1]))
    rows.data = (weights / np.repeat(norms, np.diff(rows.indptr))).astype(np.float32)
    rows.indices = rows.indices.astype(np.int32)
    return rows


def corpus(n_queries: int, n_candidates: int) -> tuple[csr_array, csr_array]:
    """Give queries and candidates, weighed by the document frequencies of the candidates."""
    candidates = words(n_candidates, 1)
    frequency = np.bincount(candidates.indices, minlength=TERMS)
    return weigh(words(n_queries, 2), frequency, n_candidates), weigh(candidates, frequency, n_candidates)


def pairs_of_weights(queries: csr_array, candidates: csr_array) -> int:
    """Count the postings that all queries together have to look at, were none passed over."""
    asked, offered = (np.bincount(rows.indices, minlength=rows.shape[1]) for rows in (queries, candidates))
    return int(asked @ offered)


def shape(rows: csr_array) -> dict[str, float]:
    """Measure what the generator imitates."""
    n = rows.shape[0]
    lengths, frequency = np.diff(rows.indptr), np.bincount(rows.indices, minlength=rows.shape[1])
    falling = np.sort(frequency[frequency > 0])[::-1]
    ranks = np.arange(1, falling.size + 1)
    steady = (ranks >= 10) & (falling >= 3)
    middle = np.flatnonzero((frequency >= max(3, n // 50)) & (frequency <= n // 5))
    together = csr_array((np.ones(rows.nnz), rows.indices, rows.indptr), shape=rows.shape)[:, middle]
    counts = (together.T @ together).toarray()
    chance = np.outer(frequency[middle], frequency[middle]) / n
    upper = np.triu_indices(middle.size, 1)
    scores = (rows @ rows.T).toarray()
    np.fill_diagonal(scores, 0.0)
    nearest = np.sort(scores, axis=1)[:, ::-1]
    return {
        "terms a text": float(lengths.mean()),
        "spread of their logarithm": float(np.log(lengths).std()),
        "part of texts with the most frequent term": float(falling[0] / n),
        "exponent of the Zipf law": float(np.polyfit(np.log(ranks[steady]), np.log(falling[steady]), 1)[0]),
        "together against chance": float((counts[upper] ** 2).sum() / (counts[upper] * chance[upper]).sum()),
        "score of the nearest": float(np.median(nearest[:, 0])),
        "score of the tenth": float(np.median(nearest[:, 9])),
    }


DEMO = Path(__file__).parents[2] / "service" / "demo" / "data"


def texts_of(folder: Path, name: str) -> list[str]:
    """Read what the businesses of a file offer and seek, each as a text."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        found = [row[part] for row in csv.DictReader(file) for part in ("offers_text", "seeks_text")]
    return [text for text in found if text]


def corpus_of_texts(folder: Path) -> tuple[csr_array, csr_array]:
    """Give texts of entrepreneurs as queries and of exporters as candidates, as the matcher weighs them."""
    from matching import TextVectorizer  # noqa: PLC0415 - only for texts is its vocabulary needed

    queries, candidates = texts_of(folder, "entrepreneurs"), texts_of(folder, "exporters")
    rows = csr_array(TextVectorizer().fit_transform(queries + candidates))
    return rows[: len(queries)], rows[len(queries) :]


def main() -> None:
    real_rows = csr_array(vstack(corpus_of_texts(DEMO)))
    real, generated = shape(real_rows), shape(corpus(1, real_rows.shape[0])[1])
    print(f"{'':<44}{'demo':>10}{'generated':>12}")
    for name, figure in real.items():
        print(f"{name:<44}{figure:>10.3f}{generated[name]:>12.3f}")


if __name__ == "__main__":
    main()
