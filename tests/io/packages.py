"""Packages to look at in tests."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shutil
import sqlite3
import subprocess
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from gisapp.io.patrol import archive
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
    """Files as a zip in the form of a package, without a word about them."""
    archive.write(files, path, datetime(2025, 6, 2, tzinfo=UTC))
    return path


def everything(path: Path) -> dict[str, str]:
    """All that is said anywhere in a package, by the name of the file: zips in zips, the rows of
    tables, and what is packed in a PDF, in every encoding that files use.
    """
    found: dict[str, str] = {}
    for name, data in contents(path).items():
        found |= _said(name, data)
    return found


def _said(name: str, data: bytes) -> dict[str, str]:
    if zipfile.is_zipfile(io.BytesIO(data)):
        inside: dict[str, str] = {}
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for part in package.namelist():
                inside |= _said(f"{name}/{part}", package.read(part))
        return inside
    texts = [part.decode(code, "replace") for part in (data, data[1:]) for code in _CODES]
    if data.startswith(b"SQLite"):
        texts += _rows(data)
    if data.startswith(b"PAR1"):
        texts.append(str(pq.read_table(pa.BufferReader(data)).to_pylist()))
    if data.startswith(b"%PDF"):
        streams = re.findall(rb"stream\n(.*?)\nendstream", data, re.DOTALL)
        for stream in streams:
            with contextlib.suppress(zlib.error):
                texts.append(zlib.decompress(stream).decode("latin-1"))
        texts.append(_letters(data))
    return {name: "\n".join([name, *texts])}


_CODES = ("utf-8", "utf-16-le", "utf-16-be")


def _rows(data: bytes) -> list[str]:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(data)
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master")]
    texts = []
    for table in tables:
        with contextlib.suppress(sqlite3.Error):  # an index, or a table of an extension
            texts.append(str(connection.execute(f'SELECT * FROM "{table}"').fetchall()))
    connection.close()
    return texts


def _letters(pdf: bytes) -> str:
    """The text of a PDF as a reader finds it, where there is a program for it."""
    program = shutil.which("pdftotext")
    if program is None:
        return ""
    done = subprocess.run([program, "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()
