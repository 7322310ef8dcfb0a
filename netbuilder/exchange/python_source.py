"""Export as readable PyTorch source, with the weights beside it if wanted."""

from __future__ import annotations

from pathlib import Path

from netbuilder.data.handover import sentences
from netbuilder.exchange.declare import Format, Job, declare
from netbuilder.net.source import source


@declare("python", "PyTorch source", (".py",), "A readable Python file that needs only torch.", weights=False)
class PythonSource(Format):
    """One class per network and block; runs as it is."""

    def write(self, job: Job, path: Path) -> None:
        path.write_text(source(job.graph, job.class_name, sentences(job.handover)), encoding="utf-8")
