"""Paints one picture for a terminal: `python -m netbuilder.ui.pictures PROJECT OUT STYLE THEME SCALE [--transparent] [--bare]`."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from netbuilder.core.errors import NetbuilderError
from netbuilder.core.files import dumps, load
from netbuilder.layers.tones import PICTURE_TONES
from netbuilder.net.analysis import analyze
from netbuilder.ui.pictures.drawings import STYLES
from netbuilder.ui.pictures.writing import write


def main(words: list[str]) -> int:
    """0 when it was written, else 1 after a sentence on stderr."""
    source, target, style, theme, scale, *flags = words
    application = QApplication(sys.argv[:1])
    try:
        project = load(source)
        drawing = STYLES[style](project.graph, analyze(project.graph), PICTURE_TONES[theme], transparent="--transparent" in flags)
        write(drawing, Path(target), scale=float(scale), project=b"" if "--bare" in flags else dumps(project), title=project.name)
    except NetbuilderError as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        return 1
    finally:
        application.processEvents()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
