from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.text import inflection
from matching.text.analyzer import analyze
from matching.text.inflection import INFLECTED, Inflection
from matching.text.language import languages_of
from matching.text.lexicon import lexicon
from matching.text.neighbours import read_word


def lines_of(file):
    text = files("matching.text").joinpath("concepts", file).read_text(encoding="utf-8")
    return [line.split(" | ") for line in text.splitlines() if not line.startswith("#")]


LINES = lines_of("irregular.txt")
APART = {
    language: [word for own, words in lines_of("apart.txt") if own == language for word in words.split()]
    for language in sorted(INFLECTED)
}


def concepts_of(word, language):
    return {term.term for term in analyze(word, language) if term.kind == "concept"}


@pytest.mark.parametrize(
    ("form", "language", "word"),
    [
        ("built", "en", "build"),
        ("grown", "en", "grow"),
        ("sold", "en", "sell"),
        ("upkept", "en", "upkeep"),
        ("businessmen", "en", "businessman"),
        ("knives", "en", "knife"),
        ("shelves", "en", "shelf"),
        ("biggest", "en", "big"),
        ("harder", "en", "hard"),
        ("cheapest", "en", "cheap"),
        ("heaviest", "en", "heavy"),
        ("getragenen", "de", "tragen"),
        ("gezeigt", "de", "zeigen"),
        ("gekaufte", "de", "kaufen"),
        ("gelesen", "de", "lesen"),
        ("verstanden", "de", "verstehen"),
        ("angeboten", "de", "anbieten"),
        ("anzubieten", "de", "anbieten"),
        ("verkaufte", "de", "verkaufen"),
        ("hielten", "de", "halten"),
        ("gesammelt", "de", "sammeln"),
        ("gesteigert", "de", "steigern"),
        ("organisierte", "de", "organisieren"),
        ("größte", "de", "groß"),
        ("grössten", "de", "groß"),
        ("längere", "de", "lang"),
        ("nächste", "de", "nah"),
        ("dunkle", "de", "dunkel"),
        ("teurere", "de", "teuer"),
        ("Fachleuten", "de", "Fachmann"),
        ("Museen", "de", "Museum"),
        ("visar", "sv", "visa"),
        ("väntade", "sv", "vänta"),
        ("svårt", "sv", "svår"),
        ("hårt", "sv", "hård"),
        ("starkaste", "sv", "stark"),
        ("större", "sv", "stor"),
        ("händerna", "sv", "hand"),
        ("handböckernas", "sv", "handbok"),
        ("rummet", "sv", "rum"),
        ("skurna", "sv", "skära"),
        ("utförde", "sv", "utföra"),
        ("museerna", "sv", "museum"),
        ("tillverkarnas", "sv", "tillverkare"),
    ],
)
def test_form_is_read_as_its_dictionary_form(form, language, word):
    assert concepts_of(form, language) == concepts_of(word, language) != set()


@pytest.mark.parametrize(
    ("word", "language", "concept"),
    [
        ("saw", "en", "=saw"),
        ("ground", "en", "=ground"),
        ("schloss", "de", "=lock"),
        ("gesamte", "de", "=whole (uncut)"),
        ("bearbetade", "sv", "=processed (material)"),
        ("berg", "sv", "=mountain"),
    ],
)
def test_form_that_is_a_word_of_its_own_stays_that(word, language, concept):
    assert concept in concepts_of(word, language)


def test_letters_of_swedish_are_no_accents_that_one_leaves_out():
    assert lexicon("sv").exactly("färger") == ("colour",)
    assert "colour" in lexicon("sv").exactly("farger")
    assert lexicon("sv").literally("svårt") == ()
    assert lexicon("de").literally("wäre") == ()


def test_form_without_its_word_in_the_thesaurus_is_none():
    known = Inflection("de", {"kaufen": ()})
    assert [known.dictionary_form(word) for word in ("gekaufte", "gegebene", "verkaufte", "", "s")] == [
        "kaufen", "", "", "", "",
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["ru", "kk", "tr", "uz", "zh"])
def test_other_languages_have_no_such_forms(language):
    assert Inflection(language, {"sell": (), "nation": ()}).dictionary_form("nations") == ""


