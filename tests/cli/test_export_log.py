"""`gisapp log`: what the command line exports is in the project's log."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gisapp import cli
from gisapp.cli import importing
from gisapp.errors import ProjectFileError
from gisapp.io.project import project_file
from gisapp.layers.export_log import Export
from gisapp.render import export
from gisapp.tasks import Task
from tests.conftest import Run

SITES = "name,lat,lon,kind\nHarbour Street,39.10,-84.51,needle exchange\n"


@pytest.fixture
def project(tmp_path: Path, run: Run) -> Path:
    (tmp_path / "sites.csv").write_text(SITES)
    run("import", tmp_path / "p.gpkg", "services", tmp_path / "sites.csv", "--name", "Sites")
    return tmp_path / "p.gpkg"


def test_a_map_is_in_the_log_with_the_hash_of_its_bytes(
    project: Path, tmp_path: Path, run: Run
) -> None:
    assert run("log", project)["exports"] == []
    out = tmp_path / "map.svg"
    assert run("map", project, "--out", out, "--audience", "partners")["logged"] is True
    answer = run("log", project)
    [line] = answer["exports"]
    assert (line["what"], line["file"], line["audience"]) == ("map", "map.svg", "partners")
    assert line["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert answer["whole"] is True


def test_a_log_with_a_line_taken_out_is_found(
    project: Path, tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a.svg", "b.svg"):
        run("map", project, "--out", tmp_path / name, "--audience", "public")
    with closing(sqlite3.connect(project)) as connection, connection:
        connection.execute("DELETE FROM gisapp_exports WHERE file = 'a.svg'")
    capsys.readouterr()
    assert cli.main(["log", str(project)]) == 20
    assert "THE LOG IS NOT WHOLE. 1 line before line 2 is missing." in capsys.readouterr().out


def test_a_map_of_a_project_that_cannot_be_written_says_that_it_is_not_logged(
    project: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise ProjectFileError("p.gpkg could not be saved: it is write-protected.")

    monkeypatch.setattr("gisapp.cli.projects.project_file.add_exports", refused)
    answer = run("map", project, "--out", tmp_path / "map.svg", "--audience", "public")
    assert answer["logged"] is False
    assert (tmp_path / "map.svg").exists()


def test_what_others_wrote_during_an_export_stays(
    project: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A map takes its time; meanwhile others save the project, and export from it too."""
    draw = export.export_map_task

    def drawn_meanwhile(*args: Any, **more: Any) -> Task[Path]:
        monkeypatch.setattr(export, "export_map_task", draw)
        run("import", project, "services", tmp_path / "sites.csv", "--name", "New")
        run("map", project, "--out", tmp_path / "first.svg", "--audience", "public")
        return draw(*args, **more)

    monkeypatch.setattr(export, "export_map_task", drawn_meanwhile)
    answer = run("map", project, "--out", tmp_path / "second.svg", "--audience", "public")
    assert answer["logged"] is True
    log = run("log", project)
    assert [line["file"] for line in log["exports"]] == ["first.svg", "second.svg"]
    assert log["whole"] is True
    assert {layer["name"] for layer in run("info", project)["layers"]} == {"Sites", "New"}


def test_a_recipient_writes_no_line_of_the_log(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = datetime(2025, 6, 2, tzinfo=UTC)
    forged = "Desk\n   2  2025-06-02 12:00 UTC  chief: patrol package\x1b[2J"
    project_file.add_exports(
        project, [Export(at, "clerk", "map", "m.pdf", "0" * 64, "public", forged)]
    )
    capsys.readouterr()
    assert cli.main(["log", str(project), "--quiet"]) == 0
    out = capsys.readouterr().out
    assert len(out.splitlines()) == 1
    assert "\x1b" not in out


def test_what_a_look_up_writes_is_in_the_log(project: Path, tmp_path: Path, run: Run) -> None:
    place = ("--lat", "39.1", "--lon", "-84.51", "--at", "2025-06-02T12:00")
    assert "logged" not in run("check", project, *place)
    for more in (place, ("--file", tmp_path / "sites.csv", *place[4:])):
        answer = run("check", project, *more, "--out", tmp_path / "c.csv", "--audience", "partners")
        assert answer["logged"] is True
    log = run("log", project)
    assert [(one["what"], one["file"], one["audience"]) for one in log["exports"]] == [
        ("look-up", "c.csv", "partners")
    ] * 2
    assert (
        log["exports"][1]["sha256"] == hashlib.sha256((tmp_path / "c.csv").read_bytes()).hexdigest()
    )


def test_a_command_writes_not_over_what_others_wrote_meanwhile(
    project: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = importing.keep

    def kept(*args: Any) -> None:
        monkeypatch.setattr(importing, "keep", keep)
        run("import", project, "services", tmp_path / "sites.csv", "--name", "First")
        keep(*args)

    monkeypatch.setattr(importing, "keep", kept)
    again = ["import", str(project), "services", str(tmp_path / "sites.csv"), "--name", "Second"]
    assert cli.main(again) == ProjectFileError.exit_code
    assert {one["name"] for one in run("info", project)["layers"]} == {"Sites", "First"}


MIXED = "name,lat,lon,kind\nHarbour Street,39.10,-84.51,needle exchange\nNowhere,,,housing\n"


def test_rows_that_were_left_out_are_logged_and_said_to_be_for_the_police(
    project: Path, tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mixed.csv").write_text(MIXED)
    whole = "one by one: for police analysts only."
    out = tmp_path / "left out.csv"
    answer = run("import", project, "services", tmp_path / "mixed.csv", "--rejected", out)
    assert answer["logged"] is True
    assert answer["notes"][-1] == f"Rows left out are in {out}, {whole}"
    check = ("check", project, "--file", tmp_path / "mixed.csv", "--at", "2026-03-31T22:00")
    again = tmp_path / "again.csv"
    answer = run(*check, "--audience", "public", "--rejected", again)
    assert answer["logged"] is True
    assert answer["notes"][-1] == f"Rows left out are in {again}, {whole}"
    lines = run("log", project)["exports"]
    said = [(line["what"], line["file"], line["audience"]) for line in lines]
    assert said == [("rejected rows", name, "police") for name in ("left out.csv", "again.csv")]
    for line, path in zip(lines, (out, again), strict=True):
        assert line["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    capsys.readouterr()
    both = [*check, "--rejected", again, "--out", tmp_path / "o.csv"]
    assert cli.main([str(part) for part in both]) == 0
    assert whole in capsys.readouterr().out
    lines = run("log", project)["exports"][2:]
    assert [line["what"] for line in lines] == ["look-up", "rejected rows"]


def test_a_first_import_logs_too(tmp_path: Path, run: Run) -> None:
    (tmp_path / "mixed.csv").write_text(MIXED)
    out, project = tmp_path / "r.csv", tmp_path / "new.gpkg"
    run("import", project, "services", tmp_path / "mixed.csv", "--rejected", out)
    assert [line["file"] for line in run("log", project)["exports"]] == ["r.csv"]


def test_nothing_is_left_out_of_one_place(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ("--lat", "39.1", "--lon", "-84.5", "--at", "2026-03-31T22:00")
    arguments = ["check", str(project), *place, "--rejected", str(tmp_path / "r.csv")]
    assert cli.main(arguments) == 20
    assert "--rejected is for tables and map files" in capsys.readouterr().err
