"""The live timetable behind a participant's link, and what it says of its meetings afterwards."""

from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Request, Response

from service.forums import participant_links
from service.forums.http import CurrentLinks
from service.forums.participant_links import PATH, LinkedParticipant
from service.meetings import change_requests, feedback, live, plans
from service.meetings.day_schemas import RequestCreate
from service.meetings.letters import PAGE
from service.meetings.outcome_schemas import BEST_RATING, FeedbackCreate, NextStepCreate, Verdict
from service.meetings.schemas import MeetingState
from service.platform.database import Session
from service.platform.http import CurrentDatabase, CurrentSigner, ReadSession, TransactionRoute, WriteSession
from service.platform.problems import Conflict, InvalidInput
from service.profiles.vocabulary import Kind
from service.web.authentication import FilledLinkForm, link_form_token
from service.web.forms import Form, checked, given
from service.web.pages import redirect
from service.web.participant_pages import render_for_participant

public = APIRouter(prefix=PATH, route_class=TransactionRoute)

_STEP = ("text", "owner", "due_on")
_MISTAKES = {
    "rated_without_meeting": "rating_without_meeting",
    "due_before_meeting": "due_before_meeting",
    "string_too_long": "too_long",
}


_ASKED_WRONG: dict[tuple[tuple[str | int, ...], str], str] = {
    (("text",), "missing"): "say_in_words",
    (("text",), "string_too_long"): "too_long",
}


@dataclass(frozen=True)
class _Refusal:
    """What is wrong with a request."""

    key: str
    form: Form

    @property
    def partner(self) -> str:
        """Say under which meeting it was asked."""
        return self.form.value("partner_id")


@dataclass(frozen=True)
class _Mistake:
    meeting_id: UUID
    key: str
    form: Form


@public.get("/{token}/timetable")
def view(request: Request, session: ReadSession, signer: CurrentSigner, token: str) -> Response:
    """Show a participant its meetings as they are released now."""
    return _page(request, session, participant_links.read_timetable(session, signer, token), token)


@public.get("/{token}/timetable/paper.{extension}")
def paper(database: CurrentDatabase, links: CurrentLinks, token: str, extension: plans.OwnPaper) -> Response:
    """Give a participant its own timetable or calendar as a file."""
    with database.read() as session:
        who = participant_links.read_timetable(session, links.signer, token)
    return plans.own_paper(database, links, who, extension).response()


@public.post("/{token}/timetable/meetings/{meeting_id}")
def say(
    request: Request,
    session: WriteSession,
    signer: CurrentSigner,
    token: str,
    meeting_id: UUID,
    sent: FilledLinkForm,
) -> Response:
    """Take what a participant says of its meeting, and the next step."""
    who = participant_links.read_timetable(session, signer, token)
    form = Form.of(sent)
    try:
        wanted = checked(FeedbackCreate, given(form.values, ("verdict", "rating")))
        step = _step(form, who.kind)
        feedback.say(session, who, meeting_id, wanted, step)
    except (InvalidInput, Conflict) as problem:
        session.rollback()
        mistake = _Mistake(meeting_id, _key(problem), form)
        return _page(request, session, who, token, status=problem.status, mistake=mistake)
    language = request.query_params.get("lang", "")
    return redirect(f"{PATH}/{token}{PAGE}?lang={language}&done=1#m-{meeting_id}")


@public.post("/{token}/timetable/requests")
def ask(
    request: Request, session: WriteSession, signer: CurrentSigner, token: str, sent: FilledLinkForm
) -> Response:
    """Take what a participant asks to be changed."""
    who = participant_links.read_timetable(session, signer, token)
    form = Form.of(sent)
    try:
        wanted = checked(RequestCreate, given(form.values, ("kind", "partner_id", "text")))
        change_requests.ask(session, who, wanted)
    except (InvalidInput, Conflict) as problem:
        session.rollback()
        if isinstance(problem, Conflict):
            key = "too_many_requests"
        else:
            key = _ASKED_WRONG.get((problem.errors[0].path[:1], problem.errors[0].code), "not_to_be_asked")
        return _page(request, session, who, token, status=problem.status, refusal=_Refusal(key, form))
    language = request.query_params.get("lang", "")
    return redirect(f"{PATH}/{token}{PAGE}?lang={language}&asked=1#requests")


def _step(form: Form, own: Kind) -> NextStepCreate | None:
    """Read the next step, if one is told at all; its owner is told as one of the two sides."""
    values = given(form.values, _STEP)
    if not values.keys() & {"text", "due_on"}:
        return None
    other = Kind.EXPORTER if own is Kind.ENTREPRENEUR else Kind.ENTREPRENEUR
    owner = {"own": own.value, "other": other.value}.get(values.get("owner", ""), values.get("owner", ""))
    return checked(NextStepCreate, {**values, "owner": owner})


def _key(problem: InvalidInput | Conflict) -> str:
    """Find the sentence of the phrasebook for what is wrong."""
    if isinstance(problem, Conflict):
        return "too_early"
    (error, *_) = problem.errors
    in_step = error.path and error.path[0] in _STEP
    return _MISTAKES.get(error.code, "step_incomplete" if in_step else "choose_one")


def _page(
    request: Request,
    session: Session,
    who: LinkedParticipant,
    token: str,
    *,
    status: int = HTTPStatus.OK,
    mistake: _Mistake | None = None,
    refusal: _Refusal | None = None,
) -> Response:
    found = live.own_timetable(session, who, request.query_params.get("lang"))
    return render_for_participant(
        request,
        "participant_timetable.html",
        found.wording.language,
        lambda key, _language, **values: found.wording.say(key, **values),
        status=status,
        found=found,
        wording=found.wording,
        path=f"{PATH}/{token}",
        page=PAGE,
        form_token=link_form_token(request, token),
        done="done" in request.query_params,
        asked="asked" in request.query_params,
        mistake=mistake,
        refusal=refusal,
        verdicts=tuple(Verdict),
        ratings=range(1, BEST_RATING + 1),
        may_say={MeetingState.PLANNED, MeetingState.HELD, MeetingState.NO_SHOW},
        own_side=who.kind,
        by_paper=who.by_paper,
    )
