"""A paper is set and drawn beside the window, and neither waits for the other."""

from __future__ import annotations

import subprocess
import sys

from tests.conftest import ROOT

#: Takes about a second of a processor; what stands still stands still for ever.
LONG = 60

SCRIPT = """
import threading
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage, QPainter
from gisapp.analysis.briefing.parts import Box, Grid, Heading, Items, Paper, Signing, Words
from gisapp.render.briefing.pages import paint_page_of, set_paper
from gisapp.render.headless import drawing
from gisapp.render.paper.sheet import Sheet

blocks = (
    Heading("Do not"), Items(("Search", "Arrest"), crossed=True), Words("Words"),
    Grid(("No.", "Zone"), tuple((str(n), "Quay") for n in range(9)), (20, 80)),
    Box("All officers", ("Help first.",)), Signing(("Signature",)),
)
paper = Paper("Briefing", "Today", "Foot", body=(*blocks, *(Words(str(n)) for n in range(200))))


def work():
    for _ in range(16):
        setting = set_paper(paper, Sheet.A4)
        image = QImage(400, 560, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        for number in range(setting.count):
            paint_page_of(painter, setting, number, lambda painter, box, zoom, part: None)
        painter.end()


class Plain:
    def slot(self):
        pass


with drawing():
    worker = threading.Thread(target=work)
    worker.start()
    count = 0
    while worker.is_alive() or count < 1500:
        # Qt locks by where an object lies: many of them together meet every lock.
        plain = [Plain() for _ in range(500)]
        timers = [QTimer() for _ in plain]
        for timer, one in zip(timers, plain):
            timer.timeout.connect(one.slot)
        del one
        plain.clear()  # each waits for Python's lock with one of Qt's in hand
        count += len(timers)
    worker.join()
print("done")
"""


def test_a_page_is_set_while_the_window_lets_go_of_slots() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=LONG, cwd=ROOT
    )
    assert done.stdout.strip() == "done", done.stderr
