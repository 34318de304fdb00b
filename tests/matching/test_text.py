import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.text.analyzer import Term, analyze, units_of
from matching.text.thesaurus import goods
from matching.text.vectorizer import TextVectorizer
from matching.types import Profile, Statement
from matching.vectorizer import analyze_profile


def terms(text, language=None, kinds=("concept", "word")):
    return [term.term for term in analyze(text, language) if term.kind in kinds]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("\0 \ud800 \udfff 🐝 ½ ''", []),
        ("123 456 ٣٤", []),
        ("a", []),
        ("a\0b \ud800мёд\udfff", ["=honey"]),
        ("honey\ud800milk\0honey", ["=honey", "=milk", "=honey"]),
        ("Мёд, мед и медом", ["=honey", "=honey", "=honey"]),
        ("Zolbergen's", ["zolbergen"]),
        ("Zolßa ZOLSSA", ["sols", "sols"]),
        ("ﬁsh", ["=fish"]),
        ("FINDIK ve fındık", ["=hazelnut", "=hazelnut"]),
        ("蜂蜜 茶", ["=honey", "=tea"]),
        ("麵包", ["=bread"]),
        ("魑魅", ["魑魅"]),
        ("Мы и honey", ["=honey"]),
        ("e\u0301te\u0301", ["ete"]),
        ("E330 b12", ["e330", "b12"]),
        ("Buchweizenmilch", ["=buckwheat", "=milk"]),
        ("молочный", ["=milk"]),
        ("ұннан ٴسۇت sút süt", ["=flour", "=milk", "=milk", "=milk"]),
    ],
)
def test_terms_of_a_text(text, expected):
    assert terms(text) == expected


@pytest.mark.parametrize(
    "words",
    [
        "мёд honey бал Honig honung 蜂蜜 asal بال",
        "молоко milk сүт Milch mjölk 牛奶 süt сут ٴسۇت",
        "хлеб bread нан Brot bröd 面包 ekmek نان",
        "яблоко apple алма Apfel äpple 苹果 elma olma الما",
        # As Kazakhs in China say it.
        "печенье biscuit піспенан پىسپەنان",
        "договор contract тоқтам توقتام",
        "столовая canteen асқана اسقانا",
    ],
)
def test_words_of_one_meaning_meet(words):
    found = [set(terms(word, kinds=("concept",))) for word in words.split()]
    assert set.intersection(*found)


@pytest.mark.parametrize(
    ("one", "other"),
    [("crude oil", "sunflower oil"), ("сырая нефть", "подсолнечное масло"), ("шикі мұнай", "күнбағыс майы")],
)
def test_homonyms_keep_apart(one, other):
    def meant(text):
        return {term.term for term in analyze(text) if term.kind == "concept" and not term.beside}

    assert meant(one)
    assert meant(other)
    assert not meant(one) & meant(other)


@pytest.mark.parametrize("word", ["oʻzbek", "o'zbek", "o‘zbek", "o`zbek"])
def test_apostrophes_are_one(word):
    assert "=uzbek" in terms(word)


@pytest.mark.parametrize(
    ("word", "concept"),
    [
        ("игрушек", "toy"),
        ("шапок", "headwear"),
        ("масел", "oil (edible)"),
        ("плёнок", "film (packaging)"),
        ("ремня", "belt (clothing)"),
        ("угля", "coal"),
        ("меди", "copper"),
        ("овец", "sheep"),
    ],
)
def test_fleeting_vowels_of_russian_do_not_hide_a_word(word, concept):
    assert f"={concept}" in terms(word, "ru")


@pytest.mark.parametrize(
    ("word", "concept"), [("рисовая", "rice"), ("ореховое", "nut"), ("пивоваренный", "beer")]
)
def test_russian_adjectives_are_found_by_their_nouns(word, concept):
    assert f"={concept}" in terms(word, "ru")


def test_function_word_is_no_part_of_a_compound():
    apart, whole = (
        {term.term: term.amount for term in analyze(text, "de")} for text in ("Milchundkäse", "Milchkäse")
    )
    assert apart["=milk"] < whole["=milk"]


