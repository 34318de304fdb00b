import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from sqlmodel import select

from service.accounts.schemas import SYSTEM, Principal
from service.bulk_import import operations as imports
from service.bulk_import import parsing, processing
from service.bulk_import.schemas import ImportOptions, ImportRunRead, RejectionRead
from service.changes import operations as changes
from service.jobs.runner import run_pending
from service.platform.audit import AuditEntry
from service.platform.database import Database
from service.platform.problems import InvalidInput, NotAllowed, NotFound
from service.profiles import operations as profiles
from service.profiles.models import Exporter
from service.profiles.schemas import ExporterRead
from service.profiles.vocabulary import Kind
from service.settings import Settings
from tests.factories import files
from tests.factories.accounts import make_api_client, make_caller, make_centre

LANGUAGE = "en"


def send(
    database: Database,
    settings: Settings,
    content: bytes,
    *,
    kind: Kind = Kind.EXPORTER,
    principal: Principal = SYSTEM,
    name: str = "exporters.csv",
    **options: object,
) -> ImportRunRead:
    with database.write() as session:
        wanted = ImportOptions.model_validate(options)
        run = imports.start(session, principal, kind, io.BytesIO(content), name, wanted)
    run_pending(database, settings)
    with database.read() as session:
        return imports.run(session, principal, run.id, language=LANGUAGE)


def counts(run: ImportRunRead) -> tuple[int, int, int, int]:
    return run.created, run.updated, run.unchanged, run.rejected


def rejected(database: Database, run: ImportRunRead) -> list[RejectionRead]:
    with database.read() as session:
        return imports.rejections(session, SYSTEM, run.id, language=LANGUAGE).rejections


def codes(database: Database, run: ImportRunRead) -> list[tuple[int, str, str]]:
    return [(one.row, error.column, error.code) for one in rejected(database, run) for error in one.errors]


def exporters(database: Database) -> dict[str, ExporterRead]:
    with database.read() as session:
        ids = list(session.exec(select(Exporter.id)))
        found = [profiles.read(session, SYSTEM, Kind.EXPORTER, one) for one in ids]
    return {one.external_id: one for one in found if isinstance(one, ExporterRead)}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_lands_with_any_delimiter_and_mark(
    database: Database, settings: Settings, delimiter: str, encoding: str
) -> None:
    content = files.as_csv([files.row(1), files.row(2)], delimiter=delimiter, encoding=encoding)
    run = send(database, settings, content)
    assert (run.state, counts(run), run.rows_total, run.problem) == ("done", (2, 0, 0, 0), 2, None)
    assert exporters(database)["EX-00001"].offers[0].partnership_types == ["distribution", "retail"]


def test_workbook_lands_with_its_numbers_and_dates(database: Database, settings: Settings) -> None:
    row = {**files.row(1), "founded_year": 2013, "offers_hs_codes": "0409;0410", "rural": True}
    run = send(database, settings, files.as_xlsx([row]), name="exporters.xlsx")
    assert counts(run) == (1, 0, 0, 0), rejected(database, run)
    read = exporters(database)["EX-00001"]
    assert (read.founded_year, read.rural, read.offers[0].hs_codes) == (2013, True, ["0409", "0410"])


def test_same_file_twice_changes_nothing(database: Database, settings: Settings) -> None:
    content = files.as_csv([files.row(1), files.row(2)])
    send(database, settings, content, approve=True)

    def traces() -> tuple[int, int]:
        with database.read() as session:
            of_profiles = select(AuditEntry).where(AuditEntry.subject_kind == "exporter")
            return changes.current_version(session), len(session.exec(of_profiles).all())

    before = traces()
    assert counts(send(database, settings, content)) == (0, 0, 2, 0)
    assert traces() == before


