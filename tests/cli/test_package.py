"""`gisapp package` and `gisapp verify` from the command line."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from gisapp import cli
from gisapp.io.patrol import signing
from gisapp.io.project import project_file
from tests.conftest import Run
from tests.io.packages import contents, packed, project, zone

DAY = "2025-06-02"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A project with a zone, and one in force with a flaw."""
    path = tmp_path / "p.gpkg"
    flawed = zone("Market", 1, basis_text="")
    project_file.save(project("Quay", radius_basis="").with_zone(flawed), path, None)
    return path


def packaged(run: Run, file: Path, name: str = "z.zip", *more: object) -> dict[str, object]:
    return run("package", file, "--day", DAY, "--out", file.with_name(name), *more)


def test_it_says_what_it_wrote_and_for_whom(
    file: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = packaged(
        run, file, "z.zip", "--formats", "geojson,shp", "--for", "Dispatch", "--by", "Office",
        "--terms", "duty",
    )  # fmt: skip
    assert answer["formats"] == ["geojson", "shp"]
    assert (answer["recipient"], answer["sent_by"], answer["terms"]) == (
        "Dispatch", "Office", "duty",
    )  # fmt: skip
    [refused] = answer["refused"]
    assert refused["zone_id"] == "zone-market"
    assert (refused["codes"], refused["in_force"]) == (["no_basis"], True)
    assert {one["format"] for one in answer["losses"]} == {"shp"}
    files = contents(file.with_name("z.zip"))
    assert {"zones.geojson", "zones.shp.zip", "zones.pdf", "manifest.sig"} <= files.keys()
    line = run("log", file)["exports"][-1]
    assert (line["what"], line["recipient"]) == ("patrol package", "Dispatch")


def test_losses_and_flaws_are_told_before_it_is_written(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = file.with_name("z.zip")
    arguments = ["package", str(file), "--day", DAY, "--out", str(out), "--formats", "shp"]
    assert cli.main(arguments) == 0
    said = capsys.readouterr()
    assert "In force and yet left out: Market" in said.err
    assert "units_not_bound → " in said.err
    assert "signed with the key" in said.out


def test_strict_refuses_all_for_one_flaw(file: Path) -> None:
    out = file.with_name("z.zip")
    arguments = ["package", str(file), "--day", DAY, "--out", str(out), "--strict"]
    assert cli.main(arguments) == 25
    assert not out.exists()


def test_the_same_command_gives_the_same_bytes(file: Path, run: Run) -> None:
    packaged(run, file)
    first = file.with_name("z.zip").read_bytes()
    packaged(run, file)
    assert file.with_name("z.zip").read_bytes() == first


def test_a_change_package_goes_on_from_the_one_before(file: Path, run: Run) -> None:
    packaged(run, file)
    saved = project_file.load(file)
    project_file.save(replace(saved.with_zone(zone("Bridge", 4))), file, saved)
    answer = packaged(run, file, "new.zip", "--since", file.with_name("z.zip"))
    assert answer["kind"] == "change"
    assert [one["name"] for one in answer["zones"]] == ["Bridge"]
    other = file.with_name("other.pem")
    signing.own_key(other)
    again = ["package", str(file), "--day", DAY, "--out", str(file.with_name("no.zip"))]
    again += ["--since", str(file.with_name("z.zip")), "--key", str(other)]
    assert cli.main(again) == 20
    trusted = signing.own_key().fingerprint
    assert cli.main([*again, "--fingerprint", trusted]) == 0


def test_verify_answers_with_what_is_wrong(file: Path, run: Run, tmp_path: Path) -> None:
    packaged(run, file)
    path = file.with_name("z.zip")
    good = run("verify", path, "--day", DAY)
    assert good["good"]
    assert good["signed_by"] == signing.own_key().fingerprint
    assert good["manifest"]["counts"]["flawed"] == 1
    assert run("verify", path, "--day", DAY, "--fingerprint", good["signed_by"])["good"]
    key = tmp_path / "key.pem"
    key.write_bytes(contents(path)["public_key.pem"])
    assert run("verify", path, "--day", DAY, "--key", key)["notes"] == []


def test_a_tampered_package_is_told_in_plain_words(
    file: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    packaged(run, file)
    files = contents(file.with_name("z.zip"))
    files["zones.csv"] += b"more"
    path = packed(files, file.with_name("t.zip"))
    assert cli.main(["verify", str(path), "--day", DAY]) == 20
    said = capsys.readouterr().out
    assert "NOT GOOD" in said
    assert "zones.csv: it was changed after it was exported" in said
    assert cli.main(["verify", str(path), "--day", DAY, "--json"]) == 20
    answer = json.loads(capsys.readouterr().out)
    assert not answer["good"]
    assert answer["problems"][0]["file"] == "zones.csv"


def test_much_that_is_wrong_alike_is_told_in_few_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "p.gpkg", tmp_path / "z.zip"
    ends = project("Quay", expires=date(2025, 12, 31))
    for number in range(1, 15):
        ends = ends.with_zone(zone(f"Market {number}", number))
    project_file.save(ends, path, None)
    assert cli.main(["package", str(path), "--day", DAY, "--out", str(out)]) == 0
    capsys.readouterr()
    assert cli.main(["verify", str(out), "--day", "2026-06-02"]) == 20
    said = capsys.readouterr().out
    assert said.count("no longer holds") == 10
    assert "5 more of this kind" in said
    assert "15 zones in force on 2 June 2025" in said


def test_a_change_package_says_what_it_is(
    file: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    packaged(run, file)
    later = project("Quay", radius_basis="settled by the partners").with_zone(
        zone("Market", 1, basis_text="agreed")
    )
    changed = file.with_name("later.gpkg")
    project_file.save(replace(later, id=project_file.load(file).id), changed, None)
    out = file.with_name("changes.zip")
    base = ("--since", str(file.with_name("z.zip")))
    assert cli.main(["package", str(changed), "--day", DAY, "--out", str(out), *base]) == 0
    capsys.readouterr()
    assert cli.main(["verify", str(out), "--day", DAY]) == 0
    assert "changes up to 2 June 2025: 1 added, " in capsys.readouterr().out


def test_a_package_is_judged_today_unless_another_day_is_named(file: Path, run: Run) -> None:
    saved = project_file.load(file)
    ended = replace(saved.agreements["quay"], expires=saved.agreements["quay"].effective)
    project_file.save(saved.with_agreement(ended), file, saved)
    run("package", file, "--day", "2025-01-01", "--out", file.with_name("z.zip"))
    assert cli.main(["verify", str(file.with_name("z.zip"))]) == 20
    assert cli.main(["verify", str(file.with_name("z.zip")), "--day", "2025-01-01"]) == 0


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (["--formats", "dgn"], 25),
        (["--key", "none.pem"], 25),
        (["--since", "none.zip"], 20),
        (["--since", "none.zip", "--fingerprint", "abc"], 20),
    ],
)
def test_what_cannot_be_done_is_said(file: Path, more: list[str], code: int) -> None:
    out = file.with_name("z.zip")
    assert cli.main(["package", str(file), "--day", DAY, "--out", str(out), *more]) == code
    assert not out.exists()
