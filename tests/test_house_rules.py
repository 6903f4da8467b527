"""The rules of the house that a machine can check; each failure names the better way."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import ROOT

CODE = ("gisapp", "sample_data", "tools", "benchmarks", "tests")
PROGRAM = ("gisapp", "sample_data")


def found(folders: tuple[str, ...], *suffixes: str) -> list[Path]:
    return sorted(
        path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in suffixes
    )


def pages() -> list[Path]:
    return [*sorted(ROOT.glob("*.md")), *found(("docs", "sample_data"), ".md")]


def texts() -> list[Path]:
    made_up = Path(__file__)
    files = [*found(CODE, ".py", ".js", ".css", ".sh"), *pages(), ROOT / "Makefile"]
    return [path for path in files if path != made_up]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def lines_with(pattern: str, paths: list[Path], flags: int = 0) -> list[str]:
    wanted = re.compile(pattern, flags)
    return [
        f"{name(path)}:{number}: {line.strip()[:90]}"
        for path in paths
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if wanted.search(line)
    ]


def test_nothing_is_left_for_later() -> None:
    left = lines_with(r"\b(TODO|FIXME|XXX|HACK)\b", texts())
    assert not left, "finish it, or open an issue:\n" + "\n".join(left)


def test_words_are_kind_and_exact() -> None:
    pattern = r"\bviolat|\baddict|\bjunk(ie|y)\b|drug[- ](user|abuser|addict)|\bcriminals\b"
    bad = lines_with(pattern, texts(), re.IGNORECASE)
    assert not bad, "say “people who use services”, “possible breach”:\n" + "\n".join(bad)


def test_no_paths_of_one_machine() -> None:
    bad = lines_with(r"(?<![\w.:<~*-])/(work|root|Users|tmp)/", texts())
    assert not bad, "take a path from an argument or from the file's own place:\n" + "\n".join(bad)


def test_colours_of_the_window_are_in_its_theme() -> None:
    modules = [p for p in found(("gisapp/ui",), ".py") if p.name != "theme.py"]
    bad = lines_with(r"#[0-9A-Fa-f]{6}\b|QColor\(\s*\d|Qt\.GlobalColor\.(?!transparent)", modules)
    assert not bad, "add a token to gisapp/ui/theme.py and use it:\n" + "\n".join(bad)


def test_modules_have_a_subject() -> None:
    vague = {"util", "utils", "helper", "helpers", "manager", "managers", "misc", "common"}
    bad = [name(path) for path in found(CODE, ".py") if path.stem in vague]
    assert not bad, f"name a module for what it knows: {bad}"


@pytest.mark.parametrize("path", found(PROGRAM, ".py"), ids=name)
def test_files_and_functions_can_be_read_at_once(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 500, "split it by subject"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= 70, f"{node.name} has {length} lines: split it by what it does"


@pytest.mark.parametrize("path", found(PROGRAM, ".py"), ids=name)
def test_errors_are_not_swallowed(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            silent = all(isinstance(line, ast.Pass) for line in node.body)
            assert not silent, f"line {node.lineno}: say why with contextlib.suppress, or handle it"
            assert node.type is not None, f"line {node.lineno}: name what is caught"


@pytest.mark.parametrize("path", found(PROGRAM, ".py"), ids=name)
def test_annotations_are_not_evaluated(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    if any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in tree.body):
        first = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
        assert first and first[0].module == "__future__", "from __future__ import annotations"
        assert ast.get_docstring(tree), "say in a line what the module is about"


def test_ignored_types_are_named() -> None:
    bad = lines_with(r"#\s*type:\s*ignore(?!\[)", found(CODE, ".py"))
    assert not bad, "name the code that is ignored:\n" + "\n".join(bad)


# The changelog

SECTIONS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def releases() -> Iterator[tuple[str, str]]:
    """Version and day of each release in the changelog, newest first."""
    for line in (ROOT / "CHANGELOG.md").read_text("utf-8").splitlines():
        if line.startswith("## "):
            match = re.fullmatch(
                r"## \[(Unreleased|\d+\.\d+\.\d+)\](?: - (\d{4}-\d\d-\d\d))?", line
            )
            assert match, f"write “## [1.2.3] - 2026-03-31”, not “{line}”"
            yield match[1], match[2] or ""


def test_changelog_has_its_form() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert text.startswith("# Changelog\n")
    assert set(re.findall(r"^### (.*)$", text, re.M)) <= SECTIONS
    numbered = [(version, day) for version, day in releases() if version != "Unreleased"]
    assert all(date.fromisoformat(day) for _, day in numbered), "a release has its day"
    order = [tuple(int(part) for part in version.split(".")) for version, _ in numbered]
    assert order == sorted(set(order), reverse=True), "newest first"
    assert next(version for version, _ in releases()) == "Unreleased"


# The pages


def anchor(heading: str) -> str:
    kept = re.sub(r"[^\w\s-]", "", heading.casefold())
    return re.sub(r"\s", "-", kept.strip())


@pytest.mark.parametrize("page", pages(), ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.S)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("https://", "mailto:")):
            continue
        file, _, heading = target.partition("#")
        linked = (page.parent / file).resolve() if file else page
        assert linked.exists(), f"{name(page)}: {target} is not there"
        if heading:
            headings = re.findall(r"^#+ (.*)$", linked.read_text("utf-8"), re.M)
            assert heading in {anchor(one) for one in headings}, f"{target}: no such heading"


@pytest.mark.parametrize("page", sorted((ROOT / "docs/decisions").glob("*.md")), ids=name)
def test_decisions_are_numbered_and_complete(page: Path) -> None:
    text = page.read_text("utf-8")
    number = int(page.name[:3])
    assert text.startswith(f"# {number}. ")
    for heading in ("## Question", "## Decision", "## What follows"):
        assert heading in text


def test_decisions_have_a_number_each() -> None:
    numbers = [int(page.name[:3]) for page in (ROOT / "docs/decisions").glob("*.md")]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))


def test_pages_of_the_architecture_name_what_is_there() -> None:
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    for path in re.findall(r"`((?:layers|ui|io|render|tests)/[\w/]+\.py)`", text):
        assert (ROOT / "gisapp" / path).exists() or (ROOT / path).exists(), path


def test_only_the_theme_sets_a_style_sheet() -> None:
    """A widget with a sheet of its own is dressed anew each time something round it changes."""
    setting = [
        str(path.relative_to(ROOT / "gisapp"))
        for path in (ROOT / "gisapp").rglob("*.py")
        if ".setStyleSheet(" in path.read_text("utf8")
    ]
    assert setting == ["ui/theme.py"]
