"""Decisions about pairs at a forum: who must not meet, who shall meet, and what participants wish."""

from collections.abc import Sequence
from uuid import UUID

from service.accounts.operations import require
from service.accounts.schemas import Permission, Principal
from service.forums import repository
from service.forums.asking import check_voice, speaks_for
from service.forums.models import PairExclusion, PairOverride, PinnedPair, Preference
from service.forums.operations import forum_of
from service.forums.pair_schemas import (
    ExclusionCreate,
    ExclusionRead,
    ExclusionReason,
    PairNote,
    PinCreate,
    PinRead,
    PinReason,
    PreferenceCreate,
    PreferenceRead,
    Wish,
)
from service.platform import audit, clock
from service.platform.database import Session
from service.platform.i18n import message
from service.platform.problems import FieldError, InvalidInput, NotFound
from service.profiles import operations as profiles
from service.profiles.vocabulary import Kind

Pair = tuple[UUID, UUID]
"""An entrepreneur and an exporter."""


def exclude_pair(
    session: Session, principal: Principal, forum_id: UUID, wanted: ExclusionCreate
) -> ExclusionRead:
    """Rule a pair out at a forum; saying it again replaces the reason.

    Raises NotAllowed, NotFound, InvalidInput.
    """
    require(principal, Permission.FORUMS_WRITE)
    forum = forum_of(session, forum_id, lock=True)
    _check_known(session, wanted.entrepreneur_id, wanted.exporter_id)
    row = repository.exclusion_of(session, forum.id, wanted.entrepreneur_id, wanted.exporter_id)
    if row is None:
        row = PairExclusion(
            forum_id=forum.id,
            entrepreneur_id=wanted.entrepreneur_id,
            exporter_id=wanted.exporter_id,
            reason=wanted.reason.value,
            note=wanted.note,
            created_at=clock.now(),
            created_by=principal.actor,
        )
        session.add(row)
    row.reason, row.note = wanted.reason.value, wanted.note
    session.flush()
    audit.record(session, principal.actor, "forum.pair_excluded", "forum", forum.id, reason=wanted.reason)
    return _exclusions(session, [row])[0]


def allow_pair(session: Session, principal: Principal, forum_id: UUID, exclusion_id: UUID) -> None:
    """Lift an exclusion.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.FORUMS_WRITE)
    row = session.get(PairExclusion, exclusion_id)
    if row is None or row.forum_id != forum_id:
        raise NotFound(message("This pair is not ruled out."))
    session.delete(row)
    audit.record(session, principal.actor, "forum.pair_allowed", "forum", forum_id)


def exclusions(session: Session, principal: Principal, forum_id: UUID) -> list[ExclusionRead]:
    """List the pairs that are ruled out at a forum.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.FORUMS_READ)
    forum_of(session, forum_id)
    return _exclusions(session, repository.exclusions(session, forum_id))


def _exclusions(session: Session, rows: list[PairExclusion]) -> list[ExclusionRead]:
    entrepreneurs = profiles.summaries(session, Kind.ENTREPRENEUR, [row.entrepreneur_id for row in rows])
    exporters = profiles.summaries(session, Kind.EXPORTER, [row.exporter_id for row in rows])
    return [
        ExclusionRead.model_validate(
            row,
            update={
                "entrepreneur_name": entrepreneurs[row.entrepreneur_id].display_name,
                "exporter_name": exporters[row.exporter_id].display_name,
            },
        )
        for row in rows
    ]


def pin_pair(
    session: Session,
    principal: Principal,
    forum_id: UUID,
    wanted: PairNote | PinCreate,
    *,
    reason: PinReason = PinReason.ORGANISER,
) -> PinRead:
    """See to it that two meet at a forum, where it is said at a time or table; said again, it is replaced.

    A reason alone leaves time and table as they were.

    Raises NotAllowed, NotFound, InvalidInput.
    """
    require(principal, Permission.FORUMS_WRITE)
    forum = forum_of(session, forum_id, lock=True)
    _check_known(session, wanted.entrepreneur_id, wanted.exporter_id)
    row = repository.pin_of(session, forum.id, wanted.entrepreneur_id, wanted.exporter_id)
    if row is None:
        row = PinnedPair(
            forum_id=forum.id,
            entrepreneur_id=wanted.entrepreneur_id,
            exporter_id=wanted.exporter_id,
            reason=reason.value,
            note=wanted.note,
            created_at=clock.now(),
            created_by=principal.actor,
        )
        session.add(row)
    row.reason, row.note = reason.value, wanted.note
    if isinstance(wanted, PinCreate):
        _check_place(session, forum.id, wanted)
        row.slot_id, row.table_id = wanted.slot_id, wanted.table_id
    session.flush()
    audit.record(session, principal.actor, "forum.pair_pinned", "forum", forum.id, reason=reason)
    return PinRead.model_validate(row)


