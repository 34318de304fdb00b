"""The screen in the hall: what runs now, how long, and what comes next; companies and tables, no persons."""

from datetime import timedelta
from uuid import UUID

from service.accounts.operations import require
from service.accounts.schemas import SYSTEM, Permission, Principal
from service.forums import operations as forums
from service.forums.participant_links import LinkAltered, LinkExpired
from service.forums.schemas import ForumRead
from service.meetings import repository
from service.meetings.board import load
from service.meetings.day_schemas import HallMeeting, HallRead
from service.meetings.desk_view import now_and_next
from service.meetings.models import TimetableSlot
from service.meetings.reading import in_order, seen
from service.meetings.schemas import Part, SlotSeen, TimetableState
from service.platform import clock
from service.platform.database import Session
from service.platform.i18n import SOURCE_LANGUAGE, message
from service.platform.security import Signer

_PURPOSE = "hall"
_VALID_AFTER_FORUM = timedelta(days=1)


def sign(signer: Signer, forum_id: UUID) -> str:
    """Make the token of a screen's link."""
    return signer.sign(forum_id.hex, purpose=_PURPOSE)


def read_link(session: Session, signer: Signer, token: str) -> ForumRead:
    """Tell whose screen a link opens.

    Raises LinkAltered, LinkExpired when the forum is over.
    """
    signed = signer.unsign(token, purpose=_PURPOSE, max_age_seconds=None)
    if not isinstance(signed, str):
        raise LinkAltered(
            message("A part of the address is missing or changed. Copy it from the desk page again.")
        )
    forum = forums.read(session, SYSTEM, UUID(signed))
    if clock.today() > forum.ends_on + _VALID_AFTER_FORUM:
        raise LinkExpired(message("The forum is over. Ask the organiser if you need something."))
    return forum


def screen_for(session: Session, principal: Principal, forum_id: UUID) -> HallRead:
    """Give what the screen shows to somebody who is signed in.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.MEETINGS_READ)
    forums.forum_of(session, forum_id)
    return screen(session, forum_id)


def screen(session: Session, forum_id: UUID) -> HallRead:
    """Give what the screen shows; before the first release nothing runs."""
    now = clock.now()
    release = repository.in_state(session, forum_id, TimetableState.RELEASED)
    if release is None:
        return HallRead(at=now, now=None, minutes_left=0, meetings=[], next=None, minutes_until_next=0)
    running, following = now_and_next(repository.slots(session, release.id), now)
    shown = running or following
    board = load(session, release, Part(slot_ids=[shown.slot_id] if shown else []))
    return HallRead(
        at=now,
        now=_seen(running),
        minutes_left=_minutes(running.ends_at - now) if running else 0,
        meetings=[
            HallMeeting(table=one.table, entrepreneur=one.entrepreneur.name, exporter=one.exporter.name)
            for one in in_order(seen(session, board, board.placed(), SOURCE_LANGUAGE))
            if one.table is not None
        ],
        next=_seen(following),
        minutes_until_next=_minutes(following.starts_at - now) if following else 0,
    )


def _minutes(left: timedelta) -> int:
    return -(-int(left.total_seconds()) // 60)


def _seen(slot: TimetableSlot | None) -> SlotSeen | None:
    return SlotSeen.model_validate(slot) if slot else None
