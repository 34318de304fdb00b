"""Review of match lists: what organisers decide about their pairs."""

from typing import NamedTuple
from uuid import UUID

from service.accounts.operations import require
from service.accounts.schemas import SYSTEM, Permission, Principal
from service.catalogue.operations import Catalogue
from service.forums import rulings
from service.forums.pair_schemas import ExclusionCreate, ExclusionReason, PairNote, PinReason
from service.forums.planning import ForumSetUp, set_up_of
from service.match_lists import repository
from service.match_lists.models import MatchList, MatchListEntry
from service.match_lists.reading import explain, list_of, pair_names, read_of
from service.match_lists.schemas import RULES, ListState, MatchListRead, PairDecision, PairStep, Standing
from service.platform import audit
from service.platform.database import Session
from service.platform.i18n import message
from service.platform.problems import Conflict, FieldError, InvalidInput
from service.profiles.vocabulary import Kind

# What an organiser can lift by an override.
_LASTING = {ExclusionReason.SAID_NO, ExclusionReason.HAS_MET}
_CHANGED_MEANWHILE = message(
    "Somebody else changed this in the meantime. Open it again and repeat your change."
)


class _Review(NamedTuple):
    """A decision, with what it is made on."""

    session: Session
    principal: Principal
    match_list: MatchList
    wanted: PairDecision

    @property
    def pair(self) -> tuple[UUID, UUID]:
        return self.wanted.entrepreneur_id, self.wanted.exporter_id

    @property
    def note(self) -> PairNote:
        one, other = self.pair
        return PairNote(entrepreneur_id=one, exporter_id=other, note=self.wanted.note)


def decide(
    session: Session, catalogue: Catalogue, principal: Principal, list_id: UUID, wanted: PairDecision
) -> MatchListRead:
    """Add, remove, pin, unpin or ban a pair of a list that is not published; the reason is kept.

    A list that was reviewed is a draft again. Pins and bans hold for later lists as well.

    Raises NotAllowed, NotFound, InvalidInput for somebody who takes no part, Conflict when somebody else
    changed the list or the decision does not fit what is already decided.
    """
    require(principal, Permission.MATCH_LISTS_WRITE)
    match_list = open_list(session, list_id, wanted.revision)
    strangers = [
        FieldError((f"{kind.value}_id",), "not_taking_part", RULES["not_taking_part"])
        for kind, one in zip(Kind, (wanted.entrepreneur_id, wanted.exporter_id), strict=True)
        if str(one) not in match_list.participants[kind.value]
    ]
    if strangers:
        raise InvalidInput(strangers)
    review = _Review(session, principal, match_list, wanted)
    entry = repository.entry(session, list_id, *review.pair)
    match wanted.step:
        case PairStep.ADD:
            entry = _take_up(review, catalogue, entry, Standing.ADDED)
        case PairStep.PIN:
            entry = _take_up(review, catalogue, entry, Standing.PINNED)
            if not _pinned(review):
                rulings.pin_pair(session, principal, match_list.forum_id, review.note)
        case PairStep.REMOVE:
            _remove(entry)
        case PairStep.UNPIN:
            _unpin(review, entry)
        case _:
            _ban(review, entry)
    if entry is not None:
        entry.note, entry.decided_by = wanted.note, principal.actor
    match_list.state = ListState.DRAFT.value
    note_step(session, principal, match_list, f"pair_{wanted.step}", review.pair)
    return read_of(session, [match_list])[0]


def open_list(session: Session, list_id: UUID, revision: int | None) -> MatchList:
    """Lock a list that may still be changed, if nobody changed it since it was read.

    Raises NotFound, Conflict.
    """
    match_list = list_of(session, list_id, lock=True)
    if match_list.state == ListState.PUBLISHED.value:
        raise Conflict(message("This list is published and stays as it is. Generate a new one to change it."))
    if match_list.state == ListState.SUPERSEDED.value:
        raise Conflict(message("There is a newer list of this forum: work on that one."))
    if revision is not None and revision != match_list.revision:
        raise Conflict(_CHANGED_MEANWHILE)
    return match_list


def note_step(
    session: Session,
    principal: Principal,
    match_list: MatchList,
    step: str,
    pair: tuple[UUID, UUID] | None = None,
) -> None:
    """Count a change of a list, and note who made it."""
    match_list.revision += 1
    ids = dict(zip((kind.value for kind in Kind), map(str, pair or ()), strict=False))
    audit.record(session, principal.actor, f"match_list.{step}", "match_list", match_list.id, **ids)
    session.flush()


