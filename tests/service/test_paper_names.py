import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.meetings.papers.alphabet import initial, sort_key
from service.meetings.papers.names import different, file_name, plain, printed

KAZAKH = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
ARABIC = "ابپتجچحدرزسشعفقكگڭلمنەھوۇۆۋىي"
ANY_NAME = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from('<>:"/\\|?*. \u202e\u200b\u0301é🐎کقқ')),
    max_size=200,
)


def in_order(*names: str) -> list[str]:
    return sorted(names, key=sort_key)


@given(
    st.lists(st.text(KAZAKH, min_size=1, max_size=5), max_size=8),
    st.lists(st.text(ARABIC, min_size=1, max_size=5), max_size=8),
)
def test_names_follow_their_alphabet_letter_by_letter(kazakh, arabic) -> None:
    expected = [
        *sorted(kazakh, key=lambda name: [KAZAKH.index(letter) for letter in name]),
        *sorted(arabic, key=lambda name: [ARABIC.index(letter) for letter in name]),
    ]
    assert in_order(*arabic, *kazakh) == expected


def test_names_of_all_scripts_are_in_an_order_that_each_reader_expects() -> None:
    names = [
        *("10x", "3M", "«Алтын Ара» ЖШС", "Алтын Дән", "Алтынай", "Әлем", "Ёжик", "ЁЛКА", "Иртыш", "Йод"),
        *(
            "Ұлы",
            "Үміт",
            "Шар",
            "Ыстық",
            "Іскер",
            "Яблоко",
            "Åkerman AB",
            "Äpple",
            "Bäcker",
            "Şeker",
            "Zebra",
        ),
        *("الماتى", "سالەم", "长城", "重庆贸易", "蜂蜜", "鑫源", "ქართლი"),
    ]
    assert in_order(*reversed(names)) == names


def test_signs_and_marks_count_only_between_names_that_are_else_the_same() -> None:
    assert in_order("Oʻzbek", "Ozbek B", "O'zbek", "Özbek A") == ["O'zbek", "Oʻzbek", "Özbek A", "Ozbek B"]
    assert in_order("ٴىس", "ىر", "أر") == ["أر", "ىر", "ٴىس"]
    assert in_order("Ab", "A b", "A-a") == ["A-a", "A b", "Ab"]


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("«Алтын»", "А"),
        ("әлем", "Ә"),
        ("Özbek", "O"),
        ("ışık", "I"),
        ("سالەم", "س"),
        ("重庆", "C"),
        ("ქართლი", "ქ"),
        ("3M", "#"),
        ("🐎", "#"),
        ("", "#"),
    ],
)
def test_initial_is_the_letter_under_which_a_name_is_looked_for(name, letter) -> None:
    assert initial(name) == letter


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" a\tb\r\nc\x00 ", "a b c"),
        ("\u202eevil\u202c \u2066x\u2069\u200f", "evil x"),
        ("e\u0301", "é"),
        ("a\ud800b", "a?b"),
        ("👩\u200d🌾", "👩\u200d🌾"),
    ],
)
def test_plain_takes_out_what_would_steer_the_text_around_it(typed, kept) -> None:
    assert plain(typed) == kept


@pytest.mark.parametrize(
    ("typed", "text", "rtl"),
    [
        ("🐎 Honey 🇰🇿", "Honey", False),
        ("🐎", "—", False),
        ("123 سالەم", "123 سالەم", True),
        ("ТОО سالەم", "ТОО سالەم", False),
        ("123", "123", False),
        ("Қ" * 45, "\u200b".join(("Қ" * 20, "Қ" * 20, "Қ" * 5)), False),
        ("x̂" * 11, "x̂" * 10 + "\u200b" + "x̂", False),
    ],
)
def test_printed_tells_the_direction_and_where_a_long_word_breaks(typed, text, rtl) -> None:
    assert printed(typed) == {"text": text, "rtl": rtl}


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("«Алтын Ара» ЖШС", "«Алтын Ара» ЖШС"),
        ("蜂蜜贸易有限公司", "蜂蜜贸易有限公司"),
        ("التىن ارا", "التىن ارا"),
        ("../../etc/passwd", "etc passwd"),
        ('a<b>c:d"e|f?g*h\\i', "a b c d e f g h i"),
        ("Co. Ltd.", "Co. Ltd"),
        ("com¹", "_com¹"),
        ("NUL.txt", "_NUL.txt"),
        ("Console", "Console"),
        ("...", "_"),
        ("", "_"),
    ],
)
def test_file_name_keeps_letters_and_drops_what_windows_refuses(typed, name) -> None:
    assert file_name(typed) == name


@given(ANY_NAME)
def test_file_name_is_taken_by_every_system_whatever_was_typed(typed) -> None:
    name = file_name(typed)
    assert 0 < len(name.encode()) <= 121
    assert not set(name) & set('<>:"/\\|?*')
    assert not any(unicodedata.category(letter) == "Cc" for letter in name)
    assert name[0] not in ". "
    assert name[-1] not in ". "


@given(st.lists(st.sampled_from(["a", "A", "é", "E\u0301", "a (2)", "ß", "ss"]), max_size=12))
def test_different_names_stay_and_equal_ones_are_numbered(names) -> None:
    found = different(names)
    assert len({unicodedata.normalize("NFC", name.casefold()) for name in found}) == len(names)
    assert all(new == old or new.startswith(f"{old} (") for old, new in zip(names, found, strict=True))
