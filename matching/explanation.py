"""Why a pair has its score: what each shared term adds, in both directions."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
from scipy.sparse import csr_array

from matching.text.analyzer import analyze
from matching.types import Profile
from matching.vectorizer import Direction, ProfileVectorizer


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one shared term adds to the score of a pair.

    Parameters
    ----------
    direction : str
        `entrepreneur_seeks`: the entrepreneur seeks what the exporter offers; `exporter_seeks`: the
        reverse.
    field : str
        text, hs_codes, partnership_types, markets or languages.
    term : str
        The shared term: a stem or a code.
    sought, offered : str
        The word as the seeking and the offering side wrote it; the code itself for codes.
    amount : float
        Part of the score.
    """

    direction: Direction
    field: str
    term: str
    sought: str
    offered: str
    amount: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """The parts of one score.

    Parameters
    ----------
    score : float
        The reciprocal score in [0, 1].
    contributions : tuple of Contribution
        By descending amount, then by direction, field and term; they sum up to `score` within 1e-6.
    """

    score: float
    contributions: tuple[Contribution, ...]

    def total(self, *, direction: Direction | None = None, field: str | None = None) -> float:
        """Sum what a direction, a field, or both add to the score."""
        return sum(
            one.amount
            for one in self.contributions
            if direction in {None, one.direction} and field in {None, one.field}
        )

    def to_dict(self) -> dict[str, Any]:
        """Give the explanation as plain JSON values; `from_dict` gives it back."""
        return {"score": self.score, "contributions": [asdict(one) for one in self.contributions]}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Rebuild an explanation from `to_dict`."""
        return cls(
            score=values["score"], contributions=tuple(Contribution(**one) for one in values["contributions"])
        )


def explain(
    entrepreneur: Profile,
    exporter: Profile,
    rows: tuple[csr_array, csr_array],
    vectorizer: ProfileVectorizer,
) -> Explanation:
    """Take a pair's score apart.

    Parameters
    ----------
    entrepreneur, exporter : Profile
        The pair, for the words that its sides wrote.
    rows : pair of csr_array of float32, each of shape (1, n_columns)
        Their rows.
    vectorizer : ProfileVectorizer
        What made the rows.
    """
    first, second = rows
    columns, places, other_places = np.intersect1d(
        first.indices, second.indices, assume_unique=True, return_indices=True
    )
    amounts = first.data[places].astype(np.float64) * second.data[other_places].astype(np.float64)
    words = {
        ("entrepreneur_seeks", "sought"): _surfaces(entrepreneur.seeks.texts),
        ("entrepreneur_seeks", "offered"): _surfaces(exporter.offers.texts),
        ("exporter_seeks", "sought"): _surfaces(exporter.seeks.texts),
        ("exporter_seeks", "offered"): _surfaces(entrepreneur.offers.texts),
    }
    found = []
    for column, amount in zip(columns, amounts, strict=True):
        block, term = vectorizer.term_of(int(column))
        text = block.field == "text"
        found.append(
            Contribution(
                direction=block.direction,
                field=block.field,
                term=term,
                sought=words[block.direction, "sought"][term] if text else term,
                offered=words[block.direction, "offered"][term] if text else term,
                amount=float(amount),
            )
        )
    found.sort(key=lambda one: (-one.amount, one.direction, one.field, one.term))
    return Explanation(score=float(amounts.sum()), contributions=tuple(found))


def _surfaces(texts: Iterable[str]) -> dict[str, str]:
    words: dict[str, str] = {}
    for text in texts:
        for term in analyze(text):
            words.setdefault(term.term, term.surface)
    return words
