"""Checking a package in the window: good, tampered with, of another sender, no package at all."""

from __future__ import annotations

import zipfile

import pytest
from PySide6.QtCore import Qt

from gisapp.io.patrol import signing
from gisapp.io.patrol.package import write_package
from gisapp.ui.exports.package_check_dialog import PackageCheckDialog
from tests.ui.conftest import DAY


@pytest.fixture
def package(session, tmp_path):
    path = tmp_path / "zones.zip"
    write_package(session.project, DAY, path, key=signing.own_key())
    return path


@pytest.fixture
def dialog(qtbot, session):
    shown = PackageCheckDialog(session)
    qtbot.addWidget(shown)
    shown.show()
    return shown


def findings(dialog):
    return [dialog.list.item(row).text() for row in range(dialog.list.count())]


def test_a_package_of_our_own(dialog, package, session, idle):
    dialog.show_file(package)
    idle(session)
    assert "3 zones in force on 4 June 2025" in dialog.about.text()
    assert "(your own)" in dialog.about.text()
    assert "Ask the sender" not in dialog.about.text()
    assert not any("signed by the key" in text for text in findings(dialog))


def test_whose_key_it_is_is_asked_once(dialog, package, session, idle, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "colleague"))
    dialog.show_file(package)
    idle(session)
    assert dialog.about.text().count("Ask the sender whether this is theirs.") == 1
    assert not any("signed by the key" in text for text in findings(dialog))


def test_a_package_with_a_byte_changed(dialog, package, session, tmp_path, idle):
    other = tmp_path / "changed.zip"
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data.replace(b"Harbour", b"Habrour") if "csv" in name else data)
    dialog.show_file(other)
    idle(session)
    assert dialog.verdict.text().startswith("Do not use this package")
    assert any(text.startswith("Wrong: zones.csv") for text in findings(dialog))


def test_a_key_that_is_not_the_senders(dialog, package, session, qtbot, idle):
    dialog.show_file(package)
    dialog.fingerprint.setText("12 34")
    qtbot.mouseClick(dialog.again, Qt.MouseButton.LeftButton)
    assert "not a fingerprint" in dialog.key_row.error
    dialog.fingerprint.setText("ab" * 32)
    qtbot.mouseClick(dialog.again, Qt.MouseButton.LeftButton)
    idle(session)
    assert not dialog.key_row.error
    assert dialog.verdict.text().startswith("Do not use this package")


def test_what_is_no_package(dialog, session, tmp_path, idle):
    (tmp_path / "letter.zip").write_text("no zip")
    dialog.show_file(tmp_path / "letter.zip")
    idle(session)
    assert dialog.verdict.text() == "Do not use this package: something is wrong."
    dialog.show_file(tmp_path / "gone.zip")
    idle(session)
    assert "cannot be read" in dialog.about.text()
