"""Numbers, days and lists as people of many countries write them into a field or a cell."""

import re

from service.platform.values import is_country

LIST_SEPARATOR = ";"

_SEMICOLONS = re.compile(r"[;；؛\n]")
_COMMAS = re.compile(r"[,，、،]")
# Spaces and apostrophes between groups of three digits, as in 1 000 or 1'000.
_GROUPED = re.compile(r"(?<=\d)[\s'’](?=\d{3}(?!\d))")
# A comma before exactly three digits may part thousands: such a number is left as it is and refused.
_DECIMAL_COMMA = re.compile(r"(\d+),(\d{1,2}|\d{4,})")
_POINTED_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


def number(typed: str) -> str:
    """Write a number with a decimal point and without spaces; what is unclear stays as it is."""
    together = _GROUPED.sub("", typed.strip())
    return _DECIMAL_COMMA.sub(r"\1.\2", together) if _DECIMAL_COMMA.fullmatch(together) else together


def day(typed: str) -> str:
    """Write a day such as 1.3.2027 in the form of ISO 8601; anything else stays as it is."""
    pointed = _POINTED_DAY.fullmatch(typed.strip())
    if pointed is None:
        return typed.strip()
    of_month, month, year = pointed.groups()
    return f"{year}-{month:0>2}-{of_month:0>2}"


def codes(typed: str) -> list[str]:
    """Part a list of codes or names that have no comma of their own."""
    return _parts(re.split(rf"{_SEMICOLONS.pattern}|{_COMMAS.pattern}", typed))


def countries(typed: str) -> list[str]:
    """Part a list of countries; a comma parts them only where it belongs to no name."""
    found = []
    for part in _parts(_SEMICOLONS.split(typed)):
        found += [part] if is_country(part) else _parts(_COMMAS.split(part))
    return found


def _parts(parts: list[str]) -> list[str]:
    return [part.strip() for part in parts if part.strip()]
