from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from fastapi.testclient import TestClient

from service.api.authentication import current_principal as api_principal
from service.app import PUBLIC_PATHS
from service.platform.http import TransactionRoute, _write_session
from service.settings import Settings
from service.web.authentication import current_principal as web_principal
from service.web.authentication import filled_form, filled_link_form

UNKNOWN_ID = "00000000-0000-0000-0000-000000000000"


def _calls(dependant: Dependant) -> Iterator[object]:
    for one in dependant.dependencies:
        yield one.call
        yield from _calls(one)


def _routes(app: FastAPI) -> list[RouteContext]:
    contexts = iter_route_contexts(app.routes)
    return [context for context in contexts if isinstance(context.original_route, APIRoute)]


def test_every_route_asks_who_calls_or_is_on_the_public_list(app: FastAPI) -> None:
    routes = _routes(app)
    assert len(routes) > 60
    for route in routes:
        asks = {api_principal, web_principal} & set(_calls(route.dependant))
        assert asks or route.path in PUBLIC_PATHS, route.path


def test_every_public_path_is_there(app: FastAPI) -> None:
    paths = {route.path for route in _routes(app)} | {app.openapi_url}
    assert paths >= PUBLIC_PATHS


def test_every_page_that_changes_something_takes_only_our_own_forms(app: FastAPI) -> None:
    for route in _routes(app):
        changes = route.methods - {"GET", "HEAD"}
        if changes and not route.path.startswith("/api/"):
            own = filled_link_form if route.path.startswith("/p/") else filled_form
            assert own in set(_calls(route.dependant)), route.path


def test_every_route_that_writes_commits_before_it_answers(app: FastAPI) -> None:
    for route in _routes(app):
        if _write_session in set(_calls(route.dependant)):
            assert isinstance(route.original_route, TransactionRoute), route.path


def test_nobody_gets_past_the_door(app: FastAPI, client: TestClient) -> None:
    for route in _routes(app):
        if route.path in PUBLIC_PATHS:
            continue
        path = route.path
        for name in route.param_convertors:
            path = path.replace(f"{{{name}}}", UNKNOWN_ID)
        for method in route.methods:
            answer = client.request(method, path)
            if path.startswith("/api/"):
                assert answer.status_code == 401, f"{method} {path}"
            else:
                # A page leads to the sign-in; a form without our token is refused even before.
                assert answer.status_code in {303, 403}, f"{method} {path}"


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer ", "Basic eDp5", "Bearer \xfc"])
def test_wrong_key_is_refused(client: TestClient, header: str) -> None:
    answer = client.get("/api/v1/exporters", headers={"Authorization": header.encode("latin-1")})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


def test_every_setting_is_explained_and_documented() -> None:
    documented = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert f"`{name.upper()}`" in documented, name
