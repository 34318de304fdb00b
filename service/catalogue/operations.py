"""The published partner index: immutable snapshots, each fresh at the moment it is asked for."""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from matching import MATCHER_VERSION, MatchConfig
from service.catalogue import repository
from service.catalogue.aside import Aside
from service.catalogue.errors import IndexIsBeingMade
from service.catalogue.feed import KINDS, caught_up, read_all, read_since
from service.changes import operations as changes
from service.platform.database import Database, Session

if TYPE_CHECKING:
    from concurrent.futures import Future

    from matching import PartnerIndex

_KEPT_OLD_INDEXES = 4
# What reads more profiles than this is done aside.
MOST_IN_A_REQUEST = 500
# So long a request waits for what is done aside, before it asks its caller to come again.
PATIENCE = 5.0

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

    @property
    def standing(self) -> tuple[bool, int]:
        """What another has to reach to take its place: published statistics, the newest ones."""
        return not self.has_own_statistics, self.statistics_version


class _Past(NamedTuple):
    """What an index of an earlier version is a function of."""

    version: int
    learned: int
    config_digest: str
    gone: int
    """How many changes up to the version have no document: more when somebody was erased since."""


# What is read from the database gives back what makes a snapshot of it without one.
_Reading = Callable[[Session], Callable[[], Snapshot]]


