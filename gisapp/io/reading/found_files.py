"""Which files lie behind the paths a user gave: folders, zips and gzips opened, kinds told apart.

The content decides what a file is; its name only where the content leaves it open.
"""

from __future__ import annotations

import gzip
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path, PurePosixPath

from gisapp.errors import DataError
from gisapp.io.safe_files import as_characters

#: What may come out of an archive; larger things are unpacked by hand, knowingly.
MAX_UNPACKED = 4 * 2**30
#: Real tables and maps pack down to a tenth or so; a packed bomb to a thousandth.
MAX_RATIO = 150
SMALL = 256 * 2**20
_PIECE = 1 << 22


class FileKind(StrEnum):
    """How a file is read."""

    DELIMITED = "CSV"
    WORKBOOK = "workbook"
    GEOJSON = "GeoJSON"
    SHAPEFILE = "Shapefile"
    GEOPACKAGE = "GeoPackage"
    KML = "KML"


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to read, and the name to show for it (`stops.zip/april.csv`)."""

    path: Path
    label: str
    kind: FileKind


_SUFFIXES = {
    ".csv": FileKind.DELIMITED,
    ".tsv": FileKind.DELIMITED,
    ".tab": FileKind.DELIMITED,
    ".xlsx": FileKind.WORKBOOK,
    ".xlsm": FileKind.WORKBOOK,
    ".xls": FileKind.WORKBOOK,
    ".ods": FileKind.WORKBOOK,
    ".geojson": FileKind.GEOJSON,
    ".json": FileKind.GEOJSON,
    ".shp": FileKind.SHAPEFILE,
    ".gpkg": FileKind.GEOPACKAGE,
    ".kml": FileKind.KML,
    ".kmz": FileKind.KML,
}
_SIDECARS = {".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx"}
_FOREIGN = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"PAR1", "a Parquet file"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
)
READABLE = (
    "gisapp reads CSV, XLSX, XLS, GeoJSON, Shapefile, GeoPackage, KML and KMZ, "
    "also in a folder, a zip or a .gz."
)


@contextmanager
def found(paths: Sequence[Path]) -> Iterator[tuple[FoundFile, ...]]:
    """The files to read behind the paths; what was unpacked for it goes away at the end.

    Raises DataError for a path that is missing, empty, unreadable or of no kind gisapp reads.
    """
    if not paths:
        raise DataError("No file was given.", "Name at least one file or folder.")
    with ExitStack() as stack:
        files: list[FoundFile] = []
        for path in paths:
            try:
                files.extend(_behind(Path(path), Path(path).name, stack))
            except (OSError, EOFError, zlib.error) as error:
                raise _unreadable(Path(path), error) from error
        named = (replace(file, label=as_characters(file.label)) for file in files)
        yield tuple(dict.fromkeys(named))


def _unreadable(path: Path, error: Exception) -> DataError:
    if isinstance(error, FileNotFoundError):
        return DataError(f"There is no file {path}.", "Check the name and the folder.")
    if isinstance(error, PermissionError):
        return DataError(f"{path.name} may not be read.", "Ask for the right to read it.")
    if isinstance(error, EOFError | zlib.error | gzip.BadGzipFile):
        return DataError(
            f"{path.name} is damaged or cut short: it cannot be unpacked.", "Get the file again."
        )
    reason = error.strerror if isinstance(error, OSError) else None
    return DataError(f"{path.name} cannot be read: {reason or error}.", "Get the file again.")


def _behind(path: Path, label: str, stack: ExitStack) -> Iterator[FoundFile]:
    if path.is_dir():
        yield from _in_folder(path, label, stack)
        return
    if path.exists() and not path.is_file():
        raise DataError(
            f"{label} is a device or a pipe, not a file.", "Save what it gives to a file first."
        )
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise DataError(f"{label} is empty.", "Check that it was copied or exported whole.")
    if path.suffix.casefold() in _SIDECARS:
        yield _shapefile_of(path)
    elif head.startswith(b"PK"):
        yield from _packed(path, label, stack)
    elif head.startswith(b"\x1f\x8b"):
        yield from _gunzipped(path, label, stack)
    else:
        yield FoundFile(path, label, kind_of(path, label, head))


def kind_of(path: Path, label: str, head: bytes) -> FileKind:
    """The kind of a plain file, by its first bytes; DataError for one that is none of ours."""
    for magic, what in _FOREIGN:
        if head.startswith(magic):
            raise DataError(f"{label} is {what}, not a table or a map.", READABLE)
    if head.startswith(b"SQLite format 3\x00"):
        return FileKind.GEOPACKAGE
    if head.startswith(b"\x00\x00\x27\x0a"):
        return FileKind.SHAPEFILE
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return FileKind.WORKBOOK
    suffix = path.suffix.casefold()
    text = head.lstrip(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"<"):
        return _kind_of_markup(label, text)
    if text.startswith((b"{", b"[")) and suffix not in (".csv", ".tsv", ".txt"):
        return FileKind.GEOJSON
    if suffix == ".kml":
        raise DataError(f"{label} is not a KML file.", "Export it again.")
    by_name = _SUFFIXES.get(suffix, FileKind.DELIMITED)
    if by_name in (FileKind.SHAPEFILE, FileKind.GEOPACKAGE, FileKind.WORKBOOK):
        raise DataError(
            f"{label} is damaged or is not a {by_name} file.", "Get or export the file again."
        )
    return by_name


def _kind_of_markup(label: str, text: bytes) -> FileKind:
    lowered = text[:4096].lower()
    if b"<kml" in lowered:
        return FileKind.KML
    what = "a web page" if b"<html" in lowered or b"<!doctype html" in lowered else "an XML file"
    raise DataError(
        f"{label} is {what}, not a table or a map.",
        "If it came from a download, open the address in a browser and save the data itself.",
    )


def _in_folder(folder: Path, label: str, stack: ExitStack) -> Iterator[FoundFile]:
    """Every file of a known kind in a folder and its folders, in the order of their names."""
    some = False
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        if not path.is_file() or any(part.startswith((".", "__MACOSX")) for part in inner.parts):
            continue
        suffixes = [suffix.casefold() for suffix in path.suffixes[-2:]]
        known = suffixes and (
            suffixes[-1] in _SUFFIXES
            or suffixes[-1] == ".zip"
            or (suffixes[-1] == ".gz" and suffixes[0] in _SUFFIXES)
        )
        if known:
            some = True
            yield from _behind(path, f"{label}/{inner.as_posix()}", stack)
    if not some:
        raise DataError(f"{label} holds no file that gisapp reads.", READABLE)


def _shapefile_of(sidecar: Path) -> FoundFile:
    for suffix in (".shp", ".SHP"):
        shp = sidecar.with_suffix(suffix)
        if shp.is_file():
            return FoundFile(shp, shp.name, FileKind.SHAPEFILE)
    raise DataError(
        f"{sidecar.name} is part of a shapefile, but its .shp is not beside it.",
        "Put the .shp, .shx, .dbf and .prj into one folder.",
    )


def _packed(path: Path, label: str, stack: ExitStack) -> Iterator[FoundFile]:
    """A zip: a workbook or KMZ by what is in it, or an archive of files to read."""
    try:
        archive = stack.enter_context(zipfile.ZipFile(path))
    except zipfile.BadZipFile as error:
        raise DataError(
            f"{label} is damaged or cut short: it cannot be unpacked.", "Get the file again."
        ) from error
    names = {name.casefold() for name in archive.namelist()}
    _check_size(label, sum(info.file_size for info in archive.infolist()), path.stat().st_size)
    if any(info.flag_bits & 1 for info in archive.infolist()):
        raise DataError(f"{label} is locked with a password.", "Unpack it and import the files.")
    if {"xl/workbook.xml", "content.xml", "xl/workbook.bin"} & names:
        yield FoundFile(path, label, FileKind.WORKBOOK)
    elif path.suffix.casefold() == ".kmz" or "doc.kml" in names:
        yield FoundFile(path, label, FileKind.KML)
    else:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gisapp-")))
        _unpack(archive, label, folder)
        yield from _in_folder(folder, label, stack)


def _check_size(label: str, unpacked: int, packed: int) -> None:
    if unpacked > MAX_UNPACKED or (unpacked > SMALL and unpacked > MAX_RATIO * packed):
        raise DataError(
            f"{label} would unpack to {unpacked / 2**30:,.1f} GB, more than gisapp opens unasked.",
            "If you trust it, unpack it and import the files.",
        )


def _unpack(archive: zipfile.ZipFile, label: str, folder: Path) -> None:
    wanted = {*_SUFFIXES, *_SIDECARS, ".gz"}
    for info in archive.infolist():
        inner = PurePosixPath(info.filename.replace("\\", "/"))
        safe = [part for part in inner.parts if part not in ("..", "/", ".") and ":" not in part]
        if info.is_dir() or not safe or inner.suffix.casefold() not in wanted:
            continue
        target = folder.joinpath(*safe)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with archive.open(info) as packed, target.open("wb") as out:
                while piece := packed.read(_PIECE):
                    out.write(piece)
        except (zipfile.BadZipFile, NotImplementedError) as error:
            raise DataError(
                f"{info.filename} in {label} cannot be unpacked.",
                "Unpack it with another program and import the files.",
            ) from error


def _gunzipped(path: Path, label: str, stack: ExitStack) -> Iterator[FoundFile]:
    """A .gz: a table stays packed and is unpacked in memory; a map goes to a temporary file."""
    inner = Path(path.stem)
    with gzip.open(path) as file:
        head = file.read(4096)
    if not head:
        raise DataError(f"{label} is empty.", "Check that it was packed whole.")
    kind = kind_of(inner, label, head)
    if kind is FileKind.DELIMITED:
        yield FoundFile(path, label, kind)
        return
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gisapp-")))
    (folder / inner).write_bytes(file_bytes(path, label))
    yield FoundFile(folder / inner, label, kind)


def is_packed(path: Path) -> bool:
    """Whether a file is a .gz, whatever it is called."""
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def file_bytes(path: Path, label: str) -> bytes:
    """All bytes of a file, unpacked if it is a .gz; DataError if that is more than gisapp opens."""
    size = path.stat().st_size
    if size > MAX_UNPACKED:
        raise DataError(
            f"{label} has {size / 2**30:,.1f} GB, more than gisapp reads at once.",
            "Split it, by month for example, and import the parts.",
        )
    if not is_packed(path):
        return path.read_bytes()
    pieces, total = [], 0
    try:
        with gzip.open(path) as packed:
            while piece := packed.read(_PIECE):
                total += len(piece)
                _check_size(label, total, size)
                pieces.append(piece)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _unreadable(Path(label), error) from error
    return b"".join(pieces)
