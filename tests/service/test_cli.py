import re
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service import cli
from service.accounts.schemas import SYSTEM
from service.forums import operations as forums
from service.match_lists import operations as match_lists
from service.platform.database import Database
from service.platform.problems import Problem
from service.profiles import operations as profiles
from service.profiles.schemas import ProfileFilter
from service.profiles.vocabulary import Kind
from tests.factories import files
from tests.factories.forums import make_approved, make_forum

PASSWORD = "correct horse battery staple"


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run a command on a database, as a terminal of 200 columns would."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    runner = CliRunner()

    def command(database_url: str, *arguments: str, code: int = 0) -> str:
        monkeypatch.setenv("DATABASE_URL", database_url)
        result = runner.invoke(cli.app, list(arguments), catch_exceptions=False)
        assert result.exit_code == code, result.output
        return result.output

    return command


@pytest.fixture
def run(terminal, database: Database):
    """Run a command on the database of the test."""
    return partial(terminal, database.url.render_as_string(hide_password=False))


def test_administrator_is_made_once(run) -> None:
    assert "admin@example.org" in run("create-admin", "admin@example.org", "--password", PASSWORD)
    with pytest.raises(Problem):
        run("create-admin", "admin@example.org", "--password", PASSWORD)
    with pytest.raises(Problem):
        run("create-admin", "nobody", "--password", "short")


def test_problem_ends_the_command_with_its_sentence(
    run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run
    monkeypatch.setattr("sys.argv", ["qazaq-house", "create-admin", "nobody", "--password", "short"])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    assert caught.value.code == 1
    assert "/email: This is not an e-mail address" in capsys.readouterr().err


def test_key_is_printed_once_and_works(run, client) -> None:
    key = run("create-api-client", "Agency", "--agency", "test-agency").splitlines()[-1]
    answer = client.get("/api/v1/exporters", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 200
    with pytest.raises(Problem):
        run("create-api-client", "Agency", "--agency", "Агенттік")


def test_file_is_imported_and_its_bad_rows_are_told(run, database: Database, tmp_path: Path) -> None:
    path, mend = tmp_path / "rows.csv", tmp_path / "mend.csv"
    path.write_bytes(files.as_csv([files.row(1), files.row(2, offers_hs_codes="409")]))
    told = run("import", "exporter", str(path), "--approve", "--mend", str(mend), code=1)
    assert "1 new, 0 changed, 0 unchanged, 1 rejected" in told
    assert "row 3, offers_hs_codes: 409 has lost its leading zero" in told
    assert mend.read_bytes().startswith(b"\xef\xbb\xbf")
    with database.read() as session:
        assert profiles.listed(session, SYSTEM, Kind.EXPORTER, ProfileFilter()).total == 1
    path.write_bytes(b"nothing,known\n1,2\n")
    assert "No column of the first row is known" in run("import", "exporter", str(path), code=1)
    with pytest.raises(Problem):
        run("import", "exporter", str(path), "--consent-given-on", "soon")


def test_match_list_is_made_shown_and_shown_again(run, database: Database) -> None:
    entrepreneur = make_approved(database, Kind.ENTREPRENEUR, display_name="[bold]Steppe[/bold]")
    exporter = make_approved(database, Kind.EXPORTER, display_name="Бал үйі")
    forum = make_forum(database, [entrepreneur], [exporter], code="berlin-2027")
    told = run("match", "berlin-2027", "--language", "kk")
    assert "[bold]Steppe[/bold]" in told
    assert "Бал үйі" in told
    run("match", "berlin-2027", "--latest")
    with database.read() as session:
        (made,) = match_lists.of_forum(session, SYSTEM, forum)
        assert re.search(made.digest, told)
        assert forums.find(session, SYSTEM, "berlin-2027").id == forum
    with pytest.raises(Problem):
        run("match", "nowhere")


def test_description_of_the_api_is_written_and_checked(terminal, tmp_path: Path) -> None:
    path, run = tmp_path / "v1.json", partial(terminal, "sqlite:///not-opened", "openapi")
    run(str(path), "--check", code=1)
    run(str(path))
    run(str(path), "--check")
    path.write_text("{}", encoding="utf-8")
    # A long path breaks the line where it happens to.
    assert "is out of date" in " ".join(run(str(path), "--check", code=1).split())


def test_database_is_moved_to_a_revision(terminal, empty_database_url: str) -> None:
    terminal(empty_database_url, "migrate")
    terminal(empty_database_url, "migrate", "0001")
    terminal(empty_database_url, "migrate")
    database = Database(empty_database_url)
    with database.read() as session:
        assert profiles.listed(session, SYSTEM, Kind.EXPORTER, ProfileFilter()).total == 0
    database.dispose()


def test_health_of_nothing_is_bad(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "1")
    assert "Not ready" in run("health", code=1)


def test_wrong_setting_is_told_without_its_value(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "too short")
    told = run("migrate", code=2)
    assert "at least 32" in told
    assert "too short" not in told


def test_demo_is_filled_once_and_loses_nothing(run, database: Database, tmp_path: Path) -> None:
    first = run("demo-data")
    password = (tmp_path / "demo-password.txt").read_text(encoding="ascii")
    assert password in first
    with database.read() as session:
        before = profiles.count_by_status(session, SYSTEM, Kind.EXPORTER)
        lists = [match_lists.of_forum(session, SYSTEM, one.id) for one in forums.every(session, SYSTEM)]
    assert before == {"approved": 120}
    assert [len(one) for one in lists] == [1, 1, 1]
    assert password in run("demo-data")
    with database.read() as session:
        assert profiles.count_by_status(session, SYSTEM, Kind.EXPORTER) == before
        again = [match_lists.of_forum(session, SYSTEM, one.id) for one in forums.every(session, SYSTEM)]
    assert again == lists
