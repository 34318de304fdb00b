"""What will not work out at a forum as it is set up, said in words before anybody plans it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from uuid import UUID

from service.forums import planning, repository, rulings
from service.forums.pair_schemas import Wish
from service.forums.planning import ForumSetUp, Group
from service.forums.schemas import CRITERION_WORDS, ReservedShareRead, ShareCriterion
from service.platform.database import Session
from service.platform.i18n import Message, language_name, message
from service.platform.values import in_language
from service.profiles import operations as profiles
from service.profiles.regions import region_name
from service.profiles.schemas import ProfileSummary
from service.profiles.vocabulary import Kind
from service.programmes.schemas import PROGRAMME_NAMES, Programme

_SHOWN_NAMES = 6
_ALL = 100


@dataclass(frozen=True)
class Difficulty:
    """One thing that will not work out, with a stable code and a sentence that says what to do."""

    code: str
    sentence: Message


@dataclass(frozen=True)
class _Tongues(Message):
    """Languages, each by its name."""

    def text(self, language: str) -> str:
        return ", ".join(sorted(language_name(tag, language) for tag in self.params))


@dataclass(frozen=True)
class _ProgrammeName(Message):
    """A programme by its name."""

    def text(self, language: str) -> str:
        return in_language(PROGRAMME_NAMES[Programme(self.template)], language)


@dataclass(frozen=True)
class _RegionName(Message):
    """A region by its name."""

    def text(self, language: str) -> str:
        return region_name(self.template, language)


@dataclass(frozen=True)
class _Situation:
    """A forum's set-up with what else is decided about its pairs and known of its people."""

    set_up: ForumSetUp
    people: Mapping[UUID, ProfileSummary]
    barred: Mapping[UUID, Group]
    """Participant → those of the other side whom it must not meet, where there are any."""
    pins: tuple[rulings.Pair, ...]
    wishes: Mapping[rulings.Pair, Wish]

    def partners(self, kind: Kind, profile_id: UUID) -> int:
        """Count whom a participant may meet."""
        other = Kind.EXPORTER if kind is Kind.ENTREPRENEUR else Kind.ENTREPRENEUR
        return len(self.set_up.limits[other]) - len(self.barred.get(profile_id, ()))

    def named(self, profile_ids: Iterable[UUID]) -> str:
        """Name some participants, the first ones of many."""
        names = sorted((self.people[one].display_name for one in profile_ids), key=str.casefold)
        more = len(names) - _SHOWN_NAMES
        return ", ".join(names[:_SHOWN_NAMES]) + (f" … (+{more})" if more > 0 else "")


def difficulties(session: Session, forum_id: UUID) -> list[Difficulty]:
    """Say what will not work out, what concerns the whole forum first.

    Raises NotFound.
    """
    situation = _situation(session, planning.set_up_of(session, forum_id))
    return [one for check in _CHECKS for one in check(situation)]


def _situation(session: Session, set_up: ForumSetUp) -> _Situation:
    forum_id = set_up.forum.id
    people = {
        profile_id: summary
        for kind in Kind
        for profile_id, summary in profiles.summaries(session, kind, set_up.limits[kind]).items()
    }
    return _Situation(
        set_up=set_up,
        people=people,
        barred=_barred(set_up, rulings.ruled_out(session, forum_id)),
        pins=tuple((pin.entrepreneur_id, pin.exporter_id) for pin in repository.pins(session, forum_id)),
        wishes=rulings.wished_for(session, forum_id),
    )


def _barred(set_up: ForumSetUp, ruled_out: Iterable[rulings.Pair]) -> dict[UUID, Group]:
    """Give for each participant whom it must not meet; participants under the same rules share a set."""
    single: dict[UUID, set[UUID]] = {}
    for one, other in ruled_out:
        if one in set_up.limits[Kind.ENTREPRENEUR] and other in set_up.limits[Kind.EXPORTER]:
            single.setdefault(one, set()).add(other)
            single.setdefault(other, set()).add(one)
    united: dict[tuple[Kind, tuple[int, ...]], Group] = {}
    found: dict[UUID, Group] = {}
    for side, kind in enumerate(Kind):
        for profile_id in set_up.limits[kind]:
            under = tuple(place for place, rule in enumerate(set_up.apart) if profile_id in rule[side])
            if (kind, under) not in united:
                others = (set_up.apart[place][1 - side] for place in under)
                united[kind, under] = frozenset().union(*others)
            barred = united[kind, under]
            if profile_id in single:
                barred = barred.union(single[profile_id])
            if barred:
                found[profile_id] = barred
    return found


