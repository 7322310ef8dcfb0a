"""The program with windows: starts fast, keeps the windows, and never ends in a traceback."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, QSize, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from netbuilder.app import consent
from netbuilder.app.crash import install, start_log
from netbuilder.app.preferences import Preferences
from netbuilder.app.session import Session
from netbuilder.core.document import Document
from netbuilder.core.errors import NetbuilderError
from netbuilder.train.speed.threads import prepare_threads
from netbuilder.ui import desk, motion
from netbuilder.ui.document_files import read_document
from netbuilder.ui.main_window import MainWindow
from netbuilder.ui.options import read_options
from netbuilder.ui.startup.collector import Collector
from netbuilder.ui.startup.qt_start import start_qt
from netbuilder.ui.startup.warm_up import WarmUp
from netbuilder.ui.theme import Choice, Themes

FIRST_TEMPLATE = "lenet5"


class Application(QObject):
    """Owns the windows and what they share: theme, preferences, the warm-up of heavy libraries."""

    _noticed = Signal(str)

    def __init__(self, qt: QApplication, preferences: Preferences | None = None) -> None:
        super().__init__()
        self._qt = qt
        self.preferences = preferences or Preferences()
        motion.reduce(self.preferences.settings.reduced_motion)
        self.themes = Themes(self.preferences.settings.theme, self)
        self.themes.apply(qt)
        if not self.preferences.safe and consent.is_kept():
            consent.restore()
        self.windows: list[MainWindow] = []
        self._painted = self._quitting = False
        self._needed_at_start: list[str] = []
        self._waiting: list[desk.Kept] = []
        self._untold = ""
        self._place: desk.Kept | None = None
        self.warm_up = WarmUp(self)
        self.warm_up.plots_ready.connect(self._make_later_panels)
        self.collector = Collector(self)
        self.warm_up.torch_ready.connect(self.collector.begin)
        self._noticed.connect(self._say)

    def start(self, path: Path | None, *, report_ready: bool = False) -> None:
        """Show the first window: the given file, else the first of the last session, else LeNet-5."""
        if path is None:
            self._waiting, self._untold = desk.kept(self.preferences), desk.vanished(self.preferences)
        document = self._read(path) if path else self._next_kept()
        window = self.show(document or first_document(), place=self._place if path is None else None)
        window.painted.connect(lambda: self._after_first_paint(window, report_ready))
        window.painted.connect(self._tell)

    def show(self, document: Document, instead_of: MainWindow | None = None, *, place: desk.Kept | None = None) -> MainWindow:
        """A window for a document, in the place of another one when that has nothing to lose, or as it was left."""
        if self.windows:
            (instead_of or self.windows[-1]).remember_layout()
        window = MainWindow(Session(document), self)
        window.closed.connect(lambda: self._forget(window))
        self.collector.take_over()
        self.windows.append(window)
        replaces = instead_of is not None and not instead_of.document.modified and not instead_of.session.runner.active
        if not replaces and self.windows[:-1]:
            _cascade(window, self.windows[-2])
        window.show()
        desk.put_back(window, place or desk.place_of(self.preferences, document))
        if document.path:
            self.preferences.remember(document.path)
        if self._painted:
            window.furnish()
            QTimer.singleShot(0, lambda: self.settle(window))
        if instead_of is not None and replaces:
            instead_of.close()
        return window

    def open(self, path: Path, window: MainWindow | None = None) -> MainWindow | None:
        """Open a project file, or say why it cannot be opened."""
        document = read_document(path, window)
        if document is None:
            self.preferences.forget(path)
            return None
        return self.show(document, window)

    def open_with_dialog(self, window: MainWindow) -> MainWindow | None:
        """Ask for a project and open it."""
        path = window.files.ask_path()
        return self.open(path, window) if path else None

    def welcome(self, window: MainWindow) -> MainWindow | None:
        """Let the user choose a template."""
        from netbuilder.ui.dialogs.welcome import WelcomeDialog

        dialog = WelcomeDialog(window.context, window, preferences=self.preferences)
        if not dialog.exec():
            return None
        if dialog.path is not None:
            return self.open(dialog.path, window)
        return self.show(Document(dialog.project), window) if dialog.project is not None else None

    def choose_theme(self, choice: Choice) -> None:
        """Switch all windows and remember it."""
        self.themes.choose(choice)
        self.preferences.change(theme=choice)

    def reduce_motion(self, reduced: bool) -> None:
        """Show every change at once in all windows, or again with a short movement, and remember it."""
        motion.reduce(reduced)
        self.preferences.change(reduced_motion=reduced)

    def choose_scale(self, scale: float) -> None:
        """Remember the size of everything; Qt takes it when the program starts."""
        self.preferences.change(scale=scale)
        for window in self.windows:
            window.notify(f"Everything will be {scale:.0%} as large from the next start on.".replace("%", " %"))

    def bind_shortcuts(self, bindings: Mapping[str, str]) -> None:
        """Take the user's shortcuts in all windows and remember them."""
        self.preferences.change(shortcuts=dict(bindings))
        for window in self.windows:
            window.context.commands.bind(bindings)

    def new_window(self) -> MainWindow:
        """One more window with an empty project."""
        return self.show(Document())

    def quit(self) -> None:
        """Close every window, to be opened again at the next start; stops when the user keeps one."""
        open_ = list(self.windows)
        self._quitting = True
        try:
            if all(window.close() for window in open_):
                desk.keep(self.preferences, open_)
                self._qt.quit()
        finally:
            self._quitting = False

    def notice(self, text: str) -> None:
        """Show a sentence in the window in front; may be called from any thread."""
        self._noticed.emit(text)

    def finish(self) -> None:
        """Wait for what still runs in the background."""
        self.warm_up.join()

    @Slot(str)
    def _say(self, text: str) -> None:
        if self.windows:
            self.windows[-1].notify(text, "error")

    def _next_kept(self) -> Document | None:
        """The next project of the last session that can still be read, and how its window was left in `_place`."""
        self._place = None
        while self._waiting:
            place = self._waiting.pop(0)
            document = self._read(Path(place["path"]))
            if document is not None:
                self._place = place
                return document
        return None

    def _read(self, path: Path) -> Document | None:
        """A project without a question before there is a window; what is wrong with it is told there."""
        from netbuilder.core.document import open_document

        try:
            return open_document(path)
        except (NetbuilderError, OSError) as error:
            self._untold = f"{self._untold} {error}".strip()
            return None

    def _tell(self) -> None:
        if self._untold:
            self.windows[0].notify(self._untold, "error")
            self._untold = ""

    def _open_kept(self) -> None:
        """The other windows of the last session, one after the other."""
        document = self._next_kept()
        self._tell()
        if document is not None:
            self.show(document, place=self._place)
            QTimer.singleShot(0, self._open_kept)

    def _after_first_paint(self, window: MainWindow, report_ready: bool) -> None:
        if report_ready:
            print("ready", flush=True)
        from netbuilder.ui.startup.start_modules import imported

        self._needed_at_start = imported()
        from netbuilder.ui.after_first_paint import furnishing

        self._painted = True
        self._furnish(window, furnishing(window))

    def _furnish(self, window: MainWindow, steps: Iterator[None]) -> None:
        """One step for each turn of the event loop; then what goes on in the background."""
        if window in self.windows and next(steps, self) is not self:
            QTimer.singleShot(0, lambda: self._furnish(window, steps))
        elif self.windows:
            self._begin_background_work()

    def _begin_background_work(self) -> None:
        from netbuilder.train.speed.allocator import share_heaps
        from netbuilder.ui.offer_recovery import offer_recovery
        from netbuilder.ui.startup.qt_support import run_late_modules
        from netbuilder.ui.startup.start_modules import keep_start_modules

        run_late_modules()
        keep_start_modules(self._needed_at_start)
        start_log()
        share_heaps()
        for window in self.windows:
            self.settle(window)
        self._open_kept()
        self.warm_up.start()
        offer_recovery(self)

    def settle(self, window: MainWindow) -> None:
        """What a new window gets when it is on the screen: its data, its autosave, its timer."""
        from netbuilder.app.recovery import Autosave

        if window not in self.windows or window.autosave is not None:
            return
        window.autosave = Autosave(window.document)
        desk.show_run(window)
        if not self._waiting:
            desk.keep(self.preferences, self.windows)
        window.context.bridge.start()
        window.session.load_data()
        if self.warm_up.plots_are_ready:
            self._make_later_panels()

    @Slot()
    def _make_later_panels(self) -> None:
        """One panel for each turn of the event loop, so that input is never kept waiting for all of them; then what layers need there."""
        waiting = [panel for window in self.windows for panel in window.later_panels()]
        if waiting:
            waiting[0].make()
            QTimer.singleShot(1, self._make_later_panels)
        elif any(window.inspector.prepare() for window in self.windows):
            QTimer.singleShot(1, self._make_later_panels)
        else:
            self.warm_up.go_on()

    def _forget(self, window: MainWindow) -> None:
        if window in self.windows:
            self.windows.remove(window)
        if not self._quitting:
            desk.keep(self.preferences, self.windows or [window], closed=window)
        if not self.windows:
            self.collector.hand_back()
        window.deleteLater()


