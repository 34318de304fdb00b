"""Pages of match lists: reading, reviewing and comparing them."""

from http import HTTPStatus
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from fastapi import APIRouter, Request, Response

from service.accounts.schemas import Principal
from service.catalogue.http import CurrentCatalogue
from service.catalogue.operations import Catalogue
from service.forums import operations as forums
from service.forums import rulings
from service.forums.pair_schemas import EXCLUSION_WORDS, ExclusionReason
from service.forums.schemas import CRITERION_WORDS
from service.match_lists import comparing, fairness, reading, reviewing
from service.match_lists import operations as match_lists
from service.match_lists.downloads import Extension
from service.match_lists.schemas import (
    CHANGE_WORDS,
    OPEN_STATES,
    SIDE_WORDS,
    STANDING_WORDS,
    STATE_WORDS,
    EntryRead,
    PairDecision,
    PairStep,
    Partner,
)
from service.platform import audit
from service.platform.database import Session
from service.platform.http import Language, ReadSession, ReplicaSession, TransactionRoute, WriteSession
from service.platform.i18n import message
from service.platform.problems import Conflict, FieldError, InvalidInput, NotFound
from service.profiles.vocabulary import Kind
from service.web.authentication import FilledForm, User
from service.web.forms import Form, checked, given, whole
from service.web.pages import kept_query, page_address, redirect, render
from service.web.profiles import checked_ids

NEXT_BEST_SHOWN = 5
# A large forum may have thousands of them; all are in the files.
LEFT_OUT_SHOWN = 100


class _Group(NamedTuple):
    """The pairs of one participant on a page."""

    own: Partner
    chosen: list[EntryRead]
    next_best: list[EntryRead]


router = APIRouter(prefix="/match-lists", route_class=TransactionRoute)

_DECISION_FIELDS = ("step", "entrepreneur_id", "exporter_id", "note", "override", "revision")


@router.get("/{list_id}")
def view(
    request: Request, user: User, session: ReplicaSession, language: Language, list_id: UUID
) -> Response:
    """Show a match list by the participants of one side, with the reasons in words."""
    query = dict(request.query_params)
    side = Kind.EXPORTER if query.get("side") == Kind.EXPORTER else Kind.ENTREPRENEUR
    number, text = whole(query.get("page", "")) or 1, query.get("text", "").strip()
    match_list = match_lists.read(session, user, list_id)
    found = reading.page(session, user, list_id, side, language, text=text, number=number)
    is_first = number == 1 and not text
    left_out = reading.left_out(session, user, list_id, language, most=LEFT_OUT_SHOWN + 1) if is_first else []
    return render(
        request,
        "match_list.html",
        match_list=match_list,
        forum=forums.read(session, user, match_list.forum_id),
        side=side,
        kinds=tuple(Kind),
        found=found,
        groups=_groups(found.entries, side),
        left_out=left_out[:LEFT_OUT_SHOWN],
        more_left_out=len(left_out) > LEFT_OUT_SHOWN,
        text=text,
        fairness=fairness.report(session, user, list_id, language) if is_first else None,
        history=audit.history(session, list_id),
        is_open=match_list.state in OPEN_STATES,
        state_words=STATE_WORDS,
        standing_words=STANDING_WORDS,
        criterion_words=CRITERION_WORDS,
        exclusion_words=EXCLUSION_WORDS,
        side_words=SIDE_WORDS,
        page_address=lambda page: page_address(f"/match-lists/{list_id}", query, page),
    )


@router.get("/{list_id}/pairs/{entrepreneur_id}/{exporter_id}")
def pair(
    request: Request,
    user: User,
    session: ReadSession,
    catalogue: CurrentCatalogue,
    language: Language,
    list_id: UUID,
    entrepreneur_id: UUID,
    exporter_id: UUID,
) -> Response:
    """Show the score of a pair taken apart, and what is decided about it."""
    found = (entrepreneur_id, exporter_id)
    return _pair_page(request, user, session, catalogue, language, list_id, found)


@router.post("/{list_id}/decisions")
def decide(
    request: Request,
    user: User,
    session: WriteSession,
    catalogue: CurrentCatalogue,
    language: Language,
    list_id: UUID,
    sent: FilledForm,
) -> Response:
    """Decide about a pair; a decision that does not fit is told beside what was typed."""
    form = Form.of(sent)
    ids = checked_ids([form.value("entrepreneur_id"), form.value("exporter_id")])
    if len(ids) != len(Kind):
        raise NotFound(message("There is no such profile."))
    found = (ids[0], ids[1])
    try:
        wanted = checked(PairDecision, given(form.values, _DECISION_FIELDS))
        reviewing.decide(session, catalogue, user, list_id, wanted)
    except (InvalidInput, Conflict) as problem:
        form.add(problem.errors or [FieldError(("note",), problem.code, problem.detail)])
        session.rollback()
        return _pair_page(
            request, user, session, catalogue, language, list_id, found, form=form, status=problem.status
        )
    return redirect(f"/match-lists/{list_id}/pairs/{found[0]}/{found[1]}{kept_query(request)}", "decided")


