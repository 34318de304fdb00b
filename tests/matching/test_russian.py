import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.text.analyzer import analyze
from matching.text.lexicon import lexicon
from matching.text.neighbours import read_word
from matching.text.russian import RussianForms, nominatives_of, stems_of_deed, stems_of_verb
from matching.text.thesaurus import irregular

KNOWN = (
    "банк банка белый ванная видеть время готовить готовиться гражданин дать двигать деталь живой здание "
    "знать казань камень книга котёнок крупный легкий линия мочь мороженое мороженый мыло мыть нужный окно "
    "открыть палец партия передавать писать платье полезный рисовать рыбий свая система спать станок строить "
    "теплый учить учиться ходить чистить яблоко"
).split()


def base(word):
    found = RussianForms({one.replace("ё", "е"): (one,) for one in KNOWN}).find(word)
    return " ".join(found)


@pytest.mark.parametrize(
    ("known", "forms"),
    [
        ("книга", "книги книг книгам книгами книгах книгу книгой книге"),
        ("деталь", "детали деталей деталью деталям"),
        ("здание", "здания зданий зданию зданием здании зданиями"),
        ("партия", "партий партии партию партиями"),
        ("станок", "станка станки станков станками станке"),
        ("камень", "камня камни камней камнем камнями"),
        ("палец", "пальца пальцы пальцев пальцами"),
        ("окно", "окна окон окнами окне"),
        ("свая", "сваи свай сваями"),
        ("время", "времени временем времена временами"),
        ("гражданин", "граждане граждан гражданам гражданами гражданину"),
        ("котёнок", "котята котят котятами"),
        ("платье", "платья платьев платьем платьями"),
        ("рыбий", "рыбья рыбье рыбьего рыбьей"),
        ("яблоко", "яблоки яблок яблоками"),
        ("банк банка", "банки"),
    ],
)
def test_noun_is_found_in_its_cases(known, forms):
    assert {form: base(form) for form in forms.split()} == dict.fromkeys(forms.split(), known)


@pytest.mark.parametrize(
    ("known", "forms"),
    [
        ("нужный", "нужного нужной нужная нужны нужна нужно нужен"),
        ("полезный", "полезен полезна полезнее полезнейший"),
        ("легкий", "легкого легко легок легка легкими"),
        ("теплый", "тепло теплее теплейшая"),
        ("крупный", "крупнейших крупно"),
        ("ванная", "ванной ванную ванных"),
        # The one that is called by the adjective comes after the adjective.
        ("мороженый", "мороженого мороженым"),
    ],
)
def test_adjective_is_found_in_its_forms(known, forms):
    assert {form: base(form) for form in forms.split()} == dict.fromkeys(forms.split(), known)


@pytest.mark.parametrize(
    ("known", "forms"),
    [
        ("знать", "знаю знает знаете знал знали зная знающий знавших"),
        ("видеть", "вижу видит видел видела видим видящая"),
        ("писать", "пишу пишет пишут писал пишите пишущие писанных"),
        ("рисовать", "рисую рисует рисовал рисующий рисованный"),
        ("открыть", "открою откроет открыл откройте открыта открытого"),
        ("передавать", "передаю передает передавал передающая"),
        ("строить", "строим строит строил строящийся"),
        ("ходить", "хожу ходит ходили ходящих"),
        ("чистить", "чищу чистит чищенный чистили"),
        ("учить", "учу учат учили"),
        ("учиться", "учусь учится учились учащихся"),
        ("готовить", "готовлю готовим готовят"),
        ("готовиться", "готовится готовились"),
        # Of a reflexive verb that is not known the other one is meant.
        ("двигать", "двигается двигались"),
    ],
)
def test_verb_is_found_in_its_forms(known, forms):
    assert {form: base(form) for form in forms.split()} == dict.fromkeys(forms.split(), known)


@pytest.mark.parametrize(
    ("forms", "concept"),
    [
        ("фасуем фасует фасовал", "packaging"),
        ("страхуем страховали страхующий", "insurance"),
        ("паркуем", "parking lot"),
        ("тестируем тестировали", "testing"),
    ],
)
def test_verb_is_found_by_the_noun_of_what_is_done(forms, concept):
    assert [form for form in forms.split() if concept not in read_word(form, "ru").concepts] == []


def test_known_verb_comes_before_the_noun_of_what_is_done():
    known = RussianForms({"страхование": ("insurance",), "страховать": ("insure",), "мороженое": ("ice",)})
    assert known.find("страхуем") == ("insure",)


@pytest.mark.parametrize(
    ("word", "stems"),
    [("страхование", ["страхова", "страху"]), ("питание", ["пита"]), ("морковь", []), ("мёд", [])],
)
def test_stems_of_what_is_done_end_in_a_vowel(word, stems):
    assert list(stems_of_deed(word)) == stems


@pytest.mark.parametrize(
    ("phrase", "concept"),
    [
        ("торговых точек", "shop"),
        ("торговая точка", "shop"),
        ("мясных лавок", "butcher"),
        ("вахтовые посёлки", "shift camp"),
    ],
)
def test_phrase_is_found_without_its_fleeting_vowel(phrase, concept):
    assert f"={concept}" in [term.term for term in analyze(phrase, "ru")]


@pytest.mark.parametrize("word", ["", "ы", "ст", "книгование", "просто", "спасибо", "мылок"])
def test_what_is_no_form_of_a_known_word_is_not_found(word):
    assert base(word) == ""


@pytest.mark.parametrize("word", ["сеть", "мёд", "ть", "кость"])
def test_what_is_no_verb_has_no_stems(word):
    assert list(stems_of_verb(word)) == []


@given(st.text("абвгдежзийклмнопрстуфхцчшщыьюя", max_size=12))
def test_nominatives_of_any_word_begin_as_it_does(word):
    assert all(one[:1] == word[:1] for one in nominatives_of(word))
    assert isinstance(RussianForms({"книга": ("книга",)}).find(word), tuple)


@pytest.mark.parametrize(
    ("form", "dictionary_form"),
    [("могу", "мочь"), ("хочет", "хотеть"), ("друзья", "друг"), ("льва", "лев"), ("дешевле", "дешёвый")],
)
def test_form_that_follows_no_rule_is_found(form, dictionary_form):
    assert read_word(form, "ru").concepts == read_word(dictionary_form.replace("ё", "е"), "ru").concepts != ()


@pytest.mark.parametrize("word", ["адам", "советский", "ветераны", "таблицы", "выбраться"])
def test_word_that_looks_like_one_of_the_trade_says_nothing(word):
    assert read_word(word, "ru").concepts == ()


@pytest.mark.parametrize("word", ["потом", "июня", "ряд", "сын", "делать", "уголь"])
def test_short_stem_alone_makes_no_form(word):
    concepts = read_word(word, "ru").concepts
    assert not {"poti", "young", "blue", "near", "delhi", "wish"} & set(concepts)


@pytest.mark.parametrize("language", ["ru", "tr", "uz"])
def test_irregular_forms_are_of_words_of_the_thesaurus_and_none_themselves(language):
    known = lexicon(language)
    for word, forms in irregular(language):
        assert len(set(forms)) == len(forms)
        assert known.as_written(word.replace("ё", "е")), word
        assert set(forms) & {word} == set()
