"""The document: any row of edits, undo, redo and saving leaves what a plain list would hold."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import shapely
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from gisapp.document import Document
from gisapp.errors import EditError
from gisapp.io.project import project_file
from gisapp.layers import edits
from gisapp.layers.audience import Sensitivity
from gisapp.layers.edits import Edit
from gisapp.layers.export_log import Export
from gisapp.layers.project import Change, Hotspots, Project, SavedView
from gisapp.layers.style import Style
from gisapp.layers.zone import Zone, circle_zone
from gisapp.progress import Progress
from gisapp.tasks import Task, run_now
from tests.io.projects import agreement, assert_same, districts, stops

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
NAMES = st.text(min_size=1, max_size=8)


def square(name: str) -> Edit:
    return edits.add_zones([Zone(name, shapely.box(0, 0, 1, 1))])


class DocumentMachine(RuleBasedStateMachine):
    """Random work on a document, beside a plain list of the projects it went through.

    After each step the file, written by what changed since the last save, must give the same
    project as memory holds; so must the former states after undo.
    """

    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.path = self.folder / "city.gpkg"
        self.document = Document()
        self.states = [self.document.project]
        self.at = 0
        self.saved: Project | None = None
        self.logged = False
        self.told: list[Change] = []
        self.document.subscribe(self.told.append)

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder)

    @property
    def project(self) -> Project:
        return self.document.project

    def do(self, edit: Edit) -> None:
        before = self.project
        try:
            self.document.apply(edit)
        except EditError:
            assert self.project is before
            return
        del self.states[self.at + 1 :]
        self.states.append(self.project)
        self.at += 1
        assert self.document.undo_label == edit.label
        assert self.document.redo_label is None

    # Edits

    @rule(name=NAMES, rows=st.integers(0, 4))
    def add_points(self, name: str, rows: int) -> None:
        self.do(edits.add_layer(stops(rows, name)))

    @rule()
    def add_areas(self) -> None:
        self.do(edits.add_layer(districts()))

    @precondition(lambda self: self.project.layers)
    @rule(data=st.data(), name=NAMES)
    def change_a_layer(self, data: st.DataObject, name: str) -> None:
        key = data.draw(st.sampled_from(self.project.layers)).id
        edit = data.draw(
            st.sampled_from(
                [
                    edits.rename_layer(key, name),
                    edits.remove_layer(key),
                    edits.show_layer(key, False),
                    edits.set_sensitivity(key, Sensitivity.PARTNER),
                    edits.restyle_layer(key, Style(size=9.5)),
                    edits.set_hotspots(Hotspots(key)),
                ]
            )
        )
        self.do(edit)

    @precondition(lambda self: self.project.layers)
    @rule(data=st.data())
    def order(self, data: st.DataObject) -> None:
        keys = [layer.id for layer in self.project.layers]
        self.do(edits.order_layers(data.draw(st.permutations(keys))))

    @rule(name=NAMES, lon=st.floats(-179, 179), lat=st.floats(-80, 80))
    def add_zone(self, name: str, lon: float, lat: float) -> None:
        self.do(edits.add_zones([circle_zone(name, lon, lat, 150, "meeting")]))

    @precondition(lambda self: self.project.zones)
    @rule(data=st.data(), name=NAMES)
    def change_a_zone(self, data: st.DataObject, name: str) -> None:
        key = data.draw(st.sampled_from(list(self.project.zones)))
        edit = data.draw(
            st.sampled_from(
                [
                    edits.rename_zone(key, name),
                    edits.reshape_zone(key, shapely.box(0, 0, 1 / 3, 0.1)),
                    edits.remove_zones([key]),
                    edits.place_under([key], "quay"),
                ]
            )
        )
        self.do(edit)

    @rule(version=st.integers(1, 5), title=NAMES)
    def agree(self, version: int, title: str) -> None:
        self.do(edits.record_agreement(agreement(title, version=version)))

    @rule()
    def part(self) -> None:
        self.do(edits.remove_agreement("quay"))

    @rule(name=NAMES)
    def keep_a_view(self, name: str) -> None:
        self.do(edits.save_view(SavedView(name, (0.1, 0.2, 0.3, 1 / 3))))

    @rule(title=NAMES, visible=st.booleans())
    def call_it(self, title: str, visible: bool) -> None:
        self.do(edits.sequence("Two at once", [edits.set_title(title), edits.show_zones(visible)]))

    # Going back and forth

    @rule()
    def undo(self) -> None:
        self.document.undo()
        self.at = max(self.at - 1, 0)

    @rule()
    def redo(self) -> None:
        self.document.redo()
        self.at = min(self.at + 1, len(self.states) - 1)

    @rule(file=NAMES)
    def export(self, file: str) -> None:
        """What left has left: each state tells of it, and no undo takes it back."""
        line = Export(AT, "ana", "map", file, "", "public")
        held = self.document.log(line)
        assert not self.document.is_saved
        self.states = [*self.walked()]
        assert {state.exports.lines[-1].file for state in self.states} == {file}
        if self.saved is None:
            self.logged = True
            return
        project_file.save(held, self.path, self.saved)
        self.document.mark_saved(held)
        self.saved = held
        assert project_file.load(self.path).exports == held.exports

    def walked(self) -> Iterator[Project]:
        """Every state from the first to the last; the document is where it was afterwards."""
        for _ in self.states:
            self.document.undo()
        for _ in self.states:
            yield self.project
            self.document.redo()
        for _ in self.states[self.at + 1 :]:
            self.document.undo()

    # Files

    @rule()
    def save(self) -> None:
        project_file.save(self.project, self.path, self.saved)
        self.saved = self.project
        self.document.mark_saved()
        self.logged = False
        assert self.document.is_saved
        assert_same(project_file.load(self.path), self.project)

    @precondition(lambda self: self.saved is not None)
    @rule()
    def save_and_reopen(self) -> None:
        self.save()
        self.document = Document(project_file.load(self.path))
        assert_same(self.project, self.states[self.at])
        self.states, self.at = [self.project], 0
        self.saved = self.project
        self.told.clear()
        self.document.subscribe(self.told.append)

    @invariant()
    def it_is_the_very_state_of_then(self) -> None:
        assert self.project is self.states[self.at]
        saved = not self.logged and self.project is (self.saved or self.states[0])
        assert self.document.is_saved is saved
        if self.told:
            assert self.told[-1].after is self.project


TestDocument = DocumentMachine.TestCase
TestDocument.settings = settings(
    max_examples=20,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def test_a_drag_is_one_step() -> None:
    zone = Zone("Quay", shapely.box(0, 0, 1, 1))
    document = Document(Project().with_zone(zone))
    for step in range(1, 5):
        shape = shapely.box(0, 0, 1 + step, 1)
        document.apply(edits.reshape_zone(zone.id, shape, drag="first"))
    document.apply(edits.reshape_zone(zone.id, shapely.box(0, 0, 9, 9), drag="second"))
    document.undo()
    assert document.project.zones[zone.id].shape.bounds == (0, 0, 5, 1)
    document.undo()
    assert document.project.zones[zone.id] is zone
    assert document.undo_label is None
    assert document.redo_label == "Reshape zone"


def test_a_new_edit_forgets_what_was_undone() -> None:
    document = Document()
    document.apply(square("A"))
    document.undo()
    document.apply(square("B"))
    document.redo()
    assert [zone.name for zone in document.project.zones.values()] == ["B"]


def test_nothing_to_undo_or_redo_is_no_fault() -> None:
    document = Document()
    document.undo()
    document.redo()
    assert document.project is Document(document.project).project
    assert (document.undo_label, document.redo_label) == (None, None)


def test_undoing_back_to_the_saved_state_is_saved() -> None:
    document = Document()
    document.mark_saved()
    document.apply(square("A"))
    assert not document.is_saved
    document.undo()
    assert document.is_saved


def test_subscribers_hear_what_differs_until_they_leave() -> None:
    document = Document()
    heard: list[Change] = []
    leave = document.subscribe(heard.append)
    document.apply(square("A"))
    [zone] = document.project.zones
    assert heard[-1].zones == {zone}
    assert heard[-1].layers == frozenset()
    document.undo()
    assert heard[-1].zones == {zone}
    leave()
    document.redo()
    assert len(heard) == 2


def test_a_refused_edit_changes_nothing_and_nobody_hears_of_it() -> None:
    document = Document()
    document.apply(square("A"))
    before = document.project
    heard: list[Change] = []
    document.subscribe(heard.append)
    with pytest.raises(EditError):
        document.apply(edits.remove_layer("none"))
    assert document.project is before
    assert document.undo_label == "Add zone A"
    assert heard == []


def test_a_task_runs_and_its_result_becomes_an_edit() -> None:
    document = Document()

    def work(progress: Progress) -> str:
        progress.report(0.5, "half")
        return "Made elsewhere"

    said: list[str] = []
    progress = Progress(lambda _, text: said.append(text))
    assert run_now(document, Task("Work", work, edits.set_title), progress) == "Made elsewhere"
    assert document.project.title == "Made elsewhere"
    assert said == ["half"]
    assert run_now(document, Task("Look", work)) == "Made elsewhere"
    assert document.undo_label == "Rename project"
