"""Which meetings need an interpreter, and of which language."""

from collections.abc import Iterable, Mapping

# Each interpreter of a forum translates between its language and these two, which exporters speak.
BRIDGES = frozenset({"kk", "ru"})


def spoken(tag: str) -> str:
    """Give the language that a tag stands for when it is spoken: script and region do not matter then."""
    return tag.split("-", maxsplit=1)[0]


def interpreter_for(
    entrepreneur: Iterable[str], exporter: Iterable[str], there: Mapping[str, int]
) -> str | None:
    """Tell of which language a meeting needs an interpreter; None where it needs none.

    It needs none when the two share a language, or when one has not told any. Otherwise an interpreter of
    a language that one side speaks helps when the other side speaks Kazakh or Russian; among several the
    one of whom the forum has most is taken, then that of the entrepreneur, then the first by its tag. Where
    neither side speaks Kazakh or Russian, two languages would be needed: the entrepreneur's is named.
    """
    one, other = {spoken(tag) for tag in entrepreneur}, {spoken(tag) for tag in exporter}
    if one & other or not one or not other:
        return None
    helpful = (one - BRIDGES if other & BRIDGES else set()) | (other - BRIDGES if one & BRIDGES else set())
    if not helpful:
        # Kazakh on one side and Russian on the other: every interpreter knows both.
        helpful = set(there) if one | other <= BRIDGES and there else one
    return min(helpful, key=lambda language: (-there.get(language, 0), language not in one, language))
