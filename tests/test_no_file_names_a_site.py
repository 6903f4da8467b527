"""Every kind of file for others, of a project that writes confidential names in odd ways."""

from __future__ import annotations

import json
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from shutil import which
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
import shapely

from gisapp.io.project.project_file import save
from gisapp.layers import geodesy
from gisapp.layers.agreement import Agreement, LegalBasis, Party, Status
from gisapp.layers.audience import Sensitivity
from gisapp.layers.folded_text import folded
from gisapp.layers.layer import Layer, Points, Provenance, Shapes, new_layer
from gisapp.layers.project import Project
from gisapp.layers.terms import Offence, Terms
from gisapp.layers.vocabulary import Activity, LayerKind, PartyRole
from gisapp.layers.zone import Zone, circle_zone
from tests.conftest import Run
from tests.io.packages import everything

LON, LAT = -3.31, 55.255
HIDDEN = ("ZZSHELTER Rose House", "ZZSAFE Lily")
#: The same names as people write them, the last in full width.
ODD = (
    "zzshelter  rose\u00a0house",
    "ZZShelter-Rose\nHouse",
    "ZZ\u00adSAFE\u200b Lily",
    "Zzs\u00e1fe \u2019Lily\u2019",
    "Z Z S A F E   L I L Y",
    "\uff3a\uff3a\uff33\uff21\uff26\uff25 \uff2c\uff49\uff4c\uff59",
)
PHONE = "01632 960 166"
DAY = date(2026, 3, 24)


def odd(number: int, before: str = "By ", after: str = " garden") -> str:
    return f"{before}{ODD[number % len(ODD)]}{after}"


def places(kind: LayerKind, name: str, at: list[tuple[float, float]], table: pa.Table) -> Layer:
    lon, lat = (np.array(values) for values in zip(*at, strict=True))
    fields = {one: one for one in table.column_names}
    made = new_layer(name, kind, table, Points(lon, lat), fields)
    source = Provenance(sources=(f"{odd(4)}.csv",))
    return replace(made, sensitivity=Sensitivity.PUBLIC, provenance=source)


def services() -> Layer:
    table = pa.table(
        {
            "name": [*HIDDEN, "Open Door", odd(2, "Annex of ", "")],
            "service_type": ["shelter", "shelter", "drop-in", "drop-in"],
            "hours": ["24/7", "24/7", "24/7", odd(3)],
            "phone": ["", "", odd(1, "Ask ", f" {PHONE}"), ""],
            "confidential": ["yes", "yes", "", ""],
        }
    )
    at = [(LON, LAT), (LON + 0.03, LAT), (LON + 0.01, LAT + 0.01), (LON - 0.01, LAT + 0.01)]
    return places(LayerKind.SERVICES, odd(0, "List of ", ""), at, table)


def districts() -> Layer:
    table = pa.table({"name": [odd(1)]})
    shapes = Shapes(np.array([shapely.box(LON - 0.1, LAT - 0.1, LON + 0.1, LAT + 0.1)]))
    layer = new_layer(odd(2), LayerKind.BOUNDARIES, table, shapes, {"name": "name"})
    return replace(layer, sensitivity=Sensitivity.PUBLIC)


def deployments() -> Layer:
    times = [pa.array([np.datetime64(f"2026-03-24T{hour}:00", "us")]) for hour in ("10", "12")]
    start, end = (pc.assume_timezone(one, "Europe/London") for one in times)
    texts = {"name": odd(0), "unit": odd(1, "Unit "), "purpose": odd(2), "streets": odd(3)}
    table = pa.table({key: [text] for key, text in texts.items()} | {"start": start, "end": end})
    area = geodesy.circle(LON + 0.01, LAT + 0.01, 400)
    fields = {one: one for one in table.column_names}
    layer = new_layer(odd(4), LayerKind.DEPLOYMENTS, table, Shapes(np.array([area])), fields)
    return replace(layer, sensitivity=Sensitivity.PARTNER)


