"""Installs and starts the service the way the image does, without a container engine.

    make production-check

The environment goes to a temporary folder; the checkout is not touched. The service must refuse to start
without a secret, come up with one, its health check, and stop when told.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
SECONDS_TO_START = 60


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="qh-production-") as folder:
        place = Path(folder)
        source = place / "source"
        tracked = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
        ).stdout.decode()
        for name in filter(None, tracked.split("\0")):
            if (ROOT / name).is_file():
                (source / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, source / name)
        venv = place / "environment"
        subprocess.run(
            ["make", "production", f"VENV={venv}", f"PYTHON={sys.executable}"], cwd=source, check=True
        )
        shutil.rmtree(source)
        command = str(venv / "bin" / "qazaq-house")
        environment = {
            "PATH": os.environ["PATH"],
            "ENVIRONMENT": "production",
            "DATA_DIR": str(place / "data"),
            "PORT": str(free_port()),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        refused = subprocess.run([command, "start"], env=environment, capture_output=True, check=False)
        assert refused.returncode == 2, "production started without SECRET_KEY"
        environment["SECRET_KEY"] = "k" * 40
        check(command, environment, place)
    print("The production install starts, answers and stops.")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def check(command: str, environment: dict[str, str], place: Path) -> None:
    service = subprocess.Popen([command, "start"], env=environment, cwd=place)
    try:
        deadline = time.monotonic() + SECONDS_TO_START
        while True:
            health = subprocess.run([command, "health"], env=environment, capture_output=True, check=False)
            if health.returncode == 0:
                break
            assert service.poll() is None, "the service ended by itself"
            assert time.monotonic() < deadline, "the service did not come up"
            time.sleep(0.5)
    finally:
        service.send_signal(signal.SIGTERM)
        stopped = service.wait(timeout=30)
    assert stopped in {0, -signal.SIGTERM}, f"the service stopped with {stopped}"


if __name__ == "__main__":
    main()
