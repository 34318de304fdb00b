"""Names that others translated, out of public packages, as a file for tests.benchmarks.retrieval.

    npm install @openstreetmap/id-tagging-schema cldr-annotations-full
    python -m tests.benchmarks.translated node_modules/@openstreetmap/id-tagging-schema PLACES.jsonl
    python -m tests.benchmarks.translated node_modules/cldr-annotations-full SIGNS.jsonl

The first package holds what is drawn on OpenStreetMap, shops, crafts, offices and industry among it, in
seven of our languages; the second one names the signs of Unicode, with Kazakh in Arabic script as it is
written in China (`kk-Arab`). Neither was written for trade, and the names are not kept here.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks import retrieval

# The names of files where they are not those of languages.
_FILES = {"zh": "zh-CN"}
# Its key and its name.
_WITH_ONE_NAME = 2


def lines(package: Path) -> list[dict[str, str]]:
    """Give everything that has a name in several languages, one line each, by its key.

    Raises
    ------
    ValueError
        If the folder is neither of the two packages.
    """
    of_package = {"id-tagging-schema": _places, "cldr-annotations-full": _signs}.get(package.name)
    if of_package is None:
        raise ValueError(f"{package.name} is neither id-tagging-schema nor cldr-annotations-full")
    found: dict[str, dict[str, str]] = {}
    for language in retrieval.WITH_ARABIC:
        for key, name in of_package(package, language):
            found.setdefault(key, {"id": key})[language] = name
    return [line for _, line in sorted(found.items()) if len(line) > _WITH_ONE_NAME]


def _places(package: Path, language: str) -> Iterator[tuple[str, str]]:
    file = package / f"dist/translations/{_FILES.get(language, language)}.json"
    content: dict[str, Any] = _content(file) if file.exists() else {}
    for of_language in content.values():
        for key, texts in of_language.get("presets", {}).get("presets", {}).items():
            if texts.get("name"):
                yield key, texts["name"]


def _signs(package: Path, language: str) -> Iterator[tuple[str, str]]:
    content = _content(package / f"annotations/{language}/annotations.json")
    for sign, texts in content["annotations"]["annotations"].items():
        if texts.get("tts"):
            yield sign, texts["tts"][0]


def _content(file: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Write the translated names of a package as lines.")
    parser.add_argument("package", type=Path)
    parser.add_argument("file", type=Path)
    given = parser.parse_args(arguments)
    written = [json.dumps(line, ensure_ascii=False) for line in lines(given.package)]
    given.file.write_text("\n".join(written) + "\n", encoding="utf-8")
    print(f"{len(written)} lines")


if __name__ == "__main__":
    main()
