"""What columns are proposed to be, by name and by value, and which are left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from gisapp.errors import DataError
from gisapp.io.reading.column_words import words
from gisapp.io.reading.importing import probe, propose, read_layer
from gisapp.io.reading.personal import points_at_person
from gisapp.layers.vocabulary import LayerKind


def plan_of(tmp_path: Path, kind: LayerKind, header: str, row: str, preset: str | None = None):
    path = tmp_path / "a.csv"
    path.write_text(f"{header}\n{row}\n{row}\n")
    return propose(probe([path]), kind, preset=preset)


def test_names_are_cut_into_words() -> None:
    assert words("create_time_incident") == words("CreateTimeIncident")
    assert words("SubjectID") == ("subject", "id")
    assert words("GO / SC Num") == ("go", "sc", "num")


@pytest.mark.parametrize(
    ("header", "x", "y"),
    [
        ("lat,lng", "lng", "lat"),
        ("latitude_x,longitude_x", "longitude_x", "latitude_x"),
        ("Latitude,Longitude", "Longitude", "Latitude"),
        ("long,lat", "long", "lat"),
        ("Y,X", "X", "Y"),
        ("POINT_X,POINT_Y", "POINT_X", "POINT_Y"),
        ("Easting,Northing", "Easting", "Northing"),
        ("X,lat_wgs,lon_wgs,Y", "lon_wgs", "lat_wgs"),
    ],
)
def test_coordinates_by_name(tmp_path: Path, header: str, x: str, y: str) -> None:
    plan = plan_of(tmp_path, LayerKind.OTHER, header, ",".join("39" for _ in header.split(",")))
    assert (plan.x_column, plan.y_column) == (x, y)


@pytest.mark.parametrize("header", ["flat,longest", "Relationship,x", "platform,longtext"])
def test_words_that_only_look_alike_are_no_coordinates(tmp_path: Path, header: str) -> None:
    assert plan_of(tmp_path, LayerKind.OTHER, header, "39,-84").x_column is None


@pytest.mark.parametrize(
    ("kind", "header", "row", "expected"),
    [
        (
            LayerKind.DEPLOYMENTS,
            "id,name,unit,start,end,purpose,lat,lon",
            "1,Box 4,Team A,2026-01-02 20:00,2026-01-03 02:00,hotspot,39.1,-84.5",
            {"name": "name", "unit": "unit", "start": "start", "end": "end", "purpose": "purpose"},
        ),
        (
            LayerKind.STOPS,
            "stop_id,date,time,lat,lng,subject_race,reason_for_stop,outcome",
            "7,2018-02-03,10:20:30,39.1,-84.5,black,search,arrest",
            {
                "time": "date",
                "activity": "reason_for_stop",
                "group": "subject_race",
                "outcome": "outcome",
            },
        ),
        (
            LayerKind.REFERRALS,
            "referral date,service,result,lat,lon",
            "2018-02-03,Clinic,attended,39.1,-84.5",
            {"time": "referral date", "service": "service", "outcome": "result"},
        ),
        (
            LayerKind.SERVICES,
            "Facility Name,Type of service,Street Address,Hours,Phone,Latitude,Longitude",
            "Harbour Street,needle exchange,1 High St,9-5,555 1234,39.1,-84.5",
            {
                "name": "Facility Name",
                "service_type": "Type of service",
                "address": "Street Address",
                "opening_hours": "Hours",
                "contact": "Phone",
            },
        ),
    ],
)
def test_fields_by_name(
    tmp_path: Path, kind: LayerKind, header: str, row: str, expected: dict[str, str]
) -> None:
    assert dict(plan_of(tmp_path, kind, header, row).fields) == expected


def test_values_decide_where_names_do_not(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, LayerKind.STOPS, "a,b,lat,lon", "x,2018-02-03 10:00,39.1,-84.5")
    assert plan.fields["time"] == "b"


@pytest.mark.parametrize(
    "name",
    [
        "stopped_at", "StoppedAt", "stopped_on", "time_stopped", "time of stop", "date_stopped",
        "searched_at", "called_at", "happened_at", "stop_timestamp", "stopped_datetime",
        "encounter_date", "responded_at", "date_time_of_call",
    ],
)  # fmt: skip
def test_names_of_times_are_known(tmp_path: Path, name: str) -> None:
    moment = "2018-02-03 10:00"
    for header in (f"updated_at,{name},lat,lon", f"month,{name},lat,lon"):
        plan = plan_of(tmp_path, LayerKind.STOPS, header, f"{moment},{moment},39.1,-84.5")
        assert plan.fields["time"] == name


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        ("date,time", "2018-02-03,2018-02-03 10:20", "time"),
        ("stop_date,stop_time", "2018-02-03,2018-02-03T10:20:00", "stop_time"),
        ("Stop Date,Time", "02/03/2018,02/03/2018 11:05 PM", "Time"),
        ("date,time", "2018-02-03,2018-02-04T03:20:00Z", "time"),
        ("incident_date,time", "2018-02-03 00:00:00,2018-02-03 10:20", "time"),
        # The moment is of something else, or of another day, or tells no hour either.
        ("stop_date,reported_time", "2018-02-03,2018-02-03 10:20", "stop_date"),
        ("stop_date,closed_at", "2018-02-03,2018-02-03 10:20", "stop_date"),
        ("date,time", "2018-02-03,2018-03-09 10:20", "date"),
        ("date,time", "2018-02-03,2018-02-03 00:00", "date"),
        ("stop_date,stop_time", "2018-02-03 09:00,2018-02-03 10:20", "stop_date"),
    ],
)
def test_of_a_day_and_a_moment_the_one_that_tells_the_hour_is_taken(
    tmp_path: Path, header: str, row: str, expected: str
) -> None:
    plan = plan_of(tmp_path, LayerKind.STOPS, f"{header},lat,lon", f"{row},39.1,-84.5")
    assert (plan.fields["time"], plan.clock_column) == (expected, None)
    both = plan_of(tmp_path, LayerKind.OTHER, f"lat,lon,{header}", f"39.1,-84.5,{row}")
    assert both.fields["time"] == expected


def test_a_moment_that_is_often_missing_does_not_take_the_place_of_the_day(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [
        f"2018-02-0{n},{'' if n % 3 else f'2018-02-0{n} 10:20'},39.1,-84.5" for n in range(1, 9)
    ]
    path.write_text("\n".join(["date,time,lat,lon", *rows]))
    assert propose(probe([path]), LayerKind.STOPS).fields["time"] == "date"


def test_a_time_of_day_is_no_time_beside_a_day(tmp_path: Path) -> None:
    header, row = "day,time,stopped_at,lat,lon", "2018-02-03,10:20,Main Street,39.1,-84.5"
    plan = plan_of(tmp_path, LayerKind.STOPS, header, row)
    assert (plan.fields["time"], plan.clock_column) == ("day", "time")
    header, row = "month,time,lat,lon", "2018-02,2018-02-03 10:20,39.1,-84.5"
    assert plan_of(tmp_path, LayerKind.STOPS, header, row).fields["time"] == "time"


def test_a_service_without_a_name_gets_one(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("lat,lon\n39.1,-84.5\n39.2,-84.5\n")
    source = probe([path])
    result = read_layer(source, propose(source, LayerKind.SERVICES))
    assert result.layer.texts("name") == ["Service 1", "Service 2"]
    assert any("No column holds names" in note for note in result.report.notes)


@pytest.mark.parametrize(
    "name",
    [
        "SubjectID", "OfficerID", "Officer_YOB", "officer name", "driver_name", "Name of subject",
        "first_name", "LASTNAME", "SSN", "DOB", "date of birth", "License Plate", "home_address",
        "Subject Address", "phone", "e-mail", "Name", "patient_id", "NHS number", "badge_number",
    ],
)  # fmt: skip
def test_columns_that_point_at_a_person(name: str) -> None:
    assert points_at_person(name, LayerKind.STOPS)


@pytest.mark.parametrize(
    "name",
    [
        "event_number", "Crime ID", "TERRY_STOP_ID", "GO / SC Num", "Officer_Gender", "Age range",
        "Officer-defined ethnicity", "SubjectAgeGroup", "personSearch", "race", "address_x",
        "Patient_Veteran", "LSOA name", "OfficerSquad", "Officer_Race", "idNum",
    ],
)  # fmt: skip
def test_columns_that_do_not(name: str) -> None:
    assert not points_at_person(name, LayerKind.STOPS)


@pytest.mark.parametrize("name", ["name", "Phone", "email", "address", "site_name", "contact"])
def test_a_service_keeps_its_own_name_and_contact(name: str) -> None:
    assert not points_at_person(name, LayerKind.SERVICES)


def test_left_out_columns_come_in_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "SubjectID,reach,date,lat,lon\n"
        "77,a.b@mail.org,2018-02-03,39.1,-84.5\n"
        "78,c@mail.org,2018-02-04,,\n"
    )
    source = probe([path])
    plan = propose(source, LayerKind.STOPS)
    assert plan.left_out == ("SubjectID", "reach")
    result = read_layer(source, plan)
    assert result.layer.table.column_names == ["date"]
    assert "SubjectID" not in result.report.rejected_rows[0].values
    assert "Left out, for they point at a person: SubjectID, reach." in result.report.notes


def test_presets(tmp_path: Path) -> None:
    header = "Date,Latitude,Longitude,Object of search,Outcome"
    row = "2018-02-03T10:00:00+00:00,51.5,-0.1,Controlled drugs,Arrest"
    plan = plan_of(tmp_path, LayerKind.STOPS, header, row, preset="police-uk-stops")
    assert plan.fields["activity"] == "Object of search"
    with pytest.raises(DataError, match="no preset"):
        plan_of(tmp_path, LayerKind.STOPS, header, row, preset="other")
    with pytest.raises(DataError, match="not those of the preset"):
        plan_of(tmp_path, LayerKind.STOPS, "lat,lon", "39.1,-84.5", preset="police-uk-stops")
