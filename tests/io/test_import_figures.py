"""The published figures of the real data: rows read, located, rejected, and given twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from gisapp.errors import CrsError, DataError
from gisapp.io.reading.importing import ImportResult, probe, propose, read_layer
from gisapp.io.reading.times import read_times
from gisapp.layers import geodesy
from gisapp.layers.layer import Layer, Points, Shapes, local_times
from gisapp.layers.vocabulary import LayerKind


def imported(*paths: Path, kind: LayerKind, crs: str | None = None) -> ImportResult:
    source = probe(paths)
    plan = propose(source, kind)
    return read_layer(source, replace(plan, crs=crs) if crs else plan)


def places(layer: Layer) -> Points:
    assert isinstance(layer.geometry, Points)
    return layer.geometry


def shapes(layer: Layer) -> Shapes:
    assert isinstance(layer.geometry, Shapes)
    return layer.geometry


def test_cincinnati_overdose_calls(shared_data: Path) -> None:
    folder = shared_data / "cincinnati"
    result = imported(
        folder / "overdose_police_calls_heroin_2015-2018.csv", kind=LayerKind.OVERDOSES
    )
    report, layer = result.report, result.layer
    assert (report.read, report.added, report.rejected) == (6_960, 6_060, 900)
    assert report.reasons == {"no coordinates": 900}
    assert layer.fields["time"] == "create_time_incident"
    assert layer.timezone == "America/New_York"
    assert "Times carry no zone: read as America/New_York, where the points lie." in report.notes
    city = imported(folder / "city_boundary.geojson", kind=LayerKind.BOUNDARIES).layer
    outline = shapes(city).geoms[0]
    shapely.prepare(outline)
    points = places(layer)
    assert int(shapely.intersects_xy(outline, points.lon, points.lat).sum()) == 6_007


def test_cincinnati_times_agree_with_the_event_numbers(shared_data: Path) -> None:
    path = shared_data / "cincinnati" / "overdose_police_calls_heroin_2015-2018.csv"
    # All 6,960 rows are compared, those without a place too, as the figure was counted.
    table = probe([path]).table
    moments = read_times(table["create_time_incident"], "America/New_York", day_first=False)
    days = np.datetime_as_string(
        local_times(moments.values, "America/New_York").astype("datetime64[D]")
    )
    numbers = table["event_number"].to_pylist()
    same = [
        number[-12:-6] == day[2:].replace("-", "")
        for number, day in zip(numbers, days, strict=True)
    ]
    assert (sum(same), len(same)) == (6_953, 6_960)


def test_cincinnati_drug_calls(shared_data: Path) -> None:
    path = shared_data / "cincinnati" / "enforcement_police_calls_drug_2017.csv.gz"
    report = imported(path, kind=LayerKind.STOPS).report
    assert (report.read, report.rejected) == (10_498, 168)
    assert report.reasons == {"no coordinates": 168}


def test_cincinnati_sites(shared_data: Path) -> None:
    path = shared_data / "cincinnati" / "naloxone_distribution_sites.csv"
    result = imported(path, kind=LayerKind.SERVICES)
    assert (result.report.read, result.report.added) == (143, 143)
    assert dict(result.layer.fields) == {
        "name": "site_name",
        "service_type": "site_type",
        "address": "site_street",
    }
    types = result.layer.texts("service_type")
    assert (types.count("Naloxone Pharmacy"), types.count("Project DAWN")) == (116, 5)


def test_cincinnati_streets(shared_data: Path) -> None:
    layer = imported(shared_data / "cincinnati" / "roads_tiger2014", kind=LayerKind.STREETS).layer
    assert len(layer) == 13_560
    assert dict(layer.fields) == {"name": "FULLNAME", "road_class": "MTFCC"}
    classes = layer.texts("road_class")
    assert (classes.count("S1630"), classes.count("S1100")) == (570, 53)


def test_bond_hill_is_repaired_and_said(shared_data: Path) -> None:
    path = shared_data / "cincinnati" / "neighborhoods_sna.geojson"
    result = imported(path, kind=LayerKind.BOUNDARIES)
    assert result.report.added == 50
    assert "1 area crossed itself and was repaired: Bond Hill." in result.report.notes
    assert shapely.is_valid(shapes(result.layer).geoms).all()


def test_micro_degrees_are_read_and_said(shared_data: Path) -> None:
    result = imported(shared_data / "cincinnati" / "transit_stops.csv.gz", kind=LayerKind.OTHER)
    assert (result.report.read, result.report.added) == (25_980, 25_978)
    assert result.report.reasons == {"coordinates 0, 0": 2}
    assert any("1,000,000ths of a degree" in note for note in result.report.notes)
    points = places(result.layer)
    # 21,911 of the 25,980 repeat a point; 0, 0 is one of those that are left.
    assert len(np.unique(points.lon + 1j * points.lat)) == 25_980 - 21_911 - 1
    assert result.layer.bounds == pytest.approx((-84.792028, 39.072601, -84.273023, 39.356411))


def test_feet_are_asked_for_and_then_agree_with_the_shapefile(shared_data: Path) -> None:
    folder = shared_data / "cincinnati" / "vacant_buildings"
    source = probe([folder / "vacantbldgs.csv"])
    plan = propose(source, LayerKind.OTHER)
    assert (plan.x_column, plan.y_column, plan.crs) == ("X_COORD", "Y_COORD", None)
    with pytest.raises(CrsError) as caught:
        read_layer(source, plan)
    assert "--crs EPSG:3735" in caught.value.hint
    from_csv = places(read_layer(source, replace(plan, crs="EPSG:3735")).layer)
    from_shp = imported(folder / "vacantbldgs.shp", kind=LayerKind.OTHER)
    assert any("no .dbf" in note for note in from_shp.report.notes)
    points = places(from_shp.layer)
    assert len(points) == 1_688
    np.testing.assert_allclose(from_csv.lon, points.lon, atol=1e-9)
    np.testing.assert_allclose(from_csv.lat, points.lat, atol=1e-9)


def test_firehouses_lie_where_their_feet_say(shared_data: Path) -> None:
    """X_COORD and Y_COORD (EPSG:3735) against the geometry: 3.03 ft but for eight stations."""
    path = shared_data / "cincinnati" / "firehouses_hamilton_county.geojson"
    source = probe([path])
    plan = propose(source, LayerKind.OTHER)
    shown = places(read_layer(source, plan).layer)
    table = read_layer(source, plan).layer.table
    feet = replace(source, xy=np.column_stack([table["X_COORD"], table["Y_COORD"]]).astype(float))
    there = places(read_layer(feet, replace(plan, crs="EPSG:3735")).layer)
    pairs = zip(shown.lon, shown.lat, there.lon, there.lat, strict=True)
    apart = np.array([geodesy.distance_m(*pair) / 0.3048 for pair in pairs])
    assert int((apart > 10).sum()) == 8
    assert np.median(apart) == pytest.approx(3.03, abs=0.1)


def test_projected_geopackage_with_odd_column_names(shared_data: Path) -> None:
    path = shared_data / "cincinnati" / "fishnet_heroin_counts_epsg3735.gpkg"
    result = imported(path, kind=LayerKind.OTHER)
    assert (result.report.added, result.report.crs) == (2_582, "EPSG:3735")
    assert {"abandoned_cars.nn", "Fast Food Restaurants"} <= set(result.layer.table.column_names)
    assert sum(result.layer.table["countHeroinResponses"].to_pylist()) == 11_307


def test_kml_folder(shared_data: Path) -> None:
    result = imported(shared_data / "cincinnati" / "fast_food_cincinnati.kml", kind=LayerKind.OTHER)
    assert result.report.added == 160
    assert len(places(result.layer)) == 160
    assert result.layer.fields["name"] == "Name"


def test_london_stops_as_one_layer(shared_data: Path) -> None:
    result = imported(shared_data / "london" / "met_stop_and_search", kind=LayerKind.STOPS)
    report = result.report
    assert (report.read, report.added, report.rejected) == (115_510, 104_943, 10_567)
    assert report.reasons == {"no coordinates": 10_567}
    assert report.duplicates == 3_106
    points = places(result.layer)
    assert len(np.unique(points.lon + 1j * points.lat)) == 16_464
    assert dict(result.layer.fields) == {
        "time": "Date",
        "activity": "Object of search",
        "group": "Self-defined ethnicity",
        "outcome": "Outcome",
    }
    assert report.time_range is not None
    assert report.time_range[0] == "2018-04-01T00:00:00+01:00"


def test_london_times_are_local_days(shared_data: Path) -> None:
    """38 rows of April are dated 31 March in UTC, and are 1 April in London."""
    folder = shared_data / "london" / "met_stop_and_search"
    source = probe([folder / "2018-04-metropolitan-stop-and-search.csv.gz"])
    in_utc = sum(text.startswith("2018-03-31T23") for text in source.table["Date"].to_pylist())
    assert (source.rows, in_utc) == (12_860, 38)
    layer = read_layer(source, propose(source, LayerKind.STOPS)).layer
    local = layer.times_local()
    assert layer.timezone == "Europe/London"
    assert local is not None
    assert local.min() == np.datetime64("2018-04-01T00:00:00")


@pytest.mark.parametrize(
    ("name", "rejected"), [("04", 1084), ("05", 1069), ("06", 998), ("07", 898), ("12", 1544)]
)
def test_london_months(shared_data: Path, name: str, rejected: int) -> None:
    folder = shared_data / "london" / "met_stop_and_search"
    path = folder / f"2018-{name}-metropolitan-stop-and-search.csv.gz"
    assert imported(path, kind=LayerKind.STOPS).report.rejected == rejected


def test_city_of_london(shared_data: Path) -> None:
    folder = shared_data / "london" / "city_of_london"
    stops = imported(*sorted(folder.rglob("*search.csv")), kind=LayerKind.STOPS).report
    assert (stops.read, stops.rejected) == (6_449, 1_937)
    crimes = imported(*sorted(folder.rglob("*street.csv")), kind=LayerKind.STOPS)
    assert (crimes.report.read, crimes.report.rejected) == (22_111, 1_699)
    assert crimes.layer.fields["activity"] == "Crime type"
    assert crimes.layer.fields["time"] == "Month"
    assert any("only the month" in note for note in crimes.report.notes)
    assert any("from the middle of the rest" in note for note in stops.notes)


def test_files_of_two_kinds_are_refused(shared_data: Path) -> None:
    with pytest.raises(DataError, match="2 kinds"):
        probe([shared_data / "london" / "city_of_london"])


def test_pharmacies_in_windows_1252_with_not_signs(shared_data: Path) -> None:
    source = probe([shared_data / "london" / "services" / "Pharmacy_london.csv"])
    assert (source.encoding, source.delimiter, source.rows) == ("cp1252", "¬", 2_148)
    result = read_layer(source, propose(source, LayerKind.SERVICES))
    assert result.report.added == 2_148
    assert result.layer.fields["name"] == "OrganisationName"


def test_osgb_without_a_code_lands_where_the_boroughs_are(shared_data: Path) -> None:
    """A reader that drops the shift of datum lands about 100 m off."""
    london = shared_data / "london"
    grid = imported(london / "london_sport_epsg27700", kind=LayerKind.BOUNDARIES)
    degrees = imported(london / "boroughs_lnd.geojson", kind=LayerKind.BOUNDARIES).layer
    assert grid.report.crs == "EPSG:27700"
    there = dict(zip(degrees.texts("name"), shapes(degrees).geoms, strict=True))
    here = dict(zip(grid.layer.texts("name"), shapes(grid.layer).geoms, strict=True))
    assert here.keys() == there.keys()
    # The outlines are drawn finer in one of them, so it is the common shift that counts.
    shift = [
        (
            there[name].centroid.x - here[name].centroid.x,
            there[name].centroid.y - here[name].centroid.y,
        )
        for name in here
    ]
    east, north = np.median(shift, axis=0)
    assert geodesy.distance_m(-0.1, 51.5, -0.1 + east, 51.5 + north) < 5


def test_shapefile_without_prj_is_asked_for(shared_data: Path) -> None:
    path = shared_data / "london" / "london_boroughs_noprj" / "LondonBoroughs.shp"
    with pytest.raises(CrsError) as caught:
        imported(path, kind=LayerKind.BOUNDARIES)
    assert "EPSG:27700" in caught.value.hint
    told = imported(path, kind=LayerKind.BOUNDARIES, crs="27700")
    assert (told.report.added, told.report.crs) == (33, "EPSG:27700")


def test_old_mac_line_ends(shared_data: Path) -> None:
    source = probe([shared_data / "london" / "ambulance_assault_by_ward.csv"])
    assert source.rows == 649
    with pytest.raises(DataError, match="no columns of coordinates"):
        read_layer(source, propose(source, LayerKind.POPULATION))


def test_unnamed_columns_get_names(shared_data: Path) -> None:
    source = probe([shared_data / "london" / "mps_recordedcrime_borough.csv.gz"])
    assert (source.rows, source.column_names[0], source.column_names[3]) == (
        23_771,
        "Column 1",
        "CrimeType",
    )


def test_minneapolis(shared_data: Path) -> None:
    folder = shared_data / "minneapolis"
    stops = imported(folder / "MplsStops.csv.gz", kind=LayerKind.STOPS)
    assert (stops.report.read, stops.report.added) == (51_920, 51_920)
    assert stops.layer.timezone == "America/Chicago"
    problems = stops.layer.texts("activity")
    assert (problems.count("traffic"), problems.count("suspicious")) == (26_098, 25_822)
    assert stops.report.time_range is not None
    assert [t[:10] for t in stops.report.time_range] == ["2017-01-01", "2017-12-31"]
    later = imported(folder / "police_stops_2018.csv.gz", kind=LayerKind.STOPS)
    assert later.report.added == 39_920
    assert later.layer.fields["time"] == "responseDate"
    areas = imported(folder / "neighborhoods.geojson", kind=LayerKind.BOUNDARIES).layer
    assert (len(areas), areas.fields["name"]) == (87, "BDNAME")


def test_tempe_days_do_not_slip_to_the_evening_before(shared_data: Path) -> None:
    result = imported(shared_data / "tempe" / "Opioid_EMS_Calls.csv", kind=LayerKind.OVERDOSES)
    assert (result.report.read, result.report.added) == (2_743, 2_739)
    assert result.layer.fields["naloxone"] == "Narcan_Given"
    assert any("without it" in note for note in result.report.notes)
    local = result.layer.times_local()
    assert local is not None
    weekdays = (local.astype("datetime64[D]").astype(int) + 3) % 7
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    assert [names[day] for day in weekdays] == result.layer.table["Weekday"].to_pylist()


def test_terry_stops_are_refused_honestly(shared_data: Path) -> None:
    source = probe([shared_data / "seattle" / "Terry_Stops.csv.gz"])
    assert source.rows == 19_753
    plan = propose(source, LayerKind.STOPS)
    assert set(plan.left_out) == {"SubjectID", "OfficerID", "Officer_YOB"}
    assert (plan.fields["time"], plan.clock_column) == ("Reported_Date", "Reported_Time")
    with pytest.raises(DataError, match="Precinct, Sector, Beat"):
        read_layer(source, plan)


def test_us_services(shared_data: Path) -> None:
    folder = shared_data / "services_us"
    samhsa = imported(
        folder / "samhsa_substance_use_treatment_OH_MN_WA_AZ.csv", kind=LayerKind.SERVICES
    )
    assert (samhsa.report.added, samhsa.layer.fields["name"]) == (1_654, "name1")
    programmes = imported(
        folder / "opioid_treatment_programs_OH_MN_WA_AZ.csv", kind=LayerKind.SERVICES
    )
    assert (programmes.report.added, programmes.layer.fields["name"]) == (207, "ID")


def test_a_folder_of_reference_shapefiles_in_us_feet(shared_data: Path) -> None:
    path = shared_data / "reference" / "geodanet_mesa_az" / "crimes.shp"
    report = imported(path, kind=LayerKind.OTHER).report
    assert (report.added, report.crs) == (287, "ESRI:102649")


def test_mixed_streets_keep_lines_and_areas(shared_data: Path) -> None:
    path = shared_data / "london" / "streets_city_of_london_osm.geojson"
    layer = imported(path, kind=LayerKind.STREETS).layer
    dimensions = shapely.get_dimensions(shapes(layer).geoms)
    assert ((dimensions == 1).sum(), (dimensions == 2).sum()) == (1_188, 2)
    folded = [name.casefold() for name in layer.table.column_names]
    assert len(folded) == len(set(folded))
