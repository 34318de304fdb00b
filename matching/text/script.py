"""Kazakh in three scripts, and one spelling in which words of all scripts meet.

The alphabets of Kazakh stand in `ALPHABETS`, each a table from the Cyrillic letters:

- `latin-2021`: the 31 letters presented to the national commission on 28 January 2021;
- `latin-2018`: the alphabet with acutes and digraphs, decree 637 of the President of Kazakhstan, 19
  February 2018;
- `arabic`: töte jazu of A. Baitursynuly (1912), as it is written in China today.

What an alphabet does not tell apart cannot come back: both Latin alphabets write one letter for и and й,
and for х and һ, that of 2021 writes ч as тш; letters of Russian words (ё, ц, щ, ъ, ь, э, ю, я, in Arabic
script в too) become their sounds.

`fold` then brings a word of any script and language to plain Latin letters, in which front and back vowels,
dots and accents are one: that is where «қой жүні», "qoi jüni" and «قوي ٴجۇنى» meet, and most loan words.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from operator import itemgetter
from typing import Literal

from matching.text.memo import Memo

Alphabet = Literal["latin-2021", "latin-2018", "arabic"]

HAMZA = "\u0674"
_LAST_WORDS, _REMEMBERED_LETTERS = 1024, 8192

_PLAIN = dict(zip("абвгдезкқлмнопрстф", "abvgdezkqlmnoprstf", strict=True))
_LATIN_2021 = _PLAIN | dict(zip("әғжийңөуұүхһшыіэ", "äğjiiñöuūühhşyıe", strict=True))
_LATIN_2018 = _PLAIN | dict(zip("әғжийңөуұүхһыіэ", "áǵjııńóýuúhhyie", strict=True)) | {"ш": "sh", "ч": "ch"}
_ARABIC = dict(zip("абвгғдежзийкқлмнңопрстуұфхһчшыэ", "ابۆگعدەجزييكقلمنڭوپرستۋۇفحھچشىە", strict=True)) | {
    "ә": "ا",
    "ө": "و",
    "ү": "ۇ",
    "і": "ى",
}

# Letters of Russian words, by their sounds in Kazakh letters.
_SPELLED_OUT = {"ё": "ио", "ц": "тс", "щ": "шш", "ъ": "", "ь": "", "ю": "иу", "я": "иа"}

_RUSSIAN_LETTERS = frozenset(_SPELLED_OUT)
_TO_SOUNDS = str.maketrans(_SPELLED_OUT)


def _whole(table: Mapping[str, str], spelled_out: Mapping[str, str]) -> dict[str, str]:
    return dict(table) | {
        letter: "".join(table[one] for one in sounds) for letter, sounds in spelled_out.items()
    }


ALPHABETS: dict[Alphabet, dict[str, str]] = {
    "latin-2021": _whole(_LATIN_2021, _SPELLED_OUT | {"ч": "тш"}),
    "latin-2018": _whole(_LATIN_2018, _SPELLED_OUT),
    "arabic": _whole(_ARABIC, _SPELLED_OUT | {"ю": "йу", "я": "йа"}),
}

_FRONT = frozenset("әөүі")
_TO_FRONT = str.maketrans("аоұы", "әөүі")
# In a word with one of these letters the vowels are front without a hamza, but for words that have one of the
# others too: قىزمەت.
_SAYS_FRONT, _SAYS_BACK = frozenset("ەكگ"), frozenset("قع")
_CYRILLIC_WORD = re.compile(r"[а-яёәғқңөұүһі]+")
_FOREIGN_WORD = re.compile(r"[a-zäöüğñūşıáǵńóúýŋç\u0600-\u06ff]+")

_OF_2021 = {latin: letter for letter, latin in _LATIN_2021.items() if letter not in "йһэ"}
_OF_2018 = {latin: letter for letter, latin in _LATIN_2018.items() if letter not in "йһэшч"}
_LATIN_LETTERS_BACK: dict[str, dict[int, str]] = {
    "latin-2021": str.maketrans(_OF_2021 | {"c": "ц", "w": "у", "x": "х", "ŋ": "ң", "ç": "ч", "ý": "у"}),
    "latin-2018": str.maketrans(_OF_2018 | {"c": "ц", "w": "у", "x": "х"}),
}
# A word without a sign may be of either alphabet, or typed on a plain keyboard.
_LATIN_LETTERS_OF_ANY = _LATIN_LETTERS_BACK["latin-2018"] | str.maketrans({"ı": "і", "ç": "ч"})
_DIGRAPHS = {"ştş": "щ", "tş": "ч", "shch": "щ", "sh": "ш", "ch": "ч", "zh": "ж", "gh": "ғ", "kh": "х"}
_DIGRAPH = re.compile("|".join(_DIGRAPHS))
# The alphabet with apostrophes, decree 569 of 26 October 2017, in that of 2018 which took its place.
_APOSTROPHES_OF_2017 = {
    "a'": "á", "g'": "ǵ", "n'": "ń", "o'": "ó", "u'": "ú", "y'": "ý", "i'": "ı", "s'": "sh", "c'": "ch",
}  # fmt: skip
_OF_2017 = re.compile("[agnouyisc]'")
_SIGNS_OF_2021 = frozenset("äğñöüūş")
_SHORT_I = re.compile(r"(?<=[аәеоөұүуыі])и|и(?=[аәоөұүу])")
# On plain keyboards y and i after a vowel are й too.
_TYPED_SHORT_I = re.compile(r"(?<=[аәеоөү])[ыі]")
# On plain keyboards ы and і are one letter, too: behind the last other vowel they go with it.
_TYPED_BACK, _TYPED_FRONT = (
    re.compile(r"[аоұ][^аоұәөүе]*і[^аоұәөүе]*$"),
    re.compile(r"[әөүе][^аоұәөүе]*ы[^аоұәөүе]*$"),
)
# And г and к stand for ғ and қ: in endings behind a back vowel.
_TYPED_ENDING = re.compile(r"(?<=[аоұыу])[^аоұәөүеіыу]*[гк]а[нр]?[ыаи]?$")
_TO_BACK = str.maketrans("гк", "ғқ")
_SHORT_U = re.compile(r"(?<=[аәеоөыі])ұ|ұ(?=[аәеоөыі])")
# One letter for each that is typed in several ways in Arabic script.
_ARABIC_VARIANTS = str.maketrans(
    {
        "ٵ": HAMZA + "ا",
        "ٶ": HAMZA + "و",
        "ٷ": HAMZA + "ۇ",
        "ٸ": HAMZA + "ى",
        "ۈ": HAMZA + "ۇ",
        "ۅ": HAMZA + "و",
    }
    | dict.fromkeys("\u0621ئ", HAMZA)
    | dict.fromkeys("کڪ", "ك")
    | dict.fromkeys("ہةهې", "ە")
    | dict.fromkeys("أإآ", "ا")
    | {"ی": "ي", "ؤ": "و", "ـ": ""}
)
_ARABIC_LETTERS_BACK = str.maketrans(
    {arabic: letter for letter, arabic in _ARABIC.items() if letter not in "әөүійэ"}
    | dict(zip("خغصطضظذثژ", "хғстдззсж", strict=True))
    | {HAMZA: ""}
)
_ARABIC_LETTER = re.compile("[\u0600-\u06ff]")


def from_cyrillic(text: str, alphabet: Alphabet) -> str:
    """Write a Kazakh text in another alphabet.

    Parameters
    ----------
    text : str
        In Cyrillic letters; other characters stay. Capitals become small letters.
    alphabet : {"latin-2021", "latin-2018", "arabic"}

    Raises
    ------
    ValueError
        If there is no such alphabet.

    Examples
    --------
    >>> [from_cyrillic("қой жүні", alphabet) for alphabet in ("latin-2021", "latin-2018", "arabic")]
    ['qoi jünı', 'qoı júni', 'قوي ٴجۇنى']
    """
    table = _table(alphabet)
    if alphabet == "arabic":
        return _CYRILLIC_WORD.sub(lambda found: _arabic_word(found.group(), table), text.lower())
    return _CYRILLIC_WORD.sub(lambda found: "".join(table[letter] for letter in found.group()), text.lower())


def _table(alphabet: Alphabet) -> dict[str, str]:
    if alphabet not in ALPHABETS:
        raise ValueError(f"alphabet must be one of {', '.join(ALPHABETS)}, not {alphabet!r}")
    return ALPHABETS[alphabet]


def _arabic_word(word: str, table: Mapping[str, str]) -> str:
    written = "".join(table[letter] for letter in word)
    marked = bool(_FRONT & set(word)) and not _SAYS_FRONT & set(written)
    return HAMZA + written if marked else written


def to_cyrillic(text: str, alphabet: Alphabet | None = None) -> str:
    """Write a Kazakh text in Cyrillic letters, as well as its alphabet allows.

    Parameters
    ----------
    text : str
        Kazakh in any script; what is Cyrillic already stays. Capitals become small letters.
    alphabet : {"latin-2021", "latin-2018", "arabic"}, optional
        Told word by word when left out; plain keyboards (sh, gh, y, i) are understood too.

    Raises
    ------
    ValueError
        If there is no such alphabet.

    Examples
    --------
    >>> to_cyrillic("qoi jünı"), to_cyrillic("shaı"), to_cyrillic("jaylau"), to_cyrillic("قوي ٴجۇنى")
    ('қой жүні', 'шай', 'жайлау', 'қой жүні')
    """
    if alphabet is not None:
        _table(alphabet)
    elif _CYRILLIC_WORD.fullmatch(text):
        return text
    elif _FOREIGN_WORD.fullmatch(text):
        return _cyrillic_word(text, None)
    lowered = text.replace("İ", "i").replace("I", "ı" if alphabet == "latin-2021" else "i").lower()
    if "'" in lowered:
        lowered = _OF_2017.sub(lambda found: _APOSTROPHES_OF_2017[found.group()], lowered)
    return _FOREIGN_WORD.sub(lambda found: _cyrillic_word(found.group(), alphabet), lowered)


# A word that is new is brought to its stem and its keys, each of which begins here.
@lru_cache(maxsize=_LAST_WORDS)
def _cyrillic_word(word: str, alphabet: Alphabet | None) -> str:
    if alphabet == "arabic" or (alphabet is None and is_arabic(word)):
        return _from_arabic(word)
    table = _LATIN_LETTERS_BACK[alphabet] if alphabet else _table_of(word)
    spelled = _DIGRAPH.sub(lambda found: _DIGRAPHS[found.group()], word)
    letters = _SHORT_I.sub("й", spelled.translate(table))
    if alphabet is None:
        letters = _TYPED_SHORT_I.sub("й", letters)
        if "і" in letters:
            letters = _TYPED_BACK.sub(lambda found: found.group().replace("і", "ы"), letters)
        if "ы" in letters:
            letters = _TYPED_FRONT.sub(lambda found: found.group().replace("ы", "і"), letters)
        letters = _TYPED_ENDING.sub(lambda found: found.group().translate(_TO_BACK), letters)
    return _SHORT_U.sub("у", letters) if "ұ" in letters else letters


def spelled_out(word: str) -> str:
    """Write the letters of Russian words by their sounds in Kazakh letters, as the other scripts do.

    Examples
    --------
    >>> spelled_out("ащы"), spelled_out("соя"), spelled_out("цемент")
    ('ашшы', 'сойа', 'тсемент')
    """
    return word if _RUSSIAN_LETTERS.isdisjoint(word) else _SHORT_I.sub("й", word.translate(_TO_SOUNDS))


def _table_of(word: str) -> Mapping[int, str]:
    return _LATIN_LETTERS_OF_ANY if _SIGNS_OF_2021.isdisjoint(word) else _LATIN_LETTERS_BACK["latin-2021"]


def is_arabic(word: str) -> bool:
    """Tell whether a word has a letter of the Arabic script."""
    return not word.isascii() and _ARABIC_LETTER.search(word) is not None


def says_front(word: str) -> bool | None:
    """Tell whether a word in Arabic script says that its vowels are front; None where it need not.

    Examples
    --------
    >>> says_front("ٴسۇت"), says_front("بال"), says_front("كىتاپ")
    (True, False, None)
    """
    spelled = word.translate(_ARABIC_VARIANTS)
    return True if HAMZA in spelled else None if not _SAYS_FRONT.isdisjoint(spelled) else False


def _from_arabic(word: str) -> str:
    spelled = word.translate(_ARABIC_VARIANTS)
    front = HAMZA in spelled or (_SAYS_BACK.isdisjoint(spelled) and not _SAYS_FRONT.isdisjoint(spelled))
    letters = spelled.translate(_ARABIC_LETTERS_BACK)
    return _SHORT_I.sub("й", letters.translate(_TO_FRONT) if front else letters)


# The sounds of Cyrillic letters of Kazakh, Russian, Uzbek, Kyrgyz, Tajik and Mongolian in plain Latin
# letters.
_CYRILLIC_SOUNDS = dict(
    zip("абвгғдеёәжзийкқлмнңопрстуұүфхһцыіэөўҳҷ", "abvggdeeajziikklmnnoprstuuufhhsiieoohj", strict=True)
) | {"ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ь": "", "ю": "iu", "я": "ia"}
_LETTERS = str.maketrans(
    _CYRILLIC_SOUNDS
    | {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "a", "œ": "o", "'": "", "y": "i"}
)
# Letters and groups that a language sounds in its own way, longest first.
_ENGLISH = {
    "sch": "sh", "ch": "ch", "sh": "sh", "ck": "k", "ph": "f", "th": "t", "gh": "g", "kh": "h", "zh": "j",
    "ts": "s", "qu": "kv", "ce": "se", "ci": "si", "cy": "si", "c": "k", "x": "ks", "w": "v", "q": "k",
}  # fmt: skip
_SOUNDS: dict[str, dict[str, str]] = {
    "en": _ENGLISH,
    "sv": _ENGLISH | {"ch": "sh"},
    "de": _ENGLISH | {"ch": "h", "tz": "s", "z": "s"},
    "tr": {"ç": "ch", "ş": "sh", "c": "j", "ts": "s", "w": "v", "x": "ks", "q": "k"},
    "uz": {"ch": "ch", "sh": "sh", "ts": "s", "x": "h", "q": "k", "w": "v"},
    # Keyboards without ң write n or ng, and without ғ a single g behind it; ч and щ are тш and шш in Latin.
    "kk": {"тс": "s", "тш": "ch", "шш": "sh"}
    | dict.fromkeys(("кх", "қх"), "h")
    | dict.fromkeys(("нг", "нғ", "ңг", "ңғ", "нгг", "нгғ"), "n"),
}


def _speller(sounds: Mapping[str, str]) -> Callable[[str], str]:
    """Give what writes the letters and groups of a word by their sounds."""
    groups = re.compile("|".join(sorted(sounds, key=lambda one: (-len(one), one))))
    return partial(groups.sub, lambda found: sounds[found.group()])


_SPELLERS = {language: _speller(sounds) for language, sounds in _SOUNDS.items()}
_TWICE = re.compile(r"([^\W\d])\1+")
# Few words have anything twice, which is told sooner than whether it is a letter.
_ANYTHING_TWICE = re.compile(r"(.)\1")


def fold(word: str, language: str) -> str:
    """Bring a word to plain Latin letters by its sounds, so that scripts and spellings meet.

    Parameters
    ----------
    word : str
        In small letters.
    language : str
        Whose sounds the letters have; an unknown language is read as English.

    Examples
    --------
    >>> [fold(word, "kk") for word in ("дән", "dán", "dän", "ٴدان")], fold("şeker", "tr"), fold("шекер", "ru")
    (['dan', 'dan', 'dan', 'dan'], 'sheker', 'sheker')
    """
    if language == "kk" or is_arabic(word):
        word = to_cyrillic(word)
    spelled = _SPELLERS.get(language, _SPELLERS["en"])(word)
    plain = spelled.translate(_PLAIN_LETTERS)
    return _TWICE.sub(itemgetter(1), plain) if _ANYTHING_TWICE.search(plain) else plain


_LETTERS_WITHOUT_MARKS = str.maketrans(
    {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe"}
)


def unmarked(word: str) -> str:
    """Take the dots and accents from Latin letters, as plain keyboards do.

    Examples
    --------
    >>> unmarked("yağlı"), unmarked("grädde")
    ('yagli', 'gradde')
    """
    return word if word.isascii() else word.translate(_WITHOUT_MARKS)


def _without_marks(letter: int) -> str:
    decomposed = unicodedata.normalize("NFKD", chr(letter).translate(_LETTERS_WITHOUT_MARKS))
    return "".join(one for one in decomposed if not unicodedata.combining(one))


def _plain_letter(letter: int) -> str:
    return unmarked(chr(letter).translate(_LETTERS)).translate(_LETTERS)


# What becomes of a letter is worked out once.
_WITHOUT_MARKS = Memo(_without_marks, _REMEMBERED_LETTERS)
_PLAIN_LETTERS = Memo(_plain_letter, _REMEMBERED_LETTERS)