def test_good_rows_land_and_bad_ones_are_told_by_row_and_column(
    database: Database, settings: Settings
) -> None:
    rows = [
        files.row(1),
        files.row(2, offers_hs_codes="409"),
        files.row(3, country="Atlantis"),
        files.row(4, display_name="Ара\x00"),
        files.row(1, display_name="Again"),
        files.row(6, display_name="ءۇرىمجى شىرىن بازارى"),
        files.row(7, display_name="上海阿斯塔纳贸易"),
        files.row(8, display_name="Бал\u202eүйі"),
        files.row(9, bin="010140000012"),
        files.row(10, display_name="=cmd|'/c calc'!A1"),
        files.row(11, external_id=""),
    ]
    for one in rows:
        one.setdefault("country", "KZ")
        one.setdefault("bin", "")
    run = send(database, settings, files.as_csv(rows))
    assert counts(run) == (5, 0, 0, 6)
    assert codes(database, run) == [
        (3, "offers_hs_codes", "hs_code_lost_zero"),
        (4, "country", "unknown_country"),
        (5, "display_name", "nul_character"),
        (6, "external_id", "repeated_external_id"),
        (10, "bin", "wrong_bin_check_digit"),
        (12, "external_id", "missing"),
    ]
    assert "0409" in rejected(database, run)[0].errors[0].message
    assert "Row 2" in rejected(database, run)[3].errors[0].message
    names = {one.display_name for one in exporters(database).values()}
    assert names >= {"ءۇرىمجى شىرىن بازارى", "上海阿斯塔纳贸易", "Балүйі", "=cmd|'/c calc'!A1"}


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_rejected_rows_come_back_mended_and_land(
    database: Database, settings: Settings, extension: str
) -> None:
    rows = [files.row(1, city="=1+1", country="Nowhere"), files.row(2, country="KZ")]
    run = send(database, settings, files.as_csv(rows))
    with database.read() as session:
        answer = imports.to_mend(session, SYSTEM, run.id, extension, language="kk")
    content = answer.content
    if extension == "csv":
        assert "'=1+1" in content.decode("utf-8-sig")
        mended = content.decode("utf-8-sig").replace("Nowhere", "KZ").encode("utf-8-sig")
    else:
        workbook = openpyxl.load_workbook(io.BytesIO(content))
        for cells in workbook.active.iter_rows():
            for cell in cells:
                if cell.value == "Nowhere":
                    cell.value = "KZ"
        stored = io.BytesIO()
        workbook.save(stored)
        mended = stored.getvalue()
    again = send(database, settings, mended, name=answer.name)
    assert (counts(again), again.unknown_columns) == ((1, 0, 0, 0), [])
    assert exporters(database)["EX-00001"].city == "=1+1"


def test_unknown_columns_are_told_once(database: Database, settings: Settings) -> None:
    run = send(database, settings, files.as_csv([{**files.row(1), "shoe_size": "43"}]))
    assert (counts(run), run.unknown_columns) == ((1, 0, 0, 0), ["shoe_size"])


def test_columns_of_the_agencies_own_files_are_understood(database: Database, settings: Settings) -> None:
    row = {
        "external_id": "X1",
        "source_agency": "test-agency",
        "name": "Айдын сүт",
        "hs_codes": "0402",
        "partnership_seek": "import;off_take",
        "target_markets": "CN;RU",
        "offers_text": "Құрғақ сүт",
        "text_language": "kk",
        "certifications": "ISO 9001;Halal",
        "kandas_owned": "1",
    }
    run = send(database, settings, files.as_csv([row]), consent_given_on="2026-11-01", consent_language="kk")
    assert counts(run) == (1, 0, 0, 0), rejected(database, run)
    read = exporters(database)["X1"]
    assert (read.offers[0].hs_codes, read.seeks[0].target_countries, read.certifications) == (
        ["0402"],
        ["CN", "RU"],
        ["halal", "iso_9001"],
    )
    assert {one.purpose for one in read.consents} == {"matching", "kandas_status"}
    without = send(database, settings, files.as_csv([{**row, "external_id": "X2"}]))
    assert codes(database, without) == [(2, "consent_given_on", "kandas_consent_needed")]


def test_rows_own_consent_wins_over_the_files(database: Database, settings: Settings) -> None:
    content = files.as_csv([files.row(1)])
    send(database, settings, content, consent_given_on="2026-11-20", consent_language="ru")
    (consent,) = exporters(database)["EX-00001"].consents
    assert (consent.given_on.isoformat(), consent.wording_language) == ("2026-10-01", "kk")


