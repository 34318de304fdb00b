"""What a word stands for in its language, or else in one that is written alike."""

from matching.text.inflection import INFLECTED
from matching.text.lexicon import DERIVED, NO_READING, Reading, lexicon
from matching.text.respelling import is_cyrillic
from matching.text.script import to_cyrillic
from matching.text.stemming import key, spelled

_OTHER_LANGUAGE = 0.7
# Short words look alike in languages that write alike; those of English are used in others.
_LEAST_ELSEWHERE, _LEAST_ALIKE_ELSEWHERE = 4, 5
_NEIGHBOURS: dict[str, tuple[str, ...]] = {
    "en": ("de", "tr", "sv", "kk", "uz"),
    "de": ("en", "sv", "tr"),
    "sv": ("en", "de"),
    "tr": ("en", "de"),
    "uz": ("ru", "tr", "kk", "en"),
    "kk": ("ru", "uz", "tr", "en"),
    "ru": ("kk", "uz", "en"),
    "ky": ("kk", "ru"),
    "mn": ("ru", "kk"),
    "ar": ("kk",),
}


def read_word(word: str, language: str) -> Reading:
    """Tell what a word stands for in its language, or else in a neighbouring one.

    Parameters
    ----------
    word : str
        In small letters.
    language : str

    Returns
    -------
    Reading
        Without concepts where no language knows the word.
    """
    own = "kk" if language == "ky" else language
    found = lexicon(own).read(word) if own in _NEIGHBOURS else NO_READING
    if own == "kk" and len(word) >= _LEAST_ELSEWHERE and not lexicon("kk").is_known(word):
        # A loan word as it stands is none of the words that it looks derived from: сметана is not of смета.
        plain = key(word, "kk")
        loan = lexicon("ru").as_written(
            word if word == to_cyrillic(word) else plain if len(plain) > _LEAST_ELSEWHERE else ""
        )
        if loan:
            return Reading(loan, _OTHER_LANGUAGE)
    if found.sureness >= DERIVED:
        return found
    for other in _NEIGHBOURS.get(language, ()):
        alike = language in INFLECTED and other != "en"
        if len(word) >= (_LEAST_ALIKE_ELSEWHERE if alike else _LEAST_ELSEWHERE):
            known = lexicon(other)
            is_loan = own == "kk" and other == "ru" and not is_cyrillic(word)
            elsewhere = known.as_respelled(word) if is_loan else known.literally(word)
            if not elsewhere and language == "uz":
                elsewhere = known.as_loan(spelled(word, "uz"), "uz")
            if elsewhere:
                return Reading(elsewhere, _OTHER_LANGUAGE)
    return found


def read_whole(word: str, language: str) -> Reading:
    """Tell what a word that is no form of another stands for, in its language or a neighbouring one."""
    found = lexicon(language).literally(word)
    if found:
        return Reading(found, 1.0)
    elsewhere = (lexicon(other).literally(word) for other in _NEIGHBOURS[language])
    return next((Reading(one, _OTHER_LANGUAGE) for one in elsewhere if one), NO_READING)
