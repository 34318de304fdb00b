"""Work of one call on several threads."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def beside(n_threads: int, *tasks: Callable[[], Any]) -> list[Any]:
    """Do tasks beside each other, the first one in this thread, and give what each gives.

    With one thread they are done one after the other. If tasks fail, the error of the first of them is raised
    once all have ended.
    """
    if min(n_threads, len(tasks)) == 1:
        return [task() for task in tasks]
    with ThreadPoolExecutor(min(n_threads, len(tasks)) - 1) as pool:
        others = [pool.submit(task) for task in tasks[1:]]
        return [tasks[0](), *(other.result() for other in others)]
