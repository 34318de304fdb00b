import pytest

from matching.text.analyzer import analyze
from tests.matching.test_text import terms


def test_phrase_stands_before_its_words():
    first, *others = (
        term for term in analyze("organic sunflower oil") if term.kind == "concept" and "oil" in term.term
    )
    assert (first.term, first.surface, first.beside) == ("=sunflower oil", "sunflower oil", False)
    assert others
    assert all(term.beside for term in others)


@pytest.mark.parametrize(
    ("text", "language", "concept"),
    [
        ("an X-ray", "en", "x-ray"),
        ("e-commerce", "en", "e-commerce"),
        ("T-Shirts aus Baumwolle", "de", "t-shirt"),
        ("e-post", "sv", "email"),
        ("e-posta hizmeti", "tr", "email"),
        ("vitamin C powder", "en", "ascorbic acid"),
        # In the cases of its words.
        ("taşlama makinesinin", "tr", "grinding machine"),
        ("rüzgar türbinlerini", "tr", "wind turbine"),
        ("соя сүтінде", "kk", "plant-based milk"),
        ("soıa sútinde", "kk", "plant-based milk"),
        ("tuya suti kukunini", "uz", "camel milk powder"),
        ("нетканые материалы", "ru", "nonwoven"),
        ("нетканых материалов", "ru", "nonwoven"),
    ],
)
def test_phrase_is_found_with_its_letters_and_in_its_cases(text, language, concept):
    assert f"={concept}" in terms(text, language)


def test_letter_that_is_in_no_phrase_says_nothing():
    assert analyze("category Q licence", "en") == analyze("category licence", "en")
    assert analyze("x honey", "en") == analyze("honey", "en")


def test_phrase_may_have_one_word_between():
    said = analyze("жылқының тоңазытылған еті", "kk")
    assert ("=horse meat", "жылқының еті") in {(term.term, term.surface) for term in said}
    assert "=sunflower oil" not in terms("sunflower in clear golden oil")


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("leather{} machines", "=leather machine"),
        ("leather gloves{} machines", "=leather machine"),
        ("we keep a cow{} milk", "=cow's milk"),
    ],
)
def test_phrase_does_not_go_past_the_end_of_a_sentence_or_a_number(text, concept):
    assert concept in {term.term for term in analyze(text.format(""), "en")}
    assert concept in {term.term for term in analyze(text.format(","), "en")}
    for between in (".", ";", "! New", " 600"):
        assert concept not in {term.term for term in analyze(text.format(between), "en")}


@pytest.mark.parametrize(
    ("text", "language", "concept"),
    [
        ("carpets in stock", "en", "stock (inventory)"),
        ("made to order", "en", "custom-made"),
        ("tin can, tin cans", "en", "tin can"),
        ("our call centres", "en", "call center"),
        ("a filing cabinet", "en", "filing cabinet"),
        ("Vitamin A", "en", "vitamin a"),
        ("R&D", "en", "research"),
        ("б/у", "ru", "used"),
        ("товар в наличии", "ru", "stock (inventory)"),
        ("без посредников", "ru", "directly"),
        ("ай сайын", "kk", "monthly"),
        ("اي سايىن", "kk", "monthly"),
        ("auf Lager", "de", "stock (inventory)"),
        ("i lager", "sv", "stock (inventory)"),
        ("sipariş üzerine", "tr", "custom-made"),
        ("ҳимоя қиламиз", "uz", "defend"),
    ],
)
def test_phrase_of_one_word_and_grammar_is_found(text, language, concept):
    assert f"={concept}" in {term.term for term in analyze(text, language)}


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("non-ferrous metals", "=non-ferrous metal"),
        ("non-woven fabric", "=nonwoven"),
        ("dried fruit, no added sugar", "=sugar-free"),
    ],
)
def test_phrase_wins_over_what_denies_within_it(text, concept):
    terms = {term.term for term in analyze(text, "en")}
    assert concept in terms
    assert not any(term.startswith("!") for term in terms)


def test_phrase_with_grammar_yields_to_one_that_goes_past_it():
    terms = analyze("animal by-products and by-products", "en")
    concepts = [term.term for term in terms if term.kind == "concept" and not term.beside]
    assert concepts == ["=animal origin product", "=by-product"]


def test_phrase_with_grammar_is_denied_where_its_clause_is():
    assert "!=non-ferrous metal" in {term.term for term in analyze("We do not buy non-ferrous metals", "en")}


def test_grammar_of_phrases_says_nothing_by_itself():
    assert analyze("in can call up by non made", "en") == []


def test_beginning_of_a_longer_phrase_is_no_phrase():
    assert "=country gs" in terms("South Georgia & South Sandwich Islands", "en")
    assert terms("south Georgia wool", "en")[0] == "=south"


@pytest.mark.parametrize(
    ("text", "concept"), [("корм для рыб", "fish feed"), ("ищем корм для рыб", "fish feed")]
)
def test_goods_that_are_joined_within_a_phrase_leave_it_its_weight(text, concept):
    (whole,) = [term for term in analyze(text, "ru") if term.term == f"={concept}"]
    assert not whole.beside


def test_phrase_that_is_joined_to_other_goods_stands_beside_them():
    (whole,) = [term for term in analyze("сыр с сухим молоком", "ru") if term.term == "=milk powder"]
    assert whole.beside


def test_must_is_grammar_but_in_a_phrase():
    assert "=grape must" in {term.term for term in analyze("grape must", "en")}
    assert analyze("we must like it, till then", "en") == []
