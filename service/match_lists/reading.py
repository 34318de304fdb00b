"""The pairs of match lists as people read them: by page, as a file, with their reasons."""

import math
from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from matching import Explanation, MatchConfig, concept_name
from service.accounts.operations import require
from service.accounts.schemas import Permission, Principal
from service.catalogue.operations import Catalogue
from service.match_lists import repository
from service.match_lists.models import MatchList, MatchListEntry
from service.match_lists.reasons import in_words
from service.match_lists.schemas import (
    RULES,
    AllocationKept,
    EntryPage,
    EntryRead,
    ExplanationRead,
    LeftOut,
    MatchListRead,
    Partner,
    PartnerChoice,
    PartnersRead,
    Standing,
)
from service.platform.database import Session
from service.platform.i18n import message
from service.platform.problems import Conflict, NotFound
from service.profiles import naming
from service.profiles import operations as profiles
from service.profiles.schemas import ProfileSummary
from service.profiles.vocabulary import Kind

PARTICIPANTS_A_PAGE = 6
FOUND_BY_NAME = 20


def list_of(session: Session, list_id: UUID, *, lock: bool = False) -> MatchList:
    """Find a list for a decision; locked, nobody else changes it before the commit.

    Raises NotFound.
    """
    match_list = repository.get(session, list_id, lock=lock)
    if match_list is None:
        raise NotFound(message("There is no such match list."))
    return match_list


def allocation_of(match_list: MatchList) -> AllocationKept | None:
    """Tell how the pairs of a list were chosen; None for lists of the time before, which propose all."""
    return AllocationKept.model_validate(match_list.allocation) if match_list.allocation else None


def read_of(session: Session, lists: Sequence[MatchList]) -> list[MatchListRead]:
    """Give lists as callers see them."""
    counted = repository.count_pairs(session, [one.id for one in lists])
    return [
        MatchListRead.model_validate(
            {
                **one.model_dump(),
                "entrepreneurs": len(one.participants[Kind.ENTREPRENEUR.value]),
                "exporters": len(one.participants[Kind.EXPORTER.value]),
                "pairs": counted.get(one.id, (0, 0))[0],
                "candidates": counted.get(one.id, (0, 0))[1],
            }
        )
        for one in lists
    ]


def page(
    session: Session,
    principal: Principal,
    list_id: UUID,
    side: Kind,
    language: str,
    *,
    text: str = "",
    number: int = 1,
) -> EntryPage:
    """Give the pairs of some participants of a side, the chosen ones of each before its other best partners.

    With a text, of those participants only of whose name it is a part.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.MATCH_LISTS_READ)
    match_list = list_of(session, list_id)
    ids = [UUID(one) for one in match_list.participants[side.value]]
    names = {
        one: summary.display_name
        for one, summary in profiles.summaries(session, side, ids).items()
        if naming.named(text, summary.display_name)
    }
    ordered = sorted(names, key=lambda one: (names[one].casefold(), one))
    number = max(number, 1)
    shown = ordered[(number - 1) * PARTICIPANTS_A_PAGE : number * PARTICIPANTS_A_PAGE]
    rows = repository.entries(session, list_id, side=side, profile_ids=shown)
    place = {profile_id: position for position, profile_id in enumerate(shown)}
    rows.sort(key=lambda row: (place[_own(row, side)], not row.chosen, -row.score))
    return EntryPage(
        entries=_entries(session, rows, language),
        page=number,
        pages=max(math.ceil(len(ordered) / PARTICIPANTS_A_PAGE), 1),
    )


def every_entry(session: Session, principal: Principal, list_id: UUID, language: str) -> list[EntryRead]:
    """Give all pairs of a list by entrepreneur, the chosen ones of each before the others, best first.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.MATCH_LISTS_READ)
    list_of(session, list_id)
    found = _entries(session, repository.entries(session, list_id), language)
    return sorted(
        found,
        key=lambda one: (
            one.entrepreneur.name.casefold(),
            one.entrepreneur.id,
            not one.chosen,
            -one.score,
            one.exporter.id,
        ),
    )


