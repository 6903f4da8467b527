"""The rows of the card that say how far a drawn zone reaches, and when a scene holds."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit

from gisapp.errors import DataError
from gisapp.layers import geodesy, reach
from gisapp.layers.reach import Reach
from gisapp.layers.scenes import parse_lasting
from gisapp.ui.times.moment_field import MomentField
from gisapp.ui.widgets.forms import Form


class ReachRows(QObject):
    """Radius or width, what a block is where it is told in blocks, start and length of a scene.

    `typed` carries the metres as they stand after a key; 0 while there are none.
    """

    typed = Signal(float)
    changed = Signal()

    def __init__(self, form: Form) -> None:
        super().__init__(form)
        self.radius = QLineEdit()
        self.radius.setPlaceholderText("such as 200m, 500ft or 2 blocks")
        self.block, self.block_basis = QLineEdit(), QLineEdit()
        self.block.setPlaceholderText("such as 264ft")
        self.block_basis.setPlaceholderText("such as measured on Vine Street")
        self.start = MomentField("Starts")
        self.lasting = QLineEdit()
        self.lasting.setPlaceholderText("such as 6 h, 45 min or 2 days")
        self.radius_row = form.add("Radius", self.radius)
        self.block_row = form.add(
            "A block is", self.block, "A block has no fixed length: say what it is here."
        )
        self.block_basis_row = form.add("Who says so", self.block_basis)
        self.start_row = form.add("Starts", self.start)
        self.lasting_row = form.add("Ends after", self.lasting)
        self._edits = (self.radius, self.block, self.block_basis, self.lasting)
        self._asks = self._width = self._scene = False
        for edit in (self.radius, self.block):
            edit.textEdited.connect(lambda _: self.typed.emit(self.metres))
        for edit in self._edits:
            edit.textChanged.connect(lambda _: self.changed.emit())
        self.start.changed.connect(self.changed)

    @property
    def edits(self) -> tuple[QLineEdit, ...]:
        """The fields in which Return adds the zone."""
        return (*self._edits, self.start.day.edit, self.start.clock)

    def ask(self, *, radius: bool = False, width: bool = False, scene: bool = False) -> None:
        """Ask anew, and only for what the zone needs."""
        self._asks, self._width, self._scene = radius or width, width, scene
        for edit in self._edits:
            edit.clear()
        what = "Width" if width else "Radius"
        self.radius_row.label.setText(what)
        self.radius.setAccessibleName(what)
        self.radius_row.set_visible(self._asks)
        self.start_row.set_visible(scene)
        self.lasting_row.set_visible(scene)

    def start_at(self, timezone: str) -> None:
        """The clock by which a start is meant; the moment itself is for the user to say."""
        self.start.set_timezone(timezone)
        self.start.set_moment(None)

    @property
    def metres(self) -> float:
        """The metres that are told, as far as they can be read; else 0."""
        try:
            # Who says how long a block is has no part in how far it reaches.
            return self._reach(self.block_basis.text() or "told").metres
        except DataError:
            return 0.0

    @property
    def reach(self) -> Reach:
        """How far it reaches, with the words for its basis; DataError where that is not told."""
        return self._reach(self.block_basis.text())

    @property
    def starts_at(self) -> datetime:
        """When a scene begins; DataError where that is not told."""
        at = self.start.moment
        if at is None:
            raise DataError(self.start.problem() or "Say when the scene begins.")
        return at

    @property
    def lasts(self) -> timedelta:
        """How long a scene holds; DataError where that is not told."""
        return parse_lasting(self.lasting.text())

    def problems(self) -> list[str]:
        """What is wrong or missing, said beside the fields that somebody has been at."""
        found = [self._radius_problem()] if self._asks else []
        blocks = self._asks and not self._width and reach.in_blocks(self.radius.text())
        for row in (self.block_row, self.block_basis_row):
            row.set_visible(blocks)
        if blocks:
            found += self._block_problems()
        if self._scene:
            found += self._scene_problems()
        return [problem for problem in found if problem]

    def _reach(self, block_basis: str) -> Reach:
        text = self.radius.text()
        if self._width:
            return Reach(geodesy.parse_length(text), text.strip())
        return reach.length(text, block=self.block.text(), block_basis=block_basis)

    def _radius_problem(self) -> str:
        text, problem = self.radius.text(), ""
        try:
            if self._width:
                geodesy.parse_length(text)
            else:
                # What a block is has a row of its own.
                reach.length(text, block="100m", block_basis="tried")
        except DataError as error:
            problem = str(error) if text else error.hint
        self.radius_row.set_error(problem if text else "")
        return problem

    def _block_problems(self) -> list[str]:
        block, basis = self.block.text(), self.block_basis.text().strip()
        problem = "" if block.strip() else "Say how long a block is here."
        if block.strip():
            try:
                geodesy.parse_length(block)
            except DataError as error:
                problem = str(error)
        self.block_row.set_error(problem if block.strip() else "")
        return [problem, "" if basis else "Write who says how long a block is."]

    def _scene_problems(self) -> list[str]:
        start, lasting = self.start.problem(), ""
        try:
            parse_lasting(self.lasting.text())
        except DataError as error:
            lasting = str(error) if self.lasting.text() else f"Say when it ends. {error.hint}"
        self.start_row.set_error(start)
        self.lasting_row.set_error(lasting if self.lasting.text() else "")
        missing = "Say when the scene begins." if self.start.moment is None else ""
        return [start or missing, lasting]
