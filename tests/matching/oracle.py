"""The matcher again, slow and plainly right: loops over numbers; it shares only the analyzer."""

from collections import Counter
from math import log, sqrt

import numpy as np

from matching.text.analyzer import analyze
from matching.types import FIELDS


def best(queries, candidates, k, excluded=()):
    """Indices and scores of the k best candidates of each query, as lists padded with −1 and 0.0."""
    indices, scores = [], []
    for query, asked in enumerate(queries):
        found = []
        for row, offered in enumerate(candidates):
            products = [float(one) * float(other) for one, other in zip(asked, offered, strict=True)]
            if any(products) and (query, row) not in excluded:
                found.append((-np.float32(sum(products)), row))
        found = sorted(found)[:k]
        indices.append([row for _, row in found] + [-1] * (k - len(found)))
        scores.append([-score for score, _ in found] + [0.0] * (k - len(found)))
    return indices, scores


def scores(entrepreneurs, exporters, config):
    """Reciprocal score of every pair: {(entrepreneur id, exporter id): score}."""
    documents = [
        {field: terms_of(profile, part, field) for field in FIELDS}
        for profile in (*entrepreneurs, *exporters)
        for part in ("offers", "seeks")
    ]
    weigh = {field: weigher([one[field] for one in documents], config.sublinear) for field in FIELDS}

    def cosine(seeker, giver, field):
        sought = weigh[field](terms_of(seeker, "seeks", field))
        offered = weigh[field](terms_of(giver, "offers", field))
        return sum(weight * offered.get(term, 0.0) for term, weight in sought.items())

    return {
        (one.id, other.id): sum(
            config.weights[field]
            * (config.balance * cosine(one, other, field) + (1 - config.balance) * cosine(other, one, field))
            for field in FIELDS
        )
        for one in entrepreneurs
        for other in exporters
    }


def terms_of(profile, part, field):
    statement = getattr(profile, part)
    if field == "text":
        return [term.term for text in statement.texts for term in analyze(text)]
    if field == "hs_codes":
        return list(
            {code[:length] for code in statement.hs_codes for length in (2, 4, 6) if len(code) >= length}
        )
    if field == "languages":
        return list({tag.lower().split("-")[0] for tag in profile.languages})
    return list(getattr(statement, field))


def weigher(documents, sublinear):
    documents = [document for document in documents if document]
    frequency = Counter(term for document in documents for term in set(document))

    def weigh(document):
        counts = Counter(document)
        raw = {
            term: (1 + log(count) if sublinear else count)
            * (log((1 + len(documents)) / (1 + frequency[term])) + 1)
            for term, count in counts.items()
        }
        length = sqrt(sum(weight**2 for weight in raw.values()))
        return {term: weight / length for term, weight in raw.items()}

    return weigh


def pairs(scores_by_pair, k, excluded=()):
    """Union of everybody's k best among exact scores: {(entrepreneur, exporter): (score, rank, rank)}."""
    possible = {pair: score for pair, score in scores_by_pair.items() if score > 0 and pair not in excluded}

    def ranks(own, other):
        found = {}
        for identifier in {pair[own] for pair in possible}:
            ordered = sorted(
                (pair for pair in possible if pair[own] == identifier),
                key=lambda pair: (-possible[pair], pair[other]),
            )
            found |= {pair: rank for rank, pair in enumerate(ordered[:k], start=1)}
        return found

    left, right = ranks(0, 1), ranks(1, 0)
    return {pair: (possible[pair], left.get(pair), right.get(pair)) for pair in {*left, *right}}
