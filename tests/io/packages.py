"""Packages to look at in tests."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from gisapp.io.patrol.content import Note
from gisapp.io.patrol.package import write_package
from gisapp.io.patrol.signing import SigningKey, new_key
from gisapp.layers.project import Project
from gisapp.layers.zone import Zone, circle_zone
from tests.io.projects import agreement

DAY = date(2025, 6, 2)
KEY = new_key()
SAID = Note("Dispatch", "Partnership office", "For duty use only")


def project(*names: str, **terms: object) -> Project:
    """A project of circles with these names under one agreement."""
    agreed = agreement(**terms)
    zones = [zone(name, number) for number, name in enumerate(names or ("Quay", "Market"))]
    return Project(
        title="City",
        timezone="America/New_York",
        agreements={agreed.id: agreed},
        zones={one.id: one for one in zones},
        id="0" * 32,
    )


def zone(name: str, number: int = 0, **more: Any) -> Zone:
    made = circle_zone(name, -84.5 + number / 100, 39.1, 150.0, "meeting", agreement_id="quay")
    return replace(made, **{"id": f"zone-{name.lower()}", **more})


def package(
    path: Path, of: Project | None = None, key: SigningKey | None = KEY, **more: Any
) -> Path:
    """A signed package of a project at a path."""
    write_package(of or project(), more.pop("day", DAY), path, key=key, note=SAID, **more)
    return path


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def manifest(path: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(contents(path)["manifest.json"])
    return told


def packed(files: Mapping[str, bytes], path: Path) -> Path:
    """Files as a zip, without a word about them."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in files.items():
            package.writestr(name, data)
    return path
