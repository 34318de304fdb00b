"""Shortcuts of reading give what the long way gives."""

import gc
import pickle
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching import (
    MatchConfig,
    PartnerIndex,
    Profile,
    ProfileChange,
    Statement,
    TextVectorizer,
    bulk,
    vectorizer,
)
from matching.text import analyzer, counting, language, loops, meanings, stemming, term_vectorizers, weighting
from matching.text.analyzer import units_in, units_of
from matching.text.kazakh import _ENDINGS, _LENGTHS, _fits, _hardened, _without
from matching.text.language import languages_of
from matching.text.lexicon import lexicon
from matching.text.memo import Memo
from matching.text.stemming import shortened, shortened_twice
from matching.text.term_vectorizers import CodeVectorizer, UnitVectorizer
from matching.vectorizer import NO_NEW_TERMS, ProfileVectorizer, analyze_profile, count_profiles
from tests.matching import strategies

# Known words of several languages, function words, words that nobody knows, in four scripts.
WORDS = (
    "honey мёд балды бал үшін және für och för bir ve asal sotuvchi wool Wolle ull yün жүн zolbergen "
    "bakedoru дельфинарий шерсти түйе қымыз كىلەم عسل 蜂蜜 λόγος şeker qant socker Zucker sugar сахар"
).split()
texts = st.lists(st.sampled_from(WORDS), max_size=12)


def all_read(words):
    """Choose the languages with every word looked up in the thesaurus of every language."""
    chosen = {}
    told = [language._Told(word) for word in words]
    for one in told:
        one.read()
    for script in {one.script for one in told}:
        candidates = language._CANDIDATES[script]
        votes = dict.fromkeys(candidates, 0)
        for one in told:
            for tongue, vote in zip(candidates, one.votes, strict=False) if one.script == script else ():
                votes[tongue] += vote
        ordered = sorted(candidates, key=lambda tongue: -votes[tongue])
        best = votes[ordered[0]]
        chosen[script] = (
            tuple(tongue for tongue in ordered if votes[tongue] > best - language._TOO_NEAR)
            if best
            else (ordered[0],)
        )
    return [chosen[one.script] for one in told]


@given(texts)
def test_languages_are_those_that_all_words_tell(words):
    expected = all_read(words)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(language, "_TOLD", Memo(language._Told, 1000))
        assert languages_of(words) == expected
        assert languages_of(words) == expected


def test_rare_word_is_not_looked_up_where_the_others_tell(monkeypatch):
    monkeypatch.setattr(language, "_TOLD", Memo(language._Told, 1000))
    words = "the honey and the wool of the sheep with the milk zolbergen".split()
    languages_of(words[:-1])
    for word in words[:-1]:
        language._TOLD[word].read()
    assert set(languages_of(words)) == {("en",)}
    assert not language._TOLD["zolbergen"].is_read


@given(st.text("aeıöujwşğqyscgnz'", max_size=8))
def test_signs_of_kazakh_need_certain_letters(word):
    assert language._is_kazakh_only(word) == (language._KAZAKH_ONLY.search(word) is not None)


def test_words_behind_the_deciding_ones_have_a_language_too():
    told = languages_of(["honey"] * 250 + ["мёд", "honey"])
    assert told == [("en",)] * 250 + [("ru",), ("en",)]


def without_ending(key, tongue, least):
    """List what is left of a key without an ending, the shortest ending first."""
    cuts = range(len(key) - 1, max(least, stemming._LEAST_DERIVED_FROM.get(tongue, 0)) - 1, -1)
    behind = {"t": "ptkshfcbvgd", "d": "aeioulmnrzj", "l": "aeiour"} if tongue == "kk" else {}
    return [
        key[:cut]
        for cut in cuts
        if key[cut:] in stemming._ENDINGS[tongue] and key[cut - 1] in behind.get(key[cut], key)
    ]


@pytest.mark.parametrize("tongue", ["en", "ru", "kk", "tr", "de", "sv", "uz"])
@given(st.text("acdegihjklmnorstuz", max_size=14))
def test_endings_are_taken_off_one_after_the_other(tongue, plain):
    once = without_ending(plain, tongue, 3)
    twice = [two for one in once for two in without_ending(one, tongue, 4)]
    assert [one for one in shortened(plain, tongue) if plain.startswith(one)] == once
    assert [two for two in shortened_twice(plain, tongue) if plain.startswith(two)] == twice


