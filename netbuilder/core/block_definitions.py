"""Edits of one block definition: its graph, its name, its parameters, and whether repeats share their weights."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from netbuilder.core.blocks import BLOCK, set_block
from netbuilder.core.edits import Edit, set_setting
from netbuilder.core.errors import GraphError
from netbuilder.core.expressions import SIGN, is_expression, rewrite
from netbuilder.core.graph import Block, BlockParameter, Graph, Node, Port, Value
from netbuilder.core.names import LONGEST
from netbuilder.core.plain_values import freeze

_PARAMETER = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_LONGEST_NAME = 256


def graph_at(graph: Graph, path: Sequence[str]) -> Graph:
    """The graph of the definition at `path` (block names, the outermost first), as edits `within` that path see it.

    Its `blocks` are all that may be used there, including those of the surrounding graphs. Raises `GraphError`.
    """
    for name in path:
        inner = find_block(graph, name).graph
        graph = inner.evolve(blocks={**graph.blocks, **inner.blocks})
    return graph


def within(path: Sequence[str], edit: Edit) -> Edit:
    """Turn an edit of the graph inside a block's definition into an edit of the whole; every use changes with it.

    New and changed definitions go where the edited one is defined. Wires at the uses follow renamed inputs and outputs.
    A block that would contain itself is refused.
    """
    if not path:
        return edit

    def whole(graph: Graph) -> Graph:
        name, *rest = path
        block = find_block(graph, name)
        own, shown = block.graph.blocks, graph_at(graph, [name])
        after = within(rest, edit)(shown)
        if after is shown:
            return graph
        local = {key: after.blocks[key] for key in own if key in after.blocks}
        outer = {key: graph.blocks[key] if key in own else after.blocks[key] for key in graph.blocks if key in own or key in after.blocks}
        outer |= {key: added for key, added in after.blocks.items() if key not in graph.blocks and key not in own}
        changed = replace(outer.get(name, block), graph=after.evolve(blocks=local))
        called = tuple(_renamed_ends(block.graph, after, layer) for layer in ("input", "output"))
        result = _checked(graph.evolve(blocks={**outer, name: changed}), graph.blocks)
        return _rewired(result, name, *called) if any(called) else result

    return whole


def way_to(graph: Graph, name: str) -> tuple[str, ...] | None:
    """Ids of the block nodes, the outermost first, that lead into the definition `name`; `None` when nothing uses it."""
    queue: list[tuple[tuple[str, ...], Graph]] = [((), graph)]
    seen: set[str] = set()
    for way, at in queue:
        for node in at.nodes.values():
            if node.layer != BLOCK or node.block in seen or node.block not in at.blocks:
                continue
            if node.block == name:
                return (*way, node.id)
            seen.add(node.block)
            queue.append(((*way, node.id), graph_at(at, [node.block])))
    return None


def home(graph: Graph, path: Sequence[str], name: str) -> tuple[str, ...]:
    """Where the definition `name`, seen from inside `path`, is defined: the part of `path` whose graph holds it."""
    for depth in range(len(path), 0, -1):
        if name in find_block(graph_at(graph, path[: depth - 1]), path[depth - 1]).graph.blocks:
            return tuple(path[:depth])
    return ()


def times_used(graph: Graph, name: str) -> int:
    """How many nodes use the definition `name`, including those inside other definitions."""
    own = sum(node.layer == BLOCK and node.block == name for node in graph.nodes.values())
    return own + sum(times_used(block.graph, name) for block in graph.blocks.values() if name not in block.graph.blocks)


def rename_block(old: str, new: str) -> Edit:
    """Give a definition another name; its uses follow."""

    def edit(graph: Graph) -> Graph:
        find_block(graph, old)
        if new == old:
            return graph
        check_block_name(graph, new)
        called = _each_use(graph, old, lambda node: replace(node, block=new))
        renamed = replace(called.blocks[old], name=new)
        return called.evolve(blocks={(new if key == old else key): (renamed if key == old else b) for key, b in called.blocks.items()})

    return edit


def set_block_parameter(name: str, parameter: BlockParameter) -> Edit:
    """Give the block `name` a parameter, or replace the one with the same name."""

    def edit(graph: Graph) -> Graph:
        block = find_block(graph, name)
        _check_parameter(name, parameter.name)
        settled = replace(parameter, default=freeze(parameter.default, name), tip=freeze(parameter.tip, name))
        if is_expression(settled.default):
            raise GraphError(
                f"The default of “{parameter.name}” cannot be an expression.", place=name, remedy="Write a plain value without $."
            )
        names = [each.name for each in block.parameters]
        kept = tuple(settled if each.name == parameter.name else each for each in block.parameters)
        return _with(graph, replace(block, parameters=kept if parameter.name in names else (*kept, settled)))

    return edit


def remove_block_parameter(name: str, parameter: str) -> Edit:
    """Take a parameter away: the layers inside get its default instead, and the uses no longer set it."""

    def edit(graph: Graph) -> Graph:
        block = find_block(graph, name)
        gone = _parameter(block, parameter)
        kept = tuple(each for each in block.parameters if each.name != parameter)
        plain = _with(graph, _rewritten(replace(block, parameters=kept), {parameter: gone.default}))
        return _each_use(plain, name, lambda node: replace(node, settings={k: v for k, v in node.settings.items() if k != parameter}))

    return edit


def rename_block_parameter(name: str, old: str, new: str) -> Edit:
    """Give a parameter another name, in the expressions inside and in all uses."""

    def edit(graph: Graph) -> Graph:
        block = find_block(graph, name)
        _parameter(block, old)
        if new == old:
            return graph
        _check_parameter(name, new)
        if any(each.name == new for each in block.parameters):
            raise GraphError(f"The block “{name}” already has a parameter “{new}”.", place=name, remedy="Choose a different name.")
        renamed = tuple(replace(each, name=new) if each.name == old else each for each in block.parameters)
        inside = _with(graph, _rewritten(replace(block, parameters=renamed), {old: SIGN + new}))
        called = {old: new}
        return _each_use(inside, name, lambda node: replace(node, settings={called.get(k, k): v for k, v in node.settings.items()}))

    return edit


def promote_setting(name: str, id_: str, setting: str, parameter: str, value: Value, tip: str = "") -> Edit:
    """Make a setting of a layer inside the block `name` a parameter of the block, with its present `value` as the default.

    A parameter that already exists is used as it is.
    """

    def edit(graph: Graph) -> Graph:
        block = find_block(graph, name)
        if is_expression(value):
            raise GraphError(f"{setting} is already the expression “{value}”.", place=id_, remedy="Change that expression instead.")
        if not any(each.name == parameter for each in block.parameters):
            graph = set_block_parameter(name, BlockParameter(parameter, value, tip))(graph)
        return within((name,), set_setting(id_, setting, SIGN + parameter))(graph)

    return edit


def set_linked(id_: str, linked: bool) -> Edit:
    """Let all repeats of a block share one set of weights, or give each its own."""

    def edit(graph: Graph) -> Graph:
        node = graph.nodes.get(id_)
        if node is None:
            raise GraphError("This layer is no longer in the network.", place=id_)
        if node.layer != BLOCK:
            raise GraphError(f"Only blocks can share weights; “{node.name}” is a layer.", place=id_, remedy="Make a block of it first.")
        return graph.evolve(nodes={**graph.nodes, id_: replace(node, linked=bool(linked))})

    return edit


def find_block(graph: Graph, name: str) -> Block:
    """The definition called `name`; raises `GraphError`."""
    try:
        return graph.blocks[name]
    except KeyError:
        raise GraphError(f"There is no block “{name}” here.", remedy="Choose one that is defined in this project.") from None


def check_block_name(graph: Graph, name: str) -> None:
    """Raise `GraphError` unless a new definition may be called `name`."""
    if not name.strip() or len(name) > _LONGEST_NAME:
        raise GraphError("A block needs a name.", remedy=f"Type one of at most {_LONGEST_NAME} characters.")
    if name in graph.blocks:
        raise GraphError(f"There is already a block “{name}”.", remedy="Choose a different name.")


def _check_parameter(block: str, name: str) -> None:
    if not _PARAMETER.fullmatch(name) or keyword.iskeyword(name) or len(name) > LONGEST:
        raise GraphError(
            f"“{name[:LONGEST]}” cannot be the name of a parameter.",
            place=block,
            remedy="Use letters a–z, digits and underscores, begin with a letter, and avoid Python's own words.",
        )


def _parameter(block: Block, name: str) -> BlockParameter:
    for parameter in block.parameters:
        if parameter.name == name:
            return parameter
    raise GraphError(f"The block “{block.name}” has no parameter “{name}”.", place=block.name)


def _with(graph: Graph, block: Block) -> Graph:
    return graph.evolve(blocks={**graph.blocks, block.name: block})


def _checked(graph: Graph, before: Mapping[str, Block]) -> Graph:
    """The graph, unless one of its changed definitions contains itself."""
    for name, block in graph.blocks.items():
        if before.get(name) is not block:
            set_block(block)(graph)
    return graph


def _renamed_ends(before: Graph, after: Graph, layer: str) -> dict[str, str]:
    """Old name -> new name of those inputs or outputs of a definition that have been renamed."""
    old = {id_: node.name for id_, node in before.nodes.items() if node.layer == layer}
    now = {id_: after.nodes[id_].name for id_ in old if id_ in after.nodes and after.nodes[id_].layer == layer}
    return {old[id_]: name for id_, name in now.items() if old[id_] != name}


def _rewired(graph: Graph, name: str, inputs: Mapping[str, str], outputs: Mapping[str, str]) -> Graph:
    """The graph with the wires at every use of a definition moved to its renamed ports; blocks of the same name further in are left alone."""
    uses = {id_ for id_, node in graph.nodes.items() if node.layer == BLOCK and node.block == name}
    blocks = {
        key: block if name in block.graph.blocks else replace(block, graph=_rewired(block.graph, name, inputs, outputs))
        for key, block in graph.blocks.items()
    }
    if not uses:
        return graph.evolve(blocks=blocks)

    def led(port: Port, called: Mapping[str, str]) -> Port:
        return Port(port.node, called.get(port.name, port.name)) if port.node in uses else port

    return graph.evolve(blocks=blocks, links={led(t, inputs): led(s, outputs) for t, s in graph.links.items()})


def _rewritten(block: Block, values: Mapping[str, Value]) -> Block:
    """The definition with parameters replaced in all its expressions."""
    nodes = {id_: replace(node, settings=rewrite(node.settings, values)) for id_, node in block.graph.nodes.items()}
    return replace(block, graph=block.graph.evolve(nodes=nodes))


def _each_use(graph: Graph, name: str, change: Callable[[Node], Node]) -> Graph:
    """The graph with every use of a definition changed, in all other definitions too; blocks of the same name further in are left alone."""
    nodes = {id_: change(node) if node.layer == BLOCK and node.block == name else node for id_, node in graph.nodes.items()}
    blocks = {
        key: block if name in block.graph.blocks else replace(block, graph=_each_use(block.graph, name, change))
        for key, block in graph.blocks.items()
    }
    return graph.evolve(nodes=nodes, blocks=blocks)
