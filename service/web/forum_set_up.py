"""Pages on which a forum is set up."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from service.accounts.operations import require
from service.accounts.schemas import Permission
from service.forums import operations as forums
from service.forums import sessions, set_up, tables
from service.forums.difficulties import share_in_words
from service.forums.pair_schemas import PIN_WORDS, PinReason
from service.forums.schemas import (
    CRITERION_WORDS,
    PHASE_WORDS,
    RULE_WORDS,
    ForumRead,
    InterpreterShiftCreate,
    LimitFields,
    LimitsChange,
    MeetingRuleCreate,
    MeetingTableChange,
    MeetingTableRead,
    MeetingTablesCreate,
    MeetingTablesMove,
    PhaseChange,
    ReservedShareCreate,
    RuleEffect,
    SessionCreate,
    SessionRead,
    SetUpRead,
    ShareCriterion,
)
from service.meetings import releasing
from service.platform.database import Session, WritingSession
from service.platform.http import ReadSession, TransactionRoute, WriteSession
from service.platform.i18n import country_name, language_name, message
from service.platform.problems import FieldError, InvalidInput, NotFound
from service.platform.values import in_language
from service.profiles import typed
from service.profiles.regions import region_name
from service.profiles.schemas import ProfileFilter
from service.profiles.vocabulary import Kind, PartnershipType, words_for
from service.programmes.schemas import PROGRAMME_NAMES, Programme
from service.web.forms import CurrentVisit, Form, Submission, Submitted, Visit, checked, given, wall_clock
from service.web.labels import label_of
from service.web.pages import NOTICES, redirect, render
from service.web.profile_form import LANGUAGES
from service.web.profiles import checked_ids

router = APIRouter(prefix="/forums/{forum_id}/set-up", route_class=TransactionRoute)

_SESSION = ("name", "starts_at", "ends_at", "meeting_minutes", "buffer_minutes")
_SHIFT = ("language", "interpreters", "starts_at", "ends_at")
_TABLE = ("label", "location", "place")
_LIMITS = tuple(LimitFields.model_fields)
_FILTERS = (
    "text",
    "countries",
    "region",
    "hs_prefix",
    "partnership_type",
    "programme",
    "kandas_owned",
    "rural",
)


@router.get("")
def view(visit: CurrentVisit, session: ReadSession, forum_id: UUID) -> Response:
    """Show what a forum is set up with, and what will not work out."""
    return _page(visit, session, forum_id)


@router.post("/phase")
def move_phase(sent: Submitted, session: WriteSession, forum_id: UUID) -> Response:
    """Bring the forum to another phase."""

    def change() -> None:
        wanted = sent.checked(PhaseChange, "phase")
        releasing.move_phase(session, sent.user, forum_id, wanted.phase, expected_revision=sent.revision)

    return _after(sent, session, forum_id, "phase", change)


@router.post("/limits")
def change_limits(sent: Submitted, session: WriteSession, forum_id: UUID) -> Response:
    """Change how many meetings each participant of a side gets."""

    def change() -> None:
        wanted = checked(LimitsChange, {name: sent.form.value(name) for name in _LIMITS})
        set_up.change_limits(session, sent.user, forum_id, wanted, expected_revision=sent.revision)

    return _after(sent, session, forum_id, "limits", change)


@router.post("/usual-days")
def add_usual_days(sent: Submitted, session: WriteSession, forum_id: UUID) -> Response:
    """Hold a morning and an afternoon on each day without a session."""

    def change() -> None:
        sessions.add_usual_days(session, sent.user, forum_id, expected_revision=sent.revision)

    return _after(sent, session, forum_id, "sessions", change)


@router.post("/sessions")
def add_session(sent: Submitted, session: WriteSession, forum_id: UUID) -> Response:
    """Hold a session."""

    def change() -> None:
        wanted = checked(SessionCreate, _own(sent.form, "session", _SESSION))
        sessions.add(session, sent.user, forum_id, wanted, expected_revision=sent.revision)

    return _after(sent, session, forum_id, "sessions", change, prefix="session")


@router.get("/sessions/{session_id}")
def ask_session(visit: CurrentVisit, session: ReadSession, forum_id: UUID, session_id: UUID) -> Response:
    """Show the form of a session as it stands."""
    require(visit.user, Permission.FORUMS_WRITE)
    forum = forums.read(session, visit.user, forum_id)
    held = _session(session, forum, session_id)
    zone = forum.time_zone
    values = {
        "session_name": held.name,
        "session_starts_at": wall_clock(held.starts_at, zone),
        "session_ends_at": wall_clock(held.ends_at, zone),
        "session_meeting_minutes": str(held.meeting_minutes),
        "session_buffer_minutes": str(held.buffer_minutes),
        "revision": str(forum.revision),
    }
    return render(visit.request, "session_form.html", forum=forum, held=held, form=Form(values))


@router.post("/sessions/{session_id}")
def change_session(sent: Submitted, session: WriteSession, forum_id: UUID, session_id: UUID) -> Response:
    """Hold a session at other times."""

    def change() -> None:
        wanted = checked(SessionCreate, _own(sent.form, "session", _SESSION))
        sessions.change(session, sent.user, forum_id, session_id, wanted, expected_revision=sent.revision)

    status = sent.carry_out(session, "starts_at", change, _names("starts_at", "session"))
    if status is not None:
        forum = forums.read(session, sent.user, forum_id)
        held = _session(session, forum, session_id)
        return render(
            sent.request, "session_form.html", status=status, forum=forum, held=held, form=sent.form
        )
    return redirect(f"/forums/{forum_id}/set-up#sessions", "saved")


@router.post("/sessions/{session_id}/remove")
def remove_session(sent: Submitted, session: WriteSession, forum_id: UUID, session_id: UUID) -> Response:
    """Hold a session no more."""

    def change() -> None:
        sessions.remove(session, sent.user, forum_id, session_id, expected_revision=sent.revision)

    return _after(sent, session, forum_id, "sessions", change)


@router.post("/tables")
def add_tables(sent: Submitted, session: WriteSession, forum_id: UUID) -> Response:
    """Put meeting tables up."""

    def change() -> None:
        labels = sent.form.value("tables_labels").replace(",", ";").replace("\n", ";").split(";")
        values = {
            "labels": [one for one in labels if one.strip()],
            "location": sent.form.value("tables_location"),
        }
        wanted = checked(MeetingTablesCreate, values)
        tables.add(session, sent.user, forum_id, wanted, expected_revision=sent.revision)

    return _after(sent, session, forum_id, "tables", change, prefix="tables")


@router.post("/tables/chosen")
def change_chosen_tables(sent: Submitted, session: WriteSession, forum_id: UUID) -> Response:
    """Put the ticked meeting tables into another location, or take them away."""
    ids = checked_ids(sent.form.chosen("ids"))

    def change() -> None:
        if not ids:
            raise InvalidInput([FieldError(("ids",), "too_short", NOTICES["none-chosen"])])
        if sent.form.value("action") == "remove":
            tables.remove(session, sent.user, forum_id, ids, expected_revision=sent.revision)
            return
        wanted = checked(MeetingTablesMove, {"ids": ids, "location": sent.form.value("chosen_location")})
        tables.move(session, sent.user, forum_id, wanted, expected_revision=sent.revision)

    return _after(sent, session, forum_id, "tables", change, prefix="chosen")


@router.post("/tables/change")
def change_table(sent: Submitted, session: WriteSession, forum_id: UUID) -> Response:
    """Rename one meeting table, or put it elsewhere in the order."""

    def change() -> None:
        known = {one.label: one for one in tables.listed(session, sent.user, forum_id)}
        table = known.get(sent.form.value("table_which").strip())
        if table is None:
            sentence = message("There is no such meeting table at this forum.")
            raise InvalidInput([FieldError(("which",), "unknown_table", sentence)])
        values = {
            "label": sent.form.value("table_label").strip() or table.label,
            "location": sent.form.value("table_location").strip() or table.location,
            "place": sent.form.value("table_place"),
        }
        wanted = checked(MeetingTableChange, values)
        tables.change(session, sent.user, forum_id, table.id, wanted, expected_revision=sent.revision)

    return _after(sent, session, forum_id, "tables", change, prefix="table")


@router.post("/interpreters")
def add_interpreters(sent: Submitted, session: WriteSession, forum_id: UUID) -> Response:
    """Have interpreters there."""

    def change() -> None:
        wanted = checked(InterpreterShiftCreate, _own(sent.form, "shift", _SHIFT))
        set_up.add_interpreters(session, sent.user, forum_id, wanted, expected_revision=sent.revision)

    return _after(sent, session, forum_id, "interpreters", change, prefix="shift")


@router.post("/interpreters/{shift_id}/remove")
def remove_interpreters(sent: Submitted, session: WriteSession, forum_id: UUID, shift_id: UUID) -> Response:
    """Do without the interpreters of a shift."""

    def change() -> None:
        set_up.remove_interpreters(session, sent.user, forum_id, shift_id, expected_revision=sent.revision)

    return _after(sent, session, forum_id, "interpreters", change)


@router.post("/rules")
def add_rule(sent: Submitted, session: WriteSession, forum_id: UUID) -> Response:
    """Say who may meet whom."""

    def change() -> None:
        values: dict[str, Any] = _own(sent.form, "rule", ("effect", "note"))
        for side in ("entrepreneurs", "exporters"):
            values[side] = _own(sent.form, side, _FILTERS)
            values[side]["countries"] = typed.countries(sent.form.value(f"{side}_countries"))
        wanted = checked(MeetingRuleCreate, values)
        set_up.add_rule(session, sent.user, forum_id, wanted, expected_revision=sent.revision)

    return _after(sent, session, forum_id, "rules", change, prefix="rule")


@router.post("/rules/{rule_id}/remove")
def remove_rule(sent: Submitted, session: WriteSession, forum_id: UUID, rule_id: UUID) -> Response:
    """Lift a rule."""

    def change() -> None:
        set_up.remove_rule(session, sent.user, forum_id, rule_id, expected_revision=sent.revision)

    return _after(sent, session, forum_id, "rules", change)


@router.post("/shares")
def reserve(sent: Submitted, session: WriteSession, forum_id: UUID) -> Response:
    """Reserve a share of the meetings."""

    def change() -> None:
        criterion, _, value = sent.form.value("share_criterion").partition(":")
        values = {"criterion": criterion, "value": value, "percent": sent.form.value("share_percent")}
        wanted = checked(ReservedShareCreate, values)
        set_up.reserve(session, sent.user, forum_id, wanted, expected_revision=sent.revision)

    return _after(sent, session, forum_id, "shares", change, prefix="share")


@router.post("/shares/{share_id}/earlier")
def rank_earlier(sent: Submitted, session: WriteSession, forum_id: UUID, share_id: UUID) -> Response:
    """Count a reserved share before the one that stands before it."""

    def change() -> None:
        ids = [share.id for share in set_up.shares(session, sent.user, forum_id)]
        if share_id in ids:
            place = max(ids.index(share_id) - 1, 0)
            ids.remove(share_id)
            ids.insert(place, share_id)
        set_up.rank_shares(session, sent.user, forum_id, ids, expected_revision=sent.revision)

    return _after(sent, session, forum_id, "shares", change)


@router.post("/shares/{share_id}/remove")
def release(sent: Submitted, session: WriteSession, forum_id: UUID, share_id: UUID) -> Response:
    """Reserve a share no more."""

    def change() -> None:
        set_up.release_share(session, sent.user, forum_id, share_id, expected_revision=sent.revision)

    return _after(sent, session, forum_id, "shares", change)


def _own(form: Form, prefix: str, names: Iterable[str]) -> dict[str, Any]:
    """Give the filled fields of one of the page's forms by their names in the schema."""
    values = {name: form.value(f"{prefix}_{name}") for name in names}
    return dict(given(values, names))


