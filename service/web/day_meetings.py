"""Meetings at the desk: who came, another time or meeting table, cancelling, filling what is free."""

from enum import StrEnum
from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Response

from service.catalogue.http import CurrentCatalogue
from service.catalogue.operations import Catalogue
from service.forums import operations as forums
from service.forums.http import CurrentLinks
from service.meetings import day, desk_view, editing
from service.meetings.day_schemas import DayCancel, DayFill, DayMove, DayPresence, DaySwap
from service.meetings.offers import offers as offers_for
from service.meetings.schemas import MEETING_WORDS
from service.platform import clock
from service.platform.database import Session
from service.platform.http import ReadSession, TransactionRoute, WriteSession
from service.web.forms import CurrentVisit, Form, Submitted, Visit, checked, given, whole
from service.web.pages import page_address, page_of, redirect, render
from service.web.profiles import checked_ids

router = APIRouter(prefix="/forums/{forum_id}/day", route_class=TransactionRoute)

TABLES_A_PAGE = 25
# What the buttons of a meeting say about its two sides.
_CAME: dict[str, dict[str, bool]] = {
    "both": {"entrepreneur_present": True, "exporter_present": True},
    "entrepreneur": {"entrepreneur_present": True, "exporter_present": False},
    "exporter": {"entrepreneur_present": False, "exporter_present": True},
    "nobody": {"entrepreneur_present": False, "exporter_present": False},
}


class MeetingStep(StrEnum):
    """What the desk does with a meeting."""

    PRESENCE = "presence"
    MOVE = "move"
    SWAP = "swap"
    CANCEL = "cancel"


# The field beside which a mistake is told, and what is said when it is done.
_FIELDS = {
    MeetingStep.PRESENCE: "came",
    MeetingStep.MOVE: "slot_id",
    MeetingStep.SWAP: "other_id",
    MeetingStep.CANCEL: "note",
}
_NOTICES = {
    MeetingStep.PRESENCE: "noted",
    MeetingStep.MOVE: "moved",
    MeetingStep.SWAP: "swapped",
    MeetingStep.CANCEL: "cancelled",
}


@router.get("/slots/{slot_id}")
def slot(visit: CurrentVisit, session: ReadSession, forum_id: UUID, slot_id: UUID) -> Response:
    """Show the meetings of a slot by meeting table."""
    slots, tables = desk_view.frame(session, visit.user, forum_id)
    meetings = desk_view.meetings_of_slot(session, visit.user, forum_id, slot_id, visit.language)
    at = {one.meeting.table.table_id: one for one in meetings if one.meeting.table}
    number = whole(visit.request.query_params.get("page", "")) or 1
    return render(
        visit.request,
        "day_slot.html",
        forum=forums.read(session, visit.user, forum_id),
        slot=next(one for one in slots if one.slot_id == slot_id),
        slots=slots,
        begun=any(one.slot_id == slot_id and one.starts_at <= clock.now() for one in slots),
        tables=page_of(tables, TABLES_A_PAGE, number),
        at=at,
        page_address=lambda page: page_address(f"/forums/{forum_id}/day/slots/{slot_id}", {}, page),
        meeting_words=MEETING_WORDS,
    )


@router.get("/meetings/{meeting_id}")
def view(visit: CurrentVisit, session: ReadSession, forum_id: UUID, meeting_id: UUID) -> Response:
    """Show a meeting, and where else it could be."""
    return _page(visit, session, (forum_id, meeting_id), Form())


