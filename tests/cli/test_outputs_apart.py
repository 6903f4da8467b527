"""No command writes over its project, over what it reads, or over another of its outputs."""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from gisapp import cli
from gisapp.cli.parser import COMMANDS, build_parser
from gisapp.cli.paths_given import layer_or_file, output
from gisapp.errors import ExportError
from gisapp.io.safe_files import written
from tests.conftest import Run

PLACES = "name,lat,lon,kind\nHarbour Street,39.10,-84.51,pharmacy\nNowhere,,,\n"
#: What is read, by command and option. Whatever else takes a path writes to it.
READ = {
    ("*", "project"),
    ("import", "files"),
    ("zones", "agreement"),
    ("agree", "files"),
    ("check", "file"),
    ("count", "layer"),
    ("deploy", "deployments"),
    ("package", "since"),
    ("package", "key"),
    ("verify", "package"),
    ("verify", "key"),
    ("diff", "old"),
    ("diff", "new"),
}
#: Names that only options of outputs have: one that is no path to the table is told by them.
OUTPUT_NAMES = ("out", "rejected", "write", "log", "report", "save", "to")


def options() -> Iterator[tuple[str, argparse.Action]]:
    table = build_parser()._subparsers
    assert table is not None
    [commands] = [one for one in table._group_actions if isinstance(one.choices, dict)]
    for name, command in commands.choices.items():
        yield from ((name, one) for one in command._actions)


def is_read(command: str, option: argparse.Action) -> bool:
    return bool({(command, option.dest), ("*", option.dest)} & READ)


def outputs() -> list[tuple[str, argparse.Action]]:
    return [(name, option) for name, option in options() if option.type is output]


def test_every_option_with_a_path_says_whether_it_is_read_or_written() -> None:
    assert {name for name, _ in options()} == set(COMMANDS)
    for command, option in options():
        where = f"{command} {option.dest}"
        if is_read(command, option):
            assert option.type in (Path, layer_or_file), where
        else:
            assert option.type is not Path, f"{where}: its type is `output`, or it belongs in READ"
        if option.dest in OUTPUT_NAMES:
            assert option.type is output, where


