"""Dask clusters: the same work on each batch, done by workers that see the same folder.

Only this module and `cluster_reader` know Dask, which comes with the extra `cluster` and is
loaded when somebody asks for a cluster. The rows are read by the workers; what travels are the
zones and services one way and counts the other.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from gisapp.errors import Cancelled, DataError, GisappError
from gisapp.io.folders import geoparquet, out_of_core, out_of_core_check, parquet_rows
from gisapp.io.folders.geoparquet import BATCH_ROWS, GeoFolder
from gisapp.io.folders.out_of_core import Job, Tally
from gisapp.io.folders.out_of_core_check import Checked, Checking
from gisapp.progress import Progress

if TYPE_CHECKING:
    import pandas as pd

#: A client of Dask's `distributed`, whose own types are few.
Client = Any

LOCAL = "dask://local"
_SCHEMES = {"dask://": "tcp://", "dask+tls://": "tls://"}
_SECONDS = 5
_MISSING = (
    "Counting on a cluster needs Dask, which is not installed here.",
    "Install it with `pip install 'gisapp[cluster]'`, or leave --engine out.",
)


@contextmanager
def connected(engine: str, workers: int | None = None) -> Iterator[Client]:
    """A client of the cluster at `dask://HOST:PORT`, or `dask+tls://` with Dask's own settings.

    `dask://local` starts `workers` processes on this machine (2 unless told) and ends them.
    DataError where Dask is not installed, the address is none, or no cluster answers there.
    """
    address = _address(engine)
    if address is not None and workers is not None:
        raise DataError(
            f"A number of workers is for {LOCAL}, and {engine} has its own.", "Leave it out."
        )
    if any(importlib.util.find_spec(name) is None for name in ("distributed", "dask_geopandas")):
        raise DataError(*_MISSING)
    distributed: Any = importlib.import_module("distributed")
    with _silence():
        if address is not None:
            with _reached(distributed, address) as client:
                yield client
        else:
            with _started(distributed, workers or 2) as client:
                yield client


@contextmanager
def _silence() -> Iterator[None]:
    """What Dask says to its keepers is nothing for people who count; failures come as errors."""
    logger = logging.getLogger("distributed")
    former = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(former)


@contextmanager
def _started(distributed: Any, workers: int) -> Iterator[Client]:
    """A cluster of processes of this machine, which nobody else can reach."""
    with _interruptions_kept():
        cluster = distributed.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
            worker_dashboard_address=None,
            # What it says of itself over HTTP it says at any free port, for the usual one may be
            # taken: by another cluster, which is no trouble of ours.
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
            silence_logs=logging.CRITICAL,
        )
    with cluster, distributed.Client(cluster) as client:
        yield client


@contextmanager
def _interruptions_kept() -> Iterator[None]:
    """Processes started meanwhile never see Ctrl-C: it is for us, who then end them.

    A terminal sends it to all processes of the program. What is kept back from us meanwhile is
    delivered at the end.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    former = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, former)


def _address(engine: str) -> str | None:
    """The address as Dask writes it; None for a cluster on this machine."""
    if engine == LOCAL:
        return None
    for ours, theirs in _SCHEMES.items():
        host, _, port = engine.removeprefix(ours).rpartition(":")
        if engine.startswith(ours) and host and port.isdigit():
            return theirs + engine.removeprefix(ours)
    raise DataError(
        f"“{engine}” is not the address of a cluster.",
        f"Write --engine dask://HOST:PORT, or {LOCAL} for one on this machine.",
    )


@contextmanager
def _reached(distributed: Any, address: str) -> Iterator[Client]:
    try:
        client = distributed.Client(address, timeout=_SECONDS)
    except (OSError, ValueError, TypeError) as error:
        raise DataError(
            f"No Dask cluster answers at {address}.",
            "Start its scheduler, check the address, or leave --engine out to work here.",
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=_SECONDS)
        except TimeoutError as error:
            raise DataError(
                f"The cluster at {address} has no workers.", "Start some, then try again."
            ) from error
        yield client


# Counting


def counted(
    client: Client, folder: GeoFolder, work: Job, progress: Progress | None = None
) -> Tally:
    """Count all rows of a folder on a cluster; the same numbers as on one machine.

    DataError naming a file that cannot be read, or saying what went wrong on the cluster.
    """
    progress = progress or Progress()
    reader = importlib.import_module("gisapp.io.folders.cluster_reader")
    geoparquet.check_columns(folder, out_of_core.columns_of(work))
    total = out_of_core.nothing(work)
    try:
        parts = reader.parts(folder, out_of_core.columns_of(work), _groups_together(folder))
        shared = client.scatter(work, broadcast=True, hash=False)
        futures = reader.each(client, tallied, parts, shared)
        for one in finished(futures, progress, "parts counted"):
            total += one
    except Exception as error:
        if not isinstance(error, Cancelled):
            _find_broken(folder, work)
        raise error if isinstance(error, GisappError) else failed(error) from error
    return total


def tallied(frame: pd.DataFrame, work: Job) -> Tally:
    """Count one part of a folder, on a worker."""
    table = pa.Table.from_pandas(frame, preserve_index=False)
    group = out_of_core.group_column(work)
    rows = parquet_rows.batch(work.reading, table, "A file of the folder", group)
    return out_of_core.tally(work, rows)


def _groups_together(folder: GeoFolder) -> int:
    """How many row groups make one part, so that none is larger than a batch."""
    largest = max((rows for file in folder.files for rows in file.groups), default=1)
    return max(BATCH_ROWS // max(largest, 1), 1)


def finished(futures: Sequence[Any], progress: Progress, what: str) -> Iterator[Any]:
    """Results as they come. Whatever goes wrong here or there, nothing runs on."""
    distributed: Any = importlib.import_module("distributed")
    try:
        ready = distributed.as_completed(futures, with_results=True)
        for done, (_, result) in enumerate(ready, start=1):
            yield result
            progress.report(done / len(futures), f"{done:,} of {len(futures):,} {what}")
    except BaseException:
        for future in futures:
            future.cancel()
        raise


def _find_broken(folder: GeoFolder, work: Job) -> None:
    """Read the folder here, for the file that broke the work there: DataError naming it."""
    group = out_of_core.group_column(work)
    for piece in geoparquet.pieces(folder):
        for table in geoparquet.tables(piece, out_of_core.columns_of(work)):
            parquet_rows.batch(work.reading, table, piece.file.path.name, group)


def failed(error: Exception) -> DataError:
    """What went wrong on a cluster, as a sentence."""
    first = (str(error).splitlines() or [""])[0][:200]
    return DataError(
        f"The cluster could not finish: {type(error).__name__}: {first}.",
        "Its workers need this version of gisapp, room for some million rows, and the folder "
        "under the same path.",
    )


# Checking


def checked(
    client: Client,
    folder: GeoFolder,
    work: Checking,
    out: Path,
    progress: Progress | None = None,
) -> Checked:
    """Check the rows of a folder on a cluster, a file each time, and write a folder like it.

    The workers write where this machine sees it too. Whole or not at all, as
    `out_of_core_check.checked`, with the same errors.
    """
    progress = progress or Progress()
    total = Checked()
    with out_of_core_check.targets(folder, out, work) as pairs:
        try:
            shared = client.scatter(work, broadcast=True, hash=False)
            futures = [
                client.submit(out_of_core_check.check_file, pair, shared, pure=False)
                for pair in pairs
            ]
            for one in finished(futures, progress, "files checked"):
                total += one
        except GisappError:
            raise
        except Exception as error:
            raise failed(error) from error
    return total
