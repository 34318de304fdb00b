"""Machine code for the inner loops, kept on disk where that is possible."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile a function at its first call, free of the interpreter's lock.

    The machine code is kept beside the source or in the user's cache folder. Where neither can be
    written it is made anew in each process, which takes seconds but changes no result.
    """
    try:
        return cast("F", njit(nogil=True, cache=True)(function))
    except RuntimeError:
        return cast("F", njit(nogil=True)(function))