class Catalogue:
    """Holds the indexes of one process; each is a function of the feed, the statistics and the configuration.

    Which statistics are in force stands in the database, so that all processes give the same scores. Where
    none are published every version has its own. With a folder, indexes are mapped from files there. With a
    database, what takes long is done aside: requests go on with the old statistics while an index with new
    ones is made, and wait for a first index no longer than they may.
    """

    def __init__(
        self,
        *,
        folder: Path | None = None,
        database: Database | None = None,
        workers: str = "threads",
        patience: float = PATIENCE,
    ) -> None:
        self._folder = folder
        self._database = database
        self._workers = workers
        self._patience = patience
        self._lock = threading.Lock()
        self._latest: Snapshot | None = None
        self._old: OrderedDict[_Past, Snapshot] = OrderedDict()
        self._aside: Aside[Snapshot] = Aside()

    def current(self, session: Session, config: MatchConfig | None = None) -> Snapshot:
        """Give an index that has every change visible to the session: its own writes included.

        Raises IndexIsBeingMade.
        """
        version = changes.current_version(session)
        if config is not None and config.digest() != MatchConfig().digest():
            return self.at_version(session, version, config, _published(session, config, version))
        return self._awaited(partial(self._found, session, version))

    def begin(self) -> None:
        """Begin aside what the first request would wait for."""
        assert self._database is not None
        with self._database.read() as session:
            version = changes.current_version(session)
            if changes.count_subjects(session, 0, KINDS) > MOST_IN_A_REQUEST:
                with self._lock:
                    self._found(session, version)

    def _awaited(self, find: Callable[[], "Snapshot | Future[Snapshot]"]) -> Snapshot:
        """Look for a snapshot, and again when what was being made is there."""
        until = time.monotonic() + self._patience
        while True:
            with self._turn(until):
                found = find()
            if isinstance(found, Snapshot):
                return found
            try:
                found.result(until - time.monotonic())
            except TimeoutError:
                raise IndexIsBeingMade from None

    @contextmanager
    def _turn(self, until: float) -> Iterator[None]:
        if not self._lock.acquire(timeout=max(until - time.monotonic(), 0)):
            raise IndexIsBeingMade
        try:
            yield
        finally:
            self._lock.release()

    def _found(self, session: Session, version: int) -> "Snapshot | Future[Snapshot]":
        """Give the index of a version, or what makes it."""
        config = MatchConfig()
        in_force = _published(session, config, version)
        known = self._latest
        if known is None:
            return self._made(
                session,
                ("first", in_force),
                partial(self._begun, in_force, config),
                lambda: changes.count_subjects(session, 0, KINDS),
            )
        # Nobody goes back: a session may be older than what was published since.
        if known.version > version:
            return known
        if in_force is not None and (known.has_own_statistics or in_force > known.statistics_version):
            new = self._made(session, ("new", in_force), partial(self._begun, in_force, config), None)
            # Until it is there the old one goes on, where that takes less than making it.
            if isinstance(new, Snapshot):
                known = new
            elif known.has_own_statistics and len(known.index) > MOST_IN_A_REQUEST:
                return known if known.version >= version else new
        if known.version >= version:
            return known
        return self._made(
            session,
            ("next", known.statistics_version),
            partial(self._next, known),
            lambda: (
                len(known.index)
                if known.has_own_statistics
                else changes.count_subjects(session, known.version, KINDS)
            ),
        )

    def _made(
        self, session: Session, key: Hashable, read: _Reading, effort: Callable[[], int] | None
    ) -> "Snapshot | Future[Snapshot]":
        """Make a snapshot here where it takes little, else aside; without an effort, always aside."""
        if self._database is None or (effort is not None and effort() <= MOST_IN_A_REQUEST):
            made = read(session)()
            self._keep(made)
            return made
        return self._aside.start(key, partial(self._made_aside, self._database, read))

    def _made_aside(self, database: Database, read: _Reading) -> Snapshot:
        with database.read() as session:
            make = read(session)
        made = make()
        with self._lock:
            self._keep(made)
        return made

    def _keep(self, made: Snapshot) -> None:
        """Let a snapshot be the latest, unless its statistics were replaced meanwhile."""
        if self._latest is None or made.standing >= self._latest.standing:
            self._latest = made
            if made.index.is_worn and self._database is not None:
                self._aside.start(("merge", made.statistics_version), partial(self._merged, made))

    def _merged(self, worn: Snapshot) -> Snapshot:
        # It may be some changes behind when it is there: whoever asks next applies them again.
        made = replace(worn, index=worn.index.merged())
        with self._lock:
            self._keep(made)
        return made

    def _next(self, known: Snapshot, session: Session) -> Callable[[], Snapshot]:
        version, fresh = changes.current_version(session), read_since(session, known.version)
        own = known.has_own_statistics

        def make() -> Snapshot:
            index = caught_up(known.index, fresh, renew=own)
            return Snapshot(version, version if own else known.statistics_version, index, self._workers, own)

        return make

    def _begun(self, in_force: int | None, config: MatchConfig, session: Session) -> Callable[[], Snapshot]:
        """Begin with the files of the statistics in force, or with the feed."""
        version = changes.current_version(session)
        mapped = None if in_force is None else self._mapped(config, in_force)
        if mapped is not None:
            return self._next(mapped, session)
        return self._read(session, version, version if in_force is None else in_force, config)

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

    def _read(
        self, session: Session, version: int, statistics_version: int, config: MatchConfig
    ) -> Callable[[], Snapshot]:
        row = repository.published(session, config.digest(), statistics_version)
        given = row.statistics if row is not None else None
        statistics = None
        if given is not None:
            from matching.storage import statistics_from_bytes  # noqa: PLC0415 - loaded with the first index

            statistics = statistics_from_bytes(given, config)
        build = read_all(session, version, config, statistics)
        learned = version if given is None else statistics_version
        return lambda: Snapshot(version, learned, build(), self._workers, given is None)

    def at_version(
        self, session: Session, version: int, config: MatchConfig, statistics_version: int | None = None
    ) -> Snapshot:
        """Rebuild the index of an earlier version from the feed, with the statistics that were in force.

        Without a version of these the index has its own, as those of the time before they were kept. Raises
        IndexIsBeingMade.
        """
        learned = version if statistics_version is None else statistics_version
        key = _Past(version, learned, config.digest(), changes.count_gone(session, version))
        return self._awaited(partial(self._earlier, session, key, config))

    def _earlier(self, session: Session, key: _Past, config: MatchConfig) -> "Snapshot | Future[Snapshot]":
        version, learned, digest, _ = key
        latest = self._latest
        # Who withdraws brings the feed further, so that the newest index holds nothing that was erased.
        if (
            latest is not None
            and version == latest.version == changes.current_version(session)
            and (latest.statistics_version, MatchConfig().digest()) == (learned, digest)
        ):
            return latest
        if key in self._old:
            return self._old[key]
        if self._database is None or changes.count_subjects(session, 0, KINDS) <= MOST_IN_A_REQUEST:
            return self._remembered(key, self._read(session, version, learned, config)())
        return self._aside.start(key, partial(self._earlier_aside, self._database, key, config))

    def _earlier_aside(self, database: Database, key: _Past, config: MatchConfig) -> Snapshot:
        with database.read() as session:
            make = self._read(session, key.version, key.learned, config)
        made = make()
        with self._lock:
            return self._remembered(key, made)

    def _remembered(self, key: _Past, made: Snapshot) -> Snapshot:
        for known in [one for one in self._old if one[:3] == key[:3]]:
            del self._old[known]
        self._old[key] = made
        while len(self._old) > _KEPT_OLD_INDEXES:
            self._old.popitem(last=False)
        return made


def _published(session: Session, config: MatchConfig, version: int) -> int | None:
    return repository.in_force(session, config.digest(), version)


def folder_of(folder: Path, config_digest: str, statistics_version: int) -> Path:
    """Tell where the index of published statistics is kept."""
    return folder / f"{config_digest[:16]}-{MATCHER_VERSION}-{statistics_version}"
