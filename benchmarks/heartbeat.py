"""How long the window's thread was kept from answering, and by what.

A timer of the main thread beats every few milliseconds. A thread of its own watches: when a beat
is late it notes where the main thread is, so that a benchmark can name what held it up.
"""

from __future__ import annotations

import faulthandler
import gc
import re
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer

#: Milliseconds between beats, and how late one is before somebody looks why.
BEAT, LATE = 4, 40.0
#: Seconds between two looks of the watcher. One that comes this much late was itself kept out:
#: somebody held the lock of the interpreter, and no thread of Python could run.
_LOOK, _KEPT_OUT = 0.008, 0.025
#: How the fault handler writes a thread, and a call in it.
_THREAD = re.compile(r"(?:Current thread|Thread) 0x")
_CALL = re.compile(r'File "([^"]*)", line (\d+) in (\S+)')


@dataclass
class Phase:
    """One step of a journey: the longest gap in milliseconds, and who held up the window.

    `own` is the most that the window's thread itself worked between two beats, `program` the most
    of a gap for which the program worked on any thread, both in milliseconds of the processor: on
    a busy machine gaps grow, and these hardly do.
    """

    name: str
    longest: float = 0.0
    own: float = 0.0
    program: float = 0.0
    over: int = 0
    where: list[str] = field(default_factory=list)


class Heartbeat(QObject):
    """Notes the longest gap between two turns of the event loop, phase by phase."""

    def __init__(self, limit_ms: float = 50.0) -> None:
        super().__init__()
        self.limit_ms = limit_ms
        self.phases: list[Phase] = []
        self._main = threading.get_ident()
        self._last = time.perf_counter()
        self._held = ""
        self._collecting = 0.0
        self._own = self._program = 0.0
        self._ended = threading.Event()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        self._last = time.perf_counter()
        gc.callbacks.append(self._on_collection)
        self._timer.start(BEAT)
        self._watcher.start()

    def stop(self) -> None:
        self._beat()
        self._timer.stop()
        gc.callbacks.remove(self._on_collection)
        self._ended.set()
        self._watcher.join()

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """What happens inside is noted under this name."""
        self._beat()
        self.phases.append(Phase(name))
        try:
            yield
        finally:
            self._beat()

    @property
    def longest(self) -> float:
        return max((phase.longest for phase in self.phases), default=0.0)

    def _beat(self) -> None:
        now = time.perf_counter()
        gap = (now - self._last) * 1000
        own, program = time.thread_time(), time.process_time()
        # What of the gap the processor worked for this thread, and for the whole program: where
        # it did neither, the machine was busy with others.
        worked, together = (own - self._own) * 1000, (program - self._program) * 1000
        spent = f"{worked:.0f} / {together:.0f}"
        self._last, self._own, self._program = now, own, program
        if not self.phases:
            return
        phase = self.phases[-1]
        phase.longest, phase.own = max(phase.longest, gap), max(phase.own, worked)
        phase.program = max(phase.program, min(gap, together))
        if gap > self.limit_ms:
            phase.over += 1
            phase.where.append(f"{gap:.0f} ms ({spent}) {self._held or 'in short steps'}")
        self._held = ""

    def _watch(self) -> None:
        begun = time.perf_counter()
        while not self._ended.wait(_LOOK):
            now = time.perf_counter()
            kept_out = now - begun - _LOOK > _KEPT_OUT
            begun = now
            if (now - self._last) * 1000 > LATE and not self._held:
                stacks = _stacks()
                mine = stacks.pop(self._main, "")
                others = "; ".join(stacks.values())
                at = f"{mine}{others and ' beside '}{others}"
                if not mine:
                    at = f"idle, while {others or 'nobody works'}"
                self._held = f"nobody could run until {at}" if kept_out else at

    def _on_collection(self, phase: str, info: dict[str, int]) -> None:
        """Python's collector of garbage stops every thread while it looks through all objects."""
        if phase == "start":
            self._collecting = time.perf_counter()
            return
        took = (time.perf_counter() - self._collecting) * 1000
        if took > LATE / 2:
            self._held = f"{took:.0f} ms of garbage collection, generation {info['generation']}"

    def report(self) -> str:
        """A line a phase, the worst offenders beneath those above the limit.

        In brackets milliseconds of the processor, of the window's thread and of the program.
        """
        lines = []
        for phase in self.phases:
            lines.append(
                f"{phase.name:<50}{phase.longest:7.0f} ms, of the program {phase.program:3.0f} ms, "
                f"of the window's thread {phase.own:3.0f} ms"
            )
            lines += [f"    {where}" for where in sorted(set(phase.where), key=_length)[-6:]]
        return "\n".join(lines)


def _length(where: str) -> float:
    return float(where.split(" ", 1)[0])


def _stacks() -> dict[int, str]:
    """The innermost calls of our own on each thread that is in any.

    Read from what Python's fault handler writes. Who holds a frame of another thread keeps its
    local names alive, a painter among them; it would end here, while that thread paints on.
    """
    with tempfile.TemporaryFile("w+") as file:
        faulthandler.dump_traceback(file, all_threads=True)
        file.seek(0)
        text = file.read()
    stacks = {}
    for part in _THREAD.split(text)[1:]:
        thread, _, lines = part.partition(" ")
        calls = [(Path(path), line, name) for path, line, name in _CALL.findall(lines)]
        own = [f"{path.name}:{line} {name}" for path, line, name in calls if "gisapp" in path.parts]
        if own:
            stacks[int(thread, 16)] = " > ".join(reversed(own[:3]))
    return stacks
