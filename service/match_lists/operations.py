"""Decisions about match lists as a whole: generating, reviewing, publishing, making again."""

from typing import Any
from uuid import UUID

from matching import MATCHER_VERSION, MatchConfig
from service.accounts.operations import require
from service.accounts.schemas import SYSTEM, Permission, Principal
from service.catalogue.operations import Catalogue
from service.forums import operations as forums
from service.forums import rulings
from service.match_lists import fairness, reading, repository
from service.match_lists.allocating import choose
from service.match_lists.downloads import Extension, as_file
from service.match_lists.forgetting import without_texts_of_others
from service.match_lists.generating import (
    Draft,
    compute,
    digest_of,
    entries_of,
    excluded_pairs,
    exclusions_of,
    find_pairs,
)
from service.match_lists.models import MatchList, MatchListEntry, MatchListExclusion
from service.match_lists.reading import allocation_of, list_of, read_of
from service.match_lists.reasons import in_words
from service.match_lists.reviewing import note_step, open_list
from service.match_lists.schemas import (
    AllocationKept,
    ListState,
    MatchListCreate,
    MatchListRead,
    ProfileMatch,
    Reproduction,
)
from service.platform import audit, clock
from service.platform.database import Database, Session
from service.platform.http import FileAnswer
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
    # Thousands of explanations take seconds, in which nobody else should have to wait to write.
    entries = entries_of(draft)
    with database.write() as session:
        return store(session, principal, draft, entries)


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


def store(
    session: Session, principal: Principal, draft: Draft, entries: list[dict[str, Any]]
) -> MatchListRead:
    """Store a computed list and the rows of its pairs as the newest draft; unpublished ones are superseded.

    Raises NotAllowed.
    """
    require(principal, Permission.MATCH_LISTS_WRITE)
    # One that is being published stays so: it is waited for, and seen as it is then.
    earlier = repository.of_forum(session, draft.forum_id, lock=True)
    for one in earlier:
        if one.state in {ListState.DRAFT.value, ListState.REVIEWED.value}:
            one.state = ListState.SUPERSEDED.value
    match_list = MatchList(
        forum_id=draft.forum_id,
        number=max((one.number for one in earlier), default=0) + 1,
        k=draft.k,
        matcher_version=MATCHER_VERSION,
        index_version=draft.snapshot.version,
        statistics_version=draft.snapshot.statistics_version,
        config=draft.config.to_dict(),
        config_digest=draft.config.digest(),
        digest=draft.digest,
        participants=draft.participants,
        allocation=draft.allocation.model_dump(mode="json"),
        made_at=clock.now(),
        made_by=principal.actor,
    )
    session.add(match_list)
    session.flush()
    repository.add_rows(session, match_list.id, MatchListEntry, without_texts_of_others(session, entries))
    repository.add_rows(session, match_list.id, MatchListExclusion, exclusions_of(draft))
    audit.record(session, principal.actor, "match_list.generated", "match_list", match_list.id)
    return read_of(session, [match_list])[0]


def mark_reviewed(
    session: Session, principal: Principal, list_id: UUID, *, revision: int | None = None
) -> MatchListRead:
    """Note that a draft was looked through.

    Raises NotAllowed, NotFound, Conflict when it is no draft or somebody else changed it.
    """
    require(principal, Permission.MATCH_LISTS_WRITE)
    match_list = open_list(session, list_id, revision)
    if match_list.state != ListState.DRAFT.value:
        raise Conflict(message("Only a draft can be marked as reviewed."))
    match_list.state = ListState.REVIEWED.value
    note_step(session, principal, match_list, "reviewed")
    return read_of(session, [match_list])[0]


def publish(
    session: Session, principal: Principal, list_id: UUID, *, revision: int | None = None
) -> MatchListRead:
    """Publish a list; what was published before is superseded.

    Who publishes a draft has reviewed it: both steps are noted.

    Raises NotAllowed, NotFound, Conflict when it is not the newest, somebody else changed it, or a chosen
    pair cannot be proposed any more.
    """
    require(principal, Permission.MATCH_LISTS_WRITE)
    match_list = open_list(session, list_id, revision)
    _check_still_possible(session, match_list)
    if match_list.state == ListState.DRAFT.value:
        note_step(session, principal, match_list, "reviewed")
    for one in repository.of_forum(session, match_list.forum_id):
        if one.state == ListState.PUBLISHED.value:
            one.state = ListState.SUPERSEDED.value
    match_list.state = ListState.PUBLISHED.value
    note_step(session, principal, match_list, "published")
    return read_of(session, [match_list])[0]


def _check_still_possible(session: Session, match_list: MatchList) -> None:
    """See to it that what was decided about pairs elsewhere, since the list was made, is kept by it."""
    chosen = {row.pair for row in repository.standings(session, match_list.id) if row.chosen}
    taking_part = [set(forums.participant_ids(session, match_list.forum_id, kind)) for kind in Kind]
    ruled_out = rulings.ruled_out(session, match_list.forum_id).keys()
    gone = {
        pair
        for pair in chosen
        if pair in ruled_out or pair[0] not in taking_part[0] or pair[1] not in taking_part[1]
    }
    if gone:
        raise Conflict(
            message(
                "{count} pairs were ruled out, or have lost a participant, since the list was made. Remove "
                "them, or generate the list again.",
                count=len(gone),
            )
        )
    listed = [set(match_list.participants[kind.value]) for kind in Kind]
    pinned = {
        (pin.entrepreneur_id, pin.exporter_id)
        for pin in rulings.pins(session, SYSTEM, match_list.forum_id)
        if str(pin.entrepreneur_id) in listed[0] and str(pin.exporter_id) in listed[1]
    }
    kept = allocation_of(match_list)
    unkept = [pin.pair for pin in kept.asked.unkept_pins] if kept else []
    missing = pinned - chosen - ruled_out - {(UUID(one), UUID(other)) for one, other in unkept}
    if missing:
        raise Conflict(
            message(
                "{count} pairs were pinned, or said yes to, since the list was made. Generate it again.",
                count=len(missing),
            )
        )


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
        reading.every_entry(session, principal, list_id, language),
        reading.left_out(session, principal, list_id, language),
        fairness.report(session, principal, list_id, language),
        language,
    )


def reproduce(
    session: Session, catalogue: Catalogue, principal: Principal, list_id: UUID, language: str
) -> Reproduction:
    """Make a list again from what it keeps and compare it, as it was generated, to the last digit.

    Raises NotAllowed, NotFound.
    """
    require(principal, Permission.MATCH_LISTS_READ)
    match_list = list_of(session, list_id)
    config = MatchConfig.from_dict(match_list.config)
    snapshot = catalogue.at_version(session, match_list.index_version, config, match_list.statistics_version)
    excluded = excluded_pairs(repository.exclusions(session, list_id))
    kept = allocation_of(match_list)
    participants = match_list.participants
    pairs = find_pairs(snapshot, match_list.k, participants, excluded, kept.asked if kept else None)
    allocated = None
    if kept is not None:
        chosen, places = choose(kept.asked, participants, pairs)
        allocated = (AllocationKept(asked=kept.asked, places=places), chosen)
    asked = (match_list.index_version, config, match_list.k, participants)
    made_again = digest_of(*asked, excluded, pairs, allocated)
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
        sentence = message(
            "Made again, the list differs: a profile of the catalogue was erased since, or the solver that "
            "chooses the pairs is another version."
        )
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
        if UUID(match.partner_id) not in names:
            # The index may have been brought further by others than this snapshot of the database.
            continue
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
