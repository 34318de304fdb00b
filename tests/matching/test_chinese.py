from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.text.chinese import chinese
from matching.text.function_words import FUNCTION_WORDS
from matching.text.thesaurus import concepts

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
    assert [word for word, reading in chinese().cut(run) if reading.concepts] == known


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
    assert [word for word, _ in chinese().cut(run)] == words
