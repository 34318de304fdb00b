"""Files as people send them."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

import xlsxwriter


def row(number: int = 1, **changes: str) -> dict[str, str]:
    """Build a row of exporters that is right."""
    return {
        "external_id": f"EX-{number:05}",
        "source_agency": "test-agency",
        "display_name": f"Алтын Ара {number}",
        "city": "Өскемен",
        "languages": "kk;ru",
        "offers_text": "Тау балы",
        "offers_hs_codes": "0409",
        "offers_partnership_types": "distribution;retail",
        "seeks_text": "Дистрибьютор керек",
        "contact_email": f"export{number}@example.org",
        "consent_given_on": "2026-10-01",
        "consent_language": "kk",
        **changes,
    }


def as_csv(rows: Sequence[Mapping[str, str]], *, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """Write rows as CSV."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def as_xlsx(rows: Sequence[Mapping[str, object]]) -> bytes:
    """Write rows as a workbook; numbers stay numbers."""
    return sheet([list(rows[0]), *(list(one.values()) for one in rows)])


def sheet(cells: Iterable[Iterable[object]]) -> bytes:
    """Write cells as a workbook."""
    stored = io.BytesIO()
    with xlsxwriter.Workbook(stored, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        page = workbook.add_worksheet()
        for number, line in enumerate(cells):
            for place, cell in enumerate(line):
                page.write(number, place, cell)
    return stored.getvalue()
