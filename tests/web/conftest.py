"""Browsers: a client that keeps cookies and fills forms as a person does."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from service.platform.database import Database
from tests.factories.accounts import PASSWORD, Caller, make_caller

_TOKEN = re.compile(r'name="form_token" value="([0-9a-f]+)"')


@dataclass
class Browser:
    """A signed-in browser."""

    client: TestClient
    caller: Caller

    def get(self, path: str, **options: Any) -> httpx2.Response:
        """Open a page."""
        return self.client.get(path, **options)

    def post(
        self, path: str, fields: Mapping[str, str | Sequence[str]], *, page: str | None = None, **options: Any
    ) -> httpx2.Response:
        """Open a page, take its form token, and send a form."""
        token = form_token(self.get(page or path))
        return self.client.post(path, data={**fields, "form_token": token}, **options)


def form_token(page: httpx2.Response) -> str:
    found = _TOKEN.search(page.text)
    assert found, page.text[:500]
    return found[1]


def section_of(page: httpx2.Response) -> list[str]:
    """The section that the navigation marks."""
    found = re.search(r'<nav class="main".*?</nav>', page.text, re.DOTALL)
    assert found, page.text[:500]
    return re.findall(r'href="([^"]+)" aria-current', found[0])


def sign_in(client: TestClient, email: str, password: str = PASSWORD) -> httpx2.Response:
    token = form_token(client.get("/sign-in"))
    return client.post("/sign-in", data={"email": email, "password": password, "form_token": token})


@pytest.fixture
def browse(client: TestClient, database: Database) -> Callable[..., Browser]:
    """Make an account of a role and sign it in through the form."""

    def signed_in(role: str = "administrator", centre: str | None = None) -> Browser:
        caller = make_caller(database, role=role, centre=centre)
        client.cookies.clear()
        answer = sign_in(client, caller.email)
        assert answer.status_code == 303, answer.text
        return Browser(client, caller)

    return signed_in