def _names(section: str, prefix: str) -> Callable[[FieldError], str]:
    """Lead a mistake to the field of its form; what concerns no field belongs to the section."""

    def name_of(error: FieldError) -> str:
        path = [str(step) for step in error.path]
        if path[0] in {"entrepreneurs", "exporters"}:
            return "_".join(path[:2])
        return path[0] if path[0] == section or not prefix else f"{prefix}_{path[0]}"

    return name_of


def _after(
    sent: Submission,
    session: WritingSession,
    forum_id: UUID,
    section: str,
    change: Callable[[], None],
    *,
    prefix: str = "",
) -> Response:
    """Make one change and go back to its section; show the page again with what is wrong."""
    status = sent.carry_out(session, section, change, _names(section, prefix))
    if status is not None:
        return _page(sent, session, forum_id, form=sent.form, status=status)
    return redirect(f"/forums/{forum_id}/set-up#{section}", "saved")


def _session(session: Session, forum: ForumRead, session_id: UUID) -> SessionRead:
    for one in sessions.held(session, forum.id):
        if one.id == session_id:
            return one
    raise NotFound(message("There is no such session at this forum."))


def _page(
    visit: Visit, session: Session, forum_id: UUID, *, form: Form | None = None, status: int = HTTPStatus.OK
) -> Response:
    found = set_up.read(session, visit.user, forum_id, visit.language)
    people = {kind: forums.participants(session, visit.user, forum_id, kind) for kind in Kind}
    values = {**_defaults(found), **(form.values if form else {}), "revision": str(found.forum.revision)}
    by_location: dict[str, list[MeetingTableRead]] = {}
    for table in found.tables:
        by_location.setdefault(table.location, []).append(table)
    regions = sorted({region_name(one.region, visit.language) for one in people[Kind.EXPORTER] if one.region})
    return render(
        visit.request,
        "set_up.html",
        status=status,
        forum=found.forum,
        found=found,
        names={one.id: one.display_name for kind in Kind for one in people[kind]},
        slots={slot.id: slot for one in found.sessions for slot in one.slots},
        by_location=by_location,
        # Pairs that both accepted are many, and have pages of their own.
        pins=[pin for pin in found.pins if pin.reason is PinReason.ORGANISER or pin.slot_id],
        labels={table.id: table.label for table in found.tables},
        form=Form(values, form.mistakes if form else []),
        phase_words=PHASE_WORDS,
        pin_words=PIN_WORDS,
        rule_words=RULE_WORDS,
        effects=[(effect.value, RULE_WORDS[effect].text(visit.language)) for effect in RuleEffect],
        filter_words=lambda wanted: _filter_words(wanted, visit.language),
        share_words=lambda share: share_in_words(share).text(visit.language),
        share_options=_share_options(regions, visit.language),
        partnership_types=tuple(PartnershipType),
        programmes=tuple(Programme),
        tongues=LANGUAGES,
    )


