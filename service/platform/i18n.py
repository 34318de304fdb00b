"""Languages of the service: which one a caller reads, and every sentence in it."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, negotiate_locale
from babel.dates import format_date, format_skeleton
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from babel.support import Translations

LANGUAGES = ("kk", "ru", "en")
SOURCE_LANGUAGE = "en"
LANGUAGE_NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}


@cache
def catalogue(language: str) -> Translations:
    """Load the translations of one language from its catalogue."""
    if language == SOURCE_LANGUAGE:
        return Translations()
    source = files("service") / "locale" / language / "LC_MESSAGES" / "messages.po"
    compiled = BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return Translations(compiled)


@dataclass(frozen=True)
class Message:
    """A sentence that is put into the reader's language when it is shown."""

    template: str
    params: dict[str, Any] = field(default_factory=dict)

    def text(self, language: str) -> str:
        """Say it in a language."""
        sentence = str(catalogue(language).ugettext(self.template))
        if not self.params:
            return sentence
        return sentence.format_map({name: _shown(value, language) for name, value in self.params.items()})

    def __str__(self) -> str:
        return self.text(SOURCE_LANGUAGE)


def _shown(value: Any, language: str) -> Any:
    """Write what fills a sentence; a time stands as the clocks show where it is meant."""
    match value:
        case Message():
            return value.text(language)
        case datetime():
            return f"{format_skeleton('MMMd', value, locale=language)}, {value:%H:%M}"
        case date():
            return day(value, language)
    return value


def message(template: str, /, **params: Any) -> Message:
    """Mark a sentence for translation; `{name}` is filled from the parameters."""
    return Message(template, params)


def choose_language(chosen: str | None, accept_language: str | None) -> str:
    """Pick the language of an answer: the chosen one, else the best of the browser's wishes."""
    if chosen in LANGUAGES:
        return chosen
    preferred = [tag.split("-")[0] for tag in wished_languages(accept_language)]
    return negotiate_locale(preferred, LANGUAGES) or SOURCE_LANGUAGE


def wished_languages(accept_language: str | None) -> list[str]:
    """List the tags that a browser wishes for, the most wished first."""
    wishes = []
    for part in (accept_language or "").split(","):
        tag, _, quality = part.partition(";")
        try:
            wishes.append((-float(quality.strip().removeprefix("q=") or 1), tag.strip()))
        except ValueError:
            continue
    return [tag for _, tag in sorted(wishes, key=lambda wish: wish[0]) if tag]


def country_name(code: str, language: str) -> str:
    """Name a country in a language; an unknown code stands for itself."""
    return str(Locale(language).territories.get(code, code))


def language_name(tag: str, language: str) -> str:
    """Name a language in a language; an unknown tag stands for itself."""
    names = Locale(language).languages
    return str(names.get(tag.replace("-", "_"), names.get(tag.split("-", maxsplit=1)[0], tag)))


def day(value: date, language: str) -> str:
    """Write a day as its readers do."""
    return format_date(value, format="long", locale=language)


def days(first: date, last: date, language: str) -> str:
    """Write from which day to which something lasts; what both days share is said once."""
    if (first.year, first.month) != (last.year, last.month):
        return f"{day(first, language)} – {day(last, language)}"
    if first == last:
        return day(first, language)
    pattern = Locale(language).date_formats["long"].pattern
    return format_date(last, re.sub(r"\bd\b", f"'{first.day}–'d", pattern), locale=language)


def number(value: Decimal | float, language: str, places: int | None = None) -> str:
    """Write a number as its readers do, with so many digits after the mark, or as many as it has."""
    return format_decimal(value, None if places is None else f"0.{'0' * places}", locale=language)


def percent(share: float, language: str) -> str:
    """Write a share in whole per cent as its readers do."""
    return format_percent(share, locale=language)


def moment(value: datetime, language: str, time_zone: str = "UTC") -> str:
    """Write a moment to the minute as its readers do, in a time zone that is named."""
    shown = value.astimezone(ZoneInfo(time_zone))
    return f"{format_date(shown, format='medium', locale=language)}, {shown:%H:%M} {shown.tzname()}"


def span(start: datetime, end: datetime, language: str, time_zone: str) -> str:
    """Write from when to when something lasts, by the clocks of a zone; the day is said once."""
    first, last = (one.astimezone(ZoneInfo(time_zone)) for one in (start, end))
    until = f"{last:%H:%M}" if last.date() == first.date() else f"{day(last.date(), language)}, {last:%H:%M}"
    return f"{day(first.date(), language)}, {first:%H:%M}–{until}"


def hours(start: datetime, end: datetime, time_zone: str) -> str:
    """Write from which hour to which something lasts, by the clocks of a zone."""
    zone = ZoneInfo(time_zone)
    return f"{start.astimezone(zone):%H:%M}–{end.astimezone(zone):%H:%M}"
