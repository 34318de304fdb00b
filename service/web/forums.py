"""Pages of forums, their participants and the pairs that are ruled out."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from service.accounts.operations import require
from service.accounts.schemas import Permission, Principal
from service.catalogue.http import CurrentCatalogue
from service.forums import operations as forums
from service.forums import rulings
from service.forums.pair_schemas import EXCLUSION_WORDS, ExclusionCreate, ExclusionReason
from service.forums.planning import forum_limits
from service.forums.schemas import (
    PHASE_WORDS,
    ForumCreate,
    ForumRead,
    LimitFields,
    ParticipantsAdd,
    ParticipantsAdded,
)
from service.match_lists import operations as match_lists
from service.match_lists.schemas import DEFAULT_CANDIDATES, STATE_WORDS, MatchListCreate
from service.platform.database import Session
from service.platform.http import CurrentDatabase, ReadSession, TransactionRoute, WriteSession
from service.platform.problems import Conflict, FieldError, InvalidInput
from service.profiles import naming, typed
from service.profiles.schemas import ProfileFilter
from service.profiles.vocabulary import Kind, PartnershipType
from service.programmes.schemas import Programme
from service.web.accounts import name_field, names_of
from service.web.authentication import FilledForm, User
from service.web.forms import Form, checked, given, whole
from service.web.pages import kept_query, page_address, page_of, redirect, render
from service.web.profiles import checked_ids

router = APIRouter(prefix="/forums", route_class=TransactionRoute)

PARTICIPANTS_A_PAGE = 100

_FIELDS = ("code", "host_country", "city", "time_zone", "starts_on", "ends_on", *LimitFields.model_fields)
_FILTERS = ("text", "hs_prefix", "partnership_type", "region", "centre", "programme", "kandas_owned", "rural")


@router.get("")
def listed(request: Request, user: User, session: ReadSession) -> Response:
    """List the forums."""
    return render(request, "forums.html", forums=forums.every(session, user))


@router.get("/new")
def ask_new(request: Request, user: User) -> Response:
    """Show an empty form."""
    require(user, Permission.FORUMS_WRITE)
    limits = {name: str(field.default) for name, field in LimitFields.model_fields.items()}
    return render(request, "forum_form.html", form=Form(limits), forum=None)


@router.post("/new")
def create(request: Request, user: User, session: WriteSession, sent: FilledForm) -> Response:
    """Save a new forum."""
    form = Form.of(sent)
    try:
        forum = forums.create(session, user, checked(ForumCreate, _values(form)))
    except InvalidInput as problem:
        form.add(problem.errors, name_field)
        return render(request, "forum_form.html", status=problem.status, form=form, forum=None)
    return redirect(f"/forums/{forum.id}", "saved")


@router.get("/{forum_id}")
def view(request: Request, user: User, session: ReadSession, forum_id: UUID) -> Response:
    """Show a forum: its participants, its lists, what is ruled out."""
    return _forum_page(request, user, session, forum_id)


@router.get("/{forum_id}/edit")
def ask_edit(request: Request, user: User, session: ReadSession, forum_id: UUID) -> Response:
    """Show the form of a forum as it stands."""
    require(user, Permission.FORUMS_WRITE)
    forum = forums.read(session, user, forum_id)
    values = {name: str(getattr(forum, name)) for name in (*_FIELDS, "revision")}
    names = {f"name_{language}": name for language, name in forum.name.items()}
    return render(request, "forum_form.html", form=Form({**values, **names}), forum=forum)


@router.post("/{forum_id}/edit")
def edit(request: Request, user: User, session: WriteSession, forum_id: UUID, sent: FilledForm) -> Response:
    """Save a changed forum; what somebody else saved in the meantime stays."""
    form = Form.of(sent)
    try:
        wanted = checked(ForumCreate, _values(form))
        forums.change(session, user, forum_id, wanted, expected_revision=form.revision)
    except (InvalidInput, Conflict) as problem:
        form.add(problem.errors or [FieldError(("code",), problem.code, problem.detail)], name_field)
        session.rollback()
        forum = forums.read(session, user, forum_id)
        return render(
            request, "forum_form.html", status=HTTPStatus.UNPROCESSABLE_ENTITY, form=form, forum=forum
        )
    return redirect(f"/forums/{forum_id}", "saved")


@router.get("/{forum_id}/participants/{kind}")
def participants(request: Request, user: User, session: ReadSession, forum_id: UUID, kind: Kind) -> Response:
    """Show who takes part on one side, and whom a filter would add."""
    query = dict(request.query_params)
    form = Form(query)
    preview = None
    if "preview" in query:
        try:
            wanted = ParticipantsAdd(kind=kind, filter=_filter(form), dry_run=True)
            preview = forums.add_participants(session, user, forum_id, wanted)
        except InvalidInput as problem:
            form.add(problem.errors, _filter_field)
    return _participants_page(request, user, session, forum_id, kind, form, preview)


@router.post("/{forum_id}/participants/{kind}")
def add_participants(
    user: User, session: WriteSession, forum_id: UUID, kind: Kind, sent: FilledForm
) -> Response:
    """Add whom the filter found."""
    wanted = ParticipantsAdd(kind=kind, filter=_filter(Form.of(sent)))
    forums.add_participants(session, user, forum_id, wanted)
    return redirect(f"/forums/{forum_id}/participants/{kind.value}", "added")


@router.post("/{forum_id}/participants/{kind}/remove")
def remove_participants(
    request: Request, user: User, session: WriteSession, forum_id: UUID, kind: Kind, sent: FilledForm
) -> Response:
    """Take the ticked profiles off the forum."""
    ids = checked_ids(sent.getlist("ids"))
    forums.remove_participants(session, user, forum_id, kind, ids)
    page = f"/forums/{forum_id}/participants/{kind.value}{kept_query(request)}"
    return redirect(page, "removed" if ids else "none-chosen")


@router.post("/{forum_id}/join")
def join(user: User, session: WriteSession, forum_id: UUID, sent: FilledForm) -> Response:
    """Add one profile by hand, from its own page."""
    form = Form.of(sent)
    values = {"kind": form.value("kind"), "ids": checked_ids([form.value("profile_id")])}
    wanted = checked(ParticipantsAdd, values)
    forums.add_participants(session, user, forum_id, wanted)
    return redirect(f"/forums/{forum_id}/participants/{wanted.kind}", "added")


@router.post("/{forum_id}/exclusions")
def exclude(
    request: Request, user: User, session: WriteSession, forum_id: UUID, sent: FilledForm
) -> Response:
    """Rule a pair out."""
    form = Form.of(sent)
    values = given(form.values, ("entrepreneur_id", "exporter_id", "reason", "note"))
    try:
        rulings.exclude_pair(session, user, forum_id, checked(ExclusionCreate, values))
    except InvalidInput as problem:
        form.add(problem.errors)
        session.rollback()
        return _forum_page(request, user, session, forum_id, form=form, status=problem.status)
    return redirect(f"/forums/{forum_id}", "excluded")


@router.post("/{forum_id}/exclusions/{exclusion_id}/lift")
def allow(
    user: User, session: WriteSession, forum_id: UUID, exclusion_id: UUID, _sent: FilledForm
) -> Response:
    """Lift an exclusion."""
    rulings.allow_pair(session, user, forum_id, exclusion_id)
    return redirect(f"/forums/{forum_id}", "allowed")


@router.get("/{forum_id}/match-lists")
def newest_list(user: User, session: ReadSession, forum_id: UUID) -> Response:
    """Lead to the newest match list, or to where the first one is generated."""
    lists = match_lists.of_forum(session, user, forum_id)
    return redirect(f"/match-lists/{lists[0].id}" if lists else f"/forums/{forum_id}")


@router.post("/{forum_id}/match-lists")
def generate(
    request: Request,
    user: User,
    database: CurrentDatabase,
    catalogue: CurrentCatalogue,
    forum_id: UUID,
    sent: FilledForm,
) -> Response:
    """Generate a match list."""
    form = Form.of(sent)
    try:
        wanted = checked(MatchListCreate, given(form.values, ("k",)))
        made = match_lists.generate(database, catalogue, user, forum_id, wanted)
    except (InvalidInput, Conflict) as problem:
        form.add(problem.errors or [FieldError(("k",), problem.code, problem.detail)])
        with database.read() as session:
            return _forum_page(request, user, session, forum_id, form=form, status=problem.status)
    return redirect(f"/match-lists/{made.id}", "generated")


def _values(form: Form) -> dict[str, Any]:
    return {**given(form.values, _FIELDS), "name": names_of(form)}


def _filter(form: Form) -> ProfileFilter:
    values: dict[str, Any] = given(form.values, _FILTERS)
    return checked(ProfileFilter, {**values, "countries": typed.countries(form.value("countries"))})


def _filter_field(error: FieldError) -> str:
    return str(error.path[0])


def _forum_page(
    request: Request,
    user: Principal,
    session: Session,
    forum_id: UUID,
    *,
    form: Form | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    forum = forums.read(session, user, forum_id)
    return render(
        request,
        "forum.html",
        status=status,
        forum=forum,
        lists=match_lists.of_forum(session, user, forum_id),
        state_words=STATE_WORDS,
        exclusions=rulings.exclusions(session, user, forum_id),
        exclusion_words=EXCLUSION_WORDS,
        phase_words=PHASE_WORDS,
        form=form or Form({"k": str(DEFAULT_CANDIDATES)}),
    )


def _participants_page(
    request: Request,
    user: Principal,
    session: Session,
    forum_id: UUID,
    kind: Kind,
    form: Form,
    preview: ParticipantsAdded | None,
) -> Response:
    forum: ForumRead = forums.read(session, user, forum_id)
    least, most = forum_limits(forum, kind)
    query = dict(request.query_params)
    name = query.get("name", "").strip()
    everybody = forums.participants(session, user, forum_id, kind)
    found = [one for one in everybody if naming.named(name, one.display_name)]
    return render(
        request,
        "participants.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.mistakes else HTTPStatus.OK,
        forum=forum,
        kind=kind,
        least=least,
        most=most,
        name=name,
        everybody=len(everybody),
        total=len(found),
        shown=page_of(found, PARTICIPANTS_A_PAGE, whole(query.get("page", "")) or 1),
        page_address=lambda page: page_address(
            f"/forums/{forum_id}/participants/{kind.value}", {"name": name}, page
        ),
        form=form,
        preview=preview,
        partnership_types=tuple(PartnershipType),
        programmes=tuple(Programme),
        reasons=tuple(ExclusionReason),
    )
