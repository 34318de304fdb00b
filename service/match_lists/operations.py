"""Decisions about match lists: generating, publishing, reading, making again."""

import math
from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from matching import MATCHER_VERSION, Explanation, MatchConfig, Pair, concept_name
from service.accounts.operations import require
from service.accounts.schemas import SYSTEM, Permission, Principal
from service.catalogue.operations import Catalogue
from service.forums import operations as forums
from service.match_lists import repository
from service.match_lists.downloads import Extension, as_file
from service.match_lists.generating import (
    Draft,
    LeftOutRow,
    compute,
    digest_of,
    excluded_pairs,
    find_pairs,
    rows_of,
)
from service.match_lists.models import MatchList, MatchListEntry
from service.match_lists.reasons import in_words
from service.match_lists.schemas import (
    RULES,
    EntryPage,
    EntryRead,
    ExplanationRead,
    LeftOut,
    ListState,
    MatchListCreate,
    MatchListRead,
    Partner,
    ProfileMatch,
    Reproduction,
)
from service.platform import audit, clock
from service.platform.database import Database, Session
from service.platform.http import FileAnswer
from service.platform.i18n import message
from service.platform.problems import Conflict, NotFound
from service.profiles import operations as profiles
from service.profiles.schemas import ProfileSummary
from service.profiles.vocabulary import Kind

PARTICIPANTS_A_PAGE = 20


def generate(
    database: Database, catalogue: Catalogue, principal: Principal, forum_id: UUID, wanted: MatchListCreate
) -> MatchListRead:
    """Compute a list on a snapshot, then store it in a short transaction.

    Raises NotAllowed, NotFound, Conflict when the forum has no participants on a side.
    """
    with database.read() as session:
        draft = propose(session, catalogue, principal, forum_id, wanted)
    with database.write() as session:
        return store(session, principal, draft)


def propose(
    session: Session, catalogue: Catalogue, principal: Principal, forum_id: UUID, wanted: MatchListCreate
) -> Draft:
    """Compute a list without storing it.

    Raises NotAllowed, NotFound, Conflict when the forum has no participants on a side.
    """
    require(principal, Permission.MATCH_LISTS_WRITE)
    draft = compute(session, catalogue, forum_id, wanted.k, MatchConfig.from_dict(wanted.config))
    if not all(draft.participants.values()):
        raise Conflict(
            message(
                "A match list needs approved participants on both sides; add entrepreneurs and exporters."
            )
        )
    return draft


def store(session: Session, principal: Principal, draft: Draft) -> MatchListRead:
    """Store a computed list as the forum's newest draft; older drafts are superseded.

    Raises NotAllowed.
    """
    require(principal, Permission.MATCH_LISTS_WRITE)
    earlier = repository.of_forum(session, draft.forum_id)
    for one in earlier:
        if one.state == ListState.DRAFT.value:
            one.state = ListState.SUPERSEDED.value
    match_list = MatchList(
        forum_id=draft.forum_id,
        number=max((one.number for one in earlier), default=0) + 1,
        k=draft.k,
        matcher_version=MATCHER_VERSION,
        index_version=draft.snapshot.version,
        config=draft.config.to_dict(),
        config_digest=draft.config.digest(),
        digest=draft.digest,
        participants=draft.participants,
        made_at=clock.now(),
        made_by=principal.actor,
    )
    session.add(match_list)
    session.flush()
    session.add_all(rows_of(draft, match_list))
    session.flush()
    audit.record(session, principal.actor, "match_list.generated", "match_list", match_list.id)
    return _read(session, [match_list])[0]


def publish(session: Session, principal: Principal, list_id: UUID) -> MatchListRead:
    """Publish a draft; what was published before is superseded.

    Raises NotAllowed, NotFound, Conflict when it is not a draft.
    """
    require(principal, Permission.MATCH_LISTS_WRITE)
    match_list = _list(session, list_id)
    if match_list.state != ListState.DRAFT.value:
        raise Conflict(message("Only the newest draft of a forum can be published."))
    for one in repository.of_forum(session, match_list.forum_id):
        if one.state == ListState.PUBLISHED.value:
            one.state = ListState.SUPERSEDED.value
    match_list.state = ListState.PUBLISHED.value
    audit.record(session, principal.actor, "match_list.published", "match_list", match_list.id)
    session.flush()
    return _read(session, [match_list])[0]


