"""Inner loops over the words of texts and their weights, as machine code."""

from typing import Any

import numpy as np
import numpy.typing as npt

from matching.compiled import compiled, inner, uncounted
from matching.text.ragged import Numbers

Floats = npt.NDArray[np.float64]
Weights = npt.NDArray[np.float32]
Places = npt.NDArray[np.int32]

# What a word says of others: denies the next one, or the one before; says that other goods are in, for, with
# or made of the next ones, or of those before it; limits what is denied behind it: not only honey; says that
# there is not what the business wants.
DENIES_NEXT, DENIES_BEFORE, JOINS_NEXT, JOINS_BEFORE, LIMITS, LACKS = range(1, 7)
# Marks of a word, beside what it says of others.
OF_OTHERS, IS_GOODS, HAS_WORDS, IS_DENIED, IS_HOMONYM, BEGINS, GOES_ON, IS_JOINED, IS_GRAMMAR = (
    7,
    8,
    16,
    32,
    64,
    128,
    256,
    512,
    1024,
)
# What becomes of a word, as bits in this order: it is in a clause that denies it, only says what other goods
# are in, for, with or made of, is denied, belongs to a phrase. And: it only says something of others.
WITHDRAWN, JOINED, DENIED, INSIDE, GONE = 1, 2, 4, 8, 16
# As far behind a joining word the goods are that it joins: with pure honey.
_JOINED = 2
# As far behind a limiting word the one before is not denied: тек қана таза бал емес.
_LIMITED = 2
# The same behind a word of what one has: бізде тәжірибелі мал дәрігері жоқ.
_LACKED = 5
# What is said of the words that follow: that the next one is denied; for how many more those before them are
# not denied, and goods are joined to others.
_DENIES, _LIMITS, _JOINS = 0, 1, 2
# Of the support of the best meaning, what another one needs to stand beside it.
_SUPPORTED = 0.5


@uncounted
def obey(ends: Numbers, runs: Numbers, marks: Numbers, forms: Numbers, state: Numbers) -> None:
    """Let the words of texts say what they say of each other.

    Parameters
    ----------
    ends : ndarray of int64, shape (n_texts + 1,)
        Where the words of each text end, after a zero.
    runs : ndarray of int64, shape (n,)
        Words of one language in a row share a number; below zero are those that say nothing of others.
    marks : ndarray of int64, shape (n,)
        What words say of others, and their marks.
    forms : ndarray of int64, shape (n,)
        What became of the words, to which it is added what becomes of them.
    state : ndarray of int64, shape (3,)
        Room.
    """
    for text in range(ends.size - 1):
        state[:] = 0
        run = last = -1
        for place in range(ends[text], ends[text + 1]):
            if runs[place] < 0:
                continue
            if runs[place] != run:
                run, last = runs[place], -1
            rule = 0 if forms[place] & WITHDRAWN else marks[place] & OF_OTHERS
            if rule:
                _obey(rule, last, marks, forms, state)
            else:
                _say(place, marks, forms, state)
            if not rule or (rule == LIMITS and marks[place] & HAS_WORDS):
                last = place
            else:
                forms[place] |= GONE


@inner
def _obey(rule: int, last: int, marks: Numbers, forms: Numbers, state: Numbers) -> None:
    is_behind_goods = last >= 0 and marks[last] & IS_GOODS and not forms[last] & (WITHDRAWN | DENIED)
    if rule == DENIES_NEXT:
        state[_DENIES] = 1
    elif rule == DENIES_BEFORE:
        if last >= 0 and not state[_LIMITS]:
            forms[last] |= DENIED
    elif rule == JOINS_NEXT:
        state[_JOINS] = _JOINED if is_behind_goods else 0
    elif rule == LIMITS:
        state[_DENIES], state[_LIMITS] = 0, _LIMITED
    elif rule == LACKS:
        state[_LIMITS] = _LACKED
    elif is_behind_goods:
        forms[last] |= JOINED


@inner
def _say(place: int, marks: Numbers, forms: Numbers, state: Numbers) -> None:
    if state[_JOINS] and marks[place] & IS_GOODS and not forms[place] & WITHDRAWN:
        forms[place] |= JOINED
        state[_JOINS] = 0
    if state[_DENIES]:
        forms[place] |= DENIED
    state[_DENIES] = 0
    state[_LIMITS], state[_JOINS] = max(state[_LIMITS] - 1, 0), max(state[_JOINS] - 1, 0)


@compiled
def tell(
    values: Numbers,
    ends: Numbers,
    terms: Numbers,
    term_ends: Numbers,
    homonym_of: Numbers,
    signs: Numbers,
    sign_ends: Numbers,
    says: Numbers,
    heard: Numbers,
    found: Numbers,
) -> None:
    """Add up what speaks for every meaning of the homonyms of every text."""
    support = np.zeros(says.shape[1], np.int64)
    for text in range(ends.size - 1):
        for unit in values[ends[text] : ends[text + 1]]:
            for at in range(term_ends[unit], term_ends[unit + 1]):
                heard[terms[at]] = text
        for place in range(ends[text], ends[text + 1]):
            homonym = homonym_of[values[place]]
            if homonym < 0:
                continue
            support[:] = 0
            for at in range(sign_ends[homonym], sign_ends[homonym + 1]):
                if heard[signs[at]] == text:
                    support += says[at]
            least = support.max() * _SUPPORTED
            for sense in range(support.size):
                if support[sense] >= least and support[sense]:
                    found[place] |= 1 << sense


