import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.text.analyzer import analyze
from matching.text.denial import denied_places, may_deny
from matching.text.script import ALPHABETS, from_cyrillic
from matching.text.words import words_in


def named(text, language=None):
    return {term.term for term in analyze(text, language) if term.kind == "concept"}


DENIED = [
    "We do not trade honey, only wool",
    "We don't sell honey. We buy wool",
    "We no longer produce honey and now buy wool",
    "We do not produce honey any more, we need wool",
    "Honey is not what we need; wool is",
    "Not interested in honey, but in wool",
    "We never buy honey but wool",
    "wool instead of honey",
    "Unlike honey producers we sell wool",
    "Мёдом не торгуем, нужна шерсть",
    "Не торгуем мёдом, покупаем шерсть",
    "Мёд не нужен, нужна шерсть",
    "Больше не закупаем мёд, ищем шерсть",
    "Вместо мёда ищем шерсть",
    "Бал сатпаймыз, жүн керек",
    "Бізге бал керек емес, жүн керек",
    "Балмен айналыспаймыз, жүн аламыз",
    "Балдың орнына жүн іздейміз",
    "Bal satpaımyz, jún kerek",
    "بال ساتپايمىز، ءجۇن كەرەك",
    "Wir handeln nicht mit Honig, sondern mit Wolle",
    "Wir handeln nicht mehr mit Honig, wir suchen Wolle",
    "Honig brauchen wir nicht, wir suchen Wolle",
    "Statt Honig suchen wir Wolle",
    "Vi handlar inte med honung utan söker ull",
    "Istället för honung söker vi ull",
    "Bal satmıyoruz, yün arıyoruz",
    "Bala ihtiyacımız yok, yün lazım",
    "Bal yerine yün arıyoruz",
    "Asal sotmaymiz, jun kerak",
    "Асал сотмаймиз, жун керак",
    "Asal kerak emas, jun olamiz",
    "Asal o'rniga jun kerak",
    "我们不卖蜂蜜，需要羊毛",
    "不再采购蜂蜜，寻找羊毛",
    "不是蜂蜜，而是羊毛",
    "代替蜂蜜，我们采购羊毛",
    "不卖蜂蜜而采购羊毛",
    "采购羊毛而不卖蜂蜜",
    "没有收购蜂蜜，需要羊毛",
    "别买蜂蜜，要羊毛",
    "蜂蜜这里不让卖了，要羊毛",
]
PAST = [
    "We used to sell honey, today we need wool",
    "Formerly a honey trader, we now import wool",
    "Раньше продавали мёд, теперь ищем шерсть",
    "Бұрын бал сататынбыз енді жүн аламыз",
    "Früher verkauften wir Honig, heute suchen wir Wolle",
    "Tidigare sålde vi honung, nu söker vi ull",
    "Eskiden bal satardık, şimdi yün alıyoruz",
    "Avval asal sotar edik, endi jun olamiz",
    "以前卖蜂蜜，现在采购羊毛",
]


@pytest.mark.parametrize("text", [*DENIED, *PAST])
def test_goods_that_a_clause_denies_or_that_are_past_are_not_sought(text):
    assert "=wool" in named(text)
    assert "=honey" not in named(text)


@pytest.mark.parametrize(
    "text",
    [
        "We do not only sell honey",
        "We sell not less than 5 tonnes of honey",
        "Not far from Almaty we gather honey",
        "Мы не только производим мёд, но и воск",
        "Тек бал ғана сатпаймыз",
        "Wir verkaufen nicht nur Honig",
        "Vi säljer inte bara honung",
        "Sadece bal satmıyoruz",
        "不仅卖蜂蜜，还卖蜂蜡",
        "要不要蜂蜜",
        "能不能供应蜂蜜",
        "特别做蜂蜜",
        "没加热过的蜂蜜",
        "Previously exported honey to China, now looking for partners in Europe",
        "Раньше поставляли мёд в Россию, теперь ищем новых партнёров",
        "Бұрын Қытайға бал шығардық, енді Еуропаға жол іздейміз",
        "以前出口蜂蜜，现在寻找合作伙伴",
    ],
)
def test_what_is_not_all_or_still_so_is_not_denied(text):
    assert "=honey" in named(text)


@pytest.mark.parametrize(
    "text",
    [
        # What ends as a denied verb does may be "our".
        "Бал сататын фирмамыз",
        "Бал өндіруде тәжірибеміз бар",
        "Бал шығаратын платформамыз",
        "Bal satan firmamız var",
        "Asal sotadigan firmamiz bor",
        "Асал сотиш бўйича тажрибамиз бор",
        # Verbs of no trade.
        "Бал іздеп жалықпаймыз",
        "Бал сатуда таласпаймыз",
        "Bal satarken kimseyi aldatmıyoruz",
        "Asal sotishdan charchamaymiz",
        # Who cannot wants it.
        "Бал таба алмаймыз",
        "Bal bulamıyoruz",
        "Asal topa olmaymiz",
        # What a business has not it wants.
        "Өзімізде бал жоқ",
        "Бізде таза таулы дала балы жоқ",
        "Bizde bal yok",
        "Bizda asal yo'q",
        "Бизда асал йўқ",
    ],
)
def test_what_is_no_refusal_denies_nothing(text):
    assert "=honey" in named(text)