def _check_place(session: Session, forum_id: UUID, wanted: PinCreate) -> None:
    if wanted.slot_id not in {None, *(slot.id for slot in repository.slots(session, forum_id))}:
        sentence = message("There is no such slot at this forum.")
        raise InvalidInput([FieldError(("slot_id",), "unknown_slot", sentence)])
    if wanted.table_id not in {None, *(row.id for row in repository.meeting_tables(session, forum_id))}:
        sentence = message("There is no such meeting table at this forum.")
        raise InvalidInput([FieldError(("table_id",), "unknown_table", sentence)])
    pair = wanted.entrepreneur_id, wanted.exporter_id
    for other in repository.pins(session, forum_id):
        theirs = other.entrepreneur_id, other.exporter_id
        if theirs == pair or wanted.slot_id is None or other.slot_id != wanted.slot_id:
            continue
        if set(theirs) & set(pair):
            sentence = message("One of the two has another fixed meeting in this slot: choose another slot.")
            raise InvalidInput([FieldError(("slot_id",), "slot_taken", sentence)])
        if wanted.table_id is not None and other.table_id == wanted.table_id:
            sentence = message("Another meeting is fixed at this table and time: choose another table.")
            raise InvalidInput([FieldError(("table_id",), "table_taken", sentence)])


def unpin_pair(session: Session, principal: Principal, forum_id: UUID, pair: Pair) -> None:
    """Let a pair be decided like all others again; nothing happens when it was not pinned.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.FORUMS_WRITE)
    forum = forum_of(session, forum_id, lock=True)
    row = repository.pin_of(session, forum.id, *pair)
    if row is not None:
        session.delete(row)
        audit.record(session, principal.actor, "forum.pair_unpinned", "forum", forum.id)


def pins(session: Session, principal: Principal, forum_id: UUID) -> list[PinRead]:
    """List the pairs that shall meet at a forum.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.FORUMS_READ)
    forum_of(session, forum_id)
    return [PinRead.model_validate(row) for row in repository.pins(session, forum_id)]


def override(session: Session, principal: Principal, forum_id: UUID, wanted: PairNote) -> None:
    """Allow a pair at a forum although one said no, or they have met; the reason is kept.

    Raises NotAllowed, NotFound, InvalidInput without a reason or for unknown profiles.
    """
    require(principal, Permission.FORUMS_WRITE)
    forum = forum_of(session, forum_id, lock=True)
    _check_known(session, wanted.entrepreneur_id, wanted.exporter_id)
    if not wanted.note:
        sentence = message("Say why this pair is proposed all the same.")
        raise InvalidInput([FieldError(("note",), "reason_needed", sentence)])
    if (wanted.entrepreneur_id, wanted.exporter_id) not in repository.overridden(session, forum.id):
        session.add(
            PairOverride(
                forum_id=forum.id,
                entrepreneur_id=wanted.entrepreneur_id,
                exporter_id=wanted.exporter_id,
                note=wanted.note,
                created_at=clock.now(),
                created_by=principal.actor,
            )
        )
    session.flush()
    audit.record(session, principal.actor, "forum.pair_overridden", "forum", forum.id)


