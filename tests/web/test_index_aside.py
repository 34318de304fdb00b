import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from matching import PartnerIndex
from service.platform.database import Database
from service.profiles.vocabulary import Kind
from tests.factories.forums import make_approved, make_forum
from tests.web.conftest import Browser


@pytest.fixture(autouse=True)
def _never_there(app: Any, client: TestClient, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let every index be made aside, longer than anybody waits."""
    monkeypatch.setattr("service.catalogue.operations.MOST_IN_A_REQUEST", 0)
    monkeypatch.setattr(app.state.catalogue, "_patience", 0.0)
    go_on, build = threading.Event(), PartnerIndex.build

    def slowly(*given: Any, **options: Any) -> PartnerIndex:
        assert go_on.wait(60)
        return build(*given, **options)

    monkeypatch.setattr(PartnerIndex, "build", slowly)
    yield
    go_on.set()
    for future in list(app.state.catalogue._aside._under_way.values()):
        future.result(60)


def test_profile_is_shown_while_its_partners_cannot_be(
    browse: Callable[..., Browser], database: Database
) -> None:
    one = make_approved(database, Kind.EXPORTER)
    page = browse().get(f"/exporters/{one}?lang=kk")
    assert page.status_code == 200
    assert "30 секундтан кейін қайталап көріңіз" in page.text


def test_match_list_that_has_to_wait_says_when_to_come_again(
    browse: Callable[..., Browser], database: Database
) -> None:
    ids = [make_approved(database, kind) for kind in Kind]
    forum = make_forum(database, ids[:1], ids[1:])
    page = browse().post(f"/forums/{forum}/match-lists", {}, page=f"/forums/{forum}")
    assert (page.status_code, page.headers["Retry-After"]) == (503, "30")
    assert "Try again in 30 seconds" in page.text
