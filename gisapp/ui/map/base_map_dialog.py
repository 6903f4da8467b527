"""Choosing a base map: none, a file of tiles, or a server whose user knows what it learns."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from gisapp.errors import EditError, GisappError
from gisapp.io.tiles.files import KINDS, kind_of
from gisapp.io.tiles.info import TileInfo
from gisapp.layers import edits
from gisapp.layers.base_map import BaseMap, BaseMapKind, server_of
from gisapp.ui.look_up import LookUp
from gisapp.ui.map.base_map_keeper import BaseMapKeeper
from gisapp.ui.map.base_map_preview import SIZE, Preview, PreviewBox, preview_task
from gisapp.ui.project.file_questions import ask_open
from gisapp.ui.session import Session
from gisapp.ui.widgets.fields import boxed
from gisapp.ui.widgets.forms import (
    BETWEEN,
    Form,
    FormDialog,
    actions,
    beside,
    choose,
    combo,
    primary,
    say,
    secondary,
)
from gisapp.ui.widgets.plain import tip

NONE, FILE, SERVER = "none", "file", "server"
_WAYS = (
    ("None: the layers alone", NONE),
    ("A file of tiles on this machine", FILE),
    ("Tiles from a server", SERVER),
)
_FILE_HINT = "MBTiles or PMTiles with pictures. Kept beside the project, both can be handed on."
_NO_FILE = "Choose a file to see what is in it."
_NO_TILES = "No tile is asked for before you say so."


class BaseMapDialog(FormDialog):
    """The project's base map; a file dropped on the window can be tried at once."""

    def __init__(
        self,
        session: Session,
        keeper: BaseMapKeeper,
        parent: QWidget | None = None,
        path: Path | None = None,
    ) -> None:
        super().__init__("Base map", QSize(820, 360), parent)
        self.session = session
        self.keeper = keeper
        self.preview: Preview | None = None
        self._look_up = LookUp(session)
        #: What is typed as credit, for files and for servers: makers differ.
        self._credits: dict[str, str] = {}
        self._build()
        self._start(session.project.base_map, path)

    def _build(self) -> None:
        self.way_box = combo(list(_WAYS))
        self.file = QLineEdit()
        self.file.setReadOnly(True)
        self.file.setAccessibleName("File of tiles")
        self.file.setPlaceholderText("No file chosen")
        self.browse = secondary("Choose…", self._browse)
        self.address = QLineEdit()
        self.address.setPlaceholderText("https://tiles.example.org/{z}/{x}/{y}.png")
        self.address.setMaxLength(500)
        self.try_it = secondary("Try it", self._try_address)
        self.credit = QLineEdit()
        self.credit.setMaxLength(300)
        self.credit.setPlaceholderText("Whom the makers want to be named, such as © …")
        self.warning = say("")
        form = Form()
        self.way_row = form.add("Base map", self.way_box)
        self.file_row = form.add("File", beside(self.file, self.browse, stretch=0, proxy=1))
        self.file_row.set_hint(_FILE_HINT)
        self.address_row = form.add("Address", beside(self.address, self.try_it, stretch=0))
        self.credit_row = form.add("Credit", self.credit)
        self.credit_row.set_hint("Stands with the sources on the map and on every page.")
        self.warning_card = boxed(self.warning)
        form.across(self.warning_card)
        form.finish()
        self.box = PreviewBox()
        self.about = say("", "hint")
        self.about.setFixedWidth(SIZE.width())
        right = QVBoxLayout()
        right.addWidget(self.box)
        right.addWidget(self.about)
        right.addStretch(1)
        halves = QHBoxLayout()
        halves.setSpacing(BETWEEN)
        halves.addWidget(form, 1)
        halves.addLayout(right)
        self.body.addLayout(halves, 1)
        self.take = primary("Use this base map", self._take)
        self.empty = secondary("", self._empty_cache)
        self.withdraw = secondary("Ask no server any more", self._withdraw)
        cancel = secondary("Cancel", self.reject)
        self.body.addLayout(actions(self.take, cancel, left=(self.empty, self.withdraw)))
        self._say_cache()
        self.keeper.emptied.connect(self._on_emptied)
        self.way_box.currentIndexChanged.connect(lambda _: self._on_way())
        self.address.textChanged.connect(lambda _: self._on_address())
        self.credit.textEdited.connect(self._on_credit)

    def _start(self, base_map: BaseMap | None, path: Path | None) -> None:
        way = NONE
        if base_map is not None:
            way = SERVER if base_map.kind is BaseMapKind.XYZ else FILE
            (self.address if way is SERVER else self.file).setText(base_map.source)
            self._credits[way] = base_map.credit
        choose(self.way_box, FILE if path is not None else way)
        if path is not None:
            self.use_file(path)
            return
        self._on_way()
        known = base_map is not None and self.session.cache.tiles.may_draw(base_map)
        if base_map is not None and way is SERVER and known:
            self._ask_preview(base_map)

    @property
    def way(self) -> str:
        return str(self.way_box.currentData())

    # What is chosen

    def use_file(self, path: Path) -> None:
        """Look into a file and propose what its makers say of it."""
        choose(self.way_box, FILE)
        self.file.setText(str(path.resolve()))
        self._credits.pop(FILE, None)
        self._on_way()

    def _browse(self) -> None:
        path = ask_open(self, "Base map", f"{KINDS};;All files (*)")
        if path is not None:
            self.use_file(path)

    def _on_way(self) -> None:
        self._look_up.drop()
        self.preview = None
        way = self.way
        self.file_row.set_error("")
        self.file_row.set_visible(way == FILE)
        self.address_row.set_visible(way == SERVER)
        self.credit_row.set_visible(way != NONE)
        self.credit.setText(self._credits.get(way, ""))
        self.warning_card.setVisible(way == SERVER)
        self.about.setText("")
        self.take.setEnabled(way == NONE)
        self.take.setText("Use no base map" if way == NONE else "Use this base map")
        self.box.say("")
        if way == SERVER:
            self._on_address()
        elif way == FILE and self.file.text():
            path = Path(self.file.text())
            self._ask_preview(BaseMap(kind_of(path) or BaseMapKind.MBTILES, str(path)))
        elif way == FILE:
            self.box.say(_NO_FILE)

    def _on_credit(self, text: str) -> None:
        self._credits[self.way] = text

    def _on_address(self) -> None:
        self._look_up.drop()
        self.preview = None
        self.box.say(_NO_TILES)
        self.about.setText("")
        self.address_row.set_error("")
        typed = self.address.text().strip()
        wrong, server = "", "the server"
        try:
            server = server_of(typed)
        except EditError as error:
            wrong = str(error)
        if typed:
            self.address_row.set_error(wrong)
        self.try_it.setEnabled(not wrong)
        self.take.setEnabled(not wrong)
        self.warning.setText(
            f"With it {server} learns which part of the world you look at, from which network, and "
            "when; it gets nothing of the project. Tiles are kept on this machine for up to "
            "30 days. Whoever opens the project elsewhere is asked first."
        )

    def _try_address(self) -> None:
        self._ask_preview(self._chosen())

    def _chosen(self) -> BaseMap:
        """The base map as the form describes it."""
        former, credit = self.session.project.base_map, self.credit.text().strip()
        if self.way == SERVER:
            chosen = BaseMap(BaseMapKind.XYZ, self.address.text().strip())
        else:
            path = Path(self.file.text())
            chosen = BaseMap(kind_of(path) or BaseMapKind.MBTILES, str(path))
            if self.preview is not None and self.preview.info is not None:
                chosen = replace(chosen, name=self.preview.info.name)
        if former is not None:
            chosen = replace(chosen, opacity=former.opacity)
        return replace(chosen, credit=credit)

    # The preview

    def _ask_preview(self, base_map: BaseMap) -> None:
        self.box.say("Loading…")
        task = preview_task(base_map, self.session.view, self.devicePixelRatioF())
        self._look_up.ask(task, self._show, self._on_failed)

    def _show(self, preview: Preview) -> None:
        self.preview = preview
        self.box.show_image(preview.image)
        info = preview.info
        if info is not None:
            self.credit.setText(self._credits.setdefault(FILE, info.credit))
            self.take.setEnabled(True)
        words = [_about(info)] if info is not None else []
        if preview.elsewhere:
            words.append("It does not reach the present view; this is what it covers.")
        self.about.setText("\n".join(words))
        self.box.setAccessibleDescription(" ".join(words) or "A part of the base map")

    def _on_failed(self, error: GisappError) -> None:
        row = self.address_row if self.way == SERVER else self.file_row
        row.set_error(str(error))
        self.box.say("Nothing to show")
        if self.way == FILE:
            self.take.setEnabled(False)

    # Taking it

    def _take(self) -> None:
        base_map = self._chosen() if self.way != NONE else None
        before = self.session.project.base_map
        if base_map is not None and base_map.server is not None:
            self.keeper.agree(base_map)
        if base_map != before:
            self.session.perform(edits.set_base_map(base_map))
            self._go_there()
        self.accept()

    def _go_there(self) -> None:
        """With nothing else on the map, show what the base map covers."""
        info = self.preview.info if self.preview is not None else None
        if self.session.project.is_empty and info is not None and info.bounds is not None:
            self.session.set_view(self.session.view.shown(info.bounds))

    def _say_cache(self) -> None:
        """Show what is kept on this machine because of servers, and how to be rid of it."""
        agreed = self.keeper.settings.tile_sources
        servers = "\n".join(sorted(agreed))
        self.withdraw.setToolTip(tip(f"Take back what you agreed to on this machine:\n{servers}"))
        self.withdraw.setVisible(bool(agreed))
        store = self.session.cache.tiles.store
        size = store.bytes if store is not None else 0
        self.empty.setText(f"Empty the tile cache ({in_bytes(size)})")
        self.empty.setToolTip("Remove the tiles of servers that are kept on this machine")
        self.empty.setVisible(size > 0)

    def _withdraw(self) -> None:
        self.keeper.take_back()
        self._on_way()
        self._say_cache()

    def _empty_cache(self) -> None:
        self.empty.setEnabled(False)
        self.keeper.empty_cache()

    def _on_emptied(self) -> None:
        self.empty.setEnabled(True)
        self._say_cache()

    def done(self, result: int) -> None:
        self._look_up.drop()
        super().done(result)


def _about(info: TileInfo) -> str:
    levels = (
        f"Zoom {info.min_zoom}"
        if info.min_zoom == info.max_zoom
        else f"Zoom {info.min_zoom} to {info.max_zoom}"
    )
    return f"{info.name} · {levels} · {info.format.upper()} · {in_bytes(info.bytes)}"


def in_bytes(size: int) -> str:
    """A size for people: `12 MB`."""
    if size < 1_000_000:
        return f"{max(round(size / 1000), 1 if size else 0):,} kB"
    if size < 1_000_000_000:
        return f"{size / 1e6:,.1f} MB" if size < 10_000_000 else f"{size / 1e6:,.0f} MB"
    return f"{size / 1e9:,.1f} GB"
