"""Plans of forums, as the papers read them."""

from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from typing import Any
from uuid import UUID, uuid5

from service.meetings.papers.plan import (
    ForumPlan,
    PlanForum,
    PlanMeeting,
    PlanParticipant,
    PlanSlot,
    PlanTable,
)
from service.profiles.vocabulary import Kind

LANGUAGES = ("en", "ru", "kk", "kk-Latn", "kk-Arab", "tr", "de", "sv", "zh", "uz")
STARTS_AT = datetime(2027, 3, 10, 8, tzinfo=UTC)
# Names as they come, one of a language each.
ENTREPRENEURS = (
    ("Northern Steppe Foods Ltd", "GB", "Leeds"),
    ("Ёлкин и сыновья", "RU", "Омск"),
    ("Баян-Өлгий сауда үйі", "MN", "Өлгий"),
    ("Qoi jünı serıktestıgı", "TR", "İstanbul"),
    ("التىن ارا سەرىكتەستىگى", "CN", "ئۈرۈمچى"),
    ("Yıldız Gıda Ticaret", "TR", "İzmir"),
    ("Kasachische Spezialitäten Müller GmbH", "DE", "Köln"),
    ("Stäppens Råvaror AB", "SE", "Malmö"),
    ("新疆蜂蜜贸易有限公司", "CN", "伊宁"),
    ("Oʻzbek-Qozoq savdo uyi", "UZ", "Toshkent"),
)
EXPORTERS = (
    ("«Алтын Ара» ЖШС", "Ақтөбе"),
    ("Іскер Құс фермасы", "Шымкент"),
    ("ТОО «Семиречье-Мёд»", "Талдыкорган"),
    ("Ұлы Дала Еті", "Өскемен"),
    ("Silk Road Logistics LLP", "Алматы"),
)


def _id(kind: str, number: int) -> UUID:
    return uuid5(UUID(int=7), f"{kind} {number}")


def participant(number: int, side: Kind, **changes: Any) -> PlanParticipant:
    """Build a participant; the numbers go round names and languages."""
    if side is Kind.ENTREPRENEUR:
        name, country, city = ENTREPRENEURS[number % len(ENTREPRENEURS)]
        language = LANGUAGES[number % len(LANGUAGES)]
    else:
        name, city = EXPORTERS[number % len(EXPORTERS)]
        country, language = "KZ", ("kk", "ru")[number % 2]
    values: dict[str, Any] = {
        "id": _id(side, number),
        "side": side,
        "name": name if number < len(ENTREPRENEURS) else f"{name} {number}",
        "country": country,
        "city": city,
        "language": language,
        "live_url": f"https://forum.example/p/ImV4YW1wbGUtdG9rZW4t{number:06}.aBcDeF.q1w2e3r4t5y6u7i8o9p0/timetable",
    }
    return PlanParticipant(**values | changes)


def forum(**changes: Any) -> PlanForum:
    """Build a forum in Berlin."""
    values: dict[str, Any] = {
        "code": "berlin-2027",
        "name": {"kk": "Берлин форумы", "ru": "Форум в Берлине", "en": "Berlin forum"},
        "host_country": "DE",
        "city": "Berlin",
        "time_zone": "Europe/Berlin",
    }
    return PlanForum(**values | changes)


def plan(participants: int = 20, meetings: int = 40, **changes: Any) -> ForumPlan:
    """Build a plan in which half of the participants are exporters; nobody sits twice in one slot."""
    half = participants // 2
    entrepreneurs = [participant(number, Kind.ENTREPRENEUR) for number in range(half)]
    exporters = [participant(number, Kind.EXPORTER) for number in range(participants - half)]
    rounds = -(-meetings // half) if half else 0
    slots = [
        PlanSlot(_id("slot", number), at := _starts(number), at + timedelta(minutes=20), _session(number))
        for number in range(rounds)
    ]
    tables = [PlanTable(_id("table", number), f"{number + 1}", "ABC"[number % 3]) for number in range(half)]
    interpreters = cycle((None, None, "de", None, "zh"))
    pairs = ((turn, number) for turn in range(rounds) for number in range(half))
    held = [
        PlanMeeting(
            _id("meeting", turn * half + number),
            entrepreneurs[number].id,
            exporters[(number + turn) % len(exporters)].id,
            slots[turn].id,
            tables[number].id,
            next(interpreters),
        )
        for turn, number in islice(pairs, meetings)
    ]
    values: dict[str, Any] = {
        "forum": forum(),
        "release": 3,
        "released_at": datetime(2027, 3, 1, 9, 30, tzinfo=UTC),
        "participants": {one.id: one for one in (*entrepreneurs, *exporters)},
        "slots": {one.id: one for one in slots},
        "tables": {one.id: one for one in tables},
        "meetings": tuple(held),
    }
    return ForumPlan(**values | changes)


def _starts(number: int) -> datetime:
    day, place = divmod(number, 12)
    return STARTS_AT + timedelta(days=day, minutes=30 * place)


def _session(number: int) -> str:
    return ("Morning", "")[number % 12 // 6]