def withdraw_override(session: Session, principal: Principal, forum_id: UUID, pair: Pair) -> None:
    """Take back the word that a pair may be proposed all the same; nothing happens when none was given.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.FORUMS_WRITE)
    forum = forum_of(session, forum_id, lock=True)
    row = repository.override_of(session, forum.id, *pair)
    if row is not None:
        session.delete(row)
        session.flush()
        audit.record(session, principal.actor, "forum.override_withdrawn", "forum", forum.id)


def prefer(session: Session, principal: Principal, forum_id: UUID, wanted: PreferenceCreate) -> None:
    """Note what a participant wishes of another, or take the wish back.

    Raises NotFound, InvalidInput for profiles that do not take part, or that others speak for.
    """
    (problem,) = prefer_many(session, principal, forum_id, [wanted])
    if problem is not None:
        raise problem


def prefer_many(
    session: Session, principal: Principal, forum_id: UUID, wanted: Sequence[PreferenceCreate]
) -> list[InvalidInput | None]:
    """Note many wishes; give for each None, or what is wrong with it and was not saved.

    Raises NotFound.
    """
    forum = forum_of(session, forum_id, lock=True)
    rows = {kind: repository.participants(session, forum.id, kind) for kind in Kind}
    heard = {kind: speaks_for(session, principal, kind, rows[kind]) for kind in Kind}
    there = {
        (row.entrepreneur_id, row.exporter_id, row.said_by): row
        for row in repository.preferences(session, forum.id)
    }
    results: list[InvalidInput | None] = []
    for one in wanted:
        ids = {Kind.ENTREPRENEUR: one.entrepreneur_id, Kind.EXPORTER: one.exporter_id}
        try:
            for kind, profile_id in ids.items():
                own = heard[kind] if kind is one.said_by else rows[kind]
                check_voice(profile_id, rows[kind], own, f"{kind.value}_id")
        except InvalidInput as problem:
            results.append(problem)
            continue
        _note_wish(session, principal, forum.id, one, there)
        results.append(None)
    session.flush()
    audit.record(session, principal.actor, "forum.preferences", "forum", forum.id)
    return results


def _note_wish(
    session: Session,
    principal: Principal,
    forum_id: UUID,
    wanted: PreferenceCreate,
    there: dict[tuple[UUID, UUID, str], Preference],
) -> None:
    key = wanted.entrepreneur_id, wanted.exporter_id, wanted.said_by.value
    row = there.get(key)
    if wanted.wish is None:
        if row is not None:
            session.delete(there.pop(key))
            # The same may be wished again further on.
            session.flush()
    elif row is None:
        there[key] = Preference(
            forum_id=forum_id,
            entrepreneur_id=wanted.entrepreneur_id,
            exporter_id=wanted.exporter_id,
            said_by=wanted.said_by.value,
            wish=wanted.wish.value,
            created_at=clock.now(),
            created_by=principal.actor,
        )
        session.add(there[key])
    else:
        row.wish = wanted.wish.value


def preferences(session: Session, principal: Principal, forum_id: UUID) -> list[PreferenceRead]:
    """List what participants wish of each other.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.FORUMS_READ)
    forum_of(session, forum_id)
    return [PreferenceRead.model_validate(row) for row in repository.preferences(session, forum_id)]


def ruled_out(session: Session, forum_id: UUID) -> dict[Pair, ExclusionReason]:
    """Give every pair that must not be proposed at a forum, with the reason.

    What was said no to, and who has met, counts from every forum; an organiser's override lifts it here.
    """
    lasting = {ExclusionReason.SAID_NO.value, ExclusionReason.HAS_MET.value}
    overridden = repository.overridden(session, forum_id)
    found: dict[Pair, ExclusionReason] = {}
    for row in repository.exclusions_of_participants(session, forum_id):
        pair = (row.entrepreneur_id, row.exporter_id)
        if row.reason not in lasting or pair not in overridden:
            found[pair] = ExclusionReason(row.reason)
    for wish in repository.preferences(session, forum_id):
        pair = (wish.entrepreneur_id, wish.exporter_id)
        if wish.wish == Wish.NO.value and pair not in overridden:
            found.setdefault(pair, ExclusionReason.SAID_NO)
    return found


def wished_for(session: Session, forum_id: UUID) -> dict[Pair, Wish]:
    """Give the pairs that one side must or wants to meet; the stronger wish of the two counts."""
    found: dict[Pair, Wish] = {}
    for row in repository.preferences(session, forum_id):
        pair, wish = (row.entrepreneur_id, row.exporter_id), Wish(row.wish)
        if wish is not Wish.NO and found.get(pair) is not Wish.MUST:
            found[pair] = wish
    return found


def _check_known(session: Session, entrepreneur_id: UUID, exporter_id: UUID) -> None:
    unknown = [
        FieldError((f"{kind.value}_id",), "unknown_profile", message("There is no such profile."))
        for kind, one in ((Kind.ENTREPRENEUR, entrepreneur_id), (Kind.EXPORTER, exporter_id))
        if not profiles.summaries(session, kind, [one])
    ]
    if unknown:
        raise InvalidInput(unknown)
