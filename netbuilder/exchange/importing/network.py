"""Any traceable `nn.Module` as a graph with its weights: followed with example inputs, rebuilt from layers, and compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from netbuilder.core.build import Builder
from netbuilder.core.errors import GraphError, NetbuilderError
from netbuilder.core.graph import Graph, Port
from netbuilder.core.names import check_name
from netbuilder.exchange.importing.functions import Called, Made, Tensor, layer_of_call, name_of
from netbuilder.exchange.importing.modules import ImportFailedError, layer_of
from netbuilder.layers.declare import find, show
from netbuilder.net.analysis import analyze
from netbuilder.net.model import Model

if TYPE_CHECKING:
    import torch
    from torch import fx, nn

CLOSE = 1e-4
"""How far outputs may differ, as a share of the largest one."""
_REMEDY = "Import a part of it, or draw what it does from layers."


def import_module(module: nn.Module, example_inputs: torch.Tensor | Sequence[torch.Tensor]) -> Model:
    """The network of `module` as an editable graph, with its weights.

    `example_inputs` are a tensor, or one for each input, with the batch first. What is made of modules of torch.nn and of functions
    that the palette has can be imported if `torch.fx` can trace it; blocks come out as their layers. A module that is used several
    times becomes several layers with the same weights. The result is computed and compared before it is returned. Raises
    `ImportFailedError` with the module or function for which there is no layer.
    """
    import torch

    from netbuilder.net.compiled import CompiledModule, graph_of

    if isinstance(module, CompiledModule):
        return Model(graph_of(module), {name: value.detach().clone() for name, value in module.state_dict().items()})
    examples = (example_inputs,) if isinstance(example_inputs, torch.Tensor) else tuple(example_inputs)
    with _evaluating(module), torch.no_grad():
        traced = _traced(module)
        seen, outputs = _followed(traced, examples)
        model = _Walk(traced, seen).model()
        _compare(model, examples, outputs)
    return model


@contextmanager
def _evaluating(module: nn.Module) -> Iterator[None]:
    """As it is used, not as it is trained; afterwards as it was."""
    modes = [(each, each.training) for each in module.modules()]
    module.eval()
    try:
        yield
    finally:
        for each, mode in modes:
            each.training = mode


def _traced(module: nn.Module) -> fx.GraphModule:
    from torch import fx

    try:
        return fx.symbolic_trace(module)
    except Exception as error:
        raise ImportFailedError(
            f"torch.fx cannot follow what {type(module).__name__} computes ({_reason(error)}).",
            remedy="Its way through the layers must not depend on the values; import a part of it.",
        ) from error


def _followed(traced: fx.GraphModule, examples: Sequence[torch.Tensor]) -> tuple[dict[str, Any], Any]:
    """What every step gives: shape and type of a tensor, anything else as it is; and the outputs."""
    import torch
    from torch import fx

    seen: dict[str, Any] = {}

    class Follower(fx.Interpreter):
        def run_node(self, n: fx.Node) -> Any:
            result = super().run_node(n)
            seen[n.name] = (tuple(result.shape), str(result.dtype).removeprefix("torch.")) if isinstance(result, torch.Tensor) else result
            return result

    try:
        return seen, Follower(traced).run(*examples)
    except (RuntimeError, TypeError, ValueError, IndexError) as error:
        text = f"The module cannot compute the example inputs: {_reason(error)}."
        raise ImportFailedError(text, remedy="Give a batch of samples as it expects them.") from error


def _reason(error: Exception) -> str:
    """The first line of what torch says."""
    return str(error).strip().partition("\n")[0].rstrip(".") or type(error).__name__


class _Walk:
    """Makes a layer of each step; `_ports` says which port gives what a step gives."""

    def __init__(self, traced: fx.GraphModule, seen: Mapping[str, Any]) -> None:
        self._traced, self._seen = traced, seen
        self._builder = Builder()
        self._ports: dict[str, str] = {}
        self._weights: dict[str, nn.Module] = {}
        self._names: set[str] = set()

    def model(self) -> Model:
        """The graph with the weights, checked against the shapes that were seen."""
        for step in self._traced.graph.nodes:
            self._take(step)
        graph = self._builder.graph()
        self._check(graph)
        weights = {
            f"{graph.nodes[id_].name}.{key}": value.detach().clone()
            for id_, module in self._weights.items()
            for key, value in module.state_dict().items()
        }
        return Model(graph, weights, self._note())

    def _note(self) -> str:
        """What is not quite as it was."""
        modules = list(self._weights.values())
        shared = len(modules) - len({id(module) for module in modules})
        return f"{shared:,} uses of modules that were used before have weights of their own now." if shared else ""

    def _take(self, step: fx.Node) -> None:
        if step.op == "placeholder":
            self._ports[step.name] = self._input(step)
        elif step.op == "output":
            results = step.args[0] if isinstance(step.args[0], tuple | list) else (step.args[0],)
            for result in results:
                self._builder.add("output", self._port(result, "The output"))
        elif step.op == "call_module":
            self._module(step, str(step.target))
        elif step.op in ("call_function", "call_method") and self._is_tensor(step):
            self._call(step)

    def _input(self, step: fx.Node) -> str:
        shape, dtype = self._seen[step.name]
        kind = "int64" if dtype.startswith(("int", "uint")) else "float32"
        return self._builder.add("input", shape=shape[1:], dtype=kind, name=self._free(step.name))

    def _module(self, step: fx.Node, path: str) -> None:
        module = self._traced.get_submodule(path)
        layer, settings = layer_of(module, path)
        sources = [self._port(source, f"“{path}”") for source in step.args]
        if not self._is_tensor(step) or step.kwargs:
            raise ImportFailedError(f"“{path}” ({type(module).__name__}) gives several things at once.", place=path, remedy=_REMEDY)
        id_ = self._builder.add_settings(layer, settings, *sources, name=self._free(path.replace(".", "_")))
        self._ports[step.name] = id_
        if next(iter(module.state_dict()), None) is not None:
            self._weights[id_] = module

    def _call(self, step: fx.Node) -> None:
        name = name_of(step.target)
        arguments = [self._argument(each) for each in step.args]
        keywords = {key: self._argument(each) for key, each in step.kwargs.items()}
        if isinstance(keywords.get("input"), Tensor):
            arguments = [keywords.pop("input"), *arguments]
        path = _place(step)
        made = layer_of_call(Called(name, arguments, keywords, self._seen[step.name][0]), path)
        self._ports[step.name] = self._place(made, path)

    def _place(self, made: Made, path: str) -> str:
        sources = [self._port(key, path) for key in made.sources]
        kind = find(made.layer)
        if kind is not None and len(sources) > 1 and not kind.about.variadic:
            id_ = self._builder.add_settings(made.layer, made.settings)
            for source, port in zip(sources, kind.about.inputs, strict=True):
                self._builder.wire(source, id_, port)
            return id_
        return self._builder.add_settings(made.layer, made.settings, *sources)

    def _argument(self, value: Any) -> Any:
        """An argument with tensors marked, and what was worked out on the way, such as a size, as it was."""
        from torch import fx

        if isinstance(value, fx.Node):
            return Tensor(value, self._seen[value.name][0]) if self._is_tensor(value) else self._seen[value.name]
        if isinstance(value, tuple | list):
            return type(value)(self._argument(each) for each in value)
        return value

    def _is_tensor(self, step: fx.Node) -> bool:
        seen = self._seen[step.name]
        return isinstance(seen, tuple) and len(seen) == 2 and isinstance(seen[0], tuple) and isinstance(seen[1], str)

    def _port(self, source: Any, path: str) -> str | Port:
        """Where a tensor comes from; refuses weights that belong to no module of torch.nn, and tensors that are no input."""
        name = getattr(source, "name", None)
        if name in self._ports:
            return self._ports[name]
        what = f"weights of its own (“{source.target}”)" if getattr(source, "op", "") == "get_attr" else f"“{source}”"
        raise ImportFailedError(f"{path} computes with {what}, which no layer gives.", place=path, remedy=_REMEDY)

    def _free(self, wanted: str) -> str:
        """The name itself where a layer may have it."""
        try:
            check_name(wanted)
        except GraphError:
            return ""
        if wanted in self._names:
            return ""
        self._names.add(wanted)
        return wanted

    def _check(self, graph: Graph) -> None:
        """Raise for the first layer that does not work here, or gives another shape than its model did."""
        analysis = analyze(graph)
        if analysis.errors:
            first = analysis.errors[0]
            raise ImportFailedError(f"The network cannot be rebuilt: {first.message}", place=first.node, remedy=_REMEDY)
        for name, id_ in self._ports.items():
            shape, known = self._seen[name][0], analysis.answers[id_].outputs
            if known[0].shape[1:] != shape[1:]:
                text = f"“{name}” gives {show(shape)} in the module, but {show(known[0].shape)} as a layer."
                raise ImportFailedError(text, place=name, remedy=_REMEDY)


def _place(step: fx.Node) -> str:
    """Where in the module something is computed: `“layer1.0” (BasicBlock)`."""
    stack = list((step.meta.get("nn_module_stack") or {}).values())
    return f"“{stack[-1][0]}” ({getattr(stack[-1][1], '__name__', '')})" if stack else f"“{step.name}”"


def _compare(model: Model, examples: Sequence[torch.Tensor], outputs: Any) -> None:
    """Raise unless the graph computes what the module does."""
    import torch

    try:
        found = model.module()(*examples)
    except (RuntimeError, NetbuilderError) as error:
        raise ImportFailedError(f"The rebuilt network cannot compute the example inputs: {_reason(error)}.") from error
    ours, theirs = ([each] if isinstance(each, torch.Tensor) else list(each) for each in (found, outputs))
    for one, other in zip(ours, theirs, strict=True):
        if float((one - other).abs().max()) > CLOSE * max(1.0, float(other.abs().max())):
            raise ImportFailedError("The rebuilt network computes something else than the module.", remedy=_REMEDY)
