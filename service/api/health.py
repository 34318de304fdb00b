"""Whether the service lives and can work; open to everybody, tells nothing else."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import text

from service.platform.http import CurrentDatabase, ReadSession
from service.platform.replica import ReplicaState

router = APIRouter(prefix="/health", tags=["health"])


class Health(BaseModel):
    """The state of the service."""

    status: Literal["ok", "degraded"]
    replica: ReplicaState | None = Field(
        None, description="How the read replica stands, where there is one; without it the primary answers."
    )


@router.get("/live", operation_id="health_live", response_model_exclude_none=True)
def live() -> Health:
    """Answer as long as the process runs."""
    return Health(status="ok")


@router.get("/ready", operation_id="health_ready", response_model_exclude_none=True)
def ready(session: ReadSession, database: CurrentDatabase) -> Health:
    """Answer as long as the database does; degraded means that it works without its read replica."""
    session.execute(text("SELECT 1"))
    replica = database.replica_state()
    lost = replica is ReplicaState.UNREACHABLE
    return Health(status="degraded" if lost else "ok", replica=replica)
