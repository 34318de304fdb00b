"""Words for participants, each in its own language: sentences, days, places and reasons."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from matching import Explanation, concept_name
from service.match_lists.reasons import BOTH, parts
from service.match_lists.reasons import shared_word as shown_word
from service.match_lists.schemas import Partner
from service.platform import i18n
from service.platform.phrasebook import Phrasebook, in_script, isolated, phrasebook
from service.platform.values import in_language
from service.profiles.schemas import ContactRead
from service.profiles.vocabulary import Kind

MOST_REASONS = 3
# Who seeks in each direction of a reason.
_SEEKER = {"entrepreneur_seeks": Kind.ENTREPRENEUR, "exporter_seeks": Kind.EXPORTER}


def _book() -> Phrasebook:
    return phrasebook("service.proposals", "sentences.psv")


def say(key: str, language: str, /, **values: object) -> str:
    """Say a sentence in a language of the phrasebook."""
    return _book().say(key, language, **values)


def day(value: date, language: str) -> str:
    """Write a day as its readers do."""
    return _written(i18n.day(value, _base(language)), language)


def last_day(expires_at: datetime, time_zone: str) -> date:
    """Give the last day on which a proposal can be answered, by the forum's clock."""
    return (expires_at - timedelta(microseconds=1)).astimezone(ZoneInfo(time_zone)).date()


def forum_name(names: Mapping[str, str], language: str) -> str:
    """Name a forum: in the reader's language, else in the one that it is more likely to read."""
    spare = "ru" if language == "uz" and "ru" in names else "en"
    base = _base(language)
    return in_language(dict(names), base if base in names else spare)


def place(partner: Partner, language: str) -> str:
    """Say where a partner is."""
    country = _written(i18n.country_name(partner.country, _base(language)), language)
    city = isolated(partner.city, language) if partner.city else ""
    return ", ".join(part for part in (city, country) if part)


def reasons(explanation: Explanation, own: Kind, language: str) -> list[str]:
    """Say to one of a pair why the other was chosen, the weightiest reasons first."""
    found = parts(
        explanation,
        _base(language),
        lambda word, field, _: _shared(word, field, language),
        lambda term, _: _meaning(term, language),
    )
    return [
        say(_key(part.direction, part.field, own), language, words=isolated(part.words, language))
        for part in found[:MOST_REASONS]
    ]


def contact_lines(contact: ContactRead) -> list[str]:
    """Give what is known of a contact, a line for each."""
    return [line for line in (contact.contact_name, contact.contact_email, contact.contact_phone) if line]


def _key(direction: str, field: str, own: Kind) -> str:
    if direction == BOTH:
        return "languages_both"
    whose = "you" if _SEEKER[direction] is own else "they"
    if field == "markets":
        aim = "buy" if _SEEKER[direction] is Kind.ENTREPRENEUR else "sell"
        return f"markets_{aim}_{whose}"
    return f"{field}_{whose}"


def _shared(word: str, field: str, language: str) -> str:
    if field == "partnership_types":
        return say(f"type_{word}", language)
    if field == "text":
        return say("similar_letters", language)
    shown = shown_word(word, field, _base(language))
    own_words = field == "hs_codes" and not word.isdigit()
    return shown if own_words else _written(shown, language)


def _meaning(term: str, language: str) -> str | None:
    name = concept_name(term, language)
    return _written(name, language) if name else None


def _base(language: str) -> str:
    return language.split("-", maxsplit=1)[0]


def _written(words: str, language: str) -> str:
    """Write Kazakh words in the script of a language that has its own."""
    return in_script(words, language) if language in {"kk-Latn", "kk-Arab"} else words
