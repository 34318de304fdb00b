"""What a forum is set up with, over the API."""

from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query, status

from service.api.authentication import Caller
from service.forums import asking, rulings, sessions, set_up, tables
from service.forums.pair_schemas import PinCreate, PinRead, PreferenceCreate, PreferenceRead
from service.forums.schemas import (
    MOST_IDS,
    ForumRead,
    InterpreterShiftCreate,
    InterpreterShiftRead,
    LimitsChange,
    MeetingRuleCreate,
    MeetingRuleRead,
    MeetingTableChange,
    MeetingTableRead,
    MeetingTablesCreate,
    MeetingTablesMove,
    ParticipantChange,
    ParticipantRequest,
    PhaseChange,
    RefusedItem,
    ReservedShareCreate,
    ReservedShareRead,
    SavedMany,
    SessionCreate,
    SessionRead,
    SetUpRead,
    SharesRanking,
)
from service.meetings import releasing
from service.platform.http import Language, ReadSession, TransactionRoute, WriteSession
from service.platform.problems import InvalidInput
from service.profiles.vocabulary import Kind

router = APIRouter(prefix="/forums/{forum_id}", tags=["forum set-up"], route_class=TransactionRoute)

Revision = Annotated[int | None, Query(ge=1, description="Refuse when the forum was changed since.")]
ParticipantRevision = Annotated[
    int | None, Query(ge=1, description="Refuse when the participant was changed since.")
]
Requests = Annotated[list[ParticipantRequest], Body(max_length=MOST_IDS)]
Wishes = Annotated[list[PreferenceCreate], Body(max_length=MOST_IDS)]


@router.get("/set-up", operation_id="read_set_up")
def read(caller: Caller, session: ReadSession, language: Language, forum_id: UUID) -> SetUpRead:
    """Give everything that a forum is set up with, and say what will not work out."""
    return set_up.read(session, caller, forum_id, language)


@router.put("/phase", operation_id="move_phase")
def move_phase(
    caller: Caller, session: WriteSession, forum_id: UUID, wanted: PhaseChange, revision: Revision = None
) -> ForumRead:
    """Bring the forum to another phase."""
    return releasing.move_phase(session, caller, forum_id, wanted.phase, expected_revision=revision)


@router.put("/limits", operation_id="change_limits")
def change_limits(
    caller: Caller, session: WriteSession, forum_id: UUID, wanted: LimitsChange, revision: Revision = None
) -> ForumRead:
    """Change how many meetings each participant of a side gets."""
    return set_up.change_limits(session, caller, forum_id, wanted, expected_revision=revision)


@router.post("/sessions", status_code=status.HTTP_201_CREATED, operation_id="add_session")
def add_session(
    caller: Caller, session: WriteSession, forum_id: UUID, wanted: SessionCreate, revision: Revision = None
) -> SessionRead:
    """Hold a session, cut into slots."""
    return sessions.add(session, caller, forum_id, wanted, expected_revision=revision)


@router.post("/usual-days", status_code=status.HTTP_201_CREATED, operation_id="add_usual_days")
def add_usual_days(
    caller: Caller, session: WriteSession, forum_id: UUID, revision: Revision = None
) -> list[SessionRead]:
    """Hold 09:00–13:00 and 14:00–18:00, meetings of 20 + 5 minutes, on each day without a session."""
    return sessions.add_usual_days(session, caller, forum_id, expected_revision=revision)


@router.put("/sessions/{session_id}", operation_id="change_session")
def change_session(
    caller: Caller,
    session: WriteSession,
    forum_id: UUID,
    session_id: UUID,
    wanted: SessionCreate,
    revision: Revision = None,
) -> SessionRead:
    """Hold a session at other times; slots whose times stay are kept."""
    return sessions.change(session, caller, forum_id, session_id, wanted, expected_revision=revision)


@router.delete(
    "/sessions/{session_id}", status_code=status.HTTP_204_NO_CONTENT, operation_id="remove_session"
)
def remove_session(
    caller: Caller, session: WriteSession, forum_id: UUID, session_id: UUID, revision: Revision = None
) -> None:
    """Hold a session no more."""
    sessions.remove(session, caller, forum_id, session_id, expected_revision=revision)


@router.post("/tables", status_code=status.HTTP_201_CREATED, operation_id="add_tables")
def add_tables(
    caller: Caller,
    session: WriteSession,
    forum_id: UUID,
    wanted: MeetingTablesCreate,
    revision: Revision = None,
) -> list[MeetingTableRead]:
    """Put meeting tables up, by single labels and ranges such as `1-40`."""
    return tables.add(session, caller, forum_id, wanted, expected_revision=revision)


@router.post("/tables/move", status_code=status.HTTP_204_NO_CONTENT, operation_id="move_tables")
def move_tables(
    caller: Caller,
    session: WriteSession,
    forum_id: UUID,
    wanted: MeetingTablesMove,
    revision: Revision = None,
) -> None:
    """Put meeting tables into another location."""
    tables.move(session, caller, forum_id, wanted, expected_revision=revision)


@router.put("/tables/{table_id}", operation_id="change_table")
def change_table(
    caller: Caller,
    session: WriteSession,
    forum_id: UUID,
    table_id: UUID,
    wanted: MeetingTableChange,
    revision: Revision = None,
) -> MeetingTableRead:
    """Rename a meeting table, put it into another location or elsewhere in the order."""
    return tables.change(session, caller, forum_id, table_id, wanted, expected_revision=revision)


@router.delete("/tables/{table_id}", status_code=status.HTTP_204_NO_CONTENT, operation_id="remove_table")
def remove_table(
    caller: Caller, session: WriteSession, forum_id: UUID, table_id: UUID, revision: Revision = None
) -> None:
    """Take a meeting table away."""
    tables.remove(session, caller, forum_id, [table_id], expected_revision=revision)


