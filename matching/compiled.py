"""Machine code for the inner loops, kept on disk where that is possible."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit

# Functions and numbers of one file are compiled into those of another, but Numba makes machine code anew only
# when the file of the outer one changes. So it is kept for one state of all files with such functions and of
# those that they import.
_HERE = Path(__file__).parent
_TEXTS = {file: file.read_text(encoding="utf-8") for file in sorted(_HERE.rglob("*.py"))}
_OUTER = "\n".join(text for text in _TEXTS.values() if "from matching.compiled import" in text)
_STAMP = tuple(
    (file.name, file.stat().st_mtime_ns, file.stat().st_size)
    for file, text in _TEXTS.items()
    if text in _OUTER
    or f"from {'.'.join(file.relative_to(_HERE.parent).with_suffix('').parts)} import" in _OUTER
)

F = TypeVar("F", bound=Callable[..., Any])
Options = dict[str, Any]

_INNER: Options = {"_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def compiled(function: F) -> F:
    """Compile a function at its first call, free of the interpreter's lock.

    The machine code is kept beside the source or in the user's cache folder. Where neither can be
    written it is made anew in each process, which takes seconds but changes no result.
    """
    return _kept(function, {})


def uncounted(function: F) -> F:
    """Compile a function that makes no arrays, as `compiled` does, without counting references to them.

    Counting takes a locked addition whenever an array or a part of one gets a name: in short loops a tenth of
    the time, and more where two threads count the same arrays.
    """
    return _kept(function, {"_nrt": False})


def inner(function: F) -> F:
    """Compile a function for those that are `uncounted`, into which it goes: it has no door for Python."""
    return cast("F", njit(nogil=True, **_INNER)(function))


def inlined(function: F) -> F:
    """Compile an `inner` function that is never called, but put into its callers however large it is.

    For a call all fields of all its tuples of arrays would be copied.
    """
    return cast("F", njit(nogil=True, forceinline=True, **_INNER)(function))


def _kept(function: F, options: Options) -> F:
    try:
        made = njit(nogil=True, cache=True, **options)(function)
    except RuntimeError:
        return cast("F", njit(nogil=True, **options)(function))
    if hasattr(made, "_cache"):
        made._cache._cache_file._source_stamp = _STAMP  # noqa: SLF001 - Numba has no door for it
    return cast("F", made)
