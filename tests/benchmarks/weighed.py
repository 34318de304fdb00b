"""Queries and candidates as the matcher weighs them, drawn in all its languages: hundreds of terms a row."""

from collections.abc import Callable, Mapping
from functools import cache

from scipy.sparse import csr_array

from matching import PartnerIndex, TextVectorizer
from tests.benchmarks.analysis import texts
from tests.benchmarks.profiles import profiles

Corpus = tuple[csr_array, csr_array]
_WORDS_OF_A_SHORT_TEXT = 8


def _halves(drawn: list[str]) -> Corpus:
    rows = csr_array(TextVectorizer().fit_transform(drawn))
    return rows[: len(drawn) // 2], rows[len(drawn) // 2 :]


def of_texts(n: int) -> Corpus:
    """Give texts of 60 words."""
    return _halves(texts(2 * n))


def of_short_texts(n: int) -> Corpus:
    """Give their first words."""
    return _halves([" ".join(text.split()[:_WORDS_OF_A_SHORT_TEXT]) for text in texts(2 * n)])


@cache
def of_entrepreneurs(n: int) -> Corpus:
    """Give what entrepreneurs are to exporters."""
    index = PartnerIndex.build(profiles(n, "entrepreneur", 1), profiles(n, "exporter", 2))
    width = index.statistics.n_columns
    ours, theirs = (index.shelves[side].base.all_rows(width) for side in ("entrepreneur", "exporter"))
    return ours, theirs


def of_exporters(n: int) -> Corpus:
    """Give the same the other way about."""
    ours, theirs = of_entrepreneurs(n)
    return theirs, ours


WEIGHED: Mapping[str, Callable[[int], Corpus]] = {
    "texts": of_texts,
    "short-texts": of_short_texts,
    "entrepreneurs": of_entrepreneurs,
    "exporters": of_exporters,
}
"""By the name that `tests.benchmarks.topk` gives them."""
