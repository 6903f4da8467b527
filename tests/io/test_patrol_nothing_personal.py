"""No format of a package says anything about stops, overdoses or persons: each is opened."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pytest
import shapely

from gisapp.io.patrol.changes import base_of
from gisapp.io.patrol.content import Note
from gisapp.io.patrol.formats.table import FORMATS
from gisapp.io.patrol.package import write_package
from gisapp.layers.agreement import Agreement, Attachment, Liaison, Party, Status, StatusChange
from gisapp.layers.breach import Breach
from gisapp.layers.layer import Layer, Points, Provenance, new_layer
from gisapp.layers.project import Hotspots, Project, SavedView
from gisapp.layers.scenario import Scenario, Settled, Settlement
from gisapp.layers.vocabulary import Activity, BreachSource, LayerKind, PartyRole, Polarity
from gisapp.layers.zone import Zone, circle_zone
from gisapp.render.headless import drawing
from gisapp.render.paper import package_page
from tests.io.packages import DAY, KEY, everything
from tests.io.projects import SIGNED, agreement

#: Stands wherever something is kept that may not leave; with a number each, so that it can be said
#: which of them did.
MARK = "Zwqkx"
ON = date(2025, 5, 1)


class Marks:
    """Marks with running numbers."""

    def __init__(self) -> None:
        self.made: dict[str, str] = {}

    def __call__(self, what: str) -> str:
        mark = f"{MARK}{len(self.made):03}"
        self.made[mark] = what
        return mark


def layers(mark: Marks) -> tuple[Layer, ...]:
    """A layer of each kind inside the zone, with a mark in its name, columns and rows."""
    made = []
    for number, kind in enumerate(LayerKind):
        what = kind.value
        table = pa.table(
            {
                "name": [mark(f"row of {what}")] * 3,
                mark(f"column of {what}"): [mark(f"cell of {what}")] * 3,
                "activity": ["drug_search"] * 3,
                "time": pa.array([datetime(2025, 6, 2, 3, 4, 5, tzinfo=UTC)] * 3),
            }
        )
        # No zone has a corner there: these digits would be those of a row.
        places = Points(np.full(3, -84.51234501 - number / 1e6), np.full(3, 39.10987601))
        source = Provenance((mark(f"file of {what}"),))
        fields = {"name": "name", "time": "time"}
        made.append(new_layer(mark(f"layer of {what}"), kind, table, places, fields, source))
    return tuple(made)


def agreed(mark: Marks) -> Agreement:
    parties = (
        Party("City Police", PartyRole.POLICE, mark("who signed"), SIGNED),
        Party("Health Department", PartyRole.HEALTH, mark("who signed too"), SIGNED),
    )
    return agreement(
        parties=parties,
        liaison=(Liaison("City Police", mark("liaison"), mark("their number"), mark("hours")),),
        notes=mark("notes"),
        notice=mark("who is told"),
        evaluation_design=mark("evaluation"),
        documents=(Attachment(mark("document"), "0" * 64, mark("its file"), False),),
        history=(
            StatusChange(ON, Status.AGREED, Status.IN_FORCE, mark("who moved it"), mark("why")),
        ),
    )


def planted(mark: Marks) -> Project:
    """A project with a mark in everything that may not leave, and one zone that goes out."""
    quay = circle_zone(
        "Quay", -84.5123, 39.1098, 150, "meeting", agreement_id="quay",
        note=mark("note of a zone"), service=mark("service"), anchors=(mark("anchor"),),
    )  # fmt: skip
    draft = circle_zone(mark("draft"), -84.51, 39.11, 90, mark("basis of a draft"))
    school = Zone(
        mark("of the opposite sign"), shapely.box(-84.6, 39.2, -84.5, 39.3),
        polarity=Polarity.ENHANCED_PENALTY, note=mark("note of it"),
    )  # fmt: skip
    breach = Breach(
        quay.id, datetime(2025, 5, 1, 23, tzinfo=UTC), BreachSource.CLIENT, Activity.ID_CHECK,
        mark("unit of a breach"), mark("outcome of a breach"),
    )  # fmt: skip
    made = layers(mark)
    settled = Settlement(
        tuple(sorted((quay.id, draft.id))), Settled.OPPOSITE_HOLDS, ON, mark("who settled"),
        mark("why settled"),
    )  # fmt: skip
    return Project(
        title="City",
        timezone="America/New_York",
        layers=made,
        zones={zone.id: zone for zone in (quay, draft, school)},
        agreements={"quay": agreed(mark), "new": Agreement(mark("draft agreement"), id="new")},
        hotspots=(Hotspots(made[1].id),),
        views=(SavedView(mark("view"), (-84.6, 39.0, -84.4, 39.2)),),
        breaches=(breach,),
        scenarios=(Scenario(mark("scenario"), {draft.id: draft}, mark("note of it")),),
        settlements=(settled,),
    )


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], dict[str, str]]:
    """What is said in a whole package and a change package with every format; the marks."""
    folder = tmp_path_factory.mktemp("sent")
    mark = Marks()
    project = planted(mark)
    more = circle_zone("Market", -84.49, 39.1, 100, "meeting", agreement_id="quay")
    gone = replace(more, name="Gone", id="gone")
    with drawing():
        extra = package_page.files_over(project)
        first = project.with_zone(gone)
        for path, of, since in (
            (folder / "whole.zip", first, None),
            (folder / "change.zip", project.with_zone(more), folder / "whole.zip"),
        ):
            write_package(
                of, DAY, path, formats=("all",), note=Note("Dispatch"), key=KEY, extra=extra,
                since=base_of(since, KEY.fingerprint) if since else None,
            )  # fmt: skip
    said = everything(folder / "whole.zip")
    said |= {f"changes: {name}": text for name, text in everything(folder / "change.zip").items()}
    return said, mark.made


def test_no_mark_is_in_any_file_of_any_format(
    sent: tuple[dict[str, str], dict[str, str]],
) -> None:
    said, marks = sent
    assert len(marks) > 60
    for name, text in said.items():
        if MARK in text:
            found = [what for mark, what in marks.items() if mark in text]
            pytest.fail(f"{name} says {', '.join(found)}")


def test_no_place_or_time_of_an_event_is_in_any_file(
    sent: tuple[dict[str, str], dict[str, str]],
) -> None:
    for name, text in sent[0].items():
        for words in ("84.512345", "39.1098760", "03:04:05", "overdose"):
            assert words not in text.casefold(), f"{name}: {words}"


def test_the_search_finds_what_is_there(sent: tuple[dict[str, str], dict[str, str]]) -> None:
    """A search that finds nothing proves nothing: it must find the zone in each file of zones."""
    whole = {name: text for name, text in sent[0].items() if not name.startswith("changes: ")}
    told = {name for name, text in whole.items() if "Quay" in text}
    assert len({name.split("/")[0] for name in told}) >= len(FORMATS) + 2
    assert {"README.txt", "manifest.json", "zones.pdf", "zones.parquet"} <= told
