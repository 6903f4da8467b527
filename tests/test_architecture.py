"""Who may import whom, as docs/architecture.md shows it; read from the source, so an import
hidden in a function counts too."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject

from tests.conftest import ROOT

PACKAGE = ROOT / "gisapp"

#: What each part of gisapp may import of it, besides itself.
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "progress": {"errors"},
    "layers": {"progress", "errors"},
    "io": {"layers", "progress", "errors", "analysis"},
    "analysis": {"layers", "progress", "errors"},
    "document": {"layers", "progress", "errors"},
    "tasks": {"document", "layers", "progress", "errors"},
    "journeys": {"tasks", "document", "analysis", "io", "layers", "progress", "errors"},
    "render": {"journeys", "tasks", "document", "analysis", "io", "layers", "progress", "errors"},
    "cli": {
        "render",
        "journeys",
        "tasks",
        "document",
        "analysis",
        "io",
        "layers",
        "progress",
        "errors",
    },
    "ui": {
        "render",
        "journeys",
        "tasks",
        "document",
        "analysis",
        "io",
        "layers",
        "progress",
        "errors",
    },
    "__main__": {"cli", "errors"},
    "__init__": set(),
}

#: Heavy libraries that may be loaded late, to keep the start fast.
LATE = {"pandas", "geopandas", "pyogrio", "pyproj", "scipy", "folium", "branca", "matplotlib"}
LATE |= {"mapclassify", "pmtiles", "python_calamine", "tzfpy", "xstatic", "qtawesome", "jinja2"}
LATE |= {"dask", "dask_geopandas", "distributed", "dateutil", "holidays", "docx", "cryptography"}

#: Modules of gisapp that are loaded by name and late, and by whom; decision 6 says why. A star
#: stands for what a table or the caller says, and nothing else is loaded so.
BY_NAME: dict[str, set[str]] = {
    "__main__.py": {"gisapp.ui.app"},
    "cli/__init__.py": {"gisapp.cli.*"},
    "cli/check.py": {"gisapp.cli.check_file", "gisapp.cli.check_folder", "gisapp.cli.check_place"},
    "cli/demo.py": {"gisapp.ui.app"},
    "cli/deploy.py": {"gisapp.render.paper.deployment_pages", "gisapp.render.headless"},
    "io/folders/cluster.py": {"gisapp.io.folders.cluster_reader"},
    "io/tiles/fetching.py": {"gisapp.io.tiles.server"},
    "ui/commands.py": {"gisapp.journeys"},
    "ui/deployments/export.py": {"gisapp.render.paper.deployment_pages"},
    "ui/dialogs.py": {"gisapp.ui.*"},
    "ui/warmth.py": {"*"},
}
#: The one module that those who know nothing of the window may load, to open it.
WINDOW = "gisapp.ui.app"

#: Objects of Qt that no signal is ever connected to, which drawing beside the window may use.
WITHOUT_SIGNALS = {"QBuffer", "QIODevice", "QPdfWriter"}

#: Who catches every kind of error that users can understand. Here it ends: it is told.
ENDS = {"cli/__init__.py", "ui/action_set.py", "ui/session.py", "ui/task_runner.py"}
#: Forms and bars that say it where the user is looking, or ask on.
FORMS = {
    "ui/deployments/briefing_dialog.py", "ui/drawing/desk.py", "ui/exports/log_dialog.py",
    "ui/project/files.py", "ui/scenarios/compare.py", "ui/zones/dialog.py",
}  # fmt: skip
#: What goes on unasked, and is not stopped by it.
UNASKED = {"render/tiles.py", "ui/project/cache_writer.py", "ui/project/recovery_writer.py"}
#: Looks at one thing after the other, and has a word for each; or lets it through.
ONE_BY_ONE = {
    "analysis/zones/remaking.py", "analysis/zones/order.py", "cli/demo.py", "io/folders/cluster.py",
}  # fmt: skip


def sources() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def part_of(path: Path) -> str:
    inside = path.relative_to(PACKAGE)
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


def imports(tree: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute here"
            yield node, node.module or ""
            if (node.module or "").split(".")[0] == "gisapp":
                yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


def by_name(tree: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """What `import_module` is asked for, with a star for each part that is not written there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
            ("import_module", "__import__")
        ):
            asked = node.args[0]
            parts = asked.values if isinstance(asked, ast.JoinedStr) else [asked]
            yield (
                node,
                "".join(
                    str(part.value) if isinstance(part, ast.Constant) else "*" for part in parts
                ),
            )


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_right(path: Path) -> None:
    part, tree = part_of(path), ast.parse(path.read_text("utf8"))
    for node, name in [*imports(tree), *by_name(tree)]:
        if name.startswith("gisapp."):
            other = name.split(".")[1]
            if other == "__version__" or (name == WINDOW and part in ("__main__", "cli")):
                continue
            allowed = MAY_IMPORT[part] | {part}
            assert other in allowed, f"line {node.lineno}: {part} may not import {other}"
        if name.split(".")[0] == "PySide6":
            assert part in ("ui", "render"), f"line {node.lineno}: Qt belongs to ui and render"
            if part == "render":
                assert "QtWidgets" not in name, "maps print without a window"


