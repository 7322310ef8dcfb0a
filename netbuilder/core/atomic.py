"""Replacing a file whole or not at all: a full disk or a power cut leaves the old file as it was."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path

from netbuilder.core.errors import FileError

BACKUP = ".bak"
_STRAY_AFTER = 24 * 3600.0


def write_atomically(path: Path, data: bytes, check: Callable[[bytes], object] | None = None, *, backup: bool = False) -> None:
    """Put `data` at `path`, or raise `FileError` and leave what was there untouched.

    The bytes go to a temporary file beside it, are flushed to the disk, read back, compared and given to `check`
    (which refuses by raising), and only then take the old file's place. `backup` keeps the old file as `NAME.bak`.
    """
    target = _real(path)
    temporary = _beside(target)
    try:
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, "is a folder")
        sweep(target)
        _write(temporary, data, _mode(target))
        written = temporary.read_bytes()
        if written != data:
            raise OSError(errno.EIO, "the disk did not keep what was written")
        if check is not None:
            check(written)
        if backup and target.exists():
            _keep(target)
        os.replace(temporary, target)  # noqa: PTH105
        _flush_folder(target.parent)
    except OSError as error:
        raise _explain(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def sweep(target: Path) -> None:
    """Remove temporary files that an interrupted save of `target` left behind; never fails."""
    with contextlib.suppress(OSError):
        prefix, suffix = f".{target.name}.", ".tmp"
        with os.scandir(target.parent) as entries:
            strays = [entry for entry in entries if entry.name.startswith(prefix) and entry.name.endswith(suffix)]
        for entry in strays:
            owner = entry.name[len(prefix) : -len(suffix)].partition("-")[0]
            if owner.isdecimal() and _abandoned(int(owner), entry.stat().st_mtime):
                Path(entry.path).unlink(missing_ok=True)


def _real(path: Path) -> Path:
    """The file behind symbolic links, so that a link stays a link."""
    try:
        return path.resolve()
    except (OSError, ValueError, RuntimeError) as error:
        raise FileError(f"“{path.name}” could not be saved: it is no usable file name ({error}).", place=str(path)) from error


def _beside(target: Path) -> Path:
    """A temporary name in the same folder that `sweep` recognises."""
    return target.with_name(f".{target.name}.{os.getpid()}-{secrets.token_hex(4)}.tmp")


def _abandoned(process: int, modified: float) -> bool:
    if time.time() - modified > _STRAY_AFTER:
        return True
    if sys.platform == "win32":
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


def _mode(target: Path) -> int | None:
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        return None


def _write(path: Path, data: bytes, mode: int | None) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    handle = os.open(path, flags, 0o666)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(handle, rest) :]
        if mode is not None and hasattr(os, "fchmod"):
            os.fchmod(handle, mode)
        os.fsync(handle)
    finally:
        os.close(handle)


def _keep(target: Path) -> None:
    """Keep the present file as `NAME.bak`, by a hard link where the file system has them."""
    kept = target.with_name(target.name + BACKUP)
    passing = _beside(target)
    try:
        try:
            os.link(target, passing)
        except OSError:
            shutil.copy2(target, passing)
        os.replace(passing, kept)  # noqa: PTH105
    finally:
        passing.unlink(missing_ok=True)


def _flush_folder(folder: Path) -> None:
    """Make the renaming itself durable; systems that cannot open folders do without."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


_REASONS = {
    errno.ENOSPC: ("there is no room left on the disk", "Free some space, or save somewhere else."),
    errno.EDQUOT: ("your disk quota is used up", "Free some space, or save somewhere else."),
    errno.EACCES: ("you may not write there", "Save it somewhere else, or change the permissions."),
    errno.EPERM: ("you may not write there", "Save it somewhere else, or change the permissions."),
    errno.EROFS: ("the disk is read-only", "Save it somewhere else."),
    errno.ENOENT: ("its folder does not exist", "Make the folder first, or save it somewhere else."),
    errno.ENOTDIR: ("its folder is not a folder", "Save it somewhere else."),
    errno.EISDIR: ("there is a folder with that name", "Choose another name."),
    errno.ENAMETOOLONG: ("its name is too long", "Choose a shorter name."),
}


def _explain(path: Path, error: OSError) -> FileError:
    reason, remedy = _REASONS.get(error.errno or 0, (error.strerror or str(error), "Save it somewhere else."))
    return FileError(f"“{path.name}” could not be saved: {reason}. What was there before is unchanged.", place=str(path), remedy=remedy)
