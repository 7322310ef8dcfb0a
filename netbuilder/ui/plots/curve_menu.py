"""The menu of a curve plot: log axis, smoothing, copy, save."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPixmap
from PySide6.QtWidgets import QFileDialog, QMenu

if TYPE_CHECKING:
    from netbuilder.ui.plots.curve_plot import CurvePlot

SMOOTHING = {"None": 0.0, "Light": 0.004, "Medium": 0.015, "Strong": 0.05}


def curve_menu(plot: CurvePlot) -> QMenu:
    """A menu that deletes itself when closed."""
    menu = QMenu(plot)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    log = menu.addAction("Logarithmic axis")
    log.setCheckable(True)
    log.setChecked(plot.log)
    log.toggled.connect(plot.set_log)
    smoothing = menu.addMenu("Smooth training curve")
    for name, share in SMOOTHING.items():
        choice = smoothing.addAction(name)
        choice.setCheckable(True)
        choice.setChecked(share == plot.smoothing)
        choice.triggered.connect(lambda _=False, share=share: plot.set_smoothing(share))
    menu.addAction("Show all", plot.reset_view)
    menu.addSeparator()
    menu.addAction("Copy as image", lambda: QGuiApplication.clipboard().setPixmap(QPixmap.fromImage(plot.to_image())))
    menu.addAction("Copy as CSV", lambda: QGuiApplication.clipboard().setText(plot.to_csv()))
    menu.addAction("Save as CSV…", lambda: _save_csv(plot))
    return menu


def _save_csv(plot: CurvePlot) -> None:
    path, _ = QFileDialog.getSaveFileName(plot, "Save curves", f"{plot.title.lower()}.csv", "CSV (*.csv)")
    if path:
        Path(path).write_text(plot.to_csv(), encoding="utf-8")
