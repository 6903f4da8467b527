"""Real points for the figures, read plainly: the import has its own tests."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from gisapp.layers import geodesy
from gisapp.layers.layer import Points


def located(frame: pd.DataFrame, lon: str, lat: str) -> Points:
    known = frame.dropna(subset=[lon, lat])
    return Points(known[lon].to_numpy(dtype=np.float64), known[lat].to_numpy(dtype=np.float64))


@pytest.fixture(scope="session")
def heroin_calls(shared_data: Path) -> Points:
    file = shared_data / "cincinnati" / "overdose_police_calls_heroin_2015-2018.csv"
    return located(pd.read_csv(file), "longitude_x", "latitude_x")


@pytest.fixture(scope="session")
def drug_calls(shared_data: Path) -> Points:
    file = shared_data / "cincinnati" / "enforcement_police_calls_drug_2017.csv.gz"
    return located(pd.read_csv(file), "longitude_x", "latitude_x")


@pytest.fixture(scope="session")
def naloxone_sites(shared_data: Path) -> Points:
    file = shared_data / "cincinnati" / "naloxone_distribution_sites.csv"
    return located(pd.read_csv(file), "longitude", "latitude")


@pytest.fixture(scope="session")
def met_stops(shared_data: Path) -> Points:
    files = sorted((shared_data / "london" / "met_stop_and_search").glob("*.csv.gz"))
    columns = ["Longitude", "Latitude"]
    frame = pd.concat([pd.read_csv(file, usecols=columns) for file in files])
    return located(frame, "Longitude", "Latitude")


@pytest.fixture(scope="session")
def needle_exchanges(shared_data: Path) -> Points:
    folder = shared_data / "london" / "services"
    pharmacies, services = (
        pd.read_csv(folder / name, sep="¬", encoding="cp1252", engine="python")
        for name in ("Pharmacy_london.csv", "PharmacyServices.csv")
    )
    names = services["ServiceName"].str.casefold()
    offering = set(services.loc[names.str.contains("needle"), "OrganisationID"])
    chosen = pharmacies[pharmacies["OrganisationID"].isin(offering)]
    return located(chosen, "Longitude", "Latitude")


@pytest.fixture(scope="session")
def minneapolis_stops(shared_data: Path) -> Points:
    return located(pd.read_csv(shared_data / "minneapolis" / "MplsStops.csv.gz"), "long", "lat")


@pytest.fixture(scope="session")
def minneapolis_programmes(shared_data: Path) -> Points:
    file = shared_data / "services_us" / "opioid_treatment_programs_OH_MN_WA_AZ.csv"
    frame = pd.read_csv(file)
    chosen = frame[(frame["STATE"] == "MN") & (frame["CITY"] == "Minneapolis")]
    return located(chosen, "Longitude", "Latitude")


@lru_cache
def shortest_distances(points: Points, to: Points) -> NDArray[np.float64]:
    """Geodesic metres from each point to the nearest of others: the truth without circles."""
    away = np.full(len(points), np.inf)
    for lon, lat in zip(to.lon, to.lat, strict=True):
        # Farther ones than 0.05° do not matter to any figure, and take long.
        near = np.hypot(points.lon - lon, points.lat - lat) < 0.05
        metres = geodesy.distances_m(points.lon[near], points.lat[near], lon, lat)
        away[near] = np.minimum(away[near], metres)
    return away