def _cascade(window: MainWindow, before: MainWindow) -> None:
    """A little to the right of and below the one before, and wholly on the screen where there is room."""
    corner = before.pos() + QPoint(32, 32)
    frame, room = before.frameGeometry().size() - before.size(), before.screen().availableGeometry().bottomRight() - corner
    window.resize(window.size().boundedTo(QSize(room.x(), room.y()) - frame).expandedTo(window.minimumSize()))
    window.move(corner)


def first_document() -> Document:
    """LeNet-5 with its recipe and MNIST; of the gallery, only its family is imported."""
    import netbuilder.templates.lenet  # noqa: F401
    from netbuilder.templates import project

    return Document(project(FIRST_TEMPLATE))


def run(argv: Sequence[str]) -> int:
    """Open the window and stay until it is closed. Arguments: `[FILE] [--report-ready] [--safe-mode]`."""
    options = read_options(argv)
    prepare_threads()
    preferences = Preferences(safe=options.safe_mode)
    if preferences.settings.scale != 1.0:
        os.environ.setdefault("QT_SCALE_FACTOR", str(preferences.settings.scale))
    qt = start_qt()
    qt.setApplicationName("netbuilder")
    qt.setApplicationDisplayName("Netbuilder")
    application = Application(qt, preferences)
    install(application.notice)
    application.start(options.file, report_ready=options.report_ready)
    try:
        return qt.exec()
    finally:
        application.finish()
