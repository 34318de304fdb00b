from itertools import pairwise

import numpy as np
import pytest

from matching import MatchConfig, Profile, Statement
from matching.types import FIELDS
from matching.vectorizer import ProfileVectorizer, analyze_profile, goods_of, hs_prefixes

HONEY = Profile(
    "E", seeks=Statement(texts=("honey",), hs_codes=("0409",), markets=("DE",)), languages=("kk",)
)
BEES = Profile(
    "X", offers=Statement(texts=("honey and wax",), hs_codes=("040900",)), languages=("kk-Arab", "RU")
)


def fitted(*profiles, config=None):
    analyzed = [analyze_profile(profile) for profile in profiles]
    return ProfileVectorizer(config or MatchConfig()).fit(analyzed), analyzed


def weighed(vectorizer, profiles, side):
    return vectorizer.weigh([vectorizer.count(profiles)], side, {})[0]


@pytest.mark.parametrize(
    ("codes", "prefixes"),
    [
        ((), ()),
        (("04",), ("04",)),
        (("0409", "0410"), ("04", "0409", "0410")),
        (("04090000",), ("04", "0409", "040900")),
    ],
)
def test_hs_codes_are_known_by_their_prefixes(codes, prefixes):
    assert hs_prefixes(codes) == prefixes


def test_nearer_goods_earn_more():
    def score(code):
        vectorizer, (one, *others) = fitted(
            Profile("E", seeks=Statement(hs_codes=("040900",))),
            *(
                Profile(f"X{n}", offers=Statement(hs_codes=(own,)))
                for n, own in enumerate(["040900", "0409", "04", "52"])
            ),
            config=MatchConfig(weights={"hs_codes": 1}, balance=1),
        )
        places = ["040900", "0409", "04", "52"]
        products = weighed(vectorizer, [one], "entrepreneur") @ weighed(vectorizer, others, "exporter").T
        return products.toarray()[0, places.index(code)]

    assert score("040900") == pytest.approx(1)
    assert 1 > score("0409") > score("04") > score("52") == 0


def test_languages_are_compared_without_script_and_region():
    vectorizer, (one, other) = fitted(HONEY, BEES, config=MatchConfig(weights={"languages": 1}))
    assert analyze_profile(BEES).offers.codes["languages"] == ("kk", "ru")
    products = weighed(vectorizer, [one], "entrepreneur") @ weighed(vectorizer, [other], "exporter").T
    assert 0 < products.toarray()[0, 0] < 1


def test_blocks_tell_every_column():
    vectorizer, (one, _) = fitted(HONEY, BEES)
    assert [(block.direction, block.field) for block in vectorizer.blocks] == [
        (direction, field) for direction in ("entrepreneur_seeks", "exporter_seeks") for field in FIELDS
    ]
    assert all(before.stop == after.start for before, after in pairwise(vectorizer.blocks))
    n_columns = vectorizer.blocks[-1].stop
    assert weighed(vectorizer, [one], "entrepreneur").shape == (1, n_columns)
    assert vectorizer.n_first_direction == n_columns / 2
    told = [vectorizer.term_of(column) for column in range(n_columns)]
    assert all(block.start <= column < block.stop for column, (block, _) in enumerate(told))
    assert {term for block, term in told if block.field == "hs_codes"} >= {"04", "0409", "040900"}
    assert {term for block, term in told if block.field == "text"} >= {"=honey", "hon", "~_ho"}
    # Nobody named a partnership type: the block is there and empty.
    assert not [term for block, term in told if block.field == "partnership_types"]


def test_rows_have_the_weights_of_their_halves():
    config = MatchConfig(
        balance=0.25, weights={"text": 3, "hs_codes": 1}, broader=0, spelling=0, letters=0, goods=0
    )
    full = Statement(texts=("honey",), hs_codes=("04",))
    vectorizer, profiles = fitted(Profile("E", offers=full, seeks=full), config=config)
    row = weighed(vectorizer, profiles, "entrepreneur")
    assert row.dtype == np.float32
    assert (row.data**2).tolist() == pytest.approx([0.25 * 0.75, 0.25 * 0.25, 0.75 * 0.75, 0.75 * 0.25])


def test_field_without_weight_stores_nothing():
    vectorizer, profiles = fitted(
        HONEY, BEES, config=MatchConfig(weights={"hs_codes": 1}, balance=1, goods=0)
    )
    assert weighed(vectorizer, profiles, "entrepreneur").nnz == 2


@pytest.mark.parametrize(
    ("named", "goods"),
    [
        ({}, {}),
        ({"=honey": 1.0}, {"04": 1.0, "0409": 1.0}),
        ({"=honey": 0.5}, {"04": 0.5, "0409": 0.5}),
        ({"=no such concept": 1.0}, {}),
    ],
)
def test_goods_that_are_named_have_codes(named, goods):
    assert goods_of(named) == goods


def test_code_given_counts_more_than_goods_in_words():
    def codes(config):
        vectorizer, (one,) = fitted(
            Profile("E", seeks=Statement(texts=("honey",), hs_codes=("5101",))), config=config
        )
        row = weighed(vectorizer, [one], "entrepreneur")
        told = {
            vectorizer.term_of(column)[1]: value for column, value in zip(row.indices, row.data, strict=True)
        }
        return told["5101"], told.get("0409", 0)

    given, named = codes(MatchConfig(weights={"hs_codes": 1}, balance=1, goods=0.5))
    assert named == pytest.approx(given / 2)
    assert codes(MatchConfig(weights={"hs_codes": 1}, balance=1, goods=0))[1] == 0


def test_nobody_to_learn_from_gives_no_columns():
    vectorizer, _ = fitted()
    assert weighed(vectorizer, [], "exporter").shape == (0, 0)
    assert vectorizer.n_columns == 0


@pytest.mark.parametrize(
    ("profile", "says"),
    [
        (Profile("P"), False),
        (Profile("P", seeks=Statement(texts=("и 12",), markets=("DE",)), languages=("kk",)), False),
        (Profile("P", offers=Statement(texts=("бал",))), True),
        (Profile("P", seeks=Statement(hs_codes=("04",))), True),
        (Profile("P", seeks=Statement(partnership_types=("import",))), True),
    ],
)
def test_profile_says_something_by_words_goods_or_partnership(profile, says):
    counted = ProfileVectorizer(MatchConfig()).count(
        [analyze_profile(one) for one in (Profile("O"), profile)]
    )
    assert counted.says_something.tolist() == [False, says]
