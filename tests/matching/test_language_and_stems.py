import sys
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.text.kazakh import stem_kazakh, verb_roots
from matching.text.language import detect_language
from matching.text.stemming import stem


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "und"),
        ("12 345 – 🐝", "und"),
        ("таза бал және жүн", "kk"),
        ("мед", "ru"),
        ("бал бар", "kk"),
        ("пахта ва ғўза", "uz-Cyrl"),
        ("bir ku'ndik s'ujyq qabyg'y", "kk-Latn"),
        ("quruq sut va yong'oq, sun'iy mato", "uz"),
        ("ağaşka arnalğan lak", "kk-Latn"),
        ("kağıt ve ağaç için vernik", "tr"),
        ("cow's milk isn't dry", "en"),
        ("mountain honey", "en"),
        ("wool from the steppe and felt", "en"),
        ("Honig für Läden", "de"),
        ("große Mengen", "de"),
        ("Fındık ve kayısı", "tr"),
        ("üç çömlek bal", "tr"),
        ("IŞIK", "tr"),
        ("ull från fjällen", "sv"),
        ("蜂蜜和羊毛 honey", "zh"),
        ("تازا بال جانە ءجۇن", "kk-Arab"),
        ("عسل طبيعي", "ar"),
        ("ελιές", "und"),
        ("İZMİR", "tr"),
        ("qoi jünı", "kk-Latn"),
        ("Balqaımaq tátti", "kk-Latn"),
        ("qo'y juni", "uz"),
        # Apostrophes of Kazakh (2017) are told from those of others.
        ("bir ku'ndik balapandar", "kk-Latn"),
        ("mal soi'y'", "kk-Latn"),
        ("qoi' ju'ni", "kk-Latn"),
        ("they're", "en"),
        ("our company's honey", "en"),
        ("asal va quruq mevalar", "uz"),
        ("Kuhmilch", "de"),
        ("mjölkpulver", "sv"),
        ("бид мах ба сүү үйлдвэрлэдэг", "mn"),
        ("биздин сүт жана эт үчүн", "ky"),
        ("мёд and honey and wool", "en"),
        ("мёд мясо молоко honey", "ru"),
    ],
)
def test_language_of_a_text(text, language):
    assert detect_language(text) == language


@given(st.text())
def test_language_of_any_text_is_told(text):
    assert detect_language(text)


def test_only_the_beginning_of_a_text_tells_its_language():
    assert detect_language("honey " * 400 + "және " * 4000) == "en"


@pytest.mark.parametrize(
    "forms",
    [
        "бал балды балдың балға балда балдан балмен балы балын балына балдар балдары балымыз",
        "сүт сүті сүтін сүтке сүтпен сүттен сүттің сүттер",
        "жүн жүнді жүннің жүннен жүнмен жүнге",
        "қаз қазы қазбен қаздың қаздар",
        "тауық тауығы тауығын тауықтың тауыққа тауықтар",
        "кітап кітабы кітабымыз кітаптардың",
        "жүрек жүрегі жүрегіміз",
        "ет еті етін еттен етке",
        "ұн ұны ұнның ұнды",
        "су суы суды сулар",
        "алма алмасы алманы алмалар алмаларымыздан алмамыз",
        "өнім өнімдер өнімдеріміз өнімдеріміздің өніміңіз",
        "облыс облысы облысында облысындағы облыстардан",
        "компания компаниясы компаниямыздың компаниялар",
        "жеміс жемісі жемісін жемістер",
        "тері терісі терісін терілер",
        "сатушы сатушысы сатушылар сатушыға",
        "мақта мақтасы мақтаны мақтадан",
        "модель модельдер модельге",
        "литр литрді литрмен",
    ],
)
def test_forms_of_a_kazakh_noun_meet(forms):
    assert len({stem_kazakh(form) for form in forms.split()}) == 1


@pytest.mark.parametrize("word", "теңіз негіз тағам құрт айран қымыз көкөніс дән ыдыс".split())
def test_kazakh_stem_that_only_looks_inflected_stays(word):
    assert stem_kazakh(word) == word


@pytest.mark.parametrize("word", "балде жүнда алмалер үйлар балге үйы сүттан".split())
def test_kazakh_ending_of_the_other_harmony_stays(word):
    assert stem_kazakh(word) == word


@pytest.mark.parametrize("word", "балта алмата үйтер жүнтен балпен сүтмен".split())
def test_kazakh_ending_after_the_wrong_sound_stays(word):
    assert stem_kazakh(word) == word


@pytest.mark.parametrize(
    ("one", "other"), [("бал", "балық"), ("ет", "етік"), ("жүн", "жүз"), ("қой", "қойма"), ("май", "май-шам")]
)
def test_different_kazakh_nouns_do_not_meet(one, other):
    assert stem_kazakh(one) != stem_kazakh(other)


@given(st.text(alphabet="абгғдеіклмнңртсүұызшьу", max_size=12))
def test_kazakh_stem_is_a_beginning_and_has_no_more_to_lose(word):
    stemmed = stem_kazakh(word)
    assert stem_kazakh(stemmed) == stemmed
    assert word.startswith(stemmed[:-1])
    assert len(stemmed) >= min(len(word), 2)


@pytest.mark.parametrize(
    ("word", "language", "expected"),
    [
        ("шерстью", "ru", "шерст"),
        ("woollen", "en", "woollen"),
        ("carpets", "en", "carpet"),
        ("teppiche", "de", "teppich"),
        ("halılar", "tr", "halı"),
        ("fındık", "tr", "fındık"),
        ("mattor", "sv", "matt"),
        ("балдың", "kk", "бал"),
        ("oro", "es", "oro"),
    ],
)
def test_stem_of_a_language(word, language, expected):
    assert stem(word, language) == expected


def test_stems_made_in_many_threads_are_those_of_one():
    words = [f"производительностями{number}ами" for number in range(300)] + [
        "шерстяной",
        "предприятиями",
    ] * 100
    expected = [stem(word, "ru") for word in words]
    found = []
    threads = [
        threading.Thread(target=lambda: found.append([stem(word, "ru") for word in words])) for _ in range(4)
    ]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert found == [expected] * 4


@pytest.mark.parametrize(
    ("word", "roots"),
    [
        ("шығарамыз", ["шығар"]),
        ("қоямыз", ["қой"]),
        ("жасалған", ["жасал", "жаса"]),
        ("жөнелтілді", ["жөнелтіл", "жөнелт"]),
        ("киізді", []),
        ("атын", []),
        ("", []),
    ],
)
def test_roots_of_a_kazakh_verb(word, roots):
    assert list(verb_roots(word)) == roots