def _places(now: _Situation) -> Iterator[Difficulty]:
    if not now.set_up.slots:
        yield Difficulty("no_slots", message("There is no time to meet yet: add a session first."))
    if not now.set_up.tables:
        yield Difficulty("no_tables", message("There is no place to meet yet: add meeting tables first."))
    for kind in Kind:
        if not now.set_up.limits[kind]:
            yield Difficulty(f"no_{kind.value}s", _NOBODY[kind])


_NOBODY = {
    Kind.ENTREPRENEUR: message("No entrepreneur takes part yet."),
    Kind.EXPORTER: message("No exporter takes part yet."),
}


def _sums(now: _Situation) -> Iterator[Difficulty]:
    limits = now.set_up.limits
    least = {kind: sum(one for one, _ in limits[kind].values()) for kind in Kind}
    most = {kind: sum(one for _, one in limits[kind].values()) for kind in Kind}
    slots, tables = len(now.set_up.slots), len(now.set_up.tables)
    needed = max(least.values())
    if slots and tables and needed > slots * tables:
        sentence = message(
            "The least meetings of all add up to {needed}, and there is room for {room}: {slots} slots at "
            "{tables} tables. Add slots or tables, or lower the least number of meetings.",
            needed=needed,
            room=slots * tables,
            slots=slots,
            tables=tables,
        )
        yield Difficulty("too_few_places", sentence)
    if limits[Kind.EXPORTER] and least[Kind.ENTREPRENEUR] > most[Kind.EXPORTER]:
        sentence = message(
            "The entrepreneurs shall have {needed} meetings at least, and the exporters take {most} at most: "
            "raise the most of the exporters, or lower the least of the entrepreneurs.",
            needed=least[Kind.ENTREPRENEUR],
            most=most[Kind.EXPORTER],
        )
        yield Difficulty("exporters_take_too_few", sentence)
    if limits[Kind.ENTREPRENEUR] and least[Kind.EXPORTER] > most[Kind.ENTREPRENEUR]:
        sentence = message(
            "The exporters shall have {needed} meetings at least, and the entrepreneurs take {most} at most: "
            "raise the most of the entrepreneurs, or lower the least of the exporters.",
            needed=least[Kind.EXPORTER],
            most=most[Kind.ENTREPRENEUR],
        )
        yield Difficulty("entrepreneurs_take_too_few", sentence)


def _people(now: _Situation) -> Iterator[Difficulty]:
    absent, hurried, alone, few = [], [], [], []
    both_sides = all(now.set_up.limits.values())
    for kind in Kind:
        for profile_id, (least, most) in now.set_up.limits[kind].items():
            times = sum(now.set_up.available[profile_id])
            partners = now.partners(kind, profile_id)
            if now.set_up.slots and most and not times:
                absent.append(profile_id)
            elif now.set_up.slots and least > times:
                hurried.append(profile_id)
            if both_sides and most and not partners:
                alone.append(profile_id)
            elif both_sides and least > partners:
                few.append(profile_id)
    for code, concerned, sentence in (
        (
            "never_available",
            absent,
            message("These can meet in no slot; ask them for other times, or add sessions: {names}."),
        ),
        (
            "least_beyond_slots",
            hurried,
            message("The least number of meetings is above the slots in which these can meet: {names}."),
        ),
        (
            "nobody_to_meet",
            alone,
            message("By the rules and excluded pairs there is nobody whom these may meet: {names}."),
        ),
        (
            "least_beyond_partners",
            few,
            message(
                "The least number of meetings is above the number of those whom these may meet: {names}."
            ),
        ),
    ):
        if concerned:
            yield Difficulty(code, Message(sentence.template, {"names": now.named(concerned)}))


