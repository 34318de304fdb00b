from itertools import product

from service.accounts.schemas import SYSTEM
from service.meetings import reading
from service.meetings.schemas import MeetingState
from service.platform.database import Database
from tests.factories.meetings import make_draft, make_release, pin_pairs, set_up_forum


def test_every_pair_gets_a_place(database: Database) -> None:
    forum, ones, others = set_up_forum(database)
    pin_pairs(database, forum, product(ones, others))
    draft = make_draft(database, forum)
    with database.read() as session:
        found = reading.detail(session, SYSTEM, draft, "en")
    assert [one.state for one in found.meetings] == [MeetingState.PLANNED] * 4
    print(found.model_dump_json(indent=1))
    make_release(database, forum)
