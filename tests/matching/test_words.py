from hypothesis import given
from hypothesis import strategies as st

from matching.text.words import sound, words_in, words_of

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
