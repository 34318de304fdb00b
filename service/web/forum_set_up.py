"""Pages on which a forum is set up."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from service.accounts.operations import require
from service.accounts.schemas import Permission, Principal
from service.forums import operations as forums
from service.forums import sessions, set_up, tables
from service.forums.difficulties import share_in_words
from service.forums.schemas import (
    CRITERION_WORDS,
    PHASE_WORDS,
    PIN_WORDS,
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
    PinReason,
    ReservedShareCreate,
    RuleEffect,
    SessionCreate,
    SessionRead,
    SetUpRead,
    ShareCriterion,
)
from service.meetings import releasing
from service.platform.database import Session, WritingSession
from service.platform.http import Language, ReadSession, TransactionRoute, WriteSession
from service.platform.i18n import country_name, language_name, message
from service.platform.problems import Conflict, FieldError, InvalidInput, NotFound
from service.platform.values import in_language
from service.profiles.regions import region_name
from service.profiles.schemas import ProfileFilter
from service.profiles.vocabulary import Kind, PartnershipType, words_for
from service.programmes.schemas import PROGRAMME_NAMES, Programme
from service.web.authentication import FilledForm, User
from service.web.forms import Form, checked, given, wall_clock
from service.web.labels import label_of
from service.web.pages import redirect, render
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
def view(request: Request, user: User, session: ReadSession, language: Language, forum_id: UUID) -> Response:
    """Show what a forum is set up with, and what will not work out."""
    return _page(request, user, session, language, forum_id)


@router.post("/phase")
def move_phase(
    request: Request, user: User, session: WriteSession, language: Language, forum_id: UUID, sent: FilledForm
) -> Response:
    """Bring the forum to another phase."""
    form = Form.of(sent)

    def step(revision: int | None) -> None:
        wanted = checked(PhaseChange, given(form.values, ("phase",)))
        releasing.move_phase(session, user, forum_id, wanted.phase, expected_revision=revision)

    return _after(request, user, session, language, forum_id, form, "phase", step)


@router.post("/limits")
def change_limits(
    request: Request, user: User, session: WriteSession, language: Language, forum_id: UUID, sent: FilledForm
) -> Response:
    """Change how many meetings each participant of a side gets."""
    form = Form.of(sent)

    def step(revision: int | None) -> None:
        wanted = checked(LimitsChange, {name: form.value(name) for name in _LIMITS})
        set_up.change_limits(session, user, forum_id, wanted, expected_revision=revision)

    return _after(request, user, session, language, forum_id, form, "limits", step)


@router.post("/usual-days")
def add_usual_days(
    request: Request, user: User, session: WriteSession, language: Language, forum_id: UUID, sent: FilledForm
) -> Response:
    """Hold a morning and an afternoon on each day without a session."""

    def step(revision: int | None) -> None:
        sessions.add_usual_days(session, user, forum_id, expected_revision=revision)

    return _after(request, user, session, language, forum_id, Form.of(sent), "sessions", step)


@router.post("/sessions")
def add_session(
    request: Request, user: User, session: WriteSession, language: Language, forum_id: UUID, sent: FilledForm
) -> Response:
    """Hold a session."""
    form = Form.of(sent)

    def step(revision: int | None) -> None:
        wanted = checked(SessionCreate, _own(form, "session", _SESSION))
        sessions.add(session, user, forum_id, wanted, expected_revision=revision)

    return _after(request, user, session, language, forum_id, form, "sessions", step, prefix="session")


@router.get("/sessions/{session_id}")
def ask_session(
    request: Request, user: User, session: ReadSession, forum_id: UUID, session_id: UUID
) -> Response:
    """Show the form of a session as it stands."""
    require(user, Permission.FORUMS_WRITE)
    forum = forums.read(session, user, forum_id)
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
    return render(request, "session_form.html", forum=forum, held=held, form=Form(values))


@router.post("/sessions/{session_id}")
def change_session(
    request: Request, user: User, session: WriteSession, forum_id: UUID, session_id: UUID, sent: FilledForm
) -> Response:
    """Hold a session at other times."""
    form = Form.of(sent)
    try:
        wanted = checked(SessionCreate, _own(form, "session", _SESSION))
        sessions.change(session, user, forum_id, session_id, wanted, expected_revision=_revision(form))
    except (InvalidInput, Conflict) as problem:
        _take(form, problem, "starts_at", "session")
        session.rollback()
        forum = forums.read(session, user, forum_id)
        held = _session(session, forum, session_id)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return render(request, "session_form.html", status=status, forum=forum, held=held, form=form)
    return redirect(f"/forums/{forum_id}/set-up#sessions", "saved")


@router.post("/sessions/{session_id}/remove")
def remove_session(
    request: Request,
    user: User,
    session: WriteSession,
    language: Language,
    forum_id: UUID,
    session_id: UUID,
    sent: FilledForm,
) -> Response:
    """Hold a session no more."""

    def step(revision: int | None) -> None:
        sessions.remove(session, user, forum_id, session_id, expected_revision=revision)

    return _after(request, user, session, language, forum_id, Form.of(sent), "sessions", step)


@router.post("/tables")
def add_tables(
    request: Request, user: User, session: WriteSession, language: Language, forum_id: UUID, sent: FilledForm
) -> Response:
    """Put meeting tables up."""
    form = Form.of(sent)

    def step(revision: int | None) -> None:
        labels = form.value("tables_labels").replace(",", ";").replace("\n", ";").split(";")
        values = {"labels": [one for one in labels if one.strip()], "location": form.value("tables_location")}
        wanted = checked(MeetingTablesCreate, values)
        tables.add(session, user, forum_id, wanted, expected_revision=revision)

    return _after(request, user, session, language, forum_id, form, "tables", step, prefix="tables")


@router.post("/tables/chosen")
def change_chosen_tables(
    request: Request, user: User, session: WriteSession, language: Language, forum_id: UUID, sent: FilledForm
) -> Response:
    """Put the ticked meeting tables into another location, or take them away."""
    form = Form.of(sent)
    ids = checked_ids(sent.getlist("ids"))

    def step(revision: int | None) -> None:
        if form.value("action") == "remove":
            tables.remove(session, user, forum_id, ids, expected_revision=revision)
            return
        wanted = checked(MeetingTablesMove, {"ids": ids, "location": form.value("chosen_location")})
        tables.move(session, user, forum_id, wanted, expected_revision=revision)

    return _after(request, user, session, language, forum_id, form, "tables", step, prefix="chosen")


@router.post("/tables/change")
def change_table(
    request: Request, user: User, session: WriteSession, language: Language, forum_id: UUID, sent: FilledForm
) -> Response:
    """Rename one meeting table, or put it elsewhere in the order."""
    form = Form.of(sent)

    def step(revision: int | None) -> None:
        known = {one.label: one for one in tables.listed(session, user, forum_id)}
        table = known.get(form.value("table_which").strip())
        if table is None:
            sentence = message("There is no such meeting table at this forum.")
            raise InvalidInput([FieldError(("which",), "unknown_table", sentence)])
        values = {
            "label": form.value("table_label").strip() or table.label,
            "location": form.value("table_location").strip() or table.location,
            "place": form.value("table_place"),
        }
        wanted = checked(MeetingTableChange, values)
        tables.change(session, user, forum_id, table.id, wanted, expected_revision=revision)

    return _after(request, user, session, language, forum_id, form, "tables", step, prefix="table")


@router.post("/interpreters")
def add_interpreters(
    request: Request, user: User, session: WriteSession, language: Language, forum_id: UUID, sent: FilledForm
) -> Response:
    """Have interpreters there."""
    form = Form.of(sent)

    def step(revision: int | None) -> None:
        wanted = checked(InterpreterShiftCreate, _own(form, "shift", _SHIFT))
        set_up.add_interpreters(session, user, forum_id, wanted, expected_revision=revision)

    return _after(request, user, session, language, forum_id, form, "interpreters", step, prefix="shift")


@router.post("/interpreters/{shift_id}/remove")
def remove_interpreters(
    request: Request,
    user: User,
    session: WriteSession,
    language: Language,
    forum_id: UUID,
    shift_id: UUID,
    sent: FilledForm,
) -> Response:
    """Do without the interpreters of a shift."""

    def step(revision: int | None) -> None:
        set_up.remove_interpreters(session, user, forum_id, shift_id, expected_revision=revision)

    return _after(request, user, session, language, forum_id, Form.of(sent), "interpreters", step)


@router.post("/rules")
def add_rule(
    request: Request, user: User, session: WriteSession, language: Language, forum_id: UUID, sent: FilledForm
) -> Response:
    """Say who may meet whom."""
    form = Form.of(sent)

    def step(revision: int | None) -> None:
        values: dict[str, Any] = _own(form, "rule", ("effect", "note"))
        for side in ("entrepreneurs", "exporters"):
            values[side] = _own(form, side, _FILTERS)
            values[side]["countries"] = form.chosen(f"{side}_countries")
        wanted = checked(MeetingRuleCreate, values)
        set_up.add_rule(session, user, forum_id, wanted, expected_revision=revision)

    return _after(request, user, session, language, forum_id, form, "rules", step, prefix="rule")


@router.post("/rules/{rule_id}/remove")
def remove_rule(
    request: Request,
    user: User,
    session: WriteSession,
    language: Language,
    forum_id: UUID,
    rule_id: UUID,
    sent: FilledForm,
) -> Response:
    """Lift a rule."""

    def step(revision: int | None) -> None:
        set_up.remove_rule(session, user, forum_id, rule_id, expected_revision=revision)

    return _after(request, user, session, language, forum_id, Form.of(sent), "rules", step)


@router.post("/shares")
def reserve(
    request: Request, user: User, session: WriteSession, language: Language, forum_id: UUID, sent: FilledForm
) -> Response:
    """Reserve a share of the meetings."""
    form = Form.of(sent)

    def step(revision: int | None) -> None:
        criterion, _, value = form.value("share_criterion").partition(":")
        values = {"criterion": criterion, "value": value, "percent": form.value("share_percent")}
        wanted = checked(ReservedShareCreate, values)
        set_up.reserve(session, user, forum_id, wanted, expected_revision=revision)

    return _after(request, user, session, language, forum_id, form, "shares", step, prefix="share")


@router.post("/shares/{share_id}/earlier")
def rank_earlier(
    request: Request,
    user: User,
    session: WriteSession,
    language: Language,
    forum_id: UUID,
    share_id: UUID,
    sent: FilledForm,
) -> Response:
    """Count a reserved share before the one that stands before it."""

    def step(revision: int | None) -> None:
        ids = [share.id for share in set_up.shares(session, user, forum_id)]
        if share_id in ids:
            place = max(ids.index(share_id) - 1, 0)
            ids.remove(share_id)
            ids.insert(place, share_id)
        set_up.rank_shares(session, user, forum_id, ids, expected_revision=revision)

    return _after(request, user, session, language, forum_id, Form.of(sent), "shares", step)


@router.post("/shares/{share_id}/remove")
def release(
    request: Request,
    user: User,
    session: WriteSession,
    language: Language,
    forum_id: UUID,
    share_id: UUID,
    sent: FilledForm,
) -> Response:
    """Reserve a share no more."""

    def step(revision: int | None) -> None:
        set_up.release_share(session, user, forum_id, share_id, expected_revision=revision)

    return _after(request, user, session, language, forum_id, Form.of(sent), "shares", step)


def _revision(form: Form) -> int | None:
    value = form.value("revision")
    return int(value) if value.isdigit() else None


def _own(form: Form, prefix: str, names: Iterable[str]) -> dict[str, Any]:
    """Give the filled fields of one of the page's forms by their names in the schema."""
    values = {name: form.value(f"{prefix}_{name}") for name in names}
    return dict(given(values, names))


