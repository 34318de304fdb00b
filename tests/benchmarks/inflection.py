"""Does an inflected word mean what the word of the dictionary means?

    python -m tests.benchmarks.inflection

Of the 60,000 most frequent words of a language (wordfreq) those are taken that simplemma brings to another
one, which the thesaurus has: its concepts should be those of the word. Columns, in %: the same concepts,
some of them, none at all, others only. A part of the others is right: the thesaurus has "training" as a
concept of its own beside "train". The thesaurus is asked by word, without a text around it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Literal

from matching.text.lexicon import lexicon
from matching.text.listed import small
from matching.text.neighbours import read_word

LANGUAGES = ("en", "de", "sv", "ru", "tr")
MOST_FREQUENT = 60_000
Outcome = Literal["same", "some", "none", "others"]
OUTCOMES: tuple[Outcome, ...] = ("same", "some", "none", "others")


def forms(language: str) -> Iterator[tuple[str, str]]:
    """Give inflected words with what simplemma brings them to, the most frequent first."""
    import simplemma  # noqa: PLC0415
    import wordfreq  # noqa: PLC0415

    for word in wordfreq.top_n_list(language, MOST_FREQUENT):
        lemma = simplemma.lemmatize(word, lang=language)
        if word.isalpha() and lemma.islower() and lemma != word:
            yield word, lemma


def outcomes(pairs: Iterable[tuple[str, str]], language: str) -> Counter[Outcome]:
    """Count how words are read of which the dictionary form is known."""
    found: Counter[Outcome] = Counter()
    for word, lemma in pairs:
        meant = set(lexicon(language).as_written(small(lemma, language)))
        if meant:
            read = set(read_word(small(word, language), language).concepts)
            found[_outcome(meant, read)] += 1
    return found


def _outcome(meant: set[str], read: set[str]) -> Outcome:
    if read == meant:
        return "same"
    if read & meant:
        return "some"
    return "others" if read else "none"


def main() -> None:
    print(f"{'':<4}{'forms':>8}", *(f"{name:>8}" for name in OUTCOMES))
    for language in LANGUAGES:
        found = outcomes(forms(language), language)
        shares = (100 * found[name] / found.total() for name in OUTCOMES)
        print(f"{language:<4}{found.total():>8,}", *(f"{share:>8.1f}" for share in shares))


if __name__ == "__main__":
    main()
