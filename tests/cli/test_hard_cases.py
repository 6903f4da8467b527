"""Whatever is given on the command line or happens on the way: a sentence, and the right code."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from gisapp import cli
from gisapp.errors import ExportError
from gisapp.io.reading import importing
from gisapp.io.safe_files import written
from gisapp.progress import Progress
from tests.conftest import ROOT, Run

SITES = """\
name,lat,lon,kind
Harbour Street,39.10,-84.51,needle exchange
Mill Lane,39.12,-84.50,pharmacy
"""


@pytest.fixture
def project(tmp_path: Path, run: Run) -> Path:
    (tmp_path / "sites.csv").write_text(SITES)
    run("import", tmp_path / "p.gpkg", "services", tmp_path / "sites.csv", "--name", "Sites")
    return tmp_path / "p.gpkg"


def code_of(*arguments: object) -> int:
    return cli.main([str(argument) for argument in arguments])


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command line of bash in which `gisapp` is this gisapp."""
    own = f"gisapp() {{ '{sys.executable}' -m gisapp \"$@\"; }}; set -o pipefail; "
    return subprocess.run(
        ["bash", "-c", own + command],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="needs bash")
@pytest.mark.parametrize(
    ("ending", "code", "said"),
    [
        ("| (exec <&-; sleep 1)", 0, ""),
        (">&-", 0, ""),
        pytest.param(
            "> /dev/full", 25, "no space left",
            marks=pytest.mark.skipif(
                not Path("/dev/full").is_char_device(), reason="there is no /dev/full"
            ),
        ),
    ],
)  # fmt: skip
def test_an_answer_that_nobody_takes(project: Path, ending: str, code: int, said: str) -> None:
    done = shell(f"gisapp info '{project}' --json {ending}")
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert said in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="needs bash")
def test_a_terminal_of_few_characters_gets_the_answer(project: Path) -> None:
    done = shell(
        f"gisapp info '{project}' --json; gisapp info nowhere.gpkg", PYTHONIOENCODING="ascii"
    )
    assert done.returncode == 24
    assert json.loads(done.stdout)["layers"][0]["name"] == "Sites"
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("import", "new.gpkg", "services", "sites.csv", "--name", "\udcff"),
        ("import", "new.gpkg", "services", "sites.csv", "--map", "name=\udcff"),
        ("zones", "p.gpkg", "--around", "Sites", "--radius", "9m", "--basis", "\udcff"),
        ("map", "p.gpkg", "--audience", "public", "--out", "map.html", "--title", "\udcff"),
    ],
)
def test_bytes_that_are_no_characters_are_refused(
    project: Path,
    arguments: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(project.parent)
    assert code_of(*arguments) == 20
    assert "no characters" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux takes any byte in a name")
def test_a_file_with_an_odd_name_comes_in_under_a_printable_one(tmp_path: Path, run: Run) -> None:
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/a\nb\"'\xff.csv"))
    odd.write_text(SITES)
    answer = run("import", tmp_path / "p.gpkg", "services", odd)
    assert answer["layer"] == "A b\"'?"
    run("map", tmp_path / "p.gpkg", "--audience", "public", "--out", tmp_path / "map.html")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux takes any byte in a name")