@pytest.mark.parametrize("tongue", ["ru", "de", "sv"])
def test_parts_are_left_out_by_their_beginning_only_where_they_are_unknown(tongue, monkeypatch):
    known = lexicon(tongue)
    words = {word[start:] for word in known._whole for start in range(len(word))}
    words |= {word.replace("ö", "oe").replace("ä", "ae").replace("ü", "ue") for word in known._whole}
    # Words of another alphabet are read too.
    words |= {word[start:] for word in lexicon("sv")._whole for start in range(len(word))}
    compounds = known._compounds
    found = {word: compounds.part(word) for word in words}
    monkeypatch.setattr(compounds, "_may_begin", defaultdict(lambda: True))
    assert found == {word: compounds.part(word) for word in words}


def test_consonants_of_russian_keys_may_have_been_hardened():
    assert shortened("knijnik", "ru") == ("knijni", "knijn", "knij", "knig")
    assert shortened_twice("knijnik", "ru") == ("knijn", "knij", "knig")


@given(st.text("абдеғінмңртысыйлқ", max_size=12))
def test_longest_ending_that_fits_is_taken(word):
    by_trying = (
        _hardened(word.removesuffix(form)) if form[0] in "ыі" else word.removesuffix(form)
        for form, ending in sorted(_ENDINGS.items(), key=lambda one: (-len(one[0]), one[0]))
        if word.endswith(form) and _fits(word.removesuffix(form), ending)
    )
    assert _without(word, _ENDINGS, _LENGTHS) == next(by_trying, word)


@settings(max_examples=30)
@given(st.lists(texts.map(" ".join), max_size=7))
def test_texts_in_pieces_are_weighed_as_at_once(given_texts):
    at_once = TextVectorizer(saturation=1.2, length=0.5)
    rows = at_once.fit_transform(given_texts)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(bulk, "_DOCUMENTS_OF_A_TASK", 2)
        in_pieces = TextVectorizer(saturation=1.2, length=0.5)
        assert_same(in_pieces.fit_transform(given_texts), rows)
        assert_same(in_pieces.transform([*given_texts, "felt"]), at_once.transform([*given_texts, "felt"]))
    assert in_pieces.get_feature_names_out().tolist() == at_once.get_feature_names_out().tolist()


def as_heard(units):
    return [(unit.concepts, unit.broader, unit.words, unit.letters, unit.is_beside) for unit in units]


# Words that say something of others, homonyms, phrases, and what is cut at commas.
OF_OTHERS = (
    "not|only|without|for|with|емес|sunflower oil|балсыз|лук|тек|қана|мёдом не торгуем|restaurant|the|,|"
    "сүт ұнтағы|soap with honey|蜂蜜和茶|арналған|in|кроме"
).split("|")


@settings(max_examples=50)
@given(
    st.lists(st.lists(st.sampled_from([*WORDS, *OF_OTHERS]), max_size=14).map(" ".join), max_size=5),
    st.sampled_from([None, "kk", "ru-RU", "zh"]),
)
def test_texts_read_together_say_what_each_says_alone(given_texts, named):
    languages = [named, None, None, named, None][: len(given_texts)]
    together = units_in(given_texts, languages)
    alone = [units_of(text, language) for text, language in zip(given_texts, languages, strict=True)]
    assert [as_heard(units) for units in together] == [as_heard(units) for units in alone]


LOOPS = {
    loops: ("_obey", "_say"),
    analyzer: ("obey",),
    meanings: ("tell",),
    counting: ("add_up", "meet"),
    term_vectorizers: ("beside", "normalise"),
    weighting: ("normalise", "summed"),
    vectorizer: ("put",),
}


