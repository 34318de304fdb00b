"""Times, languages and sentences as participants read them, in letters and on the live page."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time

from service.forums.schemas import ForumRead
from service.platform.phrasebook import in_script, language_of, phrasebook, reading_language

SENTENCES = phrasebook("service.meetings", "sentences.psv")


@dataclass(frozen=True)
class Wording:
    """How one participant is spoken to about a forum."""

    language: str
    """A language of the phrasebook, with its script."""
    forum: ForumRead

    def say(self, key: str, /, **values: object) -> str:
        """Say a sentence with its places filled."""
        return SENTENCES.say(key, self.language, **values)

    @property
    def forum_name(self) -> str:
        """The forum's name in the reader's language, else in another that it has."""
        names, own = self.forum.name, self._base
        if own in names:
            return self._written(names[own])
        return next(names[one] for one in ("en", "ru", *names) if one in names)

    def day(self, value: date) -> str:
        """Write a day."""
        return self._written(format_date(value, format="long", locale=self._locale))

    def time(self, value: datetime) -> str:
        """Write a moment with its day, by the forum's clocks."""
        return self._written(format_datetime(value, "EEE d MMM, HH:mm", self._zone, locale=self._locale))

    def hour(self, value: datetime) -> str:
        """Write the hour of a moment, by the forum's clocks."""
        return format_time(value, "HH:mm", self._zone, locale=self._locale)

    def local_day(self, value: datetime) -> date:
        """Give the day of a moment, by the forum's clocks."""
        return value.astimezone(self._zone).date()

    def tongue(self, tag: str) -> str:
        """Name a language."""
        return self._written(str(self._locale.languages.get(tag, tag)))

    @property
    def _base(self) -> str:
        return self.language.split("-", maxsplit=1)[0]

    @property
    def _locale(self) -> Locale:
        return Locale.parse(self._base)

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.forum.time_zone)

    def _written(self, words: str) -> str:
        return in_script(words, self.language) if self.language in {"kk-Latn", "kk-Arab"} else words


def wording_for(languages: list[str], forum: ForumRead, *, chosen: str | None = None) -> Wording:
    """Choose how to speak to a participant: as chosen on the page, else by its business languages."""
    return Wording(language_of(chosen or "") or reading_language(languages), forum)