def test_a_project_with_an_odd_name_is_refused_before_it_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sites.csv").write_text(SITES)
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/\xff.gpkg")
    assert code_of("import", odd, "services", tmp_path / "sites.csv") == 24
    assert "no characters" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["sites.csv"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("info", "x" * 300), 24),
        (("deploy", "p.gpkg", "x" * 300), 24),
        (("check", "p.gpkg", "--lat", "39", "--lon", "4", "--at", "0001-01-01T00:00+14:00"), 20),
        (("check", "p.gpkg", "--lat", "39", "--lon", "4", "--at", "9999-12-31T23:59-14:00"), 20),
        (("check", "p.gpkg", "--file", "wide.csv", "--at", "2026-01-01"), 20),
        (("check", "p.gpkg", "--file", "empty.csv", "--at", "2026-01-01"), 20),
        (("check", "p.gpkg", "--lat", "39", "--lon", "4", "--at", "2026-01-01", "--out", "."), 25),
        (("check", "p.gpkg", "--lat", "39", "--lon", "4", "--at", "2026-01-01", "--out", ""), 25),
        (("count", "p.gpkg", "Sites", "--ring", "9" * 30 + "m"), 20),
        (("count", "p.gpkg", "Sites", "--ring", "9" * 400 + "m"), 20),
        (("zones", "p.gpkg", "--around", "Sites", "--basis", "x", "--radius", "20000km"), 20),
        (("zones", "p.gpkg", "--around", "Sites", "--basis", "x", "--radius", "0.0001m"), 20),
        (("hotspots", "p.gpkg", "Sites", "--method", "gistar", "--cell", "20000km"), 20),
    ],
)
def test_hopeless_wishes_get_a_sentence(
    project: Path,
    arguments: tuple[str, ...],
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = project.parent
    monkeypatch.chdir(folder)
    (folder / "wide.csv").write_text('lat,lon\n"' + "1" * 200_000 + '",0\n')
    (folder / "empty.csv").write_text("")
    before, known = project.read_bytes(), set(folder.iterdir())
    more = ("--out", "cells.gpkg") if arguments[0] == "hotspots" else ()
    assert code_of(*arguments, *more) == code
    said = capsys.readouterr().err
    assert said.startswith("gisapp: ")
    assert "Traceback" not in said
    assert project.read_bytes() == before
    assert set(folder.iterdir()) == known


def test_a_circle_round_a_pole_is_refused(
    tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sites.csv").write_text("name,lat,lon\nNorth,89.9999,10\nSouth,-80,5\n")
    project = tmp_path / "p.gpkg"
    run("import", project, "services", tmp_path / "sites.csv", "--name", "Sites")
    assert code_of("zones", project, "--around", "Sites", "--radius", "200m", "--basis", "x") == 20
    assert "pole" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="needs named pipes")
def test_a_device_or_pipe_is_never_replaced_by_a_file(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    arguments = ("--lat", "39", "--lon", "4", "--at", "2026-01-01", "--out", pipe)
    assert code_of("check", project, *arguments) == 25
    assert "not a file" in capsys.readouterr().err
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_link_is_written_through(project: Path, tmp_path: Path, run: Run) -> None:
    target, link = tmp_path / "real.csv", tmp_path / "link.csv"
    target.write_text("old")
    try:
        link.symlink_to(target)
    except OSError:
        pytest.skip("links cannot be made here")
    run("check", project, "--lat", 39, "--lon", 4, "--at", "2026-01-01", "--out", link)
    assert link.is_symlink()
    assert target.read_text().startswith("lon,lat")


@pytest.mark.parametrize("name", ['gpkg_contents"; DROP TABLE x;--', "rtree_x", "../../x", "'"])
def test_names_of_layers_do_no_harm(tmp_path: Path, run: Run, name: str) -> None:
    (tmp_path / "sites.csv").write_text(SITES)
    project = tmp_path / "p.gpkg"
    run("import", project, "services", tmp_path / "sites.csv", "--name", name)
    run(
        "hotspots", project, name, "--method", "kde", "--cell", "1km", "--bandwidth", "2km",
        "--out", tmp_path / "cells.gpkg",
    )  # fmt: skip
    assert run("info", project)["layers"][0]["name"] == name
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cells.gpkg", "p.gpkg", "sites.csv"]


def test_a_folder_that_may_not_be_opened(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "exists", refused)
    assert code_of("info", project) == 24
    assert "permission denied" in capsys.readouterr().err
    with pytest.raises(ExportError, match="permission denied"), written(project):
        pass


def test_an_interruption_that_is_swallowed_still_ends_the_work(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    probe = importing.probe

    def swallowing(paths: Sequence[Path], progress: Progress) -> importing.Source:
        with contextlib.suppress(KeyboardInterrupt):  # as libraries do while they are loaded
            signal.raise_signal(signal.SIGINT)
        return probe(paths, progress)

    monkeypatch.setattr(importing, "probe", swallowing)
    before, handler = project.read_bytes(), signal.getsignal(signal.SIGINT)
    assert code_of("import", project, "services", project.parent / "sites.csv") == 130
    assert "Nothing was changed" in capsys.readouterr().err
    assert project.read_bytes() == before
    assert signal.getsignal(signal.SIGINT) is handler


def test_partners_read_no_small_count_in_the_answers(
    tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [f"2024-03-{1 + n % 28:02} 10:00,{51.5 + n % 7 / 1e4},-0.1" for n in range(60)]
    rows += ["2024-03-05 03:00,,"] * 3
    (tmp_path / "stops.csv").write_text("\n".join(["time,lat,lon", *rows]))
    project = tmp_path / "p.gpkg"
    zone = ("--timezone", "Europe/London", "--name", "Stops")
    run("import", project, "stops", tmp_path / "stops.csv", *zone)
    capsys.readouterr()
    assert code_of("count", project, "Stops", "--audience", "partners") == 0
    said = capsys.readouterr().out
    assert "63" not in said
    assert "have no place" not in said
    assert code_of("count", project, "Stops", "--audience", "patrol") == 20
    assert "Stops are not shown to patrol systems" in capsys.readouterr().err


def test_others_than_police_are_told_what_two_rings_tell(project: Path, run: Run) -> None:
    """The difference of two such counts is of very few people, and each is made alone."""
    told = run("count", project, "Sites", "--ring", "205m", "--audience", "partners")
    assert "by their difference" in told["notes"][0]
    assert "notes" not in run("count", project, "Sites", "--audience", "partners")
    assert "notes" not in run("count", project, "Sites", "--ring", "205m")


@pytest.mark.parametrize("audience", ["public", "partners", None])
def test_cells_for_others_than_police_hold_no_small_count(
    tmp_path: Path, run: Run, audience: str | None
) -> None:
    rows = [f"{51.5 + n % 7 / 1e3},-0.1" for n in range(60)] + ["51.52,-0.12"] * 7
    (tmp_path / "stops.csv").write_text("\n".join(["lat,lon", *rows]))
    project, out = tmp_path / "p.gpkg", tmp_path / "cells.geojson"
    run("import", project, "stops", tmp_path / "stops.csv", "--name", "Stops")
    wishes = ("--method", "kde", "--cell", "100m", "--bandwidth", "300m", "--out", out)
    who = ("--audience", audience) if audience else ()
    assert not run("hotspots", project, "Stops", *wishes, *who)["small_counts"]
    told = [one["properties"]["count"] for one in json.loads(out.read_text())["features"]]
    assert told
    assert all(count is None or count == 0 or count > 10 for count in told)
    assert run("hotspots", project, "Stops", *wishes, "--audience", "police")["small_counts"]
    told = [one["properties"]["count"] for one in json.loads(out.read_text())["features"]]
    assert 7 in told


def test_a_restricted_layer_gives_no_cells_to_partners(
    tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "calls.csv").write_text("lat,lon\n51.5,-0.1\n51.51,-0.1\n")
    project, out = tmp_path / "p.gpkg", tmp_path / "cells.geojson"
    run("import", project, "other", tmp_path / "calls.csv", "--name", "Calls")
    wishes = (project, "Calls", "--method", "kde", "--out", out)
    assert code_of("hotspots", *wishes, "--audience", "partners") == 25
    assert "not for partners" in capsys.readouterr().err
    assert not out.exists()
