"""Whatever is edited, undone, redone, saved and opened again in any order: the project is the same.

The machine goes through edits of zones, agreements, layers, breaches, scenarios and settled
overlaps at random, and now and then saves (writing only what differs) or opens the file again.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import shapely
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from gisapp.document import Document
from gisapp.errors import EditError
from gisapp.io.project import project_file
from gisapp.layers import agreement_edits, breach_edits, edits, overlap_edits, scenario_edits
from gisapp.layers.agreement import Status
from gisapp.layers.breach import Breach
from gisapp.layers.edits import Edit
from gisapp.layers.geodesy import circle
from gisapp.layers.project import Project, SavedView
from gisapp.layers.scenario import OverlapRule, Scenario, Settled, Settlement
from gisapp.layers.terms import Terms
from gisapp.layers.vocabulary import Activity, BreachSource
from gisapp.layers.zone import Zone
from tests.io.projects import assert_same, whole_project

DAY = date(2025, 6, 1)
names = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)
numbers = st.integers(0, 9)


class Editing(RuleBasedStateMachine):
    """A document and its file; `steps` are the projects that undo goes back over."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.path = self.folder / "machine.gpkg"
        self.document = Document(Project())
        self.saved: Project | None = None

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    @initialize()
    def open_something(self) -> None:
        self.document = Document(whole_project())

    @property
    def project(self) -> Project:
        return self.document.project

    def zone(self, number: int) -> Zone:
        return list(self.project.zones.values())[number % len(self.project.zones)]

    def do(self, edit: Edit) -> None:
        """Apply an edit; a refusal must have changed nothing."""
        before = self.project
        try:
            self.document.apply(edit)
        except EditError:
            assert self.project is before

    # Edits

    @rule(lon=st.floats(-10, 10), lat=st.floats(-60, 60), name=names)
    def draw_a_zone(self, lon: float, lat: float, name: str) -> None:
        shape = circle(lon, lat, 150.0)
        self.do(edits.add_zones([Zone(name or "Zone", shape, basis_text="drawn")]))

    @precondition(lambda self: self.project.zones)
    @rule(number=numbers, name=names)
    def rename_a_zone(self, number: int, name: str) -> None:
        self.do(edits.rename_zone(self.zone(number).id, name))

    @precondition(lambda self: self.project.zones)
    @rule(number=numbers, drag=st.booleans())
    def reshape_a_zone(self, number: int, drag: bool) -> None:
        zone = self.zone(number)
        moved = shapely.transform(zone.shape, lambda xy: xy + 0.001)
        self.do(edits.reshape_zone(zone.id, moved, drag="one drag" if drag else None))

    @precondition(lambda self: len(self.project.zones) > 1)
    @rule(number=numbers)
    def remove_a_zone(self, number: int) -> None:
        self.do(edits.remove_zones([self.zone(number).id]))

    @precondition(lambda self: self.project.zones)
    @rule(number=numbers, own=st.booleans())
    def give_a_zone_terms_of_its_own(self, number: int, own: bool) -> None:
        terms = Terms(suspended=(Activity.ARREST,), persons="Everybody") if own else None
        self.do(agreement_edits.set_terms([self.zone(number).id], terms))

    @precondition(lambda self: self.project.zones)
    @rule(one=numbers, other=numbers)
    def copy_terms(self, one: int, other: int) -> None:
        self.do(agreement_edits.copy_terms(self.zone(one).id, [self.zone(other).id]))

    @precondition(lambda self: self.project.agreements)
    @rule(number=numbers, to=st.sampled_from(Status), later=st.integers(0, 900))
    def take_a_step(self, number: int, to: Status, later: int) -> None:
        keys = list(self.project.agreements)
        on = DAY + timedelta(days=later)
        self.do(agreement_edits.set_status(keys[number % len(keys)], to, on, "The board", "Agreed"))

    @precondition(lambda self: self.project.agreements)
    @rule(number=numbers, title=names)
    def record_a_new_version(self, number: int, title: str) -> None:
        known = list(self.project.agreements.values())[number % len(self.project.agreements)]
        later = replace(
            known, title=title, version=known.version + 1, status=Status.AGREED, history=()
        )
        self.do(edits.record_agreement(later))

    @precondition(lambda self: self.project.zones)
    @rule(number=numbers, minutes=st.integers(0, 10_000), outcome=names)
    def note_a_possible_breach(self, number: int, minutes: int, outcome: str) -> None:
        at = datetime(2025, 6, 1, tzinfo=UTC) + timedelta(minutes=minutes)
        told = (self.zone(number).id, at, BreachSource.SERVICE, Activity.ID_CHECK)
        self.do(breach_edits.record_breach(Breach(*told, outcome=outcome)))

    @precondition(lambda self: self.project.breaches)
    @rule(number=numbers)
    def remove_a_possible_breach(self, number: int) -> None:
        known = self.project.breaches[number % len(self.project.breaches)]
        self.do(breach_edits.remove_breach(known.id))

    @rule(name=names)
    def keep_a_scenario(self, name: str) -> None:
        self.do(scenario_edits.save_scenario(Scenario(name, self.project.zones)))

    @precondition(lambda self: self.project.scenarios)
    @rule(number=numbers, adopt=st.booleans())
    def adopt_or_remove_a_scenario(self, number: int, adopt: bool) -> None:
        known = self.project.scenarios[number % len(self.project.scenarios)]
        make = scenario_edits.adopt_scenario if adopt else scenario_edits.remove_scenario
        self.do(make(known.id))

    @precondition(lambda self: len(self.project.zones) > 1)
    @rule(one=numbers, settled=st.sampled_from(Settled))
    def settle_an_overlap(self, one: int, settled: Settled) -> None:
        pair = self.zone(one).id, self.zone(one + 1).id
        self.do(overlap_edits.settle_overlap(Settlement(pair, settled, DAY, "The board")))

    @rule(chosen=st.sampled_from(OverlapRule))
    def choose_a_rule_for_overlaps(self, chosen: OverlapRule) -> None:
        self.do(overlap_edits.set_overlap_rule(chosen))

    @precondition(lambda self: self.project.layers)
    @rule(number=numbers, name=names, hide=st.booleans())
    def change_a_layer(self, number: int, name: str, hide: bool) -> None:
        layer = self.project.layers[number % len(self.project.layers)]
        self.do(edits.show_layer(layer.id, False) if hide else edits.rename_layer(layer.id, name))

    @precondition(lambda self: len(self.project.layers) > 1)
    @rule(number=numbers)
    def remove_a_layer(self, number: int) -> None:
        self.do(edits.remove_layer(self.project.layers[number % len(self.project.layers)].id))

    @rule(name=names)
    def keep_a_view(self, name: str) -> None:
        self.do(edits.save_view(SavedView(name or "View", (0.0, 0.0, 1.0, 1.0))))

    # History and file

    @precondition(lambda self: self.document.undo_label is not None)
    @rule()
    def undo_and_redo(self) -> None:
        before = self.project
        self.document.undo()
        assert self.project is not before
        self.document.redo()
        assert self.project is before

    @precondition(lambda self: self.document.undo_label is not None)
    @rule()
    def undo(self) -> None:
        self.document.undo()

    @precondition(lambda self: self.document.redo_label is not None)
    @rule()
    def redo(self) -> None:
        self.document.redo()

    @rule()
    def save(self) -> None:
        project_file.save(self.project, self.path, self.saved)
        self.saved = self.project
        self.document.mark_saved()
        assert self.document.is_saved

    @precondition(lambda self: self.saved is not None)
    @rule()
    def open_again(self) -> None:
        assert self.saved is not None
        opened = project_file.load(self.path)
        assert_same(opened, self.saved)
        self.document, self.saved = Document(opened), opened

    @invariant()
    def zones_and_agreements_fit_each_other(self) -> None:
        for zone in self.project.zones.values():
            assert zone.agreement_id is None or zone.agreement_id in self.project.agreements
            for version in self.project.versions_of(zone):
                assert zone.terms is None or version.terms == zone.terms


def test_whatever_is_done_in_any_order_comes_back_from_the_file() -> None:
    made: Callable[[], RuleBasedStateMachine] = Editing
    run_state_machine_as_test(
        made, settings=settings(max_examples=15, stateful_step_count=25, deadline=None)
    )
