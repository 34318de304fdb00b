"""Decisions about forums: holding them, who takes part, who must not meet whom."""

from collections.abc import Iterable
from uuid import UUID

from service.accounts.operations import require
from service.accounts.schemas import Permission, Principal
from service.forums import repository
from service.forums.models import Forum, ForumParticipant
from service.forums.schemas import (
    ForumCreate,
    ForumRead,
    ParticipantRead,
    ParticipantsAdd,
    ParticipantsAdded,
)
from service.forums.times import days_of
from service.platform import audit, clock
from service.platform.database import Session
from service.platform.i18n import message
from service.platform.problems import Conflict, FieldError, InvalidInput, NotFound
from service.profiles import operations as profiles
from service.profiles.schemas import ProfileSummary
from service.profiles.vocabulary import Kind, ReviewStatus

SHOWN_OF_ADDED = 20
CHANGED_MEANWHILE = message(
    "Somebody else changed this in the meantime. Open it again and repeat your change."
)


def create(session: Session, principal: Principal, wanted: ForumCreate) -> ForumRead:
    """Save a new forum.

    Raises NotAllowed, InvalidInput when its code is taken.
    """
    require(principal, Permission.FORUMS_WRITE)
    _check_code(session, wanted.code, None)
    forum = Forum.model_validate(wanted, update={"created_at": clock.now()})
    session.add(forum)
    session.flush()
    audit.record(session, principal.actor, "forum.created", "forum", forum.id)
    return _read(session, [forum])[0]


def change(
    session: Session,
    principal: Principal,
    forum_id: UUID,
    wanted: ForumCreate,
    *,
    expected_revision: int | None = None,
) -> ForumRead:
    """Change a forum.

    Raises NotAllowed, NotFound, InvalidInput, Conflict.
    """
    forum = to_change(session, principal, forum_id, expected_revision)
    _check_code(session, wanted.code, forum.id)
    _check_days(session, forum, wanted)
    forum.sqlmodel_update(wanted.model_dump())
    audit.record(session, principal.actor, "forum.changed", "forum", forum.id)
    session.flush()
    return _read(session, [forum])[0]


def to_change(
    session: Session, principal: Principal, forum_id: UUID, expected_revision: int | None = None
) -> Forum:
    """Lock a forum for a change that whoever had it open before is to be told of.

    Raises NotAllowed, NotFound, Conflict.
    """
    require(principal, Permission.FORUMS_WRITE)
    forum = forum_of(session, forum_id, lock=True)
    if expected_revision is not None and expected_revision != forum.revision:
        raise Conflict(CHANGED_MEANWHILE)
    forum.revision += 1
    return forum


def _check_days(session: Session, forum: Forum, wanted: ForumCreate) -> None:
    held = repository.sessions(session, forum.id)
    if held and wanted.time_zone != forum.time_zone:
        sentence = message("The sessions are held by the clocks of this zone: remove them first.")
        raise InvalidInput([FieldError(("time_zone",), "sessions_held", sentence)])
    outside = [
        FieldError((name,), "sessions_outside", message("There are sessions outside of these days."))
        for name, wrong in (
            ("starts_on", any(days_of(one, forum.time_zone)[0] < wanted.starts_on for one in held)),
            ("ends_on", any(days_of(one, forum.time_zone)[1] > wanted.ends_on for one in held)),
        )
        if wrong
    ]
    if outside:
        raise InvalidInput(outside)


def _check_code(session: Session, code: str, own: UUID | None) -> None:
    known = repository.by_code(session, code)
    if known is not None and known.id != own:
        sentence = message("There is a forum with the code {code} already.", code=code)
        raise InvalidInput([FieldError(("code",), "code_taken", sentence)])


def every(session: Session, principal: Principal) -> list[ForumRead]:
    """List the forums, the latest first.

    Raises NotAllowed.
    """
    require(principal, Permission.FORUMS_READ)
    return _read(session, repository.every(session))


def read(session: Session, principal: Principal, forum_id: UUID) -> ForumRead:
    """Give one forum.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.FORUMS_READ)
    return _read(session, [forum_of(session, forum_id)])[0]


def find(session: Session, principal: Principal, code: str) -> ForumRead:
    """Give the forum with a code.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.FORUMS_READ)
    forum = repository.by_code(session, code)
    if forum is None:
        raise NotFound(message("There is no forum with the code {code}.", code=code))
    return _read(session, [forum])[0]


