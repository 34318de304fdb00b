"""Change requests: what participants ask for behind their link or at the desk, and what they are told."""

from uuid import UUID

from service.accounts.operations import require
from service.accounts.schemas import Permission, Principal
from service.forums import operations as forums
from service.forums import participant_links
from service.forums.participant_links import LinkedParticipant, ParticipantLinks
from service.meetings import day, repository
from service.meetings.board import Board, Pair
from service.meetings.day_schemas import RequestAnswer, RequestCreate, RequestRead, StepKind
from service.meetings.models import ChangeRequest, Meeting
from service.meetings.reading import partner, slot_seen
from service.meetings.schemas import MeetingAdd, MeetingState, Part, Reason, RequestKind, RequestState
from service.meetings.steps import Step, release_desk
from service.platform import clock
from service.platform.database import Session
from service.platform.i18n import message
from service.platform.problems import Conflict, FieldError, InvalidInput, NotFound
from service.profiles import operations as profiles
from service.profiles.vocabulary import Kind

MOST_OPEN = 10
"""Requests of one participant that wait at the same time."""


def ask(session: Session, who: LinkedParticipant, wanted: RequestCreate) -> None:
    """Take what a participant asks for.

    Raises InvalidInput, Conflict when it waits for too many answers, or nothing is released yet.
    """
    forums.forum_of(session, who.forum_id, lock=True)
    _ask(session, who, wanted, who.actor)


def ask_for(
    session: Session, principal: Principal, forum_id: UUID, profile_id: UUID, wanted: RequestCreate
) -> None:
    """Take down at the desk what a participant asks for.

    Raises NotAllowed, NotFound, InvalidInput, Conflict.
    """
    require(principal, Permission.MEETINGS_WRITE)
    forums.forum_of(session, forum_id, lock=True)
    participant_id = day.participant_of(session, forum_id, profile_id)
    kind = _side_of(session, profile_id)
    _ask(session, LinkedParticipant(participant_id, forum_id, kind, profile_id), wanted, principal.actor)


def _ask(session: Session, who: LinkedParticipant, wanted: RequestCreate, actor: str) -> None:
    board = day.release_board(session, who.forum_id, Part(profile_ids=[who.profile_id]))
    errors = list(_mistakes(session, board, who, wanted))
    if errors:
        raise InvalidInput(errors)
    waiting = [one for one in repository.requests_of(session, who.participant_id) if one.state == "open"]
    if len(waiting) >= MOST_OPEN:
        raise Conflict(
            message("There are {count} requests without an answer already: wait for those.", count=MOST_OPEN)
        )
    step = Step(session, who.forum_id, StepKind.ASKED, actor)
    step.add(
        ChangeRequest(
            forum_id=who.forum_id,
            participant_id=who.participant_id,
            partner_id=wanted.partner_id,
            kind=wanted.kind.value,
            slot_id=wanted.slot_id,
            text=wanted.text,
            asked_at=clock.now(),
            asked_by=actor,
        )
    )
    step.finish()


def _mistakes(
    session: Session, board: Board, who: LinkedParticipant, wanted: RequestCreate
) -> list[FieldError]:
    found = []
    if wanted.kind is RequestKind.OTHER:
        if wanted.partner_id is not None:
            sentence = message("Something else is not about a meeting: leave this out.")
            found.append(FieldError(("partner_id",), "not_needed", sentence))
        if not wanted.text:
            found.append(FieldError(("text",), "missing", message("Say in words what is to be changed.")))
    elif wanted.partner_id is None:
        found.append(FieldError(("partner_id",), "missing", message("This is needed.")))
    elif wanted.kind is RequestKind.MEET:
        other = Kind.EXPORTER if who.kind is Kind.ENTREPRENEUR else Kind.ENTREPRENEUR
        there = participant_links.participants_by_profile(session, who.forum_id, [wanted.partner_id])
        if not there or not profiles.summaries(session, other, [wanted.partner_id]):
            sentence = message("This profile does not take part in the forum.")
            found.append(FieldError(("partner_id",), "not_a_participant", sentence))
    elif meeting_of(board, who.kind, who.profile_id, wanted.partner_id) is None:
        sentence = message("The two have no meeting in the released timetable.")
        found.append(FieldError(("partner_id",), "no_meeting", sentence))
    if wanted.slot_id is not None and wanted.slot_id not in board.slots:
        sentence = message("There is no such slot or meeting table in this timetable.")
        found.append(FieldError(("slot_id",), "unknown_slot", sentence))
    return found


