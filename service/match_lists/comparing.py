"""Two versions of a forum's list side by side: what was added, removed, moved and scored anew."""

import math
from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from service.accounts.operations import require
from service.accounts.schemas import SYSTEM, Permission, Principal
from service.forums import operations as forums
from service.match_lists import repository
from service.match_lists.downloads import comparison_file
from service.match_lists.models import MatchList
from service.match_lists.reading import allocation_of, list_of, partner_of, read_of
from service.match_lists.repository import StandingRow
from service.match_lists.schemas import (
    RULES,
    Comparison,
    PairChange,
    PairDifference,
    PairVersion,
    Standing,
)
from service.platform.database import Session
from service.platform.http import FileAnswer
from service.platform.i18n import Message, message
from service.platform.problems import Conflict, NotFound
from service.profiles import operations as profiles
from service.profiles.schemas import ProfileSummary
from service.profiles.vocabulary import Kind

DIFFERENCES_A_PAGE = 50

Pair = tuple[UUID, UUID]


@dataclass(frozen=True)
class _Versions:
    """Two lists with their pairs, and what became of each pair."""

    before: MatchList
    after: MatchList
    rows_before: dict[Pair, StandingRow]
    rows_after: dict[Pair, StandingRow]
    ruled_out: dict[Pair, str]
    """Pairs that the later list may not propose, with the rule."""
    changes: dict[Pair, PairChange]
    """In the order in which they are told."""
    same: int
    names: dict[UUID, ProfileSummary]


def compare(
    session: Session,
    principal: Principal,
    list_id: UUID,
    language: str,
    *,
    earlier_id: UUID | None = None,
    number: int = 1,
) -> Comparison:
    """Compare a list with an earlier one of its forum: with the one before it when none is named.

    Raises NotAllowed, NotFound when there is no earlier one, Conflict for lists of two forums.
    """
    versions = _versions(session, principal, list_id, earlier_id)
    number = max(number, 1)
    shown = list(versions.changes)[(number - 1) * DIFFERENCES_A_PAGE : number * DIFFERENCES_A_PAGE]
    return _comparison(session, versions, shown, language, number)


def download(
    session: Session, principal: Principal, list_id: UUID, language: str, *, earlier_id: UUID | None = None
) -> FileAnswer:
    """Give the comparison of two lists, with every difference, as a workbook.

    Raises NotAllowed, NotFound when there is no earlier one, Conflict for lists of two forums.
    """
    versions = _versions(session, principal, list_id, earlier_id)
    forum = forums.read(session, SYSTEM, versions.after.forum_id)
    found = _comparison(session, versions, list(versions.changes), language, 1)
    name = f"match-list-{forum.code}-{versions.before.number}-{versions.after.number}"
    return comparison_file(name, found, language)


def _versions(session: Session, principal: Principal, list_id: UUID, earlier_id: UUID | None) -> _Versions:
    require(principal, Permission.MATCH_LISTS_READ)
    after = list_of(session, list_id)
    before = _earlier(session, after, earlier_id)
    rows_before, rows_after = (
        {row.pair: row for row in repository.standings(session, one.id)} for one in (before, after)
    )
    found = {pair: _change(rows_before.get(pair), rows_after.get(pair)) for pair in rows_before | rows_after}
    changes = {pair: change for pair, change in found.items() if change is not None}
    chosen = sum(row.chosen for row in rows_before.values())
    names = {
        one: summary
        for place, kind in enumerate(Kind)
        for one, summary in profiles.summaries(session, kind, {pair[place] for pair in changes}).items()
    }
    order = list(PairChange)
    gone_or_changed = sum(change is not PairChange.ADDED for change in changes.values())
    return _Versions(
        before=before,
        after=after,
        rows_before=rows_before,
        rows_after=rows_after,
        ruled_out={
            (row.entrepreneur_id, row.exporter_id): row.reason
            for row in repository.exclusions(session, after.id)
            if row.entrepreneur_id is not None and row.exporter_id is not None
        },
        changes=dict(
            sorted(
                changes.items(),
                key=lambda one: (
                    order.index(one[1]),
                    *(names[profile].display_name.casefold() for profile in one[0]),
                    one[0],
                ),
            )
        ),
        same=chosen - gone_or_changed,
        names=names,
    )


def _earlier(session: Session, after: MatchList, earlier_id: UUID | None) -> MatchList:
    if earlier_id is not None:
        before = list_of(session, earlier_id)
        if before.forum_id != after.forum_id:
            raise Conflict(message("Only lists of one forum can be compared."))
        return before
    for one in repository.of_forum(session, after.forum_id):
        if one.number < after.number:
            return one
    raise NotFound(message("There is no earlier list of this forum to compare with."))


def _change(before: StandingRow | None, after: StandingRow | None) -> PairChange | None:
    was, is_now = before is not None and before.chosen, after is not None and after.chosen
    if was != is_now:
        return PairChange.ADDED if is_now else PairChange.REMOVED
    if before is None or after is None or not was:
        return None
    if before[-2:] != after[-2:]:
        return PairChange.MOVED
    return PairChange.RESCORED if before.score != after.score else None


def _comparison(
    session: Session, versions: _Versions, shown: list[Pair], language: str, number: int
) -> Comparison:
    before, after = read_of(session, [versions.before, versions.after])
    counted = Counter(versions.changes.values())
    return Comparison(
        before=before,
        after=after,
        **{change.value: counted[change] for change in PairChange},
        same=versions.same,
        differences=[_difference(versions, pair, language) for pair in shown],
        page=number,
        pages=max(math.ceil(len(versions.changes) / DIFFERENCES_A_PAGE), 1),
    )


def _difference(versions: _Versions, pair: Pair, language: str) -> PairDifference:
    reason = _reason(versions, pair)
    return PairDifference(
        entrepreneur=partner_of(versions.names[pair[0]]),
        exporter=partner_of(versions.names[pair[1]]),
        change=versions.changes[pair],
        before=_version(versions.rows_before.get(pair)),
        after=_version(versions.rows_after.get(pair)),
        reason=reason.text(language) if reason else "",
    )


def _version(row: StandingRow | None) -> PairVersion | None:
    return PairVersion.model_validate(row, from_attributes=True) if row else None


def _reason(versions: _Versions, pair: Pair) -> Message | None:
    row = versions.rows_after.get(pair)
    match versions.changes[pair]:
        case PairChange.ADDED | PairChange.REMOVED if row and row.standing != Standing.ALLOCATED.value:
            return message("By hand: {note}", note=row.note)
        case PairChange.ADDED if not _takes_part(versions.before, pair):
            return message("One of them was not on the earlier list.")
        case PairChange.ADDED:
            return message("The allocation chose it.")
        case PairChange.REMOVED if row:
            return message("The allocation chose other pairs.")
        case PairChange.REMOVED:
            return _why_no_candidate(versions, pair)
        case _:
            return None


def _why_no_candidate(versions: _Versions, pair: Pair) -> Message:
    if not _takes_part(versions.after, pair):
        return message("One of them is not on the later list.")
    if pair in versions.ruled_out:
        return message("It is ruled out: {reason}.", reason=RULES[versions.ruled_out[pair]])
    kept = allocation_of(versions.after)
    one, other = map(str, pair)
    if kept and any(one in left and other in right for left, right in kept.asked.apart):
        return message("A rule of the forum keeps the two apart.")
    return message("It is not among the best of either any more.")


def _takes_part(match_list: MatchList, pair: Pair) -> bool:
    return all(str(one) in match_list.participants[kind.value] for kind, one in zip(Kind, pair, strict=True))