def participant_ids(session: Session, forum_id: UUID, kind: Kind) -> list[UUID]:
    """List who takes part on one side."""
    return list(repository.participants(session, forum_id, kind))


def participants(session: Session, principal: Principal, forum_id: UUID, kind: Kind) -> list[ParticipantRead]:
    """List who takes part on one side, by name.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.FORUMS_READ)
    forum_of(session, forum_id)
    rows = repository.participants(session, forum_id, kind)
    spans = repository.availability(session, forum_id)
    found = [
        ParticipantRead.model_validate(
            {
                **summary.model_dump(),
                **rows[profile_id].model_dump(exclude={"id"}),
                "participant_id": rows[profile_id].id,
                "available": spans.get(profile_id, []),
            }
        )
        for profile_id, summary in profiles.summaries(session, kind, rows).items()
    ]
    return sorted(found, key=lambda one: (one.display_name.casefold(), one.id))


def add_participants(
    session: Session, principal: Principal, forum_id: UUID, wanted: ParticipantsAdd
) -> ParticipantsAdded:
    """Add profiles by their ids or by a filter; only approved ones take part.

    Raises NotAllowed, NotFound, InvalidInput for ids that are not profiles of that side.
    """
    require(principal, Permission.FORUMS_WRITE)
    forum = forum_of(session, forum_id, lock=not wanted.dry_run)
    chosen = list(dict.fromkeys(wanted.ids))
    if wanted.filter is not None:
        approved = wanted.filter.model_copy(
            update={"review_status": ReviewStatus.APPROVED, "archived": False}
        )
        chosen += profiles.matching_ids(session, principal, wanted.kind, approved)
    summaries = profiles.summaries(session, wanted.kind, chosen)
    unknown = [
        FieldError(("ids", place), "unknown_profile", message("There is no such profile."))
        for place, one in enumerate(wanted.ids)
        if one not in summaries
    ]
    if unknown:
        raise InvalidInput(unknown)
    taking_part = repository.participants(session, forum.id, wanted.kind)
    fitting = [one for one in summaries.values() if _approved(one)]
    new = sorted(
        (one for one in fitting if one.id not in taking_part),
        key=lambda one: (one.display_name.casefold(), one.id),
    )
    if not wanted.dry_run:
        _add(session, principal, forum, wanted, new)
    return ParticipantsAdded(
        added=len(new),
        already=len(fitting) - len(new),
        not_approved=len(summaries) - len(fitting),
        profiles=new[:SHOWN_OF_ADDED],
    )


def _approved(summary: ProfileSummary) -> bool:
    return summary.review_status is ReviewStatus.APPROVED and summary.archived_at is None


def _add(
    session: Session,
    principal: Principal,
    forum: Forum,
    wanted: ParticipantsAdd,
    new: Iterable[ProfileSummary],
) -> None:
    column = f"{wanted.kind.value}_id"
    session.add_all(
        ForumParticipant.model_validate(
            {
                "forum_id": forum.id,
                column: one.id,
                "added_at": clock.now(),
                "added_by": principal.actor,
                "by_filter": wanted.filter is not None,
            }
        )
        for one in new
    )
    audit.record(session, principal.actor, "forum.participants_added", "forum", forum.id, kind=wanted.kind)


def remove_participants(
    session: Session, principal: Principal, forum_id: UUID, kind: Kind, profile_ids: Iterable[UUID]
) -> None:
    """Take profiles off a forum; match lists that were made keep them.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.FORUMS_WRITE)
    forum = forum_of(session, forum_id, lock=True)
    repository.remove_participants(session, forum.id, kind, profile_ids)
    audit.record(session, principal.actor, "forum.participants_removed", "forum", forum.id, kind=kind)


def forum_of(session: Session, forum_id: UUID, *, lock: bool = False) -> Forum:
    """Find a forum for a decision; locked, nobody else changes it before the commit.

    Raises NotFound.
    """
    forum = repository.get(session, forum_id, lock=lock)
    if forum is None:
        raise NotFound(message("There is no such forum."))
    return forum


def _read(session: Session, forums: list[Forum]) -> list[ForumRead]:
    counted = repository.counts(session, [forum.id for forum in forums])
    return [
        ForumRead.model_validate(
            forum,
            update=dict(zip(("entrepreneurs", "exporters"), counted.get(forum.id, (0, 0)), strict=True)),
        )
        for forum in forums
    ]