def answer(
    session: Session,
    principal: Principal,
    links: ParticipantLinks,
    forum_id: UUID,
    request_id: UUID,
    wanted: RequestAnswer,
) -> None:
    """Grant a request, which makes its change, or refuse it with a reason; both are one step.

    Raises NotAllowed, NotFound, InvalidInput for a refusal without words, Conflict when it is answered
    already, or with what stands in the way.
    """
    require(principal, Permission.MEETINGS_WRITE)
    forums.forum_of(session, forum_id, lock=True)
    request = repository.request(session, request_id)
    if request is None or request.forum_id != forum_id:
        raise NotFound(message("There is no such request."))
    if request.state != RequestState.OPEN.value:
        raise Conflict(message("Somebody else has answered this request already."))
    if not wanted.granted and not wanted.answer:
        sentence = message("Say why, for the participant reads it.")
        raise InvalidInput([FieldError(("answer",), "missing", sentence)])
    step = Step(session, forum_id, StepKind.GRANTED if wanted.granted else StepKind.REFUSED, principal.actor)
    step.touch(request)
    kind, desk = RequestKind(request.kind), None
    if wanted.granted and kind is not RequestKind.OTHER:
        pair = _pair(session, forum_id, request)
        slots = [] if kind is RequestKind.CANCEL else [_slot(request, wanted)]
        desk = release_desk(session, forum_id, Part(slot_ids=slots, profile_ids=pair))
        if kind is RequestKind.MEET:
            place = {"slot_id": _slot(request, wanted), "table_id": wanted.table_id}
            ends = {"entrepreneur_id": pair[0], "exporter_id": pair[1]}
            day.add(session, desk, step, MeetingAdd.model_validate({**ends, **place}))
        else:
            meeting = desk.board.by_pair.get(pair)
            if meeting is None:
                raise Conflict(message("The two have no meeting in the released timetable."))
            if kind is RequestKind.CANCEL:
                day.call_off(step, meeting, Reason.ASKED, wanted.answer)
            else:
                day.put(desk, step, meeting, _slot(request, wanted), wanted.table_id)
    request.state = (RequestState.GRANTED if wanted.granted else RequestState.REFUSED).value
    request.answered_at, request.answered_by = clock.now(), principal.actor
    request.answer = wanted.answer
    step.finish(desk, links)


def _slot(request: ChangeRequest, wanted: RequestAnswer) -> UUID:
    found = wanted.slot_id or request.slot_id
    if found is None:
        raise InvalidInput([FieldError(("slot_id",), "missing", message("Choose the new time."))])
    return found


def listed(session: Session, principal: Principal, forum_id: UUID) -> list[RequestRead]:
    """List the change requests of a forum: those that wait first, the oldest first of each.

    Raises NotAllowed, NotFound, Conflict before the first release.
    """
    require(principal, Permission.MEETINGS_READ)
    forums.forum_of(session, forum_id)
    rows = repository.requests(session, forum_id)
    if not rows:
        return []
    ordered = sorted(rows, key=lambda one: one.state != RequestState.OPEN.value)
    partners = {row.partner_id for row in rows if row.partner_id}
    board = day.release_board(session, forum_id, Part(profile_ids=partners))
    return read_of(session, forum_id, board, ordered)


def read_of(session: Session, forum_id: UUID, board: Board, rows: list[ChangeRequest]) -> list[RequestRead]:
    """Give change requests as callers see them."""
    ids = participant_links.participants_by_profile(session, forum_id)
    profile_of = {participant_id: profile_id for profile_id, participant_id in ids.items()}
    ends = {profile_of[row.participant_id] for row in rows} | {
        row.partner_id for row in rows if row.partner_id
    }
    people = {
        found.id: (kind, partner(found))
        for kind in Kind
        for found in profiles.summaries(session, kind, ends).values()
    }
    read = []
    for row in rows:
        side, own = people[profile_of[row.participant_id]]
        meeting = meeting_of(board, side, own.id, row.partner_id)
        known = row.slot_id if row.slot_id in board.slots else None
        read.append(
            RequestRead.model_validate(
                {
                    **row.model_dump(),
                    "side": side,
                    "participant": own,
                    "partner": people[row.partner_id][1] if row.partner_id else None,
                    "meeting_id": meeting.id if meeting else None,
                    "slot": slot_seen(board.slots, known),
                    "by_desk": not row.asked_by.startswith("participant:"),
                }
            )
        )
    return read


def meeting_of(board: Board, side: Kind, own: UUID, other: UUID | None) -> Meeting | None:
    """Find the meeting of two that takes or took a place."""
    if other is None:
        return None
    pair: Pair = (own, other) if side is Kind.ENTREPRENEUR else (other, own)
    meeting = board.by_pair.get(pair)
    return None if meeting is None or meeting.state == MeetingState.UNPLACED.value else meeting


def _pair(session: Session, forum_id: UUID, request: ChangeRequest) -> Pair:
    ids = participant_links.participants_by_profile(session, forum_id)
    own = next(profile for profile, participant in ids.items() if participant == request.participant_id)
    assert request.partner_id is not None
    return (
        (own, request.partner_id)
        if _side_of(session, own) is Kind.ENTREPRENEUR
        else (request.partner_id, own)
    )


def _side_of(session: Session, profile_id: UUID) -> Kind:
    return Kind.EXPORTER if profiles.summaries(session, Kind.EXPORTER, [profile_id]) else Kind.ENTREPRENEUR
