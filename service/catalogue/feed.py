"""Indexes from the change feed: a function of the feed, a version, the configuration and the statistics.

Reading the feed and making an index of what was read are two steps, so that no transaction stays open while
a large index is made.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from matching import MatchConfig, Profile, ProfileChange
from service.changes import operations as changes
from service.platform.database import Session
from service.profiles.vocabulary import Kind

if TYPE_CHECKING:
    from matching import PartnerIndex
    from matching.vectorizer import ProfileVectorizer

Making = Callable[[], "PartnerIndex"]
KINDS = tuple(kind.value for kind in Kind)


def read_all(
    session: Session, version: int, config: MatchConfig, statistics: "ProfileVectorizer | None" = None
) -> Making:
    """Read the profiles of a version; what is given back makes their index.

    It has statistics of its own where none are given.
    """
    profiles: dict[str, list[Profile]] = {kind: [] for kind in KINDS}
    for change in changes.state_at(session, version, KINDS):
        assert change.document is not None
        profiles[change.subject_kind].append(Profile.from_document(change.document))

    def make() -> "PartnerIndex":
        # Imported with the first index: it loads scikit-learn, which a command such as `migrate` can do
        # without.
        from matching import PartnerIndex  # noqa: PLC0415 - the comment above

        return PartnerIndex.build(
            profiles[Kind.ENTREPRENEUR], profiles[Kind.EXPORTER], config, statistics=statistics
        )

    return make


def read_since(session: Session, version: int) -> list[ProfileChange]:
    """Read what the feed has after a version."""
    return [_change(change) for change in changes.since(session, version, KINDS)]


def caught_up(index: "PartnerIndex", fresh: Iterable[ProfileChange], *, renew: bool) -> "PartnerIndex":
    """Apply changes; `renew` tells whether to learn new statistics then. Merging is left to be done aside."""
    listed = list(fresh)
    return index.apply(listed, renew=renew, tidy=False) if listed else index


def _change(change: changes.ChangeRead) -> ProfileChange:
    return ProfileChange(
        id=str(change.subject_id),
        side="entrepreneur" if change.subject_kind == Kind.ENTREPRENEUR else "exporter",
        profile=None if change.document is None else Profile.from_document(change.document),
    )
