"""A network together with its weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from netbuilder.core.graph import Graph

if TYPE_CHECKING:
    from netbuilder.net.compiled import CompiledModule


class Model(Struct, frozen=True):
    """`weights` are tensors by the names in the compiled network's state; `note` is a sentence on where they come from."""

    graph: Graph
    weights: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""

    def module(self) -> CompiledModule:
        """The network with these weights, on the CPU, in evaluation mode. Raises `CompileError`."""
        from netbuilder.net.compiler import compile_graph

        compiled = compile_graph(self.graph)
        compiled.load_state_dict(dict(self.weights))
        return compiled.eval()
