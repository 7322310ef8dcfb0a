"""The program's log, and the handler of exceptions that nobody caught."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from netbuilder.core.errors import NetbuilderError
from netbuilder.paths import home

log = logging.getLogger("netbuilder")
Notice = Callable[[str], None]
_FORMAT = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"


def start_log(folder: Path | None = None) -> Path | None:
    """Write the program's log to a file that is kept small, one for a process; nothing when the folder cannot be written."""
    from logging.handlers import RotatingFileHandler

    for begun in log.handlers:
        if isinstance(begun, RotatingFileHandler):
            return Path(begun.baseFilename)
    path = (folder or home("logs")) / "netbuilder.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=3, encoding="utf-8")
    except OSError:
        return None
    handler.setFormatter(logging.Formatter(_FORMAT))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
    return path


def install(notice: Notice | None = None) -> None:
    """Send exceptions that nobody caught, in any thread, to the log and as a sentence to `notice`."""

    def on_exception(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt | SystemExit):
            sys.__excepthook__(kind, error, trace)
            return
        start_log()
        log.critical("nobody caught this", exc_info=(kind, error, trace))
        if not log.handlers:
            sys.__excepthook__(kind, error, trace)
        if notice is not None:
            notice(sentence(error))

    def on_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            on_exception(args.exc_type, args.exc_value, args.exc_traceback)

    sys.excepthook = on_exception
    threading.excepthook = on_thread


def sentence(error: BaseException) -> str:
    """The sentence for the user: our own error's text, or a plain remark with the kind of error."""
    if isinstance(error, NetbuilderError):
        return str(error)
    return f"Something went wrong ({type(error).__name__}: {error}). Your work is still here; the log has the details."
