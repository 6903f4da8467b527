"""The jobs of `bench_peers` done by QGIS 3: run by the Python that QGIS came with.

    /usr/bin/python3 benchmarks/peer_qgis.py FOLDER

Prints one JSON object of seconds a job. Knows nothing of gisapp: both are given the same files.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PyQt5.QtCore import QEvent, QPoint, QPointF, QSize, Qt
from PyQt5.QtGui import QColor, QMouseEvent
from PyQt5.QtWidgets import QApplication
from qgis.analysis import QgsNativeAlgorithms
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.gui import QgsMapCanvas, QgsMapToolPan

WIDTH, HEIGHT = 1280, 800
ORDER = ("zones", "stops", "streets")


def layers(folder: Path) -> list[QgsVectorLayer]:
    """The three tables of the project, the zones on top."""
    names = json.loads((folder / "tables.json").read_text())
    found = []
    for what in ORDER:
        layer = QgsVectorLayer(f"{folder / 'project.gpkg'}|layername={names[what]}", what, "ogr")
        assert layer.isValid(), what
        found.append(layer)
    return found


def settings(shown: list[QgsVectorLayer], extent: QgsRectangle) -> QgsMapSettings:
    asked = QgsMapSettings()
    asked.setLayers(shown)
    asked.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    asked.setOutputSize(QSize(WIDTH, HEIGHT))
    asked.setBackgroundColor(QColor("white"))
    asked.setExtent(extent)
    return asked


def draw(shown: list[QgsVectorLayer], extent: QgsRectangle) -> None:
    job = QgsMapRendererParallelJob(settings(shown, extent))
    job.start()
    job.waitForFinished()
    assert not job.renderedImage().isNull()


def timed(work: object) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def extent_of(folder: Path) -> QgsRectangle:
    return QgsRectangle(*json.loads((folder / "extent.json").read_text()))


def drag(shown: list[QgsVectorLayer], extent: QgsRectangle) -> list[float]:
    """Seconds of each frame while the canvas is dragged."""
    canvas = QgsMapCanvas()
    canvas.resize(WIDTH, HEIGHT)
    canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    canvas.setLayers(shown)
    canvas.setExtent(extent)
    tool = QgsMapToolPan(canvas)
    canvas.setMapTool(tool)
    canvas.show()
    canvas.waitWhileRendering()
    QApplication.processEvents()
    target = canvas.viewport()

    def send(kind: QEvent.Type, at: QPoint, button: Qt.MouseButton) -> None:
        held = Qt.NoButton if kind == QEvent.MouseButtonRelease else Qt.LeftButton
        event = QMouseEvent(kind, QPointF(at), button, held, Qt.NoModifier)
        QApplication.sendEvent(target, event)

    start = QPoint(WIDTH // 2, HEIGHT // 2)
    send(QEvent.MouseButtonPress, start, Qt.LeftButton)
    took = []
    for step in range(120):
        begun = time.perf_counter()
        send(QEvent.MouseMove, start + QPoint(step * 3 - 60, step % 40), Qt.NoButton)
        target.repaint()
        took.append(time.perf_counter() - begun)
    send(QEvent.MouseButtonRelease, start, Qt.LeftButton)
    canvas.stopRendering()
    canvas.waitWhileRendering()
    return took


def main() -> None:
    folder = Path(sys.argv[1])
    application = QgsApplication([], True)
    application.initQgis()
    sys.path.append("/usr/share/qgis/python/plugins")
    import processing
    from processing.core.Processing import Processing

    Processing.initialize()
    if "native" not in [one.id() for one in application.processingRegistry().providers()]:
        application.processingRegistry().addProvider(QgsNativeAlgorithms())
    extent = extent_of(folder)
    found: dict[str, float] = {}
    shown: list[QgsVectorLayer] = []

    def first_picture() -> None:
        shown.extend(layers(folder))
        draw(shown, extent)

    found["open and draw"] = timed(first_picture)
    moved = QgsRectangle(extent)
    moved.grow(-extent.width() * 0.02)
    found["redraw"] = statistics.median(timed(lambda: draw(shown, moved)) for _ in range(3))
    found["pan frame"] = statistics.median(drag(shown, extent))
    zones, stops, _ = shown

    def brush() -> None:
        stops.setSubsetString(
            "\"stopped_at\" >= '2021-03-01T00:00:00Z' AND \"stopped_at\" < '2021-06-01T00:00:00Z'"
        )
        draw(shown, extent)

    found["limit to three months and redraw"] = timed(brush)
    stops.setSubsetString("")

    # Files have no spatial index: each program makes its own, and both are given the time for it.
    found["make an index of the stops"] = timed(
        lambda: processing.run("native:createspatialindex", {"INPUT": stops})
    )

    def count() -> None:
        asked = {"POLYGONS": zones, "POINTS": stops, "FIELD": "inside", "OUTPUT": "memory:"}
        processing.run("native:countpointsinpolygon", asked)

    found["count in zones"] = timed(count)

    def save() -> None:
        zones.startEditing()
        feature = next(zones.getFeatures())
        shape = feature.geometry()
        shape.translate(0.0001, 0)
        zones.changeGeometry(feature.id(), shape)
        assert zones.commitChanges()

    found["save a zone that was moved"] = timed(save)

    def read() -> None:
        table = QgsVectorLayer(
            f"file://{folder / 'stops.csv'}?delimiter=,&xField=lon&yField=lat&crs=EPSG:4326"
            "&detectTypes=yes&spatialIndex=no&subsetIndex=no&watchFile=no",
            "csv",
            "delimitedtext",
        )
        assert table.isValid()
        draw([table], extent)

    found["read a CSV and draw"] = timed(read)
    found["most memory (MB)"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(found), flush=True)
    # QGIS can fall over while Python takes its parts away in another order than it made them.
    os._exit(0)


if __name__ == "__main__":
    main()
