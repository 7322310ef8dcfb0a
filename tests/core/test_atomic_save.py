"""Saving replaces a file whole or not at all, whatever the disk does."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from netbuilder.core import atomic
from netbuilder.core.atomic import write_atomically
from netbuilder.core.errors import FileError


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "net.netb"
    path.write_bytes(b"old")
    return path


def _failing(real: Callable[..., Any], number: int, after: int = 0) -> Callable[..., Any]:
    calls = iter(range(1_000_000))

    def fail(*args: Any, **options: Any) -> Any:
        if next(calls) >= after:
            raise OSError(number, os.strerror(number))
        return real(*args, **options)

    return fail


def _only(target: Path) -> bool:
    return sorted(entry.name for entry in target.parent.iterdir() if not entry.name.endswith(".bak")) == [target.name]


def test_a_file_is_replaced_and_the_old_one_kept(target: Path) -> None:
    write_atomically(target, b"new", backup=True)
    assert target.read_bytes() == b"new"
    assert target.with_name("net.netb.bak").read_bytes() == b"old"
    write_atomically(target, b"newer", backup=True)
    assert target.with_name("net.netb.bak").read_bytes() == b"new"
    assert _only(target)


@pytest.mark.parametrize("step", ["write", "fsync", "close", "replace", "open"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EDQUOT])
def test_a_failing_disk_leaves_the_old_file(target: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(atomic.os, step, _failing(getattr(os, step), number))
        with pytest.raises(FileError) as caught:
            write_atomically(target, b"new")
    assert target.read_bytes() == b"old"
    assert "unchanged" in str(caught.value)
    assert caught.value.place == str(target)
    if number == errno.ENOSPC:
        assert "no room left" in str(caught.value)
    if step != "close":
        assert _only(target)


def test_a_disk_that_fills_up_halfway_leaves_the_old_file(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    full = _failing(lambda handle, data: real(handle, bytes(data)[:3]), errno.ENOSPC, after=2)
    monkeypatch.setattr(atomic.os, "write", full)
    with pytest.raises(FileError, match="no room left"):
        write_atomically(target, b"a longer text")
    assert target.read_bytes() == b"old"
    assert _only(target)


def test_short_writes_are_continued(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(atomic.os, "write", lambda handle, data: real(handle, bytes(data)[:3]))
    write_atomically(target, b"a longer text")
    assert target.read_bytes() == b"a longer text"


def test_what_the_disk_garbles_never_takes_the_old_files_place(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(atomic.os, "write", lambda handle, data: real(handle, b"x" * len(data)))
    with pytest.raises(FileError, match="did not keep"):
        write_atomically(target, b"new")
    assert target.read_bytes() == b"old"


def test_a_refused_check_leaves_the_old_file(target: Path) -> None:
    def refuse(data: bytes) -> None:
        raise FileError(f"no {data!r}")

    with pytest.raises(FileError, match="no"):
        write_atomically(target, b"new", refuse, backup=True)
    assert target.read_bytes() == b"old"
    assert [entry.name for entry in target.parent.iterdir()] == ["net.netb"]


@pytest.mark.skipif(sys.platform != "linux", reason="needs a small file system")
def test_a_really_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    if (
        not shutil.which("mount")
        or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", small], capture_output=True).returncode
    ):
        pytest.skip("may not mount")
    try:
        target = small / "net.netb"
        write_atomically(target, b"old")
        with pytest.raises(FileError, match="no room left"):
            write_atomically(target, b"x" * 200_000, backup=True)
        assert target.read_bytes() == b"old"
        assert _only(target)
    finally:
        subprocess.run(["umount", small], check=True)


def test_permissions_and_links_are_kept(target: Path, tmp_path: Path) -> None:
    target.chmod(0o640)
    alias = tmp_path / "elsewhere" / "alias.netb"
    alias.parent.mkdir()
    alias.symlink_to(target)
    write_atomically(alias, b"new")
    assert alias.is_symlink()
    assert target.read_bytes() == b"new"
    assert target.stat().st_mode & 0o777 == 0o640


def test_impossible_places_are_explained(target: Path, tmp_path: Path) -> None:
    for path, words in (
        (tmp_path / "gone" / "a.netb", "folder does not exist"),
        (tmp_path, "a folder with that name"),
        (target / "a.netb", "not a folder"),
        (tmp_path / ("x" * 300), "too long"),
    ):
        with pytest.raises(FileError, match=words):
            write_atomically(path, b"new")


def test_names_that_no_system_takes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="file name"):
        write_atomically(tmp_path / "a\0b", b"new")
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(FileError):
        write_atomically(loop, b"new")


def test_strays_of_dead_processes_are_swept_and_others_left(target: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    dead = target.with_name(f".net.netb.{process.pid}-00000000.tmp")
    alive = target.with_name(f".net.netb.{os.getppid()}-00000000.tmp")
    ancient = target.with_name(f".net.netb.{os.getppid()}-11111111.tmp")
    other = target.with_name(f".other.netb.{process.pid}-00000000.tmp")
    mine = target.with_name(".net.netb.notes.tmp")
    for path in (dead, alive, ancient, other, mine):
        path.write_bytes(b"")
    os.utime(ancient, (time.time() - 100_000,) * 2)
    write_atomically(target, b"new")
    assert [path.exists() for path in (dead, alive, ancient, other, mine)] == [False, True, False, True, True]