def stops() -> Layer:
    rng = np.random.default_rng(5)
    at = [(LON + east, LAT + 0.01 + north) for east, north in rng.normal(0, 0.01, (400, 2))]
    kinds = pa.table({"activity": [odd(n) for n in range(len(at))]})
    return places(LayerKind.STOPS, odd(5, "Stops near ", ""), at, kinds)


def terms() -> Agreement:
    return Agreement(
        odd(0, "Agreement of "),
        status=Status.AGREED,
        parties=(
            Party("Police", PartyRole.POLICE, signed_on=date(2025, 1, 1)),
            Party(odd(1), PartyRole.SERVICE, odd(2), date(2025, 1, 1)),
        ),
        effective=date(2025, 1, 1),
        suspended=(Activity.ARREST, Activity.DRUG_SEARCH),
        suspended_other=odd(3),
        persons=odd(4),
        exceptions_other=odd(5),
        units_bound=odd(1, "Unit "),
        units_not_bound=odd(1, "Staff "),
        referral_contact=odd(2, "Call ", f", {PHONE}, desk@example.org"),
        legal_basis=(LegalBasis(odd(3), odd(4), odd(5)),),
        offences=(Offence(odd(0)),),
        radius_basis=odd(1),
        recording=odd(2),
        notes=odd(3),
        evaluation_design=odd(4),
        notice=odd(5),
        timezone="Europe/London",
        id="terms",
    )


def project() -> Project:
    plain = circle_zone(odd(2), LON + 0.01, LAT + 0.01, 150, odd(0), agreement_id="terms", id="a")
    other = replace(
        circle_zone(odd(4), LON - 0.01, LAT + 0.01, 150, odd(5), agreement_id="terms", id="b"),
        note=odd(1), parts=odd(3), streets=(odd(0),), radius_text=odd(1),
        terms=Terms(suspended=(Activity.ARREST,), exceptions_other=odd(1), persons=odd(2)),
    )  # fmt: skip
    drawn = shapely.box(LON - 0.002, LAT - 0.001, LON + 0.009, LAT + 0.007)
    around = Zone(odd(0), drawn, basis_text=odd(1), service=ODD[0], agreement_id="terms", id="c")
    return Project(
        title=odd(5, "Town of ", ""),
        timezone="Europe/London",
        layers=(districts(), stops(), services(), deployments()),
        zones={zone.id: zone for zone in (plain, other, around)},
        agreements={"terms": terms()},
    )


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("town") / "town.gpkg"
    save(project(), path)
    return path


@pytest.fixture
def copy(town: Path, tmp_path: Path) -> Path:
    path = tmp_path / "town.gpkg"
    path.write_bytes(town.read_bytes())
    return path


