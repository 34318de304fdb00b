"""Keeps the translation catalogues complete: `python -m service.web.catalogues update` or `check`."""

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from service.platform.i18n import LANGUAGES, SOURCE_LANGUAGE

SERVICE = Path(__file__).parent.parent
_METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
_OPTIONS = {"**/templates/**.html": {"trimmed": "true", "silent": "false", "newstyle_gettext": "true"}}
_KEYWORDS = {"message": None, "_": None, "ngettext": (1, 2), "gettext": None}
_CHANGING = tuple(
    f'"{name}'
    for name in (
        "POT-Creation",
        "PO-Revision",
        "Generated-By",
        "Last-Translator",
        "Report-Msgid",
        "Project-Id",
    )
)
_PLACE = re.compile(r"%\(\w+\)s|\{\w+\}")


def sentences() -> Catalog:
    """Collect every sentence that the service says."""
    found = Catalog(fuzzy=False)
    for file, _line, text, comments, context in extract_from_dir(
        SERVICE, _METHODS, _OPTIONS, keywords=_KEYWORDS, comment_tags=()
    ):
        # Files without lines, so that moving code does not change the catalogues.
        found.add(text, None, [(str(file), 0)], auto_comments=comments, context=context)
    return found


def path_of(language: str) -> Path:
    """Tell where the catalogue of a language is kept."""
    return SERVICE / "locale" / language / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    """Read the catalogue of a language."""
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language)


def written(catalogue: Catalog) -> bytes:
    """Write a catalogue as it is kept: without the dates and tools that change every time."""
    text = BytesIO()
    write_po(text, catalogue, width=0, no_location=True, sort_output=True, ignore_obsolete=True)
    lines = text.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(_CHANGING)).encode()


def update() -> None:
    """Bring new sentences into the catalogues and drop those that are not said any more."""
    source = sentences()
    for language in LANGUAGES:
        if language == SOURCE_LANGUAGE:
            continue
        catalogue = read(language)
        catalogue.update(source, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        path_of(language).write_bytes(written(catalogue))
        missing = sum(not _translated(entry) for entry in catalogue if entry.id)
        sys.stdout.write(f"{language}: {len(catalogue)} sentences, {missing} without translation\n")


def faults() -> Iterator[str]:
    """Find what is not right in the catalogues."""
    source = sentences()
    said = {entry.id for entry in source if entry.id}
    for language in LANGUAGES:
        if language == SOURCE_LANGUAGE:
            continue
        kept = {entry.id: entry for entry in read(language) if entry.id}
        yield from (f"{language}: not in the catalogue: {one!r}" for one in sorted(said - set(kept), key=str))
        yield from (f"{language}: not said any more: {one!r}" for one in sorted(set(kept) - said, key=str))
        for entry in kept.values():
            if not _translated(entry):
                yield f"{language}: not translated: {entry.id!r}"
            elif entry.fuzzy:
                yield f"{language}: unsure: {entry.id!r}"
            elif not _same_places(entry):
                yield f"{language}: other placeholders than its source: {entry.id!r}"


def _forms(text: object) -> tuple[str, ...]:
    return tuple(map(str, text)) if isinstance(text, (tuple, list)) else (str(text or ""),)


def _translated(entry: Entry) -> bool:
    return all(form.strip() for form in _forms(entry.string))


def _same_places(entry: Entry) -> bool:
    wanted = {place for form in _forms(entry.id) for place in _PLACE.findall(form)}
    return all(set(_PLACE.findall(form)) == wanted for form in _forms(entry.string))


def main(task: str) -> int:
    """Carry out a task; give the exit status."""
    if task == "update":
        update()
        return 0
    found = list(faults())
    sys.stdout.write("\n".join([*found, "" if found else "The catalogues are complete.\n"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "check"))
