"""`gisapp briefing` and `gisapp instruction` on the sample city."""

from __future__ import annotations

from pathlib import Path

import pytest

from gisapp import cli
from gisapp.cli.briefing import hours_in
from gisapp.errors import DataError
from gisapp.io.project import project_file
from gisapp.journeys import sample_project
from gisapp.progress import Progress
from tests.conftest import Run


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("city") / "city.gpkg"
    project_file.save(sample_project(Progress()), path)
    return path


def test_a_deployment_is_briefed_for_its_own_hours(city: Path, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "dogs.pdf"
    answer = run("briefing", city, "--out", out, "--deployment", "harbour front dogs")
    assert out.read_bytes().startswith(b"%PDF")
    assert answer["zones"] == ["Harbour House"]
    assert (answer["area"], answer["unit"]) == ("Harbour front dogs", "Dog unit")
    assert answer["start"].startswith("2026-03-27T22:00")
    assert (answer["pages"], answer["logged"]) == (1, True)


def test_hours_and_area_are_as_asked(city: Path, run: Run, tmp_path: Path) -> None:
    answer = run(
        "briefing", city, "--out", tmp_path / "a.docx", "--area", "Old Quay",
        "--day", "2026-03-27", "--hours", "19:00-03:00", "--paper", "Letter", "--title", "Late",
    )  # fmt: skip
    assert answer["zones"] == ["Market Square", "Quayside Needle Exchange"]
    assert answer["end"].startswith("2026-03-28T03:00")
    assert answer["pages"] is None


def test_an_instruction_names_the_agreements_in_force(city: Path, run: Run, tmp_path: Path) -> None:
    answer = run("instruction", city, "--out", tmp_path / "i.pdf", "--day", "2026-03-27")
    assert answer["agreements"] == ["Harbour House premises", "Services in opening hours"]
    assert len(answer["areas"]) == 7 and answer["pages"] > 1
    large = run(
        "instruction", city, "--out", tmp_path / "l.pdf", "--day", "2026-03-27", "--large-print"
    )
    assert large["points"] == pytest.approx(18) and large["pages"] > answer["pages"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--day", "2026-03-27", "--area", "Nowhere"], 20, "no zone and no district “Nowhere”"),
        (["--day", "2026-03-27", "--deployment", "None"], 20, "no deployment “None”"),
        (["--day", "2026-03-27", "--view", "None"], 20, "no view “None”"),
        (["--area", "Old Quay"], 20, "Which day"),
        (["--day", "2026-03-27", "--hours", "late"], 20, "are no hours of a shift"),
        (["--day", "2001-03-27"], 25, "No zone in the whole jurisdiction is in force"),
    ],
)
def test_what_cannot_be_briefed_is_refused_in_a_sentence(
    city: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    words: str,
) -> None:
    out = tmp_path / "a.pdf"
    assert cli.main(["briefing", str(city), "--out", str(out), *arguments]) == code
    assert words in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize("text", ["", "9", "25:00-01:00", "19:60-20:00", "24:30-01:00", "a-b"])
def test_what_are_no_hours(text: str) -> None:
    with pytest.raises(DataError):
        hours_in(text)


def test_hours_may_be_short() -> None:
    start, end = hours_in("7-1530")
    assert (start.hour, end.hour, end.minute) == (7, 15, 30)
    assert hours_in("18:00-24:00")[1].hour == 0
