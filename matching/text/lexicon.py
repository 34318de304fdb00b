"""The thesaurus by keys: which concepts a word or a phrase stands for."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import NamedTuple

from matching.text.alike import begins_alike, nearest
from matching.text.bases import Base, bases_of, roots_of
from matching.text.compounds import Compounds
from matching.text.endings import GRAMMARS
from matching.text.function_words import AUXILIARIES, DENYING, DENYING_BEFORE, FUNCTION_WORDS
from matching.text.inflection import INFLECTED, Inflection
from matching.text.kazakh import verb_roots
from matching.text.listed import (
    AGGLUTINATIVE,
    IN_SEVERAL_SCRIPTS,
    ROOT,
    Once,
    Words,
    add_concept,
    as_one,
    in_plain_letters,
    small,
)
from matching.text.memo import Memo
from matching.text.respelling import Respelling, is_cyrillic
from matching.text.russian import RussianForms, is_like_adjective, without_vowel
from matching.text.script import fold, to_cyrillic
from matching.text.stemming import (
    key,
    shortened,
    shortened_twice,
    spelled,
    stem,
    stem_key,
)
from matching.text.thesaurus import apart, concepts
from matching.text.words import sound, words_of


class Reading(NamedTuple):
    """What a word stands for.

    Attributes
    ----------
    concepts : tuple of str
        Ids; several for a homonym or a compound.
    sureness : float
        In (0, 1]: how near the word is to one of the thesaurus.
    together : bool
        Whether the concepts are the parts of a compound, and no choice.
    """

    concepts: tuple[str, ...]
    sureness: float
    together: bool = False


class Phrase(NamedTuple):
    """A phrase of the thesaurus: the stem keys of its words, and the concepts it stands for."""

    keys: tuple[str, ...]
    concepts: tuple[str, ...]


# The phrases that begin with a word, by the stem key of the second one.
Seconds = Mapping[str, Sequence[Phrase]]
NO_READING, _SILENCE = Reading((), 0.0), Reading((), 1.0)
DERIVED, _COMPOUND, BEGINNING = 0.9, 0.9, 0.6
_LEAST_BEGINNING, _LEAST_SHARE_OF_BEGINNING = 5, 0.7
# Shorter words of other scripts look like too many.
_LEAST_RESPELLED = {"kk": 2, "ru": 4}
# Before endings of another language a shorter one is likelier a word of that.
_LEAST_LOAN = 5
# Where forms of known words are told by rules, a short stem that is the same by chance says too little, and
# so does a short word from which another one may be derived.
_LEAST_STEM = {"ru": 5, "tr": 5}
_LEAST_BASE = {"ru": 4, "kk": 4, "tr": 4, "uz": 4}
# Letters without which a word is another one.
_OWN = {"tr": frozenset("çğöşü"), "sv": frozenset("åäö"), "de": frozenset("äöü")}
# How the root of a verb ends before hard endings.
_HARD = {"b": "p", "g": "k"}
_PARTICIPLE = re.compile("..(?:[ай]тын(?:дар|дай)?|[ей]тін(?:дер|дей)?)$")
_THEIR = ("сы", "сі")
# Stand behind the root of a verb that is not done, and of who does it.
_NOT, _DOER = "!", "+"
# Shorter ones look like the beginnings of too many words.
_LEAST_ROOT_IN_PHRASES = 4
_FEWEST_OF_PHRASE = 2
_LAST_BASES = 1024


class Lexicon:
    """Words and phrases of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._own_letters = _OWN.get(language, frozenset())
        self._auxiliaries = AUXILIARIES.get(language, frozenset())
        grammar = FUNCTION_WORDS.get(language, frozenset())
        words = Words(language)
        phrases: dict[tuple[str, ...], tuple[str, ...]] = {}
        for concept in concepts().values():
            for form in concept.words.get(language, ()):
                given = words_of(small(sound(form), language))
                if len(given) == 1:
                    words.add(given[0], concept.id)
                else:
                    add_concept(phrases, tuple(given), concept.id)
        # Most words are their own key, and many their own stem: one string serves for all.
        once = Once((word, word) for one in concepts().values() for word in one.words.get(language, ()))
        self._whole, self._plain = ({once[one]: ids for one, ids in of.items()} for of in words.told_apart())
        self._inflection = Inflection(language, self._whole)
        # The root of a verb counts where no stem of another word looks the same.
        self._stems = {once[one]: as_one(ids) for one, ids in (words.roots | words.stems).items()}
        self._roots = {once[one]: as_one(ids) for one, ids in words.roots.items()}
        # Words that look like others with their stems, and roots of verbs.
        listed = apart(language)
        self._apart = frozenset(one for one in listed if not one.endswith(ROOT))
        self._stems_apart = frozenset(stem(one, language) for one in self._apart if language == "ru")
        roots_apart = [one.removesuffix(ROOT) for one in listed if one.endswith(ROOT)]
        in_phrases = self._roots_in_phrases(phrases)
        silent = dict.fromkeys(chain(self._auxiliaries, roots_apart, in_phrases), ())
        verbs = words.deeds | silent | words.verbs
        plain = {key(one, "tr"): ids for one, ids in verbs.items()} if language == "tr" else {}
        self._verbs = {one: as_one(ids) for one, ids in (plain | verbs).items()}
        # Kazakh words of other scripts are looked up among these first, then among Russian ones.
        in_scripts = self._whole if language in {"kk", "ru"} else ()
        self._respelled = Respelling(
            (once[one] for one in in_scripts if is_cyrillic(one) and len(one) >= _LEAST_RESPELLED[language]),
            self._verbs if language == "kk" else (),
        )
        self._plain_verbs = {key(one, "kk"): ids for one, ids in self._verbs.items() if language == "kk"}
        self._bases = Memo(self._bases_of, _LAST_BASES)
        self._russian = RussianForms(self._whole if language == "ru" else {})
        self._compounds = Compounds(language, self._whole, self._stems, self._part_by_stem, grammar)
        # Keys of the grammar of phrases without which they would be one word, or say the contrary.
        self.grammar: set[str] = set()
        # By the first two words, the longest first.
        self.phrases: dict[str, dict[str, tuple[Phrase, ...]]] = {}
        for keyed, ids in sorted(self._keyed(phrases).items(), key=lambda one: (-len(one[0]), one[0])):
            keys = tuple([once[one] for one in keyed])
            seconds = self.phrases.setdefault(keys[0], {})
            seconds[keys[1]] = (*seconds.get(keys[1], ()), Phrase(keys, as_one(ids)))
        self.seconds = frozenset(second for seconds in self.phrases.values() for second in seconds)

    def _roots_in_phrases(self, phrases: Iterable[tuple[str, ...]]) -> Iterator[str]:
        """Give the roots of verbs that end phrases and may be no words alone: ishlab chiqarish, жер жырту."""
        for *_, last in phrases:
            if self.language == "kk":
                yield from roots_of(spelled(last, "kk"), "kk")
            elif self.language == "uz":
                root = next(roots_of(last, "uz"), "")
                if len(root) >= _LEAST_ROOT_IN_PHRASES and last not in self._whole:
                    yield root

    def _keyed(
        self, phrases: Mapping[tuple[str, ...], Iterable[str]]
    ) -> dict[tuple[str, ...], tuple[str, ...]]:
        key_of = {word: self.phrase_key(word) for words in phrases for word in words}
        keyed: dict[tuple[str, ...], tuple[str, ...]] = {}
        for words, ids in phrases.items():
            # Grammar is passed over where other words are left.
            left = [word for word in words if not self.is_function_word(word)]
            if len(left) < _FEWEST_OF_PHRASE or any(map(self._denies, words)):
                left = list(words)
                self.grammar |= {key_of[word] for word in words if self.is_function_word(word)}
            for one in ids:
                add_concept(keyed, tuple([key_of[word] for word in left]), one)
        # Who does it stands for what is done where no other phrase does: qayta ishlovchi.
        roots = {key(one, "uz") for one in self._verbs} if self.language == "uz" else frozenset[str]()
        doers = {(*keys[:-1], keys[-1] + _DOER): ids for keys, ids in keyed.items() if keys[-1] in roots}
        return doers | keyed

    def phrase_key(self, word: str) -> str:
        """Give what the forms of a word share: the word of the thesaurus behind them, or a stem."""
        if self.language in AGGLUTINATIVE:
            return self._key_of_base(word)
        if self.language == "ru":
            nominative = word if word in self._whole else self._russian.nominative(word)
            return fold(without_vowel(stem(nominative, "ru")), "ru")
        return stem_key(word, self.language)

    def _key_of_base(self, word: str) -> str:
        base = spelled(word, self.language)
        if not self.as_written(word) and (bases := self._bases[word]):
            base = bases[0].word
            if bases[0].is_verb:
                # What is not done is another thing, and so is who does it: qayta ishlash, qayta ishlanmagan;
                # yetkazib berish, yetkazib beruvchi.
                is_doer = self.language == "uz" and bases[0].is_doer
                root = _hardened(key(base, self.language), self.language)
                return root + _NOT * bases[0].is_denied + _DOER * is_doer
        elif not self.literally(word) and (root := self._root_of_verb(word)):
            return _hardened(root, self.language)
        if self.language == "uz":
            # A verb as the dictionary has it: ishlash, ishla.
            for root in roots_of(base, "uz"):
                if root in self._verbs:
                    return key(root, "uz")
        plain = key(base, self.language)
        forms = [one for one in (plain, *self._shortened(plain, 2)) if self.in_plain_letters(one)]
        if not forms:
            return stem_key(word, self.language)
        # The thesaurus has some words with an ending too.
        longest = frozenset(self.in_plain_letters(forms[0]))
        shortest = min((one for one in forms if not longest.isdisjoint(self.in_plain_letters(one))), key=len)
        # A verb as the dictionary has it: алу, ал.
        root = shortest.removesuffix("u")
        return _hardened(root, self.language) if root in self._plain_verbs else shortest

    def exactly(self, word: str) -> tuple[str, ...]:
        """Look a word up as it stands, then without its last endings, then by its stem."""
        found = self.as_written(word)
        if found and self.language == "kk":
            # Each of its concepts has the very word.
            return found
        if self.language == "ru":
            return nearest(found, word, self.language) if found else self._of_russian(word)
        # In plain letters it may look like another word: қары, кәрі; оттан, отан.
        if not found and self.stands_apart(word):
            return ()
        if not found and (of_base := self._inflected(word)) is not None:
            return of_base
        found = found or self.literally(word) or self._of_verb(word)
        if not found and self.language in AGGLUTINATIVE:
            found = self._without_last_ending(word)
            if self.language == "kk" and word.endswith(_THEIR):
                # The с may belong to the stem or to the ending: алмасы is of алмас or of алма.
                of_stem = begins_alike(self._by_stem(word), word, self.language)
                return tuple(
                    dict.fromkeys(
                        (*nearest(found, word, self.language), *nearest(of_stem, word, self.language))
                    )
                )
        found = found or self._by_stem(word, _LEAST_STEM.get(self.language, 0))
        return nearest(begins_alike(found, word, self.language), word, self.language) if found else ()

    def _without_last_ending(self, word: str) -> tuple[str, ...]:
        """Look a word up by what may stand before its last ending, in plain letters."""
        if self._is_participle(word):
            return ()
        for one in shortened(key(word, self.language), self.language):
            is_short = len(one) < _LEAST_BASE[self.language]
            if is_short and self.language == "tr":
                break
            # A plain keyboard does not tell which vowels endings have: kozge.
            is_sure = not is_short or self.language != "kk" or word.isascii()
            if found := (self.in_plain_letters(one) if is_sure else ()) or self._roots.get(one, ()):
                return found
        return ()

    def _of_russian(self, word: str) -> tuple[str, ...]:
        """Look a Russian word up as a form of another, then by its stem unless that is short."""
        found = () if word in self._apart else self._russian.find(word)
        if found or self.stands_apart(word):
            return found
        return nearest(self._by_stem(word, _LEAST_STEM["ru"]), word, self.language)

    def _inflected(self, word: str) -> tuple[str, ...] | None:
        """Look a word up by the known one of which it is a form; None where there is none."""
        if form := self._inflection.dictionary_form(word):
            return self._whole[form]
        bases = self._bases[word] if self.language in AGGLUTINATIVE else []
        if not bases:
            return None
        found = self._of_base(bases[0])
        if self._is_respelled(word):
            # Several words may be spelled so.
            found = tuple(chain.from_iterable(map(self._of_base, _like_first(bases))))
        if len(bases) > 1 and _may_be_either(word, bases[0], bases[1], self.language):
            found = (*found, *self._of_base(bases[1]))
        return tuple(dict.fromkeys(found))

    def _of_base(self, base: Base) -> tuple[str, ...]:
        if not base.is_verb:
            return self._whole[base.word]
        return () if base.is_denied else self._verbs[base.word]

    def _bases_of(self, word: str) -> list[Base]:
        language = self.language
        if self._is_respelled(word):
            return self._respelled.bases(word)
        return bases_of(spelled(word, language), GRAMMARS[language], self._whole, self._verbs)

    def is_function_word(self, word: str, *, is_capital: bool = False) -> bool:
        """Tell whether a word carries grammar and no trade, as a form of an auxiliary verb does."""
        language = self.language
        if word in FUNCTION_WORDS.get(language, ()) or self._denies(word):
            return True
        if language in IN_SEVERAL_SCRIPTS and spelled(word, language) in FUNCTION_WORDS[language]:
            return True
        if language in AGGLUTINATIVE and self._is_auxiliary(word):
            return True
        # Turkish is typed without its letters too: icin, gore.
        return (
            (language in IN_SEVERAL_SCRIPTS or (language == "tr" and word.isascii()))
            and key(word, language) in in_plain_letters(FUNCTION_WORDS[language], language)
            # On plain keyboards ғана looks like Ghana, and is the commoner by far.
            and ((language == "kk" and word.isascii() and not is_capital) or not self.literally(word))
        )

    def _denies(self, word: str) -> bool:
        own = key(word, self.language) if self.language in AGGLUTINATIVE else word
        return any(
            own in in_plain_letters(words.get(self.language, frozenset()), self.language)
            for words in (DENYING, DENYING_BEFORE)
        )

    def _is_auxiliary(self, word: str) -> bool:
        bases = [] if self.as_written(word) else self._bases[word]
        return bool(bases) and bases[0].is_verb and bases[0].word in self._auxiliaries

    def _by_stem(self, word: str, least: int = 0) -> tuple[str, ...]:
        """Look a word up by its stem, which a bare stem such as Russian «систем» is itself.

        A stem may be a word of which the stemmer takes more: tomater, tomat.
        """
        stemmed = stem_key(word, self.language)
        if len(stemmed) < least:
            # Small letters of Turkish capitals may have dots that these have not: IŞIK.
            return self._whole.get(word.replace("i", "ı"), ())
        found = self._stems.get(stemmed) or self._stems.get(key(word, self.language), ())
        return found or self.in_plain_letters(stemmed)

    def _part_by_stem(self, word: str) -> tuple[str, ...]:
        return nearest(begins_alike(self._by_stem(word), word, self.language), word, self.language)

    def _of_verb(self, word: str) -> tuple[str, ...]:
        """Look a form of a Kazakh verb up by its root in plain letters."""
        return self._plain_verbs.get(self._root_of_verb(word), ())

    def _root_of_verb(self, word: str) -> str:
        """Give the root of a form of a Kazakh verb, in plain letters; nothing for another word."""
        roots = (fold(root, "kk") for root in verb_roots(to_cyrillic(word))) if self._plain_verbs else ()
        return next((root for root in roots if root in self._plain_verbs), "")

    def _is_participle(self, word: str) -> bool:
        """Tell whether a Kazakh word looks like a form of a verb, and no noun does: әкелетін."""
        return self.language == "kk" and _PARTICIPLE.search(spelled(word, "kk")) is not None

    def as_written(self, word: str) -> tuple[str, ...]:
        """Look a word up letter by letter."""
        if self.language != "kk":
            return self._whole.get(
                spelled(word, self.language) if self.language in AGGLUTINATIVE else word, ()
            )
        found = () if word.isascii() else self._whole.get(spelled(word, "kk"), ())
        if found or is_cyrillic(word):
            return found
        if word.isascii() and not self._respelled.whole(word):
            # Two letters may look like one of another alphabet: ashana is «асхана».
            return self._whole.get(key(word, "kk"), ())
        return self.as_respelled(word)

    def as_respelled(self, word: str) -> tuple[str, ...]:
        """Look a word of a Kazakh text up letter by letter that is of another script than the thesaurus.

        Plain Latin letters may stand for others: bak is «бак» or «бақ».
        """
        alike = [self._whole[one] for one in self._respelled.whole(word)]
        return as_one(tuple(dict.fromkeys(chain.from_iterable(alike))))

    def _is_respelled(self, word: str) -> bool:
        """Tell whether a word is Kazakh of another script than the thesaurus."""
        return self.language == "kk" and not is_cyrillic(word)

    def stands_apart(self, word: str) -> bool:
        """Tell whether a word looks like a form of another, or a compound, and is none."""
        if word in self._apart or (self.language == "ru" and stem(word, "ru") in self._stems_apart):
            return True
        return self._is_respelled(word) and any(one in self._apart for one in self._respelled.whole(word))

    def is_known(self, word: str) -> bool:
        """Tell whether a word is one of the thesaurus, or a form of one by the grammar of its language."""
        return bool(self.literally(word) or self._bases[word]) or self.stands_apart(word)

    def in_plain_letters(self, plain: str) -> tuple[str, ...]:
        """Look a word up that stands in plain letters already."""
        return self._whole.get(plain) or self._plain.get(plain, ())

    def literally(self, word: str) -> tuple[str, ...]:
        """Look a word up as it stands, or in plain letters."""
        found = self.as_written(word)
        # In plain letters Russian would take one word for another: сыры, сырья, Сирия; and so would others
        # where a word has its own letters: kayış, kayısı; svårt, svart.
        if found or self.language == "ru" or not self._own_letters.isdisjoint(word):
            return found
        return self.in_plain_letters(key(word, self.language))

    def as_loan(self, word: str, language: str) -> tuple[str, ...]:
        """Look a word up as another language takes it over, with endings of that language or without."""
        if found := self.literally(word):
            return found
        written = key(word, language) if self.language == "kk" else word
        bases = bases_of(written, GRAMMARS[language], self._whole, ())
        return next((self._whole[one.word] for one in bases if len(one.word) >= _LEAST_LOAN), ())

    def read(self, word: str) -> Reading:
        """Look a word up by all that the language allows."""
        found = self.exactly(word)
        if found:
            return Reading(found, 1.0)
        if (
            self.stands_apart(word)
            or (self.language in AGGLUTINATIVE and self._bases[word])
            or self._is_participle(word)
        ):
            # It is known to say nothing, and need not be looked for elsewhere.
            return _SILENCE
        return self.derived(word)

    def derived(self, word: str) -> Reading:
        """Look a word up that is not there exactly: as `surely_derived` does, then by its beginning."""
        reading = self.surely_derived(word)
        return reading if reading.concepts else self._by_beginning(word)

    def surely_derived(self, word: str) -> Reading:
        """Look a word up that is not there exactly: by derivation, and as a compound."""
        may_be_compound = self._compounds.may_be(word)
        # Two endings may be the beginning of another part: Tafelessig.
        found = begins_alike(self._shorter(word, 1 if may_be_compound else 2), word, self.language)
        if not found and may_be_compound:
            parts = self._compounds.parts(word)
            if parts:
                return Reading(parts, _COMPOUND, together=True)
            found = self._shorter(word, 2)
        return Reading(found, DERIVED) if found else NO_READING

    def _by_beginning(self, word: str) -> Reading:
        """Look a word up by what begins and ends a compound, or by the beginning of its stem.

        Where endings are known one by one, what begins as a word does is another.
        """
        if self.language in INFLECTED:
            ends = self._compounds.ends(word)
            return Reading(ends, BEGINNING, together=True) if ends else NO_READING
        stemmed = stem_key(word, self.language)
        least = max(_LEAST_BEGINNING, int(len(stemmed) * _LEAST_SHARE_OF_BEGINNING + 0.999))
        for length in range(len(stemmed) - 1, least - 1, -1):
            found = begins_alike(self._stems.get(stemmed[:length], ()), word, self.language)
            if found:
                return Reading(found, BEGINNING)
        return NO_READING

    def _shortened(self, plain: str, rounds: int) -> Iterator[str]:
        """List what a key may be derived from by so many endings."""
        yield from shortened(plain, self.language)
        if rounds > 1:
            yield from shortened_twice(plain, self.language)

    def _shorter(self, word: str, rounds: int) -> tuple[str, ...]:
        """Look up what a word may be derived from: without so many endings, then its stem without them."""
        least = 0 if self.language == "ru" and is_like_adjective(word) else _LEAST_BASE.get(self.language, 0)
        if self.language in AGGLUTINATIVE:
            for one in self._shortened(key(word, self.language), rounds):
                if len(one) >= least and (found := self.in_plain_letters(one)):
                    return found
        for one in self._shortened(stem_key(word, self.language), rounds):
            if len(one) < least:
                continue
            found = self._stems.get(one) or self.in_plain_letters(one)
            if found:
                return found
        return ()


def _may_be_either(word: str, base: Base, other: Base, language: str) -> bool:
    """Tell whether a word is as well of another noun.

    The с may belong to the stem or to the ending: алмасы is of алмас or of алма; so may the i: tarozimiz,
    brendimiz. A stem may end soft before a vowel or in all forms: блогы is of блог or of блок.
    """
    if other.is_verb or language != "kk":
        return language == "uz" and not other.is_verb and other.word + "i" == base.word
    is_soft = len(base.word) == len(other.word) and base.word[:-1] == other.word[:-1]
    return word.endswith(_THEIR) or is_soft


def _hardened(root: str, language: str) -> str:
    """Let the root of a Kazakh verb end, in plain letters, as before a hard ending: таба, тапқан."""
    return root[:-1] + _HARD.get(root[-1], root[-1]) if language == "kk" else root


def _like_first(bases: Sequence[Base]) -> list[Base]:
    """Give the bases that look like the first one in plain letters."""
    plain, is_verb = key(bases[0].word, "kk"), bases[0].is_verb
    return [one for one in bases if one.is_verb == is_verb and key(one.word, "kk") == plain]


@cache
def lexicon(language: str) -> Lexicon:
    """Give the lexicon of a language, made once."""
    return Lexicon(language)