def test_row_with_too_many_cells_is_told(database: Database, settings: Settings) -> None:
    content = files.as_csv([files.row(1)]) + b"EX-2" + b",x" * 30 + b"\r\n"
    run = send(database, settings, content)
    assert counts(run) == (1, 0, 0, 1)
    assert codes(database, run)[0] == (3, "", "too_many_cells")


def zip_bomb() -> bytes:
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (64 * 1024 * 1024))
    return stored.getvalue()


def lying_zip() -> bytes:
    stored = bytearray(zip_bomb())
    size = (64 * 1024 * 1024).to_bytes(4, "little")
    return bytes(stored.replace(size, (100).to_bytes(4, "little")))


@pytest.mark.parametrize("packed", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_archive_with_any_byte_changed_is_read_or_called_broken(tmp_path: Path, packed: int) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", packed) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>" * 500)
    told = set()
    for place in range(len(whole.getvalue())):
        content = bytearray(whole.getvalue())
        content[place] ^= 0xA5
        path = tmp_path / "changed.xlsx"
        path.write_bytes(content)
        try:
            parsing._guard(path)
        except parsing.UnreadableError as error:
            told.add(error.code)
    assert told == {"broken_workbook", "not_a_workbook"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (zip_bomb(), "zip_bomb"),
        (lying_zip(), "broken_workbook"),
        (b"PK\x03\x04 and nothing more", "broken_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100, "old_or_locked_workbook"),
        ("external_id;display_name\nX1;Мёд\n".encode("cp1251"), "not_utf8"),
        (b"a,b\n1,2\n", "no_known_column"),
        (b"external_id,external_id\n1,2\n", "repeated_columns"),
        (b"external_id,display_name\n1," + b"x" * 30_000 + b"\n", "cell_too_long"),
        (b"external_id," + b",".join(b"c%d" % one for one in range(500)) + b"\n", "too_many_columns"),
    ],
)
def test_file_that_cannot_be_read_says_why_and_leaves_nothing(
    database: Database, settings: Settings, content: bytes, code: str
) -> None:
    run = send(database, settings, content)
    assert run.state == "failed"
    assert run.problem is not None
    assert run.problem.code == code
    assert "{" not in run.problem.message
    assert exporters(database) == {}


def test_workbook_that_kills_its_reader_fails_alone(database: Database, settings: Settings) -> None:
    """A sheet of a kilobyte with one cell in the last row makes some parsers ask for all memory there is."""
    stored = io.BytesIO()
    small = files.as_xlsx([files.row(1)])
    with zipfile.ZipFile(io.BytesIO(small)) as source, zipfile.ZipFile(stored, "w") as target:
        for name in source.namelist():
            text = source.read(name)
            if name.endswith("sheet1.xml"):
                end = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                text = text.replace(b"</sheetData>", end)
                text = text.replace(b'<dimension ref="A1:L2"/>', b'<dimension ref="A1:XFD1048576"/>')
            target.writestr(name, text)
    run = send(database, settings.model_copy(update={"import_memory_mb": 256}), stored.getvalue())
    assert run.state == "failed"
    assert run.problem is not None
    assert run.problem.code in {"too_demanding", "broken_workbook"}