@pytest.mark.parametrize(
    ("text", "language", "parts"),
    [
        ("bookbasket", "en", {"=book", "=basket"}),
        ("шумозащитный", "ru", {"=noise", "=protection"}),
        ("Tafelessig", "de", {"=vinegar"}),
        ("Kinderfahrradhelm", "de", {"=children", "=helmet"}),
        # Of two endings more than one is taken off where no parts are known.
        ("perfumery", "en", {"=perfume"}),
        ("трансмиссионные", "ru", {"=gearbox"}),
        # Of a part that is not known nothing is said.
        ("Beachplatzqxfeld", "de", {"=field"}),
        ("mjölkqxzwpulver", "sv", {"=milk", "=powder"}),
    ],
)
def test_parts_of_a_compound_are_told(text, language, parts):
    assert parts <= set(terms(text, language))


@pytest.mark.parametrize("text", ["такси кызмети", "taksi qyzmeti", "taksi kızmeti", "taksi qyzmetı"])
def test_word_typed_without_letters_of_kazakh_means_all_that_it_may(text):
    assert {"=service (activity)", "=taxi"} <= set(terms(text, "kk"))


@pytest.mark.parametrize("text", ["joldarın jöndeu", "joldarin jondeu", "joldaryn zhondeu"])
def test_vowels_typed_as_one_letter_go_with_the_others(text):
    assert {"=road", "=repair"} <= set(terms(text, "kk"))


@pytest.mark.parametrize(("text", "language"), [("bookqx", "en"), ("пересортица", "ru"), ("qxzwbrote", "de")])
def test_short_or_inflected_ends_of_an_unknown_word_are_no_parts(text, language):
    assert not [term for term in terms(text, language) if term.startswith("=")]


@pytest.mark.parametrize(
    ("word", "concept"),
    [
        ("сатамыз", "sell"),
        ("шығарамыз", "produce"),
        ("өндіретін", "produce"),
        ("жеткізіп", "delivery"),
        ("алатын", "purchase"),
        ("جىبەرەمىز", "send"),
        ("jiberemiz", "send"),
        ("құямыз", "casting"),
        ("соямыз", "slaughter"),
        ("көргісі", "see"),
    ],
)
def test_form_of_a_kazakh_verb_is_found_by_its_root(word, concept):
    assert f"={concept}" in terms(word, "kk")


@pytest.mark.parametrize(
    ("word", "language", "concept"),
    [
        ("систем", "ru", "system"),
        ("подсвинок", "ru", None),
        ("motorcyklar", "sv", "motorcycle"),
        ("programvaruutvecklingstjänster", "sv", "software"),
        ("сырья", "ru", "raw material"),
        ("tomater", "sv", "tomato"),
        ("банках", "ru", "jar"),
        ("банках", "ru", "bank"),
        ("Германии", "ru", "country de"),
    ],
)
def test_bare_stem_and_fleeting_vowel_are_no_obstacle(word, language, concept):
    found = terms(word, language, kinds=("concept",))
    assert (f"={concept}" in found) if concept else found == []


@pytest.mark.parametrize("text", ["сырья", "тоннаға", "сырьё", "тонна", "тоннадан"])
def test_plain_letters_make_no_country_of_a_word(text):
    assert not {"=country sy", "=country to"} & set(terms(text))


def test_goods_stand_for_their_chapter():
    assert "=hs 04" in terms("honey", kinds=("broader",))
    assert "=hs 04" in terms("қымыз", kinds=("broader",))
    assert not any(one.startswith("=hs") for one in terms("logistics", kinds=("broader",)))


@pytest.mark.parametrize(
    "spellings",
    [
        "соя|soia|soıa|سويا",
        "қымыз|qymyz|kymyz|qımız|قىمىز",
        "шырғанақ|şyrğanaq|shyrǵanaq|shyrghanak|shirganak|شىرعاناق",
        "Алтын Дән|Altyn Dan|Altın Dän|Altyn Dán|Алтын дән|التىن ٴدان",
        "жүн|jün|jún|zhun|jun|ٴجۇن",
        "бұрыш|burysh|būryş|burys'|бурыш",
        "аяқ киім кремі|ayak kiim kremi|аяк киим креми|aıaq kıim kremi|ai'aq ki'im kremi",
        "үйге жеткізу|úıge jetkizý|u'i'ge jetkizy'|üige jetkızu",
        "отқа төзімді|otka tozimdi|otqa tózimdi",
        "бақ|baq|bak",
        "сән|sán|san",
        "импортшы|ımportshy|importşy|ىمپورتشى",
        "франчайзинг|françayzing|franchaızıng",
    ],
)
def test_scripts_and_keyboards_of_kazakh_meet(spellings):
    found = [set(terms(one, "kk", kinds=("concept", "word"))) for one in spellings.split("|")]
    assert set.intersection(*found)


