"""The page behind a participant's link: its proposals, and its answers to them."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from service.forums import participant_links
from service.forums.participant_links import PATH, LinkedParticipant
from service.platform.database import Session
from service.platform.http import CurrentSigner, ReadSession, TransactionRoute, WriteSession
from service.platform.problems import InvalidInput
from service.proposals import answering, participant_view
from service.proposals.answering import CannotAnswer
from service.proposals.schemas import Answer, AnswerCreate
from service.web.authentication import FilledLinkForm, link_form_token
from service.web.forms import Form, checked
from service.web.pages import redirect
from service.web.participant_pages import render_for_participant

public = APIRouter(prefix=PATH, route_class=TransactionRoute)

_NOTICES = {answer.value: f"thanks_{answer.value}" for answer in Answer}
_MISTAKES = {"string_too_long": "reason_too_long"}


@dataclass(frozen=True)
class _Mistake:
    proposal_id: UUID
    key: str
    typed: str


@public.get("/{token}")
def view(request: Request, session: ReadSession, signer: CurrentSigner, token: str) -> Response:
    """Show a participant its proposals; looking changes nothing."""
    return _page(request, session, participant_links.read(session, signer, token), token)


@public.post("/{token}/proposals/{proposal_id}")
def answer(
    request: Request,
    session: WriteSession,
    signer: CurrentSigner,
    token: str,
    proposal_id: UUID,
    sent: FilledLinkForm,
) -> Response:
    """Take a participant's answer to one proposal."""
    participant = participant_links.read(session, signer, token)
    form = Form.of(sent)
    typed = form.value("reason")
    try:
        wanted = checked(AnswerCreate, {"answer": form.value("answer"), "reason": typed})
        answering.answer_own(session, participant, proposal_id, wanted)
    except InvalidInput as problem:
        session.rollback()
        key = _MISTAKES.get(problem.errors[0].code, "reason_needed")
        mistake = _Mistake(proposal_id, key, typed)
        return _page(request, session, participant, token, status=problem.status, mistake=mistake)
    except CannotAnswer as problem:
        session.rollback()
        return _page(request, session, participant, token, status=problem.status, refusal=problem.key)
    language = request.query_params.get("lang", "")
    return redirect(f"{PATH}/{token}?lang={language}&done={wanted.answer.value}")


def _page(
    request: Request,
    session: Session,
    participant: LinkedParticipant,
    token: str,
    *,
    status: int = HTTPStatus.OK,
    **told: Any,
) -> Response:
    found = participant_view.view(session, participant, request.query_params.get("lang"))
    return render_for_participant(
        request,
        "participant_proposals.html",
        found.language,
        status=status,
        view=found,
        path=f"{PATH}/{token}",
        form_token=link_form_token(request, token),
        notice=_NOTICES.get(request.query_params.get("done", "")),
        **{"mistake": None, "refusal": None, **told},
    )