def left_out(
    session: Session, principal: Principal, list_id: UUID, language: str, most: int | None = None
) -> list[LeftOut]:
    """List what the hard rules left out, each with its reason: all, or the first ones.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.MATCH_LISTS_READ)
    list_of(session, list_id)
    rows = repository.exclusions(session, list_id, most)
    entrepreneurs = profiles.summaries(
        session, Kind.ENTREPRENEUR, [row.entrepreneur_id for row in rows if row.entrepreneur_id]
    )
    exporters = profiles.summaries(
        session, Kind.EXPORTER, [row.exporter_id for row in rows if row.exporter_id]
    )
    return [
        LeftOut(
            entrepreneur=partner_of(entrepreneurs[row.entrepreneur_id]) if row.entrepreneur_id else None,
            exporter=partner_of(exporters[row.exporter_id]) if row.exporter_id else None,
            reason=row.reason,
            text=RULES[row.reason].text(language),
        )
        for row in rows
    ]


def explanation(
    session: Session,
    catalogue: Catalogue,
    principal: Principal,
    list_id: UUID,
    pair: tuple[UUID, UUID],
    language: str,
) -> ExplanationRead:
    """Take the score of two participants of a list apart, whether they are proposed to each other or not.

    Raises NotAllowed, NotFound, Conflict when the texts of one were erased.
    """
    require(principal, Permission.MATCH_LISTS_READ)
    match_list = list_of(session, list_id)
    row = repository.entry(session, list_id, *pair)
    if row is not None and row.explanation:
        kept = Explanation.from_dict(row.explanation)
    elif all(str(one) in match_list.participants[kind.value] for kind, one in zip(Kind, pair, strict=True)):
        kept = explain(session, catalogue, match_list, pair)
    else:
        raise NotFound(message("This pair is not on the list."))
    contributions = [
        {**asdict(one), "concept": concept_name(one.term, language)} for one in kept.contributions
    ]
    return ExplanationRead.model_validate(
        {"score": kept.score, "contributions": contributions, "reasons": in_words(kept, language)},
        from_attributes=True,
    )


def explain(
    session: Session, catalogue: Catalogue, match_list: MatchList, pair: tuple[UUID, UUID]
) -> Explanation:
    """Take the score of a pair apart as the profiles stood when the list was made.

    Raises Conflict when the texts of one were erased.
    """
    config = MatchConfig.from_dict(match_list.config)
    index = catalogue.at_version(
        session, match_list.index_version, config, match_list.statistics_version
    ).index
    one, other = map(str, pair)
    if one not in index or other not in index:
        raise Conflict(message("One of them has withdrawn its consent: its texts are erased."))
    return index.explain(one, other)


def entry(
    session: Session, principal: Principal, list_id: UUID, pair: tuple[UUID, UUID], language: str
) -> EntryRead | None:
    """Give one pair as it stands on a list; None where it is not on it.

    Raises NotAllowed.
    """
    require(principal, Permission.MATCH_LISTS_READ)
    row = repository.entry(session, list_id, *pair)
    return _entries(session, [row], language)[0] if row else None


def partners(
    session: Session, principal: Principal, list_id: UUID, side: Kind, profile_id: UUID, text: str
) -> PartnersRead:
    """Find partners for a participant of a list by hand: its candidates, and others by their names.

    Raises NotAllowed, NotFound when it does not take part.
    """
    require(principal, Permission.MATCH_LISTS_READ)
    match_list = list_of(session, list_id)
    if str(profile_id) not in match_list.participants[side.value]:
        raise NotFound(RULES["not_taking_part"])
    other = Kind.EXPORTER if side is Kind.ENTREPRENEUR else Kind.ENTREPRENEUR
    own = profiles.summaries(session, side, [profile_id])[profile_id]
    rows = repository.entries(session, list_id, side=side, profile_ids=[profile_id])
    rows.sort(key=lambda row: (not row.chosen, -row.score))
    everybody = profiles.summaries(session, other, map(UUID, match_list.participants[other.value]))
    wanted = text.strip().casefold()
    known = {_own(row, other) for row in rows}
    by_name = sorted(
        (
            one
            for one in everybody.values()
            if wanted and wanted in one.display_name.casefold() and one.id not in known
        ),
        key=lambda one: (one.display_name.casefold(), one.id),
    )
    return PartnersRead(
        participant=partner_of(own),
        candidates=[
            PartnerChoice(
                partner=partner_of(everybody[_own(row, other)]),
                score=row.score,
                chosen=row.chosen,
                standing=Standing(row.standing),
            )
            for row in rows
        ],
        others=[partner_of(one) for one in by_name[:FOUND_BY_NAME]],
    )


def pair_names(session: Session, entrepreneur_id: UUID, exporter_id: UUID) -> tuple[Partner, Partner]:
    """Give the two of a pair as lists show them.

    Raises NotFound.
    """
    one = profiles.summaries(session, Kind.ENTREPRENEUR, [entrepreneur_id]).get(entrepreneur_id)
    other = profiles.summaries(session, Kind.EXPORTER, [exporter_id]).get(exporter_id)
    if one is None or other is None:
        raise NotFound(message("There is no such profile."))
    return partner_of(one), partner_of(other)


def _own(row: MatchListEntry, side: Kind) -> UUID:
    return row.entrepreneur_id if side is Kind.ENTREPRENEUR else row.exporter_id


def _entries(session: Session, rows: Sequence[MatchListEntry], language: str) -> list[EntryRead]:
    entrepreneurs = profiles.summaries(session, Kind.ENTREPRENEUR, [row.entrepreneur_id for row in rows])
    exporters = profiles.summaries(session, Kind.EXPORTER, [row.exporter_id for row in rows])
    return [
        EntryRead(
            entrepreneur=partner_of(entrepreneurs[row.entrepreneur_id]),
            exporter=partner_of(exporters[row.exporter_id]),
            score=row.score,
            rank_for_entrepreneur=row.rank_for_entrepreneur,
            rank_for_exporter=row.rank_for_exporter,
            chosen=row.chosen,
            standing=Standing(row.standing),
            note=row.note,
            decided_by=row.decided_by,
            reasons=in_words(Explanation.from_dict(row.explanation), language) if row.explanation else [],
        )
        for row in rows
    ]


def partner_of(summary: ProfileSummary) -> Partner:
    """Give a profile as lists show it, without contact."""
    return Partner(id=summary.id, name=summary.display_name, country=summary.country, city=summary.city)
