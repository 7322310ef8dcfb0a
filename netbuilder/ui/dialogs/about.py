"""What this program is, which version, under which licence, and where it keeps things."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import qVersion
from PySide6.QtWidgets import QDialogButtonBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from netbuilder.paths import home
from netbuilder.ui.context import UiContext
from netbuilder.ui.icons import glyph_pixmap
from netbuilder.ui.widgets.dialog import Dialog
from netbuilder.ui.widgets.facts import Facts
from netbuilder.ui.widgets.labels import label

LICENCES = "MIT licence. Inter and JetBrains Mono: OFL. Icons after Lucide: ISC. MNIST: CC BY-SA 3.0."


class AboutDialog(Dialog):
    """Facts that a bug report needs, to be copied."""

    def __init__(self, context: UiContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialog.about")
        self.setWindowTitle("About Netbuilder")
        mark = QLabel(self)
        mark.setPixmap(glyph_pixmap("netbuilder", context.themes.current.accent, 40, self.devicePixelRatioF()))
        words = QVBoxLayout()
        words.addWidget(label("Netbuilder", "title", self))
        words.addWidget(label("Draw a neural network, watch it learn, look inside it, take it away.", "secondary", self))
        head = QHBoxLayout()
        head.setSpacing(14)
        head.addWidget(mark)
        head.addLayout(words, 1)
        facts = Facts({"version": "Version", "torch": "PyTorch", "qt": "Qt", "home": "Settings and runs"}, self)
        facts.set("version", _version("netbuilder"))
        facts.set("torch", _version("torch"))
        facts.set("qt", qVersion())
        facts.set("home", str(home()))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(16)
        column.addLayout(head)
        column.addWidget(facts)
        column.addWidget(label(LICENCES, "secondary", self, wrap=True))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
