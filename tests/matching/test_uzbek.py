import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.text.analyzer import analyze
from matching.text.language import detect_language
from matching.text.lexicon import lexicon
from matching.text.neighbours import read_word
from matching.text.thesaurus import concepts
from matching.text.uzbek import beginning_of, stem_uzbek, to_latin
from matching.text.words import sound, words_of

UZBEK = sorted({form for concept in concepts().values() for form in concept.words.get("uz", ())})
TO_CYRILLIC = {
    "o'": "ў", "g'": "ғ", "sh": "ш", "ch": "ч", "yo": "ё", "yu": "ю", "ya": "я", "ye": "е", "y": "й",
} | dict(zip("abvgdjziklmnoprstufxqhe'", "абвгджзиклмнопрстуфхқҳеъ", strict=True))  # fmt: skip
SOUND = re.compile("[og]'|[sc]h|y[aoue]|.")
VOWELS = "аэоуиўеёюя"


def to_cyrillic(word):
    """Write Uzbek in Cyrillic letters, by the table of the alphabet alone; letters that it has not stay."""
    written = ""
    for sign in SOUND.findall(word):
        is_apart = sign == "e" and (not written or written[-1] in VOWELS)
        written += "э" if is_apart else TO_CYRILLIC.get(sign, sign)
    return written


def concepts_of(text):
    return {term.term.removeprefix("=") for term in analyze(text, "uz") if term.kind == "concept"}


@pytest.mark.parametrize(
    "forms",
    [
        "asal asalni asalning asaldan asalga asallar asallarimiz",
        "mahsulot mahsulotni mahsulotlar mahsulotlari mahsulotlarimiz mahsulotidan",
        "yaproq yaprog'i yaproqlar yaproqlarni yaprog'idan",
        "yurak yuragi yuraklar yurakdan",
        "go'sht go'shti go'shtni go'shtdan go'shtlar",
        "sut suti sutni sutdan sutning",
        "meva mevasi mevalar mevalari mevalarni mevadan",
        "olma olmasi olmani olmalar olmalarimizdan",
        "paxta paxtasi paxtani paxtadan paxtaning",
        "gilam gilami gilamlar gilamlarni gilamdan gilamga",
        "jun juni junni jundan junlar",
        "teri terisi terini terilar terilardan",
        "ipak ipagi ipakni ipaklar ipakdan",
        "tosh toshi toshni toshlar toshdan",
        "korxona korxonasi korxonamiz korxonalar korxonalarimiz",
        "bozor bozori bozorda bozordagi bozorlar bozordan",
        "do'kon do'konlar do'konlari do'konda",
        "qog'oz qog'ozi qog'ozni qog'ozlar qog'ozdan",
    ],
)
def test_forms_of_an_uzbek_noun_meet(forms):
    assert len({stem_uzbek(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("asal", "asab"),
        ("sut", "suv"),
        ("non", "nok"),
        ("teri", "tosh"),
        ("olma", "olcha"),
        ("guruch", "gul"),
        ("qand", "qandolat"),
        ("bosh", "bosim"),
        ("yog'", "yog'och"),
        ("paxta", "paxtakor"),
    ],
)
def test_different_uzbek_nouns_do_not_meet(one, other):
    assert stem_uzbek(one) != stem_uzbek(other)


@pytest.mark.parametrize("word", ["tong", "rang", "teng"])
def test_ng_of_a_stem_stays(word):
    assert stem_uzbek(word + "i") == word


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [
        ("асал", "asal"),
        ("ўрик", "o'rik"),
        ("буғдой", "bug'doy"),
        ("қовун", "qovun"),
        ("ҳунар", "hunar"),
        ("хом", "xom"),
        ("жун", "jun"),
        ("чой", "choy"),
        ("шакар", "shakar"),
        ("етказиб", "yetkazib"),
        ("ёғ", "yog'"),
        ("юк", "yuk"),
        ("янги", "yangi"),
        ("цемент", "sement"),
        ("функция", "funksiya"),
        ("лицей", "litsey"),
        ("тайёр", "tayyor"),
        ("аэропорт", "aeroport"),
        ("плеер", "pleyer"),
        ("объект", "obyekt"),
        ("бульон", "bulyon"),
        ("премьера", "premyera"),
        ("санъат", "san'at"),
        ("мўътабар", "mo'tabar"),
        ("рыба", "rыba"),
        ("asal", "asal"),
    ],
)
def test_uzbek_in_cyrillic_is_written_in_latin(cyrillic, latin):
    assert to_latin(cyrillic) == latin