def test_loops_give_the_same_when_they_are_not_compiled(monkeypatch):
    sides = (
        [
            Profile("E1", Statement(("sunflower oil not honey, лук и стрелы, сёдла, ножи",), ("1512",))),
            Profile("E2", seeks=Statement(("not only honey for bread with milk", "қойға арналған жем"))),
            Profile(
                "E3",
                seeks=Statement(
                    (
                        "бал емес, тек қана бал емес",
                        "мёдом не торгуем для пчёл",
                        "арналған жем",
                        "бізде бал жоқ",
                    )
                ),
            ),
        ],
        [Profile("X1", Statement(("honey and milk, 蜂蜜和茶", ""))), Profile("X2")],
    )
    newer = ProfileChange("X2", "exporter", Profile("X2", Statement(("felt zolbergen",))))
    texts = [text for side in sides for one in side for text in (*one.offers.texts, *one.seeks.texts)]

    def made():
        index = PartnerIndex.build(*sides).apply([newer], renew=False)
        rows = TextVectorizer(saturation=1.2).fit(texts[2:]).transform(texts)
        return index.pairs(3), rows.toarray().tolist()

    compiled = made()
    for module, names in LOOPS.items():
        for name in names:
            monkeypatch.setattr(module, name, getattr(module, name).py_func)
    analyze_profile.cache_clear()
    assert made() == compiled


def test_units_that_were_read_before_are_weighed_as_their_texts():
    given_texts = ["қою бал", "honey and wool", ""]
    read = [units_of(text) for text in given_texts]
    fitted = UnitVectorizer(**MatchConfig().of_text()).fit(read)
    assert_same(fitted.transform(read), TextVectorizer().fit_transform(given_texts))


def test_codes_that_were_not_learned_are_passed_over():
    rows = CodeVectorizer().fit([{"04": 1.0, "0409": 1.0}]).transform([{"0409": 1.0, "52": 1.0}, {"52": 1.0}])
    assert rows.toarray().tolist() == [[0.0, 1.0], [0.0, 0.0]]


def assert_same(one, other):
    assert one.shape == other.shape
    for name in ("data", "indices", "indptr"):
        assert np.array_equal(getattr(one, name), getattr(other, name))


@settings(max_examples=30)
@given(strategies.side("E"), strategies.side("X"), strategies.side("Y"), strategies.configs)
def test_profiles_in_pieces_are_weighed_as_at_once(entrepreneurs, exporters, later, config):
    at_once = PartnerIndex.build(entrepreneurs, exporters, config)
    # Some of the terms of those that come later are new.
    rows, new = at_once.statistics.weigh(count_profiles(later, config), "exporter", NO_NEW_TERMS)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(bulk, "_DOCUMENTS_OF_A_TASK", 2)
        index = PartnerIndex.build(entrepreneurs, exporters, config)
        assert index.pairs(3) == at_once.pairs(3)
        again, also_new = index.statistics.weigh(count_profiles(later, config), "exporter", NO_NEW_TERMS)
    assert set(also_new) == set(new)
    column_of = list(range(at_once.statistics.n_columns)) + [also_new[term] for term in new]
    assert (again.toarray()[:, column_of] == rows.toarray()).all()


def test_profiles_beyond_those_that_are_remembered_are_counted(monkeypatch):
    monkeypatch.setattr("matching.vectorizer._REMEMBERED_PROFILES", 1)
    profiles = [Profile(f"E{n}", seeks=Statement(texts=("honey",))) for n in range(2)]
    (counted,) = count_profiles(profiles, MatchConfig())
    assert (counted.n, counted.says_something.tolist()) == (2, [True, True])


def test_garbage_is_collected_again_after_work_in_another_process():
    def work(piece):
        assert not gc.isenabled()
        return len(piece) // piece[0]

    assert bulk._uncollected(work, [1, 2]) == 2
    with pytest.raises(ZeroDivisionError):
        bulk._uncollected(work, [0])
    assert gc.isenabled()
    assert gc.get_freeze_count()
    gc.unfreeze()


def test_nobody_is_counted_as_one_empty_piece():
    (counted,) = count_profiles([], MatchConfig())
    assert ProfileVectorizer(MatchConfig()).learn([counted]).n_profiles == 0


@given(strategies.profiles("E1"))
def test_profile_goes_to_other_processes_and_back(profile):
    assert pickle.loads(pickle.dumps(profile)) == profile  # noqa: S301 - its own bytes
