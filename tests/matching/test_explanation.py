import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import (
    Contribution,
    Explanation,
    MatchConfig,
    PartnerIndex,
    Profile,
    Statement,
    concept_name,
    goods_name,
)
from tests.matching import strategies
from tests.matching.oracle import scores

ENTREPRENEUR = Profile(
    "E1",
    offers=Statement(texts=("Lager für Honig",), markets=("DE",), partnership_types=("import",)),
    seeks=Statement(texts=("Таза балды іздейміз", "жүн"), hs_codes=("0409",)),
    languages=("kk", "de"),
)
EXPORTER = Profile(
    "X1",
    offers=Statement(texts=("Тау Балы",), hs_codes=("040900",)),
    seeks=Statement(texts=("серіктес",), markets=("DE",), partnership_types=("import", "retail")),
    languages=("kk",),
)


@settings(max_examples=40)
@given(strategies.profiles("E"), strategies.profiles("X"), strategies.configs)
def test_contributions_add_up_to_the_score(one, other, config):
    index = PartnerIndex.build([one], [other], config)
    explanation = index.explain("E", "X")
    matches = index.partners_of("E", 1)
    assert explanation.score == pytest.approx(matches[0].score if matches else 0, abs=1e-6)
    assert explanation.score == pytest.approx(scores([one], [other], config)["E", "X"], abs=1e-6)
    assert explanation.total() == pytest.approx(explanation.score, abs=1e-12)
    for pair in index.pairs(1):
        for direction in ("entrepreneur_seeks", "exporter_seeks"):
            assert explanation.total(direction=direction) == pytest.approx(
                getattr(pair, direction), abs=1e-12
            )
    assert all(part.amount > 0 for part in explanation.contributions)


@settings(max_examples=40)
@given(strategies.profiles("E"), strategies.profiles("X"))
def test_explanation_comes_back_from_json(one, other):
    explanation = PartnerIndex.build([one], [other]).explain("E", "X")
    assert Explanation.from_dict(json.loads(json.dumps(explanation.to_dict()))) == explanation


def test_words_are_shown_as_each_side_wrote_them():
    explanation = PartnerIndex.build([ENTREPRENEUR], [EXPORTER]).explain("E1", "X1")
    found = {
        (one.direction, one.field, one.term, one.sought, one.offered) for one in explanation.contributions
    }
    assert found >= {
        ("entrepreneur_seeks", "text", "=honey", "балды", "Тау Балы"),
        ("entrepreneur_seeks", "text", "bal", "балды", "Балы"),
        ("entrepreneur_seeks", "text", "~", "балды", "Балы"),
        ("entrepreneur_seeks", "hs_codes", "04", "04", "04"),
        ("entrepreneur_seeks", "hs_codes", "0409", "0409", "0409"),
        ("entrepreneur_seeks", "languages", "kk", "kk", "kk"),
        ("exporter_seeks", "languages", "kk", "kk", "kk"),
        ("exporter_seeks", "markets", "DE", "DE", "DE"),
        ("exporter_seeks", "partnership_types", "import", "import", "import"),
    }


def test_words_that_only_share_some_letters_are_not_shown_side_by_side():
    one = Profile("E1", seeks=Statement(texts=("zolbergen",)))
    for text, alike in (("zolbergin", True), ("zolatarum", False), ("mizolbergkatunast", False)):
        other = Profile("X1", offers=Statement(texts=(text,)))
        found = PartnerIndex.build([one], [other]).explain("E1", "X1").contributions
        shown = ("zolbergen", text) if alike else ("", "")
        assert {(part.term, part.sought, part.offered) for part in found} == {("~", *shown)}


def test_goods_in_words_meet_a_code_and_are_shown_as_words():
    one = Profile("E1", seeks=Statement(hs_codes=("0409",)))
    other = Profile("X1", offers=Statement(texts=("蜂蜜",)))
    explanation = PartnerIndex.build([one], [other]).explain("E1", "X1")
    assert {(part.field, part.term, part.sought, part.offered) for part in explanation.contributions} == {
        ("hs_codes", "04", "04", "蜂蜜"),
        ("hs_codes", "0409", "0409", "蜂蜜"),
    }


@pytest.mark.parametrize(
    ("term", "language", "name"),
    [
        ("=honey", "kk", "бал"),
        ("=honey", "en-GB", "honey"),
        ("=honey", "fr", "honey"),
        ("=country kz", "ru", "Казахстан"),
        ("=hs 04", "kk", "сүт өнімдері, жұмыртқа, бал"),
        ("=hs 04", "fr", "milk products, eggs, honey"),
        ("!=honey", "kk", None),
        ("bal", "kk", None),
        ("~", "kk", None),
        ("=no such concept", "kk", None),
    ],
)
def test_concept_is_named_in_the_language_of_the_reader(term, language, name):
    assert concept_name(term, language) == name


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [
        ("0409", "kk", "бал, балауыз ұя"),
        ("040900", "ru", "мёд, соты"),
        ("0104", "en", "sheep, lamb, ram"),
        ("1211", "ru", "лекарственное растение, трава, народная медицина"),
        ("9403", "en", "furniture"),
        ("04", "kk", "сүт өнімдері, жұмыртқа, бал"),
        ("0500", "ru", "прочие продукты животного происхождения"),
        ("98", "ru", ""),
    ],
)
def test_goods_of_a_code_are_named_in_the_language_of_the_reader(code, language, name):
    assert goods_name(code, language) == name


def test_weightiest_contribution_stands_first():
    amounts = [
        one.amount for one in PartnerIndex.build([ENTREPRENEUR], [EXPORTER]).explain("E1", "X1").contributions
    ]
    assert amounts == sorted(amounts, reverse=True)


def test_explanation_reads_the_rows_that_made_the_score():
    index = PartnerIndex.build(
        [ENTREPRENEUR, Profile("E0")], [Profile("X0", offers=Statement(texts=("жүн",))), EXPORTER]
    )
    by_id = {match.partner_id: match.score for match in index.partners_of("E1", 2)}
    for other in ("X0", "X1"):
        assert index.explain("E1", other).score == pytest.approx(by_id[other], abs=1e-6)
    assert index.explain("E0", "X1") == Explanation(0.0, ())


@pytest.mark.parametrize(
    ("parts", "total"),
    [
        ({}, 0.6),
        ({"direction": "exporter_seeks"}, 0.4),
        ({"field": "text"}, 0.3),
        ({"direction": "exporter_seeks", "field": "text"}, 0.1),
        ({"field": "markets"}, 0.0),
    ],
)
def test_total_of_a_direction_and_a_field(parts, total):
    explanation = Explanation(
        0.6,
        (
            Contribution("exporter_seeks", "hs_codes", "04", "04", "04", 0.3),
            Contribution("entrepreneur_seeks", "text", "бал", "бал", "балы", 0.2),
            Contribution("exporter_seeks", "text", "жүн", "жүн", "жүні", 0.1),
        ),
    )
    assert explanation.total(**parts) == pytest.approx(total)


@given(st.sampled_from([0.0, 1.0]))
def test_direction_without_weight_has_no_part(balance):
    explanation = PartnerIndex.build([ENTREPRENEUR], [EXPORTER], MatchConfig(balance=balance)).explain(
        "E1", "X1"
    )
    silent = "entrepreneur_seeks" if balance == 0 else "exporter_seeks"
    assert explanation.total(direction=silent) == 0
    assert explanation.score > 0
