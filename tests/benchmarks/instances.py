"""Instances of the forum's two planning steps: read from files, or drawn by a seed.

An allocation is an `.npz` with the arguments of `allocate`. A timetable is a `.json.gz` with `participants`,
`slots`, `meeting_tables`, `meetings` as [participant, participant, language, pinned slot or −1], `available`
as a string of 0 and 1 for each participant, and `interpreters`, the rows of the languages from 1 on.
"""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np

Arguments = dict[str, Any]

# Participants, meetings, slots and meeting tables.
FORUMS = {"small": (60, 200, 12, 20), "medium": (400, 1_600, 16, 100), "large": (2_000, 10_000, 24, 500)}

_TOPICS = 12
_CANDIDATES = 25
_FEWEST, _MOST = 4, 12
_LANGUAGES = (0.6, 0.2, 0.12, 0.08)
_PRESENT, _PINNED = 0.93, 0.02


def allocation(path: Path) -> Arguments:
    with np.load(path) as found:
        return {name: found[name] for name in found.files}


def timetable(path: Path) -> Arguments:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        found = json.load(file)
    meetings = np.array(found["meetings"], dtype=np.int32)
    return {
        "meetings": meetings[:, :2],
        "n_slots": found["slots"],
        "n_tables": found["meeting_tables"],
        "available": np.array([[cell == "1" for cell in row] for row in found["available"]]),
        "language": meetings[:, 2],
        "interpreters": np.array(found["interpreters"]),
        "pinned": meetings[:, 3],
    }


def drawn_allocation(n: int, seed: int) -> Arguments:
    """Draw n participants a side; the pairs are the best candidates of each, by the angle of their topics."""
    random = np.random.default_rng(seed)
    sides = [np.abs(random.normal(size=(n, _TOPICS))).astype(np.float32) for _ in range(2)]
    left, right = (side / np.linalg.norm(side, axis=1, keepdims=True) for side in sides)
    keys = []
    for of, others, left_first in ((left, right, True), (right, left, False)):
        for begin in range(0, n, 1_000):
            rows = np.arange(begin, min(begin + 1_000, n))
            best = np.argpartition(-(of[rows] @ others.T), min(_CANDIDATES, n - 1), axis=1)[:, :_CANDIDATES]
            own = np.repeat(rows, best.shape[1])
            keys.append(own * n + best.ravel() if left_first else best.ravel() * n + own)
    pairs = np.unique(np.concatenate(keys))
    score = (left[pairs // n] * right[pairs % n]).sum(axis=1)
    quotas = random.integers(_FEWEST, _MOST + 1, (2, n))
    return {
        "left": pairs // n,
        "right": pairs % n,
        "score": (10_000 * score).astype(np.int64),
        "max_left": quotas[0],
        "max_right": quotas[1],
        "min_left": np.full(n, _FEWEST),
        "min_right": np.full(n, _FEWEST),
    }


def drawn_timetable(participants: int, n: int, n_slots: int, n_tables: int, seed: int) -> Arguments:
    """Draw a forum of two sides around a timetable that places all meetings, which is then forgotten."""
    random = np.random.default_rng(seed)
    available = random.random((participants, n_slots)) < _PRESENT
    half = participants // 2
    # Some want many meetings and some few.
    wanted = random.uniform(0.4, 1.6, participants)
    had = np.zeros(participants)
    met: set[tuple[int, int]] = set()
    planted: list[tuple[int, int, int]] = []
    for slot in range(n_slots):
        quota = (slot + 1) * n // n_slots - slot * n // n_slots
        urgency = (had + random.random(participants)) / wanted + 1e9 * ~available[:, slot]
        hosts = (half + np.argsort(urgency[half:])[:quota]).tolist()
        for left in np.argsort(urgency[:half])[:quota].tolist():
            right = next((host for host in hosts if (left, host) not in met), None)
            if right is None or not (available[left, slot] and available[right, slot]):
                continue
            hosts.remove(right)
            met.add((left, right))
            had[[left, right]] += 1
            planted.append((left, right, slot))
    meetings = np.array(planted, dtype=np.int32)[random.permutation(len(planted))]
    language = random.choice(len(_LANGUAGES), len(meetings), p=_LANGUAGES)
    spoken = np.zeros((len(_LANGUAGES), n_slots), dtype=np.int32)
    np.add.at(spoken, (language, meetings[:, 2]), 1)
    return {
        "meetings": meetings[:, :2],
        "n_slots": n_slots,
        "n_tables": n_tables,
        "available": available,
        "language": language,
        "interpreters": np.repeat(spoken[1:].max(axis=1, keepdims=True), n_slots, axis=1),
        "pinned": np.where(random.random(len(meetings)) < _PINNED, meetings[:, 2], -1),
    }
