"""Pages behind a participant's link: in every language of the phrasebook, in its direction of writing."""

from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from service.forums.participant_links import LinkAltered, LinkExpired
from service.platform.http import language_of as page_language_of
from service.platform.i18n import wished_languages
from service.platform.phrasebook import is_right_to_left, language_of
from service.platform.problems import NotAllowed, Problem
from service.proposals import wording
from service.web.pages import static_address

# Each language names itself.
TONGUES = {
    "kk": "Қазақша",
    "kk-Latn": "Qazaqşa",
    "kk-Arab": "قازاقشا",
    "ru": "Русский",
    "en": "English",
    "zh": "中文",
    "tr": "Türkçe",
    "uz": "Oʻzbekcha",
    "de": "Deutsch",
    "sv": "Svenska",
}
# Nobody keeps such a page, finds it, or learns its address from where its reader goes next.
_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}

Say = Callable[..., str]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("service.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(static=static_address, tongues=TONGUES)
    return environment


def render_for_participant(
    request: Request,
    template: str,
    language: str,
    say: Callable[..., str] = wording.say,
    *,
    status: int = HTTPStatus.OK,
    **context: Any,
) -> HTMLResponse:
    """Make a page whose sentences come from a phrasebook."""

    def said(key: str, **values: object) -> str:
        return say(key, language, **values)

    text = (
        _environment()
        .get_template(template)
        .render(
            language=language,
            direction="rtl" if is_right_to_left(language) else "ltr",
            say=said,
            common=lambda key: wording.say(key, language),
            here={tag: f"{request.url.path}?{urlencode({'lang': tag})}" for tag in TONGUES},
            **context,
        )
    )
    return HTMLResponse(text, status_code=status, headers={**_HEADERS, "Content-Language": language})


def wished_language(request: Request) -> str:
    """Tell the language of the phrasebook that was asked for, else the browser's."""
    chosen = language_of(request.query_params.get("lang", ""))
    found = [chosen, *map(language_of, wished_languages(request.headers.get("accept-language")))]
    return next((tag for tag in found if tag is not None), "en")


def participant_problem(request: Request, problem: Problem) -> HTMLResponse:
    """Tell somebody who came by a link what is wrong and what to do."""
    match problem:
        case LinkAltered():
            key = "link_altered"
        case LinkExpired():
            key = "link_expired"
        case NotAllowed():
            key = "form_too_old"
        case _:
            return _other_problem(request, problem)
    language = wished_language(request)
    title = wording.say(f"{key}_title", language)
    return render_for_participant(
        request,
        "participant_problem.html",
        language,
        status=problem.status,
        title=title,
        detail=wording.say(key, language),
    )


def _other_problem(request: Request, problem: Problem) -> HTMLResponse:
    language = page_language_of(request)
    return render_for_participant(
        request,
        "participant_problem.html",
        language,
        status=problem.status,
        title=problem.title.text(language),
        detail=problem.detail.text(language),
    )
