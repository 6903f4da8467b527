"""What is loaded behind the first picture."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gisapp.ui import warmth


def _package(folder: Path, name: str) -> Path:
    package = folder / name
    package.mkdir()
    (package / "__init__.py").write_text("raise AssertionError('it was loaded')\n")
    return package


def test_libraries_of_a_package_are_read_without_loading_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = _package(tmp_path, "heavy_one")
    (package / "_core.cpython-311-x86_64-linux-gnu.so").write_bytes(b"1" * 3_000_000)
    beside = tmp_path / "heavy_one.libs"
    beside.mkdir()
    (beside / "libgdal-2.so.38.3").write_bytes(b"2" * 500)
    (beside / "licence.txt").write_bytes(b"3" * 40)
    monkeypatch.syspath_prepend(str(tmp_path))

    assert warmth.read_libraries("heavy_one") == 3_000_500
    assert "heavy_one" not in sys.modules


def test_a_library_that_cannot_be_read_is_left_to_the_loader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = _package(tmp_path, "heavy_two")
    (package / "a_folder.so").mkdir()
    (package / "other.so").write_bytes(b"4" * 7)
    monkeypatch.syspath_prepend(str(tmp_path))

    assert warmth.read_libraries("heavy_two") == 7
    assert warmth.read_libraries("not_installed_here") == 0


def test_the_largest_library_is_found_where_it_lies() -> None:
    assert warmth.read_libraries("pyogrio") > 1_000_000
    inner = warmth.read_libraries("pandas", ["_libs/*"])
    assert inner > warmth.read_libraries("pandas"), "its own folder holds none"


def test_pages_are_loaded_first_and_libraries_when_they_are_made() -> None:
    """In a program of its own: here everything is loaded already."""
    code = """
import sys
from PySide6.QtCore import QCoreApplication
from gisapp.ui.warmth import PAGES, Warmth
app = QCoreApplication([])
warmth = Warmth()
def loaded():
    print(all(page in sys.modules for page in PAGES), "folium" in sys.modules, warmth.busy)
    warmth.go_on()
    warmth._thread.join(60)
    print("folium" in sys.modules)
    app.quit()
warmth.pages_loaded.connect(loaded)
warmth.begin()
app.exec()
warmth.end()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False", "True", "True"]


def test_a_window_closed_early_does_not_wait_for_libraries() -> None:
    code = """
import sys
from PySide6.QtCore import QCoreApplication
from gisapp.ui.warmth import Warmth
app = QCoreApplication([])
warmth = Warmth()
warmth.begin()
warmth.end()
print(warmth.busy, "folium" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