def _defaults(found: SetUpRead) -> dict[str, str]:
    forum = found.forum
    zone = forum.time_zone
    taken = {wall_clock(one.starts_at, zone)[:10] for one in found.sessions}
    days = [forum.starts_on + timedelta(place) for place in range((forum.ends_on - forum.starts_on).days + 1)]
    free = next((day for day in days if day.isoformat() not in taken), forum.starts_on)
    slots = [slot for one in found.sessions for slot in one.slots]
    return {
        **{name: str(getattr(forum, name)) for name in _LIMITS},
        "session_starts_at": f"{free}T09:00",
        "session_ends_at": f"{free}T13:00",
        "session_meeting_minutes": "20",
        "session_buffer_minutes": "5",
        "shift_starts_at": wall_clock(slots[0].starts_at, zone) if slots else f"{forum.starts_on}T09:00",
        "shift_ends_at": wall_clock(slots[-1].ends_at, zone) if slots else f"{forum.ends_on}T18:00",
        "shift_interpreters": "1",
        "share_percent": "10",
    }


def _share_options(regions: Iterable[str], language: str) -> list[tuple[str, str]]:
    found = [
        (ShareCriterion.PROGRAMME, one.value, in_language(PROGRAMME_NAMES[one], language))
        for one in Programme
    ]
    found += [(criterion, "", "") for criterion in (ShareCriterion.KANDAS_OWNED, ShareCriterion.RURAL)]
    found += [(ShareCriterion.REGION, one, one) for one in regions]
    return [
        (f"{criterion}:{value}", CRITERION_WORDS[criterion].text(language) + (f": {shown}" if shown else ""))
        for criterion, value, shown in found
    ]


_YES = message("Yes")
_NO = message("No")
_WORDS = message("Words")
_BUSINESS_LANGUAGE = message("Business language")


def _filter_words(wanted: ProfileFilter, language: str) -> list[str]:
    """Say what a filter asks for; one that asks for nothing says nothing."""
    shown: dict[str, Callable[[Any], str]] = {
        "countries": lambda codes: ", ".join(country_name(code, language) for code in codes),
        "partnership_type": lambda code: words_for(code, language),
        "review_status": lambda code: words_for(code, language),
        "language": lambda tag: language_name(tag, language),
        "region": lambda region: region_name(region, language),
        "programme": lambda code: in_language(PROGRAMME_NAMES[code], language),
        "kandas_owned": lambda yes: (_YES if yes else _NO).text(language),
        "rural": lambda yes: (_YES if yes else _NO).text(language),
    }
    labels = {"text": _WORDS.text(language), "language": _BUSINESS_LANGUAGE.text(language)}
    return [
        f"{labels.get(name) or label_of(name, language)}: {shown.get(name, str)(value)}"
        for name, value in wanted.model_dump(exclude_defaults=True).items()
    ]