@pytest.fixture
def folder(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sites.csv").write_text(PLACES)
    run("import", "p.gpkg", "services", "sites.csv", "--name", "Sites")
    return tmp_path


def needed(command: str, skip: argparse.Action) -> list[str]:
    """What a command needs beside one option: its required ones, with words that parse."""
    given: list[str] = []
    for name, option in options():
        if name != command or option is skip or (not option.required and option.option_strings):
            continue
        if option.nargs in ("?", argparse.PARSER):
            continue
        words = {"project": "p.gpkg", "day": "2026-01-01", "kind": "services"}
        word = words.get(option.dest, "sites.csv")
        if option.choices and option.dest not in words:
            word = next(iter(option.choices))
        elif option.type is output:
            word = f"other-{option.dest}.csv"
        given += [*option.option_strings[:1], word]
    return given


def name_of(one: object) -> str:
    return getattr(one, "dest", str(one))


@pytest.mark.parametrize(
    ("command", "option"),
    [(command, option) for command, option in outputs() if command != "demo"],
    ids=name_of,
)
def test_no_output_of_any_command_is_the_project(
    command: str,
    option: argparse.Action,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = (folder / "p.gpkg").read_bytes()
    Path("link.pdf").symlink_to("p.gpkg")
    os.link("p.gpkg", "second.zip")
    Path("in").mkdir()
    for spelled in ("p.gpkg", "./in/../p.gpkg", str(folder / "p.gpkg"), "link.pdf", "second.zip"):
        told = [command, *needed(command, option), option.option_strings[0], spelled]
        known = set(folder.iterdir())
        assert cli.main(told) == ExportError.exit_code, told
        said = capsys.readouterr()
        assert said.out == ""
        assert "is the project itself" in said.err
        assert (folder / "p.gpkg").read_bytes() == before
        assert set(folder.iterdir()) == known


def check(*more: str) -> list[str]:
    return ["check", "p.gpkg", "--at", "2026-01-01", *more]


@pytest.mark.parametrize(
    "told",
    [
        check("--file", "sites.csv", "--out", "sites.csv"),
        check("--file", "sites.csv", "--rejected", "sites.csv"),
        check("--file", "sites.csv", "--out", "link.csv"),
        check("--file", "link.csv", "--out", "sites.csv"),
        check("--file", "sites.csv", "--out", "hard.csv"),
        check("--file", "many", "--out", "many"),
        check("--file", "shape.shp", "--out", "shape.dbf"),
        ["import", "p.gpkg", "services", "sites.csv", "--rejected", "sites.csv"],
        ["import", "p.gpkg", "services", "many", "--rejected", "many/in/sites.csv"],
        ["import", "p.gpkg", "services", "many", "--rejected", "hard2.csv"],
        ["deploy", "p.gpkg", "sites.csv", "--out", "sites.csv"],
        ["package", "p.gpkg", "--day", "2026-01-01", "--since", "old.zip", "--out", "old.zip"],
        ["package", "p.gpkg", "--day", "2026-01-01", "--key", "old.zip", "--out", "./old.zip"],
        ["agree", "p.gpkg", "many/terms.json", "--write", "many"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_nothing_is_written_over_what_is_read(
    folder: Path, told: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    Path("link.csv").symlink_to("sites.csv")
    os.link("sites.csv", "hard.csv")
    Path("many/in").mkdir(parents=True)
    shutil.copy("sites.csv", "many/in/sites.csv")
    os.link("many/in/sites.csv", "hard2.csv")
    for name in ("shape.shp", "shape.dbf", "old.zip", "many/terms.json"):
        Path(name).write_bytes(b"old")
    files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert cli.main(told) == ExportError.exit_code
    said = capsys.readouterr()
    assert said.out == ""
    assert "read here" in said.err
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == files


@pytest.mark.parametrize("other", ["ok.csv", "./ok.csv", "OK.csv", "to-ok.csv"])
def test_two_outputs_are_two_files(
    folder: Path, other: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("to-ok.csv").symlink_to("ok.csv")
    told = check("--file", "sites.csv", "--out", "ok.csv", "--rejected", other)
    assert cli.main(told) == ExportError.exit_code
    assert "--out and --rejected are the same file" in capsys.readouterr().err
    assert not Path("ok.csv").exists()


def test_a_new_project_and_its_rejected_rows_are_two_files(folder: Path) -> None:
    told = ["import", "new.gpkg", "services", "sites.csv", "--rejected", "new.gpkg"]
    assert cli.main(told) == ExportError.exit_code
    assert not Path("new.gpkg").exists()


def test_other_files_of_a_folder_may_be_written(folder: Path, run: Run) -> None:
    Path("many").mkdir()
    shutil.copy("sites.csv", "many/sites.csv")
    run("import", "p.gpkg", "services", "many", "--rejected", "rejected.csv")
    run("import", "p.gpkg", "services", "many", "--rejected", "rejected.csv")
    run(*check("--file", "sites.csv", "--out", "ok.csv", "--rejected", "no.csv"))
    assert Path("ok.csv").exists()
    assert Path("no.csv").exists()


def test_no_export_takes_the_place_of_any_project(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also not of another than the one that is open."""
    shutil.copy("p.gpkg", "other.gpkg")
    Path("to-other.csv").symlink_to("other.gpkg")
    before = Path("other.gpkg").read_bytes()
    for out in ("other.gpkg", "to-other.csv"):
        assert cli.main(check("--file", "sites.csv", "--out", out)) == ExportError.exit_code
        assert "is a project" in capsys.readouterr().err
    assert Path("other.gpkg").read_bytes() == before


def test_a_database_that_is_no_project_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE cells (fid INTEGER)")
    with written(path) as beside:
        beside.write_bytes(b"new")
    assert path.read_bytes() == b"new"
