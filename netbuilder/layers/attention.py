"""Attention: every place looks at every other and takes what fits."""

from __future__ import annotations

from functools import partial
from math import prod
from typing import Annotated, Literal

from msgspec import Meta

from netbuilder.layers.checks import arrow, divisors, floating
from netbuilder.layers.declare import (
    Category,
    Cost,
    Function,
    Layer,
    LayerError,
    Module,
    Reach,
    Shape,
    Shaped,
    Target,
    TensorSpec,
    declare,
    show,
    unchanged,
)
from netbuilder.layers.settings import Count, Fraction, Positive

VASWANI = "Vaswani et al.: Attention is all you need, 2017"
Heads = Annotated[int, Meta(ge=1, le=1024)]
Side = Annotated[int, Meta(ge=1, le=64)]


def row_of_vectors(layer: Layer, given: TensorSpec, which: str = "its input") -> tuple[int, int]:
    """Length and width of a (batch, n, channels) tensor of floats; refuses others."""
    floating(layer, given)
    if len(given.shape) != 3:
        raise LayerError(
            f"{layer.about.title} needs places × channels, but {which} is {show(given.shape)}.",
            remedy="Put a PatchEmbedding, an Embedding or a Reshape before it.",
        )
    return given.shape[1] or 1, given.shape[2] or 1


def shared_by_heads(setting: str, heads: int, channels: int) -> None:
    """Refuse heads that do not divide the channels."""
    if channels % heads:
        changes = tuple((f"Use {d} head{'s' if d > 1 else ''}", {setting: d}) for d in divisors(channels, near=heads))
        raise LayerError(
            f"{heads} heads cannot share {channels} channels evenly.",
            remedy="The number of heads must divide the number of channels.",
            setting=setting,
            changes=changes,
        )


@declare(
    "multiheadattention",
    "MultiheadAttention",
    Category.ATTENTION,
    "attention",
    "Each place asks all others and mixes their answers, several times side by side; one wire makes it self-attention.",
    formula="y = Wₒ·[head₁ … headₕ],  head = softmax(QKᵀ / √d)·V",
    paper=VASWANI,
    inputs=("query", "key", "value"),
    optional=("key", "value"),
    keywords=("self-attention", "cross-attention", "transformer", "heads"),
    main=True,
)
class MultiheadAttention(Layer, frozen=True):
    """Attention with learned projections. Without a value the key is used, without a key the query."""

    num_heads: Annotated[Heads, Meta(description="How many times attention is done side by side; must divide the channels.")] = 4
    dropout: Annotated[Fraction, Meta(description="Share of the attention weights set to 0 while training.")] = 0.0
    bias: Annotated[bool, Meta(description="Add learned numbers in the projections.")] = True
    causal: Annotated[bool, Meta(description="Keep each place from looking at later ones.")] = False

    def three(self, inputs: tuple[TensorSpec, ...]) -> tuple[TensorSpec, TensorSpec, TensorSpec]:
        """Query, key and value, those left out filled in."""
        key = inputs[1] if len(inputs) > 1 else inputs[0]
        return inputs[0], key, inputs[2] if len(inputs) > 2 else key

    def shape(self, *inputs: TensorSpec) -> Shaped:
        query, key, value = self.three(inputs)
        places, channels = row_of_vectors(self, query, "the query")
        others, _ = row_of_vectors(self, key, "the key")
        answers, _ = row_of_vectors(self, value, "the value")
        if others != answers:
            raise LayerError(
                f"MultiheadAttention has {others} keys but {answers} values.", remedy="Each key needs its value: connect equally long rows."
            )
        shared_by_heads("num_heads", self.num_heads, channels)
        return Shaped((TensorSpec(query.shape, query.dtype),), partial(self._why, places, others, channels, query.shape))

    def _why(self, places: int, others: int, channels: int, shape: Shape) -> str:
        lines = [f"{channels} / {self.num_heads} = {channels // self.num_heads} channels for each of {self.num_heads} heads"]
        lines.append(f"{places} places look at {others}: {places}·{others} = {places * others} weights for each head")
        return "\n".join([*lines, f"one vector for each query, so the shape stays {show(shape)}"])

    def cost(self, inputs: tuple[TensorSpec, ...], outputs: tuple[TensorSpec, ...]) -> Cost:
        query, key, value = (spec.shape for spec in self.three(inputs))
        places, width, others = query[1] or 1, query[2] or 1, key[1] or 1
        wide, deep = key[2] or 1, value[2] or 1
        total = width * (2 * width + wide + deep) + (4 * width if self.bias else 0)
        macs = places * width * width * 2 + others * width * (wide + deep) + 2 * places * others * width
        plus = " + 4" if self.bias else ""
        return Cost(total, macs, lambda: f"{width}·(2·{width} + {wide} + {deep}{plus}) = {total:,}")

    def reach(self, inputs: tuple[TensorSpec, ...]) -> Reach:
        return Reach(everything=True)

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        width, wide, deep = (row_of_vectors(self, spec)[1] for spec in self.three(inputs))
        others = {} if wide == deep == width else {"kdim": wide, "vdim": deep}
        return Module("netbuilder.net.modules.attention.Attention", {**self.arguments("num_heads", embed_dim=width), **others})

    def summary(self) -> str:
        return f"{self.num_heads} heads" + (" · causal" if self.causal else "")


