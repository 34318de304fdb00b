"""What concepts give as terms, and which meaning of a homonym a text means."""

from collections import Counter
from collections.abc import Set as AbstractSet
from functools import cache
from math import sqrt

from matching.text.thesaurus import assortments, chapter_id, concepts, everyday

Weighted = tuple[tuple[str, float], ...]

CONCEPT_SIGN = "="
_FURTHER_UP = 0.5
# Of the support of the best meaning, what another one needs to stand beside it.
_SUPPORTED = 0.5
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


def meant(senses: tuple[str, ...], spoken_of: AbstractSet[str]) -> tuple[str, ...]:
    """Leave of several meanings those that go with what a text speaks of otherwise.

    Parameters
    ----------
    senses : tuple of str
        Ids of concepts.
    spoken_of : set of str
        Terms of the text, with those above them; of its homonyms those that all meanings share.

    Returns
    -------
    tuple of str
        All of them where nothing speaks for one.

    Notes
    -----
    A meaning is supported by the terms it shares with the text, each the more, the fewer concepts have it.

    Examples
    --------
    >>> senses = ("bow (archery)", "onion")
    >>> meant(senses, {"=vegetable", "=hs 07"}), meant(senses, {"=sports goods"}), meant(senses, set())
    (('onion',), ('bow (archery)',), ('bow (archery)', 'onion'))
    """
    shares = _shares(senses)
    heard = shares.keys() & spoken_of
    if not heard:
        return senses
    support = [sum(of_senses) for of_senses in zip(*[shares[term] for term in heard], strict=True)]
    least = max(support) * _SUPPORTED
    return tuple(one for one, own in zip(senses, support, strict=True) if own >= least)


@cache
def _shares(senses: tuple[str, ...]) -> dict[str, tuple[int, ...]]:
    """Give the terms by which a text shows which of several meanings it means, with what they say for each.

    In whole numbers, which add up to the same in any order.
    """
    shares: dict[str, list[int]] = {}
    for place, one in enumerate(senses):
        for term in common((one,)):
            if term.removeprefix(CONCEPT_SIGN) not in everyday():
                shares.setdefault(term, [0] * len(senses))[place] = _WHOLE // _breadth()[term]
    return {term: tuple(of_senses) for term, of_senses in shares.items()}


@cache
def _breadth() -> Counter[str]:
    """Count the concepts that stand for a term."""
    return Counter(term for one in concepts() for term in common((one,)))
