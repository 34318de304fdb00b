"""What became of a meeting: who came, what each side says of it, and what comes next."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from service.accounts.operations import require
from service.accounts.schemas import SYSTEM, Permission, Principal
from service.forums import operations as forums
from service.forums.participant_links import LinkedParticipant
from service.meetings import repository
from service.meetings.board import Board, Pair, end_of, load, pair_of, takes_its_place, timetable_of
from service.meetings.models import Meeting, MeetingFeedback, NextStep
from service.meetings.outcome_schemas import (
    FeedbackCreate,
    FeedbackRead,
    NextStepCreate,
    NextStepRead,
    OutcomeFigures,
    OutcomeRead,
    Outcomes,
    PresenceNote,
    Verdict,
)
from service.meetings.reading import Names, in_order, names_of, seen
from service.meetings.schemas import MeetingState, Part, TimetableState
from service.platform import audit, clock
from service.platform.database import Session
from service.platform.i18n import message
from service.platform.problems import Conflict, FieldError, InvalidInput, NotFound
from service.profiles.vocabulary import Kind

_OTHER = {Kind.ENTREPRENEUR: Kind.EXPORTER, Kind.EXPORTER: Kind.ENTREPRENEUR}

Said = Mapping[str, MeetingFeedback]
"""What each side said, by side."""


def say(
    session: Session,
    who: LinkedParticipant,
    meeting_id: UUID,
    wanted: FeedbackCreate,
    step: NextStepCreate | None = None,
) -> None:
    """Take what a participant says of its meeting; saying it again replaces it.

    Raises NotFound for a meeting of others, Conflict before it has begun, InvalidInput.
    """
    board, meeting = _live(session, meeting_id)
    if board.timetable.forum_id != who.forum_id or end_of(meeting, who.kind) != who.profile_id:
        raise no_such_meeting()
    _say(session, board, meeting, who.kind, wanted, who.actor)
    if step is not None:
        _add_step(session, board, meeting, step, who.actor)


def say_for(
    session: Session,
    principal: Principal,
    meeting_id: UUID,
    side: Kind,
    wanted: FeedbackCreate,
    language: str,
) -> OutcomeRead:
    """Take what a side says of its meeting from an organiser who speaks for it.

    Raises NotAllowed, NotFound, Conflict before it has begun.
    """
    require(principal, Permission.MEETINGS_WRITE)
    board, meeting = _live(session, meeting_id)
    _say(session, board, meeting, side, wanted, principal.actor)
    return _outcome(session, board, meeting, language)


def note_presence(
    session: Session, principal: Principal, meeting_id: UUID, wanted: PresenceNote, language: str
) -> OutcomeRead:
    """Note who came to a meeting; an organiser's word counts before what the sides say.

    Raises NotAllowed, NotFound, Conflict before it has begun.
    """
    require(principal, Permission.MEETINGS_WRITE)
    board, meeting = _live(session, meeting_id)
    check_begun(board, meeting)
    said = repository.feedback_of_pair(session, board.timetable.forum_id, *pair_of(meeting))
    meeting.entrepreneur_present = wanted.entrepreneur_present
    meeting.exporter_present = wanted.exporter_present
    known = wanted.entrepreneur_present is not None or wanted.exporter_present is not None
    meeting.presence_by = principal.actor if known else None
    had_place = takes_its_place(meeting)
    settle(meeting, said)
    if takes_its_place(meeting) and not had_place and repository.place_is_taken(session, meeting):
        raise place_given_away()
    audit.record(session, principal.actor, "meeting.presence", "meeting", meeting.id)
    session.flush()
    return _outcome(session, board, meeting, language)


def place_given_away() -> Conflict:
    """Say that a meeting that was not held cannot become one that was."""
    return Conflict(
        message(
            "Its slot or meeting table was given to another meeting after it was noted as not held. "
            "Move that one first, then repeat."
        )
    )


def settle(meeting: Meeting, said: Said) -> None:
    """Conclude whether a meeting was held from what was noted, else from what its sides say."""
    if meeting.presence_by is None:
        meeting.entrepreneur_present = _was_there(Kind.ENTREPRENEUR, said)
        meeting.exporter_present = _was_there(Kind.EXPORTER, said)
    present = (meeting.entrepreneur_present, meeting.exporter_present)
    if False in present:
        meeting.state = MeetingState.NO_SHOW.value
    elif None in present:
        meeting.state = MeetingState.PLANNED.value
    else:
        meeting.state = MeetingState.HELD.value


def _was_there(side: Kind, said: Said) -> bool | None:
    """Conclude whether a side came; who says anything was there, and what is contested is not known."""
    other = said.get(_OTHER[side].value)
    claims = {True} if side.value in said else set()
    if other is not None:
        claims.add(other.verdict == Verdict.HELD.value)
    return claims.pop() if len(claims) == 1 else None


def is_contested(said: Said) -> bool:
    """Tell whether one side says that the other did not come although that one has spoken."""
    return len(said) == len(Kind) and any(one.verdict == Verdict.NO_SHOW.value for one in said.values())


def add_step(
    session: Session, principal: Principal, meeting_id: UUID, wanted: NextStepCreate, language: str
) -> OutcomeRead:
    """Note what comes after a meeting.

    Raises NotAllowed, NotFound, Conflict before it has begun, InvalidInput.
    """
    require(principal, Permission.MEETINGS_WRITE)
    board, meeting = _live(session, meeting_id)
    check_begun(board, meeting)
    _add_step(session, board, meeting, wanted, principal.actor)
    return _outcome(session, board, meeting, language)


def set_done(session: Session, principal: Principal, step_id: UUID, *, done: bool) -> NextStepRead:
    """Note that a next step is done, or that it is not after all.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.MEETINGS_WRITE)
    step = repository.next_step(session, step_id)
    if step is None:
        raise NotFound(message("There is no such next step."))
    step.done_at, step.done_by = (clock.now(), principal.actor) if done else (None, None)
    audit.record(
        session, principal.actor, "next_step.done" if done else "next_step.open", "next_step", step.id
    )
    session.flush()
    return step_seen(step, names_of(session, [(step.entrepreneur_id, step.exporter_id)]))


