"""What a use of a block does as a whole: the shape after all repeats, their summed cost, and their joint receptive field."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from netbuilder.core.graph import Block, Graph, Node
from netbuilder.layers.declare import Cost, LayerError, Reach, Shaped, TensorSpec, show
from netbuilder.net.blocks import definition, input_nodes, instantiate, output_nodes
from netbuilder.net.flow import Flow
from netbuilder.net.receptive_field import ReceptiveField, own_view, see, widest
from netbuilder.net.results import Analysis, Fix, Problem

MOST_LAYERS = 100_000
_MEMO_SIZE = 512


class BlockFlow(Struct, frozen=True):
    """A `Flow`, the number of layers that the block unfolds to, and the first warning inside (its `node` is not set yet)."""

    flow: Flow
    layers: int
    caution: Problem | None = None


class InsideError(LayerError):
    """A use of a block that cannot work because of a layer inside; `problem` describes and fixes that (its `node` is not set yet)."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message, remedy=problem.remedy or None, inside=problem.inside)
        self.problem = problem


_Key = tuple[int, int, str, int, bool, str, tuple[TensorSpec, ...]]
_memo: dict[_Key, tuple[Block, object, BlockFlow | LayerError]] = {}


def block_flow(graph: Graph, node: Node, inputs: tuple[TensorSpec, ...], analyze: Callable[[Graph], Analysis]) -> BlockFlow | LayerError:
    """Analyse one use of a block; remembered, so that nested uses cost no more than their definitions."""
    try:
        block = definition(graph, node)
        key = (id(block), id(graph.blocks), node.block, node.repeat, node.linked, repr(sorted(node.settings.items())), inputs)
        if key in _memo:
            return _memo[key][2]
        answer = _unfold(graph, node, inputs, analyze)
    except LayerError as error:
        return error.with_traceback(None)
    if len(_memo) >= _MEMO_SIZE:
        _memo.clear()
    _memo[key] = (block, graph.blocks, answer)
    return answer


def _unfold(graph: Graph, node: Node, inputs: tuple[TensorSpec, ...], analyze: Callable[[Graph], Analysis]) -> BlockFlow | LayerError:
    done = _once(instantiate(graph, node, inputs), node, inputs, analyze)
    if isinstance(done, LayerError) or node.repeat == 1:
        return done
    passes = [done]
    for number in range(2, node.repeat + 1):
        arriving = passes[-1].flow.shaped.outputs
        if len(arriving) != len(inputs):
            return LayerError(f"A block with {len(inputs)} inputs and {len(arriving)} outputs cannot be repeated.", setting="repeat")
        if node.linked and arriving != inputs:
            return _unshared(inputs, arriving)
        if arriving == inputs:
            passes.extend([passes[-1]] * (node.repeat - number + 1))
            break
        inputs = arriving
        done = _once(instantiate(graph, node, inputs), node, inputs, analyze)
        if isinstance(done, LayerError):
            told = f"Repeat {number} of {node.repeat}: {done.message}"
            return (
                InsideError(replace(done.problem, message=told)) if isinstance(done, InsideError) else LayerError(told, remedy=done.remedy)
            )
        passes.append(done)
    return _joined(passes, node.linked)


def _unshared(inputs: tuple[TensorSpec, ...], arriving: tuple[TensorSpec, ...]) -> LayerError:
    taken, given = (", ".join(show(spec.shape) for spec in specs) for specs in (inputs, arriving))
    return LayerError(
        f"Repeats that share their weights must give what they take, but {taken} goes in and {given} comes out.",
        remedy="Let each repeat have its own weights, or keep the shape inside the block.",
        setting="repeat",
    )


def _joined(passes: list[BlockFlow], linked: bool) -> BlockFlow | LayerError:
    layers = sum(p.layers for p in passes)
    if layers > MOST_LAYERS:
        return LayerError(f"This block unfolds to {layers:,} layers; at most {MOST_LAYERS:,} can be run.", setting="repeat")
    flows = [p.flow for p in passes]
    view = own_view(flows[0].shaped.outputs[0]) if flows[0].shaped.outputs else ReceptiveField()
    for one in flows:
        view = see(view, one.reach)
    parameters = [f.cost.parameters for f in flows]
    own = parameters[:1] if linked else parameters
    why = f"{own[0]:,}, shared by {len(flows)} repeats" if linked else None
    cost = Cost(sum(own), sum(f.cost.macs for f in flows), lambda: why or _repeated(parameters))
    caution = next((one.caution for one in passes if one.caution), None)
    return BlockFlow(Flow(flows[-1].shaped, cost, _reach(view), sum(f.memory for f in flows)), layers, caution)


def _repeated(parameters: list[int]) -> str:
    if len(set(parameters)) == 1:
        return f"{len(parameters)} · {parameters[0]:,} = {sum(parameters):,}"
    return " + ".join(f"{n:,}" for n in parameters) + f" = {sum(parameters):,}"


def _once(opened: Graph, node: Node, inputs: tuple[TensorSpec, ...], analyze: Callable[[Graph], Analysis]) -> BlockFlow | LayerError:
    expected = [n.name for n in input_nodes(opened)]
    if len(expected) != len(inputs):
        return LayerError(f"The block “{node.block}” takes {len(expected)} inputs, not {len(inputs)}.")
    analysis = analyze(opened)
    if analysis.errors:
        return InsideError(_from_inside(opened, node, analysis.errors[0]))
    ends = [analysis.nodes[n.id] for n in output_nodes(opened)]
    outputs = tuple(end.inputs[0] for end in ends)
    counts = {opened.nodes[id_].name: n.parameters for id_, n in analysis.answers.items() if n.parameters}
    cost = Cost(analysis.parameters, analysis.macs, lambda: " + ".join(f"{n:,} {name}" for name, n in counts.items()))
    shaped = Shaped(outputs, lambda: f"through the block “{node.block}”: " + ", ".join(show(spec.shape) for spec in outputs))
    reach = _reach(widest([end.receptive_field for end in ends]))
    layers = sum(getattr(n, "layers", 1) for n in analysis.answers.values())
    caution = _from_inside(opened, node, analysis.problems[0]) if analysis.problems else None
    return BlockFlow(Flow(shaped, cost, reach, analysis.memory), layers, caution)


def _from_inside(opened: Graph, node: Node, problem: Problem) -> Problem:
    """A problem of a layer inside as it is reported outside; its fixes change the definition."""
    from netbuilder.core.block_definitions import within

    where = f", layer “{opened.nodes[problem.node].name}”" if problem.node else ""
    place = (problem.node, *problem.inside) if problem.node else ()
    fixes = tuple(Fix(fix.label, within((node.block,), fix.edit)) for fix in problem.fixes)
    told = f"Inside the block “{node.block}”{where}: {problem.message}"
    return Problem(problem.severity, None, told, problem.remedy, fixes=fixes, inside=place)


def _reach(view: ReceptiveField) -> Reach:
    return Reach(view.size, view.step, view.everything)
