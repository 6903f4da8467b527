"""What tools that change selected zones have in common."""

from __future__ import annotations

from gisapp.layers.edits import Edit
from gisapp.layers.project import Change
from gisapp.layers.zone import Zone
from gisapp.ui.drawing.tool import DrawTool
from gisapp.ui.session import Selection


class ZonesTool(DrawTool):
    """Works on the zones that are selected, and ends when none is any more."""

    def activate(self) -> None:
        super().activate()
        self.session.project_changed.connect(self._on_project)
        self.session.selection_changed.connect(self._on_selection)
        self.begin()

    def deactivate(self) -> None:
        self.session.project_changed.disconnect(self._on_project)
        self.session.selection_changed.disconnect(self._on_selection)
        self.forget()
        super().deactivate()

    @property
    def zones(self) -> tuple[Zone, ...]:
        """The zones that are selected, as they are now."""
        zones = self.session.project.zones
        return tuple(zones[key] for key in self.session.selection.zone_ids if key in zones)

    def left_out(self) -> tuple[str, ...]:
        return self.session.selection.zone_ids

    def begin(self) -> None:
        """Start anew with the zones there are."""

    def forget(self) -> None:
        """Give up what is half done."""

    def keep(self, edit: Edit, select: tuple[str, ...] | None = None) -> bool:
        """Make it a step that can be undone, and say so; returns whether it was done."""
        if not self.session.perform(edit):
            return False
        if select is not None:
            self.session.select(Selection(select))
        self.session.tell(done_words(edit.label), "done", "Undo", self.session.document.undo)
        return True

    def _on_project(self, change: Change) -> None:
        self.forget()
        self.begin()

    def _on_selection(self) -> None:
        if not self.zones:
            self.canvas.stopped.emit()
        else:
            self.forget()
            self.begin()


_PAST = {
    "Move": "Moved",
    "Turn": "Turned",
    "Scale": "Scaled",
    "Split": "Split",
    "Merge": "Merged",
    "Cut": "Cut",
    "Buffer": "Buffered",
    "Reshape": "Reshaped",
    "Add": "Added",
    "Fill": "Filled",
}


def done_words(label: str) -> str:
    """`Moved zone Quay Street.` for the step `Move zone Quay Street`."""
    first, _, rest = label.partition(" ")
    return f"{_PAST.get(first, first)} {rest}."
