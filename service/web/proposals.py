"""Pages of proposals and of the letters about them."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError
from starlette.datastructures import FormData

from service.accounts.schemas import Principal
from service.forums import operations as forums
from service.match_lists import choosing
from service.platform import audit
from service.platform.database import Session
from service.platform.http import CurrentSettings, ReadSession, TransactionRoute, WriteSession
from service.platform.i18n import Message, message
from service.platform.mail import LetterState
from service.platform.problems import Conflict, FieldError, InvalidInput
from service.profiles.vocabulary import Kind
from service.proposals import answering, outbox, reading
from service.proposals import operations as proposals
from service.proposals.outbox import FAILURE_WORDS, LETTER_STATE_WORDS
from service.proposals.schemas import (
    REMIND_DAYS_BEFORE,
    STATE_WORDS,
    AnswerFor,
    AnswerTime,
    ProposalFilter,
    ProposalIds,
    ProposalsAgain,
    ProposalState,
    ProposalsWithdraw,
)
from service.web.authentication import FilledForm, User
from service.web.forms import Form, checked, given, whole
from service.web.pages import kept_query, page_address, redirect, render
from service.web.profiles import checked_ids

router = APIRouter(route_class=TransactionRoute)

_FILTERS = ("state", "waiting_for", "text", "page")
_TIMES = ("answer_by", "remind_days_before")
_LETTER_STATES: dict[str, LetterState] = {one.value: one for one in LetterState}
STEPS: dict[str, Message] = {
    "proposal.side_accepted": message("said yes"),
    "proposal.side_declined": message("said no"),
    "proposal.accepted": message("both said yes"),
    "proposal.contact_released": message("contact shown to the other side"),
    "proposal.declined": message("closed by a no"),
    "proposal.expired": message("not answered in time"),
    "proposal.withdrawn": message("withdrawn"),
    "proposal.again": message("proposed again"),
    "proposal.reminded": message("reminded"),
}


@router.get("/forums/{forum_id}/proposals")
def listed(request: Request, user: User, session: ReadSession, forum_id: UUID) -> Response:
    """List the proposals of a forum by what is asked for, and offer to make the new ones."""
    return _page(request, user, session, forum_id, Form())


@router.post("/forums/{forum_id}/proposals")
def propose(
    request: Request, user: User, session: WriteSession, forum_id: UUID, sent: FilledForm
) -> Response:
    """Propose the chosen pairs of the published list."""
    form = Form.of(sent)
    try:
        proposals.propose(session, user, forum_id, checked(AnswerTime, _times(form)))
    except (InvalidInput, Conflict) as problem:
        return _failed(request, user, session, forum_id, form, problem)
    return redirect(f"/forums/{forum_id}/proposals", "proposed")


@router.post("/forums/{forum_id}/proposals/remind")
def remind(request: Request, user: User, session: WriteSession, forum_id: UUID, sent: FilledForm) -> Response:
    """Remind those of the ticked proposals who have not answered."""
    form = Form.of(sent)
    try:
        proposals.remind(session, user, forum_id, checked(ProposalIds, _ids(sent)))
    except InvalidInput as problem:
        return _failed(request, user, session, forum_id, form, problem)
    return redirect(f"/forums/{forum_id}/proposals{kept_query(request)}", "reminded")


@router.post("/forums/{forum_id}/proposals/withdraw")
def withdraw(
    request: Request, user: User, session: WriteSession, forum_id: UUID, sent: FilledForm
) -> Response:
    """Take the ticked proposals back."""
    form = Form.of(sent)
    try:
        wanted = checked(ProposalsWithdraw, {**_ids(sent), "note": form.value("note")})
        proposals.withdraw(session, user, forum_id, wanted)
    except InvalidInput as problem:
        return _failed(request, user, session, forum_id, form, problem)
    return redirect(f"/forums/{forum_id}/proposals{kept_query(request)}", "taken-back")


@router.post("/forums/{forum_id}/proposals/again")
def propose_again(
    request: Request, user: User, session: WriteSession, forum_id: UUID, sent: FilledForm
) -> Response:
    """Make the ticked proposals once more."""
    form = Form.of(sent)
    try:
        wanted = checked(ProposalsAgain, {**_ids(sent), **_times(form), "note": form.value("note")})
        proposals.propose_again(session, user, forum_id, wanted)
    except (InvalidInput, Conflict) as problem:
        return _failed(request, user, session, forum_id, form, problem)
    return redirect(f"/forums/{forum_id}/proposals{kept_query(request)}", "proposed-again")


@router.get("/proposals/{proposal_id}")
def view(request: Request, user: User, session: ReadSession, proposal_id: UUID) -> Response:
    """Show one proposal: what each side said, what was done, and the contacts once they are out."""
    return _proposal_page(request, user, session, proposal_id, Form())


@router.post("/proposals/{proposal_id}/answer")
def answer(
    request: Request, user: User, session: WriteSession, proposal_id: UUID, sent: FilledForm
) -> Response:
    """Answer for a participant whose profile the user keeps."""
    form = Form.of(sent)
    try:
        wanted = checked(AnswerFor, given(form.values, ("side", "answer", "reason")))
        answering.answer_for(session, user, proposal_id, wanted)
    except (InvalidInput, Conflict) as problem:
        form.add(problem.errors or [FieldError(("reason",), problem.code, problem.detail)])
        session.rollback()
        return _proposal_page(request, user, session, proposal_id, form, status=problem.status)
    return redirect(f"/proposals/{proposal_id}{kept_query(request)}", "answered")


@router.get("/forums/{forum_id}/letters")
def letters(
    request: Request, user: User, session: ReadSession, settings: CurrentSettings, forum_id: UUID
) -> Response:
    """List the letters to the participants of a forum."""
    query = dict(request.query_params)
    state, text = _LETTER_STATES.get(query.get("state", "")), query.get("text", "").strip()
    return render(
        request,
        "letters.html",
        forum=forums.read(session, user, forum_id),
        found=outbox.letters(
            session, user, forum_id, state, text=text, page=whole(query.get("page", "")) or 1
        ),
        text=text,
        chosen=state,
        states=LETTER_STATE_WORDS,
        failures=FAILURE_WORDS,
        mail_is_sent=bool(settings.smtp_host),
        page_address=lambda page: page_address(f"/forums/{forum_id}/letters", query, page),
    )


@router.get("/forums/{forum_id}/letters/{letter_id}")
def letter(
    request: Request,
    user: User,
    session: ReadSession,
    settings: CurrentSettings,
    forum_id: UUID,
    letter_id: UUID,
) -> Response:
    """Show one letter."""
    mail_is_sent = bool(settings.smtp_host)
    return render(
        request,
        "letter.html",
        forum=forums.read(session, user, forum_id),
        letter=outbox.letter(session, user, forum_id, letter_id, mail_is_sent=mail_is_sent),
        states=LETTER_STATE_WORDS,
        failures=FAILURE_WORDS,
        mail_is_sent=mail_is_sent,
    )


@router.post("/forums/{forum_id}/letters/{letter_id}/again")
def send_again(
    user: User, session: WriteSession, forum_id: UUID, letter_id: UUID, _sent: FilledForm
) -> Response:
    """Try once more to send a letter that was given up."""
    outbox.send_again(session, user, forum_id, letter_id)
    return redirect(f"/forums/{forum_id}/letters/{letter_id}", "sent-again")


def _ids(sent: FormData) -> dict[str, Any]:
    return {"ids": checked_ids(sent.getlist("ids"))}


def _times(form: Form) -> dict[str, Any]:
    # An empty number of days means that nobody is to be reminded.
    return {name: form.value(name) for name in _TIMES}


def _failed(
    request: Request,
    user: Principal,
    session: Session,
    forum_id: UUID,
    form: Form,
    problem: InvalidInput | Conflict,
) -> Response:
    form.add(problem.errors or [FieldError(("answer_by",), problem.code, problem.detail)])
    session.rollback()
    return _page(request, user, session, forum_id, form, status=problem.status)


def _page(
    request: Request,
    user: Principal,
    session: Session,
    forum_id: UUID,
    form: Form,
    *,
    status: int = HTTPStatus.OK,
) -> Response:
    query = dict(request.query_params)
    try:
        wanted = ProposalFilter.model_validate(given(query, _FILTERS))
    except ValidationError:
        # A filter that somebody made up shows everything.
        wanted = ProposalFilter()
    return render(
        request,
        "proposals.html",
        status=status,
        forum=forums.read(session, user, forum_id),
        found=reading.listed(session, user, forum_id, wanted),
        published=choosing.published_list(session, forum_id),
        wanted=wanted,
        states=STATE_WORDS,
        state_options=[(state.value, words) for state, words in STATE_WORDS.items()],
        sees_all=reading.sees_all(user),
        form=form,
        filters=Form(given(query, _FILTERS)),
        remind_days=REMIND_DAYS_BEFORE,
        open_state=ProposalState.PROPOSED,
        page_address=lambda page: page_address(f"/forums/{forum_id}/proposals", query, page),
    )


def _proposal_page(
    request: Request,
    user: Principal,
    session: Session,
    proposal_id: UUID,
    form: Form,
    *,
    status: int = HTTPStatus.OK,
) -> Response:
    found = reading.read(session, user, proposal_id)
    return render(
        request,
        "proposal.html",
        status=status,
        proposal=found,
        forum=forums.read(session, user, found.forum_id),
        contacts=reading.released_contacts(session, user, proposal_id),
        states=STATE_WORDS,
        kinds=tuple(Kind),
        steps=[(one, STEPS[one.action]) for one in audit.history(session, proposal_id)],
        form=form,
    )
