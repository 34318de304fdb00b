"""The phases of a forum: which follows which, and what each needs."""

from uuid import UUID

from service.accounts.schemas import Principal
from service.forums import repository
from service.forums.models import Forum
from service.forums.operations import read, to_change
from service.forums.schemas import PHASE_WORDS, ForumRead, Phase
from service.platform import audit
from service.platform.database import Session
from service.platform.i18n import Message, message
from service.platform.problems import Conflict

# One step on, or back to mend something; a small forum needs no round of preferences.
NEXT: dict[Phase, tuple[Phase, ...]] = {
    Phase.REGISTRATION: (Phase.PREFERENCES, Phase.DRAFT),
    Phase.PREFERENCES: (Phase.REGISTRATION, Phase.DRAFT),
    Phase.DRAFT: (Phase.REGISTRATION, Phase.PREFERENCES, Phase.PUBLISHED),
    Phase.PUBLISHED: (Phase.DRAFT, Phase.LIVE),
    Phase.LIVE: (Phase.PUBLISHED, Phase.FOLLOW_UP),
    Phase.FOLLOW_UP: (Phase.LIVE,),
}
_NEEDS_PEOPLE = frozenset(Phase) - {Phase.REGISTRATION}
_NEEDS_PLACES = _NEEDS_PEOPLE - {Phase.PREFERENCES}


def move(
    session: Session,
    principal: Principal,
    forum_id: UUID,
    phase: Phase,
    *,
    expected_revision: int | None = None,
) -> ForumRead:
    """Bring a forum to another phase; nothing happens when it is there.

    Raises NotAllowed, NotFound, Conflict when the phase does not follow, or lacks what it needs.
    """
    forum = to_change(session, principal, forum_id, expected_revision)
    now = Phase(forum.phase)
    if phase is not now:
        _check(session, forum, now, phase)
        forum.phase = phase.value
        audit.record(session, principal.actor, "forum.phase_moved", "forum", forum.id, phase=phase)
    session.flush()
    return read(session, principal, forum.id)


def _check(session: Session, forum: Forum, now: Phase, wanted: Phase) -> None:
    if wanted not in NEXT[now]:
        raise Conflict(
            message(
                "The forum cannot go from “{now}” to “{wanted}”: take one step after the other.",
                now=PHASE_WORDS[now],
                wanted=PHASE_WORDS[wanted],
            )
        )
    lacking = _lacking(session, forum, wanted)
    if lacking is not None:
        raise Conflict(lacking)


def _lacking(session: Session, forum: Forum, wanted: Phase) -> Message | None:
    entrepreneurs, exporters = repository.counts(session, [forum.id]).get(forum.id, (0, 0))
    if wanted in _NEEDS_PEOPLE and not (entrepreneurs and exporters):
        return message("Nobody can meet yet: add participants on both sides first.")
    if wanted in _NEEDS_PLACES and not repository.slots(session, forum.id):
        return message("There is no time to meet yet: add a session first.")
    if wanted in _NEEDS_PLACES and not repository.meeting_tables(session, forum.id):
        return message("There is no place to meet yet: add meeting tables first.")
    return None
