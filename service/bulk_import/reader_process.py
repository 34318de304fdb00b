"""The process that reads an uploaded file: `python -m service.bulk_import.reader_process FILE MB SECONDS`.

It takes the known columns on standard input, gives a JSON object a line, and dies alone if the file is
made to kill its reader.
"""

import json
import resource
import sys
from pathlib import Path

from service.bulk_import.parsing import UnreadableError, numbered, table

MEBIBYTE = 1024 * 1024


def main(path: str, megabytes: int, seconds: int) -> None:
    """Read a file behind limits."""
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * MEBIBYTE, megabytes * MEBIBYTE))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    known = frozenset(json.load(sys.stdin))
    try:
        for line in numbered(table(Path(path), known), known):
            sys.stdout.write(json.dumps(line) + "\n")
    except UnreadableError as error:
        sys.stdout.write(json.dumps({"unreadable": error.code, "params": error.params}) + "\n")
    except (MemoryError, RecursionError):
        sys.stdout.write(json.dumps({"unreadable": "too_demanding", "params": {}}) + "\n")
    sys.stdout.write(json.dumps({"end": True}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
