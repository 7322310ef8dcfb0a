"""Layers that torch has not: their text stands in written source, complete in itself, and computes the same."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

import netbuilder as nb
from netbuilder.net import modules
from netbuilder.net.modules import text_of
from netbuilder.net.plan import CompileError

OWN = [
    f"{modules.HOME}.{file.name}.{name}"
    for file in pkgutil.iter_modules(modules.__path__)
    for name, found in vars(importlib.import_module(f"{modules.HOME}.{file.name}")).items()
    if getattr(found, "__module__", "") == f"{modules.HOME}.{file.name}"
]
ALLOWED = {"F", "Tensor", "math", "nn", "torch"}


@pytest.mark.parametrize("path", OWN)
def test_each_is_complete_in_itself(path: str) -> None:
    space: dict[str, Any] = {"F": torch.nn.functional, "Tensor": torch.Tensor, "math": importlib.import_module("math"), "nn": torch.nn}
    tree = ast.parse(text_of(path))
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    bound = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    bound |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    known = bound | set(dir(importlib.import_module("builtins"))) | ALLOWED
    assert used <= known
    assert not hasattr(torch.nn, path.rpartition(".")[2])
    exec(text_of(path), space | {"torch": torch})


def test_written_source_carries_the_class_once(tmp_path: Path) -> None:
    layers = [("input", {"shape": (2, 8, 8)}), ("subsampling2d", {}), ("subsampling2d", {}), ("output", {"task": "values"})]
    text = nb.source(nb.chain(layers))
    assert text.count("class Subsampling2d(nn.Module)") == 1
    assert "netbuilder." not in text
    file = tmp_path / "network.py"
    file.write_text(text)
    done = subprocess.run([sys.executable, "-I", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "parameters: 8" in done.stdout


def test_the_network_cannot_bear_the_name_of_one_of_its_layers() -> None:
    from netbuilder.net.source import source

    graph = nb.chain([("input", {"shape": (2, 8, 8)}), ("subsampling2d", {}), ("output", {"task": "values"})])
    with pytest.raises(CompileError, match="name of a layer"):
        source(graph, "Subsampling2d")