def said_in(path: Path) -> str:
    """All that a file says, however it is packed."""
    packed = path.with_suffix(".all.zip")
    with zipfile.ZipFile(packed, "w") as into:
        into.write(path, "file" + path.suffix)
    texts = list(everything(packed).values())
    if path.suffix == ".pdf" and which("pdftotext") is not None:
        done = subprocess.run(
            ["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True
        )
        texts.append(done.stdout.decode())
    if path.suffix in (".json", ".geojson"):
        texts.append(str(json.loads(path.read_text("utf-8"))))
    if path.suffix == ".ics":
        texts.append(path.read_text("utf-8").replace("\n ", "").replace("\\n", "\n"))
    return "\n".join(texts)


def names_nobody(text: str) -> None:
    plain = folded(text.replace("\\u", " \\u")).replace(" ", "")
    for part in ("zzshelter", "rosehouse", "zzsafe", "safelily"):
        at = plain.find(part)
        assert at < 0, plain[max(at - 80, 0) : at + 40]
    assert PHONE.replace(" ", "") not in plain and "deskexample" not in plain


@pytest.mark.parametrize("audience", ["public", "partners", "patrol", "police"])
@pytest.mark.parametrize("ending", ["html", "pdf", "png", "svg"])
def test_maps(copy: Path, tmp_path: Path, run: Run, ending: str, audience: str) -> None:
    out = tmp_path / f"map.{ending}"
    answer = run("map", copy, "--out", out, "--audience", audience, "--day", DAY)
    names_nobody(said_in(out))
    names_nobody(str({key: value for key, value in answer.items() if key != "out"}))


@pytest.mark.parametrize("ending", ["csv", "geojson", "ics", "txt", "pdf"])
def test_deployments(copy: Path, tmp_path: Path, run: Run, ending: str) -> None:
    out = tmp_path / f"list.{ending}"
    run("deploy", copy, odd(4), "--out", out)
    text = said_in(out)
    assert "a service" in folded(text) or ending == "pdf"
    names_nobody(text)


@pytest.mark.parametrize("command", ["briefing", "instruction"])
@pytest.mark.parametrize("ending", ["pdf", "docx"])
def test_papers(copy: Path, tmp_path: Path, run: Run, command: str, ending: str) -> None:
    out = tmp_path / f"paper.{ending}"
    run(command, copy, "--day", DAY, "--out", out)
    names_nobody(said_in(out))


def test_package(copy: Path, tmp_path: Path, run: Run) -> None:
    out = tmp_path / "package.zip"
    run("package", copy, "--day", DAY, "--out", out, "--format", "all")
    names_nobody("\n".join(everything(out).values()))


HERE = ("--lat", str(LAT + 0.01), "--lon", str(LON + 0.01))
AT = ("--at", f"{DAY}T10:00")


@pytest.mark.parametrize("audience", ["public", "partners", "patrol"])
def test_what_applies_at_a_place(copy: Path, tmp_path: Path, run: Run, audience: str) -> None:
    answer = run("check", copy, *HERE, *AT, "--audience", audience)
    names_nobody(json.dumps(answer, ensure_ascii=False))
    out = tmp_path / "answer.csv"
    run("check", copy, *HERE, *AT, "--audience", audience, "--out", out)
    names_nobody(said_in(out))


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_what_applies_at_many(copy: Path, tmp_path: Path, run: Run, ending: str) -> None:
    rows = tmp_path / f"rows.{ending}"
    table = pa.table({"id": [1, 2], "lon": [LON + 0.01, LON - 0.01], "lat": [LAT + 0.01] * 2})
    _write(rows, table)
    out = tmp_path / f"out.{ending}"
    kind = ("--kind", "other") if ending == "parquet" else ()
    answer = run(
        "check", copy, "--file", rows, *AT, "--audience", "partners", "--out", out, *kind
    )  # fmt: skip
    text = said_in(out)
    assert "drug_search" in text
    names_nobody(text)
    names_nobody(json.dumps({**answer, "out": ""}, ensure_ascii=False))


def _write(path: Path, table: pa.Table) -> None:
    writers: dict[str, Callable[[], Any]] = {".csv": lambda: _csv(path, table)}
    writers.get(path.suffix, lambda: _parquet(path, table))()


def _csv(path: Path, table: pa.Table) -> None:
    lines = [",".join(table.column_names)]
    lines += [",".join(map(str, row.values())) for row in table.to_pylist()]
    path.write_text("\n".join(lines) + "\n")


def _parquet(path: Path, table: pa.Table) -> None:
    import geopandas

    points = geopandas.points_from_xy(table["lon"].to_numpy(), table["lat"].to_numpy())
    frame = geopandas.GeoDataFrame(table.to_pandas(), geometry=points, crs=4326)
    frame.drop(columns=["lon", "lat"]).to_parquet(path)


def test_hotspots_and_counts(copy: Path, tmp_path: Path, run: Run) -> None:
    layer, out = odd(5, "Stops near ", ""), tmp_path / "hot.gpkg"
    answer = run(
        "hotspots", copy, layer, "--method", "kde", "--cell", "200m", "--bandwidth", "900m",
        "--audience", "partners", "--out", out,
    )  # fmt: skip
    names_nobody(said_in(out))
    names_nobody(json.dumps(answer | {"out": ""}, ensure_ascii=False))
    counted = run("count", copy, layer, "--audience", "partners", "--ignore-dates")
    names_nobody(json.dumps(counted, ensure_ascii=False))
