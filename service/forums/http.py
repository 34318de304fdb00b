"""What makes the links of participants, as the faces get it."""

from typing import Annotated

from fastapi import Depends

from service.forums.participant_links import ParticipantLinks
from service.platform.http import CurrentSettings, CurrentSigner


def _links(signer: CurrentSigner, settings: CurrentSettings) -> ParticipantLinks:
    return ParticipantLinks(signer, settings.public_address)


CurrentLinks = Annotated[ParticipantLinks, Depends(_links)]
