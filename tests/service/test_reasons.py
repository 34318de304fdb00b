import pytest

from matching import Contribution, Explanation, PartnerIndex, Profile, Statement
from service.match_lists.reasons import in_words, shared_word

ENTREPRENEUR = Profile("E", seeks=Statement(texts=("蜂蜜",)), offers=Statement(texts=("дүкендер",)))
EXPORTER = Profile("X", offers=Statement(texts=("Тау балы",)), seeks=Statement(texts=("shops",)))


def reasons(one: Profile, other: Profile, language: str) -> list[str]:
    explanation = PartnerIndex.build([one], [other]).explain("E", "X")
    return [reason.text for reason in in_words(explanation, language)]


@pytest.mark.parametrize(
    ("language", "honey", "shop"),
    [
        ("en", "«蜂蜜» – «Тау балы» = honey", "«shops» – «дүкендер» = shop"),
        ("ru", "«蜂蜜» – «Тау балы» = мёд", "«shops» – «дүкендер» = магазин"),
        ("kk", "«蜂蜜» – «Тау балы» = бал", "«shops» – «дүкендер» = дүкен"),
    ],
)
def test_meaning_is_named_in_the_language_of_the_reader_for_both_directions(
    language: str, honey: str, shop: str
) -> None:
    found = reasons(ENTREPRENEUR, EXPORTER, language)
    assert any(honey in text for text in found)
    assert any(shop in text for text in found)


def test_meaning_that_is_one_of_the_words_is_not_repeated() -> None:
    one = Profile("E", seeks=Statement(texts=("honey",)))
    (text,) = [text for text in reasons(one, EXPORTER, "en") if "honey" in text and "code" not in text]
    assert text.endswith("«honey» – «Тау балы»")


def test_word_behind_a_code_is_shown_beside_it() -> None:
    one = Profile("E", seeks=Statement(hs_codes=("0409",)))
    (text,) = reasons(one, EXPORTER, "en")
    assert "0409 (" in text
    assert text.endswith("«Тау балы»")


def test_more_words_than_fit_are_counted() -> None:
    contributions = tuple(
        Contribution("exporter_seeks", "text", f"w{n}", f"w{n}", f"w{n}", 0.1) for n in range(7)
    )
    (reason,) = in_words(Explanation(0.7, contributions), "en")
    assert reason.text.endswith("«w0», «w1», «w2», «w3», +3")


@pytest.mark.parametrize(
    ("language", "said"), [("en", "similar letters"), ("ru", "похожие буквы"), ("kk", "ұқсас әріптер")]
)
def test_letters_of_words_that_are_not_alike_are_told_without_the_words(language: str, said: str) -> None:
    stray = Contribution("exporter_seeks", "text", "~", "", "", 0.1)
    (reason,) = in_words(Explanation(0.1, (stray,)), language)
    assert reason.text.endswith(f": {said}")
    word = Contribution("exporter_seeks", "text", "w", "w", "w", 0.1)
    (reason,) = in_words(Explanation(0.2, (stray, word)), language)
    assert reason.text.endswith(": «w»")


def test_code_is_named_by_its_goods_where_its_description_is_in_another_language() -> None:
    assert shared_word("0409", "hs_codes", "en") == "0409 (Honey; natural)"
    assert shared_word("0409", "hs_codes", "ru") == "0409 (мёд, соты)"
    assert shared_word("0409", "hs_codes", "kk") == "0409 (бал, балауыз ұя)"


@pytest.mark.parametrize(
    ("word", "field", "shown"),
    [("бал", "hs_codes", "«бал»"), ("бал", "text", "бал"), ("DE", "markets", "Germany")],
)
def test_shared_word_by_its_field(word: str, field: str, shown: str) -> None:
    assert shared_word(word, field, "en") == shown
