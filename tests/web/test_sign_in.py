from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from service.accounts import operations as accounts
from service.accounts.schemas import SYSTEM, AccountCreate
from service.platform import clock
from service.platform.database import Database
from service.settings import Settings
from tests.factories.accounts import PASSWORD, make_caller
from tests.web.conftest import Browser, form_token, sign_in

Browse = Callable[..., Browser]


def test_sign_in_opens_a_session_in_a_guarded_cookie(client: TestClient, database: Database) -> None:
    caller = make_caller(database, role="administrator")
    answer = sign_in(client, caller.email.upper())
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith("session="))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert caller.token not in cookie
    assert client.get("/").status_code == 200


def test_cookie_is_for_https_only_where_the_settings_say_so(
    client: TestClient, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = make_caller(database, role="administrator")
    monkeypatch.setattr(client.app.state, "settings", settings.model_copy(update={"secure_cookies": True}))
    client.base_url = "https://testserver"
    answer = sign_in(client, caller.email)
    cookies = answer.headers.get_list("set-cookie")
    assert all("Secure" in cookie for cookie in cookies if cookie.startswith("session="))


def test_sign_in_leads_back_to_where_somebody_was_and_never_away(
    client: TestClient, database: Database
) -> None:
    caller = make_caller(database, role="administrator")
    asked = client.get("/forums?x=1")
    assert asked.headers["location"] == "/sign-in?next=/forums%3Fx%3D1"
    for wanted, reached in (
        ("/forums?x=1", "/forums?x=1"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
    ):
        client.cookies.clear()
        token = form_token(client.get("/sign-in"))
        fields = {"email": caller.email, "password": PASSWORD, "next": wanted, "form_token": token}
        assert client.post("/sign-in", data=fields).headers["location"] == reached


def test_pages_after_a_sign_in_are_in_the_language_of_the_account(
    client: TestClient, database: Database
) -> None:
    create = AccountCreate.model_validate(
        {"email": "k@example.org", "name": "K", "role": "organiser", "language": "kk", "password": PASSWORD}
    )
    with database.write() as session:
        accounts.create_account(session, SYSTEM, create)
    turkish = {"Accept-Language": "tr-TR,tr;q=0.9,en;q=0.7"}
    assert '<html lang="en">' in client.get("/sign-in", headers=turkish).text
    sign_in(client, "k@example.org")
    assert '<html lang="kk">' in client.get("/", headers=turkish).text
    client.get("/?lang=ru")
    client.cookies.delete("session")
    sign_in(client, "k@example.org")
    assert '<html lang="ru">' in client.get("/", headers=turkish).text


def test_wrong_password_keeps_the_address_and_forgets_the_password(
    client: TestClient, database: Database
) -> None:
    caller = make_caller(database, role="administrator")
    answer = sign_in(client, caller.email, "not the password")
    assert answer.status_code == 401
    assert caller.email in answer.text
    assert "not the password" not in answer.text
    assert 'class="errors"' in answer.text
    assert sign_in(client, "nobody@example.org").status_code == 401
    assert sign_in(client, "no\x00body@example.org", "\x00").status_code == 401


def test_sixth_failure_makes_the_account_rest(client: TestClient, database: Database) -> None:
    caller = make_caller(database, role="administrator")
    statuses = [sign_in(client, caller.email, "wrong").status_code for _ in range(7)]
    assert statuses == [401] * 6 + [429]
    told = sign_in(client, caller.email)
    assert told.status_code == 429
    assert 1 <= int(told.headers["retry-after"]) <= 8
    with clock.frozen_at(clock.now() + timedelta(minutes=20)):
        assert sign_in(client, caller.email).status_code == 303


def test_signed_out_session_is_gone_even_for_a_kept_cookie(browse: Browse) -> None:
    browser = browse()
    kept = browser.client.cookies["session"]
    assert browser.post("/sign-out", {}, page="/").status_code == 303
    browser.client.cookies.set("session", kept)
    assert browser.get("/").status_code == 303


def test_session_ends_after_its_time(browse: Browse, settings: Settings) -> None:
    browser = browse()
    with clock.frozen_at(clock.now() + timedelta(hours=settings.session_hours, minutes=1)):
        assert browser.get("/").status_code == 303


def test_locked_account_is_out_at_once(browse: Browse, database: Database) -> None:
    browser = browse("organiser")
    assert browser.caller.principal.id is not None
    with database.write() as session:
        accounts.set_active(session, SYSTEM, browser.caller.principal.id, active=False)
    assert browser.get("/").status_code == 303
    assert sign_in(browser.client, browser.caller.email).status_code == 401


def test_altered_cookie_is_nobody(browse: Browse) -> None:
    browser = browse()
    cookie = browser.client.cookies["session"]
    browser.client.cookies.clear()
    browser.client.cookies.set("session", cookie[:-2] + ("aa" if cookie[-2:] != "aa" else "bb"))
    assert browser.get("/").status_code == 303


@pytest.mark.parametrize("token", [None, "", "0" * 64, "ü"])
def test_form_without_its_token_is_refused(browse: Browse, token: str | None) -> None:
    browser = browse()
    fields = {"code": "x"} if token is None else {"code": "x", "form_token": token}
    assert browser.client.post("/centres", data=fields).status_code == 403


def test_form_with_the_token_of_another_session_is_refused(browse: Browse) -> None:
    token = form_token(browse().get("/centres"))
    other = browse()
    assert other.client.post("/centres", data={"code": "x", "form_token": token}).status_code == 403


def test_form_sent_from_another_site_is_refused(browse: Browse) -> None:
    browser = browse()
    token = form_token(browser.get("/centres"))
    answer = browser.client.post(
        "/centres", data={"code": "x", "form_token": token}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403


def test_own_password_is_changed_and_ends_the_session(browse: Browse) -> None:
    browser = browse("organiser")
    assert browser.post("/password", {"password": "short"}).status_code == 422
    assert browser.post("/password", {"password": "a new long password"}).status_code == 303
    assert browser.get("/").status_code == 303
    assert sign_in(browser.client, browser.caller.email, "a new long password").status_code == 303
