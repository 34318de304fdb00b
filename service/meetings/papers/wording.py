"""Words of the papers in their reader's language: sentences, days, hours, countries, languages."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton

from service.meetings.papers.names import plain, printed
from service.meetings.papers.plan import ForumPlan, PlanForum, PlanParticipant, PlanSlot
from service.platform.phrasebook import in_script, is_right_to_left, isolated, phrasebook, reading_language
from service.profiles.vocabulary import Kind

_BOOK = phrasebook(__package__ or "", "papers.psv")
# Of the scripts of Kazakh, Babel knows the Cyrillic and the Arabic one.
_LOCALES: Final = {"kk-Arab": "kk_Arab", "kk-Latn": "kk"}
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Hours:
    """When a meeting is, in words; on a day on which the clock is changed, each hour tells its offset."""

    day: date
    starts: str
    ends: str

    @property
    def range(self) -> str:
        """Both hours in one line."""
        return f"{self.starts}–{self.ends}"


@dataclass(frozen=True)
class Wording:
    """What the papers of a forum say in one language of the phrasebook."""

    language: str
    time_zone: str

    @property
    def is_right_to_left(self) -> bool:
        """Whether its pages run from right to left."""
        return is_right_to_left(self.language)

    def say(self, key: str, /, **values: object) -> str:
        """Say a sentence of the papers."""
        return _BOOK.say(key, self.language, **values)

    def country(self, code: str) -> str:
        """Name a country; an unknown code stands for itself."""
        known = _locale(self.language).territories.get(code)
        return self._in_script(known) if known else code

    def tongue(self, tag: str) -> str:
        """Name a spoken language, whatever its script; an unknown tag stands for itself."""
        known = _locale(self.language).languages.get(tag.split("-", maxsplit=1)[0])
        return self._in_script(known) if known else tag

    def together(self, *said: str) -> str:
        """Put in one line what there is of several things, each in a direction of its own."""
        return " · ".join(isolated(one, self.language) for one in said if one)

    def interpreter(self, tag: str | None) -> str | None:
        """Say into which language is interpreted, if it is."""
        return self.say("interpreter", language=self.tongue(tag)) if tag else None

    def place(self, city: str | None, country: str) -> str:
        """Name a place by its city, where it is known, and its country."""
        return self.together(plain(city or ""), self.country(country))

    def about(self, side: Kind, city: str | None, country: str) -> str:
        """Say on which side of the table a participant sits, and where it comes from."""
        return self.together(self.say(side), plain(city or ""), self.country(country))

    def forum(self, forum: PlanForum) -> str:
        """Name the forum: in this language, else in English, Russian, or as it is named at all."""
        base = self.language.split("-", maxsplit=1)[0]
        if base in forum.name and self.language != base:
            return in_script(plain(forum.name[base]), self.language)
        return plain(next(filter(None, map(forum.name.get, (base, "en", "ru", *forum.name)))))

    def zone(self) -> str:
        """Say whose time all times are."""
        known = _locale(self.language).time_zones.get(self.time_zone, {}).get("city")
        city = self._in_script(known) if known else self.time_zone.rpartition("/")[2].replace("_", " ")
        return self.say("zone", city=city, zone=self.time_zone)

    def day(self, day: date) -> str:
        """Write a day with its weekday and the offset of its hours from UTC."""
        written = self._in_script(format_date(day, "full", locale=_locale(self.language)))
        return self.together(written, " / ".join(_offsets(day, self.time_zone)))

    def part(self, slot: PlanSlot) -> str:
        """Name the part of the forum that a slot belongs to: its day, and its session if that has a name."""
        return self.together(self.day(self.local(slot.starts_at).date()), plain(slot.session))

    def hours(self, slot: PlanSlot) -> Hours:
        """Write the hours of a slot, the date too where it ends on another day than it began."""
        starts, ends = self.local(slot.starts_at), self.local(slot.ends_at)
        written = self._hour(ends)
        if starts.date() != ends.date():
            written = f"{written} ({self._short_date(ends)})"
        return Hours(starts.date(), self._hour(starts), written)

    def state(self, plan: ForumPlan) -> str:
        """Say which release it is, and of when; a draft says of when."""
        released = self.local(plan.released_at)
        written = format_date(released, "long", locale=_locale(self.language))
        moment = f"{self._in_script(written)}, {released:%H:%M}"
        if plan.is_draft:
            return self.say("as_of", moment=moment)
        return self.say("release", number=plan.release, moment=moment)

    def paper(self, plan: ForumPlan) -> dict[str, Any]:
        """Say what stands on every paper of a plan."""
        return {
            "language": self.language,
            "rtl": self.is_right_to_left,
            "forum": printed(self.forum(plan.forum)),
            "zone": self.zone(),
            "draft": self.say("draft") if plan.is_draft else None,
            "state": self.state(plan),
            "page": self.say("page", page="{page}", pages="{pages}"),
        }

    def marked(self, said: str, plan: ForumPlan) -> str:
        """Mark a title as that of a draft, if it is one."""
        return self.say("draft_of", what=said) if plan.is_draft else said

    def local(self, moment: datetime) -> datetime:
        """Bring a moment to the forum's time zone."""
        return moment.astimezone(ZoneInfo(self.time_zone))

    def _hour(self, moment: datetime) -> str:
        offsets = _offsets(moment.date(), self.time_zone)
        return f"{moment:%H:%M}" if len(offsets) == 1 else f"{moment:%H:%M} {_offset(moment)}"

    def _short_date(self, moment: datetime) -> str:
        return self._in_script(format_skeleton("MMMd", moment, locale=_locale(self.language)))

    def _in_script(self, words: str) -> str:
        return in_script(words, self.language) if self.language == "kk-Latn" else words


def wording_of(participant: PlanParticipant, plan: ForumPlan) -> Wording:
    """Give the words that a participant reads."""
    return Wording(reading_language((participant.language,)), plan.forum.time_zone)


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(_LOCALES.get(language, language))


@cache
def _offsets(day: date, time_zone: str) -> tuple[str, ...]:
    """Give the offsets from UTC that a day has: two where the clock is changed."""
    midnight = datetime.combine(day, time.min, ZoneInfo(time_zone))
    next_midnight = datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(time_zone))
    return tuple(dict.fromkeys((_offset(midnight), _offset(next_midnight))))


def _offset(moment: datetime) -> str:
    offset = moment.utcoffset() or timedelta()
    hours, rest = divmod(abs(offset), _HOUR)
    if not offset:
        return "UTC"
    minutes = f":{rest // timedelta(minutes=1):02}" if rest else ""
    return f"UTC{'+' if offset > timedelta() else '−'}{hours}{minutes}"
