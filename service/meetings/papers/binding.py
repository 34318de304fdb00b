"""Taking the pages of papers together and apart, which PDFium does in no time."""

from collections.abc import Sequence
from io import BytesIO
from threading import Lock

from pypdfium2 import PdfDocument

# PDFium is not made for threads.
_ONE_AT_A_TIME = Lock()


def bound(papers: Sequence[bytes]) -> bytes:
    """Put the pages of papers one after the other; the title is that of the first."""
    if len(papers) == 1:
        return papers[0]
    with _ONE_AT_A_TIME, PdfDocument(papers[0]) as stack:
        for paper in papers[1:]:
            with PdfDocument(paper) as pages:
                stack.import_pages(pages)
        return _saved(stack)


def pages_of(paper: bytes) -> list[bytes]:
    """Make a paper of each page, which holds nothing of the others."""
    with _ONE_AT_A_TIME, PdfDocument(paper) as pages:
        return [_page(pages, number) for number in range(len(pages))]


def _page(pages: PdfDocument, number: int) -> bytes:
    with PdfDocument.new() as single:
        single.import_pages(pages, [number])
        return _saved(single)


def _saved(document: PdfDocument) -> bytes:
    target = BytesIO()
    document.save(target)
    return target.getvalue()