@declare(
    "scaleddotproductattention",
    "ScaledDotProductAttention",
    Category.ATTENTION,
    "attention",
    "The core of attention, without weights: queries meet keys and mix the values that fit.",
    formula="y = softmax(QKᵀ / √d)·V",
    paper=VASWANI,
    inputs=("query", "key", "value"),
    keywords=("sdpa", "transformer"),
)
class ScaledDotProductAttention(Layer, frozen=True):
    """Attention over the last two axes (places, channels); the axes before them, heads for example, go side by side."""

    is_causal: Annotated[bool, Meta(description="Keep each place from looking at later ones.")] = False

    def shape(self, *inputs: TensorSpec) -> Shaped:
        query, key, value = (spec.shape for spec in inputs)
        for spec in inputs:
            floating(self, spec)
        if not (len(query) == len(key) == len(value) >= 3) or not query[:-2] == key[:-2] == value[:-2]:
            raise LayerError(
                f"ScaledDotProductAttention needs three inputs of places × channels that agree in all axes before these, "
                f"but gets {show(query)}, {show(key)} and {show(value)}."
            )
        if query[-1] != key[-1] or key[-2] != value[-2]:
            raise LayerError(
                f"Queries ({show(query)}) and keys ({show(key)}) need equally many channels, "
                f"keys and values ({show(value)}) equally many places."
            )
        shape: Shape = (*query[:-1], value[-1])
        why = f"{query[-2]} queries look at {key[-2]} keys and mix their values of {value[-1]}\n{arrow(query, shape)}"
        return Shaped((TensorSpec(shape, inputs[0].dtype),), lambda: why)

    def cost(self, inputs: tuple[TensorSpec, ...], outputs: tuple[TensorSpec, ...]) -> Cost:
        *before, places, channels = (size or 1 for size in inputs[0].shape)
        others, deep = inputs[1].shape[-2] or 1, inputs[2].shape[-1] or 1
        return Cost(0, prod(before) * places * others * (channels + deep))

    def reach(self, inputs: tuple[TensorSpec, ...]) -> Reach:
        return Reach(everything=True)

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        self.shape(*inputs)
        return Function("torch.nn.functional.scaled_dot_product_attention", self.arguments())

    def summary(self) -> str:
        return "causal" if self.is_causal else ""


@declare(
    "transformerencoderlayer",
    "TransformerEncoderLayer",
    Category.ATTENTION,
    "transformer",
    "Self-attention, then two Linear layers, each with a residual connection and normalisation: a transformer is a stack of these.",
    formula="x = norm(x + attention(x)),  y = norm(x + W₂·f(W₁·x))",
    paper=VASWANI,
    keywords=("bert", "vit", "encoder", "block"),
    main=True,
)
class TransformerEncoderLayer(Layer, frozen=True):
    """One layer of a transformer's encoder."""

    nhead: Annotated[Heads, Meta(description="How many times attention is done side by side; must divide the channels.")] = 4
    dim_feedforward: Annotated[Count, Meta(description="How many units the first Linear of the second part has.")] = 256
    dropout: Annotated[Fraction, Meta(description="Share of numbers set to 0 while training.")] = 0.1
    activation: Annotated[Literal["relu", "gelu"], Meta(description="Between the two Linear layers.")] = "relu"
    layer_norm_eps: Annotated[Positive, Meta(description="Added to the variance, so that nothing is divided by 0.")] = 1e-5
    norm_first: Annotated[
        bool, Meta(description="Normalise before attention and Linear instead of after; deep stacks learn more easily.")
    ] = False
    bias: Annotated[bool, Meta(description="Add learned numbers in projections, Linear layers and normalisations.")] = True

    def shape(self, *inputs: TensorSpec) -> Shaped:
        places, channels = row_of_vectors(self, inputs[0])
        shared_by_heads("nhead", self.nhead, channels)
        each = f"{channels} / {self.nhead} = {channels // self.nhead} channels for each of {self.nhead} heads"
        return Shaped((inputs[0],), lambda: f"{each}\n{places} vectors in, {places} out, so the shape stays {show(inputs[0].shape)}")

    def cost(self, inputs: tuple[TensorSpec, ...], outputs: tuple[TensorSpec, ...]) -> Cost:
        places, width = inputs[0].shape[1] or 1, inputs[0].shape[2] or 1
        wide = self.dim_feedforward
        weights = 4 * width * width + 2 * width * wide
        total = weights + 2 * width + (7 * width + wide if self.bias else 0)
        rest = f" + 9·{width} + {wide}" if self.bias else f" + 2·{width}"
        macs = places * weights + 2 * places * places * width
        return Cost(total, macs, lambda: f"4·{width}·{width} + 2·{width}·{wide}{rest} = {total:,}")

    def reach(self, inputs: tuple[TensorSpec, ...]) -> Reach:
        return Reach(everything=True)

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        arguments = self.arguments("nhead", "dim_feedforward", d_model=row_of_vectors(self, inputs[0])[1])
        return Module("torch.nn.TransformerEncoderLayer", {**arguments, "batch_first": True})

    def summary(self) -> str:
        return f"{self.nhead} heads · {self.dim_feedforward}" + (" · norm first" if self.norm_first else "")


