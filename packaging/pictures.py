"""Pictures of the real program, made off-screen.

pictures.py tour --out DIR      train LeNet-5 on MNIST in the window, look inside, export; ends with the test accuracy
pictures.py all [--out DIR]     every panel, dialog and state in both themes, and the README's pictures
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from offscreen import offscreen

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Run what was asked for; 0 only when all of it worked."""
    parser = argparse.ArgumentParser(prog="pictures.py", description="Pictures of the real program, made off-screen.")
    parser.add_argument("what", choices=("tour", "all"))
    parser.add_argument("--out", type=Path, default=None, help="folder for pictures and files")
    parser.add_argument("--scale", type=int, choices=(1, 2), default=1, help="pixels for a point of the screen")
    options = parser.parse_args()
    out = (options.out or ROOT / "out" / ("pictures" if options.what == "all" else "")).resolve()
    with offscreen(options.scale):
        if options.what == "tour":
            from tour import tour

            return _carefully(lambda: tour(out))
        from gallery import gallery

        done = _carefully(lambda: gallery(out, options.scale, ROOT / "resources" / "pictures"))
    if done == 0 and options.scale == 1:
        return subprocess.call([sys.executable, __file__, "all", "--out", str(out), "--scale", "2"])
    return done


def _carefully(work: Callable[[], None]) -> int:
    try:
        work()
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    except Exception:
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
