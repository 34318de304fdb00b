import json
import re
from pathlib import Path

import numpy as np
import pytest

from tests.benchmarks import analysis, english, inflection, retrieval, translated, tuning
from tests.matching.test_relevance_benchmark import FILES

LINES = [
    {"id": 1, "en": "honey ; bee honey", "ru": "мёд", "kk": "бал"},
    {"id": 2, "en": "bread ; loaf", "ru": "хлеб", "kk": "нан"},
    {"id": 3, "en": "milk", "ru": "хлеб", "kk": "сүт"},
    {"id": 4, "en": "zzqx", "ru": "щщъ"},
]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "texts.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in LINES), encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_texts_that_repeat_are_left_out():
    assert retrieval.pair(LINES, "en", "ru") == (["honey ; bee honey", "zzqx"], ["мёд", "щщъ"])
    assert retrieval.pair(LINES, "ru", "sv") == ([], [])


def test_tie_counts_by_expectation():
    scores = np.array(
        [[1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0], [1.0, 0.9, 0.8, 0.7], [0.0, 0.0, 0.0, 1.0]]
    )
    assert retrieval.hit(scores, 1) == pytest.approx((1 / 2 + 1 / 4 + 0 + 1) / 4)
    assert retrieval.hit(scores, 2) == pytest.approx((1 + 2 / 4 + 0 + 1) / 4)
    assert retrieval.hit(scores, 10) == 1


def test_both_directions_are_measured():
    assert retrieval.hits_of(np.array([[1.0, 0.0], [1.0, 0.9]])) == (62.5, 100.0)


def test_titles_say_the_same_in_every_language():
    titles = retrieval.read(Path(retrieval.__file__).with_name("titles.jsonl"))
    assert len(titles) > 500
    assert all(line.keys() == {"kind", *retrieval.LANGUAGES} for line in titles)
    assert {line["kind"] for line in titles} == {"goods", "services", "business", "equipment"}
    for language in retrieval.LANGUAGES:
        texts = [line[language] for line in titles]
        assert len(set(texts)) == len(texts), language
    assert [line for line in titles if not re.search(r"[\u4e00-\u9fff]", line["zh"])] == []
    assert [
        line
        for line in titles
        if not re.search(r"[а-яё]", line["kk"]) or not re.search(r"[а-яё]", line["ru"])
    ] == []


def test_wishes_and_offers_belong_together():
    wishes, offers = (
        retrieval.read(Path(retrieval.__file__).with_name(f"{name}.jsonl")) for name in ("wishes", "offers")
    )
    assert [line["id"] for line in wishes] == [line["id"] for line in offers]
    assert all(line.keys() >= {"id", *retrieval.LANGUAGES} for line in wishes)
    compared = list(retrieval.answers(wishes, offers))
    assert len(compared) == 78
    assert min(len(left) for _, left, _ in compared) == 48


def test_texts_of_one_file_ask_for_those_of_another(tmp_path, capsys):
    asked = [{"id": 1, "en": "we buy honey", "kk": "нан"}, {"id": 2, "en": "bread wanted"}]
    given = [{"id": 1, "en": "honey from us", "ru": "мёд"}, {"id": 2, "en": "our bread", "ru": "хлеб"}]
    assert [(name, left) for name, left, _ in retrieval.answers(asked, given, ["en-ru", "kk-ru"])] == [
        ("en-ru", ["we buy honey", "bread wanted"]),
        ("kk-ru", ["нан"]),
    ]
    for name, lines in (("asked", asked), ("given", given)):
        (tmp_path / name).write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    retrieval.main([str(tmp_path / "asked"), "en-ru", "--answers", str(tmp_path / "given")])
    rows = capsys.readouterr().out.splitlines()
    assert rows[1].split() == "en-ru 2 50.0 / 100.0 50.0 / 100.0 100.0 / 100.0".split()
    assert rows[2].split() == "mean 1 50.0 / 100.0 50.0 / 100.0 100.0 / 100.0".split()


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("latin-2017", "qoi' ju'ni, s'ubat"),
        ("english-keys", "koi juni, shubat"),
        ("russian-keys", "кой жуни, шубат"),
    ],
)
def test_kazakh_is_written_as_keyboards_have_it(name, written):
    lines = [{"kk": "қой жүні, шұбат"}]
    ((_, _, found),) = retrieval.cases(lines, [name])
    assert found == [written]


