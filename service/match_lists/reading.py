"""The pairs of match lists as people read them: by page, as a file, with their reasons."""

import math
from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from matching import Explanation, concept_name
from service.accounts.operations import require
from service.accounts.schemas import SYSTEM, Permission, Principal
from service.forums import operations as forums
from service.match_lists import repository
from service.match_lists.downloads import Extension, as_file
from service.match_lists.models import MatchList, MatchListEntry
from service.match_lists.reasons import in_words
from service.match_lists.schemas import (
    RULES,
    EntryPage,
    EntryRead,
    ExplanationRead,
    LeftOut,
    MatchListRead,
    Partner,
)
from service.platform.database import Session
from service.platform.http import FileAnswer
from service.platform.i18n import message
from service.platform.problems import NotFound
from service.profiles import operations as profiles
from service.profiles.schemas import ProfileSummary
from service.profiles.vocabulary import Kind

PARTICIPANTS_A_PAGE = 20


def list_of(session: Session, list_id: UUID) -> MatchList:
    """Find a list for a decision.

    Raises NotFound.
    """
    match_list = repository.get(session, list_id)
    if match_list is None:
        raise NotFound(message("There is no such match list."))
    return match_list


def read_of(session: Session, lists: Sequence[MatchList]) -> list[MatchListRead]:
    """Give lists as callers see them."""
    counted = repository.count_pairs(session, [one.id for one in lists])
    return [
        MatchListRead.model_validate(
            {
                **one.model_dump(),
                "entrepreneurs": len(one.participants[Kind.ENTREPRENEUR.value]),
                "exporters": len(one.participants[Kind.EXPORTER.value]),
                "pairs": counted.get(one.id, 0),
            }
        )
        for one in lists
    ]


def page(
    session: Session, principal: Principal, list_id: UUID, side: Kind, language: str, *, number: int = 1
) -> EntryPage:
    """Give the pairs of some participants of a side, each with its best partners.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.MATCH_LISTS_READ)
    match_list = list_of(session, list_id)
    ids = [UUID(one) for one in match_list.participants[side.value]]
    names = profiles.summaries(session, side, ids)
    ordered = sorted(names, key=lambda one: (names[one].display_name.casefold(), one))
    number = max(number, 1)
    shown = ordered[(number - 1) * PARTICIPANTS_A_PAGE : number * PARTICIPANTS_A_PAGE]
    rows = repository.entries(session, list_id, side=side, profile_ids=shown)
    place = {profile_id: position for position, profile_id in enumerate(shown)}
    rows.sort(key=lambda row: (place[_own(row, side)], _rank(row, side)))
    return EntryPage(
        entries=_entries(session, rows, language),
        page=number,
        pages=max(math.ceil(len(ordered) / PARTICIPANTS_A_PAGE), 1),
    )


def every_entry(session: Session, principal: Principal, list_id: UUID, language: str) -> list[EntryRead]:
    """Give all pairs of a list by entrepreneur, best first.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.MATCH_LISTS_READ)
    list_of(session, list_id)
    found = _entries(session, repository.entries(session, list_id), language)
    return sorted(found, key=lambda one: (one.entrepreneur.name.casefold(), one.entrepreneur.id, -one.score))


def left_out(session: Session, principal: Principal, list_id: UUID, language: str) -> list[LeftOut]:
    """List what the hard rules left out, each with its reason.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.MATCH_LISTS_READ)
    list_of(session, list_id)
    rows = repository.exclusions(session, list_id)
    entrepreneurs = profiles.summaries(
        session, Kind.ENTREPRENEUR, [row.entrepreneur_id for row in rows if row.entrepreneur_id]
    )
    exporters = profiles.summaries(
        session, Kind.EXPORTER, [row.exporter_id for row in rows if row.exporter_id]
    )
    return [
        LeftOut(
            entrepreneur=_partner(entrepreneurs[row.entrepreneur_id]) if row.entrepreneur_id else None,
            exporter=_partner(exporters[row.exporter_id]) if row.exporter_id else None,
            reason=row.reason,
            text=RULES[row.reason].text(language),
        )
        for row in rows
    ]


def download(
    session: Session, principal: Principal, list_id: UUID, extension: Extension, language: str
) -> FileAnswer:
    """Give a whole list as a file.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.MATCH_LISTS_READ)
    match_list = list_of(session, list_id)
    forum = forums.read(session, SYSTEM, match_list.forum_id)
    return as_file(
        extension,
        f"match-list-{forum.code}-{match_list.number}",
        read_of(session, [match_list])[0],
        every_entry(session, principal, list_id, language),
        left_out(session, principal, list_id, language),
        language,
    )


def explanation(
    session: Session,
    principal: Principal,
    list_id: UUID,
    entrepreneur_id: UUID,
    exporter_id: UUID,
    language: str,
) -> ExplanationRead:
    """Take the score of a proposed pair apart.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.MATCH_LISTS_READ)
    row = repository.entry(session, list_id, entrepreneur_id, exporter_id)
    if row is None:
        raise NotFound(message("This pair is not on the list."))
    kept = Explanation.from_dict(row.explanation)
    contributions = [
        {**asdict(one), "concept": concept_name(one.term, language)} for one in kept.contributions
    ]
    return ExplanationRead.model_validate(
        {"score": kept.score, "contributions": contributions, "reasons": in_words(kept, language)},
        from_attributes=True,
    )


def pair_names(session: Session, entrepreneur_id: UUID, exporter_id: UUID) -> tuple[Partner, Partner]:
    """Give the two of a pair as lists show them.

    Raises NotFound.
    """
    one = profiles.summaries(session, Kind.ENTREPRENEUR, [entrepreneur_id]).get(entrepreneur_id)
    other = profiles.summaries(session, Kind.EXPORTER, [exporter_id]).get(exporter_id)
    if one is None or other is None:
        raise NotFound(message("There is no such profile."))
    return _partner(one), _partner(other)


def _own(row: MatchListEntry, side: Kind) -> UUID:
    return row.entrepreneur_id if side is Kind.ENTREPRENEUR else row.exporter_id


def _rank(row: MatchListEntry, side: Kind) -> int:
    return (row.rank_for_entrepreneur if side is Kind.ENTREPRENEUR else row.rank_for_exporter) or 0


def _entries(session: Session, rows: Sequence[MatchListEntry], language: str) -> list[EntryRead]:
    entrepreneurs = profiles.summaries(session, Kind.ENTREPRENEUR, [row.entrepreneur_id for row in rows])
    exporters = profiles.summaries(session, Kind.EXPORTER, [row.exporter_id for row in rows])
    return [
        EntryRead(
            entrepreneur=_partner(entrepreneurs[row.entrepreneur_id]),
            exporter=_partner(exporters[row.exporter_id]),
            score=row.score,
            rank_for_entrepreneur=row.rank_for_entrepreneur,
            rank_for_exporter=row.rank_for_exporter,
            reasons=in_words(Explanation.from_dict(row.explanation), language),
        )
        for row in rows
    ]


def _partner(summary: ProfileSummary) -> Partner:
    return Partner(id=summary.id, name=summary.display_name, country=summary.country, city=summary.city)
