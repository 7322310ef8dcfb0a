"""Checkpoints: read back exactly, complete or ignored, whatever happens to the disk."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest
import torch

from netbuilder.train.checkpointing import checkpoints
from netbuilder.train.checkpointing.checkpoints import MANIFEST, MODEL, STATE, Checkpoint
from netbuilder.train.errors import CheckpointError


def checkpoint(step: int = 1) -> Checkpoint:
    return Checkpoint(
        {"a.weight": torch.full((2, 3), float(step))}, {"memory.a.weight.exp_avg": torch.ones(2, 3)}, {"epoch": 1, "step": step}
    )


def test_what_was_saved_is_loaded(tmp_path):
    folder = checkpoints.save(tmp_path / "checkpoints" / "last", checkpoint(7))
    loaded = checkpoints.load(folder)
    assert torch.equal(loaded.model["a.weight"], torch.full((2, 3), 7.0))
    assert torch.equal(loaded.optimizer["memory.a.weight.exp_avg"], torch.ones(2, 3))
    assert loaded.state["step"] == 7
    assert sorted(entry.name for entry in folder.iterdir()) == sorted([MANIFEST, MODEL, STATE, "optimizer.safetensors"])
    assert set(checkpoints.weights(folder)) == {"a.weight"}


def test_a_new_one_replaces_the_old_and_leaves_nothing_else(tmp_path):
    for step in (1, 2, 3):
        checkpoints.save(tmp_path / "last", checkpoint(step))
    assert [entry.name for entry in tmp_path.iterdir()] == ["last"]
    assert checkpoints.load(tmp_path / "last").state["step"] == 3


@pytest.mark.parametrize("name", [MODEL, STATE, "optimizer.safetensors"])
@pytest.mark.parametrize("harm", ["truncated", "flipped", "gone"])
def test_a_damaged_one_is_passed_over(tmp_path, name, harm):
    home = tmp_path / "checkpoints"
    checkpoints.save(home / "best", checkpoint(4))
    newer = checkpoints.save(home / "last", checkpoint(9))
    assert checkpoints.newest(tmp_path) == newer
    victim = newer / name
    data = victim.read_bytes()
    if harm == "gone":
        victim.unlink()
    else:
        victim.write_bytes(data[:-5] if harm == "truncated" else data[:-3] + bytes([data[-3] ^ 1]) + data[-2:])
    assert checkpoints.newest(tmp_path) == home / "best"
    with pytest.raises(CheckpointError, match=r"damaged|cannot be read"):
        checkpoints.load(newer)


def test_without_a_manifest_it_does_not_count(tmp_path):
    folder = checkpoints.save(tmp_path / "last", checkpoint())
    (folder / MANIFEST).unlink()
    with pytest.raises(CheckpointError, match="no checkpoint"):
        checkpoints.newest(tmp_path)


def test_nonsense_in_the_manifest_is_damage(tmp_path):
    folder = checkpoints.save(tmp_path / "last", checkpoint())
    for content in ("[]", "{", json.dumps({"sha256": 3}), "null"):
        (folder / MANIFEST).write_text(content)
        with pytest.raises(CheckpointError):
            checkpoints.load(folder)


def test_an_interrupted_exchange_of_names_loses_nothing(tmp_path, monkeypatch):
    checkpoints.save(tmp_path / "last", checkpoint(1))
    rename = Path.rename

    def fail_to_arrive(self, target):
        if Path(target).name == "last" and self.name.startswith(".new-"):
            raise OSError(errno.EIO, "unplugged")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail_to_arrive)
    with pytest.raises(OSError, match="unplugged"):
        checkpoints.save(tmp_path / "last", checkpoint(2))
    assert checkpoints.load(checkpoints.newest(tmp_path)).state["step"] == 1


def test_a_full_disk_keeps_the_previous_one(tmp_path, monkeypatch):
    checkpoints.save(tmp_path / "last", checkpoint(1))

    def full(_path, _data):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(checkpoints, "_write", full)
    with pytest.raises(OSError, match="No space"):
        checkpoints.save(tmp_path / "last", checkpoint(2))
    assert [entry.name for entry in tmp_path.iterdir()] == ["last"]
    assert checkpoints.load(tmp_path / "last").state["step"] == 1
