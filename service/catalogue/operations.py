"""The published partner index: immutable snapshots, each fresh at the moment it is asked for."""

import logging
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from matching import MATCHER_VERSION, MatchConfig
from service.catalogue import repository
from service.catalogue.feed import built, caught_up
from service.changes import operations as changes
from service.platform.database import Database, Session

if TYPE_CHECKING:
    from matching import PartnerIndex

_KEPT_OLD_INDEXES = 4

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Snapshot:
    """An index, the version of the change feed that it stands at, and that of its statistics.

    `workers` says who ranks all pairs, as `PartnerIndex.pairs` takes it; `has_own_statistics` tells that none
    were published.
    """

    version: int
    statistics_version: int
    index: "PartnerIndex"
    workers: str
    has_own_statistics: bool


class Catalogue:
    """Holds the indexes of one process; each is a function of the feed, the statistics and the configuration.

    Which statistics are in force stands in the database, so that all processes give the same scores. Where
    none are published every version has its own. With a folder, indexes are mapped from files there; with a
    database, what has to be built for new statistics is built aside, and requests go on with the old ones.
    """

    def __init__(
        self, *, folder: Path | None = None, database: Database | None = None, workers: str = "threads"
    ) -> None:
        self._folder = folder
        self._database = database
        self._workers = workers
        self._building = threading.Lock()
        self._latest: dict[str, Snapshot] = {}
        self._old: OrderedDict[tuple[int, int, str], Snapshot] = OrderedDict()
        self._aside: threading.Thread | None = None
        self._prepared: Snapshot | None = None

    def current(self, session: Session, config: MatchConfig | None = None) -> Snapshot:
        """Give an index that has every change visible to the session: its own writes included."""
        wanted = config or MatchConfig()
        digest = wanted.digest()
        version = changes.current_version(session)
        with self._building:
            in_force = repository.in_force(session, digest, version)
            known = self._caught_up(session, self._latest.get(digest), in_force, version)
            if known is None:
                known = self._begun(session, in_force, version, wanted)
            if digest == MatchConfig().digest():
                self._latest[digest] = known
            return known

    def _caught_up(
        self, session: Session, known: Snapshot | None, in_force: int | None, version: int
    ) -> Snapshot | None:
        """Bring what this process has up to a version; None where it has nothing for these statistics."""
        if known is None or known.version > version:
            return known
        # Nobody goes back: a session may be older than what was published since.
        if in_force is not None and (known.has_own_statistics or in_force > known.statistics_version):
            replaced = self._replacement(known, in_force)
            if replaced is None:
                return None
            known = replaced
        if known.version >= version:
            return known
        own = known.has_own_statistics
        index = caught_up(session, known.index, known.version, renew=own)
        return Snapshot(version, version if own else known.statistics_version, index, self._workers, own)

    def _replacement(self, known: Snapshot, in_force: int) -> Snapshot | None:
        """Give an index with the statistics in force; the old one while that is being built aside."""
        ready = self._prepared
        if ready is not None and ready.statistics_version == in_force:
            self._prepared = None
            return ready
        mapped = self._mapped(known.index.config, in_force)
        if mapped is not None or self._database is None:
            return mapped
        if self._aside is None or not self._aside.is_alive():
            self._aside = threading.Thread(
                target=self._prepare,
                args=(self._database, in_force, known.index.config),
                name="index",
                daemon=True,
            )
            self._aside.start()
        return known

    def _prepare(self, database: Database, in_force: int, config: MatchConfig) -> None:
        with database.read() as session:
            self._prepared = self._begun(session, in_force, changes.current_version(session), config)

    def _begun(self, session: Session, in_force: int | None, version: int, config: MatchConfig) -> Snapshot:
        """Begin with the files of the statistics in force, or with the feed."""
        if in_force is None:
            return Snapshot(version, version, built(session, version, config), self._workers, True)
        mapped = self._mapped(config, in_force)
        if mapped is not None:
            index = caught_up(session, mapped.index, mapped.version, renew=False)
            return Snapshot(version, in_force, index, self._workers, False)
        return self._of(session, version, in_force, config)

    def _mapped(self, config: MatchConfig, in_force: int) -> Snapshot | None:
        """Map the index that was saved with its statistics; None, and why in the log, where it is no use."""
        from matching import PartnerIndex  # noqa: PLC0415 - loaded with the first index
        from matching.storage import UnusableIndexError  # noqa: PLC0415 - the same

        if self._folder is None:
            return None
        try:
            index = PartnerIndex.load(folder_of(self._folder, config.digest(), in_force))
        except UnusableIndexError as error:
            log.warning("the saved index is not used, it is built from the feed: %s", error)
            return None
        return Snapshot(in_force, in_force, index, self._workers, False)

    def _of(self, session: Session, version: int, statistics_version: int, config: MatchConfig) -> Snapshot:
        from matching.storage import statistics_from_bytes  # noqa: PLC0415 - loaded with the first index

        row = repository.published(session, config.digest(), statistics_version)
        statistics = statistics_from_bytes(row.statistics, config) if row is not None else None
        index = built(session, version, config, statistics)
        learned = statistics_version if row is not None else version
        return Snapshot(version, learned, index, self._workers, row is None)

    def at_version(
        self, session: Session, version: int, config: MatchConfig, statistics_version: int | None = None
    ) -> Snapshot:
        """Rebuild the index of an earlier version from the feed, with the statistics that were in force.

        Without a version of these the index has its own, as those of the time before they were kept.
        """
        learned = version if statistics_version is None else statistics_version
        digest = config.digest()
        with self._building:
            latest = self._latest.get(digest)
            if latest is not None and (latest.version, latest.statistics_version) == (version, learned):
                return latest
            key = (version, learned, digest)
            if key not in self._old:
                self._old[key] = self._of(session, version, learned, config)
                while len(self._old) > _KEPT_OLD_INDEXES:
                    self._old.popitem(last=False)
            return self._old[key]


def folder_of(folder: Path, config_digest: str, statistics_version: int) -> Path:
    """Tell where the index of published statistics is kept."""
    return folder / f"{config_digest[:16]}-{MATCHER_VERSION}-{statistics_version}"
