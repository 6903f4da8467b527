"""Dialogs and pages are found by name, and not loaded before they are asked for."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog

from gisapp.ui import dialogs


@pytest.mark.parametrize("name", sorted(dialogs.MODULES))
def test_each_name_is_that_of_a_dialog_or_another_part_of_the_window(name: str) -> None:
    found = getattr(import_module(f"gisapp.ui.{dialogs.MODULES[name]}"), name)
    assert issubclass(found, QDialog) == name.endswith("Dialog")
    assert issubclass(found, QObject)


def test_the_window_loads_no_dialog_before_it_is_opened() -> None:
    modules = sorted({f"gisapp.ui.{module}" for module in dialogs.MODULES.values()})
    code = f"import sys, gisapp.ui.app; print([m for m in {modules} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
