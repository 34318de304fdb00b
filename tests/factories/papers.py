"""Papers read back: text and pictures out of PDFs, and plans that are hard on them."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import numpy as np
import pypdfium2

from service.meetings.papers.plan import ForumPlan
from service.profiles.vocabulary import Kind

HOSTILE = (
    '#panic("typst") *bold* _it_ $x^2$ `raw` @ref <label> // /* \\u{41} #include "/etc/passwd"',
    "=HYPERLINK(1) | {name} {page} %s {{x}}",
    "../../etc/passwd",
    "\u202eesrever \u2066Ltd\u2069",
    "🐎🍯 Honey 🇰🇿 👩\u200d🌾",
    "🐎",
    "Қ" * 200,
    "Line\r\nBEGIN:VEVENT\r\nSUMMARY:forged\nend; a, b\\c",
    "ไทย 𐎀 \ue000",
    "CON",
    "a\u0301\u0302\u0303" * 40,
)


def entrepreneur(plan: ForumPlan, language: str) -> UUID:
    return next(
        one.id
        for one in plan.participants.values()
        if one.side is Kind.ENTREPRENEUR and one.language == language
    )


def text_of(document: pypdfium2.PdfDocument) -> str:
    return "\n".join(page_text(document, number) for number in range(len(document)))


def page_text(document: pypdfium2.PdfDocument, number: int) -> str:
    text = str(document[number].get_textpage().get_text_range())
    return text.replace("\r\n", "\n").replace("\u202f", " ").replace("\u200b", "").replace("\ufffe", "")


def picture(document: pypdfium2.PdfDocument, number: int = 0, dots_per_inch: int = 150) -> np.ndarray:
    return np.asarray(document[number].render(scale=dots_per_inch / 72).to_numpy())


def only(plan: ForumPlan, **changes: Any) -> ForumPlan:
    """Give the same plan with one participant changed: the first entrepreneur."""
    first = next(iter(plan.participants.values()))
    return replace(plan, participants={**plan.participants, first.id: replace(first, **changes)})
