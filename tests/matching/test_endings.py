import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.text.analyzer import analyze
from matching.text.bases import Base, bases_of, is_case, root_of_deed, roots_of
from matching.text.endings import GRAMMARS
from matching.text.lexicon import lexicon
from matching.text.neighbours import read_word
from matching.text.script import ALPHABETS, from_cyrillic

NOUNS = {
    "kk": "ағаш ала алма алмас арал ат аз берет кітап қазан орын тауық тсех тұтынушы жеткізуші үй бала",
    "tr": "at bağ çanta ev kağıt kanat kitap kontrol oyun renk saat şehir top uç yol",
    "uz": "barg daraxt o'rik shahar yaproq yurak",
}
ROOTS = {
    "kk": "азай ал бер жібер тап таб оқы тұтын жеткіз",
    "tr": "başla çevir et kullan sat topla uç üret yaz yükle",
    "uz": "ishla sot o'qi",
}


def base(word, language):
    found = bases_of(word, GRAMMARS[language], set(NOUNS[language].split()), set(ROOTS[language].split()))
    return found[0].word if found else None


@pytest.mark.parametrize(
    ("language", "noun", "forms"),
    [
        (
            "kk",
            "ағаш",
            "ағаштар ағаштың ағашты ағашқа ағашта ағаштан ағашпен ағашпенен ағаштарыңыздан ағаштағы",
        ),
        ("kk", "аз", "азың аздарың азбен азбенен"),
        ("kk", "үй", "үйім үйіме үйімде үйіміздің үйлерімізге үйі үйіне үйінде үйлер үйлерін"),
        ("kk", "алма", "алмам алманы алмаларымыздан алмаңыз алмадағылар"),
        ("kk", "кітап", "кітабы кітабымыз кітабыңызға"),
        ("kk", "орын", "орны орнымыз орнында орындар"),
        ("kk", "тұтынушы", "тұтынушымыз тұтынушылар"),
        ("kk", "тсех", "тсехтар тсехтарын тсехте"),
        ("kk", "бала", "баладай баланікі баламын балалы"),
        ("tr", "kitap", "kitabı kitabın kitaplar kitaplarımızda kitabımızdakiler kitaptan kitapla kitaptır"),
        ("tr", "şehir", "şehri şehrin şehirde şehrimizden"),
        ("tr", "renk", "rengi renginin renkler"),
        ("tr", "çanta", "çantası çantasını çantaya çantayı çantam çantanız çantadaki çantayla"),
        ("tr", "saat", "saati saatinde saatler"),
        ("tr", "kontrol", "kontrolü kontrollerinin"),
        ("uz", "yurak", "yuragim yuraklar yurakdan yuragimizning"),
        ("uz", "yaproq", "yaprog'i yaproqlari yaproqdagi"),
        ("uz", "shahar", "shahri shaharlarimizga"),
    ],
)
def test_noun_is_found_before_its_endings(language, noun, forms):
    assert {form: base(form, language) for form in forms.split()} == dict.fromkeys(forms.split(), noun)


