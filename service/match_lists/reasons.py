"""The parts of a score in words that a person understands."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from matching import Contribution, Explanation, concept_name
from service.match_lists.schemas import Reason
from service.platform.i18n import Message, country_name, language_name, message
from service.profiles.vocabulary import hs_name, words_for

_MOST_WORDS = 4
_LONGEST_DESCRIPTION = 60
BOTH = "both"
LETTERS = "~"
"""What two texts share that have no word in common, only letters of words that are not alike."""
_LETTERS = message("similar letters")

_SENTENCES: Mapping[tuple[str, str], Message] = {
    ("entrepreneur_seeks", "text"): message("The entrepreneur seeks what the exporter offers: {words}"),
    ("exporter_seeks", "text"): message("The exporter seeks what the entrepreneur offers: {words}"),
    ("entrepreneur_seeks", "hs_codes"): message("The goods sought and offered have one code: {words}"),
    ("exporter_seeks", "hs_codes"): message("The goods that the exporter needs have one code: {words}"),
    ("entrepreneur_seeks", "partnership_types"): message(
        "The entrepreneur seeks this partnership, the exporter offers it: {words}"
    ),
    ("exporter_seeks", "partnership_types"): message(
        "The exporter seeks this partnership, the entrepreneur offers it: {words}"
    ),
    ("entrepreneur_seeks", "markets"): message(
        "The exporter delivers to where the entrepreneur buys: {words}"
    ),
    ("exporter_seeks", "markets"): message(
        "The exporter wants a market that the entrepreneur serves: {words}"
    ),
    (BOTH, "languages"): message("Both speak: {words}"),
}


Shared = Callable[[str, str, str], str]
"""Says a shared word of a field in a language."""
Meaning = Callable[[str, str], str | None]
"""Names the concept of a term in a language, or nothing."""


@dataclass(frozen=True)
class Part:
    """What one field adds to a score in one direction, with the words that meet there."""

    direction: str
    field: str
    words: str
    share: float


def in_words(explanation: Explanation, language: str) -> list[Reason]:
    """Say why a pair has its score, the weightiest reason first.

    Shares are parts of the score; they sum up to 1 where the score is above 0.
    """
    return [
        Reason(
            direction=part.direction,
            field=part.field,
            text=Message(_SENTENCES[part.direction, part.field].template, {"words": part.words}).text(
                language
            ),
            share=part.share,
        )
        for part in parts(explanation, language, shared_word)
    ]


def parts(
    explanation: Explanation, language: str, shared: Shared, meaning: Meaning = concept_name
) -> list[Part]:
    """Take a score apart by direction and field, the weightiest part first."""
    groups: dict[tuple[str, str], list[Contribution]] = defaultdict(list)
    for one in explanation.contributions:
        direction = BOTH if one.field == "languages" else one.direction
        groups[direction, one.field].append(one)
    found = [
        Part(
            direction,
            field,
            ", ".join(_words(field, contributions, language, shared, meaning)),
            sum(one.amount for one in contributions) / explanation.score if explanation.score else 0.0,
        )
        for (direction, field), contributions in groups.items()
    ]
    return sorted(found, key=lambda part: (-part.share, part.direction, part.field))


def shared_word(word: str, field: str, language: str) -> str:
    """Say what two profiles share in a field: codes by their names, words as they are."""
    match field:
        case "partnership_types":
            said = words_for(word, language)
        case "markets":
            said = country_name(word, language)
        case "languages":
            said = language_name(word, language)
        case "hs_codes" if word.isdigit():
            said = f"{word} ({_shortened(hs_name(word, language))})"
        case "hs_codes":
            said = f"«{word}»"
        case _:
            said = _LETTERS.text(language) if word == LETTERS else word
    return said


def _words(
    field: str, contributions: Sequence[Contribution], language: str, shared: Shared, meaning: Meaning
) -> Iterable[str]:
    match field:
        case "text":
            return _text_words(contributions, language, meaning) or [shared(LETTERS, field, language)]
        case "hs_codes":
            return _goods(contributions, language, shared)
        case _:
            return _distinct(shared(one.term, field, language) for one in contributions)


def _text_words(contributions: Sequence[Contribution], language: str, meaning: Meaning) -> list[str]:
    """Name the words that meet, those that add most first, and their meaning in the reader's language."""
    amounts: dict[tuple[str, str], float] = defaultdict(float)
    meanings: dict[tuple[str, str], str] = {}
    for one in contributions:
        pair = (one.sought, one.offered)
        if pair == ("", ""):
            continue
        amounts[pair] += one.amount
        name = meaning(one.term, language)
        if name:
            meanings.setdefault(pair, name)
    ordered = sorted(amounts, key=lambda pair: -amounts[pair])
    said = _distinct(_said(*pair, meanings.get(pair, "")) for pair in ordered)
    more = len(said) - _MOST_WORDS
    return [*said[:_MOST_WORDS], f"+{more}"] if more > 0 else said


def _said(sought: str, offered: str, meaning: str) -> str:
    words = f"«{sought}»" if sought.casefold() == offered.casefold() else f"«{sought}» – «{offered}»"
    if meaning.casefold() in {"", sought.casefold(), offered.casefold()}:
        return words
    return f"{words} = {meaning}"


def _goods(contributions: Sequence[Contribution], language: str, shared: Shared) -> list[str]:
    """Name the codes that meet, and the words behind them where no code was given."""
    kept = _longest([one.term for one in contributions])
    words = {
        code: _distinct(
            f"«{word}»"
            for one in contributions
            if one.term == code
            for word in (one.sought, one.offered)
            if word != code
        )
        for code in kept
    }
    return _distinct(
        shared(code, "hs_codes", language) + "".join(f" {word}" for word in words[code]) for code in kept
    )


def _longest(codes: Sequence[str]) -> list[str]:
    """Keep the longest shared codes; their chapters say nothing more."""
    return sorted(
        code for code in codes if not any(other != code and other.startswith(code) for other in codes)
    )


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_DESCRIPTION else f"{text[:_LONGEST_DESCRIPTION].rsplit(' ', 1)[0]} …"


def _distinct(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))
