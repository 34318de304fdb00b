"""How long the road of a forum takes: match list, timetable, all papers in one ZIP; and a step of the day.

    python -m tests.benchmarks.forum_road [PARTICIPANTS] [DATABASE_URL]

Without an address of a database, which has to be empty, it is a SQLite file. Both sides are the businesses
of the demo, as often as it takes, under names of their own. The forum has the slots of a usual day, a
meeting table for every four participants, and two to eight meetings each.
"""

import csv
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.resources import files
from itertools import cycle, islice
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from service.accounts.schemas import SYSTEM
from service.catalogue.operations import Catalogue
from service.centres import operations as centres
from service.centres.schemas import CentreCreate
from service.forums import operations as forums
from service.forums import sessions, tables
from service.forums.participant_links import ParticipantLinks
from service.forums.schemas import ForumCreate, MeetingTablesCreate, ParticipantsAdd
from service.match_lists import operations as match_lists
from service.match_lists.schemas import MatchListCreate
from service.meetings import day as steps
from service.meetings import desk_view, editing, offers, plans, reading, releasing, runs
from service.meetings.day_schemas import DayMove
from service.meetings.schemas import TimetableAsked
from service.platform import migrations
from service.platform.database import Database, Session
from service.platform.problems import Problem
from service.platform.security import Signer
from service.profiles import flat
from service.profiles import operations as profiles
from service.profiles.operations import CREATE, SubmitOptions
from service.profiles.vocabulary import Kind
from service.settings import Settings

Made = TypeVar("Made")
DATA = files("service.demo") / "data"
FORUM = {
    "code": "road",
    "name": {"en": "Forum"},
    "host_country": "DE",
    "city": "Berlin",
    "time_zone": "Europe/Berlin",
    "starts_on": "2027-03-10",
    "ends_on": "2027-03-10",
    "entrepreneur_min": 2,
    "exporter_min": 2,
}


def rows(kind: Kind, count: int) -> Iterator[dict[str, str]]:
    text = (DATA / f"{kind.value}s.csv").read_text(encoding="utf-8")
    known = list(csv.DictReader(text.splitlines(keepends=True)))
    for number, row in enumerate(islice(cycle(known), count)):
        name = f"{row['name']} {number // len(known) + 1}"
        yield {**row, "name": name, "external_id": f"{row['external_id']}-{number}", "source_agency": "bench"}


def fill(database: Database, participants: int) -> UUID:
    """Save the businesses and a forum in which all of them take part."""
    with database.write() as session:
        forum = forums.create(session, SYSTEM, ForumCreate.model_validate(FORUM))
        for centre in json.loads((DATA / "centres.json").read_text(encoding="utf-8")):
            centres.open_centre(session, CentreCreate.model_validate(centre))
        for kind in Kind:
            creates = [
                CREATE[kind].model_validate(flat.nested(kind, row)) for row in rows(kind, participants // 2)
            ]
            for saved in profiles.submit_many(session, SYSTEM, kind, creates, SubmitOptions(approve=True)):
                if isinstance(saved, Problem):
                    raise saved
        sessions.add_usual_days(session, SYSTEM, forum.id)
        labels = [str(number + 1) for number in range(participants // 4)]
        tables.add(session, SYSTEM, forum.id, MeetingTablesCreate(labels=labels, location="A"))
    with database.write() as session:
        for kind in Kind:
            wanted = ParticipantsAdd.model_validate({"kind": kind, "filter": {}})
            forums.add_participants(session, SYSTEM, forum.id, wanted)
    return forum.id


def measured(name: str, make: Callable[[], Made]) -> Made:
    wall, processor = time.perf_counter(), time.process_time()
    made = make()
    print(
        f"{name:<12}{time.perf_counter() - wall:7.2f} s {time.process_time() - processor:7.2f} s of a core",
        flush=True,
    )
    return made


def day(database: Database, links: ParticipantLinks, forum_id: UUID) -> None:
    """Look at the desk's pages, and move a meeting to another slot."""

    def at_the_desk(ask: Callable[[Session], Made]) -> Callable[[], Made]:
        def asked() -> Made:
            with database.write() as session:
                return ask(session)

        return asked

    measured("overview", at_the_desk(lambda session: desk_view.overview(session, SYSTEM, forum_id)))
    with database.read() as session:
        slots, _ = desk_view.frame(session, SYSTEM, forum_id)
    first = at_the_desk(
        lambda session: desk_view.meetings_of_slot(session, SYSTEM, forum_id, slots[0].slot_id, "en")
    )
    meeting = measured("a slot", first)[0].meeting
    for_hole = at_the_desk(
        lambda session: offers.offers(session, Catalogue(), SYSTEM, forum_id, slot_id=slots[0].slot_id)
    )
    measured("offers", for_hole)
    choices = at_the_desk(
        lambda session: editing.choices(session, SYSTEM, meeting.timetable_id, meeting.id, "en")
    )
    free = next(one.slot.slot_id for one in measured("choices", choices).slots if not one.obstacle)
    wanted = DayMove(slot_id=free)
    measured(
        "move",
        at_the_desk(lambda session: steps.move(session, SYSTEM, links, forum_id, meeting.id, wanted)),
    )


def main(participants: int, database_url: str) -> None:
    with tempfile.TemporaryDirectory(prefix="qh-bench-") as folder:
        settings = Settings(data_dir=Path(folder), secret_key="-" * 32, database_url=database_url)
        database = Database(settings.resolved_database_url)
        migrations.upgrade(database)
        forum_id = fill(database, participants)
        links = ParticipantLinks(Signer(settings), "https://forum.example.org")

        def make_list() -> None:
            made = match_lists.generate(database, Catalogue(), SYSTEM, forum_id, MatchListCreate())
            with database.write() as session:
                match_lists.publish(session, SYSTEM, made.id)

        def make_timetable() -> UUID:
            run = runs.ask(database, SYSTEM, forum_id, TimetableAsked(), "en")
            runs.carry_out(database, run.id)
            with database.write() as session:
                (draft,) = reading.of_forum(session, SYSTEM, forum_id)
                return releasing.release(session, SYSTEM, draft.id, links).id

        def whole_road() -> None:
            measured("match list", make_list)
            release = measured("timetable", make_timetable)
            papers = measured(
                "papers", lambda: plans.paper(database, SYSTEM, links, release, plans.Paper.ALL, "kk")
            )
            with database.read() as session:
                (made,) = reading.of_forum(session, SYSTEM, forum_id)
            print(
                f"{participants} participants, {made.figures.placed} meetings, {made.figures.gaps} gaps, "
                f"{len(papers.content) / 2**20:.1f} MiB of papers"
            )

        measured("whole road", whole_road)
        day(database, links, forum_id)
        database.dispose()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400, sys.argv[2] if len(sys.argv) > 2 else "")
