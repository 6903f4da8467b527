"""`gisapp package --formats all`: every format in one package, which then verifies."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from gisapp import cli
from gisapp.io.patrol.formats.table import FORMATS
from gisapp.io.project import project_file
from tests.conftest import Run
from tests.io.packages import contents, project

DAY = "2025-06-02"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "p.gpkg"
    project_file.save(project("Quay"), path, None)
    return path


def test_all_formats_go_in_one_package_that_verifies(file: Path, run: Run) -> None:
    out = file.with_name("z.zip")
    again = file.with_name("again.zip")
    for path in (out, again):
        answer = run("package", file, "--day", DAY, "--out", path, "--formats", "all")
    assert answer["formats"] == [one.name for one in FORMATS]
    assert out.read_bytes() == again.read_bytes()
    assert {"zones.gdb.zip", "zones-tak.zip", "zones.parquet", "zones-1.4.gpkg"} <= set(
        contents(out)
    )
    assert run("verify", out, "--day", DAY)["problems"] == []


def test_the_domain_of_an_agency_is_in_the_nena_layer(file: Path, run: Run, tmp_path: Path) -> None:
    out = file.with_name("z.zip")
    more = ("--formats", "nena", "--agency", "Police.Example.org")
    answer = run("package", file, "--day", DAY, "--out", out, *more)
    assert answer["losses"] == []
    nena = tmp_path / "zones-nena.gpkg"
    nena.write_bytes(contents(out)[nena.name])
    connection = sqlite3.connect(nena)
    found = connection.execute("SELECT DISTINCT Agency_ID FROM NoEnforcementAreaPolygon").fetchall()
    connection.close()
    assert found == [("police.example.org",)]


@pytest.mark.parametrize("domain", ["police", "two words.org", "-a.org", "a" * 200 + ".org"])
def test_what_is_no_domain_is_refused(
    file: Path, domain: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["package", str(file), "--day", DAY, "--out", "z.zip", f"--agency={domain}"])
    assert ended.value.code == 2
    assert "write a domain name" in capsys.readouterr().err
