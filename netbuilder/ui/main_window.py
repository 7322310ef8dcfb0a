"""One window: one document with its palette, canvas, inspector, train bar and tabs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QPoint, QSize, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from netbuilder.app.recent_layers import Lately
from netbuilder.app.session import Session
from netbuilder.core.document import Document
from netbuilder.ui.bridge import Bridge
from netbuilder.ui.canvas.view import CanvasView
from netbuilder.ui.commands import CommandRegistry
from netbuilder.ui.context import UiContext
from netbuilder.ui.document_files import DocumentFiles
from netbuilder.ui.menus import build_menus
from netbuilder.ui.selection import Selection
from netbuilder.ui.shell import Shell
from netbuilder.ui.training_notes import TrainingNotes
from netbuilder.ui.widgets.later_panel import LaterPanel
from netbuilder.ui.widgets.top_row import TopRow
from netbuilder.ui.window_layout import WindowLayout
from netbuilder.ui.window_parts import bar_place, bottom_tabs, inspector_place, palette_place

if TYPE_CHECKING:
    from netbuilder.app.recovery import Autosave
    from netbuilder.ui.command_palette import CommandPalette
    from netbuilder.ui.panels.inspector.panel import InspectorPanel
    from netbuilder.ui.panels.palette.panel import PalettePanel
    from netbuilder.ui.panels.problems import ProblemsPanel
    from netbuilder.ui.panels.side import SidePanel
    from netbuilder.ui.panels.training.bar import TrainBar
    from netbuilder.ui.widgets.toast import Toast

SIZE = (1440, 900)


class MainWindow(QMainWindow):
    """`painted` fires once, after the first paint; panels that take time to make come after it."""

    painted = Signal()
    closed = Signal()

    def __init__(self, session: Session, shell: Shell) -> None:
        super().__init__()
        self.setObjectName("window")
        self.resize(self._first_size())
        self.setMinimumSize(QSize(880, 560).boundedTo(self._first_size()))
        self.setAcceptDrops(True)
        self.session, self.shell = session, shell
        self.autosave: Autosave | None = None
        self.place: Mapping[str, Any] = {}
        self._was_painted = self._was_closed = False
        self._parts: dict[str, QWidget] = {}
        self.files = DocumentFiles(session, shell.preferences, self)
        self.context = UiContext(
            session,
            Selection(self),
            shell.themes,
            CommandRegistry(self, shell.preferences.settings.shortcuts),
            Bridge(session, self),
            lambda *words, **more: self.notify(*words, **more),
            Lately(shell.preferences),
        )
        self.notes = TrainingNotes(self.context.bridge, self.context.notify, self)
        self.top = TopRow(self)
        self.menus = build_menus(self.top.menus)
        self.canvas = CanvasView(self.context)
        self._bar_place, self._palette_place, self._inspector_place = bar_place(self), palette_place(self), inspector_place(self)
        self.tabs = bottom_tabs(self)
        self._parts = {"palette": self._palette_place, "canvas": self.canvas, "bottom": self.tabs, "inspector": self._inspector_place}
        self._layout = WindowLayout(self, self.top, self._bar_place, self._parts)
        self._connect()
        self.tabs.show_tab(self._layout.restore(shell.preferences))
        self._show_state()
        self.canvas.setFocus()

    @property
    def document(self) -> Document:
        """The open document."""
        return self.session.document

    @property
    def side(self) -> SidePanel:
        """The panel to the left of the canvas."""
        return cast("SidePanel", self._palette_place.make())

    @property
    def palette_panel(self) -> PalettePanel:
        """The layer catalogue."""
        return self.side.palette_

    @property
    def inspector(self) -> InspectorPanel:
        """The panel at the right."""
        return cast("InspectorPanel", self._inspector_place.make())

    @property
    def train_bar(self) -> TrainBar:
        """The bar under the menus."""
        return cast("TrainBar", self._bar_place.make())

    @property
    def problems(self) -> ProblemsPanel:
        """The list of problems."""
        return cast("ProblemsPanel", cast(LaterPanel, self.tabs.panel("problems")).make())

    @cached_property
    def toast(self) -> Toast:
        """Short messages over the canvas."""
        from netbuilder.ui.widgets.toast import Toast

        toast = Toast(self.canvas, self.shell.themes)
        toast.activated.connect(self.reveal)
        return toast

    @cached_property
    def command_palette(self) -> CommandPalette:
        """The dialog that searches commands and layers."""
        from netbuilder.ui.canvas.adding.placeable import blocks_in_stock
        from netbuilder.ui.command_palette import CommandPalette

        add, level = self.canvas.add_layer_at_centre, self.session.level
        return CommandPalette(self.context.commands, self.shell.themes, add, self, lambda: blocks_in_stock(level.graph))

    def furnish(self) -> None:
        """Commands, menus and the light panels, all at once."""
        from netbuilder.ui.after_first_paint import furnishing

        for _ in furnishing(self):
            continue

    def later_panels(self) -> list[LaterPanel]:
        """Panels still to be made, the one in front first."""
        panels = [self.tabs.panel(key) for key in (self.tabs.current, *self.tabs.keys)]
        waiting = [panel for panel in panels if isinstance(panel, LaterPanel) and panel.panel is None]
        return list(dict.fromkeys(waiting))

    def notify(self, text: str, kind: str = "info", place: str | None = None) -> None:
        """Say a sentence over the canvas."""
        self.toast.say(text, kind, place)

    @Slot(int, int)
    def count_problems(self, errors: int, warnings: int) -> None:
        """Show on the tab how many problems there are."""
        kind = "error" if errors else "warning" if warnings else "good"
        self.tabs.set_badge("problems", str(errors + warnings), kind)

    def show_tab(self, key: str) -> None:
        """Bring a tab of the bottom panel to the front."""
        self._layout.reveal("bottom")
        self.tabs.show_tab(key)

    def show_side(self, key: str) -> None:
        """Bring `layers` or `outline` to the front."""
        self._layout.reveal("palette")
        self.side.show_tab(key)

    def toggle_part(self, part: str) -> None:
        """Show or hide `palette`, `inspector` or `bottom`."""
        self._layout.toggle(part)

    def part_visible(self, part: str) -> bool:
        """Whether a part is on show."""
        return part in self._parts and not self._parts[part].isHidden()

    def remember_layout(self) -> None:
        """The next window looks like this one."""
        self._layout.save(self.shell.preferences, self.tabs.current)

    def toggle_full_screen(self) -> None:
        """The whole screen, or back."""
        self.showNormal() if self.isFullScreen() else self.showFullScreen()

    def find_layer(self) -> None:
        """Go to the palette's search field."""
        self.show_side("layers")
        self.palette_panel.search.setFocus()
        self.palette_panel.search.selectAll()

    def open_palette(self) -> None:
        """Search commands and layers."""
        field = self.top.search
        self.command_palette.open_at(field.mapToGlobal(QPoint(field.width(), field.height() + 4)))

    def reveal(self, node_id: str) -> None:
        """Select a layer of the network and bring it into view."""
        if node_id in self.document.graph.nodes:
            self.canvas.levels.go(())
            self.context.selection.set((node_id,))
            self.canvas.reveal(node_id)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Notice the first one. (`event` stays Qt's own: all painting goes through it, and a training would have to wait.)"""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self, self.painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about unsaved changes, then stop training and wait for it."""
        if self._was_closed:
            return
        if not self.files.may_close():
            event.ignore()
            return
        self._was_closed = True
        self.remember_layout()
        self.hide()
        self.context.bridge.stop()
        self.session.close()
        if self.autosave is not None:
            self.autosave.close()
        self.document.state_changed.disconnect(self._show_state)
        self.closed.emit()
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped anywhere on the window."""
        from netbuilder.ui import dropped_files

        dropped_files.hold(self, event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """The files have left the window."""
        from netbuilder.ui import dropped_files

        dropped_files.leave(self)

    def dropEvent(self, event: QDropEvent) -> None:
        """Open, load or offer the files, depending on what they are."""
        from netbuilder.ui import dropped_files

        dropped_files.drop(self, event)

    def _first_size(self) -> QSize:
        """As large as a screen with a title bar and a panel leaves room for; a screen in memory has neither."""
        if QGuiApplication.platformName() == "offscreen":
            return QSize(*SIZE)
        return QSize(*SIZE).boundedTo(self.screen().availableSize() - QSize(8, 40))

    def _connect(self) -> None:
        self.top.search.clicked.connect(self.open_palette)
        self.canvas.edit_requested.connect(self._edit_node)
        self.context.bridge.state_changed.connect(lambda _state: self.context.commands.refresh())
        self.document.state_changed.connect(self._show_state)
        self.document.configured.connect(self._show_state)

    @Slot(str)
    def _edit_node(self, node_id: str) -> None:
        self.context.selection.set((node_id,))
        self._layout.reveal("inspector")
        self.inspector.focus_first_field()

    def _show_state(self) -> None:
        document = self.document
        self.top.show_name(document.project.name, document.modified)
        name, path = document.project.name, document.path
        self.setWindowTitle(f"{name}[*]{f' ({path.name})' if path and path.stem != name else ''} — Netbuilder")
        self.setWindowModified(document.modified)
        if self._was_painted:
            self.context.commands.refresh()