@given(st.text(alphabet="abdegiklmnoqrstuxyz'", max_size=14))
def test_uzbek_stem_has_no_more_to_lose(word):
    stemmed = stem_uzbek(word)
    assert stem_uzbek(stemmed) == stemmed
    assert bool(stemmed) == bool(word)


def test_uzbek_words_of_the_thesaurus_read_the_same_in_both_alphabets():
    words = {word.lower() for form in UZBEK for word in words_of(sound(form))}
    uzbek = lexicon("uz")
    unlike = []
    for word in sorted(words):
        for one in (word, word + "larimizdan", word + "siz", word + "chilik"):
            other = to_cyrillic(one)
            # Some came with their own spelling, of which the table knows nothing: private, DVD.
            same_word = to_latin(other) == one
            if same_word and (uzbek.read(one), uzbek.phrase_key(one)) != (
                uzbek.read(other),
                uzbek.phrase_key(other),
            ):
                unlike.append((one, other))
    assert len(words) > 6000
    assert unlike == []


def test_hardly_a_word_of_the_thesaurus_is_lost_between_the_alphabets():
    words = {word.lower() for form in UZBEK for word in words_of(sound(form))}
    assert sum(to_latin(to_cyrillic(word)) == word for word in words) > 0.98 * len(words)


@pytest.mark.parametrize(
    ("words", "concept"),
    [
        ("тайёр tayyor", "ready-made"),
        ("ёғоч yog'och ёғочдан", "wood (material)"),
        ("ёнғоқ yong'oq ёнғоқлар", "walnut"),
        ("хомашё xomashyo", "raw material"),
        ("қаттиқ qattiq", "hard"),
        ("тўрт to'rt", "four"),
        ("сўк so'k", "millet"),
        ("рух rux", "zinc"),
        ("хил xil", "kind"),
        ("импортёрлари importyorlari", "importer"),
        ("тикувчи tikuvchi", "seamstress"),
        ("тозаланган tozalangan", "refined (food)"),
        ("ишлатилган ishlatilgan", "used"),
        ("юридик yuridik", "legal"),
        ("куртка kurtka курткалар", "jacket"),
        ("газсиз gazsiz", "still (water)"),
    ],
)
def test_word_is_read_in_cyrillic_as_in_latin(words, concept):
    assert [concept in concepts_of(word) for word in words.split()] == [True] * len(words.split())


@pytest.mark.parametrize(
    ("word", "other"),
    [("оқ", "arrow"), ("тўрт", "cake"), ("қўл", "lake"), ("қоқи", "blue"), ("қуямиз", "butterfly")],
)
def test_letters_that_are_uzbek_alone_keep_words_apart(word, other):
    assert other not in concepts_of(word)
    assert other not in concepts_of(to_latin(word))


def test_apostrophes_and_letters_that_a_keyboard_lacks_may_be_left_out():
    assert concepts_of("bugdoy") == concepts_of("бугдой") == concepts_of("bug'doy") == {"wheat"}
    assert "paper" in concepts_of("qogoz")


