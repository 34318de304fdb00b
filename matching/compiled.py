"""Machine code for the inner loops, kept on disk where that is possible."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit

# Functions of one file are compiled into those of another, but Numba makes machine code anew only when the
# file of the outer one changes. So it is kept for one state of all files with such functions.
_STAMP = tuple(
    (file.name, file.stat().st_mtime_ns, file.stat().st_size)
    for file in sorted(Path(__file__).parent.glob("*.py"))
    if "import compiled" in file.read_text(encoding="utf-8")
)

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile a function at its first call, free of the interpreter's lock.

    The machine code is kept beside the source or in the user's cache folder. Where neither can be
    written it is made anew in each process, which takes seconds but changes no result.
    """
    try:
        made = njit(nogil=True, cache=True)(function)
    except RuntimeError:
        return cast("F", njit(nogil=True)(function))
    if hasattr(made, "_cache"):
        made._cache._cache_file._source_stamp = _STAMP  # noqa: SLF001 - Numba has no door for it
    return cast("F", made)