@compiled
def add_up(
    documents: Numbers,
    document_ends: Numbers,
    units: Numbers,
    unit_ends: Numbers,
    amounts: Floats,
    columns: Numbers,
    data: Floats,
    found: Places,
) -> Numbers:
    """Add up the terms of the units of every document, and tell where its counts end."""
    ends = np.zeros(document_ends.size, np.int64)
    total = np.zeros(columns.size)
    is_met = np.zeros(columns.size, np.bool_)
    # A column and the term behind it, so that terms are sorted by their columns.
    met = np.empty(columns.size, np.int64)
    for document in range(document_ends.size - 1):
        n_met = 0
        for unit in documents[document_ends[document] : document_ends[document + 1]]:
            for at in range(unit_ends[unit], unit_ends[unit + 1]):
                term = units[at]
                if columns[term] < 0:
                    continue
                if not is_met[term]:
                    is_met[term] = True
                    met[n_met] = (columns[term] << 32) | term
                    n_met += 1
                total[term] += amounts[at]
        met[:n_met].sort()
        start = ends[document]
        ends[document + 1] = start + n_met
        for place in range(n_met):
            term = met[place] & 0xFFFFFFFF
            data[start + place] = total[term]
            found[start + place] = met[place] >> 32
            total[term], is_met[term] = 0.0, False
    return ends


@uncounted
def meet(
    documents: Numbers,
    document_ends: Numbers,
    units: Numbers,
    unit_ends: Numbers,
    amounts: Floats,
    last: Numbers,
    seen: Numbers,
    lengths: Floats,
) -> None:
    """Count the documents of every term, and add up the terms of every document.

    Parameters
    ----------
    documents, document_ends, units, unit_ends, amounts : ndarray
        As in `Counted`.
    last : ndarray of int64, shape (n_terms,)
        Room: −1 for every term.
    seen : ndarray of int64, shape (n_terms,)
    lengths : ndarray of float64, shape (n_documents,)
        Zeros, to which it is added.
    """
    for document in range(lengths.size):
        for place in range(document_ends[document], document_ends[document + 1]):
            unit = documents[place]
            for at in range(unit_ends[unit], unit_ends[unit + 1]):
                seen[units[at]] += last[units[at]] != document
                last[units[at]] = document
                lengths[document] += amounts[at]


@compiled
def summed(data: Floats, ends: Numbers) -> Floats:
    """Add up every row."""
    sums = np.zeros(ends.size - 1)
    for row in range(ends.size - 1):
        for at in range(ends[row], ends[row + 1]):
            sums[row] += data[at]
    return sums


@compiled
def normalise(data: npt.NDArray[Any], ends: Numbers) -> None:
    """Bring every row to unit length, if it has any; the sum is one of float64, in the order of the row."""
    for row in range(ends.size - 1):
        square = 0.0
        for at in range(ends[row], ends[row + 1]):
            square += np.float64(data[at]) * np.float64(data[at])
        length = np.sqrt(square)
        for at in range(ends[row], ends[row + 1] if square else ends[row]):
            data[at] /= length


@compiled
def beside(
    weights: Weights,
    places: Places,
    ends: Numbers,
    first: int,
    n_learned: int,
    first_unlearned: int,
    starts: Numbers,
    data: Weights,
    indices: Places,
) -> None:
    """Put a part of every document where it stands in its row, with the columns that the part has there."""
    for row in range(starts.size):
        to = starts[row]
        for at in range(ends[row], ends[row + 1]):
            data[to] = weights[at]
            place = places[at]
            indices[to] = first + place if place < n_learned else first_unlearned + place - n_learned
            to += 1


@compiled
def put(
    weights: Weights,
    places: Places,
    ends: Numbers,
    order: Numbers,
    first: Numbers,
    n_learned: int,
    unlearned: Places,
    factors: Weights,
    starts: Numbers,
    data: Weights,
    indices: Places,
) -> None:
    """Put what profiles offer and seek in a field where it stands in their rows, in both directions.

    Terms that were learned have columns behind the first one of a direction, others the columns given.
    """
    for profile in range(starts.shape[0]):
        for direction in range(order.size):
            part = 2 * profile + order[direction]
            to = starts[profile, direction]
            for at in range(ends[part], ends[part + 1]):
                data[to] = weights[at] * factors[direction]
                if places[at] < n_learned:
                    indices[to] = first[direction] + places[at]
                else:
                    indices[to] = unlearned[direction, places[at] - n_learned]
                to += 1