@pytest.mark.parametrize(
    ("phrase", "concept"),
    [
        ("идиш ювиш машинаси", "dishwasher"),
        ("қуёш панелларидан", "solar panel"),
        ("етказиб берамиз", "delivery"),
        ("кукунли бўяш", "powder coating"),
        ("дудланган гўшт", "smoked meat"),
        ("сули ёрмаси", "oatmeal"),
        ("qayta ishlaymiz", "processing"),
        ("qayta ishlovchi", "processing"),
        ("қайта ишлайди", "processing"),
        ("qayta ishlanmagan", "raw"),
        ("ishlab chiqaryapmiz", "produce"),
        ("baliq ovlaymiz", "aquaculture"),
        ("jun qirqadigan", "fleece (sheep)"),
    ],
)
def test_phrase_is_found_in_the_forms_of_its_verb_and_in_both_alphabets(phrase, concept):
    assert concept in concepts_of(phrase)


def test_phrase_of_who_does_it_is_another_where_there_is_one():
    assert concepts_of("yetkazib beruvchilar") >= {"supplier"}
    assert "supply" not in concepts_of("yetkazib beruvchilar")
    assert "manufacturer" not in concepts_of("ishlab chiqaryapmiz")
    assert "produce" not in concepts_of("ishlab chiqaruvchi")


def test_phrase_of_what_is_not_done_is_another():
    assert "raw" not in concepts_of("qayta ishlaymiz")
    assert "processing" not in concepts_of("qayta ishlanmagan")


@pytest.mark.parametrize(
    ("word", "concept"),
    [
        ("ishlovchi", "serve"),
        ("yasovchi", "produce"),
        ("saqlovchi", "storage"),
        ("arzonroq", "cheap"),
        ("yaxshirog'i", "good"),
        ("kattaroq", "large"),
        ("vagonlab", "wagon"),
        ("тонналаб", "tonne"),
        ("pitsabop", "pizza"),
        ("bolalarbop", "children"),
        ("kemasoz", "ship"),
        ("vagonsozlik", "wagon"),
        ("sovunchalar", "soap"),
        ("o'nta", "ten"),
        ("oltitadan", "six"),
        ("beshtagacha", "five"),
    ],
)
def test_what_is_made_of_a_known_word_is_read_by_it(word, concept):
    assert concepts_of(word) == {concept}


def test_i_belongs_to_the_stem_or_to_the_ending():
    assert concepts_of("tarozimiz") == {"scale (weighing)", "taraz"}
    assert concepts_of("tarozi") == {"scale (weighing)"}


@pytest.mark.parametrize("word", ["sotmasdan", "sotmay", "kutmasdan"])
def test_what_is_not_done_gives_no_concept(word):
    assert concepts_of(word) == set()


def test_what_is_without_loses_no_letter_of_the_word_before():
    assert concepts_of("kafolatsiz") == {"!=guarantee"}


@pytest.mark.parametrize("word", ["trenerlarga", "тренерларга", "treylerimiz", "bidonni"])
def test_loan_word_of_a_neighbour_takes_uzbek_endings(word):
    assert read_word(word, "uz").concepts


def test_short_word_of_a_neighbour_takes_no_endings_of_another_language():
    assert "lamb (animal)" in lexicon("kk").as_loan("qozi", "uz")
    assert lexicon("kk").as_loan("qozida", "uz") == ()


@pytest.mark.parametrize(
    "text",
    ["undan", "shundan keyin", "unga", "mayli", "albatta, deyarli", "500 ga", "64 gacha", "18 ta", "13 dan"],
)
def test_grammar_says_nothing(text):
    assert analyze(text, "uz") == []
    assert analyze(to_cyrillic(text), "uz") == []


def test_grammar_that_others_have_as_words_is_no_sign_of_uzbek():
    assert detect_language("hit eller undan, ni och ta") == "sv"


@pytest.mark.parametrize(
    ("word", "is_one"), [("to'g'ri", True), ("toq", True), ("tok", False), ("ko'k", False)]
)
def test_beginning_ends_with_the_first_letter_that_is_uzbek_alone(word, is_one):
    assert beginning_of("asal") is None
    beginning = beginning_of("tog'ri")
    assert beginning
    assert bool(beginning.match(word)) == is_one
