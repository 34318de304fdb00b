"""Compounds that are written as one word: their parts, where the thesaurus knows them."""

import re
from collections.abc import Callable, Iterable, Mapping

from matching.text.memo import Memo
from matching.text.stemming import key, stem_key

# What stands between the parts of a compound.
_LINKS: dict[str, tuple[str, ...]] = {
    "en": ("",),
    "ru": ("о", "е", ""),
    "de": ("", "s", "n", "en", "es", "e", "er"),
    "sv": ("", "s", "e", "u", "o", "a"),
}
# Languages that write some compounds as one word: parts must be longer there, or endings would be some.
_TOGETHER_AT_TIMES = frozenset({"en", "ru"})
_LEAST_PART, _LEAST_SURE_PART, _LEAST_COMPOUND = 3, 4, 7
# Shorter words that compounds begin with: Ölpresse, Eipulver; ekparkett, elbuss, höpress, isglass. Nothing
# stands behind these: Einfluss is no egg.
_SHORT_PARTS = frozenset({"öl", "ei", "ek", "el", "hö", "is"})
_SHORTEST_FIRST = 2
# What begins or ends a compound of which some part is not known; inflected it is longer.
_LEAST_END, _LEAST_INFLECTED_END = 4, 6
# Beginnings of which stems may have another: ae is ä there, which then is a; sch is sh.
_UNSURE = {"de": re.compile("[aou]e"), "ru": re.compile("[a-z]")}
# What looks like a word and is an ending, or says how much there is: Freundschaft, profitieren, frihet,
# Fettgehalt.
_NO_PARTS: dict[str, frozenset[str]] = {
    "de": frozenset(
        "schaft schaften tieren nieren bieren stieren bar bare barem baren barer bares same samer sames dung "
        "dungen hausen ritt schein weit weiter gehalt gehalts elchen burg brück".split()
    ),
    "sv": frozenset(
        "skap skapet skapen skaper het heten heter heterna hets ister istern isterna lek styrelse styrelsen "
        "styrelsens styrelser rörelse rörelsen rörelsens rörelser rörelserna makare makaren makarna makeri "
        "makeriet makerier skalig skaligt skaliga halt halten halter haltig haltigt haltiga köping".split()
    ),
}
# The same, where the beginning is not known: kritische, momente, förklaring.
_NO_ENDS = {
    "de": re.compile(
        "[tnb]ier(?:e|en|t|te|ten|ter|tes|ung|ungen)|ringe?n?|ente[ns]?|tisch(?:e[mnrs]?)?|eisen|tiger|ester"
        "|zungen?|list(?:en)?|kussion(?:en)?"
    ),
    "sv": re.compile("ring(?:en|ar|arna)?|list(?:en|er|erna)?|ester|agar|jade|lera|kussion(?:en|er|erna)?"),
}
# Verbs with a prefix and what is made of them: a short word before the rest is none (verb-reiten, bes-uchen).
_OF_VERBS = {
    "de": re.compile(
        "(?:be(?!rg|tt|in)|emp|ent|er(?!d|z)|ge|ver|zer|(?:ab|an|auf|aus|ein|mit|nach|vor|zu)ge).+"
        "(?:e?n|e?t|e?te[mnrs]?|ung|nis|eit)(?:en|se)?"
    ),
    "sv": re.compile("(?:be(?!rg)|för).+(?:[ae][nrst]?|ade|de|te|ing|ingen|else|elsen|elser|ligt?|t)"),
}
_REMEMBERED_BEGINNINGS = 50_000


