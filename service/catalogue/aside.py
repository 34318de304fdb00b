"""Work that is done beside the requests which wait for it, one thread for each piece."""

import logging
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

Made = TypeVar("Made")

log = logging.getLogger(__name__)


class Aside(Generic[Made]):
    """Pieces of work by their keys; whoever asks for one that is under way waits for the same."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: dict[Hashable, Future[Made]] = {}

    def start(self, key: Hashable, work: Callable[[], Made]) -> "Future[Made]":
        """Begin a piece of work, unless it is under way; what fails is forgotten, and may begin again."""
        with self._lock:
            future = self._under_way.get(key)
            if future is None:
                future = self._under_way[key] = Future()
                threading.Thread(
                    target=self._carry_out, args=(key, future, work), name="index", daemon=True
                ).start()
            return future

    def _carry_out(self, key: Hashable, future: "Future[Made]", work: Callable[[], Made]) -> None:
        try:
            made = work()
        except Exception as error:  # noqa: BLE001 - whoever waits is told
            # Its text may hold what users wrote.
            log.warning("an index could not be made: %s", type(error).__name__)
            self._forget(key)
            future.set_exception(error)
        else:
            self._forget(key)
            future.set_result(made)

    def _forget(self, key: Hashable) -> None:
        with self._lock:
            del self._under_way[key]