def test_what_draws_beside_the_window_makes_no_connections_in_qt() -> None:
    """QTextDocument connects signals within itself, with Python's lock held: while the window lets
    go of a slot, which waits for that lock with Qt's own in hand, both would wait for ever."""
    found = [
        f"{path.relative_to(PACKAGE)}: {alias.name}"
        for path in (*(PACKAGE / "render").rglob("*.py"), *(PACKAGE / "io").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("PySide6.")
        for alias in node.names
        if alias.name not in WITHOUT_SIGNALS
        and isinstance(made := getattr(importlib.import_module(str(node.module)), alias.name), type)
        and issubclass(made, QObject)
    ]
    # The application itself is made on the main thread.
    assert found == ["render/headless.py: QGuiApplication"]


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_heavy_libraries_are_imported_late(path: Path) -> None:
    tree = ast.parse(path.read_text("utf8"))
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    for function in functions:
        for node, name in imports(function):
            assert name.split(".")[0] in LATE, f"line {node.lineno}: import {name} at the top"


def test_modules_loaded_by_name_are_those_of_decision_6() -> None:
    found: dict[str, set[str]] = {}
    for path in sources():
        for node, name in by_name(ast.parse(path.read_text("utf8"))):
            if name.startswith(("gisapp", "*")):
                found.setdefault(str(path.relative_to(PACKAGE)), set()).add(name)
            else:
                assert name.split(".")[0] in LATE, f"{path.name}, line {node.lineno}: {name}"
    assert found == BY_NAME


def test_decision_6_names_each_module_that_loads_another_by_name() -> None:
    text = (ROOT / "docs/decisions/006-journeys-and-modules-by-name.md").read_text("utf8")
    assert [path for path in BY_NAME if f"`{path}`" not in text] == []


def test_only_one_module_knows_folium() -> None:
    knowing = {
        str(path.relative_to(PACKAGE))
        for path in sources()
        for _, name in imports(ast.parse(path.read_text("utf8")))
        if name.split(".")[0] == "folium"
    }
    assert knowing <= {"io/html/map_file.py"}


def test_domain_reads_no_clock_and_no_files() -> None:
    for path in (PACKAGE / "layers").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf8"))):
            if isinstance(node, ast.Attribute):
                assert node.attr not in ("now", "utcnow", "today"), f"{path.name}: {node.lineno}"
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id != "open", f"{path.name}: {node.lineno}"


def caught(tree: ast.AST) -> Iterator[str]:
    """Names of the exceptions that are caught or suppressed."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and node.type is not None:
            yield from (one.id for one in ast.walk(node.type) if isinstance(one, ast.Name))
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress"):
            yield from (one.id for one in node.args if isinstance(one, ast.Name))


def test_errors_end_where_the_page_says() -> None:
    """A kind of error may be caught by whoever has an answer to it; all kinds in these places."""
    catching = {
        str(path.relative_to(PACKAGE))
        for path in sources()
        if "GisappError" in caught(ast.parse(path.read_text("utf8")))
    }
    assert catching == ENDS | FORMS | UNASKED | ONE_BY_ONE


def loaded_by(code: str) -> set[str]:
    script = f"import sys; {code}; print(' '.join(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(done.stdout.split("\n")[-2].split())


def test_help_loads_nothing_heavy() -> None:
    loaded = loaded_by("import gisapp.__main__, gisapp.cli")
    assert not loaded & {"PySide6", "numpy", "pandas", "shapely", "pyarrow", "gisapp.ui"}


def test_import_and_counts_load_no_qt() -> None:
    loaded = loaded_by(
        "import gisapp.cli.importing, gisapp.cli.zones, gisapp.cli.counting, gisapp.cli.info"
    )
    assert "PySide6" not in loaded


def test_the_window_loads_no_heavy_library_before_it_is_there() -> None:
    loaded = loaded_by("import gisapp.ui.app")
    assert not loaded & {"pandas", "geopandas", "pyogrio", "folium", "scipy.stats", "matplotlib"}


def test_loading_qt_leaves_the_source_of_other_modules_unread() -> None:
    script = "import gisapp.ui.app, pandas, linecache; print(sorted(linecache.cache))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert "numpy" not in done.stdout and "pandas" not in done.stdout


def test_every_cycle_would_show() -> None:
    """No two modules need each other, not even in a roundabout way or late.

    What a table names is left out: dialogs open dialogs, each through the table.
    """
    trees = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): ast.parse(
            path.read_text("utf8")
        )
        for path in sources()
    }
    graph = {
        module: {name for _, name in (*imports(tree), *by_name(tree)) if name.startswith("gisapp")}
        for module, tree in trees.items()
    }
    done: set[str] = set()

    def walk(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " → ".join((*trail, module))
        if module in done or module not in graph:
            return
        for other in graph[module]:
            if other != "gisapp":
                walk(other, (*trail, module))
        done.add(module)

    for module in graph:
        walk(module, ())
