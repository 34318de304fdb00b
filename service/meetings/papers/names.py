"""What participants typed, made fit for paper, calendars and the names of files."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final, TypedDict

# They turn the text around them; letters keep the direction that Unicode gives them.
_DIRECTION_MARKS: Final = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_UNSEEN = re.compile(f"[{_DIRECTION_MARKS}\u200b\u2060\ufeff]")
# No font of the papers draws them, and black and white print would lose them.
_PICTURES = re.compile("[\U0001f000-\U0001faff\U000e0000-\U000e007f\ufe00-\ufe0f\u200d\u20e3]")
_LONGEST_UNBROKEN = 20
_BREAK: Final = "\u200b"

_NOT_IN_FILE_NAMES = re.compile(r'[<>:"/\\|?*]')
# Windows keeps these names for devices, whatever ending they have.
_DEVICES = re.compile(r"(?i:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?=\.|$)")
_LONGEST_FILE_NAME: Final = (
    120  # bytes in UTF-8; some file systems take 143, and a number and an ending follow
)


class Printed(TypedDict):
    """A text that somebody typed, as the templates take it: its direction is its own, not the page's."""

    text: str
    rtl: bool


def plain(text: str) -> str:
    """Take out line ends, control characters and what turns the direction of the text around it."""
    cleaned = _UNSEEN.sub("", _CONTROLS.sub(" ", unicodedata.normalize("NFC", text)))
    return " ".join(cleaned.encode("utf-8", "replace").decode().split())


def printed(text: str) -> Printed:
    """Give a text as it goes on paper: no pictographs, and long words can be broken."""
    shown = " ".join(_PICTURES.sub("", plain(text)).split()) or "—"
    return {"text": " ".join(_breakable(word) for word in shown.split(" ")), "rtl": _runs_from_right(shown)}


def file_name(text: str) -> str:
    """Make a name for a file that every system takes, in the letters in which it was typed."""
    name = _NOT_IN_FILE_NAMES.sub(" ", plain(text))
    name = " ".join(name.split()).strip(". ")
    while len(name.encode()) > _LONGEST_FILE_NAME:
        name = name[:-1]
    # What stands over or joins to a letter goes with it, never alone.
    name = name.rstrip(". \u200d")
    return f"_{name}" if not name or _DEVICES.match(name) else name


def different(names: Iterable[str]) -> list[str]:
    """Number those of the file names that a system without capitals or composed letters takes for one."""
    taken: set[str] = set()
    numbered = []
    for name in names:
        chosen, number = name, 1
        while (folded := unicodedata.normalize("NFC", chosen.casefold())) in taken:
            number += 1
            chosen = f"{name} ({number})"
        taken.add(folded)
        numbered.append(chosen)
    return numbered


def _breakable(word: str) -> str:
    if len(word) <= _LONGEST_UNBROKEN:
        return word
    pieces = []
    for place, letter in enumerate(word):
        if place and place % _LONGEST_UNBROKEN == 0 and not unicodedata.combining(letter):
            pieces.append(_BREAK)
        pieces.append(letter)
    return "".join(pieces)


def _runs_from_right(text: str) -> bool:
    """Tell the direction of a text by its first letter that has one."""
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False
