"""How single layers learn: their own rate, decay, penalties, limits, initial weights and ties, set on the node."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MethodType
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta

from netbuilder.core.graph import Graph, Node, Value
from netbuilder.train.declare import convert
from netbuilder.train.errors import RecipeError, TrainingError
from netbuilder.train.initialisers import INITIALISERS, weights_of

if TYPE_CHECKING:
    import torch

    from netbuilder.train.optimizers import Optimizer

Strength = Annotated[float, Meta(ge=0.0, le=100.0)]


class TrainingSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`Node.training` read. On a block it holds for all layers inside that say nothing else."""

    learning_rate: Annotated[float, Meta(ge=0.0, le=1000.0, description="Times the recipe's rate.")] = 1.0
    frozen: Annotated[bool, Meta(description="Keeps its weights and statistics as they are.")] = False
    weight_decay: Annotated[float, Meta(ge=0.0, le=10.0, description="In place of the optimizer's.")] | None = None
    l1: Annotated[Strength, Meta(description="Adds λ·Σ|w| to the loss: drives weights to 0. With L2: elastic net.")] = 0.0
    l2: Annotated[Strength, Meta(description="Adds λ/2·Σw² to the loss: keeps weights small.")] = 0.0
    max_norm: Annotated[float, Meta(ge=0.0, le=1e6, description="Longest that a unit's weights may get; 0 is no limit.")] = 0.0
    initialisation: Annotated[dict[str, Any] | str, Meta(description="How weights are drawn; empty is the recipe's.")] = ""
    bias_initialisation: Annotated[float, Meta(ge=-1000.0, le=1000.0, description="What biases begin with.")] | None = None
    tied_to: Annotated[str, Meta(description="Name of a layer whose weights it shares.")] = ""


@dataclass(frozen=True)
class Learner:
    """A layer of the module, its node, its place in words (`block › conv`), and how it learns."""

    node: Node
    name: str
    layer: torch.nn.Module
    settings: TrainingSettings
    siblings: Mapping[str, torch.nn.Module]


def read(training: Mapping[str, Value], node: Node) -> TrainingSettings:
    """The settings of a node; raises `RecipeError` with the node's id as the place."""
    try:
        settings = convert(TrainingSettings, training)
        if settings.initialisation:
            INITIALISERS.read(settings.initialisation)
    except RecipeError as error:
        raise RecipeError(f"“{node.name}”: {error.message}", place=node.id, remedy=error.remedy) from None
    return settings


def checked(graph: Graph) -> None:
    """Raise the first unreadable training setting of a graph, blocks included."""
    for node in graph.nodes.values():
        if node.training and read(node.training, node).tied_to not in {"", *graph.by_name}:
            raise _untied(node, f"there is no layer “{node.training['tied_to']}” beside it")
    for block in graph.blocks.values():
        checked(block.graph)


def learners(module: torch.nn.Module) -> Iterator[Learner]:
    """Every layer with a module of its own, blocks opened; nothing for modules that were not compiled from a graph."""
    yield from _learners(module, {}, "")


def _learners(module: torch.nn.Module, inherited: Mapping[str, Value], prefix: str) -> Iterator[Learner]:
    from netbuilder.net.compiled import CompiledModule, graph_of

    if not isinstance(module, CompiledModule):
        for name, child in module.named_children():
            yield from _learners(child, inherited, f"{prefix}{name} › ")
        return
    children = dict(module.named_children())
    for node in graph_of(module).nodes.values():
        if node.name not in children:
            continue
        child = children[node.name]
        training = {**inherited, **node.training}
        if any(isinstance(part, CompiledModule) for part in child.modules()):
            yield from _learners(child, training, f"{prefix}{node.name} › ")
        else:
            yield Learner(node, prefix + node.name, child, read(training, node), children)


def begin(module: torch.nn.Module, seed: int) -> None:
    """Draw initial weights where a layer asks for its own way, from the seed and its name alone, and tie what is to be tied."""
    import torch

    found = list(learners(module))
    state = torch.get_rng_state()
    try:
        with torch.no_grad():
            for learner in found:
                _draw(learner, seed)
    finally:
        torch.set_rng_state(state)
    for learner in found:
        if learner.settings.tied_to:
            _tie(learner)


