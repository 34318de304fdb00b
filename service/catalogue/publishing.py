"""New statistics: learned aside when those in force have drifted, then put in force for everybody."""

import logging
import shutil
from pathlib import Path

from matching import MATCHER_VERSION, MatchConfig
from service.catalogue import repository
from service.catalogue.feed import KINDS, read_all
from service.catalogue.models import IndexVersion
from service.catalogue.operations import folder_of
from service.changes import operations as changes
from service.platform import clock
from service.platform.database import Database, Session

JOB = "index"
JOB_AFTER_WITHDRAWAL = "index_anew"

log = logging.getLogger(__name__)


def is_due(session: Session) -> bool:
    """Tell whether the statistics of the usual configuration are missing or have drifted.

    Below `SMALL` profiles every version has statistics of its own; from there on they are published, and
    learned anew when more than `MOST_DRIFT` as many profiles have changed as they were learned from.
    """
    from matching.index import MOST_DRIFT, SMALL  # noqa: PLC0415 - it loads scikit-learn

    digest = MatchConfig().digest()
    learned = repository.in_force(session, digest, changes.current_version(session))
    changed = changes.count_subjects(session, learned or 0, KINDS)
    if learned is None:
        return changed >= SMALL
    row = repository.published(session, digest, learned)
    assert row is not None
    return changed > MOST_DRIFT * row.n_profiles


def publish(database: Database, folder: Path, *, anew: bool = False) -> bool:
    """Learn new statistics when they are due, save their index, and put them in force.

    With `anew`, those that are in force are replaced though they have not drifted: somebody withdrew, whose
    words stand in the saved index.

    A folder that cannot be written is told in the log: processes then build the index from the feed.
    """
    from matching.storage import statistics_to_bytes  # noqa: PLC0415 - it loads scikit-learn

    config = MatchConfig()
    digest = config.digest()
    with database.read() as session:
        replaced = anew and repository.in_force(session, digest, changes.current_version(session)) is not None
        if not (replaced or is_due(session)):
            return False
        version = changes.current_version(session)
        make = read_all(session, version, config)
    index = make()
    try:
        index.save(folder_of(folder, digest, version))
    except OSError as error:
        log.warning("the index cannot be saved, every process builds it from the feed: %s", error)
    with database.write() as session:
        if repository.published(session, digest, version) is None:
            session.add(
                IndexVersion(
                    config_digest=digest,
                    matcher_version=MATCHER_VERSION,
                    statistics_version=version,
                    n_profiles=len(index),
                    statistics=statistics_to_bytes(index.statistics),
                    published_at=clock.now(),
                )
            )
    _forget_others(folder, folder_of(folder, digest, version))
    return True


def _forget_others(folder: Path, newest: Path) -> None:
    """Delete the files of earlier statistics; who has them mapped keeps them until it swaps."""
    for old in folder.iterdir() if folder.is_dir() else ():
        if old != newest:
            shutil.rmtree(old, ignore_errors=True)