def test_too_many_rows_keep_what_came_before(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = parsing.numbered(iter([["external_id"], ["1"], [" "], ["2"], ["3"]]), frozenset({"external_id"}))
    monkeypatch.setattr(parsing, "MOST_ROWS", 3)
    with pytest.raises(parsing.UnreadableError, match="too_many_rows"):
        list(rows)
    assert database.url is not None
    assert settings.import_seconds > 0


def test_empty_file_is_refused_at_once(database: Database, settings: Settings) -> None:
    with pytest.raises(InvalidInput) as caught:
        send(database, settings, b"  \n")
    assert [(error.pointer, error.code) for error in caught.value.errors] == [("/file", "empty_file")]


def test_interrupted_run_goes_on_without_loss_or_double_count(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processing, "BATCH", 2)
    rows = [files.row(one) for one in range(1, 8)] + [files.row(1)]
    with database.write() as session:
        run = imports.start(
            session, SYSTEM, Kind.EXPORTER, io.BytesIO(files.as_csv(rows)), "f.csv", ImportOptions()
        )
    batches = 0
    submit_many = profiles.submit_many

    def interrupted(*sent: Any) -> Any:
        nonlocal batches
        batches += 1
        results = submit_many(*sent)
        if batches == 3:
            raise KeyboardInterrupt
        return results

    with monkeypatch.context() as broken:
        broken.setattr(processing.profiles, "submit_many", interrupted)
        with pytest.raises(KeyboardInterrupt):
            imports.carry_out(database, settings, run.id)
    assert len(exporters(database)) == 4
    imports.carry_out(database, settings, run.id)
    imports.carry_out(database, settings, run.id)
    with database.read() as session:
        done = imports.run(session, SYSTEM, run.id, language=LANGUAGE)
    assert (done.state, counts(done), done.rows_total) == ("done", (7, 0, 0, 1), 8)
    assert codes(database, done) == [(9, "external_id", "repeated_external_id")]


def test_same_identifier_of_two_agencies_is_of_two_businesses(database: Database, settings: Settings) -> None:
    rows = [
        files.row(1, source_agency="first"),
        files.row(1, source_agency="second"),
        files.row(1, source_agency=" First "),
    ]
    run = send(database, settings, files.as_csv(rows))
    assert counts(run) == (2, 0, 0, 1)
    assert codes(database, run) == [(4, "external_id", "repeated_external_id")]


def test_number_without_a_plain_form_is_told_and_ends_nothing(database: Database, settings: Settings) -> None:
    rows = [files.row(1, offers_capacity="1E+10000000", offers_capacity_unit="t"), files.row(2)]
    run = send(database, settings, files.as_csv(rows))
    assert (run.state, counts(run)) == ("done", (1, 0, 0, 1))
    assert codes(database, run) == [(2, "offers_capacity", "decimal_max_digits")]


def test_agency_sees_its_own_runs_only(database: Database, settings: Settings) -> None:
    own = make_api_client(database).principal
    other = make_api_client(database, agency="other-agency").principal
    run = send(database, settings, files.as_csv([files.row(1)]), principal=own)
    assert counts(run) == (1, 0, 0, 0)
    with database.read() as session:
        assert [one.id for one in imports.runs(session, own, language=LANGUAGE).runs] == [run.id]
        assert imports.runs(session, other, language=LANGUAGE).runs == []
        with pytest.raises(NotFound):
            imports.run(session, other, run.id, language=LANGUAGE)
    foreign = send(database, settings, files.as_csv([files.row(2, source_agency="third")]), principal=own)
    assert codes(database, foreign) == [(2, "source_agency", "foreign_source_agency")]


def test_who_may_not_send_is_refused_before_the_file_is_kept(database: Database, settings: Settings) -> None:
    make_centre(database)
    coordinator = make_caller(database, role="coordinator", centre="qh-berlin").principal
    agency = make_api_client(database).principal
    organiser = make_caller(database, role="organiser").principal
    content = files.as_csv([files.row(1)])
    for principal, options in ((coordinator, {}), (organiser, {}), (agency, {"approve": True})):
        with pytest.raises(NotAllowed):
            send(database, settings, content, principal=principal, **options)
    with pytest.raises(InvalidInput):
        send(database, settings, content, principal=agency, source_agency="other-agency")


def test_template_is_a_file_that_is_understood(database: Database, settings: Settings) -> None:
    for extension in ("csv", "xlsx"):
        content = imports.template(Kind.EXPORTER, extension, language="kk").content
        run = send(database, settings, content)
        assert (run.state, counts(run), run.unknown_columns) == ("done", (0, 0, 0, 0), [])


def test_times_and_states_are_told(database: Database, settings: Settings) -> None:
    with database.write() as session:
        run = imports.start(
            session,
            SYSTEM,
            Kind.EXPORTER,
            io.BytesIO(files.as_csv([files.row(1)])),
            "тізім\x07.csv",
            ImportOptions(),
        )
    assert (run.state, run.ended, run.file_name) == ("queued", False, "тізім.csv")
    run_pending(database, settings)
    with database.read() as session:
        done = imports.run(session, SYSTEM, run.id, language=LANGUAGE)
        assert done.ended
        assert done.finished_at is not None
        assert done.finished_at <= datetime.now(UTC)
        assert isinstance(done.id, UUID)
