"""Who could meet in a free slot: the next best pairs of whom both are free, available and may meet."""

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from service.accounts.operations import require
from service.accounts.schemas import Permission, Principal
from service.catalogue.operations import Catalogue
from service.forums import operations as forums
from service.forums import rulings
from service.match_lists import choosing
from service.meetings.board import Pair, pair_of
from service.meetings.day import desk_to_read
from service.meetings.day_schemas import Offer
from service.meetings.desk_view import arrived_profiles
from service.meetings.gathering import interpreters_of, kept_apart
from service.meetings.interpreting import interpreter_for
from service.meetings.models import Meeting
from service.meetings.placing import Desk
from service.meetings.reading import names_of
from service.meetings.schemas import MeetingState, SlotSeen
from service.platform import clock
from service.platform.database import Session
from service.platform.i18n import message
from service.platform.problems import NotFound
from service.profiles import operations as profiles
from service.profiles.vocabulary import Kind

MOST_OFFERED = 10
# So many pairs of a list are looked at for a slot, and partners of the catalogue for one participant.
_LOOKED_AT = 2000
_PARTNERS = 200
# So many that fit are enough to find some among them who are both there.
_ENOUGH = 5 * MOST_OFFERED


def offers(
    session: Session,
    catalogue: Catalogue,
    principal: Principal,
    forum_id: UUID,
    *,
    slot_id: UUID | None = None,
    profile_id: UUID | None = None,
) -> list[Offer]:
    """Offer pairs for a slot, for a participant, or for a participant in a slot, best first.

    Pairs that could not be placed come before those that were not chosen, and those who are both there
    before others. Without a slot each pair is offered for the first in which both are free.
    Raises NotAllowed, NotFound, Conflict before the first release.
    """
    require(principal, Permission.MEETINGS_READ)
    forums.forum_of(session, forum_id)
    desk = desk_to_read(session, forum_id)
    if slot_id is not None and slot_id not in desk.board.slots:
        raise NotFound(message("There is no such slot or meeting table in this timetable."))
    candidates = _candidates(session, catalogue, desk, profile_id)
    ends = {end for pair in candidates for end in pair}
    here = arrived_profiles(session, forum_id, ends)
    desk.names.update(names_of(session, candidates))
    there = {language: sum(row) for language, row in interpreters_of(desk.set_up).items()}
    languages = {
        one.id: one.languages for kind in Kind for one in profiles.summaries(session, kind, ends).values()
    }
    rooms = _rooms(desk, slot_id)
    busy = {slot: {end for one in there for end in pair_of(one)} for slot, there in rooms.items()}
    found: list[Offer] = []
    for pair in _may_meet(desk, candidates):
        free = [one for one in rooms if busy[one].isdisjoint(pair)]
        if not free:
            continue
        meeting = Meeting(
            timetable_id=desk.board.timetable.id,
            entrepreneur_id=pair[0],
            exporter_id=pair[1],
            language=interpreter_for(languages[pair[0]], languages[pair[1]], there),
        )
        slot = next(
            (
                one
                for one in free
                if (desk.absent(meeting, one) or desk.no_interpreter(meeting, one, rooms[one])) is None
            ),
            None,
        )
        if slot is not None:
            found.append(
                Offer(
                    entrepreneur=desk.names[pair[0]],
                    exporter=desk.names[pair[1]],
                    score=candidates[pair],
                    slot=SlotSeen.model_validate(desk.board.slots[slot]),
                    both_arrived=here >= set(pair),
                )
            )
        if len(found) == _ENOUGH:
            break
    return sorted(found, key=lambda one: not one.both_arrived)[:MOST_OFFERED]


def _rooms(desk: Desk, slot_id: UUID | None) -> dict[UUID, list[Meeting]]:
    """Give the slots to come that have a free meeting table, each with its meetings."""
    now = clock.now()
    found: dict[UUID, list[Meeting]] = {
        one.slot_id: []
        for one in desk.board.slots.values()
        if one.ends_at > now and slot_id in {None, one.slot_id}
    }
    for meeting in desk.board.placed():
        if meeting.slot_id in found:
            found[meeting.slot_id].append(meeting)
    return {slot: there for slot, there in found.items() if len(there) < len(desk.board.places)}


def _candidates(
    session: Session, catalogue: Catalogue, desk: Desk, profile_id: UUID | None
) -> dict[Pair, float | None]:
    """Give pairs with their score: those that could not be placed, then the next best."""
    forum_id = desk.set_up.forum.id
    found: dict[Pair, float | None] = {
        pair_of(one): one.score
        for one in sorted(desk.board.meetings, key=lambda one: -(one.score or 0))
        if one.state == MeetingState.UNPLACED.value and profile_id in {None, *pair_of(one)}
    }
    listed = [
        ((one.entrepreneur_id, one.exporter_id), one.score)
        for one in choosing.next_best(session, forum_id, limit=_LOOKED_AT, profile_id=profile_id)
    ]
    if profile_id is not None:
        ruled_out = rulings.ruled_out(session, forum_id)
        known = dict(_partners(session, catalogue, desk, profile_id))
        listed += [(pair, score) for pair, score in known.items() if pair not in ruled_out]
        listed.sort(key=lambda one: -one[1])
    for pair, score in listed:
        found.setdefault(pair, score)
    return found


def _partners(
    session: Session, catalogue: Catalogue, desk: Desk, profile_id: UUID
) -> Iterator[tuple[Pair, float]]:
    """Give the best partners at the forum as everything stands now: a walk-in is on no list."""
    index = catalogue.current(session).index
    if str(profile_id) not in index:
        return
    own = next((kind for kind in Kind if profile_id in desk.set_up.limits[kind]), None)
    if own is None:
        return
    other = Kind.EXPORTER if own is Kind.ENTREPRENEUR else Kind.ENTREPRENEUR
    among = map(str, desk.set_up.participants(other))
    for match in index.partners_of(str(profile_id), _PARTNERS, among=among):
        partner_id = UUID(match.partner_id)
        yield (profile_id, partner_id) if own is Kind.ENTREPRENEUR else (partner_id, profile_id), match.score


def _may_meet(desk: Desk, candidates: dict[Pair, float | None]) -> Iterator[Pair]:
    """Leave out who does not take part, has as many meetings as it takes, or must not meet the other."""
    count = Counter(end for one in desk.board.placed() for end in pair_of(one))
    limits = desk.set_up.limits[Kind.ENTREPRENEUR], desk.set_up.limits[Kind.EXPORTER]
    for pair in candidates:
        known = desk.board.by_pair.get(pair)
        if known is not None and known.state != MeetingState.UNPLACED.value:
            continue
        stays_out = any(
            one not in limits[side] or count[one] >= limits[side][one][1] for side, one in enumerate(pair)
        )
        if not stays_out and not kept_apart(desk.set_up, pair):
            yield pair