@declare(
    "windowattention",
    "WindowAttention",
    Category.ATTENTION,
    "window-attention",
    "Self-attention inside small windows of an image, channels last, with a learned bias for each relative position.",
    formula="y = Wₒ·softmax(QKᵀ / √d + B)·V in each window",
    paper="Liu et al.: Swin transformer: hierarchical vision transformer using shifted windows, 2021",
    keywords=("swin", "shifted window", "transformer"),
)
class WindowAttention(Layer, frozen=True):
    """Windows of places that see each other; every second such layer is shifted so that windows exchange."""

    window_size: Annotated[Side, Meta(description="Height and width of a window.")] = 7
    num_heads: Annotated[Heads, Meta(description="How many times attention is done side by side; must divide the channels.")] = 4
    shift: Annotated[bool, Meta(description="Move the windows by half their size.")] = False
    bias: Annotated[bool, Meta(description="Add learned numbers in the projections.")] = True

    def shape(self, *inputs: TensorSpec) -> Shaped:
        given = inputs[0]
        shared_by_heads("num_heads", self.num_heads, self.channels(given))
        rows, columns = self.windows(given.shape)
        why = f"{rows}·{columns} = {rows * columns} windows of {self.window_size}×{self.window_size} places"
        return Shaped((given,), lambda: f"{why}\n{unchanged(given).why().removeprefix('element by element, so ')}")

    def channels(self, given: TensorSpec) -> int:
        """Channels of an image that has them last; refuses others."""
        floating(self, given)
        if len(given.shape) != 4:
            raise LayerError(
                f"WindowAttention needs height × width × channels, but its input is {show(given.shape)}.",
                remedy="Put a Permute before it that brings the channels to the end.",
            )
        return given.shape[3] or 1

    def windows(self, shape: Shape) -> tuple[int, int]:
        """How many windows lie below and beside each other, the last ones filled up with zeros."""
        height, width = shape[1] or 1, shape[2] or 1
        return -(-height // self.window_size), -(-width // self.window_size)

    def cost(self, inputs: tuple[TensorSpec, ...], outputs: tuple[TensorSpec, ...]) -> Cost:
        width, span = inputs[0].shape[3] or 1, 2 * self.window_size - 1
        total = 4 * width * width + (4 * width if self.bias else 0) + span * span * self.num_heads
        rows, columns = self.windows(inputs[0].shape)
        places = rows * columns * self.window_size**2
        plus = f" + 4·{width}" if self.bias else ""
        macs = places * (4 * width * width + 2 * self.window_size**2 * width)
        return Cost(total, macs, lambda: f"4·{width}·{width}{plus} + {span}·{span}·{self.num_heads} = {total:,}")

    def reach(self, inputs: tuple[TensorSpec, ...]) -> Reach:
        return Reach(everything=True)

    def target(self, inputs: tuple[TensorSpec, ...]) -> Target:
        arguments = self.arguments("num_heads", "window_size", dim=self.channels(inputs[0]))
        return Module("netbuilder.net.modules.attention.WindowAttention", arguments)

    def summary(self) -> str:
        return f"{self.window_size}×{self.window_size} · {self.num_heads} heads" + (" · shifted" if self.shift else "")
