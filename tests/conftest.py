"""What all tests share: where the real data is, settings of their own, the command line."""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from gisapp import cli

Run = Callable[..., dict[str, Any]]

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# How long an example takes is for the benchmarks: a busy machine must not fail a suite.
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")

#: After so many tests garbage is looked for among all objects and not only the newest.
_LOOKS = 100

ROOT = Path(__file__).resolve().parents[1]
#: Real public data, which is no part of the project; docs/test-data.md says where it comes from.
SHARED_DATA = Path(os.environ.get("GISAPP_TEST_DATA") or ROOT.parent / "shared" / "data")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real public data; skips where it is not there, fails where one was named."""
    if not SHARED_DATA.is_dir():
        if os.environ.get("GISAPP_TEST_DATA"):
            pytest.fail(f"GISAPP_TEST_DATA names {SHARED_DATA}, which is no folder")
        pytest.skip("no folder of real data: see docs/test-data.md")
    return SHARED_DATA


@pytest.fixture(autouse=True)
def _own_settings(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keep tests away from the settings and folders of whoever runs them."""
    home = tmp_path_factory.mktemp("home")
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home))


@pytest.fixture(autouse=True)
def _garbage_on_this_thread() -> Iterator[None]:
    """Collect between tests, never on a worker: see `gisapp.ui.garbage` for why."""
    gc.disable()
    yield
    gc.collect(2 if gc.get_count()[2] >= _LOOKS else 1)


@pytest.fixture
def no_leaked_widgets(qapp: object) -> Iterator[None]:
    """Fail a test that leaves a top-level widget open."""
    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QApplication

    before = {id(widget) for widget in QApplication.topLevelWidgets()}
    yield
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    QApplication.processEvents()
    left = [w for w in QApplication.topLevelWidgets() if id(w) not in before and w.isVisible()]
    assert not left, f"left open: {left}"


@pytest.fixture(scope="session")
def run() -> Run:
    """`run("count", project, "Stops")` gives the JSON answer; fails on any exit code but 0."""

    def call(command: str, *arguments: object) -> dict[str, Any]:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = cli.main([command, *map(str, arguments), "--json"])
        assert code == 0, err.getvalue()
        answer: dict[str, Any] = json.loads(out.getvalue())
        return answer

    return call