@router.post("/meetings/{meeting_id}/{step}")
def change(
    sent: Submitted,
    session: WriteSession,
    links: CurrentLinks,
    forum_id: UUID,
    meeting_id: UUID,
    step: MeetingStep,
) -> Response:
    """Note who came to a meeting, move it, swap its table, or cancel it."""

    def carry_out() -> None:
        version = given(sent.form.values, ("version",))
        match step:
            case MeetingStep.PRESENCE:
                wanted = {**version, **_CAME.get(sent.form.value("came"), {})}
                day.note_presence(session, sent.user, forum_id, meeting_id, checked(DayPresence, wanted))
            case MeetingStep.MOVE:
                place = {**version, **given(sent.form.values, ("slot_id", "table_id"))}
                day.move(session, sent.user, links, forum_id, meeting_id, checked(DayMove, place))
            case MeetingStep.SWAP:
                other, _, seen = sent.form.value("other_id").partition(":")
                both = {**version, "other_id": other, "other_version": seen}
                day.swap_tables(session, sent.user, links, forum_id, meeting_id, checked(DaySwap, both))
            case MeetingStep.CANCEL:
                reason = {**version, **given(sent.form.values, ("note",))}
                day.cancel(session, sent.user, links, forum_id, meeting_id, checked(DayCancel, reason))

    status = sent.carry_out(session, _FIELDS[step], carry_out)
    if status is not None:
        return _page(sent, session, (forum_id, meeting_id), sent.form, status=status)
    back = f"/forums/{forum_id}/day/meetings/{meeting_id}"
    for name, part in (("slot", "slots"), ("participant", "participants")):
        for one in checked_ids([sent.form.value(f"back_{name}")]):
            back = f"/forums/{forum_id}/day/{part}/{one}#m-{meeting_id}"
    return redirect(back, _NOTICES[step])


@router.get("/offers")
def offers(
    visit: CurrentVisit, session: ReadSession, catalogue: CurrentCatalogue, forum_id: UUID
) -> Response:
    """Show who could meet in what is free."""
    return _offers_page(visit, session, catalogue, forum_id, Form(dict(visit.request.query_params)))


@router.post("/offers")
def fill(
    sent: Submitted, session: WriteSession, catalogue: CurrentCatalogue, links: CurrentLinks, forum_id: UUID
) -> Response:
    """Place an offered pair."""

    def change() -> None:
        names = ("entrepreneur_id", "exporter_id", "slot_id", "table_id")
        day.fill(session, sent.user, links, forum_id, sent.checked(DayFill, *names))

    status = sent.carry_out(session, "offers", change)
    if status is not None:
        return _offers_page(sent, session, catalogue, forum_id, sent.form, status=status)
    back = f"/forums/{forum_id}/day/slots/{sent.form.value('slot_id')}"
    for one in checked_ids([sent.form.value("participant")]):
        back = f"/forums/{forum_id}/day/participants/{one}"
    return redirect(back, "meeting-added")


def _page(
    visit: Visit, session: Session, where: tuple[UUID, UUID], form: Form, *, status: int = HTTPStatus.OK
) -> Response:
    forum_id, meeting_id = where
    found = desk_view.meeting(session, visit.user, forum_id, meeting_id, visit.language)
    meeting = found.meeting
    beside = (
        desk_view.meetings_of_slot(session, visit.user, forum_id, meeting.slot.slot_id, visit.language)
        if meeting.slot
        else []
    )
    return render(
        visit.request,
        "day_meeting.html",
        status=status,
        forum=forums.read(session, visit.user, forum_id),
        found=found,
        meeting=meeting,
        choices=editing.choices(session, visit.user, meeting.timetable_id, meeting_id, visit.language),
        beside=[one for one in beside if one.meeting.id != meeting_id and one.meeting.state == "planned"],
        now=clock.now(),
        begun=meeting.slot is not None and meeting.slot.starts_at <= clock.now(),
        meeting_words=MEETING_WORDS,
        form=form,
    )


def _offers_page(
    visit: Visit,
    session: Session,
    catalogue: Catalogue,
    forum_id: UUID,
    form: Form,
    *,
    status: int = HTTPStatus.OK,
) -> Response:
    asked = {name: next(iter(checked_ids([form.value(name)])), None) for name in ("slot", "participant")}
    slots, tables = desk_view.frame(session, visit.user, forum_id)
    table_id = next(iter(checked_ids([form.value("table_id")])), None)
    return render(
        visit.request,
        "day_offers.html",
        status=status,
        forum=forums.read(session, visit.user, forum_id),
        slot=next((one for one in slots if one.slot_id == asked["slot"]), None),
        table=next((one for one in tables if one.table_id == table_id), None),
        participant=asked["participant"],
        offers=offers_for(
            session, catalogue, visit.user, forum_id, slot_id=asked["slot"], profile_id=asked["participant"]
        ),
        form=form,
    )