def naive(word, known, language):
    """Try every ending in the order of the table."""
    for forms, replacements in inflection._ENDINGS[language]:
        for form in forms.split():
            base = word.removesuffix(form)
            if base == word or len(base) < 2:
                continue
            for one in replacements.split():
                if base + one.strip("-") in known:
                    return base + one.strip("-")
            if language == "sv" and base[-1] == base[-2] and base[-1] in "mn" and base[:-1] in known:
                return base[:-1]
    return ""


@given(st.text("abdenrst", min_size=1, max_size=8), st.sets(st.text("abdenrst", min_size=2, max_size=6)))
def test_first_ending_that_leads_to_a_known_word_is_taken(word, known):
    assert Inflection("sv", dict.fromkeys(known, ())).dictionary_form(word) == naive(word, known, "sv")


def test_irregular_forms_are_listed_once_by_language_and_word():
    words = [line[:2] for line in LINES]
    assert words == sorted(words, key=lambda one: (one[0], one[1].lstrip("-")))
    assert len({tuple(one) for one in words}) == len(words)
    assert {language for language, _ in words} == INFLECTED | {"ru", "tr", "uz"}


@pytest.mark.parametrize("language", sorted(INFLECTED))
def test_irregular_forms_are_needed(language):
    """A form stands in the list because no rule makes it of its word, or one makes it of another."""
    listed = {word.removeprefix("-"): forms.split() for own, word, forms in LINES if own == language}
    by_rule = Inflection(language, lexicon(language)._whole | dict.fromkeys(listed, ()))
    by_rule._irregular.clear()
    assert [
        one for word, forms in listed.items() for one in forms if by_rule.dictionary_form(one) == word
    ] == []


@pytest.mark.parametrize("language", sorted(INFLECTED))
def test_words_that_stand_apart_would_be_read_as_others(language, monkeypatch):
    known = lexicon(language)
    # One that the thesaurus has got since is itself first.
    apart = [word for word in APART[language] if not known.as_written(word)]
    assert [word for word in apart if read_word(word, language).concepts] == []
    monkeypatch.setattr(known, "_apart", frozenset())
    assert sum(bool(read_word(word, language).concepts) for word in apart) > len(apart) * 0.9


def test_word_that_stands_apart_stays_a_word_of_its_language():
    assert [term.term for term in analyze("Augenblicke", "de") if term.kind != "letters"] == ["augenblik"]
    assert set(languages_of(["nightmare"])) == {("en",)}


@pytest.mark.parametrize(
    ("word", "language", "wrong"),
    [
        ("Einsatzort", "de", "=egg"),
        ("profitieren", "de", "=animal"),
        ("Lebensgeschichte", "de", "=liver"),
        ("unterhaltsame", "de", "=seed (plant)"),
        ("Fahndung", "de", "=fertiliser"),
        ("romantische", "de", "=table"),
        ("besuchten", "de", "=broom"),
        ("begleitete", "de", "=ladder"),
        ("Vereinsmeierei", "de", "=duck"),
        ("beförderung", "sv", "=coil (metal)"),
        ("nyfikenhet", "sv", "=hot"),
        ("corner", "en", "=corn"),
        ("Proteingehalt", "de", "=wage"),
        ("bundesweit", "de", "=wide"),
        ("Schüsselchen", "de", "=moose"),
        ("Duisburg", "de", "=castle"),
        ("småskalig", "sv", "=peel (fruit)"),
        ("sadelmakare", "sv", "=couple"),
        ("glutenhalt", "sv", "=hold"),
    ],
)
def test_endings_are_no_parts_of_compounds(word, language, wrong):
    assert wrong not in concepts_of(word, language)


def test_short_words_of_languages_that_are_written_alike_are_others():
    assert read_word("torn", "en").concepts == ()
    assert "=food" in concepts_of("Food", "de")