def _shares(now: _Situation) -> Iterator[Difficulty]:
    limits = now.set_up.limits
    total = sum(share.percent for share in now.set_up.shares)
    if total > _ALL:
        sentence = message(
            "The reserved shares add up to {percent} %: more than 100 % is reached only where exporters "
            "count for several of them.",
            percent=total,
        )
        yield Difficulty("shares_over_all", sentence)
    meetings = max(sum(least for least, _ in limits[kind].values()) for kind in Kind)
    for share in now.set_up.shares:
        members = now.set_up.share_members[share.id]
        named = share_in_words(share)
        if not members:
            sentence = message("A share is reserved, but no such exporter takes part: {share}.", share=named)
            yield Difficulty("share_for_nobody", sentence)
            continue
        most = sum(limits[Kind.EXPORTER][one][1] for one in members)
        needed = ceil(meetings * share.percent / _ALL)
        if needed > most:
            sentence = message(
                "{share}: {percent} % of {meetings} meetings are {needed}, and these exporters take at most "
                "{most}.",
                share=named,
                percent=share.percent,
                meetings=meetings,
                needed=needed,
                most=most,
            )
            yield Difficulty("share_too_large", sentence)


def share_in_words(share: ReservedShareRead) -> Message:
    """Name for whom a share is reserved."""
    criterion = CRITERION_WORDS[share.criterion]
    if share.criterion is ShareCriterion.PROGRAMME:
        return Message("{criterion}: {value}", {"criterion": criterion, "value": _ProgrammeName(share.value)})
    if share.criterion is ShareCriterion.REGION:
        return Message("{criterion}: {value}", {"criterion": criterion, "value": _RegionName(share.value)})
    return criterion


def _languages(now: _Situation) -> Iterator[Difficulty]:
    idle = [tag for tag, count in now.set_up.interpreters.items() if now.set_up.slots and not any(count)]
    if idle:
        sentence = message(
            "Interpreters are there, but through no whole slot: {languages}. Lengthen their time.",
            languages=_Tongues("", dict.fromkeys(idle)),
        )
        yield Difficulty("interpreters_idle", sentence)
    helped = {_spoken(tag) for tag, count in now.set_up.interpreters.items() if any(count)}
    groups = {
        kind: Counter(
            frozenset(map(_spoken, now.people[profile_id].languages))
            for profile_id in now.set_up.limits[kind]
        )
        for kind in Kind
    }
    pairs, lacking = 0, set[str]()
    for theirs, entrepreneurs in groups[Kind.ENTREPRENEUR].items():
        for ours, exporters in groups[Kind.EXPORTER].items():
            # Nobody knows what those speak who named no language.
            if theirs and ours and not theirs & ours and not (theirs | ours) & helped:
                pairs += entrepreneurs * exporters
                lacking |= theirs
    if pairs:
        sentence = message(
            "{pairs} pairs of participants have no business language in common, and no interpreter: have "
            "interpreters there for {languages}.",
            pairs=pairs,
            languages=_Tongues("", dict.fromkeys(lacking)),
        )
        yield Difficulty("no_common_language", sentence)


def _spoken(tag: str) -> str:
    """Give the language that is spoken, whatever its script."""
    return tag.partition("-")[0]


def _decided(now: _Situation) -> Iterator[Difficulty]:
    limits = {**now.set_up.limits[Kind.ENTREPRENEUR], **now.set_up.limits[Kind.EXPORTER]}
    gone = sum(1 for pair in now.pins if not limits.keys() >= set(pair))
    if gone:
        sentence = message(
            "Pinned pairs with somebody who takes no part any more: {count}. Unpin them, or add the "
            "participant again.",
            count=gone,
        )
        yield Difficulty("pin_without_participant", sentence)
    against = {one for pair in now.pins if pair[1] in now.barred.get(pair[0], ()) for one in pair}
    if against:
        sentence = message("Pinned, but kept apart by a rule or excluded: {names}.", names=now.named(against))
        yield Difficulty("pin_ruled_out", sentence)
    musts = {pair for pair, wish in now.wishes.items() if wish is Wish.MUST}
    wanted = Counter(one for pair in musts.union(now.pins) for one in pair)
    crowded = [one for one, count in wanted.items() if one in limits and count > limits[one][1]]
    if crowded:
        sentence = message(
            "More meetings are pinned or must be than these have at most: {names}.", names=now.named(crowded)
        )
        yield Difficulty("too_many_musts", sentence)


_CHECKS: tuple[Callable[[_Situation], Iterator[Difficulty]], ...] = (
    _places,
    _sums,
    _people,
    _shares,
    _languages,
    _decided,
)
