"""The `netbuilder` command: a subcommand when the first word is one, else the window."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run and return the exit code. Torch threads wait without spinning, so that two cores stay usable."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("GOMP_SPINCOUNT", "0")
    words = list(sys.argv[1:] if argv is None else argv)
    from netbuilder.cli.command import commands
    from netbuilder.cli.main import main as run_subcommand

    if words and (words[0] in commands() or words[0] in ("-h", "--help", "--version")):
        return run_subcommand(words)
    from netbuilder.ui.application import run

    return run(words)


if __name__ == "__main__":
    sys.exit(main())
