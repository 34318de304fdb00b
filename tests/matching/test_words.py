import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.text.words import sound, words_in, words_in_texts, words_of

# Blanks of every kind, marks that join what stands before them, and signs that NFKC writes with a blank.
_AWKWARD = st.text(
    st.sampled_from("аbI'’ʻ´¨\u0301\u0338\u3000\u00a0\u2028\x1c\t №٣1é蜂蜜\ud800") | st.characters()
)


@given(_AWKWARD)
def test_words_of_pieces_are_those_of_the_whole_text(text):
    assert words_in(text) == words_of(sound(text))


def test_words_of_a_piece_that_is_too_long_to_be_remembered_are_the_same():
    text = "бал-" * 20 + "мёд"
    assert words_in(text) == ["бал"] * 20 + ["мёд"]


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("leather gloves", [False]),
        ("leather, gloves", [False]),
        ("leather gloves. Machines", [False, True]),
        ("gloves.) Machines", [True]),
        ("gloves; machines: new! (used?) both…all", [True, True, True, True, True]),
        ("gloves 600 machines", [True]),
        ("gloves , 1.5 . machines", [True]),
        ("omega-3 oil", [False]),
        ("90% wool 3D-printing", [True, False]),
        ("St. Petersburg, U.S. dollar", [False, False, False, False]),
        ("honey.Wax", [False]),
    ],
)
def test_sentence_or_number_parts_words(text, parted):
    words, texts, found = words_in_texts([text])
    assert [words[number] for number in texts.values] == words_in(text)
    assert found[1:].tolist() == parted


def test_texts_without_a_word_between_others_part_nothing_of_their_own():
    _, texts, parted = words_in_texts(["wool 5", "", "7. ...", "fine wool", ""])
    assert texts.ends.tolist() == [0, 1, 1, 1, 3, 3]
    assert parted.tolist() == [False, True, False]
    assert words_in_texts(["", "5"])[2].tolist() == []


def test_size_has_no_word_between_its_numbers():
    assert words_in("boards 3210x6000, 2х4 m, 5 x 6, 3x, x6") == ["boards", "m", "x", "x", "x6"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("14-тен 30–ға, 2020-дан 5-ші 20-лық 14-تەن 3-chi", ""),
        ("ДСП-дан IT-мен CRM-ге Android-ты CRM-گە XLSX-dan", "ДСП IT CRM Android CRM XLSX"),
        ("IT-отдел T-bone 5-тонна 7-day бал-да қызыл-ақ", "IT отдел T bone тонна day бал да қызыл ақ"),
        ("сондай-ақ баяғыдан-ақ sondai-aq سونداي-اق", "сондай баяғыдан sondai سونداي"),
    ],
)
def test_endings_behind_figures_and_abbreviations_are_no_words(text, words):
    assert words_in(text) == words.split()
