"""The `netbuilder` command: a subcommand when the first word is one, else the window."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

from netbuilder.train.speed.threads import prepare_threads

WINDOW_OPTIONS = ("--report-ready", "--safe-mode")


def main(argv: Sequence[str] | None = None) -> int:
    """Run and return the exit code."""
    prepare_threads()
    words = list(sys.argv[1:] if argv is None else argv)
    if words and words[0] not in WINDOW_OPTIONS:
        from netbuilder.cli.command import commands
        from netbuilder.cli.main import main as run_subcommand

        if words[0] in commands() or words[0] in ("-h", "--help", "--version") or _is_neither(words[0]):
            return run_subcommand(words)
    gc.disable()  # start-up makes little garbage; the window collects what there is
    from netbuilder.ui.startup.qt_support import bind_late, late_modules, late_patterns

    with late_modules():
        from netbuilder.ui.startup.libraries import load_qt

        load_qt()
        from netbuilder.ui.startup.qt_bytecode import kept_bytecode
        from netbuilder.ui.startup.qt_enums import make_enums_quickly
        from netbuilder.ui.startup.qt_features import leave_out_features
        from netbuilder.ui.startup.start_modules import StartModules

        sys.meta_path.insert(0, StartModules())
        bind_late()
        make_enums_quickly()
        with kept_bytecode(), late_patterns():
            import PySide6.QtCore  # noqa: F401
        leave_out_features()
        with late_patterns(0):
            import msgspec  # noqa: F401
    from netbuilder.ui.application import run

    return run(words)


def _is_neither(word: str) -> bool:
    """Whether a first word can be meant neither as an option nor as a file: a misspelt subcommand, which is wrong usage."""
    from pathlib import Path

    return not word.startswith("-") and not {".", os.sep, os.altsep} & set(word) and not Path(word).exists()


if __name__ == "__main__":
    sys.exit(main())
