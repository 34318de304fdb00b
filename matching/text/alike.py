"""Of concepts among which stems do not choose, those whose words a word is like letter by letter."""

import re
from collections.abc import Iterable
from functools import lru_cache

from matching.text.listed import small
from matching.text.respelling import is_cyrillic, may_begin
from matching.text.stemming import key, spelled
from matching.text.thesaurus import concepts
from matching.text.uzbek import beginning_of

# Letters that only Kazakh has: a word with one was not written on a keyboard without them.
_KAZAKH_LETTERS = frozenset("әғқңөұүһі")
_OWN_LETTERS = 2
_LEAST_ALIKE = 4
_FIRST_OWN = re.compile("[^åäö]*[åäö]")
_FEWEST_TO_CHOOSE = 2
_LAST_CONCEPTS = 8192


def nearest(ids: tuple[str, ...], word: str, language: str) -> tuple[str, ...]:
    """Of concepts whose words have one stem, keep those whose words begin most like this one."""
    if len(ids) < _FEWEST_TO_CHOOSE:
        return ids
    forms = {one: _forms(one, language) for one in ids}
    written = spelled(word, language)
    if language == "kk" and _KAZAKH_LETTERS.isdisjoint(word):
        # It may have been written without them: кызмет. Where it was not: тоннадан is not of Тонга.
        if word == written:
            ids = tuple(one for one in ids if _may_be_typed(forms[one], word)) or ids
        forms = {one: forms[one] for one in ids}
        written = key(word, "kk")
        forms = {one: tuple(key(form, "kk") for form in of_one) for one, of_one in forms.items()}
    # At the latest all begin with nothing.
    return next(
        kept
        for length in range(len(written), -1, -1)
        if (kept := tuple(one for one in ids if _any_begins(forms[one], written[:length])))
    )


def begins_alike(ids: tuple[str, ...], word: str, language: str) -> tuple[str, ...]:
    """Keep of concepts those whose words begin as a word does that has letters of Kazakh alone.

    In plain letters, as which stems are compared, it looks like others that it is not: жұлу, жүлде;
    väntar, vante; qoqi, ko'k.
    """
    if language == "kk" and not is_cyrillic(word):
        return tuple(
            one for one in ids if any(may_begin(word, form, _OWN_LETTERS) for form in _forms(one, "kk"))
        )
    if language == "sv" and (beginning := _FIRST_OWN.match(word)):
        return tuple(one for one in ids if _any_begins(_forms(one, "sv"), beginning[0]))
    if language == "uz" and (own_beginning := beginning_of(spelled(word, "uz"))):
        return tuple(one for one in ids if any(map(own_beginning.match, _forms(one, "uz"))))
    if language != "kk" or _KAZAKH_LETTERS.isdisjoint(word):
        return ids
    own = spelled(word, "kk")[:_OWN_LETTERS]
    return tuple(one for one in ids if _any_begins(_forms(one, "kk"), own))


@lru_cache(maxsize=_LAST_CONCEPTS)
def _forms(identifier: str, language: str) -> tuple[str, ...]:
    """Give the words of a concept as they are compared letter by letter."""
    return tuple(spelled(small(form, language), language) for form in concepts()[identifier].words[language])


def _any_begins(forms: Iterable[str], beginning: str) -> bool:
    return any(form.startswith(beginning) for form in forms)


def _may_be_typed(forms: tuple[str, ...], word: str) -> bool:
    """Tell whether a word begins as one of a concept does, but for letters of Kazakh alone."""
    return any(
        not _KAZAKH_LETTERS.isdisjoint(form) or word.startswith(form[: min(_LEAST_ALIKE, len(form) - 1)])
        for form in forms
    )
