"""Decisions about pairs at a forum: who must not meet, who shall meet, and what participants wish."""

from uuid import UUID

from service.accounts.operations import require
from service.accounts.schemas import Permission, Principal
from service.forums import repository
from service.forums.models import PairExclusion, PairOverride, PinnedPair, Preference
from service.forums.operations import forum_of
from service.forums.schemas import (
    ExclusionCreate,
    ExclusionRead,
    ExclusionReason,
    PairNote,
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
    wanted: PairNote,
    *,
    reason: PinReason = PinReason.ORGANISER,
) -> PinRead:
    """See to it that two meet at a forum; saying it again replaces the reason.

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
    session.flush()
    audit.record(session, principal.actor, "forum.pair_pinned", "forum", forum.id, reason=reason)
    return PinRead.model_validate(row)


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


def prefer(session: Session, principal: Principal, forum_id: UUID, wanted: PreferenceCreate) -> None:
    """Note what a participant wishes of another, or take the wish back.

    Raises NotAllowed, NotFound, InvalidInput for profiles that do not take part.
    """
    require(principal, Permission.FORUMS_WRITE)
    forum = forum_of(session, forum_id, lock=True)
    for kind, one in ((Kind.ENTREPRENEUR, wanted.entrepreneur_id), (Kind.EXPORTER, wanted.exporter_id)):
        if one not in repository.participants(session, forum.id, kind):
            sentence = message("This profile does not take part in the forum.")
            raise InvalidInput([FieldError((f"{kind.value}_id",), "not_a_participant", sentence)])
    row = repository.preference_of(
        session, forum.id, wanted.entrepreneur_id, wanted.exporter_id, wanted.said_by
    )
    if wanted.wish is None:
        if row is not None:
            session.delete(row)
    elif row is None:
        session.add(
            Preference(
                forum_id=forum.id,
                entrepreneur_id=wanted.entrepreneur_id,
                exporter_id=wanted.exporter_id,
                said_by=wanted.said_by.value,
                wish=wanted.wish.value,
                created_at=clock.now(),
                created_by=principal.actor,
            )
        )
    else:
        row.wish = wanted.wish.value
    session.flush()
    audit.record(session, principal.actor, "forum.preference", "forum", forum.id, said_by=wanted.said_by)


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
        if wish.wish == Wish.NO.value:
            found.setdefault((wish.entrepreneur_id, wish.exporter_id), ExclusionReason.SAID_NO)
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
