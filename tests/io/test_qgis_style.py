"""The look of layers as QGIS reads it: XML that is whole, classes and conditions that agree."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.classes.symbology import class_numbers
from gisapp.io.project import gpkg_columns, project_file
from gisapp.io.qgis.expressions import NoEqual, to_qgis
from gisapp.io.qgis.style import layer_style, zones_style
from gisapp.layers import edits
from gisapp.layers.layer import Layer, Points, Shapes, new_layer
from gisapp.layers.project import Project
from gisapp.layers.style import Blend, Fill, Labels, PointDrawing, Style
from gisapp.layers.symbology import Category, Range, Rule, SymbolClass, Symbology
from gisapp.layers.vocabulary import LayerKind
from tests.io.projects import stops, whole_project

QGIS_PYTHON = Path("/usr/bin/python3")

COLORS = ("#112233", "#445566", "#778899")


def places(rows: int = 40, kind: LayerKind = LayerKind.OTHER) -> Layer:
    rng = np.random.default_rng(3)
    words = np.array(["needle exchange", "Housing", "it's 100%", ""], dtype=object)
    known = rng.random(rows) > 0.2
    table = pa.table(
        {
            "name": [f"Place {row}" for row in range(rows)],
            "kind of place": pa.array(words[rng.integers(0, 4, rows)], mask=~known),
            "beds": pa.array(rng.integers(0, 12, rows), mask=rng.random(rows) > 0.8),
            "share": pa.array(rng.random(rows)),
            "open": pa.array(rng.random(rows) > 0.5),
        }
    )
    points = Points(8.5 + rng.random(rows) / 50, 47.3 + rng.random(rows) / 50)
    return new_layer("Places", kind, table, points, {"name": "name"})


def with_symbology(layer: Layer, *classes: SymbolClass, **more: str) -> Layer:
    return layer.restyled(replace(layer.style, symbology=Symbology(classes, **more)))


def qml(layer: Layer) -> ET.Element:
    return ET.fromstring(layer_style(layer, gpkg_columns.stored_names(layer.table)).qml)


def prop(symbol: ET.Element | None, key: str) -> str:
    assert symbol is not None
    found = symbol.find(f".//prop[@k='{key}']")
    assert found is not None
    return found.get("v", "")


def renderer(root: ET.Element) -> ET.Element:
    found = root.find("renderer-v2")
    assert found is not None
    return found


def test_one_symbol_has_its_colour_size_and_opacity() -> None:
    layer = places()
    root = qml(layer.restyled(Style(color="#0072B2", size=6, opacity=0.5)))
    assert renderer(root).get("type") == "singleSymbol"
    assert prop(renderer(root), "color") == "0,114,178,128"
    assert prop(renderer(root), "size") == "6"
    assert prop(renderer(root), "size_unit") == "Point"


def test_blending_scales_and_names_are_carried() -> None:
    labels = Labels(column="beds", size=9, halo=False, priority=8, farthest=5000)
    style = Style(blend=Blend.MULTIPLY, nearest=1000, farthest=50_000, labels=labels)
    root = qml(places().restyled(style))
    assert (root.get("minScale"), root.get("maxScale")) == ("50000", "1000")
    assert root.get("hasScaleBasedVisibilityFlag") == "1"
    assert root.findtext("blendMode") == "6"
    assert root.get("labelsEnabled") == "1"
    text, halo = root.find(".//text-style"), root.find(".//text-buffer")
    rendering, placement = root.find(".//rendering"), root.find(".//placement")
    assert text is not None and (text.get("fieldName"), text.get("fontSize")) == ("beds", "9")
    assert halo is not None and halo.get("bufferDraw") == "0"
    assert rendering is not None and rendering.get("scaleMax") == "5000"
    assert placement is not None and placement.get("priority") == "8"


def test_events_are_never_named() -> None:
    layer = stops()
    style = replace(layer.style, labels=Labels(column="activity"))
    root = qml(layer.restyled(style))
    assert root.get("labelsEnabled") == "0"
    assert root.find("labeling") is None


def test_categories_and_all_others() -> None:
    classes = (
        SymbolClass("Homes", Category("Housing"), COLORS[0]),
        SymbolClass("Odd", Category("it's 100%"), COLORS[1], visible=False),
    )
    root = renderer(qml(with_symbology(places(), *classes, column="kind of place")))
    assert (root.get("type"), root.get("attr")) == ("categorizedSymbol", "kind of place")
    found = [(c.get("value"), c.get("label"), c.get("render")) for c in root.iter("category")]
    assert found == [
        ("Housing", "Homes", "true"),
        ("it's 100%", "Odd", "false"),
        ("", "All others", "true"),
    ]
    symbols = root.findall("symbols/symbol")
    assert [prop(one, "color") for one in symbols][:2] == ["17,34,51,255", "68,85,102,255"]


def test_amounts_are_graduated_where_every_row_has_a_range() -> None:
    classes = (
        SymbolClass("low", Range(0, 0.5, first=True), COLORS[0]),
        SymbolClass("high", Range(0.5, 1), COLORS[1]),
    )
    root = renderer(qml(with_symbology(places(), *classes, column="share")))
    assert (root.get("type"), root.get("attr")) == ("graduatedSymbol", "share")
    assert [(r.get("lower"), r.get("upper")) for r in root.iter("range")] == [
        ("0.0", "0.5"),
        ("0.5", "1.0"),
    ]
    # A graduated renderer draws nothing of rows without a number; ours draws them as others.
    root = renderer(qml(with_symbology(places(), *classes, column="beds")))
    assert root.get("type") == "RuleRenderer"


def test_what_qgis_cannot_say_gives_one_symbol_and_a_note() -> None:
    layer = with_symbology(places(), SymbolClass("odd", Rule("share.str.contains('1')")))
    made = layer_style(layer, gpkg_columns.stored_names(layer.table))
    assert renderer(ET.fromstring(made.qml)).get("type") == "singleSymbol"
    assert "share.str.contains" in made.notes
    heat = replace(places().style, points=PointDrawing.HEAT)
    assert "Heat" in layer_style(places().restyled(heat), {}).notes


def test_areas_are_hatched_as_on_our_map() -> None:
    table = pa.table({"name": ["North"]})
    area = Shapes(np.array([shapely.box(8, 47, 9, 48)], dtype=object))
    layer = new_layer("Areas", LayerKind.OTHER, table, area)
    root = qml(layer.restyled(Style(fill=Fill.CROSS_HATCHED, fill_opacity=0.5)))
    hatches = [one for one in root.iter("layer") if one.get("class") == "LinePatternFill"]
    assert [prop(one, "angle") for one in hatches] == ["45", "135"]
    assert root.findtext("layerGeometryType") == "2"


def test_zones_are_told_apart_by_status() -> None:
    root = renderer(ET.fromstring(zones_style().qml))
    looks = {one.get("value"): one.get("symbol") for one in root.iter("category")}
    symbols = {one.get("name"): one for one in root.findall("symbols/symbol")}
    draft = symbols[looks["draft"]]
    assert prop(draft, "use_custom_dash") == "1"
    expired = [one.get("class") for one in symbols[looks["expired"]].findall("layer")]
    assert "LinePatternFill" in expired


@given(st.text(), st.text(), st.text())
def test_no_text_breaks_the_xml(label: str, value: str, name: str) -> None:
    table = pa.table({name: ["a"]})
    layer = new_layer("L", LayerKind.OTHER, table, Points(np.zeros(1), np.zeros(1)))
    one = SymbolClass(label, Category(value or "x"))
    ET.fromstring(
        layer_style(with_symbology(layer, one, column=name), gpkg_columns.stored_names(table)).qml
    )


CONDITIONS = {
    "beds > 3": '"beds" > 3',
    "beds != 3": 'NOT coalesce("beds" = 3, false)',
    "not beds > 3": 'NOT coalesce("beds" > 3, false)',
    "`kind of place` == 'it\\'s 100%'": "\"kind of place\" = 'it''s 100%'",
    "beds in [1, 2]": '"beds" IN (1, 2)',
    "beds not in [1, -2]": 'NOT coalesce("beds" IN (1, -2), false)',
    "beds.isin([1, 2])": '"beds" IN (1, 2)',
    "beds.isna() or open == True": '("beds" IS NULL) OR ("open" = true)',
    "0.2 < share <= 0.8": '(0.2 < "share") AND ("share" <= 0.8)',
    "name.str.startswith('Place 1')": "left(coalesce(\"name\", ''), 7) = 'Place 1'",
    "`kind of place`.str.contains('h.u', case=False)":
        "regexp_match(coalesce(\"kind of place\", ''), '(?i)h.u') > 0",
    "`kind of place`.str.contains('100%', regex=False)":
        "strpos(coalesce(\"kind of place\", ''), '100%') > 0",
    "name.str.len() > 7 & ~(beds == 2)":
        "(length(coalesce(\"name\", '')) > 7) AND (NOT coalesce(\"beds\" = 2, false))",
}  # fmt: skip


@pytest.mark.parametrize(("ours", "theirs"), CONDITIONS.items())
def test_conditions_in_the_words_of_qgis(ours: str, theirs: str) -> None:
    layer = places()
    assert to_qgis(layer, ours, gpkg_columns.stored_names(layer.table)) == theirs


@pytest.mark.parametrize(
    "condition", ["share.str.lower() == 'a'", "nothing > 3", "beds + 1 > 2", "beds >", "__import__"]
)
def test_what_has_no_equal_is_refused(condition: str) -> None:
    layer = places()
    with pytest.raises(NoEqual):
        to_qgis(layer, condition, gpkg_columns.stored_names(layer.table))


# In the project file


def styles_in(path: Path) -> dict[str, tuple[int, str]]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT f_table_name, id, styleQML FROM layer_styles")
        return {table: (key, text) for table, key, text in rows}


def test_a_change_of_style_writes_one_row(tmp_path: Path) -> None:
    path, project = tmp_path / "p.gpkg", whole_project()
    project_file.save(project, path)
    before = styles_in(path)
    assert len(before) == len(project.layers) + 1
    first = project.layers[0]
    changed = edits.restyle_layer(first.id, Style(color="#123456")).apply(project)
    project_file.save(changed, path, project)
    after = styles_in(path)
    assert {table for table in after if after[table] != before[table]} == {first.name}
    assert project_file.holds(path, changed)
    # Only the row was written again: the rest of the file is what it was, and it opens.
    assert project_file.load(path).layers[0].style.color == "#123456"


def test_styles_follow_names_and_go_with_their_layers(tmp_path: Path) -> None:
    path = tmp_path / "p.gpkg"
    project = Project(layers=(places(), stops()))
    project_file.save(project, path)
    renamed = edits.rename_layer(project.layers[0].id, "Shelters").apply(project)
    project_file.save(renamed, path, project)
    assert set(styles_in(path)) == {"zones", "Shelters", "Stops"}
    removed = edits.remove_layer(project.layers[1].id).apply(renamed)
    project_file.save(removed, path, renamed)
    assert set(styles_in(path)) == {"zones", "Shelters"}


def test_a_file_without_styles_gets_them(tmp_path: Path) -> None:
    path, project = tmp_path / "p.gpkg", Project(layers=(places(),))
    project_file.save(project, path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE layer_styles")
        connection.execute("DELETE FROM gpkg_contents WHERE table_name = 'layer_styles'")
        connection.commit()
    opened = project_file.load(path)
    project_file.save(edits.set_title("New").apply(opened), path, opened)
    assert set(styles_in(path)) == {"zones", "Places"}


# In QGIS itself

_ASK = """
import json, sys
from qgis.core import QgsApplication, QgsFeatureRequest, QgsVectorLayer
app = QgsApplication([], False)
app.initQgis()
layer = QgsVectorLayer(sys.argv[1] + "|layername=Places", "p", "ogr")
rules = [rule.filterExpression() for rule in layer.renderer().rootRule().children()]
rows = [[f["fid"] for f in layer.getFeatures(QgsFeatureRequest().setFilterExpression(rule))]
        for rule in rules]
