"""The order of names in a list that mixes Cyrillic, Latin, Arabic and Chinese ones.

Libraries for the Unicode Collation Algorithm need ICU on the machine (PyICU), carry it for a few platforms
only, or are no longer maintained (pyuca); and the root order has Kazakh і beside и. So the alphabets stand
here. Cyrillic names follow the Kazakh alphabet, of which the Russian one is a part, as CLDR's order for
Kazakh does; Latin letters with marks stand beside the plain ones, since names of six languages mix; Arabic
ones follow the Arabic order with the letters of Kazakh; Chinese ones their pinyin, which pypinyin knows.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

_ALPHABETS: Final = (
    "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя",
    "abcdefghijklmnopqrstuvwxyz",
    "ابپتثجچحخدذرزژسشصضطظعغفقكگڭلمنهەھوۇۆۋىيې",
)
_PINYIN: Final = 3  # where Chinese names stand among the alphabets
_OTHERS: Final = 4
_PLACES: Final = {
    letter: (number, place)
    for number, letters in enumerate(_ALPHABETS)
    for place, letter in enumerate(letters)
}
_SPELLED: Final = str.maketrans(
    {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ə": "e", "ŋ": "n"}
    | {"ک": "ك", "ی": "ي", "ة": "ت", "ٵ": "ا", "ٶ": "و", "ٷ": "ۇ", "ٸ": "ى"}
    # Signs within a word; they count only between names that are else the same.
    | dict.fromkeys("'’‘ʻʼ`´\u0674\u0621\u0640\u00ad")
)
_CHINESE = r"[\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]"
_RUN = re.compile(rf"{_CHINESE}+|.")


class Letter(NamedTuple):
    """A letter's place: gaps between words and digits come before letters, then alphabet by alphabet."""

    alphabet: int
    place: int
    pinyin: str = ""


_GAP: Final = Letter(-2, 0)
_DIGITS: Final = -1


def sort_key(name: str) -> tuple[tuple[Letter, ...], str]:
    """Give the key by which a name is sorted: its letters, then its exact writing."""
    return tuple(_letters(name)), name


def initial(name: str) -> str:
    """Give the letter under which a name stands in a list: a capital, or # where it begins with none."""
    first = next(_letters(name), _GAP)
    if first.alphabet < 0:
        return "#"
    if first.alphabet < len(_ALPHABETS):
        return _ALPHABETS[first.alphabet][first.place].upper()
    return first.pinyin[0].upper() if first.pinyin else chr(first.place).title()


def _letters(name: str) -> Iterator[Letter]:
    plain = unicodedata.normalize("NFKC", name).lower().translate(_SPELLED)
    kept = (letter if letter.isalnum() else " " for letter in plain if not unicodedata.combining(letter))
    for number, word in enumerate("".join(kept).split()):
        if number:
            yield _GAP
        for run in _RUN.findall(word):
            if re.match(_CHINESE, run):
                yield from (Letter(_PINYIN, 0, sound) for sound in _sounds(run))
            else:
                yield _letter(run)


@cache
def _letter(letter: str) -> Letter:
    if letter.isdecimal():
        return Letter(_DIGITS, unicodedata.decimal(letter))
    # Of letters that no alphabet here has, the one without its mark tells the place: å, ў, أ.
    known = _PLACES.get(letter) or _PLACES.get(unicodedata.normalize("NFD", letter)[0])
    return Letter(*known) if known else Letter(_OTHERS, ord(letter))


def _sounds(chinese: str) -> list[str]:
    # Its dictionaries take a third of a second and 60 MB, which only a list with such names is worth.
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - the comment above

    return lazy_pinyin(chinese, style=Style.TONE3, neutral_tone_with_five=True)