@router.get("/{list_id}/partners/{side}/{profile_id}")
def partners(
    request: Request, user: User, session: ReplicaSession, list_id: UUID, side: Kind, profile_id: UUID
) -> Response:
    """Show whom one participant could meet, and find others by their names."""
    text = request.query_params.get("text", "")
    match_list = match_lists.read(session, user, list_id)
    return render(
        request,
        "partners.html",
        match_list=match_list,
        forum=forums.read(session, user, match_list.forum_id),
        side=side,
        found=reading.partners(session, user, list_id, side, profile_id, text),
        standing_words=STANDING_WORDS,
        form=Form({"text": text}),
    )


@router.get("/{list_id}/comparison")
def compare(
    request: Request, user: User, session: ReplicaSession, language: Language, list_id: UUID
) -> Response:
    """Show two versions side by side."""
    query = dict(request.query_params)
    number = whole(query.get("page", "")) or 1
    earlier = _earlier(query.get("earlier", ""))
    found = comparing.compare(session, user, list_id, language, earlier_id=earlier, number=number)
    forum_id = found.after.forum_id
    return render(
        request,
        "comparison.html",
        found=found,
        forum=forums.read(session, user, forum_id),
        lists=[one for one in match_lists.of_forum(session, user, forum_id) if one.id != list_id],
        change_words=CHANGE_WORDS,
        state_words=STATE_WORDS,
        page_address=lambda page: page_address(f"/match-lists/{list_id}/comparison", query, page),
    )


@router.get("/{list_id}/comparison.xlsx")
def download_comparison(
    request: Request, user: User, session: ReplicaSession, language: Language, list_id: UUID
) -> Response:
    """Give every difference of two versions as a workbook."""
    earlier = _earlier(request.query_params.get("earlier", ""))
    return comparing.download(session, user, list_id, language, earlier_id=earlier).response()


@router.get("/{list_id}/reproduction")
def reproduce(
    request: Request,
    user: User,
    session: ReadSession,
    catalogue: CurrentCatalogue,
    language: Language,
    list_id: UUID,
) -> Response:
    """Make the list again and show whether it is the same."""
    return render(
        request,
        "reproduction.html",
        match_list=match_lists.read(session, user, list_id),
        result=match_lists.reproduce(session, catalogue, user, list_id, language),
    )


@router.get("/{list_id}/download.{extension}")
def download(
    user: User, session: ReplicaSession, language: Language, list_id: UUID, extension: Extension
) -> Response:
    """Give the list as a file."""
    return match_lists.download(session, user, list_id, extension, language).response()


@router.post("/{list_id}/review")
def review(user: User, session: WriteSession, list_id: UUID, sent: FilledForm) -> Response:
    """Note that a draft was looked through."""
    match_lists.mark_reviewed(session, user, list_id, revision=Form.of(sent).revision)
    return redirect(f"/match-lists/{list_id}", "reviewed")


@router.post("/{list_id}/publish")
def publish(user: User, session: WriteSession, list_id: UUID, sent: FilledForm) -> Response:
    """Publish a list."""
    match_lists.publish(session, user, list_id, revision=Form.of(sent).revision)
    return redirect(f"/match-lists/{list_id}", "published")


def _groups(entries: list[EntryRead], side: Kind) -> list[_Group]:
    """Put the pairs of a page together by their participants: the chosen ones, then the next best."""
    found = []
    for _, own in groupby(entries, key=lambda entry: getattr(entry, side.value).id):
        pairs = list(own)
        chosen = [entry for entry in pairs if entry.chosen]
        others = [entry for entry in pairs if not entry.chosen]
        found.append(_Group(getattr(pairs[0], side.value), chosen, others[:NEXT_BEST_SHOWN]))
    return found


def _earlier(typed: str) -> UUID | None:
    return next(iter(checked_ids([typed])), None)


def _pair_page(
    request: Request,
    user: Principal,
    session: Session,
    catalogue: Catalogue,
    language: str,
    list_id: UUID,
    found: tuple[UUID, UUID],
    *,
    form: Form | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    match_list = match_lists.read(session, user, list_id)
    ruled_out = rulings.ruled_out(session, match_list.forum_id).get(found)
    return render(
        request,
        "pair.html",
        status=status,
        match_list=match_list,
        forum=forums.read(session, user, match_list.forum_id),
        names=reading.pair_names(session, *found),
        by_exporter=request.query_params.get("side") == Kind.EXPORTER,
        entrepreneur_id=found[0],
        exporter_id=found[1],
        entry=reading.entry(session, user, list_id, found, language),
        ruled_out=EXCLUSION_WORDS[ruled_out] if ruled_out else None,
        may_override=ruled_out in {ExclusionReason.SAID_NO, ExclusionReason.HAS_MET},
        is_open=match_list.state in OPEN_STATES,
        standing_words=STANDING_WORDS,
        steps=PairStep,
        form=form or Form(),
        explanation=reading.explanation(session, catalogue, user, list_id, found, language),
    )
