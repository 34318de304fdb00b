"""Names are found in any script: the words that a search looks in get the keys of each name.

Revision: 0008
Follows: 0007
"""

import sqlalchemy as sa
from alembic import op

from matching.text.script import fold, unmarked

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TABLES = ("entrepreneur", "exporter")
_MARK = "~"
_ROWS = 1000


def _keys(names: tuple[str | None, ...]) -> str:
    text = " ".join(name for name in names if name).casefold()
    words = "".join(letter if letter.isalnum() else " " for letter in text).split()
    keys = {key for word in words for key in (unmarked(word), fold(word, "kk"), fold(word, "en")) if key}
    return " ".join(f"{_MARK}{key}" for key in sorted(keys))


def _rewrite(*, with_keys: bool) -> None:
    connection = op.get_bind()
    for name in _TABLES:
        table = sa.table(
            name,
            *(sa.column(column) for column in ("id", "display_name", "legal_name", "city", "search_text")),
        )
        change = (
            sa.update(table)
            .where(table.c.id == sa.bindparam("of_id"))
            .values(search_text=sa.bindparam("searched"))
        )
        rows = connection.execute(sa.select(table)).all()
        for start in range(0, len(rows), _ROWS):
            connection.execute(
                change,
                [
                    {"of_id": row.id, "searched": _searched(row, with_keys=with_keys)}
                    for row in rows[start : start + _ROWS]
                ],
            )


def _searched(row: sa.Row[tuple[str, ...]], *, with_keys: bool) -> str:
    # A program of the time before leaves rows without keys, so that a second run has to be harmless.
    words = [line for line in row.search_text.split("\n") if not line.startswith(_MARK)]
    keys = [_keys((row.display_name, row.legal_name, row.city))] if with_keys else []
    return "\n".join(words + keys)


def upgrade() -> None:
    _rewrite(with_keys=True)


def downgrade() -> None:
    _rewrite(with_keys=False)