def outcome(session: Session, principal: Principal, meeting_id: UUID, language: str) -> OutcomeRead:
    """Tell what became of one meeting, in a draft or any other timetable.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.MEETINGS_READ)
    meeting = repository.meeting(session, meeting_id)
    if meeting is None:
        raise no_such_meeting()
    timetable = timetable_of(session, meeting.timetable_id)
    return _outcome(
        session, load(session, timetable, Part(profile_ids=[meeting.entrepreneur_id])), meeting, language
    )


def outcomes(session: Session, principal: Principal, forum_id: UUID, language: str) -> Outcomes:
    """Tell what became of the meetings of a forum, and which next steps are due.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.MEETINGS_READ)
    forums.read(session, SYSTEM, forum_id)
    release = repository.in_state(session, forum_id, TimetableState.RELEASED)
    steps = repository.next_steps(session, forum_id)
    names = names_of(session, [(one.entrepreneur_id, one.exporter_id) for one in steps])
    due = [step_seen(one, names) for one in steps if one.done_at is None]
    figures = OutcomeFigures(steps_open=len(due), steps_overdue=sum(one.overdue for one in due))
    if release is None:
        return Outcomes(figures=figures, meetings=[], due=due)
    board = load(session, release)
    said: dict[Pair, dict[str, MeetingFeedback]] = {}
    for one in repository.feedback(session, forum_id):
        said.setdefault((one.entrepreneur_id, one.exporter_id), {})[one.side] = one
    steps_of: dict[Pair, list[NextStepRead]] = {}
    for step in steps:
        pair = (step.entrepreneur_id, step.exporter_id)
        steps_of.setdefault(pair, []).append(step_seen(step, names))
    _count(figures, board, said)
    read = []
    for meeting in in_order(seen(session, board, board.meetings, language)):
        pair = (meeting.entrepreneur.id, meeting.exporter.id)
        read.append(
            OutcomeRead(
                meeting=meeting,
                feedback=feedback_seen(said.get(pair, {})),
                contested=is_contested(said.get(pair, {})),
                next_steps=steps_of.get(pair, []),
            )
        )
    return Outcomes(figures=figures, meetings=read, due=due)


def _count(figures: OutcomeFigures, board: Board, said: Mapping[Pair, Said]) -> None:
    now = clock.now()
    for meeting in board.meetings:
        own = said.get(pair_of(meeting), {})
        begun = meeting.slot_id is not None and board.slots[meeting.slot_id].starts_at <= now
        match MeetingState(meeting.state):
            case MeetingState.HELD:
                figures.held += 1
            case MeetingState.NO_SHOW:
                figures.no_show += 1
            case MeetingState.CANCELLED:
                figures.cancelled += 1
            case MeetingState.PLANNED if is_contested(own):
                figures.contested += 1
            case MeetingState.PLANNED if begun:
                figures.unknown += 1
            case MeetingState.PLANNED:
                figures.to_come += 1
            case _:
                pass
    figures.entrepreneur_rating = _mean(said.values(), Kind.ENTREPRENEUR)
    figures.exporter_rating = _mean(said.values(), Kind.EXPORTER)


def _mean(said: Iterable[Said], side: Kind) -> float | None:
    given = [one[side.value].rating for one in said if side.value in one]
    ratings = [rating for rating in given if rating is not None]
    return round(sum(ratings) / len(ratings), 2) if ratings else None


