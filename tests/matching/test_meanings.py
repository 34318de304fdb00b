import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.text.analyzer import analyze
from matching.text.meanings import broader, meant, numbers_of
from matching.text.ragged import Ragged
from matching.text.thesaurus import concepts, everyday
from matching.text.vectorizer import TextVectorizer

IDS = sorted(concepts())
ids = st.sampled_from(IDS)
TERMS = {one: [f"={one}", *(term for term, _ in broader((one,), 1.0))] for one in IDS}


def named(text, language=None):
    return {term.term for term in analyze(text, language) if term.kind == "concept"}


@pytest.mark.parametrize(
    ("text", "is_meant", "is_not"),
    [
        ("масло, сметана, сыр и творог из деревни", "butter", "lubricant"),
        ("масло и фильтры для трактора, смазка, запчасти", "lubricant", "butter"),
        ("лук репчатый, морковь, капуста и картофель", "onion", "bow (archery)"),
        ("лук и стрелы, сёдла, охотничьи ножи, спортивные товары", "bow (archery)", "onion"),
        ("кран башенный, экскаваторы, подъёмники, лебёдки в аренду", "crane", "tap"),
        ("кран, смеситель, раковина, сантехника для ванной", "tap", "crane"),
        ("май, ірімшік, қаймақ, сүт және айран сатамыз", "butter", "lubricant"),
        ("bolts, screws, nuts and washers of stainless steel", "nut (fastener)", "nut"),
        ("almonds, walnuts, every nut and dried fruit, raisins", "nut", "nut (fastener)"),
        ("pirinç, bulgur, mercimek, nohut ve fasulye satıyoruz", "rice", "brass"),
        ("Federn, Wellen, Zahnräder, Lager und andere Maschinenteile", "spring (metal)", "down"),
    ],
)
def test_homonym_means_what_the_text_speaks_of(text, is_meant, is_not):
    found = named(text)
    assert f"={is_meant}" in found
    assert f"={is_not}" not in found


def test_short_text_leaves_a_homonym_all_its_meanings():
    assert {"=onion", "=bow (archery)"} <= named("лук, морковь", "ru")


def test_homonym_of_which_nothing_speaks_keeps_its_meanings():
    text = "лук Айгуль Марат Болат Ержан Асель Динара"
    assert {"=onion", "=bow (archery)"} <= named(text, "ru")


def test_parts_of_a_compound_are_no_choice():
    found = named("Schafwollteppich, Kühe, Rinder, Kälber, Bullen, Milch, Fleisch", "de")
    assert "=carpet" in found


@given(st.lists(ids, min_size=1, max_size=4, unique=True), st.lists(ids, max_size=4))
def test_meanings_are_those_that_share_the_rarest_terms_with_the_text(senses, others):
    spoken_of = {term for one in others for term in TERMS[one]}

    def support(sense):
        shared = {term for term in TERMS[sense] if term in spoken_of and term[1:] not in everyday()}
        return sum(1 / sum(term in terms for terms in TERMS.values()) for term in shared)

    most = max(map(support, senses))
    units = [numbers_of(TERMS[one]) for one in others]
    texts = Ragged(np.arange(len(units) + 1), np.array([0, len(units) + 1]))
    (*no_homonyms, bits) = meant([*units, ()], [*[()] * len(units), tuple(senses)], texts).tolist()
    found = {one for place, one in enumerate(senses) if bits >> place & 1}
    assert not any(no_homonyms)
    # On the border a sum may fall to either side.
    certain = {one for one in senses if support(one) > most * 0.501}
    possible = {one for one in senses if support(one) > most * 0.499 and most}
    assert certain <= found <= possible


def test_concept_stands_for_two_levels_above_it_and_its_chapters():
    assert broader(("mutton",), 1.0) == (
        ("=hs 02", 1.0),
        ("=meat", 1.0),
        ("=sheep", 1.0),
        ("=food", 0.5),
        ("=livestock", 0.5),
    )


@pytest.mark.parametrize(
    ("business", "bought", "not_bought"),
    [
        ("We run three restaurants in Berlin", "баранина и говядина", "цемент и кирпич"),
        ("我们在乌鲁木齐经营连锁餐厅", "қой еті мен сиыр еті", "цемент пен кірпіш"),
        ("Құрылыс компаниясымыз, Ташкентте үй саламыз", "cement and bricks", "mutton and beef"),
        ("Сеть аптек в Казани", "itmuryn men shyrǵanaq", "cement and bricks"),
        ("Bir otel işletiyoruz", "көрпе, жастық, төсек-орын", "мыс концентраты"),
        ("Wir sind ein Fuhrpark für Speditionen", "шины", "мёд"),
        ("Qurilish mollari do'koni", "цемент", "мёд"),
        ("Vi driver en hälsokostbutik", "бал", "цемент"),
    ],
)
def test_business_that_names_no_goods_meets_those_that_it_buys(business, bought, not_bought):
    rows = TextVectorizer().fit_transform([business, bought, not_bought])
    meets, does_not = (rows[[0]] @ rows[1:].T).toarray()[0]
    assert meets > does_not


def test_business_that_names_goods_seeks_those():
    assert "=meat" not in {term.term for term in analyze("restaurants seek honey")}
    assert {term.kind for term in analyze("we run restaurants") if term.term == "=meat"} == {"broader"}
