"""Edits of the parameters of a block: add, remove and rename them, or make one of a setting inside."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping

from msgspec.structs import replace

from netbuilder.core.block_definitions import each_use, find_block, within
from netbuilder.core.edits import Edit, set_setting
from netbuilder.core.errors import GraphError
from netbuilder.core.expressions import SIGN, is_expression, rewrite
from netbuilder.core.graph import Block, BlockParameter, Graph, Value
from netbuilder.core.names import LONGEST
from netbuilder.core.plain_values import freeze

_PARAMETER = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


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
        return _defined(graph, replace(block, parameters=kept if parameter.name in names else (*kept, settled)))

    return edit


def remove_block_parameter(name: str, parameter: str) -> Edit:
    """Take a parameter away: the layers inside get its default instead, and the uses no longer set it."""

    def edit(graph: Graph) -> Graph:
        block = find_block(graph, name)
        gone = _parameter(block, parameter)
        kept = tuple(each for each in block.parameters if each.name != parameter)
        plain = _defined(graph, _rewritten(replace(block, parameters=kept), {parameter: gone.default}))
        return each_use(plain, name, lambda node: replace(node, settings={k: v for k, v in node.settings.items() if k != parameter}))

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
        inside = _defined(graph, _rewritten(replace(block, parameters=renamed), {old: SIGN + new}))
        called = {old: new}
        return each_use(inside, name, lambda node: replace(node, settings={called.get(k, k): v for k, v in node.settings.items()}))

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


def _rewritten(block: Block, values: Mapping[str, Value]) -> Block:
    """The definition with parameters replaced in all its expressions."""
    nodes = {id_: replace(node, settings=rewrite(node.settings, values)) for id_, node in block.graph.nodes.items()}
    return replace(block, graph=block.graph.evolve(nodes=nodes))


def _defined(graph: Graph, block: Block) -> Graph:
    return graph.evolve(blocks={**graph.blocks, block.name: block})
