"""Matching of profiles: text and codes in, ranked and explained pairs out.

A pure library: no clock, no hidden randomness, no input or output but for an index that is saved and
loaded or searched on other machines when its caller says so. The names below are stable;
scikit-learn is loaded with the first name that needs it, so that importing the package stays quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matching.allocation import allocate
    from matching.allocation_request import Reserve
    from matching.explanation import (
        Contribution,
        Explanation,
        Understanding,
        concept_name,
        goods_name,
        understand,
    )
    from matching.fairness import AllocationReport, NoMeeting, allocation_report
    from matching.index import PartnerIndex
    from matching.text.vectorizer import TextVectorizer
    from matching.timetable import Obstacle, Timetable, Unplaced, compile_loops, make_timetable
    from matching.topk import TopK, top_k
    from matching.types import Match, MatchConfig, Pair, Profile, ProfileChange, Statement

MATCHER_VERSION = 10
"""Raised with every change after which the same profiles and configuration give other scores."""

_HOMES = {
    "AllocationReport": "matching.fairness",
    "Contribution": "matching.explanation",
    "Explanation": "matching.explanation",
    "Match": "matching.types",
    "MatchConfig": "matching.types",
    "NoMeeting": "matching.fairness",
    "Obstacle": "matching.timetable",
    "Pair": "matching.types",
    "PartnerIndex": "matching.index",
    "Profile": "matching.types",
    "ProfileChange": "matching.types",
    "Reserve": "matching.allocation_request",
    "Statement": "matching.types",
    "TextVectorizer": "matching.text.vectorizer",
    "Timetable": "matching.timetable",
    "TopK": "matching.topk",
    "Understanding": "matching.explanation",
    "Unplaced": "matching.timetable",
    "allocate": "matching.allocation",
    "allocation_report": "matching.fairness",
    "compile_loops": "matching.timetable",
    "concept_name": "matching.explanation",
    "goods_name": "matching.explanation",
    "make_timetable": "matching.timetable",
    "understand": "matching.explanation",
    "top_k": "matching.topk",
}

__all__ = [
    "MATCHER_VERSION",
    "AllocationReport",
    "Contribution",
    "Explanation",
    "Match",
    "MatchConfig",
    "NoMeeting",
    "Obstacle",
    "Pair",
    "PartnerIndex",
    "Profile",
    "ProfileChange",
    "Reserve",
    "Statement",
    "TextVectorizer",
    "Timetable",
    "TopK",
    "Understanding",
    "Unplaced",
    "allocate",
    "allocation_report",
    "compile_loops",
    "concept_name",
    "goods_name",
    "make_timetable",
    "top_k",
    "understand",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module 'matching' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
