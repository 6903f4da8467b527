"""Asking where a file is or shall be; starts in the folder used last."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from gisapp.ui.settings import user_store

_FOLDER = "last_folder"


def ask_open(parent: QWidget, title: str, kinds: str) -> Path | None:
    """The file to read, or None when the question was left."""
    name, _ = QFileDialog.getOpenFileName(parent, title, _folder(), kinds)
    return _noted(name)


def ask_save(parent: QWidget, title: str, kinds: str, suggested: str) -> Path | None:
    """The file to write, or None; its ending is that of `suggested` where none was typed."""
    start = str(Path(_folder()) / suggested)
    name, _ = QFileDialog.getSaveFileName(parent, title, start, kinds)
    path = _noted(name)
    if path is not None and not path.suffix:
        path = path.with_suffix(Path(suggested).suffix)
    return path


def file_name(text: str) -> str:
    """A title as the name of a file, without what file systems do not take."""
    kept = "".join(c if c.isalnum() or c in " -_." else " " for c in text)
    return " ".join(kept.split()).strip(". ") or "Untitled"


def _folder() -> str:
    return str(user_store().value(_FOLDER, str(Path.home())))


def _noted(name: str) -> Path | None:
    if not name:
        return None
    path = Path(name)
    user_store().setValue(_FOLDER, str(path.parent))
    return path
