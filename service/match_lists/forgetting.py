"""What lists keep of somebody who withdrew a consent, and no longer may: words of texts, and a status."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from service.forums.schemas import ShareCriterion
from service.match_lists import repository
from service.match_lists.reading import allocation_of
from service.platform.database import Session
from service.profiles import operations as profiles
from service.profiles.vocabulary import ConsentPurpose, Kind


def forget(session: Session, kind: Kind, profile_id: UUID, purpose: ConsentPurpose) -> None:
    """Take out of every list what a consent allowed; a list that is changed so cannot be made again.

    Explanations quote the texts of both sides. Who has a reserved share by its kandas status stands in what
    a list was asked.
    """
    if purpose is ConsentPurpose.MATCHING:
        repository.forget_explanations(session, kind, profile_id)
    else:
        _forget_kandas_status(session, str(profile_id))


def _forget_kandas_status(session: Session, exporter_id: str) -> None:
    for match_list in repository.with_participant(session, Kind.EXPORTER, exporter_id):
        kept = allocation_of(match_list)
        for share in kept.asked.shares if kept else ():
            if share.criterion is ShareCriterion.KANDAS_OWNED and exporter_id in share.members:
                share.members.remove(exporter_id)
        if kept is not None:
            match_list.allocation = kept.model_dump(mode="json")
    session.flush()


def without_texts_of_others(session: Session, entries: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give computed pairs without the explanations of those who are not open to partners any more.

    A list takes seconds to compute, in which somebody may withdraw.
    """
    ids = {kind: {one[f"{kind.value}_id"] for one in entries} for kind in Kind}
    there = {kind: profiles.open_to_partners(session, kind, own) for kind, own in ids.items()}
    return [
        one if all(one[f"{kind.value}_id"] in there[kind] for kind in Kind) else {**one, "explanation": {}}
        for one in entries
    ]