@pytest.mark.parametrize(
    "text",
    [
        "\ud800",
        "\udfff мёд \ud800",
        "🐝" * 1000,
        "мeд hoнey",
        "½¾ 12,5 %",
        "ж",
        "\u200d\u200e",
        "a\u0301" * 500,
        "مسۇ\u0674",
        "ᠮᠣᠩᠭᠣᠯ",
        "кыргыз балы жана жүн үчүн",
        "монгол ноос ба мах",
        "عسل وصوف",
        "ʻʼ’",
        "-" * 9999,
    ],
)
def test_bad_input_gives_units_or_none(text):
    assert isinstance(units_of(text), tuple)
    assert (TextVectorizer().fit_transform([text, "honey"]).shape[0]) == 2


def test_concept_stands_for_the_one_above_it():
    assert "=fruit" in terms("алма", kinds=("broader",))
    assert "=fruit" in terms("жеміс", kinds=("concept",))


def test_language_that_is_named_is_not_detected():
    assert terms("der best", "de") != terms("der best", "en")
    assert terms("балды", "KK-Cyrl") == ["=honey"]
    assert terms("honey мёд", "") == terms("honey мёд")


def test_term_keeps_the_word_as_it_was_written():
    assert Term("=honey", "Мёд", "concept", 1.0, beside=False) in analyze("Натуральный Мёд")


@given(st.text(), st.sampled_from([None, "kk", "ru", "en", "de", "tr", "sv", "zh", "kk-Arab", "xx", "-"]))
def test_any_text_has_terms_without_an_error(text, language):
    for term in analyze(text, language):
        assert term.term
        assert term.surface
        assert 0 < term.amount <= 1
        assert (term.term + term.surface).encode()


@pytest.mark.parametrize(
    ("text", "n_units"),
    [
        ("a" * 1_000_000, 0),
        ("мёд honey " * 100_000, 200_000),
        ("蜜" * 350_000, 350_000),
        ("'" * 1_000_000, 0),
    ],
)
def test_megabyte_of_text_is_read(text, n_units):
    assert len(units_of(text)) == n_units


@pytest.mark.parametrize(
    ("text", "what", "beside"),
    [
        ("feed for cattle", "feed", "cattle"),
        ("soap with pure mare's milk", "soap", "mare's milk"),
        ("bags from leather", "bag", "leather"),
        ("мёд в стекле", "honey", "glass (flat)"),
        ("корм для овец", "feed", "sheep"),
        ("Honig im Glas", "honey", "glass (flat)"),
        ("Taschen aus Leder", "bag", "leather"),
        ("väskor av läder", "bag", "leather"),
        ("теріден сөмке", "bag", "hide"),
        ("тері үшін бояу", "paint", "skin"),
        ("қойға арналған жем", "feed", "sheep"),
        ("deriden çanta", "bag", "leather"),
        ("koyun için yem", "feed", "sheep"),
        ("charmdan sumka", "bag", "leather"),
        ("qo'y uchun yem", "feed", "sheep"),
    ],
)
def test_goods_that_say_what_others_are_in_or_for_or_of_stand_beside_them(text, what, beside):
    found = {term.term: term.beside for term in analyze(text) if term.kind == "concept"}
    assert (found[f"={what}"], found[f"={beside}"]) == (False, True)


@pytest.mark.parametrize(
    "text",
    [
        "looking for honey",
        "торгуем в Германии, мёд",
        "honey in the new season, wool",
        "үшін жүн",
    ],
)
def test_goods_stand_beside_nothing_without_others_before_them(text):
    found = [term.beside for term in analyze(text) if term.term in {"=honey", "=wool", "=jar"}]
    assert found.count(False) >= 1


def test_goods_that_are_beside_others_give_no_codes():
    profile = Profile("X", offers=Statement(texts=("feed for sheep",)))
    assert set(analyze_profile(profile).offers.goods) == {"23", "2309"}