@pytest.mark.parametrize("text", ["Алма алмаймыз", "Olma olmaymiz", "Алмаймыз алма"])
def test_goods_that_end_as_verbs_may_be_taken(text):
    assert "=apple" not in named(text)


def test_denied_goods_may_be_wanted_in_another_clause():
    assert "=honey" in named("We do not sell honey at retail. Our honey goes to wholesalers")
    assert "=honey" not in named("honey extractors, no honey")


def test_goods_of_a_denied_clause_meet_who_denies_them_too():
    assert {term.term for term in analyze("Мёдом не торгуем")} & {
        term.term for term in analyze("we do not sell honey")
    } == {"!=honey"}


@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_kazakh_denies_in_each_script(alphabet):
    text = from_cyrillic("бал сатпаймыз, жүн аламыз", alphabet)
    assert "=honey" not in named(text, "kk")
    assert "=wool" in named(text, "kk")


def test_ending_without_denies_nothing_in_a_known_word():
    assert "=stainless steel" in named("rostfria rör", "sv")
    assert "=sugar" not in named("zuckerfreie Getränke", "de")


def test_no_sign_no_clauses():
    assert [may_deny(word, "ru") for word in ("мёд", "не")] == [False, True]
    assert denied_places("", [], []) == set()


@given(st.text(st.sampled_from("abю蜂،'s’.,;:!?()…、，。—–- \n\u0301№"), max_size=40))
def test_clauses_have_the_words_of_their_text(text):
    words = words_in(text)
    languages = ["zh" if word[0] == "蜂" else "ru" for word in words]
    assert denied_places(text, languages, [False] * len(words)) == set()


@pytest.mark.parametrize(
    ("text", "denied", "said"),
    [
        ("equipment only, no honey", "honey", "equipment"),
        ("сок без мёда", "honey", "juice"),
        ("Saft ohne Honig", "honey", "juice"),
        ("juice utan socker saft", "sugar", "juice"),
        ("не мёд, а воск", "honey", "wax"),
        ("бал емес, сүт сатамыз", "honey", "milk"),
        ("bal emes, süt satamyz", "honey", "milk"),
        ("بال ەمەس، ءسۇت ساتامىز", "honey", "milk"),
        ("bal değil, peynir satıyoruz", "honey", "cheese"),
        ("asal emas, pishloq sotamiz", "honey", "cheese"),
        ("没有蜂蜜，设备", "honey", "equipment"),
        ("我们没有蜂蜜，设备", "honey", "equipment"),
        ("сахарсыз емес, шоколадсыз торт", "chocolate", "cake"),
        ("nötfri choklad", "nut", "chocolate"),
        ("nussfreie Schokolade", "nut", "chocolate"),
        ("фосфатсыз ұнтақ", "phosphate", "powder"),
        ("fosfatsyz untaq", "phosphate", "powder"),
        ("فوسفاتسىز ۇنتاق", "phosphate", "powder"),
        ("сертификатсыз сүт", "certificate", "milk"),
        ("насоссыз сүт", "pump", "milk"),
        ("sertifikatsiz asal", "certificate", "honey"),
    ],
)
def test_what_a_text_says_there_is_not_meets_nothing_else(text, denied, said):
    found = {term.term for term in analyze(text)}
    assert f"!={denied}" in found
    assert f"={denied}" not in found
    assert f"={said}" in found


@pytest.mark.parametrize(
    "text",
    [
        "не только мёд, но и воск",
        "not only honey but wax",
        "тек бал емес, балауыз",
        "бал ғана емес, балауыз",
        "sadece bal değil, mum",
        "nafaqat asal emas, mum",
    ],
)
def test_what_is_not_all_there_is_is_not_denied(text):
    assert {"=honey", "=wax"} <= named(text)


def test_word_that_denies_the_one_before_it_may_stand_alone():
    assert [term.term for term in analyze("емес", "kk")] == []


def test_what_a_text_says_there_is_not_counts_nowhere_in_it():
    found = named("honey extractors, no honey")
    assert "!=honey" in found
    assert "=honey" not in found


def test_ending_that_is_part_of_a_known_word_denies_nothing():
    assert {"=wireless"} <= named("сымсыз")


def test_ending_without_behind_two_letters_is_of_the_word_as_it_stands():
    assert "!=meat" in named("етсіз", "kk")
    assert "!=work" not in named("иіссіз", "kk")


def test_only_the_next_word_is_denied():
    assert {"!=sugar", "=honey"} <= named("without sugar honey")
