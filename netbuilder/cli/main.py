"""The `netbuilder` command: parse, run one subcommand, answer on stdout, and turn errors into one sentence."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Sequence

from netbuilder.cli.command import SILENCE, commands, plain
from netbuilder.core.errors import NetbuilderError
from netbuilder.train.errors import ToldElsewhereError

DONE, FAILED, WRONG_USAGE = 0, 1, 2
log = logging.getLogger(__name__)


def parser() -> argparse.ArgumentParser:
    """The parser of all subcommands."""
    from netbuilder import __version__

    top = argparse.ArgumentParser(
        prog="netbuilder",
        description="Draw a neural network, watch it learn, look inside it, take it away. Without a subcommand, the window opens.",
        epilog="netbuilder [--safe-mode] [--report-ready] [FILE] opens the window.",
    )
    top.add_argument("--version", action="version", version=f"netbuilder {__version__}")
    below = top.add_subparsers(dest="command", metavar="SUBCOMMAND", required=True)
    for each in commands().values():
        sub = below.add_parser(each.name, help=each.help, description=each.help)
        each.arguments(sub)
        sub.add_argument("--allow-python", action="store_true", help="run the Python of layers in the project, which may do anything")
        sub.add_argument("--json", action="store_true", help="print one JSON object on stdout")
    return top


def main(argv: Sequence[str]) -> int:
    """Run a subcommand; the answer is the exit code: 0 done, 1 failed, 2 wrong usage."""
    from netbuilder.app.crash import start_log

    try:
        arguments = parser().parse_args(argv)
    except SystemExit as leave:
        return leave.code if isinstance(leave.code, int) else WRONG_USAGE
    start_log()
    if arguments.allow_python:
        from netbuilder.net.custom import allow_all

        allow_all()
    try:
        answer = commands()[arguments.command].run(arguments)
    except ToldElsewhereError:
        return FAILED
    except NetbuilderError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return _fail("Interrupted.")
    except (OSError, MemoryError) as error:
        log.exception("%s failed", arguments.command)
        return _fail(f"{error.strerror if isinstance(error, OSError) and error.strerror else error or 'The memory is full'}.")
    except Exception as error:
        log.exception("%s failed", arguments.command)
        return _fail(f"Something went wrong ({type(error).__name__}: {error}). The log has the details.")
    if answer is SILENCE:
        return DONE
    ascii_only = not _encoding().lower().startswith("utf")
    text = json.dumps(plain(answer.values), ensure_ascii=ascii_only, allow_nan=False) if arguments.json else answer.text
    if not _print(text):
        return FAILED
    return _fail(answer.failure) if answer.failure else DONE


def _encoding() -> str:
    """What stdout can write; terminals and pipes of old locales know no “×”."""
    return sys.stdout.encoding or "utf-8"


def _print(text: str) -> bool:
    """False when nobody reads any more; a letter that stdout cannot write is a question mark."""
    try:
        if text:
            sys.stdout.write(text.encode(_encoding(), "replace").decode(_encoding()) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stderr.close()
        return False
    return True


def _fail(sentence: str) -> int:
    sys.stderr.write(f"netbuilder: {' '.join(sentence.split())}\n")
    return FAILED