def _draw(learner: Learner, seed: int) -> None:
    import torch

    settings = learner.settings
    if settings.initialisation:
        chosen = INITIALISERS.read(settings.initialisation)
        torch.default_generator.manual_seed(zlib.crc32(f"{seed}/{learner.name}".encode()))
        for layer in learner.layer.modules():
            for weight in weights_of(layer)[0]:
                if weight.dim() >= 2 or not chosen.fans:
                    chosen.draw(weight)
    if settings.bias_initialisation is not None:
        for layer in learner.layer.modules():
            for bias in weights_of(layer)[1]:
                bias.fill_(settings.bias_initialisation)


def _tie(learner: Learner) -> None:
    other = learner.siblings.get(learner.settings.tied_to)
    weight, theirs = getattr(learner.layer, "weight", None), getattr(other, "weight", None)
    if weight is None or theirs is None:
        raise _untied(learner.node, f"“{learner.settings.tied_to}” and it do not both have weights")
    if weight.shape != theirs.shape:
        shapes = " and ".join("×".join(map(str, each.shape)) for each in (weight, theirs))
        raise _untied(learner.node, f"their weights have the shapes {shapes}")
    learner.layer.weight = theirs


def _untied(node: Node, reason: str) -> TrainingError:
    return TrainingError(
        f"“{node.name}” cannot share weights: {reason}.", place=node.id, remedy="Tie it to a layer of the same kind and size, or to none."
    )


@dataclass
class Penalties:
    """What is added to the loss for large weights, and the longest that weights may get. Empty: nothing at all is done."""

    pulled: list[tuple[torch.nn.Parameter, float, float]] = field(default_factory=list)
    limited: list[tuple[torch.nn.Parameter, float]] = field(default_factory=list)

    def pull(self) -> None:
        """Add the penalties' gradients to those of the loss: λ₁·sign(w) + λ₂·w."""
        for weight, l1, l2 in self.pulled:
            if weight.grad is not None:
                if l1:
                    weight.grad.add_(weight.detach().sign(), alpha=l1)
                if l2:
                    weight.grad.add_(weight.detach(), alpha=l2)

    def limit(self) -> None:
        """Shorten the weights of every unit to the norm it may have (Srivastava et al., Dropout, 2014)."""
        import torch

        with torch.no_grad():
            for weight, most in self.limited:
                weight.copy_(torch.renorm(weight, 2, 0, most))

    def value(self) -> float:
        """λ₁·Σ|w| + λ₂/2·Σw² now; waits for the device."""
        return sum(
            l1 * float(weight.detach().abs().sum()) + l2 / 2 * float(weight.detach().square().sum()) for weight, l1, l2 in self.pulled
        )


def freeze(module: torch.nn.Module) -> None:
    """Stop frozen layers from learning; their running statistics stay too, in training mode as well."""
    from torch.nn.modules.batchnorm import _BatchNorm

    for learner in learners(module):
        if learner.settings.frozen:
            for layer in learner.layer.modules():
                if isinstance(layer, _BatchNorm):
                    layer.eval()
                    layer.train = MethodType(_stay, layer)  # type: ignore[method-assign]
            learner.layer.requires_grad_(False)


def _stay(layer: torch.nn.Module, mode: bool = True) -> torch.nn.Module:  # noqa: ARG001
    return layer


def groups(module: torch.nn.Module, optimizer: Optimizer) -> tuple[list[dict[str, Any]], Penalties]:
    """The weights that learn, in groups of one rate and decay each, and the penalties. One group when no layer is special."""
    special = {id(weight): learner for learner in learners(module) for weight in learner.layer.parameters()}
    decays = "weight_decay" in optimizer.arguments()
    found: dict[tuple[float, float | None], dict[str, Any]] = {}
    penalties = Penalties()
    for name, weight in module.named_parameters():
        if not weight.requires_grad:
            continue
        settings = special[id(weight)].settings if id(weight) in special else TrainingSettings()
        own = settings.weight_decay if decays else None
        group = found.setdefault((settings.learning_rate, own), {"params": [], "factor": settings.learning_rate})
        if own is not None:
            group["weight_decay"] = own
        group["params"].append(weight)
        if "bias" not in name.rpartition(".")[2]:
            l2 = settings.l2 + (0.0 if decays else settings.weight_decay or 0.0)
            if settings.l1 or l2:
                penalties.pulled.append((weight, settings.l1, l2))
            if settings.max_norm and weight.dim() >= 2:
                penalties.limited.append((weight, settings.max_norm))
    return list(found.values()), penalties