@pytest.mark.parametrize(
    ("word", "language", "concept"),
    [
        ("гранитов", "ru", "granite"),
        ("детали", "ru", "part (component)"),
        ("соломой", "ru", "straw"),
        ("яблоки", "ru", "apple"),
        ("материалами", "ru", "material"),
        ("türbinlerde", "tr", "turbine"),
        ("tohumumuz", "tr", "seed (plant)"),
        ("reçinelerden", "tr", "epoxy"),
        ("бұршақтардан", "kk", "pea"),
        ("مالدارىمىزدان", "kk", "livestock"),
        ("tuxumlaridan", "uz", "egg"),
    ],
)
def test_word_is_found_in_its_cases(word, language, concept):
    assert f"={concept}" in terms(word, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("what we could never have said before", "en"),
        ("часто с такими же, как стало раньше", "ru"),
        ("wir müssen es besser machen als sonst", "de"),
        ("vi vill gärna börja", "sv"),
        ("oldu, artık böyle olsun", "tr"),
        ("我们和你们的", "zh"),
    ],
)
def test_common_words_are_no_goods_that_look_alike(text, language):
    assert not [
        term
        for term in analyze(text, language)
        if term.kind == "concept" and term.term.removeprefix("=") in goods()
    ]


def test_chinese_grammar_ends_a_word():
    assert [(term.term, term.amount) for term in analyze("羊和的马", "zh") if term.kind == "concept"] == [
        ("=sheep", 1.0),
        ("=horse", 1.0),
    ]


@pytest.mark.parametrize(
    ("text", "concept", "other"),
    [
        ("kuru kayısı", "apricot", "belt (drive)"),
        ("motor kayışı", "belt (drive)", "apricot"),
        ("yagli kagit", "paper", "apricot"),
    ],
)
def test_turkish_words_meet_only_where_their_own_letters_do(text, concept, other):
    assert f"={concept}" in terms(text, "tr")
    assert f"={other}" not in terms(text, "tr")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Köln'de", ["=cologne"]),
        ("Poti'den", ["=poti"]),
        # A name that is not known is no form of a common word.
        ("Elmalı'da", ["elmal"]),
        ("Zolbergen'in", ["zolbergen"]),
        # No apostrophe of an ending, and none of a name.
        ("Kur'an", ["kur", "kuran"]),
        ("bal'da", ["bal", "bald"]),
    ],
)
def test_name_stands_whole_before_the_apostrophe_of_its_ending(text, expected):
    assert terms(text, "tr") == expected


@pytest.mark.parametrize("text", ["icin", "cok gore", "bizde birileri", "üzerinden itibaren", "ŞUNLAR"])
def test_turkish_grammar_says_nothing_in_plain_letters_either(text):
    assert terms(text, "tr") == []


@pytest.mark.parametrize("text", ["bal değil", "bal degil", "bal hariç", "bal haric"])
def test_turkish_denies_in_plain_letters_too(text):
    assert terms(text, "tr") == ["!=honey"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("seit weg will wäre, darunter insbesondere meist andererseits", "de"),
        ("så ur, först här var varannan oavsett", "sv"),
    ],
)
def test_german_and_swedish_grammar_says_nothing(text, language):
    assert terms(text, language) == []


def test_link_stands_before_what_says_without():
    assert terms("bekämpningsmedelsfritt", "sv") == ["!=pesticide"]


@pytest.mark.parametrize("text", ["надо", "сначала", "этой конечно", "всякий отсюда", "начиная бывает"])
def test_russian_grammar_says_nothing(text):
    assert terms(text, "ru") == []


def test_kazakh_word_is_of_both_stems_that_its_ending_may_leave():
    assert {"=apple", "=diamond"} <= set(terms("алмасы", "kk"))
    assert "=apple" in terms("Апорт алмасы, алмұрт, шие – жаңа үзілген", "kk")
    assert "=diamond" not in terms("Апорт алмасы, алмұрт, шие – жаңа үзілген", "kk")


@pytest.mark.parametrize(("word", "other"), [("жұлу", "trophy"), ("күйіп", "casting"), ("бәлкі", "fish")])
def test_kazakh_words_meet_only_where_their_own_letters_do(word, other):
    assert f"={other}" not in terms(word)
    assert "=trophy" in terms("жүлдеміз")


@pytest.mark.parametrize("text", ["II", "VIII", "XIV", "ІІ", "ХХІ"])
def test_roman_number_says_nothing(text):
    assert analyze(text) == []
