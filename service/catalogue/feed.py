"""Indexes from the change feed: a function of the feed, a version, the configuration and the statistics."""

from typing import TYPE_CHECKING

from matching import MatchConfig, Profile, ProfileChange
from service.changes import operations as changes
from service.platform.database import Session
from service.profiles.vocabulary import Kind

if TYPE_CHECKING:
    from matching import PartnerIndex
    from matching.vectorizer import ProfileVectorizer

KINDS = tuple(kind.value for kind in Kind)


def built(
    session: Session, version: int, config: MatchConfig, statistics: "ProfileVectorizer | None" = None
) -> "PartnerIndex":
    """Build the index of a version from the feed, with statistics of its own where none are given."""
    # Imported with the first index: it loads scikit-learn, which a command such as `migrate` can do without.
    from matching import PartnerIndex  # noqa: PLC0415 - the comment above

    profiles: dict[str, list[Profile]] = {kind: [] for kind in KINDS}
    for change in changes.state_at(session, version, KINDS):
        assert change.document is not None
        profiles[change.subject_kind].append(Profile.from_document(change.document))
    return PartnerIndex.build(
        profiles[Kind.ENTREPRENEUR], profiles[Kind.EXPORTER], config, statistics=statistics
    )


def caught_up(session: Session, index: "PartnerIndex", version: int, *, renew: bool) -> "PartnerIndex":
    """Apply what the feed has after a version; `renew` tells whether to learn new statistics then."""
    fresh = [_change(change) for change in changes.since(session, version, KINDS)]
    return index.apply(fresh, renew=renew) if fresh else index


def _change(change: changes.ChangeRead) -> ProfileChange:
    return ProfileChange(
        id=str(change.subject_id),
        side="entrepreneur" if change.subject_kind == Kind.ENTREPRENEUR else "exporter",
        profile=None if change.document is None else Profile.from_document(change.document),
    )
