"""The main job on nine months of real stops and the needle-exchange pharmacies of London."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.conftest import Run


def needle_exchanges(data: Path, target: Path) -> int:
    """Write the pharmacies that hand out needles, from the two lists the NHS publishes."""
    with (data / "PharmacyServices.csv").open(encoding="cp1252", newline="") as file:
        ids = {
            row["OrganisationID"]
            for row in csv.DictReader(file, delimiter="¬")
            if "needle" in row["ServiceName"].casefold()
        }
    with (data / "Pharmacy_london.csv").open(encoding="cp1252", newline="") as file:
        reader = csv.DictReader(file, delimiter="¬")
        rows = [row for row in reader if row["OrganisationID"] in ids]
        names = reader.fieldnames or []
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)
    return len(rows)


@pytest.fixture(scope="module")
def project(shared_data: Path, tmp_path_factory: pytest.TempPathFactory, run: Run) -> Path:
    folder = tmp_path_factory.mktemp("london")
    project = folder / "london.gpkg"
    data = shared_data / "london"
    stops = run("import", project, "stops", data / "met_stop_and_search", "--name", "Stops")
    assert stops["read"] == 115_510
    assert stops["added"] == 104_943
    assert stops["rejected"] == 115_510 - 104_943
    assert stops["duplicates"] == 3_106
    assert stops["time_range"][0].startswith("2018-04-01T00:00:00")
    services = folder / "needle_exchanges.csv"
    assert needle_exchanges(data / "services", services) == 37
    assert run("import", project, "services", services, "--name", "Needle exchanges")["added"] == 37
    return project


def test_stops_within_200_m(project: Path, tmp_path: Path, run: Run) -> None:
    copy = tmp_path / "copy.gpkg"
    copy.write_bytes(project.read_bytes())
    run("zones", copy, "--around", "Needle exchanges", "--radius", "200m", "--basis", "a test")
    counts = run("count", copy, "Stops", "--ring", "200m")
    assert counts["inside"] == 1028
    assert counts["inside"] + counts["ring"] + counts["outside"] == 104_943


@pytest.mark.parametrize(("radius", "expected"), [("100m", 282), ("250m", 1578), ("400m", 3748)])
def test_published_counts(
    project: Path, tmp_path: Path, run: Run, radius: str, expected: int
) -> None:
    copy = tmp_path / "copy.gpkg"
    copy.write_bytes(project.read_bytes())
    run("zones", copy, "--around", "Needle exchanges", "--radius", radius, "--basis", "a test")
    assert run("count", copy, "Stops")["inside"] == expected


def test_partners_see_no_small_counts(project: Path, tmp_path: Path, run: Run) -> None:
    copy = tmp_path / "copy.gpkg"
    copy.write_bytes(project.read_bytes())
    run("zones", copy, "--around", "Needle exchanges", "--radius", "100m", "--basis", "a test")
    police = run("count", copy, "Stops")["by_zone"]
    partners = run("count", copy, "Stops", "--audience", "partners")["by_zone"]
    assert any(0 < count < 11 for count in police.values())
    assert all(count is None or count == 0 or count >= 11 for count in partners.values())
    assert partners.keys() == police.keys()
