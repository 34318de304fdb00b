"""What concepts give as terms, and which meaning of a homonym a text means."""

from collections import Counter
from collections.abc import Collection, Sequence
from functools import cache
from itertools import chain
from math import sqrt
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matching.text.loops import tell
from matching.text.ragged import Ragged, ends_of
from matching.text.thesaurus import assortments, chapter_id, concepts, everyday

Weighted = tuple[tuple[str, float], ...]

CONCEPT_SIGN = "="
_FURTHER_UP = 0.5
_WHOLE = 2**32


def shared(ids: tuple[str, ...], sureness: float) -> Weighted:
    """Let the concepts of one word share its weight."""
    return tuple((CONCEPT_SIGN + one, sureness / sqrt(len(ids))) for one in ids)


def broader(ids: tuple[str, ...], sureness: float) -> Weighted:
    """Give the two levels above concepts, of which the second counts half, and the chapters of goods.

    Examples
    --------
    >>> broader(("apple",), 1.0)[:2]
    (('=hs 08', 1.0), ('=fruit', 1.0))
    """
    known = concepts()
    level, share = ids, sureness / sqrt(len(ids) or 1)
    above = dict.fromkeys(
        chapter_id(code) for one in ids if not known[one].everyday for code in known[one].hs_codes
    )
    found = {CONCEPT_SIGN + one: share / sqrt(len(above)) for one in above}
    for _ in range(2):
        level = tuple(dict.fromkeys(up for one in level for up in known[one].broader if up not in ids))
        for one in level:
            found.setdefault(CONCEPT_SIGN + one, share)
        share *= _FURTHER_UP
    return tuple(found.items())


@cache
def bought(ids: tuple[str, ...]) -> Weighted:
    """Give what businesses buy, less for each of several businesses.

    Examples
    --------
    >>> bought(("flour mill",)), bought(("honey",))
    ((('=wheat', 0.5), ('=cereal', 0.5)), ())
    """
    share = _FURTHER_UP / sqrt(len(ids) or 1)
    listed = dict.fromkeys(one for business in ids for one in assortments().get(business, ()))
    return tuple((CONCEPT_SIGN + one, share) for one in listed)


@cache
def common(ids: tuple[str, ...]) -> tuple[str, ...]:
    """Give the terms that each of several concepts stands for.

    Examples
    --------
    >>> common(("lubricant", "butter")), common(("butter", "cheese"))
    ((), ('=hs 04', '=dairy product', '=food'))
    """
    first, *others = ([term for term, _ in (*shared((one,), 1.0), *broader((one,), 1.0))] for one in ids)
    return tuple(term for term in first if all(term in terms for terms in others))


@cache
def _breadth() -> Counter[str]:
    """Count the concepts that stand for a term."""
    return Counter(term for one in concepts() for term in common((one,)))


@cache
def _number_of() -> dict[str, int]:
    return {term: number for number, term in enumerate(_breadth())}


def numbers_of(terms: Collection[str]) -> tuple[int, ...]:
    """Give terms of concepts as numbers; without any the thesaurus is not read."""
    known = _number_of() if terms else {}
    return tuple(known[term] for term in terms if term in known)


class Signs(NamedTuple):
    """The terms by which a text shows which of several meanings it means, with what they say for each.

    In whole numbers, which add up to the same in any order.

    Attributes
    ----------
    terms : ndarray of int64, shape (n_terms,)
        Numbers of terms.
    says : ndarray of int64, shape (n_terms, n_senses)
    """

    terms: npt.NDArray[np.int64]
    says: npt.NDArray[np.int64]


@cache
def signs_of(senses: tuple[str, ...]) -> Signs:
    """Give the signs of each of several meanings: each the more, the fewer concepts have it."""
    says: dict[str, list[int]] = {}
    for place, one in enumerate(senses):
        for term in common((one,)):
            if term.removeprefix(CONCEPT_SIGN) not in everyday():
                says.setdefault(term, [0] * len(senses))[place] = _WHOLE // _breadth()[term]
    return Signs(
        np.array(numbers_of(says), np.int64), np.array(list(says.values()), np.int64).reshape(-1, len(senses))
    )


def meant(
    units: Sequence[tuple[int, ...]], senses: Sequence[tuple[str, ...]], texts: Ragged
) -> npt.NDArray[np.int64]:
    """Tell which meanings of its homonyms each text means: those that go with what it speaks of otherwise.

    Parameters
    ----------
    units : sequence of tuple of int
        The numbers of the terms of different units; of homonyms those that all meanings share.
    senses : sequence of tuple of str
        Ids of the concepts of the same units, where they are several meanings, as of one unit at least; else
        empty.
    texts : Ragged
        The units of every text.

    Returns
    -------
    ndarray of int64, shape (n,)
        For every value of the texts its meanings as bits, the first one the lowest; 0 where there are not
        several, or nothing speaks for one.

    Examples
    --------
    >>> senses = ("bow (archery)", "onion")
    >>> texts = Ragged(np.array([0, 1, 2, 0, 0, 3]), np.array([0, 2, 4, 5, 6]))
    >>> terms = [(), *(numbers_of([term]) for term in ("=vegetable", "=sports goods", "=hs 07"))]
    >>> meant(terms, [senses, (), (), ()], texts).tolist()
    [2, 0, 0, 1, 0, 0]
    """
    homonyms = list(dict.fromkeys(one for one in senses if one))
    number_of = {one: number for number, one in enumerate(homonyms)}
    homonym_of = np.fromiter((number_of.get(one, -1) for one in senses), np.int64, len(senses))
    found = np.zeros(texts.values.size, np.int64)
    signs = [signs_of(one) for one in homonyms]
    says = np.zeros((sum(one.terms.size for one in signs), max(map(len, homonyms))), np.int64)
    ends = ends_of([one.terms for one in signs])
    for one, end in zip(signs, ends[1:], strict=True):
        says[end - one.terms.size : end, : one.says.shape[1]] = one.says
    speaks = ends_of(units)
    terms = np.fromiter(chain.from_iterable(units), np.int64, int(speaks[-1]))
    heard = np.full(len(_number_of()), -1)
    signs_of_all = np.concatenate([one.terms for one in signs])
    tell(texts.values, texts.ends, terms, speaks, homonym_of, signs_of_all, ends, says, heard, found)
    return found
