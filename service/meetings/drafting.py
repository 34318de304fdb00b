"""Making a draft: computed on a snapshot, without holding anybody up, and stored afterwards."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import numpy as np
import numpy.typing as npt

from matching import Timetable as Plan
from matching import compile_loops, make_timetable
from service.accounts.schemas import SYSTEM
from service.forums import operations as forums
from service.forums import phases
from service.forums.schemas import Phase
from service.meetings import repository
from service.meetings.board import Board, Pair, measure, pair_of, same_place, same_slot
from service.meetings.gathering import Task, free_slots, interpreters_of
from service.meetings.models import Timetable
from service.meetings.schemas import MeetingState, TimetableState
from service.platform import audit, clock
from service.platform.database import Session
from service.platform.i18n import message
from service.platform.problems import Conflict
from service.profiles.vocabulary import Kind

Integers = npt.NDArray[np.int32]

# A repair is waited for; a first timetable may take the longer, the more there is to place.
_REPAIR, _SHORTEST, _LONGEST = 1.5, 2.0, 30.0
_MEETINGS_A_SECOND = 200


def seconds_for(task: Task) -> float:
    """Give how long the search for a good timetable may take."""
    if task.base is not None:
        return _REPAIR
    return min(max(len(task.open) / _MEETINGS_A_SECOND, _SHORTEST), _LONGEST)


def compute(task: Task) -> None:
    """Give the open meetings of a task their slots and meeting tables, or the reason why they have none."""
    slots, tables = [slot.id for slot in task.set_up.slots], [one.id for one in task.set_up.tables]
    if not task.open:
        return
    people = sorted({one for meeting in task.open for one in pair_of(meeting)})
    row_of = {one: number for number, one in enumerate(people)}
    tongues = interpreters_of(task.set_up)
    spoken = sorted({one.language for one in task.open if one.language} | set(tongues))
    previous = _previous(task, slots, tables)
    pinned = _pins(task, task.pins, slots, tables)
    fixed = _pins(task, task.fixed, slots, tables)
    held = np.where(fixed >= 0, fixed, pinned)
    locations = sorted({one.location for one in task.set_up.tables})
    compile_loops()
    plan = make_timetable(
        [[row_of[one] for one in pair_of(meeting)] for meeting in task.open],
        len(slots),
        len(tables),
        available=_available(task, people, slots),
        language=[spoken.index(one.language) + 1 if one.language else 0 for one in task.open],
        interpreters=np.array(
            [tongues.get(one, (0,) * len(slots)) for one in spoken], dtype=np.int32
        ).reshape(len(spoken), len(slots)),
        pinned=held[:, 0],
        pinned_table=held[:, 1],
        previous=previous[:, 0],
        previous_table=previous[:, 1],
        table_location=[locations.index(one.location) for one in task.set_up.tables],
        hosts_stay=True,
        seconds=seconds_for(task),
    )
    _fill_in(task, plan, slots, tables, pinned)


def _available(task: Task, people: Sequence[UUID], slots: Sequence[UUID]) -> npt.NDArray[np.bool_]:
    flags = np.array([task.set_up.available[one] for one in people], dtype=np.bool_)
    flags[:, [number for number, slot in enumerate(slots) if slot in task.begun]] = False
    return flags


def _numbers(found: Sequence[tuple[UUID | None, UUID | None]], own: Sequence[Sequence[UUID]]) -> Integers:
    """Give the numbers of slots and meeting tables, -1 where there is none."""
    number_of = [{one: number for number, one in enumerate(ids)} for ids in own]
    return np.array(
        [
            [-1 if one is None else numbers.get(one, -1) for one, numbers in zip(row, number_of, strict=True)]
            for row in found
        ],
        dtype=np.int32,
    )


def _pins(
    task: Task,
    pins: Mapping[Pair, tuple[UUID | None, UUID | None]],
    slots: Sequence[UUID],
    tables: Sequence[UUID],
) -> Integers:
    return _numbers([pins.get(pair_of(one), (None, None)) for one in task.open], (slots, tables))


def _previous(task: Task, slots: Sequence[UUID], tables: Sequence[UUID]) -> Integers:
    """Find the places that the release gave to the meetings among those that there are now."""
    found: list[tuple[UUID | None, UUID | None]] = []
    for meeting in task.open:
        if task.base is None or meeting.released_slot_id is None or meeting.released_table_id is None:
            found.append((None, None))
            continue
        slot, place = task.base.slots[meeting.released_slot_id], task.base.places[meeting.released_table_id]
        found.append((same_slot(slot, task.slots), same_place(place, task.places)))
    return _numbers(found, (slots, tables))


def _fill_in(task: Task, plan: Plan, slots: Sequence[UUID], tables: Sequence[UUID], pinned: Integers) -> None:
    for number, meeting in enumerate(task.open):
        slot, table = int(plan.slot[number]), int(plan.table[number])
        if slot >= 0:
            meeting.slot_id, meeting.table_id = slots[slot], tables[table]
            meeting.pinned_slot = bool(pinned[number, 0] == slot)
            meeting.pinned_table = bool(pinned[number, 1] == table)
    people = sorted({one for meeting in task.open for one in pair_of(meeting)})
    for one in plan.unplaced:
        meeting = task.open[one.meeting]
        meeting.state, meeting.reason = MeetingState.UNPLACED.value, one.obstacle.value
        if one.participant >= 0:
            due = people[one.participant] == meeting.entrepreneur_id
            meeting.reason_side = (Kind.ENTREPRENEUR if due else Kind.EXPORTER).value
        if meeting.released_slot_id is not None:
            # Its participants know of it and must be told.
            meeting.state = MeetingState.CANCELLED.value


def store(session: Session, task: Task, actor: str) -> Timetable:
    """Store a computed draft in the place of the one before.

    Raises Conflict when somebody changed the draft or the release while it was made.
    """
    forum_id = task.set_up.forum.id
    forums.forum_of(session, forum_id, lock=True)
    draft = _unchanged(session, forum_id, TimetableState.DRAFT, task.draft)
    _unchanged(session, forum_id, TimetableState.RELEASED, task.base)
    repository.forget_old_drafts(session, forum_id)
    if draft is not None:
        draft.state = TimetableState.SUPERSEDED.value
        session.flush()
    timetable = Timetable(
        id=task.timetable_id,
        forum_id=forum_id,
        base_id=task.base.timetable.id if task.base else None,
        base_revision=task.base.timetable.revision if task.base else None,
        only_accepted=task.only_accepted,
        made_at=clock.now(),
        made_by=actor,
    )
    in_order = sorted(task.slots, key=lambda one: task.slots[one].starts_at)
    figures = measure([*task.settled, *task.open], in_order, task.places, free_slots(task.set_up))
    timetable.figures = figures.model_dump(mode="json")
    session.add(timetable)
    session.flush()
    session.add_all([*task.slots.values(), *task.places.values()])
    session.flush()
    session.add_all([*task.settled, *task.open])
    session.flush()
    if task.set_up.forum.phase in {Phase.REGISTRATION, Phase.PREFERENCES}:
        phases.move(session, SYSTEM, forum_id, Phase.DRAFT)
    audit.record(session, actor, "timetable.made", "timetable", timetable.id)
    return timetable


def _unchanged(
    session: Session, forum_id: UUID, state: TimetableState, seen: Board | None
) -> Timetable | None:
    found = repository.in_state(session, forum_id, state, lock=True)
    known = seen.timetable if seen else None
    if (found.id, found.revision) != (known.id, known.revision) if found and known else found is not known:
        raise Conflict(
            message(
                "Somebody else changed the timetable while the new draft was made. Nothing was overwritten; "
                "make the draft again."
            )
        )
    return found
