"""The text of one `nn.Module` class for a family of block uses: its constructor and its `forward`."""

from __future__ import annotations

from netbuilder.core import format as words
from netbuilder.layers.declare import Module
from netbuilder.net.plan import Step
from netbuilder.net.source_families import Family
from netbuilder.net.source_forward import Forward, bare, shortened, single

_WIDTH = 110
_POSITIONAL = frozenset({"in_channels", "out_channels", "in_features", "out_features", "num_features", "num_embeddings", "embedding_dim"})


def class_text(family: Family) -> str:
    """The whole class, with constructor arguments for settings that differ between its uses."""
    made = [line for step in family.layout.steps for line in _construction(family, step)]
    lines = [f"class {family.name}(nn.Module):", f'    """{_summary(family)}"""', ""]
    if made:
        told = "".join(f", {name}: {_kind(family, key)}" for name, key in family.heads().items())
        lines += [f"    def __init__(self{told}) -> None:", "        super().__init__()", *(f"        {line}" for line in made), ""]
    return "\n".join(lines + _forward(family) + _training(family))


def _summary(family: Family) -> str:
    found = [row.layout.analysis for row in family.rows]
    parameters, costs = {each.parameters for each in found}, {each.macs for each in found}
    if len(parameters) == len(costs) == 1:
        return f"{words.count(found[0].parameters)} parameters, {words.macs(found[0].macs)} for one sample."
    if len(parameters) == 1:
        return f"{words.count(found[0].parameters)} parameters."
    return f"{words.count(min(parameters))} to {words.count(max(parameters))} parameters."


def _forward(family: Family) -> list[str]:
    """The lines of `forward`, with shapes as comments where they are the same in all uses."""
    layouts = {id(row.layout): row.layout for row in family.rows}
    texts = [Forward(layout).lines() for layout in layouts.values()]
    return [first if all(line == first for line in lines) else bare(first) for first, *lines in zip(*texts, strict=True)]


def _training(family: Family) -> list[str]:
    """The method that keeps the statistics of frozen layers in training mode; nothing where none has any."""
    kept = [f"self.{step.node.name}" for step in family.layout.steps if step.node.training.get("frozen") and _normalises(step)]
    if not kept:
        return []
    return [
        "",
        '    def train(self, mode: bool = True) -> "nn.Module":',
        '        """Batch normalisation in frozen layers keeps its statistics."""',
        "        super().train(mode)",
        f"        for frozen in ({', '.join(kept)},):",
        "            for layer in frozen.modules():",
        "                if isinstance(layer, nn.modules.batchnorm._BatchNorm):",
        "                    layer.eval()",
        "        return self",
    ]


def _normalises(step: Step) -> bool:
    """Whether a step contains batch normalisation."""
    own = isinstance(step.target, Module) and step.target.path.startswith("torch.nn.BatchNorm")
    return own or any(_normalises(inner) for part in step.parts for inner in part.steps)


def _kind(family: Family, key: str) -> str:
    return " | ".join(sorted({type(row.value(key)).__name__ for row in family.rows}))


def _construction(family: Family, step: Step) -> list[str]:
    name = step.node.name
    if step.target is None:
        made = _blocks(family, step)
    elif isinstance(step.target, Module):
        made = [f"{shortened(step.target.path)}({_arguments(family, name)})"]
    else:
        return []
    made[-1] += ".requires_grad_(False)" if step.node.training.get("frozen") else ""
    made[-1] += "" if step.live else "  # leads to no output"
    return [f"self.{name} = {made[0]}", *made[1:]]


def _arguments(family: Family, layer: str) -> str:
    parts: list[str] = []
    named = False
    for setting in family.settings(layer):
        text = family.text(f"{layer}.{setting}")
        named = named or setting not in _POSITIONAL
        parts.append(f"{setting}={text}" if named else text)
    return ", ".join(parts)


def _blocks(family: Family, step: Step) -> list[str]:
    """The uses of a block: one, or a container with one for each repeat."""
    calls = [_call(family, step, number) for number in range(len(step.parts))]
    if len(calls) == 1:
        return calls
    sequential = single(step)
    holder = "nn.Sequential" if sequential else "nn.ModuleList"
    if len(set(calls)) == 1:
        inner = f"{calls[0]} for _ in range({len(calls)})"
        return [f"{holder}(*({inner}))" if sequential else f"{holder}({inner})"]
    start, end = ("(", ")") if sequential else ("([", "])")
    line = f"{holder}{start}{', '.join(calls)}{end}"
    return [line] if len(line) <= _WIDTH else [f"{holder}{start}", *(f"    {call}," for call in calls), end]


def _call(family: Family, step: Step, number: int) -> str:
    child = family.children[step.node.id][number]
    told = (f"{name}={family.text(f'{step.node.name}.{number}.{key}')}" for name, key in child.heads().items())
    return f"{child.name}({', '.join(told)})"