@router.post("/interpreters", status_code=status.HTTP_201_CREATED, operation_id="add_interpreters")
def add_interpreters(
    caller: Caller,
    session: WriteSession,
    forum_id: UUID,
    wanted: InterpreterShiftCreate,
    revision: Revision = None,
) -> InterpreterShiftRead:
    """Have interpreters of a language there for a time."""
    return set_up.add_interpreters(session, caller, forum_id, wanted, expected_revision=revision)


@router.delete(
    "/interpreters/{shift_id}", status_code=status.HTTP_204_NO_CONTENT, operation_id="remove_interpreters"
)
def remove_interpreters(
    caller: Caller, session: WriteSession, forum_id: UUID, shift_id: UUID, revision: Revision = None
) -> None:
    """Do without the interpreters of a shift."""
    set_up.remove_interpreters(session, caller, forum_id, shift_id, expected_revision=revision)


@router.post("/rules", status_code=status.HTTP_201_CREATED, operation_id="add_rule")
def add_rule(
    caller: Caller,
    session: WriteSession,
    forum_id: UUID,
    wanted: MeetingRuleCreate,
    revision: Revision = None,
) -> MeetingRuleRead:
    """Say who may meet whom."""
    return set_up.add_rule(session, caller, forum_id, wanted, expected_revision=revision)


@router.delete("/rules/{rule_id}", status_code=status.HTTP_204_NO_CONTENT, operation_id="remove_rule")
def remove_rule(
    caller: Caller, session: WriteSession, forum_id: UUID, rule_id: UUID, revision: Revision = None
) -> None:
    """Lift a rule."""
    set_up.remove_rule(session, caller, forum_id, rule_id, expected_revision=revision)


@router.post("/shares", status_code=status.HTTP_201_CREATED, operation_id="reserve_share")
def reserve_share(
    caller: Caller,
    session: WriteSession,
    forum_id: UUID,
    wanted: ReservedShareCreate,
    revision: Revision = None,
) -> ReservedShareRead:
    """Reserve a share of the meetings, after those that are reserved; said again, its size changes."""
    return set_up.reserve(session, caller, forum_id, wanted, expected_revision=revision)


@router.put("/shares/ranking", operation_id="rank_shares")
def rank_shares(
    caller: Caller, session: WriteSession, forum_id: UUID, wanted: SharesRanking, revision: Revision = None
) -> list[ReservedShareRead]:
    """Say in which order the reserved shares count."""
    return set_up.rank_shares(session, caller, forum_id, wanted.ids, expected_revision=revision)


@router.delete("/shares/{share_id}", status_code=status.HTTP_204_NO_CONTENT, operation_id="release_share")
def release_share(
    caller: Caller, session: WriteSession, forum_id: UUID, share_id: UUID, revision: Revision = None
) -> None:
    """Reserve a share no more."""
    set_up.release_share(session, caller, forum_id, share_id, expected_revision=revision)


@router.patch(
    "/participants/{kind}/{profile_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    operation_id="change_participant",
)
def change_participant(
    caller: Caller,
    session: WriteSession,
    forum_id: UUID,
    kind: Kind,
    profile_id: UUID,
    wanted: ParticipantChange,
    revision: ParticipantRevision = None,
) -> None:
    """Note what one participant asks: limits and availability; what is not sent stays."""
    asking.ask(session, caller, forum_id, kind, profile_id, wanted, expected_revision=revision)


@router.post("/participants/requests", operation_id="change_participants")
def change_participants(
    caller: Caller, session: WriteSession, language: Language, forum_id: UUID, wanted: Requests
) -> SavedMany:
    """Note what many participants ask; each is saved on its own, or refused with its mistakes."""
    return _saved(asking.ask_many(session, caller, forum_id, wanted), language)


@router.get("/preferences", operation_id="list_preferences")
def preferences(caller: Caller, session: ReadSession, forum_id: UUID) -> list[PreferenceRead]:
    """List what participants wish of each other."""
    return rulings.preferences(session, caller, forum_id)


@router.post("/preferences", operation_id="note_preferences")
def prefer(
    caller: Caller, session: WriteSession, language: Language, forum_id: UUID, wanted: Wishes
) -> SavedMany:
    """Note what participants wish of each other; each wish is saved on its own, or refused."""
    return _saved(rulings.prefer_many(session, caller, forum_id, wanted), language)


@router.get("/pins", operation_id="list_pins")
def pins(caller: Caller, session: ReadSession, forum_id: UUID) -> list[PinRead]:
    """List the pairs that shall meet whatever else is decided."""
    return rulings.pins(session, caller, forum_id)


@router.post("/pins", status_code=status.HTTP_201_CREATED, operation_id="pin_pair")
def pin(caller: Caller, session: WriteSession, forum_id: UUID, wanted: PinCreate) -> PinRead:
    """See to it that two meet, where it is said in a slot and at a table."""
    return rulings.pin_pair(session, caller, forum_id, wanted)


@router.delete(
    "/pins/{entrepreneur_id}/{exporter_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    operation_id="unpin_pair",
)
def unpin(
    caller: Caller, session: WriteSession, forum_id: UUID, entrepreneur_id: UUID, exporter_id: UUID
) -> None:
    """Let a pair be decided like all others again."""
    rulings.unpin_pair(session, caller, forum_id, (entrepreneur_id, exporter_id))


def _saved(results: Iterable[InvalidInput | None], language: str) -> SavedMany:
    told = list(results)
    refused = [
        RefusedItem(place=place, errors=[error.shown(language) for error in problem.errors])
        for place, problem in enumerate(told)
        if problem is not None
    ]
    return SavedMany(saved=len(told) - len(refused), refused=refused)
