"""The matcher again, slow and plainly right: loops over numbers; it shares only what words mean."""

from collections import Counter
from math import log, sqrt

import numpy as np

from matching.text.analyzer import analyze
from matching.text.thesaurus import concepts
from matching.types import FIELDS
from matching.vectorizer import goods_of


def best(queries, candidates, k, excluded=()):
    """Indices and scores of the k best candidates of each query, as lists padded with −1 and 0.0."""
    indices, scores = [], []
    for query, asked in enumerate(queries):
        found = []
        for row, offered in enumerate(candidates):
            products = [float(one) * float(other) for one, other in zip(asked, offered, strict=True)]
            # A product of two weights above zero may itself be rounded to zero.
            shared = any(one and other for one, other in zip(asked, offered, strict=True))
            if shared and (query, row) not in excluded:
                found.append((-np.float32(sum(products)), row))
        found = sorted(found)[:k]
        indices.append([row for _, row in found] + [-1] * (k - len(found)))
        scores.append([-score for score, _ in found] + [0.0] * (k - len(found)))
    return indices, scores


def scores(entrepreneurs, exporters, config, learned_from=None):
    """Reciprocal score of every pair: {(entrepreneur id, exporter id): score}.

    Document frequencies are those of the sides `learned_from`, by default of the two themselves.
    """
    left, right = learned_from or (entrepreneurs, exporters)
    documents = [
        {field: blocks_of(profile, part, field, config) for field in FIELDS}
        for profile in (*left, *right)
        for part in ("offers", "seeks")
    ]
    weigh = {field: weigher([one[field] for one in documents], field, config) for field in FIELDS}

    def cosine(seeker, giver, field):
        sought = weigh[field](blocks_of(seeker, "seeks", field, config))
        offered = weigh[field](blocks_of(giver, "offers", field, config))
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


def blocks_of(profile, part, field, config):
    """Counted terms of a field: two blocks for the text, one for codes."""
    statement = getattr(profile, part)
    if field == "text":
        return text_blocks([term for text in statement.texts for term in analyze(text)], config)
    if field == "hs_codes":
        given = {code[:length] for code in statement.hs_codes for length in (2, 4, 6) if len(code) >= length}
        named = {
            term.term: term.amount
            for text in statement.texts
            for term in analyze(text)
            if term.kind == "concept" and not term.beside
        }
        return [
            {code: config.goods * share for code, share in goods_of(named).items() if config.goods}
            | dict.fromkeys(given, 1.0)
        ]
    if field == "languages":
        return [dict.fromkeys((tag.lower().split("-")[0] for tag in profile.languages), 1.0)]
    return [dict.fromkeys(getattr(statement, field), 1.0)]


def of_concept(identifier, config):
    concept = concepts().get(identifier)
    if concept and concept.everyday:
        return config.everyday
    return 1.0 if identifier.startswith("hs ") or (concept and concept.hs_codes) else config.others


def text_blocks(terms, config):
    weights = {"concept": 1.0, "broader": config.broader, "word": config.unknown, "spelling": config.spelling}
    words, letters = Counter(), Counter()
    for term in terms:
        if term.kind == "letters":
            letters[term.term] += 1 if config.letters else 0
        else:
            share = config.inside if term.beside else 1
            if term.kind in {"concept", "broader"}:
                share *= of_concept(term.term.removeprefix("="), config)
            words[term.term] += weights[term.kind] * term.amount * share
    return [{term: count for term, count in block.items() if count} for block in (words, letters)]


def weigher(documents, field, config):
    documents = [document for document in documents if any(document)]
    frequencies = [
        Counter(term for document in documents for term in document[place])
        for place in range(2 if field == "text" else 1)
    ]
    shares = (1 - config.letters, config.letters) if field == "text" else (1.0,)

    def idf(term, frequency):
        return log((1 + len(documents)) / (1 + frequency[term])) + 1

    def unit(weights):
        length = sqrt(sum(weight**2 for weight in weights.values()))
        return {term: weight / length for term, weight in weights.items()}

    def weigh(document):
        found = {}
        for block, frequency, share in zip(document, frequencies, shares, strict=True):
            counted = {
                term: (1 + log(count) if count > 1 and config.sublinear and field == "text" else count)
                * idf(term, frequency)
                for term, count in block.items()
            }
            found |= {term: weight * sqrt(share) for term, weight in unit(counted).items()}
        return unit(found)

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
