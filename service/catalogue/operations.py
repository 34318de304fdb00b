"""The published partner index: immutable snapshots, each fresh at the moment it is asked for."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matching import MatchConfig, Profile, ProfileChange
from service.changes import operations as changes
from service.platform.database import Session
from service.profiles.vocabulary import Kind

if TYPE_CHECKING:
    from matching import PartnerIndex

_KINDS = tuple(kind.value for kind in Kind)
_KEPT_OLD_INDEXES = 4


@dataclass(frozen=True)
class Snapshot:
    """An index and the version of the change feed that it stands at."""

    version: int
    index: "PartnerIndex"


class Catalogue:
    """Holds the indexes of one process; each version is a function of the feed and the configuration."""

    def __init__(self) -> None:
        self._building = threading.Lock()
        self._latest: dict[str, Snapshot] = {}
        self._old: OrderedDict[tuple[int, str], Snapshot] = OrderedDict()

    def current(self, session: Session, config: MatchConfig | None = None) -> Snapshot:
        """Give an index that has every change visible to the session: its own writes included."""
        wanted = config or MatchConfig()
        digest = wanted.digest()
        version = changes.current_version(session)
        with self._building:
            known = self._latest.get(digest)
            if known is None:
                known = Snapshot(version, _built(session, version, wanted))
            elif known.version < version:
                fresh = list(map(_change, changes.since(session, known.version, _KINDS)))
                known = Snapshot(version, known.index.apply(fresh) if fresh else known.index)
            if config is None or digest == MatchConfig().digest():
                self._latest[digest] = known
            return known

    def at_version(self, session: Session, version: int, config: MatchConfig) -> Snapshot:
        """Rebuild the index of an earlier version from the feed."""
        key = (version, config.digest())
        with self._building:
            latest = self._latest.get(key[1])
            if latest is not None and latest.version == version:
                return latest
            if key not in self._old:
                self._old[key] = Snapshot(version, _built(session, version, config))
                while len(self._old) > _KEPT_OLD_INDEXES:
                    self._old.popitem(last=False)
            return self._old[key]


def _built(session: Session, version: int, config: MatchConfig) -> "PartnerIndex":
    # Imported with the first index: it loads scikit-learn, which a command such as `migrate` can do without.
    from matching import PartnerIndex  # noqa: PLC0415 - the comment above

    profiles: dict[str, list[Profile]] = {kind: [] for kind in _KINDS}
    for change in changes.state_at(session, version, _KINDS):
        assert change.document is not None
        profiles[change.subject_kind].append(Profile.from_document(change.document))
    return PartnerIndex.build(profiles[Kind.ENTREPRENEUR], profiles[Kind.EXPORTER], config)


def _change(change: changes.ChangeRead) -> ProfileChange:
    return ProfileChange(
        id=str(change.subject_id),
        side="entrepreneur" if change.subject_kind == Kind.ENTREPRENEUR else "exporter",
        profile=None if change.document is None else Profile.from_document(change.document),
    )