def _take_up(
    review: _Review, catalogue: Catalogue, entry: MatchListEntry | None, standing: Standing
) -> MatchListEntry:
    session, match_list = review.session, review.match_list
    if entry is not None and entry.chosen:
        if entry.standing == Standing.PINNED.value:
            raise Conflict(message("This pair is pinned already."))
        if standing is Standing.ADDED:
            raise Conflict(message("This pair is on the list already."))
    set_up = set_up_of(session, match_list.forum_id)
    _check_rules(review, set_up, standing)
    _check_room(review, set_up)
    if entry is None or not entry.explanation:
        explained = explain(session, catalogue, match_list, review.pair)
        if entry is None:
            entry = MatchListEntry(
                match_list_id=match_list.id,
                entrepreneur_id=review.wanted.entrepreneur_id,
                exporter_id=review.wanted.exporter_id,
                score=min(explained.score, 1.0),
            )
            session.add(entry)
        entry.explanation = explained.to_dict()
    entry.chosen, entry.standing = True, standing.value
    return entry


def _check_rules(review: _Review, set_up: ForumSetUp, standing: Standing) -> None:
    session, forum_id = review.session, review.match_list.forum_id
    reason = rulings.ruled_out(session, forum_id).get(review.pair)
    if reason in _LASTING and review.wanted.override:
        rulings.override(session, review.principal, forum_id, review.note)
    elif reason in _LASTING:
        raise Conflict(
            message(
                "This pair is ruled out: {reason}. It can be proposed all the same if you say so and why.",
                reason=RULES[reason],
            )
        )
    elif reason is not None:
        raise Conflict(message("The organiser ruled this pair out: allow it again on the forum's page."))
    if repository.is_excluded(session, review.match_list.id, review.pair, "same_owner"):
        raise Conflict(message("This pair is ruled out: {reason}.", reason=RULES["same_owner"]))
    one, other = review.pair
    if standing is Standing.ADDED and any(one in left and other in right for left, right in set_up.apart):
        raise Conflict(
            message("A rule of the forum keeps these two apart. Pin the pair to make an exception.")
        )


def _check_room(review: _Review, set_up: ForumSetUp) -> None:
    counted = repository.meetings_of(review.session, review.match_list.id, review.pair)
    for place, (kind, meetings) in enumerate(zip(Kind, counted, strict=True)):
        limits = set_up.limits[kind].get(review.pair[place])
        if limits is None:
            raise Conflict(message("One of them does not take part in the forum any more."))
        if meetings >= limits[1]:
            name = pair_names(review.session, *review.pair)[place].name
            raise Conflict(
                message(
                    "{name} has {count} meetings, as many as it may have. Take one off first, or raise its "
                    "limit.",
                    name=name,
                    count=meetings,
                )
            )


def _remove(entry: MatchListEntry | None) -> None:
    if entry is None or not entry.chosen:
        raise Conflict(message("This pair is not proposed."))
    if entry.standing == Standing.PINNED.value:
        raise Conflict(message("This pair is pinned: loosen it first."))
    entry.chosen, entry.standing = False, Standing.REMOVED.value


def _unpin(review: _Review, entry: MatchListEntry | None) -> None:
    if not _can_loosen(review):
        raise Conflict(message("This pair is not pinned."))
    rulings.unpin_pair(review.session, review.principal, review.match_list.forum_id, review.pair)
    if entry is not None and entry.standing == Standing.PINNED.value:
        entry.standing = Standing.ADDED.value


def _ban(review: _Review, entry: MatchListEntry | None) -> None:
    session, principal, forum_id = review.session, review.principal, review.match_list.forum_id
    if _can_loosen(review):
        rulings.unpin_pair(session, principal, forum_id, review.pair)
    if review.pair not in rulings.ruled_out(session, forum_id):
        rulings.exclude_pair(
            session, principal, forum_id, ExclusionCreate.model_validate(review.note.model_dump())
        )
    if entry is not None:
        entry.chosen, entry.standing = False, Standing.REMOVED.value


def _pinned(review: _Review) -> PinReason | None:
    pins = rulings.pins(review.session, SYSTEM, review.match_list.forum_id)
    reasons = [pin.reason for pin in pins if (pin.entrepreneur_id, pin.exporter_id) == review.pair]
    return next(iter(reasons), None)


def _can_loosen(review: _Review) -> bool:
    reason = _pinned(review)
    if reason is PinReason.ACCEPTED:
        raise Conflict(message("Both said yes to this meeting: take their proposal back first."))
    return reason is not None