class Compounds:
    """The compounds of one language.

    Parameters
    ----------
    language : str
    known : mapping of str to tuple of str
        The words of the thesaurus as they stand, with the ids of their concepts.
    stems : iterable of str
        Their stems in plain letters.
    by_stem : callable
        Gives the concepts of a word by its stem.
    no_parts : frozenset of str
        Words that are no parts: of grammar, for instance.
    """

    def __init__(
        self,
        language: str,
        known: Mapping[str, tuple[str, ...]],
        stems: Iterable[str],
        by_stem: Callable[[str], tuple[str, ...]],
        no_parts: frozenset[str],
    ) -> None:
        self._language, self._known, self._by_stem = language, known, by_stem
        self._no_parts = no_parts | _NO_PARTS.get(language, frozenset())
        self._least_part = _LEAST_SURE_PART if language in _TOGETHER_AT_TIMES else _LEAST_PART
        parts = (*known, *stems) if language in _LINKS else ()
        self._beginnings = frozenset(one[: self._least_part] for one in parts)
        self._may_begin = Memo(self._may_begin_a_part, _REMEMBERED_BEGINNINGS)

    def may_be(self, word: str) -> bool:
        """Tell whether a word is long enough, and its language writes compounds as one word."""
        return self._language in _LINKS and len(word) >= _LEAST_COMPOUND

    def parts(self, word: str) -> tuple[str, ...]:
        """Cut a compound into two or more known parts, with the longest last part that is possible."""
        shortest = _LEAST_INFLECTED_END if self._is_of_verb(word) else _SHORTEST_FIRST
        for start in range(shortest, len(word) - _LEAST_PART + 1):
            last = self.part(word[start:])
            if not last:
                continue
            before = [
                word[: start - len(link)] for link in _LINKS[self._language] if word.endswith(link, 0, start)
            ]
            heads = [head for head in before if head not in _SHORT_PARTS or len(head) == start]
            # A link is likelier than a form: Lebensmittel is of Leben, and not of Leber.
            first = next((found for head in heads if (found := self._as_it_stands(head))), ()) or next(
                (found for head in heads if (found := self._first(head))), ()
            )
            if first:
                return tuple(dict.fromkeys((*first, *last)))
        return ()

    def _as_it_stands(self, word: str) -> tuple[str, ...]:
        is_part = len(word) >= self._least_part and word not in self._no_parts
        return self._known.get(word, ()) if is_part else ()

    def _first(self, word: str) -> tuple[str, ...]:
        return self.part(word) or (self.parts(word) if len(word) >= _LEAST_COMPOUND else ())

    def ends(self, word: str) -> tuple[str, ...]:
        """Give what begins and what ends a compound of which some part is not known."""
        if not self.may_be(word) or self._language in _TOGETHER_AT_TIMES:
            return ()
        first = next(
            (
                (length, found)
                for length in range(len(word) - _LEAST_PART, _LEAST_END - 1, -1)
                if (found := self._known.get(word[:length], ()))
            ),
            (0, ()),
        )
        if first[0] < _LEAST_INFLECTED_END and self._is_of_verb(word):
            return ()
        last = next(
            (
                found
                for start in range(max(first[0], _LEAST_PART), len(word) - _LEAST_END + 1)
                if (found := self._last(word[start:]))
            ),
            (),
        )
        return tuple(dict.fromkeys((*first[1], *last)))

    def _is_of_verb(self, word: str) -> bool:
        return self._language in _OF_VERBS and _OF_VERBS[self._language].fullmatch(word) is not None

    def _last(self, word: str) -> tuple[str, ...]:
        if _NO_ENDS[self._language].fullmatch(word):
            return ()
        return self.part(word) if len(word) >= _LEAST_INFLECTED_END else self._as_it_stands(word)

    def part(self, word: str) -> tuple[str, ...]:
        """Look a part up: as it stands, then by its stem."""
        if (len(word) < self._least_part and word not in _SHORT_PARTS) or word in self._no_parts:
            return ()
        if self._language == "en":
            return self._known.get(word) or self._known.get(word.removesuffix("s"), ())
        if not self._may_begin[word[: self._least_part]]:
            return ()
        found = self._known.get(word, ())
        if not found and len(word) > _LEAST_PART and len(stem_key(word, self._language)) >= self._least_part:
            found = self._by_stem(word)
        return found

    def _may_begin_a_part(self, letters: str) -> bool:
        """Tell whether a word that begins so may be known, which is asked sooner than its stem is made."""
        plain = key(letters, self._language)
        return (
            letters in self._beginnings
            or plain[: self._least_part] in self._beginnings
            or len(plain) < self._least_part
            or (self._language in _UNSURE and _UNSURE[self._language].search(letters) is not None)
        )