@pytest.mark.parametrize(
    ("language", "root", "forms"),
    [
        (
            "kk",
            "ал",
            "аламыз алыңыз алыңыздар аласың алған алғандарға алып алса алмақпыз алайық алғымыз алатын",
        ),
        ("kk", "ал", "алғандықтан алатындығы алғасын"),
        ("kk", "бер", "беретін бергіміз береді беріп беріңдер"),
        ("kk", "азай", "азайдыңыздар азайып азайтылды азайған"),
        ("kk", "тап", "тапқан тапты"),
        ("kk", "таб", "табамыз табылған"),
        ("tr", "et", "eder eden ettiği edilmektedir ediyoruz etmek etmesini edebilirsiniz ettirip ederken"),
        ("tr", "başla", "başlıyor başlayan başladık başlayacağız başlatılmış"),
        ("tr", "topla", "topluyoruz toplarız toplayıp topladık"),
        ("tr", "yükle", "yüklüyoruz yükleriz yükleyen"),
        ("tr", "çevir", "çeviriyoruz çevrilmiş çevrilir çevirdik"),
        ("tr", "uç", "uçtu uçuyoruz uçan"),
        ("tr", "yaz", "yazıyor yazarak yazıp yazınca yazdıklarını yazılır yazsın"),
        ("uz", "ishla", "ishlaydi ishlayapmiz ishlaydigan ishlagan ishlab ishlasa ishlatish ishlang"),
        ("uz", "sot", "sotilgan sotmoqchimiz soting sotuvchilarning"),
    ],
)
def test_verb_is_found_before_its_endings(language, root, forms):
    assert {form: base(form, language) for form in forms.split()} == dict.fromkeys(forms.split(), root)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        # Without harmony, or with an ending that is too soft or too hard.
        ("kk", "ағаштер ағашлар үйтер кітаптө алматі"),
        ("tr", "atler evlar bağtan kitapdan evı yollör"),
        ("uz", "bargsi o'rikla"),
        # Nothing in the order of the language.
        ("kk", "ағашқалар аланғып бергдер"),
        ("tr", "evdeler yazdıyor"),
        ("uz", "bargnilar"),
    ],
)
def test_what_no_row_of_endings_makes_is_no_form(language, words):
    assert {word: base(word, language) for word in words.split()} == dict.fromkeys(words.split())


def test_verb_comes_before_what_would_be_mine():
    assert [one.word for one in bases_of("аламыз", GRAMMARS["kk"], {"ала"}, {"ал"})] == ["ал", "ала"]
    assert [one.word for one in bases_of("беретін", GRAMMARS["kk"], {"берет"}, {"бер"})] == ["бер", "берет"]
    assert [one.word for one in bases_of("алмасы", GRAMMARS["kk"], {"алма", "алмас"}, ())] == [
        "алмас",
        "алма",
    ]


@pytest.mark.parametrize(
    ("word", "language", "root"), [("алмаған", "kk", "ал"), ("etmez", "tr", "et"), ("sotmaydi", "uz", "sot")]
)
def test_verb_may_be_denied(word, language, root):
    assert bases_of(word, GRAMMARS[language], (), {root}) == [Base(root, is_verb=True, is_denied=True)]


def test_roots_are_those_of_verbs_as_a_dictionary_has_them():
    assert list(roots_of("қою", "kk")) == []
    assert list(roots_of("тігу", "kk")) == ["тіг", "тік"]
    assert list(roots_of("üretmek", "tr")) == ["üret"]
    assert list(roots_of("ishlash", "uz")) == ["ishla"]
    assert list(roots_of("sotish", "uz")) == ["sot", "soti"]


@pytest.mark.parametrize(
    ("form", "concept"),
    [("öğütüyoruz", "grind"), ("kiralıyor", "rent"), ("kaplanmış", "coated"), ("onarıyoruz", "repair")],
)
def test_turkish_verb_is_found_by_what_is_done(form, concept):
    assert concept in read_word(form, "tr").concepts


@pytest.mark.parametrize(
    ("form", "concept"),
    [("kaliyoruz", "remain"), ("uretiyoruz", "produce"), ("yukluyoruz", "loading"), ("satiyoruz", "sell")],
)
def test_turkish_verb_is_found_without_its_letters(form, concept):
    assert read_word(form, "tr").concepts == (concept,)


def test_only_a_word_without_turkish_letters_has_no_harmony():
    assert base("satiyor", "tr") == "sat"
    assert base("yazmek", "tr") is None
    assert base("çevırıyor", "tr") is None


def test_root_of_what_is_done_has_two_syllables():
    words = ("öğütme", "kiralama", "çeşme", "karma", "me", "öğüt")
    assert [root_of_deed(word) for word in words] == ["öğüt", "kirala", "", "", "", ""]


@pytest.mark.parametrize(
    ("ending", "expected"), [("de", True), ("nin", True), ("ye", True), ("an", False), ("neill", False)]
)
def test_case_stands_behind_the_apostrophe_of_a_name(ending, expected):
    assert is_case(ending) is expected


