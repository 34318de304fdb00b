"""Pages from templates: in the reader's language, with what every page carries."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

import pycountry
from babel.core import get_global
from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from matching import understand
from service.accounts.schemas import Permission
from service.match_lists.reasons import shared_word
from service.platform import i18n
from service.platform.http import LANGUAGE_COOKIE, language_of, settings_of
from service.platform.i18n import Message, message
from service.platform.problems import NotSignedIn, Problem
from service.platform.values import in_language
from service.profiles.vocabulary import hs_name, words_for
from service.programmes.schemas import PROGRAMME_NAMES, Programme
from service.web.authentication import form_token, remember_browser, sign_in_address
from service.web.labels import label_of

_YEAR = 365 * 24 * 3600
# Said once and not kept when an address is used again.
_PASSING = frozenset({"lang", "notice", "ticked"})

# What a page says after something was done; the address carries the code only.
NOTICES: dict[str, Message] = {
    "saved": message("Saved."),
    "unchanged": message("Nothing had changed."),
    "approved": message("Approved."),
    "rejected": message("Sent back with your reason."),
    "archived": message("Archived. Save the profile again to bring it back."),
    "withdrawn-matching": message("The consent is withdrawn; the profile is not matched any more."),
    "withdrawn-kandas_status": message("The consent is withdrawn, and what was recorded by it is erased."),
    "barred": message("The profile is barred from matching."),
    "unbarred": message("The profile may be matched again."),
    "added": message("The participants were added."),
    "noted": message("Noted."),
    "removed": message("Removed."),
    "none-chosen": message("Nothing was chosen: tick what is meant, then repeat."),
    "generated": message("The match list was generated."),
    "published": message("The match list is published."),
    "reviewed": message("The match list is marked as reviewed."),
    "decided": message("The decision is kept with its reason."),
    "excluded": message("The pair is ruled out."),
    "allowed": message("The pair may be proposed again."),
    "proposed": message("The proposals are on their way."),
    "reminded": message("Those who have not answered are reminded, each once a day at most."),
    "taken-back": message("The proposals are withdrawn."),
    "proposed-again": message("Both sides are asked again."),
    "answered": message("The answer is saved."),
    "sent-again": message("The letter is sent again."),
    "draft-made": message("The draft is made."),
    "moved": message("The meeting has its new place."),
    "swapped": message("The two meetings have changed their meeting tables."),
    "pinned": message("What is pinned stays when the timetable is made again."),
    "taken-out": message("The meeting is taken out. It can be put back."),
    "put-back": message("The meeting is back in the timetable."),
    "meeting-added": message("The meeting is added."),
    "released": message("The timetable is released, and those concerned get a letter."),
    "participant-withdrawn": message("Noted. The meetings are cancelled, and the partners get a letter."),
    "participant-back": message("Noted. Make a new draft to plan the meetings again."),
    "walked-in": message("The participant takes part now: choose its meetings below."),
    "cancelled": message("The meeting is cancelled. Its time and meeting table are free."),
    "undone": message("The step is taken back."),
    "revoked": message("The key is out of use from now on."),
    "locked": message("The account is locked."),
    "unlocked": message("The account can sign in again."),
    "password": message("The password was changed."),
    "signed-out": message("You are signed out."),
}


# Steps of the audit trail, as the history of a profile or a match list shows them.
STEPS: dict[str, Message] = {
    "profile.created": message("registered"),
    "profile.changed": message("changed"),
    "profile.approved": message("approved"),
    "profile.rejected": message("sent back"),
    "profile.submitted": message("put back for review"),
    "profile.expired": message("not valid any more"),
    "profile.archived": message("archived"),
    "profile.consent_withdrawn": message("consent withdrawn"),
    "profile.barred": message("barred from matching"),
    "profile.unbarred": message("allowed to be matched again"),
    "match_list.generated": message("generated"),
    "match_list.pair_add": message("a pair added"),
    "match_list.pair_remove": message("a pair removed"),
    "match_list.pair_pin": message("a pair pinned"),
    "match_list.pair_unpin": message("a pin loosened"),
    "match_list.pair_ban": message("a pair banned"),
    "match_list.reviewed": message("marked as reviewed"),
    "match_list.published": message("published"),
}


@cache
def _static_bytes(name: str) -> bytes:
    return (files("service.web") / "static" / name).read_bytes()


@cache
def static_address(name: str) -> str:
    """Give the address of a static file, which changes with its content."""
    return f"/static/{hashlib.sha256(_static_bytes(name)).hexdigest()[:12]}/{name}"


def static_content(name: str) -> bytes | None:
    """Give a static file, or None where there is none of that name."""
    known = {entry.name for entry in (files("service.web") / "static").iterdir()}
    return _static_bytes(name) if name in known else None


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("service.web"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_translations(i18n.catalogue(language), newstyle=True)  # type: ignore[attr-defined]  # added by the extension
    environment.globals.update(
        language=language,
        languages=i18n.LANGUAGE_NAMES,
        static=static_address,
        Permission=Permission,
        time_zones=_time_zones(),
        country_options=lambda: _country_options(language),
    )
    environment.filters.update(
        country=lambda code: i18n.country_name(code, language),
        tongue=lambda tag: i18n.language_name(tag, language),
        words=lambda code: words_for(code, language),
        said=lambda sentence: sentence.text(language),
        name=lambda names: in_language(names, language),
        day=lambda value: i18n.day(value, language),
        moment=lambda value, zone="UTC": i18n.moment(value, language, zone),
        span=lambda one, zone: i18n.span(one.starts_at, one.ends_at, language, zone),
        hours=lambda one, zone: i18n.hours(one.starts_at, one.ends_at, zone),
        hour=lambda value, zone: f"{value.astimezone(ZoneInfo(zone)):%H:%M}",
        date_of=lambda value, zone: i18n.day(value.astimezone(ZoneInfo(zone)).date(), language),
        programme=lambda code: in_language(PROGRAMME_NAMES[Programme(code)], language),
        goods=lambda code: hs_name(code, language),
        percent=lambda share: i18n.percent(share, language),
        number=lambda value, places=None: i18n.number(value, language, places),
        days=lambda forum: i18n.days(forum.starts_on, forum.ends_on, language),
        lines=_lines,
        understood=lambda text: understand(text, language),
        shared=lambda word, field: shared_word(word, field, language),
        label=lambda field: label_of(field, language),
        step=lambda action: STEPS[action].text(language) if action in STEPS else action,
        # Choices of select fields and boxes: pairs of a value and what is read.
        options=lambda codes: [(str(code), words_for(str(code), language)) for code in codes],
        plain_options=lambda codes: [(str(code), str(code)) for code in codes],
        tongue_options=lambda tags: [(tag, i18n.language_name(tag, language)) for tag in tags],
        centre_options=lambda centres: [(one.code, in_language(one.name, language)) for one in centres],
        programme_options=lambda codes: [
            (str(code), in_language(PROGRAMME_NAMES[code], language)) for code in codes
        ],
    )
    return environment


@cache
def _time_zones() -> tuple[str, ...]:
    """Give the zones to choose from, each by its present name only."""
    zones = get_global("zone_territories")
    return tuple(sorted(zone for zone in zones if "/" in zone and not zone.startswith("Etc/")))


@cache
def _country_options(language: str) -> list[tuple[str, str]]:
    named = [
        (country.alpha_2, i18n.country_name(country.alpha_2, language)) for country in pycountry.countries
    ]
    return sorted(named, key=lambda option: option[1].casefold())


def _lines(text: str) -> Markup:
    return Markup("<br>").join(text.split("\n"))


def render(
    request: Request,
    template: str,
    *,
    status: int = HTTPStatus.OK,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> HTMLResponse:
    """Make a page."""
    language = language_of(request)
    notice = NOTICES.get(request.query_params.get("notice", ""))
    principal = getattr(request.state, "principal", None)
    text = (
        _environment(language)
        .get_template(template)
        .render(
            request=request,
            principal=principal,
            permissions=principal.permissions if principal else frozenset(),
            notice=notice,
            form_token=form_token(request),
            here=_language_addresses(request),
            kept_query=kept_query(request),
            ticked=request.query_params.get("ticked") == "1",
            **context,
        )
    )
    response = HTMLResponse(
        text, status_code=status, headers={"Content-Language": language, **(headers or {})}
    )
    remember_browser(request, response)
    if request.query_params.get("lang") in i18n.LANGUAGES:
        remember_language(request, response, language)
    return response


def remember_language(request: Request, response: Response, language: str) -> None:
    """Put the language of the next pages into the browser's cookie."""
    response.set_cookie(
        LANGUAGE_COOKIE,
        language,
        max_age=_YEAR,
        samesite="lax",
        httponly=True,
        secure=settings_of(request).cookies_over_https_only,
    )


