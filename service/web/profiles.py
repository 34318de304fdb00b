"""Pages of entrepreneurs and exporters."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from service.accounts.schemas import Principal, Role
from service.catalogue.http import CurrentCatalogue
from service.centres import operations as centres
from service.match_lists import operations as match_lists
from service.match_lists.schemas import DEFAULT_PARTNERS
from service.platform import audit
from service.platform.database import Session
from service.platform.http import Language, ReadSession, TransactionRoute, WriteSession
from service.platform.i18n import Message, message
from service.platform.problems import Conflict, InvalidInput, Unavailable
from service.profiles import flat
from service.profiles import operations as profiles
from service.profiles.operations import ProfileRead, SubmitOptions
from service.profiles.schemas import Bar, Decision, EntrepreneurRead, ProfileFilter
from service.profiles.vocabulary import ConsentPurpose, Kind, PartnershipType, ReviewStatus
from service.web import profile_form
from service.web.authentication import FilledForm, User
from service.web.forms import Form, Mistake, checked, given, whole
from service.web.pages import kept_query, page_address, redirect, render

_SAVED_BY_ANOTHER = message(
    "Somebody else saved this profile in the meantime, and nothing was overwritten. "
    "Compare the fields below, then save again."
)
_FILTERS = ("text", "review_status", "hs_prefix", "partnership_type", "region", "language", "centre")


def profile_pages(kind: Kind) -> APIRouter:  # noqa: C901, PLR0915 - a list of routes of a few lines each
    """Build the pages of one side; both sides have the same."""
    router = APIRouter(prefix=f"/{kind.value}s", route_class=TransactionRoute)
    home = f"/{kind.value}s"

    @router.get("")
    def listed(request: Request, user: User, session: ReadSession) -> Response:
        """List profiles by name."""
        query = dict(request.query_params)
        wanted, form = _wanted(query)
        found = profiles.listed(session, user, kind, wanted, page=whole(query.get("page", "")) or 1)
        return render(
            request,
            "profiles.html",
            kind=kind,
            found=found,
            form=form,
            statuses=tuple(ReviewStatus),
            partnership_types=tuple(PartnershipType),
            centres=centres.every(session) if kind is Kind.ENTREPRENEUR else [],
            may_add=user.role is not Role.COORDINATOR or kind is Kind.ENTREPRENEUR,
            page_address=lambda number: page_address(home, query, number),
        )

    @router.post("/approve")
    def approve(request: Request, user: User, session: WriteSession, sent: FilledForm) -> Response:
        """Approve the profiles that were ticked."""
        ids = checked_ids(sent.getlist("ids"))
        for one in ids:
            decision = Decision(review_status=ReviewStatus.APPROVED)
            profiles.review(session, user, kind, one, decision)
        return redirect(f"{home}{kept_query(request)}", "approved" if ids else "none-chosen")

    @router.get("/new")
    def ask_new(request: Request, user: User, session: ReadSession, language: Language) -> Response:
        """Show an empty form."""
        profiles.check_may_submit(user, kind)
        return _form_page(request, user, session, kind, profile_form.empty(kind, user, language))

    @router.post("/new")
    def create(request: Request, user: User, session: WriteSession, sent: FilledForm) -> Response:
        """Save a new profile."""
        form = Form.of(sent)
        if form.value("add"):
            return _form_page(request, user, session, kind, form)
        try:
            wanted = profile_form.create_of(kind, form)
            done = profiles.submit(session, user, kind, wanted, SubmitOptions(refuse_existing=True))
        except InvalidInput as problem:
            session.rollback()
            profile_form.take_mistakes(kind, form, problem)
            return _form_page(request, user, session, kind, form, status=problem.status)
        return redirect(f"{home}/{done.id}", "saved")

    @router.get("/{profile_id}")
    def view(
        request: Request,
        user: User,
        session: ReadSession,
        catalogue: CurrentCatalogue,
        language: Language,
        profile_id: UUID,
    ) -> Response:
        """Show one profile, with its best partners where it is matched."""
        profile = profiles.read(session, user, kind, profile_id)
        return _view_page(
            request,
            user,
            session,
            kind,
            profile,
            _matches(session, catalogue, user, kind, profile_id, language),
        )

    @router.get("/{profile_id}/edit")
    def ask_edit(
        request: Request, user: User, session: ReadSession, language: Language, profile_id: UUID
    ) -> Response:
        """Show the form of a profile as it stands."""
        profile = profiles.read(session, user, kind, profile_id)
        form = Form(_saved(session, user, kind, profile, language))
        return _form_page(request, user, session, kind, form, profile=profile)

    @router.post("/{profile_id}/edit")
    def edit(
        request: Request,
        user: User,
        session: WriteSession,
        language: Language,
        profile_id: UUID,
        sent: FilledForm,
    ) -> Response:
        """Save a changed profile; what somebody else saved in the meantime stays until it was seen."""
        form = Form.of(sent)
        profile = profiles.read(session, user, kind, profile_id)
        if form.value("add"):
            return _form_page(request, user, session, kind, form, profile=profile)
        form.values["external_id"], form.values["source_agency"] = profile.external_id, profile.source_agency
        found: list[profile_form.Difference] = []
        try:
            wanted = profile_form.create_of(kind, form)
            done = profiles.change(session, user, kind, profile_id, wanted, expected_revision=form.revision)
        except InvalidInput as problem:
            profile_form.take_mistakes(kind, form, problem)
        except Conflict:
            form.mistakes.append(Mistake("differences", _SAVED_BY_ANOTHER))
            saved = _saved(session, user, kind, profile, language)
            form.values["revision"] = saved.pop("revision")
            found = profile_form.differences(form, saved)
        else:
            notice = "unchanged" if done.outcome == "unchanged" else "saved"
            return redirect(f"{home}/{profile_id}", notice)
        session.rollback()
        return _form_page(
            request,
            user,
            session,
            kind,
            form,
            profile=profile,
            differences=found,
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
        )

    @router.post("/{profile_id}/review")
    def review(
        request: Request, user: User, session: WriteSession, profile_id: UUID, sent: FilledForm
    ) -> Response:
        """Approve a profile or send it back."""
        form = Form.of(sent)
        try:
            decision = checked(Decision, given(form.values, ("review_status", "reason")))
        except InvalidInput as problem:
            form.add(problem.errors)
            profile = profiles.read(session, user, kind, profile_id)
            return _view_page(request, user, session, kind, profile, [], form=form, status=problem.status)
        profiles.review(session, user, kind, profile_id, decision, expected_revision=form.revision)
        return redirect(f"{home}/{profile_id}", decision.review_status.value)

    @router.post("/{profile_id}/archive")
    def archive(user: User, session: WriteSession, profile_id: UUID, sent: FilledForm) -> Response:
        """Archive a profile."""
        profiles.archive(session, user, kind, profile_id, expected_revision=Form.of(sent).revision)
        return redirect(f"{home}/{profile_id}", "archived")

    @router.post("/{profile_id}/withdraw/{purpose}")
    def withdraw(
        user: User, session: WriteSession, profile_id: UUID, purpose: ConsentPurpose, _sent: FilledForm
    ) -> Response:
        """Record that a consent was withdrawn."""
        profiles.withdraw_consent(session, user, kind, profile_id, purpose)
        return redirect(f"{home}/{profile_id}", f"withdrawn-{purpose}")

    @router.post("/{profile_id}/bar")
    def bar(
        request: Request, user: User, session: WriteSession, profile_id: UUID, sent: FilledForm
    ) -> Response:
        """Bar a profile from matching, or lift that."""
        form = Form.of(sent)
        try:
            wanted = checked(Bar, given(form.values, ("note",)))
        except InvalidInput as problem:
            form.add(problem.errors)
            profile = profiles.read(session, user, kind, profile_id)
            return _view_page(request, user, session, kind, profile, [], form=form, status=problem.status)
        profiles.set_sanction_note(session, user, kind, profile_id, wanted)
        return redirect(f"{home}/{profile_id}", "barred" if wanted.note else "unbarred")

    return router


def checked_ids(values: Any) -> list[UUID]:
    """Read the ids that were ticked; what is no id is passed over."""
    found = []
    for value in values:
        try:
            found.append(UUID(str(value)))
        except ValueError:
            continue
    return found


def _wanted(query: dict[str, str]) -> tuple[ProfileFilter, Form]:
    """Read the search form; a field that is wrong says so and does not narrow."""
    form = Form(query)
    values: dict[str, Any] = given(query, _FILTERS)
    if query.get("country", "").strip():
        values["countries"] = [query["country"]]
    values["archived"] = query.get("archived") == "1"
    try:
        return checked(ProfileFilter, values), form
    except InvalidInput as problem:
        wrong = {str(error.path[0]) for error in problem.errors}
        form.add(problem.errors, lambda one: "country" if one.path[0] == "countries" else str(one.path[0]))
    return ProfileFilter.model_validate({name: values[name] for name in set(values) - wrong}), form


def _matches(
    session: Session, catalogue: Any, user: Principal, kind: Kind, profile_id: UUID, language: str
) -> list[Any] | Message:
    """Give the best partners, or say why they cannot be shown now; a profile is read all the same."""
    try:
        return match_lists.matches_of(session, catalogue, user, kind, profile_id, DEFAULT_PARTNERS, language)
    except Conflict:
        return []
    except Unavailable as problem:
        return problem.detail


def _saved(
    session: Session, user: Principal, kind: Kind, profile: ProfileRead, language: str
) -> dict[str, str]:
    """Give the fields of the form as they are saved, with the revision."""
    contact = profiles.contact(session, user, kind, profile.id)
    values = profile_form.readable(flat.flat(kind, profile, contact), language)
    return {**values, "revision": str(profile.revision)}


def _form_page(
    request: Request,
    user: Principal,
    session: Session,
    kind: Kind,
    form: Form,
    *,
    profile: ProfileRead | None = None,
    differences: Sequence[profile_form.Difference] = (),
    status: int = HTTPStatus.OK,
) -> Response:
    choices = profile_form.Choices(
        kind=kind, centres=centres.every(session), may_name_agency=user.agency is None
    )
    return render(
        request,
        "profile_form.html",
        status=status,
        kind=kind,
        form=form,
        profile=profile,
        choices=choices,
        counts=profile_form.counts(form),
        differences=differences,
    )


def _view_page(
    request: Request,
    user: Principal,
    session: Session,
    kind: Kind,
    profile: ProfileRead,
    matches: list[Any] | Message,
    *,
    form: Form | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    keeps = profiles.may_see_contact(session, user, kind, profile.id)
    return render(
        request,
        "profile.html",
        status=status,
        kind=kind,
        profile=profile,
        contact=profiles.contact(session, user, kind, profile.id) if keeps else None,
        may_change=profiles.may_change(session, user, kind, profile.id),
        obstacle=profiles.obstacle_in_words(session, kind, profile.id),
        centre=centres.find(session, profile.centre or "") if isinstance(profile, EntrepreneurRead) else None,
        history=audit.history(session, profile.id) if keeps else [],
        matches=matches,
        form=form or Form(),
        is_administrator=user.role is Role.ADMINISTRATOR,
    )


entrepreneurs = profile_pages(Kind.ENTREPRENEUR)
exporters = profile_pages(Kind.EXPORTER)
