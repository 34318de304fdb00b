"""Many profiles counted on every processor."""

from collections.abc import Sequence

from joblib import Parallel, cpu_count, delayed

from matching.types import MatchConfig, Profile
from matching.vectorizer import CountedProfiles, ProfileVectorizer, analyze_profile

# Other processes have to read the thesaurus first: for fewer profiles that takes longer than it saves.
WORTH_PROCESSES = 20_000
_PROFILES_OF_A_TASK = 2_000


def count_profiles(profiles: Sequence[Profile], config: MatchConfig) -> list[CountedProfiles]:
    """Count the terms of profiles, in one or more pieces; on processes where there are 20,000 or more."""
    pieces = [
        profiles[first : first + _PROFILES_OF_A_TASK]
        for first in range(0, max(len(profiles), 1), _PROFILES_OF_A_TASK)
    ]
    if len(profiles) < WORTH_PROCESSES:
        return [_count(piece, config) for piece in pieces]
    counted: list[CountedProfiles] = Parallel(n_jobs=cpu_count(), backend="loky")(
        delayed(_count)(piece, config) for piece in pieces
    )
    return counted


def _count(profiles: Sequence[Profile], config: MatchConfig) -> CountedProfiles:
    return ProfileVectorizer(config).count([analyze_profile(profile) for profile in profiles])