def test_half_of_the_lines_can_be_measured(file):
    assert [line["id"] for line in retrieval.read(file, half=1)] == [2, 4]


def test_same_kazakh_text_is_found_in_every_script(file, capsys):
    retrieval.main([str(file), "latin-2021", "arabic"])
    rows = capsys.readouterr().out.splitlines()[1:]
    assert [row.split()[:2] for row in rows] == [["latin-2021", "3"], ["arabic", "3"], ["mean", "2"]]
    assert all(row.endswith("100.0 / 100.0") for row in rows)


def test_english_benchmark_compares_two_methods(file, folder, capsys):
    english.main([str(folder), str(file)])
    rows = capsys.readouterr().out.splitlines()
    assert [row[:20].strip() for row in rows[1:]] == ["BM25 (bm25s)", "TextVectorizer()"]


def test_tuning_ends_with_a_configuration(file, folder, capsys, monkeypatch):
    monkeypatch.setattr(tuning, "GRID", {"letters": (0.1, 0.2)})
    tuning.main([str(folder), str(file)])
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("{'balance': 0.5")


def test_texts_for_the_speed_of_reading_are_the_same_every_time():
    drawn = analysis.texts(3)
    assert drawn == analysis.texts(3)
    assert {len(text.split()) for text in drawn} == {analysis.WORDS}


def test_reading_in_bulk_is_measured_beside_the_search(monkeypatch, capsys):
    for name in ("importing", "memory"):
        monkeypatch.setattr(analysis, name, lambda: 1.0)
    analysis.main(["20", "--bulk", "40"])
    told = capsys.readouterr().out
    assert "read and weighed" in told
    assert "one text" in told
    assert "40 texts vectorised" in told
    assert "their 10 best" in told
    assert "10 best of rows of 80 terms" in told


@pytest.fixture
def places(tmp_path):
    package = tmp_path / "id-tagging-schema"
    names = {
        "en": {
            "shop/honey": {"name": "Honey Shop", "terms": "bees"},
            "shop/milk": {"name": "Dairy Shop"},
            "shop": {"terms": "store"},
        },
        "zh-CN": {"shop/honey": {"name": "蜂蜜店"}},
        "uz": None,
    }
    for language, presets in names.items():
        content = {} if presets is None else {"presets": {"presets": presets}}
        _write(package / f"dist/translations/{language}.json", {language: content})
    return package


@pytest.fixture
def signs(tmp_path):
    package = tmp_path / "cldr-annotations-full"
    for language in retrieval.WITH_ARABIC:
        annotations = {"🍯": {"default": ["x"], "tts": [f"honey {language}"]}, "☕": {"default": ["y"]}}
        _write(
            package / f"annotations/{language}/annotations.json",
            {"annotations": {"annotations": annotations}},
        )
    return package


def _write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")


def test_translated_places_are_lines_by_their_key(places, tmp_path, capsys):
    translated.main([str(places), str(tmp_path / "places.jsonl")])
    assert capsys.readouterr().out == "1 lines\n"
    lines = retrieval.read(tmp_path / "places.jsonl")
    assert lines == [{"id": "shop/honey", "en": "Honey Shop", "zh": "蜂蜜店"}]


def test_translated_signs_are_lines_with_kazakh_in_arabic_script(signs):
    (line,) = translated.lines(signs)
    assert line["kk-Arab"] == "honey kk-Arab"
    assert line.keys() == {"id", *retrieval.WITH_ARABIC}
    assert "kk-kk-Arab" in [name for name, _, _ in retrieval.cases([line], [])]


def test_other_package_is_refused(tmp_path):
    with pytest.raises(ValueError, match="is neither id-tagging-schema nor cldr-annotations-full"):
        translated.lines(tmp_path)


def test_inflected_words_are_compared_with_those_of_the_dictionary():
    pairs = [("apples", "apple"), ("qqqz", "apple"), ("milk", "apple"), ("rusts", "qqqz"), ("oils", "oil")]
    found = inflection.outcomes(pairs, "en")
    assert found["same"] >= 1
    assert (found["none"], found["others"], found.total()) == (1, 1, 4)
