"""What the command line that opens a window says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class Options(NamedTuple):
    """What the command line says."""

    file: Path | None = None
    report_ready: bool = False
    safe_mode: bool = False


def read_options(argv: Sequence[str]) -> Options:
    """Of `[FILE] [--report-ready] [--safe-mode]`; a parser is made only where there is more to read than one switch."""
    switches = {"--report-ready": Options(report_ready=True), "--safe-mode": Options(safe_mode=True)}
    if len(argv) <= 1 and switches.keys() >= set(argv):
        return switches[argv[0]] if argv else Options()
    import argparse

    parser = argparse.ArgumentParser(prog="netbuilder", description="Draw a neural network, watch it learn, look inside it, take it away.")
    parser.add_argument("file", nargs="?", type=Path, help="a project to open")
    parser.add_argument("--report-ready", action="store_true", help="print “ready” once the window is painted and takes input")
    parser.add_argument("--safe-mode", action="store_true", help="start with default settings")
    return Options(**vars(parser.parse_args(list(argv))))