colors = [item.symbol().color().name() for item in layer.renderer().legendSymbolItems()]
print(json.dumps([layer.renderer().type(), rows, colors, layer.labelsEnabled(),
                  layer.minimumScale(), layer.labeling().settings().fieldName]))
"""


_ASK_POINTS = """
import json, sys
from qgis.core import QgsApplication, QgsSymbolLayer, QgsVectorLayer
app = QgsApplication([], False)
app.initQgis()
layer = QgsVectorLayer(sys.argv[1] + "|layername=Places", "p", "ogr")
drawn = layer.renderer()
if drawn.type() == "heatmapRenderer":
    ramp = drawn.colorRamp()
    print(json.dumps(["heatmapRenderer", drawn.radius(), int(drawn.radiusUnit()),
                      [ramp.color(at).getRgb() for at in (0.0, 0.5, 1.0)]]))
else:
    disc = drawn.clusterSymbol()
    text = disc.symbolLayer(2).dataDefinedProperties().property(QgsSymbolLayer.PropertyCharacter)
    print(json.dumps([drawn.type(), drawn.tolerance(), int(drawn.toleranceUnit()),
                      drawn.embeddedRenderer().type(), text.expressionString()]))
"""


def ask_qgis(path: Path, ask: str = _ASK) -> list[object]:
    if shutil.which("qgis") is None or not QGIS_PYTHON.exists():
        pytest.skip("QGIS is not installed")
    script = path.with_suffix(".py")
    script.write_text(ask)
    environment = {
        "QT_QPA_PLATFORM": "offscreen", "HOME": str(path.parent), "PATH": os.environ["PATH"],
    }  # fmt: skip
    done = subprocess.run(
        [str(QGIS_PYTHON), str(script), str(path)],
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=False,
    )
    if "No module named 'qgis'" in done.stderr:
        pytest.skip("QGIS has no Python here")
    answer: list[object] = json.loads(done.stdout.splitlines()[-1])
    return answer


def test_qgis_chooses_the_same_rows_by_itself(tmp_path: Path) -> None:
    classes = [
        SymbolClass(f"Class {number}", Rule(condition), f"#0000{number:02X}")
        for number, condition in enumerate(CONDITIONS)
    ]
    layer = with_symbology(places(), *classes)
    style = replace(layer.style, labels=Labels(column="name"), farthest=20_000)
    layer = layer.restyled(style)
    path = tmp_path / "p.gpkg"
    project_file.save(Project(layers=(layer,)), path)
    kind, rows, colors, named, farthest, column = ask_qgis(path)
    assert (kind, named, farthest, column) == ("RuleRenderer", True, 20_000, "name")
    assert style.symbology is not None
    numbers = class_numbers(layer, style.symbology)
    assert isinstance(rows, list) and isinstance(colors, list)
    expected = [(np.flatnonzero(numbers == n) + 1).tolist() for n in range(len(classes) + 1)]
    assert rows == expected
    assert colors[:3] == ["#000000", "#000001", "#000002"]


def drawn_as(layer: Layer, way: PointDrawing) -> Layer:
    return layer.restyled(replace(layer.style, points=way))


def test_heat_and_clusters_have_renderers_of_their_own() -> None:
    heat = renderer(qml(drawn_as(places(), PointDrawing.HEAT)))
    assert heat.get("type") == "heatmapRenderer"
    ramp = heat.find("colorramp")
    assert ramp is not None
    held = {one.get("k"): one.get("v", "") for one in ramp}
    assert held["color1"].endswith(",0") and held["stops"].count(";") == 4
    kinds = [SymbolClass("Homes", Category("Housing"), "#112233")]
    layer = with_symbology(
        drawn_as(places(), PointDrawing.CLUSTERS), *kinds, column="kind of place"
    )
    clusters = renderer(qml(layer))
    single = clusters.find("renderer-v2")
    assert clusters.get("type") == "pointCluster"
    assert single is not None and single.get("type") == "categorizedSymbol"


@pytest.mark.parametrize("kind", [LayerKind.SERVICES, LayerKind.DEPLOYMENTS])
def test_services_and_deployments_keep_their_symbols(kind: LayerKind) -> None:
    for way in PointDrawing:
        root = qml(drawn_as(places(kind=kind), way))
        assert renderer(root).get("type") == "singleSymbol"


def test_the_description_says_what_of_points_is_not_carried() -> None:
    def notes(way: PointDrawing) -> str:
        layer = drawn_as(places(), way)
        return layer_style(layer, gpkg_columns.stored_names(layer.table)).notes

    for way in (PointDrawing.HEXAGONS, PointDrawing.SQUARES):
        assert notes(way) == f"gisapp draws “{way.label}”; here each place is drawn."
    assert "none to the most in view" in notes(PointDrawing.HEAT)
    for way in (PointDrawing.CLUSTERS, PointDrawing.EACH, PointDrawing.AUTOMATIC):
        assert notes(way) == ""


def test_qgis_draws_heat_and_clusters(tmp_path: Path) -> None:
    path = tmp_path / "p.gpkg"
    layer = drawn_as(places(), PointDrawing.HEAT)
    project_file.save(Project(layers=(layer,)), path)
    kind, radius, unit, colors = ask_qgis(path, _ASK_POINTS)
    points_of_an_inch = 4
    assert (kind, radius, unit) == ("heatmapRenderer", 30.0, points_of_an_inch)
    assert isinstance(colors, list)
    alphas = [color[3] for color in colors]
    assert alphas == sorted(alphas) and alphas[0] == 0 and alphas[2] == round(0.88 * 255)
    path = tmp_path / "q.gpkg"
    project_file.save(Project(layers=(drawn_as(layer, PointDrawing.CLUSTERS),)), path)
    assert ask_qgis(path, _ASK_POINTS) == [
        "pointCluster",
        36.0,
        points_of_an_inch,
        "singleSymbol",
        "format_number(@cluster_size, 0)",
    ]
