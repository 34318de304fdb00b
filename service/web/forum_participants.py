"""The page of one participant of a forum: what it asks, what it wishes, with whom it is pinned."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from service.accounts.schemas import Principal
from service.forums import asking, planning, rulings, sessions, tables
from service.forums import operations as forums
from service.forums.pair_schemas import (
    PIN_WORDS,
    WISH_WORDS,
    PairNote,
    PinCreate,
    PinReason,
    PreferenceCreate,
    Wish,
)
from service.forums.schemas import MOST_SPANS, ParticipantChange, ParticipantRead
from service.platform.database import Session
from service.platform.http import ReadSession, TransactionRoute, WriteSession
from service.platform.i18n import message, span
from service.platform.problems import FieldError, InvalidInput, NotFound
from service.profiles import naming
from service.profiles.vocabulary import Kind
from service.web.authentication import FilledForm, User
from service.web.forms import CurrentVisit, Form, Submitted, Visit, checked, wall_clock
from service.web.pages import redirect, render

router = APIRouter(prefix="/forums/{forum_id}/participants/{kind}/{profile_id}", route_class=TransactionRoute)

_MOST_FOUND = 12
_SPARE_TIMES = 2
_OTHER = {Kind.ENTREPRENEUR: Kind.EXPORTER, Kind.EXPORTER: Kind.ENTREPRENEUR}


@router.get("")
def view(visit: CurrentVisit, session: ReadSession, forum_id: UUID, kind: Kind, profile_id: UUID) -> Response:
    """Show one participant, and whom of the other side a word finds."""
    form = Form({"q": visit.request.query_params.get("q", "")})
    return _page(visit, session, forum_id, kind, profile_id, form)


@router.post("/requests")
def ask(sent: Submitted, session: WriteSession, forum_id: UUID, kind: Kind, profile_id: UUID) -> Response:
    """Note how many meetings a participant asks for, and when it can meet."""
    form = sent.form
    rows = [
        number
        for number in range(MOST_SPANS)
        if form.value(f"starts_at_{number}").strip() or form.value(f"ends_at_{number}").strip()
    ]
    values: dict[str, Any] = {
        name: form.value(name) for name in ("min_meetings", "max_meetings", "time_zone")
    }
    values["available"] = [
        {name: form.value(f"{name}_{number}") for name in ("starts_at", "ends_at")} for number in rows
    ]

    def name_of(error: FieldError) -> str:
        if error.path[0] != "available":
            return str(error.path[0])
        return f"{error.path[2]}_{rows[int(error.path[1])]}"

    def change() -> None:
        wanted = checked(ParticipantChange, values)
        asking.ask(session, sent.user, forum_id, kind, profile_id, wanted, expected_revision=sent.revision)

    status = sent.carry_out(session, "requests", change, name_of)
    if status is not None:
        return _page(sent, session, forum_id, kind, profile_id, form, status=status)
    return redirect(f"{_address(forum_id, kind, profile_id)}#requests", "saved")


@router.post("/wishes")
def wish(
    user: User, session: WriteSession, forum_id: UUID, kind: Kind, profile_id: UUID, sent: FilledForm
) -> Response:
    """Note what a participant wishes of another, or take it back."""
    form = Form.of(sent)
    wanted = checked(
        PreferenceCreate,
        {**_pair(form, kind, profile_id), "said_by": kind, "wish": form.value("wish") or None},
    )
    rulings.prefer(session, user, forum_id, wanted)
    return redirect(f"{_address(forum_id, kind, profile_id)}#wishes", "noted")


@router.post("/pins")
def pin(sent: Submitted, session: WriteSession, forum_id: UUID, kind: Kind, profile_id: UUID) -> Response:
    """See to it that a participant meets another, where it is said in a slot and at a table."""
    form = sent.form
    number = form.value("number", "0")

    def change() -> None:
        values: dict[str, Any] = _pair(form, kind, profile_id)
        if form.value("number"):
            label = form.value(f"pin_table_id_{number}").strip()
            values["slot_id"] = form.value(f"pin_slot_id_{number}")
            values["table_id"] = _table(session, sent.user, forum_id, label)
            rulings.pin_pair(session, sent.user, forum_id, checked(PinCreate, values))
        else:
            rulings.pin_pair(session, sent.user, forum_id, checked(PairNote, values))

    status = sent.carry_out(session, "pins", change, lambda error: f"pin_{error.path[0]}_{number}")
    if status is not None:
        return _page(sent, session, forum_id, kind, profile_id, form, status=status)
    return redirect(f"{_address(forum_id, kind, profile_id)}#pins", "noted")


@router.post("/pins/lift")
def unpin(
    user: User, session: WriteSession, forum_id: UUID, kind: Kind, profile_id: UUID, sent: FilledForm
) -> Response:
    """Let a pair be decided like all others again."""
    wanted = checked(PairNote, _pair(Form.of(sent), kind, profile_id))
    rulings.unpin_pair(session, user, forum_id, (wanted.entrepreneur_id, wanted.exporter_id))
    return redirect(f"{_address(forum_id, kind, profile_id)}#pins", "noted")


def _address(forum_id: UUID, kind: Kind, profile_id: UUID) -> str:
    return f"/forums/{forum_id}/participants/{kind.value}/{profile_id}"


def _pair(form: Form, kind: Kind, profile_id: UUID) -> dict[str, Any]:
    return {f"{kind.value}_id": profile_id, f"{_OTHER[kind].value}_id": form.value("other_id")}


def _table(session: Session, user: Principal, forum_id: UUID, label: str) -> UUID | None:
    if not label:
        return None
    for one in tables.listed(session, user, forum_id):
        if one.label == label:
            return one.id
    sentence = message("There is no such meeting table at this forum.")
    raise InvalidInput([FieldError(("table_id",), "unknown_table", sentence)])


def _page(
    visit: Visit,
    session: Session,
    forum_id: UUID,
    kind: Kind,
    profile_id: UUID,
    form: Form,
    *,
    status: int = HTTPStatus.OK,
) -> Response:
    user = visit.user
    forum = forums.read(session, user, forum_id)
    found = {one.id: one for one in forums.participants(session, user, forum_id, kind)}
    if profile_id not in found:
        raise NotFound(asking.NOT_TAKING_PART)
    one = found[profile_id]
    others = forums.participants(session, user, forum_id, _OTHER[kind])
    slots = [slot for held in sessions.held(session, forum_id) for slot in held.slots]
    wishes = rulings.preferences(session, user, forum_id)
    own, other = f"{kind.value}_id", f"{_OTHER[kind].value}_id"
    pins = [pin for pin in rulings.pins(session, user, forum_id) if getattr(pin, own) == profile_id]
    labels = {table.id: table.label for table in tables.listed(session, user, forum_id)}
    shown = {**_values(one, forum.time_zone), "revision": str(one.revision)}
    for number, pinned in enumerate(pins):
        shown[f"pin_slot_id_{number}"] = str(pinned.slot_id or "")
        shown[f"pin_table_id_{number}"] = labels[pinned.table_id] if pinned.table_id else ""
    return render(
        visit.request,
        "participant.html",
        status=status,
        forum=forum,
        kind=kind,
        least=planning.forum_limits(forum, kind)[0],
        most=planning.forum_limits(forum, kind)[1],
        one=one,
        zone=one.time_zone or forum.time_zone,
        form=Form({**shown, **form.values, "revision": shown["revision"]}, form.mistakes),
        spans=range(min(len(one.available) + _SPARE_TIMES, MOST_SPANS)),
        can_meet=sum(planning.available_in(one.available, slots)),
        slots={slot.id: slot for slot in slots},
        slot_options=[
            (str(slot.id), span(slot.starts_at, slot.ends_at, visit.language, forum.time_zone))
            for slot in slots
        ],
        labels=labels,
        names={each.id: each.display_name for each in others},
        theirs=[
            (getattr(each, other), each.wish)
            for each in wishes
            if getattr(each, own) == profile_id and each.said_by is kind
        ],
        of_it=[
            (getattr(each, other), each.wish)
            for each in wishes
            if getattr(each, own) == profile_id and each.said_by is not kind
        ],
        pins=[(getattr(pinned, other), pinned) for pinned in pins],
        partners=_named(others, form.value("q")),
        wish_words=WISH_WORDS,
        pin_words=PIN_WORDS,
        wishes=tuple(Wish),
        pinned_by_hand=PinReason.ORGANISER,
        may_speak=bool(asking.speaks_for(session, user, kind, [profile_id])),
    )


def _values(one: ParticipantRead, time_zone: str) -> dict[str, str]:
    zone = one.time_zone or time_zone
    values = {
        "min_meetings": "" if one.min_meetings is None else str(one.min_meetings),
        "max_meetings": "" if one.max_meetings is None else str(one.max_meetings),
        "time_zone": one.time_zone or "",
    }
    for number, free in enumerate(one.available):
        values[f"starts_at_{number}"] = wall_clock(free.starts_at, zone)
        values[f"ends_at_{number}"] = wall_clock(free.ends_at, zone)
    return values


def _named(others: list[ParticipantRead], words: str) -> list[ParticipantRead]:
    if not words.strip():
        return []
    return [one for one in others if naming.named(words.strip(), one.display_name)][:_MOST_FOUND]