def of_forum(session: Session, principal: Principal, forum_id: UUID) -> list[MatchListRead]:
    """List the match lists of a forum, newest first.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.MATCH_LISTS_READ)
    forums.read(session, SYSTEM, forum_id)
    return _read(session, repository.of_forum(session, forum_id))


def read(session: Session, principal: Principal, list_id: UUID) -> MatchListRead:
    """Give one match list without its pairs.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.MATCH_LISTS_READ)
    return _read(session, [_list(session, list_id)])[0]


def page(
    session: Session, principal: Principal, list_id: UUID, side: Kind, language: str, *, number: int = 1
) -> EntryPage:
    """Give the pairs of some participants of a side, each with its best partners.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.MATCH_LISTS_READ)
    match_list = _list(session, list_id)
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
    _list(session, list_id)
    found = _entries(session, repository.entries(session, list_id), language)
    return sorted(found, key=lambda one: (one.entrepreneur.name.casefold(), one.entrepreneur.id, -one.score))


def left_out(session: Session, principal: Principal, list_id: UUID, language: str) -> list[LeftOut]:
    """List what the hard rules left out, each with its reason.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.MATCH_LISTS_READ)
    _list(session, list_id)
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
    match_list = read(session, principal, list_id)
    forum = forums.read(session, SYSTEM, match_list.forum_id)
    return as_file(
        extension,
        f"match-list-{forum.code}-{match_list.number}",
        match_list,
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


def reproduce(
    session: Session, catalogue: Catalogue, principal: Principal, list_id: UUID, language: str
) -> Reproduction:
    """Make a list again from what it keeps and compare it to the last digit.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.MATCH_LISTS_READ)
    match_list = _list(session, list_id)
    config = MatchConfig.from_dict(match_list.config)
    snapshot = catalogue.at_version(session, match_list.index_version, config)
    rows = [
        LeftOutRow(row.reason, row.entrepreneur_id, row.exporter_id)
        for row in repository.exclusions(session, list_id)
    ]
    excluded = excluded_pairs(rows)
    pairs: Sequence[Pair] = find_pairs(snapshot, match_list.k, match_list.participants, excluded)
    made_again = digest_of(
        match_list.index_version, config, match_list.k, match_list.participants, excluded, pairs
    )
    gone = sum(
        one not in snapshot.index for participants in match_list.participants.values() for one in participants
    )
    if made_again == match_list.digest:
        sentence = message("Made again, the list is the same to the last digit.")
    elif match_list.matcher_version != MATCHER_VERSION:
        sentence = message(
            "The list was made by version {then} of the matcher, which reads texts differently; now it is "
            "version {now}.",
            then=match_list.matcher_version,
            now=MATCHER_VERSION,
        )
    elif gone:
        sentence = message(
            "The list cannot be made again: {count} participants have withdrawn their consent since.",
            count=gone,
        )
    else:
        sentence = message("Made again, the list differs: a profile of the catalogue was erased since.")
    return Reproduction(
        same=made_again == match_list.digest,
        digest=match_list.digest,
        made_again=made_again,
        text=sentence.text(language),
    )


def matches_of(
    session: Session,
    catalogue: Catalogue,
    principal: Principal,
    kind: Kind,
    profile_id: UUID,
    k: int,
    language: str,
) -> list[ProfileMatch]:
    """Find the best partners of one profile as everything stands now, the latest save included.

    Raises NotAllowed, NotFound, Conflict when the profile cannot be matched.
    """
    require(principal, Permission.MATCH_LISTS_READ)
    profiles.read(session, principal, kind, profile_id)
    index = catalogue.current(session).index
    if str(profile_id) not in index:
        raise Conflict(
            message(
                "This profile is not matched: it is not approved, or there is no consent, or it is closed."
            )
        )
    other = Kind.EXPORTER if kind is Kind.ENTREPRENEUR else Kind.ENTREPRENEUR
    found = index.partners_of(str(profile_id), k)
    names = profiles.summaries(session, other, [UUID(match.partner_id) for match in found])
    matches = []
    for match in found:
        pair = (str(profile_id), match.partner_id)
        explained = index.explain(*(pair if kind is Kind.ENTREPRENEUR else pair[::-1]))
        matches.append(
            ProfileMatch(
                partner=names[UUID(match.partner_id)],
                score=match.score,
                rank=match.rank,
                reasons=in_words(explained, language),
            )
        )
    return matches


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


def _list(session: Session, list_id: UUID) -> MatchList:
    match_list = repository.get(session, list_id)
    if match_list is None:
        raise NotFound(message("There is no such match list."))
    return match_list


def _read(session: Session, lists: Sequence[MatchList]) -> list[MatchListRead]:
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
