from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from service.platform import clock
from service.platform.database import Database
from service.profiles.vocabulary import Kind
from tests.api.test_timetables import Api
from tests.factories.accounts import make_api_client
from tests.factories.days import DURING, EARLY, Day
from tests.factories.forums import make_approved

SCOPES = ("forums:read", "forums:write", "meetings:read", "meetings:write", "profiles:read")


@pytest.fixture
def api(client: TestClient, database: Database) -> Api:
    return Api(client, make_api_client(database, scopes=SCOPES))


def found(api: Api, path: str, meeting: UUID) -> dict:
    return api.call("GET", f"{path}/meetings/{meeting}")


def test_desk_runs_the_day(api: Api, database: Database) -> None:
    forum = Day(database)
    path, mine = f"forums/{forum.forum}/day", forum.meeting(0, 0).id
    with clock.frozen_at(EARLY):
        assert api.call("GET", path)["expected"] == 4
        api.call("PUT", f"{path}/participants/{forum.ones[0]}/arrival", 204, arrived=True)
        assert api.call("GET", f"{path}/participants/{forum.ones[0]}")["arrived_at"] is not None
        assert len(api.call("GET", f"{path}/participants?name=steppe")) == 2
        version = found(api, path, mine)["version"]
        slot = str(forum.free_slot())
        moved = api.call("PUT", f"{path}/meetings/{mine}/place", slot_id=slot, version=version)
        assert moved["meeting"]["slot"]["slot_id"] == slot
        assert moved["entrepreneur_arrived"] is True
        late = api.call("POST", f"{path}/meetings/{mine}/cancel", 409, note="ill", version=version)
        assert "Somebody else changed this meeting" in late["detail"]
        cancelled = api.call("POST", f"{path}/meetings/{mine}/cancel", note="ill")
        assert cancelled["meeting"]["state"] == "cancelled"
        api.call("POST", f"{path}/meetings/{mine}/cancel", 422)
        pair = {"entrepreneur_id": str(forum.ones[0]), "exporter_id": str(forum.others[0])}
        filled = api.call("POST", f"{path}/meetings", 201, **pair, slot_id=slot)
        assert filled["meeting"]["by_hand"] is True
        steps = api.call("GET", f"{path}/steps")
        assert [one["kind"] for one in steps] == ["filled", "cancelled", "moved", "arrived"]
        for one in steps:
            api.call("POST", f"{path}/steps/{one['id']}/undo", 204)
        again = api.call("POST", f"{path}/steps/{steps[0]['id']}/undo", 409)
        assert "taken back already" in again["detail"]


def test_presence_and_tables_are_set(api: Api, database: Database) -> None:
    forum = Day(database, slots=2)
    path, mine = f"forums/{forum.forum}/day", forum.meeting(0, 0)
    (beside,) = [one for one in forum.meetings() if one.slot_id == mine.slot_id and one.id != mine.id]
    with clock.frozen_at(EARLY):
        swapped = api.call("POST", f"{path}/meetings/{mine.id}/table-swap", other_id=str(beside.id))
    assert swapped["meeting"]["table"]["table_id"] == str(beside.table_id)
    with clock.frozen_at(DURING):
        came = {"entrepreneur_present": True, "exporter_present": False}
        assert api.call("PUT", f"{path}/meetings/{mine.id}/presence", **came)["meeting"]["state"] == "no_show"
    listed = api.call("GET", f"{path}/slots/{mine.slot_id}/meetings")
    assert {one["meeting"]["id"] for one in listed} == {str(mine.id), str(beside.id)}


def test_walk_in_is_offered_meetings(api: Api, database: Database) -> None:
    forum = Day(database)
    path, guest = f"forums/{forum.forum}/day", make_approved(database, Kind.EXPORTER)
    api.call("POST", f"{path}/walk-ins", 204, kind="exporter", profile_id=str(guest))
    api.call("POST", f"{path}/walk-ins", 409, kind="exporter", profile_id=str(guest))
    with clock.frozen_at(EARLY):
        offers = api.call("GET", f"{path}/offers?participant={guest}")
    assert {one["exporter"]["id"] for one in offers} == {str(guest)}
    api.call("GET", f"{path}/offers?slot={uuid4()}", 404)


def test_requests_are_taken_down_and_answered(api: Api, database: Database) -> None:
    forum = Day(database)
    path = f"forums/{forum.forum}/day"
    ask = f"{path}/participants/{forum.ones[0]}/requests"
    api.call("POST", ask, 204, kind="cancel", partner_id=str(forum.others[0]))
    api.call("POST", ask, 422, kind="cancel")
    (request,) = api.call("GET", f"{path}/requests")
    with clock.frozen_at(EARLY):
        api.call("PUT", f"{path}/requests/{request['id']}/answer", 204, granted=True)
    assert forum.meeting(0, 0).state == "cancelled"


def test_printing_is_locked_and_the_hall_is_shown(api: Api, database: Database) -> None:
    forum = Day(database)
    path = f"forums/{forum.forum}/day"
    assert api.call("PUT", f"{path}/printing", locked=True)["run"] == 1
    with clock.frozen_at(EARLY):
        api.call("POST", f"{path}/meetings/{forum.meeting(0, 0).id}/cancel", note="ill")
    assert len(api.call("GET", f"{path}/printing")["stale"]) == 2
    paper = f"timetables/{forum.release}/participants"
    assert "locked printing" in api.call("GET", f"{paper}/{forum.ones[0]}/paper.ics", 409)["detail"]
    api.call("GET", f"{paper}/{forum.ones[1]}/paper.ics")
    with clock.frozen_at(DURING):
        assert api.call("GET", f"{path}/hall")["minutes_left"] == 15


def test_desk_is_closed_to_those_who_may_only_read(client: TestClient, database: Database) -> None:
    forum = Day(database)
    reader = Api(client, make_api_client(database, scopes=("forums:read", "meetings:read")))
    path = f"forums/{forum.forum}/day"
    reader.call("GET", path)
    reader.call("PUT", f"{path}/participants/{forum.ones[0]}/arrival", 403, arrived=True)
    reader.call("PUT", f"{path}/printing", 403, locked=True)
    reader.call("GET", f"forums/{uuid4()}/day", 404)
