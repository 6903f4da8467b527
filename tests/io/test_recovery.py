"""Recovery copies: kept after each change, good after a crash, offered only when they help."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gisapp.errors import ProjectFileError
from gisapp.io.project import project_file, recovery
from gisapp.layers import edits
from gisapp.layers.project import Project
from tests.conftest import ROOT
from tests.io.projects import assert_same, stops, whole_project


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "app data"


def test_a_project_without_a_file_is_kept_in_the_folder(folder: Path) -> None:
    project = whole_project()
    target = recovery.recovery_path(None, folder, project.id)
    before = datetime.now(UTC)
    recovery.write(project, target)
    after = datetime.now(UTC)
    [copy] = recovery.unsaved(folder)
    assert copy.original is None
    # Files keep milliseconds.
    assert before - timedelta(milliseconds=1) < copy.written_at <= after
    assert_same(project_file.load(copy.path), project)
    recovery.remove(target)
    assert recovery.unsaved(folder) == ()
    assert list(folder.iterdir()) == []


def test_changes_after_a_save_can_be_had_back(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "city.gpkg"
    saved = whole_project()
    project_file.save(saved, path)
    target = recovery.recovery_path(path, folder)
    assert target.parent == path.parent
    first = edits.set_title("First change").apply(saved)
    recovery.write(first, target, saved=saved, saved_path=path)
    second = edits.add_layer(stops(9, "Second change")).apply(first)
    recovery.write(second, target, last=first, saved=saved, saved_path=path)
    copy = recovery.recoverable(path, folder)
    assert copy is not None
    assert (copy.path, copy.original) == (target, path)
    assert_same(project_file.load(target), second)
    assert_same(project_file.load(path), saved)


def test_the_first_copy_is_a_copy_of_the_file(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "city.gpkg"
    saved = whole_project()
    project_file.save(saved, path)
    target = recovery.recovery_path(path, folder)
    changed = edits.set_title("Changed").apply(saved)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(project_file, "_write_new", None)  # nothing may be written whole
        recovery.write(changed, target, saved=saved, saved_path=path)
    assert_same(project_file.load(target), changed)
    assert project_file.holds(path, saved)


def test_a_file_that_was_changed_elsewhere_is_not_copied(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "city.gpkg"
    saved = whole_project()
    project_file.save(saved, path)
    project_file.save(Project(title="Of a colleague"), path)
    target = recovery.recovery_path(path, folder)
    changed = edits.set_title("Mine").apply(saved)
    recovery.write(changed, target, saved=saved, saved_path=path)
    assert_same(project_file.load(target), changed)


def test_a_copy_older_than_the_file_is_not_offered(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "city.gpkg"
    project = whole_project()
    recovery.write(project, recovery.recovery_path(path, folder))
    project_file.save(edits.set_title("Saved since").apply(project), path)
    assert recovery.recoverable(path, folder) is None


def test_nothing_is_offered_after_a_clean_close(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "city.gpkg"
    project_file.save(whole_project(), path)
    target = recovery.recovery_path(path, folder)
    recovery.write(whole_project(), target)
    recovery.remove(target)
    recovery.remove(target)
    assert recovery.recoverable(path, folder) is None
    assert [entry.name for entry in tmp_path.glob("*city*")] == ["city.gpkg"]


def test_a_copy_of_a_lost_file_is_offered(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "city.gpkg"
    recovery.write(whole_project(), recovery.recovery_path(path, folder))
    copy = recovery.recoverable(path, folder)
    assert copy is not None
    assert copy.original == path


def test_what_cannot_be_read_is_not_offered(folder: Path) -> None:
    folder.mkdir()
    (folder / "x.recovery.gpkg").write_bytes(b"not a project")
    assert recovery.unsaved(folder) == ()
    assert recovery.unsaved(folder / "none") == ()


def test_long_names_have_a_copy_too(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / f"{'市' * 80}.gpkg"
    target = recovery.recovery_path(path, folder)
    recovery.write(Project(), target)
    assert target.exists()
    assert target != recovery.recovery_path(tmp_path / f"{'市' * 81}.gpkg", folder)


def test_a_folder_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ProjectFileError) as caught:
        recovery.write(Project(), tmp_path / "file" / "x.recovery.gpkg")
    assert caught.value.hint


_CRASH = """
import os, sys
from pathlib import Path
from gisapp.io.project import project_file
from gisapp.io.project import recovery
from gisapp.layers import edits
from gisapp.progress import Progress
from tests.io.projects import stops, whole_project

target = Path(sys.argv[1])
first = whole_project()
recovery.write(first, target)
second = edits.add_layer(stops(60_000, "Too much")).apply(first)
seen = []

def crash(fraction, text):
    seen.append(text)
    if seen.count("Saving Too much") > 2:
        os._exit(9)

# With so small a cache SQLite writes into the file before the transaction ends.
connect = project_file._connect

def small(path, *, new=False):
    connection = connect(path, new=new)
    connection.execute("PRAGMA cache_size = 5")
    return connection

project_file._connect = small
recovery.write(second, target, last=first, progress=Progress(crash))
"""


def test_a_crash_while_writing_leaves_the_copy_before(folder: Path) -> None:
    target = folder / "p.recovery.gpkg"
    ended = subprocess.run(
        [sys.executable, "-c", _CRASH, str(target)],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == 9, ended.stderr
    assert target.with_name(target.name + "-journal").stat().st_size > 0
    [copy] = recovery.unsaved(folder)
    loaded = project_file.load(copy.path)
    assert [layer.name for layer in loaded.layers] == ["Districts", "Stops"]
    assert len(loaded.zones) == len(whole_project().zones)