def _take(form: Form, problem: InvalidInput | Conflict, section: str, prefix: str) -> None:
    """Take mistakes over, each to the field of its form; what concerns no field goes to the section."""

    def name_of(error: FieldError) -> str:
        path = [str(step) for step in error.path]
        if path[0] in {"entrepreneurs", "exporters"}:
            return "_".join(path[:2])
        return path[0] if path[0] == section or not prefix else f"{prefix}_{path[0]}"

    form.add(problem.errors or [FieldError((section,), problem.code, problem.detail)], name_of)


def _after(
    request: Request,
    user: Principal,
    session: WritingSession,
    language: str,
    forum_id: UUID,
    form: Form,
    section: str,
    step: Callable[[int | None], None],
    *,
    prefix: str = "",
) -> Response:
    """Take one step and go back to its section; show the page again with what is wrong."""
    try:
        step(_revision(form))
    except (InvalidInput, Conflict) as problem:
        _take(form, problem, section, prefix)
        session.rollback()
        return _page(request, user, session, language, forum_id, form=form)
    return redirect(f"/forums/{forum_id}/set-up#{section}", "saved")


def _session(session: Session, forum: ForumRead, session_id: UUID) -> SessionRead:
    for one in sessions.held(session, forum.id):
        if one.id == session_id:
            return one
    raise NotFound(message("There is no such session at this forum."))


def _page(
    request: Request,
    user: Principal,
    session: Session,
    language: str,
    forum_id: UUID,
    *,
    form: Form | None = None,
) -> Response:
    found = set_up.read(session, user, forum_id, language)
    people = {kind: forums.participants(session, user, forum_id, kind) for kind in Kind}
    values = {**_defaults(found), **(form.values if form else {}), "revision": str(found.forum.revision)}
    by_location: dict[str, list[MeetingTableRead]] = {}
    for table in found.tables:
        by_location.setdefault(table.location, []).append(table)
    regions = sorted({region_name(one.region, language) for one in people[Kind.EXPORTER] if one.region})
    return render(
        request,
        "set_up.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form else HTTPStatus.OK,
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
        effects=[(effect.value, RULE_WORDS[effect].text(language)) for effect in RuleEffect],
        filter_words=lambda wanted: _filter_words(wanted, language),
        share_words=lambda share: share_in_words(share).text(language),
        share_options=_share_options(regions, language),
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
