"""What a draft is made of: who shall meet, what is settled already, and what stands in the way."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from service.accounts.schemas import SYSTEM
from service.forums import participant_links, rulings
from service.forums.planning import ForumSetUp, set_up_of
from service.meetings import repository
from service.meetings.board import Board, Pair, load, pair_of, same_place, same_slot
from service.meetings.interpreting import interpreter_for, spoken
from service.meetings.models import Meeting, TimetablePlace, TimetableSlot
from service.meetings.schemas import SETTLED, MeetingState, Reason, TimetableState
from service.platform import clock
from service.platform.database import Session
from service.platform.i18n import message
from service.platform.problems import Conflict
from service.profiles import operations as profiles
from service.profiles.vocabulary import Kind
from service.proposals.operations import pairs_to_meet

# Of a meeting that has happened, or has begun, nothing is decided again.
_AS_IT_IS = (
    "slot_id",
    "table_id",
    "language",
    "state",
    "entrepreneur_present",
    "exporter_present",
    "presence_by",
    "pinned_slot",
    "pinned_table",
    "note",
)
_TAKEN_OUT = frozenset({Reason.ORGANISER.value, Reason.ASKED.value})


@dataclass
class Task:
    """A timetable to be made."""

    set_up: ForumSetUp
    only_accepted: bool
    base: Board | None
    """The release that it repairs."""
    draft: Board | None
    """The draft that it replaces."""
    timetable_id: UUID = field(default_factory=uuid4)
    slots: dict[UUID, TimetableSlot] = field(default_factory=dict)
    places: dict[UUID, TimetablePlace] = field(default_factory=dict)
    begun: frozenset[UUID] = frozenset()
    """Slots in which nothing can be planned any more."""
    settled: list[Meeting] = field(default_factory=list)
    """Meetings that have happened, and those that are not placed, with the reason."""
    open: list[Meeting] = field(default_factory=list)
    """Meetings to be placed, in the order in which they count where not all can be."""
    pins: dict[Pair, tuple[UUID | None, UUID | None]] = field(default_factory=dict)
    """The slot and the meeting table to which meetings were pinned on the board, and must keep."""
    fixed: dict[Pair, tuple[UUID | None, UUID | None]] = field(default_factory=dict)
    """The slot and the meeting table that the set-up fixes: they stand above what the board says."""


def gather(session: Session, forum_id: UUID, *, only_accepted: bool) -> Task:
    """Gather what the next draft of a forum is made of.

    Raises NotFound, Conflict when slots, meeting tables or pairs are missing.
    """
    set_up = set_up_of(session, forum_id)
    if not set_up.slots:
        raise Conflict(message("The forum has no slots yet: add a session to its set-up."))
    if not set_up.tables:
        raise Conflict(message("The forum has no meeting tables yet: add some to its set-up."))
    base, draft = (
        load(session, found) if (found := repository.in_state(session, forum_id, state)) else None
        for state in (TimetableState.RELEASED, TimetableState.DRAFT)
    )
    task = Task(set_up, only_accepted, base, draft)
    _frame(task)
    sorting = _Sorting(session, task)
    for pair in sorting.ordered():
        sorting.sort_in(pair)
    if not task.settled and not task.open:
        raise Conflict(
            message(
                "There are no pairs to meet yet: publish a match list first, and let the two sides answer "
                "where only accepted pairs shall meet."
            )
        )
    return task


def interpreters_of(set_up: ForumSetUp) -> dict[str, tuple[int, ...]]:
    """Give how many interpreters of each spoken language there are in each slot."""
    found: dict[str, tuple[int, ...]] = {}
    for tag, row in set_up.interpreters.items():
        known = found.get(spoken(tag), (0,) * len(row))
        found[spoken(tag)] = tuple(one + other for one, other in zip(known, row, strict=True))
    return found


def free_slots(set_up: ForumSetUp) -> dict[UUID, frozenset[UUID]]:
    """Give the slots in which each participant is available."""
    ids = [slot.id for slot in set_up.slots]
    return {
        one: frozenset(slot for slot, free in zip(ids, flags, strict=True) if free)
        for one, flags in set_up.available.items()
    }


def kept_apart(set_up: ForumSetUp, pair: Pair) -> bool:
    """Tell whether a rule of the forum keeps two from meeting."""
    return any(pair[0] in ones and pair[1] in others for ones, others in set_up.apart)


def _frame(task: Task) -> None:
    """Lay out the slots and meeting tables as they are set up now."""
    for slot in task.set_up.slots:
        task.slots[slot.id] = TimetableSlot(
            timetable_id=task.timetable_id,
            slot_id=slot.id,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            session_name=task.set_up.session_names[slot.session_id],
        )
    for one in task.set_up.tables:
        task.places[one.id] = TimetablePlace(
            timetable_id=task.timetable_id,
            table_id=one.id,
            label=one.label,
            location=one.location,
            position=one.position,
        )
    now = clock.now()
    every = {**(task.base.slots if task.base else {}), **task.slots}
    task.begun = frozenset(one.slot_id for one in every.values() if one.starts_at <= now)


class _Sorting:
    """Sorts the pairs of a task into what is settled and what is to be placed."""

    def __init__(self, session: Session, task: Task) -> None:
        forum_id = task.set_up.forum.id
        self._task = task
        self._decided: dict[Pair, tuple[Board, Meeting]] = {}
        for board in (task.base, task.draft):
            if board is not None:
                self._decided.update({pair: (board, one) for pair, one in board.by_pair.items()})
        self._wanted: dict[Pair, float | None] = {
            (one.entrepreneur_id, one.exporter_id): one.score
            for one in pairs_to_meet(session, forum_id, only_accepted=task.only_accepted)
        }
        pins = rulings.pins(session, SYSTEM, forum_id)
        task.fixed = {(one.entrepreneur_id, one.exporter_id): (one.slot_id, one.table_id) for one in pins}
        self._wanted.update({pair: None for pair in sorted(task.fixed) if pair not in self._wanted})
        self._ruled_out = rulings.ruled_out(session, forum_id)
        self._withdrawn = withdrawn_profiles(session, forum_id)
        self._languages = _languages(session, self._pairs())
        self._interpreters = {tongue: sum(row) for tongue, row in interpreters_of(task.set_up).items()}
        self._count: Counter[UUID] = Counter()

    def _pairs(self) -> set[Pair]:
        """Give the pairs to sort: those that shall meet, and those about which something was decided."""
        kept = {
            pair
            for pair, (board, one) in self._decided.items()
            if board is self._task.base or one.by_hand or one.state == MeetingState.CANCELLED.value
        }
        return set(self._wanted) | kept

    def ordered(self) -> list[Pair]:
        """Give the pairs in the order in which they count where not all can meet."""
        return sorted(self._pairs(), key=self._rank)

    def _rank(self, pair: Pair) -> tuple[Any, ...]:
        _, earlier = self._decided.get(pair, (None, None))
        by_hand = earlier is not None and (earlier.by_hand or earlier.pinned_slot)
        chosen = pair in self._task.fixed or by_hand
        return not self._has_happened(pair), not chosen, -(self._wanted.get(pair) or 0.0), pair

    def _known(self, pair: Pair) -> Meeting | None:
        return self._task.base.by_pair.get(pair) if self._task.base else None

    def _has_happened(self, pair: Pair) -> bool:
        known = self._known(pair)
        return known is not None and (
            known.state in SETTLED
            or (known.state == MeetingState.PLANNED.value and known.slot_id in self._task.begun)
        )

    def sort_in(self, pair: Pair) -> None:
        """Sort one pair in."""
        row = self._row(pair)
        if self._has_happened(pair):
            self._keep(row)
            self._count.update(pair)
            return
        reason, side = self._obstacle(pair, row)
        if reason is None:
            self._task.open.append(row)
            self._count.update(pair)
            return
        over = row.released_slot_id is not None or reason in {*_TAKEN_OUT, Reason.WITHDRAWN}
        row.state = (MeetingState.CANCELLED if over else MeetingState.UNPLACED).value
        row.reason, row.reason_side = reason.value, side.value if side else None
        self._task.settled.append(row)

    def _row(self, pair: Pair) -> Meeting:
        board, earlier = self._decided.get(pair, (None, None))
        one, other = (self._languages.get(end, []) for end in pair)
        row = Meeting(
            timetable_id=self._task.timetable_id,
            entrepreneur_id=pair[0],
            exporter_id=pair[1],
            score=self._wanted.get(pair, earlier.score if earlier else None),
            language=interpreter_for(one, other, self._interpreters),
            by_hand=earlier is not None and earlier.by_hand,
            note=earlier.note if earlier else "",
        )
        if board is not None and earlier is not None and earlier.state == MeetingState.PLANNED.value:
            assert earlier.slot_id is not None
            assert earlier.table_id is not None
            slot = same_slot(board.slots[earlier.slot_id], self._task.slots)
            table = same_place(board.places[earlier.table_id], self._task.places)
            self._task.pins[pair] = (
                slot if earlier.pinned_slot else None,
                table if earlier.pinned_table else None,
            )
        known = self._known(pair)
        if known is not None and known.state == MeetingState.PLANNED.value:
            row.released_slot_id, row.released_table_id = known.slot_id, known.table_id
        return row

    def _keep(self, row: Meeting) -> None:
        """Take over a meeting that has happened, or has begun, with its slot and meeting table."""
        task, known = self._task, self._known(pair_of(row))
        assert task.base is not None
        assert known is not None
        assert known.slot_id is not None
        assert known.table_id is not None
        for name in _AS_IT_IS:
            setattr(row, name, getattr(known, name))
        row.released_slot_id, row.released_table_id = known.slot_id, known.table_id
        own = {"timetable_id": task.timetable_id}
        if known.slot_id not in task.slots:
            slot = task.base.slots[known.slot_id].model_dump()
            task.slots[known.slot_id] = TimetableSlot.model_validate(slot | own)
        if known.table_id not in task.places:
            place = task.base.places[known.table_id].model_dump()
            task.places[known.table_id] = TimetablePlace.model_validate(place | own)
        task.settled.append(row)

    def _obstacle(self, pair: Pair, row: Meeting) -> tuple[Reason | None, Kind | None]:
        """Tell why a pair is not to be placed, and to whom that is due.

        What an organiser added by hand is held to nothing but the presence of both.
        """
        found = self._taken_out(pair) or self._absent(pair)
        if found is not None:
            return found
        return (None, None) if row.by_hand else self._not_allowed(pair)

    def _absent(self, pair: Pair) -> tuple[Reason, Kind] | None:
        for side, one in zip(Kind, pair, strict=True):
            if one in self._withdrawn:
                return Reason.WITHDRAWN, side
            if one not in self._task.set_up.available:
                return Reason.NOT_TAKING_PART, side
        return None

    def _not_allowed(self, pair: Pair) -> tuple[Reason | None, Kind | None]:
        if pair not in self._wanted:
            return Reason.NOT_WANTED, None
        if pair in self._ruled_out or kept_apart(self._task.set_up, pair):
            return Reason.RULED_OUT, None
        for side, one in zip(Kind, pair, strict=True):
            if self._count[one] >= self._task.set_up.limits[side][one][1]:
                return Reason.LIMIT_REACHED, side
        return None, None

    def _taken_out(self, pair: Pair) -> tuple[Reason, Kind | None] | None:
        """Tell whether an organiser or a participant had the meeting taken out, here or after the release."""
        _, earlier = self._decided.get(pair, (None, None))
        put_back = earlier is not None and earlier.state != MeetingState.CANCELLED.value and earlier.by_hand
        for one in (earlier, None if put_back else self._known(pair)):
            if one is not None and one.state == MeetingState.CANCELLED.value and one.reason in _TAKEN_OUT:
                return Reason(one.reason), Kind(one.reason_side) if one.reason_side else None
        return None


def withdrawn_profiles(session: Session, forum_id: UUID) -> set[UUID]:
    """Tell which participants of a forum have withdrawn."""
    participants = participant_links.participants_by_profile(session, forum_id)
    gone = repository.withdrawals(session, participants.values())
    return {profile_id for profile_id, one in participants.items() if one in gone}


def _languages(session: Session, pairs: set[Pair]) -> Mapping[UUID, list[str]]:
    return {
        profile_id: found.languages
        for place, kind in enumerate(Kind)
        for profile_id, found in profiles.summaries(session, kind, {pair[place] for pair in pairs}).items()
    }