def feedback_seen(said: Said) -> list[FeedbackRead]:
    """Give what each side said as callers see it, the entrepreneur's first."""
    return [FeedbackRead.model_validate(said[side]) for side in sorted(said)]


def step_seen(step: NextStep, names: Names) -> NextStepRead:
    """Give a next step as callers see it."""
    return NextStepRead.model_validate(
        {
            **step.model_dump(),
            "entrepreneur": names[step.entrepreneur_id],
            "exporter": names[step.exporter_id],
            "overdue": step.done_at is None and step.due_on < clock.today(),
        }
    )


def _say(
    session: Session, board: Board, meeting: Meeting, side: Kind, wanted: FeedbackCreate, actor: str
) -> None:
    check_begun(board, meeting)
    said = repository.feedback_of_pair(session, board.timetable.forum_id, *pair_of(meeting))
    row = said.get(side.value)
    if row is None:
        row = MeetingFeedback(
            forum_id=board.timetable.forum_id,
            entrepreneur_id=meeting.entrepreneur_id,
            exporter_id=meeting.exporter_id,
            side=side.value,
            verdict=wanted.verdict.value,
            said_at=clock.now(),
            said_by=actor,
        )
        said[side.value] = row
        session.add(row)
    row.verdict, row.rating = wanted.verdict.value, wanted.rating
    row.said_at, row.said_by = clock.now(), actor
    had_place = takes_its_place(meeting)
    before = {name: getattr(meeting, name) for name in ("state", "entrepreneur_present", "exporter_present")}
    settle(meeting, said)
    # What a side says is kept in any case; it does not take back a place that was given to others.
    if takes_its_place(meeting) and not had_place and repository.place_is_taken(session, meeting):
        for name, value in before.items():
            setattr(meeting, name, value)
    audit.record(session, actor, "meeting.feedback", "meeting", meeting.id, side=side)
    session.flush()


def _add_step(session: Session, board: Board, meeting: Meeting, wanted: NextStepCreate, actor: str) -> None:
    if wanted.due_on < _day_of(session, board, meeting):
        sentence = message("The next step would be due before the meeting: choose a later day.")
        raise InvalidInput([FieldError(("due_on",), "due_before_meeting", sentence)])
    step = NextStep(
        forum_id=board.timetable.forum_id,
        entrepreneur_id=meeting.entrepreneur_id,
        exporter_id=meeting.exporter_id,
        text=wanted.text,
        owner=wanted.owner.value,
        due_on=wanted.due_on,
        created_at=clock.now(),
        created_by=actor,
    )
    session.add(step)
    audit.record(session, actor, "next_step.added", "next_step", step.id)
    session.flush()


def _day_of(session: Session, board: Board, meeting: Meeting) -> date:
    forum = forums.read(session, SYSTEM, board.timetable.forum_id)
    assert meeting.slot_id is not None
    return board.slots[meeting.slot_id].starts_at.astimezone(ZoneInfo(forum.time_zone)).date()


def check_begun(board: Board, meeting: Meeting) -> None:
    """Refuse to say how a meeting was before it has begun.

    Raises Conflict.
    """
    if meeting.state == MeetingState.CANCELLED.value:
        raise Conflict(message("This meeting was cancelled."))
    if meeting.slot_id is None or board.slots[meeting.slot_id].starts_at > clock.now():
        raise Conflict(message("This meeting has not begun yet: say afterwards how it was."))


def _live(session: Session, meeting_id: UUID) -> tuple[Board, Meeting]:
    """Find a meeting in the release that holds now; locked, so that two who speak do not miss each other.

    Raises NotFound.
    """
    known = repository.whose(session, meeting_id)
    if known is None:
        raise no_such_meeting()
    forum_id, pair = known
    release = repository.in_state(session, forum_id, TimetableState.RELEASED, lock=True)
    board = load(session, release, Part(profile_ids=[pair[0]])) if release else None
    found = board.by_pair.get(pair) if board else None
    if board is None or found is None:
        raise no_such_meeting()
    return board, found


def no_such_meeting() -> NotFound:
    """Say that a meeting is not in the release that holds now."""
    return NotFound(message("There is no such meeting in the released timetable."))


def _outcome(session: Session, board: Board, meeting: Meeting, language: str) -> OutcomeRead:
    forum_id, pair = board.timetable.forum_id, pair_of(meeting)
    said = repository.feedback_of_pair(session, forum_id, *pair)
    names = names_of(session, [pair])
    steps = [
        step_seen(one, names)
        for one in repository.next_steps(session, forum_id, profile_id=pair[0])
        if one.exporter_id == pair[1]
    ]
    return OutcomeRead(
        meeting=seen(session, board, [meeting], language)[0],
        feedback=feedback_seen(said),
        contested=is_contested(said),
        next_steps=steps,
    )
