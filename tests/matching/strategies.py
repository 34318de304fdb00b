"""Profiles and weights as Hypothesis draws them, of few words and codes: much is shared, ties are common."""

import numpy as np
from hypothesis import strategies as st
from scipy.sparse import csr_array

from matching import MatchConfig, Profile, ProfileChange, Statement
from matching.types import FIELDS

WORDS = "honey мёд балды бал жүннен wool fındık 蜂蜜 und мы 2024 Honig".split()
HS_CODES = ("04", "0409", "040900", "0410", "5101")
PARTNERSHIPS = ("distribution", "import", "retail")
COUNTRIES = ("DE", "CN", "TR")


def some_of(values):
    return st.lists(st.sampled_from(values), max_size=3, unique=True).map(lambda found: tuple(sorted(found)))


texts = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)
statements = st.builds(
    Statement,
    texts=st.lists(texts, max_size=2).map(tuple),
    hs_codes=some_of(HS_CODES),
    partnership_types=some_of(PARTNERSHIPS),
    markets=some_of(COUNTRIES),
)


def profiles(identifier):
    return st.builds(
        Profile,
        id=st.just(identifier),
        offers=statements,
        seeks=statements,
        languages=some_of(("kk", "kk-Arab", "ru", "DE")),
    )


def side(letter, at_most=5):
    return st.integers(0, at_most).flatmap(
        lambda n: st.tuples(*(profiles(f"{letter}{number}") for number in range(n)))
    )


configs = st.builds(
    MatchConfig,
    balance=st.sampled_from([0.0, 0.25, 0.5, 1.0]),
    weights=st.dictionaries(st.sampled_from(FIELDS), st.integers(1, 5), min_size=1),
    sublinear=st.booleans(),
)


def changes_of(identifiers, kind):
    return st.lists(
        st.sampled_from(identifiers).flatmap(
            lambda one: st.builds(
                ProfileChange, id=st.just(one), side=st.just(kind), profile=st.none() | profiles(one)
            )
        ),
        max_size=6,
    )


@st.composite
def weights(draw, n_terms):
    """Rows of weights from a small grid, some of them stored zeros."""
    n_rows = draw(st.integers(0, 6))
    grid = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.7, 1.0])
    cells = draw(
        st.lists(
            st.tuples(st.integers(0, n_rows - 1), st.integers(0, n_terms - 1), grid),
            max_size=20,
            unique_by=lambda cell: cell[:2],
        )
        if n_rows and n_terms
        else st.just([])
    )
    rows, columns, values = zip(*cells, strict=True) if cells else ((), (), ())
    return csr_array(
        (np.array(values, dtype=np.float32), (np.array(rows, dtype=int), np.array(columns, dtype=int))),
        shape=(n_rows, n_terms),
    )
