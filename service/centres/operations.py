"""Opening and finding centres; who may is decided one layer up, where accounts are known."""

from uuid import UUID

from sqlmodel import col, select

from service.centres.models import Centre
from service.centres.schemas import CentreCreate, CentreRead
from service.platform.database import Session
from service.platform.i18n import message
from service.platform.problems import Conflict


def open_centre(session: Session, create: CentreCreate) -> CentreRead:
    """Save a new centre.

    Raises Conflict when its code is taken.
    """
    if find(session, create.code) is not None:
        raise Conflict(message("There is a centre with the code {code} already.", code=create.code))
    centre = Centre.model_validate(create)
    session.add(centre)
    session.flush()
    return CentreRead.model_validate(centre)


def every(session: Session) -> list[CentreRead]:
    """List the centres by their code."""
    return [
        CentreRead.model_validate(centre)
        for centre in session.exec(select(Centre).order_by(col(Centre.code)))
    ]


def find(session: Session, code: str) -> CentreRead | None:
    """Find a centre by its code."""
    centre = session.exec(select(Centre).where(Centre.code == code)).first()
    return CentreRead.model_validate(centre) if centre else None


def get(session: Session, centre_id: UUID) -> CentreRead | None:
    """Find a centre by its id."""
    centre = session.get(Centre, centre_id)
    return CentreRead.model_validate(centre) if centre else None
