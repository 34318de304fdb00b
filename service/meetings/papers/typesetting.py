"""Setting papers with Typst, from templates of our own and fonts of our dependencies alone.

What people typed reaches a template as a JSON document among its inputs, never as a piece of its source: to
Typst it is text, whatever it looks like.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

from typst import Compiler, Fonts

_TEMPLATES = Path(str(files(__package__ or "") / "templates"))
# Noto Sans in Latin, Cyrillic and Greek, in Arabic, and in Chinese, Japanese and Korean letters.
_FONT_PACKAGES = ("fontpkg_noto_sans", "fontpkg_noto_sans_arabic", "manimgx_fonts_cjk")


# Typst keeps what it set for as many later papers as this.
_KEPT_FOR = 12


class Typesetter:
    """Turns values into the PDF of one template; not to be shared between threads."""

    def __init__(self, template: str, printed_at: datetime) -> None:
        self._compiler = Compiler(_TEMPLATES / template, root=_TEMPLATES, font_paths=_fonts())
        self._printed_at = int(printed_at.astimezone(UTC).timestamp())

    def pdf(self, values: Mapping[str, Any], *, tagged: bool = False) -> bytes:
        """Set the values; a tagged PDF can be read aloud, but takes more room."""
        return cast(
            "bytes",
            self._compiler.compile(
                format="pdf",
                sys_inputs={"values": json.dumps(values, ensure_ascii=False)},
                timestamp=self._printed_at,
                pdf_tags=tagged,
            ),
        )

    def forget(self) -> None:
        """Let Typst give back the memory in which it keeps what it has set before."""
        nothing = Compiler(font_paths=_fonts())
        for _ in range(_KEPT_FOR):
            nothing.compile(b"", format="pdf")


@cache
def _fonts() -> Fonts:
    # Fonts that Typst itself brings help out with Georgian, Armenian and Hebrew letters.
    return Fonts(include_system_fonts=False, font_paths=[Path(str(files(one))) for one in _FONT_PACKAGES])
