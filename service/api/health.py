"""Whether the service lives and can work; open to everybody, tells nothing else."""

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import text

from service.platform.http import ReadSession

router = APIRouter(prefix="/health", tags=["health"])


class Health(BaseModel):
    """The state of the service."""

    status: str


@router.get("/live", operation_id="health_live")
def live() -> Health:
    """Answer as long as the process runs."""
    return Health(status="ok")


@router.get("/ready", operation_id="health_ready")
def ready(session: ReadSession) -> Health:
    """Answer as long as the database does."""
    session.execute(text("SELECT 1"))
    return Health(status="ok")
