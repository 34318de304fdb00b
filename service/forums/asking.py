"""What participants ask of the timetable: how many meetings, and when by their own clocks."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from service.accounts.schemas import Permission, Principal
from service.forums import repository
from service.forums.models import Availability, Forum, ForumParticipant
from service.forums.operations import CHANGED_MEANWHILE, forum_of
from service.forums.schemas import ParticipantChange, ParticipantRequest, TimeSpan
from service.forums.times import span_of
from service.platform import audit
from service.platform.database import Session
from service.platform.i18n import message
from service.platform.problems import Conflict, FieldError, InvalidInput, NotAllowed, NotFound
from service.profiles import operations as profiles
from service.profiles.vocabulary import Kind

NOT_TAKING_PART = message("This profile does not take part in the forum.")
NOT_YOURS = message("Organisers speak for this participant, and those who keep its profile.")


def speaks_for(session: Session, principal: Principal, kind: Kind, profile_ids: Iterable[UUID]) -> set[UUID]:
    """Tell for which profiles a principal may speak: organisers for all, others for those they keep."""
    if Permission.FORUMS_WRITE in principal.permissions:
        return set(profile_ids)
    return profiles.changeable_ids(session, principal, kind, profile_ids)


def ask(
    session: Session,
    principal: Principal,
    forum_id: UUID,
    kind: Kind,
    profile_id: UUID,
    wanted: ParticipantChange,
    *,
    expected_revision: int | None = None,
) -> None:
    """Note what one participant asks of the timetable; what is not sent stays.

    Raises NotAllowed, NotFound, InvalidInput, Conflict.
    """
    forum = forum_of(session, forum_id, lock=True)
    row = repository.participants(session, forum.id, kind).get(profile_id)
    if row is None:
        raise NotFound(NOT_TAKING_PART)
    if not speaks_for(session, principal, kind, [profile_id]):
        raise NotAllowed(NOT_YOURS)
    if expected_revision is not None and expected_revision != row.revision:
        raise Conflict(CHANGED_MEANWHILE)
    _ask(session, forum, row, wanted)
    audit.record(session, principal.actor, "forum.participant_asked", kind.value, profile_id)


def ask_many(
    session: Session, principal: Principal, forum_id: UUID, wanted: Sequence[ParticipantRequest]
) -> list[InvalidInput | None]:
    """Note what many participants ask; give for each None, or what is wrong with it and was not saved.

    Raises NotFound.
    """
    forum = forum_of(session, forum_id, lock=True)
    rows = {kind: repository.participants(session, forum.id, kind) for kind in Kind}
    heard = {kind: speaks_for(session, principal, kind, rows[kind]) for kind in Kind}
    results: list[InvalidInput | None] = []
    for one in wanted:
        try:
            check_voice(one.profile_id, rows[one.kind], heard[one.kind], "profile_id")
            _ask(session, forum, rows[one.kind][one.profile_id], one)
        except InvalidInput as problem:
            results.append(problem)
        else:
            results.append(None)
    audit.record(session, principal.actor, "forum.participants_asked", "forum", forum.id)
    return results


def check_voice(
    profile_id: UUID, taking_part: Iterable[UUID], heard: Iterable[UUID], *path: str | int
) -> None:
    """Go on only for a participant for whom the caller speaks.

    Raises InvalidInput.
    """
    if profile_id not in taking_part:
        raise InvalidInput([FieldError(path, "not_a_participant", NOT_TAKING_PART)])
    if profile_id not in heard:
        raise InvalidInput([FieldError(path, "not_yours", NOT_YOURS)])


def _ask(session: Session, forum: Forum, row: ForumParticipant, wanted: ParticipantChange) -> None:
    values = wanted.model_dump(exclude_unset=True, include={"min_meetings", "max_meetings", "time_zone"})
    least = values.get("min_meetings", row.min_meetings)
    most = values.get("max_meetings", row.max_meetings)
    if least is not None and most is not None and most < least:
        sentence = message("The most meetings are below the least: swap the two.")
        raise InvalidInput([FieldError(("max_meetings",), "limits_reversed", sentence)])
    if "available" in wanted.model_fields_set:
        zone = values.get("time_zone", row.time_zone) or forum.time_zone
        spans = _joined(wanted.available, zone)
        repository.forget_availability(session, row.id)
        session.add_all(
            Availability(participant_id=row.id, starts_at=start, ends_at=end) for start, end in spans
        )
    row.sqlmodel_update(values)
    row.revision += 1
    session.flush()


def _joined(wanted: Sequence[TimeSpan], time_zone: str) -> list[tuple[datetime, datetime]]:
    """Give the times in their order, those that touch or overlap as one: a slot may span both."""
    errors: list[FieldError] = []
    spans: list[tuple[datetime, datetime]] = []
    for place, span in enumerate(wanted):
        try:
            spans.append(span_of(span, time_zone, "available", place))
        except InvalidInput as problem:
            errors += problem.errors
    if errors:
        raise InvalidInput(errors)
    joined: list[tuple[datetime, datetime]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return joined
