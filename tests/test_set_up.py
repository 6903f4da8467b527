"""The scripts behind `make run` and `make test` find what is there and say what is missing."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the scripts serve Linux")

TOOLS = ROOT / "tools"


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A folder of programs like that of a bare machine: no Python, no apt, no libraries."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for program in ("sh", "dirname", "uname", "find", "grep", "id"):
        found = shutil.which(program)
        assert found, f"{program} is part of every Linux"
        (folder / program).symlink_to(found)
    return folder


def script(folder: Path, name: str, body: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def run(bare: Path, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(bare / "sh"), str(TOOLS / name), *arguments],
        env={"PATH": str(bare)},
        capture_output=True,
        text=True,
        timeout=30,
    )


def test_no_python_is_said_plainly(bare: Path, tmp_path: Path) -> None:
    done = run(bare, "make_venv.sh", str(tmp_path / "venv"))
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stdout


def test_old_python_is_said_with_its_version(bare: Path, tmp_path: Path) -> None:
    script(bare, "python3", 'case "$1" in --version) echo Python 3.9.2 ;; *) exit 1 ;; esac')
    done = run(bare, "make_venv.sh", str(tmp_path / "venv"))
    assert done.returncode == 1
    assert "python3 here is Python 3.9.2" in done.stdout
    assert not (tmp_path / "venv").exists()


def test_python_without_venv_says_what_to_install(bare: Path, tmp_path: Path) -> None:
    script(
        bare,
        "python3",
        'case "$2" in *ensurepip*) exit 1 ;; *print*) echo 3.11 ;; *) exit 0 ;; esac',
    )
    done = run(bare, "make_venv.sh", str(tmp_path / "venv"))
    assert done.returncode == 1
    assert "python3.11-venv" in done.stdout
    assert "install its venv and ensurepip modules" in done.stdout


def test_a_venv_that_works_is_left_alone(bare: Path, tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    (venv / "bin").mkdir(parents=True)
    script(venv / "bin", "python", "exit 0")
    done = run(bare, "make_venv.sh", str(venv))
    assert done.returncode == 0 and done.stdout == ""


def test_missing_packages_without_rights_are_listed_to_install(bare: Path) -> None:
    script(bare, "ldconfig", "exit 0")
    script(bare, "apt-get", "exit 1")
    (bare / "id").unlink()
    script(bare, "id", "echo 1000")
    done = run(bare, "system_packages.sh", "test")
    assert done.returncode == 1
    assert "apt-get install --no-install-recommends" in done.stdout
    assert {"libegl1", "libxcb-cursor0", "poppler-utils"} <= set(done.stdout.split())


def test_missing_packages_without_apt_do_not_stop(bare: Path) -> None:
    script(bare, "ldconfig", "exit 0")
    done = run(bare, "system_packages.sh", "run")
    assert done.returncode == 0
    assert "There is no apt-get here" in done.stdout
    assert "poppler-utils" not in done.stdout, "only tests need it"


def test_nothing_is_said_where_nothing_is_missing(bare: Path) -> None:
    text = (TOOLS / "system_packages.sh").read_text()
    libraries = re.findall(r"(lib[\w.-]+\.so\.\d+):", text)
    assert len(libraries) > 15
    listed = "\n".join(f"\t{library} (libc6,x86-64) => elsewhere" for library in libraries)
    script(bare, "ldconfig", f"cat <<'END'\n{listed}\nEND")
    (bare / "cat").symlink_to(str(shutil.which("cat")))
    for program in ("pdftotext", "ogrinfo"):
        script(bare, program, "exit 0")
    done = run(bare, "system_packages.sh", "test")
    if "fonts-dejavu-core" not in done.stdout:
        assert done.returncode == 0 and done.stdout == ""


def test_versions_are_pinned_and_name_no_address() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    assert all(re.fullmatch(r"[\w.-]+==[\w.+]+", line) for line in lines)
    pinned = {re.sub(r"[-_.]+", "-", line.split("==")[0]).lower() for line in lines}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    wanted = [re.split(r"[<>=!~;\[ ]", requirement)[0] for requirement in wanted]
    assert {re.sub(r"[-_.]+", "-", name).lower() for name in wanted} <= pinned


def test_continuous_integration_runs_what_everybody_runs() -> None:
    commands = (ROOT / ".ci/run").read_text().splitlines()
    assert commands[-1] == "exec make test"