@pytest.mark.parametrize(
    ("word", "wrong"),
    [
        ("durumda", "doner"),
        ("eksi", "sour"),
        ("giderici", "come"),
        ("uçtu", "edge"),
        ("yollarız", "road"),
        ("yetişen", "eat"),
        ("donatıyoruz", "rebar"),
    ],
)
def test_common_word_is_no_form_of_one_of_the_trade(word, wrong):
    assert wrong not in read_word(word, "tr").concepts


@given(
    word=st.text("ағштрыңнкеімпбдлу", min_size=1, max_size=14),
    nouns=st.sets(st.text("ағштрыңнкеімпбдлу", min_size=2, max_size=5)),
)
def test_base_is_known_and_begins_the_word(word, nouns):
    for one in bases_of(word, GRAMMARS["kk"], nouns, ()):
        assert one.word in nouns
        assert word.startswith(one.word[:-2])
        assert len(one.word) <= len(word)


@pytest.mark.parametrize("alphabet", ["cyrillic", *ALPHABETS])
@pytest.mark.parametrize(
    ("word", "concept"),
    [
        ("алмаларымыздан", "apple"),
        ("ағаштарыңызға", "tree"),
        ("жібереміз", "send"),
        ("емдейміз", "treat (medical)"),
        ("әріптестеріңіздің", "partner"),
        ("қаптарымызда", "sack"),
    ],
)
def test_form_is_read_alike_in_every_script(word, concept, alphabet):
    written = word if alphabet == "cyrillic" else from_cyrillic(word, alphabet)
    assert concept in read_word(written, "kk").concepts


@pytest.mark.parametrize(
    ("word", "language"),
    [
        ("edilmektedir", "tr"),
        ("ediyordu", "tr"),
        ("болмайтындай", "kk"),
        ("bo'lmagan", "uz"),
        ("қылып", "kk"),
        ("болмағандықтан", "kk"),
        ("болғасын", "kk"),
        ("шығатын", "kk"),
        ("шыққан", "kk"),
    ],
)
def test_forms_of_an_auxiliary_are_grammar(word, language):
    assert lexicon(language).is_function_word(word)
    assert not read_word(word, language).concepts


@pytest.mark.parametrize(
    "word",
    "арнап сияқты екеніне екендігі кезде қасында бағытында барысында еместігі жатырмыз жүрсіз біреуі ешбір "
    "осыған соншама маған сіздікі қаншама неліктен әйтпесе мүлдем былтырғы бірталай".split(),
)
def test_words_of_kazakh_grammar_say_nothing(word):
    assert [term.term for term in analyze(word, "kk")] == []


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("атқа міну, атқа мініп", "horse riding"),
        ("ат мінген", "horse riding"),
        ("жерді жыртатын", "plough"),
        ("егін оратын", "harvest"),
        ("egin oratyn", "harvest"),
    ],
)
def test_phrase_that_ends_in_a_verb_is_found_in_its_forms(text, concept):
    assert f"={concept}" in {term.term for term in analyze(text, "kk")}


@pytest.mark.parametrize("alphabet", ["cyrillic", *ALPHABETS])
@pytest.mark.parametrize(("word", "concept"), [("сметана", "sour cream"), ("куртка", "jacket")])
def test_loan_word_is_no_form_of_what_it_begins_with(word, concept, alphabet):
    written = word if alphabet == "cyrillic" else from_cyrillic(word, alphabet)
    assert read_word(written, "kk").concepts == (concept,)


def test_stem_may_be_soft_in_all_forms_or_before_a_vowel():
    assert set(read_word("блогы", "kk").concepts) == {
        *read_word("блог", "kk").concepts,
        *read_word("блок", "kk").concepts,
    }


@pytest.mark.parametrize("word", ["сондықтан", "барлығы", "қысу", "жарып"])
def test_short_stem_before_an_ending_is_not_enough(word):
    assert read_word(word, "kk").concepts == ()


@pytest.mark.parametrize("word", ["қыңқылдайтын", "ағартатындар", "фабрикатын", "qynqyldaityn"])
def test_participle_of_an_unknown_verb_is_no_noun(word):
    assert read_word(word, "kk").concepts == ()
