"""Decisions about match lists as a whole: generating, publishing, making again."""

from uuid import UUID

from matching import MATCHER_VERSION, MatchConfig
from service.accounts.operations import require
from service.accounts.schemas import SYSTEM, Permission, Principal
from service.catalogue.operations import Catalogue
from service.forums import operations as forums
from service.match_lists import repository
from service.match_lists.generating import (
    Draft,
    LeftOutRow,
    compute,
    digest_of,
    excluded_pairs,
    find_pairs,
    rows_of,
)
from service.match_lists.models import MatchList
from service.match_lists.reading import list_of, read_of
from service.match_lists.reasons import in_words
from service.match_lists.schemas import (
    ListState,
    MatchListCreate,
    MatchListRead,
    ProfileMatch,
    Reproduction,
)
from service.platform import audit, clock
from service.platform.database import Database, Session
from service.platform.i18n import message
from service.platform.problems import Conflict
from service.profiles import operations as profiles
from service.profiles.vocabulary import Kind


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
    return read_of(session, [match_list])[0]


def publish(session: Session, principal: Principal, list_id: UUID) -> MatchListRead:
    """Publish a draft; what was published before is superseded.

    Raises NotAllowed, NotFound, Conflict when it is not a draft.
    """
    require(principal, Permission.MATCH_LISTS_WRITE)
    match_list = list_of(session, list_id)
    if match_list.state != ListState.DRAFT.value:
        raise Conflict(message("Only the newest draft of a forum can be published."))
    for one in repository.of_forum(session, match_list.forum_id):
        if one.state == ListState.PUBLISHED.value:
            one.state = ListState.SUPERSEDED.value
    match_list.state = ListState.PUBLISHED.value
    audit.record(session, principal.actor, "match_list.published", "match_list", match_list.id)
    session.flush()
    return read_of(session, [match_list])[0]


def of_forum(session: Session, principal: Principal, forum_id: UUID) -> list[MatchListRead]:
    """List the match lists of a forum, newest first.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.MATCH_LISTS_READ)
    forums.read(session, SYSTEM, forum_id)
    return read_of(session, repository.of_forum(session, forum_id))


def read(session: Session, principal: Principal, list_id: UUID) -> MatchListRead:
    """Give one match list without its pairs.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.MATCH_LISTS_READ)
    return read_of(session, [list_of(session, list_id)])[0]


def reproduce(
    session: Session, catalogue: Catalogue, principal: Principal, list_id: UUID, language: str
) -> Reproduction:
    """Make a list again from what it keeps and compare it to the last digit.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.MATCH_LISTS_READ)
    match_list = list_of(session, list_id)
    config = MatchConfig.from_dict(match_list.config)
    snapshot = catalogue.at_version(session, match_list.index_version, config)
    rows = [
        LeftOutRow(row.reason, row.entrepreneur_id, row.exporter_id)
        for row in repository.exclusions(session, list_id)
    ]
    excluded = excluded_pairs(rows)
    pairs = find_pairs(snapshot, match_list.k, match_list.participants, excluded)
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
