"""Clauses that say what a business does not want or do, or no longer.

"We do not trade in honey", «мёд не нужен», «бал сатпаймыз»: what is denied is the trade, and the goods stand
anywhere in the clause. "Formerly we sold honey, today we buy wool": where a clause tells of the past and
another of now, the goods of the first are past.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from matching.text.function_words import DENYING_BEFORE, LIMITING
from matching.text.listed import small
from matching.text.stemming import key
from matching.text.words import words_in

# What ends a clause; a dash does where it stands between blanks.
_ENDS = re.compile("[,;:.!?()…\n،؛؟，、。；：！？（）]|\\s[-–—]\\s")
_BREAKING: dict[str, frozenset[str]] = {
    "en": frozenset("but now today instead while whereas".split()),
    "ru": frozenset("а но зато теперь сейчас сегодня".split()),
    "de": frozenset("sondern aber jetzt heute".split()),
    "sv": frozenset("utan men nu idag".split()),
    "kk": frozenset("бірақ ал енді қазір".split()),
    "tr": frozenset("ama fakat ancak şimdi artık".split()),
    "uz": frozenset("lekin ammo endi hozir лекин аммо энди ҳозир".split()),
}
_NEGATORS: dict[str, frozenset[str]] = {
    "en": frozenset("not never don't doesn't didn't won't isn't aren't can't longer".split()),
    "ru": frozenset("не".split()),
    "de": frozenset("nicht nie niemals".split()),
    "sv": frozenset("inte aldrig ej".split()),
}
# How far behind a negator its verb is; in German and Swedish the verb stands before it as well.
_REACH = 3
_ANYWHERE = frozenset({"de", "sv"})
# Beginnings of the verbs of trade and of wishes.
_TRADING: dict[str, tuple[str, ...]] = {
    "en": tuple(
        "trade trading deal sell buy purchas need want seek looking interested produce producing make making "
        "import export offer supply stock carry require accept".split()
    ),
    "ru": tuple(
        "торгу прода закуп покуп произв выпуска ищ нуж треб интерес занима возим импортир экспортир поставля "
        "работа предлага".split()
    ),
    "de": tuple(
        "handel verkauf kauf such brauch benötig produzier herstell stell importier exportier liefer "
        "interess biet führ arbeit".split()
    ),
    "sv": tuple(
        "handla säl köp sök behöv tillverk producer importer exporter lever erbjud intresser arbet".split()
    ),
}
# Those of the agglutinative languages carry their denial in themselves: their roots, and how they go on in
# plain letters. What looks like it may be "our": фирмамыз.
_TRADING_ROOTS: dict[str, str] = {
    "kk": "сат ал саудала саудалас айналыс істе өндір шығар жаса дайында ізде қала керексін қажетсін қызық "
    "экспортта импортта әкел жеткіз жібер тарат ұсын қабылда ет қыл",
    "tr": "sat al ara iste üret yap çalış uğraş ilgilen duy getir sun pazarla dağıt bulundur et",
    "uz": "sot ol izla qidir ista xohla chiqar ishla shug'ullan keltir yetkaz tarqat qil et",
}
_DENIAL: dict[str, str] = {
    "kk": "[bpm][ae]i(?:miz|min)",
    "tr": "(?:m[iu]yor(?:uz|um)|m[ae]y[iu]z)",
    "uz": "ma(?:[iy]miz|[iy]man|[iy]apmiz|[iy]apman)",
}
# Behind another verb the verb of taking says that one cannot, which denies nothing: таба алмаймыз.
_CANNOT: dict[str, re.Pattern[str]] = {
    "kk": re.compile("almai(?:miz|min)"),
    "uz": re.compile("olma[iy](?:miz|man|apmiz|apman)"),
}
_LIKE_ANOTHER_VERB = tuple("aei")
# A need is denied by the word behind it: керек емес, ihtiyacımız yok, kerak emas.
_NEED: dict[str, tuple[str, ...]] = {
    "kk": ("керек", "қажет"),
    "tr": ("ihtiyaç", "ihtiyac", "gerek", "lazım"),
    "uz": ("kerak", "керак"),
}
_PAST: dict[str, frozenset[str]] = {
    "en": frozenset("formerly previously earlier".split()),
    "ru": frozenset("раньше прежде ранее".split()),
    "de": frozenset("früher ehemals einst zuvor".split()),
    "sv": frozenset("tidigare förr förut".split()),
    "kk": frozenset("бұрын бұрындары ертеректе".split()),
    "tr": frozenset("eskiden önceden önceleri".split()),
    "uz": frozenset("avval ilgari oldin аввал илгари".split()),
    "zh": frozenset("以前 过去 曾经 原来 从前".split()),
}
_NOW: dict[str, frozenset[str]] = {
    "en": frozenset("now today".split()),
    "ru": frozenset("теперь сейчас сегодня".split()),
    "de": frozenset("jetzt heute".split()),
    "sv": frozenset("nu idag".split()),
    "kk": frozenset("енді қазір".split()),
    "tr": frozenset("şimdi artık".split()),
    "uz": frozenset("endi hozir энди ҳозир".split()),
    "zh": frozenset("现在 如今 目前".split()),
}
_USED_TO = ("used", "to")
# What is no more may be no longer.
_NO_LIMIT = frozenset({"more", "больше", "mehr", "mer"})
_BREAKING_CHINESE = re.compile("[但而只]")
_TRADING_CHINESE = "|".join(
    "卖 做 经营 销售 生产 采购 需要 要 买 收 收购 从事 提供 供应 出口 进口 加工 制造 代理 经销 批发 零售 "
    "种植 养殖".split()
)
# 别 ends other words too: 特别, 类别. What asks whether (要不要) denies nothing.
_DENIED_CHINESE = re.compile(
    f"(?:不|没有?|未)(?:再|能|会|想)?(?:{_TRADING_CHINESE})|"
    f"(?:(?<![特类个级性区])别|勿|不让|不准|不许|禁止|严禁|拒绝)再?(?:用|使用|{_TRADING_CHINESE})"
)
_ASKING_CHINESE = re.compile(r"(.)[不没]\1")


class _Clause(NamedTuple):
    """The words of a clause as they are compared, their language, and the place of the first one."""

    words: list[str]
    language: str
    start: int

    @property
    def places(self) -> range:
        return range(self.start, self.start + len(self.words))


@lru_cache(maxsize=8192)
def may_deny(word: str, language: str) -> bool:
    """Tell whether a word is a sign that clauses may matter in its text.

    Examples
    --------
    >>> may_deny("сатпаймыз", "kk"), may_deny("сатамыз", "kk"), may_deny("not", "en")
    (True, False, True)
    """
    if language == "zh":
        return _is_denied_chinese(word) or _is_past([word], language)
    plain = _plain(word, language)
    return plain in _signs(language) or _is_denied_verb(plain, language)


@cache
def _signs(language: str) -> frozenset[str]:
    words = (_words(one, language) for one in (_NEGATORS, _PAST, DENYING_BEFORE))
    return frozenset({_USED_TO[0]}).union(*words)


def denied_places(text: str, languages: Sequence[str], names_goods: Sequence[bool]) -> set[int]:
    """Find the words that stand in clauses which say what is not so, or no longer.

    Parameters
    ----------
    text : str
    languages : sequence of str, length n
        Of the words of the text, as `words_in` gives them.
    names_goods : sequence of bool, length n
        Whether a word names goods.

    Notes
    -----
    Linear in the length of the text.
    """
    denied: set[int] = set()
    past: list[_Clause] = []
    for clause in _clauses(text, languages):
        if _denies(clause, names_goods):
            denied.update(clause.places)
        elif _is_past(clause.words, clause.language):
            past.append(clause)
        elif _is_now(clause) and any(names_goods[place] for place in clause.places):
            denied.update(place for one in past for place in one.places)
            past.clear()
    return denied


def _clauses(text: str, languages: Sequence[str]) -> Iterator[_Clause]:
    start = 0
    for part in _ENDS.split(text):
        words: list[str] = []
        for word in words_in(part):
            language = languages[start + len(words)]
            plain = _plain(word, language)
            if words and plain in _words(_BREAKING, language):
                yield _Clause(words, languages[start], start)
                start, words = start + len(words), []
            words.append(plain)
        if words:
            yield _Clause(words, languages[start], start)
        start += len(words)


def _denies(clause: _Clause, names_goods: Sequence[bool]) -> bool:
    words, language = clause.words, clause.language
    if language == "zh":
        return any(map(_is_denied_chinese, words))
    if not (_words(LIMITING, language) - _NO_LIMIT).isdisjoint(words):
        return False
    if language in _NEGATORS:
        return any(
            word in _NEGATORS[language]
            and _trades(words if language in _ANYWHERE else words[place + 1 : place + 1 + _REACH], language)
            for place, word in enumerate(words)
        )
    return any(
        _is_denied_verb(word, language) and not _is_inability(clause, place, names_goods)
        for place, word in enumerate(words)
    ) or any(
        word.startswith(_needs(language)) and behind in _words(DENYING_BEFORE, language)
        for word, behind in pairwise(words)
    )


def _trades(words: Sequence[str], language: str) -> bool:
    return any(word.startswith(_TRADING[language]) for word in words)


def _is_denied_verb(plain: str, language: str) -> bool:
    return language in _DENIAL and _denied_verb(language).fullmatch(plain) is not None


@cache
def _denied_verb(language: str) -> re.Pattern[str]:
    roots = "|".join(_plain(root, language) for root in _TRADING_ROOTS[language].split())
    return re.compile(f"(?:{roots}){_DENIAL[language]}")


def _is_inability(clause: _Clause, place: int, names_goods: Sequence[bool]) -> bool:
    """Tell whether a verb of taking only says that one cannot do what the verb before it tells.

    What looks like a verb may be the goods that are taken, where no others are: алма алмаймыз, бал таба
    алмаймыз.
    """
    words, cannot = clause.words, _CANNOT.get(clause.language)
    if not place or not cannot or not cannot.fullmatch(words[place]):
        return False
    before = clause.start + place - 1
    return words[place - 1].endswith(_LIKE_ANOTHER_VERB) and (
        not names_goods[before] or any(names_goods[clause.start : before])
    )


def _is_denied_chinese(run: str) -> bool:
    """Tell whether a run that is one clause denies its trade."""
    told = _ASKING_CHINESE.sub("", run)
    return _DENIED_CHINESE.search(told) is not None and _BREAKING_CHINESE.search(run) is None


def _is_past(words: Sequence[str], language: str) -> bool:
    if language == "zh":
        return any(sign in run for run in words for sign in _PAST["zh"])
    return not _words(_PAST, language).isdisjoint(words) or _USED_TO in pairwise(words)


def _is_now(clause: _Clause) -> bool:
    if clause.language == "zh":
        return any(sign in run for run in clause.words for sign in _NOW["zh"])
    return not _words(_NOW, clause.language).isdisjoint(clause.words)


def _plain(word: str, language: str) -> str:
    """Bring a word to what it is compared as: to plain letters where its language has several scripts."""
    return key(small(word, language), language) if language in _DENIAL else small(word, language)


@cache
def _needs(language: str) -> tuple[str, ...]:
    return tuple(_plain(word, language) for word in _NEED.get(language, ()))


def _words(by_language: Mapping[str, frozenset[str]], language: str) -> frozenset[str]:
    return _plain_words(by_language.get(language, frozenset()), language)


@cache
def _plain_words(words: frozenset[str], language: str) -> frozenset[str]:
    return frozenset(_plain(word, language) for word in words)
