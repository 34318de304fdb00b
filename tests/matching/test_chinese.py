from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.text.analyzer import analyze
from matching.text.chinese import chinese
from matching.text.function_words import FUNCTION_WORDS
from matching.text.thesaurus import concepts
from matching.text.words import words_in

WORDS = frozenset(word for one in concepts().values() for word in one.words.get("zh", ()))
# Characters of words that overlap, of grammar, and one that no word has.
CHARACTERS = "服装店工作房屋活动中医师的和蜂蜜加厂明胶片䶮"


def cuts(run: str) -> Iterator[tuple[str, ...]]:
    """List all ways to cut a run."""
    if not run:
        yield ()
    for length in range(1, len(run) + 1):
        for rest in cuts(run[length:]):
            yield (run[:length], *rest)


def best(run: str) -> list[str]:
    """Give the pieces of the best of all ways to cut a run, with grammar and unknown characters."""

    def rank(cut: tuple[str, ...]) -> tuple[int, list[int]]:
        return sum(map(cost, cut)), [-len(piece) if is_known(piece) else 0 for piece in cut]

    possible = (cut for cut in cuts(run) if all(len(one) == 1 or is_known(one) for one in cut))
    return list(min(possible, key=rank))


def cost(piece: str) -> int:
    if not is_known(piece):
        return 4
    return 3 if len(piece) == 1 and piece not in FUNCTION_WORDS["zh"] else 2


def is_known(piece: str) -> bool:
    return piece in WORDS or piece in FUNCTION_WORDS["zh"]


@given(st.text(CHARACTERS, max_size=8))
def test_run_is_cut_as_the_best_of_all_cuts(run):
    pieces = best(run)
    known = [piece for piece in pieces if is_known(piece) and piece not in FUNCTION_WORDS["zh"]]
    assert [one.word for one in chinese().cut(run) if one.reading.concepts] == known


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ("工作服装店", ["工作", "服装店"]),
        ("粉刷工程", ["粉刷", "工程"]),
        ("苹果和服装", ["苹果", "服装"]),
        ("中医师", ["中医", "师"]),
        ("蜂蜜的䶮䶮", ["蜂蜜", "䶮䶮"]),
        ("明胶片", ["明胶", "片"]),
        ("羽毛球场", ["羽毛球场"]),
        ("", []),
    ],
)
def test_run_is_cut_into_words(run, words):
    assert [one.word for one in chinese().cut(run)] == words


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ("我们要收牛皮", ["牛皮"]),
        ("有不少样品", ["样品"]),
        ("先看样品", ["看", "样品"]),
        ("面向牧场招学生", ["牧场", "学生"]),
        ("通过认证", ["认证"]),
        ("进口收割机", ["进口", "收割机"]),
        ("每年出口面粉", ["每年", "出口", "面粉"]),
        ("做䶮䶮", ["䶮䶮"]),
        ("不锈钢和不加蜂蜜", ["不锈钢", "蜂蜜"]),
    ],
)
def test_grammar_says_nothing_and_parts_words(run, words):
    assert [one.word for one in chinese().cut(run)] == words


@pytest.mark.parametrize(
    ("run", "said"),
    [
        ("三百台拖拉机", [("拖拉机", "tractor")]),
        ("六百节", []),
        ("十来天", [("天", "daily")]),
        ("三百多头牛", [("牛", "cattle")]),
        ("二十三家", []),
        ("数十万吨", [("吨", "tonne")]),
        ("十五家", [("十五", "fifteen")]),
        ("两台", [("两", "two")]),
        ("第三", [("第三", "three")]),
        ("一次性", [("一次性", "disposable")]),
        ("每台", [("每", "all")]),
        ("五百克", [("克", "gram")]),
        ("两千克", [("两", "two"), ("千克", "kilogram")]),
        ("几毫米", [("毫米", "metre")]),
        ("两升", [("升", "litre")]),
        ("零下四十度", [("度", "temperature")]),
        ("米", [("米", "rice")]),
        ("浓度", [("浓", "thick"), ("度", None)]),
        ("䶮克", [("䶮克", None)]),
    ],
)
def test_number_is_one_word_and_tells_units(run, said):
    found = [(one.word, one.reading.concepts) for one in chinese().cut(run)]
    assert [word for word, _ in found] == [word for word, _ in said]
    assert all(
        concept in ids if concept else not ids for (_, ids), (_, concept) in zip(found, said, strict=True)
    )


@pytest.mark.parametrize(
    ("run", "denied"),
    [
        ("不含糖和盐的果汁", ["糖", "盐"]),
        ("无防腐剂或䶮和盐", ["防腐剂"]),
        ("无䶮盐", []),
        ("不熏硫杏干", ["硫"]),
        ("不用农药种苹果", ["农药"]),
        ("没加热过的蜂蜜", ["加热"]),
        ("不甜和辣", ["甜"]),
        ("不很甜", []),
        ("口味别太甜", ["甜"]),
        ("不要的糖", []),
        ("不要电镀的银器", ["电镀"]),
        ("不仅甜", []),
        ("不但有蜂蜜", []),
        ("不锈钢管", []),
        ("类别和蜂蜜", []),
    ],
)
def test_what_a_run_denies(run, denied):
    assert [one.word for one in chinese().cut(run) if one.denied] == denied


def test_very_long_numbers_are_cut():
    assert len(chinese().cut("一" * 100_000)) == 0


def named(text):
    return {term.surface: term.term for term in analyze(text) if term.kind == "concept"}


def test_number_in_digits_tells_units():
    assert words_in("厚8毫米，E330蜂蜜，3.5米") == ["厚", "几毫米", "E330", "蜂蜜", "几米"]
    assert named("8毫米") == {"毫米": "=metre"}
    assert named("米") == {"米": "=rice"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("BAL文件", {"文件": "=document"}),
        ("WOOLS文件", {"文件": "=document"}),
        ("GMP文件", {"GMP": "=gmp", "文件": "=document"}),
        # As many Latin words as runs, but not more, may stand in a Chinese text.
        ("BAL文件，BRC蜂蜜", {"文件": "=document", "BRC": "=brc", "蜂蜜": "=honey"}),
        ("BAL qoi文件", {"BAL": "=honey", "qoi": "=sheep", "文件": "=document"}),
    ],
)
def test_capitals_among_chinese_are_english_as_they_stand(text, said):
    assert named(text) == said


def test_abbreviation_among_chinese_meets_itself_in_another_text():
    assert "lme" in {term.term for term in analyze("LME铜价")} & {term.term for term in analyze("LME price")}
