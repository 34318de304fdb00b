"""Names as people look for them: in any script, on any keyboard, by a part or by the beginnings of words."""

import unicodedata
from collections.abc import Iterable

from matching.text.script import fold, unmarked

# Stands before each key of a name in the words that a search looks in, so that a key is found as a beginning.
_MARK = "~"


def words(text: str) -> list[str]:
    """Give the words of a name, or of what was typed or pasted, without the marks between them."""
    whole = unicodedata.normalize("NFC", text.casefold())
    return "".join(letter if letter.isalnum() else " " for letter in whole).split()


def keys(text: str) -> list[set[str]]:
    """Give each word in the spellings in which scripts and keyboards without diacritics meet."""
    return [{unmarked(word), fold(word, "kk"), fold(word, "en")} - {""} for word in words(text)]


def begins(wanted: list[set[str]], name: str) -> bool:
    """Tell whether each word that is wanted is the beginning of a word of a name."""
    own = keys(name)
    return all(any(one.startswith(tuple(typed)) for word in own for one in word) for typed in wanted)


def named(text: str, name: str) -> bool:
    """Tell whether a text is a part of a name, or the beginnings of its words in another script."""
    wanted = keys(text)
    return text.casefold() in name.casefold() or (bool(wanted) and begins(wanted, name))


def marked_keys(names: Iterable[str | None]) -> str:
    """Write the keys of names for a database to look in."""
    found = {key for name in names if name for own in keys(name) for key in own}
    return " ".join(f"{_MARK}{key}" for key in sorted(found))


def marked(word: str) -> list[str]:
    """Give what a database looks for among marked keys to find a word in any script."""
    return [f"{_MARK}{key}" for own in keys(word) for key in sorted(own)]
