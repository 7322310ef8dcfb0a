"""A window closed while something goes on in the background: the process ends by itself, and well."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from netbuilder.ui import application

what, folder = sys.argv[1], Path(sys.argv[2])

def when(happened, do):
    do() if happened() else QTimer.singleShot(2, lambda: when(happened, do))

def export(app):
    from netbuilder.ui.dialogs.export import ExportDialog
    window = app.windows[0]
    app.dialog = dialog = ExportDialog(window.context, window)
    dialog.open()
    dialog.list.setCurrentRow([each.about.name for each in dialog._formats].index("safetensors"))
    dialog.set_path(folder / "lenet.safetensors")
    dialog._stages.told.connect(lambda words: app.quit() if "fresh process" in words else None)
    dialog.start()

class Watched(application.Application):
    def start(self, path, *, report_ready=False):
        super().start(path, report_ready=report_ready)
        if what == "export":
            self.warm_up.torch_ready.connect(lambda: export(self))
        else:
            QTimer.singleShot(0, lambda: when(lambda: what in sys.modules, self.quit))

application.Application = Watched
code = application.run([])
print("closed", *(window for window in application.QApplication.topLevelWidgets() if window.isVisible()), flush=True)
sys.exit(code)
"""


@pytest.mark.slow
@pytest.mark.parametrize("what", ["pyqtgraph", "torch", "export"])
def test_closing_in_the_middle_of_work_ends_the_process(what: str, tmp_path: Path) -> None:
    environment = {**os.environ, "NETBUILDER_HOME": str(tmp_path / "home"), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-X", "faulthandler", "-c", PROGRAM, what, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "closed\n"
    assert "Traceback" not in done.stderr
    log = (tmp_path / "home/logs/netbuilder.log").read_text()
    assert "Traceback" not in log
    assert "nobody caught" not in log
