import copy
import json
import math
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import MatchConfig
from matching.types import FIELDS

weights = st.dictionaries(
    st.sampled_from(FIELDS), st.floats(0, 1e308, allow_subnormal=False) | st.integers(0, 10**6), min_size=1
).filter(lambda given: any(given.values()))


@given(weights, st.floats(0, 1), st.booleans())
def test_stored_configuration_comes_back_equal_with_an_equal_digest(given_weights, balance, sublinear):
    config = MatchConfig(balance=balance, weights=given_weights, sublinear=sublinear)
    back = MatchConfig.from_dict(json.loads(json.dumps(config.to_dict())))
    assert (back, back.digest(), hash(back)) == (config, config.digest(), hash(config))
    assert math.isclose(math.fsum(config.weights.values()), 1)
    assert all(0 <= weight <= 1 for weight in config.weights.values())


def test_weights_are_scaled_and_what_is_left_out_has_none():
    assert dict(MatchConfig(weights={"text": 3, "markets": 1}).weights) == {
        "text": 0.75,
        "hs_codes": 0.0,
        "partnership_types": 0.0,
        "markets": 0.25,
        "languages": 0.0,
    }


def test_weights_of_one_kind_have_one_digest():
    same = {
        MatchConfig(balance=1, weights={"text": 2}),
        MatchConfig(balance=1.0, weights={"text": 7.0, "markets": -0.0}),
    }
    assert len({config.digest() for config in same}) == len(same) == 1


def test_digest_of_the_default_is_stable():
    assert MatchConfig().digest() == MatchConfig.from_dict({}).digest()
    assert MatchConfig().digest() == "d769707b5bd18d1dbfad558ae56281aa06eb51680802122a3d02e96258525345"


def test_every_parameter_changes_the_digest():
    changed = [{}, {"balance": 0.4}, {"weights": {"text": 1}}, {"sublinear": False}]
    changed += [
        {name: 0.123} for name in MatchConfig().to_dict() if name not in {"balance", "weights", "sublinear"}
    ]
    assert len({MatchConfig.from_dict(values).digest() for values in changed}) == len(changed)


def test_configuration_cannot_be_changed():
    with pytest.raises(TypeError, match="does not support item assignment"):
        MatchConfig().weights["text"] = 1.0
    with pytest.raises(AttributeError, match="cannot assign"):
        MatchConfig().balance = 1.0


def test_configuration_can_be_copied_and_sent():
    config = MatchConfig(weights={"text": 1, "markets": 2})
    assert copy.deepcopy(config) == pickle.loads(pickle.dumps(config)) == config  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"balance": math.nan}, "balance must be finite"),
        ({"balance": 1.1}, "balance must be from 0 to 1, not 1.1"),
        ({"balance": -0.1}, "balance must be from 0 to 1"),
        ({"balance": "half"}, "balance must be a number, not 'half'"),
        ({"balance": True}, "balance must be a number, not True"),
        ({"sublinear": "yes"}, "sublinear must be true or false, not 'yes'"),
        ({"weights": [1, 2]}, r"weights must be a mapping of fields to numbers, not \[1, 2\]"),
        ({"weights": {"luck": 1}}, "weights of unknown fields: luck; there are text, hs_codes"),
        ({"weights": {"text": -1, "markets": 2}}, "weights must not be negative: text"),
        ({"weights": {"text": math.nan}}, "the weight of text must be finite"),
        ({"weights": {"text": math.inf}}, "the weight of text must be finite"),
        ({"weights": {"text": 10**400}}, "the weight of text must be finite"),
        ({"weights": {"text": "1"}}, "the weight of text must be a number, not '1'"),
        ({"weights": {"text": 0}}, "at least one weight must be above zero"),
        ({"weights": {}}, "at least one weight must be above zero"),
        ({"letters": 1}, "letters must be below 1, not 1"),
        ({"broader": 1.5}, "broader must be from 0 to 1, not 1.5"),
        ({"saturation": -1}, "saturation must be 0 or more, not -1"),
        ({"goods": math.nan}, "goods must be finite"),
        ({"seed": 1, "depth": 2}, "unknown parameters: depth, seed"),
    ],
)
def test_wrong_value_is_refused(values, message):
    with pytest.raises(ValueError, match=message):
        MatchConfig.from_dict(values)