def kept_query(request: Request) -> str:
    """Give the query of an address with what a list was asked for, to come back to the same part of it."""
    query = request.query_params.multi_items()
    kept = urlencode([(name, value) for name, value in query if name not in _PASSING])
    return f"?{kept}" if kept else ""


def _language_addresses(request: Request) -> dict[str, str]:
    """Give the address of this very page in each language; a form that failed goes back to its start."""
    query = request.query_params.multi_items()
    kept = [(name, value) for name, value in query if name not in _PASSING]
    path = request.url.path
    return {language: f"{path}?{urlencode([*kept, ('lang', language)])}" for language in i18n.LANGUAGES}


def redirect(address: str, notice: str | None = None) -> RedirectResponse:
    """Go on to a page, or a part of it, after a form was taken, with a notice."""
    address, mark, part = address.partition("#")
    if notice is not None:
        address += ("&" if "?" in address else "?") + urlencode({"notice": notice})
    address += mark + part
    return RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)


def problem_page(request: Request, problem: Problem) -> HTMLResponse | RedirectResponse:
    """Tell a person what went wrong and what to do."""
    if isinstance(problem, NotSignedIn):
        return redirect(sign_in_address(request))
    return render(
        request,
        "problem.html",
        status=problem.status,
        headers=problem.headers,
        problem=problem,
        back=_came_from(request),
    )


def _came_from(request: Request) -> str | None:
    """Give the page of ours that led here, unless it is this one."""
    parts = urlsplit(request.headers.get("referer", ""))
    # Without our host a path that begins so would lead to another one.
    is_elsewhere = parts.netloc != request.url.netloc or parts.path.startswith("//")
    if is_elsewhere or parts.path == request.url.path:
        return None
    return parts._replace(scheme="", netloc="").geturl()


@dataclass(frozen=True)
class Shown:
    """One page of a longer row of things."""

    things: list[Any]
    page: int
    pages: int


def page_of(things: Iterable[Any], size: int, number: int) -> Shown:
    """Cut one page out of a row of things; a page that is not there is the nearest one."""
    every = list(things)
    pages = max(-(-len(every) // size), 1)
    number = min(max(number, 1), pages)
    return Shown(every[(number - 1) * size : number * size], number, pages)


def page_address(address: str, query: Mapping[str, str], page: int) -> str:
    """Give the address of another page of a list."""
    kept = {name: value for name, value in query.items() if value and name not in {"page", *_PASSING}}
    return f"{address}?{urlencode({**kept, 'page': page})}"
