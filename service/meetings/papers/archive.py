"""Many files in one ZIP, each under a name in the letters in which people wrote it."""

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

# What is compressed in itself, and would only cost time.
_COMPRESSED = (".pdf", ".xlsx")


def zipped(members: Iterable[tuple[str, bytes]], written_at: datetime) -> bytes:
    """Write files into a ZIP one after the other; the same files give the same ZIP."""
    target = BytesIO()
    with ZipFile(target, "w") as archive:
        for path, content in members:
            # The format knows no time zone, and no time before 1980.
            member = ZipInfo(path, max(written_at.timetuple()[:6], (1980, 1, 1, 0, 0, 0)))
            member.external_attr = 0o644 << 16
            member.compress_type = ZIP_STORED if path.endswith(_COMPRESSED) else ZIP_DEFLATED
            archive.writestr(member, content)
    return target.getvalue()
