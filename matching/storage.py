"""An index as files that are mapped into memory, and its statistics as bytes."""

import json
import shutil
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import numpy as np
import numpy.typing as npt

from matching import MATCHER_VERSION
from matching.blobs import Texts
from matching.candidates import Candidates
from matching.postings import Postings
from matching.rows import Side
from matching.segments import Segment, Shelf
from matching.types import MatchConfig
from matching.vectorizer import Direction, NewTerms, ProfileVectorizer

Arrays = Mapping[str, npt.NDArray[Any]]
_FORMAT = 3
_MANIFEST = "index.json"


class UnusableIndexError(ValueError):
    """Files that are no index, or one of another version; build it from the profiles instead."""


def statistics_to_bytes(statistics: ProfileVectorizer) -> bytes:
    """Give what was learned from profiles as bytes, the same for the same profiles."""
    held = BytesIO()
    np.savez_compressed(held, allow_pickle=False, **_of_statistics(statistics))
    return held.getvalue()


def statistics_from_bytes(given: bytes, config: MatchConfig) -> ProfileVectorizer:
    """Take over statistics that `statistics_to_bytes` gave for a configuration."""
    with np.load(BytesIO(given)) as arrays:
        return _statistics(arrays, config)


def _of_statistics(statistics: ProfileVectorizer) -> dict[str, npt.NDArray[Any]]:
    arrays: dict[str, npt.NDArray[Any]] = {"n_profiles": np.array([statistics.n_profiles])}
    for field, parts in statistics.learned().items():
        for number, weights in enumerate(parts):
            name = f"{field}-{number}"
            terms = Texts.of(weights.terms_.tolist())
            arrays |= {
                f"{name}-ends": terms.ends,
                f"{name}-letters": terms.letters,
                f"{name}-idf": weights.idf_,
            }
            arrays[f"{name}-single"] = np.array([weights.idf_of_new_, weights.mean_length_])
    return arrays


def _statistics(arrays: Arrays, config: MatchConfig) -> ProfileVectorizer:
    statistics = ProfileVectorizer(config)
    learned = statistics.weighers()
    for field, weighers in learned.items():
        for number, weights in enumerate(weighers):
            name = f"{field}-{number}"
            terms = Texts(arrays[f"{name}-ends"], arrays[f"{name}-letters"]).all()
            weights.terms_ = np.array(terms, dtype=object)
            weights.idf_ = np.asarray(arrays[f"{name}-idf"])
            weights.idf_of_new_, weights.mean_length_ = arrays[f"{name}-single"].tolist()
    return statistics.know(learned, int(arrays["n_profiles"][0]))


class Parts(NamedTuple):
    """What an index is made of.

    Attributes
    ----------
    statistics : ProfileVectorizer
    new_terms : mapping of (direction, field, term) to int
    shelves : mapping of side to Shelf
    changed : frozenset of str
    """

    statistics: ProfileVectorizer
    new_terms: NewTerms
    shelves: Mapping[Side, Shelf]
    changed: frozenset[str]


def save(index: Parts, folder: Path) -> None:
    """Write an index whose shelves are merged; what stood in the folder is replaced as a whole.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    new = [json.dumps(one) for one in index.new_terms]
    arrays = _of_statistics(index.statistics)
    arrays |= _of_texts("new_terms", new) | _of_texts("changed", sorted(index.changed))
    shapes = {}
    for side, shelf in index.shelves.items():
        held = shelf.base
        for name, texts in (("ids", held.ids), ("documents", held.documents)):
            arrays |= {f"{side}-{name}-ends": texts.ends, f"{side}-{name}-letters": texts.letters}
        arrays[f"{side}-says"] = held.says
        arrays |= {f"{side}-{name}": array for name, array in held.candidates.postings._asdict().items()}
        shapes[side] = [held.candidates.n_terms, held.candidates.tile]
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = folder.with_name(f"{folder.name}.{uuid4().hex}")
    try:
        aside.mkdir()
        for name, array in arrays.items():
            np.save(aside / f"{name}.npy", array, allow_pickle=False)
        manifest = {
            "format": _FORMAT,
            "matcher": MATCHER_VERSION,
            "config": index.statistics.config.to_dict(),
            "shapes": shapes,
            "sizes": {name: (aside / f"{name}.npy").stat().st_size for name in arrays},
        }
        (aside / _MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _of_texts(name: str, texts: Iterable[str]) -> dict[str, npt.NDArray[Any]]:
    held = Texts.of(texts)
    return {f"{name}-ends": held.ends, f"{name}-letters": held.letters}


def load(folder: Path) -> Parts:
    """Map what `save` wrote; rows and documents are read from the disk when they are needed.

    Raises
    ------
    UnusableIndexError
        If there is none, a file is missing or cut off, or it is of another version.
    """
    try:
        return _read(folder)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnusableIndexError(f"{folder} holds no index: {error}") from error


def _read(folder: Path) -> Parts:
    manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
    versions = [manifest["format"], manifest["matcher"]]
    if versions != [_FORMAT, MATCHER_VERSION]:
        raise ValueError(f"it is of version {versions}, not {[_FORMAT, MATCHER_VERSION]}")
    arrays = {name: _mapped(folder / f"{name}.npy", size) for name, size in manifest["sizes"].items()}
    statistics = _statistics(arrays, MatchConfig.from_dict(manifest["config"]))
    shelves: dict[Side, Shelf] = {
        side: _shelf(arrays, side, *shape) for side, shape in manifest["shapes"].items()
    }
    new_terms: dict[tuple[Direction, str, str], int] = {}
    for number, coded in enumerate(_texts(arrays, "new_terms").all()):
        direction, field, term = json.loads(coded)
        new_terms[direction, field, term] = statistics.n_columns + number
    return Parts(statistics, new_terms, shelves, frozenset(_texts(arrays, "changed").all()))


def _mapped(path: Path, size: int) -> npt.NDArray[Any]:
    if path.stat().st_size != size:
        raise ValueError(f"{path.name} has {path.stat().st_size} bytes instead of {size}")
    # Pages are private to the process: compiled code knows one kind of array, which may be written to.
    mapped: npt.NDArray[Any] = np.load(path, mmap_mode="c")
    return np.asarray(mapped)


def _texts(arrays: Arrays, name: str) -> Texts:
    return Texts(arrays[f"{name}-ends"], arrays[f"{name}-letters"])


def _shelf(arrays: Arrays, side: str, n_terms: int, tile: int) -> Shelf:
    postings = Postings(*(arrays[f"{side}-{name}"] for name in Postings._fields))
    return Shelf.of(
        Segment(
            _texts(arrays, f"{side}-ids"),
            _texts(arrays, f"{side}-documents"),
            arrays[f"{side}-says"],
            Candidates(n_terms, tile, postings),
        )
    )
