"""Kazakh words of all scripts say what they say in Cyrillic."""

import pytest

from matching.text.analyzer import analyze
from matching.text.lexicon import lexicon
from matching.text.listed import small
from matching.text.neighbours import read_word
from matching.text.respelling import Respelling, is_cyrillic, may_begin
from matching.text.script import from_cyrillic, says_front, unmarked
from matching.text.thesaurus import concepts

SPELLERS = {
    "latin-2021": lambda word: from_cyrillic(word, "latin-2021"),
    "latin-2018": lambda word: from_cyrillic(word, "latin-2018"),
    "arabic": lambda word: from_cyrillic(word, "arabic"),
    "plain": lambda word: unmarked(from_cyrillic(word, "latin-2018").replace("ý", "u")),
    "keyboard": lambda word: (
        unmarked(from_cyrillic(word, "latin-2018").replace("ý", "u")).replace("q", "k").replace("y", "i")
    ),
}
# Words of the thesaurus that some script does not tell from others: кір and қыр, он and оң, бит and быт.
MOST_UNLIKE = {"latin-2021": 60, "latin-2018": 60, "arabic": 10, "plain": 110, "keyboard": 140}


def words_of_thesaurus():
    forms = {small(form, "kk") for one in concepts().values() for form in one.words.get("kk", ())}
    return sorted(form for form in forms if form.isalpha() and is_cyrillic(form) and len(form) > 2)


def read(word):
    return frozenset(read_word(word, "kk").concepts)


@pytest.mark.parametrize("script", SPELLERS)
def test_words_of_the_thesaurus_say_the_same_in_every_script(script):
    spell = SPELLERS[script]
    unlike = [word for word in words_of_thesaurus() if read(word) != read(spell(word))]
    assert len(unlike) <= MOST_UNLIKE[script], unlike
    # Where it says something else too, it is not told apart; where it says nothing of it, it is lost.
    lost = [word for word in unlike if read(word).isdisjoint(read(spell(word)))]
    assert len(lost) <= 10, lost


@pytest.mark.parametrize("script", SPELLERS)
@pytest.mark.parametrize(
    "word",
    """дүкенбіз кәсіпорынбыз ашықпыз зауытпыз фирмамыз шаруамыз дүкенімізден алқабымыздан кітапқа кітаптар
    кітаппен балмен сүтпен мектепке сиырлардың киізден қызға иістің әкетеміз сатамыз өндірушіміз ауылымызда
    тостерлер актерлер эклерлер монтаждаймыз жеткізушілермен кептірілген""".split(),
)
def test_forms_say_the_same_in_every_script(script, word):
    assert read(SPELLERS[script](word)) >= read(word)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        # Without a hamza or a letter that says so, vowels are back; with one they are front.
        ("تاسىلعانىن", "тәсіл"),
        ("بىتەتىن", "бит"),
        ("كىشكەنە", "қыш"),
        ("قار", "кәрі"),
        # и is no і, and two letters are no single one.
        ("qyz", "киіз"),
        ("kiız", "қыз"),
        ("siyr", "сыр"),
        ("sıyr", "сыр"),
        ("ٴيىس", "іс"),
        # q is қ alone.
        ("aq", "әк"),
        ("qyr", "кір"),
        # What stands behind a word tells its vowels.
        ("koldan", "көл"),
    ],
)
def test_word_is_no_other_that_looks_alike(word, other):
    assert read(word).isdisjoint(read(other))


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("توستەر", "toaster"),
        ("اكتەر", "actor"),
        ("qarıp", "letter (alphabet)"),
        ("siyr", "cattle"),
        ("syiyr", "cattle"),
        ("kiyiz", "felt"),
        ("سيىر", "cattle"),
        ("liniya", "line (production)"),
        ("koldan", "hand"),
        ("uyretse", "teach"),
        ("ashana", "canteen"),
        # Russian loan words are no Kazakh ones in any script.
        ("vyshivka", "embroidery"),
        ("kuhnia", "kitchen"),
        ("كۋحنيا", "kitchen"),
        ("zapasy", "stock (inventory)"),
        ("ىمپورتشى", "importer"),
        ("ٴسۇتی", "milk"),
    ],
)
def test_word_is_told_from_others_in_its_script(word, meant):
    assert meant in read(word)


def test_words_that_one_spelling_stands_for_are_all_given():
    known = Respelling(["көл", "қол", "қыр", "кір"], ["кел", "қыл"])
    assert [known.whole(word) for word in ("kol", "kól", "qol", "kir", "qyr", "kul")] == [
        ["көл", "қол"],
        ["көл"],
        ["қол"],
        ["қыр", "кір"],
        ["қыр"],
        [],
    ]
    assert [base.word for base in known.bases("kelemiz")] == ["кел"]
    assert [base.word for base in known.bases("kolymyz")] == ["көл", "қол"]


@pytest.mark.parametrize(
    ("word", "said"),
    [("ٴسۇت", True), ("ءسۇت", True), ("بال", False), ("قار", False), ("كىتاپ", None), ("ەت", None)],
)
def test_harmony_of_words_in_arabic_script_is_told(word, said):
    assert says_front(word) is said


@pytest.mark.parametrize(
    ("word", "form", "may"),
    [
        ("تاس", "тас", True),
        ("تاس", "тәс", False),
        ("ٴتاس", "тас", False),
        ("ٴتاس", "тәс", True),
        # Both are written in one way where a letter says it.
        ("كىتاپ", "кітап", True),
        ("قارىپ", "қаріп", True),
        ("dán", "дән", True),
        ("dán", "дана", False),
        ("dan", "дән", True),
        ("ağaş", "агент", False),
        ("agash", "ағаш", True),
    ],
)
def test_beginnings_are_compared_as_a_script_has_them(word, form, may):
    assert may_begin(word, form, 3) is may


def test_word_that_stands_apart_does_so_in_every_script():
    kazakh = lexicon("kk")
    for spell in SPELLERS.values():
        assert kazakh.stands_apart(spell("қайрат"))
        assert not kazakh.read(spell("қайраты")).concepts
    assert not kazakh.stands_apart("qoi")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("bizge GPS pen LED şamdar kerek", {"=gps monitoring", "=led"}),
        ("biz tek EAC sertifikattı tauar alamyz", {"=eac"}),
    ],
)
def test_capital_abbreviations_are_international_in_kazakh_texts(text, said):
    terms = {
        term.term for term in analyze(text, "kk-Latn") if term.kind == "concept" and term.surface.isupper()
    }
    assert terms == said


def test_function_words_on_plain_keyboards_are_no_countries():
    said = [{term.term for term in analyze(text, "kk-Latn")} for text in ("bal gana kerek", "Gana kerek")]
    assert "=country gh" not in said[0]
    assert "=country gh" in said[1]
