"""The same pairs, whoever does the work."""

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import CancelledError
from contextlib import contextmanager

import pytest
from joblib.externals.loky import get_reusable_executor

from matching import PartnerIndex, Profile, Statement, bulk, pairing

WORDS = "honey wool felt steel flour meat leather tea camel milk".split()


@pytest.fixture(scope="module")
def sides():
    def profile(letter, number):
        text = " ".join(WORDS[(number * step) % len(WORDS)] for step in (1, 3, 7))
        return Profile(
            f"{letter}{number:03}",
            offers=Statement(texts=(text,)),
            seeks=Statement(texts=(WORDS[number % 10],), markets=("DE",)),
        )

    return [[profile(letter, number) for number in range(60)] for letter in "EX"]


@pytest.fixture(scope="module")
def index(sides):
    return PartnerIndex.build(*sides)


@pytest.fixture
def _small_tasks(monkeypatch):
    monkeypatch.setattr(pairing, "_QUERIES_OF_A_TASK", 7)


@pytest.fixture
def _no_processes_left():
    yield
    get_reusable_executor().shutdown(wait=True, kill_workers=True)


MANY = 5
EXCLUDED = [("E001", "X002"), ("E003", "X003")]


@pytest.mark.usefixtures("_small_tasks", "_no_processes_left")
def test_threads_and_processes_find_the_same(index):
    alone = index.pairs(4, excluded=EXCLUDED, n_threads=1)
    assert index.pairs(4, excluded=EXCLUDED, n_threads=2) == alone
    assert index.pairs(4, excluded=EXCLUDED, n_threads=2, workers="processes") == alone


@pytest.mark.usefixtures("_no_processes_left")
def test_profiles_are_counted_on_processes_as_here(index, sides, monkeypatch):
    monkeypatch.setattr(bulk, "WORTH_PROCESSES", 60)
    monkeypatch.setattr(bulk, "_DOCUMENTS_OF_A_TASK", 25)
    assert PartnerIndex.build(*sides).pairs(4) == index.pairs(4)


def test_other_workers_are_refused(index):
    with pytest.raises(ValueError, match="workers are threads, processes or the address of a scheduler"):
        index.pairs(1, workers="somebody")
    with pytest.raises(ValueError, match="n_threads must be at least 1, not 0"):
        index.pairs(1, n_threads=0)


def test_cluster_without_its_packages_is_told(index, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ModuleNotFoundError, match="a cluster needs the extra `cluster`"):
        index.pairs(1, workers="tcp://127.0.0.1:1")


@contextmanager
def cluster(folder, n_workers):
    """A scheduler and workers of one thread each, in processes of their own on the loopback."""
    scheduler_file = folder / "scheduler.json"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path or "." for path in sys.path)}
    start = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    common = ["--scheduler-file", str(scheduler_file), "--no-dashboard"]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", *common, "--no-nanny", "--nthreads", "1"]
    started = []
    with (folder / "log").open("w") as log:

        def begin(command):
            started.append(subprocess.Popen(command, stdout=log, stderr=log, env=environment, cwd=folder))

        begin([*start, *common, "--host", "127.0.0.1", "--port", "0"])
        while not scheduler_file.exists():
            time.sleep(0.05)
        for _ in range(n_workers):
            begin([*worker, "--host", "127.0.0.1", "--local-directory", str(folder)])
        try:
            yield scheduler_file, started[1:]
        finally:
            for process in started:
                process.kill()
                process.wait()


@pytest.mark.usefixtures("_small_tasks")
def test_cluster_that_loses_a_worker_finds_the_same(index, tmp_path, monkeypatch):
    from distributed import Client  # noqa: PLC0415 - it starts threads of its own

    found = {}
    with (
        cluster(tmp_path, 2) as (scheduler_file, workers),
        Client(scheduler_file=str(scheduler_file), set_as_default=False) as client,
    ):
        client.wait_for_workers(2, timeout=60)
        began = tmp_path / "began"
        monkeypatch.setattr(pairing, "_rank_block", _Slow(pairing._rank_block, str(began)))

        def work():
            found["pairs"] = index.pairs(4, excluded=EXCLUDED, workers=client.scheduler.address)

        thread = threading.Thread(target=work)
        thread.start()
        # Some are done and some have begun: the worker that dies takes its part with it.
        while thread.is_alive() and not (began.exists() and len(began.read_text()) >= MANY):
            time.sleep(0.01)
        workers[0].kill()
        thread.join(timeout=120)
        assert len(client.scheduler_info()["workers"]) == 1
    monkeypatch.undo()
    assert found["pairs"] == index.pairs(4, excluded=EXCLUDED)


def test_task_that_is_lost_for_good_is_an_error(index, monkeypatch):
    def lost(*_arguments):
        attempts.append(1)
        raise CancelledError

    attempts = []
    monkeypatch.setattr(pairing, "_rank_block", lost)
    with pytest.raises(CancelledError):
        index.pairs(1, n_threads=1)
    assert len(attempts) == 3


class _Slow:
    """A task that leaves time to die in the middle, and a mark that it has begun."""

    def __init__(self, function, mark):
        self.function, self.mark = function, mark
        self.__name__ = "_Slow"

    def __call__(self, *arguments):
        with open(self.mark, "a") as file:  # noqa: PTH123 - what is sent to workers is small
            file.write("x")
        time.sleep(0.3)
        return self.function(*arguments)
