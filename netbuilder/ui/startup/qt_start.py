"""Starts Qt, or says in a sentence why no window can open."""

from __future__ import annotations

import os
import sys

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication


def start_qt() -> QApplication:
    """Qt's application, in the one style that themes are made for. Without a display the process ends with 1 and a sentence."""
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    heard: list[str] = []

    def listen(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        if kind == QtMsgType.QtFatalMsg:
            sys.stderr.write(_sentence(heard[0] if heard else text))
            sys.stderr.flush()
            os._exit(1)  # Qt would abort
        heard.append(text)

    qInstallMessageHandler(listen)
    qt = QApplication([sys.argv[0], "-style", "fusion"])
    qInstallMessageHandler(None)
    for text in heard:
        sys.stderr.write(f"{text}\n")
    return qt


def _sentence(reason: str) -> str:
    remedy = "Start it on a desktop, or use a subcommand; `netbuilder --help` lists them."
    return f"netbuilder: No window can open here: {' '.join(reason.split()).rstrip('.')}. {remedy}\n"
