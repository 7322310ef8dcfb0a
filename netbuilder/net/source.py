"""A graph as a Python file: one `nn.Module` class, one more for each kind of block, and a small demonstration."""

from __future__ import annotations

import keyword
import re
import textwrap
from collections.abc import Iterable, Sequence

from netbuilder.core import format as words
from netbuilder.core.graph import Graph
from netbuilder.layers.declare import Function, Module, show
from netbuilder.net.blocks import output_nodes
from netbuilder.net.modules import is_own, name_of, text_of
from netbuilder.net.plan import CompileError, Plan, plan
from netbuilder.net.source_class import class_text
from netbuilder.net.source_families import Families

_TAKEN = frozenset({"F", "Tensor", "math", "nn", "torch", "network", "outputs", "x"})


def source(graph: Graph, class_name: str = "Network", notes: Sequence[str] = ()) -> str:
    """Readable Python that needs torch only. Its `state_dict` has the same keys as that of `compile_graph`.

    `notes` are sentences for its docstring. Raises `CompileError` when the network cannot run or `class_name` is no Python name.
    """
    if not class_name.isidentifier() or keyword.iskeyword(class_name) or class_name in _TAKEN:
        raise CompileError(f"“{class_name}” cannot be the name of a Python class.", remedy="Use a word such as LeNet5.")
    layout = plan(graph)
    own = _own_classes(layout)
    if class_name in own:
        raise CompileError(f"“{class_name}” is the name of a layer in this network.", remedy="Use another name for the class.")
    families = Families(layout)
    _name_classes(families, class_name, own)
    code = "\n\n\n".join([*own.values(), *map(class_text, families), _demonstration(layout, class_name)])
    return f'"""{_head(_headline(layout, class_name), notes)}"""\n\n{_imports(code)}\n\n\n{code}\n'


def _own_classes(layout: Plan) -> dict[str, str]:
    """Name -> text of the classes that torch has not, in the order of their first use."""
    found: dict[str, str] = {}
    for step in layout.steps:
        for part in step.parts:
            found |= _own_classes(part)
        if isinstance(step.target, Module | Function) and is_own(step.target.path):
            name, text = name_of(step.target.path), text_of(step.target.path)
            if found.setdefault(name, text) != text:
                raise CompileError(f"Two different Python layers call their class “{name}”.", place=step.node.id, remedy="Rename one.")
    return found


def _name_classes(families: Families, class_name: str, own: Iterable[str]) -> None:
    """A name for the class of each family, after its block."""
    used = {class_name, *own, *_TAKEN}
    for family in families:
        if family is families.network:
            family.name = class_name
            continue
        stem = "".join(word[:1].upper() + word[1:] for word in re.findall(r"[A-Za-z0-9]+", family.block))
        stem = stem if stem[:1].isalpha() and not keyword.iskeyword(stem) else f"Block{stem}"
        family.name, number = stem, 1
        while family.name in used:
            number += 1
            family.name = f"{stem}{number}"
        used.add(family.name)


def _headline(layout: Plan, name: str) -> str:
    taken = ", ".join(show(layout.analysis.nodes[node.id].outputs[0].shape) for node in layout.inputs)
    given = ", ".join(show(layout.analysis.nodes[node.id].inputs[0].shape) for node in output_nodes(layout.graph))
    return f"{name}: {taken} → {given}, {words.count(layout.analysis.parameters)} parameters. Written by Netbuilder."


def _head(headline: str, notes: Sequence[str]) -> str:
    """The text of the module's docstring; what comes from outside can neither end it nor hide in it."""
    safe = [note.replace("\\", "\\\\").replace('"', "'") for note in notes]
    lines = ["\n".join(textwrap.wrap(" ".join(note.split()), 110, break_long_words=False)) for note in safe]
    return "\n".join((headline, "", *lines, "")) if lines else headline


def _imports(code: str) -> str:
    names = ["Tensor", *(["functional as F"] if re.search(r"\bF\.", code) else []), "nn"]
    lines = ["import torch", "from torch import " + ", ".join(n for n in names if n != "functional as F")]
    if re.search(r"\bmath\.", code):
        lines[:0] = ["import math", ""]
    if "functional as F" in names:
        lines.append("from torch.nn import functional as F")
    return "\n".join(lines)


def _demonstration(layout: Plan, name: str) -> str:
    specs = [layout.analysis.nodes[node.id].outputs[0] for node in layout.inputs]
    samples = []
    for shape, dtype in specs:
        sizes = ", ".join(str(size) for size in (2, *shape[1:]))
        samples.append(f"torch.randn({sizes})" if dtype == "float32" else f"torch.zeros({sizes}, dtype=torch.{dtype})")
    several = len(output_nodes(layout.graph)) > 1
    shapes = "[tuple(y.shape) for y in outputs]" if several else "tuple(outputs.shape)"
    return "\n".join(
        [
            'if __name__ == "__main__":',
            f"    network = {name}().eval()",
            "    with torch.no_grad():",
            f"        outputs = network({', '.join(samples)})",
            f'    print("output:", {shapes})',
            '    print(f"parameters: {sum(p.numel() for p in network.parameters()):,}")',
        ]
    )
