"""Fills a database with the demo's fictional businesses; what is there already stays as it is."""

import csv
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import UUID

from service.accounts import operations as accounts
from service.accounts.schemas import SYSTEM, AccountCreate
from service.catalogue.operations import Catalogue
from service.centres import operations as centres
from service.centres.schemas import CentreCreate
from service.demo.answers import propose_and_answer
from service.demo.set_up import set_forum_up
from service.demo.timetable import plan_and_release
from service.forums import operations as forums
from service.forums.participant_links import ParticipantLinks
from service.forums.schemas import ForumCreate, ParticipantsAdd, Phase
from service.match_lists import operations as match_lists
from service.match_lists.schemas import MatchListCreate
from service.platform.database import Database
from service.platform.problems import Problem
from service.platform.security import Signer
from service.profiles import flat
from service.profiles import operations as profiles
from service.profiles.operations import CREATE, SubmitOptions
from service.profiles.vocabulary import Kind
from service.settings import Settings

EMAIL = "admin@example.org"
AGENCY = "demo-agency"
_PASSWORD_FILE = "demo-password.txt"  # noqa: S105 - the name of a file

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Demo:
    """What there is to look at."""

    email: str
    password: str
    match_list_id: UUID


def fill(database: Database, settings: Settings, progress: Progress) -> Demo:
    """Fill what is not there yet and tell what there is to look at."""
    password = _password(settings.data_dir)
    with database.write() as session:
        _administrator(session, password)
        for centre in _data("centres.json"):
            if centres.find(session, centre["code"]) is None:
                centres.open_centre(session, CentreCreate.model_validate(centre))
    for kind in Kind:
        _profiles(database, kind, progress)
    catalogue = Catalogue()
    lists = [_forum(database, catalogue, forum) for forum in _data("forums.json")]
    _first_forum(database, settings, lists[0])
    return Demo(EMAIL, password, lists[0])


def _first_forum(database: Database, settings: Settings, list_id: UUID) -> None:
    with database.read() as session:
        forum_id = match_lists.read(session, SYSTEM, list_id).forum_id
    links = ParticipantLinks(Signer(settings), settings.public_address)
    propose_and_answer(database, links, forum_id, list_id)
    plan_and_release(database, links, forum_id)


def _data(name: str) -> Any:
    return json.loads((files("service.demo") / "data" / name).read_text(encoding="utf-8"))


def _password(data_dir: Path) -> str:
    """Give the password of this demo; it is made once and kept beside the data, never in the program."""
    data_dir.mkdir(parents=True, exist_ok=True)
    kept = data_dir / _PASSWORD_FILE
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(12), encoding="ascii")
    return kept.read_text(encoding="ascii")


def _administrator(session: Any, password: str) -> None:
    create = AccountCreate.model_validate(
        {"email": EMAIL, "name": "Qazaq House", "role": "administrator", "password": password}
    )
    if not any(account.email == EMAIL for account in accounts.accounts(session, SYSTEM)):
        accounts.create_account(session, SYSTEM, create)


def _profiles(database: Database, kind: Kind, progress: Progress) -> None:
    text = (files("service.demo") / "data" / f"{kind.value}s.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines(keepends=True)))
    batch = 50
    for start in range(0, len(rows), batch):
        progress(kind.value, start, len(rows))
        creates = [
            CREATE[kind].model_validate(flat.nested(kind, {**row, "source_agency": AGENCY}))
            for row in rows[start : start + batch]
        ]
        with database.write() as session:
            for result in profiles.submit_many(session, SYSTEM, kind, creates, SubmitOptions(approve=True)):
                if isinstance(result, Problem):
                    raise result
    progress(kind.value, len(rows), len(rows))


def _forum(database: Database, catalogue: Catalogue, planned: dict[str, Any]) -> UUID:
    """Give the newest match list of a forum, and make forum and list where they are missing."""
    filters = {kind: planned.pop(f"{kind.value}_filter") for kind in Kind}
    plan = planned.pop("set_up", None)
    with database.read() as session:
        known = next((one for one in forums.every(session, SYSTEM) if one.code == planned["code"]), None)
        lists = match_lists.of_forum(session, SYSTEM, known.id) if known else []
    if lists:
        return lists[0].id
    with database.write() as session:
        forum = known or forums.create(session, SYSTEM, ForumCreate.model_validate(planned))
        for kind, chosen in filters.items():
            for prefix in chosen["hs_prefixes"] or [None]:
                wanted = {"countries": chosen["countries"], "hs_prefix": prefix}
                add = ParticipantsAdd.model_validate({"kind": kind, "filter": wanted})
                forums.add_participants(session, SYSTEM, forum.id, add)
        if plan is not None and forum.phase is Phase.REGISTRATION:
            set_forum_up(session, forum.id, plan)
    return match_lists.generate(database, catalogue, SYSTEM, forum.id, MatchListCreate()).id
